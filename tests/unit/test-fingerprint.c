#include "core/photo/fingerprint.h"

#include <math.h>
#include <string.h>

/* Pictures are drawn here by a function of the place (0..1 both ways). */

typedef struct {
    double red;
    double green;
    double blue;
} Colour;

typedef Colour (*Paint)(double x, double y);

static guint8 *
draw(Paint paint, int width, int height)
{
    guint8 *rgba = g_malloc((gsize) width * (gsize) height * 4);

    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            Colour c = paint((x + 0.5) / width, (y + 0.5) / height);
            guint8 *p = rgba + 4 * (y * width + x);

            p[0] = (guint8) lrint(c.red);
            p[1] = (guint8) lrint(c.green);
            p[2] = (guint8) lrint(c.blue);
            p[3] = 255;
        }
    return rgba;
}

static SpFingerprint *
fingerprint_of(Paint paint, int width, int height)
{
    g_autofree guint8 *rgba = draw(paint, width, height);

    return sp_fingerprint_new(rgba, width, height, (gsize) width * 4);
}

static Colour
flat(double x G_GNUC_UNUSED, double y G_GNUC_UNUSED)
{
    return (Colour){90, 140, 200};
}

static Colour
gradient(double x, double y)
{
    return (Colour){60 + 80 * x, 100 + 60 * y, 150};
}

static Colour
silhouette(double x, double y)
{
    gboolean is_head = hypot(x - 0.5, y - 0.38) < 0.16;
    gboolean is_body = hypot((x - 0.5) / 1.2, y - 0.95) < 0.30;

    return is_head || is_body ? (Colour){160, 160, 160} : (Colour){225, 225, 225};
}

static Colour
initials(double x, double y)
{
    gboolean is_row = y > 0.36 && y < 0.64;
    gboolean is_stem = fabs(x - 0.36) < 0.025 || fabs(x - 0.56) < 0.025 || fabs(x - 0.66) < 0.025;
    gboolean is_bar = fabs(y - 0.5) < 0.025 && x > 0.56 && x < 0.66;

    return is_row && (is_stem || is_bar) ? (Colour){255, 255, 255} : (Colour){3, 131, 135};
}

/* Light, shade and texture, as a camera sees a head before a wall. */
static Colour
portrait(double x, double y)
{
    double wall = 120 + 30 * x + 12 * sin(40 * x) * sin(33 * y);
    double face = 150 + 60 * (x - 0.5) + 25 * sin(24 * x + 3) * cos(21 * y);
    gboolean is_face = hypot((x - 0.5) / 0.8, y - 0.45) < 0.28;
    double l = is_face ? face : y > 0.75 ? 60 + 40 * sin(50 * x) : wall;

    return (Colour){l, l * 0.85, l * 0.75};
}

typedef struct {
    const char *name;
    Paint paint;
    SpPlaceholder expected;
} Drawn;

static void
drawn_pictures_are_told_from_photos(void)
{
    static const Drawn rows[] = {
        {"flat", flat, SP_PLACEHOLDER_BLANK},
        {"gradient", gradient, SP_PLACEHOLDER_BLANK},
        {"silhouette", silhouette, SP_PLACEHOLDER_SILHOUETTE},
        {"initials", initials, SP_PLACEHOLDER_INITIALS},
        {"portrait", portrait, SP_PLACEHOLDER_NONE},
    };
    static const int sides[] = {48, 72, 120, 300, 648};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (gsize k = 0; k < G_N_ELEMENTS(sides); k++) {
            g_autoptr(SpFingerprint) it = fingerprint_of(rows[i].paint, sides[k], sides[k]);

            g_test_message("%s at %d", rows[i].name, sides[k]);
            g_assert_cmpstr(sp_placeholder_name(sp_fingerprint_get_placeholder(it)), ==,
                            sp_placeholder_name(rows[i].expected));
        }
}

static void
a_dot_is_blank(void)
{
    static const int sizes[][2] = {{1, 1}, {4, 4}, {4, 400}, {400, 2}};

    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(SpFingerprint) it = fingerprint_of(portrait, sizes[i][0], sizes[i][1]);

        g_assert_cmpint(sp_fingerprint_get_placeholder(it), ==, SP_PLACEHOLDER_BLANK);
    }
}

static double
luma(Colour c)
{
    return 0.299 * c.red + 0.587 * c.green + 0.114 * c.blue;
}

static void
cells_are_the_mean_of_their_pixels(void)
{
    g_autofree guint8 *rgba = draw(portrait, 12, 8);
    g_autoptr(SpFingerprint) it = sp_fingerprint_new(rgba, 12, 8, 12 * 4);
    double cells[6];

    sp_fingerprint_sample(it, 0, 0, 12, 8, 3, 2, cells);
    for (int j = 0; j < 2; j++)
        for (int i = 0; i < 3; i++) {
            double sum = 0;

            for (int y = 4 * j; y < 4 * j + 4; y++)
                for (int x = 4 * i; x < 4 * i + 4; x++) {
                    const guint8 *p = rgba + 4 * (y * 12 + x);

                    sum += luma((Colour){p[0], p[1], p[2]});
                }
            g_assert_cmpfloat_with_epsilon(cells[3 * j + i], sum / 16, 1e-9);
        }
}

static void
a_border_inside_a_pixel_shares_it_out(void)
{
    guint8 rgba[] = {0, 0, 0, 255, 200, 200, 200, 255};
    g_autoptr(SpFingerprint) it = sp_fingerprint_new(rgba, 2, 1, 8);
    double cell;

    sp_fingerprint_sample(it, 0.25, 0, 1, 1, 1, 1, &cell);
    g_assert_cmpfloat_with_epsilon(cell, 50, 1e-9);
}

static void
large_pictures_give_the_cells_of_small_ones(void)
{
    g_autoptr(SpFingerprint) small = fingerprint_of(gradient, 500, 300);
    g_autoptr(SpFingerprint) large = fingerprint_of(gradient, 4000, 2400);
    double a[64];
    double b[64];

    sp_fingerprint_sample(small, 50, 30, 400, 240, 8, 8, a);
    sp_fingerprint_sample(large, 400, 240, 3200, 1920, 8, 8, b);
    for (int i = 0; i < 64; i++)
        g_assert_cmpfloat_with_epsilon(a[i], b[i], 0.5);
    g_assert_cmpint(sp_fingerprint_get_width(large), ==, 4000);
}

static void
chroma_tells_colour_from_grey(void)
{
    g_autoptr(SpFingerprint) blue = fingerprint_of(flat, 100, 100);
    g_autoptr(SpFingerprint) grey = fingerprint_of(silhouette, 100, 100);

    g_assert_cmpfloat_with_epsilon(sp_fingerprint_get_chroma(blue), 110, 1e-6);
    g_assert_cmpfloat_with_epsilon(sp_fingerprint_get_chroma(grey), 0, 1e-6);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fingerprint/drawn-pictures-are-told-from-photos",
                    drawn_pictures_are_told_from_photos);
    g_test_add_func("/fingerprint/a-dot-is-blank", a_dot_is_blank);
    g_test_add_func("/fingerprint/cells-are-the-mean-of-their-pixels",
                    cells_are_the_mean_of_their_pixels);
    g_test_add_func("/fingerprint/a-border-inside-a-pixel-shares-it-out",
                    a_border_inside_a_pixel_shares_it_out);
    g_test_add_func("/fingerprint/large-pictures-give-the-cells-of-small-ones",
                    large_pictures_give_the_cells_of_small_ones);
    g_test_add_func("/fingerprint/chroma-tells-colour-from-grey", chroma_tells_colour_from_grey);
    return g_test_run();
}
