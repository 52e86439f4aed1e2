#include "practice-client.h"

#include <string.h>

typedef CURL Curl;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Curl, curl_easy_cleanup)
typedef struct curl_slist Lines;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lines, curl_slist_free_all)

void
reply_free(Reply *reply)
{
    g_byte_array_unref(reply->body);
    g_hash_table_unref(reply->headers);
    g_free(reply);
}

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

Reply *
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
    if (question->upload != NULL) {
        gsize size = 0;
        const void *data = g_bytes_get_data(question->upload, &size);

        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long) size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, data);
    }
    if (question->method != NULL) {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, question->method);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    reply->code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
    return reply;
}

const char *
header(const Reply *reply, const char *name)
{
    return g_hash_table_lookup(reply->headers, name);
}

SpJson *
parse(const Reply *reply)
{
    g_autoptr(GBytes) bytes = g_bytes_new(reply->body->data, reply->body->len);
    g_autoptr(GError) error = NULL;
    SpJson *json = sp_json_parse(bytes, "the answer", &error);

    g_assert_no_error(error);
    return json;
}

Fixture *
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

void
fixture_free(Fixture *fixture)
{
    sp_tenant_stop(fixture->tenant);
    sp_json_put(fixture->description);
    g_hash_table_unref(fixture->tokens);
    g_free(fixture);
}

const char *
endpoint(const Fixture *fixture, const char *name)
{
    const char *base = sp_json_string(sp_json_member(fixture->description, "endpoints"), name);

    g_assert_nonnull(base);
    return base;
}

const char *
sign_in_value(const Fixture *fixture, const char *name)
{
    return sp_json_string(sp_json_member(fixture->description, "sign_in"), name);
}

Reply *
post_token(const Fixture *fixture, const char *form)
{
    g_autofree char *url =
        g_strdup_printf("%s/" TENANT_ID "/oauth2/v2.0/token", endpoint(fixture, "login"));

    return ask(&(Question){.url = url, .body = form});
}

const char *
token(Fixture *fixture, const char *audience)
{
    g_autofree char *scope = g_strconcat(audience, "/.default", NULL);

    return token_for(fixture, scope);
}

const char *
token_for(Fixture *fixture, const char *scope)
{
    const char *known = g_hash_table_lookup(fixture->tokens, scope);

    if (known == NULL) {
        g_autofree char *escaped = g_uri_escape_string(scope, NULL, FALSE);
        g_autofree char *form =
            g_strdup_printf("grant_type=refresh_token&client_id=%s&refresh_token=%s&scope=%s",
                            sign_in_value(fixture, "client_id"),
                            sp_tenant_get_refresh_token(fixture->tenant), escaped);
        g_autoptr(Reply) reply = post_token(fixture, form);
        g_autoptr(SpJson) json = parse(reply);

        g_assert_cmpint(reply->status, ==, 200);
        g_assert_cmpstr(sp_json_string(json, "token_type"), ==, "Bearer");
        g_assert_nonnull(sp_json_string(json, "refresh_token"));
        g_hash_table_insert(fixture->tokens, g_strdup(scope),
                            g_strdup(sp_json_string(json, "access_token")));
        known = g_hash_table_lookup(fixture->tokens, scope);
    }
    return known;
}

Reply *
get(Fixture *fixture, const char *name, const char *audience, const char *path)
{
    g_autofree char *url = g_strconcat(endpoint(fixture, name), path, NULL);

    return ask(
        &(Question){.url = url, .bearer = audience != NULL ? token(fixture, audience) : NULL});
}

const char *
upn_of(const char *scenario)
{
    const SpScenario *row = sp_scenario_find(scenario);

    g_assert_nonnull(row);
    return row->user_principal_name;
}

Reply *
get_graph_photo(Fixture *fixture, const char *scenario, const char *tail)
{
    g_autofree char *upn = g_uri_escape_string(upn_of(scenario), NULL, FALSE);
    g_autofree char *path = g_strdup_printf("/v1.0/users/%s/%s", upn, tail);

    return get(fixture, "graph", GRAPH, path);
}

Reply *
get_profile(Fixture *fixture, const char *account)
{
    g_autofree char *escaped = g_uri_escape_string(account, NULL, FALSE);
    g_autofree char *path = g_strdup_printf("/_api/SP.UserProfiles.PeopleManager/"
                                            "GetPropertiesFor(accountName=@v)?@v='"
                                            "i%%3A0%%23.f%%7Cmembership%%7C%s'",
                                            escaped);

    return get(fixture, "sharepoint", SHAREPOINT, path);
}

void
assert_jpeg(const Reply *reply)
{
    g_assert_cmpint(reply->code, ==, CURLE_OK);
    g_assert_cmpint(reply->status, ==, 200);
    g_assert_cmpstr(header(reply, "content-type"), ==, "image/jpeg");
    g_assert_cmpuint(reply->body->len, >, 200);
    g_assert_cmpmem(reply->body->data, 3, "\xff\xd8\xff", 3);
}

const char *
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

char *
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

void
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

char *
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

void
play(Fixture *fixture, const char *event, const char *upn)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(sp_tenant_play(fixture->tenant, event, upn, &error));
    g_assert_no_error(error);
}

gpointer
ask_in_thread(gpointer data)
{
    const Question *question = data;

    return ask(question);
}
