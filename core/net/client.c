#include "core/net/client.h"

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/endpoint.h"
#include "core/net/request.h"

struct SpClient {
    SpConfig *config;
    SpHttp *http;
    SpTokens *tokens;
    SpPatience patience;
};

/* What asks for more than this is told as throttled: the other copies are there, and reading again is
 * one key. */
#define WAIT_MS 15000
#define RETRIES 2

/* One signed-in request: a token, a try, and after a 401 both once more. */
typedef struct {
    SpClient *client;
    char *audience;
    SpHttpRequest *request;
    char *token;
    gboolean is_renewed;
} Send;

static void
clear(gpointer data)
{
    SpClient *client = data;

    g_clear_pointer(&client->tokens, sp_tokens_unref);
    g_clear_pointer(&client->http, sp_http_unref);
    g_clear_pointer(&client->config, sp_config_unref);
}

SpClient *
sp_client_new(SpConfig *config, GError **error)
{
    g_autoptr(SpClient) client = g_rc_box_new0(SpClient);

    client->config = sp_config_ref(config);
    client->patience = (SpPatience){WAIT_MS, RETRIES};
    client->http = sp_http_new(config, error);
    if (client->http == NULL) {
        return NULL;
    }
    client->tokens = sp_tokens_new(config, client->http, error);
    return client->tokens == NULL ? NULL : g_steal_pointer(&client);
}

SpClient *
sp_client_ref(SpClient *client)
{
    return g_rc_box_acquire(client);
}

void
sp_client_unref(SpClient *client)
{
    if (client != NULL) {
        g_rc_box_release_full(client, clear);
    }
}

SpConfig *
sp_client_get_config(const SpClient *client)
{
    return client->config;
}

SpHttp *
sp_client_get_http(const SpClient *client)
{
    return client->http;
}

void
sp_client_set_patience(SpClient *client, SpPatience patience)
{
    client->patience = patience;
}

SpPatience
sp_client_get_patience(const SpClient *client)
{
    return client->patience;
}

SpTokens *
sp_client_get_tokens(const SpClient *client)
{
    return client->tokens;
}

static void
send_free(gpointer data)
{
    Send *send = data;

    sp_client_unref(send->client);
    g_free(send->audience);
    if (send->audience != NULL) {
        send->request->bearer = NULL; /* lent by token */
    }
    sp_tokens_wipe(send->token);
    sp_request_free(send->request);
    g_free(send);
}

static void on_token(GObject *source, GAsyncResult *result, gpointer user_data);

static void
on_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GCancellable *cancellable = g_task_get_cancellable(task); /* before the task is handed over */
    Send *send = g_task_get_task_data(task);
    GError *error = NULL;
    SpHttpResponse *response = sp_http_send_finish(send->client->http, result, &error);

    (void) source;
    if (response == NULL) {
        g_task_return_error(task, error);
    } else if (sp_http_response_get_status(response) == 401 && send->audience != NULL &&
               !send->is_renewed) {
        send->is_renewed = TRUE;
        sp_http_response_unref(response);
        sp_tokens_reject(send->client->tokens, send->audience, send->token);
        sp_tokens_get_async(send->client->tokens, send->audience, cancellable, on_token,
                            g_steal_pointer(&task));
    } else {
        g_task_return_pointer(task, response, (GDestroyNotify) sp_http_response_unref);
    }
}

static void
on_token(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GCancellable *cancellable = g_task_get_cancellable(task); /* before the task is handed over */
    Send *send = g_task_get_task_data(task);
    GError *error = NULL;

    (void) source;
    sp_tokens_wipe(send->token);
    send->token = sp_tokens_get_finish(send->client->tokens, result, &error);
    if (send->token == NULL) {
        g_task_return_error(task, error);
        return;
    }
    send->request->bearer = send->token;
    sp_http_send_async(send->client->http, send->request, cancellable, on_sent,
                       g_steal_pointer(&task));
}

/* Whether `url` is where the tokens of `audience` belong: the base address of an endpoint with it.
 */
static gboolean
is_home_of(const SpConfig *config, const char *audience, const char *url)
{
    for (SpEndpoint endpoint = 0; endpoint < SP_N_ENDPOINTS; endpoint++) {
        g_autofree char *own = sp_endpoint_audience(config, endpoint);
        g_autofree char *base = sp_endpoint_base(config, endpoint);

        if (own != NULL && base != NULL && g_str_equal(own, audience) &&
            sp_http_same_origin(base, url)) {
            return TRUE;
        }
    }
    return FALSE;
}

void
sp_client_send_async(SpClient *client, const char *audience, const SpHttpRequest *request,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
    Send *send = g_new0(Send, 1);

    g_task_set_source_tag(task, sp_client_send_async);
    g_task_set_check_cancellable(task, FALSE);
    send->client = sp_client_ref(client);
    send->audience = g_strdup(audience);
    send->request = sp_request_copy(request);
    if (audience != NULL) {
        sp_tokens_wipe((char *) send->request->bearer);
        send->request->bearer = NULL;
    }
    g_task_set_task_data(task, send, send_free);
    if (audience == NULL) {
        sp_http_send_async(client->http, send->request, cancellable, on_sent,
                           g_steal_pointer(&task));
        return;
    }
    if (!is_home_of(client->config, audience, request->url)) {
        g_task_return_new_error(task, SP_ERROR, SP_ERROR_PROTOCOL,
                                _("%s: an address leads to another host, where the sign-in's token "
                                  "must not go"),
                                request->service != NULL ? request->service : audience);
        return;
    }
    sp_tokens_get_async(client->tokens, audience, cancellable, on_token, g_steal_pointer(&task));
}

SpHttpResponse *
sp_client_send_finish(SpClient *client, GAsyncResult *result, GError **error)
{
    (void) client;
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_client_send_async), NULL);
    return g_task_propagate_pointer(G_TASK(result), error);
}
