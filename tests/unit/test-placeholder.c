/* A photo taken for a placeholder is a serious error, so every portrait of the practice tenant is
 * shown to the detector at every size and quality that a service makes of it. The drawn pictures of
 * the shipped pairs are the other side: they must stay found. */

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/photo/photo.h"

static const int sides[] = {48, 64, 72, 96, 120, 200, 240, 648};
static const char *const qualities[] = {"60", "75", "85", "92", "95"};

static SpPlaceholder
placeholder_of(GdkPixbuf *pixbuf, const char *quality)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(SpPhoto) photo = NULL;
    char *data;
    gsize length;

    gdk_pixbuf_save_to_buffer(pixbuf, &data, &length, "jpeg", &error, "quality", quality, NULL);
    g_assert_no_error(error);
    bytes = g_bytes_new_take(data, length);
    photo = sp_photo_new(bytes, &error);
    g_assert_no_error(error);
    return sp_photo_get_placeholder(photo);
}

static void
hold_portrait(const char *name, GdkPixbuf *portrait)
{
    for (gsize s = 0; s < G_N_ELEMENTS(sides); s++) {
        g_autoptr(GdkPixbuf) scaled =
            gdk_pixbuf_scale_simple(portrait, sides[s], sides[s], GDK_INTERP_BILINEAR);

        for (gsize q = 0; q < G_N_ELEMENTS(qualities); q++) {
            if (sides[s] >= 648 && q % 4 != 0) {
                continue; /* the ends do at a size that costs the most */
            }
            g_test_message("%s at %d, quality %s", name, sides[s], qualities[q]);
            g_assert_cmpstr(sp_placeholder_name(placeholder_of(scaled, qualities[q])), ==, "none");
        }
    }
}

static void
a_portrait_is_a_photo_at_every_size_and_quality(void)
{
    g_autofree char *folder =
        g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice", "photos", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    const char *name;
    int n = 0;

    g_assert_no_error(error);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autoptr(GdkPixbuf) portrait = NULL;

        if (!g_str_has_suffix(name, ".jpg")) {
            continue;
        }
        portrait = gdk_pixbuf_new_from_file(path, &error);
        g_assert_no_error(error);
        hold_portrait(name, portrait);
        n++;
    }
    g_assert_cmpint(n, >=, 30);
}

static void
a_drawn_picture_stays_found(void)
{
    static const struct {
        const char *file;
        const char *expected;
    } rows[] = {
        {"2cd7de4a03.jpg", "silhouette"}, {"41056d60bf.jpg", "silhouette"},
        {"a04cf9a308.jpg", "silhouette"}, {"b65934cde2.jpg", "silhouette"},
        {"ef6e62f3dd.jpg", "silhouette"}, {"fc893abf3d.jpg", "silhouette"},
        {"000373bdd9.jpg", "silhouette"}, {"0a384edd4c.jpg", "initials"},
        {"0f3a27ac73.jpg", "initials"},   {"569f1366fb.jpg", "initials"},
        {"66bc4295df.jpg", "initials"},   {"6c2c7469bf.jpg", "initials"},
        {"9e1ef0f630.jpg", "initials"},   {"eadb907a58.jpg", "initials"},
        {"fdddc3570e.jpg", "initials"},   {"fe525181b0.jpg", "initials"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path =
            g_test_build_filename(G_TEST_DIST, "..", "data", "pairs", rows[i].file, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPhoto) photo = sp_photo_new_from_file(path, &error);

        g_assert_no_error(error);
        g_test_message("%s", rows[i].file);
        g_assert_cmpstr(sp_placeholder_name(sp_photo_get_placeholder(photo)), ==, rows[i].expected);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/placeholder/a-portrait-is-a-photo-at-every-size-and-quality",
                    a_portrait_is_a_photo_at_every_size_and_quality);
    g_test_add_func("/placeholder/a-drawn-picture-stays-found", a_drawn_picture_stays_found);
    return g_test_run();
}
