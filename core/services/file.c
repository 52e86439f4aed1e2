/* A picture file: the reference that the user gave. */
#include "core/services/file.h"

#include "core/i18n.h"
#include "core/services/job.h"

static void
load(GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
    g_autoptr(GError) error = NULL;
    SpPhoto *photo = sp_photo_new_from_file(path, &error);

    (void) source;
    (void) cancellable;
    if (photo == NULL) {
        g_task_return_error(task, g_steal_pointer(&error));
    } else {
        g_task_return_pointer(task, photo, (GDestroyNotify) sp_photo_unref);
    }
}

static void
on_loaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(SpJob) job = user_data;
    SpCopy *copy = sp_job_make_copy(job, "file");
    g_autoptr(GError) error = NULL;

    (void) source;
    copy->photo = g_task_propagate_pointer(G_TASK(result), &error);
    if (copy->photo == NULL) {
        copy->status = SP_COPY_INVALID;
        copy->error = g_strdup_printf(_("%s; choose another picture"), error->message);
    } else {
        copy->status = sp_photo_get_placeholder(copy->photo) == SP_PLACEHOLDER_NONE
                           ? SP_COPY_PRESENT
                           : SP_COPY_PLACEHOLDER;
    }
    sp_job_deliver(job, copy);
}

static void
fetch_async(const SpFetch *fetch, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
    g_autoptr(SpJob) job = sp_job_new(fetch, NULL, NULL, cancellable, callback, user_data);
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, on_loaded, sp_job_ref(job));

    g_task_set_task_data(task, g_strdup(fetch->source), g_free);
    g_task_run_in_thread(task, load);
}

static gboolean
is_on(const SpConfig *config)
{
    (void) config;
    return FALSE;
}

static char *
why_not(const SpConfig *config)
{
    (void) config;
    return NULL;
}

const SpService sp_service_file = {
    .copies = {"file", NULL},
    .titles = {N_("Your file"), NULL},
    .is_on = is_on,
    .why_not = why_not,
    .fetch_async = fetch_async,
    .fetch_finish = sp_job_finish,
};
