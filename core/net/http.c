/* The life of a request: queue for a place in the store's budget, try, follow redirects, wait, try
 * again, answer. Everything it waits for is a source of the context and ends with the call. */

#include "core/net/http.h"

#include <curl/curl.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/budget.h"
#include "core/net/multi.h"
#include "core/net/request.h"
#include "core/net/response.h"
#include "core/net/retry.h"
#include "core/net/transfer.h"
#include "core/net/url.h"

#define DEFAULT_TIMEOUT_MS         20000
#define DEFAULT_CONNECT_TIMEOUT_MS 10000
#define DEFAULT_WAIT_MS            60000
#define THROTTLE_BASE_MS           5000
#define BREAK_BASE_MS              1000

struct SpHttp {
    SpConfig *config;
    GMainContext *context;
    SpMulti *multi;
    SpBudget *budget;
    SpTransferSettings settings;
    SpHttpWaitFunc wait_func;
    gpointer wait_data;
    SpHttpTraceFunc trace_func;
    gpointer trace_data;
};

typedef struct {
    SpHttp *http;
    GTask *task;
    SpHttpRequest *request;
    char *url; /* where the next try goes */
    gboolean is_away;
    gboolean is_plain_get;
    guint n_redirects;
    guint n_retries;
    gint64 started;   /* monotonic; 0 before the first try */
    gint64 queued;    /* monotonic: when it asked for its place */
    gint64 waited_ms; /* for places, throttles and backoffs, all together */
    SpPlace *place;
    SpTransfer *transfer;
    GSource *alarm;
    GSource *cancelled;
} Call;

static void
clear_source(GSource **source)
{
    if (*source != NULL) {
        g_source_destroy(*source);
        g_clear_pointer(source, g_source_unref);
    }
}

SpHttp *
sp_http_new(SpConfig *config, GError **error)
{
    static gsize once = 0;
    SpHttp *http;
    const char *ca_file = sp_config_get(config, "network", "ca-file");

    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
    if (ca_file != NULL && !g_file_test(ca_file, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("%s: [network] ca-file=%s is no file that can be read"),
                    sp_config_path(config), ca_file);
        return NULL;
    }
    http = g_rc_box_new0(SpHttp);
    http->config = sp_config_ref(config);
    http->context = g_main_context_ref_thread_default();
    http->multi = sp_multi_new(http->context);
    http->budget = sp_budget_new(http->context);
    http->settings.ca_file = ca_file;
    http->settings.proxy = sp_config_get(config, "network", "proxy");
    http->settings.timeout_ms = sp_config_get_ms(config, "network", "timeout", DEFAULT_TIMEOUT_MS);
    http->settings.connect_timeout_ms =
        sp_config_get_ms(config, "network", "connect-timeout", DEFAULT_CONNECT_TIMEOUT_MS);
    return http;
}

SpHttp *
sp_http_ref(SpHttp *http)
{
    return g_rc_box_acquire(http);
}

static void
clear(gpointer data)
{
    SpHttp *http = data;

    sp_budget_free(http->budget);
    sp_multi_unref(http->multi);
    g_main_context_unref(http->context);
    sp_config_unref(http->config);
}

void
sp_http_unref(SpHttp *http)
{
    if (http != NULL) {
        g_rc_box_release_full(http, clear);
    }
}

void
sp_http_set_wait_func(SpHttp *http, SpHttpWaitFunc func, gpointer user_data)
{
    http->wait_func = func;
    http->wait_data = user_data;
}

void
sp_http_set_trace_func(SpHttp *http, SpHttpTraceFunc func, gpointer user_data)
{
    http->trace_func = func;
    http->trace_data = user_data;
}

static void
trace(const SpHttp *http, const SpTransfer *transfer)
{
    if (http->trace_func != NULL) {
        g_autofree char *line = sp_transfer_describe(transfer);

        http->trace_func(line, http->trace_data);
    }
}

static void
tell_wait(SpHttp *http, const char *name, gint64 wait_ms)
{
    if (http->wait_func != NULL && wait_ms > 0) {
        http->wait_func(name, wait_ms, http->wait_data);
    }
}

void
sp_http_hold(SpHttp *http, const char *store, double seconds)
{
    gint64 wait_ms = (gint64) (CLAMP(seconds, 0, 86400) * 1000);

    sp_budget_hold(http->budget, store, wait_ms);
    tell_wait(http, store, wait_ms);
}

/* Stops whatever the call is doing now. */
static void
stop(Call *call)
{
    g_clear_pointer(&call->transfer, sp_transfer_free);
    g_clear_pointer(&call->place, sp_budget_leave);
    clear_source(&call->alarm);
}

static GTask *
call_free(Call *call)
{
    GTask *task = call->task;

    stop(call);
    clear_source(&call->cancelled);
    sp_request_free(call->request);
    g_free(call->url);
    sp_http_unref(call->http);
    g_free(call);
    return task;
}

static void
fail(Call *call, GError *error)
{
    g_autoptr(GTask) task = call_free(call);

    g_task_return_error(task, error);
}

static gint64
elapsed_ms(const Call *call)
{
    return call->started == 0 ? 0 : (g_get_monotonic_time() - call->started) / 1000;
}

/* Transfer full for `response`. */
static void
answer(Call *call, SpHttpResponse *response)
{
    g_autoptr(GTask) task = NULL;

    sp_http_response_set_journey(response, call->url, elapsed_ms(call));
    task = call_free(call);
    g_task_return_pointer(task, response, (GDestroyNotify) sp_http_response_unref);
}

static gboolean
on_cancelled(GCancellable *cancellable, gpointer data)
{
    (void) cancellable;
    fail(data, g_error_new(SP_ERROR, SP_ERROR_CANCELLED, _("Stopped")));
    return G_SOURCE_REMOVE;
}

static void
set_alarm(Call *call, gint64 wait_ms, GSourceFunc func)
{
    clear_source(&call->alarm);
    call->alarm = g_timeout_source_new((guint) CLAMP(wait_ms, 0, G_MAXINT));
    g_source_set_callback(call->alarm, func, call, NULL);
    g_source_attach(call->alarm, call->http->context);
}

/* Who a wait is for: the service, else the store, else the address's host. */
static char *
waiting_name(const Call *call)
{
    const SpHttpRequest *request = call->request;
    g_autoptr(SpUrl) url = NULL;

    if (request->store != NULL || request->service != NULL) {
        return g_strdup(request->service != NULL ? request->service : request->store);
    }
    url = sp_url_parse(call->url);
    return g_strdup(url != NULL ? url->host : "");
}

static gint64
wait_left_ms(const Call *call)
{
    guint most = call->request->max_wait_ms;

    return (most != 0 ? most : DEFAULT_WAIT_MS) - call->waited_ms;
}

static void on_transfer_done(SpTransfer *transfer, gpointer user_data);

static void
try_now(Call *call)
{
    SpTry attempt = {
        .settings = &call->http->settings,
        .request = call->request,
        .url = call->url,
        .is_at_home = !call->is_away,
        .is_plain_get = call->is_plain_get,
    };

    if (call->started == 0) {
        call->started = g_get_monotonic_time();
    }
    call->transfer = sp_transfer_start(call->http->multi, &attempt, on_transfer_done, call);
}

static void
on_place(gpointer user_data)
{
    Call *call = user_data;

    clear_source(&call->alarm);
    call->waited_ms += (g_get_monotonic_time() - call->queued) / 1000;
    try_now(call);
}

/* It has stood in the queue for as long as it may wait at all. */
static gboolean
on_queued_too_long(gpointer user_data)
{
    Call *call = user_data;
    gint64 held_ms = sp_budget_get_hold_ms(call->http->budget, call->request->store);
    const char *name = call->request->service;

    if (held_ms > 0) {
        answer(call, sp_http_response_new_held(held_ms));
    } else {
        fail(call, g_error_new(SP_ERROR, SP_ERROR_TIMEOUT,
                               _("%s: too many other requests are in front; try again later"),
                               name != NULL ? name : call->request->store));
    }
    return G_SOURCE_REMOVE;
}

static gboolean
queue(gpointer user_data)
{
    Call *call = user_data;
    const SpHttpRequest *request = call->request;
    g_autofree char *name = waiting_name(call);
    gint64 held_ms = 0;

    clear_source(&call->alarm);
    if (request->store == NULL) {
        try_now(call);
        return G_SOURCE_REMOVE;
    }
    held_ms = sp_budget_get_hold_ms(call->http->budget, request->store);
    if (held_ms > wait_left_ms(call)) {
        set_alarm(call, 0, on_queued_too_long);
        return G_SOURCE_REMOVE;
    }
    tell_wait(call->http, name, held_ms);
    call->queued = g_get_monotonic_time();
    call->place =
        sp_budget_enter(call->http->budget, request->store, request->mailbox, on_place, call);
    set_alarm(call, wait_left_ms(call), on_queued_too_long);
    return G_SOURCE_REMOVE;
}

static void
wait_and_retry(Call *call, gint64 wait_ms)
{
    g_autofree char *name = waiting_name(call);

    stop(call);
    call->n_retries++;
    call->waited_ms += wait_ms;
    set_alarm(call, wait_ms, queue);
    tell_wait(call->http, name, wait_ms);
}

static gboolean
may_retry(const Call *call, gint64 wait_ms)
{
    return call->n_retries < call->request->max_retries && wait_ms <= wait_left_ms(call);
}

/* How long to wait after this answer. A throttle that names no time is given a few seconds. */
static gint64
retry_wait_ms(const Call *call, const SpHttpResponse *response)
{
    double asked = sp_http_response_get_retry_after(response);
    guint jitter_ms = sp_retry_backoff_ms(call->n_retries + 1, BREAK_BASE_MS);

    if (asked >= 0) {
        return (gint64) (asked * 1000) + jitter_ms / 4;
    }
    return sp_http_response_get_status(response) == 429
               ? (gint64) (THROTTLE_BASE_MS << MIN(call->n_retries, 4)) + jitter_ms
               : jitter_ms;
}

/* The others of this store need not run into the same wall. */
static void
hold_store(Call *call, const SpHttpResponse *response, gint64 wait_ms)
{
    int status = sp_http_response_get_status(response);
    gboolean is_throttle =
        status == 429 || (status == 503 && sp_http_response_get_retry_after(response) >= 0);

    if (is_throttle && call->request->store != NULL) {
        sp_budget_hold(call->http->budget, call->request->store, wait_ms);
    }
}

static gboolean
is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Where the redirect leads, or NULL with an error where it must not be followed. */
static char *
redirect_target(const Call *call, const SpHttpResponse *response, GError **error)
{
    const char *location = sp_http_response_get_header(response, "Location");
    g_autofree char *target = location == NULL ? NULL : sp_url_resolve(call->url, location);
    g_autofree char *name = waiting_name(call);
    int status = sp_http_response_get_status(response);

    if (target == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_PROTOCOL,
                    _("%s: the answer leads on to something that is no web address"), name);
        return NULL;
    }
    if (g_str_has_prefix(call->url, "https:") && !g_str_has_prefix(target, "https:")) {
        g_set_error(error, SP_ERROR, SP_ERROR_PROTOCOL,
                    _("%s: the answer leads from https to http, which is not followed"), name);
        return NULL;
    }
    if (status >= 307 && call->request->body != NULL && !call->is_plain_get &&
        !sp_http_same_origin(call->request->url, target)) {
        g_set_error(error, SP_ERROR, SP_ERROR_PROTOCOL,
                    _("%s: the answer would take what was sent to another host, which is not "
                      "followed"),
                    name);
        return NULL;
    }
    return g_steal_pointer(&target);
}

static gboolean
is_safe_method(const char *method)
{
    return method == NULL || g_str_equal(method, "GET") || g_str_equal(method, "HEAD");
}

/* Credentials that were left behind once stay behind, even where the way leads back. */
static void
follow(Call *call, const SpHttpResponse *response)
{
    GError *error = NULL;
    char *target = redirect_target(call, response, &error);

    if (target == NULL) {
        fail(call, error);
        return;
    }
    stop(call);
    g_free(call->url);
    call->url = target;
    call->n_redirects++;
    call->is_away = call->is_away || !sp_http_same_origin(call->request->url, target);
    if (sp_http_response_get_status(response) <= 303 && !is_safe_method(call->request->method)) {
        call->is_plain_get = TRUE;
    }
    queue(call);
}

static void
judge(Call *call, SpHttpResponse *response)
{
    int status = sp_http_response_get_status(response);
    gint64 wait_ms;

    if (is_redirect(status) && call->n_redirects < call->request->max_redirects) {
        follow(call, response);
        sp_http_response_unref(response);
        return;
    }
    if (!sp_retry_is_status(status)) {
        answer(call, response);
        return;
    }
    wait_ms = retry_wait_ms(call, response);
    hold_store(call, response, wait_ms);
    if (may_retry(call, wait_ms)) {
        sp_http_response_unref(response);
        wait_and_retry(call, wait_ms);
    } else {
        answer(call, response);
    }
}

static void
on_transfer_done(SpTransfer *transfer, gpointer user_data)
{
    Call *call = user_data;
    GError *error = NULL;
    SpHttpResponse *response = sp_transfer_take_response(transfer, &error);
    gint64 wait_ms;

    trace(call->http, transfer);
    if (response != NULL) {
        judge(call, response);
        return;
    }
    wait_ms = sp_retry_backoff_ms(call->n_retries + 1, BREAK_BASE_MS);
    if (sp_transfer_is_broken(transfer) && may_retry(call, wait_ms)) {
        g_error_free(error);
        wait_and_retry(call, wait_ms);
    } else {
        fail(call, error);
    }
}

void
sp_http_send_async(SpHttp *http, const SpHttpRequest *request, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    GError *error = NULL;
    Call *call;

    g_task_set_source_tag(task, sp_http_send_async);
    g_task_set_check_cancellable(task, FALSE);
    if (!sp_request_check(request, &error)) {
        g_task_return_error(task, error);
        g_object_unref(task);
        return;
    }
    call = g_new0(Call, 1);
    call->http = sp_http_ref(http);
    call->task = task;
    call->request = sp_request_copy(request);
    call->url = g_strdup(request->url);
    if (cancellable != NULL) {
        call->cancelled = g_cancellable_source_new(cancellable);
        g_source_set_callback(call->cancelled, G_SOURCE_FUNC(on_cancelled), call, NULL);
        g_source_attach(call->cancelled, http->context);
    }
    queue(call);
}

SpHttpResponse *
sp_http_send_finish(SpHttp *http, GAsyncResult *result, GError **error)
{
    (void) http;
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_http_send_async), NULL);
    return g_task_propagate_pointer(G_TASK(result), error);
}
