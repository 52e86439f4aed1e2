/* The reading of one person runs on a worker thread: what it needs is copied in, what it found is
 * copied out. */

#include "core/services/directory.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/url.h"
#include "core/services/directory-link.h"
#include "core/services/directory-text.h"
#include "core/services/job.h"
#include "core/text.h"

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
    SpDirectoryAddress *address;
    char *user_principal_name;
    char *filter;
} Query;

/* What it found. */
typedef struct {
    char *note; /* why there is no photo, or NULL */
    GBytes *thumbnail;
    GBytes *jpeg;
    char *when_changed;
    GDateTime *photo_changed;
} Found;

static void
free_query(gpointer data)
{
    Query *query = data;

    sp_directory_address_free(query->address);
    g_free(query->user_principal_name);
    g_free(query->filter);
    g_free(query);
}

static void
free_found(gpointer data)
{
    Found *found = data;

    g_free(found->note);
    g_clear_pointer(&found->thumbnail, g_bytes_unref);
    g_clear_pointer(&found->jpeg, g_bytes_unref);
    g_free(found->when_changed);
    g_clear_pointer(&found->photo_changed, g_date_time_unref);
    g_free(found);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Found, free_found)

/* The entry whose name is the person's; a mail address may stand at several. */
static SpDirectoryAnswer *
choose_entry(SpDirectoryLink *link, const Query *query, SpDirectoryAnswer *message)
{
    LDAP *handle = sp_directory_link_get_handle(link);
    SpDirectoryAnswer *first = ldap_first_entry(handle, message);

    for (SpDirectoryAnswer *entry = first; entry != NULL; entry = ldap_next_entry(handle, entry)) {
        g_autofree char *name = sp_directory_link_get_text(link, entry, "userPrincipalName");

        if (name != NULL && g_ascii_strcasecmp(name, query->user_principal_name) == 0) {
            return entry;
        }
    }
    return first;
}

static void
read_change(SpDirectoryLink *link, SpDirectoryAnswer *entry, Found *found)
{
    struct berval **values = ldap_get_values_len(sp_directory_link_get_handle(link), entry,
                                                 "msDS-ReplAttributeMetaData");

    for (gsize i = 0; values != NULL && values[i] != NULL && found->photo_changed == NULL; i++) {
        g_autofree char *xml = g_strndup(values[i]->bv_val, values[i]->bv_len);

        found->photo_changed = sp_directory_read_change(xml, "thumbnailPhoto");
    }
    ldap_value_free_len(values);
}

static void
read_entry(SpDirectoryLink *link, SpDirectoryAnswer *entry, Found *found)
{
    found->thumbnail = sp_directory_link_get_value(link, entry, "thumbnailPhoto");
    found->jpeg = sp_directory_link_get_value(link, entry, "jpegPhoto");
    found->when_changed = sp_directory_link_get_text(link, entry, "whenChanged");
    read_change(link, entry, found);
}

static Found *
look_up(const Query *query, GCancellable *cancellable, GError **error)
{
    g_autoptr(Found) found = g_new0(Found, 1);
    g_autoptr(SpDirectoryLink) link = sp_directory_link_open(query->address, cancellable, error);
    g_autoptr(SpDirectoryAnswer) message = NULL;
    g_autofree char *base = NULL;
    SpDirectoryAnswer *entry = NULL;

    if (link != NULL && sp_directory_link_sign_in(link, error)) {
        message = sp_directory_link_search(link, query->filter, attributes, &base, error);
    }
    if (message == NULL) {
        return NULL;
    }
    entry = choose_entry(link, query, message);
    if (entry != NULL) {
        read_entry(link, entry, found);
    } else if (sp_directory_link_is_anonymous(link)) {
        /* OpenLDAP answers with success and nothing where its rules hide an entry. */
        g_set_error(
            error, SP_ERROR, SP_ERROR_AUTH,
            _("The directory shows no such person below %s, but may hide people from whoever "
              "does not sign in; set [directory] bind-dn and password-file"),
            base);
        return NULL;
    } else {
        found->note = g_strdup_printf(
            _("The directory has no such person below %s; a cloud-only account has none there"),
            base);
    }
    return g_steal_pointer(&found);
}

static void
run(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    GError *error = NULL;
    Found *found = look_up(data, cancellable, &error);

    (void) source;
    if (found != NULL) {
        g_task_return_pointer(task, found, free_found);
    } else {
        g_task_return_error(task, error);
    }
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
    g_autoptr(GError) error = NULL;
    g_autoptr(Found) found = g_task_propagate_pointer(G_TASK(result), &error);
    SpCopy *copy = sp_job_make_copy(job, "directory");

    (void) source;
    if (found == NULL) {
        sp_job_deliver_failure(job, copy, NULL, error, NULL);
        return;
    }
    note_found(copy, found);
    if (found->thumbnail != NULL || found->jpeg != NULL) {
        sp_job_deliver_bytes(job, copy, found->thumbnail != NULL ? found->thumbnail : found->jpeg);
        return;
    }
    copy->status = SP_COPY_ABSENT;
    copy->error = found->note == NULL ? NULL : sp_text_clean(found->note, -1, 500);
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

    query->address = sp_directory_address_new(config);
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
