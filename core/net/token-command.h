#ifndef SAMEPHOTO_CORE_NET_TOKEN_COMMAND_H
#define SAMEPHOTO_CORE_NET_TOKEN_COMMAND_H

/* flow=command: an external command prints an access token, as git's credential helpers do. The
 * audience is in its environment as SAMEPHOTO_AUDIENCE, nothing is on its command line but what the
 * settings say, and no shell is involved unless they name one. */

#include <gio/gio.h>

/* Runs `command` for `audience`. At most 64 KiB of output are read, in at most 60 s.
 * Errors: SP_ERROR_AUTH, SP_ERROR_CONFIG, SP_ERROR_CANCELLED. */
void sp_token_command_async(const char *command, const char *audience, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);

/* The token: the first line of the output. Free with sp_tokens_wipe(). */
char *sp_token_command_finish(GAsyncResult *result, GError **error);

#endif
