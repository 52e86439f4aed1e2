#include "tui/list.h"

static int
two_for_odd(guint index, gpointer user_data)
{
    (void) user_data;
    return index % 2 == 1 ? 2 : 1;
}

static UiEvent
mouse(UiMouseKind kind, int y, int x, gboolean is_double)
{
    return (UiEvent){.key = UI_KEY_MOUSE, .mouse = kind, .y = y, .x = x, .is_double = is_double};
}

static void
the_cursor_is_always_in_sight(void)
{
    const UiBox box = {3, 0, 4, 20};

    for (guint count = 1; count < 12; count++) {
        UiList list = {0};

        for (guint i = 0; i < 2 * count; i++) {
            int y = 0;
            int rows = 0;

            ui_list_place(&list, count, box, two_for_odd, NULL);
            g_assert_true(ui_list_shows(&list, list.cursor, &y, &rows));
            g_assert_cmpint(y, >=, 3);
            g_assert_cmpint(y + rows, <=, 7);
            g_assert_true(ui_list_move(&list, i < count ? UI_ACTION_DOWN : UI_ACTION_UP));
        }
        g_assert_cmpuint(list.cursor, ==, 0);
    }
}

static void
every_row_belongs_to_its_item(void)
{
    static const int items[] = {0, 1, 1, 2, 3};
    UiList list = {0};

    ui_list_place(&list, 5, (UiBox){2, 4, 5, 10}, two_for_odd, NULL);
    for (int row = 0; row < 5; row++) {
        UiEvent event = mouse(UI_MOUSE_PRESS, 2 + row, 5, FALSE);

        g_assert_cmpint(ui_list_mouse(&list, &event), ==, UI_LIST_MOVED);
        g_assert_cmpint((int) list.cursor, ==, items[row]);
    }
}

static void
what_is_beside_or_below_is_no_item(void)
{
    static const int places[][2] = {{1, 5}, {7, 5}, {3, 3}, {3, 14}, {6, 5}};
    UiList list = {0};

    ui_list_place(&list, 4, (UiBox){2, 4, 5, 10}, NULL, NULL);
    list.cursor = 2;
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        UiEvent event = mouse(UI_MOUSE_PRESS, places[i][0], places[i][1], FALSE);

        g_assert_cmpint(ui_list_mouse(&list, &event), ==, UI_LIST_NOTHING);
        g_assert_cmpuint(list.cursor, ==, 2);
    }
}

static void
the_wheel_moves_and_two_clicks_choose(void)
{
    UiEvent down = mouse(UI_MOUSE_WHEEL_DOWN, 0, 0, FALSE);
    UiEvent up = mouse(UI_MOUSE_WHEEL_UP, 0, 0, FALSE);
    UiEvent twice = mouse(UI_MOUSE_PRESS, 1, 0, TRUE);
    UiEvent drag = mouse(UI_MOUSE_DRAG, 1, 0, FALSE);
    UiList list = {0};

    ui_list_place(&list, 3, (UiBox){0, 0, 3, 10}, NULL, NULL);
    g_assert_cmpint(ui_list_mouse(&list, &down), ==, UI_LIST_MOVED);
    g_assert_cmpint(ui_list_mouse(&list, &down), ==, UI_LIST_MOVED);
    g_assert_cmpint(ui_list_mouse(&list, &down), ==, UI_LIST_MOVED);
    g_assert_cmpuint(list.cursor, ==, 2);
    g_assert_cmpint(ui_list_mouse(&list, &up), ==, UI_LIST_MOVED);
    g_assert_cmpint(ui_list_mouse(&list, &drag), ==, UI_LIST_NOTHING);
    g_assert_cmpint(ui_list_mouse(&list, &twice), ==, UI_LIST_CHOSEN);
    g_assert_cmpuint(list.cursor, ==, 1);
}

static void
an_empty_list_takes_nothing(void)
{
    UiEvent down = mouse(UI_MOUSE_WHEEL_DOWN, 0, 0, FALSE);
    UiList list = {0};

    ui_list_place(&list, 0, (UiBox){0, 0, 3, 10}, NULL, NULL);
    g_assert_cmpint(ui_list_mouse(&list, &down), ==, UI_LIST_NOTHING);
    g_assert_false(ui_list_move(&list, UI_ACTION_LAST));
    g_assert_false(ui_list_move(&list, UI_ACTION_CHOOSE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/list/the-cursor-is-always-in-sight", the_cursor_is_always_in_sight);
    g_test_add_func("/list/every-row-belongs-to-its-item", every_row_belongs_to_its_item);
    g_test_add_func("/list/what-is-beside-or-below-is-no-item", what_is_beside_or_below_is_no_item);
    g_test_add_func("/list/the-wheel-moves-and-two-clicks-choose",
                    the_wheel_moves_and_two_clicks_choose);
    g_test_add_func("/list/an-empty-list-takes-nothing", an_empty_list_takes_nothing);
    return g_test_run();
}
