#include "core/net/http.h"

#include <string.h>

#include "core/error.h"
#include "tests/unit/loopback.h"

/* What a server says to each path, raw. */
typedef struct {
    const char *path;
    const char *raw;
} Script;

static const Script scripts[] = {
    {"/plain",
     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"x\"\r\nRequest-Id: r-1\r\n\r\nhello"},
    {"/chunked",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"},
    {"/until-close", "HTTP/1.0 200 OK\r\n\r\nhello"},
    {"/empty", "HTTP/1.1 204 No Content\r\n\r\n"},
    {"/continue",
     "HTTP/1.1 100 Continue\r\nX-Old: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
    {"/dirty", "HTTP/1.1 404 No\r\nX-Note: a\x1b[31mb\xff c\r\nContent-Length: 0\r\n\r\n"},
    {"/short", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"},
    {"/nothing", ""},
    {"/no-http", "220 mail.example ESMTP\r\n"},
    {"/liar", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nhello"},
    {"/bad-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhel"},
    {"/bad-gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"},
    {"/to-file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"},
    {"/to-nowhere", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"},
    {"/loop", "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n"},
    {"/to-plain", "HTTP/1.1 302 Found\r\nLocation: plain\r\nContent-Length: 0\r\n\r\n"},
};

static void
say_script(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    (void) number;
    (void) user_data;
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        g_autofree char *line = g_strdup_printf(" %s HTTP/1.1\r\n", scripts[i].path);

        if (strstr(request, line) != NULL) {
            loopback_say(out, scripts[i].raw);
            return;
        }
    }
    loopback_answer(out, "500 No such script", "", "");
}

static SpHttp *
new_http(const char *settings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpConfig) config = sp_config_parse(settings, "test", &error);
    SpHttp *http;

    g_assert_no_error(error);
    http = sp_http_new(config, &error);
    g_assert_no_error(error);
    return http;
}

static SpHttpResponse *
send_request(SpHttp *http, const SpHttpRequest *request, GError **error)
{
    g_autoptr(GAsyncResult) result = NULL;

    sp_http_send_async(http, request, NULL, loopback_store_result, &result);
    return sp_http_send_finish(http, loopback_wait(&result), error);
}

static void
assert_body(const SpHttpResponse *response, const char *text)
{
    GBytes *body = sp_http_response_get_body(response);

    g_assert_cmpmem(g_bytes_get_data(body, NULL), g_bytes_get_size(body), text, strlen(text));
}

typedef struct {
    const char *path;
    int status;
    const char *body;
} Answered;

static void
an_answer_is_read_however_it_is_sent(void)
{
    static const Answered rows[] = {
        {"/plain", 200, "hello"}, {"/chunked", 200, "hello"},  {"/until-close", 200, "hello"},
        {"/empty", 204, ""},      {"/continue", 200, "hello"}, {"/dirty", 404, ""},
        {"/to-nowhere", 302, ""}, {"/to-plain", 302, ""},
    };
    g_autoptr(Loopback) server = loopback_new(say_script, NULL);
    g_autoptr(SpHttp) http = new_http("");

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *url = loopback_url(server, rows[i].path);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpHttpResponse) response =
            send_request(http, &(SpHttpRequest){.url = url}, &error);

        g_assert_no_error(error);
        g_assert_cmpint(sp_http_response_get_status(response), ==, rows[i].status);
        assert_body(response, rows[i].body);
        g_assert_cmpstr(sp_http_response_get_url(response), ==, url);
        g_assert_null(sp_http_response_get_header(response, "x-old"));
    }
}

static void
headers_are_found_by_any_case_and_cleaned(void)
{
    g_autoptr(Loopback) server = loopback_new(say_script, NULL);
    g_autoptr(SpHttp) http = new_http("");
    g_autofree char *plain = loopback_url(server, "/plain");
    g_autofree char *dirty = loopback_url(server, "/dirty");
    g_autoptr(SpHttpResponse) good = send_request(http, &(SpHttpRequest){.url = plain}, NULL);
    g_autoptr(SpHttpResponse) bad = send_request(http, &(SpHttpRequest){.url = dirty}, NULL);
    g_autofree char *request = loopback_request(server, 1);

    g_assert_cmpstr(sp_http_response_get_header(good, "etag"), ==, "\"x\"");
    g_assert_cmpstr(sp_http_response_get_request_id(good), ==, "r-1");
    g_assert_cmpstr(sp_http_response_get_header(bad, "x-nOTE"), ==, "a [31mb\xef\xbf\xbd c");
    g_assert_nonnull(strstr(request, "User-Agent: NONISV|samephoto|samephoto/"));
    g_assert_null(strstr(request, "Authorization"));
}

typedef struct {
    const char *path;
    int code;
    const char *says;
} Broken;

static void
what_is_no_answer_is_an_error_with_a_reason(void)
{
    static const Broken rows[] = {
        {"/short", SP_ERROR_NETWORK, "broke off half way"},
        {"/nothing", SP_ERROR_NETWORK, "without an answer"},
        {"/no-http", SP_ERROR_PROTOCOL, "not HTTP"},
        {"/liar", SP_ERROR_TOO_LARGE, "larger than"},
        {"/bad-chunk", SP_ERROR_NETWORK, "broke"},
        {"/bad-gzip", SP_ERROR_PROTOCOL, "packed wrongly"},
        {"/to-file", SP_ERROR_PROTOCOL, "no web address"},
    };
    g_autoptr(Loopback) server = loopback_new(say_script, NULL);
    g_autoptr(SpHttp) http = new_http("");

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *url = loopback_url(server, rows[i].path);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpHttpResponse) response = send_request(
            http, &(SpHttpRequest){.url = url, .service = "Exchange", .max_redirects = 3}, &error);

        g_test_message("%s: %s", rows[i].path, error != NULL ? error->message : "no error");
        g_assert_error(error, SP_ERROR, rows[i].code);
        g_assert_nonnull(strstr(error->message, rows[i].says));
        g_assert_true(g_str_has_prefix(error->message, "Exchange: "));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/answers", an_answer_is_read_however_it_is_sent);
    g_test_add_func("/http/headers", headers_are_found_by_any_case_and_cleaned);
    g_test_add_func("/http/broken", what_is_no_answer_is_an_error_with_a_reason);
    return g_test_run();
}
