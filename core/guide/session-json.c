/* The document "samephoto.session/1", and the log. */

#include "core/guide/session-private.h"

static void
free_line(gpointer data)
{
    SpSessionLine *line = data;

    g_clear_pointer(&line->at, g_date_time_unref);
    g_free(line->agent);
    g_free(line->event);
    g_free(line->text);
    g_free(line);
}

GPtrArray *
sp_session_get_log(const SpSession *session, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(session->store,
                         "SELECT at, agent, coalesce(position, -1), event, text FROM log"
                         " WHERE session_id = ?1 ORDER BY id",
                         error);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(free_line);
    g_autoptr(GError) local = NULL;

    if (statement == NULL) {
        return NULL;
    }
    sp_bind_int(statement, 1, session->id);
    while (sp_store_step(session->store, statement, &local)) {
        SpSessionLine *line = g_new0(SpSessionLine, 1);

        line->at = sp_column_time(statement, 0);
        line->agent = sp_column_text(statement, 1);
        line->position = sqlite3_column_int(statement, 2);
        line->event = sp_column_text(statement, 3);
        line->text = sp_column_text(statement, 4);
        g_ptr_array_add(lines, line);
    }
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    return g_steal_pointer(&lines);
}

static SpJson *
log_to_json(const SpSession *session)
{
    g_autoptr(GPtrArray) lines = sp_session_get_log(session, NULL);
    SpJson *json = json_object_new_array();

    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        const SpSessionLine *line = g_ptr_array_index(lines, i);
        SpJson *item = json_object_new_object();

        sp_json_add_time(item, "at", line->at);
        sp_json_add_string(item, "agent", line->agent);
        json_object_object_add(item, "step",
                               line->position < 0 ? NULL : json_object_new_int(line->position));
        sp_json_add_string(item, "event", line->event);
        sp_json_add_string(item, "text", line->text);
        json_object_array_add(json, item);
    }
    return json;
}

static SpJson *
step_to_json(const SpSessionStep *step)
{
    SpJson *json = json_object_new_object();
    SpJson *verify = json_object_new_array();

    sp_json_add_string(json, "section", step->section_id);
    sp_json_add_string(json, "section_title", step->section_title);
    sp_json_add_string(json, "text", step->step->text);
    sp_json_add_string(json, "detail", step->step->detail);
    sp_json_add_string(json, "actor",
                       step->step->actor == SP_ACTOR_NOBODY ? NULL
                                                            : sp_actor_name(step->step->actor));
    for (guint i = 0; step->step->verify[i] != NULL; i++) {
        json_object_array_add(verify, json_object_new_string(step->step->verify[i]));
    }
    json_object_object_add(json, "verify", verify);
    sp_json_add_string(json, "wait", step->step->wait);
    sp_json_add_string(json, "state", sp_step_state_name(step->state));
    json_object_object_add(json, "by_hand", json_object_new_boolean(step->by_hand));
    sp_json_add_string(json, "skip_reason",
                       step->skip_reason == SP_SKIP_NONE ? NULL
                                                         : sp_skip_reason_name(step->skip_reason));
    sp_json_add_string(json, "note", step->note);
    sp_json_add_time(json, "changed", step->changed);
    sp_json_add_string(json, "changed_by", step->changed_by);
    sp_json_add_time(json, "wait_until", step->wait_until);
    sp_json_add_string(json, "proof", step->proof);
    return json;
}

static void
add_person(SpJson *json, const SpSession *session)
{
    SpJson *user;

    if (session->user == NULL) {
        json_object_object_add(json, "user", NULL);
        return;
    }
    user = json_object_new_object();
    sp_json_add_string(user, "id", session->user_id);
    sp_json_add_string(user, "userPrincipalName", session->user);
    sp_json_add_string(user, "displayName", session->display_name);
    sp_json_add_string(user, "mail", session->mail);
    json_object_object_add(json, "user", user);
}

struct json_object *
sp_session_to_json(const SpSession *session)
{
    SpJson *json = json_object_new_object();
    SpJson *steps = json_object_new_array();

    sp_json_add_string(json, "schema", "samephoto.session/1");
    json_object_object_add(json, "id", json_object_new_int64(session->id));
    add_person(json, session);
    sp_json_add_string(json, "playbook", session->playbook);
    sp_json_add_string(json, "title", session->title);
    sp_json_add_string(json, "language", session->language);
    sp_json_add_string(json, "ticket", session->ticket);
    sp_json_add_string(json, "agent", session->agent);
    sp_json_add_string(json, "headline", session->headline);
    sp_json_add_time(json, "started", session->started);
    sp_json_add_time(json, "closed", session->closed);
    json_object_object_add(json, "current", json_object_new_int((int) session->current));
    for (guint i = 0; i < session->steps->len; i++) {
        json_object_array_add(steps, step_to_json(g_ptr_array_index(session->steps, i)));
    }
    json_object_object_add(json, "steps", steps);
    json_object_object_add(json, "overrules", sp_overrules_to_json(session));
    json_object_object_add(json, "log", log_to_json(session));
    return json;
}
