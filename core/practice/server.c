#include "core/practice/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/practice/services.h"

#define N_THREADS        4
#define MAX_REQUEST_BODY (5 * 1024 * 1024)
#define HUGE_BYTES       (50 * 1024 * 1024)
#define SLOW_INTERVAL    G_USEC_PER_SEC
#define FOREVER          G_MAXINT64

struct SpServer {
    struct MHD_Daemon *daemon;
    SpWorld *world;
    SpFaults *faults;
    char *base;
    GThread *waker;
    GMutex mutex; /* guards what follows */
    GCond cond;
    GArray *parked; /* Parked */
    gboolean is_stopping;
};

/* A connection that waits, and until when (monotonic microseconds). */
typedef struct {
    struct MHD_Connection *connection;
    gint64 due;
} Parked;

/* One request from its first line to its last byte. */
typedef struct {
    SpServer *server;
    struct MHD_Connection *connection;
    SpCall *call;
    GByteArray *body;
    guint service;
    SpFault fault;
    gint64 due;
    gboolean is_started;
    gboolean is_answered;
} Exchange;

static void
answer_elsewhere(SpCall *call)
{
    g_autoptr(GBytes) photo =
        sp_renditions_get(sp_world_get_renditions(call->world), "judith-old", 240, 80);

    if (sp_call_header(call, "authorization") != NULL) {
        sp_world_count_leak(call->world);
    }
    sp_call_reply_bytes(call, 200, "image/jpeg", photo);
}

/* The staff portal: any web address that hands out "/portal/NAME@….jpg" to everybody. */
static void
answer_portal(SpCall *call)
{
    const char *name = strrchr(call->path, '/') + 1;
    gsize length = g_str_has_suffix(name, ".jpg") ? strlen(name) - 4 : 0;
    g_autofree char *escaped = g_strndup(name, length);
    g_autofree char *upn = sp_call_decode(escaped);
    SpResident *resident = sp_world_find(call->world, upn);

    if (sp_call_header(call, "authorization") != NULL) {
        sp_world_count_leak(call->world);
    }
    if (resident == NULL || resident->portal == NULL) {
        sp_call_reply_empty(call, 404);
        return;
    }
    g_autoptr(GBytes) photo =
        sp_renditions_get(sp_world_get_renditions(call->world), resident->portal, 240, 80);

    sp_call_reply_bytes(call, 200, "image/jpeg", photo);
}

/* In the order of sp_virtual_services. */
static const struct {
    const char *prefix;
    void (*answer)(SpCall *call);
} services[] = {
    {"/login/", sp_login_answer},
    {"/graph/", sp_graph_answer},
    {"/sharepoint/", sp_sharepoint_answer},
    {"/my/", sp_my_answer},
    {"/exchange/", sp_exchange_answer},
    {"/engage/", sp_viva_engage_answer},
    {"/mugshot/", sp_mugshot_answer},
    {"/elsewhere/", answer_elsewhere},
    {"/portal/", answer_portal},
};

/* Lets a connection wait without a thread; false where the server is stopping. */
static gboolean
park(SpServer *server, struct MHD_Connection *connection, gint64 due)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    Parked parked = {connection, due};

    if (server->is_stopping) {
        return FALSE;
    }
    MHD_suspend_connection(connection);
    g_array_append_val(server->parked, parked);
    g_cond_signal(&server->cond);
    return TRUE;
}

static gboolean
is_stopping(SpServer *server)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);

    return server->is_stopping;
}

/* Resumes what is due; returns when the next one is. Called with the mutex held. */
static gint64
wake_due(SpServer *server, gint64 now)
{
    gint64 next = FOREVER;

    for (guint i = 0; i < server->parked->len;) {
        Parked *parked = &g_array_index(server->parked, Parked, i);

        if (parked->due <= now) {
            MHD_resume_connection(parked->connection);
            g_array_remove_index_fast(server->parked, i);
        } else {
            next = MIN(next, parked->due);
            i++;
        }
    }
    return next;
}

static gpointer
run_waker(gpointer data)
{
    SpServer *server = data;

    g_mutex_lock(&server->mutex);
    while (!server->is_stopping) {
        gint64 next = wake_due(server, g_get_monotonic_time());

        if (next == FOREVER) {
            g_cond_wait(&server->cond, &server->mutex);
        } else {
            g_cond_wait_until(&server->cond, &server->mutex, next);
        }
    }
    wake_due(server, FOREVER);
    g_mutex_unlock(&server->mutex);
    return NULL;
}

/* libmicrohttpd decodes the path that it hands to the handler; the services need it as it was sent.
 */
static void *
begin_exchange(void *data, const char *uri, struct MHD_Connection *connection)
{
    SpServer *server = data;
    Exchange *exchange = g_new0(Exchange, 1);
    g_auto(GStrv) parts = g_strsplit(uri, "?", 2);
    const char *path = parts[0] != NULL ? parts[0] : "";

    exchange->server = server;
    exchange->connection = connection;
    exchange->service = G_N_ELEMENTS(services);
    for (guint i = 0; i < G_N_ELEMENTS(services); i++) {
        if (g_str_has_prefix(path, services[i].prefix)) {
            exchange->service = i;
            path += strlen(services[i].prefix) - 1;
            break;
        }
    }
    exchange->call =
        sp_call_new(server->world, server->base, "GET", path, parts[0] != NULL ? parts[1] : NULL);
    exchange->body = g_byte_array_new();
    return exchange;
}

static void
end_exchange(void *data, struct MHD_Connection *connection, void **context,
             enum MHD_RequestTerminationCode code)
{
    Exchange *exchange = *context;

    (void) data;
    (void) connection;
    (void) code;
    if (exchange != NULL) {
        sp_call_free(exchange->call);
        g_byte_array_unref(exchange->body);
        g_free(exchange);
        *context = NULL;
    }
}

static enum MHD_Result
keep_header(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    SpCall *call = data;

    (void) kind;
    g_hash_table_insert(call->headers, g_ascii_strdown(name, -1), g_strdup(value));
    return MHD_YES;
}

/* Lets the service answer, unless a fault does it in its place. */
static void
answer(Exchange *exchange)
{
    SpServer *server = exchange->server;
    SpCall *call = exchange->call;
    gint64 latency_ms = 0;

    sp_world_lock(server->world);
    if (exchange->service == G_N_ELEMENTS(services)) {
        sp_call_reply_text(call, 404, "text/plain", "No such service");
    } else if (exchange->body->len >= MAX_REQUEST_BODY) {
        sp_call_reply_text(call, 413, "text/plain", "Request Entity Too Large");
    } else {
        call->body = g_byte_array_free_to_bytes(g_byte_array_ref(exchange->body));
        latency_ms = sp_faults_latency(server->faults, exchange->service);
        exchange->fault = sp_faults_take(server->faults, exchange->service);
        if (exchange->fault == SP_FAULT_401) {
            g_hash_table_remove(call->headers, "authorization");
        }
        services[exchange->service].answer(call);
        sp_fault_answer(exchange->fault, exchange->service, call);
    }
    sp_world_unlock(server->world);
    exchange->is_answered = TRUE;
    exchange->due = exchange->fault == SP_FAULT_TIMEOUT
                        ? FOREVER
                        : g_get_monotonic_time() + latency_ms * G_TIME_SPAN_MILLISECOND;
}

/* Sends a TCP reset: a connected socket that is told to connect to nobody drops its peer at once.
 */
static void
reset_connection(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};

    if (info != NULL && connect(info->connect_fd, &nobody, sizeof nobody) != 0) {
        g_debug("The practice tenant cannot reset a connection: %s", g_strerror(errno));
    }
}

static ssize_t
read_half(void *data, uint64_t position, char *buffer, size_t max)
{
    Exchange *exchange = data;
    gsize size = 0;
    const guint8 *bytes = g_bytes_get_data(exchange->call->answer, &size);
    gsize half = size / 2;

    if (position >= half) {
        if (exchange->fault == SP_FAULT_RESET_BODY) {
            reset_connection(exchange->connection);
        }
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    max = MIN(max, half - (gsize) position);
    memcpy(buffer, bytes + position, max);
    return (ssize_t) max;
}

static ssize_t
read_slowly(void *data, uint64_t position, char *buffer, size_t max)
{
    Exchange *exchange = data;
    gsize size = 0;
    const char *bytes = g_bytes_get_data(exchange->call->answer, &size);
    gint64 now = g_get_monotonic_time();

    if (position >= size || max == 0 || is_stopping(exchange->server)) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (now < exchange->due) {
        return park(exchange->server, exchange->connection, exchange->due)
                   ? 0
                   : MHD_CONTENT_READER_END_WITH_ERROR;
    }
    exchange->due = now + SLOW_INTERVAL;
    buffer[0] = bytes[position];
    return 1;
}

static ssize_t
read_huge(void *data, uint64_t position, char *buffer, size_t max)
{
    static const guint8 start[] = {0xff, 0xd8, 0xff, 0xe0};

    (void) data;
    if (position >= HUGE_BYTES) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    max = MIN(max, HUGE_BYTES - (gsize) position);
    memset(buffer, 0x42, max);
    for (gsize i = (gsize) position; i < sizeof start && i - position < max; i++) {
        buffer[i - position] = (char) start[i];
    }
    return (ssize_t) max;
}

static struct MHD_Response *
make_response(Exchange *exchange)
{
    gsize size = 0;
    SpCall *call = exchange->call;
    const void *data = call->answer != NULL ? g_bytes_get_data(call->answer, &size) : NULL;

    if (exchange->fault == SP_FAULT_HUGE) {
        call->status = 200;
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 64 * 1024, read_huge, NULL,
                                                 NULL);
    }
    if ((exchange->fault == SP_FAULT_TRUNCATE || exchange->fault == SP_FAULT_RESET_BODY) &&
        size > 1) {
        return MHD_create_response_from_callback(size, 16 * 1024, read_half, exchange, NULL);
    }
    if (exchange->fault == SP_FAULT_SLOW && size > 0) {
        return MHD_create_response_from_callback(size, 1024, read_slowly, exchange, NULL);
    }
    return MHD_create_response_from_buffer(size, (void *) data, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result
send_answer(Exchange *exchange)
{
    SpCall *call = exchange->call;
    struct MHD_Response *response = make_response(exchange);
    enum MHD_Result result = MHD_NO;

    if (call->content_type != NULL) {
        MHD_add_response_header(response, "Content-Type", call->content_type);
    }
    for (guint i = 0; i < call->answer_headers->len; i++) {
        g_auto(GStrv) parts = g_strsplit(g_ptr_array_index(call->answer_headers, i), ": ", 2);

        MHD_add_response_header(response, parts[0], parts[1]);
    }
    result = MHD_queue_response(exchange->connection, (unsigned int) call->status, response);
    MHD_destroy_response(response);
    return result;
}

/* The whole request is here: answers it, now or when its latency is over. */
static enum MHD_Result
finish(Exchange *exchange)
{
    if (!exchange->is_answered) {
        answer(exchange);
        if (exchange->due > g_get_monotonic_time()) {
            return park(exchange->server, exchange->connection, exchange->due) ? MHD_YES : MHD_NO;
        }
    }
    if (is_stopping(exchange->server)) {
        return MHD_NO;
    }
    if (exchange->fault == SP_FAULT_RESET) {
        reset_connection(exchange->connection);
        return MHD_NO;
    }
    return send_answer(exchange);
}

static enum MHD_Result
handle(void *data, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *upload, size_t *upload_size, void **context)
{
    Exchange *exchange = *context;

    (void) data;
    (void) url;
    (void) version;
    if (!exchange->is_started) {
        exchange->is_started = TRUE;
        g_free(exchange->call->method);
        exchange->call->method = g_strdup(method);
        MHD_get_connection_values(connection, MHD_HEADER_KIND, keep_header, exchange->call);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        gsize room = MAX_REQUEST_BODY - exchange->body->len;

        g_byte_array_append(exchange->body, (const guint8 *) upload,
                            (guint) MIN(*upload_size, room));
        *upload_size = 0;
        return MHD_YES;
    }
    return finish(exchange);
}

static struct MHD_Daemon *
start_daemon(SpServer *server, const SpServerOptions *options)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(options->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *) options->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *) options->key},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    gboolean is_tls = options->certificate != NULL;

    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (is_tls ? MHD_USE_TLS : 0),
        options->port, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned int) N_THREADS, MHD_OPTION_URI_LOG_CALLBACK,
        begin_exchange, server, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL, MHD_OPTION_ARRAY,
        is_tls ? tls : none, MHD_OPTION_END);
}

SpServer *
sp_server_new(SpWorld *world, SpFaults *faults, const SpServerOptions *options, GError **error)
{
    SpServer *server = g_new0(SpServer, 1);
    const union MHD_DaemonInfo *info = NULL;

    server->world = world;
    server->faults = faults;
    server->parked = g_array_new(FALSE, FALSE, sizeof(Parked));
    g_mutex_init(&server->mutex);
    g_cond_init(&server->cond);
    server->daemon = start_daemon(server, options);
    if (server->daemon == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_NETWORK,
                    _("The practice tenant cannot listen on port %u of 127.0.0.1: %s"),
                    options->port, g_strerror(errno));
        sp_server_free(server);
        return NULL;
    }
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->base = g_strdup_printf("%s://127.0.0.1:%u",
                                   options->certificate != NULL ? "https" : "http", info->port);
    server->waker = g_thread_new("practice-waker", run_waker, server);
    return server;
}

void
sp_server_free(SpServer *server)
{
    if (server == NULL) {
        return;
    }
    g_mutex_lock(&server->mutex);
    server->is_stopping = TRUE;
    g_cond_signal(&server->cond);
    g_mutex_unlock(&server->mutex);
    if (server->waker != NULL) {
        g_thread_join(server->waker);
    }
    if (server->daemon != NULL) {
        MHD_stop_daemon(server->daemon);
    }
    g_array_unref(server->parked);
    g_cond_clear(&server->cond);
    g_mutex_clear(&server->mutex);
    g_free(server->base);
    g_free(server);
}

const char *
sp_server_get_base(const SpServer *server)
{
    return server->base;
}
