#include "core/services/policy.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/net/endpoint.h"
#include "core/services/answer.h"
#include "core/text.h"

#define MAX_ROLES 64

SpPolicy *
sp_policy_new(void)
{
    SpPolicy *policy = g_new0(SpPolicy, 1);

    policy->is_restricted = SP_UNKNOWN;
    policy->allowed_roles = g_new0(char *, 1);
    return policy;
}

SpPolicy *
sp_policy_copy(const SpPolicy *policy)
{
    SpPolicy *copy = g_new0(SpPolicy, 1);

    copy->source = policy->source;
    copy->is_restricted = policy->is_restricted;
    copy->allowed_roles = g_strdupv(policy->allowed_roles);
    copy->error = g_strdup(policy->error);
    return copy;
}

void
sp_policy_free(SpPolicy *policy)
{
    if (policy != NULL) {
        g_strfreev(policy->allowed_roles);
        g_free(policy->error);
        g_free(policy);
    }
}

static SpPolicySource
source_of(const char *name)
{
    if (name == NULL) {
        return SP_POLICY_SOURCE_UNKNOWN;
    }
    if (g_ascii_strcasecmp(name, "cloud") == 0) {
        return SP_POLICY_SOURCE_CLOUD;
    }
    return g_ascii_strcasecmp(name, "onPremises") == 0 ? SP_POLICY_SOURCE_ON_PREMISES
                                                       : SP_POLICY_SOURCE_UNKNOWN;
}

/* An empty set is printed as {}, [] or null, and a sample has blanks inside an id (reference 2.10).
 */
static GStrv
read_roles(SpJson *list)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    gsize n = sp_json_length(list);

    for (gsize i = 0; i < MIN(n, MAX_ROLES); i++) {
        SpJson *item = json_object_array_get_idx(list, i);

        if (json_object_is_type(item, json_type_string)) {
            g_autofree char *clean = sp_text_clean(json_object_get_string(item), -1, 80);
            g_auto(GStrv) parts = g_strsplit(clean, " ", -1);
            g_autofree char *id = g_strjoinv("", parts);

            g_strv_builder_add(builder, id);
        }
    }
    return g_strv_builder_end(builder);
}

static void
read_policy(SpPolicy *policy, SpJson *json)
{
    g_strfreev(policy->allowed_roles);
    policy->allowed_roles = read_roles(sp_json_member(json, "allowedRoles"));
    policy->source = source_of(sp_json_string(json, "source"));
    policy->is_restricted = policy->allowed_roles[0] == NULL ? SP_NO : SP_YES;
}

/* A refusal is told in the words of a copy's. */
static char *
explain(SpClient *client, const SpHttpResponse *response, const GError *error)
{
    g_autoptr(SpCopy) copy = sp_copy_new("policy", _("The photo policy"));

    if (response == NULL) {
        sp_answer_explain_error(copy, error);
    } else {
        sp_answer_explain(copy, response, NULL, sp_permission_find("policy"),
                          sp_permission_rights(sp_client_get_config(client)));
    }
    return g_steal_pointer(&copy->error);
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    SpClient *client = g_task_get_task_data(task);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpHttpResponse) response = sp_client_send_finish(client, result, &error);
    g_autoptr(SpPolicy) policy = sp_policy_new();
    g_autoptr(SpJson) json = NULL;
    int status = response == NULL ? 0 : sp_http_response_get_status(response);

    (void) source;
    if (g_cancellable_is_cancelled(g_task_get_cancellable(task))) {
        g_task_return_new_error(task, SP_ERROR, SP_ERROR_CANCELLED, "%s", _("Stopped"));
        return;
    }
    if (status == 200) {
        json = sp_json_parse(sp_http_response_get_body(response), _("The photo policy"), &error);
    }
    if (json != NULL) {
        read_policy(policy, json);
    } else if (status == 404) {
        policy->source = SP_POLICY_SOURCE_CLOUD; /* no policy was ever set: everybody, cloud */
        policy->is_restricted = SP_NO;
    } else if (status == 200) {
        policy->error = g_strdup(error->message);
    } else {
        policy->error = explain(client, response, error);
    }
    g_task_return_pointer(task, g_steal_pointer(&policy), (GDestroyNotify) sp_policy_free);
}

void
sp_policy_read_async(SpClient *client, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
    const SpConfig *config = sp_client_get_config(client);
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_GRAPH);
    g_autofree char *audience = sp_endpoint_audience(config, SP_ENDPOINT_GRAPH);
    g_autofree char *url = g_strdup_printf("%s/beta/admin/people/photoUpdateSettings", base);
    const char *const headers[] = {"Accept: application/json", NULL};
    SpHttpRequest request = {
        .url = url, .headers = headers, .store = "graph", .service = "Microsoft 365"};

    g_task_set_check_cancellable(task, FALSE);
    g_task_set_task_data(task, sp_client_ref(client), (GDestroyNotify) sp_client_unref);
    sp_client_send_async(client, audience, &request, cancellable, on_answer, task);
}

SpPolicy *
sp_policy_read_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
