/* The current check is what the screens show. While copies are read again, the check before it
 * stays and stands in for what has not arrived. */
#include "core/i18n.h"
#include "core/services/service.h"
#include "tui/case-private.h"

static void
free_copy(gpointer data)
{
    sp_copy_unref(data);
}

static void
on_wait(const char *name, gint64 wait_ms, gpointer user_data)
{
    UiCase *ui_case = user_data;

    if (ui_holds_add(ui_case->holds, name, wait_ms)) {
        ui_case_touch(ui_case, UI_CASE_STATUS);
    }
}

UiCase *
ui_case_new(SpClient *client, SpStore *store, SpTenant *tenant)
{
    UiCase *ui_case = g_new0(UiCase, 1);

    ui_case->client = client == NULL ? NULL : sp_client_ref(client);
    ui_case->store = store == NULL ? NULL : sp_store_ref(store);
    ui_case->tenant = tenant;
    ui_case->titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    ui_case->overrules = g_ptr_array_new_with_free_func(ui_case_free_overrule);
    ui_case->seen = g_ptr_array_new_with_free_func(free_copy);
    ui_case->wholes = g_ptr_array_new_with_free_func(free_copy);
    ui_case->holds = ui_holds_new();
    ui_case->verifying = -1;
    if (client != NULL) {
        sp_http_set_wait_func(sp_client_get_http(client), on_wait, ui_case);
    }
    return ui_case;
}

static void
forget_recorded(UiCase *ui_case)
{
    g_clear_pointer(&ui_case->recorded_at, g_date_time_unref);
    g_clear_pointer(&ui_case->recorded_by, g_free);
}

static void
drop_check(UiCase *ui_case)
{
    if (ui_case->is_reading && ui_case->check != NULL) {
        sp_check_cancel(ui_case->check);
    }
    ui_case->is_reading = FALSE;
    ui_case->verifying = -1;
    g_clear_pointer(&ui_case->check, sp_check_unref);
    g_clear_pointer(&ui_case->previous, sp_check_unref);
}

void
ui_case_free(UiCase *ui_case)
{
    if (ui_case == NULL) {
        return;
    }
    drop_check(ui_case);
    if (ui_case->client != NULL) {
        sp_http_set_wait_func(sp_client_get_http(ui_case->client), NULL, NULL);
    }
    ui_holds_free(ui_case->holds);
    forget_recorded(ui_case);
    g_clear_pointer(&ui_case->session, sp_session_unref);
    g_clear_pointer(&ui_case->client, sp_client_unref);
    g_clear_pointer(&ui_case->store, sp_store_unref);
    g_hash_table_unref(ui_case->titles);
    g_ptr_array_unref(ui_case->overrules);
    g_clear_error(&ui_case->error);
    g_ptr_array_unref(ui_case->seen);
    g_ptr_array_unref(ui_case->wholes);
    g_free(ui_case->user);
    g_free(ui_case->reference_file);
    g_free(ui_case->ticket);
    g_free(ui_case->reference);
    g_free(ui_case);
}

void
ui_case_set_func(UiCase *ui_case, UiCaseFunc func, gpointer user_data)
{
    ui_case->func = func;
    ui_case->user_data = user_data;
}

SpClient *
ui_case_get_client(const UiCase *ui_case)
{
    return ui_case->client;
}

SpStore *
ui_case_get_store(const UiCase *ui_case)
{
    return ui_case->store;
}

void
ui_case_touch(UiCase *ui_case, UiCaseChanges changes)
{
    if (ui_case->func != NULL) {
        ui_case->func(ui_case, changes, ui_case->user_data);
    }
}

/* The session keeps every whole check as evidence, and the step its proof. */
static void
keep_evidence(UiCase *ui_case)
{
    int step = ui_case->verifying;

    g_clear_error(&ui_case->error);
    ui_case->verifying = -1;
    if (ui_case->session == NULL) {
        return;
    }
    if (step >= 0) {
        sp_session_prove(ui_case->session, (guint) step, ui_case->check, NULL, &ui_case->error);
    } else {
        sp_session_record(ui_case->session, ui_case->check, &ui_case->error);
    }
}

/* What a screenshot shows beside the photo is nobody's business once the photo is cut out. */
static void
forget_wholes(UiCase *ui_case)
{
    for (guint i = 0; ui_case->session != NULL && i < ui_case->seen->len; i++) {
        const SpCopy *copy = ui_case->seen->pdata[i];
        const SpCopy *whole = ui_case->wholes->pdata[i];

        if (copy != whole && ui_case->error == NULL) {
            sp_session_forget_seen(ui_case->session, sp_photo_get_sha256(whole->photo),
                                   &ui_case->error);
        }
    }
}

static void
end_reading(UiCase *ui_case, gboolean is_whole)
{
    ui_case->is_reading = FALSE;
    if (is_whole) {
        ui_case->is_seen_new = FALSE;
        keep_evidence(ui_case);
        forget_wholes(ui_case);
        forget_recorded(ui_case);
        g_clear_pointer(&ui_case->previous, sp_check_unref);
    }
}

/* Whether the comparison that stands is one of all that the person sees. */
static gboolean
is_seen_compared(const UiCase *ui_case)
{
    SpEvidence evidence = sp_check_get_evidence(ui_case->check);

    for (guint i = 0; i < ui_case->seen->len; i++) {
        if (i >= evidence.n_seen ||
            evidence.copies[evidence.n_copies + i] != ui_case->seen->pdata[i]) {
            return FALSE;
        }
    }
    return TRUE;
}

/* A picture that came after the reading is kept once it is compared. */
static void
keep_seen(UiCase *ui_case)
{
    if (ui_case->is_seen_new && !ui_case->is_reading && sp_check_is_done(ui_case->check) &&
        is_seen_compared(ui_case)) {
        ui_case->is_seen_new = FALSE;
        keep_evidence(ui_case);
        forget_wholes(ui_case);
    }
}

static void
on_check(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    UiCase *ui_case = user_data;
    UiCaseChanges changes = 0;

    (void) service;
    if (check != ui_case->check) {
        return;
    }
    switch (event) {
    case SP_CHECK_PERSON: changes = UI_CASE_PERSON; break;
    case SP_CHECK_COPY: changes = UI_CASE_COPIES; break;
    case SP_CHECK_COMPARED:
        keep_seen(ui_case);
        changes = UI_CASE_FINDINGS;
        break;
    case SP_CHECK_CHOICE:
        end_reading(ui_case, FALSE);
        changes = UI_CASE_PERSON | UI_CASE_STATUS;
        break;
    case SP_CHECK_DONE:
        end_reading(ui_case, TRUE);
        changes = UI_CASE_COPIES | UI_CASE_FINDINGS | UI_CASE_STATUS | UI_CASE_SESSION;
        break;
    case SP_CHECK_FAILED:
        end_reading(ui_case, FALSE);
        changes = UI_CASE_STATUS;
        break;
    }
    ui_case_touch(ui_case, changes);
}

/* `changes`: what else is new beside what every reading brings. */
static void
start(UiCase *ui_case, SpCheckOptions *options, UiCaseChanges changes)
{
    g_autoptr(GDateTime) now = ui_case_now(ui_case);

    options->now = ui_case->tenant != NULL ? now : NULL;
    options->reference_file = ui_case->reference_file;
    options->seen = ui_case->seen;
    options->reference = ui_case->reference;
    ui_case->is_reading = TRUE;
    ui_case->began_us = g_get_monotonic_time();
    ui_case->check = sp_check_start(ui_case->client, options, on_check, ui_case);
    ui_case_touch(ui_case, changes | UI_CASE_COPIES | UI_CASE_FINDINGS | UI_CASE_STATUS);
}

static void
keep_user(UiCase *ui_case, const char *user)
{
    char *kept = g_strdup(user);

    g_free(ui_case->user);
    ui_case->user = kept;
}

static void
begin_anew(UiCase *ui_case, SpCheckOptions *options)
{
    if (ui_case->client == NULL) {
        return;
    }
    ui_case_forget_given(ui_case);
    drop_check(ui_case);
    forget_recorded(ui_case);
    g_clear_pointer(&ui_case->session, sp_session_unref);
    g_clear_pointer(&ui_case->reference, g_free);
    g_ptr_array_set_size(ui_case->overrules, 0);
    keep_user(ui_case, options->user);
    start(ui_case, options, UI_CASE_PERSON | UI_CASE_SESSION);
}

void
ui_case_open(UiCase *ui_case, const char *user)
{
    begin_anew(ui_case, &(SpCheckOptions){.user = user});
}

void
ui_case_open_person(UiCase *ui_case, const SpPerson *person)
{
    /* The person may belong to the check that is put away. */
    g_autoptr(SpPerson) kept = sp_person_ref((SpPerson *) person);

    begin_anew(ui_case, &(SpCheckOptions){.person = kept});
}

/* Nobody is known yet: the look-up failed or was stopped. */
static void
look_up_again(UiCase *ui_case)
{
    if (ui_case->user != NULL) {
        drop_check(ui_case);
        start(ui_case, &(SpCheckOptions){.user = ui_case->user}, UI_CASE_PERSON);
    }
}

void
ui_case_reread(UiCase *ui_case, const char *const *services)
{
    SpCheckOptions options = {.person = ui_case_get_person(ui_case), .wanted = services};
    g_autoptr(SpCheck) standing = NULL;
    g_autoptr(SpPerson) person = NULL;

    if (ui_case->client == NULL) {
        return;
    }
    if (options.person == NULL) {
        look_up_again(ui_case);
        return;
    }
    /* What is half read counts for nothing: the last whole check stands. */
    if (ui_case->is_reading) {
        sp_check_cancel(ui_case->check);
    }
    standing = ui_case->is_reading && ui_case->previous != NULL
                   ? g_steal_pointer(&ui_case->previous)
                   : g_steal_pointer(&ui_case->check);
    person = sp_person_ref((SpPerson *) options.person);
    drop_check(ui_case);
    options.base = services == NULL ? NULL : standing;
    ui_case->previous = g_steal_pointer(&standing);
    start(ui_case, &options, 0);
}

void
ui_case_cancel(UiCase *ui_case)
{
    if (!ui_case->is_reading) {
        return;
    }
    sp_check_cancel(ui_case->check);
    ui_case->is_reading = FALSE;
    ui_case->verifying = -1;
    if (ui_case->previous != NULL) {
        g_clear_pointer(&ui_case->check, sp_check_unref);
        ui_case->check = g_steal_pointer(&ui_case->previous);
    }
    ui_case_touch(ui_case, UI_CASE_COPIES | UI_CASE_FINDINGS | UI_CASE_STATUS);
}

SpCheck *
ui_case_get_check(const UiCase *ui_case)
{
    return ui_case->check;
}

gboolean
ui_case_is_reading(const UiCase *ui_case, const char *service)
{
    int index;

    if (!ui_case->is_reading || service == NULL) {
        return ui_case->is_reading;
    }
    index = sp_check_find(ui_case->check, service);
    return index >= 0 && sp_check_get_copy(ui_case->check, (guint) index) == NULL;
}

gint64
ui_case_get_waited_ms(const UiCase *ui_case)
{
    return ui_case->is_reading ? (g_get_monotonic_time() - ui_case->began_us) / 1000 : 0;
}

char *
ui_case_waits_for(const UiCase *ui_case)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; ui_case->is_reading && i < ui_case_count(ui_case); i++) {
        if (ui_case_is_reading(ui_case, ui_case_get_service(ui_case, i))) {
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   ui_case_get_title(ui_case, i));
        }
    }
    return names->len == 0 ? NULL : g_string_free(g_steal_pointer(&names), FALSE);
}

guint
ui_case_count(const UiCase *ui_case)
{
    return ui_case->check == NULL ? 0 : sp_check_count(ui_case->check);
}

const char *
ui_case_get_service(const UiCase *ui_case, guint index)
{
    return sp_check_get_service(ui_case->check, index);
}

SpCopy *
ui_case_get_copy(const UiCase *ui_case, guint index)
{
    SpCopy *copy = sp_check_get_copy(ui_case->check, index);
    int before;

    if (copy != NULL || ui_case->previous == NULL) {
        return copy;
    }
    before = sp_check_find(ui_case->previous, ui_case_get_service(ui_case, index));
    return before < 0 ? NULL : sp_check_get_copy(ui_case->previous, (guint) before);
}

/* What the settings call a copy. Borrowed. */
static const char *
configured_title(const UiCase *ui_case, const char *service)
{
    const char *title = g_hash_table_lookup(ui_case->titles, service);

    if (title == NULL) {
        const SpConfig *config =
            ui_case->client == NULL ? NULL : sp_client_get_config(ui_case->client);
        char *made = sp_service_title(config, service);

        g_hash_table_insert(ui_case->titles, g_strdup(service), made);
        title = made;
    }
    return title;
}

const char *
ui_case_get_title(const UiCase *ui_case, guint index)
{
    const SpCopy *copy = ui_case_get_copy(ui_case, index);

    return copy != NULL ? copy->title
                        : configured_title(ui_case, ui_case_get_service(ui_case, index));
}

const char *
ui_case_get_service_title(const UiCase *ui_case, const char *service)
{
    for (guint i = 0; i < ui_case_count(ui_case); i++) {
        if (g_str_equal(ui_case_get_service(ui_case, i), service)) {
            return ui_case_get_title(ui_case, i);
        }
    }
    return configured_title(ui_case, service);
}

const SpPerson *
ui_case_get_person(const UiCase *ui_case)
{
    const SpPerson *person = ui_case->check == NULL ? NULL : sp_check_get_person(ui_case->check);

    if (person == NULL && ui_case->previous != NULL) {
        person = sp_check_get_person(ui_case->previous);
    }
    return person;
}

const GError *
ui_case_get_error(const UiCase *ui_case)
{
    if (ui_case->error != NULL) {
        return ui_case->error;
    }
    return ui_case->check == NULL ? NULL : sp_check_get_error(ui_case->check);
}

void
ui_case_set_reference(UiCase *ui_case, const char *service)
{
    if (ui_case->check != NULL) {
        g_free(ui_case->reference);
        ui_case->reference = g_strdup(service);
        sp_check_set_reference(ui_case->check, service);
        ui_case_touch(ui_case, UI_CASE_FINDINGS);
    }
}

void
ui_case_set_ticket(UiCase *ui_case, const char *ticket)
{
    g_free(ui_case->ticket);
    ui_case->ticket = g_strdup(ticket);
}

const char *
ui_case_get_ticket(const UiCase *ui_case)
{
    return ui_case->ticket;
}

SpSession *
ui_case_get_session(const UiCase *ui_case)
{
    return ui_case->session;
}

void
ui_case_set_session(UiCase *ui_case, SpSession *session)
{
    SpSession *kept = session == NULL ? NULL : sp_session_ref(session);

    g_clear_pointer(&ui_case->session, sp_session_unref);
    ui_case->session = kept;
    if (kept != NULL) {
        /* Translators: the language's own code, "fr". */
        sp_session_set_language(kept, _("en"));
        ui_case_take_overrules(ui_case, kept);
    }
    ui_case_touch(ui_case, UI_CASE_SESSION);
}

void
ui_case_resume(UiCase *ui_case, SpSession *session)
{
    g_autoptr(SpSession) kept = sp_session_ref(session);
    g_autoptr(GError) error = NULL;
    const char *user = sp_session_get_user(session);
    SpCheck *recorded;

    ui_case_forget_given(ui_case);
    drop_check(ui_case);
    forget_recorded(ui_case);
    g_clear_pointer(&ui_case->reference, g_free);
    g_ptr_array_set_size(ui_case->overrules, 0);
    recorded = sp_session_get_last_check(session, on_check, ui_case, &ui_case->recorded_at,
                                         &ui_case->recorded_by, &error);
    g_clear_error(&ui_case->error);
    ui_case->error = g_steal_pointer(&error);
    if (recorded != NULL) {
        ui_case_take_seen(ui_case, recorded);
    }
    keep_user(ui_case, user);
    if (user != NULL && ui_case->client != NULL) {
        ui_case->previous = recorded;
        start(ui_case, &(SpCheckOptions){.user = user}, 0);
    } else {
        ui_case->check = recorded;
    }
    ui_case_set_session(ui_case, kept);
    ui_case_touch(ui_case, UI_CASE_PERSON | UI_CASE_COPIES | UI_CASE_FINDINGS | UI_CASE_STATUS);
}

gboolean
ui_case_begin_session(UiCase *ui_case, SpPlaybook *playbook, GError **error)
{
    g_autoptr(SpSession) session = NULL;
    SpSessionOptions options = {
        .playbook = playbook, .person = ui_case_get_person(ui_case), .ticket = ui_case->ticket};
    gboolean is_checked = ui_case->check != NULL && sp_check_is_done(ui_case->check) &&
                          sp_check_get_error(ui_case->check) == NULL;

    options.findings = is_checked ? sp_check_get_findings(ui_case->check) : NULL;
    session = sp_session_begin(ui_case->store, &options, error);
    if (session == NULL) {
        return FALSE;
    }
    if ((is_checked && !sp_session_record(session, ui_case->check, error)) ||
        !ui_case_keep_overrules(ui_case, session, error)) {
        return FALSE;
    }
    ui_case_set_session(ui_case, session);
    return TRUE;
}

gboolean
ui_case_verify_step(UiCase *ui_case, guint index)
{
    GPtrArray *steps = ui_case->session == NULL ? NULL : sp_session_get_steps(ui_case->session);
    const SpSessionStep *step = steps == NULL || index >= steps->len ? NULL : steps->pdata[index];

    if (step == NULL || step->step->verify == NULL || step->step->verify[0] == NULL ||
        ui_case_get_person(ui_case) == NULL || ui_case->client == NULL) {
        return FALSE;
    }
    ui_case_reread(ui_case, (const char *const *) step->step->verify);
    ui_case->verifying = (int) index;
    return TRUE;
}

int
ui_case_get_verifying(const UiCase *ui_case)
{
    return ui_case->verifying;
}

gboolean
ui_case_is_practice(const UiCase *ui_case)
{
    return ui_case->tenant != NULL;
}

gboolean
ui_case_play(UiCase *ui_case, const char *event, GError **error)
{
    const SpPerson *person = ui_case_get_person(ui_case);

    if (ui_case->tenant == NULL || person == NULL) {
        return TRUE;
    }
    return sp_tenant_play(ui_case->tenant, event, person->user_principal_name, error);
}

void
ui_case_advance(UiCase *ui_case, gint64 seconds)
{
    if (ui_case->tenant != NULL) {
        sp_tenant_advance(ui_case->tenant, seconds);
        ui_case_touch(ui_case, UI_CASE_STATUS);
    }
}

GDateTime *
ui_case_now(const UiCase *ui_case)
{
    return ui_case->tenant != NULL ? sp_tenant_now(ui_case->tenant) : g_date_time_new_now_local();
}
