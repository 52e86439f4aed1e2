/* A dialogue of numbered choices: print, ask, read a line, act. The network runs on the main loop
 * while a check is waited for; between checks nothing runs but the question. */

#include "tui/plain.h"

#include <stdio.h>
#include <string.h>

#include "core/guide/check.h"
#include "core/guide/report.h"
#include "core/i18n.h"
#include "core/text.h"
#include "tui/ask.h"
#include "tui/holds.h"
#include "tui/step-actions.h"

typedef struct {
    UiProgram *program;
    const UiPlainOptions *options;
    SpStore *store;
    SpSession *session;
    SpCheck *check;   /* the last one, or NULL */
    GPtrArray *seen;  /* SpCopy: what the person sees */
    gboolean is_over; /* the input has ended, or the agent said so */
    int code;         /* the exit code where no check says another */
    gboolean is_failed; /* `code` counts, whatever a check says */
} Plain;

static char *
ask(Plain *plain, const char *question)
{
    char *answer = ui_ask(question);

    plain->is_over = plain->is_over || answer == NULL;
    return answer;
}

/* The number from 1 to `n` that was answered, or 0. */
static guint
ask_number(Plain *plain, const char *question, guint n)
{
    while (!plain->is_over) {
        g_autofree char *answer = ask(plain, question);
        guint64 number = 0;

        if (answer == NULL || *answer == '\0') {
            return 0;
        }
        if (g_ascii_string_to_unsigned(answer, 10, 1, n, &number, NULL)) {
            return (guint) number;
        }
        g_print(_("Please answer with a number from 1 to %u.\n"), n);
    }
    return 0;
}

/* On stderr; what the error stands for is the exit code where nothing else happens. */
static void
tell_error(Plain *plain, const GError *error)
{
    plain->code = ui_program_fail(plain->program, error);
}

/* ---- checks ---- */

static void
on_check(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    GMainLoop *loop = user_data;
    int index = service == NULL ? -1 : sp_check_find(check, service);
    const SpCopy *copy = index < 0 ? NULL : sp_check_get_copy(check, (guint) index);

    if (event == SP_CHECK_COPY && copy != NULL) {
        g_print(_("  %s: %s\n"), copy->title, sp_copy_status_title(copy->status));
    }
    if (event == SP_CHECK_DONE || event == SP_CHECK_FAILED || event == SP_CHECK_CHOICE) {
        g_main_loop_quit(loop);
    }
}

/* A throttle is never waited for in silence. */
static void
on_wait(const char *name, gint64 wait_ms, gpointer user_data)
{
    UiHolds *holds = user_data;

    if (ui_holds_add(holds, name, wait_ms)) {
        g_autofree char *held = ui_holds_describe(holds);

        g_print("  %s\n", held);
    }
}

/* Reads and waits for the end; NULL after the error was told. Transfer full. */
static SpCheck *
read_copies(Plain *plain, SpCheckOptions *options)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(UiHolds) holds = ui_holds_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GDateTime) now = NULL;
    SpClient *client = ui_program_get_client(plain->program, &error);
    SpCheck *check;

    if (client == NULL) {
        tell_error(plain, error);
        return NULL;
    }
    if (ui_program_get_tenant(plain->program) != NULL) {
        now = sp_tenant_now(ui_program_get_tenant(plain->program));
        options->now = now;
    }
    options->reference_file =
        ui_program_get_reference(plain->program, plain->options->reference, options->user);
    options->seen = plain->seen;
    g_print("%s\n", _("Reading the copies."));
    sp_http_set_wait_func(sp_client_get_http(client), on_wait, holds);
    check = sp_check_start(client, options, on_check, loop);
    g_main_loop_run(loop);
    sp_http_set_wait_func(sp_client_get_http(client), NULL, NULL);
    return check;
}

/* Several people match: whom is meant? */
static SpCheck *
choose_person(Plain *plain, SpCheck *check)
{
    g_autoptr(SpCheck) matched = check;
    GPtrArray *matches = sp_check_get_matches(check);
    SpCheckOptions options = {0};
    guint number;

    g_print("%s\n", _("Several people match:"));
    for (guint i = 0; i < matches->len; i++) {
        const SpPerson *person = g_ptr_array_index(matches, i);

        g_print("  %u. %s, %s\n", i + 1, person->display_name, person->user_principal_name);
    }
    number = ask_number(plain, _("Whom do you mean?"), matches->len);
    if (number == 0) {
        plain->code =
            ui_program_usage_error(plain->program, _("whom is it about? name one person"));
        return NULL;
    }
    options.person = g_ptr_array_index(matches, number - 1);
    return read_copies(plain, &options);
}

/* The person's check, done; NULL after it was told why there is none. */
static SpCheck *
check_person(Plain *plain, const char *user)
{
    SpCheckOptions options = {.user = user};
    SpCheck *check = read_copies(plain, &options);

    if (check != NULL && sp_check_get_matches(check) != NULL &&
        sp_check_get_matches(check)->len > 1 && sp_check_get_person(check) == NULL) {
        check = choose_person(plain, check);
    }
    if (check != NULL && sp_check_get_error(check) != NULL) {
        tell_error(plain, sp_check_get_error(check));
        g_clear_pointer(&check, sp_check_unref);
    }
    return check;
}

/* The copies as a session has them on record: nothing is read for it. */
static void
tell_copies(const SpCheck *check)
{
    const SpGroups *groups = sp_check_get_groups(check);

    for (guint i = 0; i < sp_check_count(check); i++) {
        const SpCopy *copy = sp_check_get_copy(check, i);
        const SpComparison *comparison = groups == NULL ? NULL : sp_groups_to_reference(groups, i);
        const char *stands = (int) i == sp_check_get_reference(check) ? _("the reference")
                             : comparison == NULL ? sp_copy_status_title(copy->status)
                                                  : sp_relation_title(comparison->relation);

        if (copy->photo == NULL) {
            g_print(_("  %s: %s\n"), copy->title, sp_copy_status_title(copy->status));
        } else {
            g_print(_("  %s: %s, %d × %d\n"), copy->title, stands, sp_photo_get_width(copy->photo),
                    sp_photo_get_height(copy->photo));
        }
    }
}

static void
tell_check(Plain *plain)
{
    SpEvidence evidence = sp_check_get_evidence(plain->check);
    g_autofree char *headline = sp_diagnose_headline(&evidence);
    g_auto(GStrv) history = sp_session_history(plain->store, plain->check);
    GPtrArray *findings = sp_check_get_findings(plain->check);

    g_print("\n%s\n", headline);
    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(findings, i);

        g_print("- %s\n", finding->summary);
        for (guint j = 0; finding->evidence[j] != NULL; j++) {
            g_print("    %s\n", finding->evidence[j]);
        }
    }
    for (guint i = 0; history[i] != NULL; i++) {
        g_print("- %s\n", history[i]);
    }
}

/* ---- the session ---- */

static gboolean
is_worked_off(const SpSession *session)
{
    return ui_step_next_open(session, 0) == sp_session_get_steps(session)->len;
}

/* The person's open session, so far as there is anything left to do in it: what was worked off is
 * history. NULL: none, or (with an error) not to be known. Transfer full. */
static SpSession *
find_session(Plain *plain, const SpPerson *person, GError **error)
{
    g_autoptr(SpSession) session = sp_session_find_open(plain->store, person->user_principal_name,
                                                        plain->options->ticket, error);

    if (session != NULL && is_worked_off(session)) {
        sp_session_close(session, error);
        return NULL;
    }
    return g_steal_pointer(&session);
}

/* As in the screens: a session begins only where there are steps to walk. FALSE: it was told why
 * there is none, for which only an error counts. */
static gboolean
begin_session(Plain *plain)
{
    const SpPerson *person = sp_check_get_person(plain->check);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPlaybook) playbook = NULL;
    SpSessionOptions options = {.person = person,
                                .findings = sp_check_get_findings(plain->check),
                                .ticket = plain->options->ticket};

    plain->session = find_session(plain, person, &error);
    if (plain->session != NULL) {
        g_print("\n%s\n", _("Going on with the open session."));
        sp_session_set_language(plain->session, ui_program_get_language(plain->program));
    } else if (error == NULL && !ui_step_are_called_for(plain->check)) {
        g_print("\n%s\n", _("There are no steps to walk."));
        return FALSE;
    } else if (error == NULL) {
        playbook =
            sp_playbook_load("profile-photo", ui_program_get_language(plain->program), &error);
        options.playbook = playbook;
        plain->session = playbook == NULL ? NULL : sp_session_begin(plain->store, &options, &error);
    }
    if (plain->session == NULL || !sp_session_record(plain->session, plain->check, &error)) {
        tell_error(plain, error);
        plain->is_failed = TRUE;
        return FALSE;
    }
    return TRUE;
}

static const SpSessionStep *
current_step(const Plain *plain)
{
    GPtrArray *steps = sp_session_get_steps(plain->session);
    guint index = sp_session_get_current(plain->session);

    return index < steps->len ? g_ptr_array_index(steps, index) : NULL;
}

static void
tell_step(const Plain *plain)
{
    const SpSessionStep *step = current_step(plain);
    guint index = sp_session_get_current(plain->session);

    g_print("\n");
    g_print(_("Step %u of %u: %s\n"), index + 1, sp_session_get_steps(plain->session)->len,
            step->section_title);
    g_print("%s\n", step->step->text);
    if (step->step->detail != NULL) {
        g_print("%s\n", step->step->detail);
    }
    if (step->step->actor != SP_ACTOR_NOBODY) {
        g_print(_("Who: %s\n"), sp_actor_title(step->step->actor));
    }
    if (step->step->say != NULL) {
        g_print(_("Say: %s\n"), step->step->say);
    }
    g_print(_("State: %s\n"), sp_step_state_title(step->state));
    if (step->note != NULL) {
        g_print(_("Note: %s\n"), step->note);
    }
}

static gboolean
advance(Plain *plain, GError **error)
{
    return ui_step_move_on(plain->session, sp_session_get_current(plain->session) + 1, error);
}

static gboolean
can_play(const Plain *plain)
{
    const SpSessionStep *step = current_step(plain);

    return step->step->play != NULL && sp_session_get_user(plain->session) != NULL &&
           ui_program_get_tenant(plain->program) != NULL;
}

/* In practice the deed happens in the pretend world. */
static gboolean
act_play(Plain *plain, guint index, GError **error)
{
    const SpSessionStep *step = current_step(plain);
    g_autoptr(GError) local = NULL;

    (void) index;
    (void) error;
    if (can_play(plain) && !sp_tenant_play(ui_program_get_tenant(plain->program), step->step->play,
                                           sp_session_get_user(plain->session), &local)) {
        tell_error(plain, local);
    }
    return TRUE;
}

static gboolean
act_done(Plain *plain, guint index, GError **error)
{
    act_play(plain, index, error);
    return sp_session_set_state(plain->session, index, SP_STEP_PASSED, error) &&
           advance(plain, error);
}

static gboolean
act_verify(Plain *plain, guint index, GError **error)
{
    const SpSessionStep *step = current_step(plain);
    const char *user = sp_session_get_user(plain->session);
    SpCheck *check;
    gboolean passed = FALSE;

    if (user == NULL) {
        g_print("%s\n", _("This session is about nobody in particular: nothing can be read."));
        return TRUE;
    }
    check = check_person(plain, user);
    if (check == NULL) {
        return TRUE;
    }
    g_clear_pointer(&plain->check, sp_check_unref);
    plain->check = check;
    if (!sp_session_prove(plain->session, index, check, &passed, error)) {
        return FALSE;
    }
    g_print(_("%s: %s\n"), passed ? _("Passed") : _("Not yet"), step->proof);
    return passed ? advance(plain, error) : TRUE;
}

static gboolean
act_skip(Plain *plain, guint index, GError **error)
{
    guint reason;
    g_autofree char *note = NULL;

    for (guint i = SP_SKIP_NOT_NEEDED; i <= SP_SKIP_OTHER; i++) {
        g_print("  %u. %s\n", i, sp_skip_reason_title((SpSkipReason) i));
    }
    reason = ask_number(plain, _("Why?"), SP_SKIP_OTHER);
    if (reason == 0) {
        return TRUE;
    }
    note = ask(plain, _("Note (empty: none):"));
    return sp_session_skip(plain->session, index, (SpSkipReason) reason,
                           note == NULL || *note == '\0' ? NULL : note, error) &&
           advance(plain, error);
}

static gboolean
act_note(Plain *plain, guint index, GError **error)
{
    g_autofree char *note = ask(plain, _("Note:"));

    return note == NULL || sp_session_set_note(plain->session, index, note, error);
}

static gboolean
act_wait(Plain *plain, guint index, GError **error)
{
    const SpSessionStep *step = current_step(plain);
    gint64 hours = MAX(1, step->step->wait_s / 3600);
    g_autofree char *question =
        g_strdup_printf(_("How many hours? (empty: %d)"), (int) (hours == 1 ? 24 : hours));
    g_autofree char *answer = ask(plain, question);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) until = NULL;
    guint64 number = (guint64) (hours == 1 ? 24 : hours);

    if (answer == NULL) {
        return TRUE;
    }
    if (*answer != '\0' && !g_ascii_string_to_unsigned(answer, 10, 1, 24 * 90, &number, NULL)) {
        g_print(_("Please answer with a number from 1 to %u.\n"), 24 * 90);
        return TRUE;
    }
    until = g_date_time_add_hours(now, (int) number);
    return sp_session_wait_until(plain->session, index, until, error) && advance(plain, error);
}

static gboolean
act_back(Plain *plain, guint index, GError **error)
{
    return index == 0 || sp_session_set_current(plain->session, index - 1, error);
}

static gboolean
act_report(Plain *plain, guint index, GError **error)
{
    SpReportOptions options = {.format = SP_REPORT_TEXT, .faces = SP_FACES_NONE};
    g_autofree char *text = sp_report_render(plain->session, &options, error);

    (void) index;
    if (text == NULL) {
        return FALSE;
    }
    g_print("\n%s\n", text);
    return TRUE;
}

static gboolean
act_quit(Plain *plain, guint index, GError **error)
{
    (void) index;
    (void) error;
    plain->is_over = TRUE;
    return TRUE;
}

static const struct {
    const char *words;
    gboolean (*act)(Plain *plain, guint index, GError **error);
} choices[] = {
    {N_("Done"), act_done},
    {N_("Read the copies again and verify"), act_verify},
    {N_("Skip"), act_skip},
    {N_("Write a note"), act_note},
    {N_("Wait"), act_wait},
    {N_("Back to the step before"), act_back},
    {N_("Show the report"), act_report},
    {N_("Leave; the session stays open"), act_quit},
    {N_("Practice: let it happen"), act_play}, /* the last one: only where it can be played */
};

static void
lead(Plain *plain)
{
    while (!plain->is_over && current_step(plain) != NULL) {
        g_autoptr(GError) error = NULL;
        guint index = sp_session_get_current(plain->session);
        guint n_choices = G_N_ELEMENTS(choices) - (can_play(plain) ? 0 : 1);
        guint number;

        tell_step(plain);
        for (guint i = 0; i < n_choices; i++) {
            g_print("  %u. %s\n", i + 1, _(choices[i].words));
        }
        number = ask_number(plain, _("Your choice:"), n_choices);
        if (number > 0 && !choices[number - 1].act(plain, index, &error)) {
            tell_error(plain, error);
        }
    }
}

static void
finish(Plain *plain)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, sp_session_get_id(plain->session));
    g_autoptr(GError) error = NULL;

    if (current_step(plain) != NULL) {
        g_print("\n");
        g_print(_("Go on later with: samephoto session resume %s --plain\n"), id);
        return;
    }
    g_print("\n%s\n", _("Every step has been walked."));
    if (!sp_session_close(plain->session, &error)) {
        tell_error(plain, error);
        g_clear_error(&error);
    }
    if (!act_report(plain, 0, &error)) {
        tell_error(plain, error);
    }
    g_print(_("The report again: samephoto session report %s\n"), id);
}

static void
on_recorded(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    (void) check;
    (void) event;
    (void) service;
    (void) user_data;
}

/* What is on record of a session that is gone on with. */
static void
recall(Plain *plain)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDateTime) at = NULL;
    g_autofree char *agent = NULL;
    g_autofree char *stamp = NULL;
    g_autofree char *line = NULL;

    plain->check =
        sp_session_get_last_check(plain->session, on_recorded, NULL, &at, &agent, &error);
    if (error != NULL) {
        tell_error(plain, error);
    }
    if (plain->check == NULL) {
        return;
    }
    stamp = g_date_time_format(at, "%Y-%m-%d %H:%M");
    line = g_strdup_printf(_("The copies as recorded on %s by %s:"), stamp, agent);
    g_print("%s\n", line);
    tell_copies(plain->check);
    tell_check(plain);
}

/* A session that was left behind its last step, with one before it not done, stands on that one. */
static gboolean
stand_on_open_step(Plain *plain)
{
    g_autoptr(GError) error = NULL;

    if (current_step(plain) == NULL && !ui_step_move_on(plain->session, 0, &error)) {
        tell_error(plain, error);
        plain->is_failed = TRUE;
        return FALSE;
    }
    return TRUE;
}

/* A session to lead through: the one that was given, else the person's. */
static gboolean
prepare(Plain *plain)
{
    g_autofree char *asked = NULL;
    const char *user = plain->options->user;

    if (plain->options->session != NULL) {
        plain->session = sp_session_ref(plain->options->session);
        sp_session_set_language(plain->session, ui_program_get_language(plain->program));
        recall(plain);
        return stand_on_open_step(plain);
    }
    if (user == NULL) {
        asked = ask(plain, _("Whose photo? (name or address)"));
        user = asked;
    }
    if (user == NULL) {
        return FALSE;
    }
    if (*user == '\0') {
        plain->code = ui_program_usage_error(
            plain->program, _("whose photo? name a person, e.g. anna@example.com"));
        return FALSE;
    }
    plain->check = check_person(plain, user);
    if (plain->check == NULL) {
        return FALSE;
    }
    tell_check(plain);
    return begin_session(plain) && stand_on_open_step(plain);
}

int
ui_plain_run(UiProgram *program, const UiPlainOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpStore) store = ui_program_open_store(program, &error);
    Plain plain = {.program = program, .options = options, .store = store};

    if (store == NULL) {
        return ui_program_fail(program, error);
    }
    if (ui_program_get_config(program, &error) == NULL) {
        return ui_program_fail(program, error);
    }
    plain.seen = ui_program_load_seen(program, options->evidence, options->user, 1);
    if (plain.seen == NULL) {
        return UI_EXIT_USAGE;
    }
    if (prepare(&plain)) {
        lead(&plain);
        finish(&plain);
    }
    if (plain.check != NULL && !plain.is_failed) {
        plain.code = sp_check_exit_code(plain.check);
    }
    g_clear_pointer(&plain.check, sp_check_unref);
    g_clear_pointer(&plain.session, sp_session_unref);
    g_ptr_array_unref(plain.seen);
    return plain.code;
}
