/* Each job asks the keyring first, within limits of time, and then the file. One job runs at a
 * time: the keyring would not promise to keep the later of two tokens. */

#include "core/net/vault.h"

#include <libsecret/secret.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/endpoint.h"
#include "core/net/tokens.h"
#include "core/net/vault-file.h"

#define ANSWER_WITHIN_S 3
#define UNLOCK_WITHIN_S 60

struct SpVault {
    char *account;
    char *file;
    GQueue jobs; /* of GTask: the first is at work, the others wait for it */
};

typedef enum { LOAD, SAVE, FORGET } Kind;

typedef struct {
    Kind kind;
    SpVault *vault;
    char *secret; /* to save, or found */
    GCancellable *stop;
    GSource *alarm;
    gboolean is_over; /* what the keyring still has to say comes too late */
} Job;

static void run(GTask *task);

static const SecretSchema schema = {
    .name = "samephoto.SignIn",
    .flags = SECRET_SCHEMA_NONE,
    .attributes = {{"account", SECRET_SCHEMA_ATTRIBUTE_STRING}, {NULL, 0}},
};

SpVault *
sp_vault_new(const SpConfig *config)
{
    SpVault *vault = g_rc_box_new0(SpVault);
    g_autofree char *login = sp_endpoint_base(config, SP_ENDPOINT_LOGIN);
    g_autofree char *tenant = sp_endpoint_tenant(config);
    const char *client_id = sp_config_get(config, "sign-in", "client-id");
    g_autofree char *digest = NULL;

    vault->account = g_strdup_printf("%s/%s/%s", login, tenant, client_id != NULL ? client_id : "");
    digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, vault->account, -1);
    vault->file = g_strdup_printf("sign-in-%.16s", digest);
    return vault;
}

static void
clear(gpointer data)
{
    SpVault *vault = data;

    g_free(vault->account);
    g_free(vault->file);
}

void
sp_vault_unref(SpVault *vault)
{
    if (vault != NULL) {
        g_rc_box_release_full(vault, clear);
    }
}

static void
stop_alarm(Job *job)
{
    if (job->alarm != NULL) {
        g_source_destroy(job->alarm);
        g_clear_pointer(&job->alarm, g_source_unref);
    }
}

static void
job_free(gpointer data)
{
    Job *job = data;

    stop_alarm(job);
    g_clear_object(&job->stop);
    sp_tokens_wipe(job->secret);
    sp_vault_unref(job->vault);
    g_free(job);
}

static void
wipe(gpointer secret)
{
    sp_tokens_wipe(secret);
}

/* The end of every job. Takes `error`. */
static void
finish(GTask *task, gpointer result, GError *error)
{
    Job *job = g_task_get_task_data(task);
    SpVault *vault = g_rc_box_acquire(job->vault);

    stop_alarm(job);
    job->is_over = TRUE;
    g_queue_pop_head(&vault->jobs);
    if (error != NULL) {
        g_task_return_error(task, error);
    } else {
        g_task_return_pointer(task, result, wipe);
    }
    if (!g_queue_is_empty(&vault->jobs)) {
        run(g_queue_peek_head(&vault->jobs));
    }
    sp_vault_unref(vault);
}

/* The last step of every job, unless the keyring had the answer. */
static void
use_file(GTask *task)
{
    Job *job = g_task_get_task_data(task);
    GError *error = NULL;
    gpointer result = NULL;

    if (job->kind == LOAD) {
        result = sp_vault_file_load(job->vault->file, &error);
    } else if (job->kind == SAVE) {
        sp_vault_file_save(job->vault->file, job->secret, &error);
    } else {
        sp_vault_file_forget(job->vault->file, &error);
    }
    finish(task, result, error);
}

/* A bus that says nothing is not even left by cancelling. */
static gboolean
on_alarm(gpointer user_data)
{
    GTask *task = user_data;
    Job *job = g_task_get_task_data(task);

    g_cancellable_cancel(job->stop);
    use_file(task);
    return G_SOURCE_REMOVE;
}

static void
set_alarm(GTask *task, guint seconds)
{
    Job *job = g_task_get_task_data(task);

    stop_alarm(job);
    job->alarm = g_timeout_source_new_seconds(seconds);
    g_source_set_callback(job->alarm, on_alarm, g_object_ref(task), g_object_unref);
    g_source_attach(job->alarm, g_main_context_get_thread_default());
}

static void
on_looked_up(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Job *job = g_task_get_task_data(task);
    char *found = secret_password_lookup_finish(result, NULL);

    (void) source;
    if (!job->is_over && found == NULL) {
        use_file(task);
    } else if (!job->is_over) {
        finish(task, g_strdup(found), NULL);
    }
    secret_password_free(found);
}

/* What is in the keyring must not stand in a file as well. */
static void
on_stored(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Job *job = g_task_get_task_data(task);

    (void) source;
    if (secret_password_store_finish(result, NULL)) {
        job->kind = FORGET;
    }
    if (!job->is_over) {
        use_file(task);
    }
}

static void
on_cleared(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Job *job = g_task_get_task_data(task);

    (void) source;
    secret_password_clear_finish(result, NULL);
    if (!job->is_over) {
        use_file(task);
    }
}

static gboolean
is_any_locked(GList *items)
{
    for (GList *item = items; item != NULL; item = item->next) {
        if (secret_item_get_locked(item->data)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Clearing passes over what is locked, without a word: nobody may think then that it is gone. */
static void
on_unlocked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Job *job = g_task_get_task_data(task);
    GList *items = secret_service_search_finish(SECRET_SERVICE(source), result, NULL);
    gboolean is_locked = is_any_locked(items);

    g_list_free_full(items, g_object_unref);
    if (job->is_over) {
        return;
    }
    if (is_locked) {
        sp_vault_file_forget(job->vault->file, NULL);
        finish(task, NULL,
               g_error_new(SP_ERROR, SP_ERROR_AUTH,
                           _("The sign-in is still in the keyring, which is locked; unlock it and "
                             "try again")));
        return;
    }
    secret_password_clear(&schema, job->stop, on_cleared, g_steal_pointer(&task), "account",
                          job->vault->account, NULL);
}

static void
forget(SecretService *service, GTask *task)
{
    Job *job = g_task_get_task_data(task);
    g_autoptr(GHashTable) account = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_insert(account, (gpointer) "account", job->vault->account);
    secret_service_search(service, &schema, account, SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK,
                          job->stop, on_unlocked, task);
}

static void
on_keyring(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Job *job = g_task_get_task_data(task);
    g_autoptr(SecretService) service = secret_service_get_finish(result, NULL);

    (void) source;
    if (job->is_over) {
        return;
    }
    if (service == NULL) {
        use_file(task);
        return;
    }
    set_alarm(task, UNLOCK_WITHIN_S);
    switch (job->kind) {
    case LOAD:
        secret_password_lookup(&schema, job->stop, on_looked_up, g_steal_pointer(&task), "account",
                               job->vault->account, NULL);
        break;
    case SAVE:
        secret_password_store(&schema, SECRET_COLLECTION_DEFAULT, _("samephoto: sign-in"),
                              job->secret, job->stop, on_stored, g_steal_pointer(&task), "account",
                              job->vault->account, NULL);
        break;
    case FORGET: forget(service, g_steal_pointer(&task)); break;
    }
}

/* Without a session bus there is no keyring, and asking for one could start things. */
static gboolean
has_session_bus(void)
{
    g_autofree char *address = g_build_filename(g_get_user_runtime_dir(), "bus", NULL);
    const char *named = g_getenv("DBUS_SESSION_BUS_ADDRESS");

    return (named != NULL && *named != '\0') || g_file_test(address, G_FILE_TEST_EXISTS);
}

/* Takes `task`. */
static void
run(GTask *task)
{
    Job *job = g_task_get_task_data(task);

    if (!has_session_bus()) {
        use_file(task);
        g_object_unref(task);
        return;
    }
    set_alarm(task, ANSWER_WITHIN_S);
    secret_service_get(SECRET_SERVICE_OPEN_SESSION, job->stop, on_keyring, task);
}

static void
start(SpVault *vault, Kind kind, const char *secret, gpointer tag, GAsyncReadyCallback callback,
      gpointer user_data)
{
    GTask *task = g_task_new(NULL, NULL, callback, user_data);
    Job *job = g_new0(Job, 1);

    g_task_set_source_tag(task, tag);
    job->kind = kind;
    job->vault = g_rc_box_acquire(vault);
    job->secret = g_strdup(secret);
    job->stop = g_cancellable_new();
    g_task_set_task_data(task, job, job_free);
    g_queue_push_tail(&vault->jobs, task);
    if (g_queue_get_length(&vault->jobs) == 1) {
        run(task);
    }
}

void
sp_vault_load_async(SpVault *vault, GAsyncReadyCallback callback, gpointer user_data)
{
    start(vault, LOAD, NULL, sp_vault_load_async, callback, user_data);
}

char *
sp_vault_load_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_vault_load_async), NULL);
    return g_task_propagate_pointer(G_TASK(result), error);
}

void
sp_vault_save_async(SpVault *vault, const char *secret, GAsyncReadyCallback callback,
                    gpointer user_data)
{
    start(vault, SAVE, secret, sp_vault_save_async, callback, user_data);
}

static gboolean
finish_without_result(GAsyncResult *result, GError **error)
{
    GError *local = NULL;

    g_task_propagate_pointer(G_TASK(result), &local);
    if (local != NULL) {
        g_propagate_error(error, local);
        return FALSE;
    }
    return TRUE;
}

gboolean
sp_vault_save_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_vault_save_async), FALSE);
    return finish_without_result(result, error);
}

void
sp_vault_forget_async(SpVault *vault, GAsyncReadyCallback callback, gpointer user_data)
{
    start(vault, FORGET, NULL, sp_vault_forget_async, callback, user_data);
}

gboolean
sp_vault_forget_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_vault_forget_async), FALSE);
    return finish_without_result(result, error);
}
