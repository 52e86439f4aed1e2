#ifndef SAMEPHOTO_CORE_NET_VAULT_FILE_H
#define SAMEPHOTO_CORE_NET_VAULT_FILE_H

/* The vault without a keyring: one 0600 file per name in a 0700 directory of ours under the state
 * directory. A directory or file that others own, can read or have put a link at is refused. */

#include <glib.h>

/* Whole contents of `name`, or NULL, without an error where there is none. Errors: SP_ERROR_STORE.
 */
char *sp_vault_file_load(const char *name, GError **error);

/* Written beside, flushed, then put in place. Errors: SP_ERROR_STORE. */
gboolean sp_vault_file_save(const char *name, const char *secret, GError **error);

/* A file that is not there is fine. Errors: SP_ERROR_STORE. */
gboolean sp_vault_file_forget(const char *name, GError **error);

#endif
