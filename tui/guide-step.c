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

static GArray *
gather_facts(UiGuide *guide, const SpSessionStep *step)
{
    GArray *facts = g_array_new(FALSE, FALSE, sizeof(Fact));
    UiCase *ui_case = ui_app_get_case(guide->app);
    g_autoptr(GDateTime) now = ui_case_now(ui_case);
    g_autofree char *state = ui_step_describe(step, now);
    g_autofree char *changed = last_change(step);
    g_autofree char *services = g_strjoinv(", ", step->step->verify);
    gboolean is_verifying = ui_case_get_verifying(ui_case) == (int) ui_guide_current(guide);
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

int
ui_guide_step_rows(UiGuide *guide, const SpSessionStep *step, int columns)
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
draw_address(UiGuide *guide, WINDOW *window, int y, int x, int rows, int columns, const char *url)
{
    g_auto(GStrv) lines = ui_wrap(url, columns);
    int count = MIN((int) g_strv_length(lines), rows);

    for (int i = 0; i < count; i++) {
        ui_text(guide->app, window, y + i, x, columns, UI_ROLE_LINK, lines[i]);
        ui_app_link(guide->app, window, y + i, x, lines[i], url);
    }
    return count;
}

void
ui_guide_draw_step(UiGuide *guide, WINDOW *window, UiBox box)
{
    const SpSessionStep *step = ui_step_get(guide->app, ui_guide_current(guide));
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
    y += ui_guide_step_rows(guide, step, box.columns) <= box.rows ? 1 : 0;
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

/* The step, and of one that waits, until when. Transfer full. */
static char *
listed_text(UiGuide *guide, const SpSessionStep *step)
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

/* One step of the list in at most `rows` rows; gives those it took. */
static int
draw_listed_step(UiGuide *guide, WINDOW *window, UiBox box, guint index)
{
    const SpSessionStep *step = ui_step_get(guide->app, index);
    gboolean is_current = index == ui_guide_current(guide);
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

void
ui_guide_draw_list(UiGuide *guide, WINDOW *window, UiBox box)
{
    int total = (int) ui_guide_count(guide);
    int bottom = box.y + box.rows;
    gboolean is_full = ui_guide_list_rows(guide, box.columns) <= box.rows;
    int first = CLAMP((int) ui_guide_current(guide) - box.rows / 2, 0, MAX(0, total - box.rows));
    int y = box.y;

    for (int i = is_full ? 0 : first; i < total && y < bottom; i++) {
        UiBox room = {y, box.x, is_full ? bottom - y : 1, box.columns};

        y += draw_listed_step(guide, window, room, (guint) i);
    }
}
