#ifndef SAMEPHOTO_CORE_NET_REDIRECT_H
#define SAMEPHOTO_CORE_NET_REDIRECT_H

/* The loopback end of a browser sign-in (RFC 8252): listens on this machine only, for one redirect
 * that carries the right state, answers it with a small page, and takes no notice of anything else.
 * A socket service of the main loop, because one request line is all there is to read. */

#include <gio/gio.h>

typedef struct SpRedirect SpRedirect;

/* The redirect came: either `code` or `refusal` (an OAuth error code) is set. Runs once. */
typedef void (*SpRedirectFunc)(const char *code, const char *refusal, const char *description,
                               gpointer user_data);

/* Listens on a free port. Errors: SP_ERROR_NETWORK. Transfer full. */
SpRedirect *sp_redirect_new(const char *state, SpRedirectFunc func, gpointer user_data,
                            GError **error);
void sp_redirect_free(SpRedirect *redirect);

guint16 sp_redirect_get_port(const SpRedirect *redirect);

#endif
