/* The database: what is saved stays saved, whatever kills the program or fills the disk. */

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/guide/session.h"
#include "core/guide/statement.h"
#include "tests/unit/folder.h"

#define N_KILLS 200

static const char steps[] = "# List\n\n1. One\n2. Two\n3. Three\n";

static char *
database_in(const char *folder)
{
    return g_build_filename(folder, "a.db", NULL);
}

static SpStore *
open_in(const char *folder)
{
    g_autofree char *path = database_in(folder);
    g_autoptr(GError) error = NULL;
    SpStore *store = sp_store_open(path, &error);

    g_assert_no_error(error);
    return store;
}

static gint64
begin(SpStore *store)
{
    g_autoptr(SpPlaybook) playbook = sp_playbook_parse(steps, strlen(steps), "list", NULL);
    SpSessionOptions options = {.playbook = playbook};
    g_autoptr(GError) error = NULL;
    g_autoptr(SpSession) session = sp_session_begin(store, &options, &error);

    g_assert_no_error(error);
    return sp_session_get_id(session);
}

static void
assert_integrity(SpStore *store)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(store, "PRAGMA integrity_check", NULL);

    g_assert_true(sp_store_step(store, statement, NULL));
    g_assert_cmpstr((const char *) sqlite3_column_text(statement, 0), ==, "ok");
}

/* What the child has saved, told over a pipe after each call has returned. */
typedef struct {
    int note;
    int current;
} Saved;

static void
write_for_ever(const char *path, gint64 id, int fd)
{
    g_autoptr(SpStore) store = sp_store_open(path, NULL);
    g_autoptr(SpSession) session = sp_session_load(store, id, NULL);

    for (int i = 1;; i++) {
        Saved saved = {.note = i, .current = i % 3};
        g_autofree char *note = g_strdup_printf("%d", i);

        if (!sp_session_set_note(session, 0, note, NULL) ||
            !sp_session_set_current(session, (guint) saved.current, NULL) ||
            write(fd, &saved, sizeof saved) != (ssize_t) sizeof saved) {
            _exit(1);
        }
    }
}

static Saved
read_last(int fd, Saved last)
{
    Saved next;

    while (read(fd, &next, sizeof next) == (ssize_t) sizeof next) {
        last = next;
    }
    return last;
}

/* Runs a child on the session, kills it `delay_us` after its first word, and gives its last one. */
static Saved
run_and_kill(const char *path, gint64 id, guint delay_us)
{
    int fds[2];
    pid_t child;
    Saved last;

    g_assert_cmpint(pipe(fds), ==, 0);
    child = fork();
    if (child == 0) {
        close(fds[0]);
        write_for_ever(path, id, fds[1]);
    }
    close(fds[1]);
    g_assert_cmpint(read(fds[0], &last, sizeof last), ==, sizeof last);
    g_usleep(delay_us);
    g_assert_cmpint(kill(child, SIGKILL), ==, 0);
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    last = read_last(fds[0], last);
    close(fds[0]);
    return last;
}

/* The note that was told is there, or the next one that was written and not told any more. */
static void
test_kill(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = database_in(folder);
    SpStore *store = open_in(folder);
    gint64 id = begin(store);

    sp_store_unref(store);
    for (guint i = 0; i < N_KILLS; i++) {
        Saved saved = run_and_kill(path, id, (guint) g_random_int_range(0, 20000));
        g_autoptr(SpStore) again = open_in(folder);
        g_autoptr(SpSession) session = sp_session_load(again, id, NULL);
        const SpSessionStep *step = g_ptr_array_index(sp_session_get_steps(session), 0);
        int note = step->note == NULL ? 0 : (int) g_ascii_strtoll(step->note, NULL, 10);

        int current = (int) sp_session_get_current(session);

        g_assert_true(note == saved.note || note == saved.note + 1);
        g_assert_true(current == saved.current || (note == saved.note + 1 && current == note % 3));
        if (i % 20 == 0 || i == N_KILLS - 1) {
            assert_integrity(again);
        }
    }
    test_folder_free(folder);
}

/* Each of several programs adds its own sessions; none is lost. */
static void
test_two_programs(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = database_in(folder);
    pid_t children[4];
    g_autoptr(SpStore) store = NULL;
    g_autoptr(GPtrArray) rows = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(children); i++) {
        children[i] = fork();
        if (children[i] == 0) {
            SpStore *own = sp_store_open(path, NULL);

            for (int j = 0; own != NULL && j < 10; j++) {
                begin(own);
            }
            _exit(own == NULL ? 1 : 0);
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(children); i++) {
        int status = 0;

        g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
        g_assert_cmpint(status, ==, 0);
    }
    store = open_in(folder);
    rows = sp_session_list(store, NULL, NULL);
    g_assert_cmpuint(rows->len, ==, 40);
    test_folder_free(folder);
}

/* Two views of one session change different things of one step: both stay. */
static void
test_two_views(void)
{
    char *folder = test_folder_new();
    g_autoptr(SpStore) first = open_in(folder);
    g_autoptr(SpStore) second = open_in(folder);
    gint64 id = begin(first);
    g_autoptr(SpSession) left = sp_session_load(first, id, NULL);
    g_autoptr(SpSession) right = sp_session_load(second, id, NULL);
    g_autoptr(SpSession) both = NULL;
    const SpSessionStep *step;

    g_assert_true(sp_session_set_note(left, 1, "left", NULL));
    g_assert_true(sp_session_set_state(right, 1, SP_STEP_PASSED, NULL));
    both = sp_session_load(first, id, NULL);
    step = g_ptr_array_index(sp_session_get_steps(both), 1);
    g_assert_cmpstr(step->note, ==, "left");
    g_assert_cmpint(step->state, ==, SP_STEP_PASSED);
    test_folder_free(folder);
}

static void
test_full_disk(void)
{
    char *folder = test_folder_new();
    g_autoptr(SpStore) store = open_in(folder);
    g_autoptr(SpSession) session = sp_session_load(store, begin(store), NULL);
    const SpSessionStep *step = g_ptr_array_index(sp_session_get_steps(session), 0);
    g_autofree char *long_note = g_strnfill(3900, 'x');
    g_autoptr(GError) error = NULL;
    g_autoptr(SpSession) again = NULL;

    g_assert_true(sp_session_set_note(session, 0, "kept", NULL));
    sp_store_limit_pages(store, 1);
    for (guint i = 0; i < 200 && error == NULL; i++) {
        sp_session_set_note(session, 1, long_note, &error);
    }
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_nonnull(strstr(error->message, "the disk is full"));
    g_assert_cmpstr(step->note, ==, "kept");
    again = sp_session_load(store, sp_session_get_id(session), NULL);
    step = g_ptr_array_index(sp_session_get_steps(again), 0);
    g_assert_cmpstr(step->note, ==, "kept");
    assert_integrity(store);
    test_folder_free(folder);
}

/* Root may write anywhere, so the attempt is made as nobody. */
static void
test_read_only(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = database_in(folder);
    int status = 0;
    pid_t child;

    g_assert_cmpint(chmod(folder, 0555), ==, 0);
    child = fork();
    if (child == 0) {
        g_autoptr(GError) error = NULL;

        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(2);
        }
        if (sp_store_open(path, &error) != NULL ||
            !g_error_matches(error, SP_ERROR, SP_ERROR_STORE)) {
            _exit(1);
        }
        _exit(strstr(error->message, "cannot be opened") != NULL ? 0 : 3);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpint(chmod(folder, 0700), ==, 0);
    test_folder_free(folder);
}

static void
test_modes(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = g_build_filename(folder, "new", "a.db", NULL);
    g_autofree char *inner = g_build_filename(folder, "new", NULL);
    g_autoptr(SpStore) store = sp_store_open(path, NULL);
    struct stat info;

    g_assert_cmpint(stat(path, &info), ==, 0);
    g_assert_cmpint(info.st_mode & 0777, ==, 0600);
    g_assert_cmpint(stat(inner, &info), ==, 0);
    g_assert_cmpint(info.st_mode & 0777, ==, 0700);
    test_folder_free(folder);
}

static void
test_refused(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = database_in(folder);
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(path,
                                      "This is no database, but it is long enough to be one. "
                                      "Really it is text, and text it stays for ever.",
                                      -1, NULL));
    g_assert_null(sp_store_open(path, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_nonnull(strstr(error->message, "no samephoto database"));
    test_folder_free(folder);
}

static void
test_newer(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = database_in(folder);
    SpStore *store = open_in(folder);
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(store, "PRAGMA user_version = 999", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(sp_store_run(store, statement, NULL));
    g_clear_pointer(&statement, sqlite3_finalize);
    sp_store_unref(store);
    g_assert_null(sp_store_open(path, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_nonnull(strstr(error->message, "newer samephoto"));
    test_folder_free(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/modes", test_modes);
    g_test_add_func("/store/two-programs", test_two_programs);
    g_test_add_func("/store/two-views", test_two_views);
    g_test_add_func("/store/full-disk", test_full_disk);
    g_test_add_func("/store/read-only", test_read_only);
    g_test_add_func("/store/refused", test_refused);
    g_test_add_func("/store/newer", test_newer);
    g_test_add_func("/store/kill", test_kill);
    return g_test_run();
}
