#include "core/net/sign-in.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/authority.h"
#include "core/net/endpoint.h"
#include "core/net/redirect.h"
#include "core/net/sign-in-flow.h"

static void
clear_source(GSource **source)
{
    if (*source != NULL) {
        g_source_destroy(*source);
        g_clear_pointer(source, g_source_unref);
    }
}

static void
flow_free(gpointer data)
{
    SpFlow *flow = data;

    clear_source(&flow->alarm);
    g_clear_object(&flow->stop);
    g_clear_pointer(&flow->redirect, sp_redirect_free);
    sp_tokens_wipe(flow->secret);
    sp_tokens_wipe(flow->state);
    g_free(flow->redirect_uri);
    g_free(flow->scope);
    g_free(flow->language);
    sp_client_unref(flow->client);
    g_free(flow);
}

/* Stops everything that could still call back, and hands out the task for its last word. */
static GTask *
end(SpFlow *flow)
{
    GTask *task = g_steal_pointer(&flow->task);

    clear_source(&flow->cancelled);
    clear_source(&flow->alarm);
    g_clear_pointer(&flow->redirect, sp_redirect_free);
    return task;
}

void
sp_flow_fail(SpFlow *flow, GError *error)
{
    g_autoptr(GTask) task = end(flow);

    g_task_return_error(task, error);
}

void
sp_flow_tell(SpFlow *flow, SpSignInKind kind, const char *address, const char *code)
{
    const SpSignInEvent event = {
        .kind = kind,
        .address = address,
        .code = code,
        .seconds_left = MAX(0, flow->ends - g_get_monotonic_time()) / G_USEC_PER_SEC,
    };

    flow->tell(&event, flow->tell_data);
}

void
sp_flow_set_alarm(SpFlow *flow, guint ms, GSourceFunc func)
{
    clear_source(&flow->alarm);
    flow->alarm = g_timeout_source_new(ms);
    g_source_set_callback(flow->alarm, func, flow, NULL);
    g_source_attach(flow->alarm, g_task_get_context(flow->task));
}

void
sp_flow_stop_alarm(SpFlow *flow)
{
    clear_source(&flow->alarm);
}

SpForm *
sp_flow_form(const SpFlow *flow)
{
    SpForm *form = sp_form_new();

    sp_form_add(form, "client_id", flow->client_id);
    sp_form_add(form, "scope", flow->scope);
    return form;
}

static void
on_stored(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpFlow *flow = user_data;
    GError *error = NULL;
    g_autoptr(GTask) task = NULL;

    (void) source;
    if (!sp_tokens_store_finish(sp_client_get_tokens(flow->client), result, &error)) {
        sp_flow_fail(flow, error);
        return;
    }
    task = end(flow);
    g_task_return_boolean(task, TRUE);
}

void
sp_flow_take(SpFlow *flow, SpJson *answer)
{
    const char *refresh_token = sp_json_string(answer, "refresh_token");
    GError *error = NULL;

    if (sp_oauth_get_refusal(answer) != NULL) {
        sp_oauth_set_error(answer, &error);
        sp_flow_fail(flow, error);
    } else if (refresh_token == NULL || *refresh_token == '\0') {
        sp_flow_fail(flow, g_error_new(SP_ERROR, SP_ERROR_AUTH,
                                       _("The sign-in service gave no lasting sign-in "
                                         "(offline_access is not allowed for this app)")));
    } else {
        sp_tokens_store_async(sp_client_get_tokens(flow->client), refresh_token, on_stored, flow);
    }
}

/* A request that is on its way answers for itself. */
static gboolean
on_cancelled(GCancellable *cancellable, gpointer user_data)
{
    SpFlow *flow = user_data;

    (void) cancellable;
    g_cancellable_cancel(flow->stop);
    if (flow->alarm != NULL) {
        sp_flow_fail(flow, g_error_new(SP_ERROR, SP_ERROR_CANCELLED, _("Stopped")));
    }
    return G_SOURCE_REMOVE;
}

static SpFlow *
flow_new(GTask *task, SpClient *client, const SpSignInOptions *options)
{
    SpFlow *flow = g_new0(SpFlow, 1);
    GCancellable *cancellable = g_task_get_cancellable(task);
    g_autofree char *audience =
        sp_endpoint_audience(sp_client_get_config(client), SP_ENDPOINT_GRAPH);

    flow->task = task;
    flow->client = sp_client_ref(client);
    flow->scope = sp_authority_scope(audience, TRUE);
    flow->language = g_strdup(options->language);
    flow->stop = g_cancellable_new();
    if (cancellable != NULL) {
        flow->cancelled = g_cancellable_source_new(cancellable);
        g_source_set_callback(flow->cancelled, G_SOURCE_FUNC(on_cancelled), flow, NULL);
        g_source_attach(flow->cancelled, g_task_get_context(task));
    }
    return flow;
}

/* Why there is nothing to sign in to; FALSE with an error. */
static gboolean
needs_sign_in(const SpConfig *config, GError **error)
{
    const char *flow = sp_config_get(config, "sign-in", "flow");

    if (flow != NULL && strcmp(flow, "browser") != 0 && strcmp(flow, "device") != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("With flow=%s nobody signs in: tokens are asked for when they are needed"),
                    flow);
        return FALSE;
    }
    return TRUE;
}

void
sp_sign_in_async(SpClient *client, const SpSignInOptions *options, SpSignInFunc tell,
                 gpointer tell_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                 gpointer user_data)
{
    const SpConfig *config = sp_client_get_config(client);
    const char *flow_name = sp_config_get(config, "sign-in", "flow");
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    GError *error = NULL;
    const char *client_id = NULL;
    SpFlow *flow;

    g_task_set_source_tag(task, sp_sign_in_async);
    g_task_set_check_cancellable(task, FALSE);
    if (!needs_sign_in(config, &error) ||
        (client_id = sp_authority_client_id(config, &error)) == NULL) {
        g_task_return_error(task, error);
        g_object_unref(task);
        return;
    }
    flow = flow_new(task, client, options);
    flow->client_id = client_id;
    flow->tell = tell;
    flow->tell_data = tell_data;
    g_task_set_task_data(task, flow, flow_free);
    if (options->is_device || g_strcmp0(flow_name, "device") == 0) {
        sp_flow_start_device(flow);
    } else {
        sp_flow_start_browser(flow);
    }
}

gboolean
sp_sign_in_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_sign_in_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}
