#ifndef SAMEPHOTO_TUI_APP_PRIVATE_H
#define SAMEPHOTO_TUI_APP_PRIVATE_H

/* What the parts of the app share: app.c (the run and its sources), app-screen.c (windows, popups
 * and the painter), app-keys.c (what keys and actions do). For them only. */

#include <panel.h>

#include "tui/app.h"
#include "tui/input.h"
#include "tui/links.h"
#include "tui/overlay.h"
#include "tui/popup.h"
#include "tui/watch.h"

#define UI_APP_SLOW_MS 1000 /* between frames that no key asked for, on a slow link */

/* A popup that is open. */
typedef struct {
    const UiPopupOps *ops;
    gpointer state;
    WINDOW *window;
    PANEL *panel;
} UiAppPopup;

enum { UI_APP_BAR, UI_APP_BODY, UI_APP_FOOT, UI_APP_N_WINDOWS };

struct UiApp {
    UiCase *ui_case;
    UiTerminal *terminal;
    UiTheme *theme;
    UiFrame *frame;
    UiOverlay *overlay; /* NULL: no pixels */
    UiWatch *watch;
    UiInput *input;
    GMainLoop *loop;
    int exit_status;

    UiViewId view;
    gpointer states[UI_N_VIEWS];
    WINDOW *windows[UI_APP_N_WINDOWS];
    PANEL *panels[UI_APP_N_WINDOWS];
    gboolean is_small;
    GPtrArray *popups; /* UiAppPopup */

    UiLinks *links;
    GArray *sources; /* guint */
    guint paint_source;
    gboolean is_paint_late; /* it waits, since the link is slow */
    gboolean is_in_key;     /* what is drawn answers a key: at once */
    gint64 painted_us;
    guint wait_source;  /* for the rest of a key */
    guint tick_source;  /* the view's */
    guint clock_source; /* while something is being read */
    char *message;
    SpSeverity message_severity;
    GKeyFile *memory;
    int cursor_y;
    int cursor_x;
    gboolean is_cursor_visible;
};

/* The view in front and its state. */
const UiViewOps *ui_app_get_ops(UiApp *app);
gpointer ui_app_get_state(UiApp *app);

/* Runs `func` every `interval_ms` from now on in place of `*source`; 0: never again. */
void ui_app_set_timer(guint *source, guint interval_ms, GSourceFunc func, gpointer user_data);

/* Does what a view's key or change asked for. */
void ui_app_apply(UiApp *app, UiDo what);

/* Draws now what would be drawn soon. */
void ui_app_paint_now(UiApp *app);

/* Every window anew in the size that curses knows now. */
void ui_app_layout(UiApp *app);

/* Draws all of the screen again, whatever the terminal may have made of it: a resize, Ctrl-L, after
 * a stop. */
void ui_app_draw_anew(UiApp *app);

void ui_app_close_popup(UiApp *app, UiAppPopup *popup);

/* All popups (they tell their answers), then the windows. */
void ui_app_close_windows(UiApp *app);

/* A UiInputFunc: to a popup, to what works everywhere, or to the view. */
void ui_app_take_key(const UiEvent *event, gpointer user_data);

/* Until the shell continues us. */
void ui_app_suspend(UiApp *app);

#endif
