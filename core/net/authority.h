#ifndef SAMEPHOTO_CORE_NET_AUTHORITY_H
#define SAMEPHOTO_CORE_NET_AUTHORITY_H

/* The addresses of the tenant's sign-in service, and what every request to it says. */

#include "core/config.h"
#include "core/net/oauth.h"

/* e.g. "token" -> "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token". Transfer full. */
char *sp_authority_url(const SpConfig *config, const char *what);

/* [sign-in] client-id, or NULL with SP_ERROR_CONFIG. Borrowed. */
const char *sp_authority_client_id(const SpConfig *config, GError **error);

/* The scope for everything the app is registered for at `audience`. Transfer full. */
char *sp_authority_scope(const char *audience, gboolean with_refresh_token);

#endif
