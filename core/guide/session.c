/* A session in memory is what the database says: begin writes first and then loads, so there is one
 * way from a row to a struct. */

#include "core/guide/session.h"

#include <string.h>

#include "core/error.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/text.h"

#define MAX_NAME_CHARACTERS 200

static void
free_step(gpointer data)
{
    SpSessionStep *step = data;

    g_free(step->section_id);
    g_free(step->section_title);
    sp_step_free(step->step);
    g_free(step->note);
    g_clear_pointer(&step->changed, g_date_time_unref);
    g_clear_pointer(&step->wait_until, g_date_time_unref);
    g_free(step->changed_by);
    g_free(step->proof);
    g_free(step);
}

static void
clear(gpointer data)
{
    SpSession *session = data;

    sp_store_unref(session->store);
    g_free(session->uid);
    g_free(session->user);
    g_free(session->user_id);
    g_free(session->display_name);
    g_free(session->mail);
    g_free(session->playbook);
    g_free(session->title);
    g_free(session->language);
    g_free(session->ticket);
    g_free(session->agent);
    g_free(session->writer);
    g_free(session->headline);
    g_clear_pointer(&session->started, g_date_time_unref);
    g_clear_pointer(&session->closed, g_date_time_unref);
    g_clear_pointer(&session->steps, g_ptr_array_unref);
    g_clear_pointer(&session->overrules, g_ptr_array_unref);
    g_clear_pointer(&session->begun, g_ptr_array_unref);
}

SpSession *
sp_session_ref(SpSession *session)
{
    return g_atomic_rc_box_acquire(session);
}

void
sp_session_unref(SpSession *session)
{
    if (session != NULL) {
        g_atomic_rc_box_release_full(session, clear);
    }
}

char *
sp_session_agent_name(const SpStore *store, const char *name)
{
    if (name == NULL || *name == '\0') {
        name = sp_store_get_agent(store);
    }
    return sp_text_clean(name == NULL || *name == '\0' ? g_get_user_name() : name, -1,
                         MAX_NAME_CHARACTERS);
}

/* A name for the database: clean, or NULL. Transfer full. */
static char *
clean_or_null(const char *text)
{
    g_autofree char *clean = text == NULL ? NULL : sp_text_clean(text, -1, MAX_NAME_CHARACTERS);

    return clean == NULL || *clean == '\0' ? NULL : g_steal_pointer(&clean);
}

static void
bind_clean(sqlite3_stmt *statement, int number, const char *text)
{
    g_autofree char *clean = clean_or_null(text);

    sp_bind_text(statement, number, clean);
}

static gboolean
insert_session(SpStore *store, const SpSessionOptions *options, gint64 *id, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(
        store,
        "INSERT INTO session (uid, user, user_id, display_name, mail, playbook, title, language,"
        " ticket, agent, headline, started, updated)"
        " VALUES (lower(hex(randomblob(16))), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
        " ?12)",
        error);
    const SpPerson *person = options->person;
    const SpFinding *headline = options->findings == NULL || options->findings->len == 0
                                    ? NULL
                                    : g_ptr_array_index(options->findings, 0);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *agent = sp_session_agent_name(store, options->agent);

    if (statement == NULL) {
        return FALSE;
    }
    if (person != NULL) {
        bind_clean(statement, 2, person->user_principal_name);
        bind_clean(statement, 3, person->id);
        bind_clean(statement, 4, person->display_name);
        bind_clean(statement, 5, person->mail);
    }
    sp_bind_text(statement, 6, sp_playbook_get_name(options->playbook));
    sp_bind_text(statement, 7, sp_playbook_get_title(options->playbook));
    sp_bind_text(statement, 8, sp_playbook_get_language(options->playbook));
    bind_clean(statement, 9, options->ticket);
    sp_bind_text(statement, 10, agent);
    sp_bind_text(statement, 11, headline == NULL ? NULL : headline->summary);
    sp_bind_time(statement, 12, now);
    if (!sp_store_run(store, statement, error)) {
        return FALSE;
    }
    *id = sp_store_last_id(store);
    return TRUE;
}

static gboolean
insert_step(SpStore *store, gint64 id, guint position, const SpSection *section, const SpStep *step,
            GError **error)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(
        store,
        "INSERT INTO step (session_id, position, section_id, section_title, text, detail, actor,"
        " verify, wait, wait_s, url, play, say, state, skip_reason)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        error);
    g_autofree char *verify = g_strjoinv(" ", step->verify);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, id);
    sp_bind_int(statement, 2, position);
    sp_bind_text(statement, 3, section->id);
    sp_bind_text(statement, 4, section->title);
    sp_bind_text(statement, 5, step->text);
    sp_bind_text(statement, 6, step->detail);
    sp_bind_text(statement, 7, sp_actor_name(step->actor));
    sp_bind_text(statement, 8, verify);
    sp_bind_text(statement, 9, step->wait);
    sp_bind_int(statement, 10, step->wait_s);
    sp_bind_text(statement, 11, step->url);
    sp_bind_text(statement, 12, step->play);
    sp_bind_text(statement, 13, step->say);
    sp_bind_text(statement, 14, sp_step_state_name(SP_STEP_TODO));
    sp_bind_text(statement, 15, sp_skip_reason_name(SP_SKIP_NONE));
    return sp_store_run(store, statement, error);
}

/* Whether a finding calls for the section: by its remedy ("profile-photo#id") or the section's
 * when. */
static gboolean
calls_for(const SpFinding *finding, const SpPlaybook *playbook, const SpSection *section)
{
    const char *fragment = finding->remedy == NULL ? NULL : strchr(finding->remedy, '#');
    gsize length = fragment == NULL ? 0 : (gsize) (fragment - finding->remedy);

    if (g_strv_contains((const char *const *) section->when, finding->id)) {
        return TRUE;
    }
    return fragment != NULL && strcmp(fragment + 1, section->id) == 0 &&
           strlen(sp_playbook_get_name(playbook)) == length &&
           strncmp(finding->remedy, sp_playbook_get_name(playbook), length) == 0;
}

static gboolean
has_when(GPtrArray *sections)
{
    for (guint i = 0; i < sections->len; i++) {
        const SpSection *section = g_ptr_array_index(sections, i);

        if (section->when[0] != NULL) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The sections to walk, in the order of the findings; a playbook that knows nothing of findings is
 * walked whole. Transfer container. */
static GPtrArray *
choose_sections(const SpSessionOptions *options)
{
    GPtrArray *sections = sp_playbook_get_sections(options->playbook);
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();

    if (options->findings == NULL || !has_when(sections)) {
        return g_ptr_array_ref(sections);
    }
    for (guint i = 0; i < options->findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(options->findings, i);

        for (guint j = 0; j < sections->len; j++) {
            SpSection *section = g_ptr_array_index(sections, j);

            if (calls_for(finding, options->playbook, section) &&
                !g_ptr_array_find(chosen, section, NULL)) {
                g_ptr_array_add(chosen, section);
            }
        }
    }
    return g_steal_pointer(&chosen);
}

static gboolean
insert_steps(SpStore *store, gint64 id, const SpSessionOptions *options, GError **error)
{
    g_autoptr(GPtrArray) sections = choose_sections(options);
    guint position = 0;

    for (guint i = 0; i < sections->len; i++) {
        const SpSection *section = g_ptr_array_index(sections, i);

        for (guint j = 0; j < section->steps->len; j++) {
            if (!insert_step(store, id, position++, section, g_ptr_array_index(section->steps, j),
                             error)) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

static gboolean
insert_begun(SpStore *store, gint64 id, const char *agent, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store,
                         "INSERT INTO log (session_id, at, agent, event)"
                         " VALUES (?1, unixepoch(), ?2, 'begun')",
                         error);
    g_autofree char *name = sp_session_agent_name(store, agent);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, id);
    sp_bind_text(statement, 2, name);
    return sp_store_run(store, statement, error);
}

SpSession *
sp_session_begin(SpStore *store, const SpSessionOptions *options, GError **error)
{
    SpSession *session;
    gint64 id = 0;

    if (!sp_store_begin(store, error)) {
        return NULL;
    }
    if (!insert_session(store, options, &id, error) || !insert_steps(store, id, options, error) ||
        !insert_begun(store, id, options->agent, error) || !sp_store_commit(store, error)) {
        sp_store_undo(store);
        return NULL;
    }
    session = sp_session_load(store, id, error);
    if (session != NULL) {
        sp_session_set_agent(session, options->agent);
    }
    return session;
}

static GStrv
split_verify(const char *text)
{
    return *text == '\0' ? g_new0(char *, 1) : g_strsplit(text, " ", -1);
}

/* What another version wrote and this one does not know reads as the plainest state. */
static SpSessionStep *
read_step(sqlite3_stmt *row)
{
    SpSessionStep *step = g_new0(SpSessionStep, 1);
    g_autofree char *actor = sp_column_text(row, 4);
    g_autofree char *verify = sp_column_text(row, 5);
    g_autofree char *state = sp_column_text(row, 11);
    g_autofree char *reason = sp_column_text(row, 13);

    step->step = g_new0(SpStep, 1);
    step->section_id = sp_column_text(row, 0);
    step->section_title = sp_column_text(row, 1);
    step->step->text = sp_column_text(row, 2);
    step->step->detail = sp_column_text(row, 3);
    sp_actor_parse(actor, &step->step->actor);
    step->step->verify = split_verify(verify);
    step->step->wait = sp_column_text(row, 6);
    step->step->wait_s = sqlite3_column_int64(row, 7);
    step->step->url = sp_column_text(row, 8);
    step->step->play = sp_column_text(row, 9);
    step->step->say = sp_column_text(row, 10);
    sp_step_state_parse(state, &step->state);
    step->by_hand = sqlite3_column_int(row, 12) != 0;
    sp_skip_reason_parse(reason, &step->skip_reason);
    step->note = sp_column_text(row, 14);
    step->changed = sp_column_time(row, 15);
    step->changed_by = sp_column_text(row, 16);
    step->wait_until = sp_column_time(row, 17);
    step->proof = sp_column_text(row, 18);
    step->before_id = sqlite3_column_int64(row, 19);
    step->after_id = sqlite3_column_int64(row, 20);
    return step;
}

static gboolean
load_steps(SpSession *session, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(
        session->store,
        "SELECT section_id, section_title, text, detail, actor, verify, wait, wait_s, url, play,"
        " say, state, by_hand, skip_reason, note, changed, changed_by, wait_until, proof,"
        " before_id, after_id FROM step WHERE session_id = ?1 ORDER BY position",
        error);
    g_autoptr(GError) local = NULL;

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, session->id);
    session->steps = g_ptr_array_new_with_free_func(free_step);
    while (sp_store_step(session->store, statement, &local)) {
        g_ptr_array_add(session->steps, read_step(statement));
    }
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    return TRUE;
}

static void
read_session(SpSession *session, sqlite3_stmt *row)
{
    session->uid = sp_column_text(row, 0);
    session->user = sp_column_text(row, 1);
    session->user_id = sp_column_text(row, 2);
    session->display_name = sp_column_text(row, 3);
    session->mail = sp_column_text(row, 4);
    session->playbook = sp_column_text(row, 5);
    session->title = sp_column_text(row, 6);
    session->language = sp_column_text(row, 7);
    session->ticket = sp_column_text(row, 8);
    session->agent = sp_column_text(row, 9);
    session->headline = sp_column_text(row, 10);
    session->started = sp_column_time(row, 11);
    session->closed = sp_column_time(row, 12);
    session->current = (guint) MAX(0, sqlite3_column_int(row, 13));
}

SpSession *
sp_session_load(SpStore *store, gint64 id, GError **error)
{
    g_autoptr(SpSession) session = g_atomic_rc_box_new0(SpSession);
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(
        store,
        "SELECT uid, user, user_id, display_name, mail, playbook, title, language, ticket, agent,"
        " headline, started, closed, current FROM session WHERE id = ?1",
        error);
    g_autoptr(GError) local = NULL;

    session->store = sp_store_ref(store);
    session->id = id;
    if (statement == NULL) {
        return NULL;
    }
    sp_bind_int(statement, 1, id);
    if (!sp_store_step(store, statement, &local)) {
        if (local != NULL) {
            g_propagate_error(error, g_steal_pointer(&local));
        } else {
            g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, id);

            g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("there is no session %s"), number);
        }
        return NULL;
    }
    read_session(session, statement);
    if (!load_steps(session, error) || !sp_overrules_load(session, error)) {
        return NULL;
    }
    session->current = MIN(session->current, session->steps->len);
    session->writer = sp_session_agent_name(store, NULL);
    return g_steal_pointer(&session);
}

gint64
sp_session_get_id(const SpSession *session)
{
    return session->id;
}

const char *
sp_session_get_user(const SpSession *session)
{
    return session->user;
}

const char *
sp_session_get_display_name(const SpSession *session)
{
    return session->display_name;
}

const char *
sp_session_get_title(const SpSession *session)
{
    return session->title;
}

const char *
sp_session_get_ticket(const SpSession *session)
{
    return session->ticket;
}

const char *
sp_session_get_agent(const SpSession *session)
{
    return session->agent;
}

gboolean
sp_session_is_closed(const SpSession *session)
{
    return session->closed != NULL;
}

void
sp_session_set_agent(SpSession *session, const char *agent)
{
    g_free(session->writer);
    session->writer = sp_session_agent_name(session->store, agent);
}

GDateTime *
sp_session_get_started(const SpSession *session)
{
    return session->started;
}

GPtrArray *
sp_session_get_steps(const SpSession *session)
{
    return session->steps;
}

guint
sp_session_get_current(const SpSession *session)
{
    return session->current;
}

guint
sp_session_count_done(const SpSession *session)
{
    guint count = 0;

    for (guint i = 0; i < session->steps->len; i++) {
        const SpSessionStep *step = g_ptr_array_index(session->steps, i);

        count += step->state == SP_STEP_PASSED || step->state == SP_STEP_SKIPPED;
    }
    return count;
}
