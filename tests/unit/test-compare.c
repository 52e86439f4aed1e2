#include "core/photo/compare.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

/* The labelled pairs that ship: other people than the thresholds were found on. */

#define N_UNSURE_ALLOWED 4

typedef struct {
    SpPhoto *left;
    SpPhoto *right;
    char *label;
    char *family;
    char *names;
} Pair;

static SpPhoto *
load(const char *name)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "data", "pairs", name, NULL);
    g_autoptr(GError) error = NULL;
    SpPhoto *photo = sp_photo_new_from_file(path, &error);

    g_assert_no_error(error);
    return photo;
}

static void
pair_free(gpointer data)
{
    Pair *pair = data;

    sp_photo_unref(pair->left);
    sp_photo_unref(pair->right);
    g_free(pair->label);
    g_free(pair->family);
    g_free(pair->names);
    g_free(pair);
}

static GPtrArray *
load_pairs(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "data", "pairs", "pairs.csv", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    GPtrArray *pairs = g_ptr_array_new_with_free_func(pair_free);

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ",", -1);
        Pair *pair = g_new0(Pair, 1);

        pair->left = load(fields[0]);
        pair->right = load(fields[1]);
        pair->label = g_strdup(fields[2]);
        pair->family = g_strdup(fields[3]);
        pair->names = g_strdup_printf("%s %s", fields[0], fields[1]);
        g_ptr_array_add(pairs, pair);
    }
    return pairs;
}

static gboolean
is_as_labelled(const Pair *pair, SpRelation relation)
{
    return strcmp(sp_relation_name(relation), pair->label) == 0 ||
           (relation == SP_RELATION_IDENTICAL && strcmp(pair->label, "same") == 0);
}

static void
the_shipped_pairs_come_out_as_labelled(gconstpointer data)
{
    const GPtrArray *pairs = data;
    guint n_unsure = 0;

    g_assert_cmpuint(pairs->len, ==, 305);
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        g_autoptr(SpComparison) it = sp_compare(pair->left, pair->right);

        n_unsure += it->relation == SP_RELATION_UNSURE;
        if (it->relation == SP_RELATION_UNSURE || is_as_labelled(pair, it->relation))
            continue;
        g_test_message("%s (%s): %s, not %s", pair->names, pair->family,
                       sp_relation_name(it->relation), pair->label);
        g_test_fail();
    }
    g_assert_cmpuint(n_unsure, <=, N_UNSURE_ALLOWED);
}

static void
assert_mirrored(const SpComparison *there, const SpComparison *back)
{
    g_assert_cmpint(there->relation, ==, back->relation);
    g_assert_true(there->similarity == back->similarity);
    g_assert_true(memcmp(&there->left_part, &back->right_part, sizeof(SpRect)) == 0);
    g_assert_true(memcmp(&there->right_part, &back->left_part, sizeof(SpRect)) == 0);
    g_assert_cmpint(there->left_placeholder, ==, back->right_placeholder);
    g_assert_cmpuint(there->n_measures, ==, back->n_measures);
    for (guint i = 0; i < there->n_measures; i++)
        g_assert_true(there->measures[i].value == back->measures[i].value);
}

static void
left_and_right_may_change_places(gconstpointer data)
{
    const GPtrArray *pairs = data;

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        g_autoptr(SpComparison) there = sp_compare(pair->left, pair->right);
        g_autoptr(SpComparison) back = sp_compare(pair->right, pair->left);

        assert_mirrored(there, back);
    }
}

static void
a_picture_is_identical_to_itself(gconstpointer data)
{
    const GPtrArray *pairs = data;

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        const SpPhoto *both[] = {pair->left, pair->right};

        for (gsize k = 0; k < G_N_ELEMENTS(both); k++) {
            g_autoptr(SpComparison) it = sp_compare(both[k], both[k]);

            g_assert_cmpint(it->relation, ==, SP_RELATION_IDENTICAL);
            g_assert_cmpfloat(it->similarity, ==, 1.0);
        }
    }
}

static void
every_answer_says_why(gconstpointer data)
{
    const GPtrArray *pairs = data;

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        g_autoptr(SpComparison) it = sp_compare(pair->left, pair->right);

        g_assert_cmpstr(it->why, !=, "");
        g_assert_null(strchr(it->why, '\n'));
        g_assert_true(it->similarity >= 0 && it->similarity <= 1);
        g_assert_true(it->similarity < 1 || it->relation == SP_RELATION_IDENTICAL);
    }
}

/* A picture from side x side pixels of red, green and blue. */
static SpPhoto *
photo_of_squares(const guint8 *rgb, int side)
{
    g_autoptr(GString) bmp = g_string_new("BM");
    guint32 header[] = {(guint32) (54 + side * side * 4),
                        0,
                        54,
                        40,
                        (guint32) side,
                        (guint32) -side,
                        1 | 32 << 16,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0};
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    SpPhoto *photo;

    g_string_append_len(bmp, (const char *) header, sizeof header);
    for (int i = 0; i < side * side; i++) {
        const char pixel[4] = {(char) rgb[3 * i + 2], (char) rgb[3 * i + 1], (char) rgb[3 * i], 0};

        g_string_append_len(bmp, pixel, sizeof pixel);
    }
    bytes = g_bytes_new(bmp->str, bmp->len);
    photo = sp_photo_new(bytes, &error);
    g_assert_no_error(error);
    return photo;
}

static SpPhoto *
oriented(const SpPhoto *photo, int turns, gboolean is_mirrored)
{
    int side = sp_photo_get_width(photo);
    const guint8 *pixels = sp_photo_get_pixels(photo);
    g_autofree guint8 *rgb = g_malloc((gsize) side * (gsize) side * 3);

    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            int u = is_mirrored ? side - 1 - x : x;
            int v = y;

            for (int k = 0; k < turns; k++) {
                int kept = u;

                u = side - 1 - v;
                v = kept;
            }
            memcpy(rgb + 3 * (v * side + u), pixels + 4 * (y * side + x), 3);
        }
    return photo_of_squares(rgb, side);
}

/* Mirrors, then turns clockwise; the comparison says what undoes it. */
static void
turned_and_mirrored_pictures_are_put_right(gconstpointer data)
{
    const GPtrArray *pairs = data;
    const SpPhoto *photo = NULL;

    for (guint i = 0; i < pairs->len && photo == NULL; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);

        if (strcmp(pair->family, "mirror") == 0 &&
            sp_photo_get_width(pair->left) == sp_photo_get_height(pair->left))
            photo = pair->left;
    }
    g_assert_nonnull(photo);
    for (int k = 1; k < 8; k++) {
        int turns = k & 3;
        gboolean is_mirrored = k >= 4;
        g_autoptr(SpPhoto) edited = oriented(photo, turns, is_mirrored);
        g_autoptr(SpComparison) it = sp_compare(photo, edited);
        g_autoptr(SpComparison) back = sp_compare(edited, photo);

        g_assert_cmpint(it->relation, ==, SP_RELATION_EDITED);
        g_assert_cmpint(it->is_mirrored, ==, is_mirrored);
        g_assert_cmpint(it->quarter_turns, ==, is_mirrored ? turns : (4 - turns) % 4);
        g_assert_cmpint(back->quarter_turns, ==, turns);
    }
}

static GdkPixbuf *
load_portrait(const char *name)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice", "photos", name, NULL);
    g_autoptr(GError) error = NULL;
    GdkPixbuf *pixbuf = gdk_pixbuf_new_from_file(path, &error);

    g_assert_no_error(error);
    return pixbuf;
}

static SpPhoto *
copy_of(GdkPixbuf *original, int side, const char *quality)
{
    g_autoptr(GdkPixbuf) scaled =
        gdk_pixbuf_scale_simple(original, side, side, GDK_INTERP_BILINEAR);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    SpPhoto *photo;
    char *data;
    gsize length;

    gdk_pixbuf_save_to_buffer(scaled, &data, &length, "jpeg", &error, "quality", quality, NULL);
    g_assert_no_error(error);
    bytes = g_bytes_new_take(data, length);
    photo = sp_photo_new(bytes, &error);
    g_assert_no_error(error);
    return photo;
}

/* The pixels from (x, y) on, size x size of them, at another size. */
static SpPhoto *
crop_of(GdkPixbuf *original, int x, int y, int size, int side)
{
    g_autoptr(GdkPixbuf) part = gdk_pixbuf_new_subpixbuf(original, x, y, size, size);

    return copy_of(part, side, "90");
}

/* Each way round, and from a crop to another crop. */
static void
a_crop_says_where_it_went(void)
{
    static const struct {
        int x, y, size;
        const char *there;
        const char *back;
    } rows[] = {
        {0, 54, 540, "cropped tighter, shifted left", "cropped wider, shifted right"},
        {108, 54, 540, "cropped tighter, shifted right", "cropped wider, shifted left"},
        {54, 0, 540, "cropped tighter, shifted up", "cropped wider, shifted down"},
        {108, 108, 540, "cropped tighter, shifted right and down", "wider, shifted left and up"},
        {0, 108, 540, "cropped tighter, shifted left and down", "wider, shifted right and up"},
        {54, 54, 540, "the right one is cropped tighter", "the right one is cropped wider"},
    };
    g_autoptr(GdkPixbuf) original = load_portrait("chloe-new.jpg");
    g_autoptr(SpPhoto) whole = copy_of(original, 648, "95");
    g_autoptr(SpPhoto) left = crop_of(original, 0, 0, 600, 240);
    g_autoptr(SpPhoto) right = crop_of(original, 48, 0, 600, 300);
    g_autoptr(SpComparison) aside = sp_compare(left, right);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SpPhoto) crop = crop_of(original, rows[i].x, rows[i].y, rows[i].size, 240);
        g_autoptr(SpComparison) there = sp_compare(whole, crop);
        g_autoptr(SpComparison) back = sp_compare(crop, whole);

        g_test_message("%s, back: %s", there->why, back->why);
        g_assert_true(g_str_has_suffix(there->why, rows[i].there));
        g_assert_true(g_str_has_suffix(back->why, rows[i].back));
    }
    g_assert_cmpstr(aside->why, ==, "same photo, the right one's frame is shifted right");
}

static gboolean
was_looked_at_again(const SpComparison *comparison)
{
    for (guint i = 0; i < comparison->n_measures; i++)
        if (g_str_equal(comparison->measures[i].name, "distance at two pixels a cell"))
            return TRUE;
    return FALSE;
}

/* A striped shirt at a size that is no multiple of the grid's; and the next shot beside it. */
static void
fine_stripes_are_looked_at_again(void)
{
    static const int sides[] = {72, 96, 100, 120};
    g_autoptr(GdkPixbuf) original = load_portrait("anna-old.jpg");
    g_autoptr(GdkPixbuf) first = load_portrait("anna-new.jpg");
    g_autoptr(GdkPixbuf) next = load_portrait("anna-burst.jpg");
    g_autoptr(SpPhoto) upload = copy_of(original, 648, "95");
    g_autoptr(SpPhoto) first_upload = copy_of(first, 648, "95");
    gboolean is_needed = FALSE;

    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(SpPhoto) copy = copy_of(original, sides[i], "85");
        g_autoptr(SpPhoto) next_copy = copy_of(next, sides[i], "85");
        g_autoptr(SpComparison) it = sp_compare(upload, copy);
        g_autoptr(SpComparison) other = sp_compare(first_upload, next_copy);

        g_test_message("%d px: %s", sides[i], sp_relation_name(it->relation));
        g_assert_cmpstr(sp_relation_name(it->relation), ==, "same");
        g_assert_false(sp_relation_is_same_photo(other->relation));
        is_needed |= was_looked_at_again(it);
    }
    g_assert_true(is_needed);
}

/* The next shot never has "other" surroundings; the photo of somebody else often does. */
static void
a_different_photo_says_what_differs(gconstpointer data)
{
    const GPtrArray *pairs = data;
    guint n_told = 0;

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        g_autoptr(SpComparison) it = sp_compare(pair->left, pair->right);

        if (it->relation != SP_RELATION_DIFFERENT)
            continue;
        if (g_str_has_prefix(pair->family, "burst-"))
            g_assert_null(strstr(it->why, "other background"));
        if (g_str_equal(pair->family, "other-random"))
            n_told += strstr(it->why, "other background and clothes") != NULL;
    }
    g_assert_cmpuint(n_told, >=, 10);
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) pairs = NULL;

    g_test_init(&argc, &argv, NULL);
    pairs = load_pairs();
    g_test_add_data_func("/compare/the-shipped-pairs-come-out-as-labelled", pairs,
                         the_shipped_pairs_come_out_as_labelled);
    g_test_add_data_func("/compare/left-and-right-may-change-places", pairs,
                         left_and_right_may_change_places);
    g_test_add_data_func("/compare/a-picture-is-identical-to-itself", pairs,
                         a_picture_is_identical_to_itself);
    g_test_add_data_func("/compare/every-answer-says-why", pairs, every_answer_says_why);
    g_test_add_data_func("/compare/a-different-photo-says-what-differs", pairs,
                         a_different_photo_says_what_differs);
    g_test_add_data_func("/compare/turned-and-mirrored-pictures-are-put-right", pairs,
                         turned_and_mirrored_pictures_are_put_right);
    g_test_add_func("/compare/a-crop-says-where-it-went", a_crop_says_where_it_went);
    g_test_add_func("/compare/fine-stripes-are-looked-at-again", fine_stripes_are_looked_at_again);
    return g_test_run();
}
