/* Guide: one person's case, one step at a time. What was found stands above, the copies in a strip,
 * the current step large, the others in a list. All that it shows comes from the case and its
 * session. */
#include "core/i18n.h"
#include "core/text.h"
#include "tui/guide.h"
#include "tui/prompt.h"
#include "tui/step-actions.h"
#include "tui/strip.h"
#include "tui/widgets.h"

#define WIDE_COLUMNS 110 /* from here on findings stand beside the step */
#define LOW_ROWS     28  /* below, the step needs every row */
#define TICK_MS      250
#define CLOCK_MS     1000

static gpointer
open_guide(UiApp *app)
{
    UiGuide *guide = g_new0(UiGuide, 1);

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
follow_reading(UiGuide *guide)
{
    UiCase *ui_case = ui_app_get_case(guide->app);

    ui_app_set_tick(guide->app, ui_case_is_reading(ui_case, NULL) ? TICK_MS : CLOCK_MS);
}

static void
show_guide(gpointer state)
{
    UiGuide *guide = state;

    ui_step_ensure_session(guide->app);
    follow_reading(guide);
}

static void
layout_guide(gpointer state, int rows, int columns)
{
    UiGuide *guide = state;

    guide->rows = rows;
    guide->columns = columns;
}

guint
ui_guide_current(const UiGuide *guide)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(guide->app));

    return session == NULL ? 0 : sp_session_get_current(session);
}

guint
ui_guide_count(const UiGuide *guide)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(guide->app));

    return session == NULL ? 0 : sp_session_get_steps(session)->len;
}

const SpFinding *
ui_guide_finding(const UiGuide *guide)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(guide->app));
    GPtrArray *findings = check == NULL ? NULL : sp_check_get_findings(check);

    return findings == NULL || findings->len == 0 ? NULL : g_ptr_array_index(findings, 0);
}

static void
draw_person(UiGuide *guide, WINDOW *window)
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
draw_headline(UiGuide *guide, WINDOW *window, int y)
{
    UiCase *ui_case = ui_app_get_case(guide->app);
    const SpFinding *finding = ui_guide_finding(guide);
    g_autofree char *headline = ui_case_get_headline(ui_case);
    UiRole role = finding == NULL ? UI_ROLE_TEXT : ui_role_of_severity((int) finding->severity);
    int rows = ui_paragraph(guide->app, window, y, 1, 2, guide->columns - 2, role, headline);

    return MIN(rows, 2);
}

/* Where the findings have no column of their own: the cause in short, f tells the rest. Gives the
 * rows it took. */
static int
draw_cause(UiGuide *guide, WINDOW *window, int y)
{
    const SpFinding *finding = ui_guide_finding(guide);
    int rows = guide->rows < LOW_ROWS ? 1 : 2;

    if (finding == NULL || guide->columns >= WIDE_COLUMNS || ui_guide_count(guide) == 0) {
        return 0;
    }
    return ui_paragraph(guide->app, window, y, 1, rows, guide->columns - 2, UI_ROLE_TEXT,
                        finding->summary);
}

/* How long the session takes already. */
static void
draw_elapsed(UiGuide *guide, WINDOW *window, int y, int x)
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
draw_progress(UiGuide *guide, WINDOW *window, int y)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(guide->app));
    guint total = ui_guide_count(guide);
    guint done = session == NULL ? 0 : sp_session_count_done(session);
    int x;

    if (total == 0) {
        ui_rule(guide->app, window, y, 0, guide->columns, UI_ROLE_DIM);
        return;
    }
    x = 2 + ui_textf(guide->app, window, y, 1, guide->columns / 2, UI_ROLE_STRONG,
                     _("Step %u of %u"), MIN(ui_guide_current(guide) + 1, total), total);
    x += 1 + ui_textf(guide->app, window, y, x + 1, guide->columns / 3, UI_ROLE_DIM,
                      ngettext("%u done", "%u done", done), done);
    if (x + 14 < guide->columns) {
        int bar = MIN(30, guide->columns - x - 4);

        ui_progress(guide->app, window, y, x + 2, bar, (double) done / total, UI_ROLE_ACCENT);
        draw_elapsed(guide, window, y, x + 2 + bar + 2);
    }
}

static void
draw_matches(UiGuide *guide, WINDOW *window, int y)
{
    GPtrArray *matches = sp_check_get_matches(ui_case_get_check(ui_app_get_case(guide->app)));
    const UiBox box = {y + 1, 0, guide->rows - y - 1, guide->columns};
    int rows;

    ui_text(guide->app, window, y, 1, -1, UI_ROLE_STRONG, _("Who is meant? Enter chooses."));
    ui_list_place(&guide->matches, matches->len, box, NULL, NULL);
    for (guint i = guide->matches.top; ui_list_shows(&guide->matches, i, &y, &rows); i++) {
        const SpPerson *person = g_ptr_array_index(matches, i);
        gboolean is_here = i == guide->matches.cursor;

        if (is_here) {
            ui_fill(guide->app, window, y, 0, guide->columns, UI_ROLE_SELECTED);
            ui_app_set_cursor(guide->app, window, y, 2, FALSE);
        }
        ui_textf(guide->app, window, y, 2, guide->columns - 4,
                 is_here ? UI_ROLE_SELECTED : UI_ROLE_TEXT, "%s  %s",
                 person->display_name == NULL ? "" : person->display_name,
                 person->user_principal_name);
    }
}

static GPtrArray *
get_matches(const UiGuide *guide)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(guide->app));

    if (check == NULL || ui_case_get_person(ui_app_get_case(guide->app)) != NULL) {
        return NULL;
    }
    return sp_check_get_matches(check);
}

static int
strip_rows(const UiGuide *guide, int above)
{
    int room = guide->rows - above;

    if (ui_case_count(ui_app_get_case(guide->app)) == 0 || room < 12) {
        return 0;
    }
    return room < 17 ? 3 : ui_strip_rows(guide->app, guide->columns - 2, room * 2 / 5);
}

/* The rows that the list of steps gets at least: a third, or only the steps beside the current one
 * where that needs the room; none where both do not fit. */
static int
list_rows(UiGuide *guide, const SpSessionStep *step, int room, int columns)
{
    int wanted = step == NULL ? 0 : ui_guide_step_rows(guide, step, columns);
    int least = room > 10 ? 3 : 2;
    int rows = MIN((int) ui_guide_count(guide), CLAMP(room - wanted, least, MAX(least, room / 3)));

    return room - rows < 6 ? MAX(0, room - 6) : rows;
}

static void
draw_guide(gpointer state, WINDOW *window)
{
    UiGuide *guide = state;
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
    y += draw_cause(guide, window, y);
    strip = strip_rows(guide, y);
    if (strip > 0) {
        ui_strip_draw(guide->app, window, (UiBox){y, 1, strip, guide->columns - 2});
        y += strip;
    }
    draw_progress(guide, window, y++);
    step = ui_step_get(guide->app, ui_guide_current(guide));
    list = list_rows(guide, step, guide->rows - y, left);
    box = (UiBox){y, 0, guide->rows - y - list, left};
    if (box.rows < 3) {
        return;
    }
    if (step != NULL) {
        box.rows = MIN(box.rows, MAX(ui_guide_step_rows(guide, step, left), 6));
        ui_guide_draw_step(guide, window, box);
    } else {
        ui_guide_draw_no_step(guide, window, box);
    }
    /* What the step leaves is the list's, after a line of air. */
    y += box.rows;
    y += guide->rows - y > ui_guide_list_rows(guide, left) ? 1 : 0;
    ui_guide_draw_list(guide, window, (UiBox){y, 0, guide->rows - y, left});
    if (is_wide) {
        ui_guide_draw_findings(
            guide, window,
            (UiBox){box.y, left + 2, guide->rows - box.y, guide->columns - left - 3});
    }
}

static void
go_to_step(UiGuide *guide, gint64 index)
{
    UiCase *ui_case = ui_app_get_case(guide->app);
    SpSession *session = ui_case_get_session(ui_case);
    GError *error = NULL;

    if (session == NULL || index < 0 || index > (gint64) ui_guide_count(guide)) {
        return;
    }
    if (!sp_session_set_current(session, (guint) index, &error)) {
        ui_app_say_error(guide->app, error);
    }
    ui_case_touch(ui_case, UI_CASE_SESSION);
}

/* In full and alone on its lines, to be selected, and in the clipboard where the terminal lets us.
 */
static void
show_link(UiGuide *guide)
{
    const SpSessionStep *step = ui_step_get(guide->app, ui_guide_current(guide));

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
    UiGuide *guide = state;
    UiCase *ui_case = ui_app_get_case(guide->app);
    gboolean has_matches = get_matches(guide) != NULL && get_matches(guide)->len > 0;

    switch (action) {
    case UI_ACTION_CHOOSE:
        return has_matches || ui_step_get(guide->app, ui_guide_current(guide)) != NULL;
    case UI_ACTION_UP:
    case UI_ACTION_PREVIOUS: return has_matches || ui_guide_current(guide) > 0;
    case UI_ACTION_DOWN:
    case UI_ACTION_NEXT: return has_matches || ui_guide_current(guide) < ui_guide_count(guide);
    case UI_ACTION_FIRST:
    case UI_ACTION_LAST: return ui_guide_count(guide) > 0;
    case UI_ACTION_PAGE_UP:
    case UI_ACTION_PAGE_DOWN: return ui_guide_can_scroll(guide, action);
    case UI_ACTION_FINDINGS: return ui_guide_finding(guide) != NULL;
    case UI_ACTION_HISTORY:
        return ui_guide_finding(guide) != NULL && ui_case_get_store(ui_case) != NULL;
    case UI_ACTION_OPEN: {
        const SpSessionStep *step = ui_step_get(guide->app, ui_guide_current(guide));

        return step != NULL && step->step->url != NULL;
    }
    case UI_ACTION_REREAD:
        return ui_case_get_person(ui_case) != NULL || ui_case_get_error(ui_case) != NULL;
    default: return ui_step_can(guide->app, action, ui_guide_current(guide));
    }
}

static const char *
word_guide(gpointer state, UiAction action)
{
    UiGuide *guide = state;
    GPtrArray *matches = get_matches(guide);
    const SpSessionStep *step = ui_step_get(guide->app, ui_guide_current(guide));

    if (action != UI_ACTION_CHOOSE) {
        return NULL;
    }
    if (matches != NULL && matches->len > 0) {
        return N_("choose");
    }
    return step != NULL && ui_step_is_done(step) ? N_("not done") : NULL;
}

static UiDo
key_matches(UiGuide *guide, const UiEvent *event)
{
    GPtrArray *matches = get_matches(guide);
    UiListDo done =
        event->key == UI_KEY_MOUSE ? ui_list_mouse(&guide->matches, event) : UI_LIST_NOTHING;

    if ((done == UI_LIST_CHOSEN || event->action == UI_ACTION_CHOOSE) &&
        guide->matches.cursor < matches->len) {
        g_autoptr(SpPerson) person =
            sp_person_ref(g_ptr_array_index(matches, guide->matches.cursor));

        ui_case_open_person(ui_app_get_case(guide->app), person);
        return UI_DO_REDRAW;
    }
    return done == UI_LIST_MOVED || ui_list_move(&guide->matches, event->action) ? UI_DO_REDRAW
                                                                                 : UI_DO_NOTHING;
}

static gboolean
is_within(UiBox box, const UiEvent *event)
{
    return event->y >= box.y && event->y < box.y + box.rows && event->x >= box.x &&
           event->x < box.x + box.columns;
}

/* The wheel scrolls what it is over, a click in the list goes to a step, a second one ticks it. */
static UiDo
click(UiGuide *guide, const UiEvent *event)
{
    guint current = ui_guide_current(guide);
    gboolean is_wheel = event->mouse == UI_MOUSE_WHEEL_UP || event->mouse == UI_MOUSE_WHEEL_DOWN;
    UiListDo done;

    if (ui_step_get(guide->app, 0) == NULL) {
        return UI_DO_NOTHING;
    }
    if (is_wheel && is_within(guide->step_box, event)) {
        ui_guide_scroll(guide, event->mouse == UI_MOUSE_WHEEL_UP ? -1 : 1);
        return UI_DO_REDRAW;
    }
    done = ui_list_mouse(&guide->steps, event);
    /* The list has moved under the first click: the second one is for the step that it chose. */
    if (done == UI_LIST_CHOSEN) {
        ui_step_do(guide->app, UI_ACTION_TICK, current);
    } else if (done == UI_LIST_MOVED) {
        go_to_step(guide, guide->steps.cursor);
    }
    return done == UI_LIST_NOTHING ? UI_DO_NOTHING : UI_DO_REDRAW;
}

static UiDo
key_guide(gpointer state, const UiEvent *event)
{
    UiGuide *guide = state;
    guint current = ui_guide_current(guide);
    /* Within the frame, and a row of the last page stays. */
    int page = MAX(1, guide->step_box.rows - 3);

    if (get_matches(guide) != NULL && get_matches(guide)->len > 0) {
        return key_matches(guide, event);
    }
    if (event->key == UI_KEY_MOUSE) {
        return click(guide, event);
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
    case UI_ACTION_LAST: go_to_step(guide, (gint64) ui_guide_count(guide) - 1); break;
    case UI_ACTION_PAGE_UP: ui_guide_scroll(guide, -page); break;
    case UI_ACTION_PAGE_DOWN: ui_guide_scroll(guide, page); break;
    case UI_ACTION_CHOOSE: ui_step_do(guide->app, UI_ACTION_TICK, current); break;
    case UI_ACTION_FINDINGS: ui_guide_show_findings(guide); break;
    case UI_ACTION_HISTORY: ui_guide_show_history(guide); break;
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
settle_verification(UiGuide *guide, guint index)
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

        go_to_step(guide, next == ui_guide_count(guide) ? ui_step_next_open(session, 0) : next);
    }
}

static UiDo
changed_guide(gpointer state, UiCaseChanges changes)
{
    UiGuide *guide = state;
    int verifying = ui_case_get_verifying(ui_app_get_case(guide->app));
    int before = guide->verifying;

    guide->verifying = verifying;
    if (changes & UI_CASE_PERSON) {
        guide->matches = (UiList){0};
    }
    if (changes & UI_CASE_STATUS) {
        follow_reading(guide);
    }
    if (changes & UI_CASE_SESSION) {
        /* What became of the step stands first. */
        guide->step_top = 0;
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
