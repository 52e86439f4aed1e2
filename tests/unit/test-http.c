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

/* Two origins: `home` sends the client on to `away`. */
typedef struct {
    Loopback *home;
    Loopback *away;
    const char *status;
    const char *to; /* path at `away`; NULL: the answer is not a redirect */
} Journey;

static void
serve_away(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    Journey *journey = user_data;
    g_autofree char *back = loopback_url(journey->home, "/end");
    g_autofree char *header = g_strdup_printf("Location: %s\r\n", back);

    (void) number;
    if (strstr(request, " /back ") != NULL) {
        loopback_answer(out, "302 Found", header, "");
    } else {
        loopback_answer(out, "200 OK", "", "away");
    }
}

static void
serve_home(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    Journey *journey = user_data;
    g_autofree char *there = loopback_url(journey->away, journey->to);
    g_autofree char *header =
        g_strdup_printf("Location: %s\r\nSet-Cookie: FedAuth=COOKIE-SECRET\r\n", there);

    (void) number;
    if (strstr(request, " /end ") != NULL) {
        loopback_answer(out, "200 OK", "", "home");
    } else {
        loopback_answer(out, journey->status, header, "");
    }
}

static SpHttpResponse *
travel(Journey *journey, const SpHttpRequest *pattern, GError **error)
{
    g_autoptr(SpHttp) http = new_http("");
    g_autofree char *url = NULL;
    SpHttpRequest request = *pattern;

    journey->home = loopback_new(serve_home, journey);
    journey->away = loopback_new(serve_away, journey);
    url = loopback_url(journey->home, "/start");
    request.url = url;
    return send_request(http, &request, error);
}

static void
assert_no_secret(Loopback *server)
{
    for (guint number = 1; number <= loopback_count(server); number++) {
        g_autofree char *request = loopback_request(server, number);

        g_assert_null(strstr(request, "SECRET"));
        g_assert_null(strstr(request, "Authorization"));
        g_assert_null(strstr(request, "Cookie"));
    }
}

static void
credentials_stay_at_home(void)
{
    static const char *const headers[] = {"X-Key: HEADER-SECRET", "Accept: image/jpeg", NULL};
    static const SpHttpRequest rows[] = {
        {.bearer = "TOKEN-SECRET", .headers = headers, .max_redirects = 3},
        {.auth = SP_HTTP_AUTH_BASIC,
         .user_name = "u-SECRET",
         .password = "p-SECRET",
         .headers = headers,
         .max_redirects = 3},
    };
    static const char *const paths[] = {"/end", "/back"};

    for (gsize i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(paths); i++) {
        Journey journey = {.status = "302 Found", .to = paths[i % 2]};
        g_autoptr(GError) error = NULL;
        g_autoptr(SpHttpResponse) response = travel(&journey, &rows[i / 2], &error);
        g_autofree char *first = loopback_request(journey.home, 1);
        g_autofree char *second = loopback_request(journey.away, 1);

        g_assert_no_error(error);
        assert_body(response, i % 2 == 0 ? "away" : "home");
        g_assert_nonnull(strstr(first, "Authorization: "));
        g_assert_nonnull(strstr(first, "HEADER-SECRET"));
        g_assert_nonnull(strstr(second, "Accept: image/jpeg"));
        assert_no_secret(journey.away);
        if (i % 2 == 1) {
            g_autofree char *last = loopback_request(journey.home, 2);

            g_assert_null(strstr(last, "SECRET"));
        }
        loopback_free(journey.home);
        loopback_free(journey.away);
    }
}

static void
a_form_is_never_taken_to_another_host(void)
{
    g_autoptr(GBytes) body = g_bytes_new_static("secret=BODY-SECRET", 18);
    Journey kept = {.status = "307 Temporary Redirect", .to = "/end"};
    Journey dropped = {.status = "303 See Other", .to = "/end"};
    const SpHttpRequest pattern = {.method = "POST", .body = body, .max_redirects = 3};
    g_autoptr(GError) error = NULL;
    g_autoptr(SpHttpResponse) refused = travel(&kept, &pattern, &error);
    g_autoptr(SpHttpResponse) followed = travel(&dropped, &pattern, NULL);

    g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    g_assert_cmpuint(loopback_count(kept.away), ==, 0);
    assert_body(followed, "away");
    assert_no_secret(dropped.away);
    loopback_free(kept.home);
    loopback_free(kept.away);
    loopback_free(dropped.home);
    loopback_free(dropped.away);
}

typedef struct {
    SpHttpRequest request;
    const char *says;
} Unsendable;

static void
what_must_not_be_sent_is_not(void)
{
    static const char *const forged[] = {"X-A: b\r\nX-Evil: c", NULL};
    static const Unsendable rows[] = {
        {{.url = "http://graph.example/x", .bearer = "T-SECRET"}, "without TLS"},
        {{.url = "http://mail.example/x", .auth = SP_HTTP_AUTH_BASIC, .password = "SECRET"},
         "without TLS"},
        {{.method = "POST", .url = "http://login.example/x", .has_secret = TRUE}, "without TLS"},
        {{.url = "ftp://127.0.0.1/x"}, "plain http or https"},
        {{.url = "file:///etc/passwd"}, "plain http or https"},
        {{.url = "not a url"}, "plain http or https"},
        {{.url = "https://user:SECRET@mail.example/"}, "plain http or https"},
        {{.url = "http://127.0.0.1:1/x", .headers = forged}, "line break"},
        {{.url = "http://127.0.0.1:1/x", .bearer = "a\r\nX-Evil: b"}, "line break"},
    };
    g_autoptr(SpHttp) http = new_http("");

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(send_request(http, &rows[i].request, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
        g_assert_nonnull(strstr(error->message, rows[i].says));
        g_assert_null(strstr(error->message, "SECRET"));
    }
}

static void
a_loop_of_redirects_ends(void)
{
    g_autoptr(Loopback) server = loopback_new(say_script, NULL);
    g_autoptr(SpHttp) http = new_http("");
    g_autofree char *url = loopback_url(server, "/loop");
    g_autoptr(SpHttpResponse) response =
        send_request(http, &(SpHttpRequest){.url = url, .max_redirects = 4}, NULL);

    g_assert_cmpint(sp_http_response_get_status(response), ==, 302);
    g_assert_cmpuint(loopback_count(server), ==, 5);
}

/* The first answers are refusals, then it works. */
typedef struct {
    guint n_refusals;
    const char *status;
    const char *headers;
} Moody;

static void
serve_moody(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    const Moody *moody = user_data;

    (void) request;
    if (number > moody->n_refusals) {
        loopback_answer(out, "200 OK", "", "at last");
    } else if (moody->status != NULL) {
        loopback_answer(out, moody->status, moody->headers, "");
    }
}

typedef struct {
    char *store;
    gint64 wait_ms;
    guint n_calls;
} Told;

static void
on_wait(const char *store, gint64 wait_ms, gpointer user_data)
{
    Told *told = user_data;

    g_free(told->store);
    told->store = g_strdup(store);
    told->wait_ms = wait_ms;
    told->n_calls++;
}

static void
a_throttled_or_broken_request_is_tried_again_and_says_so(void)
{
    static const Moody rows[] = {
        {1, "429 Too Many Requests", "Retry-After: 0.2\r\n"},
        {2, "503 Service Unavailable", "Retry-After: 0\r\n"},
        {1, "503 Service Unavailable", "Retry-After: 0\r\nRateLimit-Reset: 1\r\n"},
        {1, "504 Gateway Timeout", ""},
        {1, NULL, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Loopback) server = loopback_new(serve_moody, (gpointer) &rows[i]);
        g_autoptr(SpHttp) http = new_http("");
        g_autofree char *url = loopback_url(server, "/");
        g_autoptr(GError) error = NULL;
        g_autoptr(SpHttpResponse) response = NULL;
        Told told = {0};
        SpHttpRequest request = {.url = url, .store = "exchange", .max_retries = 3};

        sp_http_set_wait_func(http, on_wait, &told);
        response = send_request(http, &request, &error);
        g_assert_no_error(error);
        assert_body(response, "at last");
        g_assert_cmpuint(loopback_count(server), ==, rows[i].n_refusals + 1);
        if (rows[i].headers != NULL && strstr(rows[i].headers, "0.2") != NULL) {
            g_assert_cmpstr(told.store, ==, "exchange");
            g_assert_cmpint(told.wait_ms, >, 100);
        }
        g_free(told.store);
    }
}

static void
a_long_throttle_is_an_answer_and_holds_the_store(void)
{
    static const Moody moody = {99, "429 Too Many Requests", "Retry-After: 3600\r\n"};
    g_autoptr(Loopback) server = loopback_new(serve_moody, (gpointer) &moody);
    g_autoptr(SpHttp) http = new_http("");
    g_autofree char *url = loopback_url(server, "/");
    SpHttpRequest request = {.url = url, .store = "exchange", .max_retries = 3};
    g_autoptr(SpHttpResponse) first = send_request(http, &request, NULL);
    g_autoptr(SpHttpResponse) second = send_request(http, &request, NULL);
    g_autoptr(SpHttpResponse) other = NULL;

    g_assert_cmpint(sp_http_response_get_status(first), ==, 429);
    g_assert_cmpfloat(sp_http_response_get_retry_after(first), ==, 3600);
    g_assert_cmpint(sp_http_response_get_status(second), ==, 429);
    g_assert_cmpfloat(sp_http_response_get_retry_after(second), >, 3590);
    g_assert_cmpuint(loopback_count(server), ==, 1);
    request.store = "graph";
    other = send_request(http, &request, NULL);
    g_assert_cmpuint(loopback_count(server), ==, 2);
}

static void
a_batch_can_hold_the_store_as_well(void)
{
    static const Moody moody = {0};
    g_autoptr(Loopback) server = loopback_new(serve_moody, (gpointer) &moody);
    g_autoptr(SpHttp) http = new_http("");
    g_autofree char *url = loopback_url(server, "/");
    SpHttpRequest request = {.url = url, .store = "graph", .max_wait_ms = 1000};
    g_autoptr(SpHttpResponse) response = NULL;
    Told told = {0};

    sp_http_set_wait_func(http, on_wait, &told);
    sp_http_hold(http, "graph", 30);
    g_assert_cmpint(told.wait_ms, ==, 30000);
    response = send_request(http, &request, NULL);
    g_assert_cmpint(sp_http_response_get_status(response), ==, 429);
    g_assert_cmpuint(loopback_count(server), ==, 0);
    g_free(told.store);
}

static void
a_wait_for_a_place_counts_like_any_other(void)
{
    static const Moody moody = {99, "429 Too Many Requests", "Retry-After: 1\r\n"};
    g_autoptr(Loopback) server = loopback_new(serve_moody, (gpointer) &moody);
    g_autoptr(SpHttp) http = new_http("");
    g_autofree char *url = loopback_url(server, "/");
    SpHttpRequest request = {.url = url, .store = "graph", .max_retries = 1, .max_wait_ms = 1800};
    g_autoptr(SpHttpResponse) response = NULL;

    sp_http_hold(http, "graph", 1);
    response = send_request(http, &request, NULL);
    g_assert_cmpint(sp_http_response_get_status(response), ==, 429);
    g_assert_cmpuint(loopback_count(server), ==, 1);
}

/* Counts how many requests it holds at once. */
typedef struct {
    gint now;
    gint most;
} Crowd;

static void
serve_crowd(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    Crowd *crowd = user_data;
    gint now = g_atomic_int_add(&crowd->now, 1) + 1;

    (void) request;
    (void) number;
    if (now > g_atomic_int_get(&crowd->most)) {
        g_atomic_int_set(&crowd->most, now);
    }
    g_usleep(20000);
    g_atomic_int_add(&crowd->now, -1);
    loopback_answer(out, "200 OK", "", "ok");
}

static void
four_of_a_mailbox_are_in_flight_at_most(void)
{
    Crowd crowd = {0};
    g_autoptr(Loopback) server = loopback_new(serve_crowd, &crowd);
    g_autoptr(SpHttp) http = new_http("");
    g_autofree char *url = loopback_url(server, "/");
    const SpHttpRequest request = {.url = url, .store = "graph", .mailbox = "anna"};
    GAsyncResult *results[12] = {NULL};

    for (gsize i = 0; i < G_N_ELEMENTS(results); i++) {
        sp_http_send_async(http, &request, NULL, loopback_store_result, &results[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(results); i++) {
        g_autoptr(SpHttpResponse) response =
            sp_http_send_finish(http, loopback_wait(&results[i]), NULL);

        g_assert_cmpint(sp_http_response_get_status(response), ==, 200);
        g_object_unref(results[i]);
    }
    g_assert_cmpint(crowd.most, >=, 2);
    g_assert_cmpint(crowd.most, <=, 4);
}

/* A byte now and then, for ever: until the client has gone. */
static void
serve_drops(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    (void) request;
    (void) number;
    (void) user_data;
    loopback_say(out, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    for (int i = 0; i < 400 && g_output_stream_write(out, "x", 1, NULL, NULL) == 1; i++) {
        g_usleep(50000);
    }
}

static void
a_trickle_ends_in_time(void)
{
    g_autoptr(Loopback) server = loopback_new(serve_drops, NULL);
    g_autoptr(SpHttp) http = new_http("[network]\ntimeout=0.3\n");
    g_autofree char *url = loopback_url(server, "/");
    g_autoptr(GError) error = NULL;

    g_assert_null(send_request(http, &(SpHttpRequest){.url = url, .max_retries = 3}, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_TIMEOUT);
    g_assert_nonnull(strstr(error->message, "0.3 s"));
    g_assert_cmpuint(loopback_count(server), ==, 1);
}

/* In every state that a request can be in. */
static void
a_cancelled_request_ends_at_once(void)
{
    static const Moody moody = {99, "429 Too Many Requests", "Retry-After: 50\r\n"};
    g_autoptr(Loopback) hanging = loopback_new(serve_drops, NULL);
    g_autoptr(Loopback) throttling = loopback_new(serve_moody, (gpointer) &moody);
    Loopback *servers[] = {hanging, throttling, throttling, hanging};

    for (gsize i = 0; i < G_N_ELEMENTS(servers); i++) {
        g_autoptr(SpHttp) http = new_http("");
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        g_autoptr(GAsyncResult) result = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *url = loopback_url(servers[i], "/");
        const SpHttpRequest request = {.url = url, .store = "graph", .max_retries = 3};
        guint before = loopback_count(servers[i]);
        gint64 begun;

        if (i == 2) {
            sp_http_hold(http, "graph", 20);
        } else if (i == 3) {
            g_cancellable_cancel(cancellable);
        }
        sp_http_send_async(http, &request, cancellable, loopback_store_result, &result);
        while (i < 2 && loopback_count(servers[i]) == before) {
            g_main_context_iteration(NULL, FALSE);
        }
        g_cancellable_cancel(cancellable);
        begun = g_get_monotonic_time();
        g_assert_null(sp_http_send_finish(http, loopback_wait(&result), &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CANCELLED);
        g_assert_cmpint(g_get_monotonic_time() - begun, <, 5 * G_USEC_PER_SEC);
    }
}

typedef struct {
    const char *a;
    const char *b;
    gboolean is_same;
} Origins;

static void
an_origin_is_scheme_host_and_port(void)
{
    static const Origins rows[] = {
        {"https://a.example/x", "https://A.example:443/y?z", TRUE},
        {"http://a.example", "http://a.example:80", TRUE},
        {"https://a.example", "http://a.example", FALSE},
        {"https://a.example", "https://a.example:8443", FALSE},
        {"https://a.example", "https://a.example.evil.example", FALSE},
        {"https://a.example", "https://a.example@evil.example/", FALSE},
        {"https://a.example", "https://evil.example\\@a.example/", FALSE},
        {"https://a.example", "//a.example", FALSE},
        {"https://a.example", "", FALSE},
        {"ftp://a.example", "ftp://a.example", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_cmpint(sp_http_same_origin(rows[i].a, rows[i].b), ==, rows[i].is_same);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/answers", an_answer_is_read_however_it_is_sent);
    g_test_add_func("/http/headers", headers_are_found_by_any_case_and_cleaned);
    g_test_add_func("/http/broken", what_is_no_answer_is_an_error_with_a_reason);
    g_test_add_func("/http/redirect-credentials", credentials_stay_at_home);
    g_test_add_func("/http/redirect-body", a_form_is_never_taken_to_another_host);
    g_test_add_func("/http/redirect-loop", a_loop_of_redirects_ends);
    g_test_add_func("/http/unsendable", what_must_not_be_sent_is_not);
    g_test_add_func("/http/retry", a_throttled_or_broken_request_is_tried_again_and_says_so);
    g_test_add_func("/http/throttle", a_long_throttle_is_an_answer_and_holds_the_store);
    g_test_add_func("/http/hold", a_batch_can_hold_the_store_as_well);
    g_test_add_func("/http/place", a_wait_for_a_place_counts_like_any_other);
    g_test_add_func("/http/budget", four_of_a_mailbox_are_in_flight_at_most);
    g_test_add_func("/http/trickle", a_trickle_ends_in_time);
    g_test_add_func("/http/cancelled", a_cancelled_request_ends_at_once);
    g_test_add_func("/http/origin", an_origin_is_scheme_host_and_port);
    return g_test_run();
}
