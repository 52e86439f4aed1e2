/* The steps of the Guide: the current one in full, or what there is to say without one, and the
 * list of all. */
#include "core/error.h"
#include "core/guide/playbook.h"
#include "core/i18n.h"
#include "core/text.h"
#include "tui/guide.h"
#include "tui/step-actions.h"
#include "tui/widgets.h"

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

/* The copies that a step reads again, by the names that stand everywhere else. Transfer full. */
static char *
verified_titles(UiCase *ui_case, const SpStep *step)
{
    g_autoptr(GStrvBuilder) titles = g_strv_builder_new();
    g_auto(GStrv) names = NULL;

    for (int i = 0; step->verify[i] != NULL; i++) {
        g_strv_builder_add(titles, ui_case_get_service_title(ui_case, step->verify[i]));
    }
    names = g_strv_builder_end(titles);
    return g_strjoinv(", ", names);
}

/* What became of the step. */
static void
add_state(UiGuide *guide, GArray *facts, const SpSessionStep *step)
{
    g_autoptr(GDateTime) now = ui_case_now(ui_app_get_case(guide->app));
    g_autofree char *state = ui_step_describe(step, now);

    add_fact(facts, _("State"), state, ui_step_role(step->state));
    add_fact(facts, _("Result"), step->proof, ui_step_role(step->state));
}

static GArray *
gather_facts(UiGuide *guide, const SpSessionStep *step)
{
    GArray *facts = g_array_new(FALSE, FALSE, sizeof(Fact));
    UiCase *ui_case = ui_app_get_case(guide->app);
    g_autofree char *services = verified_titles(ui_case, step->step);
    g_autofree char *changed = last_change(step);
    gboolean is_verifying = ui_case_get_verifying(ui_case) == (int) ui_guide_current(guide);
    gboolean is_untouched = step->state == SP_STEP_TODO && step->proof == NULL;
    g_autofree char *checks = g_strdup_printf(
        is_verifying ? _("being read again: %s") : _("v reads again: %s"), services);

    g_array_set_clear_func(facts, clear_fact);
    /* The first to read in a low window, except where there is nothing to tell yet. */
    if (!is_untouched) {
        add_state(guide, facts, step);
    }
    add_fact(facts, _("Who"),
             step->step->actor == SP_ACTOR_NOBODY ? NULL : sp_actor_title(step->step->actor),
             UI_ROLE_TEXT);
    add_fact(facts, _("Say"), step->step->say, UI_ROLE_INFO);
    add_fact(facts, _("Link"), step->step->url, UI_ROLE_LINK);
    add_fact(facts, _("Proof"), *services == '\0' ? NULL : checks, UI_ROLE_TEXT);
    if (is_untouched) {
        add_state(guide, facts, step);
    }
    add_fact(facts, _("Since"), changed, UI_ROLE_DIM);
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

/* One row within the box: of the step's text, of a fact, or empty. */
typedef struct {
    const char *label; /* before a fact's first row, or NULL */
    char *text;
    char *url; /* that the row leads to, or NULL */
    int indent;
    UiRole role;
} Row;

static void
clear_row(gpointer data)
{
    Row *row = data;

    g_free(row->text);
    g_free(row->url);
}

static void
add_rows(GArray *rows, const Fact *fact, int indent, int columns)
{
    g_auto(GStrv) lines = ui_wrap(fact->text, columns - indent);

    for (int i = 0; lines[i] != NULL; i++) {
        Row row = {i == 0 ? fact->label : NULL, g_strdup(lines[i]),
                   fact->role == UI_ROLE_LINK ? g_strdup(fact->text) : NULL, indent, fact->role};

        g_array_append_val(rows, row);
    }
}

/* All there is to say of the step in rows of `columns`, with a line of air behind its text where
 * `room` has one left. Transfer full. */
static GArray *
lay_out_step(UiGuide *guide, const SpSessionStep *step, int columns, int room)
{
    g_autoptr(GArray) facts = gather_facts(guide, step);
    const Fact heading = {NULL, step->step->text, UI_ROLE_STRONG};
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    int labels = label_columns(facts);
    guint after_heading;

    g_array_set_clear_func(rows, clear_row);
    add_rows(rows, &heading, 0, columns);
    after_heading = rows->len;
    for (guint i = 0; i < facts->len; i++) {
        add_rows(rows, &g_array_index(facts, Fact, i), labels, columns);
    }
    if ((int) rows->len < room) {
        Row air = {NULL, g_strdup(""), NULL, 0, UI_ROLE_TEXT};

        g_array_insert_val(rows, after_heading, air);
    }
    return rows;
}

int
ui_guide_step_rows(UiGuide *guide, const SpSessionStep *step, int columns)
{
    g_autoptr(GArray) rows = lay_out_step(guide, step, columns - 4, G_MAXINT);

    return (int) rows->len + 2;
}

static void
draw_row(UiGuide *guide, WINDOW *window, int y, int x, int columns, const Row *row)
{
    if (row->label != NULL) {
        ui_text(guide->app, window, y, x, row->indent - 1, UI_ROLE_DIM, row->label);
    }
    ui_text(guide->app, window, y, x + row->indent, columns - row->indent, row->role, row->text);
    if (row->url != NULL) {
        ui_app_link(guide->app, window, y, x + row->indent, row->text, row->url);
    }
}

/* In the lower edge: how much of the step is out of sight, and the key to it. */
static void
draw_more_mark(UiGuide *guide, WINDOW *window, UiBox box)
{
    int below = guide->step_hidden - guide->step_top;
    g_autofree char *key = ui_key_name(below > 0 ? UI_KEY_PAGE_DOWN : UI_KEY_PAGE_UP);
    int lines = below > 0 ? below : guide->step_top;
    g_autofree char *more =
        /* TRANSLATORS: how many lines of the step are out of sight, and the key that shows them. */
        g_strdup_printf(ngettext(" %d more line: %s ", " %d more lines: %s ", (gulong) lines),
                        lines, key);
    int columns = MIN((int) sp_text_columns(more), box.columns - 4);

    if (guide->step_hidden > 0) {
        ui_text(guide->app, window, box.y + box.rows - 1, box.x + box.columns - 2 - columns,
                columns, UI_ROLE_ACCENT, more);
    }
}

void
ui_guide_draw_step(UiGuide *guide, WINDOW *window, UiBox box)
{
    const SpSessionStep *step = ui_step_get(guide->app, ui_guide_current(guide));
    int room = box.rows - 2;
    g_autoptr(GArray) rows = lay_out_step(guide, step, box.columns - 4, room);

    if (guide->step_shown != ui_guide_current(guide)) {
        guide->step_shown = ui_guide_current(guide);
        guide->step_top = 0;
    }
    guide->step_box = box;
    guide->step_hidden = MAX(0, (int) rows->len - room);
    guide->step_top = CLAMP(guide->step_top, 0, guide->step_hidden);
    ui_box(guide->app, window, box, UI_ROLE_ACCENT, step->section_title);
    for (int i = 0; i < room && guide->step_top + i < (int) rows->len; i++) {
        draw_row(guide, window, box.y + 1 + i, box.x + 2, box.columns - 4,
                 &g_array_index(rows, Row, guide->step_top + i));
    }
    draw_more_mark(guide, window, box);
    ui_app_set_cursor(guide->app, window, box.y + 1, box.x + 2, FALSE);
}

gboolean
ui_guide_can_scroll(const UiGuide *guide, UiAction action)
{
    return action == UI_ACTION_PAGE_UP     ? guide->step_top > 0
           : action == UI_ACTION_PAGE_DOWN ? guide->step_top < guide->step_hidden
                                           : FALSE;
}

void
ui_guide_scroll(UiGuide *guide, int rows)
{
    guide->step_top = CLAMP(guide->step_top + rows, 0, guide->step_hidden);
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

void
ui_guide_draw_no_step(UiGuide *guide, WINDOW *window, UiBox box)
{
    const SpFinding *finding = ui_guide_finding(guide);
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
    } else if (ui_guide_count(guide) > 0) {
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

/* Until when the step waits, "(waits until Tue 2026-11-24 09:40)"; NULL for all others. Transfer
 * full. */
static char *
listed_state(UiGuide *guide, const SpSessionStep *step)
{
    g_autoptr(GDateTime) now = NULL;
    g_autofree char *state = NULL;

    if (step->state != SP_STEP_WAITING) {
        return NULL;
    }
    now = ui_case_now(ui_app_get_case(guide->app));
    state = ui_step_describe(step, now);
    /* TRANSLATORS: a step's state behind it, "(waits until Tue 2026-11-24 09:40)". */
    return g_strdup_printf(_("(%s)"), state);
}

/* The step with its state. Transfer full. */
static char *
listed_text(UiGuide *guide, const SpSessionStep *step)
{
    g_autofree char *state = listed_state(guide, step);

    return state == NULL ? g_strdup(step->step->text)
                         : g_strdup_printf("%s %s", step->step->text, state);
}

int
ui_guide_list_rows(UiGuide *guide, int columns)
{
    int rows = 0;

    for (guint i = 0; i < ui_guide_count(guide); i++) {
        g_autofree char *text = listed_text(guide, ui_step_get(guide->app, i));

        rows += ui_paragraph(guide->app, NULL, 0, 0, G_MAXINT, columns - LIST_INDENT - 2,
                             UI_ROLE_TEXT, text);
    }
    return rows;
}

/* A step in one row: the text gives way, the time stays. */
static void
draw_listed_line(UiGuide *guide, WINDOW *window, int y, int x, int columns, UiRole role,
                 const SpSessionStep *step)
{
    g_autofree char *state = listed_state(guide, step);
    int reserved = state == NULL ? 0 : MIN((int) sp_text_columns(state) + 1, columns - 6);

    x += ui_text(guide->app, window, y, x, columns - reserved, role, step->step->text);
    if (state != NULL) {
        ui_text(guide->app, window, y, x + 1, reserved - 1, role, state);
    }
}

/* One step of the list in as many rows as it has. */
static void
draw_listed_step(UiGuide *guide, WINDOW *window, UiBox box, guint index)
{
    const SpSessionStep *step = ui_step_get(guide->app, index);
    gboolean is_current = index == ui_guide_current(guide);
    UiRole role = is_current ? UI_ROLE_SELECTED : ui_step_role(step->state);
    int columns = box.columns - LIST_INDENT - 2;
    int x = box.x + 1 + LIST_INDENT;
    g_autofree char *text = listed_text(guide, step);

    for (int i = 0; i < box.rows && is_current; i++) {
        ui_fill(guide->app, window, box.y + i, box.x, box.columns, role);
    }
    ui_textf(guide->app, window, box.y, box.x + 1, LIST_INDENT, role, "%s %2u.",
             ui_sign(ui_app_get_theme(guide->app), ui_step_sign(step->state, is_current)),
             index + 1);
    if (box.rows == 1) {
        draw_listed_line(guide, window, box.y, x, columns, role, step);
    } else {
        ui_paragraph(guide->app, window, box.y, x, box.rows, columns, role, text);
    }
}

/* A UiListRowsFunc. */
static int
rows_of_step(guint index, gpointer user_data)
{
    UiGuide *guide = user_data;
    g_autofree char *text = NULL;

    if (!guide->is_list_full) {
        return 1;
    }
    text = listed_text(guide, ui_step_get(guide->app, index));
    return ui_paragraph(guide->app, NULL, 0, 0, G_MAXINT,
                        guide->steps.box.columns - LIST_INDENT - 2, UI_ROLE_TEXT, text);
}

void
ui_guide_draw_list(UiGuide *guide, WINDOW *window, UiBox box)
{
    int total = (int) ui_guide_count(guide);
    UiList *steps = &guide->steps;
    int y;
    int rows;

    guide->is_list_full = ui_guide_list_rows(guide, box.columns) <= box.rows;
    steps->cursor = ui_guide_current(guide);
    /* What comes next is in sight too. */
    steps->top = (guint) (guide->is_list_full ? 0
                                              : CLAMP((int) steps->cursor - (box.rows - 1) / 2, 0,
                                                      MAX(0, total - box.rows)));
    ui_list_place(steps, (guint) total, box, rows_of_step, guide);
    for (guint i = steps->top; ui_list_shows(steps, i, &y, &rows); i++) {
        draw_listed_step(guide, window, (UiBox){y, box.x, rows, box.columns}, i);
    }
}
