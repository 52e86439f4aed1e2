/* What a token may do at the practice tenant's services, and what changes of a photo answer. */

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#include "practice-client.h"

#define WRITES GRAPH "/ProfilePhoto.ReadWrite.All"

/* The right audience alone is not enough: each service's own way to say that a permission is
 * missing. */
static void
test_permissions(void)
{
    static const struct {
        const char *scope, *service, *path;
        long status;
        const char *says;
    } rows[] = {
        {GRAPH "/PeopleSettings.Read.All", "graph", "/v1.0/users?$top=1", 403,
         "\"Authorization_RequestDenied\""},
        {GRAPH "/PeopleSettings.Read.All", "graph", "/v1.0/users/anna.keller%40norvane.example",
         403, "Insufficient privileges to complete the operation."},
        {GRAPH "/PeopleSettings.Read.All", "graph",
         "/v1.0/users/anna.keller%40norvane.example/photo/$value", 403, "\"ErrorAccessDenied\""},
        {GRAPH "/PeopleSettings.Read.All", "graph", "/beta/admin/people/photoUpdateSettings", 200,
         "allowedRoles"},
        {GRAPH "/ProfilePhoto.Read.All", "graph", "/v1.0/users?$top=1", 403,
         "\"Authorization_RequestDenied\""},
        {GRAPH "/ProfilePhoto.Read.All", "graph", "/v1.0/users/anna.keller%40norvane.example/photo",
         200, "\"width\""},
        {GRAPH "/User.Read.All", "graph", "/v1.0/users/anna.keller%40norvane.example/photo", 200,
         "\"width\""},
        {GRAPH "/User.Read.All", "graph", "/beta/admin/people/photoUpdateSettings", 403,
         "\"Authorization_RequestDenied\""},
        {SHAREPOINT "/AllSites.Read", "sharepoint",
         "/_api/SP.UserProfiles.PeopleManager/GetMyProperties", 403,
         "-2147024891, System.UnauthorizedAccessException"},
        {MY "/User.Read.All", "my", "/_api/web/GetFileByServerRelativePath(decodedurl='/x')", 403,
         "Access denied."},
        {EXCHANGE "/Mail.Read", "exchange",
         "/EWS/Exchange.asmx/s/GetUserPhoto?email=anna.keller@norvane.example&size=HR96x96", 403,
         ""},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *url = g_strconcat(endpoint(fixture, rows[i].service), rows[i].path, NULL);
        g_autoptr(Reply) reply =
            ask(&(Question){.url = url, .bearer = token_for(fixture, rows[i].scope)});
        g_autofree char *body = NULL;

        g_byte_array_append(reply->body, (const guint8 *) "", 1);
        body = g_strdup((char *) reply->body->data);
        g_test_message("%s %s: %s", rows[i].scope, rows[i].path, body);
        g_assert_cmpint(reply->status, ==, rows[i].status);
        g_assert_nonnull(strstr(body, rows[i].says));
        g_assert_null(header(reply, "x-ews-policy-reason"));
    }
}

/* What nobody consented to is not given, however nicely it is asked for. */
static void
test_unknown_permission(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *form = g_strdup_printf(
        "grant_type=refresh_token&client_id=%s&refresh_token=%s&scope=" GRAPH
        "/Directory.ReadWrite.All",
        sign_in_value(fixture, "client_id"), sp_tenant_get_refresh_token(fixture->tenant));
    g_autoptr(Reply) reply = post_token(fixture, form);

    assert_refused(reply, 400, "invalid_grant", 65001);
}

/* A picture of our own, `width` times `height`. Transfer full. */
static GBytes *
make_picture(int width, int height, const char *format)
{
    g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, width, height);
    char *data = NULL;
    gsize size = 0;

    gdk_pixbuf_fill(pixbuf, 0x3366ccff);
    g_assert_true(gdk_pixbuf_save_to_buffer(pixbuf, &data, &size, format, NULL, NULL));
    return g_bytes_new_take(data, size);
}

static Reply *
change(Fixture *fixture, const char *scenario, const char *method, const char *scope, GBytes *bytes)
{
    g_autofree char *upn = g_uri_escape_string(upn_of(scenario), NULL, FALSE);
    g_autofree char *url =
        g_strdup_printf("%s/v1.0/users/%s/photo/$value", endpoint(fixture, "graph"), upn);

    return ask(&(Question){.url = url,
                           .method = method,
                           .bearer = token_for(fixture, scope),
                           .header = "Content-Type: image/jpeg",
                           .upload = bytes});
}

static void
test_upload(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(GBytes) picture = make_picture(700, 520, "jpeg");
    g_autoptr(Reply) before = get_graph_photo(fixture, "in-sync", "photo/$value");
    g_autoptr(Reply) put = change(fixture, "in-sync", "PUT", WRITES, picture);
    g_autoptr(Reply) after = get_graph_photo(fixture, "in-sync", "photo/$value");
    g_autoptr(Reply) about = get_graph_photo(fixture, "in-sync", "photo");
    g_autoptr(Reply) patched = change(fixture, "in-sync", "PATCH", WRITES, picture);
    g_autoptr(SpJson) json = parse(about);

    g_assert_cmpint(put->status, ==, 200);
    g_assert_cmpuint(put->body->len, ==, 0);
    assert_jpeg(after);
    g_assert_cmpstr(header(after, "etag"), !=, header(before, "etag"));
    /* Cut to the square in the middle, and served up to the largest size that it fills. */
    g_assert_cmpint(sp_json_int(json, "width", 0), ==, 504);
    g_assert_cmpint(patched->status, ==, 200);
}

static void
test_delete(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Reply) gone = change(fixture, "in-sync", "DELETE", WRITES, NULL);
    g_autoptr(Reply) after = get_graph_photo(fixture, "in-sync", "photo");
    g_autoptr(Reply) again = change(fixture, "in-sync", "DELETE", WRITES, NULL);
    g_autoptr(SpJson) json = parse(after);

    g_assert_cmpint(gone->status, ==, 200);
    /* What shows now is the directory's thumbnail, as if an old photo had come back. */
    g_assert_cmpint(after->status, ==, 200);
    g_assert_cmpint(sp_json_int(json, "width", 0), ==, 96);
    g_assert_cmpint(again->status, ==, 404);
}

/* Reference 2.4: the situations in which a change is refused. */
static void
test_refused_changes(void)
{
    static const struct {
        const char *scenario, *story, *method, *scope;
        int side;
        const char *format;
        long status;
        const char *code;
    } rows[] = {
        {NULL, "in-sync", "PUT", GRAPH "/User.Read.All", 100, "jpeg", 403, "ErrorAccessDenied"},
        {NULL, "in-sync", "DELETE", GRAPH "/User.Read.All", 0, NULL, 403, "ErrorAccessDenied"},
        {"policy-on-premises", "policy-on-premises", "PUT", WRITES, 100, "jpeg", 403,
         "ErrorAccessDenied"},
        {"policy-roles", "policy-roles", "PUT", WRITES, 100, "jpeg", 403, "ErrorAccessDenied"},
        {NULL, "just-created", "PUT", WRITES, 100, "jpeg", 400,
         "ErrorUserResolutionFailedUserDoesNotExist"},
        {NULL, "no-exchange-licence", "PUT", WRITES, 300, "bmp", 404, "ErrorItemNotFound"},
        {NULL, "in-sync", "PUT", WRITES, 1200, "bmp", 413, "RequestEntityTooLarge"},
        {NULL, "in-sync", "PUT", WRITES, 0, NULL, 400, "BadRequest"},
        {NULL, "in-sync", "POST", WRITES, 100, "jpeg", 405, "Request_BadRequest"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.scenario = rows[i].scenario});
        g_autoptr(GBytes) picture = rows[i].format != NULL
                                        ? make_picture(rows[i].side, rows[i].side, rows[i].format)
                                        : NULL;
        g_autoptr(Reply) reply =
            change(fixture, rows[i].story, rows[i].method, rows[i].scope, picture);
        g_autoptr(SpJson) json = NULL;

        g_test_message("%s of %s: %ld", rows[i].method, rows[i].story, reply->status);
        g_assert_cmpint(reply->status, ==, rows[i].status);
        json = parse(reply);
        g_assert_cmpstr(sp_json_string(sp_json_member(json, "error"), "code"), ==, rows[i].code);
    }
}

int
main(int argc, char **argv)
{
    int result = 0;

    curl_global_init(CURL_GLOBAL_ALL);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/rights/permissions", test_permissions);
    g_test_add_func("/practice/rights/unknown-permission", test_unknown_permission);
    g_test_add_func("/practice/photo/upload", test_upload);
    g_test_add_func("/practice/photo/delete", test_delete);
    g_test_add_func("/practice/photo/refused", test_refused_changes);
    result = g_test_run();
    curl_global_cleanup();
    return result;
}
