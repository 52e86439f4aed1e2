/* The connection is GIO's, so that connecting can be cancelled; libldap works on a second
 * descriptor of it. A cancellation shuts the reading side, upon which libldap's waits end as if the
 * server had gone. The writing side stays: libldap writes without care for SIGPIPE. */

#include "core/services/directory-link.h"

#include <fcntl.h>
#include <openldap.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/endpoint.h"
#include "core/net/secret-file.h"
#include "core/net/tokens.h"
#include "core/services/directory-text.h"
#include "core/text.h"

#define DEFAULT_TIMEOUT_MS         20000
#define DEFAULT_CONNECT_TIMEOUT_MS 10000
#define SLICE_MS                   100
#define MAX_ENTRIES                5

struct SpDirectoryAddress {
    char *url;
    char *base;
    char *bind_dn;
    char *password_file;
    char *ca_file;
    gboolean is_ldaps; /* however the scheme is written */
    gboolean wants_starttls;
    guint timeout_ms;
    guint connect_timeout_ms;
};

struct SpDirectoryLink {
    const SpDirectoryAddress *address;
    LDAP *handle;
    GSocketConnection *connection;
    GCancellable *cancellable;
    gulong on_cancelled;
};

SpDirectoryAddress *
sp_directory_address_new(const SpConfig *config)
{
    SpDirectoryAddress *address = g_new0(SpDirectoryAddress, 1);
    const char *ca_file = sp_config_get(config, "directory", "ca-file");

    address->url = sp_endpoint_base(config, SP_ENDPOINT_DIRECTORY);
    address->base = g_strdup(sp_config_get(config, "directory", "base-dn"));
    address->bind_dn = g_strdup(sp_config_get(config, "directory", "bind-dn"));
    address->password_file = g_strdup(sp_config_get(config, "directory", "password-file"));
    address->ca_file =
        g_strdup(ca_file != NULL ? ca_file : sp_config_get(config, "network", "ca-file"));
    address->is_ldaps = g_strcmp0(g_uri_peek_scheme(address->url), "ldaps") == 0;
    address->wants_starttls =
        !address->is_ldaps &&
        g_strcmp0(sp_config_get(config, "directory", "starttls"), "true") == 0;
    address->timeout_ms = sp_config_get_ms(config, "network", "timeout", DEFAULT_TIMEOUT_MS);
    address->connect_timeout_ms =
        sp_config_get_ms(config, "network", "connect-timeout", DEFAULT_CONNECT_TIMEOUT_MS);
    return address;
}

void
sp_directory_address_free(SpDirectoryAddress *address)
{
    if (address != NULL) {
        g_free(address->url);
        g_free(address->base);
        g_free(address->bind_dn);
        g_free(address->password_file);
        g_free(address->ca_file);
        g_free(address);
    }
}

gboolean
sp_directory_link_is_encrypted(const SpDirectoryLink *link)
{
    return link->address->is_ldaps || link->address->wants_starttls;
}

gboolean
sp_directory_link_is_anonymous(const SpDirectoryLink *link)
{
    return link->address->bind_dn == NULL;
}

LDAP *
sp_directory_link_get_handle(SpDirectoryLink *link)
{
    return link->handle;
}

/* The server's or the library's own words about the last failure. */
static char *
diagnostic_of(LDAP *handle)
{
    char *text = NULL;
    char *clean = NULL;

    ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text);
    clean = sp_text_clean(text, -1, 200);
    ldap_memfree(text);
    return clean;
}

static void
set_unreachable(const SpDirectoryAddress *address, GError **error)
{
    g_set_error(error, SP_ERROR, SP_ERROR_NETWORK,
                _("The directory is not reachable at %s; check the address and the network"),
                address->url);
}

/* One row for each answer that has a meaning of its own. */
static void
explain(const SpDirectoryLink *link, int result, GError **error)
{
    g_autofree char *said = diagnostic_of(link->handle);
    const char *reason = sp_directory_bind_reason(said);

    switch (result) {
    case LDAP_INVALID_CREDENTIALS:
        g_set_error(
            error, SP_ERROR, SP_ERROR_AUTH,
            _("The directory refused the sign-in (result 49): %s; check [directory] bind-dn and "
              "password-file"),
            reason != NULL ? reason : _("name or password are wrong"));
        return;
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_OPERATIONS_ERROR: /* Active Directory's answer to a search without a sign-in */
        g_set_error(error, SP_ERROR, SP_ERROR_AUTH,
                    _("The directory does not let this account read (result %d); set [directory] "
                      "bind-dn and password-file, or ask its administrator"),
                    result);
        return;
    case LDAP_NO_SUCH_OBJECT:
        g_set_error(
            error, SP_ERROR, SP_ERROR_PROTOCOL,
            _("The directory has nothing at this base (result 32); check [directory] base-dn"));
        return;
    case LDAP_TIMEOUT:
    case LDAP_TIMELIMIT_EXCEEDED:
        g_set_error(error, SP_ERROR, SP_ERROR_TIMEOUT,
                    _("The directory did not answer in time; try again"));
        return;
    case LDAP_BUSY:
    case LDAP_UNAVAILABLE:
        g_set_error(error, SP_ERROR, SP_ERROR_THROTTLED,
                    _("The directory is busy; wait and read it again"));
        return;
    case LDAP_SERVER_DOWN:
    case LDAP_CONNECT_ERROR: set_unreachable(link->address, error); return;
    default:
        g_set_error(error, SP_ERROR, SP_ERROR_PROTOCOL,
                    _("The directory answered with a fault (result %d: %s)"), result,
                    ldap_err2string(result));
        return;
    }
}

/* Waits for one operation, in slices for the time limit's sake. */
static int
wait_for(SpDirectoryLink *link, int id, guint timeout_ms, SpDirectoryAnswer **message)
{
    gint64 end_us = g_get_monotonic_time() + (gint64) timeout_ms * 1000;

    while (!g_cancellable_is_cancelled(link->cancellable)) {
        struct timeval slice = {0, SLICE_MS * 1000};
        int type = ldap_result(link->handle, id, LDAP_MSG_ALL, &slice, message);
        int result = LDAP_SUCCESS;

        if (type < 0) {
            ldap_get_option(link->handle, LDAP_OPT_RESULT_CODE, &result);
            return result == LDAP_SUCCESS ? LDAP_SERVER_DOWN : result;
        }
        if (type > 0) {
            int code =
                ldap_parse_result(link->handle, *message, &result, NULL, NULL, NULL, NULL, 0);

            return code == LDAP_SUCCESS ? result : code;
        }
        if (g_get_monotonic_time() >= end_us) {
            ldap_abandon_ext(link->handle, id, NULL, NULL);
            return LDAP_TIMEOUT;
        }
    }
    return LDAP_USER_CANCELLED;
}

static struct timeval
timeval_of(guint ms)
{
    return (struct timeval){ms / 1000, (suseconds_t) (ms % 1000) * 1000};
}

/* Every option is set on the handle: whatever the machine's ldap.conf says, the peer is verified.
 */
static int
set_options(SpDirectoryLink *link)
{
    const SpDirectoryAddress *address = link->address;
    int version = LDAP_VERSION3;
    int demand = LDAP_OPT_X_TLS_DEMAND;
    int minimum = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    int client = 0;
    struct timeval connect = timeval_of(address->connect_timeout_ms);
    struct timeval total = timeval_of(address->timeout_ms);

    ldap_set_option(link->handle, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(link->handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    ldap_set_option(link->handle, LDAP_OPT_NETWORK_TIMEOUT, &connect);
    ldap_set_option(link->handle, LDAP_OPT_TIMEOUT, &total);
    ldap_set_option(link->handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
    ldap_set_option(link->handle, LDAP_OPT_X_TLS_PROTOCOL_MIN, &minimum);
    if (address->ca_file != NULL &&
        ldap_set_option(link->handle, LDAP_OPT_X_TLS_CACERTFILE, address->ca_file) != 0) {
        return LDAP_PARAM_ERROR;
    }
    return ldap_set_option(link->handle, LDAP_OPT_X_TLS_NEWCTX, &client);
}

static void
on_cancelled(GCancellable *cancellable, gpointer user_data)
{
    SpDirectoryLink *link = user_data;

    (void) cancellable;
    g_socket_shutdown(g_socket_connection_get_socket(link->connection), TRUE, FALSE, NULL);
}

static gboolean
open_connection(SpDirectoryLink *link)
{
    const SpDirectoryAddress *address = link->address;
    g_autoptr(GSocketClient) client = g_socket_client_new();
    guint16 port = address->is_ldaps ? LDAPS_PORT : LDAP_PORT;

    g_socket_client_set_enable_proxy(client, FALSE);
    g_socket_client_set_timeout(client, MAX(1, address->connect_timeout_ms / 1000));
    link->connection =
        g_socket_client_connect_to_uri(client, address->url, port, link->cancellable, NULL);
    return link->connection != NULL;
}

/* libldap closes the descriptor that it is given, and waits on it by itself. For the rest of a
 * message that has begun it waits in read() without its time limits, so that returns now and then.
 */
static gboolean
hand_over(SpDirectoryLink *link)
{
    GSocket *socket = g_socket_connection_get_socket(link->connection);
    int fd = fcntl(g_socket_get_fd(socket), F_DUPFD_CLOEXEC, 0);
    const struct timeval slice = {0, SLICE_MS * 1000};

    g_socket_set_timeout(socket, 0);
    if (fd < 0 || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof slice) != 0 ||
        ldap_init_fd(fd, LDAP_PROTO_TCP, link->address->url, &link->handle) != LDAP_SUCCESS) {
        if (fd >= 0) {
            close(fd);
        }
        return FALSE;
    }
    if (link->cancellable != NULL) {
        link->on_cancelled =
            g_cancellable_connect(link->cancellable, G_CALLBACK(on_cancelled), link, NULL);
    }
    return TRUE;
}

/* StartTLS asks first whether the server wants to; from there on LDAPS is the same. */
static gboolean
encrypt(SpDirectoryLink *link, GError **error)
{
    g_autoptr(SpDirectoryAnswer) message = NULL;
    int id = 0;
    int result = LDAP_SUCCESS;

    if (link->address->wants_starttls) {
        result = ldap_start_tls(link->handle, NULL, NULL, &id);
        if (result == LDAP_SUCCESS) {
            result = wait_for(link, id, link->address->connect_timeout_ms, &message);
        }
    }
    if (result != LDAP_SUCCESS) {
        explain(link, result, error);
        return FALSE;
    }
    result = ldap_install_tls(link->handle);
    if (result == LDAP_TIMEOUT) {
        explain(link, result, error);
    } else if (result != LDAP_SUCCESS) {
        g_set_error(
            error, SP_ERROR, SP_ERROR_TLS,
            _("The directory's certificate was not accepted; check [directory] ca-file and that "
              "the server's name stands in its certificate"));
    }
    return result == LDAP_SUCCESS;
}

SpDirectoryLink *
sp_directory_link_open(const SpDirectoryAddress *address, GCancellable *cancellable, GError **error)
{
    g_autoptr(SpDirectoryLink) link = g_new0(SpDirectoryLink, 1);
    int result = LDAP_SUCCESS;

    link->address = address;
    link->cancellable = cancellable == NULL ? NULL : g_object_ref(cancellable);
    if (!ldap_is_ldap_url(address->url)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("[endpoints] directory is no address of a directory: %s"), address->url);
        return NULL;
    }
    if (!open_connection(link) || !hand_over(link)) {
        set_unreachable(address, error);
        return NULL;
    }
    result = set_options(link);
    if (result != LDAP_SUCCESS) {
        explain(link, result, error);
        return NULL;
    }
    if (sp_directory_link_is_encrypted(link) && !encrypt(link, error)) {
        return NULL;
    }
    return g_steal_pointer(&link);
}

void
sp_directory_link_free(SpDirectoryLink *link)
{
    if (link == NULL) {
        return;
    }
    if (link->on_cancelled != 0) {
        g_cancellable_disconnect(link->cancellable, link->on_cancelled);
    }
    if (link->handle != NULL) {
        ldap_unbind_ext_s(link->handle, NULL, NULL);
    }
    g_clear_object(&link->connection);
    g_clear_object(&link->cancellable);
    g_free(link);
}

static int
bind_with(SpDirectoryLink *link, const char *password)
{
    const char *name = link->address->bind_dn;
    g_autoptr(SpDirectoryAnswer) message = NULL;
    struct berval secret = {0, NULL};
    int id = 0;
    int result = 0;

    if (password != NULL) {
        secret.bv_len = strlen(password);
        secret.bv_val = (char *) password;
    }
    result = ldap_sasl_bind(link->handle, name == NULL ? "" : name, LDAP_SASL_SIMPLE, &secret, NULL,
                            NULL, &id);
    return result == LDAP_SUCCESS ? wait_for(link, id, link->address->timeout_ms, &message)
                                  : result;
}

gboolean
sp_directory_link_sign_in(SpDirectoryLink *link, GError **error)
{
    const char *file = link->address->password_file;
    char *password = file == NULL ? NULL : sp_secret_file_read(file, "password-file", error);
    int result = LDAP_SUCCESS;

    if (file != NULL && password == NULL) {
        return FALSE;
    }
    result = bind_with(link, password);
    sp_tokens_wipe(password);
    if (result != LDAP_SUCCESS) {
        explain(link, result, error);
    }
    return result == LDAP_SUCCESS;
}

static int
search(SpDirectoryLink *link, const char *base, int scope, const char *filter,
       const char *const *attributes, SpDirectoryAnswer **message)
{
    int id = 0;
    int result = ldap_search_ext(link->handle, base, scope, filter, (char **) attributes, 0, NULL,
                                 NULL, NULL, MAX_ENTRIES, &id);

    return result == LDAP_SUCCESS ? wait_for(link, id, link->address->timeout_ms, message) : result;
}

GBytes *
sp_directory_link_get_value(SpDirectoryLink *link, SpDirectoryAnswer *entry, const char *name)
{
    struct berval **values = ldap_get_values_len(link->handle, entry, name);
    GBytes *bytes = NULL;

    if (values != NULL && values[0] != NULL && values[0]->bv_len > 0) {
        bytes = g_bytes_new(values[0]->bv_val, values[0]->bv_len);
    }
    ldap_value_free_len(values);
    return bytes;
}

char *
sp_directory_link_get_text(SpDirectoryLink *link, SpDirectoryAnswer *entry, const char *name)
{
    g_autoptr(GBytes) value = sp_directory_link_get_value(link, entry, name);
    gsize length = 0;
    const char *text = value == NULL ? NULL : g_bytes_get_data(value, &length);

    return text == NULL ? NULL : sp_text_clean(text, (gssize) length, 500);
}

/* The directory's own default, where the settings name no base. */
static char *
find_base(SpDirectoryLink *link, int *result)
{
    static const char *const names[] = {"defaultNamingContext", "namingContexts", NULL};
    g_autoptr(SpDirectoryAnswer) message = NULL;
    SpDirectoryAnswer *entry = NULL;
    char *base = NULL;

    if (link->address->base != NULL) {
        return g_strdup(link->address->base);
    }
    *result = search(link, "", LDAP_SCOPE_BASE, "(objectClass=*)", names, &message);
    entry = *result == LDAP_SUCCESS ? ldap_first_entry(link->handle, message) : NULL;
    for (gsize i = 0; entry != NULL && base == NULL && names[i] != NULL; i++) {
        base = sp_directory_link_get_text(link, entry, names[i]);
    }
    if (base == NULL && *result == LDAP_SUCCESS) {
        *result = LDAP_NO_SUCH_OBJECT;
    }
    return base;
}

SpDirectoryAnswer *
sp_directory_link_search(SpDirectoryLink *link, const char *filter, const char *const *attributes,
                         char **base, GError **error)
{
    g_autoptr(SpDirectoryAnswer) message = NULL;
    int result = LDAP_SUCCESS;
    g_autofree char *below = find_base(link, &result);

    if (result == LDAP_SUCCESS) {
        result = search(link, below, LDAP_SCOPE_SUBTREE, filter, attributes, &message);
    }
    if (result != LDAP_SUCCESS && result != LDAP_SIZELIMIT_EXCEEDED) {
        explain(link, result, error);
        return NULL;
    }
    *base = g_steal_pointer(&below);
    return g_steal_pointer(&message);
}

/* Somebody who only wants to know whether the directory is there. */
typedef struct {
    SpDirectoryAddress *address;
    gboolean signs_in;
    gboolean is_encrypted;
} Visit;

static void
free_visit(gpointer data)
{
    Visit *visit = data;

    sp_directory_address_free(visit->address);
    g_free(visit);
}

static void
visit(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Visit *visit = data;
    gint64 start_us = g_get_monotonic_time();
    GError *error = NULL;
    g_autoptr(SpDirectoryLink) link = sp_directory_link_open(visit->address, cancellable, &error);

    (void) source;
    if (link != NULL) {
        visit->is_encrypted = sp_directory_link_is_encrypted(link);
    }
    if (link == NULL || (visit->signs_in && !sp_directory_link_sign_in(link, &error))) {
        g_task_return_error(task, error);
        return;
    }
    g_task_return_int(task, (g_get_monotonic_time() - start_us) / 1000);
}

void
sp_directory_reach_async(const SpConfig *config, gboolean signs_in, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
    Visit *data = g_new0(Visit, 1);

    data->address = sp_directory_address_new(config);
    data->signs_in = signs_in;
    g_task_set_source_tag(task, sp_directory_reach_async);
    g_task_set_task_data(task, data, free_visit);
    g_task_run_in_thread(task, visit);
}

gint64
sp_directory_reach_finish(GAsyncResult *result, gboolean *is_encrypted, GError **error)
{
    const Visit *visit = g_task_get_task_data(G_TASK(result));

    g_return_val_if_fail(g_async_result_is_tagged(result, sp_directory_reach_async), -1);
    *is_encrypted = visit->is_encrypted;
    return g_task_propagate_int(G_TASK(result), error);
}
