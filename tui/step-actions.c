#include "tui/step-actions.h"

#include "core/calendar.h"
#include "core/i18n.h"
#include "core/text.h"
#include "tui/prompt.h"
#include "tui/step-report.h"
#include "tui/when.h"

#define PLAYBOOK "profile-photo"
#define HOUR     ((gint64) 3600)

/* What a question was about, until it is answered. */
typedef struct {
    guint index;
    SpSkipReason reason;
    GPtrArray *waits; /* GDateTime, as the choices stand; or NULL */
} Question;

static void
question_free(Question *question)
{
    g_clear_pointer(&question->waits, g_ptr_array_unref);
    g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

const char *
ui_language(void)
{
    /* TRANSLATORS: the code of the language that you translate to, e.g. "fr". */
    return C_("language code", "en");
}

const SpSessionStep *
ui_step_get(UiApp *app, guint index)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(app));
    GPtrArray *steps = session == NULL ? NULL : sp_session_get_steps(session);

    return steps == NULL || index >= steps->len ? NULL : g_ptr_array_index(steps, index);
}

gboolean
ui_step_is_done(const SpSessionStep *step)
{
    return step->state == SP_STEP_PASSED || step->state == SP_STEP_SKIPPED;
}

guint
ui_step_next_open(const SpSession *session, guint index)
{
    GPtrArray *steps = sp_session_get_steps(session);

    for (guint i = index; i < steps->len; i++) {
        const SpSessionStep *step = g_ptr_array_index(steps, i);

        if (!ui_step_is_done(step)) {
            return i;
        }
    }
    return steps->len;
}

/* After a change of step `index`: bad news is said, good news told to the case. */
static void
settle(UiApp *app, gboolean is_written, GError *error, const char *said)
{
    if (!is_written) {
        ui_app_say_error(app, error);
        return;
    }
    if (said != NULL) {
        ui_app_say(app, SP_SEVERITY_OK, said);
    }
    ui_case_touch(ui_app_get_case(app), UI_CASE_SESSION);
}

gboolean
ui_step_move_on(SpSession *session, guint index, GError **error)
{
    guint next = ui_step_next_open(session, index);

    if (next == sp_session_get_steps(session)->len) {
        next = ui_step_next_open(session, 0);
    }
    return sp_session_set_current(session, next, error);
}

static void
tick(UiApp *app, guint index)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(app));
    const SpSessionStep *step = ui_step_get(app, index);
    gboolean is_done = ui_step_is_done(step);
    GError *error = NULL;
    gboolean is_written =
        sp_session_set_state(session, index, is_done ? SP_STEP_TODO : SP_STEP_PASSED, &error) &&
        (is_done ? sp_session_set_current(session, index, &error)
                 : ui_step_move_on(session, index + 1, &error));

    settle(app, is_written, error, is_done ? _("The step is open again") : _("Done, by hand"));
}

static void
on_skip_note(UiApp *app, const char *text, gpointer user_data)
{
    g_autoptr(Question) question = user_data;
    SpSession *session = ui_case_get_session(ui_app_get_case(app));
    GError *error = NULL;
    gboolean is_written;

    if (text == NULL || ui_step_get(app, question->index) == NULL) {
        return;
    }
    is_written = sp_session_skip(session, question->index, question->reason,
                                 *text == '\0' ? NULL : text, &error) &&
                 ui_step_move_on(session, question->index + 1, &error);
    settle(app, is_written, error, _("Skipped; the reason is in the report"));
}

static void
on_skip_reason(UiApp *app, int choice, gpointer user_data)
{
    Question *question = user_data;

    if (choice < 0) {
        question_free(question);
        return;
    }
    question->reason = (SpSkipReason) (SP_SKIP_NONE + 1 + choice);
    ui_prompt_line(app, sp_skip_reason_title(question->reason),
                   _("A note for the report, or Enter for none"), "", on_skip_note, question);
}

static void
skip(UiApp *app, guint index)
{
    UiChoice choices[SP_SKIP_OTHER - SP_SKIP_NONE] = {0};
    Question *question = g_new0(Question, 1);

    question->index = index;
    for (guint i = 0; i < G_N_ELEMENTS(choices); i++) {
        choices[i].title = sp_skip_reason_title((SpSkipReason) (SP_SKIP_NONE + 1 + i));
        choices[i].key = (int) ('1' + i);
    }
    ui_prompt_choice(app, _("Skip this step"), _("Why? The reason goes into the report."), choices,
                     G_N_ELEMENTS(choices), 0, on_skip_reason, question);
}

static void
on_note(UiApp *app, const char *text, gpointer user_data)
{
    g_autoptr(Question) question = user_data;
    SpSession *session = ui_case_get_session(ui_app_get_case(app));
    GError *error = NULL;
    gboolean is_written;

    if (text == NULL || ui_step_get(app, question->index) == NULL) {
        return;
    }
    is_written = sp_session_set_note(session, question->index, *text == '\0' ? NULL : text, &error);
    settle(app, is_written, error, _("Note saved"));
}

static void
take_note(UiApp *app, guint index)
{
    const SpSessionStep *step = ui_step_get(app, index);
    Question *question = g_new0(Question, 1);

    question->index = index;
    ui_prompt_line(app, _("Note"), step->step->text, step->note == NULL ? "" : step->note, on_note,
                   question);
}

char *
ui_step_clock(GDateTime *time)
{
    g_autoptr(GDateTime) local = g_date_time_to_local(time);

    /* TRANSLATORS: a day and a time for strftime, e.g. "Thu 2026-11-26 14:20". */
    return sp_calendar_format(local, _("%a %Y-%m-%d %H:%M"));
}

static void
wait_until(UiApp *app, guint index, GDateTime *until)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(app));
    g_autofree char *clock = ui_step_clock(until);
    g_autofree char *said =
        g_strdup_printf(_("Check again after %s; the start screen reminds you"), clock);
    GError *error = NULL;
    gboolean is_written = sp_session_wait_until(session, index, until, &error);

    settle(app, is_written, error, said);
}

static void ask_when(UiApp *app, Question *question, const char *text, gboolean is_again);

static void
on_when(UiApp *app, const char *text, gpointer user_data)
{
    g_autoptr(Question) question = user_data;
    g_autoptr(GDateTime) now = ui_case_now(ui_app_get_case(app));
    g_autoptr(GDateTime) until = text == NULL ? NULL : ui_when_parse(text, now);

    if (text == NULL || *text == '\0' || ui_step_get(app, question->index) == NULL) {
        return;
    }
    if (until == NULL) {
        ask_when(app, g_steal_pointer(&question), text, TRUE);
        return;
    }
    wait_until(app, question->index, until);
}

/* Takes the question over. `is_again`: `text` was no time. */
static void
ask_when(UiApp *app, Question *question, const char *text, gboolean is_again)
{
    const char *forms = _("A time, or how long from now: 14:30, tomorrow 9:00, Mon 8:00, +2h, +3d, "
                          "2026-12-01 14:00");
    g_autofree char *explain =
        is_again ? g_strdup_printf(_("'%s' is no time to come. %s"), text, forms) : g_strdup(forms);

    ui_prompt_line(app, _("Wait until"), explain, text, on_when, question);
}

static void
on_wait(UiApp *app, int choice, gpointer user_data)
{
    g_autoptr(Question) question = user_data;

    if (choice < 0 || ui_step_get(app, question->index) == NULL) {
        return;
    }
    if ((guint) choice == question->waits->len) {
        ask_when(app, g_steal_pointer(&question), "", FALSE);
        return;
    }
    wait_until(app, question->index, g_ptr_array_index(question->waits, (guint) choice));
}

/* When a finding says that looking again makes sense, if that is still to come. Transfer full, or
 * NULL. */
static GDateTime *
recheck_time(UiApp *app, GDateTime *now)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(app));
    GPtrArray *findings = check == NULL ? NULL : sp_check_get_findings(check);

    for (guint i = 0; findings != NULL && i < findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(findings, i);

        if (finding->recheck_after != NULL &&
            g_date_time_compare(finding->recheck_after, now) > 0) {
            return g_date_time_ref(finding->recheck_after);
        }
    }
    return NULL;
}

/* One row of the question; takes `until`. What is offered already is passed over. */
static void
add_wait(GPtrArray *waits, GArray *choices, GDateTime *until, const char *detail)
{
    UiChoice choice = {NULL, detail, (int) ('1' + waits->len)};

    for (guint i = 0; i < waits->len; i++) {
        if (g_date_time_equal(g_ptr_array_index(waits, i), until)) {
            g_date_time_unref(until);
            return;
        }
    }
    g_ptr_array_add(waits, until);
    g_array_append_val(choices, choice);
}

/* What is known of this step first, then what people choose anyway. */
static void
ask_wait(UiApp *app, guint index)
{
    const gint64 service = ui_step_get(app, index)->step->wait_s;
    g_autoptr(GDateTime) now = ui_case_now(ui_app_get_case(app));
    GDateTime *recheck = recheck_time(app, now);
    Question *question = g_new0(Question, 1);
    g_autoptr(GArray) choices = g_array_new(FALSE, TRUE, sizeof(UiChoice));
    g_autoptr(GPtrArray) clocks = g_ptr_array_new_with_free_func(g_free);
    UiChoice other = {_("Another time"), NULL, 't'};

    question->index = index;
    question->waits = g_ptr_array_new_with_free_func((GDestroyNotify) g_date_time_unref);
    if (recheck != NULL) {
        add_wait(question->waits, choices, recheck, _("as the finding says"));
    }
    if (service > 0) {
        add_wait(question->waits, choices, g_date_time_add_seconds(now, (double) service),
                 _("this service's usual time"));
    }
    add_wait(question->waits, choices, g_date_time_add_hours(now, 1), _("one hour"));
    add_wait(question->waits, choices, g_date_time_add_hours(now, 4), _("four hours"));
    add_wait(question->waits, choices, g_date_time_add_hours(now, 24), _("a day"));
    add_wait(question->waits, choices, g_date_time_add_hours(now, 7 * 24), _("a week"));
    for (guint i = 0; i < choices->len; i++) {
        char *clock = ui_step_clock(g_ptr_array_index(question->waits, i));

        g_ptr_array_add(clocks, clock);
        g_array_index(choices, UiChoice, i).title = clock;
    }
    g_array_append_val(choices, other);
    ui_prompt_choice(app, _("Wait until"), NULL, (const UiChoice *) (gpointer) choices->data,
                     choices->len, 0, on_wait, question);
}

static void
verify(UiApp *app, guint index)
{
    UiCase *ui_case = ui_app_get_case(app);

    if (ui_case_get_client(ui_case) == NULL) {
        ui_app_say(
            app, SP_SEVERITY_PROBLEM,
            _("Nothing can be read without settings; 'samephoto doctor' says what is missing"));
        return;
    }
    if (!ui_case_verify_step(ui_case, index)) {
        ui_case_reread(ui_case, NULL);
    }
}

static void
play(UiApp *app, guint index)
{
    const SpSessionStep *step = ui_step_get(app, index);
    GError *error = NULL;

    if (!ui_case_play(ui_app_get_case(app), step->step->play, &error)) {
        ui_app_say_error(app, error);
        return;
    }
    ui_app_say(app, SP_SEVERITY_OK,
               g_strv_length(step->step->verify) > 0
                   ? _("It has been done in the practice tenant; v reads the copies again")
                   : _("It has been done in the practice tenant"));
}

static void
on_ticket(UiApp *app, const char *text, gpointer user_data)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(app));
    GError *error = NULL;

    (void) user_data;
    if (text == NULL || session == NULL) {
        return;
    }
    settle(app, sp_session_set_ticket(session, *text == '\0' ? NULL : text, &error), error,
           _("Ticket saved"));
}

gboolean
ui_step_can(UiApp *app, UiAction action, guint index)
{
    UiCase *ui_case = ui_app_get_case(app);
    SpSession *session = ui_case_get_session(ui_case);
    const SpSessionStep *step = ui_step_get(app, index);

    switch (action) {
    case UI_ACTION_TICK:
    case UI_ACTION_MARK:
    case UI_ACTION_NOTE: return step != NULL;
    case UI_ACTION_SKIP:
    case UI_ACTION_WAIT: return step != NULL && step->state != SP_STEP_PASSED;
    case UI_ACTION_VERIFY:
        return ui_case_get_person(ui_case) != NULL && ui_case_get_verifying(ui_case) < 0;
    case UI_ACTION_PLAY:
        return step != NULL && step->step->play != NULL && ui_case_is_practice(ui_case);
    case UI_ACTION_ADVANCE: return ui_case_is_practice(ui_case);
    case UI_ACTION_REPORT:
    case UI_ACTION_TICKET: return session != NULL;
    default: return FALSE;
    }
}

gboolean
ui_step_do(UiApp *app, UiAction action, guint index)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(app));

    if (!ui_step_can(app, action, index)) {
        return FALSE;
    }
    switch (action) {
    case UI_ACTION_TICK:
    case UI_ACTION_MARK: tick(app, index); break;
    case UI_ACTION_SKIP: skip(app, index); break;
    case UI_ACTION_NOTE: take_note(app, index); break;
    case UI_ACTION_WAIT: ask_wait(app, index); break;
    case UI_ACTION_VERIFY: verify(app, index); break;
    case UI_ACTION_PLAY: play(app, index); break;
    case UI_ACTION_ADVANCE:
        ui_case_advance(ui_app_get_case(app), 24 * HOUR);
        ui_app_say(app, SP_SEVERITY_OK, _("A day has passed in the practice tenant"));
        break;
    case UI_ACTION_REPORT: ui_step_report(app); break;
    case UI_ACTION_TICKET:
        ui_prompt_line(app, _("Ticket"), _("The number or name of the ticket that this is for"),
                       sp_session_get_ticket(session) == NULL ? "" : sp_session_get_ticket(session),
                       on_ticket, NULL);
        break;
    default: return FALSE;
    }
    return TRUE;
}

gboolean
ui_step_are_called_for(SpCheck *check)
{
    GPtrArray *findings = sp_check_get_findings(check);
    const SpFinding *headline = findings->len == 0 ? NULL : g_ptr_array_index(findings, 0);

    return headline != NULL && headline->remedy != NULL;
}

void
ui_step_ensure_session(UiApp *app)
{
    UiCase *ui_case = ui_app_get_case(app);
    SpCheck *check = ui_case_get_check(ui_case);
    const SpPerson *person = ui_case_get_person(ui_case);
    g_autoptr(SpSession) session = NULL;
    g_autoptr(SpPlaybook) playbook = NULL;
    GError *error = NULL;

    if (ui_case_get_session(ui_case) != NULL || ui_case_get_store(ui_case) == NULL ||
        person == NULL || check == NULL || !sp_check_is_done(check)) {
        return;
    }
    session = sp_session_find_open(ui_case_get_store(ui_case), person->user_principal_name,
                                   ui_case_get_ticket(ui_case), &error);
    if (session != NULL && ui_step_next_open(session, 0) < sp_session_get_steps(session)->len) {
        ui_case_set_session(ui_case, session);
        return;
    }
    /* What was worked off is history: a new cause begins a new session. */
    if (session != NULL) {
        sp_session_close(session, &error);
    }
    if (error == NULL && ui_step_are_called_for(check)) {
        playbook = sp_playbook_load(PLAYBOOK, ui_language(), &error);
        if (playbook != NULL) {
            ui_case_begin_session(ui_case, playbook, &error);
        }
    }
    ui_app_say_error(app, error);
}

UiSign
ui_step_sign(SpStepState state, gboolean is_current)
{
    switch (state) {
    case SP_STEP_PASSED: return UI_SIGN_TICK;
    case SP_STEP_FAILED: return UI_SIGN_CROSS;
    case SP_STEP_WAITING: return UI_SIGN_WAIT;
    case SP_STEP_SKIPPED: return UI_SIGN_SKIP;
    case SP_STEP_TODO:
    case SP_STEP_DOING: break;
    }
    return is_current ? UI_SIGN_NOW : UI_SIGN_TODO;
}

UiRole
ui_step_role(SpStepState state)
{
    switch (state) {
    case SP_STEP_PASSED: return UI_ROLE_OK;
    case SP_STEP_FAILED: return UI_ROLE_ACTION;
    case SP_STEP_WAITING: return UI_ROLE_WAIT;
    case SP_STEP_SKIPPED: return UI_ROLE_DIM;
    case SP_STEP_TODO:
    case SP_STEP_DOING: break;
    }
    return UI_ROLE_TEXT;
}

char *
ui_step_describe(const SpSessionStep *step, GDateTime *now)
{
    g_autofree char *clock = NULL;

    if (step->state == SP_STEP_WAITING && step->wait_until != NULL) {
        clock = ui_step_clock(step->wait_until);
        return g_strdup_printf(g_date_time_compare(step->wait_until, now) <= 0
                                   ? _("was to wait until %s: check again now")
                                   : _("waits until %s"),
                               clock);
    }
    if (step->state == SP_STEP_SKIPPED && step->skip_reason != SP_SKIP_NONE) {
        return g_strdup_printf(_("%s: %s"), sp_step_state_title(step->state),
                               sp_skip_reason_title(step->skip_reason));
    }
    if (step->state == SP_STEP_PASSED && step->by_hand) {
        return g_strdup_printf(_("%s, ticked by hand"), sp_step_state_title(step->state));
    }
    return g_strdup(sp_step_state_title(step->state));
}
