#include "tests/unit/loopback.h"

#include <string.h>

struct Loopback {
    GSocketService *service;
    guint16 port;
    LoopbackFunc func;
    gpointer user_data;
    GMutex mutex;
    GPtrArray *requests;
};

/* Threads may still be writing to somebody who has gone, so servers stay until the program ends. */
static GSList *servers;

static gsize
wanted_length(const char *request)
{
    const char *body = strstr(request, "\r\n\r\n");
    const char *length = strstr(request, "Content-Length: ");

    return (gsize) (body + 4 - request) +
           (length == NULL || length > body ? 0 : (gsize) atoi(length + 16));
}

static char *
read_request(GInputStream *in)
{
    GString *text = g_string_new(NULL);
    char part[4096];
    gssize got;

    while ((strstr(text->str, "\r\n\r\n") == NULL || text->len < wanted_length(text->str)) &&
           (got = g_input_stream_read(in, part, sizeof part, NULL, NULL)) > 0) {
        g_string_append_len(text, part, got);
    }
    return g_string_free(text, FALSE);
}

static gboolean
on_run(GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
       gpointer user_data)
{
    Loopback *loopback = user_data;
    GIOStream *stream = G_IO_STREAM(connection);
    char *request = read_request(g_io_stream_get_input_stream(stream));
    guint number;

    (void) service;
    (void) source;
    if (*request == '\0') {
        g_free(request);
        return TRUE;
    }
    g_mutex_lock(&loopback->mutex);
    g_ptr_array_add(loopback->requests, request);
    number = loopback->requests->len;
    g_mutex_unlock(&loopback->mutex);
    loopback->func(request, number, g_io_stream_get_output_stream(stream), loopback->user_data);
    g_io_stream_close(stream, NULL, NULL);
    return TRUE;
}

Loopback *
loopback_new(LoopbackFunc func, gpointer user_data)
{
    Loopback *loopback = g_new0(Loopback, 1);
    g_autoptr(GInetAddress) address = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new(address, 0);
    g_autoptr(GSocketAddress) bound = NULL;
    g_autoptr(GError) error = NULL;

    servers = g_slist_prepend(servers, loopback);
    loopback->func = func;
    loopback->user_data = user_data;
    loopback->requests = g_ptr_array_new_with_free_func(g_free);
    loopback->service = g_threaded_socket_service_new(64);
    g_socket_listener_add_address(G_SOCKET_LISTENER(loopback->service), wanted,
                                  G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound,
                                  &error);
    g_assert_no_error(error);
    loopback->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    g_signal_connect(loopback->service, "run", G_CALLBACK(on_run), loopback);
    g_socket_service_start(loopback->service);
    return loopback;
}

void
loopback_free(Loopback *loopback)
{
    g_socket_service_stop(loopback->service);
    g_socket_listener_close(G_SOCKET_LISTENER(loopback->service));
    g_object_unref(loopback->service);
}

char *
loopback_url(const Loopback *loopback, const char *path)
{
    return g_strdup_printf("http://127.0.0.1:%u%s", loopback->port, path);
}

guint
loopback_count(Loopback *loopback)
{
    guint count;

    g_mutex_lock(&loopback->mutex);
    count = loopback->requests->len;
    g_mutex_unlock(&loopback->mutex);
    return count;
}

char *
loopback_request(Loopback *loopback, guint number)
{
    char *request;

    g_mutex_lock(&loopback->mutex);
    g_assert_cmpuint(number, <=, loopback->requests->len);
    request = g_strdup(g_ptr_array_index(loopback->requests, number - 1));
    g_mutex_unlock(&loopback->mutex);
    return request;
}

void
loopback_say(GOutputStream *out, const char *text)
{
    g_output_stream_write_all(out, text, strlen(text), NULL, NULL, NULL);
}

void
loopback_answer(GOutputStream *out, const char *status, const char *headers, const char *body)
{
    g_autofree char *text =
        g_strdup_printf("HTTP/1.1 %s\r\n%sConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                        status, headers, strlen(body), body);

    loopback_say(out, text);
}

void
loopback_store_result(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) source;
    *(GAsyncResult **) user_data = g_object_ref(result);
}

GAsyncResult *
loopback_wait(GAsyncResult **result)
{
    while (*result == NULL) {
        g_main_context_iteration(NULL, TRUE);
    }
    return *result;
}
