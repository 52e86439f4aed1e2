/* The practice tenant as a client sees it: every answer through HTTP, by a small client of its own
 * so that a fault of samephoto's client cannot hide one of the tenant. */

#include <curl/curl.h>
#include <gio/gio.h>
#include <ldap.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "core/error.h"
#include "core/json.h"
#include "core/practice/scenario.h"
#include "core/practice/tenant.h"

#define TENANT_ID "7d1f0c52-3b7e-4a0a-9a54-5f1c6b9d2e10"

typedef CURL Curl;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Curl, curl_easy_cleanup)
typedef struct curl_slist Lines;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lines, curl_slist_free_all)

/* What came back. */
typedef struct {
    CURLcode code;
    long status;
    GByteArray *body;
    GHashTable *headers; /* lower-case name -> value */
} Reply;

static void
reply_free(Reply *reply)
{
    g_byte_array_unref(reply->body);
    g_hash_table_unref(reply->headers);
    g_free(reply);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)

/* What to ask. */
typedef struct {
    const char *url;
    const char *method;
    const char *bearer;
    const char *header; /* one more line, or NULL */
    const char *body;
    const char *ca_file;
    long timeout_ms;
} Question;

static size_t
keep_body(char *data, size_t size, size_t count, void *user_data)
{
    Reply *reply = user_data;

    g_byte_array_append(reply->body, (const guint8 *) data, (guint) (size * count));
    return size * count;
}

static size_t
keep_header(char *data, size_t size, size_t count, void *user_data)
{
    Reply *reply = user_data;
    g_autofree char *line = g_strndup(data, size * count);
    char *colon = strchr(line, ':');

    if (colon != NULL) {
        *colon = '\0';
        g_hash_table_insert(reply->headers, g_ascii_strdown(line, -1),
                            g_strdup(g_strstrip(colon + 1)));
    }
    return size * count;
}

static Reply *
ask(const Question *question)
{
    g_autoptr(Curl) curl = curl_easy_init();
    g_autoptr(Lines) lines = NULL;
    Reply *reply = g_new0(Reply, 1);

    reply->body = g_byte_array_new();
    reply->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    curl_easy_setopt(curl, CURLOPT_URL, question->url);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, reply);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                     question->timeout_ms > 0 ? question->timeout_ms : 20000L);
    if (question->ca_file != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, question->ca_file);
    }
    if (question->bearer != NULL) {
        g_autofree char *line = g_strdup_printf("Authorization: Bearer %s", question->bearer);

        lines = curl_slist_append(lines, line);
    }
    if (question->header != NULL) {
        lines = curl_slist_append(lines, question->header);
    }
    if (question->body != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, question->body);
    }
    if (question->method != NULL) {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, question->method);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    reply->code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
    return reply;
}

static const char *
header(const Reply *reply, const char *name)
{
    return g_hash_table_lookup(reply->headers, name);
}

static SpJson *
parse(const Reply *reply)
{
    g_autoptr(GBytes) bytes = g_bytes_new(reply->body->data, reply->body->len);
    g_autoptr(GError) error = NULL;
    SpJson *json = sp_json_parse(bytes, "the answer", &error);

    g_assert_no_error(error);
    return json;
}

/* A running tenant and what `samephoto tenant` would print about it. */
typedef struct {
    SpTenant *tenant;
    SpJson *description;
    GHashTable *tokens; /* audience -> access token */
} Fixture;

static Fixture *
fixture_new(const SpTenantOptions *options)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GError) error = NULL;

    fixture->tenant = sp_tenant_start(options, &error);
    g_assert_no_error(error);
    g_autofree char *line = sp_tenant_describe(fixture->tenant);
    g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));

    g_assert_null(strchr(line, '\n'));
    fixture->description = sp_json_parse(bytes, "the description", &error);
    g_assert_no_error(error);
    fixture->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return fixture;
}

static void
fixture_free(Fixture *fixture)
{
    sp_tenant_stop(fixture->tenant);
    sp_json_put(fixture->description);
    g_hash_table_unref(fixture->tokens);
    g_free(fixture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static const char *
endpoint(const Fixture *fixture, const char *name)
{
    const char *base = sp_json_string(sp_json_member(fixture->description, "endpoints"), name);

    g_assert_nonnull(base);
    return base;
}

static const char *
sign_in_value(const Fixture *fixture, const char *name)
{
    return sp_json_string(sp_json_member(fixture->description, "sign_in"), name);
}

static Reply *
post_token(const Fixture *fixture, const char *form)
{
    g_autofree char *url =
        g_strdup_printf("%s/" TENANT_ID "/oauth2/v2.0/token", endpoint(fixture, "login"));

    return ask(&(Question){.url = url, .body = form});
}

/* A token of the agent for that audience. Borrowed. */
static const char *
token(Fixture *fixture, const char *audience)
{
    const char *known = g_hash_table_lookup(fixture->tokens, audience);

    if (known == NULL) {
        g_autofree char *form = g_strdup_printf(
            "grant_type=refresh_token&client_id=%s&refresh_token=%s&scope=%s%%2F.default",
            sign_in_value(fixture, "client_id"), sp_tenant_get_refresh_token(fixture->tenant),
            audience);
        g_autoptr(Reply) reply = post_token(fixture, form);
        g_autoptr(SpJson) json = parse(reply);

        g_assert_cmpint(reply->status, ==, 200);
        g_assert_cmpstr(sp_json_string(json, "token_type"), ==, "Bearer");
        g_assert_nonnull(sp_json_string(json, "refresh_token"));
        g_hash_table_insert(fixture->tokens, g_strdup(audience),
                            g_strdup(sp_json_string(json, "access_token")));
        known = g_hash_table_lookup(fixture->tokens, audience);
    }
    return known;
}

#define GRAPH      "https://graph.microsoft.com"
#define SHAREPOINT "https://norvane.sharepoint.com"
#define MY         "https://norvane-my.sharepoint.com"
#define EXCHANGE   "https://outlook.office365.com"
#define ENGAGE     "https://api.yammer.com"

static Reply *
get(Fixture *fixture, const char *name, const char *audience, const char *path)
{
    g_autofree char *url = g_strconcat(endpoint(fixture, name), path, NULL);

    return ask(
        &(Question){.url = url, .bearer = audience != NULL ? token(fixture, audience) : NULL});
}

static const char *
upn_of(const char *scenario)
{
    const SpScenario *row = sp_scenario_find(scenario);

    g_assert_nonnull(row);
    return row->user_principal_name;
}

static Reply *
get_graph_photo(Fixture *fixture, const char *scenario, const char *tail)
{
    g_autofree char *upn = g_uri_escape_string(upn_of(scenario), NULL, FALSE);
    g_autofree char *path = g_strdup_printf("/v1.0/users/%s/%s", upn, tail);

    return get(fixture, "graph", GRAPH, path);
}

static Reply *
get_profile(Fixture *fixture, const char *account)
{
    g_autofree char *escaped = g_uri_escape_string(account, NULL, FALSE);
    g_autofree char *path = g_strdup_printf("/_api/SP.UserProfiles.PeopleManager/"
                                            "GetPropertiesFor(accountName=@v)?@v='"
                                            "i%%3A0%%23.f%%7Cmembership%%7C%s'",
                                            escaped);

    return get(fixture, "sharepoint", SHAREPOINT, path);
}

static void
assert_jpeg(const Reply *reply)
{
    g_assert_cmpint(reply->code, ==, CURLE_OK);
    g_assert_cmpint(reply->status, ==, 200);
    g_assert_cmpstr(header(reply, "content-type"), ==, "image/jpeg");
    g_assert_cmpuint(reply->body->len, >, 200);
    g_assert_cmpmem(reply->body->data, 3, "\xff\xd8\xff", 3);
}

static void
test_graph_photo(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Reply) about = get_graph_photo(fixture, "in-sync", "photo");
    g_autoptr(Reply) bytes = get_graph_photo(fixture, "in-sync", "photo/$value");
    g_autoptr(Reply) small = get_graph_photo(fixture, "in-sync", "photos/240X240/$value");
    g_autoptr(Reply) none = get_graph_photo(fixture, "no-photo", "photo/$value");
    g_autoptr(SpJson) json = parse(about);
    g_autoptr(SpJson) error = parse(none);

    g_assert_cmpint(about->status, ==, 200);
    g_assert_cmpstr(sp_json_string(json, "id"), ==, "default");
    g_assert_cmpint(sp_json_int(json, "width", 0), ==, 648);
    g_assert_cmpstr(sp_json_string(json, "@odata.mediaContentType"), ==, "image/jpeg");
    assert_jpeg(bytes);
    g_assert_cmpstr(header(bytes, "etag"), ==, sp_json_string(json, "@odata.mediaEtag"));
    assert_jpeg(small);
    g_assert_cmpuint(small->body->len, <, bytes->body->len);
    g_assert_cmpint(none->status, ==, 404);
    g_assert_cmpstr(sp_json_string(sp_json_member(error, "error"), "code"), ==, "ImageNotFound");
}

static void
test_wrong_audience(void)
{
    static const struct {
        const char *endpoint, *audience, *path, *header, *needle;
    } rows[] = {
        {"graph", EXCHANGE, "/v1.0/users", NULL, "Invalid audience."},
        {"sharepoint", MY, "/_api/SP.UserProfiles.PeopleManager/GetMyProperties",
         "x-ms-diagnostics", "3000003;reason="},
        {"my", SHAREPOINT, "/_api/web/GetFileByServerRelativePath(decodedurl='/x')",
         "www-authenticate", "Bearer"},
        {"exchange", GRAPH, "/EWS/Exchange.asmx/s/GetUserPhoto?email=x&size=HR48x48",
         "www-authenticate", "Bearer"},
        {"viva-engage", GRAPH, "/api/v1/users/by_email.json?email=x", "www-authenticate", "Bearer"},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Reply) reply = get(fixture, rows[i].endpoint, rows[i].audience, rows[i].path);
        g_autoptr(Reply) nobody = get(fixture, rows[i].endpoint, NULL, rows[i].path);
        g_autofree char *body = g_strndup((char *) reply->body->data, reply->body->len);

        g_assert_cmpint(reply->status, ==, 401);
        g_assert_cmpint(nobody->status, ==, 401);
        g_assert_nonnull(
            strstr(rows[i].header != NULL ? header(reply, rows[i].header) : body, rows[i].needle));
    }
}

static const char *
property(SpJson *profile, const char *name)
{
    SpJson *list = sp_json_member(profile, "UserProfileProperties");

    for (gsize i = 0; i < json_object_array_length(list); i++) {
        SpJson *row = json_object_array_get_idx(list, i);

        if (g_strcmp0(sp_json_string(row, "Key"), name) == 0) {
            return sp_json_string(row, "Value");
        }
    }
    return NULL;
}

/* The server-relative path that a PictureUrl of the real host names, with another thumbnail. */
static char *
library_path(const char *picture_url, char thumb)
{
    const char *path = strstr(picture_url, ":443/") + 4;
    g_autofree char *bare = g_strndup(path, strcspn(path, "?"));
    g_autofree char *decoded = g_uri_unescape_string(bare, NULL);
    char *mark = strstr(decoded, "_MThumb");

    mark[1] = thumb;
    g_autofree char *escaped = g_uri_escape_string(decoded, NULL, FALSE);

    return g_strdup_printf("/_api/web/GetFileByServerRelativePath(decodedurl='%s')", escaped);
}

static void
test_sharepoint(void)
{
    static const char thumbs[] = "SML";
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Reply) reply = get_profile(fixture, upn_of("sharepoint-stale"));
    g_autoptr(SpJson) profile = parse(reply);
    const char *url = sp_json_string(profile, "PictureUrl");

    g_assert_true(g_str_has_prefix(url, "https://norvane-my.sharepoint.com:443/User%20Photos/"));
    g_assert_cmpstr(property(profile, "SPS-PicturePlaceholderState"), ==, "0");
    g_assert_cmpstr(property(profile, "SPS-PictureExchangeSyncState"), ==, "1");
    g_assert_cmpstr(property(profile, "PictureURL"), ==, url);
    g_assert_nonnull(strstr(url, property(profile, "SPS-PictureTimestamp")));
    for (guint i = 0; thumbs[i] != '\0'; i++) {
        g_autofree char *file = library_path(url, thumbs[i]);
        g_autofree char *value = g_strconcat(file, "/$value", NULL);
        g_autoptr(Reply) about = get(fixture, "my", MY, file);
        g_autoptr(Reply) bytes = get(fixture, "my", MY, value);
        g_autoptr(SpJson) json = parse(about);
        g_autofree char *length = g_strdup_printf("%u", bytes->body->len);

        assert_jpeg(bytes);
        g_assert_cmpstr(sp_json_string(json, "Length"), ==, length);
        g_assert_nonnull(sp_json_string(json, "TimeLastModified"));
    }
}

static void
test_exchange(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *path = g_strdup_printf(
        "/EWS/Exchange.asmx/s/GetUserPhoto?size=HR240x240&email=%s", upn_of("in-sync"));
    g_autofree char *blocked_path = g_strdup_printf(
        "/EWS/Exchange.asmx/s/GetUserPhoto?size=HR240x240&email=%s", upn_of("ews-blocked"));
    g_autoptr(Reply) photo = get(fixture, "exchange", EXCHANGE, path);
    g_autoptr(Reply) blocked = get(fixture, "exchange", EXCHANGE, blocked_path);
    g_autofree char *url = g_strconcat(endpoint(fixture, "exchange"), path, NULL);
    g_autofree char *condition = g_strdup_printf("If-None-Match: %s", header(photo, "etag"));
    g_autoptr(Reply) again =
        ask(&(Question){.url = url, .bearer = token(fixture, EXCHANGE), .header = condition});

    assert_jpeg(photo);
    g_assert_cmpint(again->status, ==, 304);
    g_assert_cmpint(blocked->status, ==, 403);
    g_assert_cmpstr(header(blocked, "x-ews-policy-reason"), ==,
                    "EWS is disabled for this user or tenant");
}

static void
test_viva_engage(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *path =
        g_strdup_printf("/api/v1/users/by_email.json?email=%s", upn_of("in-sync"));
    g_autoptr(Reply) reply = get(fixture, "viva-engage", ENGAGE, path);
    g_autoptr(SpJson) list = parse(reply);
    SpJson *person = json_object_array_get_idx(list, 0);
    g_autoptr(GString) url = g_string_new(sp_json_string(person, "mugshot_url_template"));

    g_string_replace(url, "{width}", "300", 0);
    g_string_replace(url, "{height}", "300", 0);
    g_autoptr(Reply) photo = ask(&(Question){.url = url->str});

    g_assert_cmpint(reply->status, ==, 200);
    assert_jpeg(photo);
}

typedef LDAP Directory;

static void
close_directory(Directory *directory)
{
    ldap_unbind_ext_s(directory, NULL, NULL);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Directory, close_directory)

typedef LDAPMessage Message;

static void
free_message(Message *message)
{
    ldap_msgfree(message);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, free_message)

static Directory *
open_directory(const Fixture *fixture)
{
    Directory *directory = NULL;
    int version = LDAP_VERSION3;
    struct timeval patience = {10, 0};

    g_assert_cmpint(ldap_initialize(&directory, endpoint(fixture, "directory")), ==, LDAP_SUCCESS);
    ldap_set_option(directory, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(directory, LDAP_OPT_TIMEOUT, &patience);
    return directory;
}

static int
sign_in(Directory *directory)
{
    struct berval nothing = {0, NULL};

    return ldap_sasl_bind_s(directory, "", LDAP_SASL_SIMPLE, &nothing, NULL, NULL, NULL);
}

static void
test_directory(void)
{
    static const struct {
        const char *base, *filter;
        int result, n_entries;
    } rows[] = {
        {"DC=norvane,DC=example",
         "(&(objectCategory=person)(objectClass=user)(|(userPrincipalName=anna.keller@norvane."
         "example)(mail=x)(proxyAddresses=smtp:x)))",
         LDAP_SUCCESS, 1},
        {"DC=norvane,DC=example", "(mail=LHADDAD@norvane.example)", LDAP_SUCCESS, 1},
        {"DC=norvane,DC=example", "(proxyAddresses=smtp:fiona.berg@norvane.example)", LDAP_SUCCESS,
         1},
        {"DC=norvane,DC=example", "(userPrincipalName=nobody@norvane.example)", LDAP_SUCCESS, 0},
        {"DC=norvane,DC=example", "(userPrincipalName=siobhan.*)", LDAP_PROTOCOL_ERROR, 0},
        {"DC=elsewhere", "(mail=anna.keller@norvane.example)", LDAP_NO_SUCH_OBJECT, 0},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Directory) directory = open_directory(fixture);

    g_assert_cmpint(sign_in(directory), ==, LDAP_SUCCESS);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Message) found = NULL;

        g_assert_cmpint(ldap_search_ext_s(directory, rows[i].base, LDAP_SCOPE_SUBTREE,
                                          rows[i].filter, NULL, 0, NULL, NULL, NULL, 0, &found),
                        ==, rows[i].result);
        g_assert_cmpint(ldap_count_entries(directory, found), ==, rows[i].n_entries);
    }
}

static void
test_directory_photo(void)
{
    char *names[] = {"thumbnailPhoto", "msDS-ReplAttributeMetaData", NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Directory) directory = open_directory(fixture);
    g_autoptr(Message) found = NULL;
    Message *entry = NULL;
    struct berval **values = NULL;

    g_assert_cmpint(sign_in(directory), ==, LDAP_SUCCESS);
    g_assert_cmpint(ldap_search_ext_s(directory, "DC=norvane,DC=example", LDAP_SCOPE_SUBTREE,
                                      "(userPrincipalName=otto.lund@norvane.example)", names, 0,
                                      NULL, NULL, NULL, 0, &found),
                    ==, LDAP_SUCCESS);
    entry = ldap_first_entry(directory, found);
    values = ldap_get_values_len(directory, entry, "thumbnailPhoto");
    g_assert_nonnull(values);
    g_assert_cmpuint(values[0]->bv_len, >, 102400);
    ldap_value_free_len(values);
    values = ldap_get_values_len(directory, entry, "msDS-ReplAttributeMetaData");
    g_assert_nonnull(strstr(values[0]->bv_val, "<ftimeLastOriginatingChange>"));
    ldap_value_free_len(values);
    g_assert_null(ldap_get_values_len(directory, entry, "mail"));
}

static void
test_directory_faults(void)
{
    static const struct {
        const char *fault;
        int result;
    } rows[] = {
        {"directory=401", LDAP_INVALID_CREDENTIALS},
        {"directory=403", LDAP_INSUFFICIENT_ACCESS},
        {"directory=503", LDAP_BUSY},
        {"directory=reset", LDAP_SERVER_DOWN},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *faults[] = {rows[i].fault, NULL};
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});
        g_autoptr(Directory) directory = open_directory(fixture);

        g_assert_cmpint(sign_in(directory), ==, rows[i].result);
    }
}

static void
test_users(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *next = g_strconcat(endpoint(fixture, "graph"), "/v1.0/users?$select=id", NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint n_pages = 0;

    while (next != NULL) {
        g_autoptr(Reply) reply = ask(&(Question){.url = next, .bearer = token(fixture, GRAPH)});
        g_autoptr(SpJson) json = parse(reply);
        SpJson *list = sp_json_member(json, "value");

        for (gsize i = 0; i < json_object_array_length(list); i++) {
            const char *id = sp_json_string(json_object_array_get_idx(list, i), "id");

            g_assert_true(g_hash_table_add(seen, g_strdup(id)));
        }
        g_free(next);
        next = g_strdup(sp_json_string(json, "@odata.nextLink"));
        n_pages++;
    }
    g_assert_cmpuint(n_pages, ==, 2);
    g_assert_cmpuint(g_hash_table_size(seen), ==,
                     json_object_array_length(sp_json_member(fixture->description, "people")));
}

/* The value of "error" and the first of "error_codes". */
static void
assert_refused(const Reply *reply, int status, const char *error, int code)
{
    g_autoptr(SpJson) json = parse(reply);
    SpJson *codes = sp_json_member(json, "error_codes");
    g_autofree char *mark = g_strdup_printf("AADSTS%d: ", code);

    g_assert_cmpint(reply->status, ==, status);
    g_assert_cmpstr(sp_json_string(json, "error"), ==, error);
    g_assert_cmpint(json_object_get_int(json_object_array_get_idx(codes, 0)), ==, code);
    g_assert_true(g_str_has_prefix(sp_json_string(json, "error_description"), mark));
    g_assert_nonnull(sp_json_string(json, "trace_id"));
    g_assert_nonnull(sp_json_string(json, "correlation_id"));
}

static void
test_token_refusals(void)
{
#define CLIENT "client_id=5a9d6c3e-1f42-4b0c-9d7e-2c8b40f1a7d3&"
    static const struct {
        const char *form;
        int status;
        const char *error;
        int code;
    } rows[] = {
        {"grant_type=client_credentials&client_id=x", 400, "unauthorized_client", 700016},
        {CLIENT "grant_type=client_credentials&client_secret=wrong", 401, "invalid_client",
         7000215},
        {CLIENT "grant_type=client_credentials", 401, "invalid_client", 7000218},
        {CLIENT "grant_type=password", 400, "unsupported_grant_type", 70003},
        {CLIENT "grant_type=refresh_token&refresh_token=x", 400, "invalid_grant", 9002313},
        {CLIENT "grant_type=client_credentials&client_secret=practice-only~this-opens-nothing&"
                "scope=https://elsewhere.example/.default",
         400, "invalid_resource", 500011},
        {CLIENT "grant_type=client_credentials&client_secret=practice-only~this-opens-nothing&"
                "scope=https://graph.microsoft.com/.default+https://api.yammer.com/.default",
         400, "invalid_scope", 28000},
        {CLIENT "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-"
                "assertion-type:jwt-bearer&client_assertion=a.b.c",
         401, "invalid_client", 50027},
        {CLIENT "grant_type=authorization_code&code=x", 400, "invalid_grant", 54005},
        {CLIENT "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=x", 400,
         "bad_verification_code", 70018},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *other =
        g_strconcat(endpoint(fixture, "login"), "/contoso.example/oauth2/v2.0/token", NULL);
    g_autoptr(Reply) unknown = ask(&(Question){.url = other, .body = "a=b"});

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Reply) reply = post_token(fixture, rows[i].form);

        assert_refused(reply, rows[i].status, rows[i].error, rows[i].code);
    }
    assert_refused(unknown, 400, "invalid_request", 90002);
}

/* A token for `scope` that the app gets by itself. */
static char *
get_app_token(const Fixture *fixture, const char *audience, const char *proof)
{
    g_autofree char *form =
        g_strdup_printf("grant_type=client_credentials&client_id=%s&scope=%s/.default&%s",
                        sign_in_value(fixture, "client_id"), audience, proof);
    g_autoptr(Reply) reply = post_token(fixture, form);
    g_autoptr(SpJson) json = parse(reply);

    g_assert_cmpint(reply->status, ==, 200);
    g_assert_null(sp_json_string(json, "refresh_token"));
    return g_strdup(sp_json_string(json, "access_token"));
}

static void
test_secret(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *proof =
        g_strdup_printf("client_secret=%s", sign_in_value(fixture, "client_secret"));
    g_autofree char *graph = get_app_token(fixture, GRAPH, proof);
    g_autofree char *sharepoint = get_app_token(fixture, SHAREPOINT, proof);
    g_autofree char *users = g_strconcat(endpoint(fixture, "graph"), "/v1.0/users", NULL);
    g_autofree char *me = g_strconcat(endpoint(fixture, "graph"), "/v1.0/me", NULL);
    g_autofree char *profile = g_strconcat(
        endpoint(fixture, "sharepoint"),
        "/_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)?@v='x'", NULL);
    g_autoptr(Reply) list = ask(&(Question){.url = users, .bearer = graph});
    g_autoptr(Reply) nobody = ask(&(Question){.url = me, .bearer = graph});
    g_autoptr(Reply) refused = ask(&(Question){.url = profile, .bearer = sharepoint});
    g_autofree char *body = g_strndup((char *) refused->body->data, refused->body->len);

    g_assert_cmpint(list->status, ==, 200);
    g_assert_cmpint(nobody->status, ==, 400);
    g_assert_cmpint(refused->status, ==, 401);
    g_assert_nonnull(strstr(body, "Unsupported app only token."));
}

static char *
encode_url(const void *data, gsize size)
{
    char *text = g_base64_encode(data, size);

    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

/* How an assertion is made, or made wrong. */
typedef struct {
    gboolean is_rs256;
    const char *audience; /* NULL: the right one */
    const char *issuer;
    int lifetime;
    gboolean is_tampered;
} Assertion;

static char *
make_assertion(const char *pem, const char *audience, const Assertion *how)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    const EVP_MD *digest = how->is_rs256 ? EVP_sha1() : EVP_sha256();
    unsigned char bytes[512];
    unsigned int n_bytes = 0;
    size_t size = sizeof bytes;
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;

    X509_digest(certificate, digest, bytes, &n_bytes);
    g_autofree char *print = encode_url(bytes, n_bytes);
    g_autofree char *header = g_strdup_printf("{\"alg\":\"%s\",\"typ\":\"JWT\",\"%s\":\"%s\"}",
                                              how->is_rs256 ? "RS256" : "PS256",
                                              how->is_rs256 ? "x5t" : "x5t#S256", print);
    g_autofree char *claims = g_strdup_printf(
        "{\"aud\":\"%s\",\"iss\":\"%s\",\"sub\":\"%s\",\"jti\":\"1\",\"nbf\":%" G_GINT64_FORMAT
        ",\"exp\":%" G_GINT64_FORMAT "}",
        how->audience != NULL ? how->audience : audience, how->issuer, how->issuer, now,
        now + how->lifetime);
    g_autofree char *first = encode_url(header, strlen(header));
    g_autofree char *second = encode_url(claims, strlen(claims));
    g_autofree char *text = g_strdup_printf("%s.%s", first, second);

    g_assert_cmpint(EVP_DigestSignInit(context, &options, EVP_sha256(), NULL, key), ==, 1);
    if (!how->is_rs256) {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    g_assert_cmpint(
        EVP_DigestSign(context, bytes, &size, (const unsigned char *) text, strlen(text)), ==, 1);
    bytes[0] ^= how->is_tampered ? 1 : 0;
    g_autofree char *signature = encode_url(bytes, size);

    EVP_MD_CTX_free(context);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return g_strdup_printf("client_assertion_type=urn:ietf:params:oauth:client-assertion-type:"
                           "jwt-bearer&client_assertion=%s.%s",
                           text, signature);
}

static void
test_certificate(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *pem = sp_tenant_get_certificate(fixture->tenant);
    const char *client = sign_in_value(fixture, "client_id");
    g_autofree char *audience =
        g_strconcat(endpoint(fixture, "login"), "/" TENANT_ID "/oauth2/v2.0/token", NULL);
    const struct {
        Assertion how;
        int code;
    } rows[] = {
        {{TRUE, NULL, client, 300, FALSE}, 0},
        {{FALSE, NULL, client, 300, FALSE}, 0},
        {{FALSE, NULL, client, 300, TRUE}, 700027},
        {{FALSE, NULL, client, -3600, FALSE}, 700024},
        {{FALSE, NULL, "somebody", 300, FALSE}, 700021},
        {{FALSE, "https://elsewhere.example/token", client, 300, FALSE}, 700023},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *proof = make_assertion(pem, audience, &rows[i].how);

        if (rows[i].code == 0) {
            g_autofree char *app = get_app_token(fixture, SHAREPOINT, proof);
            g_autofree char *url = g_strdup_printf(
                "%s/_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)?"
                "@v='i%%3A0%%23.f%%7Cmembership%%7C%s'",
                endpoint(fixture, "sharepoint"), upn_of("in-sync"));
            g_autoptr(Reply) profile = ask(&(Question){.url = url, .bearer = app});

            g_assert_cmpint(profile->status, ==, 200);
        } else {
            g_autofree char *form = g_strdup_printf(
                "grant_type=client_credentials&client_id=%s&scope=" GRAPH "/.default&%s", client,
                proof);
            g_autoptr(Reply) reply = post_token(fixture, form);

            assert_refused(reply, 401, "invalid_client", rows[i].code);
        }
    }
    g_assert_false(sp_tenant_register_certificate(fixture->tenant, "no certificate"));
}

static char *
start_device(const Fixture *fixture)
{
    g_autofree char *url =
        g_strconcat(endpoint(fixture, "login"), "/" TENANT_ID "/oauth2/v2.0/devicecode", NULL);
    g_autofree char *form =
        g_strdup_printf("client_id=%s&scope=" GRAPH "/.default%%20offline_access%%20openid",
                        sign_in_value(fixture, "client_id"));
    g_autoptr(Reply) reply = ask(&(Question){.url = url, .body = form});
    g_autoptr(SpJson) json = parse(reply);

    g_assert_cmpint(reply->status, ==, 200);
    g_assert_nonnull(strstr(sp_json_string(json, "message"), sp_json_string(json, "user_code")));
    g_assert_cmpint(sp_json_int(json, "interval", 0), ==, 1);
    return g_strdup_printf("grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=%s&"
                           "device_code=%s",
                           sign_in_value(fixture, "client_id"),
                           sp_json_string(json, "device_code"));
}

static void
test_device_flow(void)
{
    static const struct {
        const char *outcome, *error;
        int code;
    } rows[] = {
        {"declined", "authorization_declined", 70018},
        {"expired", "expired_token", 70020},
        {"blocked", "invalid_grant", 53003},
        {"no-consent", "invalid_grant", 65001},
        {"slow-down", "slow_down", 70016},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(sp_tenant_script_sign_in(fixture->tenant, 0, rows[i].outcome));
        g_autofree char *form = start_device(fixture);
        g_autoptr(Reply) reply = post_token(fixture, form);

        assert_refused(reply, 400, rows[i].error, rows[i].code);
    }
    g_assert_false(sp_tenant_script_sign_in(fixture->tenant, 0, "nonsense"));

    sp_tenant_script_sign_in(fixture->tenant, 1, "success");
    g_autofree char *form = start_device(fixture);
    g_autoptr(Reply) pending = post_token(fixture, form);
    g_autoptr(Reply) hasty = post_token(fixture, form);

    assert_refused(pending, 400, "authorization_pending", 70016);
    assert_refused(hasty, 400, "slow_down", 70016);
    g_usleep(600 * 1000);
    g_autoptr(Reply) signed_in = post_token(fixture, form);
    g_autoptr(SpJson) json = parse(signed_in);

    g_assert_cmpint(signed_in->status, ==, 200);
    g_assert_nonnull(sp_json_string(json, "access_token"));
    g_assert_nonnull(sp_json_string(json, "refresh_token"));
    g_assert_nonnull(sp_json_string(json, "id_token"));
}

static char *
authorize(const Fixture *fixture, const char *challenge)
{
    g_autofree char *url = g_strdup_printf(
        "%s/" TENANT_ID "/oauth2/v2.0/authorize?client_id=%s&response_type=code&redirect_uri="
        "http%%3A%%2F%%2Flocalhost%%3A4711%%2F&scope=" GRAPH "/.default%%20offline_access&"
        "state=a%%26b&code_challenge=%s&code_challenge_method=S256",
        endpoint(fixture, "login"), sign_in_value(fixture, "client_id"), challenge);
    g_autoptr(Reply) reply = ask(&(Question){.url = url});

    g_assert_cmpint(reply->status, ==, 302);
    g_assert_true(g_str_has_prefix(header(reply, "location"), "http://localhost:4711/?"));
    g_assert_nonnull(strstr(header(reply, "location"), "state=a%26b"));
    return g_strdup(header(reply, "location"));
}

static Reply *
redeem(const Fixture *fixture, const char *location, const char *verifier, const char *redirect)
{
    const char *start = strstr(location, "code=") + 5;
    g_autofree char *code = g_strndup(start, strcspn(start, "&"));
    g_autofree char *form = g_strdup_printf(
        "grant_type=authorization_code&client_id=%s&code=%s&code_verifier=%s&redirect_uri=%s",
        sign_in_value(fixture, "client_id"), code, verifier, redirect);

    return post_token(fixture, form);
}

static void
test_authorization_code(void)
{
    /* The pair of RFC 7636, appendix B. */
    static const char verifier[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    static const char challenge[] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *location = authorize(fixture, challenge);
    g_autoptr(Reply) good = redeem(fixture, location, verifier, "http%3A%2F%2Flocalhost%3A4711%2F");
    g_autoptr(Reply) again =
        redeem(fixture, location, verifier, "http%3A%2F%2Flocalhost%3A4711%2F");
    g_autofree char *second = authorize(fixture, challenge);
    g_autoptr(Reply) wrong = redeem(fixture, second, "x", "http%3A%2F%2Flocalhost%3A4711%2F");
    g_autofree char *third = authorize(fixture, challenge);
    g_autoptr(Reply) moved = redeem(fixture, third, verifier, "http%3A%2F%2Flocalhost%3A1%2F");
    g_autoptr(SpJson) json = parse(good);

    g_assert_cmpint(good->status, ==, 200);
    g_assert_nonnull(sp_json_string(json, "refresh_token"));
    assert_refused(again, 400, "invalid_grant", 54005);
    assert_refused(wrong, 400, "invalid_grant", 501481);
    assert_refused(moved, 400, "invalid_client", 500112);
    sp_tenant_script_sign_in(fixture->tenant, 0, "declined");
    g_autofree char *declined = authorize(fixture, challenge);

    g_assert_nonnull(strstr(declined, "error=access_denied"));
}

/* The status of the person's three thumbnails and whether they are the photo of Graph: compares the
 * size of the files, which differs between any two portraits. */
static char *
library_bytes(Fixture *fixture, const char *upn)
{
    g_autoptr(Reply) reply = get_profile(fixture, upn);
    g_autoptr(SpJson) profile = parse(reply);
    const char *url = sp_json_string(profile, "PictureUrl");

    if (url == NULL) {
        return NULL;
    }
    g_autofree char *file = library_path(url, 'L');
    g_autofree char *value = g_strconcat(file, "/$value", NULL);
    g_autoptr(Reply) bytes = get(fixture, "my", MY, value);

    assert_jpeg(bytes);
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->body->data, bytes->body->len);
}

static void
play(Fixture *fixture, const char *event, const char *upn)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(sp_tenant_play(fixture->tenant, event, upn, &error));
    g_assert_no_error(error);
}

static void
test_sharepoint_pull(void)
{
    static const struct {
        const char *scenario;
        const char *before; /* an event, or NULL */
        gint64 advance;
        gboolean is_pulled;
    } rows[] = {
        {"sharepoint-stale", NULL, 0, TRUE},
        {"sharepoint-not-yet", NULL, 0, FALSE},
        {"sharepoint-not-yet", NULL, 86400, TRUE},
        {"sharepoint-never-synced", NULL, 0, TRUE},
        {"sharepoint-sync-off", NULL, 0, FALSE},
        {"sharepoint-sync-off", "restore-sync", 0, TRUE},
        {"thumbnails-disagree", "rebuild-thumbnails", 0, TRUE},
        {"no-exchange-licence", NULL, 0, TRUE},
        {"mailbox-on-premises", NULL, 0, FALSE},
        {"disabled-account", NULL, 0, FALSE},
        {"disabled-account", "enable-account", 0, TRUE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
        const char *upn = upn_of(rows[i].scenario);
        g_autofree char *before = library_bytes(fixture, upn);

        if (rows[i].before != NULL) {
            play(fixture, rows[i].before, upn);
        }
        sp_tenant_advance(fixture->tenant, rows[i].advance);
        /* The access tokens have expired with the clock. */
        g_hash_table_remove_all(fixture->tokens);
        play(fixture, "owner-opens-sharepoint", upn);
        g_autofree char *after = library_bytes(fixture, upn);

        if (rows[i].is_pulled) {
            g_assert_nonnull(after);
            g_assert_cmpstr(after, !=, before);
        } else {
            g_assert_cmpstr(after, ==, before);
        }
    }
}

static void
test_events(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *upn = upn_of("in-sync");
    g_autoptr(GError) error = NULL;
    g_autoptr(Reply) first = get_graph_photo(fixture, "in-sync", "photo/$value");

    play(fixture, "upload", upn);
    g_autoptr(Reply) second = get_graph_photo(fixture, "in-sync", "photo/$value");
    play(fixture, "delete", upn);
    /* What Entra holds comes back. */
    g_autoptr(Reply) third = get_graph_photo(fixture, "in-sync", "photo");
    g_autoptr(SpJson) fallback = parse(third);
    play(fixture, "directory-clear", upn);
    g_autoptr(Reply) fourth = get_graph_photo(fixture, "in-sync", "photo");

    assert_jpeg(first);
    assert_jpeg(second);
    g_assert_cmpstr(header(first, "etag"), !=, header(second, "etag"));
    g_assert_cmpuint(first->body->len, !=, second->body->len);
    g_assert_cmpint(sp_json_int(fallback, "width", 0), ==, 96);
    g_assert_cmpint(fourth->status, ==, 404);
    g_assert_false(sp_tenant_play(fixture->tenant, "dance", upn, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "owner-opens-sharepoint"));
    g_clear_error(&error);
    g_assert_false(sp_tenant_play(fixture->tenant, "upload", "nobody@norvane.example", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
}

static void
test_consent(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *upn = upn_of("access-denied");
    g_autoptr(Reply) denied = get_profile(fixture, upn);
    g_autoptr(SpJson) json = parse(denied);

    g_assert_cmpint(denied->status, ==, 403);
    g_assert_nonnull(strstr(sp_json_string(sp_json_member(json, "odata.error"), "code"),
                            "System.UnauthorizedAccessException"));
    play(fixture, "grant-consent", upn);
    g_autoptr(Reply) granted = get_profile(fixture, upn);

    g_assert_cmpint(granted->status, ==, 200);
    play(fixture, "withdraw-consent", upn);
    g_autofree char *form = g_strdup_printf(
        "grant_type=refresh_token&client_id=%s&refresh_token=%s&scope=" ENGAGE "/.default",
        sign_in_value(fixture, "client_id"), sp_tenant_get_refresh_token(fixture->tenant));
    g_autoptr(Reply) refused = post_token(fixture, form);

    assert_refused(refused, 400, "invalid_grant", 65001);
}

/* What a service under a fault answers to the request for a person's photo. */
static void
test_fault_answers(void)
{
    static const struct {
        const char *fault;
        CURLcode code;
        long status;
    } rows[] = {
        {"graph=429", CURLE_OK, 429},
        {"graph=503", CURLE_OK, 503},
        {"graph=401", CURLE_OK, 401},
        {"graph=403", CURLE_OK, 403},
        {"graph=garbage", CURLE_OK, 200},
        {"graph=redirect-away", CURLE_OK, 302},
        {"graph=truncate", CURLE_PARTIAL_FILE, 200},
        {"graph=huge", CURLE_OK, 200},
        {"graph=reset", CURLE_RECV_ERROR, 0},
        {"all=503", CURLE_OK, 503},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *faults[] = {rows[i].fault, NULL};
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});
        g_autoptr(Reply) reply = get_graph_photo(fixture, "in-sync", "photo/$value");

        g_test_message("%s", rows[i].fault);
        g_assert_cmpint(reply->code, ==, rows[i].code);
        g_assert_cmpint(reply->status, ==, rows[i].status);
        if (reply->status == 429) {
            g_assert_cmpstr(header(reply, "retry-after"), ==, "2");
        } else if (g_str_has_suffix(rows[i].fault, "huge")) {
            g_assert_cmpuint(reply->body->len, ==, 50 * 1024 * 1024);
        } else if (reply->status == 302) {
            g_assert_true(g_str_has_prefix(header(reply, "location"), "http://localhost:"));
            g_autoptr(Reply) away =
                ask(&(Question){.url = header(reply, "location"), .bearer = "secret"});

            assert_jpeg(away);
            g_assert_cmpuint(sp_tenant_count_leaks(fixture->tenant), ==, 1);
        }
    }
}

static void
test_fault_count(void)
{
    const char *faults[] = {"graph=503:2", NULL};
    const long expected[] = {503, 503, 200, 200};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});

    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autoptr(Reply) reply = get_graph_photo(fixture, "in-sync", "photo");

        g_assert_cmpint(reply->status, ==, expected[i]);
    }
}

static void
test_fault_slow(void)
{
    const char *faults[] = {"graph=slow", NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});
    g_autofree char *url = g_strconcat(endpoint(fixture, "graph"), "/v1.0/users", NULL);
    g_autoptr(Reply) reply =
        ask(&(Question){.url = url, .bearer = token(fixture, GRAPH), .timeout_ms = 1500});

    g_assert_cmpint(reply->code, ==, CURLE_OPERATION_TIMEDOUT);
    g_assert_cmpint(reply->status, ==, 200);
    g_assert_cmpuint(reply->body->len, <=, 3);
}

static gpointer
ask_in_thread(gpointer data)
{
    const Question *question = data;

    return ask(question);
}

/* More hang than there are threads; others are served, and the end comes at once. */
static void
test_fault_timeout(void)
{
    const char *faults[] = {"exchange=timeout", "directory=timeout", NULL};
    Fixture *fixture = fixture_new(&(SpTenantOptions){.faults = faults});
    g_autofree char *url = g_strconcat(endpoint(fixture, "exchange"), "/x", NULL);
    const Question question = {.url = url};
    GThread *threads[12];
    gint64 started = 0;

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("ask", ask_in_thread, (gpointer) &question);
    }
    for (guint i = 0; i < 20; i++) {
        g_autoptr(Reply) reply = get_graph_photo(fixture, "in-sync", "photo");

        g_assert_cmpint(reply->status, ==, 200);
    }
    started = g_get_monotonic_time();
    fixture_free(fixture);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autoptr(Reply) reply = g_thread_join(threads[i]);

        g_assert_cmpint(reply->code, !=, CURLE_OK);
        g_assert_cmpint(reply->code, !=, CURLE_OPERATION_TIMEDOUT);
    }
    g_assert_cmpint(g_get_monotonic_time() - started, <, 5 * G_USEC_PER_SEC);
}

static void
test_options(void)
{
    static const struct {
        const char *scenario, *fault, *latency, *needle;
    } rows[] = {
        {"nonsense", NULL, NULL, "sharepoint-stale"}, {NULL, "sharepont=429", NULL, "sharepoint"},
        {NULL, "graph=4290", NULL, "redirect-away"},  {NULL, "graph=429:0", NULL, "0"},
        {NULL, NULL, "graph=soon", "soon"},           {NULL, NULL, "graph", "viva-engage"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *faults[] = {rows[i].fault, NULL};
        const char *latencies[] = {rows[i].latency, NULL};
        g_autoptr(GError) error = NULL;
        SpTenant *tenant = sp_tenant_start(&(SpTenantOptions){.scenario = rows[i].scenario,
                                                              .faults = faults,
                                                              .latencies = latencies},
                                           &error);

        g_assert_null(tenant);
        g_assert_error(error, SP_ERROR, SP_ERROR_CONFIG);
        g_assert_nonnull(strstr(error->message, rows[i].needle));
    }
}

static void
test_port_taken(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *colon = strrchr(sp_json_string(fixture->description, "listening"), ':');
    guint16 port = (guint16) g_ascii_strtoull(colon + 1, NULL, 10);
    g_autoptr(GError) error = NULL;

    g_assert_null(sp_tenant_start(&(SpTenantOptions){.port = port}, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NETWORK);
}

static void
test_latency(void)
{
    const char *latencies[] = {"all=150", NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.latencies = latencies});
    const char *bearer = token(fixture, GRAPH);
    g_autofree char *url = g_strconcat(endpoint(fixture, "graph"), "/v1.0/me", NULL);
    const Question question = {.url = url, .bearer = bearer};
    GThread *threads[8];
    gint64 started = g_get_monotonic_time();

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("ask", ask_in_thread, (gpointer) &question);
    }
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autoptr(Reply) reply = g_thread_join(threads[i]);

        g_assert_cmpint(reply->status, ==, 200);
    }
    /* Not before the latency is over; that eight at once take about one is for the bench to say. */
    g_assert_cmpint(g_get_monotonic_time() - started, >=, 150 * 1000);
}

static void
test_tls(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("practice-XXXXXX", &error);
    g_autofree char *ca = g_build_filename(folder, "ca.pem", NULL);
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.tls_directory = folder});
    const char *base = sp_json_string(fixture->description, "listening");
    g_autofree char *url = g_strconcat(base, "/graph/v1.0/me", NULL);
    g_autoptr(Reply) trusted = ask(&(Question){.url = url, .ca_file = ca});
    g_autoptr(Reply) untrusted = ask(&(Question){.url = url});
    g_autofree char *rest = g_strconcat("rm -r ", folder, NULL);

    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(base, "https://127.0.0.1:"));
    g_assert_cmpint(trusted->code, ==, CURLE_OK);
    g_assert_cmpint(trusted->status, ==, 401);
    g_assert_cmpint(untrusted->code, ==, CURLE_PEER_FAILED_VERIFICATION);
    g_assert_nonnull(strstr(sp_tenant_get_settings(fixture->tenant), ca));
    g_assert_true(g_spawn_command_line_sync(rest, NULL, NULL, NULL, NULL));
}

/* Everything at once: what holds under ASan and TSan is the point, and that all are answered. */
static gpointer
roam(gpointer data)
{
    Fixture *fixture = data;
    static const char *const scenarios[] = {"in-sync", "sharepoint-stale", "viva-engage-stale"};
    guint n_answers = 0;

    for (guint i = 0; i < 12; i++) {
        const char *scenario = scenarios[i % G_N_ELEMENTS(scenarios)];
        g_autofree char *url = g_strdup_printf("%s/v1.0/users/%s/photos/96x96/$value",
                                               endpoint(fixture, "graph"), upn_of(scenario));
        g_autoptr(Reply) reply =
            ask(&(Question){.url = url, .bearer = g_hash_table_lookup(fixture->tokens, GRAPH)});

        n_answers += reply->status == 200 ? 1 : 0;
        sp_tenant_play(fixture->tenant, "upload", upn_of(scenario), NULL);
        sp_tenant_advance(fixture->tenant, 1);
        g_date_time_unref(sp_tenant_now(fixture->tenant));
    }
    return GUINT_TO_POINTER(n_answers);
}

static void
test_threads(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    GThread *threads[6];

    token(fixture, GRAPH);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("roam", roam, fixture);
    }
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[i])), ==, 12);
    }
}

static SpJson *
find_response(SpJson *responses, const char *id)
{
    for (gsize i = 0; i < json_object_array_length(responses); i++) {
        SpJson *row = json_object_array_get_idx(responses, i);

        if (g_str_equal(sp_json_string(row, "id"), id)) {
            return row;
        }
    }
    return NULL;
}

static Reply *
post_batch(Fixture *fixture, const char *body)
{
    g_autofree char *url = g_strconcat(endpoint(fixture, "graph"), "/v1.0/$batch", NULL);

    return ask(&(Question){.url = url,
                           .bearer = token(fixture, GRAPH),
                           .header = "Content-Type: application/json",
                           .body = body});
}

static void
test_batch(void)
{
    static const char body[] =
        "{\"requests\":[{\"id\":\"m\",\"method\":\"GET\",\"url\":\"/users/anna.keller@norvane."
        "example/photo\"},{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/users/anna.keller@norvane."
        "example/photos/48x48/$value\"},{\"id\":\"x\",\"method\":\"GET\",\"url\":\"/users/nobody/"
        "photo\"},{\"id\":\"d\",\"dependsOn\":[\"x\"],\"method\":\"GET\",\"url\":\"/me\"}]}";
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Reply) reply = post_batch(fixture, body);
    g_autoptr(SpJson) json = parse(reply);
    SpJson *responses = sp_json_member(json, "responses");
    SpJson *bytes = find_response(responses, "b");
    gsize size = 0;
    g_autofree guint8 *photo = g_base64_decode(sp_json_string(bytes, "body"), &size);

    g_assert_cmpint(reply->status, ==, 200);
    g_assert_cmpstr(sp_json_string(json_object_array_get_idx(responses, 0), "id"), !=, "m");
    g_assert_cmpint(sp_json_int(find_response(responses, "m"), "status", 0), ==, 200);
    g_assert_cmpint(sp_json_int(find_response(responses, "x"), "status", 0), ==, 404);
    g_assert_cmpint(sp_json_int(find_response(responses, "d"), "status", 0), ==, 424);
    g_assert_cmpmem(photo, 3, "\xff\xd8\xff", 3);

    play(fixture, "throttle-batch-item", upn_of("in-sync"));
    g_autoptr(Reply) throttled = post_batch(fixture, body);
    g_autoptr(SpJson) second = parse(throttled);
    SpJson *first = find_response(sp_json_member(second, "responses"), "m");

    g_assert_cmpint(throttled->status, ==, 200);
    g_assert_cmpint(sp_json_int(first, "status", 0), ==, 429);
    g_assert_cmpstr(sp_json_string(sp_json_member(first, "headers"), "Retry-After"), ==, "2");

    g_autoptr(Reply) twice = post_batch(
        fixture, "{\"requests\":[{\"id\":\"a\",\"url\":\"/me\"},{\"id\":\"A\",\"url\":\"/me\"}]}");
    g_autoptr(Reply) broken = post_batch(fixture, "{\"requests\":[");

    g_assert_cmpint(twice->status, ==, 400);
    g_assert_cmpint(broken->status, ==, 400);
}

static void
test_user_queries(void)
{
    static const struct {
        const char *query, *header;
        int status;
        gint64 n_people; /* -1: does not matter */
    } rows[] = {
        {"?$filter=startswith(displayName,'anna')", NULL, 200, 1},
        {"?$filter=mail%20eq%20'LHADDAD@norvane.example'", NULL, 200, 1},
        {"?$filter=proxyAddresses/any(a:a%20eq%20'smtp:fiona.berg@norvane.example')", NULL, 200, 1},
        {"?$filter=startswith(displayName,'anna')%20or%20startswith(mail,'bashir')", NULL, 200, 2},
        {"?$filter=userPrincipalName%20eq%20'siobhan.o''hara_fabrikam.example%23EXT%23@norvane."
         "onmicrosoft.com'",
         NULL, 200, 1},
        {"?$filter=displayName%20ne%20'x'", NULL, 400, -1},
        {"?$search=%22displayName:kel%22", "ConsistencyLevel: eventual", 200, 1},
        {"?$search=%22displayName:kel%22", NULL, 400, -1},
        {"?$top=5", NULL, 200, 5},
        {"?$top=1000", NULL, 400, -1},
        {"?$skip=5", NULL, 400, -1},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *url =
            g_strconcat(endpoint(fixture, "graph"), "/v1.0/users", rows[i].query, NULL);
        g_autoptr(Reply) reply =
            ask(&(Question){.url = url, .bearer = token(fixture, GRAPH), .header = rows[i].header});
        g_autoptr(SpJson) json = parse(reply);

        g_test_message("%s", rows[i].query);
        g_assert_cmpint(reply->status, ==, rows[i].status);
        if (rows[i].n_people >= 0) {
            g_assert_cmpint(json_object_array_length(sp_json_member(json, "value")), ==,
                            rows[i].n_people);
        }
    }
}

static void
test_user(void)
{
    static const char *const paths[] = {
        "/v1.0/users/siobhan.o'hara_fabrikam.example%23EXT%23%40norvane.onmicrosoft.com",
        "/v1.0/users('siobhan.o''hara_fabrikam.example%23EXT%23@norvane.onmicrosoft.com')",
        "/beta/users/siobhan.o%27hara_fabrikam.example%23ext%23@norvane.onmicrosoft.com",
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});

    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *path = g_strconcat(paths[i], "?$select=userType,mail", NULL);
        g_autoptr(Reply) reply = get(fixture, "graph", GRAPH, path);
        g_autoptr(SpJson) json = parse(reply);

        g_assert_cmpint(reply->status, ==, 200);
        g_assert_cmpstr(sp_json_string(json, "userType"), ==, "Guest");
        g_assert_null(sp_json_member(json, "id"));
    }
    g_autoptr(Reply) nobody = get(fixture, "graph", GRAPH, "/v1.0/users/nobody");
    g_autoptr(SpJson) error = parse(nobody);

    g_assert_cmpint(nobody->status, ==, 404);
    g_assert_cmpstr(sp_json_string(sp_json_member(error, "error"), "code"), ==,
                    "Request_ResourceNotFound");
}

static void
test_policy(void)
{
    static const struct {
        const char *scenario, *source;
        guint n_roles;
    } rows[] = {
        {NULL, "cloud", 0},
        {"policy-on-premises", "onPremises", 0},
        {"policy-roles", "cloud", 1},
        {"directory-newer", NULL, 0},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.scenario = rows[i].scenario});
        g_autoptr(Reply) reply =
            get(fixture, "graph", GRAPH, "/beta/admin/people/photoupdatesettings");
        g_autoptr(Reply) stable =
            get(fixture, "graph", GRAPH, "/v1.0/admin/people/photoUpdateSettings");
        g_autoptr(SpJson) json = parse(reply);

        g_assert_cmpstr(sp_json_string(json, "source"), ==, rows[i].source);
        g_assert_cmpuint(json_object_array_length(sp_json_member(json, "allowedRoles")), ==,
                         rows[i].n_roles);
        g_assert_cmpint(stable->status, ==, 400);
    }
}

/* userphoto.aspx wants a cookie, redirects to the edge cache, and shows a silhouette for nobody. */
static void
test_user_photo_page(void)
{
    static const struct {
        const char *account, *type;
    } rows[] = {
        {"anna.keller@norvane.example", "image/jpeg"},
        {"viktor.lange@norvane.example", "image/png"},
        {"lhaddad@norvane.example", "image/jpeg"},
        {"leila.haddad@norvane.example", "image/png"},
        {"nobody", "image/png"},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *url =
            g_strdup_printf("%s/_layouts/15/userphoto.aspx?size=L&accountname=%s",
                            endpoint(fixture, "sharepoint"), rows[i].account);
        g_autoptr(Reply) bearer =
            ask(&(Question){.url = url, .bearer = token(fixture, SHAREPOINT)});
        g_autoptr(Reply) cookie = ask(&(Question){.url = url, .header = "Cookie: FedAuth=x"});
        g_autoptr(Reply) photo = ask(&(Question){.url = header(cookie, "location")});
        g_autofree char *altered = g_strconcat(header(cookie, "location"), "x", NULL);
        g_autoptr(Reply) forged = NULL;

        g_assert_cmpint(bearer->status, ==, 403);
        g_assert_cmpint(cookie->status, ==, 302);
        g_assert_cmpint(photo->status, ==, 200);
        g_assert_cmpstr(header(photo, "content-type"), ==, rows[i].type);
        forged = ask(&(Question){.url = altered});
        g_assert_cmpint(forged->status, ==, 403);
    }
}

static void
test_second_profile(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Reply) own = get_profile(fixture, "leila.haddad@norvane.example");
    g_autoptr(Reply) other = get_profile(fixture, "lhaddad@norvane.example");
    g_autoptr(Reply) nobody = get_profile(fixture, "nobody@norvane.example");
    g_autoptr(SpJson) empty = parse(own);
    g_autoptr(SpJson) full = parse(other);
    g_autoptr(SpJson) null = parse(nobody);
    g_autofree char *bytes = library_bytes(fixture, "lhaddad@norvane.example");

    g_assert_null(sp_json_string(empty, "PictureUrl"));
    g_assert_cmpstr(property(empty, "SPS-PicturePlaceholderState"), ==, "1");
    g_assert_cmpstr(sp_json_string(full, "AccountName"), ==,
                    "i:0#.f|membership|lhaddad@norvane.example");
    g_assert_nonnull(bytes);
    g_assert_true(sp_json_bool(null, "odata.null", FALSE));
}

static void
test_expired_signature(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *path =
        g_strdup_printf("/api/v1/users/by_email.json?email=%s", upn_of("in-sync"));
    g_autofree char *none_path =
        g_strdup_printf("/api/v1/users/by_email.json?email=%s", upn_of("no-photo"));
    g_autoptr(Reply) reply = get(fixture, "viva-engage", ENGAGE, path);
    g_autoptr(Reply) none = get(fixture, "viva-engage", ENGAGE, none_path);
    g_autoptr(SpJson) list = parse(reply);
    g_autoptr(SpJson) none_list = parse(none);
    SpJson *person = json_object_array_get_idx(none_list, 0);
    const char *url = sp_json_string(json_object_array_get_idx(list, 0), "mugshot_url");

    g_assert_true(g_str_has_suffix(sp_json_string(person, "mugshot_url"), "no_photo.png"));
    g_assert_true(sp_json_bool(person, "show_ask_for_photo", FALSE));
    g_assert_cmpuint(sp_tenant_count_leaks(fixture->tenant), ==, 0);
    g_autoptr(Reply) leaky = ask(&(Question){.url = url, .bearer = token(fixture, ENGAGE)});

    g_assert_cmpuint(sp_tenant_count_leaks(fixture->tenant), ==, 1);
    sp_tenant_advance(fixture->tenant, 15 * 3600);
    g_autoptr(Reply) late = ask(&(Question){.url = url});

    g_assert_cmpint(late->status, ==, 403);
}

/* Every story has somebody who lives it, and every one of them has their own face or none. */
static void
test_stories(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    SpJson *people = sp_json_member(fixture->description, "people");
    guint n_stories = 0;

    for (const SpScenario *row = sp_scenarios(); row->name != NULL; row++) {
        gboolean is_lived = FALSE;

        for (gsize i = 0; i < json_object_array_length(people) && !is_lived; i++) {
            SpJson *person = json_object_array_get_idx(people, i);

            is_lived =
                g_strcmp0(sp_json_string(person, "scenario"), row->name) == 0 &&
                g_str_equal(sp_json_string(person, "userPrincipalName"), row->user_principal_name);
        }
        g_assert_true(is_lived);
        n_stories++;
    }
    g_assert_cmpuint(n_stories, >=, 32);
}

/* The same each time, so that two runs of a bench compare. */
static void
test_generated_people(void)
{
    g_autoptr(Fixture) one = fixture_new(&(SpTenantOptions){.n_generated_people = 250});
    g_autoptr(Fixture) two = fixture_new(&(SpTenantOptions){.n_generated_people = 250});
    SpJson *first = sp_json_member(one->description, "people");
    SpJson *second = sp_json_member(two->description, "people");

    g_assert_cmpuint(json_object_array_length(first), ==, 130 + 250);
    g_assert_cmpstr(json_object_to_json_string(first), ==, json_object_to_json_string(second));
}

int
main(int argc, char **argv)
{
    int result = 0;

    curl_global_init(CURL_GLOBAL_ALL);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/graph/photo", test_graph_photo);
    g_test_add_func("/practice/graph/users", test_users);
    g_test_add_func("/practice/wrong-audience", test_wrong_audience);
    g_test_add_func("/practice/sharepoint", test_sharepoint);
    g_test_add_func("/practice/exchange", test_exchange);
    g_test_add_func("/practice/viva-engage", test_viva_engage);
    g_test_add_func("/practice/stories", test_stories);
    g_test_add_func("/practice/generated-people", test_generated_people);
    g_test_add_func("/practice/graph/user", test_user);
    g_test_add_func("/practice/graph/queries", test_user_queries);
    g_test_add_func("/practice/graph/batch", test_batch);
    g_test_add_func("/practice/graph/policy", test_policy);
    g_test_add_func("/practice/sharepoint/pull", test_sharepoint_pull);
    g_test_add_func("/practice/sharepoint/second-profile", test_second_profile);
    g_test_add_func("/practice/sharepoint/user-photo-page", test_user_photo_page);
    g_test_add_func("/practice/viva-engage/signature", test_expired_signature);
    g_test_add_func("/practice/events", test_events);
    g_test_add_func("/practice/consent", test_consent);
    g_test_add_func("/practice/sign-in/refusals", test_token_refusals);
    g_test_add_func("/practice/sign-in/secret", test_secret);
    g_test_add_func("/practice/sign-in/certificate", test_certificate);
    g_test_add_func("/practice/sign-in/device", test_device_flow);
    g_test_add_func("/practice/sign-in/code", test_authorization_code);
    g_test_add_func("/practice/fault/answers", test_fault_answers);
    g_test_add_func("/practice/fault/count", test_fault_count);
    g_test_add_func("/practice/fault/slow", test_fault_slow);
    g_test_add_func("/practice/fault/timeout", test_fault_timeout);
    g_test_add_func("/practice/latency", test_latency);
    g_test_add_func("/practice/options", test_options);
    g_test_add_func("/practice/port-taken", test_port_taken);
    g_test_add_func("/practice/tls", test_tls);
    g_test_add_func("/practice/threads", test_threads);
    g_test_add_func("/practice/directory", test_directory);
    g_test_add_func("/practice/directory/photo", test_directory_photo);
    g_test_add_func("/practice/directory/faults", test_directory_faults);
    result = g_test_run();
    curl_global_cleanup();
    return result;
}
