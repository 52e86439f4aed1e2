#ifndef SAMEPHOTO_TUI_TERMINAL_H
#define SAMEPHOTO_TUI_TERMINAL_H

/* The terminal while the screens have it: asked what it can do, put into curses (with an entry of
 * our own where it has 24-bit colour), and given back as it was on every way out, faults and
 * signals included. There is one terminal, so this module alone may keep a static state, for its
 * signal handlers. */

#include <glib.h>

#include "core/config.h"
#include "tui/caps.h"

typedef enum {
    UI_THEME_AUTO,
    UI_THEME_DARK,
    UI_THEME_LIGHT,
    UI_THEME_MONO,
    UI_THEME_CONTRAST,
    UI_THEME_COLOUR_BLIND,
    UI_N_THEMES
} UiThemeId;
typedef enum {
    UI_GRAPHICS_AUTO,
    UI_GRAPHICS_SYMBOLS,
    UI_GRAPHICS_SIXEL,
    UI_GRAPHICS_KITTY,
    UI_GRAPHICS_ITERM,
    UI_GRAPHICS_NONE,
    UI_N_GRAPHICS
} UiGraphics;

/* From few to many; what the pictures' cells may use. */
typedef enum {
    UI_COLOURS_AUTO,
    UI_COLOURS_ASCII,
    UI_COLOURS_MONO,
    UI_COLOURS_8,
    UI_COLOURS_16,
    UI_COLOURS_256,
    UI_COLOURS_TRUE,
    UI_N_COLOURS
} UiColours;

/* How much may be sent. A slow link gets symbols of at most 256 colours and, but for keys, a frame
 * a second. */
typedef enum { UI_LINK_AUTO, UI_LINK_SLOW, UI_LINK_FAST } UiLink;

/* Whether that is pixels over the cells: sixel, kitty, iTerm2. */
gboolean ui_graphics_is_pixels(UiGraphics graphics);

/* "auto", "dark", …: the names in the settings and on the command line; FALSE where unknown. */
gboolean ui_theme_id_parse(const char *name, UiThemeId *theme);
gboolean ui_graphics_parse(const char *name, UiGraphics *graphics);
gboolean ui_colours_parse(const char *name, UiColours *colours);
const char *ui_theme_id_name(UiThemeId theme);
const char *ui_graphics_name(UiGraphics graphics);
const char *ui_colours_name(UiColours colours);

/* What the user wants; a plain value, zero-initialised it means: whatever is best. */
typedef struct {
    UiThemeId theme;
    UiGraphics graphics;
    UiColours colours;
    UiLink link;
    gboolean has_mouse;    /* the mouse is ours; else the terminal's own selecting works */
    gboolean shows_cursor; /* the real cursor, everywhere: for who listens or magnifies */
} UiTerminalOptions;

/* Fills what is still AUTO from [screen] of the settings and from NO_COLOR. `config` may be NULL.
 */
void ui_terminal_options_read(UiTerminalOptions *options, const SpConfig *config);

/* What was found and chosen. Read-only. */
typedef struct {
    UiCaps caps;
    UiColours colours;   /* chosen, never AUTO */
    UiGraphics graphics; /* SYMBOLS, or pixels over them */
    gboolean is_utf8;
    gboolean is_light; /* the terminal's own background */
    gboolean has_mouse;
    gboolean shows_cursor; /* on what has the focus, not in text fields alone */
    gboolean is_slow;
    GBytes *typed; /* what was typed while the terminal was asked */
    char *reason;  /* why these colours and graphics: one translated line */
} UiTerminal;

/* Takes the terminal over. Errors: SP_ERROR_CONFIG (not a terminal, dumb, unknown: what to do).
 * Free with ui_terminal_leave(). */
UiTerminal *ui_terminal_enter(const UiTerminalOptions *options, GError **error);

/* Gives it back. NULL is fine. */
void ui_terminal_leave(UiTerminal *terminal);

/* Stops (Ctrl-Z) until the shell continues us, the terminal given back meanwhile. */
void ui_terminal_suspend(UiTerminal *terminal);

/* The size changed, or the font's: asks for it and tells curses. Gives FALSE where nothing did. */
gboolean ui_terminal_resize(UiTerminal *terminal);

/* Switches reporting of the mouse on or off. */
void ui_terminal_set_mouse(UiTerminal *terminal, gboolean is_on);

/* Whether the terminal takes OSC 8 and 52, or at least passes them over in silence. */
gboolean ui_terminal_takes_osc(const UiTerminal *terminal);

/* Hands the text to the terminal's clipboard (OSC 52); whether it takes it is its own affair. */
void ui_terminal_copy(const UiTerminal *terminal, const char *text);

/* The window's title, until the screens are left: theirs comes back then. Text is cleaned before.
 */
void ui_terminal_set_title(UiTerminal *terminal, const char *title);
void ui_terminal_ring(UiTerminal *terminal);

/* Writes all of it, whatever write(2) takes at a time; FALSE where the terminal is gone. */
gboolean ui_terminal_write(const char *bytes, gsize length);

/* A pipe's reading end that gets a byte for SIGTSTP and SIGCONT ('t', 'c'). */
int ui_terminal_get_job_fd(void);

#endif
