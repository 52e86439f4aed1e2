#ifndef SAMEPHOTO_CORE_NET_TOKENS_H
#define SAMEPHOTO_CORE_NET_TOKENS_H

/* One sign-in, a token for every audience: a refresh token is bound to the person and the app, not
 * to a resource (reference 8.2), so each audience's access token is redeemed from it when first
 * asked for, renewed before it expires, and thrown away after a 401. App-only flows ask for each
 * audience with their certificate or secret, and flow=command runs the given program. How one signs
 * in for the first time is core/net/sign-in.h. Tokens are wiped when freed and never logged. */

#include <gio/gio.h>

#include "core/config.h"
#include "core/net/http.h"

typedef struct SpTokens SpTokens;

/* Reads [sign-in] and [tenant]. `http` sends the token requests. Transfer full.
 * Errors: SP_ERROR_CONFIG. */
SpTokens *sp_tokens_new(SpConfig *config, SpHttp *http, GError **error);
SpTokens *sp_tokens_ref(SpTokens *tokens);
void sp_tokens_unref(SpTokens *tokens);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpTokens, sp_tokens_unref)

/* Gives the tokens a refresh token to work from, in memory only: what the practice tenant does. */
void sp_tokens_use_refresh_token(SpTokens *tokens, const char *refresh_token);

/* A sign-in has given `refresh_token`: works from it and keeps it for the next run
 * (core/net/vault.h). Errors: SP_ERROR_STORE; the tokens work all the same until the program ends.
 */
void sp_tokens_store_async(SpTokens *tokens, const char *refresh_token,
                           GAsyncReadyCallback callback, gpointer user_data);
gboolean sp_tokens_store_finish(SpTokens *tokens, GAsyncResult *result, GError **error);

/* Signs out: forgets every token here and what is kept. Errors: SP_ERROR_STORE, SP_ERROR_AUTH (the
 * keyring is locked, and keeps it). */
void sp_tokens_forget_async(SpTokens *tokens, GAsyncReadyCallback callback, gpointer user_data);
gboolean sp_tokens_forget_finish(SpTokens *tokens, GAsyncResult *result, GError **error);

/* An access token for `audience` (e.g. "https://graph.microsoft.com"). `callback` runs exactly
 * once, from the main context. Callers of one audience share one request. Errors: SP_ERROR_AUTH
 * (not signed in, refused: the message says what it means in plain words), SP_ERROR_THROTTLED (the
 * sign-in service is busy), and those of sp_http_send_async(). */
void sp_tokens_get_async(SpTokens *tokens, const char *audience, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);

/* Transfer full; free with sp_tokens_wipe(). */
char *sp_tokens_get_finish(SpTokens *tokens, GAsyncResult *result, GError **error);

/* Overwrites and frees a token. NULL is fine. */
void sp_tokens_wipe(char *token);

/* A service refused `token` with 401: the next get for `audience` renews it. */
void sp_tokens_reject(SpTokens *tokens, const char *audience, const char *token);

#endif
