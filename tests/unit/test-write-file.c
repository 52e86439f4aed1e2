#include "core/write-file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "tests/unit/folder.h"

static void
assert_holds(const char *path, const char *text)
{
    g_autofree char *found = NULL;

    g_assert_true(g_file_get_contents(path, &found, NULL, NULL));
    g_assert_cmpstr(found, ==, text);
}

static guint
mode_of(const char *path)
{
    struct stat info;

    g_assert_cmpint(lstat(path, &info), ==, 0);
    return info.st_mode & 0777;
}

static void
files_are_replaced_whole(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = g_build_filename(folder, "report", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(sp_write_file(path, "first", &error));
    g_assert_no_error(error);
    g_assert_cmphex(mode_of(path), ==, 0600);
    g_chmod(path, 0640);
    g_assert_true(sp_write_file(path, "second", &error));
    assert_holds(path, "second");
    g_assert_cmphex(mode_of(path), ==, 0640);
    test_folder_free(folder);
}

/* A link stays one, whether or not the file that it leads to is there. */
static void
links_are_followed(void)
{
    char *folder = test_folder_new();
    g_autofree char *inner = g_build_filename(folder, "inner", NULL);
    g_autofree char *file = g_build_filename(inner, "report", NULL);
    g_autofree char *link = g_build_filename(folder, "link", NULL);

    g_mkdir(inner, 0700);
    g_assert_cmpint(symlink("inner/report", link), ==, 0);
    g_assert_true(sp_write_file(link, "first", NULL));
    assert_holds(file, "first");
    g_assert_true(sp_write_file(link, "second", NULL));
    assert_holds(file, "second");
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    test_folder_free(folder);
}

static gpointer
read_pipe(gpointer path)
{
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void
pipes_are_written_to(void)
{
    char *folder = test_folder_new();
    g_autofree char *pipe = g_build_filename(folder, "pipe", NULL);
    g_autofree char *text = NULL;
    GThread *reader;

    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    reader = g_thread_new("reader", read_pipe, pipe);
    g_assert_true(sp_write_file(pipe, "through it", NULL));
    text = g_thread_join(reader);
    g_assert_cmpstr(text, ==, "through it");
    g_assert_false(g_file_test(pipe, G_FILE_TEST_IS_REGULAR));
    test_folder_free(folder);
}

static void
what_is_no_place_is_told(void)
{
    char *folder = test_folder_new();
    g_autofree char *nowhere = g_build_filename(folder, "none", "report", NULL);
    g_autofree char *loop = g_build_filename(folder, "loop", NULL);
    const char *const paths[] = {folder, nowhere, loop};

    g_assert_cmpint(symlink("loop", loop), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(sp_write_file(paths[i], "x", &error));
        g_assert_true(error->domain == G_FILE_ERROR);
    }
    test_folder_free(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/write-file/files-are-replaced-whole", files_are_replaced_whole);
    g_test_add_func("/write-file/links-are-followed", links_are_followed);
    g_test_add_func("/write-file/pipes-are-written-to", pipes_are_written_to);
    g_test_add_func("/write-file/what-is-no-place-is-told", what_is_no_place_is_told);
    return g_test_run();
}
