#ifndef SAMEPHOTO_TUI_TERMINAL_LOOK_H
#define SAMEPHOTO_TUI_TERMINAL_LOOK_H

/* What the terminal is and what is chosen for it, found out without taking it over: the
 * environment, the terminal's answers, the person's options. */

#include "tui/terminal.h"

/* What the environment says. A plain value; strings borrowed. */
typedef struct {
    const char *term;       /* TERM */
    const char *color_term; /* COLORTERM */
    gboolean is_tmux;
    gboolean is_screen;
    gboolean is_utf8;
    gboolean is_iterm; /* TERM_PROGRAM or LC_TERMINAL says so */
    gboolean is_ssh;   /* the terminal is on another machine */
    int colours;       /* of the terminfo entry */
} UiSurroundings;

/* Whether the link is slow: as it was asked for, else where a terminal on another machine took long
 * to answer. Pure. */
gboolean ui_terminal_is_slow(const UiTerminalOptions *options, const UiCaps *caps,
                             const UiSurroundings *around);

/* Chooses colours and graphics from what is known; pure. `reason` says why, in one translated line;
 * transfer full. */
void ui_terminal_choose(const UiTerminalOptions *options, const UiCaps *caps,
                        const UiSurroundings *around, UiColours *colours, UiGraphics *graphics,
                        char **reason);

/* All of it. A plain value; zero-initialise it and clear it. */
typedef struct {
    UiSurroundings around;
    UiCaps caps;
    UiColours colours;   /* chosen, never AUTO */
    UiGraphics graphics; /* chosen; SYMBOLS at most where the locale is not UTF-8 */
    gboolean is_light;   /* the terminal's own background */
    gboolean is_slow;
    GBytes *typed; /* what was typed while the terminal was asked */
    char *reason;
} UiTerminalLook;
void ui_terminal_look_clear(UiTerminalLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UiTerminalLook, ui_terminal_look_clear)

/* Whether to ask the terminal though its answers are remembered (caps-memory.h). */
typedef enum { UI_LOOK_ONCE, UI_LOOK_ANEW } UiLookAgain;

/* Errors: SP_ERROR_CONFIG (stdin or stdout is no terminal, or a dumb one: what to do). */
gboolean ui_terminal_look(const UiTerminalOptions *options, UiLookAgain again, UiTerminalLook *look,
                          GError **error);

/* In one translated line, asked anew. The same errors. Transfer full. */
char *ui_terminal_describe(const UiTerminalOptions *options, GError **error);

#endif
