/* Version n of the schema is what the first n scripts make; PRAGMA user_version says how many have
 * run. A script that was released is never edited: a change is a new script. */

#include "core/guide/schema.h"

#include "core/error.h"
#include "core/guide/statement.h"
#include "core/i18n.h"

static const char *const scripts[] = {
    /* 1: sessions, their steps and log, evidence with its pictures, what was seen of each person.
     */
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
    " PRIMARY KEY (user, service, at)) WITHOUT ROWID;",
    /* 2: what a human says against the measurement. */
    "CREATE TABLE overrule (id INTEGER PRIMARY KEY,"
    " session_id INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,"
    " left_service TEXT NOT NULL, right_service TEXT NOT NULL, at INTEGER NOT NULL,"
    " agent TEXT NOT NULL, taken_back INTEGER, taken_back_by TEXT);"
    "CREATE INDEX overrule_session ON overrule (session_id);",
};

static gboolean
run_script(SpStore *store, const char *sql, GError **error)
{
    g_auto(GStrv) statements = g_strsplit(sql, ";", -1);

    for (guint i = 0; statements[i] != NULL; i++) {
        g_autoptr(sqlite3_stmt) statement = NULL;

        if (*statements[i] == '\0') {
            continue;
        }
        statement = sp_store_prepare(store, statements[i], error);
        if (statement == NULL || !sp_store_run(store, statement, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gint64
read_version(SpStore *store, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(store, "PRAGMA user_version", error);

    if (statement == NULL || !sp_store_step(store, statement, error)) {
        return -1;
    }
    return sqlite3_column_int64(statement, 0);
}

static gboolean
migrate_from(SpStore *store, gint64 version, GError **error)
{
    g_autofree char *set_version =
        g_strdup_printf("PRAGMA user_version = %u", (guint) G_N_ELEMENTS(scripts));

    for (gsize i = (gsize) version; i < G_N_ELEMENTS(scripts); i++) {
        if (!run_script(store, scripts[i], error)) {
            return FALSE;
        }
    }
    return run_script(store, set_version, error);
}

gboolean
sp_schema_migrate(SpStore *store, GError **error)
{
    gint64 version = read_version(store, error);

    if (version < 0) {
        return FALSE;
    }
    if (version > (gint64) G_N_ELEMENTS(scripts)) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE,
                    _("%s was written by a newer samephoto; use that one, or name another file"),
                    sp_store_get_path(store));
        return FALSE;
    }
    if (version == (gint64) G_N_ELEMENTS(scripts)) {
        return TRUE;
    }
    if (!sp_store_begin(store, error)) {
        return FALSE;
    }
    /* Asked again inside the transaction: another program may have migrated meanwhile. */
    version = read_version(store, error);
    if (version < 0 || !migrate_from(store, version, error) || !sp_store_commit(store, error)) {
        return sp_store_undo(store);
    }
    return TRUE;
}
