/* The database: what is saved stays saved, whatever kills the program or fills the disk. */

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/guide/session.h"
#include "core/guide/statement.h"
#include "tests/unit/evidence.h"
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

/* Every kind of change, one after the other; change `n` is what n says. */
typedef enum {
    CHANGE_NOTE,
    CHANGE_STATE,
    CHANGE_WAIT,
    CHANGE_SKIP,
    CHANGE_EVIDENCE,
    CHANGE_CURRENT,
    N_CHANGES
} Change;

static gboolean
change(SpSession *session, TestCase *shown, int n)
{
    g_autofree char *note = g_strdup_printf("%d", n);
    g_autoptr(GDateTime) until = g_date_time_new_from_unix_utc(1800000000 + n);

    switch ((Change) (n % N_CHANGES)) {
    case CHANGE_NOTE: return sp_session_set_note(session, 0, note, NULL);
    case CHANGE_STATE: return sp_session_set_state(session, 1, SP_STEP_DOING, NULL);
    case CHANGE_WAIT: return sp_session_wait_until(session, 2, until, NULL);
    case CHANGE_SKIP: return sp_session_skip(session, 1, SP_SKIP_OTHER, note, NULL);
    case CHANGE_EVIDENCE:
        return sp_session_record_evidence(session, test_case_evidence(shown), NULL);
    case CHANGE_CURRENT: return sp_session_set_current(session, (guint) (n / N_CHANGES % 3), NULL);
    default: return FALSE;
    }
}

/* The last change of this kind up to `n`, or 0. */
static int
last_of(Change kind, int n)
{
    int last = n - (n - (int) kind + N_CHANGES) % N_CHANGES;

    return MAX(last, 0);
}

static int
count_evidence(SpStore *store)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store, "SELECT count(*) FROM evidence", NULL);

    g_assert_true(sp_store_step(store, statement, NULL));
    return sqlite3_column_int(statement, 0);
}

/* What the database holds, in one line. */
static char *
describe(SpStore *store, const SpSession *session)
{
    const SpSessionStep *const *rows =
        (const SpSessionStep *const *) sp_session_get_steps(session)->pdata;

    return g_strdup_printf(
        "%s %s %" G_GINT64_FORMAT " %s %d %u", rows[0]->note == NULL ? "0" : rows[0]->note,
        sp_step_state_name(rows[1]->state),
        rows[2]->wait_until == NULL ? 0 : g_date_time_to_unix(rows[2]->wait_until) - 1800000000,
        rows[1]->note == NULL ? "0" : rows[1]->note, count_evidence(store),
        sp_session_get_current(session));
}

/* What it has to hold after change `n`. */
static char *
expect(int n)
{
    int state = last_of(CHANGE_STATE, n);
    int skip = last_of(CHANGE_SKIP, n);
    const char *second = state == 0 && skip == 0 ? "todo" : state > skip ? "doing" : "skipped";

    return g_strdup_printf(
        "%d %s %d %d %d %d", last_of(CHANGE_NOTE, n), second, last_of(CHANGE_WAIT, n), skip,
        (n + N_CHANGES - CHANGE_EVIDENCE) / N_CHANGES, last_of(CHANGE_CURRENT, n) / N_CHANGES % 3);
}

static void
write_for_ever(const char *path, gint64 id, int n, TestCase *shown, int fd)
{
    g_autoptr(SpStore) store = sp_store_open(path, NULL);
    g_autoptr(SpSession) session = sp_session_load(store, id, NULL);

    while (change(session, shown, ++n) && write(fd, &n, sizeof n) == (ssize_t) sizeof n) {
    }
    _exit(1);
}

static int
read_last(int fd, int last)
{
    int next;

    while (read(fd, &next, sizeof next) == (ssize_t) sizeof next) {
        last = next;
    }
    return last;
}

/* Runs a child that goes on after change `n`, kills it `delay_us` after its first word, and gives
 * the last change that it told of. */
static int
run_and_kill(const char *path, gint64 id, int n, TestCase *shown, guint delay_us)
{
    int fds[2];
    pid_t child;
    int last = 0;

    g_assert_cmpint(pipe(fds), ==, 0);
    child = fork();
    if (child == 0) {
        close(fds[0]);
        write_for_ever(path, id, n, shown, fds[1]);
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

/* All that was told of is there, and of what was not told of at most the one change after it,
 * whole. */
static void
test_kill(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = database_in(folder);
    TestCase *shown = test_case_new();
    SpStore *store = open_in(folder);
    gint64 id = begin(store);
    int n = 0;

    sp_store_unref(store);
    for (guint i = 0; i < N_KILLS; i++) {
        n = run_and_kill(path, id, n, shown, (guint) g_random_int_range(0, 20000));
        g_autoptr(SpStore) again = open_in(folder);
        g_autoptr(SpSession) session = sp_session_load(again, id, NULL);
        g_autofree char *found = describe(again, session);
        g_autofree char *told = expect(n);
        g_autofree char *next = expect(n + 1);

        if (!g_str_equal(found, told)) {
            g_assert_cmpstr(found, ==, next);
            n++;
        }
        assert_integrity(again);
    }
    test_case_free(shown);
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

/* A small file system of our own where one may be mounted; else files that may not grow. */
static void
limit_disk(const char *folder)
{
    const struct rlimit limit = {400 * 1024, 400 * 1024};

    if (geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
        mount("none", folder, "tmpfs", 0, "size=400k") == 0) {
        return;
    }
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void
fill_disk(const char *folder)
{
    g_autoptr(SpStore) store = NULL;
    g_autoptr(SpSession) session = NULL;
    g_autoptr(SpSession) again = NULL;
    g_autofree char *long_note = g_strnfill(3000, 'x');
    g_autofree char *last = g_strdup("");
    g_autoptr(GError) error = NULL;

    limit_disk(folder);
    store = open_in(folder);
    session = sp_session_load(store, begin(store), NULL);
    for (int i = 0; i < 2000 && error == NULL; i++) {
        g_autofree char *note = g_strdup_printf("%d %s", i, long_note);

        if (sp_session_set_note(session, i % 2, note, &error)) {
            g_free(last);
            last = g_steal_pointer(&note);
        }
    }
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_nonnull(strstr(error->message, "could not be written"));
    g_assert_null(strchr(error->message, '\n'));
    again = sp_session_load(store, sp_session_get_id(session), NULL);
    for (guint i = 0; i < 2; i++) {
        const SpSessionStep *step = g_ptr_array_index(sp_session_get_steps(again), i);
        const SpSessionStep *shown = g_ptr_array_index(sp_session_get_steps(session), i);

        g_assert_cmpstr(step->note, ==, shown->note);
        if (atoi(step->note) == atoi(last)) {
            g_clear_pointer(&last, g_free);
            last = g_strdup("-1");
        }
    }
    g_assert_cmpstr(last, ==, "-1");
    assert_integrity(store);
}

/* In a program of its own: what it limits, it limits for good. */
static void
test_really_full(void)
{
    char *folder = test_folder_new();
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        fill_disk(folder);
        _exit(0);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    test_folder_free(folder);
}

/* As nobody: the folder and the file lose their write permission under the running program. */
static void
lose_permission(const char *folder)
{
    g_autofree char *path = database_in(folder);
    g_autoptr(SpStore) store = open_in(folder);
    g_autoptr(SpSession) session = sp_session_load(store, begin(store), NULL);
    g_autoptr(SpSession) again = NULL;
    g_autoptr(GError) error = NULL;
    const SpSessionStep *step;
    const char *kept = "kept";

    g_assert_true(sp_session_set_note(session, 0, "kept", NULL));
    g_assert_cmpint(chmod(path, 0444), ==, 0);
    g_assert_cmpint(chmod(folder, 0555), ==, 0);
    if (sp_session_set_note(session, 0, "more", &error)) {
        kept = "more";
    } else {
        g_assert_nonnull(strstr(error->message, "cannot be written"));
        g_clear_error(&error);
    }
    again = sp_session_load(store, sp_session_get_id(session), NULL);
    step = g_ptr_array_index(sp_session_get_steps(again), 0);
    g_assert_cmpstr(step->note, ==, kept);
    g_clear_pointer(&session, sp_session_unref);
    g_clear_pointer(&again, sp_session_unref);
    g_clear_pointer(&store, sp_store_unref);

    g_assert_null(sp_store_open(path, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_null(strchr(error->message, '\n'));
    g_assert_cmpint(chmod(folder, 0700), ==, 0);
    g_assert_cmpint(chmod(path, 0600), ==, 0);
    store = open_in(folder);
    again = sp_session_load(store, 1, NULL);
    step = g_ptr_array_index(sp_session_get_steps(again), 0);
    g_assert_cmpstr(step->note, ==, kept);
}

static void
test_lost_permission(void)
{
    char *folder = test_folder_new();
    int status = 0;
    pid_t child;

    if (geteuid() == 0) {
        g_assert_cmpint(chown(folder, 65534, 65534), ==, 0);
    }
    child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(2);
        }
        lose_permission(folder);
        _exit(0);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
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

/* A database as the first version made and used it: one session of two steps with a note, its log
 * and one look at a copy. */
static const char first_version[] =
    "CREATE TABLE session (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,"
    " user TEXT, user_id TEXT, display_name TEXT, mail TEXT, playbook TEXT NOT NULL,"
    " title TEXT NOT NULL, language TEXT NOT NULL, ticket TEXT, agent TEXT NOT NULL, headline TEXT,"
    " started INTEGER NOT NULL, updated INTEGER NOT NULL, closed INTEGER,"
    " current INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX session_user ON session (user);"
    "CREATE TABLE evidence (id INTEGER PRIMARY KEY,"
    " session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE, position INTEGER,"
    " at INTEGER NOT NULL, agent TEXT NOT NULL, document TEXT NOT NULL);"
    "CREATE INDEX evidence_session ON evidence (session_id);"
    "CREATE TABLE step (session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,"
    " position INTEGER NOT NULL, section_id TEXT NOT NULL, section_title TEXT NOT NULL,"
    " text TEXT NOT NULL, detail TEXT, actor TEXT NOT NULL, verify TEXT NOT NULL,"
    " wait TEXT, wait_s INTEGER NOT NULL, url TEXT, play TEXT, say TEXT,"
    " state TEXT NOT NULL, by_hand INTEGER NOT NULL DEFAULT 0, skip_reason TEXT NOT NULL,"
    " note TEXT, changed INTEGER, changed_by TEXT, wait_until INTEGER, proof TEXT,"
    " before_id INTEGER REFERENCES evidence ON DELETE SET NULL,"
    " after_id INTEGER REFERENCES evidence ON DELETE SET NULL,"
    " PRIMARY KEY (session_id, position)) WITHOUT ROWID;"
    "CREATE TABLE log (id INTEGER PRIMARY KEY,"
    " session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE, at INTEGER NOT NULL,"
    " agent TEXT NOT NULL, position INTEGER, event TEXT NOT NULL, text TEXT);"
    "CREATE INDEX log_session ON log (session_id);"
    "CREATE TABLE picture (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE evidence_picture (evidence_id INTEGER NOT NULL REFERENCES evidence ON DELETE"
    " CASCADE, service TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES picture,"
    " PRIMARY KEY (evidence_id, service)) WITHOUT ROWID;"
    "CREATE INDEX evidence_picture_sha256 ON evidence_picture (sha256);"
    "CREATE TABLE seen (user TEXT NOT NULL, service TEXT NOT NULL, at INTEGER NOT NULL,"
    " status TEXT NOT NULL, sha256 TEXT, etag TEXT, last_modified INTEGER,"
    " PRIMARY KEY (user, service, at)) WITHOUT ROWID;"
    "INSERT INTO session (id, uid, user, display_name, playbook, title, language, agent, started,"
    " updated, current) VALUES (7, 'a1', 'anna@norvane.example', 'Anna Keller', 'list', 'List',"
    " 'en', 'kim', 1790000000, 1790000100, 1);"
    "INSERT INTO step (session_id, position, section_id, section_title, text, actor, verify,"
    " wait_s, state, skip_reason, note, changed, changed_by)"
    " VALUES (7, 0, 's', 'S', 'One', 'user', '', 0, 'passed', 'none', 'kept', 1790000100, 'kim'),"
    " (7, 1, 's', 'S', 'Two', 'agent', 'graph', 3600, 'waiting', 'none', NULL, 1790000100, 'kim');"
    "UPDATE step SET wait_until = 1790003600 WHERE position = 1;"
    "INSERT INTO log (session_id, at, agent, event) VALUES (7, 1790000000, 'kim', 'begun');"
    "INSERT INTO evidence (id, session_id, at, agent, document)"
    " VALUES (3, 7, 1790000050, 'kim', '{\"schema\":\"samephoto.evidence/1\",\"copies\":[]}');"
    "PRAGMA user_version = 1;";

static gint64
read_number(SpStore *store, const char *sql)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(store, sql, NULL);

    g_assert_true(sp_store_step(store, statement, NULL));
    return sqlite3_column_int64(statement, 0);
}

/* Nothing of an older file is lost, what is new works in it, and it is brought up to date once. */
static void
test_older(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = database_in(folder);
    g_autoptr(SpStore) store = NULL;
    g_autoptr(SpSession) session = NULL;
    g_autoptr(SpSession) again = NULL;
    g_autoptr(GPtrArray) log = NULL;
    const SpSessionStep *step;
    sqlite3 *database = NULL;

    g_assert_cmpint(sqlite3_open(path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, first_version, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(database);
    store = open_in(folder);
    g_assert_cmpint(read_number(store, "PRAGMA user_version"), ==, 2);
    assert_integrity(store);
    session = sp_session_load(store, 7, NULL);
    g_assert_cmpstr(sp_session_get_user(session), ==, "anna@norvane.example");
    g_assert_cmpuint(sp_session_get_current(session), ==, 1);
    step = g_ptr_array_index(sp_session_get_steps(session), 0);
    g_assert_cmpstr(step->note, ==, "kept");
    step = g_ptr_array_index(sp_session_get_steps(session), 1);
    g_assert_cmpint(step->state, ==, SP_STEP_WAITING);
    g_assert_cmpint(g_date_time_to_unix(step->wait_until), ==, 1790003600);
    log = sp_session_get_log(session, NULL);
    g_assert_cmpuint(log->len, ==, 1);
    g_assert_cmpint(read_number(store, "SELECT count(*) FROM evidence"), ==, 1);

    g_assert_cmpuint(sp_session_get_overrules(session)->len, ==, 0);
    g_assert_true(sp_session_overrule(session, "graph", "sharepoint-l", TRUE, NULL));
    g_clear_pointer(&store, sp_store_unref);
    store = open_in(folder);
    again = sp_session_load(store, 7, NULL);
    g_assert_cmpuint(sp_session_get_overrules(again)->len, ==, 1);
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
    g_test_add_func("/store/really-full", test_really_full);
    g_test_add_func("/store/lost-permission", test_lost_permission);
    g_test_add_func("/store/refused", test_refused);
    g_test_add_func("/store/newer", test_newer);
    g_test_add_func("/store/older", test_older);
    g_test_add_func("/store/kill", test_kill);
    return g_test_run();
}
