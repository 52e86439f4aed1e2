#ifndef SAMEPHOTO_CORE_NET_ASSERTION_H
#define SAMEPHOTO_CORE_NET_ASSERTION_H

/* Proof of an app's identity by its certificate: a signed JWT (reference 8.3: PS256, x5t#S256). */

#include <glib.h>

/* An assertion by app `client_id` for the token endpoint `audience`, valid for 10 minutes from
 * `now` (seconds since the epoch). `pem` holds the RSA private key and its certificate, in any
 * order; `origin` names it in errors. Errors: SP_ERROR_CONFIG. Free with sp_tokens_wipe(). */
char *sp_assertion_new(const char *pem, const char *origin, const char *client_id,
                       const char *audience, gint64 now, GError **error);

#endif
