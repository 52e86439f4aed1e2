#include "tui/list.h"

static int
rows_of(const UiList *list, guint index)
{
    return list->rows_of == NULL ? 1 : MAX(1, list->rows_of(index, list->user_data));
}

/* The rows from `first` to `last`, both counted. */
static int
rows_between(const UiList *list, guint first, guint last)
{
    int rows = 0;

    for (guint i = first; i <= last; i++) {
        rows += rows_of(list, i);
    }
    return rows;
}

/* The first item that is in sight while the cursor's is at the lower edge. From there upwards:
 * items that are far away are not measured. */
static guint
first_above(const UiList *list)
{
    guint first = list->cursor;
    int left = list->box.rows - rows_of(list, first);

    while (first > 0) {
        left -= rows_of(list, first - 1);
        if (left < 0) {
            break;
        }
        first--;
    }
    return first;
}

void
ui_list_place(UiList *list, guint count, UiBox box, UiListRowsFunc func, gpointer user_data)
{
    list->count = count;
    list->box = box;
    list->rows_of = func;
    list->user_data = user_data;
    list->cursor = MIN(list->cursor, count > 0 ? count - 1 : 0);
    list->top = MIN(list->top, list->cursor);
    if (count > 0) {
        list->top = MAX(list->top, first_above(list));
    }
}

gboolean
ui_list_shows(const UiList *list, guint index, int *y, int *rows)
{
    int above = index > list->top ? rows_between(list, list->top, index - 1) : 0;

    if (index < list->top || index >= list->count || above >= list->box.rows) {
        return FALSE;
    }
    *y = list->box.y + above;
    *rows = MIN(rows_of(list, index), list->box.rows - above);
    return TRUE;
}

static void
move_by(UiList *list, int by)
{
    list->cursor = (guint) CLAMP((int) list->cursor + by, 0, (int) list->count - 1);
}

gboolean
ui_list_move(UiList *list, UiAction action)
{
    int page = MAX(1, list->box.rows / 2);

    if (list->count == 0) {
        return FALSE;
    }
    switch (action) {
    case UI_ACTION_UP: move_by(list, -1); break;
    case UI_ACTION_DOWN: move_by(list, 1); break;
    case UI_ACTION_PAGE_UP: move_by(list, -page); break;
    case UI_ACTION_PAGE_DOWN: move_by(list, page); break;
    case UI_ACTION_FIRST: list->cursor = 0; break;
    case UI_ACTION_LAST: list->cursor = list->count - 1; break;
    default: return FALSE;
    }
    return TRUE;
}

/* The item in this place, or -1. */
static int
item_at(const UiList *list, int at_y, int at_x)
{
    int y;
    int rows;

    if (at_x < list->box.x || at_x >= list->box.x + list->box.columns) {
        return -1;
    }
    for (guint i = list->top; ui_list_shows(list, i, &y, &rows); i++) {
        if (at_y >= y && at_y < y + rows) {
            return (int) i;
        }
    }
    return -1;
}

UiListDo
ui_list_mouse(UiList *list, const UiEvent *event)
{
    int item;

    switch (event->mouse) {
    case UI_MOUSE_WHEEL_UP:
        return ui_list_move(list, UI_ACTION_UP) ? UI_LIST_MOVED : UI_LIST_NOTHING;
    case UI_MOUSE_WHEEL_DOWN:
        return ui_list_move(list, UI_ACTION_DOWN) ? UI_LIST_MOVED : UI_LIST_NOTHING;
    case UI_MOUSE_PRESS: break;
    default: return UI_LIST_NOTHING;
    }
    item = item_at(list, event->y, event->x);
    if (item < 0) {
        return UI_LIST_NOTHING;
    }
    list->cursor = (guint) item;
    return event->is_double ? UI_LIST_CHOSEN : UI_LIST_MOVED;
}
