/* Which lines of a checklist there are: sections and steps, with folding, filter and search. */
#include <string.h>

#include "core/i18n.h"
#include "tui/checklist.h"

GPtrArray *
ui_checklist_get_steps(const UiChecklist *list)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(list->app));

    return session == NULL ? NULL : sp_session_get_steps(session);
}

const SpSessionStep *
ui_checklist_step_at(const UiChecklist *list, int index)
{
    return g_ptr_array_index(ui_checklist_get_steps(list), (guint) index);
}

static gboolean
is_filtered_in(UiChecklistFilter filter, SpStepState state)
{
    switch (filter) {
    case UI_FILTER_OPEN: return state != SP_STEP_PASSED && state != SP_STEP_SKIPPED;
    case UI_FILTER_DONE: return state == SP_STEP_PASSED;
    case UI_FILTER_SKIPPED: return state == SP_STEP_SKIPPED;
    case UI_FILTER_ALL:
    case UI_N_FILTERS: break;
    }
    return TRUE;
}

/* Whether the section that begins there has a step to show. */
static gboolean
has_filtered_in(const UiChecklist *list, int section)
{
    GPtrArray *steps = ui_checklist_get_steps(list);
    const char *id = ui_checklist_step_at(list, section)->section_id;

    for (int i = section; i < (int) steps->len; i++) {
        const SpSessionStep *step = ui_checklist_step_at(list, i);

        if (!g_str_equal(step->section_id, id)) {
            break;
        }
        if (is_filtered_in(list->filter, step->state)) {
            return TRUE;
        }
    }
    return FALSE;
}

void
ui_checklist_rebuild(UiChecklist *list)
{
    GPtrArray *steps = ui_checklist_get_steps(list);
    int stood = -1;
    int section = 0;

    if (list->place.cursor < list->lines->len) {
        stood = g_array_index(list->lines, UiChecklistLine, list->place.cursor).step;
    }
    g_array_set_size(list->lines, 0);
    for (int i = 0; steps != NULL && i < (int) steps->len; i++) {
        const SpSessionStep *step = ui_checklist_step_at(list, i);

        if (i == 0 ||
            !g_str_equal(ui_checklist_step_at(list, i - 1)->section_id, step->section_id)) {
            section = i;
            if (has_filtered_in(list, section)) {
                g_array_append_val(list->lines, ((UiChecklistLine){section, -1}));
            }
        }
        if (!g_hash_table_contains(list->folded, step->section_id) &&
            is_filtered_in(list->filter, step->state)) {
            if (i == stood) {
                list->place.cursor = list->lines->len;
            }
            g_array_append_val(list->lines, ((UiChecklistLine){section, i}));
        }
    }
    if (list->place.cursor >= list->lines->len) {
        list->place.cursor = list->lines->len == 0 ? 0 : list->lines->len - 1;
    }
}

void
ui_checklist_go_to_current(UiChecklist *list)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(list->app));
    int current = session == NULL ? -1 : (int) sp_session_get_current(session);

    for (guint i = 0; i < list->lines->len; i++) {
        if (g_array_index(list->lines, UiChecklistLine, i).step == current && current >= 0) {
            list->place.cursor = i;
            return;
        }
    }
}

int
ui_checklist_cursor_step(const UiChecklist *list)
{
    return list->place.cursor < list->lines->len
               ? g_array_index(list->lines, UiChecklistLine, list->place.cursor).step
               : -1;
}

void
ui_checklist_fold(UiChecklist *list)
{
    const UiChecklistLine *line = &g_array_index(list->lines, UiChecklistLine, list->place.cursor);
    int section = line->section;
    const char *id = ui_checklist_step_at(list, section)->section_id;

    if (!g_hash_table_remove(list->folded, id)) {
        g_hash_table_add(list->folded, g_strdup(id));
    }
    ui_checklist_rebuild(list);
    for (guint i = 0; i < list->lines->len; i++) {
        const UiChecklistLine *other = &g_array_index(list->lines, UiChecklistLine, i);

        if (other->step < 0 && other->section == section) {
            list->place.cursor = i;
        }
    }
}

static gboolean
contains(const char *text, const char *searched)
{
    g_autofree char *folded = text == NULL ? NULL : g_utf8_casefold(text, -1);

    return folded != NULL && strstr(folded, searched) != NULL;
}

/* Whether anything that is told of the line holds what is searched. */
static gboolean
is_match(const UiChecklist *list, const UiChecklistLine *line)
{
    const SpSessionStep *step =
        ui_checklist_step_at(list, line->step < 0 ? line->section : line->step);
    const char *const texts[] = {step->step->text, step->step->detail, step->step->say,
                                 step->step->url, step->note};

    if (line->step < 0) {
        return contains(step->section_title, list->search);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (contains(texts[i], list->search)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
begins_section(const UiChecklist *list, int index)
{
    return index == 0 || !g_str_equal(ui_checklist_step_at(list, index - 1)->section_id,
                                      ui_checklist_step_at(list, index)->section_id);
}

/* UiChecklistLine: every line that there is, whether it is shown or not. Transfer full. */
static GArray *
all_lines(const UiChecklist *list)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(UiChecklistLine));
    int section = 0;

    for (int i = 0; i < (int) ui_checklist_get_steps(list)->len; i++) {
        if (begins_section(list, i)) {
            section = i;
            g_array_append_val(lines, ((UiChecklistLine){section, -1}));
        }
        g_array_append_val(lines, ((UiChecklistLine){section, i}));
    }
    return lines;
}

/* Where a line stands among others, or -1. */
static int
place_of(const GArray *lines, const UiChecklistLine *line)
{
    for (guint i = 0; i < lines->len; i++) {
        const UiChecklistLine *other = &g_array_index(lines, UiChecklistLine, i);

        if (other->section == line->section && other->step == line->step) {
            return (int) i;
        }
    }
    return -1;
}

/* The cursor onto this line: its section is unfolded, a filter that hides it is taken away. */
static void
reveal(UiChecklist *list, const UiChecklistLine *line)
{
    int place;

    if (line->step >= 0) {
        g_hash_table_remove(list->folded, ui_checklist_step_at(list, line->step)->section_id);
    }
    ui_checklist_rebuild(list);
    place = place_of(list->lines, line);
    if (place < 0) {
        list->filter = UI_FILTER_ALL;
        ui_checklist_rebuild(list);
        place = place_of(list->lines, line);
        ui_app_say(list->app, SP_SEVERITY_INFO, _("Found outside of the filter: all are shown"));
    }
    list->place.cursor = (guint) MAX(place, 0);
}

void
ui_checklist_find_next(UiChecklist *list, int direction)
{
    g_autoptr(GArray) all = all_lines(list);
    int here =
        list->place.cursor >= list->lines->len
            ? -1
            : place_of(all, &g_array_index(list->lines, UiChecklistLine, list->place.cursor));
    int count = (int) all->len;
    /* Before the first line where the cursor stands on none. */
    int from = here < 0 && direction < 0 ? 0 : here;

    for (int i = 1; list->search != NULL && i <= count; i++) {
        const UiChecklistLine *line = &g_array_index(
            all, UiChecklistLine, (guint) ((from + (direction > 0 ? i : 2 * count - i)) % count));

        if (is_match(list, line)) {
            reveal(list, line);
            return;
        }
    }
    ui_app_say(list->app, SP_SEVERITY_INFO, _("Nothing found"));
}

gboolean
ui_checklist_is_folded_here(const UiChecklist *list)
{
    const UiChecklistLine *line = &g_array_index(list->lines, UiChecklistLine, list->place.cursor);

    return list->place.cursor < list->lines->len &&
           g_hash_table_contains(list->folded,
                                 ui_checklist_step_at(list, line->section)->section_id);
}
