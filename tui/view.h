#ifndef SAMEPHOTO_TUI_VIEW_H
#define SAMEPHOTO_TUI_VIEW_H

/* A view is one full screen below the title bar and above the hint line: a `const UiViewOps` and
 * static functions. Everything happens on the main loop; `draw` reads state, writes to its window
 * and to the frame, changes nothing else and never blocks. To add a view: its id here, its row in
 * views.c, its keys in keys.c. */

#include <curses.h>

#include "tui/case.h"
#include "tui/keys.h"

typedef struct UiApp UiApp;

typedef enum {
    UI_VIEW_START,
    UI_VIEW_GUIDE,
    UI_VIEW_COMPARE,
    UI_VIEW_CHECKLIST,
    UI_N_VIEWS,
} UiViewId;

/* What a key or a change asks for; flags. Nothing: it was not for this view. */
typedef enum {
    UI_DO_NOTHING = 0,
    UI_DO_REDRAW = 1 << 0,
    UI_DO_LAYOUT = 1 << 1, /* sizes changed: layout, then redraw */
} UiDo;

/* Every member but name, title, open, close and draw may be NULL. */
typedef struct {
    const char *name;  /* "compare": in settings and tests */
    const char *title; /* in the title bar; marked with N_() */

    gpointer (*open)(UiApp *app); /* makes the view's state when it is first shown */
    void (*close)(gpointer state);

    /* It comes to the front (again). */
    void (*show)(gpointer state);

    /* The window has this size from now on. */
    void (*layout)(gpointer state, int rows, int columns);

    /* `window` is erased. Leave the real cursor on the focused item with ui_app_set_cursor(). */
    void (*draw)(gpointer state, WINDOW *window);

    UiDo (*key)(gpointer state, const UiEvent *event);

    /* Whether this action would do something right now: only then the hint line and the help show
     * it. */
    gboolean (*can)(gpointer state, UiAction action);

    /* The hint line's word for an action that works, where the table's is not the right one now;
     * marked with N_(), "" where it is not worth a hint now, NULL for all others. */
    const char *(*word)(gpointer state, UiAction action);

    /* Whose keys work now (UI_IN_…), where it is not always the view's own. */
    unsigned (*flags)(gpointer state);

    /* TRUE while a text field has the focus: letters and digits arrive as text, not as actions. */
    gboolean (*wants_text)(gpointer state);

    /* The case changed. */
    UiDo (*changed)(gpointer state, UiCaseChanges changes);

    /* Paragraphs for the top of the help screen, "\n" between lines. Transfer full, or NULL. */
    char *(*help)(gpointer state);
} UiViewOps;

/* The row of each view; a view that is not built yet has none (NULL). */
const UiViewOps *ui_view_ops(UiViewId id);

extern const UiViewOps ui_view_start;
extern const UiViewOps ui_view_guide;
extern const UiViewOps ui_view_compare;
extern const UiViewOps ui_view_checklist;

#endif
