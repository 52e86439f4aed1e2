/* Each job asks the keyring first, within limits of time, and then the file. */

#include "core/net/vault.h"

#include <libsecret/secret.h>
#include <string.h>

#include "core/i18n.h"
#include "core/net/endpoint.h"
#include "core/net/tokens.h"
#include "core/net/vault-file.h"

#define ANSWER_WITHIN_S 3
#define UNLOCK_WITHIN_S 60

struct SpVault {
    char *account;
    char *file;
};

typedef enum { LOAD, SAVE, FORGET } Kind;

typedef struct {
    Kind kind;
    char *account;
    char *file;
    char *secret; /* to save, or found */
    GCancellable *stop;
    GSource *alarm;
} Job;

static const SecretSchema schema = {
    .name = "samephoto.SignIn",
    .flags = SECRET_SCHEMA_NONE,
    .attributes = {{"account", SECRET_SCHEMA_ATTRIBUTE_STRING}, {NULL, 0}},
};

SpVault *
sp_vault_new(const SpConfig *config)
{
    SpVault *vault = g_new0(SpVault, 1);
    g_autofree char *login = sp_endpoint_base(config, SP_ENDPOINT_LOGIN);
    g_autofree char *tenant = sp_endpoint_tenant(config);
    const char *client_id = sp_config_get(config, "sign-in", "client-id");
    g_autofree char *digest = NULL;

    vault->account = g_strdup_printf("%s/%s/%s", login, tenant, client_id != NULL ? client_id : "");
    digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, vault->account, -1);
    vault->file = g_strdup_printf("sign-in-%.16s", digest);
    return vault;
}

void
sp_vault_free(SpVault *vault)
{
    if (vault != NULL) {
        g_free(vault->account);
        g_free(vault->file);
        g_free(vault);
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
    g_free(job->account);
    g_free(job->file);
    g_free(job);
}

static gboolean
on_alarm(gpointer user_data)
{
    g_cancellable_cancel(user_data);
    return G_SOURCE_REMOVE;
}

static void
set_alarm(Job *job, guint seconds)
{
    stop_alarm(job);
    job->alarm = g_timeout_source_new_seconds(seconds);
    g_source_set_callback(job->alarm, on_alarm, job->stop, NULL);
    g_source_attach(job->alarm, g_main_context_get_thread_default());
}

static void
wipe(gpointer secret)
{
    sp_tokens_wipe(secret);
}

/* The last step of every job, unless the keyring had the answer. */
static void
use_file(GTask *task)
{
    Job *job = g_task_get_task_data(task);
    GError *error = NULL;
    gpointer result = NULL;

    stop_alarm(job);
    if (job->kind == LOAD) {
        result = sp_vault_file_load(job->file, &error);
    } else if (job->kind == SAVE) {
        sp_vault_file_save(job->file, job->secret, &error);
    } else {
        sp_vault_file_forget(job->file, &error);
    }
    if (error != NULL) {
        g_task_return_error(task, error);
    } else {
        g_task_return_pointer(task, result, wipe);
    }
}

static void
on_looked_up(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    char *found = secret_password_lookup_finish(result, NULL);

    (void) source;
    if (found == NULL) {
        use_file(task);
        return;
    }
    stop_alarm(g_task_get_task_data(task));
    g_task_return_pointer(task, g_strdup(found), wipe);
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
    use_file(task);
}

static void
on_cleared(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;

    (void) source;
    secret_password_clear_finish(result, NULL);
    use_file(task);
}

static void
on_keyring(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Job *job = g_task_get_task_data(task);
    g_autoptr(SecretService) service = secret_service_get_finish(result, NULL);

    (void) source;
    if (service == NULL) {
        use_file(task);
        return;
    }
    set_alarm(job, UNLOCK_WITHIN_S);
    switch (job->kind) {
    case LOAD:
        secret_password_lookup(&schema, job->stop, on_looked_up, g_steal_pointer(&task), "account",
                               job->account, NULL);
        break;
    case SAVE:
        secret_password_store(&schema, SECRET_COLLECTION_DEFAULT, _("samephoto: sign-in"),
                              job->secret, job->stop, on_stored, g_steal_pointer(&task), "account",
                              job->account, NULL);
        break;
    case FORGET:
        secret_password_clear(&schema, job->stop, on_cleared, g_steal_pointer(&task), "account",
                              job->account, NULL);
        break;
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

static void
start(const SpVault *vault, Kind kind, const char *secret, gpointer tag,
      GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, callback, user_data);
    Job *job = g_new0(Job, 1);

    g_task_set_source_tag(task, tag);
    job->kind = kind;
    job->account = g_strdup(vault->account);
    job->file = g_strdup(vault->file);
    job->secret = g_strdup(secret);
    job->stop = g_cancellable_new();
    g_task_set_task_data(task, job, job_free);
    if (!has_session_bus()) {
        use_file(task);
        return;
    }
    set_alarm(job, ANSWER_WITHIN_S);
    secret_service_get(SECRET_SERVICE_OPEN_SESSION, job->stop, on_keyring, g_steal_pointer(&task));
}

void
sp_vault_load_async(const SpVault *vault, GAsyncReadyCallback callback, gpointer user_data)
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
sp_vault_save_async(const SpVault *vault, const char *secret, GAsyncReadyCallback callback,
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
sp_vault_forget_async(const SpVault *vault, GAsyncReadyCallback callback, gpointer user_data)
{
    start(vault, FORGET, NULL, sp_vault_forget_async, callback, user_data);
}

gboolean
sp_vault_forget_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_vault_forget_async), FALSE);
    return finish_without_result(result, error);
}
