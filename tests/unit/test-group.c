#include "core/photo/group.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

/* The practice tenant's portraits, resized and re-encoded as services do it. */

typedef struct {
    const char *portrait; /* NULL: no picture at this service; "": a blank one */
    int side;
} Copy;

#define MAX_COPIES 8

typedef struct {
    Copy copies[MAX_COPIES];
    int reference;
    const char *groups; /* a letter a copy, '-' for none */
} Story;

static SpPhoto *
make_copy(const Copy *copy)
{
    g_autofree char *name = NULL;
    g_autofree char *path = NULL;
    g_autoptr(GdkPixbuf) original = NULL;
    g_autoptr(GdkPixbuf) resized = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    char *data;
    gsize length;
    SpPhoto *photo;

    if (*copy->portrait == '\0') {
        resized = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, copy->side, copy->side);
        gdk_pixbuf_fill(resized, 0x8090a0ff);
    } else {
        name = g_strconcat(copy->portrait, ".jpg", NULL);
        path = g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice", "photos", name,
                                     NULL);
        original = gdk_pixbuf_new_from_file(path, &error);
        g_assert_no_error(error);
        resized = gdk_pixbuf_scale_simple(original, copy->side, copy->side, GDK_INTERP_BILINEAR);
    }
    gdk_pixbuf_save_to_buffer(resized, &data, &length, "jpeg", &error, "quality", "85", NULL);
    g_assert_no_error(error);
    bytes = g_bytes_new_take(data, length);
    photo = sp_photo_new(bytes, &error);
    g_assert_no_error(error);
    return photo;
}

static void
assert_story(const Story *story)
{
    SpPhoto *photos[MAX_COPIES] = {NULL};
    guint n = (guint) strlen(story->groups);
    g_autoptr(SpGroups) groups = NULL;
    char letters[MAX_COPIES + 1] = {0};

    for (guint i = 0; i < n; i++)
        if (story->copies[i].portrait != NULL)
            photos[i] = make_copy(&story->copies[i]);
    groups = sp_groups_new(photos, n, story->reference);
    for (guint i = 0; i < n; i++) {
        const SpComparison *it = sp_groups_to_reference(groups, i);
        int group = sp_groups_of(groups, i);

        letters[i] = group == SP_GROUP_NONE ? '-' : (char) ('A' + group);
        g_assert_true((it != NULL) == (photos[i] != NULL && story->reference >= 0 &&
                                       photos[story->reference] != NULL));
        g_assert_cmpint(group, <, (int) sp_groups_count(groups));
    }
    g_assert_cmpstr(letters, ==, story->groups);
    for (guint i = 0; i < n; i++)
        sp_photo_unref(photos[i]);
}

static void
stories_come_out_as_people_see_them(void)
{
    static const Story stories[] = {
        {{{"anna-new", 648}, {"anna-new", 96}, {"anna-new", 48}, {"anna-new", 300}}, 0, "AAAA"},
        {{{"anna-new", 648}, {"anna-old", 300}, {"anna-new", 48}, {"anna-old", 48}}, 0, "ABAB"},
        {{{"anna-new", 648}, {"anna-old", 300}, {"anna-new", 72}}, 1, "BAB"},
        {{{NULL, 0}, {"anna-old", 300}, {"anna-new", 72}, {NULL, 0}}, 0, "-AB-"},
        {{{NULL, 0}, {"anna-old", 300}, {"anna-new", 72}}, -1, "-AB"},
        {{{"", 200}, {"anna-new", 300}, {"", 1}, {"anna-new", 96}}, 0, "-A-A"},
        {{{"anna-new", 648}, {"bashir-new", 648}, {"chloe-new", 648}, {"bashir-new", 96}},
         0,
         "ABCB"},
        {{{"anna-new", 648}, {"anna-burst", 648}, {"anna-burst", 240}, {"anna-new", 240}},
         0,
         "ABBA"},
        {{{NULL, 0}}, -1, "-"},
        {{{NULL, 0}}, -1, ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
        g_test_message("story %zu: %s", i, stories[i].groups);
        assert_story(&stories[i]);
    }
}

/* Whatever the order of the list, the same copies stand together. */
static void
the_order_of_the_list_moves_no_copy(void)
{
    static const Copy copies[] = {{"hana-new", 48},  {"hana-old", 648}, {"hana-new", 300},
                                  {"hana-old", 64},  {"hana-new", 96},  {"leila-new", 48},
                                  {"leila-new", 240}};
    enum { N = G_N_ELEMENTS(copies) };
    SpPhoto *photos[N];
    SpPhoto *listed[N];

    for (int i = 0; i < N; i++)
        photos[i] = make_copy(&copies[i]);
    for (int turn = 0; turn < N; turn++) {
        g_autoptr(SpGroups) groups = NULL;

        for (int i = 0; i < N; i++)
            listed[i] = photos[(i * 3 + turn) % N];
        groups = sp_groups_new(listed, N, -1);
        for (int a = 0; a < N; a++)
            for (int b = 0; b < N; b++)
                g_assert_cmpint(sp_groups_of(groups, (guint) a) == sp_groups_of(groups, (guint) b),
                                ==,
                                g_str_equal(copies[(a * 3 + turn) % N].portrait,
                                            copies[(b * 3 + turn) % N].portrait));
    }
    for (int i = 0; i < N; i++)
        sp_photo_unref(photos[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/group/stories-come-out-as-people-see-them",
                    stories_come_out_as_people_see_them);
    g_test_add_func("/group/the-order-of-the-list-moves-no-copy",
                    the_order_of_the_list_moves_no_copy);
    return g_test_run();
}
