/* libldap blocks, so all of it runs on a worker thread: what it needs is copied in, what it found
 * is copied out. After a cancellation the task returns at once and the thread ends by itself at its
 * next look at the cancellable, at the latest when the network timeout is over. */

#include "core/services/directory.h"

#include <ldap.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/secret-file.h"
#include "core/net/url.h"
#include "core/services/directory-text.h"
#include "core/services/job.h"
#include "core/text.h"

#define DEFAULT_TIMEOUT_MS         20000
#define DEFAULT_CONNECT_TIMEOUT_MS 10000
#define SLICE_MS                   100
#define MAX_ENTRIES                5

static const char *const attributes[] = {
    "thumbnailPhoto",
    "jpegPhoto",
    "whenChanged",
    "userPrincipalName",
    "msDS-ReplAttributeMetaData",
    NULL,
};

/* What the thread works on. */
typedef struct {
    char *url;
    char *base;
    char *bind_dn;
    char *password_file;
    char *ca_file;
    gboolean wants_starttls;
    guint timeout_ms;
    guint connect_timeout_ms;
    char *user_principal_name;
    char *filter;
} Query;

/* What it found. */
typedef struct {
    SpCopyStatus status;
    char *error;
    GBytes *thumbnail;
    GBytes *jpeg;
    char *when_changed;
    GDateTime *photo_changed;
} Found;

typedef LDAP Directory;
typedef LDAPMessage Message;

static void
close_directory(Directory *directory)
{
    ldap_unbind_ext_s(directory, NULL, NULL);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Directory, close_directory)

static void
free_message(Message *message)
{
    ldap_msgfree(message);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, free_message)

static void
free_query(gpointer data)
{
    Query *query = data;

    g_free(query->url);
    g_free(query->base);
    g_free(query->bind_dn);
    g_free(query->password_file);
    g_free(query->ca_file);
    g_free(query->user_principal_name);
    g_free(query->filter);
    g_free(query);
}

static void
free_found(gpointer data)
{
    Found *found = data;

    g_free(found->error);
    g_clear_pointer(&found->thumbnail, g_bytes_unref);
    g_clear_pointer(&found->jpeg, g_bytes_unref);
    g_free(found->when_changed);
    g_clear_pointer(&found->photo_changed, g_date_time_unref);
    g_free(found);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Found, free_found)

static void fail(Found *found, SpCopyStatus status, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
fail(Found *found, SpCopyStatus status, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    found->status = status;
    g_free(found->error);
    found->error = sp_text_clean(text, -1, 500);
}

/* The server's or the library's own words about the last failure. */
static char *
diagnostic_of(Directory *directory)
{
    char *text = NULL;
    char *clean = NULL;

    ldap_get_option(directory, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text);
    clean = sp_text_clean(text, -1, 200);
    ldap_memfree(text);
    return clean;
}

/* Whether a plain connection comes about: tells "not there" from "refused its certificate", for
 * which libldap has one and the same code. */
static gboolean
answers_on_its_port(const Query *query)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketConnection) connection = NULL;
    guint16 port = g_str_has_prefix(query->url, "ldaps:") ? LDAPS_PORT : LDAP_PORT;

    g_socket_client_set_timeout(client, MAX(1, query->connect_timeout_ms / 1000));
    connection = g_socket_client_connect_to_uri(client, query->url, port, NULL, NULL);
    return connection != NULL;
}

/* One row for each answer that has a meaning of its own. */
static void
explain(Directory *directory, const Query *query, int result, Found *found)
{
    g_autofree char *said = diagnostic_of(directory);
    const char *reason = sp_directory_bind_reason(said);
    gboolean is_encrypted = g_str_has_prefix(query->url, "ldaps:") || query->wants_starttls;

    switch (result) {
    case LDAP_INVALID_CREDENTIALS:
        fail(found, SP_COPY_DENIED,
             _("The directory refused the sign-in (result 49): %s; check [directory] bind-dn and "
               "password-file"),
             reason != NULL ? reason : _("name or password are wrong"));
        return;
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_OPERATIONS_ERROR: /* Active Directory's answer to a search without a sign-in */
        fail(found, SP_COPY_DENIED,
             _("The directory does not let this account read (result %d); set [directory] bind-dn "
               "and password-file, or ask its administrator"),
             result);
        return;
    case LDAP_NO_SUCH_OBJECT:
        fail(found, SP_COPY_INVALID,
             _("The directory has nothing at this base (result 32); check [directory] base-dn"));
        return;
    case LDAP_TIMEOUT:
    case LDAP_TIMELIMIT_EXCEEDED:
        fail(found, SP_COPY_UNREACHABLE, _("The directory did not answer in time; try again"));
        return;
    case LDAP_BUSY:
    case LDAP_UNAVAILABLE:
        fail(found, SP_COPY_THROTTLED, _("The directory is busy; wait and read it again"));
        return;
    case LDAP_SERVER_DOWN:
    case LDAP_CONNECT_ERROR:
        if (is_encrypted && answers_on_its_port(query)) {
            fail(found, SP_COPY_UNREACHABLE,
                 _("The directory's certificate was not accepted; check [directory] ca-file and "
                   "that the server's name stands in its certificate"));
        } else {
            fail(found, SP_COPY_UNREACHABLE,
                 _("The directory is not reachable at %s; check the address and the network"),
                 query->url);
        }
        return;
    default:
        fail(found, SP_COPY_INVALID, _("The directory answered with a fault (result %d: %s)"),
             result, ldap_err2string(result));
        return;
    }
}

/* Waits for one operation in slices, so that a cancellation is noticed. */
static int
wait_for(Directory *directory, int id, int all, guint timeout_ms, GCancellable *cancellable,
         Message **message)
{
    gint64 end_us = g_get_monotonic_time() + (gint64) timeout_ms * 1000;

    while (!g_cancellable_is_cancelled(cancellable)) {
        struct timeval slice = {0, SLICE_MS * 1000};
        int type = ldap_result(directory, id, all, &slice, message);
        int result = LDAP_SUCCESS;

        if (type < 0) {
            ldap_get_option(directory, LDAP_OPT_RESULT_CODE, &result);
            return result == LDAP_SUCCESS ? LDAP_SERVER_DOWN : result;
        }
        if (type > 0) {
            int code = ldap_parse_result(directory, *message, &result, NULL, NULL, NULL, NULL, 0);

            return code == LDAP_SUCCESS ? result : code;
        }
        if (g_get_monotonic_time() >= end_us) {
            ldap_abandon_ext(directory, id, NULL, NULL);
            return LDAP_TIMEOUT;
        }
    }
    ldap_abandon_ext(directory, id, NULL, NULL);
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
set_options(Directory *directory, const Query *query)
{
    int version = LDAP_VERSION3;
    int demand = LDAP_OPT_X_TLS_DEMAND;
    int minimum = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    int client = 0;
    struct timeval connect = timeval_of(query->connect_timeout_ms);
    struct timeval total = timeval_of(query->timeout_ms);

    ldap_set_option(directory, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(directory, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    ldap_set_option(directory, LDAP_OPT_NETWORK_TIMEOUT, &connect);
    ldap_set_option(directory, LDAP_OPT_TIMEOUT, &total);
    ldap_set_option(directory, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
    ldap_set_option(directory, LDAP_OPT_X_TLS_PROTOCOL_MIN, &minimum);
    if (query->ca_file != NULL &&
        ldap_set_option(directory, LDAP_OPT_X_TLS_CACERTFILE, query->ca_file) != 0) {
        return LDAP_PARAM_ERROR;
    }
    return ldap_set_option(directory, LDAP_OPT_X_TLS_NEWCTX, &client);
}

static int
start_tls(Directory *directory, const Query *query, GCancellable *cancellable)
{
    g_autoptr(Message) message = NULL;
    int id = 0;
    int result = ldap_start_tls(directory, NULL, NULL, &id);

    if (result == LDAP_SUCCESS) {
        result = wait_for(directory, id, 1, query->connect_timeout_ms, cancellable, &message);
    }
    return result == LDAP_SUCCESS ? ldap_install_tls(directory) : result;
}

static int
sign_in(Directory *directory, const Query *query, const char *password, GCancellable *cancellable)
{
    g_autoptr(Message) message = NULL;
    struct berval secret = {0, NULL};
    int id = 0;
    int result = 0;

    if (password != NULL) {
        secret.bv_len = strlen(password);
        secret.bv_val = (char *) password;
    }
    result = ldap_sasl_bind(directory, query->bind_dn == NULL ? "" : query->bind_dn,
                            LDAP_SASL_SIMPLE, &secret, NULL, NULL, &id);
    if (result != LDAP_SUCCESS) {
        return result;
    }
    return wait_for(directory, id, 1, query->timeout_ms, cancellable, &message);
}

static int
search(Directory *directory, const Query *query, const char *base, int scope, const char *filter,
       const char *const *names, GCancellable *cancellable, Message **message)
{
    int id = 0;
    int result = ldap_search_ext(directory, base, scope, filter, (char **) names, 0, NULL, NULL,
                                 NULL, MAX_ENTRIES, &id);

    if (result != LDAP_SUCCESS) {
        return result;
    }
    return wait_for(directory, id, 1, query->timeout_ms, cancellable, message);
}

/* The first value of an attribute, or NULL. */
static GBytes *
first_value(Directory *directory, Message *entry, const char *name)
{
    struct berval **values = ldap_get_values_len(directory, entry, name);
    GBytes *bytes = NULL;

    if (values != NULL && values[0] != NULL && values[0]->bv_len > 0 &&
        values[0]->bv_len <= SP_PHOTO_MAX_BYTES) {
        bytes = g_bytes_new(values[0]->bv_val, values[0]->bv_len);
    }
    ldap_value_free_len(values);
    return bytes;
}

static char *
first_text(Directory *directory, Message *entry, const char *name)
{
    g_autoptr(GBytes) value = first_value(directory, entry, name);
    gsize length = 0;
    const char *text = value == NULL ? NULL : g_bytes_get_data(value, &length);

    return text == NULL ? NULL : sp_text_clean(text, (gssize) length, 500);
}

/* The directory's own default, where the settings name no base. */
static char *
find_base(Directory *directory, const Query *query, GCancellable *cancellable, int *result)
{
    static const char *const names[] = {"defaultNamingContext", "namingContexts", NULL};
    g_autoptr(Message) message = NULL;
    Message *entry = NULL;
    char *base = NULL;

    if (query->base != NULL) {
        return g_strdup(query->base);
    }
    *result = search(directory, query, "", LDAP_SCOPE_BASE, "(objectClass=*)", names, cancellable,
                     &message);
    entry = *result == LDAP_SUCCESS ? ldap_first_entry(directory, message) : NULL;
    for (gsize i = 0; entry != NULL && base == NULL && names[i] != NULL; i++) {
        base = first_text(directory, entry, names[i]);
    }
    if (base == NULL && *result == LDAP_SUCCESS) {
        *result = LDAP_NO_SUCH_OBJECT;
    }
    return base;
}

/* The entry whose name is the person's; a mail address may stand at several. */
static Message *
choose_entry(Directory *directory, const Query *query, Message *message)
{
    Message *first = ldap_first_entry(directory, message);

    for (Message *entry = first; entry != NULL; entry = ldap_next_entry(directory, entry)) {
        g_autofree char *name = first_text(directory, entry, "userPrincipalName");

        if (name != NULL && g_ascii_strcasecmp(name, query->user_principal_name) == 0) {
            return entry;
        }
    }
    return first;
}

static void
read_change(Directory *directory, Message *entry, Found *found)
{
    struct berval **values = ldap_get_values_len(directory, entry, "msDS-ReplAttributeMetaData");

    for (gsize i = 0; values != NULL && values[i] != NULL && found->photo_changed == NULL; i++) {
        g_autofree char *xml = g_strndup(values[i]->bv_val, values[i]->bv_len);

        found->photo_changed = sp_directory_read_change(xml, "thumbnailPhoto");
    }
    ldap_value_free_len(values);
}

static void
read_entry(Directory *directory, Message *entry, Found *found)
{
    found->thumbnail = first_value(directory, entry, "thumbnailPhoto");
    found->jpeg = first_value(directory, entry, "jpegPhoto");
    found->when_changed = first_text(directory, entry, "whenChanged");
    read_change(directory, entry, found);
    found->status =
        found->thumbnail == NULL && found->jpeg == NULL ? SP_COPY_ABSENT : SP_COPY_PRESENT;
}

static int
connect_and_sign_in(Directory *directory, const Query *query, const char *password,
                    GCancellable *cancellable)
{
    int result = set_options(directory, query);

    if (result == LDAP_SUCCESS && query->wants_starttls) {
        result = start_tls(directory, query, cancellable);
    }
    return result == LDAP_SUCCESS ? sign_in(directory, query, password, cancellable) : result;
}

static void
look_up(const Query *query, const char *password, GCancellable *cancellable, Found *found)
{
    g_autoptr(Directory) directory = NULL;
    g_autoptr(Message) message = NULL;
    g_autofree char *base = NULL;
    Message *entry = NULL;
    int result = ldap_initialize(&directory, query->url);

    if (result != LDAP_SUCCESS) {
        fail(found, SP_COPY_SKIPPED, _("[endpoints] directory is no address of a directory: %s"),
             query->url);
        return;
    }
    result = connect_and_sign_in(directory, query, password, cancellable);
    if (result == LDAP_SUCCESS) {
        base = find_base(directory, query, cancellable, &result);
    }
    if (result == LDAP_SUCCESS) {
        result = search(directory, query, base, LDAP_SCOPE_SUBTREE, query->filter, attributes,
                        cancellable, &message);
    }
    if (result != LDAP_SUCCESS && result != LDAP_SIZELIMIT_EXCEEDED) {
        explain(directory, query, result, found);
        return;
    }
    entry = choose_entry(directory, query, message);
    if (entry == NULL) {
        fail(found, SP_COPY_ABSENT,
             _("The directory has no such person below %s; a cloud-only account has none there"),
             base);
        return;
    }
    read_entry(directory, entry, found);
}

static void
run(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Query *query = data;
    g_autoptr(Found) found = g_new0(Found, 1);
    g_autoptr(GError) error = NULL;
    char *password = NULL;

    (void) source;
    if (query->password_file != NULL) {
        password = sp_secret_file_read(query->password_file, "password-file", &error);
    }
    if (error != NULL) {
        fail(found, SP_COPY_SKIPPED, "%s", error->message);
    } else {
        look_up(query, password, cancellable, found);
    }
    sp_tokens_wipe(password);
    g_task_return_pointer(task, g_steal_pointer(&found), free_found);
}

static void
note_bytes(SpCopy *copy, const char *fact, GBytes *bytes)
{
    g_autofree char *text = NULL;

    if (bytes != NULL) {
        text = g_strdup_printf("%" G_GSIZE_FORMAT, g_bytes_get_size(bytes));
        sp_copy_add_fact(copy, fact, text);
    }
}

static void
note_found(SpCopy *copy, const Found *found)
{
    g_autoptr(GDateTime) changed =
        found->when_changed == NULL ? NULL : sp_directory_read_time(found->when_changed);
    g_autofree char *when = changed == NULL ? NULL : g_date_time_format_iso8601(changed);
    g_autofree char *photo_when =
        found->photo_changed == NULL ? NULL : g_date_time_format_iso8601(found->photo_changed);

    sp_copy_add_fact(copy, SP_FACT_WHEN_CHANGED, when);
    sp_copy_add_fact(copy, SP_FACT_PHOTO_CHANGED, photo_when);
    note_bytes(copy, SP_FACT_DIRECTORY_BYTES, found->thumbnail);
    note_bytes(copy, SP_FACT_JPEG_BYTES, found->jpeg);
    if (found->photo_changed != NULL) {
        copy->last_modified = g_date_time_ref(found->photo_changed);
    }
}

static void
on_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(SpJob) job = user_data;
    g_autoptr(Found) found = g_task_propagate_pointer(G_TASK(result), NULL);
    SpCopy *copy = NULL;

    (void) source;
    if (found == NULL) {
        return; /* stopped */
    }
    copy = sp_job_make_copy(job, "directory");
    note_found(copy, found);
    if (found->status == SP_COPY_PRESENT) {
        sp_job_deliver_bytes(job, copy, found->thumbnail != NULL ? found->thumbnail : found->jpeg);
        return;
    }
    copy->status = found->status;
    copy->error = g_steal_pointer(&found->error);
    sp_job_deliver(job, copy);
}

static char *
make_filter(const SpPerson *person)
{
    const char *mail = person->mail != NULL ? person->mail : person->user_principal_name;
    g_autofree char *upn = sp_directory_escape(person->user_principal_name);
    g_autofree char *address = sp_directory_escape(mail);

    /* objectClass=user keeps contacts out, which share mail addresses with people. */
    return g_strdup_printf("(&(|(objectClass=user)(objectClass=inetOrgPerson))"
                           "(|(userPrincipalName=%s)(mail=%s)(proxyAddresses=smtp:%s)))",
                           upn, address, address);
}

static Query *
make_query(const SpConfig *config, const SpPerson *person)
{
    Query *query = g_new0(Query, 1);
    const char *ca_file = sp_config_get(config, "directory", "ca-file");

    query->url = sp_endpoint_base(config, SP_ENDPOINT_DIRECTORY);
    query->base = g_strdup(sp_config_get(config, "directory", "base-dn"));
    query->bind_dn = g_strdup(sp_config_get(config, "directory", "bind-dn"));
    query->password_file = g_strdup(sp_config_get(config, "directory", "password-file"));
    query->ca_file =
        g_strdup(ca_file != NULL ? ca_file : sp_config_get(config, "network", "ca-file"));
    query->wants_starttls =
        g_strcmp0(sp_config_get(config, "directory", "starttls"), "true") == 0 &&
        !g_str_has_prefix(query->url, "ldaps:");
    query->timeout_ms = sp_config_get_ms(config, "network", "timeout", DEFAULT_TIMEOUT_MS);
    query->connect_timeout_ms =
        sp_config_get_ms(config, "network", "connect-timeout", DEFAULT_CONNECT_TIMEOUT_MS);
    query->user_principal_name = g_strdup(person->user_principal_name);
    query->filter = make_filter(person);
    return query;
}

static void
fetch_async(const SpFetch *fetch, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
    g_autoptr(SpJob) job = sp_job_new(fetch, NULL, NULL, cancellable, callback, user_data);
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, on_found, sp_job_ref(job));

    g_task_set_task_data(task, make_query(sp_job_get_config(job), fetch->person), free_query);
    g_task_set_return_on_cancel(task, TRUE);
    g_task_run_in_thread(task, run);
}

static gboolean
is_on(const SpConfig *config)
{
    return sp_config_get(config, "endpoints", "directory") != NULL;
}

/* Whether it names this machine, read by the same parser as every other address. */
static gboolean
is_loopback(const char *ldap_url)
{
    g_autofree char *text = g_strconcat("http", ldap_url + strlen("ldap"), NULL);
    g_autoptr(SpUrl) url = sp_url_parse(text);

    return url != NULL && sp_url_is_loopback(url);
}

/* A password in clear goes nowhere but to this machine, and the global catalog has no photos. */
static char *
why_not(const SpConfig *config)
{
    const char *url = sp_config_get(config, "endpoints", "directory");
    gboolean wants_starttls =
        g_strcmp0(sp_config_get(config, "directory", "starttls"), "true") == 0;
    g_autoptr(GUri) uri = url == NULL ? NULL : g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri == NULL ? NULL : g_uri_get_scheme(uri);
    int port = uri == NULL ? -1 : g_uri_get_port(uri);

    if (url == NULL) {
        return g_strdup(_("The directory's address is not known; set [endpoints] directory"));
    }
    if (g_strcmp0(scheme, "ldaps") != 0 && g_strcmp0(scheme, "ldap") != 0) {
        return g_strdup(_("[endpoints] directory must begin with ldaps:// or ldap://"));
    }
    if (sp_config_get(config, "directory", "bind-dn") != NULL &&
        sp_config_get(config, "directory", "password-file") == NULL) {
        return g_strdup(_("[directory] bind-dn needs a password-file"));
    }
    if (port == 3268 || port == 3269) {
        return g_strdup(_("[endpoints] directory names the global catalog, which holds no photos; "
                          "use a domain controller's port 636"));
    }
    if (strcmp(scheme, "ldap") == 0 && !wants_starttls && !is_loopback(url)) {
        return g_strdup(_("[endpoints] directory would send the password unencrypted; use ldaps:// "
                          "or set [directory] starttls=true"));
    }
    return NULL;
}

const SpService sp_service_directory = {
    .copies = {"directory", NULL},
    .titles = {N_("Directory"), NULL},
    .is_on = is_on,
    .why_not = why_not,
    .fetch_async = fetch_async,
    .fetch_finish = sp_job_finish,
};
