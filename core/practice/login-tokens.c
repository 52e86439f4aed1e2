/* What tokens are issued, for which resource and with which permissions, and what a call's bearer
 * is worth. */

#include "core/practice/login-private.h"

#include <string.h>

#define TOKEN_LIFE   3599
#define REFRESH_LIFE (90 * SP_DAY)

typedef struct {
    SpTokenKind kind;
    SpAudience audience;
    gint64 expires;
} Access;

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

char *
sp_login_random_text(guint n_bytes)
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

char *
sp_login_issue_refresh(SpLogin *login, gint64 now)
{
    g_autofree char *random = sp_login_random_text(48);
    char *token = g_strdup_printf("1.AXkA%s", random);

    g_hash_table_insert(login->refresh, g_strdup(token), make_expiry(now + REFRESH_LIFE));
    return token;
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
            sp_login_reply_error(
                call, 400, "invalid_resource", 500011,
                "The resource principal named %.*s was not found in the tenant named "
                "Norvane.",
                (int) (slash - scopes[i]), scopes[i]);
            return -1;
        }
        if (found >= 0 && found != row) {
            sp_login_reply_error(
                call, 400, "invalid_scope", 28000,
                "Provided value for the input parameter scope is not valid because it "
                "contains more than one resource.");
            return -1;
        }
        found = row;
    }
    /* Scopes without a resource are Graph's. */
    return found < 0 ? 0 : found;
}

gboolean
sp_login_check_scope(SpCall *call, const char *scope)
{
    return find_resource(call, scope) >= 0;
}

char *
sp_login_encode(const void *data, gsize size)
{
    char *text = g_base64_encode(data, size);

    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

static char *
encode_part(SpJson *json)
{
    const char *text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
    char *encoded = sp_login_encode(text, strlen(text));

    sp_json_put(json);
    return encoded;
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

static gboolean
has_scope(const char *scope, const char *wanted)
{
    g_auto(GStrv) scopes = g_strsplit(scope != NULL ? scope : "", " ", -1);

    return g_strv_contains((const char *const *) scopes, wanted);
}

/* What comes along when a person signs in: a refresh token for offline_access, which every use
 * renews, and an id token for openid. */
static void
add_person_tokens(SpCall *call, SpJson *json, const char *scope, gboolean is_renewal)
{
    gint64 now = sp_world_now(call->world);

    if (is_renewal || has_scope(scope, "offline_access")) {
        g_autofree char *refresh = sp_login_issue_refresh(sp_world_get_login(call->world), now);

        sp_json_add_string(json, "refresh_token", refresh);
    }
    if (has_scope(scope, "openid")) {
        g_autofree char *head = encode_part(sp_json_strings("typ", "JWT", "alg", "none", NULL));
        g_autofree char *claims =
            encode_part(sp_json_strings("aud", SP_PRACTICE_CLIENT_ID, "tid", SP_NORVANE_ID, "name",
                                        "Helpdesk", "preferred_username", SP_PRACTICE_AGENT, NULL));
        g_autofree char *token = g_strdup_printf("%s.%s.", head, claims);

        sp_json_add_string(json, "id_token", token);
    }
}

void
sp_login_reply_tokens(SpCall *call, SpTokenKind kind, const char *scope, gboolean is_renewal)
{
    SpLogin *login = sp_world_get_login(call->world);
    gint64 now = sp_world_now(call->world);
    int row = find_resource(call, scope);

    if (row < 0) {
        return;
    }
    if (!sp_world_has_consent(call->world) && resources[row].audience != SP_AUDIENCE_GRAPH) {
        sp_login_reply_error(
            call, 400, "invalid_grant", 65001,
            "The user or administrator has not consented to use the application with ID "
            "'" SP_PRACTICE_CLIENT_ID "' named 'samephoto'. Send an interactive "
            "authorization request for this user and resource.");
        return;
    }
    g_autofree char *head = encode_part(sp_json_strings("typ", "JWT", "alg", "none", NULL));
    g_autofree char *claims = encode_part(make_claims(call, kind, row));
    g_autofree char *signature = sp_login_random_text(24);
    g_autofree char *token = g_strdup_printf("%s.%s.%s", head, claims, signature);
    Access *access = g_new0(Access, 1);
    SpJson *json = sp_json_strings("token_type", "Bearer", NULL);

    *access = (Access){kind, resources[row].audience, now + TOKEN_LIFE};
    g_hash_table_insert(login->access, g_strdup(token), access);
    json_object_object_add(json, "expires_in", json_object_new_int(TOKEN_LIFE));
    json_object_object_add(json, "ext_expires_in", json_object_new_int(TOKEN_LIFE));
    sp_json_add_string(json, "access_token", token);
    if (kind == SP_TOKEN_DELEGATED) {
        add_person_tokens(call, json, scope, is_renewal);
        sp_json_add_string(json, "scope", resources[row].scopes);
    }
    sp_call_add_header(call, "Cache-Control", "no-store, no-cache");
    sp_call_reply_json(call, 200, "application/json; charset=utf-8", json);
}
