#ifndef SAMEPHOTO_CORE_NET_VAULT_H
#define SAMEPHOTO_CORE_NET_VAULT_H

/* Where a sign-in stays between two runs: the desktop's keyring where one answers in time, else a
 * file that only its owner can read, in a directory that is checked first. What is asked of a vault
 * is done in that order, one after the other. */

#include <gio/gio.h>

#include "core/config.h"

typedef struct SpVault SpVault;

/* The vault's place for this tenant, app and sign-in service. Transfer full. */
SpVault *sp_vault_new(const SpConfig *config);
void sp_vault_unref(SpVault *vault);

/* What is kept, NULL without an error where nothing is. Free with sp_tokens_wipe().
 * Errors: SP_ERROR_STORE (a file or directory that must not be trusted). */
void sp_vault_load_async(SpVault *vault, GAsyncReadyCallback callback, gpointer user_data);
char *sp_vault_load_finish(GAsyncResult *result, GError **error);

/* Keeps `secret` instead of what was kept. Errors: SP_ERROR_STORE. */
void sp_vault_save_async(SpVault *vault, const char *secret, GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean sp_vault_save_finish(GAsyncResult *result, GError **error);

/* Removes it from the keyring and from the file. Errors: SP_ERROR_STORE, SP_ERROR_AUTH (it is in a
 * keyring that stays locked). */
void sp_vault_forget_async(SpVault *vault, GAsyncReadyCallback callback, gpointer user_data);
gboolean sp_vault_forget_finish(GAsyncResult *result, GError **error);

#endif
