/* A session keeps its steps as they were shown; a report or a message may want them in another
 * language. A playbook has the same steps at the same places in each of its languages. */

#include <string.h>

#include "core/guide/session-private.h"

static void
free_told(gpointer data)
{
    SpToldStep *told = data;

    g_free(told->section_title);
    sp_step_free(told->step);
    g_free(told);
}

/* The step's place among those of its section. */
static guint
place_of(const SpSession *session, guint index)
{
    const SpSessionStep *step = g_ptr_array_index(session->steps, index);
    guint first = index;

    while (first > 0) {
        const SpSessionStep *before = g_ptr_array_index(session->steps, first - 1);

        if (strcmp(before->section_id, step->section_id) != 0) {
            break;
        }
        first--;
    }
    return index - first;
}

static const SpSection *
find_section(const SpPlaybook *playbook, const char *id, guint place)
{
    const SpSection *section = playbook == NULL ? NULL : sp_playbook_find_section(playbook, id);

    return section == NULL || place >= section->steps->len ? NULL : section;
}

/* A playbook that was changed since may have another step at this place: then what was shown
 * stands. */
static SpToldStep *
tell(const SpSession *session, guint index, const SpPlaybook *shown, const SpPlaybook *wanted)
{
    const SpSessionStep *step = g_ptr_array_index(session->steps, index);
    const SpToldStep *begun =
        session->begun == NULL ? NULL : g_ptr_array_index(session->begun, index);
    const SpStep *stored = begun == NULL ? step->step : begun->step;
    const char *stored_title = begun == NULL ? step->section_title : begun->section_title;
    guint place = place_of(session, index);
    const SpSection *from = find_section(shown, step->section_id, place);
    const SpSection *to = find_section(wanted, step->section_id, place);
    SpToldStep *told = g_new0(SpToldStep, 1);

    if (from != NULL && to != NULL &&
        strcmp(((const SpStep *) g_ptr_array_index(from->steps, place))->text, stored->text) == 0) {
        told->section_title = g_strdup(to->title);
        told->step = sp_step_copy(g_ptr_array_index(to->steps, place));
    } else {
        told->section_title = g_strdup(stored_title);
        told->step = sp_step_copy(stored);
    }
    return told;
}

GPtrArray *
sp_session_tell_steps(const SpSession *session, const char *language)
{
    g_autoptr(SpPlaybook) shown = sp_playbook_load(session->playbook, session->language, NULL);
    g_autoptr(SpPlaybook) wanted = sp_playbook_load(session->playbook, language, NULL);
    GPtrArray *steps = g_ptr_array_new_with_free_func(free_told);

    for (guint i = 0; i < session->steps->len; i++) {
        g_ptr_array_add(steps, tell(session, i, shown, wanted));
    }
    return steps;
}

/* What is stored stays at hand: the next language is found from it. */
static void
keep_begun(SpSession *session)
{
    if (session->begun != NULL) {
        return;
    }
    session->begun = g_ptr_array_new_with_free_func(free_told);
    for (guint i = 0; i < session->steps->len; i++) {
        const SpSessionStep *step = g_ptr_array_index(session->steps, i);
        SpToldStep *begun = g_new0(SpToldStep, 1);

        begun->section_title = g_strdup(step->section_title);
        begun->step = sp_step_copy(step->step);
        g_ptr_array_add(session->begun, begun);
    }
}

void
sp_session_set_language(SpSession *session, const char *language)
{
    g_autoptr(GPtrArray) told = NULL;

    keep_begun(session);
    told = sp_session_tell_steps(session, language);
    for (guint i = 0; i < told->len; i++) {
        SpSessionStep *step = g_ptr_array_index(session->steps, i);
        SpToldStep *now = g_ptr_array_index(told, i);
        char *proof = sp_session_tell_proof(session, i);

        g_free(step->section_title);
        step->section_title = g_steal_pointer(&now->section_title);
        sp_step_free(step->step);
        step->step = g_steal_pointer(&now->step);
        g_free(step->proof);
        step->proof = proof;
    }
}
