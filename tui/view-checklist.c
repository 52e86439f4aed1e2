/* Checklist: a playbook whole, as boxes to tick. It shows the case's session, or a list of
 * playbooks to begin one of; it needs no person and no network. */
#include <string.h>

#include "core/guide/playbook.h"
#include "core/i18n.h"
#include "core/text.h"
#include "tui/app.h"
#include "tui/prompt.h"
#include "tui/step-actions.h"
#include "tui/widgets.h"

typedef enum { FILTER_ALL, FILTER_OPEN, FILTER_DONE, FILTER_SKIPPED, N_FILTERS } Filter;

static const char *const filter_titles[N_FILTERS] = {
    [FILTER_ALL] = N_("all steps"),
    [FILTER_OPEN] = N_("open steps"),
    [FILTER_DONE] = N_("done steps"),
    [FILTER_SKIPPED] = N_("skipped steps"),
};

/* One line: a section's heading (step < 0) or a step. A plain value. */
typedef struct {
    int section; /* index of the section's first step */
    int step;
} Line;

typedef struct {
    UiApp *app;
    int rows;
    int columns;
    GArray *lines;      /* Line: what is shown, folding and filter applied */
    GHashTable *folded; /* ids of folded sections */
    guint cursor;
    guint top;
    Filter filter;
    char *search; /* folded for comparing, or NULL */
    GStrv playbooks;
    guint playbook; /* under the cursor while there is no session */
} Checklist;

static GPtrArray *
get_steps(const Checklist *list)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(list->app));

    return session == NULL ? NULL : sp_session_get_steps(session);
}

static const SpSessionStep *
step_at(const Checklist *list, int index)
{
    return g_ptr_array_index(get_steps(list), (guint) index);
}

static gboolean
is_filtered_in(Filter filter, SpStepState state)
{
    switch (filter) {
    case FILTER_OPEN: return state != SP_STEP_PASSED && state != SP_STEP_SKIPPED;
    case FILTER_DONE: return state == SP_STEP_PASSED;
    case FILTER_SKIPPED: return state == SP_STEP_SKIPPED;
    case FILTER_ALL:
    case N_FILTERS: break;
    }
    return TRUE;
}

/* Whether the section that begins there has a step to show. */
static gboolean
has_filtered_in(const Checklist *list, int section)
{
    GPtrArray *steps = get_steps(list);
    const char *id = step_at(list, section)->section_id;

    for (int i = section; i < (int) steps->len; i++) {
        const SpSessionStep *step = step_at(list, i);

        if (!g_str_equal(step->section_id, id)) {
            break;
        }
        if (is_filtered_in(list->filter, step->state)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Makes the lines anew; the cursor stays on its step where that is still shown. */
static void
rebuild(Checklist *list)
{
    GPtrArray *steps = get_steps(list);
    int stood = -1;
    int section = 0;

    if (list->cursor < list->lines->len) {
        stood = g_array_index(list->lines, Line, list->cursor).step;
    }
    g_array_set_size(list->lines, 0);
    for (int i = 0; steps != NULL && i < (int) steps->len; i++) {
        const SpSessionStep *step = step_at(list, i);

        if (i == 0 || !g_str_equal(step_at(list, i - 1)->section_id, step->section_id)) {
            section = i;
            if (has_filtered_in(list, section)) {
                g_array_append_val(list->lines, ((Line){section, -1}));
            }
        }
        if (!g_hash_table_contains(list->folded, step->section_id) &&
            is_filtered_in(list->filter, step->state)) {
            if (i == stood) {
                list->cursor = list->lines->len;
            }
            g_array_append_val(list->lines, ((Line){section, i}));
        }
    }
    if (list->cursor >= list->lines->len) {
        list->cursor = list->lines->len == 0 ? 0 : list->lines->len - 1;
    }
}

/* The cursor begins on the step that the guide stands on. */
static void
go_to_current(Checklist *list)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(list->app));
    int current = session == NULL ? -1 : (int) sp_session_get_current(session);

    for (guint i = 0; i < list->lines->len; i++) {
        if (g_array_index(list->lines, Line, i).step == current && current >= 0) {
            list->cursor = i;
            return;
        }
    }
}

static gpointer
open_checklist(UiApp *app)
{
    Checklist *list = g_new0(Checklist, 1);

    list->app = app;
    list->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    list->folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    list->playbooks = sp_playbook_list();
    return list;
}

static void
close_checklist(gpointer state)
{
    Checklist *list = state;

    g_array_unref(list->lines);
    g_hash_table_unref(list->folded);
    g_strfreev(list->playbooks);
    g_free(list->search);
    g_free(list);
}

static void
show_checklist(gpointer state)
{
    Checklist *list = state;

    ui_step_ensure_session(list->app);
    rebuild(list);
    go_to_current(list);
    /* The time since it began runs. */
    ui_app_set_tick(list->app, 1000);
}

static void
layout_checklist(gpointer state, int rows, int columns)
{
    Checklist *list = state;

    list->rows = rows;
    list->columns = columns;
}

/* The step under the cursor, or -1. */
static int
cursor_step(const Checklist *list)
{
    return list->cursor < list->lines->len ? g_array_index(list->lines, Line, list->cursor).step
                                           : -1;
}

/* ---- drawing ---- */

static void
draw_section(Checklist *list, WINDOW *window, int y, const Line *line, UiRole role)
{
    const UiTheme *theme = ui_app_get_theme(list->app);
    GPtrArray *steps = get_steps(list);
    const SpSessionStep *first = step_at(list, line->section);
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

static void
draw_step_line(Checklist *list, WINDOW *window, int y, const Line *line, gboolean is_here)
{
    const SpSessionStep *step = step_at(list, line->step);
    UiRole role = is_here ? UI_ROLE_SELECTED : ui_step_role(step->state);
    int x = 3;

    x += ui_textf(list->app, window, y, x, list->columns - x - 1, role, "%s %d. ",
                  box_of(step->state), line->step - line->section + 1);
    x += ui_text(list->app, window, y, x, list->columns - x - 1, role, step->step->text);
    if (step->note != NULL && x + 6 < list->columns) {
        ui_textf(list->app, window, y, x + 2, list->columns - x - 3,
                 is_here ? UI_ROLE_SELECTED : UI_ROLE_DIM, "%s %s",
                 ui_sign(ui_app_get_theme(list->app), UI_SIGN_DOT), step->note);
    }
}

static void
draw_lines(Checklist *list, WINDOW *window, int y, int rows)
{
    if (list->cursor < list->top) {
        list->top = list->cursor;
    }
    if (list->cursor >= list->top + (guint) rows) {
        list->top = list->cursor - (guint) rows + 1;
    }
    for (int row = 0; row < rows && list->top + (guint) row < list->lines->len; row++) {
        const Line *line = &g_array_index(list->lines, Line, list->top + (guint) row);
        gboolean is_here = list->top + (guint) row == list->cursor;

        if (is_here) {
            ui_fill(list->app, window, y + row, 0, list->columns, UI_ROLE_SELECTED);
            ui_app_set_cursor(list->app, window, y + row, line->step < 0 ? 1 : 3, FALSE);
        }
        if (line->step < 0) {
            draw_section(list, window, y + row, line, is_here ? UI_ROLE_SELECTED : UI_ROLE_STRONG);
        } else {
            draw_step_line(list, window, y + row, line, is_here);
        }
    }
}

/* The step under the cursor in full. */
static void
draw_detail(Checklist *list, WINDOW *window, int y, int rows)
{
    int index = cursor_step(list);
    const SpSessionStep *step = index < 0 ? NULL : step_at(list, index);
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
        g_string_append_printf(text, "  %s: %s", _("Who"), sp_actor_title(step->step->actor));
    }
    if (step->step->url != NULL) {
        g_string_append_printf(text, "\n%s", step->step->url);
    }
    if (step->note != NULL) {
        g_string_append_printf(text, "\n%s: %s", _("Note"), step->note);
    }
    if (step->step->detail != NULL) {
        g_string_append_printf(text, "\n%s", step->step->detail);
    }
    ui_paragraph(list->app, window, y + 1, 2, rows - 1, list->columns - 4, UI_ROLE_TEXT, text->str);
}

static void
draw_heading(Checklist *list, WINDOW *window)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(list->app));
    g_autoptr(GDateTime) now = ui_case_now(ui_app_get_case(list->app));
    g_autofree char *elapsed = ui_format_elapsed(sp_session_get_started(session), now);
    guint total = sp_session_get_steps(session)->len;
    guint done = sp_session_count_done(session);
    int x;

    ui_text(list->app, window, 0, 1, list->columns - 2, UI_ROLE_STRONG,
            sp_session_get_title(session));
    x = 2 + ui_textf(list->app, window, 1, 1, list->columns - 2, UI_ROLE_TEXT,
                     _("%u of %u done, %s since it began, showing %s"), done, total, elapsed,
                     _(filter_titles[list->filter]));
    if (list->columns - x > 14 && total > 0) {
        ui_progress(list->app, window, 1, x + 1, MIN(30, list->columns - x - 3),
                    (double) done / total, UI_ROLE_ACCENT);
    }
}

static void
draw_playbooks(Checklist *list, WINDOW *window)
{
    int rows = list->rows - 3;
    int first = MAX(0, (int) list->playbook - rows + 1);

    ui_text(list->app, window, 0, 1, -1, UI_ROLE_STRONG, _("Which checklist? Enter begins it."));
    for (int row = 0; row < rows && list->playbooks[first + row] != NULL; row++) {
        gboolean is_here = (guint) (first + row) == list->playbook;

        if (is_here) {
            ui_fill(list->app, window, 2 + row, 0, list->columns, UI_ROLE_SELECTED);
            ui_app_set_cursor(list->app, window, 2 + row, 2, FALSE);
        }
        ui_text(list->app, window, 2 + row, 2, list->columns - 4,
                is_here ? UI_ROLE_SELECTED : UI_ROLE_TEXT, list->playbooks[first + row]);
    }
}

static void
draw_checklist(gpointer state, WINDOW *window)
{
    Checklist *list = state;
    int detail = list->rows >= 16 ? MAX(6, list->rows / 4) : 0;

    if (get_steps(list) == NULL) {
        draw_playbooks(list, window);
        return;
    }
    draw_heading(list, window);
    if (list->lines->len == 0) {
        ui_text(list->app, window, 3, 1, list->columns - 2, UI_ROLE_DIM,
                _("There is no such step; f shows others."));
        ui_app_set_cursor(list->app, window, 3, 1, FALSE);
    }
    draw_lines(list, window, 3, list->rows - 3 - detail);
    if (detail > 0) {
        draw_detail(list, window, list->rows - detail, detail);
    }
}

/* ---- what a key does ---- */

static void
begin(Checklist *list, const char *name)
{
    UiCase *ui_case = ui_app_get_case(list->app);
    GError *error = NULL;
    g_autoptr(SpPlaybook) playbook = sp_playbook_load(name, ui_language(), &error);
    g_autoptr(SpSession) session = NULL;
    SpSessionOptions options = {0};

    if (playbook == NULL || ui_case_get_store(ui_case) == NULL) {
        ui_app_say_error(list->app, error);
        return;
    }
    options.playbook = playbook;
    options.person = ui_case_get_person(ui_case);
    session = sp_session_begin(ui_case_get_store(ui_case), &options, &error);
    if (session == NULL) {
        ui_app_say_error(list->app, error);
        return;
    }
    ui_case_set_session(ui_case, session);
    list->cursor = 0;
    list->top = 0;
    rebuild(list);
    go_to_current(list);
}

static void
on_file(UiApp *app, const char *text, gpointer user_data)
{
    g_autofree char *path = NULL;

    (void) app;
    if (text != NULL && *text != '\0') {
        path = g_str_has_prefix(text, "~/") ? g_build_filename(g_get_home_dir(), text + 2, NULL)
                                            : g_canonicalize_filename(text, NULL);
        begin(user_data, path);
    }
}

/* Behind the playbooks comes any file. */
static void
on_playbook(UiApp *app, int choice, gpointer user_data)
{
    Checklist *list = user_data;

    if (choice == (int) g_strv_length(list->playbooks)) {
        ui_prompt_line(app, _("Another checklist"), _("A Markdown file, e.g. a support article"),
                       "", on_file, list);
    } else if (choice >= 0) {
        begin(list, list->playbooks[choice]);
    }
}

static void
ask_playbook(Checklist *list)
{
    guint n_playbooks = g_strv_length(list->playbooks);
    g_autofree UiChoice *choices = g_new0(UiChoice, n_playbooks + 1);

    for (guint i = 0; i < n_playbooks; i++) {
        choices[i].title = list->playbooks[i];
    }
    choices[n_playbooks].title = _("A file …");
    ui_prompt_choice(list->app, _("Another checklist"),
                     _("The one at hand is kept and can be resumed."), choices, n_playbooks + 1, 0,
                     on_playbook, list);
}

static void
fold(Checklist *list)
{
    const Line *line = &g_array_index(list->lines, Line, list->cursor);
    int section = line->section;
    const char *id = step_at(list, section)->section_id;

    if (!g_hash_table_remove(list->folded, id)) {
        g_hash_table_add(list->folded, g_strdup(id));
    }
    rebuild(list);
    for (guint i = 0; i < list->lines->len; i++) {
        const Line *other = &g_array_index(list->lines, Line, i);

        if (other->step < 0 && other->section == section) {
            list->cursor = i;
        }
    }
}

static gboolean
is_match(const Checklist *list, guint index)
{
    const Line *line = &g_array_index(list->lines, Line, index);
    const SpSessionStep *step = step_at(list, line->step < 0 ? line->section : line->step);
    g_autofree char *text =
        g_utf8_casefold(line->step < 0 ? step->section_title : step->step->text, -1);
    g_autofree char *note =
        step->note == NULL || line->step < 0 ? NULL : g_utf8_casefold(step->note, -1);

    return strstr(text, list->search) != NULL ||
           (note != NULL && strstr(note, list->search) != NULL);
}

static void
find_next(Checklist *list, int direction)
{
    guint count = list->lines->len;

    for (guint i = 1; list->search != NULL && i <= count; i++) {
        guint index = (list->cursor + (direction > 0 ? i : count - i)) % count;

        if (is_match(list, index)) {
            list->cursor = index;
            return;
        }
    }
    ui_app_say(list->app, SP_SEVERITY_INFO, _("Nothing found"));
}

static void
on_search(UiApp *app, const char *text, gpointer user_data)
{
    Checklist *list = user_data;

    if (text == NULL || *text == '\0') {
        return;
    }
    g_free(list->search);
    list->search = g_utf8_casefold(text, -1);
    find_next(list, 1);
    ui_app_redraw(app);
}

static gboolean
is_folded_here(const Checklist *list)
{
    const Line *line = &g_array_index(list->lines, Line, list->cursor);

    return list->cursor < list->lines->len &&
           g_hash_table_contains(list->folded, step_at(list, line->section)->section_id);
}

static gboolean
can_checklist(gpointer state, UiAction action)
{
    Checklist *list = state;
    int step = cursor_step(list);

    if (get_steps(list) == NULL) {
        return action == UI_ACTION_OPEN ||
               (list->playbooks[0] != NULL &&
                (action == UI_ACTION_CHOOSE || action == UI_ACTION_UP || action == UI_ACTION_DOWN));
    }
    switch (action) {
    case UI_ACTION_UP:
    case UI_ACTION_DOWN:
    case UI_ACTION_FIRST:
    case UI_ACTION_LAST:
    case UI_ACTION_PAGE_UP:
    case UI_ACTION_PAGE_DOWN:
    case UI_ACTION_FOLD:
    case UI_ACTION_CHOOSE:
    case UI_ACTION_SEARCH: return list->lines->len > 0;
    case UI_ACTION_FILTER: return TRUE;
    case UI_ACTION_NEXT:
    case UI_ACTION_PREVIOUS: return list->search != NULL && list->lines->len > 0;
    case UI_ACTION_OPEN: return ui_case_get_store(ui_app_get_case(list->app)) != NULL;
    case UI_ACTION_REPORT:
    case UI_ACTION_TICKET:
    case UI_ACTION_ADVANCE: return ui_step_can(list->app, action, 0);
    default: return step >= 0 && ui_step_can(list->app, action, (guint) step);
    }
}

static const char *
word_checklist(gpointer state, UiAction action)
{
    Checklist *list = state;
    int step = cursor_step(list);

    if (action != UI_ACTION_CHOOSE && action != UI_ACTION_FOLD) {
        return NULL;
    }
    if (get_steps(list) == NULL) {
        return N_("begin");
    }
    if (action == UI_ACTION_FOLD || step < 0) {
        return is_folded_here(list) ? N_("unfold") : N_("fold");
    }
    return ui_step_is_done(step_at(list, step)) ? N_("not done") : NULL;
}

/* Moves `position` by `by` within `count` lines. */
static guint
moved(guint position, int by, guint count)
{
    return (guint) CLAMP((int) position + by, 0, MAX(0, (int) count - 1));
}

static UiDo
key_playbooks(Checklist *list, UiAction action)
{
    guint count = g_strv_length(list->playbooks);

    switch (action) {
    case UI_ACTION_UP: list->playbook = moved(list->playbook, -1, count); break;
    case UI_ACTION_DOWN: list->playbook = moved(list->playbook, 1, count); break;
    case UI_ACTION_CHOOSE:
        if (count > 0) {
            begin(list, list->playbooks[list->playbook]);
        }
        break;
    case UI_ACTION_OPEN: ask_playbook(list); break;
    default: return UI_DO_NOTHING;
    }
    return UI_DO_REDRAW;
}

/* Where the list scrolls to; FALSE: the action is none of moving. */
static gboolean
move_cursor(Checklist *list, UiAction action)
{
    int page = MAX(1, list->rows / 2);
    guint count = list->lines->len;

    switch (action) {
    case UI_ACTION_UP: list->cursor = moved(list->cursor, -1, count); break;
    case UI_ACTION_DOWN: list->cursor = moved(list->cursor, 1, count); break;
    case UI_ACTION_PAGE_UP: list->cursor = moved(list->cursor, -page, count); break;
    case UI_ACTION_PAGE_DOWN: list->cursor = moved(list->cursor, page, count); break;
    case UI_ACTION_FIRST: list->cursor = 0; break;
    case UI_ACTION_LAST: list->cursor = moved(0, (int) count, count); break;
    default: return FALSE;
    }
    return TRUE;
}

static UiDo
click(Checklist *list, const UiEvent *event)
{
    guint line = list->top + (guint) MAX(0, event->y - 3);

    if (event->mouse == UI_MOUSE_WHEEL_UP || event->mouse == UI_MOUSE_WHEEL_DOWN) {
        move_cursor(list, event->mouse == UI_MOUSE_WHEEL_UP ? UI_ACTION_UP : UI_ACTION_DOWN);
        return UI_DO_REDRAW;
    }
    if (event->mouse != UI_MOUSE_PRESS || event->y < 3 || line >= list->lines->len) {
        return UI_DO_NOTHING;
    }
    list->cursor = line;
    if (event->is_double && cursor_step(list) >= 0) {
        ui_step_do(list->app, UI_ACTION_TICK, (guint) cursor_step(list));
    }
    return UI_DO_REDRAW;
}

static UiDo
key_checklist(gpointer state, const UiEvent *event)
{
    Checklist *list = state;
    int step = cursor_step(list);

    if (get_steps(list) == NULL) {
        return key_playbooks(list, event->action);
    }
    if (event->key == UI_KEY_MOUSE) {
        return click(list, event);
    }
    if (!can_checklist(list, event->action)) {
        return UI_DO_NOTHING;
    }
    if (move_cursor(list, event->action)) {
        return UI_DO_REDRAW;
    }
    switch (event->action) {
    case UI_ACTION_FOLD: fold(list); break;
    case UI_ACTION_FILTER:
        list->filter = (list->filter + 1) % N_FILTERS;
        rebuild(list);
        break;
    case UI_ACTION_SEARCH: ui_prompt_line(list->app, _("Search"), NULL, "", on_search, list); break;
    case UI_ACTION_NEXT: find_next(list, 1); break;
    case UI_ACTION_PREVIOUS: find_next(list, -1); break;
    case UI_ACTION_OPEN: ask_playbook(list); break;
    case UI_ACTION_CHOOSE:
        if (step < 0) {
            fold(list);
        } else {
            ui_step_do(list->app, UI_ACTION_TICK, (guint) step);
        }
        break;
    default:
        if (!ui_step_do(list->app, event->action, (guint) MAX(0, step))) {
            return UI_DO_NOTHING;
        }
    }
    return UI_DO_REDRAW;
}

static UiDo
changed_checklist(gpointer state, UiCaseChanges changes)
{
    Checklist *list = state;

    if (changes & (UI_CASE_FINDINGS | UI_CASE_STATUS)) {
        ui_step_ensure_session(list->app);
    }
    if (changes & UI_CASE_SESSION) {
        rebuild(list);
    }
    return UI_DO_REDRAW;
}

static char *
help_checklist(gpointer state)
{
    (void) state;
    return g_strdup(_("The whole procedure as boxes to tick, of the session at hand or of any "
                      "playbook. Every tick is written at once; R exports the list."));
}

const UiViewOps ui_view_checklist = {
    .name = "checklist",
    .title = N_("Checklist"),
    .open = open_checklist,
    .close = close_checklist,
    .show = show_checklist,
    .layout = layout_checklist,
    .draw = draw_checklist,
    .key = key_checklist,
    .can = can_checklist,
    .word = word_checklist,
    .changed = changed_checklist,
    .help = help_checklist,
};
