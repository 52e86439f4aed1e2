#ifndef SAMEPHOTO_TUI_APP_H
#define SAMEPHOTO_TUI_APP_H

/* The screens' main loop: keys, signals and the case's changes go in, one painter draws at most one
 * frame a turn. Views reach everything they share through here. */

#include <glib.h>

#include "tui/case.h"
#include "tui/frame.h"
#include "tui/terminal.h"
#include "tui/theme.h"
#include "tui/view.h"

/* A plain value; zero-initialise it. */
typedef struct {
    UiCase *ui_case; /* borrowed for the run */
    UiViewId view;   /* where to begin */
    UiTerminalOptions terminal;
} UiAppOptions;

/* Shows the screens until the user leaves; the terminal is then as it was. Gives the exit status
 * (0; 128
 * + the signal after SIGTERM and SIGHUP), or -1 with an error where the terminal can't show them
 * (SP_ERROR_CONFIG, the message says what to do, e.g. --plain). */
#define UI_APP_SETUP                                                                               \
    1000 /* nothing else: the person wants to set up; show the screens again then */
int ui_app_run(const UiAppOptions *options, GError **error);

/* Borrowed. */
UiCase *ui_app_get_case(UiApp *app);
UiTheme *ui_app_get_theme(UiApp *app);
const UiTerminal *ui_app_get_terminal(UiApp *app);

/* Another view comes to the front. */
void ui_app_show(UiApp *app, UiViewId view);
UiViewId ui_app_get_view(UiApp *app);

/* Leaves the screens. */
void ui_app_quit(UiApp *app);

/* Leaves them for the questions of the set-up: ui_app_run() gives UI_APP_SETUP. */
void ui_app_quit_to_setup(UiApp *app);

/* Draw again soon, e.g. when an asynchronous answer arrived. */
void ui_app_redraw(UiApp *app);

/* One line in place of the hints until the next key: "Note saved". Bad news stays in
 * SP_SEVERITY_PROBLEM's colour. NULL takes it away. */
void ui_app_say(UiApp *app, SpSeverity severity, const char *text);

/* An error's message, said as above; frees it. NULL is fine. */
void ui_app_say_error(UiApp *app, GError *error);

/* Something that was waited for has happened: said as above, with a bell, in the window's title and
 * on the desktop. */
void ui_app_alert(UiApp *app, const char *text);

/* Reads the case again at sensible times until all copies agree; see watch.h. */
void ui_app_watch(UiApp *app);

/* Calls for a redraw every `interval_ms` (clocks, blinking) while the view is in front; 0 stops. */
void ui_app_set_tick(UiApp *app, guint interval_ms);

/* Where the real cursor stands after this frame: on the focused item, in the coordinates of the
 * view's window. Call while drawing. `visible`: in a text field. */
void ui_app_set_cursor(UiApp *app, WINDOW *window, int y, int x, gboolean visible);

/* The text that is drawn there in UI_ROLE_LINK leads to `url`: where the terminal can, it becomes a
 * link (OSC 8), written over what curses drew. Call while drawing. */
void ui_app_link(UiApp *app, WINDOW *window, int y, int x, const char *text, const char *url);

/* Draws a photo into `window`; see frame.h. Call while drawing. */
UiFrame *ui_app_get_frame(UiApp *app);

/* What is remembered from one run to the next (the last comparison mode, the theme …), in
 * $XDG_STATE_HOME/samephoto/screens. NULL: nothing yet. Transfer full. */
char *ui_app_recall(UiApp *app, const char *key);
void ui_app_remember(UiApp *app, const char *key, const char *value);

#endif
