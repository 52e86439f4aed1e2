#include "core/net/transfer.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/failure.h"
#include "core/net/response.h"
#include "core/net/url.h"
#include "core/text.h"

#define DEFAULT_BODY_BYTES  (1024 * 1024)
#define MAX_HOST_CHARACTERS 100
#define MAX_TOLD_CHARACTERS 300

typedef enum { CAP_NONE, CAP_BODY, CAP_HEADERS } Cap;

struct SpTransfer {
    SpMulti *multi;
    SpTry attempt;
    CURL *easy;
    struct curl_slist *headers;
    char detail[CURL_ERROR_SIZE];
    SpHttpResponse *response;
    CURLcode code;
    Cap hit;
    SpTransferFunc func;
    gpointer user_data;
};

static gsize
body_cap(const SpTransfer *transfer)
{
    gsize cap = transfer->attempt.request->max_body_bytes;

    return cap != 0 ? cap : DEFAULT_BODY_BYTES;
}

static guint
timeout_ms(const SpTransfer *transfer)
{
    guint own = transfer->attempt.request->timeout_ms;

    return own != 0 ? own : transfer->attempt.settings->timeout_ms;
}

static size_t
on_header(char *data, size_t size, size_t count, void *user_data)
{
    SpTransfer *transfer = user_data;

    if (!sp_http_response_add_line(transfer->response, data, size * count)) {
        transfer->hit = CAP_HEADERS;
        return 0;
    }
    return size * count;
}

static size_t
on_body(char *data, size_t size, size_t count, void *user_data)
{
    SpTransfer *transfer = user_data;

    if (!sp_http_response_add_body(transfer->response, data, size * count, body_cap(transfer))) {
        transfer->hit = CAP_BODY;
        return 0;
    }
    return size * count;
}

static void
add_header(SpTransfer *transfer, const char *line)
{
    transfer->headers = curl_slist_append(transfer->headers, line);
}

static void
add_secret_header(SpTransfer *transfer, const char *name, const char *value)
{
    g_autofree char *line = g_strconcat(name, value, NULL);

    add_header(transfer, line);
    explicit_bzero(line, strlen(line));
}

/* Only what says nothing about us or the person goes along to another origin. */
static gboolean
may_leave_home(const char *header)
{
    return g_ascii_strncasecmp(header, "Accept:", 7) == 0 ||
           g_ascii_strncasecmp(header, "Accept-Language:", 16) == 0;
}

static void
set_headers(SpTransfer *transfer)
{
    const SpTry *attempt = &transfer->attempt;
    const SpHttpRequest *request = attempt->request;

    for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i++) {
        if (attempt->is_at_home || may_leave_home(request->headers[i])) {
            add_header(transfer, request->headers[i]);
        }
    }
    if (request->bearer != NULL && attempt->is_at_home) {
        add_secret_header(transfer, "Authorization: Bearer ", request->bearer);
    }
    if (request->content_type != NULL && !attempt->is_plain_get) {
        g_autofree char *line = g_strconcat("Content-Type: ", request->content_type, NULL);

        add_header(transfer, line);
    }
    add_header(transfer, "Expect:");
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void
set_method(SpTransfer *transfer)
{
    const SpTry *attempt = &transfer->attempt;
    const SpHttpRequest *request = attempt->request;
    CURL *easy = transfer->easy;
    gsize length = 0;

    if (request->method != NULL && strcmp(request->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (attempt->is_plain_get) {
        return;
    }
    if (request->body != NULL) {
        gconstpointer data = g_bytes_get_data(request->body, &length);

        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) length);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, data != NULL ? data : "");
    }
    if (request->method != NULL) {
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    }
}

static void
set_auth(SpTransfer *transfer)
{
    static const unsigned long kinds[] = {
        [SP_HTTP_AUTH_NONE] = CURLAUTH_NONE,
        [SP_HTTP_AUTH_NEGOTIATE] = CURLAUTH_NEGOTIATE,
        [SP_HTTP_AUTH_NTLM] = CURLAUTH_NTLM,
        [SP_HTTP_AUTH_BASIC] = CURLAUTH_BASIC,
    };
    const SpHttpRequest *request = transfer->attempt.request;
    CURL *easy = transfer->easy;

    if (request->auth == SP_HTTP_AUTH_NONE || !transfer->attempt.is_at_home) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_NONE);
        return;
    }
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, kinds[request->auth]);
    curl_easy_setopt(easy, CURLOPT_USERNAME, request->user_name != NULL ? request->user_name : "");
    curl_easy_setopt(easy, CURLOPT_PASSWORD, request->password != NULL ? request->password : "");
}

static void
set_network(SpTransfer *transfer)
{
    const SpTransferSettings *settings = transfer->attempt.settings;
    g_autoptr(SpUrl) url = sp_url_parse(transfer->attempt.url);
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* A name that takes long to resolve must not hold up whoever cancels. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long) timeout_ms(transfer));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long) MIN(settings->connect_timeout_ms, timeout_ms(transfer)));
    if (settings->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
    }
    if (url != NULL && sp_url_is_loopback(url)) {
        /* What runs on this machine is not reached through a proxy, not even the environment's. */
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    } else if (settings->proxy != NULL) {
        curl_easy_setopt(easy, CURLOPT_PROXY, settings->proxy);
    }
}

static void
set_receiving(SpTransfer *transfer)
{
    CURL *easy = transfer->easy;

    /* The proxy's own headers are not the service's. */
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "NONISV|samephoto|samephoto/" SAMEPHOTO_VERSION);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) body_cap(transfer));
}

static void
on_done(CURLcode code, gpointer user_data)
{
    SpTransfer *transfer = user_data;

    transfer->code = code;
    transfer->func(transfer, transfer->user_data);
}

SpTransfer *
sp_transfer_start(SpMulti *multi, const SpTry *attempt, SpTransferFunc func, gpointer user_data)
{
    SpTransfer *transfer = g_new0(SpTransfer, 1);

    transfer->multi = multi;
    transfer->attempt = *attempt;
    transfer->func = func;
    transfer->user_data = user_data;
    transfer->response = sp_http_response_new();
    transfer->easy = curl_easy_init();
    curl_easy_setopt(transfer->easy, CURLOPT_URL, attempt->url);
    set_network(transfer);
    set_receiving(transfer);
    set_method(transfer);
    set_auth(transfer);
    set_headers(transfer);
    sp_multi_add(multi, transfer->easy, on_done, transfer);
    return transfer;
}

static void
free_headers(struct curl_slist *headers)
{
    for (struct curl_slist *item = headers; item != NULL; item = item->next) {
        explicit_bzero(item->data, strlen(item->data));
    }
    curl_slist_free_all(headers);
}

void
sp_transfer_free(SpTransfer *transfer)
{
    if (transfer == NULL) {
        return;
    }
    sp_multi_remove(transfer->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    free_headers(transfer->headers);
    sp_http_response_unref(transfer->response);
    g_free(transfer);
}

static char *
clean_host(const SpTransfer *transfer)
{
    g_autoptr(SpUrl) url = sp_url_parse(transfer->attempt.url);

    return sp_text_clean(url != NULL ? url->host : "?", -1, MAX_HOST_CHARACTERS);
}

static void
set_too_large(const SpTransfer *transfer, const char *service, GError **error)
{
    if (transfer->hit == CAP_HEADERS) {
        g_set_error(error, SP_ERROR, SP_ERROR_TOO_LARGE,
                    _("%s: the answer's headers are too large to be a real answer"), service);
    } else {
        g_autofree char *size = g_format_size_full(body_cap(transfer), G_FORMAT_SIZE_IEC_UNITS);

        g_set_error(error, SP_ERROR, SP_ERROR_TOO_LARGE,
                    _("%s: the answer is larger than the %s that are read at most"), service, size);
    }
}

/* What the proxy answered who was asked for a tunnel; 0: none was. */
static long
proxy_status(const SpTransfer *transfer)
{
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return status;
}

static void
set_error(const SpTransfer *transfer, GError **error)
{
    g_autofree char *host = clean_host(transfer);
    const char *service = transfer->attempt.request->service;
    SpFailure failure = {
        .code = transfer->code,
        .detail = transfer->detail,
        .service = service != NULL ? service : host,
        .host = host,
        .timeout_ms = timeout_ms(transfer),
    };

    if (transfer->hit != CAP_NONE || transfer->code == CURLE_FILESIZE_EXCEEDED) {
        set_too_large(transfer, failure.service, error);
        return;
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
    failure.proxy_status = proxy_status(transfer);
    sp_failure_set(&failure, error);
}

SpHttpResponse *
sp_transfer_take_response(SpTransfer *transfer, GError **error)
{
    long status = 0;

    if (transfer->code != CURLE_OK) {
        set_error(transfer, error);
        return NULL;
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    sp_http_response_complete(transfer->response, (int) status);
    return g_steal_pointer(&transfer->response);
}

gboolean
sp_transfer_is_broken(const SpTransfer *transfer)
{
    return transfer->hit == CAP_NONE && proxy_status(transfer) < 300 &&
           sp_failure_is_broken(transfer->code);
}

static const char *
method_of(const SpTry *attempt)
{
    if (attempt->is_plain_get) {
        return "GET";
    }
    if (attempt->request->method != NULL) {
        return attempt->request->method;
    }
    return attempt->request->body != NULL ? "POST" : "GET";
}

char *
sp_transfer_describe(const SpTransfer *transfer)
{
    const SpTry *attempt = &transfer->attempt;
    g_autofree char *address = g_strndup(attempt->url, strcspn(attempt->url, "?#"));
    g_autofree char *clean = sp_text_clean(address, -1, MAX_TOLD_CHARACTERS);
    g_autofree char *answer = NULL;
    curl_off_t total_us = 0;
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &total_us);
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    answer = transfer->code == CURLE_OK ? g_strdup_printf("%ld", status)
                                        : g_strdup(curl_easy_strerror(transfer->code));
    return g_strdup_printf("%s %s: %s, %d ms", method_of(attempt), clean, answer,
                           (int) (total_us / 1000));
}
