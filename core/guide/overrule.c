/* A human's word beside the measurement: "these two show the same photo". It is kept with who said
 * it and when; taking it back is one more fact, never an erasure. */

#include <string.h>

#include "core/guide/session-private.h"

static void
free_overrule(gpointer data)
{
    SpOverrule *overrule = data;

    g_free(overrule->left);
    g_free(overrule->right);
    g_free(overrule->agent);
    g_clear_pointer(&overrule->at, g_date_time_unref);
    g_free(overrule);
}

gboolean
sp_overrules_load(SpSession *session, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(session->store,
                         "SELECT left_service, right_service, at, agent FROM overrule"
                         " WHERE session_id = ?1 AND taken_back IS NULL ORDER BY id",
                         error);
    g_autoptr(GPtrArray) overrules = g_ptr_array_new_with_free_func(free_overrule);
    g_autoptr(GError) local = NULL;

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, session->id);
    while (sp_store_step(session->store, statement, &local)) {
        SpOverrule *overrule = g_new0(SpOverrule, 1);

        overrule->left = sp_column_text(statement, 0);
        overrule->right = sp_column_text(statement, 1);
        overrule->at = sp_column_time(statement, 2);
        overrule->agent = sp_column_text(statement, 3);
        g_ptr_array_add(overrules, overrule);
    }
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    g_clear_pointer(&session->overrules, g_ptr_array_unref);
    session->overrules = g_steal_pointer(&overrules);
    return TRUE;
}

GPtrArray *
sp_session_get_overrules(const SpSession *session)
{
    return session->overrules;
}

static gboolean
is_pair(const SpOverrule *overrule, const char *left, const char *right)
{
    return (strcmp(overrule->left, left) == 0 && strcmp(overrule->right, right) == 0) ||
           (strcmp(overrule->left, right) == 0 && strcmp(overrule->right, left) == 0);
}

gboolean
sp_overrules_hold(GPtrArray *overrules, const char *left, const char *right)
{
    for (guint i = 0; i < overrules->len; i++) {
        if (is_pair(g_ptr_array_index(overrules, i), left, right)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Within a change: the pair stands from now on, or no longer. */
static gboolean
write_overrule(SpSession *session, const char *left, const char *right, gboolean is_same,
               GError **error)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(
        session->store,
        is_same ? "INSERT INTO overrule (session_id, left_service, right_service, at, agent)"
                  " VALUES (?1, ?2, ?3, unixepoch(), ?4)"
                : "UPDATE overrule SET taken_back = unixepoch(), taken_back_by = ?4"
                  " WHERE session_id = ?1 AND taken_back IS NULL AND"
                  " ((left_service = ?2 AND right_service = ?3) OR"
                  " (left_service = ?3 AND right_service = ?2))",
        error);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, session->id);
    sp_bind_text(statement, 2, left);
    sp_bind_text(statement, 3, right);
    sp_bind_text(statement, 4, session->writer);
    return sp_store_run(session->store, statement, error);
}

gboolean
sp_session_overrule(SpSession *session, const char *left, const char *right, gboolean is_same,
                    GError **error)
{
    g_autofree char *pair = g_strdup_printf("%s = %s", left, right);

    if (sp_overrules_hold(session->overrules, left, right) == is_same) {
        return TRUE;
    }
    if (!sp_session_open_change(session, error)) {
        return FALSE;
    }
    if (!write_overrule(session, left, right, is_same, error)) {
        return sp_store_undo(session->store);
    }
    return sp_session_finish_change(session, -1, is_same ? "same" : "not-same", pair, error) &&
           sp_overrules_load(session, error);
}

SpJson *
sp_overrules_to_json(const SpSession *session)
{
    SpJson *json = json_object_new_array();

    for (guint i = 0; i < session->overrules->len; i++) {
        const SpOverrule *overrule = g_ptr_array_index(session->overrules, i);
        SpJson *item = json_object_new_object();

        sp_json_add_string(item, "left", overrule->left);
        sp_json_add_string(item, "right", overrule->right);
        sp_json_add_time(item, "at", overrule->at);
        sp_json_add_string(item, "agent", overrule->agent);
        json_object_array_add(json, item);
    }
    return json;
}
