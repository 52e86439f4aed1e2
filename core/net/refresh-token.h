#ifndef SAMEPHOTO_CORE_NET_REFRESH_TOKEN_H
#define SAMEPHOTO_CORE_NET_REFRESH_TOKEN_H

/* What a sign-in leaves behind: the one token that the audiences' tokens are redeemed from, in
 * memory and in the vault (core/net/vault.h). A service may replace it at every use and refuse the
 * old one from then on (rotation), so its successor is kept before anybody works with what came
 * with it: the program may end right after. */

#include <gio/gio.h>

#include "core/config.h"

typedef struct SpRefreshToken SpRefreshToken;

/* Transfer full. Nothing is read yet. */
SpRefreshToken *sp_refresh_token_new(const SpConfig *config);
void sp_refresh_token_unref(SpRefreshToken *refresh);

/* The token; NULL where nobody is signed in, or the vault has not been read. Borrowed until the
 * next change. */
const char *sp_refresh_token_peek(const SpRefreshToken *refresh);

/* Whether peek() can be believed: a token was given, or the vault has answered. */
gboolean sp_refresh_token_is_known(const SpRefreshToken *refresh);

/* Reads what an earlier run has kept, unless a token is given meanwhile.
 * Errors: SP_ERROR_STORE; it can be read again then. */
void sp_refresh_token_read_async(SpRefreshToken *refresh, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean sp_refresh_token_read_finish(GAsyncResult *result, GError **error);

/* `token` from now on, in memory only, and so its successors. */
void sp_refresh_token_use(SpRefreshToken *refresh, const char *token);

/* `token` from now on, which a sign-in has given: kept for the next run.
 * Errors: SP_ERROR_STORE; it is used all the same until the program ends. */
void sp_refresh_token_store_async(SpRefreshToken *refresh, const char *token,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean sp_refresh_token_store_finish(GAsyncResult *result, GError **error);

/* `token` takes the place of the one before, and is kept where that one was.
 * Errors: SP_ERROR_STORE. */
void sp_refresh_token_replace_async(SpRefreshToken *refresh, const char *token,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean sp_refresh_token_replace_finish(GAsyncResult *result, GError **error);

/* None from now on, here and in the vault. Errors: those of sp_vault_forget_async(). */
void sp_refresh_token_forget_async(SpRefreshToken *refresh, GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean sp_refresh_token_forget_finish(GAsyncResult *result, GError **error);

#endif
