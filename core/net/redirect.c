#include "core/net/redirect.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"

#define MAX_REQUEST_BYTES 16384
#define READ_WITHIN_S     10

struct SpRedirect {
    GSocketService *service;
    GCancellable *stop;
    guint16 port;
    char *state;
    SpRedirectFunc func;
    gpointer user_data;
};

/* One connection; on its own once the redirect is freed (`stop` says so). */
typedef struct {
    SpRedirect *redirect;
    GCancellable *stop;
    GSocketConnection *connection;
    char *request;
    gsize length;
    char *answer;
} Visit;

static void
visit_free(Visit *visit)
{
    explicit_bzero(visit->request, MAX_REQUEST_BYTES);
    g_free(visit->request);
    g_free(visit->answer);
    g_object_unref(visit->connection);
    g_object_unref(visit->stop);
    g_free(visit);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Visit *visit = user_data;

    g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);
    g_io_stream_close(G_IO_STREAM(visit->connection), NULL, NULL);
    visit_free(visit);
}

static void
say(Visit *visit, const char *status, const char *text)
{
    g_autofree char *clean = g_markup_escape_text(text, -1);
    g_autofree char *page = g_strdup_printf(
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>samephoto</title><p>%s</p>\n", clean);
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(visit->connection));

    visit->answer = g_strdup_printf("HTTP/1.1 %s\r\n"
                                    "Content-Type: text/html; charset=utf-8\r\n"
                                    "Content-Length: %zu\r\n"
                                    "Cache-Control: no-store\r\n"
                                    "Referrer-Policy: no-referrer\r\n"
                                    "Content-Security-Policy: default-src 'none'\r\n"
                                    "Connection: close\r\n\r\n%s",
                                    status, strlen(page), page);
    g_output_stream_write_all_async(out, visit->answer, strlen(visit->answer), G_PRIORITY_DEFAULT,
                                    NULL, on_written, visit);
}

static gboolean
is_equal(const char *a, const char *b)
{
    gsize length = strlen(a);
    guchar difference = 0;

    if (strlen(b) != length) {
        return FALSE;
    }
    for (gsize i = 0; i < length; i++) {
        difference |= (guchar) (a[i] ^ b[i]);
    }
    return difference == 0;
}

/* The query of "GET /?code=… HTTP/1.1" as a table, or NULL where it is another request. */
static GHashTable *
parse_request(const char *request)
{
    const char *start = g_str_has_prefix(request, "GET /?") ? request + strlen("GET /?") : NULL;
    gsize length = start == NULL ? 0 : strcspn(start, " \r\n");

    return length == 0
               ? NULL
               : g_uri_parse_params(start, (gssize) length, "&", G_URI_PARAMS_WWW_FORM, NULL);
}

static void
judge(Visit *visit)
{
    SpRedirect *redirect = visit->redirect;
    g_autoptr(GHashTable) query = parse_request(visit->request);
    const char *state = query == NULL ? NULL : g_hash_table_lookup(query, "state");
    const char *code = query == NULL ? NULL : g_hash_table_lookup(query, "code");
    const char *refusal = query == NULL ? NULL : g_hash_table_lookup(query, "error");

    if (query == NULL || (code == NULL && refusal == NULL)) {
        say(visit, "404 Not Found", _("There is nothing here."));
        return;
    }
    /* Somebody else's page may have sent the browser here: the sign-in goes on waiting. */
    if (state == NULL || !is_equal(state, redirect->state)) {
        say(visit, "400 Bad Request",
            _("This answer does not belong to the sign-in that samephoto is waiting for."));
        return;
    }
    say(visit, "200 OK",
        refusal == NULL ? _("You are signed in. You can close this page and go back to samephoto.")
                        : _("The sign-in did not work. samephoto says why."));
    redirect->func(refusal == NULL ? code : NULL, refusal,
                   g_hash_table_lookup(query, "error_description"), redirect->user_data);
}

static void read_on(Visit *visit);

static void
on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Visit *visit = user_data;
    gssize got = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

    if (got <= 0 || g_cancellable_is_cancelled(visit->stop)) {
        visit_free(visit);
        return;
    }
    visit->length += (gsize) got;
    if (strstr(visit->request, "\r\n\r\n") != NULL) {
        judge(visit);
    } else if (visit->length == MAX_REQUEST_BYTES - 1) {
        visit_free(visit);
    } else {
        read_on(visit);
    }
}

static void
read_on(Visit *visit)
{
    GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(visit->connection));

    g_input_stream_read_async(in, visit->request + visit->length,
                              MAX_REQUEST_BYTES - 1 - visit->length, G_PRIORITY_DEFAULT,
                              visit->stop, on_read, visit);
}

static gboolean
on_incoming(GSocketService *service, GSocketConnection *connection, GObject *source,
            gpointer user_data)
{
    SpRedirect *redirect = user_data;
    Visit *visit = g_new0(Visit, 1);

    (void) service;
    (void) source;
    g_socket_set_timeout(g_socket_connection_get_socket(connection), READ_WITHIN_S);
    visit->redirect = redirect;
    visit->stop = g_object_ref(redirect->stop);
    visit->connection = g_object_ref(connection);
    visit->request = g_malloc0(MAX_REQUEST_BYTES);
    read_on(visit);
    return TRUE;
}

/* "localhost" may be either family to a browser; IPv6 is welcome but not needed. */
static gboolean
listen_on(SpRedirect *redirect, GSocketFamily family, GError **error)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_loopback(family);
    g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new(address, redirect->port);
    g_autoptr(GSocketAddress) bound = NULL;

    if (!g_socket_listener_add_address(G_SOCKET_LISTENER(redirect->service), wanted,
                                       G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound,
                                       error)) {
        return FALSE;
    }
    redirect->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    return TRUE;
}

SpRedirect *
sp_redirect_new(const char *state, SpRedirectFunc func, gpointer user_data, GError **error)
{
    SpRedirect *redirect = g_new0(SpRedirect, 1);
    g_autoptr(GError) local = NULL;

    redirect->service = g_socket_service_new();
    redirect->stop = g_cancellable_new();
    redirect->state = g_strdup(state);
    redirect->func = func;
    redirect->user_data = user_data;
    if (!listen_on(redirect, G_SOCKET_FAMILY_IPV4, &local)) {
        g_set_error(error, SP_ERROR, SP_ERROR_NETWORK,
                    _("This machine lets nothing listen for the browser's answer: %s"),
                    local->message);
        sp_redirect_free(redirect);
        return NULL;
    }
    listen_on(redirect, G_SOCKET_FAMILY_IPV6, NULL);
    g_signal_connect(redirect->service, "incoming", G_CALLBACK(on_incoming), redirect);
    return redirect;
}

void
sp_redirect_free(SpRedirect *redirect)
{
    if (redirect == NULL) {
        return;
    }
    g_cancellable_cancel(redirect->stop);
    g_signal_handlers_disconnect_by_data(redirect->service, redirect);
    g_socket_service_stop(redirect->service);
    g_socket_listener_close(G_SOCKET_LISTENER(redirect->service));
    g_object_unref(redirect->service);
    g_object_unref(redirect->stop);
    explicit_bzero(redirect->state, strlen(redirect->state));
    g_free(redirect->state);
    g_free(redirect);
}

guint16
sp_redirect_get_port(const SpRedirect *redirect)
{
    return redirect->port;
}
