#include <glib.h>
#include <string.h>

#include "tests/unit/script.h"

#define PICTURE  "/photo/$value"
#define METADATA "/photo HTTP"
#define SIZES    "/photos HTTP"
#define JSON     "Content-Type: application/json\r\n"
#define MISSING                                                                                    \
    "{\"error\":{\"code\":\"ImageNotFound\",\"message\":\"Exception of type "                      \
    "'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was "                          \
    "thrown.\",\"innerError\":{\"request-id\":\"0f3a\"}}}"
#define TINY_METADATA                                                                              \
    "{\"@odata.mediaContentType\":\"image/gif\",\"@odata.mediaEtag\":\"\",\"id\":\"1x1\","         \
    "\"height\":1,\"width\":1}"

/* Reference 2.6: an answer of the photo endpoint, and what becomes of it. */
typedef struct {
    const char *name;
    const char *status;
    const char *headers;
    const char *body;
    SpCopyStatus expected;
    const char *sentence; /* part of it; NULL: there is none */
} ErrorRow;

static const ErrorRow error_rows[] = {
    {"no-photo", "404 Not Found", JSON, MISSING, SP_COPY_ABSENT, NULL},
    {"no-photo-entity", "404 Not Found", JSON,
     "{\"error\":{\"code\":\"ErrorEntityNotFound\",\"message\":\"x\",\"innererror\":{}}}",
     SP_COPY_ABSENT, NULL},
    {"no-photo-item", "404 Not Found", JSON, "{\"error\":{\"code\":\"ErrorItemNotFound\"}}",
     SP_COPY_ABSENT, NULL},
    {"no-photo-item-lower", "404 Not Found", JSON, "{\"error\":{\"code\":\"itemNotFound\"}}",
     SP_COPY_ABSENT, NULL},
    {"no-photo-old", "404 Not Found", JSON,
     "{\"error\":{\"code\":\"GetUserPhoto\",\"message\":\"The photo wasn't found.\"}}",
     SP_COPY_ABSENT, NULL},
    {"not-found-by-a-proxy", "404 Not Found", "Content-Type: text/html\r\n",
     "<html><body>404 - File or directory not found.</body></html>", SP_COPY_INVALID, "a web page"},
    {"not-found-for-no-known-reason", "404 Not Found", JSON,
     "{\"error\":{\"code\":\"UnknownError\",\"message\":\"\"}}", SP_COPY_INVALID,
     "UnknownError)"},
    {"not-found-without-a-word", "404 Not Found", "", "", SP_COPY_INVALID, "not known"},
    {"token-wrong", "401 Unauthorized", JSON,
     "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"Access token validation "
     "failure. Invalid audience.\"}}",
     SP_COPY_DENIED, "sign in again"},
    {"token-expired", "401 Unauthorized",
     "WWW-Authenticate: Bearer realm=\"\", error=\"invalid_token\"\r\n" JSON,
     "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"Lifetime validation "
     "failed, "
     "the token is expired.\"}}",
     SP_COPY_DENIED, "run out"},
    {"directory-permission", "403 Forbidden", JSON,
     "{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"Insufficient privileges "
     "to "
     "complete the operation.\"}}",
     SP_COPY_DENIED, "ProfilePhoto.Read.All"},
    {"photo-refused", "403 Forbidden", JSON, "{\"error\":{\"code\":\"ErrorAccessDenied\"}}",
     SP_COPY_DENIED, "can grant it"},
    {"conditional-access", "403 Forbidden", JSON,
     "{\"error\":{\"code\":\"AccessDenied\",\"message\":\"insufficient_claims\"}}", SP_COPY_DENIED,
     "conditional access"},
    {"no-such-user", "404 Not Found", JSON,
     "{\"error\":{\"code\":\"Request_ResourceNotFound\",\"message\":\"Resource 'x' does not exist "
     "or one of its queried reference-property objects are not present.\"}}",
     SP_COPY_ABSENT, "no such person"},
    {"not-yet-known", "404 Not Found", JSON,
     "{\"error\":{\"code\":\"ErrorUserResolutionFailedUserDoesNotExist\"}}", SP_COPY_ABSENT,
     "does not know this person yet"},
    {"not-yet-known-nested", "400 Bad Request", JSON,
     "{\"error\":{\"code\":\"UnknownError\",\"message\":\"{\\\"errorCode\\\":"
     "\\\"ProfileNotFoundException\\\",\\\"message\\\":\\\"m\\\",\\\"target\\\":null}\"}}",
     SP_COPY_ABSENT, "does not know this person yet"},
    {"not-yet-known-text", "404 Not Found", JSON,
     "{\"error\":{\"code\":\"UnknownError\",\"message\":\"Exception of type "
     "'Microsoft.Fast.Profile.Core.Exception.ProfileNotFoundException' was thrown.\"}}",
     SP_COPY_ABSENT, "does not know this person yet"},
    {"mailbox-inactive", "404 Not Found", JSON,
     "{\"error\":{\"code\":\"MailboxNotEnabledForRESTAPI\"}}", SP_COPY_BLOCKED, "on-premises"},
    {"mailbox-elsewhere", "400 Bad Request", JSON,
     "{\"error\":{\"code\":\"MailboxNotHostedInExchangeOnline\"}}", SP_COPY_BLOCKED, "on-premises"},
    {"no-mailbox", "400 Bad Request", JSON,
     "{\"error\":{\"code\":\"AuthenticationError\",\"message\":\"Error authenticating with "
     "resource\"}}",
     SP_COPY_BLOCKED, "no mailbox"},
    {"b2c-tenant", "400 Bad Request", JSON,
     "{\"error\":{\"code\":\"UnknownError\",\"message\":\"{\\\"errorCode\\\":"
     "\\\"OrganizationFromTenantGuidNotFound\\\",\\\"message\\\":\\\"m\\\"}\"}}",
     SP_COPY_BLOCKED, "(B2C) has no photos"},
    {"personal-account", "400 Bad Request", JSON,
     "{\"error\":{\"code\":\"ConsumerPhotoIsNotSupported\"}}", SP_COPY_BLOCKED,
     "a personal account's photo"},
    {"federation", "400 Bad Request", JSON, "{\"error\":{\"code\":\"extensionError\"}}",
     SP_COPY_BLOCKED, "the mailbox is on-premises"},
    {"access-policy", "403 Forbidden", JSON, "{\"error\":{\"code\":\"extensionError\"}}",
     SP_COPY_BLOCKED, "application access policy"},
    {"wrong-path", "405 Method Not Allowed", JSON, "{\"error\":{\"code\":\"Request_BadRequest\"}}",
     SP_COPY_INVALID, "[endpoints] graph"},
    {"dependency", "424 Failed Dependency", JSON, "{}", SP_COPY_UNREACHABLE, "read it again"},
    {"throttled", "429 Too Many Requests", JSON "Retry-After: 77\r\n",
     "{\"error\":{\"code\":\"TooManyRequests\"}}", SP_COPY_THROTTLED, "77 s"},
    {"throttled-app", "429 Too Many Requests", JSON "Retry-After: 77\r\n",
     "{\"error\":{\"code\":\"ApplicationThrottled\"}}", SP_COPY_THROTTLED, "too many requests"},
    {"throttled-activity", "429 Too Many Requests", JSON "Retry-After: 77\r\n",
     "{\"error\":{\"code\":\"activityLimitReached\"}}", SP_COPY_THROTTLED, "too many requests"},
    {"throttled-unknown", "429 Too Many Requests", JSON "Retry-After: 77\r\n",
     "{\"error\":{\"code\":\"UnknownError\"}}", SP_COPY_THROTTLED, "too many requests"},
    {"fault", "500 Internal Server Error", JSON, "{\"error\":{\"code\":\"generalException\"}}",
     SP_COPY_UNREACHABLE, "fault of its own"},
    {"fault-unknown", "500 Internal Server Error", JSON,
     "{\"error\":{\"code\":\"UnknownError\",\"message\":\"{\\\"errorCode\\\":\\\"Odd\\\"}\"}}",
     SP_COPY_UNREACHABLE, "Odd)"},
    {"bad-gateway", "502 Bad Gateway", JSON "Retry-After: 77\r\n",
     "{\"error\":{\"code\":\"UnknownError\"}}", SP_COPY_UNREACHABLE, "fault of its own"},
    {"gateway-timeout", "504 Gateway Timeout", "Retry-After: 77\r\n", "", SP_COPY_UNREACHABLE,
     "fault of its own"},
    {"not-available", "503 Service Unavailable", JSON "Retry-After: 77\r\n",
     "{\"error\":{\"code\":\"serviceNotAvailable\"}}", SP_COPY_THROTTLED, "busy"},
    {"unchanged", "304 Not Modified", "ETag: \"5E3A91C0\"\r\n", "", SP_COPY_INVALID,
     "nothing has changed"},
    {"redirected", "302 Found", "Location: %s/away\r\n", "", SP_COPY_INVALID, "another place"},
    {"web-page", "200 OK", "Content-Type: text/html\r\n", "<html>Sign in</html>", SP_COPY_INVALID,
     "web page"},
    {"empty", "200 OK", "Content-Type: image/jpeg\r\n", "", SP_COPY_INVALID, "empty"},
    {"no-picture", "200 OK", "Content-Type: image/jpeg\r\n", "no picture at all", SP_COPY_INVALID,
     "no picture that can be read"},
};

static void
check_clean(const SpCopy *copy)
{
    if (copy->error != NULL) {
        g_assert_null(strpbrk(copy->error, "\r\n"));
        g_assert_null(strstr(copy->error, "token-of-the-test"));
    }
}

static void
test_error(gconstpointer data)
{
    const ErrorRow *row = data;
    const ScriptRow rows[] = {
        {PICTURE, row->status, row->headers, row->body},
        {METADATA, "404 Not Found", JSON, MISSING},
        {SIZES, "404 Not Found", JSON, MISSING},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Script) script = script_new(rows, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "graph");

    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, sp_copy_status_name(row->expected));
    g_assert_cmpint(copy->http_status, ==, atoi(row->status));
    check_clean(copy);
    script_assert_exit_code(script, person, copy);
    if (row->sentence == NULL) {
        g_assert_cmpstr(copy->error, ==, NULL);
    } else {
        g_assert_nonnull(copy->error);
        g_assert_nonnull(strstr(copy->error, row->sentence));
    }
    g_assert_cmpuint(loopback_count(script_get_second(script)), ==, 0);
}

static void
test_photo(void)
{
    static const ScriptRow rows[] = {
        {PICTURE, "200 OK", "Content-Type: image/jpeg\r\nrequest-id: r-1\r\n", NULL},
        {METADATA, "200 OK", JSON,
         "{\"@odata.mediaContentType\":\"image/jpeg\",\"@odata.mediaEtag\":\"\\\"5E3A91C0\\\"\","
         "\"id\":\"default\",\"height\":648,\"width\":648}"},
        {SIZES, "200 OK", JSON,
         "{\"value\":[{\"id\":\"48x48\",\"height\":48,\"width\":48},"
         "{\"id\":\"240x240\",\"height\":240,\"width\":240}]}"},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Script) script = script_new(rows, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "graph");

    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, "present");
    g_assert_cmpstr(copy->etag, ==, "\"5E3A91C0\"");
    g_assert_cmpstr(copy->request_id, ==, "r-1");
    g_assert_cmpstr(copy->error, ==, NULL);
    g_assert_cmpint(sp_photo_get_width(copy->photo), ==, 240);
    g_assert_cmpstr(sp_copy_get_fact(copy, SP_FACT_SIZES), ==, "48x48 240x240");
    g_assert_cmpstr(sp_copy_get_fact(copy, SP_FACT_FALLBACK), ==, NULL);
    g_assert_cmpuint(script_count(script_get_server(script), "Authorization: Bearer token-of"), ==,
                     4); /* there are no batches here: each is asked by itself */
}

#define BATCH "POST /graph/v1.0/$batch"
#define REPLY(id, body)                                                                            \
    "{\"id\":\"" id                                                                                \
    "\",\"status\":200,\"headers\":{\"Content-Type\":\"application/json\"},\"body\":" body "}"
#define THROTTLE(id)                                                                               \
    "{\"id\":\"" id                                                                                \
    "\",\"status\":429,\"headers\":{\"retry-after\":\"0.1\"},\"body\":{\"error\":{"                \
    "\"code\":\"TooManyRequests\"}}}"
#define BATCH_METADATA "{\"@odata.mediaEtag\":\"\\\"5E3A91C0\\\"\",\"height\":648,\"width\":648}"
#define BATCH_SIZES    "{\"value\":[{\"id\":\"48x48\",\"height\":48,\"width\":48}]}"

/* What comes of a batch (reference 2.8), and how often what was asked for. */
typedef struct {
    const char *name;
    ScriptRow rows[4];
    const char *etag;
    const char *sizes;
    guint n_batches;
    guint n_singles;
} BatchRow;

static const BatchRow batch_rows[] = {
    {"batch-in-any-order",
     {{PICTURE, "200 OK", "Content-Type: image/jpeg\r\n", NULL},
      {BATCH, "200 OK", JSON,
       "{\"responses\":[" REPLY("1", BATCH_SIZES) "," REPLY("0", BATCH_METADATA) "]}"}},
     "\"5E3A91C0\"",
     "48x48",
     1,
     0},
    /* The second batch holds only what was throttled in the first. */
    {"batch-throttled-inside",
     {{PICTURE, "200 OK", "Content-Type: image/jpeg\r\n", NULL},
      {"{\"requests\":[{\"id\":\"1\"", "200 OK", JSON,
       "{\"responses\":[" REPLY("1", BATCH_SIZES) "]}"},
      {BATCH, "200 OK", JSON,
       "{\"responses\":[" REPLY("0", BATCH_METADATA) "," THROTTLE("1") "]}"}},
     "\"5E3A91C0\"",
     "48x48",
     2,
     0},
    {"batch-throttled-for-good",
     {{PICTURE, "200 OK", "Content-Type: image/jpeg\r\n", NULL},
      {BATCH, "200 OK", JSON, "{\"responses\":[" THROTTLE("0") "," THROTTLE("1") "]}"}},
     NULL,
     NULL,
     3,
     0},
    {"batch-replies-for-nobody",
     {{PICTURE, "200 OK", "Content-Type: image/jpeg\r\n", NULL},
      {BATCH, "200 OK", JSON,
       "{\"responses\":[" REPLY("7", BATCH_SIZES) "," REPLY(
           "x", BATCH_SIZES) ",3,"
                             "" REPLY("0", BATCH_METADATA) "," REPLY("0", BATCH_SIZES) "]}"}},
     "\"5E3A91C0\"",
     NULL,
     1,
     0},
    {"batch-refused",
     {{PICTURE, "200 OK", "Content-Type: image/jpeg\r\n", NULL},
      {BATCH, "403 Forbidden", JSON, "{\"error\":{\"code\":\"Authorization_RequestDenied\"}}"}},
     NULL,
     NULL,
     1,
     0},
    {"batch-without-replies",
     {{PICTURE, "200 OK", "Content-Type: image/jpeg\r\n", NULL},
      {METADATA, "200 OK", JSON, BATCH_METADATA},
      {BATCH, "200 OK", JSON, "{}"}},
     "\"5E3A91C0\"",
     NULL,
     1,
     2},
};

static void
test_batch(gconstpointer data)
{
    const BatchRow *row = data;
    g_autoptr(Script) script = script_new(row->rows, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "graph");
    Loopback *server = script_get_server(script);

    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, "present");
    g_assert_cmpstr(copy->etag, ==, row->etag);
    g_assert_cmpstr(sp_copy_get_fact(copy, SP_FACT_SIZES), ==, row->sizes);
    g_assert_cmpuint(script_count(server, BATCH), ==, row->n_batches);
    g_assert_cmpuint(script_count(server, METADATA) + script_count(server, SIZES), ==,
                     row->n_singles);
}

/* Reference 2.2: the documented way to say "no photo". */
static void
test_one_pixel(void)
{
    static const ScriptRow rows[] = {
        {PICTURE, "404 Not Found", JSON, MISSING},
        {METADATA, "200 OK", JSON, TINY_METADATA},
        {SIZES, "404 Not Found", JSON, MISSING},
        {NULL, NULL, NULL, NULL},
    };
    static const ScriptRow with_picture[] = {
        {METADATA, "200 OK", JSON, TINY_METADATA},
        {PICTURE, "200 OK", "Content-Type: image/gif\r\n", NULL},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Script) script = script_new(rows, NULL);
    g_autoptr(Script) second = script_new(with_picture, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "graph");
    g_autoptr(SpCopy) served = script_fetch(second, person, "graph");

    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, "absent");
    g_assert_cmpstr(sp_copy_status_name(served->status), ==, "placeholder");
}

static void
test_fallback(void)
{
    static const ScriptRow rows[] = {
        {PICTURE, "200 OK", "Content-Type: image/jpeg\r\n", NULL},
        {METADATA, "200 OK", JSON, "{\"height\":250,\"width\":250}"},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Script) script = script_new(rows, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "graph");

    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, "present");
    g_assert_nonnull(sp_copy_get_fact(copy, SP_FACT_FALLBACK));
    g_assert_true(g_str_has_prefix(sp_copy_get_fact(copy, SP_FACT_FALLBACK), "250x250"));
}

/* A token of the sign-in is refused: once more with a fresh one, then it is told. */
static void
test_renewal(void)
{
    static const ScriptRow rows[] = {
        {PICTURE, "401 Unauthorized", JSON,
         "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}"},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Script) script = script_new(rows, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "graph");

    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, "denied");
    g_assert_cmpuint(script_count(script_get_server(script), PICTURE), ==, 2);
    g_assert_cmpuint(script_count(script_get_server(script), "oauth2/v2.0/token"), ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/graph/reads-the-photo-and-its-facts", test_photo);
    for (gsize i = 0; i < G_N_ELEMENTS(batch_rows); i++) {
        g_autofree char *path = g_strconcat("/graph/", batch_rows[i].name, NULL);

        g_test_add_data_func(path, &batch_rows[i], test_batch);
    }
    g_test_add_func("/graph/one-pixel-is-no-photo", test_one_pixel);
    g_test_add_func("/graph/tells-the-directory-fallback", test_fallback);
    g_test_add_func("/graph/renews-a-token-once", test_renewal);
    for (gsize i = 0; i < G_N_ELEMENTS(error_rows); i++) {
        g_autofree char *path = g_strdup_printf("/graph/error/%s", error_rows[i].name);

        g_test_add_data_func(path, &error_rows[i], test_error);
    }
    return g_test_run();
}
