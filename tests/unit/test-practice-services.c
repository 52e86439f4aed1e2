/* What each virtual service answers, through HTTP. */

#include <string.h>

#include "practice-client.h"

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
        {"?$search=%22displayName:kel%5C%22%22%20OR%20%22displayName:anna%22",
         "ConsistencyLevel: eventual", 200, 1},
        {"?$search=%22displayName:%5C%5Cxyz%5C%22%22", "ConsistencyLevel: eventual", 200, 0},
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

static void
test_exchange_kinds(void)
{
    static const struct {
        const char *event;
        int status;
        const char *header, *value;
    } rows[] = {
        {"block-ews-by-list", 403, "x-ews-policy-reason",
         "EWS is blocked by policy for this user or tenant"},
        {"exchange-too-old", 200, "content-type", "text/html; charset=UTF-8"},
        {"exchange-on-premises", 200, "content-type", "image/jpeg"},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *upn = upn_of("in-sync");
    g_autofree char *url =
        g_strdup_printf("%s/EWS/Exchange.asmx/s/GetUserPhoto?size=HR240x240&email=%s",
                        endpoint(fixture, "exchange"), upn);
    g_autofree char *pair =
        g_strdup_printf("helpdesk@norvane.example:%s", sign_in_value(fixture, "client_secret"));
    g_autofree char *base64 = g_base64_encode((const guchar *) pair, strlen(pair));
    g_autofree char *basic = g_strdup_printf("Authorization: Basic %s", base64);

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        gboolean is_online = i == 0;

        play(fixture, rows[i].event, upn);
        g_autoptr(Reply) reply =
            ask(&(Question){.url = url,
                            .bearer = is_online ? token(fixture, EXCHANGE) : NULL,
                            .header = is_online ? NULL : basic});
        g_autoptr(Reply) nobody = ask(&(Question){.url = url});

        g_assert_cmpint(reply->status, ==, rows[i].status);
        g_assert_cmpstr(header(reply, rows[i].header), ==, rows[i].value);
        g_assert_cmpint(nobody->status, ==, 401);
        play(fixture, "allow-ews", upn);
    }
}

/* The smallest size is the directory's picture, whatever the mailbox holds (reference 4.1). */
static void
test_exchange_smallest(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *upn = upn_of("hybrid-cloud-wins");
    guint sizes[3] = {0};

    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        static const char *const names[] = {"HR48x48", "HR64x64", "hr648x648"};
        g_autofree char *path =
            g_strdup_printf("/EWS/Exchange.asmx/s/GetUserPhoto?size=%s&email=%s", names[i], upn);
        g_autoptr(Reply) reply = get(fixture, "exchange", EXCHANGE, path);

        assert_jpeg(reply);
        sizes[i] = reply->body->len;
    }
    /* 96 pixels from the directory outweigh 64 from the mailbox. */
    g_assert_cmpuint(sizes[0], >, sizes[1]);
    g_assert_cmpuint(sizes[2], >, sizes[0]);
}

/* The two shapes of "no photo" and of a photo's id. */
static void
test_graph_shapes(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});

    play(fixture, "answer-one-pixel", upn_of("no-photo"));
    play(fixture, "name-by-size", upn_of("in-sync"));
    g_autoptr(Reply) about = get_graph_photo(fixture, "no-photo", "photo");
    g_autoptr(Reply) pixel = get_graph_photo(fixture, "no-photo", "photo/$value");
    g_autoptr(Reply) named = get_graph_photo(fixture, "in-sync", "photo");
    g_autoptr(Reply) list = get_graph_photo(fixture, "in-sync", "photos");
    g_autoptr(Reply) odd = get_graph_photo(fixture, "in-sync", "photos/100x100/$value");
    g_autoptr(SpJson) one = parse(about);
    g_autoptr(SpJson) other = parse(named);
    g_autoptr(SpJson) all = parse(list);

    g_assert_cmpint(sp_json_int(one, "width", 0), ==, 1);
    g_assert_cmpstr(sp_json_string(one, "@odata.mediaContentType"), ==, "image/gif");
    g_assert_cmpstr(sp_json_string(one, "@odata.mediaEtag"), ==, "");
    g_assert_cmpmem(pixel->body->data, 4, "GIF8", 4);
    g_assert_cmpstr(sp_json_string(other, "id"), ==, "648x648");
    g_assert_cmpuint(json_object_array_length(sp_json_member(all, "value")), ==, 9);
    g_assert_cmpint(odd->status, ==, 400);
}

int
main(int argc, char **argv)
{
    int result = 0;

    curl_global_init(CURL_GLOBAL_ALL);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/graph/photo", test_graph_photo);
    g_test_add_func("/practice/wrong-audience", test_wrong_audience);
    g_test_add_func("/practice/sharepoint", test_sharepoint);
    g_test_add_func("/practice/exchange", test_exchange);
    g_test_add_func("/practice/viva-engage", test_viva_engage);
    g_test_add_func("/practice/graph/users", test_users);
    g_test_add_func("/practice/graph/batch", test_batch);
    g_test_add_func("/practice/graph/queries", test_user_queries);
    g_test_add_func("/practice/graph/user", test_user);
    g_test_add_func("/practice/graph/policy", test_policy);
    g_test_add_func("/practice/sharepoint/user-photo-page", test_user_photo_page);
    g_test_add_func("/practice/sharepoint/second-profile", test_second_profile);
    g_test_add_func("/practice/viva-engage/signature", test_expired_signature);
    g_test_add_func("/practice/exchange/kinds", test_exchange_kinds);
    g_test_add_func("/practice/exchange/smallest", test_exchange_smallest);
    g_test_add_func("/practice/graph/shapes", test_graph_shapes);
    result = g_test_run();
    curl_global_cleanup();
    return result;
}
