/* One connection for each store. WAL lets a reader and a writer work at once; synchronous=FULL puts
 * a commit on the disk before it returns; every write transaction is IMMEDIATE, so that two
 * programs wait for each other at its start and not at its end. */

#include "core/guide/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/guide/schema.h"
#include "core/guide/statement.h"
#include "core/i18n.h"
#include "core/text.h"

#define BUSY_TIMEOUT_MS 10000

struct SpStore {
    sqlite3 *database;
    char *path;
    char *agent; /* or NULL */
};

typedef struct {
    int code;
    const char *words; /* with one %s: the file */
} Trouble;

static const Trouble troubles[] = {
    {SQLITE_FULL, N_("%s could not be written: the disk is full; make room, then try again")},
    {SQLITE_READONLY, N_("%s cannot be written: the file or its folder is read-only")},
    {SQLITE_CANTOPEN,
     N_("%s cannot be opened: look at the permissions of the file and its folder")},
    {SQLITE_PERM, N_("%s cannot be opened: look at the permissions of the file and its folder")},
    {SQLITE_BUSY, N_("%s is being written by another program; try again")},
    {SQLITE_LOCKED, N_("%s is being written by another program; try again")},
    {SQLITE_NOTADB, N_("%s is no samephoto database; move it away or name another file")},
    {SQLITE_CORRUPT, N_("%s is damaged; move it away, or bring it back from a backup")},
    {SQLITE_IOERR, N_("%s could not be written: the disk refused; nothing new was saved")},
};

static const char *
words_for(int code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(troubles); i++) {
        if (troubles[i].code == (code & 0xff)) {
            return _(troubles[i].words);
        }
    }
    return NULL;
}

static void
set_error(SpStore *store, int code, GError **error)
{
    const char *words = words_for(code);

    if (words != NULL) {
        /* The words come from the table above, all of one shape. */
        g_autoptr(GString) text = g_string_new(words);

        g_string_replace(text, "%s", store->path, 1);
        g_set_error_literal(error, SP_ERROR, SP_ERROR_STORE, text->str);
    } else {
        g_autofree char *clean = sp_text_clean(
            store->database == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(store->database), -1,
            200);

        g_set_error(error, SP_ERROR, SP_ERROR_STORE, "%s: %s", store->path, clean);
    }
}

sqlite3_stmt *
sp_store_prepare(SpStore *store, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL);

    if (code != SQLITE_OK) {
        set_error(store, code, error);
        return NULL;
    }
    return statement;
}

gboolean
sp_store_step(SpStore *store, sqlite3_stmt *statement, GError **error)
{
    int code = sqlite3_step(statement);

    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        set_error(store, code, error);
    }
    return code == SQLITE_ROW;
}

gboolean
sp_store_run(SpStore *store, sqlite3_stmt *statement, GError **error)
{
    int code;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    }
    if (code != SQLITE_DONE) {
        set_error(store, code, error);
        return FALSE;
    }
    return TRUE;
}

static gboolean
execute(SpStore *store, const char *sql, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(store, sql, error);

    return statement != NULL && sp_store_run(store, statement, error);
}

void
sp_bind_text(sqlite3_stmt *statement, int number, const char *text)
{
    sqlite3_bind_text(statement, number, text, -1, SQLITE_TRANSIENT);
}

void
sp_bind_int(sqlite3_stmt *statement, int number, gint64 value)
{
    sqlite3_bind_int64(statement, number, value);
}

void
sp_bind_time(sqlite3_stmt *statement, int number, GDateTime *time)
{
    if (time == NULL) {
        sqlite3_bind_null(statement, number);
    } else {
        sqlite3_bind_int64(statement, number, g_date_time_to_unix(time));
    }
}

void
sp_bind_bytes(sqlite3_stmt *statement, int number, GBytes *bytes)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(bytes, &length);

    sqlite3_bind_blob64(statement, number, data == NULL ? "" : data, length, SQLITE_TRANSIENT);
}

char *
sp_column_text(sqlite3_stmt *statement, int number)
{
    return g_strdup((const char *) sqlite3_column_text(statement, number));
}

GDateTime *
sp_column_time(sqlite3_stmt *statement, int number)
{
    if (sqlite3_column_type(statement, number) == SQLITE_NULL) {
        return NULL;
    }
    return g_date_time_new_from_unix_local(sqlite3_column_int64(statement, number));
}

gboolean
sp_store_begin(SpStore *store, GError **error)
{
    return execute(store, "BEGIN IMMEDIATE", error);
}

gboolean
sp_store_commit(SpStore *store, GError **error)
{
    return execute(store, "COMMIT", error);
}

gboolean
sp_store_undo(SpStore *store)
{
    if (sqlite3_get_autocommit(store->database) == 0) {
        execute(store, "ROLLBACK", NULL);
    }
    return FALSE;
}

int
sp_store_changes(SpStore *store)
{
    return sqlite3_changes(store->database);
}

gint64
sp_store_last_id(SpStore *store)
{
    return sqlite3_last_insert_rowid(store->database);
}

void
sp_store_limit_pages(SpStore *store, int n_pages)
{
    g_autofree char *sql = g_strdup_printf("PRAGMA max_page_count = %d", n_pages);

    execute(store, sql, NULL);
}

/* The file is made here with 0600 because SQLite would make it readable for everybody; its journal
 * files take over its mode. */
static gboolean
make_file(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("%s cannot be opened for writing: %s"), path,
                    g_strerror(errno));
        return FALSE;
    }
    /* A file of somebody else's keeps its mode: it is not ours to change. */
    (void) !fchmod(fd, 0600);
    close(fd);
    return TRUE;
}

static gboolean
make_folder(const char *path, gboolean is_ours, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);

    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("the folder %s cannot be made: %s"), folder,
                    g_strerror(errno));
        return FALSE;
    }
    return !is_ours || chmod(folder, 0700) == 0 || errno == EPERM || errno == EROFS;
}

static gboolean
set_up(SpStore *store, GError **error)
{
    static const char *const pragmas[] = {
        "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",   "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON", "PRAGMA trusted_schema = OFF",
    };

    sqlite3_busy_timeout(store->database, BUSY_TIMEOUT_MS);
    sqlite3_extended_result_codes(store->database, 1);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(pragmas); i++) {
        if (!execute(store, pragmas[i], error)) {
            return FALSE;
        }
    }
    return sp_schema_migrate(store, error);
}

SpStore *
sp_store_open(const char *path, GError **error)
{
    g_autoptr(SpStore) store = g_atomic_rc_box_new0(SpStore);
    int code;

    store->path = path != NULL
                      ? g_strdup(path)
                      : g_build_filename(g_get_user_data_dir(), "samephoto", "samephoto.db", NULL);
    if (!make_folder(store->path, path == NULL, error) || !make_file(store->path, error)) {
        return NULL;
    }
    code = sqlite3_open_v2(store->path, &store->database, SQLITE_OPEN_READWRITE, NULL);
    if (code != SQLITE_OK) {
        set_error(store, code, error);
        return NULL;
    }
    return set_up(store, error) ? g_steal_pointer(&store) : NULL;
}

SpStore *
sp_store_ref(SpStore *store)
{
    return g_atomic_rc_box_acquire(store);
}

static void
clear(gpointer data)
{
    SpStore *store = data;

    sqlite3_close_v2(store->database);
    g_free(store->path);
    g_free(store->agent);
}

void
sp_store_unref(SpStore *store)
{
    if (store != NULL) {
        g_atomic_rc_box_release_full(store, clear);
    }
}

const char *
sp_store_get_path(const SpStore *store)
{
    return store->path;
}

void
sp_store_set_agent(SpStore *store, const char *agent)
{
    g_free(store->agent);
    store->agent = g_strdup(agent);
}

const char *
sp_store_get_agent(const SpStore *store)
{
    return store->agent;
}
