#include "tui/compare-layout.h"

/* At every size from 60x20 to 300x100, whatever the number of copies: every cell is inside, none
 * overlaps another, all are reached. */
static void
every_size_holds_every_copy(void)
{
    for (int columns = 60; columns <= 300; columns += 10) {
        for (int rows = 16; rows <= 96; rows += 8) {
            for (int count = 1; count <= 12; count++) {
                UiGrid grid = ui_grid_fit(count, rows, columns, 0.5);

                g_assert_cmpint(grid.columns, >=, 1);
                g_assert_cmpint(grid.cell_columns * grid.columns, <=, columns);
                g_assert_cmpint(grid.cell_rows * grid.page_rows, <=, rows);
                g_assert_cmpint(grid.cell_rows, >=, 7);
                g_assert_cmpint(grid.cell_columns, >=, 18);
                for (int i = 0; i < count; i++) {
                    int first = ui_grid_scroll(&grid, i, 0);
                    UiBox box = ui_grid_cell(&grid, i, first);

                    g_assert_cmpint(box.rows, >, 0);
                    g_assert_cmpint(ui_grid_at(&grid, count, first, box.y, box.x), ==, i);
                }
            }
        }
    }
}

static void
seven_copies_fit_into_a_small_terminal(void)
{
    UiGrid grid = ui_grid_fit(7, 19, 80, 8.0 / 15);

    g_assert_cmpint(grid.columns, ==, 4);
    g_assert_cmpint(grid.page_rows, ==, 2);
    g_assert_cmpint(grid.total_rows, ==, 2);
    g_assert_false(grid.is_framed);
}

static void
large_windows_get_larger_pictures(void)
{
    UiGrid small = ui_grid_fit(8, 36, 120, 0.5);
    UiGrid large = ui_grid_fit(8, 56, 200, 0.5);

    g_assert_cmpint(large.cell_rows, >, small.cell_rows);
    g_assert_true(large.is_framed);
}

static void
moving_stays_in_the_grid(void)
{
    UiGrid grid = ui_grid_fit(7, 19, 80, 0.5);

    g_assert_cmpint(ui_grid_move(&grid, 7, 0, -1, 0), ==, 0);
    g_assert_cmpint(ui_grid_move(&grid, 7, 0, 1, 0), ==, 1);
    g_assert_cmpint(ui_grid_move(&grid, 7, 0, 0, 1), ==, 4);
    /* Below the fourth there is none: the last one is nearest. */
    g_assert_cmpint(ui_grid_move(&grid, 7, 3, 0, 1), ==, 6);
    g_assert_cmpint(ui_grid_move(&grid, 7, 6, 0, 1), ==, 6);
    g_assert_cmpint(ui_grid_move(&grid, 7, 6, 1, 0), ==, 6);
}

static void
scrolling_moves_as_little_as_possible(void)
{
    const UiGrid grid = {.columns = 3, .page_rows = 2, .total_rows = 5};

    g_assert_cmpint(ui_grid_scroll(&grid, 0, 0), ==, 0);
    g_assert_cmpint(ui_grid_scroll(&grid, 5, 0), ==, 0);
    g_assert_cmpint(ui_grid_scroll(&grid, 6, 0), ==, 1);
    g_assert_cmpint(ui_grid_scroll(&grid, 14, 1), ==, 3);
    g_assert_cmpint(ui_grid_scroll(&grid, 0, 3), ==, 0);
}

/* The copy shows the middle half of the reference: a face there is twice as large. */
static void
faces_come_out_at_one_scale(void)
{
    const SpRect middle = {0.25, 0, 0.5, 0.5};
    const SpRect whole = {0, 0, 1, 1};
    SpRect plain = ui_face_part(NULL, NULL);
    SpRect same = ui_face_part(&whole, &whole);
    SpRect zoomed = ui_face_part(&whole, &middle);

    g_assert_cmpfloat_with_epsilon(plain.width, 0.65, 0.001);
    g_assert_cmpfloat_with_epsilon(same.width, plain.width, 0.001);
    g_assert_cmpfloat_with_epsilon(zoomed.width, plain.width / 2, 0.001);
    g_assert_cmpfloat_with_epsilon(zoomed.x, 0.25 + plain.x / 2, 0.001);
}

/* Whatever is asked for, the square lies within the picture and holds a face. */
static void
a_square_stays_within_the_picture(void)
{
    static const int sizes[][2] = {{1920, 1080}, {640, 360}, {100, 300}, {16, 16}, {5, 9}};
    static const int steps[] = {-5000, -30, -1, 0, 1, 30, 5000};

    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        int width = sizes[i][0];
        int height = sizes[i][1];

        for (gsize j = 0; j < G_N_ELEMENTS(steps) * G_N_ELEMENTS(steps); j++) {
            int a = steps[j % G_N_ELEMENTS(steps)];
            int b = steps[j / G_N_ELEMENTS(steps)];
            SpSquare begun = ui_square_begin(width, height);
            const SpSquare squares[] = {begun, ui_square_move(begun, a, b, width, height),
                                        ui_square_resize(begun, begun.side + a, width, height),
                                        ui_square_draw(width / 2, height / 2, width / 2 + a,
                                                       height / 2 + b, width, height)};

            for (gsize k = 0; k < G_N_ELEMENTS(squares); k++) {
                g_assert_cmpint(squares[k].x, >=, 0);
                g_assert_cmpint(squares[k].y, >=, 0);
                g_assert_cmpint(squares[k].side, >=, MIN(UI_SQUARE_MIN, MIN(width, height)));
                g_assert_cmpint(squares[k].x + squares[k].side, <=, width);
                g_assert_cmpint(squares[k].y + squares[k].side, <=, height);
            }
        }
    }
}

static void
a_square_goes_where_it_is_brought(void)
{
    const UiBox place = {2, 10, 18, 64};
    SpSquare square = ui_square_begin(640, 360);
    UiBox cells;

    g_assert_cmpint(square.x, ==, 230);
    g_assert_cmpint(square.side, ==, 180);
    square = ui_square_move(square, 30, -10, 640, 360);
    g_assert_cmpint(square.x, ==, 260);
    g_assert_cmpint(square.y, ==, 80);
    square = ui_square_resize(square, 100, 640, 360);
    g_assert_cmpint(square.x, ==, 300);
    g_assert_cmpint(square.y, ==, 120);
    /* From the lower right corner to the upper left one. */
    square = ui_square_draw(400, 200, 320, 140, 640, 360);
    g_assert_cmpint(square.x, ==, 320);
    g_assert_cmpint(square.y, ==, 120);
    g_assert_cmpint(square.side, ==, 80);
    cells = ui_square_cells(square, 640, 360, place);
    g_assert_cmpint(cells.x, ==, 42);
    g_assert_cmpint(cells.y, ==, 8);
    g_assert_cmpint(cells.columns, ==, 8);
    g_assert_cmpint(cells.rows, ==, 4);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare-layout/every-size-holds-every-copy", every_size_holds_every_copy);
    g_test_add_func("/compare-layout/seven-copies-fit-into-a-small-terminal",
                    seven_copies_fit_into_a_small_terminal);
    g_test_add_func("/compare-layout/large-windows-get-larger-pictures",
                    large_windows_get_larger_pictures);
    g_test_add_func("/compare-layout/moving-stays-in-the-grid", moving_stays_in_the_grid);
    g_test_add_func("/compare-layout/scrolling-moves-as-little-as-possible",
                    scrolling_moves_as_little_as_possible);
    g_test_add_func("/compare-layout/faces-come-out-at-one-scale", faces_come_out_at_one_scale);
    g_test_add_func("/compare-layout/a-square-stays-within-the-picture",
                    a_square_stays_within_the_picture);
    g_test_add_func("/compare-layout/a-square-goes-where-it-is-brought",
                    a_square_goes_where_it_is_brought);
    return g_test_run();
}
