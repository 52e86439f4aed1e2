#include "core/practice/login-private.h"

#include <stdarg.h>
#include <string.h>

#include "core/practice/certificate.h"

static const char *const outcomes[] = {
    [SP_LOGIN_SUCCESS] = "success",       [SP_LOGIN_DECLINED] = "declined",
    [SP_LOGIN_EXPIRED] = "expired",       [SP_LOGIN_BLOCKED] = "blocked",
    [SP_LOGIN_NO_CONSENT] = "no-consent", [SP_LOGIN_SLOW_DOWN] = "slow-down",
};

SpLogin *
sp_login_new(void)
{
    SpLogin *login = g_new0(SpLogin, 1);

    login->n_pending = 1;
    login->codes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) sp_login_code_free);
    login->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) sp_login_device_free);
    login->certificates = g_ptr_array_new_with_free_func((GDestroyNotify) sp_app_certificate_free);

    login->access = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    login->refresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    login->agent_token = sp_login_issue_refresh(login, g_get_real_time() / G_USEC_PER_SEC);
    return login;
}

void
sp_login_free(SpLogin *login)
{
    if (login == NULL) {
        return;
    }
    g_hash_table_unref(login->codes);
    g_hash_table_unref(login->devices);
    g_ptr_array_unref(login->certificates);
    g_hash_table_unref(login->access);
    g_hash_table_unref(login->refresh);
    g_free(login->agent_token);
    g_free(login);
}

gboolean
sp_login_script(SpLogin *login, guint n_pending, const char *outcome)
{
    for (guint i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (g_str_equal(outcome, outcomes[i])) {
            login->n_pending = n_pending;
            login->outcome = (SpLoginOutcome) i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
sp_login_register(SpLogin *login, const char *pem)
{
    SpAppCertificate *certificate = sp_app_certificate_read(pem);

    if (certificate == NULL) {
        return FALSE;
    }
    g_ptr_array_add(login->certificates, certificate);
    return TRUE;
}

const char *
sp_login_get_agent_token(SpLogin *login)
{
    return login->agent_token;
}

void
sp_login_reply_error(SpCall *call, int status, const char *error, int code, const char *format, ...)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(sp_world_now(call->world));
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%d %H:%M:%SZ");
    g_autofree char *trace = g_uuid_string_random();
    g_autofree char *correlation = g_uuid_string_random();
    g_autofree char *uri = g_strdup_printf("https://login.microsoftonline.com/error?code=%d", code);
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *description =
        g_strdup_printf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code, text,
                        trace, correlation, time);
    SpJson *json = sp_json_strings("error", error, "error_description", description, NULL);

    json_object_array_add(sp_json_add_array(json, "error_codes"), json_object_new_int(code));
    sp_json_add_string(json, "timestamp", time);
    sp_json_add_string(json, "trace_id", trace);
    sp_json_add_string(json, "correlation_id", correlation);
    sp_json_add_string(json, "error_uri", uri);
    sp_call_reply_json(call, status, "application/json; charset=utf-8", json);
}

static void
grant_refresh(SpCall *call, GHashTable *form)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *token = g_hash_table_lookup(form, "refresh_token");
    const gint64 *expiry = token != NULL ? g_hash_table_lookup(login->refresh, token) : NULL;

    if (expiry == NULL) {
        sp_login_reply_error(call, 400, "invalid_grant", 9002313,
                             "Invalid request. Request is malformed or invalid.");
    } else if (*expiry < sp_world_now(call->world)) {
        sp_login_reply_error(call, 400, "invalid_grant", 700082,
                             "The refresh token has expired due to inactivity.");
    } else {
        sp_login_reply_tokens(call, SP_TOKEN_DELEGATED, g_hash_table_lookup(form, "scope"), TRUE);
    }
}

static void
grant_by_assertion(SpCall *call, GHashTable *form, const char *assertion)
{
    SpLogin *login = sp_world_get_login(call->world);
    g_autofree char *own = g_strdup_printf("%s/login%s", call->base, call->path);
    g_autofree char *official = g_strdup_printf("https://login.microsoftonline.com%s", call->path);
    const char *const audiences[] = {own, official, NULL};
    int code = sp_assertion_check(assertion, login->certificates, SP_PRACTICE_CLIENT_ID, audiences);

    if (code != 0) {
        sp_login_reply_error(
            call, 401, "invalid_client", code,
            "Client assertion failed signature validation, is not within its valid time "
            "range, or names another issuer or audience.");
    } else {
        sp_login_reply_tokens(call, SP_TOKEN_CERTIFICATE, g_hash_table_lookup(form, "scope"),
                              FALSE);
    }
}

static void
grant_client_credentials(SpCall *call, GHashTable *form)
{
    const char *secret = g_hash_table_lookup(form, "client_secret");
    const char *assertion = g_hash_table_lookup(form, "client_assertion");
    const char *type = g_hash_table_lookup(form, "client_assertion_type");

    if (assertion != NULL &&
        g_strcmp0(type, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") == 0) {
        grant_by_assertion(call, form, assertion);
    } else if (g_strcmp0(secret, SP_PRACTICE_CLIENT_SECRET) != 0) {
        sp_login_reply_error(
            call, 401, "invalid_client", secret != NULL ? 7000215 : 7000218,
            secret != NULL ? "Invalid client secret provided. Ensure the secret being sent in the "
                             "request is the client secret value, not the client secret ID, for a "
                             "secret added to app '" SP_PRACTICE_CLIENT_ID "'."
                           : "The request body must contain the following parameter: "
                             "'client_assertion' or 'client_secret'.");
    } else {
        sp_login_reply_tokens(call, SP_TOKEN_SECRET, g_hash_table_lookup(form, "scope"), FALSE);
    }
}

static const struct {
    const char *grant_type;
    void (*grant)(SpCall *call, GHashTable *form);
} grants[] = {
    {"refresh_token", grant_refresh},
    {"client_credentials", grant_client_credentials},
    {"authorization_code", sp_login_grant_code},
    {"urn:ietf:params:oauth:grant-type:device_code", sp_login_grant_device},
};

static void
answer_token(SpCall *call, GHashTable *form)
{
    const char *grant_type = g_hash_table_lookup(form, "grant_type");

    for (guint i = 0; i < G_N_ELEMENTS(grants); i++) {
        if (g_strcmp0(grant_type, grants[i].grant_type) == 0) {
            grants[i].grant(call, form);
            return;
        }
    }
    sp_login_reply_error(call, 400, "unsupported_grant_type", 70003,
                         "The app requested an unsupported grant type '%s'.",
                         grant_type != NULL ? grant_type : "");
}

static gboolean
is_known_tenant(const char *tenant)
{
    static const char *const known[] = {
        SP_NORVANE_ID,   SP_NORVANE_DOMAIN, "norvane.onmicrosoft.com",
        "organizations", "common",          NULL,
    };

    return g_strv_contains(known, tenant);
}

/* Whether the app is ours; else an error was answered. */
static gboolean
check_client(SpCall *call, const char *client_id)
{
    if (g_strcmp0(client_id, SP_PRACTICE_CLIENT_ID) == 0) {
        return TRUE;
    }
    sp_login_reply_error(
        call, 400, "unauthorized_client", 700016,
        "Application with identifier '%s' was not found in the directory 'Norvane'.",
        client_id != NULL ? client_id : "");
    return FALSE;
}

static void
answer_post(SpCall *call, void (*answer)(SpCall *call, GHashTable *form))
{
    gsize size = 0;
    const char *body = call->body != NULL ? g_bytes_get_data(call->body, &size) : "";
    g_autoptr(GHashTable) form = sp_form_parse(body != NULL ? body : "", (gssize) size);

    if (!g_str_equal(call->method, "POST")) {
        sp_login_reply_error(call, 405, "invalid_request", 900561,
                             "The endpoint only accepts POST requests. Received a %s request.",
                             call->method);
    } else if (check_client(call, g_hash_table_lookup(form, "client_id"))) {
        answer(call, form);
    }
}

void
sp_login_answer(SpCall *call)
{
    g_auto(GStrv) parts = g_strsplit(call->path[0] == '/' ? call->path + 1 : call->path, "/", 2);
    const char *rest = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";

    if (parts[0] == NULL || !is_known_tenant(parts[0])) {
        sp_login_reply_error(
            call, 400, "invalid_request", 90002,
            "Tenant '%s' not found. Check to make sure you have the correct tenant ID and "
            "are signing into the correct cloud.",
            parts[0] != NULL ? parts[0] : "");
    } else if (g_str_equal(rest, "oauth2/v2.0/token")) {
        answer_post(call, answer_token);
    } else if (g_str_equal(rest, "oauth2/v2.0/devicecode")) {
        answer_post(call, sp_login_answer_device_code);
    } else if (!g_str_equal(rest, "oauth2/v2.0/authorize")) {
        sp_call_reply_text(call, 404, "text/html", "<html><body>Not found</body></html>");
    } else if (check_client(call, sp_call_query(call, "client_id"))) {
        sp_login_answer_authorize(call);
    }
}
