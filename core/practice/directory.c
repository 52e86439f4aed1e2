#include "core/practice/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <ldap.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/practice/directory-entry.h"

#define MAX_CLIENTS 32
#define MAX_MESSAGE (64 * 1024)
/* Its place among the virtual services. */
#define SERVICE 9

/* One connection. What is to be sent waits in `out` until it is due. */
typedef struct {
    int fd;
    Sockbuf *buffer;
    BerElement *message; /* the one that is being read */
    GByteArray *out;
    gint64 due; /* monotonic microseconds */
    gboolean is_closing;
} Client;

struct SpDirectory {
    SpWorld *world;
    SpFaults *faults;
    char *address;
    int listener;
    int wake[2]; /* written to when the thread is to end */
    GThread *thread;
    GPtrArray *clients;
};

static void
client_free(Client *client)
{
    ber_free(client->message, 1);
    ber_sockbuf_free(client->buffer); /* closes the socket too */
    g_byte_array_unref(client->out);
    g_free(client);
}

static Client *
client_new(int fd)
{
    Client *client = g_new0(Client, 1);
    ber_len_t maximum = MAX_MESSAGE;

    client->fd = fd;
    client->buffer = ber_sockbuf_alloc();
    client->message = ber_alloc_t(LBER_USE_DER);
    client->out = g_byte_array_new();
    ber_sockbuf_add_io(client->buffer, &ber_sockbuf_io_tcp, LBER_SBIOD_LEVEL_PROVIDER, &client->fd);
    ber_sockbuf_ctrl(client->buffer, LBER_SB_OPT_SET_MAX_INCOMING, &maximum);
    ber_sockbuf_ctrl(client->buffer, LBER_SB_OPT_SET_NONBLOCK, &maximum);
    return client;
}

/* Queues a finished message and frees it. */
static void
queue(Client *client, BerElement *message)
{
    struct berval *bytes = NULL;

    if (ber_flatten(message, &bytes) == 0) {
        g_byte_array_append(client->out, (const guint8 *) bytes->bv_val, (guint) bytes->bv_len);
        ber_bvfree(bytes);
    }
    ber_free(message, 1);
}

static void
queue_result(Client *client, ber_int_t id, ber_tag_t tag, int result, const char *diagnostic)
{
    BerElement *message = ber_alloc_t(LBER_USE_DER);

    ber_printf(message, "{it{ess}}", id, tag, (ber_int_t) result, "", diagnostic);
    queue(client, message);
}

static gboolean
is_wanted(char **names, const char *name)
{
    if (names == NULL || names[0] == NULL) {
        return TRUE;
    }
    for (guint i = 0; names[i] != NULL; i++) {
        if (g_str_equal(names[i], "*") || g_ascii_strcasecmp(names[i], name) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
queue_entry(Client *client, ber_int_t id, const char *name, GPtrArray *entry, char **names)
{
    BerElement *message = ber_alloc_t(LBER_USE_DER);

    ber_printf(message, "{it{s{", id, (ber_tag_t) LDAP_RES_SEARCH_ENTRY, name);
    for (guint i = 0; i < entry->len; i++) {
        SpAttribute *attribute = g_ptr_array_index(entry, i);

        if (!is_wanted(names, attribute->name)) {
            continue;
        }
        ber_printf(message, "{s[", attribute->name);
        for (guint k = 0; k < attribute->values->len; k++) {
            gsize size = 0;
            const char *data = g_bytes_get_data(g_ptr_array_index(attribute->values, k), &size);

            ber_printf(message, "o", data, (ber_len_t) size);
        }
        ber_printf(message, "]}");
    }
    ber_printf(message, "}}}");
    queue(client, message);
}

/* What a search asks for. */
typedef struct {
    char *base;
    ber_int_t scope;
    SpFilter *filter;
    char **names;
} Search;

static void
search_clear(Search *search)
{
    ber_memfree(search->base);
    sp_filter_free(search->filter);
    ber_memvfree((void **) search->names);
}

static gboolean
read_search(Client *client, Search *search)
{
    ber_int_t deref = 0;
    ber_int_t size_limit = 0;
    ber_int_t time_limit = 0;
    ber_int_t types_only = 0;

    if (ber_scanf(client->message, "{aeeiib", &search->base, &search->scope, &deref, &size_limit,
                  &time_limit, &types_only) == LBER_ERROR) {
        return FALSE;
    }
    search->filter = sp_filter_read(client->message);
    return search->filter != NULL &&
           ber_scanf(client->message, "{v}}", &search->names) != LBER_ERROR;
}

static void
find_people(SpDirectory *directory, Client *client, ber_int_t id, const Search *search)
{
    GPtrArray *residents = sp_world_residents(directory->world);

    for (guint i = 0; i < residents->len; i++) {
        SpResident *resident = g_ptr_array_index(residents, i);

        if (resident->is_synced) {
            g_autoptr(GPtrArray) entry = sp_directory_entry(directory->world, resident);

            if (sp_filter_matches(search->filter, entry)) {
                g_autofree char *name = g_strdup_printf("CN=%s,OU=People,%s",
                                                        resident->display_name, SP_DIRECTORY_BASE);

                queue_entry(client, id, name, entry, search->names);
            }
        }
    }
}

static void
answer_search(SpDirectory *directory, Client *client, ber_int_t id)
{
    Search search = {0};
    int result = LDAP_SUCCESS;

    if (!read_search(client, &search)) {
        result = LDAP_PROTOCOL_ERROR;
    } else if (search.base[0] == '\0' && search.scope == LDAP_SCOPE_BASE) {
        g_autoptr(GPtrArray) root = sp_directory_root();

        queue_entry(client, id, "", root, search.names);
    } else if (strlen(search.base) < strlen(SP_DIRECTORY_BASE) ||
               g_ascii_strcasecmp(search.base + strlen(search.base) - strlen(SP_DIRECTORY_BASE),
                                  SP_DIRECTORY_BASE) != 0) {
        result = LDAP_NO_SUCH_OBJECT;
    } else {
        find_people(directory, client, id, &search);
    }
    queue_result(client, id, LDAP_RES_SEARCH_RESULT, result, "");
    search_clear(&search);
}

/* The faults that a directory can have; TRUE: nothing more is answered. */
static gboolean
answer_fault(Client *client, SpFault fault, ber_int_t id, ber_tag_t answer)
{
    struct linger at_once = {1, 0};

    switch (fault) {
    case SP_FAULT_NONE: return FALSE;
    case SP_FAULT_TIMEOUT: break;
    case SP_FAULT_401:
        queue_result(client, id, answer, LDAP_INVALID_CREDENTIALS,
                     "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, "
                     "data 52e, v4563");
        break;
    case SP_FAULT_403: queue_result(client, id, answer, LDAP_INSUFFICIENT_ACCESS, ""); break;
    case SP_FAULT_429:
    case SP_FAULT_503: queue_result(client, id, answer, LDAP_BUSY, ""); break;
    default:
        setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        client->is_closing = TRUE;
    }
    return TRUE;
}

static void
answer_message(SpDirectory *directory, Client *client)
{
    ber_int_t id = 0;
    ber_len_t length = 0;
    ber_tag_t tag = LBER_DEFAULT;
    SpFault fault = SP_FAULT_NONE;
    gint64 latency_ms = 0;

    if (ber_scanf(client->message, "i", &id) != LBER_ERROR) {
        tag = ber_peek_tag(client->message, &length);
    }
    if (tag == LDAP_REQ_ABANDON) {
        return;
    }
    if (tag != LDAP_REQ_BIND && tag != LDAP_REQ_SEARCH) {
        client->is_closing = TRUE;
        return;
    }
    sp_world_lock(directory->world);
    fault = sp_faults_take(directory->faults, SERVICE);
    latency_ms = sp_faults_latency(directory->faults, SERVICE);
    if (answer_fault(client, fault, id,
                     tag == LDAP_REQ_BIND ? LDAP_RES_BIND : LDAP_RES_SEARCH_RESULT)) {
        latency_ms = 0;
    } else if (tag == LDAP_REQ_BIND) {
        queue_result(client, id, LDAP_RES_BIND, LDAP_SUCCESS, "");
    } else {
        answer_search(directory, client, id);
    }
    sp_world_unlock(directory->world);
    client->due = g_get_monotonic_time() + latency_ms * G_TIME_SPAN_MILLISECOND;
}

static void
read_messages(SpDirectory *directory, Client *client)
{
    while (!client->is_closing) {
        ber_len_t length = 0;

        errno = 0;
        if (ber_get_next(client->buffer, &length, client->message) == LBER_DEFAULT) {
            client->is_closing = errno != EAGAIN && errno != EWOULDBLOCK;
            return;
        }
        answer_message(directory, client);
        ber_free(client->message, 1);
        client->message = ber_alloc_t(LBER_USE_DER);
    }
}

static void
write_messages(Client *client)
{
    ssize_t n = send(client->fd, client->out->data, client->out->len, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n > 0) {
        g_byte_array_remove_range(client->out, 0, (guint) n);
    } else if (errno != EAGAIN && errno != EINTR) {
        client->is_closing = TRUE;
    }
}

static void
accept_client(SpDirectory *directory)
{
    int fd = accept4(directory->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (fd >= 0 && directory->clients->len < MAX_CLIENTS) {
        g_ptr_array_add(directory->clients, client_new(fd));
    } else if (fd >= 0) {
        close(fd);
    }
}

/* Milliseconds until the next answer is due; -1: none waits. Fills in what each client waits for.
 */
static int
prepare(SpDirectory *directory, struct pollfd *polled)
{
    gint64 now = g_get_monotonic_time();
    gint64 next = -1;

    for (guint i = 0; i < directory->clients->len; i++) {
        Client *client = g_ptr_array_index(directory->clients, i);

        polled[i].fd = client->fd;
        polled[i].events = POLLIN;
        if (client->out->len > 0 && client->due <= now) {
            polled[i].events |= POLLOUT;
        } else if (client->out->len > 0) {
            gint64 wait = (client->due - now) / G_TIME_SPAN_MILLISECOND + 1;

            next = next < 0 ? wait : MIN(next, wait);
        }
    }
    return (int) next;
}

static gpointer
serve(gpointer data)
{
    SpDirectory *directory = data;
    struct pollfd polled[MAX_CLIENTS + 2];

    for (;;) {
        guint n_clients = directory->clients->len;
        int wait = prepare(directory, polled);

        polled[n_clients] = (struct pollfd){.fd = directory->listener, .events = POLLIN};
        polled[n_clients + 1] = (struct pollfd){.fd = directory->wake[0], .events = POLLIN};
        poll(polled, n_clients + 2, wait);
        if (polled[n_clients + 1].revents != 0) {
            return NULL;
        }
        for (guint i = n_clients; i > 0; i--) {
            Client *client = g_ptr_array_index(directory->clients, i - 1);
            short events = polled[i - 1].revents;

            if ((events & POLLOUT) != 0) {
                write_messages(client);
            }
            if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
                read_messages(directory, client);
            }
            if (client->is_closing) {
                g_ptr_array_remove_index(directory->clients, i - 1);
            }
        }
        if (polled[n_clients].revents != 0) {
            accept_client(directory);
        }
    }
}

static gboolean
listen_somewhere(SpDirectory *directory)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    directory->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (directory->listener < 0 ||
        bind(directory->listener, (struct sockaddr *) &address, sizeof address) != 0 ||
        listen(directory->listener, MAX_CLIENTS) != 0 ||
        getsockname(directory->listener, (struct sockaddr *) &address, &size) != 0) {
        return FALSE;
    }
    directory->address = g_strdup_printf("ldap://127.0.0.1:%u", ntohs(address.sin_port));
    return g_unix_open_pipe(directory->wake, FD_CLOEXEC, NULL);
}

SpDirectory *
sp_directory_new(SpWorld *world, SpFaults *faults, GError **error)
{
    SpDirectory *directory = g_new0(SpDirectory, 1);

    directory->world = world;
    directory->faults = faults;
    directory->wake[0] = -1;
    directory->wake[1] = -1;
    directory->clients = g_ptr_array_new_with_free_func((GDestroyNotify) client_free);
    if (!listen_somewhere(directory)) {
        g_set_error(error, SP_ERROR, SP_ERROR_NETWORK,
                    _("The practice tenant's directory cannot listen on 127.0.0.1: %s"),
                    g_strerror(errno));
        sp_directory_free(directory);
        return NULL;
    }
    directory->thread = g_thread_new("practice-ldap", serve, directory);
    return directory;
}

static void
close_if_open(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

void
sp_directory_free(SpDirectory *directory)
{
    if (directory == NULL) {
        return;
    }
    close_if_open(directory->wake[1]);
    if (directory->thread != NULL) {
        g_thread_join(directory->thread);
    }
    g_ptr_array_unref(directory->clients);
    close_if_open(directory->wake[0]);
    close_if_open(directory->listener);
    g_free(directory->address);
    g_free(directory);
}

const char *
sp_directory_get_address(const SpDirectory *directory)
{
    return directory->address;
}
