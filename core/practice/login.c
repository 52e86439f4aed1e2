#include "core/practice/login.h"

#include <stdarg.h>
#include <string.h>

#include "core/practice/world.h"

#define TOKEN_LIFE   3599
#define REFRESH_LIFE (90 * SP_DAY)

typedef struct {
    SpTokenKind kind;
    SpAudience audience;
    gint64 expires;
} Access;

struct SpLogin {
    GHashTable *access;  /* token -> Access */
    GHashTable *refresh; /* token -> its expiry, gint64 */
    char *agent_token;
};

/* Resources that tokens are issued for. Other clouds' hosts are accepted too, so that a settings
 * file with cloud=… can be practised. */
static const struct {
    SpAudience audience;
    const char *resource;
    const char *scopes; /* what the agent's delegated token may do there */
    const char *roles;  /* what the app alone may do there */
} resources[] = {
    {SP_AUDIENCE_GRAPH, "https://graph.microsoft.com",
     "PeopleSettings.Read.All ProfilePhoto.Read.All User.Read User.Read.All",
     "PeopleSettings.Read.All ProfilePhoto.Read.All User.Read.All"},
    {SP_AUDIENCE_GRAPH, "https://graph.microsoft.us",
     "ProfilePhoto.Read.All User.Read User.Read.All", "ProfilePhoto.Read.All User.Read.All"},
    {SP_AUDIENCE_GRAPH, "https://dod-graph.microsoft.us",
     "ProfilePhoto.Read.All User.Read User.Read.All", "ProfilePhoto.Read.All User.Read.All"},
    {SP_AUDIENCE_GRAPH, "https://microsoftgraph.chinacloudapi.cn",
     "ProfilePhoto.Read.All User.Read User.Read.All", "ProfilePhoto.Read.All User.Read.All"},
    {SP_AUDIENCE_SHAREPOINT, "https://norvane.sharepoint.com", "User.Read.All", "User.Read.All"},
    {SP_AUDIENCE_SHAREPOINT, "https://norvane.sharepoint.us", "User.Read.All", "User.Read.All"},
    {SP_AUDIENCE_SHAREPOINT, "https://norvane.sharepoint-mil.us", "User.Read.All", "User.Read.All"},
    {SP_AUDIENCE_SHAREPOINT, "https://norvane.sharepoint.cn", "User.Read.All", "User.Read.All"},
    {SP_AUDIENCE_MY, "https://norvane-my.sharepoint.com", "AllSites.Read", "Sites.Read.All"},
    {SP_AUDIENCE_MY, "https://norvane-my.sharepoint.us", "AllSites.Read", "Sites.Read.All"},
    {SP_AUDIENCE_MY, "https://norvane-my.sharepoint-mil.us", "AllSites.Read", "Sites.Read.All"},
    {SP_AUDIENCE_MY, "https://norvane-my.sharepoint.cn", "AllSites.Read", "Sites.Read.All"},
    {SP_AUDIENCE_EXCHANGE, "https://outlook.office365.com", "EWS.AccessAsUser.All",
     "full_access_as_app"},
    {SP_AUDIENCE_EXCHANGE, "https://outlook.office365.us", "EWS.AccessAsUser.All",
     "full_access_as_app"},
    {SP_AUDIENCE_EXCHANGE, "https://outlook-dod.office365.us", "EWS.AccessAsUser.All",
     "full_access_as_app"},
    {SP_AUDIENCE_EXCHANGE, "https://partner.outlook.cn", "EWS.AccessAsUser.All",
     "full_access_as_app"},
    {SP_AUDIENCE_ENGAGE, "https://api.yammer.com", "user_impersonation", ""},
    {SP_AUDIENCE_ENGAGE, "https://www.yammer.com", "user_impersonation", ""},
};

static char *
random_text(guint n_bytes)
{
    g_autofree guint8 *bytes = g_malloc(n_bytes);

    for (guint i = 0; i < n_bytes; i++) {
        bytes[i] = (guint8) g_random_int_range(0, 256);
    }
    g_autofree char *text = g_base64_encode(bytes, n_bytes);

    return g_strdelimit(g_strdelimit(g_strdup(text), "+", '-'), "/=", '_');
}

static gint64 *
make_expiry(gint64 time)
{
    gint64 *expiry = g_new(gint64, 1);

    *expiry = time;
    return expiry;
}

static char *
issue_refresh(SpLogin *login, gint64 now)
{
    g_autofree char *random = random_text(48);
    char *token = g_strdup_printf("1.AXkA%s", random);

    g_hash_table_insert(login->refresh, g_strdup(token), make_expiry(now + REFRESH_LIFE));
    return token;
}

SpLogin *
sp_login_new(void)
{
    SpLogin *login = g_new0(SpLogin, 1);

    login->access = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    login->refresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    login->agent_token = issue_refresh(login, g_get_real_time() / G_USEC_PER_SEC);
    return login;
}

void
sp_login_free(SpLogin *login)
{
    if (login == NULL) {
        return;
    }
    g_hash_table_unref(login->access);
    g_hash_table_unref(login->refresh);
    g_free(login->agent_token);
    g_free(login);
}

const char *
sp_login_get_agent_token(SpLogin *login)
{
    return login->agent_token;
}

SpTokenKind
sp_login_examine(SpLogin *login, const SpCall *call, SpAudience audience)
{
    const char *header = sp_call_header(call, "authorization");

    if (header == NULL || g_ascii_strncasecmp(header, "Bearer ", 7) != 0) {
        return SP_TOKEN_NONE;
    }
    const Access *access = g_hash_table_lookup(login->access, header + 7);

    if (access == NULL || access->expires < sp_world_now(call->world)) {
        return SP_TOKEN_NONE;
    }
    return access->audience == audience ? access->kind : SP_TOKEN_WRONG;
}

static void reply_error(SpCall *call, int status, const char *error, int code, const char *format,
                        ...) G_GNUC_PRINTF(5, 6);

/* The error body of reference 8.4. */
static void
reply_error(SpCall *call, int status, const char *error, int code, const char *format, ...)
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

/* The row of the resource that `scope` asks for; -1 after an error was answered. */
static int
find_resource(SpCall *call, const char *scope)
{
    g_auto(GStrv) scopes = g_strsplit(scope != NULL ? scope : "", " ", -1);
    int found = -1;

    for (guint i = 0; scopes[i] != NULL; i++) {
        const char *scheme = strstr(scopes[i], "://");
        const char *slash = scheme != NULL ? strchr(scheme + 3, '/') : NULL;
        int row = -1;

        if (slash == NULL) {
            continue;
        }
        for (guint k = 0; k < G_N_ELEMENTS(resources) && row < 0; k++) {
            gsize length = (gsize) (slash - scopes[i]);

            if (strlen(resources[k].resource) == length &&
                g_ascii_strncasecmp(resources[k].resource, scopes[i], length) == 0) {
                row = (int) k;
            }
        }
        if (row < 0) {
            reply_error(call, 400, "invalid_resource", 500011,
                        "The resource principal named %.*s was not found in the tenant named "
                        "Norvane.",
                        (int) (slash - scopes[i]), scopes[i]);
            return -1;
        }
        if (found >= 0 && found != row) {
            reply_error(call, 400, "invalid_scope", 28000,
                        "Provided value for the input parameter scope is not valid because it "
                        "contains more than one resource.");
            return -1;
        }
        found = row;
    }
    /* Scopes without a resource are Graph's. */
    return found < 0 ? 0 : found;
}

static char *
encode_part(SpJson *json)
{
    const char *text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
    g_autofree char *base64 = g_base64_encode((const guchar *) text, strlen(text));

    sp_json_put(json);
    g_strdelimit(g_strdelimit(base64, "+", '-'), "/", '_');
    base64[strcspn(base64, "=")] = '\0';
    return g_steal_pointer(&base64);
}

static SpJson *
make_claims(SpCall *call, SpTokenKind kind, int row)
{
    gint64 now = sp_world_now(call->world);
    SpJson *claims = sp_json_strings("aud", resources[row].resource, "iss",
                                     "https://sts.windows.net/" SP_NORVANE_ID "/", "tid",
                                     SP_NORVANE_ID, "appid", SP_PRACTICE_CLIENT_ID, NULL);

    json_object_object_add(claims, "iat", json_object_new_int64(now));
    json_object_object_add(claims, "exp", json_object_new_int64(now + TOKEN_LIFE));
    if (kind == SP_TOKEN_DELEGATED) {
        sp_json_add_string(claims, "scp", resources[row].scopes);
        sp_json_add_string(claims, "upn", SP_PRACTICE_AGENT);
        sp_json_add_string(claims, "name", "Helpdesk");
    } else {
        g_auto(GStrv) roles = g_strsplit(resources[row].roles, " ", -1);
        SpJson *list = sp_json_add_array(claims, "roles");

        for (guint i = 0; roles[i] != NULL && roles[i][0] != '\0'; i++) {
            json_object_array_add(list, json_object_new_string(roles[i]));
        }
        sp_json_add_string(claims, "appidacr", kind == SP_TOKEN_SECRET ? "1" : "2");
    }
    return claims;
}

static void
reply_tokens(SpCall *call, SpTokenKind kind, const char *scope)
{
    SpLogin *login = sp_world_get_login(call->world);
    gint64 now = sp_world_now(call->world);
    int row = find_resource(call, scope);

    if (row < 0) {
        return;
    }
    if (!sp_world_has_consent(call->world) && resources[row].audience != SP_AUDIENCE_GRAPH) {
        reply_error(call, 400, "invalid_grant", 65001,
                    "The user or administrator has not consented to use the application with ID "
                    "'" SP_PRACTICE_CLIENT_ID "' named 'samephoto'. Send an interactive "
                    "authorization request for this user and resource.");
        return;
    }
    g_autofree char *head = encode_part(sp_json_strings("typ", "JWT", "alg", "none", NULL));
    g_autofree char *claims = encode_part(make_claims(call, kind, row));
    g_autofree char *signature = random_text(24);
    g_autofree char *token = g_strdup_printf("%s.%s.%s", head, claims, signature);
    Access *access = g_new0(Access, 1);
    SpJson *json = sp_json_strings("token_type", "Bearer", NULL);

    *access = (Access){kind, resources[row].audience, now + TOKEN_LIFE};
    g_hash_table_insert(login->access, g_strdup(token), access);
    json_object_object_add(json, "expires_in", json_object_new_int(TOKEN_LIFE));
    json_object_object_add(json, "ext_expires_in", json_object_new_int(TOKEN_LIFE));
    sp_json_add_string(json, "access_token", token);
    if (kind == SP_TOKEN_DELEGATED) {
        g_autofree char *refresh = issue_refresh(login, now);

        sp_json_add_string(json, "scope", resources[row].scopes);
        sp_json_add_string(json, "refresh_token", refresh);
    }
    sp_call_add_header(call, "Cache-Control", "no-store, no-cache");
    sp_call_reply_json(call, 200, "application/json; charset=utf-8", json);
}

static void
grant_refresh(SpCall *call, GHashTable *form)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *token = g_hash_table_lookup(form, "refresh_token");
    const gint64 *expiry = token != NULL ? g_hash_table_lookup(login->refresh, token) : NULL;

    if (expiry == NULL) {
        reply_error(call, 400, "invalid_grant", 9002313,
                    "Invalid request. Request is malformed or invalid.");
    } else if (*expiry < sp_world_now(call->world)) {
        reply_error(call, 400, "invalid_grant", 700082,
                    "The refresh token has expired due to inactivity.");
    } else {
        reply_tokens(call, SP_TOKEN_DELEGATED, g_hash_table_lookup(form, "scope"));
    }
}

static void
grant_client_credentials(SpCall *call, GHashTable *form)
{
    const char *secret = g_hash_table_lookup(form, "client_secret");

    if (g_strcmp0(secret, SP_PRACTICE_CLIENT_SECRET) != 0) {
        reply_error(call, 401, "invalid_client", 7000215,
                    "Invalid client secret provided. Ensure the secret being sent in the request "
                    "is the client secret value, not the client secret ID, for a secret added to "
                    "app '" SP_PRACTICE_CLIENT_ID "'.");
    } else {
        reply_tokens(call, SP_TOKEN_SECRET, g_hash_table_lookup(form, "scope"));
    }
}

static const struct {
    const char *grant_type;
    void (*grant)(SpCall *call, GHashTable *form);
} grants[] = {
    {"refresh_token", grant_refresh},
    {"client_credentials", grant_client_credentials},
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
    reply_error(call, 400, "unsupported_grant_type", 70003,
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

void
sp_login_answer(SpCall *call)
{
    g_auto(GStrv) parts = g_strsplit(call->path[0] == '/' ? call->path + 1 : call->path, "/", 2);
    const char *rest = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";
    gsize size = 0;
    const char *body = call->body != NULL ? g_bytes_get_data(call->body, &size) : "";
    g_autoptr(GHashTable) form = sp_form_parse(body, (gssize) size);

    if (parts[0] == NULL || !is_known_tenant(parts[0])) {
        reply_error(call, 400, "invalid_request", 90002,
                    "Tenant '%s' not found. Check to make sure you have the correct tenant ID and "
                    "are signing into the correct cloud.",
                    parts[0] != NULL ? parts[0] : "");
    } else if (!g_str_equal(rest, "oauth2/v2.0/token")) {
        sp_call_reply_text(call, 404, "text/html", "<html><body>Not found</body></html>");
    } else if (!g_str_equal(call->method, "POST")) {
        reply_error(call, 405, "invalid_request", 900561,
                    "The endpoint only accepts POST requests. Received a %s request.",
                    call->method);
    } else if (g_strcmp0(g_hash_table_lookup(form, "client_id"), SP_PRACTICE_CLIENT_ID) != 0) {
        const char *client = g_hash_table_lookup(form, "client_id");

        reply_error(call, 400, "unauthorized_client", 700016,
                    "Application with identifier '%s' was not found in the directory 'Norvane'.",
                    client != NULL ? client : "");
    } else {
        answer_token(call, form);
    }
}
