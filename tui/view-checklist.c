/* Checklist: a playbook whole, as boxes to tick. It shows the case's session, or a list of
 * playbooks to begin one of; it needs no person and no network. */
#include "core/guide/playbook.h"
#include "core/i18n.h"
#include "tui/checklist.h"
#include "tui/prompt.h"
#include "tui/step-actions.h"
#include "tui/widgets.h"

static gpointer
open_checklist(UiApp *app)
{
    UiChecklist *list = g_new0(UiChecklist, 1);

    list->app = app;
    list->lines = g_array_new(FALSE, FALSE, sizeof(UiChecklistLine));
    list->folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    list->playbooks = sp_playbook_list();
    return list;
}

static void
close_checklist(gpointer state)
{
    UiChecklist *list = state;

    g_array_unref(list->lines);
    g_hash_table_unref(list->folded);
    g_strfreev(list->playbooks);
    g_free(list->search);
    g_free(list);
}

static void
show_checklist(gpointer state)
{
    UiChecklist *list = state;

    ui_step_ensure_session(list->app);
    ui_checklist_rebuild(list);
    ui_checklist_go_to_current(list);
    /* The time since it began runs. */
    ui_app_set_tick(list->app, 1000);
}

static void
layout_checklist(gpointer state, int rows, int columns)
{
    UiChecklist *list = state;

    list->rows = rows;
    list->columns = columns;
}

static void
begin(UiChecklist *list, const char *name)
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
    list->place = (UiList){0};
    ui_checklist_rebuild(list);
    ui_checklist_go_to_current(list);
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
    UiChecklist *list = user_data;

    if (choice == (int) g_strv_length(list->playbooks)) {
        ui_prompt_line(app, _("Another checklist"), _("A Markdown file, e.g. a support article"),
                       "", on_file, list);
    } else if (choice >= 0) {
        begin(list, list->playbooks[choice]);
    }
}

static void
ask_playbook(UiChecklist *list)
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
on_search(UiApp *app, const char *text, gpointer user_data)
{
    UiChecklist *list = user_data;

    if (text == NULL || *text == '\0') {
        return;
    }
    g_free(list->search);
    list->search = g_utf8_casefold(text, -1);
    ui_checklist_find_next(list, 1);
    ui_app_redraw(app);
}

static void
draw_checklist(gpointer state, WINDOW *window)
{
    ui_checklist_draw(state, window);
}

static gboolean
can_checklist(gpointer state, UiAction action)
{
    UiChecklist *list = state;
    int step = ui_checklist_cursor_step(list);

    if (ui_checklist_get_steps(list) == NULL) {
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
    case UI_ACTION_CHOOSE: return list->lines->len > 0;
    case UI_ACTION_SEARCH:
    case UI_ACTION_FILTER: return TRUE;
    case UI_ACTION_NEXT:
    case UI_ACTION_PREVIOUS: return list->search != NULL;
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
    UiChecklist *list = state;
    int step = ui_checklist_cursor_step(list);

    if (action != UI_ACTION_CHOOSE && action != UI_ACTION_FOLD) {
        return NULL;
    }
    if (ui_checklist_get_steps(list) == NULL) {
        return N_("begin");
    }
    if (action == UI_ACTION_FOLD || step < 0) {
        return ui_checklist_is_folded_here(list) ? N_("unfold") : N_("fold");
    }
    return ui_step_is_done(ui_checklist_step_at(list, step)) ? N_("not done") : NULL;
}

static void
begin_here(UiChecklist *list)
{
    if (list->playbook.cursor < g_strv_length(list->playbooks)) {
        begin(list, list->playbooks[list->playbook.cursor]);
    }
}

static UiDo
key_playbooks(UiChecklist *list, const UiEvent *event)
{
    UiListDo done =
        event->key == UI_KEY_MOUSE ? ui_list_mouse(&list->playbook, event) : UI_LIST_NOTHING;

    if (done == UI_LIST_CHOSEN || event->action == UI_ACTION_CHOOSE) {
        begin_here(list);
        return UI_DO_REDRAW;
    }
    if (event->action == UI_ACTION_OPEN) {
        ask_playbook(list);
        return UI_DO_REDRAW;
    }
    return done == UI_LIST_MOVED || ui_list_move(&list->playbook, event->action) ? UI_DO_REDRAW
                                                                                 : UI_DO_NOTHING;
}

/* What Enter does: a section is folded, a step ticked. */
static void
choose(UiChecklist *list)
{
    int step = ui_checklist_cursor_step(list);

    if (step < 0) {
        ui_checklist_fold(list);
    } else {
        ui_step_do(list->app, UI_ACTION_TICK, (guint) step);
    }
}

static UiDo
click(UiChecklist *list, const UiEvent *event)
{
    UiListDo done = ui_list_mouse(&list->place, event);

    if (done == UI_LIST_CHOSEN) {
        choose(list);
    }
    return done == UI_LIST_NOTHING ? UI_DO_NOTHING : UI_DO_REDRAW;
}

static UiDo
key_checklist(gpointer state, const UiEvent *event)
{
    UiChecklist *list = state;
    int step = ui_checklist_cursor_step(list);

    if (ui_checklist_get_steps(list) == NULL) {
        return key_playbooks(list, event);
    }
    if (event->key == UI_KEY_MOUSE) {
        return click(list, event);
    }
    if (!can_checklist(list, event->action)) {
        return UI_DO_NOTHING;
    }
    if (ui_list_move(&list->place, event->action)) {
        return UI_DO_REDRAW;
    }
    switch (event->action) {
    case UI_ACTION_FOLD: ui_checklist_fold(list); break;
    case UI_ACTION_FILTER:
        list->filter = (list->filter + 1) % UI_N_FILTERS;
        ui_checklist_rebuild(list);
        break;
    case UI_ACTION_SEARCH: ui_prompt_line(list->app, _("Search"), NULL, "", on_search, list); break;
    case UI_ACTION_NEXT: ui_checklist_find_next(list, 1); break;
    case UI_ACTION_PREVIOUS: ui_checklist_find_next(list, -1); break;
    case UI_ACTION_OPEN: ask_playbook(list); break;
    case UI_ACTION_CHOOSE: choose(list); break;
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
    UiChecklist *list = state;
    gboolean was_empty = list->lines->len == 0;

    if (changes & (UI_CASE_FINDINGS | UI_CASE_STATUS)) {
        ui_step_ensure_session(list->app);
    }
    if (changes & UI_CASE_SESSION) {
        ui_checklist_rebuild(list);
    }
    if (was_empty && list->lines->len > 0) {
        ui_checklist_go_to_current(list);
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
