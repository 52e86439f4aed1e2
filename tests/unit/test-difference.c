#include "core/photo/difference.h"

#include <math.h>
#include <string.h>

/* Two shots that differ in one place, the same one lightened, and a crop. */

#define SIDE 200

typedef struct {
    double zoom; /* the crop's share of the side, from the top left corner */
    double gain;
    gboolean has_mark; /* a bright disc at (0.65, 0.35) */
} Shot;

static double
scene(double x, double y)
{
    return 110 + 45 * sin(23 * x + 4 * y) * cos(19 * y) + 40 * sin(7 * x) + 30 * cos(9 * y - 2 * x);
}

static SpPhoto *
take(const Shot *shot)
{
    g_autoptr(GString) bmp = g_string_new("BM");
    guint32 header[] = {
        54 + SIDE * SIDE * 4, 0, 54, 40, SIDE, (guint32) -SIDE, 1 | 32 << 16, 0, 0, 0, 0, 0, 0};
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    SpPhoto *photo;

    g_string_append_len(bmp, (const char *) header, sizeof header);
    for (int i = 0; i < SIDE * SIDE; i++) {
        double x = (i % SIDE + 0.5) / SIDE * shot->zoom;
        double y = (i / SIDE + 0.5) / SIDE * shot->zoom;
        double value = scene(x, y) * shot->gain;
        char pixel[4] = {0};

        if (shot->has_mark && hypot(x - 0.65, y - 0.35) < 0.08)
            value = 255 - value;
        memset(pixel, (int) CLAMP(lrint(value), 0, 255), 3);
        g_string_append_len(bmp, pixel, sizeof pixel);
    }
    bytes = g_bytes_new(bmp->str, bmp->len);
    photo = sp_photo_new(bytes, &error);
    g_assert_no_error(error);
    return photo;
}

static SpDifference *
difference_of(const Shot *left, const Shot *right, int side)
{
    g_autoptr(SpPhoto) a = take(left);
    g_autoptr(SpPhoto) b = take(right);
    g_autoptr(SpComparison) comparison = sp_compare(a, b);

    g_test_message("%s: %s", sp_relation_name(comparison->relation), comparison->why);
    return sp_difference_new(a, b, comparison, side);
}

static int
hottest(const SpDifference *difference)
{
    int n = difference->side * difference->side;
    int best = 0;

    for (int i = 1; i < n; i++)
        if (difference->heat[i] > difference->heat[best])
            best = i;
    return best;
}

static void
a_changed_place_is_hot_and_the_rest_is_cold(void)
{
    g_autoptr(SpDifference) it = difference_of(&(Shot){1, 1, FALSE}, &(Shot){1, 1, TRUE}, 128);
    int at = hottest(it);
    double x = (at % 128 + 0.5) / 128;
    double y = (at / 128 + 0.5) / 128;

    g_assert_cmpint(it->side, ==, 128);
    g_assert_cmpuint(it->heat[at], >, 200);
    g_assert_cmpfloat(hypot(x - 0.65, y - 0.35), <, 0.12);
    g_assert_cmpuint(it->heat[100 * 128 + 20], <, 10);
    g_assert_cmpfloat(it->changed, >, 0.01);
    g_assert_cmpfloat(it->changed, <, 0.06);
}

static void
light_and_contrast_are_forgiven(void)
{
    g_autoptr(SpDifference) it = difference_of(&(Shot){1, 1, FALSE}, &(Shot){1, 0.8, FALSE}, 64);

    g_assert_cmpuint(it->heat[hottest(it)], <, 20);
    g_assert_cmpfloat(it->changed, ==, 0);
}

static void
a_crop_is_aligned_before(void)
{
    g_autoptr(SpDifference) it = difference_of(&(Shot){1, 1, FALSE}, &(Shot){0.85, 1, FALSE}, 100);
    int off = 0;

    for (int i = 0; i < 100 * 100 * 4; i++)
        off = MAX(off, ABS(it->left[i] - it->right[i]));
    g_assert_cmpint(off, <, 25);
    g_assert_cmpfloat(it->changed, <, 0.01);
}

static void
the_frame_may_be_small_or_large(void)
{
    static const int sides[] = {16, 33, 1024};

    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(SpDifference) it =
            difference_of(&(Shot){1, 1, FALSE}, &(Shot){1, 1, TRUE}, sides[i]);

        g_assert_cmpint(it->side, ==, sides[i]);
        g_assert_cmpuint(it->left[(gsize) sides[i] * (gsize) sides[i] * 4 - 1], ==, 255);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/difference/a-changed-place-is-hot-and-the-rest-is-cold",
                    a_changed_place_is_hot_and_the_rest_is_cold);
    g_test_add_func("/difference/light-and-contrast-are-forgiven", light_and_contrast_are_forgiven);
    g_test_add_func("/difference/a-crop-is-aligned-before", a_crop_is_aligned_before);
    g_test_add_func("/difference/the-frame-may-be-small-or-large", the_frame_may_be_small_or_large);
    return g_test_run();
}
