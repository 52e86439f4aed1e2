/* Every change is one transaction: the columns that it is about (never the whole row, so that two
 * programs do not undo each other's work), the session's time, a line of the log. Memory follows
 * the commit. */

#include <string.h>

#include "core/error.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/text.h"

gboolean
sp_session_open_change(SpSession *session, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = NULL;

    if (!sp_store_begin(session->store, error)) {
        return FALSE;
    }
    statement = sp_store_prepare(session->store,
                                 "UPDATE session SET updated = unixepoch() WHERE id = ?1", error);
    if (statement == NULL) {
        return sp_store_undo(session->store);
    }
    sp_bind_int(statement, 1, session->id);
    if (!sp_store_run(session->store, statement, error)) {
        return sp_store_undo(session->store);
    }
    if (sp_store_changes(session->store) == 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("session %d was deleted by another program"),
                    (int) session->id);
        return sp_store_undo(session->store);
    }
    return TRUE;
}

gboolean
sp_session_finish_change(SpSession *session, int position, const char *event, const char *text,
                         GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(session->store,
                         "INSERT INTO log (session_id, at, agent, position, event, text)"
                         " VALUES (?1, unixepoch(), ?2, ?3, ?4, ?5)",
                         error);

    if (statement == NULL) {
        return sp_store_undo(session->store);
    }
    sp_bind_int(statement, 1, session->id);
    sp_bind_text(statement, 2, session->writer);
    if (position >= 0) {
        sp_bind_int(statement, 3, position);
    }
    sp_bind_text(statement, 4, event);
    sp_bind_text(statement, 5, text);
    if (!sp_store_run(session->store, statement, error) ||
        !sp_store_commit(session->store, error)) {
        return sp_store_undo(session->store);
    }
    return TRUE;
}

/* Opens a change and prepares its statement with the session's id as ?1 and the step as ?2. */
static sqlite3_stmt *
prepare_change(SpSession *session, guint index, const char *sql, GError **error)
{
    sqlite3_stmt *statement;

    if (!sp_session_open_change(session, error)) {
        return NULL;
    }
    statement = sp_store_prepare(session->store, sql, error);
    if (statement == NULL) {
        sp_store_undo(session->store);
        return NULL;
    }
    sp_bind_int(statement, 1, session->id);
    if (sqlite3_bind_parameter_count(statement) >= 2) {
        sp_bind_int(statement, 2, index);
    }
    return statement;
}

static gboolean
commit_change(SpSession *session, sqlite3_stmt *statement, int position, const char *event,
              const char *text, GError **error)
{
    if (!sp_store_run(session->store, statement, error)) {
        return sp_store_undo(session->store);
    }
    return sp_session_finish_change(session, position, event, text, error);
}

static SpSessionStep *
step_at(SpSession *session, guint index)
{
    return index < session->steps->len ? g_ptr_array_index(session->steps, index) : NULL;
}

/* What every new state means for the rest of the step. */
static void
apply_state(SpSession *session, SpSessionStep *step, SpStepState state, gboolean by_hand,
            SpSkipReason reason, GDateTime *until)
{
    step->state = state;
    step->by_hand = by_hand;
    step->skip_reason = reason;
    g_clear_pointer(&step->wait_until, g_date_time_unref);
    step->wait_until = until == NULL ? NULL : g_date_time_ref(until);
    g_clear_pointer(&step->changed, g_date_time_unref);
    step->changed = g_date_time_new_now_local();
    g_free(step->changed_by);
    step->changed_by = g_strdup(session->writer);
}

static gboolean
write_state(SpSession *session, guint index, SpStepState state, SpSkipReason reason,
            const char *note, GDateTime *until, GError **error)
{
    SpSessionStep *step = step_at(session, index);
    g_autoptr(sqlite3_stmt) statement = NULL;
    gboolean by_hand;

    g_return_val_if_fail(step != NULL, FALSE);
    by_hand = state == SP_STEP_PASSED && step->step->verify[0] != NULL;
    statement = prepare_change(session, index,
                               "UPDATE step SET state = ?3, by_hand = ?4, skip_reason = ?5,"
                               " wait_until = ?6, changed = unixepoch(), changed_by = ?7,"
                               " note = coalesce(?8, note)"
                               " WHERE session_id = ?1 AND position = ?2",
                               error);
    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_text(statement, 3, sp_step_state_name(state));
    sp_bind_int(statement, 4, by_hand);
    sp_bind_text(statement, 5, sp_skip_reason_name(reason));
    sp_bind_time(statement, 6, until);
    sp_bind_text(statement, 7, session->writer);
    sp_bind_text(statement, 8, note);
    if (!commit_change(session, statement, (int) index, "state", sp_step_state_name(state),
                       error)) {
        return FALSE;
    }
    apply_state(session, step, state, by_hand, reason, until);
    if (note != NULL) {
        g_free(step->note);
        step->note = g_strdup(note);
    }
    return TRUE;
}

/* A note keeps its lines; everything else of it is cleaned. NULL where nothing is left. */
static char *
clean_note(const char *note)
{
    g_auto(GStrv) lines = g_strsplit(note == NULL ? "" : note, "\n", -1);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL && text->len < SP_SESSION_MAX_NOTE; i++) {
        g_autofree char *clean = sp_text_clean(lines[i], -1, SP_SESSION_MAX_NOTE);

        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", clean);
    }
    g_strstrip(text->str);
    return *text->str == '\0' ? NULL : g_strdup(text->str);
}

gboolean
sp_session_set_state(SpSession *session, guint index, SpStepState state, GError **error)
{
    return write_state(session, index, state, SP_SKIP_NONE, NULL, NULL, error);
}

gboolean
sp_session_skip(SpSession *session, guint index, SpSkipReason reason, const char *note,
                GError **error)
{
    g_autofree char *clean = clean_note(note);

    return write_state(session, index, SP_STEP_SKIPPED, reason, clean, NULL, error);
}

gboolean
sp_session_wait_until(SpSession *session, guint index, GDateTime *until, GError **error)
{
    return write_state(session, index, SP_STEP_WAITING, SP_SKIP_NONE, NULL, until, error);
}

gboolean
sp_session_set_note(SpSession *session, guint index, const char *note, GError **error)
{
    SpSessionStep *step = step_at(session, index);
    g_autoptr(sqlite3_stmt) statement = NULL;
    g_autofree char *clean = clean_note(note);

    g_return_val_if_fail(step != NULL, FALSE);
    statement = prepare_change(
        session, index, "UPDATE step SET note = ?3 WHERE session_id = ?1 AND position = ?2", error);
    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_text(statement, 3, clean);
    if (!commit_change(session, statement, (int) index, "note", clean, error)) {
        return FALSE;
    }
    g_free(step->note);
    step->note = g_steal_pointer(&clean);
    return TRUE;
}

gboolean
sp_session_set_current(SpSession *session, guint index, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = NULL;

    g_return_val_if_fail(index <= session->steps->len, FALSE);
    statement =
        prepare_change(session, index, "UPDATE session SET current = ?2 WHERE id = ?1", error);
    if (statement == NULL) {
        return FALSE;
    }
    /* Moving about is no event: it would drown those that are. */
    if (!sp_store_run(session->store, statement, error) ||
        !sp_store_commit(session->store, error)) {
        return sp_store_undo(session->store);
    }
    session->current = index;
    return TRUE;
}

gboolean
sp_session_set_ticket(SpSession *session, const char *ticket, GError **error)
{
    g_autofree char *clean = sp_text_clean(ticket, -1, 200);
    const char *value = *clean == '\0' ? NULL : clean;
    g_autoptr(sqlite3_stmt) statement =
        prepare_change(session, 0, "UPDATE session SET ticket = ?3 WHERE id = ?1", error);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_text(statement, 3, value);
    if (!commit_change(session, statement, -1, "ticket", value, error)) {
        return FALSE;
    }
    g_free(session->ticket);
    session->ticket = g_strdup(value);
    return TRUE;
}

static gboolean
write_closed(SpSession *session, gboolean is_closed, GError **error)
{
    g_autoptr(GDateTime) now = is_closed ? g_date_time_new_now_local() : NULL;
    g_autoptr(sqlite3_stmt) statement =
        prepare_change(session, 0, "UPDATE session SET closed = ?3 WHERE id = ?1", error);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_time(statement, 3, now);
    if (!commit_change(session, statement, -1, is_closed ? "closed" : "reopened", NULL, error)) {
        return FALSE;
    }
    g_clear_pointer(&session->closed, g_date_time_unref);
    session->closed = g_steal_pointer(&now);
    return TRUE;
}

gboolean
sp_session_close(SpSession *session, GError **error)
{
    return write_closed(session, TRUE, error);
}

gboolean
sp_session_reopen(SpSession *session, GError **error)
{
    return write_closed(session, FALSE, error);
}
