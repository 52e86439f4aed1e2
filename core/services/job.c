#include "core/services/job.h"

#include "core/error.h"
#include "core/i18n.h"

struct SpJob {
    gatomicrefcount refs;
    SpFetch fetch; /* with references and copies of its own */
    GTask *task;
    gint64 started_us;
    gpointer state;
    GDestroyNotify free_state;
};

SpJob *
sp_job_new(const SpFetch *fetch, gpointer state, GDestroyNotify free_state,
           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
    SpJob *job = g_new0(SpJob, 1);

    g_atomic_ref_count_init(&job->refs);
    job->fetch = *fetch;
    job->fetch.client = sp_client_ref(fetch->client);
    job->fetch.person = fetch->person == NULL ? NULL : sp_person_ref((SpPerson *) fetch->person);
    job->fetch.source = g_strdup(fetch->source);
    job->fetch.wanted = (const char *const *) g_strdupv((GStrv) fetch->wanted);
    job->task = g_task_new(NULL, cancellable, callback, user_data);
    g_task_set_check_cancellable(job->task, FALSE);
    job->started_us = g_get_monotonic_time();
    job->state = state;
    job->free_state = free_state;
    return job;
}

SpJob *
sp_job_ref(SpJob *job)
{
    g_atomic_ref_count_inc(&job->refs);
    return job;
}

static gboolean
is_cancelled(const SpJob *job)
{
    return g_cancellable_is_cancelled(g_task_get_cancellable(job->task));
}

void
sp_job_unref(SpJob *job)
{
    if (job == NULL || !g_atomic_ref_count_dec(&job->refs)) {
        return;
    }
    if (is_cancelled(job)) {
        g_task_return_new_error(job->task, SP_ERROR, SP_ERROR_CANCELLED, "%s", _("Stopped"));
    } else {
        g_task_return_boolean(job->task, TRUE);
    }
    g_object_unref(job->task);
    if (job->free_state != NULL) {
        job->free_state(job->state);
    }
    sp_client_unref(job->fetch.client);
    sp_person_unref((SpPerson *) job->fetch.person);
    g_free((char *) job->fetch.source);
    g_strfreev((GStrv) job->fetch.wanted);
    g_free(job);
}

gboolean
sp_job_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

gpointer
sp_job_get_state(const SpJob *job)
{
    return job->state;
}

const SpConfig *
sp_job_get_config(const SpJob *job)
{
    return sp_client_get_config(job->fetch.client);
}

const SpPerson *
sp_job_get_person(const SpJob *job)
{
    return job->fetch.person;
}

const char *
sp_job_get_source(const SpJob *job)
{
    return job->fetch.source;
}

GCancellable *
sp_job_get_cancellable(const SpJob *job)
{
    return g_task_get_cancellable(job->task);
}

gboolean
sp_job_wants(const SpJob *job, const char *id)
{
    return job->fetch.wanted == NULL || g_strv_contains(job->fetch.wanted, id);
}

SpCopy *
sp_job_make_copy(const SpJob *job, const char *id)
{
    g_autofree char *title = sp_service_title(sp_job_get_config(job), id);

    return sp_copy_new(id, title);
}

/* A request on its way: what to call when it comes back. */
typedef struct {
    SpJob *job;
    SpJobFunc func;
    gpointer data;
} Flight;

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Flight *flight = user_data;
    g_autoptr(SpJob) job = flight->job;
    g_autoptr(GError) error = NULL;
    g_autoptr(SpHttpResponse) response = NULL;

    (void) source;
    response = sp_client_send_finish(job->fetch.client, result, &error);
    if (!is_cancelled(job)) {
        flight->func(job, response, error, flight->data);
    }
}

void
sp_job_send(SpJob *job, SpEndpoint endpoint, const SpHttpRequest *request, SpJobFunc func,
            gpointer data)
{
    const SpPatience patience = sp_client_get_patience(job->fetch.client);
    Flight *flight = g_new0(Flight, 1);
    SpHttpRequest retried = *request;
    g_autofree char *audience = NULL;

    retried.max_retries = patience.max_retries;
    retried.max_wait_ms = patience.max_wait_ms;

    flight->job = sp_job_ref(job);
    flight->func = func;
    flight->data = data;
    if (endpoint < SP_N_ENDPOINTS) {
        audience = sp_endpoint_audience(sp_job_get_config(job), endpoint);
    }
    sp_client_send_async(job->fetch.client, audience, &retried, g_task_get_cancellable(job->task),
                         on_answer, flight);
}

void
sp_job_hold(SpJob *job, const char *store, double seconds)
{
    sp_http_hold(sp_client_get_http(job->fetch.client), store, seconds);
}

void
sp_job_deliver(SpJob *job, SpCopy *copy)
{
    copy->elapsed_ms = (g_get_monotonic_time() - job->started_us) / 1000;
    if (!is_cancelled(job)) {
        job->fetch.deliver(copy, job->fetch.deliver_data);
    }
    sp_copy_unref(copy);
}

void
sp_job_explain(SpJob *job, SpCopy *copy, const SpHttpResponse *response, const GError *error,
               const SpAnswerRow *rows, const char *subject)
{
    if (error != NULL) {
        sp_answer_explain_error(copy, error);
    } else {
        sp_answer_explain(copy, response, rows, sp_permission_find(subject),
                          sp_permission_rights(sp_job_get_config(job)));
    }
}

void
sp_job_deliver_failure(SpJob *job, SpCopy *copy, const SpHttpResponse *response,
                       const GError *error, const SpAnswerRow *rows)
{
    sp_job_explain(job, copy, response, error, rows, copy->service);
    sp_job_deliver(job, copy);
}

typedef struct {
    SpJob *job;
    SpCopy *copy;
} Decode;

static void
on_decoded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Decode *decode = user_data;
    g_autoptr(SpJob) job = decode->job;
    SpCopy *copy = decode->copy;
    g_autoptr(GError) error = NULL;

    (void) source;
    copy->photo = sp_photo_load_finish(result, &error);
    if (copy->photo == NULL) {
        copy->status = SP_COPY_INVALID;
        copy->error = g_strdup_printf(_("%s sent no picture that can be read: %s"), copy->title,
                                      error->message);
    } else if (copy->status != SP_COPY_PLACEHOLDER) {
        copy->status = sp_photo_get_placeholder(copy->photo) == SP_PLACEHOLDER_NONE
                           ? SP_COPY_PRESENT
                           : SP_COPY_PLACEHOLDER;
    }
    sp_job_deliver(job, copy);
}

void
sp_job_deliver_bytes(SpJob *job, SpCopy *copy, GBytes *bytes)
{
    Decode *decode = g_new0(Decode, 1);

    decode->job = sp_job_ref(job);
    decode->copy = copy;
    sp_photo_load_async(bytes, g_task_get_cancellable(job->task), on_decoded, decode);
}

/* Hands over a copy whose answer was complete, but no picture. Takes both. */
static void
deliver_invalid(SpJob *job, SpCopy *copy, char *error)
{
    copy->status = SP_COPY_INVALID;
    copy->error = error;
    sp_job_deliver(job, copy);
}

void
sp_job_deliver_picture(SpJob *job, SpCopy *copy, const SpHttpResponse *response)
{
    GBytes *body = sp_http_response_get_body(response);

    sp_answer_note(copy, response);
    if (g_bytes_get_size(body) == 0) {
        deliver_invalid(job, copy,
                        g_strdup_printf(_("%s sent an empty picture; read it again"), copy->title));
    } else if (sp_answer_is_web_page(response)) {
        deliver_invalid(job, copy,
                        g_strdup_printf(_("%s sent a web page instead of a picture; a proxy or a "
                                          "sign-in page stands in between"),
                                        copy->title));
    } else {
        sp_job_deliver_bytes(job, copy, body);
    }
}
