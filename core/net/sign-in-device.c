/* RFC 8628: ask for a code, show it, and ask again and again whether it has been used. */

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/authority.h"
#include "core/net/sign-in-flow.h"
#include "core/net/url.h"
#include "core/text.h"

#define DEFAULT_INTERVAL_S  5
#define MAX_INTERVAL_S      60
#define SLOW_DOWN_S         5
#define MAX_LIFETIME_S      1800
#define MAX_CODE_CHARACTERS 40
#define MAX_PAGE_CHARACTERS 2000
#define DEVICE_GRANT        "urn:ietf:params:oauth:grant-type:device_code"

static gboolean poll(gpointer user_data);

static void
wait_for_next(SpFlow *flow)
{
    if (g_get_monotonic_time() >= flow->ends) {
        sp_flow_fail(flow, g_error_new(SP_ERROR, SP_ERROR_AUTH,
                                       _("The code has expired before it was used; run: samephoto "
                                         "sign-in")));
        return;
    }
    sp_flow_tell(flow, SP_SIGN_IN_WAITING, NULL, NULL);
    sp_flow_set_alarm(flow, (guint) flow->interval_s * 1000, poll);
}

/* RFC 8628, 3.5: a connection that times out is asked again less often, and so is a busy service.
 */
static gboolean
is_passing(const GError *error)
{
    return g_error_matches(error, SP_ERROR, SP_ERROR_TIMEOUT) ||
           g_error_matches(error, SP_ERROR, SP_ERROR_NETWORK) ||
           g_error_matches(error, SP_ERROR, SP_ERROR_THROTTLED);
}

static void
on_polled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpFlow *flow = user_data;
    GError *error = NULL;
    SpJson *answer = sp_oauth_post_finish(sp_client_get_http(flow->client), result, &error);
    const char *refusal = answer == NULL ? NULL : sp_oauth_get_refusal(answer);

    (void) source;
    if (answer == NULL && is_passing(error)) {
        g_error_free(error);
        flow->interval_s = MIN(flow->interval_s * 2, MAX_INTERVAL_S);
        wait_for_next(flow);
    } else if (answer == NULL) {
        sp_flow_fail(flow, error);
    } else if (g_strcmp0(refusal, "authorization_pending") == 0) {
        wait_for_next(flow);
    } else if (g_strcmp0(refusal, "slow_down") == 0) {
        flow->interval_s = MIN(flow->interval_s + SLOW_DOWN_S, MAX_INTERVAL_S);
        wait_for_next(flow);
    } else {
        sp_flow_take(flow, answer);
    }
    sp_oauth_answer_free(answer);
}

static gboolean
poll(gpointer user_data)
{
    SpFlow *flow = user_data;
    g_autofree char *url = sp_authority_url(sp_client_get_config(flow->client), "token");
    g_autoptr(SpForm) form = sp_form_new();

    sp_flow_stop_alarm(flow);
    sp_form_add(form, "grant_type", DEVICE_GRANT);
    sp_form_add(form, "client_id", flow->client_id);
    sp_form_add(form, "device_code", flow->secret);
    sp_oauth_post_async(sp_client_get_http(flow->client), url, form, flow->stop, on_polled, flow);
    return G_SOURCE_REMOVE;
}

/* Where the code is typed in, or NULL where that is no page to send a person to. One that is not
 * clean is not mended: a mended address would be another one. Transfer full. */
static char *
read_page(SpJson *answer)
{
    const char *text = sp_json_string(answer, "verification_uri");
    g_autofree char *clean = sp_text_clean(text, -1, MAX_PAGE_CHARACTERS);
    g_autoptr(SpUrl) url = sp_url_parse(text);

    return url != NULL && sp_url_is_safe(url) && strcmp(clean, text) == 0 ? g_steal_pointer(&clean)
                                                                          : NULL;
}

/* FALSE where the answer is not what a person could use. */
static gboolean
show_code(SpFlow *flow, SpJson *answer)
{
    g_autofree char *code =
        sp_text_clean(sp_json_string(answer, "user_code"), -1, MAX_CODE_CHARACTERS);
    g_autofree char *page = read_page(answer);
    const char *device_code = sp_json_string(answer, "device_code");

    if (*code == '\0' || page == NULL || device_code == NULL) {
        return FALSE;
    }
    flow->secret = g_strdup(device_code);
    flow->interval_s =
        CLAMP(sp_json_int(answer, "interval", DEFAULT_INTERVAL_S), 1, MAX_INTERVAL_S);
    flow->ends = g_get_monotonic_time() +
                 CLAMP(sp_json_int(answer, "expires_in", 900), 1, MAX_LIFETIME_S) * G_USEC_PER_SEC;
    sp_flow_tell(flow, SP_SIGN_IN_CODE, page, code);
    return TRUE;
}

static void
on_code(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpFlow *flow = user_data;
    GError *error = NULL;
    SpJson *answer = sp_oauth_post_finish(sp_client_get_http(flow->client), result, &error);

    (void) source;
    if (answer != NULL && sp_oauth_get_refusal(answer) != NULL) {
        sp_oauth_set_error(answer, &error);
    } else if (answer != NULL && !show_code(flow, answer)) {
        g_set_error(&error, SP_ERROR, SP_ERROR_AUTH,
                    _("The sign-in service's answer holds no code to show"));
    }
    sp_oauth_answer_free(answer);
    if (error != NULL) {
        sp_flow_fail(flow, error);
    } else {
        sp_flow_set_alarm(flow, (guint) flow->interval_s * 1000, poll);
    }
}

void
sp_flow_start_device(SpFlow *flow)
{
    g_autofree char *url = sp_authority_url(sp_client_get_config(flow->client), "devicecode");
    g_autofree char *address =
        flow->language == NULL ? g_strdup(url) : g_strconcat(url, "?mkt=", flow->language, NULL);
    g_autoptr(SpForm) form = sp_flow_form(flow);

    sp_oauth_post_async(sp_client_get_http(flow->client), address, form, flow->stop, on_code, flow);
}
