#include "core/photo/pairs.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"

#define TINY_PNG                                                                                   \
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDAT\x78"    \
    "\x9c"                                                                                         \
    "\x63\x60\0\0\0\2\0\1\x48\xaf\xa4\x71\0\0\0\0IEND\xae\x42\x60\x82"

typedef struct {
    char *folder;
    GString *seen; /* "left right relation;" */
    guint stop_after;
    guint n_rows;
} Fixture;

static void
write_file(const Fixture *fixture, const char *name, const char *data, gssize length)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);

    g_assert_true(g_file_set_contents(path, data, length, NULL));
}

static void
set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->folder = g_dir_make_tmp("samephoto-pairs-XXXXXX", NULL);
    fixture->seen = g_string_new(NULL);
    write_file(fixture, "a.png", TINY_PNG, sizeof TINY_PNG - 1);
    write_file(fixture, "b, c.png", TINY_PNG, sizeof TINY_PNG - 1);
    write_file(fixture, "bad.png", "hello", 5);
}

static void
tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const NAMES[] = {"a.png", "b, c.png", "bad.png", "list.csv"};

    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = g_build_filename(fixture->folder, NAMES[i], NULL);

        g_unlink(path);
    }
    g_rmdir(fixture->folder);
    g_free(fixture->folder);
    g_string_free(fixture->seen, TRUE);
}

static gboolean
note(const SpPairsRow *row, gpointer user_data, GError **error)
{
    Fixture *fixture = user_data;

    g_assert_true((row->comparison == NULL) != (row->error == NULL));
    g_string_append_printf(fixture->seen, "%s|%s|%s;", row->left, row->right,
                           row->comparison != NULL ? sp_relation_name(row->comparison->relation)
                                                   : "error");
    if (++fixture->n_rows == fixture->stop_after) {
        g_set_error_literal(error, SP_ERROR, SP_ERROR_STORE, "enough");
        return FALSE;
    }
    return TRUE;
}

static gboolean
run(Fixture *fixture, const char *list, GError **error)
{
    g_autofree char *path = g_build_filename(fixture->folder, "list.csv", NULL);

    write_file(fixture, "list.csv", list, -1);
    return sp_pairs_run(path, 3, note, fixture, error);
}

static void
every_row_comes_out_in_order(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(run(fixture,
                      "\xef\xbb\xbfleft,label,right\r\n"
                      "a.png,x,\"b, c.png\"\r\n"
                      "\n"
                      "a.png,\"say \"\"hi\"\"\",bad.png\n"
                      "gone.png,,a.png\n"
                      "\"b, c.png\",,a.png",
                      &error));
    g_assert_no_error(error);
    g_assert_cmpstr(fixture->seen->str, ==,
                    "a.png|b, c.png|identical;a.png|bad.png|error;gone.png|a.png|error;"
                    "b, c.png|a.png|identical;");
}

static void
a_long_list_passes_through_a_small_window(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GString) list = g_string_new("left,right\n");

    for (int i = 0; i < 1000; i++)
        g_string_append(list, i % 10 == 0 ? "bad.png,a.png\n" : "a.png,a.png\n");
    g_assert_true(run(fixture, list->str, NULL));
    g_assert_cmpuint(fixture->n_rows, ==, 1000);
}

static void
the_reader_of_the_rows_may_stop(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    fixture->stop_after = 2;
    g_assert_false(run(fixture, "left,right\na.png,a.png\na.png,a.png\na.png,a.png\n", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_cmpuint(fixture->n_rows, ==, 2);
}

static void
a_list_that_is_none_is_told(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const ROWS[][2] = {
        {"", "line 0"},
        {"a.png,a.png\n", "left and right"},
        {"left,right\na.png\n", "line 2"},
        {"left,right\na.png,\"a.png\n", "quotation"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(run(fixture, ROWS[i][0], &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_FORMAT);
        g_assert_nonnull(strstr(error->message, ROWS[i][1]));
    }
}

static void
a_missing_list_and_an_endless_line_are_told(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) endless = NULL;
    g_autofree char *line = g_strnfill(100000, 'x');

    g_assert_false(sp_pairs_run("/nonexistent/list.csv", 1, note, fixture, &missing));
    g_assert_error(missing, SP_ERROR, SP_ERROR_NOT_FOUND);
    g_assert_false(run(fixture, line, &endless));
    g_assert_error(endless, SP_ERROR, SP_ERROR_FORMAT);
}

#define ADD(path, test) g_test_add("/pairs/" path, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("every-row-comes-out-in-order", every_row_comes_out_in_order);
    ADD("a-long-list-passes-through-a-small-window", a_long_list_passes_through_a_small_window);
    ADD("the-reader-of-the-rows-may-stop", the_reader_of_the_rows_may_stop);
    ADD("a-list-that-is-none-is-told", a_list_that_is_none_is_told);
    ADD("a-missing-list-and-an-endless-line-are-told", a_missing_list_and_an_endless_line_are_told);
    return g_test_run();
}
