#ifndef SAMEPHOTO_TUI_LIST_H
#define SAMEPHOTO_TUI_LIST_H

/* A list with one item under the cursor: where it is scrolled to, which keys move in it and what
 * the mouse does there. Who owns the items draws them. No curses here. */

#include "tui/frame.h"
#include "tui/keys.h"

/* The rows that an item takes in the list's columns. */
typedef int (*UiListRowsFunc)(guint index, gpointer user_data);

/* A plain value; zero-initialise it. */
typedef struct {
    guint cursor;
    guint top; /* the first item that is shown */
    guint count;
    UiBox box;              /* as it was placed last, in its window */
    UiListRowsFunc rows_of; /* NULL: one row each */
    gpointer user_data;
} UiList;

/* While drawing: the list has these items and this place, and is scrolled so that the cursor's item
 * is in it. `rows_of` is asked again by ui_list_mouse(). */
void ui_list_place(UiList *list, guint count, UiBox box, UiListRowsFunc rows_of,
                   gpointer user_data);

/* Whether the item is in sight, and in which rows: for (i = list->top; ui_list_shows(…, i, …);
 * i++).
 */
gboolean ui_list_shows(const UiList *list, guint index, int *y, int *rows);

/* Moves the cursor; FALSE: the action is none of moving, or nothing is there. */
gboolean ui_list_move(UiList *list, UiAction action);

/* What a mouse event did. A click puts the cursor on an item, the wheel moves it, a double click
 * chooses. */
typedef enum { UI_LIST_NOTHING, UI_LIST_MOVED, UI_LIST_CHOSEN } UiListDo;
UiListDo ui_list_mouse(UiList *list, const UiEvent *event);

#endif
