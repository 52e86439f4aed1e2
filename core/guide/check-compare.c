/* Copies that have arrived are grouped in a worker thread and diagnosed again on the main loop. At
 * most one comparison runs; what arrives meanwhile makes it run once more. The findings always
 * belong to the copies that the groups were made of, never to a mixture. */
#include "core/guide/check-private.h"

void
sp_check_free_copies(SpCopy **copies, guint n_copies)
{
    for (guint i = 0; copies != NULL && i < n_copies; i++) {
        g_clear_pointer(&copies[i], sp_copy_unref);
    }
    g_free(copies);
}

static gboolean
has_photo(const SpCopy *copy)
{
    return copy != NULL && copy->status == SP_COPY_PRESENT && copy->photo != NULL;
}

/* What a worker thread compares: immutable photos, shared. */
typedef struct {
    SpPhoto **photos;
    SpCopy **copies;
    guint n_photos;
    int reference;
} Comparison;

static void
comparison_free(gpointer data)
{
    Comparison *comparison = data;

    sp_check_free_copies(comparison->copies, comparison->n_photos);
    g_free(comparison->photos);
    g_free(comparison);
}

static Comparison *
comparison_new(const SpCheck *check)
{
    Comparison *comparison = g_new0(Comparison, 1);

    comparison->n_photos = check->n_copies;
    comparison->photos = g_new0(SpPhoto *, check->n_copies);
    comparison->copies = g_new0(SpCopy *, check->n_copies);
    comparison->reference = sp_check_get_reference(check);
    for (guint i = 0; i < check->n_copies; i++) {
        if (check->copies[i] == NULL) {
            continue;
        }
        comparison->copies[i] = sp_copy_ref(check->copies[i]);
        comparison->photos[i] = has_photo(check->copies[i]) ? check->copies[i]->photo : NULL;
    }
    return comparison;
}

static SpGroups *
groups_of(const Comparison *comparison)
{
    int reference = comparison->reference;

    if (reference >= 0 && comparison->photos[reference] == NULL) {
        reference = -1;
    }
    return sp_groups_new(comparison->photos, comparison->n_photos, reference);
}

static void
compare_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void) source;
    (void) cancellable;
    g_task_return_pointer(task, groups_of(data), (GDestroyNotify) sp_groups_free);
}

void
sp_check_diagnose(SpCheck *check)
{
    SpEvidence evidence = sp_check_get_evidence(check);

    g_ptr_array_unref(check->findings);
    check->findings = sp_diagnose(&evidence);
    check->verdict = sp_diagnose_verdict(&evidence);
}

void
sp_check_finish(SpCheck *check)
{
    if (check->is_done || check->is_cancelled || !check->is_collected || !check->is_policy_read ||
        check->is_comparing || check->is_outdated) {
        return;
    }
    sp_check_stop_clock(check);
    sp_check_emit(check, SP_CHECK_DONE, NULL);
}

static void
on_compared(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpCheck *check = user_data;
    Comparison *comparison = g_task_get_task_data(G_TASK(result));
    SpGroups *groups = g_task_propagate_pointer(G_TASK(result), NULL);

    (void) source;
    check->is_comparing = FALSE;
    if (!check->is_cancelled) {
        sp_groups_free(check->groups);
        check->groups = groups;
        sp_check_free_copies(check->compared, check->n_compared);
        check->compared = g_steal_pointer(&comparison->copies);
        check->n_compared = comparison->n_photos;
        check->compared_reference = comparison->reference;
        sp_check_diagnose(check);
        sp_check_emit(check, SP_CHECK_COMPARED, NULL);
        if (check->is_outdated && !check->is_cancelled) {
            sp_check_compare(check);
        }
        sp_check_finish(check);
    } else {
        sp_groups_free(groups);
    }
    sp_check_end(check);
}

void
sp_check_compare(SpCheck *check)
{
    g_autoptr(GTask) task = NULL;

    check->is_outdated = check->is_comparing;
    if (check->is_comparing) {
        return;
    }
    check->is_comparing = TRUE;
    sp_check_begin(check);
    task = g_task_new(NULL, NULL, on_compared, check);
    g_task_set_task_data(task, comparison_new(check), comparison_free);
    g_task_run_in_thread(task, compare_in_thread);
}

void
sp_check_compare_now(SpCheck *check)
{
    Comparison *comparison = comparison_new(check);

    check->compared = g_steal_pointer(&comparison->copies);
    check->n_compared = check->n_copies;
    check->groups = groups_of(comparison);
    comparison_free(comparison);
    sp_check_diagnose(check);
}
