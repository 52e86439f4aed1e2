#ifndef SAMEPHOTO_CORE_SERVICES_JOB_H
#define SAMEPHOTO_CORE_SERVICES_JOB_H

/* One fetch of one service: owns what SpFetch only lends, keeps count of what is in flight,
 * delivers each copy at most once, and ends the task when nothing is left to wait for. Every
 * service that takes more than one answer is a few functions on top of it. */

#include <gio/gio.h>

#include "core/net/endpoint.h"
#include "core/services/answer.h"
#include "core/services/service.h"

typedef struct SpJob SpJob;

/* `state` is the service's own and goes with the job. The task returns when the last reference
 * goes. Transfer full. */
SpJob *sp_job_new(const SpFetch *fetch, gpointer state, GDestroyNotify free_state,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SpJob *sp_job_ref(SpJob *job);
void sp_job_unref(SpJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpJob, sp_job_unref)

/* What every fetch_finish does. */
gboolean sp_job_finish(GAsyncResult *result, GError **error);

/* Borrowed. */
gpointer sp_job_get_state(const SpJob *job);
const SpConfig *sp_job_get_config(const SpJob *job);
const SpPerson *sp_job_get_person(const SpJob *job);
const char *sp_job_get_source(const SpJob *job);
GCancellable *sp_job_get_cancellable(const SpJob *job);

/* Whether the copy with this id was asked for. */
gboolean sp_job_wants(const SpJob *job, const char *id);

/* An empty copy with its title. Transfer full. */
SpCopy *sp_job_make_copy(const SpJob *job, const char *id);

/* One of `response` and `error` is NULL. Not called after a cancellation. */
typedef void (*SpJobFunc)(SpJob *job, const SpHttpResponse *response, const GError *error,
                          gpointer data);

/* Sends with the bearer of `endpoint` (SP_N_ENDPOINTS: with none); `data` lives as long as the
 * state. */
void sp_job_send(SpJob *job, SpEndpoint endpoint, const SpHttpRequest *request, SpJobFunc func,
                 gpointer data);

/* A service asked, within an answer, to leave its store alone for a while. */
void sp_job_hold(SpJob *job, const char *store, double seconds);

/* Hands the copy over. Takes the reference. */
void sp_job_deliver(SpJob *job, SpCopy *copy);

/* The same for a copy whose answer brought no picture. */
void sp_job_deliver_failure(SpJob *job, SpCopy *copy, const SpHttpResponse *response,
                            const GError *error, const SpAnswerRow *rows);

/* Fills the copy without delivering it: status, sentence, and the permission of `subject`. */
void sp_job_explain(SpJob *job, SpCopy *copy, const SpHttpResponse *response, const GError *error,
                    const SpAnswerRow *rows, const char *subject);

/* Decodes the body of a 200 in a worker thread and delivers the copy as what it turned out to be:
 * present, a placeholder, or invalid. Takes the copy's reference. */
void sp_job_deliver_picture(SpJob *job, SpCopy *copy, const SpHttpResponse *response);

/* Decodes bytes in a worker thread and delivers the copy as what they turned out to be. Takes the
 * copy's reference. */
void sp_job_deliver_bytes(SpJob *job, SpCopy *copy, GBytes *bytes);

#endif
