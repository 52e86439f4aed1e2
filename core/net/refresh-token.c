#include "core/net/refresh-token.h"

#include "core/net/tokens.h"
#include "core/net/vault.h"

struct SpRefreshToken {
    char *token;
    gboolean is_kept; /* it is in the vault, and so will its successor be */
    gboolean is_read; /* the vault has said what it holds */
    SpVault *vault;
};

SpRefreshToken *
sp_refresh_token_new(const SpConfig *config)
{
    SpRefreshToken *refresh = g_rc_box_new0(SpRefreshToken);

    refresh->vault = sp_vault_new(config);
    return refresh;
}

static void
clear(gpointer data)
{
    SpRefreshToken *refresh = data;

    sp_tokens_wipe(refresh->token);
    sp_vault_unref(refresh->vault);
}

void
sp_refresh_token_unref(SpRefreshToken *refresh)
{
    if (refresh != NULL) {
        g_rc_box_release_full(refresh, clear);
    }
}

static void
unref(gpointer refresh)
{
    sp_refresh_token_unref(refresh);
}

const char *
sp_refresh_token_peek(const SpRefreshToken *refresh)
{
    return refresh->token;
}

gboolean
sp_refresh_token_is_known(const SpRefreshToken *refresh)
{
    return refresh->token != NULL || refresh->is_read;
}

static void
set(SpRefreshToken *refresh, const char *token, gboolean is_kept)
{
    char *copy = g_strdup(token);

    sp_tokens_wipe(refresh->token);
    refresh->token = copy;
    refresh->is_kept = is_kept;
}

void
sp_refresh_token_use(SpRefreshToken *refresh, const char *token)
{
    set(refresh, token, FALSE);
}

static GTask *
task_new(SpRefreshToken *refresh, gpointer tag, GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, NULL, callback, user_data);

    g_task_set_source_tag(task, tag);
    g_task_set_task_data(task, g_rc_box_acquire(refresh), unref);
    return task;
}

static void
finish_task(GTask *task, GError *error)
{
    if (error != NULL) {
        g_task_return_error(task, error);
    } else {
        g_task_return_boolean(task, TRUE);
    }
    g_object_unref(task);
}

static void
on_loaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    SpRefreshToken *refresh = g_task_get_task_data(task);
    GError *error = NULL;
    char *kept = sp_vault_load_finish(result, &error);

    (void) source;
    if (kept != NULL && !sp_refresh_token_is_known(refresh)) {
        set(refresh, kept, TRUE);
    }
    refresh->is_read = refresh->is_read || error == NULL;
    sp_tokens_wipe(kept);
    finish_task(task, error);
}

void
sp_refresh_token_read_async(SpRefreshToken *refresh, GAsyncReadyCallback callback,
                            gpointer user_data)
{
    GTask *task = task_new(refresh, sp_refresh_token_read_async, callback, user_data);

    sp_vault_load_async(refresh->vault, on_loaded, task);
}

static void
on_saved(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GError *error = NULL;

    (void) source;
    sp_vault_save_finish(result, &error);
    finish_task(user_data, error);
}

void
sp_refresh_token_store_async(SpRefreshToken *refresh, const char *token,
                             GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = task_new(refresh, sp_refresh_token_store_async, callback, user_data);

    set(refresh, token, TRUE);
    sp_vault_save_async(refresh->vault, token, on_saved, task);
}

void
sp_refresh_token_replace_async(SpRefreshToken *refresh, const char *token,
                               GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = task_new(refresh, sp_refresh_token_replace_async, callback, user_data);

    set(refresh, token, refresh->is_kept);
    if (refresh->is_kept) {
        sp_vault_save_async(refresh->vault, token, on_saved, task);
    } else {
        finish_task(task, NULL);
    }
}

static void
on_forgotten(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GError *error = NULL;

    (void) source;
    sp_vault_forget_finish(result, &error);
    finish_task(user_data, error);
}

void
sp_refresh_token_forget_async(SpRefreshToken *refresh, GAsyncReadyCallback callback,
                              gpointer user_data)
{
    GTask *task = task_new(refresh, sp_refresh_token_forget_async, callback, user_data);

    set(refresh, NULL, FALSE);
    refresh->is_read = TRUE; /* whatever a reading that is on its way still brings */
    sp_vault_forget_async(refresh->vault, on_forgotten, task);
}

gboolean
sp_refresh_token_read_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_refresh_token_read_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

gboolean
sp_refresh_token_store_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_refresh_token_store_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

gboolean
sp_refresh_token_replace_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_refresh_token_replace_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

gboolean
sp_refresh_token_forget_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_refresh_token_forget_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}
