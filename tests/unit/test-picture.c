#include "tui/picture.h"

#include <math.h>

#define GRID 8

/* The mean colour of a drawn cell: the share of ink of the blocks that are used, the rest
 * background. */
static double
ink(gunichar character)
{
    if (character >= 0x2581 && character <= 0x2588) {
        return (character - 0x2580) / 8.0;
    }
    if (character >= 0x2589 && character <= 0x258f) {
        return (0x2590 - character) / 8.0;
    }
    switch (character) {
    case ' ': return 0;
    case 0x2594:
    case 0x2595: return 0.125;
    case 0x2596:
    case 0x2597:
    case 0x2598:
    case 0x259d: return 0.25;
    case 0x2599:
    case 0x259b:
    case 0x259c:
    case 0x259f: return 0.75;
    default: return 0.5;
    }
}

static int
palette(int index, int channel)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    int cube = index - 16;

    return index >= 232 ? 8 + 10 * (index - 232)
                        : levels[channel == 0   ? cube / 36
                                 : channel == 1 ? cube / 6 % 6
                                                : cube % 6];
}

static double
channel_of(int colour, int channel, UiColours colours)
{
    return colours == UI_COLOURS_TRUE ? colour >> (16 - 8 * channel) & 255
                                      : palette(colour, channel);
}

static double
cell_value(const UiCell *cell, int channel, UiColours colours)
{
    double share = ink(cell->character);

    return channel_of(cell->foreground, channel, colours) * share +
           channel_of(cell->background, channel, colours) * (1 - share);
}

/* The mean distance between what was drawn and a photo, on a coarse grid. */
static double
distance(const UiCells *cells, const UiPixels *photo, UiColours colours)
{
    g_autofree guint8 *wanted = ui_pixels_scale(photo, GRID, GRID);
    double sum = 0;

    for (int i = 0; i < GRID * GRID; i++) {
        int top = i / GRID * cells->rows / GRID;
        int bottom = (i / GRID + 1) * cells->rows / GRID;
        int left = i % GRID * cells->columns / GRID;
        int right = (i % GRID + 1) * cells->columns / GRID;
        double square = 0;

        for (int channel = 0; channel < 3; channel++) {
            double mean = 0;

            for (int y = top; y < bottom; y++) {
                for (int x = left; x < right; x++) {
                    mean += cell_value(&cells->cells[y * cells->columns + x], channel, colours);
                }
            }
            mean /= (bottom - top) * (right - left);
            square += (mean - wanted[i * 3 + channel]) * (mean - wanted[i * 3 + channel]);
        }
        sum += sqrt(square);
    }
    return sum / (GRID * GRID);
}

static UiPixels *
load(const char *name)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice", "photos", name, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPhoto) photo = sp_photo_new_from_file(path, &error);

    g_assert_no_error(error);
    return ui_pixels_of_photo(photo, NULL);
}

/* The right person is near, another one far: in every quality with colour. */
static void
drawn_cells_show_the_photo(void)
{
    static const struct {
        UiColours colours;
        double near;
    } rows[] = {{UI_COLOURS_TRUE, 20}, {UI_COLOURS_256, 35}};
    g_autoptr(UiPixels) anna = load("anna-new.jpg");
    g_autoptr(UiPixels) bashir = load("bashir-old.jpg");

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const UiPictureStyle style = {.colours = rows[i].colours, .is_utf8 = TRUE};
        g_autoptr(UiCells) cells = ui_picture_render(anna, 16, 32, &style);
        g_autoptr(UiCells) plain = NULL;
        const UiPictureStyle spaces = {.colours = rows[i].colours, .is_utf8 = FALSE};

        g_assert_cmpfloat(distance(cells, anna, rows[i].colours), <, rows[i].near);
        g_assert_cmpfloat(distance(cells, bashir, rows[i].colours), >, 45);
        plain = ui_picture_render(anna, 16, 32, &spaces);
        g_assert_cmpfloat(distance(plain, anna, rows[i].colours), <, rows[i].near);
        for (int j = 0; j < plain->rows * plain->columns; j++) {
            g_assert_cmpuint(plain->cells[j].character, ==, ' ');
        }
    }
}

/* The share of the cells that is ink, by the symbols' own shapes as far as the test needs them. */
static double
ink_share(const UiCells *cells)
{
    static const char ramp[] = " .:-=+*#%@";
    double ink = 0;

    for (int i = 0; i < cells->rows * cells->columns; i++) {
        const UiCell *cell = &cells->cells[i];
        const char *step = cell->character < 0x80 ? strchr(ramp, (int) cell->character) : NULL;
        double share = step != NULL                ? (double) (step - ramp) / (sizeof ramp - 2)
                       : cell->character == 0x2588 ? 1
                                                   : 0.5;

        ink += cell->is_reverse ? 1 - share : share;
    }
    return ink / (cells->rows * cells->columns);
}

/* Dark ink on white paper: what is light in the photo stays paper there. */
static void
a_light_ground_gives_no_negative(void)
{
    g_autofree guint8 *rgba = g_malloc0(64 * 64 * 4);
    g_autoptr(UiPixels) pixels = NULL;

    /* Three quarters white. */
    memset(rgba, 255, 48 * 64 * 4);
    pixels = ui_pixels_take(g_steal_pointer(&rgba), 64, 64);
    for (UiColours colours = UI_COLOURS_ASCII; colours <= UI_COLOURS_8; colours++) {
        const UiPictureStyle dark = {.colours = colours, .is_utf8 = TRUE};
        const UiPictureStyle light = {.colours = colours, .is_utf8 = TRUE, .is_light = TRUE};
        g_autoptr(UiCells) on_dark = ui_picture_render(pixels, 8, 16, &dark);
        g_autoptr(UiCells) on_light = ui_picture_render(pixels, 8, 16, &light);

        g_assert_cmpfloat(ink_share(on_dark), >, 0.6);
        g_assert_cmpfloat(ink_share(on_light), <, 0.4);
    }
}

/* Without colours: only the terminal's own, light where the photo is light. */
static void
mono_uses_no_colour(void)
{
    g_autoptr(UiPixels) anna = load("anna-new.jpg");

    for (UiColours colours = UI_COLOURS_ASCII; colours <= UI_COLOURS_8; colours++) {
        const UiPictureStyle style = {.colours = colours, .is_utf8 = TRUE};
        g_autoptr(UiCells) cells = ui_picture_render(anna, 10, 20, &style);
        gunichar first = cells->cells[0].character;
        gboolean is_varied = FALSE;

        for (int i = 0; i < 200; i++) {
            g_assert_cmpint(cells->cells[i].foreground, ==, -1);
            g_assert_cmpint(cells->cells[i].background, ==, -1);
            is_varied |= cells->cells[i].character != first;
        }
        g_assert_true(is_varied);
    }
}

static void
the_shape_is_kept(void)
{
    static const struct {
        int width;
        int height;
        int cell_width;
        int cell_height;
        int rows;
        int columns;
        int fit_rows;
        int fit_columns;
    } cases[] = {
        {648, 648, 8, 16, 10, 40, 10, 20}, {648, 648, 8, 15, 15, 30, 15, 28},
        {648, 648, 0, 0, 10, 10, 5, 10},   {100, 300, 8, 16, 12, 40, 12, 8},
        {1, 1000, 8, 16, 10, 10, 10, 1},   {648, 648, 8, 16, 0, 10, 0, 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const UiPictureStyle style = {.cell_width = cases[i].cell_width,
                                      .cell_height = cases[i].cell_height};
        int rows = cases[i].rows;
        int columns = cases[i].columns;

        ui_picture_fit(cases[i].width, cases[i].height, &style, &rows, &columns);
        g_assert_cmpint(rows, ==, cases[i].fit_rows);
        g_assert_cmpint(columns, ==, cases[i].fit_columns);
    }
}

/* Any odd size is drawn without reading past the picture (the sanitizers watch). */
static void
odd_sizes_are_drawn(void)
{
    for (int side = 1; side <= 13; side += 3) {
        guint8 *rgba = g_malloc0((gsize) side * (gsize) (side + 1) * 4);
        g_autoptr(UiPixels) pixels = ui_pixels_take(rgba, side, side + 1);
        const UiPictureStyle style = {.colours = UI_COLOURS_TRUE, .is_utf8 = TRUE};
        g_autoptr(UiCells) cells = ui_picture_render(pixels, side, 2 * side + 1, &style);

        g_assert_cmpint(cells->columns, ==, 2 * side + 1);
    }
}

static void
a_part_is_another_picture(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice",
                                                  "photos", "anna-new.jpg", NULL);
    g_autoptr(SpPhoto) photo = sp_photo_new_from_file(path, NULL);
    const SpRect half = {0.25, 0, 0.5, 0.5};
    g_autoptr(UiPixels) whole = ui_pixels_of_photo(photo, NULL);
    g_autoptr(UiPixels) again = ui_pixels_of_photo(photo, NULL);
    g_autoptr(UiPixels) part = ui_pixels_of_photo(photo, &half);

    g_assert_cmpuint(ui_pixels_get_id(whole), ==, ui_pixels_get_id(again));
    g_assert_cmpuint(ui_pixels_get_id(whole), !=, ui_pixels_get_id(part));
    g_assert_cmpint(ui_pixels_get_width(part), ==, (sp_photo_get_width(photo) + 1) / 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/a-light-ground-gives-no-negative", a_light_ground_gives_no_negative);
    g_test_add_func("/picture/drawn-cells-show-the-photo", drawn_cells_show_the_photo);
    g_test_add_func("/picture/mono-uses-no-colour", mono_uses_no_colour);
    g_test_add_func("/picture/the-shape-is-kept", the_shape_is_kept);
    g_test_add_func("/picture/odd-sizes-are-drawn", odd_sizes_are_drawn);
    g_test_add_func("/picture/a-part-is-another-picture", a_part_is_another_picture);
    return g_test_run();
}
