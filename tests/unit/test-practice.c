/* The practice tenant as a client sees it: every answer through HTTP, by a small client of its own
 * so that a fault of samephoto's client cannot hide one of the tenant. */

#include <curl/curl.h>
#include <gio/gio.h>
#include <ldap.h>
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
    g_test_add_func("/practice/directory", test_directory);
    g_test_add_func("/practice/directory/photo", test_directory_photo);
    g_test_add_func("/practice/directory/faults", test_directory_faults);
    result = g_test_run();
    curl_global_cleanup();
    return result;
}
