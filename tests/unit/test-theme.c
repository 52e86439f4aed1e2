#include "tui/theme.h"

static int
count_definition(int pair, int foreground, int background, gpointer user_data)
{
    int *count = user_data;

    (void) pair;
    (void) foreground;
    (void) background;
    ++*count;
    return OK;
}

static void
equal_colours_share_a_pair(void)
{
    int defined = 0;
    g_autoptr(UiPairPool) pool = ui_pair_pool_new(30, 1000, count_definition, &defined);
    int first = ui_pair_pool_get(pool, 0xff0000, 0x00ff00);

    g_assert_cmpint(first, ==, 30);
    g_assert_cmpint(ui_pair_pool_get(pool, 0xff0000, 0x00ff00), ==, first);
    g_assert_cmpint(ui_pair_pool_get(pool, 0x00ff00, 0xff0000), !=, first);
    g_assert_cmpint(ui_pair_pool_get(pool, -1, 0xff0000), !=, ui_pair_pool_get(pool, 0xff0000, -1));
    g_assert_cmpint(defined, ==, 4);
    g_assert_cmpint(ui_pair_pool_count(pool), ==, 4);
}

/* What stands on the screen keeps its pair: a full pool refuses, and is emptied between frames. */
static void
a_full_pool_refuses_until_it_is_reset(void)
{
    int defined = 0;
    g_autoptr(UiPairPool) pool = ui_pair_pool_new(10, 64, count_definition, &defined);

    for (int i = 0; i < 54; i++) {
        g_assert_cmpint(ui_pair_pool_get(pool, i, 0), ==, 10 + i);
    }
    g_assert_true(ui_pair_pool_is_nearly_full(pool));
    g_assert_cmpint(ui_pair_pool_get(pool, 99, 0), ==, -1);
    g_assert_cmpint(ui_pair_pool_get(pool, 5, 0), ==, 15);
    ui_pair_pool_reset(pool);
    g_assert_false(ui_pair_pool_is_nearly_full(pool));
    g_assert_cmpint(ui_pair_pool_get(pool, 99, 0), ==, 10);
}

/* Where there are no colours, nothing is to be made room for: the screen is not drawn anew for it. */
static void
a_terminal_without_colour_has_an_empty_pool(void)
{
    int defined = 0;
    g_autoptr(UiPairPool) pool = ui_pair_pool_new(25, 0, count_definition, &defined);

    g_assert_false(ui_pair_pool_is_nearly_full(pool));
    g_assert_cmpint(ui_pair_pool_get(pool, 1, 2), ==, -1);
    g_assert_cmpint(defined, ==, 0);
}

/* Never colour alone: within six groups every letter and every shape is another one. */
static void
groups_differ_without_colour(void)
{
    for (int a = 0; a < 6; a++) {
        for (int b = a + 1; b < 6; b++) {
            g_assert_cmpstr(ui_group_letter(a), !=, ui_group_letter(b));
            g_assert_cmpint(ui_role_of_group(a), !=, ui_role_of_group(b));
        }
    }
    g_assert_cmpstr(ui_group_letter(-1), ==, "-");
    g_assert_cmpint(ui_role_of_group(-1), ==, UI_ROLE_DIM);
    g_assert_cmpint(ui_role_of_group(6), ==, UI_ROLE_GROUP_A);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/theme/equal-colours-share-a-pair", equal_colours_share_a_pair);
    g_test_add_func("/theme/a-full-pool-refuses-until-it-is-reset",
                    a_full_pool_refuses_until_it_is_reset);
    g_test_add_func("/theme/a-terminal-without-colour-has-an-empty-pool",
                    a_terminal_without_colour_has_an_empty_pool);
    g_test_add_func("/theme/groups-differ-without-colour", groups_differ_without_colour);
    return g_test_run();
}
