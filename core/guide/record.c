/* A record is one look at all the copies: a JSON document, the pictures' bytes (each once, by their
 * hash) and a line for each service in the person's history. */

#include <string.h>

#include "core/guide/session-private.h"

static gboolean
write_picture(SpSession *session, gint64 id, const SpCopy *copy, GError **error)
{
    g_autoptr(sqlite3_stmt) picture =
        sp_store_prepare(session->store,
                         "INSERT INTO picture (sha256, bytes) VALUES (?1, ?2)"
                         " ON CONFLICT DO NOTHING",
                         error);
    g_autoptr(sqlite3_stmt) link = NULL;
    const char *sha256 = sp_photo_get_sha256(copy->photo);

    if (picture == NULL) {
        return FALSE;
    }
    sp_bind_text(picture, 1, sha256);
    sp_bind_bytes(picture, 2, sp_photo_get_bytes(copy->photo));
    if (!sp_store_run(session->store, picture, error)) {
        return FALSE;
    }
    link = sp_store_prepare(session->store,
                            "INSERT INTO evidence_picture (evidence_id, service, sha256)"
                            " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                            error);
    if (link == NULL) {
        return FALSE;
    }
    sp_bind_int(link, 1, id);
    sp_bind_text(link, 2, copy->service);
    sp_bind_text(link, 3, sha256);
    return sp_store_run(session->store, link, error);
}

/* Only what a service really said goes into the history: "denied" is no knowledge about a photo. */
static gboolean
write_seen(SpSession *session, const SpEvidence *evidence, const SpCopy *copy, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = NULL;

    if (evidence->person == NULL || !sp_copy_status_is_answer(copy->status)) {
        return TRUE;
    }
    statement = sp_store_prepare(session->store,
                                 "INSERT OR REPLACE INTO seen"
                                 " (user, service, at, status, sha256, etag, last_modified)"
                                 " VALUES (lower(?1), ?2, ?3, ?4, ?5, ?6, ?7)",
                                 error);
    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_text(statement, 1, evidence->person->user_principal_name);
    sp_bind_text(statement, 2, copy->service);
    sp_bind_time(statement, 3, evidence->now);
    sp_bind_text(statement, 4, sp_copy_status_name(copy->status));
    sp_bind_text(statement, 5, copy->photo == NULL ? NULL : sp_photo_get_sha256(copy->photo));
    sp_bind_text(statement, 6, copy->etag);
    sp_bind_time(statement, 7, copy->last_modified);
    return sp_store_run(session->store, statement, error);
}

static gboolean
write_headline(SpSession *session, SpJson *document, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(session->store, "UPDATE session SET headline = ?2 WHERE id = ?1", error);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, session->id);
    sp_bind_text(statement, 2, sp_json_string(document, "headline"));
    return sp_store_run(session->store, statement, error);
}

static gint64
write_document(SpSession *session, int position, const SpEvidence *evidence, SpJson *document,
               GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(session->store,
                         "INSERT INTO evidence (session_id, position, at, agent, document)"
                         " VALUES (?1, ?2, ?3, ?4, ?5)",
                         error);

    if (statement == NULL) {
        return 0;
    }
    sp_bind_int(statement, 1, session->id);
    if (position >= 0) {
        sp_bind_int(statement, 2, position);
    }
    sp_bind_time(statement, 3, evidence->now);
    sp_bind_text(statement, 4, session->writer);
    sp_bind_text(statement, 5,
                 json_object_to_json_string_ext(document, JSON_C_TO_STRING_PLAIN |
                                                              JSON_C_TO_STRING_NOSLASHESCAPE));
    if (!sp_store_run(session->store, statement, error)) {
        return 0;
    }
    return sp_store_last_id(session->store);
}

gint64
sp_record_write(SpSession *session, int position, const SpEvidence *evidence, GError **error)
{
    g_autoptr(SpJson) document = sp_record_to_json(evidence);
    gint64 id = write_document(session, position, evidence, document, error);

    if (id == 0 || !write_headline(session, document, error)) {
        return 0;
    }
    for (guint i = 0; i < evidence->n_copies + evidence->n_seen; i++) {
        const SpCopy *copy = evidence->copies[i];

        if (copy == NULL) {
            continue;
        }
        if ((copy->photo != NULL && !write_picture(session, id, copy, error)) ||
            (i < evidence->n_copies && !write_seen(session, evidence, copy, error))) {
            return 0;
        }
    }
    return id;
}

gboolean
sp_session_record_evidence(SpSession *session, const SpEvidence *evidence, GError **error)
{
    if (!sp_session_open_change(session, error)) {
        return FALSE;
    }
    if (sp_record_write(session, -1, evidence, error) == 0) {
        return sp_store_undo(session->store);
    }
    return sp_session_finish_change(session, -1, "check", NULL, error);
}

/* A service's copy with the same bytes stays. */
static gboolean
unlink_seen(SpSession *session, const char *sha256, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(session->store,
                         "DELETE FROM evidence_picture WHERE sha256 = ?2"
                         " AND service LIKE 'evidence-%' AND evidence_id IN"
                         " (SELECT id FROM evidence WHERE session_id = ?1)",
                         error);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, session->id);
    sp_bind_text(statement, 2, sha256);
    return sp_store_run(session->store, statement, error);
}

gboolean
sp_session_forget_seen(SpSession *session, const char *sha256, GError **error)
{
    if (!sp_session_open_change(session, error)) {
        return FALSE;
    }
    if (!unlink_seen(session, sha256, error)) {
        return sp_store_undo(session->store);
    }
    if (sp_store_changes(session->store) == 0) {
        sp_store_undo(session->store);
        return TRUE;
    }
    if (!sp_record_drop_pictures(session->store, error)) {
        return sp_store_undo(session->store);
    }
    return sp_session_finish_change(session, -1, "forgot", NULL, error);
}

SpJson *
sp_record_load(SpStore *store, gint64 id, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store, "SELECT document FROM evidence WHERE id = ?1", error);
    g_autoptr(GBytes) bytes = NULL;

    if (statement == NULL) {
        return NULL;
    }
    sp_bind_int(statement, 1, id);
    if (!sp_store_step(store, statement, error)) {
        return NULL;
    }
    bytes =
        g_bytes_new(sqlite3_column_text(statement, 0), (gsize) sqlite3_column_bytes(statement, 0));
    return sp_json_parse(bytes, "the recorded evidence", error);
}

static gint64
find_record(const SpSession *session, const char *sql)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(session->store, sql, NULL);

    if (statement == NULL) {
        return 0;
    }
    sp_bind_int(statement, 1, session->id);
    return sp_store_step(session->store, statement, NULL) ? sqlite3_column_int64(statement, 0) : 0;
}

gint64
sp_record_first(const SpSession *session)
{
    return find_record(session, "SELECT min(id) FROM evidence WHERE session_id = ?1");
}

gint64
sp_record_last(const SpSession *session)
{
    return find_record(session, "SELECT max(id) FROM evidence WHERE session_id = ?1");
}

GBytes *
sp_record_picture(SpStore *store, const char *sha256)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store, "SELECT bytes FROM picture WHERE sha256 = ?1", NULL);

    if (statement == NULL) {
        return NULL;
    }
    sp_bind_text(statement, 1, sha256);
    if (!sp_store_step(store, statement, NULL)) {
        return NULL;
    }
    return g_bytes_new(sqlite3_column_blob(statement, 0),
                       (gsize) sqlite3_column_bytes(statement, 0));
}

gboolean
sp_record_drop_pictures(SpStore *store, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(
        store, "DELETE FROM picture WHERE sha256 NOT IN (SELECT sha256 FROM evidence_picture)",
        error);

    return statement != NULL && sp_store_run(store, statement, error);
}
