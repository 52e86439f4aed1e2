/* Authorization code with PKCE: the browser is sent to the sign-in page and comes back to a
 * loopback address with a code, which only we can redeem, because only we know the verifier. */

#include <openssl/rand.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/authority.h"
#include "core/net/redirect.h"
#include "core/net/refusal.h"
#include "core/net/request.h"
#include "core/net/sign-in-flow.h"

#define RANDOM_BYTES  32
#define WITHIN_S      600
#define TELL_EVERY_MS 1000

/* Base64url without padding, of at most 64 bytes. */
static char *
base64url(const guchar *data, gsize length)
{
    char *text = g_base64_encode(data, length);

    g_strdelimit(text, "+", '-');
    g_strdelimit(text, "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

static char *
random_text(void)
{
    guchar bytes[RANDOM_BYTES];

    if (RAND_bytes(bytes, sizeof bytes) != 1) {
        return NULL;
    }
    return base64url(bytes, sizeof bytes);
}

static char *
challenge_of(const char *verifier)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[RANDOM_BYTES];
    gsize length = sizeof digest;

    g_checksum_update(checksum, (const guchar *) verifier, -1);
    g_checksum_get_digest(checksum, digest, &length);
    return base64url(digest, length);
}

static char *
page_address(const SpFlow *flow)
{
    g_autofree char *url = sp_authority_url(sp_client_get_config(flow->client), "authorize");
    g_autofree char *challenge = challenge_of(flow->secret);
    g_autoptr(SpForm) query = sp_flow_form(flow);

    sp_form_add(query, "response_type", "code");
    sp_form_add(query, "response_mode", "query");
    sp_form_add(query, "redirect_uri", flow->redirect_uri);
    sp_form_add(query, "state", flow->state);
    sp_form_add(query, "code_challenge", challenge);
    sp_form_add(query, "code_challenge_method", "S256");
    sp_form_add(query, "prompt", "select_account");
    if (flow->language != NULL) {
        sp_form_add(query, "mkt", flow->language);
        sp_form_add(query, "ui_locales", flow->language);
    }
    return g_strconcat(url, "?", sp_form_get_text(query), NULL);
}

static gboolean
on_tick(gpointer user_data)
{
    SpFlow *flow = user_data;

    if (g_get_monotonic_time() >= flow->ends) {
        sp_flow_fail(flow, g_error_new(SP_ERROR, SP_ERROR_AUTH,
                                       _("Nobody signed in in the browser within %d minutes; run: "
                                         "samephoto sign-in"),
                                       WITHIN_S / 60));
        return G_SOURCE_REMOVE;
    }
    sp_flow_tell(flow, SP_SIGN_IN_WAITING, NULL, NULL);
    return G_SOURCE_CONTINUE;
}

static void
on_redeemed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpFlow *flow = user_data;
    GError *error = NULL;
    SpJson *answer = sp_oauth_post_finish(sp_client_get_http(flow->client), result, &error);

    (void) source;
    if (answer == NULL) {
        sp_flow_fail(flow, error);
    } else {
        sp_flow_take(flow, answer);
        sp_oauth_answer_free(answer);
    }
}

static void
redeem(SpFlow *flow, const char *code)
{
    g_autofree char *url = sp_authority_url(sp_client_get_config(flow->client), "token");
    g_autoptr(SpForm) form = sp_flow_form(flow);

    sp_form_add(form, "grant_type", "authorization_code");
    sp_form_add(form, "code", code);
    sp_form_add(form, "redirect_uri", flow->redirect_uri);
    sp_form_add(form, "code_verifier", flow->secret);
    sp_oauth_post_async(sp_client_get_http(flow->client), url, form, flow->stop, on_redeemed, flow);
}

static gint64
number_in(const char *description)
{
    const char *mark = description == NULL ? NULL : strstr(description, "AADSTS");

    return mark == NULL ? 0 : g_ascii_strtoll(mark + strlen("AADSTS"), NULL, 10);
}

static void
on_redirect(const char *code, const char *refusal, const char *description, gpointer user_data)
{
    SpFlow *flow = user_data;
    g_autofree char *text = NULL;

    /* From here on the request has its own limits. */
    sp_flow_stop_alarm(flow);
    if (code != NULL) {
        redeem(flow, code);
        g_clear_pointer(&flow->redirect, sp_redirect_free);
        return;
    }
    text = sp_refusal_explain(number_in(description), refusal, description);
    sp_flow_fail(flow, g_error_new_literal(SP_ERROR, SP_ERROR_AUTH, text));
}

/* A password is typed in there, and the code that comes back is redeemed there. */
static gboolean
is_page_safe(const char *address, GError **error)
{
    const SpHttpRequest page = {
        .url = address, .has_secret = TRUE, .service = _("The sign-in service")};

    return sp_request_check(&page, error);
}

void
sp_flow_start_browser(SpFlow *flow)
{
    GError *error = NULL;
    g_autofree char *address = NULL;

    flow->secret = random_text();
    flow->state = random_text();
    if (flow->secret == NULL || flow->state == NULL) {
        sp_flow_fail(flow, g_error_new(SP_ERROR, SP_ERROR_AUTH,
                                       _("This machine has no random numbers to sign in with")));
        return;
    }
    flow->redirect = sp_redirect_new(flow->state, on_redirect, flow, &error);
    if (flow->redirect == NULL) {
        sp_flow_fail(flow, error);
        return;
    }
    flow->redirect_uri =
        g_strdup_printf("http://localhost:%u", sp_redirect_get_port(flow->redirect));
    flow->ends = g_get_monotonic_time() + WITHIN_S * G_USEC_PER_SEC;
    address = page_address(flow);
    if (!is_page_safe(address, &error)) {
        sp_flow_fail(flow, error);
        return;
    }
    sp_flow_set_alarm(flow, TELL_EVERY_MS, on_tick);
    sp_flow_tell(flow, SP_SIGN_IN_OPEN, address, NULL);
}
