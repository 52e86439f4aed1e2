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
    char permissions[]; /* separated by blanks */
} Access;

/* Resources that tokens are issued for. Other clouds' hosts are accepted too, so that a settings
 * file with cloud=… can be practised. */
static const struct {
    SpAudience audience;
    const char *resource;
    const char *scopes; /* what the agent's delegated token may do there */
    const char *roles;  /* what the app alone may do there */
    const char *more;   /* what an agent's token may do as well where it is asked for by name */
} resources[] = {
    {SP_AUDIENCE_GRAPH, "https://graph.microsoft.com",
     "PeopleSettings.Read.All ProfilePhoto.Read.All User.Read User.Read.All",
     "PeopleSettings.Read.All ProfilePhoto.Read.All User.Read.All",
     "ProfilePhoto.ReadWrite.All User.ReadBasic.All User.ReadWrite.All"},
    {SP_AUDIENCE_GRAPH, "https://graph.microsoft.us",
     "ProfilePhoto.Read.All User.Read User.Read.All", "ProfilePhoto.Read.All User.Read.All", ""},
    {SP_AUDIENCE_GRAPH, "https://dod-graph.microsoft.us",
     "ProfilePhoto.Read.All User.Read User.Read.All", "ProfilePhoto.Read.All User.Read.All", ""},
    {SP_AUDIENCE_GRAPH, "https://microsoftgraph.chinacloudapi.cn",
     "ProfilePhoto.Read.All User.Read User.Read.All", "ProfilePhoto.Read.All User.Read.All", ""},
    {SP_AUDIENCE_SHAREPOINT, "https://norvane.sharepoint.com", "User.Read.All", "User.Read.All",
     "AllSites.Read"},
    {SP_AUDIENCE_SHAREPOINT, "https://norvane.sharepoint.us", "User.Read.All", "User.Read.All", ""},
    {SP_AUDIENCE_SHAREPOINT, "https://norvane.sharepoint-mil.us", "User.Read.All", "User.Read.All",
     ""},
    {SP_AUDIENCE_SHAREPOINT, "https://norvane.sharepoint.cn", "User.Read.All", "User.Read.All", ""},
    {SP_AUDIENCE_MY, "https://norvane-my.sharepoint.com", "AllSites.Read", "Sites.Read.All",
     "User.Read.All"},
    {SP_AUDIENCE_MY, "https://norvane-my.sharepoint.us", "AllSites.Read", "Sites.Read.All", ""},
    {SP_AUDIENCE_MY, "https://norvane-my.sharepoint-mil.us", "AllSites.Read", "Sites.Read.All", ""},
    {SP_AUDIENCE_MY, "https://norvane-my.sharepoint.cn", "AllSites.Read", "Sites.Read.All", ""},
    {SP_AUDIENCE_EXCHANGE, "https://outlook.office365.com", "EWS.AccessAsUser.All",
     "full_access_as_app", "Mail.Read"},
    {SP_AUDIENCE_EXCHANGE, "https://outlook.office365.us", "EWS.AccessAsUser.All",
     "full_access_as_app", ""},
    {SP_AUDIENCE_EXCHANGE, "https://outlook-dod.office365.us", "EWS.AccessAsUser.All",
     "full_access_as_app", ""},
    {SP_AUDIENCE_EXCHANGE, "https://partner.outlook.cn", "EWS.AccessAsUser.All",
     "full_access_as_app", ""},
    {SP_AUDIENCE_ENGAGE, "https://api.yammer.com", "user_impersonation", "", ""},
    {SP_AUDIENCE_ENGAGE, "https://www.yammer.com", "user_impersonation", "", ""},
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

static gboolean
has_word(const char *words, const char *wanted)
{
    g_auto(GStrv) list = g_strsplit(words != NULL ? words : "", " ", -1);

    for (guint i = 0; list[i] != NULL; i++) {
        if (g_ascii_strcasecmp(list[i], wanted) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
sp_login_may(SpLogin *login, const SpCall *call, const char *const *permissions)
{
    const char *header = sp_call_header(call, "authorization");
    const Access *access = header != NULL && g_ascii_strncasecmp(header, "Bearer ", 7) == 0
                               ? g_hash_table_lookup(login->access, header + 7)
                               : NULL;

    for (guint i = 0; access != NULL && permissions[i] != NULL; i++) {
        if (has_word(access->permissions, permissions[i])) {
            return TRUE;
        }
    }
    return FALSE;
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

/* The permission that a word of a scope names; NULL where it names none: .default, and what is for
 * every resource. */
static const char *
named_permission(const char *word)
{
    static const char *const others[] = {"openid", "profile", "email", "offline_access", NULL};
    const char *slash = strrchr(word, '/');
    const char *name = slash != NULL ? slash + 1 : word;

    return *name == '\0' || *name == '.' || g_strv_contains(others, name) ? NULL : name;
}

/* All that was consented to, or only what the scope names; NULL after an error was answered.
 * Transfer full. */
static char *
grant_permissions(SpCall *call, SpTokenKind kind, int row, const char *scope)
{
    g_auto(GStrv) words = g_strsplit(scope != NULL ? scope : "", " ", -1);
    g_autoptr(GString) granted = g_string_new(NULL);

    if (kind != SP_TOKEN_DELEGATED) {
        return g_strdup(resources[row].roles);
    }
    for (guint i = 0; words[i] != NULL; i++) {
        const char *name = named_permission(words[i]);

        if (name == NULL) {
            continue;
        }
        if (!has_word(resources[row].scopes, name) && !has_word(resources[row].more, name)) {
            sp_login_reply_error(call, 400, "invalid_grant", 65001,
                                 "The user or administrator has not consented to use the "
                                 "application with ID '" SP_PRACTICE_CLIENT_ID
                                 "' named 'samephoto'.");
            return NULL;
        }
        g_string_append_printf(granted, "%s%s", granted->len > 0 ? " " : "", name);
    }
    return g_strdup(granted->len > 0 ? granted->str : resources[row].scopes);
}

static SpJson *
make_claims(SpCall *call, SpTokenKind kind, int row, const char *permissions)
{
    gint64 now = sp_world_now(call->world);
    SpJson *claims = sp_json_strings("aud", resources[row].resource, "iss",
                                     "https://sts.windows.net/" SP_NORVANE_ID "/", "tid",
                                     SP_NORVANE_ID, "appid", SP_PRACTICE_CLIENT_ID, NULL);

    json_object_object_add(claims, "iat", json_object_new_int64(now));
    json_object_object_add(claims, "exp", json_object_new_int64(now + TOKEN_LIFE));
    if (kind == SP_TOKEN_DELEGATED) {
        sp_json_add_string(claims, "scp", permissions);
        sp_json_add_string(claims, "upn", SP_PRACTICE_AGENT);
        sp_json_add_string(claims, "name", "Helpdesk");
    } else {
        g_auto(GStrv) roles = g_strsplit(permissions, " ", -1);
        SpJson *list = sp_json_add_array(claims, "roles");

        for (guint i = 0; roles[i] != NULL && roles[i][0] != '\0'; i++) {
            json_object_array_add(list, json_object_new_string(roles[i]));
        }
        sp_json_add_string(claims, "appidacr", kind == SP_TOKEN_SECRET ? "1" : "2");
    }
    return claims;
}

/* What comes along when a person signs in: a refresh token for offline_access, which every use
 * renews, and an id token for openid. */
static void
add_person_tokens(SpCall *call, SpJson *json, const char *scope, gboolean is_renewal)
{
    gint64 now = sp_world_now(call->world);

    if (is_renewal || has_word(scope, "offline_access")) {
        g_autofree char *refresh = sp_login_issue_refresh(sp_world_get_login(call->world), now);

        sp_json_add_string(json, "refresh_token", refresh);
    }
    if (has_word(scope, "openid")) {
        g_autofree char *head = encode_part(sp_json_strings("typ", "JWT", "alg", "none", NULL));
        g_autofree char *claims =
            encode_part(sp_json_strings("aud", SP_PRACTICE_CLIENT_ID, "tid", SP_NORVANE_ID, "name",
                                        "Helpdesk", "preferred_username", SP_PRACTICE_AGENT, NULL));
        g_autofree char *token = g_strdup_printf("%s.%s.", head, claims);

        sp_json_add_string(json, "id_token", token);
    }
}

static char *
issue_access(SpCall *call, SpTokenKind kind, int row, const char *permissions)
{
    SpLogin *login = sp_world_get_login(call->world);
    g_autofree char *head = encode_part(sp_json_strings("typ", "JWT", "alg", "none", NULL));
    g_autofree char *claims = encode_part(make_claims(call, kind, row, permissions));
    g_autofree char *signature = sp_login_random_text(24);
    char *token = g_strdup_printf("%s.%s.%s", head, claims, signature);
    Access *access = g_malloc0(sizeof *access + strlen(permissions) + 1);

    access->kind = kind;
    access->audience = resources[row].audience;
    access->expires = sp_world_now(call->world) + TOKEN_LIFE;
    strcpy(access->permissions, permissions);
    g_hash_table_insert(login->access, g_strdup(token), access);
    return token;
}

void
sp_login_reply_tokens(SpCall *call, SpTokenKind kind, const char *scope, gboolean is_renewal)
{
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
    g_autofree char *permissions = grant_permissions(call, kind, row, scope);

    if (permissions == NULL) {
        return;
    }
    g_autofree char *token = issue_access(call, kind, row, permissions);
    SpJson *json = sp_json_strings("token_type", "Bearer", NULL);

    json_object_object_add(json, "expires_in", json_object_new_int(TOKEN_LIFE));
    json_object_object_add(json, "ext_expires_in", json_object_new_int(TOKEN_LIFE));
    sp_json_add_string(json, "access_token", token);
    if (kind == SP_TOKEN_DELEGATED) {
        add_person_tokens(call, json, scope, is_renewal);
        sp_json_add_string(json, "scope", permissions);
    }
    sp_call_add_header(call, "Cache-Control", "no-store, no-cache");
    sp_call_reply_json(call, 200, "application/json; charset=utf-8", json);
}
