/* How a checklist looks: progress and time above, the lines, the step under the cursor in full. */
#include "core/i18n.h"
#include "core/text.h"
#include "tui/checklist.h"
#include "tui/step-actions.h"
#include "tui/widgets.h"

static const char *const filter_titles[UI_N_FILTERS] = {
    [UI_FILTER_ALL] = N_("all steps"),
    [UI_FILTER_OPEN] = N_("open steps"),
    [UI_FILTER_DONE] = N_("done steps"),
    [UI_FILTER_SKIPPED] = N_("skipped steps"),
};

static void
draw_section(UiChecklist *list, WINDOW *window, int y, const UiChecklistLine *line, UiRole role)
{
    const UiTheme *theme = ui_app_get_theme(list->app);
    GPtrArray *steps = ui_checklist_get_steps(list);
    const SpSessionStep *first = ui_checklist_step_at(list, line->section);
    gboolean is_folded = g_hash_table_contains(list->folded, first->section_id);
    guint total = 0;
    guint done = 0;

    for (guint i = (guint) line->section; i < steps->len; i++) {
        const SpSessionStep *step = g_ptr_array_index(steps, i);

        if (!g_str_equal(step->section_id, first->section_id)) {
            break;
        }
        total++;
        done += step->state == SP_STEP_PASSED || step->state == SP_STEP_SKIPPED ? 1 : 0;
    }
    ui_textf(list->app, window, y, 1, list->columns - 2, role, "%s %s  %u/%u",
             ui_sign(theme, is_folded ? UI_SIGN_CLOSED : UI_SIGN_OPEN), first->section_title, done,
             total);
}

static const char *
box_of(SpStepState state)
{
    switch (state) {
    case SP_STEP_PASSED: return "[x]";
    case SP_STEP_SKIPPED: return "[-]";
    case SP_STEP_WAITING: return "[~]";
    case SP_STEP_FAILED: return "[!]";
    case SP_STEP_TODO:
    case SP_STEP_DOING: break;
    }
    return "[ ]";
}

/* What a note gets beside a long step: all that it needs, up to a third of the line. */
static int
note_columns(const UiChecklist *list, const SpSessionStep *step)
{
    return MIN((int) sp_text_columns(step->note) + 4, list->columns / 3);
}

static void
draw_step_line(UiChecklist *list, WINDOW *window, int y, const UiChecklistLine *line,
               gboolean is_here)
{
    const SpSessionStep *step = ui_checklist_step_at(list, line->step);
    UiRole role = is_here ? UI_ROLE_SELECTED : ui_step_role(step->state);
    int note = step->note == NULL ? 0 : note_columns(list, step);
    int x = 3;

    x += ui_textf(list->app, window, y, x, list->columns - x - 1, role, "%s %d. ",
                  box_of(step->state), line->step - line->section + 1);
    x += ui_text(list->app, window, y, x, list->columns - x - 1 - note, role, step->step->text);
    if (step->note != NULL) {
        ui_textf(list->app, window, y, x + 2, list->columns - x - 3,
                 is_here ? UI_ROLE_SELECTED : UI_ROLE_DIM, "%s %s",
                 ui_sign(ui_app_get_theme(list->app), UI_SIGN_DOT), step->note);
    }
}

static void
draw_lines(UiChecklist *list, WINDOW *window, UiBox box)
{
    int y;
    int rows;

    ui_list_place(&list->place, list->lines->len, box, NULL, NULL);
    for (guint i = list->place.top; ui_list_shows(&list->place, i, &y, &rows); i++) {
        const UiChecklistLine *line = &g_array_index(list->lines, UiChecklistLine, i);
        gboolean is_here = i == list->place.cursor;

        if (is_here) {
            ui_fill(list->app, window, y, 0, list->columns, UI_ROLE_SELECTED);
            ui_app_set_cursor(list->app, window, y, line->step < 0 ? 1 : 3, FALSE);
        }
        if (line->step < 0) {
            draw_section(list, window, y, line, is_here ? UI_ROLE_SELECTED : UI_ROLE_STRONG);
        } else {
            draw_step_line(list, window, y, line, is_here);
        }
    }
}

/* The step under the cursor in full. */
static void
draw_detail(UiChecklist *list, WINDOW *window, int y, int rows)
{
    int index = ui_checklist_cursor_step(list);
    const SpSessionStep *step = index < 0 ? NULL : ui_checklist_step_at(list, index);
    g_autoptr(GDateTime) now = ui_case_now(ui_app_get_case(list->app));
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *state = NULL;

    ui_rule(list->app, window, y, 0, list->columns, UI_ROLE_DIM);
    if (step == NULL) {
        return;
    }
    state = ui_step_describe(step, now);
    g_string_append_printf(text, "%s\n%s", step->step->text, state);
    if (step->changed != NULL) {
        g_autofree char *age = ui_format_ago(step->changed, now);

        g_string_append_printf(text, " (%s)", age);
    }
    if (step->step->actor != SP_ACTOR_NOBODY) {
        g_string_append(text, "  ");
        g_string_append_printf(text, _("%s: %s"), _("Who"), sp_actor_title(step->step->actor));
    }
    if (step->step->url != NULL) {
        g_string_append_printf(text, "\n%s", step->step->url);
    }
    if (step->note != NULL) {
        g_string_append_c(text, '\n');
        g_string_append_printf(text, _("%s: %s"), _("Note"), step->note);
    }
    if (step->step->detail != NULL) {
        g_string_append_printf(text, "\n%s", step->step->detail);
    }
    ui_paragraph(list->app, window, y + 1, 2, rows - 1, list->columns - 4, UI_ROLE_TEXT, text->str);
}

static void
draw_heading(UiChecklist *list, WINDOW *window)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(list->app));
    g_autoptr(GDateTime) now = ui_case_now(ui_app_get_case(list->app));
    g_autofree char *elapsed = ui_format_elapsed(sp_session_get_started(session), now);
    guint total = sp_session_get_steps(session)->len;
    guint done = sp_session_count_done(session);
    g_autofree char *filter = g_strdup_printf(_("showing %s"), _(filter_titles[list->filter]));
    int x;

    x = list->columns - 1 - (int) sp_text_columns(filter);
    ui_text(list->app, window, 0, 1, x - 3, UI_ROLE_STRONG, sp_session_get_title(session));
    ui_text(list->app, window, 0, x, -1, UI_ROLE_DIM, filter);
    x = 2 + ui_textf(list->app, window, 1, 1, list->columns - 2, UI_ROLE_TEXT,
                     _("%u of %u done, %s since it began"), done, total, elapsed);
    if (list->columns - x > 14 && total > 0) {
        ui_progress(list->app, window, 1, x + 1, MIN(30, list->columns - x - 3),
                    (double) done / total, UI_ROLE_ACCENT);
    }
}

static void
draw_playbooks(UiChecklist *list, WINDOW *window)
{
    const UiBox box = {2, 0, list->rows - 3, list->columns};
    int y;
    int rows;

    ui_text(list->app, window, 0, 1, -1, UI_ROLE_STRONG, _("Which checklist? Enter begins it."));
    ui_list_place(&list->playbook, g_strv_length(list->playbooks), box, NULL, NULL);
    for (guint i = list->playbook.top; ui_list_shows(&list->playbook, i, &y, &rows); i++) {
        gboolean is_here = i == list->playbook.cursor;

        if (is_here) {
            ui_fill(list->app, window, y, 0, list->columns, UI_ROLE_SELECTED);
            ui_app_set_cursor(list->app, window, y, 2, FALSE);
        }
        ui_text(list->app, window, y, 2, list->columns - 4,
                is_here ? UI_ROLE_SELECTED : UI_ROLE_TEXT, list->playbooks[i]);
    }
}

void
ui_checklist_draw(UiChecklist *list, WINDOW *window)
{
    int detail = list->rows >= 16 ? MAX(6, list->rows / 4) : 0;

    if (ui_checklist_get_steps(list) == NULL) {
        draw_playbooks(list, window);
        return;
    }
    draw_heading(list, window);
    if (list->lines->len == 0) {
        ui_text(list->app, window, 3, 1, list->columns - 2, UI_ROLE_DIM,
                _("There is no such step; f shows others."));
        ui_app_set_cursor(list->app, window, 3, 1, FALSE);
    }
    draw_lines(list, window, (UiBox){3, 0, list->rows - 3 - detail, list->columns});
    if (detail > 0) {
        draw_detail(list, window, list->rows - detail, detail);
    }
}
