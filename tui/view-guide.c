/* Guide: one person's case, one step at a time. What was found stands above, the copies in a strip,
 * the current step large, the others in a list. All that it shows comes from the case and its
 * session. */
#include <string.h>

#include "core/error.h"
#include "core/guide/playbook.h"
#include "core/i18n.h"
#include "core/text.h"
#include "tui/app.h"
#include "tui/prompt.h"
#include "tui/step-actions.h"
#include "tui/widgets.h"

#define WIDE_COLUMNS 110 /* from here on findings stand beside the step */
#define TICK_MS      250
#define CLOCK_MS     1000

typedef struct {
    UiApp *app;
    int rows;
    int columns;
    int verifying; /* the step that is being verified, or -1 */
    guint match;   /* under the cursor while several people match */
} Guide;

static gpointer
open_guide(UiApp *app)
{
    Guide *guide = g_new0(Guide, 1);

    guide->app = app;
    guide->verifying = -1;
    return guide;
}

static void
close_guide(gpointer state)
{
    g_free(state);
}

static void
follow_reading(Guide *guide)
{
    UiCase *ui_case = ui_app_get_case(guide->app);

    ui_app_set_tick(guide->app, ui_case_is_reading(ui_case, NULL) ? TICK_MS : CLOCK_MS);
}

static void
show_guide(gpointer state)
{
    Guide *guide = state;

    ui_step_ensure_session(guide->app);
    follow_reading(guide);
}

static void
layout_guide(gpointer state, int rows, int columns)
{
    Guide *guide = state;

    guide->rows = rows;
    guide->columns = columns;
}

/* The step that the guide stands on; the number of steps where all are done. */
static guint
current_step(const Guide *guide)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(guide->app));

    return session == NULL ? 0 : sp_session_get_current(session);
}

static guint
count_steps(const Guide *guide)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(guide->app));

    return session == NULL ? 0 : sp_session_get_steps(session)->len;
}

static const SpFinding *
headline_finding(const Guide *guide)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(guide->app));
    GPtrArray *findings = check == NULL ? NULL : sp_check_get_findings(check);

    return findings == NULL || findings->len == 0 ? NULL : g_ptr_array_index(findings, 0);
}

/* ---- drawing ---- */

static void
draw_person(Guide *guide, WINDOW *window)
{
    UiCase *ui_case = ui_app_get_case(guide->app);
    const SpPerson *person = ui_case_get_person(ui_case);
    SpSession *session = ui_case_get_session(ui_case);
    const char *ticket = session == NULL ? NULL : sp_session_get_ticket(session);
    int x = 1;

    if (person == NULL) {
        return;
    }
    if (person->display_name != NULL) {
        x += ui_text(guide->app, window, 0, x, guide->columns - x - 1, UI_ROLE_STRONG,
                     person->display_name);
        x += 2;
    }
    if (x < guide->columns - 2) {
        x += ui_text(guide->app, window, 0, x, guide->columns - x - 1, UI_ROLE_DIM,
                     person->user_principal_name);
    }
    if (ticket != NULL && x < guide->columns - 12) {
        ui_textf(guide->app, window, 0, x + 2, guide->columns - x - 3, UI_ROLE_ACCENT,
                 _("ticket %s"), ticket);
    }
}

/* The verdict, or what is going on. Gives the rows it took. */
static int
draw_headline(Guide *guide, WINDOW *window, int y)
{
    UiCase *ui_case = ui_app_get_case(guide->app);
    const SpFinding *finding = headline_finding(guide);
    g_autofree char *headline = ui_case_get_headline(ui_case);
    UiRole role = finding == NULL ? UI_ROLE_TEXT : ui_role_of_severity((int) finding->severity);
    int rows = ui_paragraph(guide->app, window, y, 1, 2, guide->columns - 2, role, headline);

    return MIN(rows, 2);
}

/* What there is to say of a step, line by line: "Who   the person". */
typedef struct {
    const char *label;
    char *text;
    UiRole role;
} Fact;

static void
clear_fact(gpointer data)
{
    g_free(((Fact *) data)->text);
}

static void
add_fact(GArray *facts, const char *label, const char *text, UiRole role)
{
    Fact fact = {label, g_strdup(text), role};

    if (text != NULL && *text != '\0') {
        g_array_append_val(facts, fact);
    }
}

/* When it came to this state, and by whom. Transfer full, or NULL. */
static char *
last_change(const SpSessionStep *step)
{
    g_autoptr(GDateTime) local = NULL;
    g_autofree char *when = NULL;

    if (step->changed == NULL || step->state == SP_STEP_TODO) {
        return NULL;
    }
    local = g_date_time_to_local(step->changed);
    when = g_date_time_format(local, "%Y-%m-%d %H:%M");
    return step->changed_by == NULL ? g_steal_pointer(&when)
                                    : g_strdup_printf("%s, %s", when, step->changed_by);
}

static GArray *
gather_facts(Guide *guide, const SpSessionStep *step)
{
    GArray *facts = g_array_new(FALSE, FALSE, sizeof(Fact));
    UiCase *ui_case = ui_app_get_case(guide->app);
    g_autoptr(GDateTime) now = ui_case_now(ui_case);
    g_autofree char *state = ui_step_describe(step, now);
    g_autofree char *changed = last_change(step);
    g_autofree char *services = g_strjoinv(", ", step->step->verify);
    gboolean is_verifying = ui_case_get_verifying(ui_case) == (int) current_step(guide);
    g_autofree char *checks = g_strdup_printf(
        is_verifying ? _("being read again: %s") : _("v reads again: %s"), services);

    g_array_set_clear_func(facts, clear_fact);
    add_fact(facts, _("Who"),
             step->step->actor == SP_ACTOR_NOBODY ? NULL : sp_actor_title(step->step->actor),
             UI_ROLE_TEXT);
    add_fact(facts, _("Say"), step->step->say, UI_ROLE_INFO);
    add_fact(facts, _("Link"), step->step->url, UI_ROLE_LINK);
    add_fact(facts, _("Proof"), *services == '\0' ? NULL : checks, UI_ROLE_TEXT);
    add_fact(facts, _("State"), state, ui_step_role(step->state));
    add_fact(facts, _("Since"), changed, UI_ROLE_DIM);
    add_fact(facts, _("Result"), step->proof, ui_step_role(step->state));
    add_fact(facts, _("Note"), step->note, UI_ROLE_TEXT);
    add_fact(facts, _("More"), step->step->detail, UI_ROLE_DIM);
    return facts;
}

/* The labels' column, as wide as the widest of them. */
static int
label_columns(const GArray *facts)
{
    int columns = 0;

    for (guint i = 0; i < facts->len; i++) {
        columns = MAX(columns, (int) sp_text_columns(g_array_index(facts, Fact, i).label));
    }
    return columns + 2;
}

/* The rows that a step takes with all that there is to say of it, its frame included. */
static int
step_rows(Guide *guide, const SpSessionStep *step, int columns)
{
    g_autoptr(GArray) facts = gather_facts(guide, step);
    int labels = label_columns(facts);
    int rows = 3 + ui_paragraph(guide->app, NULL, 0, 0, G_MAXINT, columns - 4, UI_ROLE_STRONG,
                                step->step->text);

    for (guint i = 0; i < facts->len; i++) {
        rows += ui_paragraph(guide->app, NULL, 0, 0, G_MAXINT, columns - 4 - labels, UI_ROLE_TEXT,
                             g_array_index(facts, Fact, i).text);
    }
    return rows;
}

/* An address, every row of it a link where the terminal can. */
static int
draw_address(Guide *guide, WINDOW *window, int y, int x, int rows, int columns, const char *url)
{
    g_auto(GStrv) lines = ui_wrap(url, columns);
    int count = MIN((int) g_strv_length(lines), rows);

    for (int i = 0; i < count; i++) {
        ui_text(guide->app, window, y + i, x, columns, UI_ROLE_LINK, lines[i]);
        ui_app_link(guide->app, window, y + i, x, lines[i], url);
    }
    return count;
}

static void
draw_step(Guide *guide, WINDOW *window, UiBox box)
{
    const SpSessionStep *step = ui_step_get(guide->app, current_step(guide));
    g_autoptr(GArray) facts = gather_facts(guide, step);
    int labels = label_columns(facts);
    int bottom = box.y + box.rows - 1;
    int left = box.x + 2;
    int width = box.columns - 4;
    int y = box.y + 1;

    ui_box(guide->app, window, box, UI_ROLE_ACCENT, step->section_title);
    y += ui_paragraph(guide->app, window, y, left, bottom - y, width, UI_ROLE_STRONG,
                      step->step->text);
    /* A line of air where there is room for all of it. */
    y += step_rows(guide, step, box.columns) <= box.rows ? 1 : 0;
    for (guint i = 0; i < facts->len && y < bottom; i++) {
        const Fact *fact = &g_array_index(facts, Fact, i);

        ui_text(guide->app, window, y, left, labels - 1, UI_ROLE_DIM, fact->label);
        y += fact->role == UI_ROLE_LINK
                 ? draw_address(guide, window, y, left + labels, bottom - y, width - labels,
                                fact->text)
                 : ui_paragraph(guide->app, window, y, left + labels, bottom - y, width - labels,
                                fact->role, fact->text);
    }
    ui_app_set_cursor(guide->app, window, box.y + 1, left, FALSE);
}

/* A person who was not looked up is not called missing. */
static const char *
error_title(const GError *error)
{
    if (g_error_matches(error, SP_ERROR, SP_ERROR_NOT_FOUND)) {
        return _("Not found");
    }
    return g_error_matches(error, SP_ERROR, SP_ERROR_AUTH) ? _("Sign-in") : _("Not read");
}

/* What to do where there is no step (left): nothing, or what the findings say. */
static void
draw_no_step(Guide *guide, WINDOW *window, UiBox box)
{
    const SpFinding *finding = headline_finding(guide);
    UiCase *ui_case = ui_app_get_case(guide->app);
    const GError *error = ui_case_get_error(ui_case);
    const char *title = NULL;
    g_autofree char *text = NULL;
    UiRole role = UI_ROLE_TEXT;

    if (error != NULL) {
        title = error_title(error);
        text = g_strdup_printf(_("%s\n\nr tries again; 0 goes to another person."), error->message);
        role = UI_ROLE_PROBLEM;
    } else if (ui_case_get_check(ui_case) == NULL) {
        title = _("Nobody yet");
        text = g_strdup(_("0 goes to the start: choose a person there. 3 shows a checklist, which "
                          "needs no person."));
    } else if (ui_case_is_reading(ui_case, NULL) || finding == NULL) {
        title = _("Reading");
        text = g_strdup(_("The copies are being read; the steps follow from what they show."));
        role = UI_ROLE_WAIT;
    } else if (count_steps(guide) > 0) {
        title = _("All steps are done");
        text = g_strdup(_("v reads every copy once more. R writes the report for the ticket."));
        role = UI_ROLE_OK;
    } else {
        g_autofree char *evidence = g_strjoinv("\n", finding->evidence);

        title = _("No step to do");
        text = g_strdup_printf("%s\n%s", finding->summary, evidence);
    }
    ui_box(guide->app, window, box, UI_ROLE_ACCENT, title);
    ui_paragraph(guide->app, window, box.y + 1, box.x + 2, box.rows - 2, box.columns - 4, role,
                 text);
    ui_app_set_cursor(guide->app, window, box.y + 1, box.x + 2, FALSE);
}

/* Columns before a step's text in the list: "○ 12. " */
#define LIST_INDENT 6

/* The step, and of one that waits, until when. Transfer full. */
static char *
listed_text(Guide *guide, const SpSessionStep *step)
{
    g_autoptr(GDateTime) now = NULL;
    g_autofree char *state = NULL;

    if (step->state != SP_STEP_WAITING) {
        return g_strdup(step->step->text);
    }
    now = ui_case_now(ui_app_get_case(guide->app));
    state = ui_step_describe(step, now);
    /* TRANSLATORS: a step and its state, "Open the page. (waits until Tue 2026-11-24 09:40)". */
    return g_strdup_printf(_("%s (%s)"), step->step->text, state);
}

/* The rows of all steps in full. */
static int
list_rows(Guide *guide, int columns)
{
    int rows = 0;

    for (guint i = 0; i < count_steps(guide); i++) {
        g_autofree char *text = listed_text(guide, ui_step_get(guide->app, i));

        rows += ui_paragraph(guide->app, NULL, 0, 0, G_MAXINT, columns - LIST_INDENT - 2,
                             UI_ROLE_TEXT, text);
    }
    return rows;
}

/* One step of the list in at most `rows` rows; gives those it took. */
static int
draw_listed_step(Guide *guide, WINDOW *window, UiBox box, guint index)
{
    const SpSessionStep *step = ui_step_get(guide->app, index);
    gboolean is_current = index == current_step(guide);
    UiRole role = is_current ? UI_ROLE_SELECTED : ui_step_role(step->state);
    int columns = box.columns - LIST_INDENT - 2;
    g_autofree char *text = listed_text(guide, step);
    int rows = ui_paragraph(guide->app, NULL, 0, 0, box.rows, columns, UI_ROLE_TEXT, text);

    for (int i = 0; i < rows && is_current; i++) {
        ui_fill(guide->app, window, box.y + i, box.x, box.columns, role);
    }
    ui_textf(guide->app, window, box.y, box.x + 1, LIST_INDENT, role, "%s %2u.",
             ui_sign(ui_app_get_theme(guide->app), ui_step_sign(step->state, is_current)),
             index + 1);
    if (box.rows == 1) {
        ui_text(guide->app, window, box.y, box.x + 1 + LIST_INDENT, columns, role, text);
        return 1;
    }
    return ui_paragraph(guide->app, window, box.y, box.x + 1 + LIST_INDENT, box.rows, columns, role,
                        text);
}

/* Every step in full where there is room; else a line each, around the current one. */
static void
draw_step_list(Guide *guide, WINDOW *window, UiBox box)
{
    int total = (int) count_steps(guide);
    int bottom = box.y + box.rows;
    gboolean is_full = list_rows(guide, box.columns) <= box.rows;
    int first = CLAMP((int) current_step(guide) - box.rows / 2, 0, MAX(0, total - box.rows));
    int y = box.y;

    for (int i = is_full ? 0 : first; i < total && y < bottom; i++) {
        UiBox room = {y, box.x, is_full ? bottom - y : 1, box.columns};

        y += draw_listed_step(guide, window, room, (guint) i);
    }
}

static int
draw_finding(Guide *guide, WINDOW *window, UiBox box, int y, const SpFinding *finding)
{
    const UiTheme *theme = ui_app_get_theme(guide->app);
    int bottom = box.y + box.rows;
    UiRole role = ui_role_of_severity((int) finding->severity);

    ui_text(guide->app, window, y, box.x, box.columns, role, sp_severity_title(finding->severity));
    y++;
    if (y < bottom) {
        y += MIN(bottom - y, ui_paragraph(guide->app, window, y, box.x, bottom - y, box.columns,
                                          UI_ROLE_TEXT, finding->summary));
    }
    for (int i = 0; finding->evidence[i] != NULL && y < bottom; i++) {
        ui_text(guide->app, window, y, box.x, 2, UI_ROLE_DIM, ui_sign(theme, UI_SIGN_BULLET));
        y += MIN(bottom - y, ui_paragraph(guide->app, window, y, box.x + 2, bottom - y,
                                          box.columns - 2, UI_ROLE_DIM, finding->evidence[i]));
    }
    if (finding->source != NULL && y < bottom) {
        ui_textf(guide->app, window, y, box.x, box.columns, UI_ROLE_DIM, _("%s: %s"),
                 sp_confidence_title(finding->confidence), finding->source);
        y++;
    }
    return y + 1;
}

/* What each application shows, a line each. Transfer full. */
static char *
views_text(const SpEvidence *evidence)
{
    g_autoptr(GPtrArray) views = sp_diagnose_views(evidence);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < views->len; i++) {
        const SpView *view = g_ptr_array_index(views, i);

        g_autofree char *says =
            view->group < 0 ? g_strdup(view->says)
                            : g_strdup_printf("%s %s", ui_group_letter(view->group), view->says);

        g_string_append(text, i == 0 ? "" : "\n");
        g_string_append_printf(text, _("%s: %s"), view->app, says);
    }
    return g_string_free(text, FALSE);
}

/* A titled list that fits whole, or is left to the page of findings (f). */
static int
draw_more(Guide *guide, WINDOW *window, UiBox box, int y, const char *title, const char *text)
{
    int room = box.y + box.rows - y - 1;
    int rows = ui_paragraph(guide->app, NULL, 0, 0, G_MAXINT, box.columns, UI_ROLE_DIM, text);

    if (*text == '\0' || rows > room) {
        return y;
    }
    ui_text(guide->app, window, y, box.x, box.columns, UI_ROLE_STRONG, title);
    ui_paragraph(guide->app, window, y + 1, box.x, rows, box.columns, UI_ROLE_DIM, text);
    return y + rows + 2;
}

static void
draw_findings(Guide *guide, WINDOW *window, UiBox box)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(guide->app));
    GPtrArray *findings = check == NULL ? NULL : sp_check_get_findings(check);
    int y = box.y;

    for (guint i = 0; findings != NULL && i < findings->len && y < box.y + box.rows; i++) {
        y = draw_finding(guide, window, box, y, g_ptr_array_index(findings, i));
    }
    if (findings != NULL && findings->len > 0) {
        SpEvidence evidence = sp_check_get_evidence(check);
        g_auto(GStrv) forecast = sp_diagnose_forecast(&evidence);
        g_autofree char *views = views_text(&evidence);
        g_autofree char *next = g_strjoinv("\n", forecast);

        y = draw_more(guide, window, box, y, _("What happens next"), next);
        draw_more(guide, window, box, y, _("Who sees what"), views);
    }
}

/* How long the session takes already. */
static void
draw_elapsed(Guide *guide, WINDOW *window, int y, int x)
{
    UiCase *ui_case = ui_app_get_case(guide->app);
    g_autoptr(GDateTime) now = ui_case_now(ui_case);
    g_autofree char *elapsed =
        ui_format_elapsed(sp_session_get_started(ui_case_get_session(ui_case)), now);

    if (x + (int) sp_text_columns(elapsed) < guide->columns) {
        ui_text(guide->app, window, y, x, -1, UI_ROLE_DIM, elapsed);
    }
}

static void
draw_progress(Guide *guide, WINDOW *window, int y)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(guide->app));
    guint total = count_steps(guide);
    guint done = session == NULL ? 0 : sp_session_count_done(session);
    int x;

    if (total == 0) {
        ui_rule(guide->app, window, y, 0, guide->columns, UI_ROLE_DIM);
        return;
    }
    x = 2 + ui_textf(guide->app, window, y, 1, guide->columns / 2, UI_ROLE_STRONG,
                     _("Step %u of %u"), MIN(current_step(guide) + 1, total), total);
    x += 1 + ui_textf(guide->app, window, y, x + 1, guide->columns / 3, UI_ROLE_DIM,
                      ngettext("%u done", "%u done", done), done);
    if (x + 14 < guide->columns) {
        int bar = MIN(30, guide->columns - x - 4);

        ui_progress(guide->app, window, y, x + 2, bar, (double) done / total, UI_ROLE_ACCENT);
        draw_elapsed(guide, window, y, x + 2 + bar + 2);
    }
}

static void
draw_matches(Guide *guide, WINDOW *window, int y)
{
    GPtrArray *matches = sp_check_get_matches(ui_case_get_check(ui_app_get_case(guide->app)));
    int room = guide->rows - y - 1;
    int first = MAX(0, (int) guide->match - room + 1);

    ui_text(guide->app, window, y, 1, -1, UI_ROLE_STRONG, _("Who is meant? Enter chooses."));
    for (int row = 0; row < room && first + row < (int) matches->len; row++) {
        const SpPerson *person = g_ptr_array_index(matches, (guint) (first + row));
        gboolean is_here = (guint) (first + row) == guide->match;

        if (is_here) {
            ui_fill(guide->app, window, y + 1 + row, 0, guide->columns, UI_ROLE_SELECTED);
            ui_app_set_cursor(guide->app, window, y + 1 + row, 2, FALSE);
        }
        ui_textf(guide->app, window, y + 1 + row, 2, guide->columns - 4,
                 is_here ? UI_ROLE_SELECTED : UI_ROLE_TEXT, "%s  %s",
                 person->display_name == NULL ? "" : person->display_name,
                 person->user_principal_name);
    }
}

static GPtrArray *
get_matches(const Guide *guide)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(guide->app));

    if (check == NULL || ui_case_get_person(ui_app_get_case(guide->app)) != NULL) {
        return NULL;
    }
    return sp_check_get_matches(check);
}

static int
strip_rows(const Guide *guide, int above)
{
    int room = guide->rows - above;

    if (ui_case_count(ui_app_get_case(guide->app)) == 0 || room < 12) {
        return 0;
    }
    return room < 17 ? 3 : ui_copies_strip_rows(guide->app, guide->columns - 2, room * 2 / 5);
}

static void
draw_guide(gpointer state, WINDOW *window)
{
    Guide *guide = state;
    gboolean is_wide = guide->columns >= WIDE_COLUMNS;
    int left = is_wide ? guide->columns * 3 / 5 : guide->columns;
    int y = 1;
    const SpSessionStep *step;
    int strip;
    int list;
    UiBox box;

    draw_person(guide, window);
    y += draw_headline(guide, window, y);
    if (get_matches(guide) != NULL && get_matches(guide)->len > 0) {
        draw_matches(guide, window, y + 1);
        return;
    }
    strip = strip_rows(guide, y);
    if (strip > 0) {
        ui_copies_strip(guide->app, window, (UiBox){y, 1, strip, guide->columns - 2});
        y += strip;
    }
    draw_progress(guide, window, y++);
    step = ui_step_get(guide->app, current_step(guide));
    list = MIN((int) count_steps(guide), MAX(2, (guide->rows - y) / 3));
    list = guide->rows - y - list < 6 ? MAX(0, guide->rows - y - 6) : list;
    box = (UiBox){y, 0, guide->rows - y - list, left};
    if (box.rows < 3) {
        return;
    }
    if (step != NULL) {
        box.rows = MIN(box.rows, MAX(step_rows(guide, step, left), 6));
        draw_step(guide, window, box);
    } else {
        draw_no_step(guide, window, box);
    }
    /* What the step leaves is the list's, after a line of air. */
    y += box.rows;
    y += guide->rows - y > list_rows(guide, left) ? 1 : 0;
    draw_step_list(guide, window, (UiBox){y, 0, guide->rows - y, left});
    if (is_wide) {
        draw_findings(guide, window,
                      (UiBox){box.y, left + 2, guide->rows - box.y, guide->columns - left - 3});
    }
}

/* ---- what a key does ---- */

static void
go_to_step(Guide *guide, gint64 index)
{
    UiCase *ui_case = ui_app_get_case(guide->app);
    SpSession *session = ui_case_get_session(ui_case);
    GError *error = NULL;

    if (session == NULL || index < 0 || index > (gint64) count_steps(guide)) {
        return;
    }
    if (!sp_session_set_current(session, (guint) index, &error)) {
        ui_app_say_error(guide->app, error);
    }
    ui_case_touch(ui_case, UI_CASE_SESSION);
}

static void
append_lines(GString *text, const char *title, GStrv lines)
{
    if (lines == NULL || lines[0] == NULL) {
        return;
    }
    g_string_append_printf(text, "%s\n", title);
    for (int i = 0; lines[i] != NULL; i++) {
        g_string_append_printf(text, "  - %s\n", lines[i]);
    }
    g_string_append_c(text, '\n');
}

static void
show_findings(Guide *guide)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(guide->app));
    GPtrArray *findings = sp_check_get_findings(check);
    SpEvidence evidence = sp_check_get_evidence(check);
    g_auto(GStrv) forecast = sp_diagnose_forecast(&evidence);
    g_autofree char *seen = views_text(&evidence);
    g_auto(GStrv) views = g_strsplit(seen, "\n", -1);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(findings, i);
        g_autofree char *title =
            g_strdup_printf(_("%s: %s"), sp_severity_title(finding->severity), finding->summary);

        if (finding->evidence[0] == NULL) {
            g_string_append_printf(text, "%s\n\n", title);
        }
        append_lines(text, title, finding->evidence);
        if (finding->source != NULL) {
            g_string_append_printf(text, _("  %s: %s (%s)\n  %s\n\n"),
                                   sp_confidence_title(finding->confidence), finding->source,
                                   finding->source_date == NULL ? "" : finding->source_date,
                                   finding->source_url == NULL ? "" : finding->source_url);
        }
    }
    append_lines(text, _("What happens next"), forecast);
    append_lines(text, _("Who sees what"), views);
    ui_prompt_text(guide->app, _("What was found, and why"), text->str);
}

static void
show_history(Guide *guide)
{
    UiCase *ui_case = ui_app_get_case(guide->app);
    SpStore *store = ui_case_get_store(ui_case);
    g_auto(GStrv) latest = sp_session_history(store, ui_case_get_check(ui_case));
    g_auto(GStrv) all = sp_session_timeline(store, ui_case_get_check(ui_case));
    g_autoptr(GString) text = g_string_new(NULL);

    append_lines(text, _("Since the last time"), latest);
    append_lines(text, _("Every change that was noticed"), all);
    ui_prompt_text(guide->app, _("History"),
                   text->len == 0 ? _("Nothing has changed, or this is the first time.")
                                  : text->str);
}

/* In full and alone on its lines, to be selected, and in the clipboard where the terminal lets us.
 */
static void
show_link(Guide *guide)
{
    const SpSessionStep *step = ui_step_get(guide->app, current_step(guide));

    ui_terminal_copy(ui_app_get_terminal(guide->app), step->step->url);
    ui_prompt_text(guide->app, _("Link"), step->step->url);
    if (ui_terminal_takes_osc(ui_app_get_terminal(guide->app))) {
        ui_app_say(guide->app, SP_SEVERITY_INFO,
                   _("The address was handed to the clipboard (terminals may refuse that)"));
    }
}

static gboolean
can_guide(gpointer state, UiAction action)
{
    Guide *guide = state;
    UiCase *ui_case = ui_app_get_case(guide->app);
    gboolean has_matches = get_matches(guide) != NULL && get_matches(guide)->len > 0;

    switch (action) {
    case UI_ACTION_CHOOSE:
        return has_matches || ui_step_get(guide->app, current_step(guide)) != NULL;
    case UI_ACTION_UP:
    case UI_ACTION_PREVIOUS: return has_matches || current_step(guide) > 0;
    case UI_ACTION_DOWN:
    case UI_ACTION_NEXT: return has_matches || current_step(guide) < count_steps(guide);
    case UI_ACTION_FIRST:
    case UI_ACTION_LAST: return count_steps(guide) > 0;
    case UI_ACTION_FINDINGS: return headline_finding(guide) != NULL;
    case UI_ACTION_HISTORY:
        return headline_finding(guide) != NULL && ui_case_get_store(ui_case) != NULL;
    case UI_ACTION_OPEN: {
        const SpSessionStep *step = ui_step_get(guide->app, current_step(guide));

        return step != NULL && step->step->url != NULL;
    }
    case UI_ACTION_REREAD:
        return ui_case_get_person(ui_case) != NULL || ui_case_get_error(ui_case) != NULL;
    default: return ui_step_can(guide->app, action, current_step(guide));
    }
}

static const char *
word_guide(gpointer state, UiAction action)
{
    Guide *guide = state;
    GPtrArray *matches = get_matches(guide);
    const SpSessionStep *step = ui_step_get(guide->app, current_step(guide));

    if (action != UI_ACTION_CHOOSE) {
        return NULL;
    }
    if (matches != NULL && matches->len > 0) {
        return N_("choose");
    }
    return step != NULL && ui_step_is_done(step) ? N_("not done") : NULL;
}

static UiDo
choose_match(Guide *guide, UiAction action)
{
    GPtrArray *matches = get_matches(guide);

    switch (action) {
    case UI_ACTION_UP: guide->match -= guide->match > 0 ? 1 : 0; return UI_DO_REDRAW;
    case UI_ACTION_DOWN:
        guide->match += guide->match + 1 < matches->len ? 1 : 0;
        return UI_DO_REDRAW;
    case UI_ACTION_CHOOSE: {
        g_autoptr(SpPerson) person = sp_person_ref(g_ptr_array_index(matches, guide->match));

        ui_case_open_person(ui_app_get_case(guide->app), person);
        return UI_DO_REDRAW;
    }
    default: return UI_DO_NOTHING;
    }
}

static UiDo
key_guide(gpointer state, const UiEvent *event)
{
    Guide *guide = state;
    guint current = current_step(guide);

    if (get_matches(guide) != NULL && get_matches(guide)->len > 0) {
        return choose_match(guide, event->action);
    }
    if (!can_guide(guide, event->action)) {
        return UI_DO_NOTHING;
    }
    switch (event->action) {
    case UI_ACTION_UP:
    case UI_ACTION_PREVIOUS: go_to_step(guide, (gint64) current - 1); break;
    case UI_ACTION_DOWN:
    case UI_ACTION_NEXT: go_to_step(guide, (gint64) current + 1); break;
    case UI_ACTION_FIRST: go_to_step(guide, 0); break;
    case UI_ACTION_LAST: go_to_step(guide, (gint64) count_steps(guide) - 1); break;
    case UI_ACTION_CHOOSE: ui_step_do(guide->app, UI_ACTION_TICK, current); break;
    case UI_ACTION_FINDINGS: show_findings(guide); break;
    case UI_ACTION_HISTORY: show_history(guide); break;
    case UI_ACTION_OPEN: show_link(guide); break;
    case UI_ACTION_REREAD: ui_case_reread(ui_app_get_case(guide->app), NULL); break;
    default:
        if (!ui_step_do(guide->app, event->action, current)) {
            return UI_DO_NOTHING;
        }
    }
    return UI_DO_REDRAW;
}

/* A verification has ended: say how, and go on where it passed. */
static void
settle_verification(Guide *guide, guint index)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(guide->app));
    const SpSessionStep *step = ui_step_get(guide->app, index);
    gboolean is_passed = step != NULL && step->state == SP_STEP_PASSED;

    if (step == NULL) {
        return;
    }
    ui_app_say(guide->app, is_passed ? SP_SEVERITY_OK : SP_SEVERITY_WAIT,
               is_passed ? _("Passed: the copies show the reference's photo now")
                         : _("Not yet: the copies do not show the reference's photo"));
    if (is_passed && sp_session_get_current(session) == index) {
        guint next = ui_step_next_open(session, index + 1);

        go_to_step(guide, next == count_steps(guide) ? ui_step_next_open(session, 0) : next);
    }
}

static UiDo
changed_guide(gpointer state, UiCaseChanges changes)
{
    Guide *guide = state;
    int verifying = ui_case_get_verifying(ui_app_get_case(guide->app));
    int before = guide->verifying;

    guide->verifying = verifying;
    if (changes & UI_CASE_PERSON) {
        guide->match = 0;
    }
    if (changes & UI_CASE_STATUS) {
        follow_reading(guide);
    }
    if (changes & (UI_CASE_FINDINGS | UI_CASE_STATUS)) {
        ui_step_ensure_session(guide->app);
    }
    if (before >= 0 && verifying < 0) {
        settle_verification(guide, (guint) before);
    }
    return UI_DO_REDRAW;
}

static char *
help_guide(gpointer state)
{
    (void) state;
    return g_strdup(
        _("The guide walks you through what mends the photo, one step at a time. v reads "
          "the copies that a step is about again and marks the step passed, or not yet. "
          "Leave at any time: everything is kept, and the person's case goes on at the "
          "same step."));
}

const UiViewOps ui_view_guide = {
    .name = "guide",
    .title = N_("Guide"),
    .open = open_guide,
    .close = close_guide,
    .show = show_guide,
    .layout = layout_guide,
    .draw = draw_guide,
    .key = key_guide,
    .can = can_guide,
    .word = word_guide,
    .changed = changed_guide,
    .help = help_guide,
};
