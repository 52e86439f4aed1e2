#ifndef SAMEPHOTO_TUI_POPUP_H
#define SAMEPHOTO_TUI_POPUP_H

/* What comes up over a view: it has the keys while it is open. Prompts and the help are popups. */

#include "tui/app.h"

typedef struct {
    const char *title; /* of this popup in tests and logs; not shown */

    /* The size it wants, borders included, at most `max_rows` x `max_columns`. */
    void (*measure)(gpointer state, UiApp *app, int max_rows, int max_columns, int *rows,
                    int *columns);
    void (*draw)(gpointer state, UiApp *app, WINDOW *window);

    /* FALSE: it closes. The event's place is in its window. */
    gboolean (*key)(gpointer state, UiApp *app, const UiEvent *event);

    /* After it has gone from the screen: tells the answer, frees `state`. */
    void (*close)(gpointer state, UiApp *app);
} UiPopupOps;

/* Opens one above all others. Takes `state` over. */
void ui_app_push(UiApp *app, const UiPopupOps *ops, gpointer state);

/* The help of the view in front. */
void ui_help_open(UiApp *app);

/* The flags of keys.h for a view, and whether an action would do something there now. */
unsigned ui_app_get_flags(UiApp *app);
gboolean ui_app_can(UiAction action, gpointer app);

/* Whether letters are text in the view in front now. */
gboolean ui_app_is_typing(UiApp *app);

/* What the hint line calls a row of the table now; NULL: it does not work now. */
const char *ui_app_hint(const UiBinding *row, gpointer app);

/* The view's own words for the help, or NULL. Transfer full. */
char *ui_app_get_view_help(UiApp *app);

/* Whether and when the case is read again by itself, for the title bar; NULL or transfer full. */
char *ui_app_describe_watch(UiApp *app);

#endif
