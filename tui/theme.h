#ifndef SAMEPHOTO_TUI_THEME_H
#define SAMEPHOTO_TUI_THEME_H

/* Who owns the colours. Text is drawn in roles, never in colours: fixed low pairs, one for each
 * role. Pictures get pairs from a pool that gives the same colours the same pair and starts anew
 * when it is full. Nothing else in the program touches a pair. */

#include <curses.h>
#include <glib.h>

#include "tui/terminal.h"

typedef struct UiTheme UiTheme;

typedef enum {
    UI_ROLE_TEXT,
    UI_ROLE_DIM,      /* less important: meta data, borders */
    UI_ROLE_STRONG,   /* headings */
    UI_ROLE_ACCENT,   /* the program's own colour: active tab, keys, progress */
    UI_ROLE_SELECTED, /* a filled line under the cursor */
    UI_ROLE_BAR,      /* the title bar */
    UI_ROLE_BAR_ACTIVE,
    UI_ROLE_KEY, /* in the hint line */
    UI_ROLE_HINT,
    UI_ROLE_FIELD,
    UI_ROLE_POPUP,
    UI_ROLE_POPUP_BORDER,
    UI_ROLE_OK,
    UI_ROLE_INFO,
    UI_ROLE_WAIT,
    UI_ROLE_ACTION,
    UI_ROLE_PROBLEM,
    UI_ROLE_LINK,
    UI_ROLE_GROUP_A, /* six colours, then again from the first */
    UI_ROLE_GROUP_B,
    UI_ROLE_GROUP_C,
    UI_ROLE_GROUP_D,
    UI_ROLE_GROUP_E,
    UI_ROLE_GROUP_F,
    UI_N_ROLES,
} UiRole;

/* After curses has started; defines the pairs. Transfer full. */
UiTheme *ui_theme_new(const UiTerminal *terminal, UiThemeId id);
void ui_theme_free(UiTheme *theme);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiTheme, ui_theme_free)

UiThemeId ui_theme_get_id(const UiTheme *theme);

/* The colours that pictures may use: the terminal's, or mono with the mono theme. */
UiColours ui_theme_get_colours(const UiTheme *theme);

/* Draws in this role from now on; the window's background too with ui_theme_fill(). */
void ui_theme_set(const UiTheme *theme, WINDOW *window, UiRole role);
void ui_theme_fill(const UiTheme *theme, WINDOW *window, UiRole role);

/* The role as the terminal's own sequence, for what is written past curses; NULL where there are too
 * few colours for it. Transfer full. */
char *ui_theme_sequence(const UiTheme *theme, UiRole role);

/* The role of a finding's severity, of a group (SP_GROUP_NONE: dim). */
UiRole ui_role_of_severity(int severity);
UiRole ui_role_of_group(int group);

/* A group's letter and its shape ("●", "▲", "■", …; letters alone where there is no UTF-8).
 * Borrowed. */
const char *ui_group_letter(int group);
const char *ui_group_shape(const UiTheme *theme, int group);

/* Signs that fall back to ASCII. Borrowed. */
typedef enum {
    UI_SIGN_TICK,
    UI_SIGN_CROSS,
    UI_SIGN_WAIT,
    UI_SIGN_SKIP,
    UI_SIGN_TODO,
    UI_SIGN_NOW,
    UI_SIGN_BULLET,
    UI_SIGN_DOT,
    UI_SIGN_ARROW,
    UI_SIGN_OPEN,
    UI_SIGN_CLOSED,
    UI_SIGN_MARK,
    UI_N_SIGNS
} UiSign;
const char *ui_sign(const UiTheme *theme, UiSign sign);

/* The curses pair for a picture's cell (colours as the picture's mode has them, see picture.h). */
int ui_theme_pair(UiTheme *theme, int foreground, int background);

/* The pool: the bookkeeping alone, without curses, so that it can be tested. */
typedef struct UiPairPool UiPairPool;
typedef int (*UiDefinePair)(int pair, int foreground, int background, gpointer user_data);
UiPairPool *ui_pair_pool_new(int first, int limit, UiDefinePair define, gpointer user_data);
void ui_pair_pool_free(UiPairPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiPairPool, ui_pair_pool_free)

/* The pair of these colours, defined now where it is new; -1 where the pool is full. */
int ui_pair_pool_get(UiPairPool *pool, int foreground, int background);
int ui_pair_pool_count(const UiPairPool *pool);
gboolean ui_pair_pool_is_nearly_full(const UiPairPool *pool);
void ui_pair_pool_reset(UiPairPool *pool);

/* Between frames: a pool that is nearly full begins anew. TRUE: everything must be drawn again. */
gboolean ui_theme_recycle(UiTheme *theme);

#endif
