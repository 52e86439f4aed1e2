#include "core/services/seen.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "core/photo/compare.h"

#define AVATAR 160
#define X      430
#define Y      70

static SpPhoto *
load_photo(const char *name)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice", "photos", name, NULL);

    return sp_photo_new_from_file(path, NULL);
}

/* A screenshot of 640 x 360 with Anna's new photo in it. Transfer full: the file's path. */
static char *
make_screenshot(void)
{
    g_autoptr(SpPhoto) photo = load_photo("anna-new.jpg");
    int side = sp_photo_get_width(photo);
    g_autoptr(GdkPixbuf) pixels = gdk_pixbuf_new_from_data(
        sp_photo_get_pixels(photo), GDK_COLORSPACE_RGB, TRUE, 8, side, side, side * 4, NULL, NULL);
    g_autoptr(GdkPixbuf) avatar =
        gdk_pixbuf_scale_simple(pixels, AVATAR, AVATAR, GDK_INTERP_BILINEAR);
    g_autoptr(GdkPixbuf) screen = gdk_pixbuf_new(GDK_COLORSPACE_RGB, TRUE, 8, 640, 360);
    g_autofree char *folder = g_dir_make_tmp("samephoto-seen-XXXXXX", NULL);
    char *path = g_build_filename(folder, "screen\033[31m.png", NULL);

    gdk_pixbuf_fill(screen, 0x2b579aff);
    gdk_pixbuf_copy_area(avatar, 0, 0, AVATAR, AVATAR, screen, X, Y);
    g_assert_true(gdk_pixbuf_save(screen, path, "png", NULL, NULL));
    return path;
}

static void
remove_screenshot(char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);

    g_remove(path);
    g_rmdir(folder);
    g_free(path);
}

static void
a_cut_out_shows_the_photo(void)
{
    const SpSquare square = {X, Y, AVATAR};
    g_autoptr(SpPhoto) photo = load_photo("anna-new.jpg");
    g_autoptr(GError) error = NULL;
    char *path = make_screenshot();
    g_autoptr(SpCopy) whole = sp_seen_new_from_file(path, 2, &error);
    g_autoptr(SpCopy) cut = NULL;
    g_autoptr(SpComparison) before = NULL;
    g_autoptr(SpComparison) after = NULL;

    g_assert_no_error(error);
    g_assert_cmpstr(whole->service, ==, "evidence-2");
    g_assert_true(sp_seen_is_id(whole->service));
    g_assert_cmpstr(whole->title, ==, "what the person sees: screen [31m.png");
    before = sp_compare(photo, whole->photo);
    g_assert_false(sp_relation_is_same_photo(before->relation));
    cut = sp_seen_new_cut(whole, &square, &error);
    g_assert_no_error(error);
    after = sp_compare(photo, cut->photo);
    g_assert_true(sp_relation_is_same_photo(after->relation));
    g_assert_cmpstr(cut->service, ==, "evidence-2");
    g_assert_cmpstr(cut->title, ==, "what the person sees: screen [31m.png, cut out");
    g_assert_cmpstr(sp_copy_get_fact(cut, SP_FACT_CUT_OUT), ==,
                    "160 × 160 at 430, 70 of 640 × 360");
    g_assert_cmpint(sp_photo_get_width(cut->photo), ==, AVATAR);
    remove_screenshot(path);
}

static void
a_square_beyond_the_picture_is_refused(void)
{
    static const SpSquare squares[] = {{600, 0, 41},  {0, 320, 41},      {-1, 0, 10},
                                       {0, -1, 10},   {0, 0, 361},       {0, 0, 0},
                                       {10, 10, -10}, {G_MAXINT, 0, 10}, {0, 0, G_MAXINT}};
    char *path = make_screenshot();
    g_autoptr(SpCopy) whole = sp_seen_new_from_file(path, 1, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(squares); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(sp_seen_new_cut(whole, &squares[i], &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_FORMAT);
    }
    remove_screenshot(path);
}

static void
an_unreadable_file_says_so(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sp_seen_new_from_file("/nonexistent/screen.png", 1, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "screen.png"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seen/a-cut-out-shows-the-photo", a_cut_out_shows_the_photo);
    g_test_add_func("/seen/a-square-beyond-the-picture", a_square_beyond_the_picture_is_refused);
    g_test_add_func("/seen/an-unreadable-file-says-so", an_unreadable_file_says_so);
    return g_test_run();
}
