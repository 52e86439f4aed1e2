#include "core/practice/login.h"

#include <stdarg.h>
#include <string.h>

#include "core/practice/certificate.h"
#include "core/practice/world.h"

#define TOKEN_LIFE  3599
#define CODE_LIFE   600
#define DEVICE_LIFE 900
/* Seconds between two polls of the device flow; half of it is too often. */
#define DEVICE_INTERVAL 1
#define REFRESH_LIFE    (90 * SP_DAY)

typedef struct {
    SpTokenKind kind;
    SpAudience audience;
    gint64 expires;
} Access;

/* What happens when a person is asked to sign in. */
typedef enum {
    OUTCOME_SUCCESS,
    OUTCOME_DECLINED,
    OUTCOME_EXPIRED,
    OUTCOME_BLOCKED,
    OUTCOME_NO_CONSENT,
    OUTCOME_SLOW_DOWN,
} Outcome;

static const char *const outcomes[] = {
    [OUTCOME_SUCCESS] = "success",       [OUTCOME_DECLINED] = "declined",
    [OUTCOME_EXPIRED] = "expired",       [OUTCOME_BLOCKED] = "blocked",
    [OUTCOME_NO_CONSENT] = "no-consent", [OUTCOME_SLOW_DOWN] = "slow-down",
};

/* An authorization code that was handed out and not redeemed yet. */
typedef struct {
    char *challenge;
    char *redirect_uri;
    char *scope;
    gint64 expires;
} Code;

/* A device code that a client polls for. */
typedef struct {
    char *scope;
    guint n_pending;
    Outcome outcome;
    gint64 expires;
    gint64 polled; /* monotonic microseconds */
} Device;

struct SpLogin {
    GHashTable *codes;       /* code -> Code */
    GHashTable *devices;     /* device code -> Device */
    GPtrArray *certificates; /* SpAppCertificate */
    guint n_pending;
    Outcome outcome;
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

static void
code_free(Code *code)
{
    g_free(code->challenge);
    g_free(code->redirect_uri);
    g_free(code->scope);
    g_free(code);
}

static void
device_free(Device *device)
{
    g_free(device->scope);
    g_free(device);
}

SpLogin *
sp_login_new(void)
{
    SpLogin *login = g_new0(SpLogin, 1);

    login->n_pending = 1;
    login->codes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) code_free);
    login->devices =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) device_free);
    login->certificates = g_ptr_array_new_with_free_func((GDestroyNotify) sp_app_certificate_free);

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
            login->outcome = (Outcome) i;
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
        g_autofree char *refresh = issue_refresh(sp_world_get_login(call->world), now);

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

static void
reply_tokens(SpCall *call, SpTokenKind kind, const char *scope, gboolean is_renewal)
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
        add_person_tokens(call, json, scope, is_renewal);
        sp_json_add_string(json, "scope", resources[row].scopes);
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
        reply_tokens(call, SP_TOKEN_DELEGATED, g_hash_table_lookup(form, "scope"), TRUE);
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
        reply_error(call, 401, "invalid_client", code,
                    "Client assertion failed signature validation, is not within its valid time "
                    "range, or names another issuer or audience.");
    } else {
        reply_tokens(call, SP_TOKEN_CERTIFICATE, g_hash_table_lookup(form, "scope"), FALSE);
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
        reply_error(call, 401, "invalid_client", secret != NULL ? 7000215 : 7000218,
                    secret != NULL
                        ? "Invalid client secret provided. Ensure the secret being sent in the "
                          "request is the client secret value, not the client secret ID, for a "
                          "secret added to app '" SP_PRACTICE_CLIENT_ID "'."
                        : "The request body must contain the following parameter: "
                          "'client_assertion' or 'client_secret'.");
    } else {
        reply_tokens(call, SP_TOKEN_SECRET, g_hash_table_lookup(form, "scope"), FALSE);
    }
}

static char *
challenge_of(const char *verifier)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize size = sizeof digest;

    g_checksum_update(checksum, (const guchar *) verifier, -1);
    g_checksum_get_digest(checksum, digest, &size);
    char *text = g_base64_encode(digest, size);

    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

static void
grant_code(SpCall *call, GHashTable *form)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *text = g_hash_table_lookup(form, "code");
    const char *verifier = g_hash_table_lookup(form, "code_verifier");
    const char *scope = g_hash_table_lookup(form, "scope");
    const Code *code = text != NULL ? g_hash_table_lookup(login->codes, text) : NULL;
    g_autofree char *challenge = challenge_of(verifier != NULL ? verifier : "");

    if (code == NULL) {
        reply_error(call, 400, "invalid_grant", 54005,
                    "OAuth2 Authorization code was already redeemed, please retry with a new valid "
                    "code or use an existing refresh token.");
        return;
    }
    if (code->expires < sp_world_now(call->world)) {
        reply_error(call, 400, "invalid_grant", 70008,
                    "The provided authorization code has "
                    "expired.");
    } else if (g_strcmp0(code->redirect_uri, g_hash_table_lookup(form, "redirect_uri")) != 0) {
        reply_error(call, 400, "invalid_client", 500112,
                    "The reply address does not match the reply address provided when requesting "
                    "Authorization code.");
    } else if (!g_str_equal(code->challenge, challenge)) {
        reply_error(call, 400, "invalid_grant", 501481,
                    "The Code_Verifier does not match the code_challenge supplied in the "
                    "authorization request.");
    } else {
        reply_tokens(call, SP_TOKEN_DELEGATED, scope != NULL ? scope : code->scope, FALSE);
    }
    g_hash_table_remove(login->codes, text);
}

/* The way a device sign-in ended, once nothing is pending. */
static void
end_device(SpCall *call, const Device *device)
{
    switch (device->outcome) {
    case OUTCOME_DECLINED:
        reply_error(call, 400, "authorization_declined", 70018,
                    "The end user denied the authorization request.");
        break;
    case OUTCOME_EXPIRED:
        reply_error(call, 400, "expired_token", 70020,
                    "The provided value for the input parameter "
                    "'device_code' has expired.");
        break;
    case OUTCOME_BLOCKED:
        reply_error(call, 400, "invalid_grant", 53003,
                    "Access has been blocked by Conditional Access policies. The access policy "
                    "does not allow token issuance.");
        break;
    case OUTCOME_NO_CONSENT:
        reply_error(call, 400, "invalid_grant", 65001,
                    "The user or administrator has not consented to use the application with ID "
                    "'" SP_PRACTICE_CLIENT_ID "' named 'samephoto'.");
        break;
    default: reply_tokens(call, SP_TOKEN_DELEGATED, device->scope, FALSE);
    }
}

static void
grant_device(SpCall *call, GHashTable *form)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *code = g_hash_table_lookup(form, "device_code");
    Device *device = code != NULL ? g_hash_table_lookup(login->devices, code) : NULL;
    gint64 now = g_get_monotonic_time();
    gboolean is_hasty = FALSE;

    if (device == NULL) {
        reply_error(call, 400, "bad_verification_code", 70018,
                    "Invalid verification code due to User typing in wrong user code for device "
                    "code flow.");
        return;
    }
    is_hasty = device->polled > 0 && now - device->polled < DEVICE_INTERVAL * G_USEC_PER_SEC / 2;
    device->polled = now;
    if (device->expires < sp_world_now(call->world)) {
        device->outcome = OUTCOME_EXPIRED;
        device->n_pending = 0;
    }
    if (is_hasty || (device->outcome == OUTCOME_SLOW_DOWN && device->n_pending == 0)) {
        device->outcome = device->outcome == OUTCOME_SLOW_DOWN ? OUTCOME_SUCCESS : device->outcome;
        reply_error(call, 400, "slow_down", 70016, "The client polls too often.");
    } else if (device->n_pending > 0) {
        device->n_pending--;
        reply_error(call, 400, "authorization_pending", 70016,
                    "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
    } else {
        end_device(call, device);
        g_hash_table_remove(login->devices, code);
    }
}

static const struct {
    const char *grant_type;
    void (*grant)(SpCall *call, GHashTable *form);
} grants[] = {
    {"refresh_token", grant_refresh},
    {"client_credentials", grant_client_credentials},
    {"authorization_code", grant_code},
    {"urn:ietf:params:oauth:grant-type:device_code", grant_device},
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

/* Nine characters that are not mistaken for one another. */
static char *
make_user_code(void)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    char code[10] = {0};

    for (guint i = 0; i < sizeof code - 1; i++) {
        code[i] = letters[g_random_int_range(0, sizeof letters - 1)];
    }
    return g_strdup(code);
}

static void
answer_device_code(SpCall *call, GHashTable *form)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *scope = g_hash_table_lookup(form, "scope");
    g_autofree char *user_code = make_user_code();
    g_autofree char *random = random_text(48);
    g_autofree char *device_code = g_strconcat("HAQABAAEAAAD", random, NULL);
    const char *language = sp_call_query(call, "mkt");
    gboolean is_french = language != NULL && g_str_has_prefix(language, "fr");
    g_autofree char *message = g_strdup_printf(
        is_french ? "Pour vous connecter, ouvrez la page https://microsoft.com/devicelogin dans un "
                    "navigateur et entrez le code %s."
                  : "To sign in, use a web browser to open the page "
                    "https://microsoft.com/devicelogin and enter the code %s to authenticate.",
        user_code);
    Device *device = g_new0(Device, 1);
    SpJson *json = NULL;

    if (find_resource(call, scope) < 0) {
        g_free(device);
        return;
    }
    device->scope = g_strdup(scope);
    device->n_pending = login->n_pending;
    device->outcome = login->outcome;
    device->expires = sp_world_now(call->world) + DEVICE_LIFE;
    g_hash_table_insert(login->devices, g_strdup(device_code), device);
    json = sp_json_strings("user_code", user_code, "device_code", device_code, "verification_uri",
                           "https://microsoft.com/devicelogin", "message", message, NULL);
    json_object_object_add(json, "expires_in", json_object_new_int(DEVICE_LIFE));
    json_object_object_add(json, "interval", json_object_new_int(DEVICE_INTERVAL));
    sp_call_reply_json(call, 200, "application/json; charset=utf-8", json);
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
static void
answer_authorize(SpCall *call)
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
    } else if (login->outcome == OUTCOME_NO_CONSENT) {
        redirect(call, redirect_uri,
                 "error=consent_required&error_description=AADSTS65001%%3A%%20The%%20user%%20or%%20"
                 "administrator%%20has%%20not%%20consented");
    } else if (login->outcome != OUTCOME_SUCCESS && login->outcome != OUTCOME_SLOW_DOWN) {
        redirect(call, redirect_uri,
                 "error=access_denied&error_description=AADSTS65004%%3A%%20User%%20declined%%20to%%"
                 "20consent");
    } else {
        Code *code = g_new0(Code, 1);
        g_autofree char *random = random_text(36);
        g_autofree char *text = g_strconcat("0.AXkA", random, NULL);

        code->challenge = g_strdup(challenge);
        code->redirect_uri = g_strdup(redirect_uri);
        code->scope = g_strdup(sp_call_query(call, "scope"));
        code->expires = sp_world_now(call->world) + CODE_LIFE;
        g_hash_table_insert(login->codes, g_strdup(text), code);
        redirect(call, redirect_uri, "code=%s&session_state=practice", text);
    }
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
    reply_error(call, 400, "unauthorized_client", 700016,
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
        reply_error(call, 405, "invalid_request", 900561,
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
        reply_error(call, 400, "invalid_request", 90002,
                    "Tenant '%s' not found. Check to make sure you have the correct tenant ID and "
                    "are signing into the correct cloud.",
                    parts[0] != NULL ? parts[0] : "");
    } else if (g_str_equal(rest, "oauth2/v2.0/token")) {
        answer_post(call, answer_token);
    } else if (g_str_equal(rest, "oauth2/v2.0/devicecode")) {
        answer_post(call, answer_device_code);
    } else if (!g_str_equal(rest, "oauth2/v2.0/authorize")) {
        sp_call_reply_text(call, 404, "text/html", "<html><body>Not found</body></html>");
    } else if (check_client(call, sp_call_query(call, "client_id"))) {
        answer_authorize(call);
    }
}
