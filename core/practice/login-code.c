/* Authorization code with PKCE: the page that a browser is sent to, and the code's redemption. */

#include "core/practice/login-private.h"

#include <string.h>

#define CODE_LIFE 600

void
sp_login_code_free(SpLoginCode *code)
{
    g_free(code->challenge);
    g_free(code->redirect_uri);
    g_free(code->scope);
    g_free(code);
}

static char *
challenge_of(const char *verifier)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize size = sizeof digest;

    g_checksum_update(checksum, (const guchar *) verifier, -1);
    g_checksum_get_digest(checksum, digest, &size);
    return sp_login_encode(digest, size);
}

void
sp_login_grant_code(SpCall *call, GHashTable *form)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *text = g_hash_table_lookup(form, "code");
    const char *verifier = g_hash_table_lookup(form, "code_verifier");
    const char *scope = g_hash_table_lookup(form, "scope");
    const SpLoginCode *code = text != NULL ? g_hash_table_lookup(login->codes, text) : NULL;
    g_autofree char *challenge = challenge_of(verifier != NULL ? verifier : "");

    if (code == NULL) {
        sp_login_reply_error(
            call, 400, "invalid_grant", 54005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid "
            "code or use an existing refresh token.");
        return;
    }
    if (code->expires < sp_world_now(call->world)) {
        sp_login_reply_error(call, 400, "invalid_grant", 70008,
                             "The provided authorization code has "
                             "expired.");
    } else if (g_strcmp0(code->redirect_uri, g_hash_table_lookup(form, "redirect_uri")) != 0) {
        sp_login_reply_error(
            call, 400, "invalid_client", 500112,
            "The reply address does not match the reply address provided when requesting "
            "Authorization code.");
    } else if (!g_str_equal(code->challenge, challenge)) {
        sp_login_reply_error(call, 400, "invalid_grant", 501481,
                             "The Code_Verifier does not match the code_challenge supplied in the "
                             "authorization request.");
    } else {
        sp_login_reply_tokens(call, SP_TOKEN_DELEGATED, scope != NULL ? scope : code->scope, FALSE);
    }
    g_hash_table_remove(login->codes, text);
}

static gboolean
is_loopback(const char *redirect_uri)
{
    g_autoptr(GUri) uri =
        redirect_uri != NULL ? g_uri_parse(redirect_uri, G_URI_FLAGS_NONE, NULL) : NULL;

    return uri != NULL && g_str_equal(g_uri_get_scheme(uri), "http") &&
           (g_strcmp0(g_uri_get_host(uri), "localhost") == 0 ||
            g_strcmp0(g_uri_get_host(uri), "127.0.0.1") == 0);
}

static void redirect(SpCall *call, const char *redirect_uri, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
redirect(SpCall *call, const char *redirect_uri, const char *format, ...)
{
    const char *state = sp_call_query(call, "state");
    g_autofree char *escaped = g_uri_escape_string(state != NULL ? state : "", NULL, FALSE);
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *query = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sp_call_add_header(call, "Location", "%s%s%s&state=%s", redirect_uri,
                       strchr(redirect_uri, '?') != NULL ? "&" : "?", query, escaped);
    sp_call_reply_empty(call, 302);
}

/* The sign-in page: nobody has to type anything here, so it redirects at once. */
void
sp_login_answer_authorize(SpCall *call)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *redirect_uri = sp_call_query(call, "redirect_uri");
    const char *challenge = sp_call_query(call, "code_challenge");

    if (!is_loopback(redirect_uri)) {
        sp_call_reply_text(
            call, 400, "text/html",
            "<html><body>AADSTS50011: The redirect URI specified in the request does "
            "not match the redirect URIs configured for the application.</body>"
            "</html>");
    } else if (g_strcmp0(sp_call_query(call, "response_type"), "code") != 0 || challenge == NULL ||
               g_strcmp0(sp_call_query(call, "code_challenge_method"), "S256") != 0) {
        redirect(call, redirect_uri,
                 "error=invalid_request&error_description=AADSTS9002325%%3A%%20Proof%%20Key%%20for"
                 "%%20Code%%20Exchange%%20is%%20required");
    } else if (login->outcome == SP_LOGIN_NO_CONSENT) {
        redirect(call, redirect_uri,
                 "error=consent_required&error_description=AADSTS65001%%3A%%20The%%20user%%20or%%20"
                 "administrator%%20has%%20not%%20consented");
    } else if (login->outcome != SP_LOGIN_SUCCESS && login->outcome != SP_LOGIN_SLOW_DOWN) {
        redirect(call, redirect_uri,
                 "error=access_denied&error_description=AADSTS65004%%3A%%20User%%20declined%%20to%%"
                 "20consent");
    } else {
        SpLoginCode *code = g_new0(SpLoginCode, 1);
        g_autofree char *random = sp_login_random_text(36);
        g_autofree char *text = g_strconcat("0.AXkA", random, NULL);

        code->challenge = g_strdup(challenge);
        code->redirect_uri = g_strdup(redirect_uri);
        code->scope = g_strdup(sp_call_query(call, "scope"));
        code->expires = sp_world_now(call->world) + CODE_LIFE;
        g_hash_table_insert(login->codes, g_strdup(text), code);
        redirect(call, redirect_uri, "code=%s&session_state=practice", text);
    }
}
