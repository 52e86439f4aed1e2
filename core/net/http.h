#ifndef SAMEPHOTO_CORE_NET_HTTP_H
#define SAMEPHOTO_CORE_NET_HTTP_H

/* HTTP requests on the GLib main loop: one curl multi handle, its sockets and its timer are sources
 * of the context that the client was made in. Bounded in everything: body bytes, time, redirects,
 * retries. Any status is an answer; an error means that there was no complete answer. Every TLS
 * peer is verified and there is no switch to turn that off. */

#include <gio/gio.h>

#include "core/config.h"

typedef struct SpHttp SpHttp;
typedef struct SpHttpResponse SpHttpResponse;

typedef enum {
    SP_HTTP_AUTH_NONE,      /* or a bearer token */
    SP_HTTP_AUTH_NEGOTIATE, /* Kerberos, the ticket of this login */
    SP_HTTP_AUTH_NTLM,
    SP_HTTP_AUTH_BASIC, /* only over TLS or to a loopback address */
} SpHttpAuth;

/* What to ask. A plain value: copied by sp_http_send_async(); zero-initialise it. */
typedef struct {
    const char *method;         /* NULL: GET */
    const char *url;            /* http or https; absolute */
    const char *const *headers; /* "Name: value", NULL-terminated; or NULL */
    const char *bearer;         /* goes to the origin of `url` only, never along with a redirect */
    SpHttpAuth auth;
    const char *user_name; /* for NTLM and Basic */
    const char *password;
    GBytes *body;             /* or NULL */
    gboolean has_secret;      /* in the body: it goes over TLS or to a loopback address only */
    const char *content_type; /* of the body */
    gsize max_body_bytes;     /* 0: 1 MiB */
    guint timeout_ms;         /* of one try; 0: the settings' */
    guint max_redirects;      /* 0: a 3xx is an answer like any other */
    guint max_retries;        /* after 429, 503, 502, 504 and broken connections; 0: none */
    guint max_wait_ms;        /* for places, throttles, backoffs, all together; 0: 60 s */
    const char *store;        /* whose budget it uses (core/net/budget.h); NULL: none */
    const char *mailbox;      /* at most 4 requests of one store and mailbox are in flight */
    const char *service;      /* names the service in errors, e.g. "Exchange"; NULL: the host */
} SpHttpRequest;

/* Reads [network] of the settings. Attaches to the thread-default main context. Transfer full. */
SpHttp *sp_http_new(SpConfig *config, GError **error);
SpHttp *sp_http_ref(SpHttp *http);
void sp_http_unref(SpHttp *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpHttp, sp_http_unref)

/* A throttle or a backoff holds the next try for `wait_ms`; `name` is the request's service, else
 * its store, else the host. Runs on the main context; at most one function is told, the last one
 * set. */
typedef void (*SpHttpWaitFunc)(const char *name, gint64 wait_ms, gpointer user_data);
void sp_http_set_wait_func(SpHttp *http, SpHttpWaitFunc func, gpointer user_data);

/* Every try when it has ended: "GET https://host/path: 200, 180 ms", without what stands behind a
 * "?" and without headers or bodies, where secrets may be. Runs on the main context; NULL: nobody
 * is told. */
typedef void (*SpHttpTraceFunc)(const char *line, gpointer user_data);
void sp_http_set_trace_func(SpHttp *http, SpHttpTraceFunc func, gpointer user_data);

/* A store has asked to wait in other words than a status (a 429 inside a $batch answer): all of its
 * requests wait. */
void sp_http_hold(SpHttp *http, const char *store, double seconds);

/* Sends; `callback` runs exactly once, from the main context, also after a cancellation.
 * Where a store is on hold for longer than the request may wait, the answer is a 429 without a body
 * that was never asked for: the retry-after says how long the hold lasts.
 * Errors: SP_ERROR_NETWORK, _TLS, _TIMEOUT, _TOO_LARGE, _PROTOCOL, _CANCELLED. */
void sp_http_send_async(SpHttp *http, const SpHttpRequest *request, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
SpHttpResponse *sp_http_send_finish(SpHttp *http, GAsyncResult *result, GError **error);

SpHttpResponse *sp_http_response_ref(SpHttpResponse *response);
void sp_http_response_unref(SpHttpResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpHttpResponse, sp_http_response_unref)

int sp_http_response_get_status(const SpHttpResponse *response);

/* The body, possibly empty, never NULL. Borrowed. */
GBytes *sp_http_response_get_body(const SpHttpResponse *response);

/* A header's value, cleaned, by its case-insensitive name; NULL where missing. Borrowed. */
const char *sp_http_response_get_header(const SpHttpResponse *response, const char *name);

/* Where the answer came from after redirects. Borrowed. */
const char *sp_http_response_get_url(const SpHttpResponse *response);

/* From the first byte sent to the last received, all tries and waits included. */
gint64 sp_http_response_get_elapsed_ms(const SpHttpResponse *response);

/* The seconds that a 429 or 503 asks to wait (Retry-After in seconds, decimals or as a date, and
 * RateLimit-Reset, the larger of them), or -1. */
double sp_http_response_get_retry_after(const SpHttpResponse *response);

/* request-id, client-request-id, SPRequestGuid or x-ms-request-id: for a support case. Or NULL. */
const char *sp_http_response_get_request_id(const SpHttpResponse *response);

/* Whether `a` and `b` have the same scheme, host and port; FALSE where one has a user name, because
 * programs differ on what the host is then. */
gboolean sp_http_same_origin(const char *a, const char *b);

#endif
