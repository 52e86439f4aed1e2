/* Sessions as rows: lists, the open one of a person, removal. */

#include "core/error.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"

void
sp_session_row_free(SpSessionRow *row)
{
    if (row == NULL) {
        return;
    }
    g_free(row->user_principal_name);
    g_free(row->display_name);
    g_free(row->playbook);
    g_free(row->ticket);
    g_free(row->headline);
    g_free(row->language);
    g_clear_pointer(&row->updated, g_date_time_unref);
    g_clear_pointer(&row->due, g_date_time_unref);
    g_free(row);
}

static void
free_row(gpointer data)
{
    sp_session_row_free(data);
}

static SpSessionRow *
read_row(sqlite3_stmt *statement)
{
    SpSessionRow *row = g_new0(SpSessionRow, 1);

    row->id = sqlite3_column_int64(statement, 0);
    row->user_principal_name = sp_column_text(statement, 1);
    row->display_name = sp_column_text(statement, 2);
    row->playbook = sp_column_text(statement, 3);
    row->ticket = sp_column_text(statement, 4);
    row->headline = sp_column_text(statement, 5);
    row->updated = sp_column_time(statement, 6);
    row->is_closed = sqlite3_column_type(statement, 7) != SQLITE_NULL;
    row->n_steps = (guint) sqlite3_column_int(statement, 8);
    row->n_done = (guint) sqlite3_column_int(statement, 9);
    row->due = sp_column_time(statement, 10);
    row->language = sp_column_text(statement, 11);
    return row;
}

GPtrArray *
sp_session_list(SpStore *store, GDateTime *due_before, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(
        store,
        "SELECT s.id, s.user, s.display_name, s.playbook, s.ticket, s.headline, s.updated,"
        " s.closed, count(p.position),"
        " count(CASE WHEN p.state IN ('passed', 'skipped') THEN 1 END),"
        " min(CASE WHEN p.state = 'waiting' THEN p.wait_until END) AS due,"
        /* The headline is that of the last evidence. */
        " coalesce((SELECT CASE WHEN json_valid(e.document)"
        "  THEN json_extract(e.document, '$.language') END"
        "  FROM evidence e WHERE e.session_id = s.id ORDER BY e.id DESC LIMIT 1), s.language)"
        " FROM session s LEFT JOIN step p ON p.session_id = s.id GROUP BY s.id"
        " HAVING ?1 IS NULL OR (s.closed IS NULL AND due <= ?1)"
        " ORDER BY s.updated DESC, s.id DESC",
        error);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    g_autoptr(GError) local = NULL;

    if (statement == NULL) {
        return NULL;
    }
    sp_bind_time(statement, 1, due_before);
    while (sp_store_step(store, statement, &local)) {
        g_ptr_array_add(rows, read_row(statement));
    }
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    return g_steal_pointer(&rows);
}

char *
sp_session_tell_headline(SpStore *store, gint64 id, GError **error)
{
    g_autoptr(SpSession) session = sp_session_load(store, id, error);
    gint64 last = session == NULL ? 0 : sp_record_last(session);
    g_autoptr(SpJson) document = last == 0 ? NULL : sp_record_tell(store, last, error);

    return g_strdup(sp_json_string(document, "headline"));
}

SpSession *
sp_session_find_open(SpStore *store, const char *user_principal_name, const char *ticket,
                     GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store,
                         "SELECT id FROM session WHERE closed IS NULL AND user = ?1"
                         " COLLATE NOCASE AND (?2 IS NULL OR ticket = ?2)"
                         " ORDER BY updated DESC, id DESC LIMIT 1",
                         error);

    if (statement == NULL) {
        return NULL;
    }
    sp_bind_text(statement, 1, user_principal_name);
    sp_bind_text(statement, 2, ticket);
    if (!sp_store_step(store, statement, error)) {
        return NULL;
    }
    return sp_session_load(store, sqlite3_column_int64(statement, 0), error);
}

/* Runs a DELETE with `value` as ?1 and drops the pictures that it left behind; the number of rows,
 * or -1. */
static int
delete_sessions(SpStore *store, const char *sql, const char *more_sql, gint64 value, GError **error)
{
    const char *const scripts[] = {sql, more_sql};
    int n_rows = -1;

    if (!sp_store_begin(store, error)) {
        return -1;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(scripts) && scripts[i] != NULL; i++) {
        g_autoptr(sqlite3_stmt) statement = sp_store_prepare(store, scripts[i], error);

        if (statement == NULL) {
            sp_store_undo(store);
            return -1;
        }
        sp_bind_int(statement, 1, value);
        if (!sp_store_run(store, statement, error)) {
            sp_store_undo(store);
            return -1;
        }
        n_rows = i == 0 ? sp_store_changes(store) : n_rows;
    }
    if (!sp_record_drop_pictures(store, error) || !sp_store_commit(store, error)) {
        sp_store_undo(store);
        return -1;
    }
    return n_rows;
}

gboolean
sp_session_delete(SpStore *store, gint64 id, GError **error)
{
    int n_rows = delete_sessions(store, "DELETE FROM session WHERE id = ?1", NULL, id, error);

    if (n_rows == 0) {
        g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, id);

        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("there is no session %s"), number);
    }
    return n_rows > 0;
}

int
sp_session_purge(SpStore *store, GDateTime *before, GError **error)
{
    /* What was seen of a person is personal data too and goes with the sessions. */
    return delete_sessions(store, "DELETE FROM session WHERE closed IS NOT NULL AND updated < ?1",
                           "DELETE FROM seen WHERE at < ?1", g_date_time_to_unix(before), error);
}

int
sp_session_purge_kept(SpStore *store, const char *keep_days, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) before = NULL;
    guint64 days = 0;

    if (keep_days == NULL) {
        return 0;
    }
    if (!g_ascii_string_to_unsigned(keep_days, 10, 1, 36500, &days, NULL)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("[sessions] keep-days=%s: a number of days from 1 to 36500 is meant"),
                    keep_days);
        return -1;
    }
    before = g_date_time_add_days(now, -(int) days);
    return sp_session_purge(store, before, error);
}
