#include <glib.h>
#include <string.h>

#include "core/services/sharepoint.h"
#include "tests/unit/script.h"

#define PROFILE "GetPropertiesFor"
#define JSON    "Content-Type: application/json\r\n"
#define LARGE                                                                                      \
    "https://norvane-my.sharepoint.com:443/User%20Photos/Profilbilder/4c1e_MThumb.jpg?t=63"
#define FILE_JSON "{\"ETag\":\"\\\"{GUID},3\\\"\",\"TimeLastModified\":\"2026-11-02T08:00:14Z\"}"
#define ACCOUNT   "\"AccountName\":\"i:0#.f|membership|staff01@norvane.example\""
#define PROFILE_OF(url, state)                                                                     \
    "{" ACCOUNT ",\"PictureUrl\":" url ",\"UserProfileProperties\":["                              \
    "{\"Key\":\"SPS-PictureTimestamp\",\"Value\":\"63930211200\"},"                                \
    "{\"Key\":\"SPS-PicturePlaceholderState\",\"Value\":\"" state "\"},"                           \
    "{\"Key\":\"SPS-PictureExchangeSyncState\",\"Value\":\"1\"}]}"
#define DENIED                                                                                     \
    "{\"odata.error\":{\"code\":\"-2147024891, System.UnauthorizedAccessException\",\"message\":"  \
    "{\"lang\":\"en-US\",\"value\":\"Access denied. You do not have permission.\"}}}"
#define GONE                                                                                       \
    "{\"odata.error\":{\"code\":\"-2130575338, Microsoft.SharePoint.SPException\",\"message\":"    \
    "{\"lang\":\"en-US\",\"value\":\"The file does not exist.\"}}}"

/* What the profile and the files answer, and what becomes of the large copy (reference 3.7). */
typedef struct {
    const char *name;
    ScriptRow rows[4];
    SpCopyStatus expected;
    const char *sentence;
} Case;

static const Case cases[] = {
    {"photo",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"/$value", "200 OK", "Content-Type: image/jpeg\r\n", NULL},
      {"GetFileBy", "200 OK", JSON, FILE_JSON}},
     SP_COPY_PRESENT,
     NULL},
    {"verbose",
     {{PROFILE, "200 OK", JSON,
       "{\"d\":{" ACCOUNT ",\"PictureUrl\":\"" LARGE
       "\",\"UserProfileProperties\":{\"results\":[{\"Key\":\"SPS-PicturePlaceholderState\","
       "\"Value\":\"0\"}]}}}"},
      {"/$value", "200 OK", "Content-Type: image/jpeg\r\n", NULL},
      {"GetFileBy", "200 OK", JSON, "{\"d\":" FILE_JSON "}"}},
     SP_COPY_PRESENT,
     NULL},
    {"placeholder-state",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "1")},
      {"/$value", "200 OK", "Content-Type: image/jpeg\r\n", NULL}},
     SP_COPY_PLACEHOLDER,
     NULL},
    {"placeholder-without-picture",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"\"", "1")}},
     SP_COPY_PLACEHOLDER,
     NULL},
    {"empty", {{PROFILE, "200 OK", JSON, PROFILE_OF("null", "")}}, SP_COPY_ABSENT, NULL},
    {"unknown-account",
     {{PROFILE, "200 OK", JSON, "{\"odata.null\":true}"}},
     SP_COPY_ABSENT,
     "no profile"},
    {"unknown-account-verbose",
     {{PROFILE, "200 OK", JSON, "{\"d\":{\"GetPropertiesFor\":null}}"}},
     SP_COPY_ABSENT,
     "no profile"},
    {"elsewhere",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"%s/User%20Photos/x_MThumb.jpg\"", "0")}},
     SP_COPY_INVALID,
     "another server"},
    {"lookalike-host",
     {{PROFILE, "200 OK", JSON,
       PROFILE_OF("\"https://norvane-my.sharepoint.com.evil.example/x_MThumb.jpg\"", "0")}},
     SP_COPY_INVALID,
     "another server"},
    {"file-gone",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"GetFileBy", "404 Not Found", JSON, GONE}},
     SP_COPY_ABSENT,
     "file is gone"},
    {"file-not-found-by-a-proxy",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"GetFileBy", "404 Not Found", "Content-Type: text/html\r\n", "<html>404</html>"}},
     SP_COPY_INVALID,
     "a web page"},
    {"file-denied",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"GetFileBy", "403 Forbidden", JSON, DENIED}},
     SP_COPY_DENIED,
     "AllSites.Read"},
    {"file-token-wrong",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"GetFileBy", "401 Unauthorized",
       "WWW-Authenticate: Bearer realm=\"x\"\r\nx-ms-diagnostics: 3000003;reason=\"Invalid "
       "audience.\";category=\"invalid_client\"\r\n",
       ""}},
     SP_COPY_DENIED,
     "sign in again"},
    {"file-secret",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"GetFileBy", "401 Unauthorized", JSON,
       "{\"error_description\":\"Unsupported app only token.\"}"}},
     SP_COPY_DENIED,
     "certificate"},
    {"file-throttled",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"GetFileBy", "429 Too Many Requests", "Retry-After: 88\r\n", "429 TOO MANY REQUESTS"}},
     SP_COPY_THROTTLED,
     "88 s"},
    {"file-blocked-for-a-while",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"GetFileBy", "503 Service Unavailable", "Retry-After: 88\r\n", ""}},
     SP_COPY_THROTTLED,
     "busy"},
    {"file-redirected",
     {{PROFILE, "200 OK", JSON, PROFILE_OF("\"" LARGE "\"", "0")},
      {"GetFileBy", "302 Found", "Location: %s/away\r\n", ""}},
     SP_COPY_INVALID,
     "another place"},
    {"profile-denied", {{PROFILE, "403 Forbidden", JSON, DENIED}}, SP_COPY_DENIED, "User.Read.All"},
    {"token-wrong",
     {{PROFILE, "401 Unauthorized",
       "x-ms-diagnostics: 3000003;reason=\"Invalid audience Uri.\";category=\"invalid_client\"\r\n",
       ""}},
     SP_COPY_DENIED,
     "sign in again"},
    {"secret",
     {{PROFILE, "401 Unauthorized", JSON,
       "{\"error_description\":\"Unsupported app only token.\"}"}},
     SP_COPY_DENIED,
     "certificate"},
    {"throttled",
     {{PROFILE, "429 Too Many Requests", "Retry-After: 88\r\n", ""}},
     SP_COPY_THROTTLED,
     "88 s"},
    {"blocked-for-a-while",
     {{PROFILE, "503 Service Unavailable", "Retry-After: 88\r\n", ""}},
     SP_COPY_THROTTLED,
     "busy"},
    {"profile-redirected",
     {{PROFILE, "302 Found", "Location: %s/away\r\n", ""}},
     SP_COPY_INVALID,
     "another place"},
    {"no-profile-service",
     {{PROFILE, "404 Not Found", "", "nothing here"}},
     SP_COPY_INVALID,
     "[endpoints] sharepoint"},
    {"garbage", {{PROFILE, "200 OK", JSON, "<html>"}}, SP_COPY_INVALID, "no JSON"},
};

static void
test_case(gconstpointer data)
{
    const Case *row = data;
    g_autoptr(Script) script = script_new(row->rows, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "sharepoint-l");

    g_test_message("%s: %s", sp_copy_status_name(copy->status), copy->error);
    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, sp_copy_status_name(row->expected));
    script_assert_exit_code(script, person, copy);
    if (row->sentence == NULL) {
        g_assert_cmpstr(copy->error, ==, NULL);
    } else {
        g_assert_nonnull(strstr(copy->error, row->sentence));
    }
    /* No token of ours, and nothing else, goes to another host. */
    g_assert_cmpuint(loopback_count(script_get_second(script)), ==, 0);
}

/* The server's requests for the file: the letter swapped, the folder as the profile names it. */
static void
test_requests(void)
{
    g_autoptr(Script) script = script_new(cases[0].rows, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) small = script_fetch(script, person, "sharepoint-s");
    Loopback *server = script_get_server(script);

    g_assert_cmpuint(
        script_count(server, "decodedurl='/User%20Photos/Profilbilder/4c1e_SThumb.jpg'"), ==, 2);
    g_assert_cmpuint(script_count(server, "i%3A0%23.f%7Cmembership%7Cstaff01%40norvane.example"),
                     ==, 1);
    g_assert_cmpuint(script_count(server, "Authorization: Bearer token-of-the-test"), ==, 3);
    g_assert_cmpstr(small->etag, ==, "\"{GUID},3\"");
    g_assert_nonnull(small->last_modified);
    g_assert_cmpstr(sp_copy_get_fact(small, SP_FACT_FILE_STEM), ==, "4c1e");
    g_assert_cmpstr(sp_copy_get_fact(small, SP_FACT_FOLDER), ==, "Profilbilder");
    g_assert_cmpstr(sp_copy_get_fact(small, SP_FACT_PICTURE_TIMESTAMP), ==, "63930211200");
    g_assert_cmpstr(sp_copy_get_fact(small, SP_FACT_EXCHANGE_SYNC), ==, "1");
}

static void
test_paths(void)
{
    static const struct {
        const char *url;
        const char *path;
    } rows[] = {
        {LARGE, "/User Photos/Profilbilder/4c1e_MThumb.jpg"},
        {"https://NORVANE-my.sharepoint.com/a/b.jpg#x", "/a/b.jpg"},
        {"https://norvane.sharepoint.com/a/b.jpg", NULL},
        {"http://norvane-my.sharepoint.com/a/b.jpg", NULL},
        {"https://norvane-my.sharepoint.com@evil.example/a.jpg", NULL},
        {"https://127.0.0.1:8443/my/a/b.jpg", "/a/b.jpg"},
        {"https:/norvane-my.sharepoint.com/a/b.jpg?t=1", "/a/b.jpg"},
        {"/User Photos/a.jpg", NULL},
        {"https://norvane-my.sharepoint.com", NULL},
    };
    g_autoptr(SpConfig) config = sp_config_parse(
        "[tenant]\nname=norvane\n[endpoints]\nmy=https://127.0.0.1:8443/my\n", "test", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = sp_sharepoint_picture_path(config, rows[i].url);

        g_assert_cmpstr(path, ==, rows[i].path);
    }
}

static void
test_thumbnails(void)
{
    static const struct {
        const char *path;
        char letter;
        const char *expected;
    } rows[] = {
        {"/a/x_MThumb.jpg", 'S', "/a/x_SThumb.jpg"},
        {"/a/x_mthumb.JPG", 'L', "/a/x_lthumb.JPG"},
        {"/a/x_MThumb.jpg", 'M', "/a/x_MThumb.jpg"},
        {"/a/own.jpg", 'M', "/a/own.jpg"},
        {"/a/own.jpg", 'L', NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = sp_sharepoint_thumbnail_path(rows[i].path, rows[i].letter);

        g_assert_cmpstr(path, ==, rows[i].expected);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/sharepoint/%s", cases[i].name);

        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/sharepoint/requests", test_requests);
    g_test_add_func("/sharepoint/paths", test_paths);
    g_test_add_func("/sharepoint/thumbnails", test_thumbnails);
    return g_test_run();
}
