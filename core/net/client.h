#ifndef SAMEPHOTO_CORE_NET_CLIENT_H
#define SAMEPHOTO_CORE_NET_CLIENT_H

/* The settings, the HTTP client and the tokens of one tenant, and the one way to send a signed-in
 * request: the bearer of the named audience is added, and renewed once after a 401. Every service
 * talks through it. */

#include <gio/gio.h>

#include "core/config.h"
#include "core/net/http.h"
#include "core/net/tokens.h"

typedef struct SpClient SpClient;

/* Attaches to the thread-default main context. Errors: SP_ERROR_CONFIG. Transfer full. */
SpClient *sp_client_new(SpConfig *config, GError **error);
SpClient *sp_client_ref(SpClient *client);
void sp_client_unref(SpClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpClient, sp_client_unref)

/* Borrowed. */
SpConfig *sp_client_get_config(const SpClient *client);
SpHttp *sp_client_get_http(const SpClient *client);
SpTokens *sp_client_get_tokens(const SpClient *client);

/* How long a service that asks to wait is waited for, in milliseconds and tries. Somebody before a
 * screen waits a few seconds (the default), an audit at night until it is the services' turn. */
typedef struct {
    guint max_wait_ms;
    guint max_retries;
} SpPatience;
void sp_client_set_patience(SpClient *client, SpPatience patience);
SpPatience sp_client_get_patience(const SpClient *client);

/* Sends `request` with a bearer for `audience`; NULL sends it as it is. The answer may still be a
 * 401, after one renewal. Errors: those of sp_tokens_get_async() and sp_http_send_async(). */
void sp_client_send_async(SpClient *client, const char *audience, const SpHttpRequest *request,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
SpHttpResponse *sp_client_send_finish(SpClient *client, GAsyncResult *result, GError **error);

#endif
