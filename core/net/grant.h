#ifndef SAMEPHOTO_CORE_NET_GRANT_H
#define SAMEPHOTO_CORE_NET_GRANT_H

/* The forms that ask a sign-in service for an access token, one for each way to prove who asks. */

#include "core/config.h"
#include "core/net/oauth.h"

/* From a sign-in's refresh token; NULL: nobody is signed in. Errors: SP_ERROR_AUTH,
 * SP_ERROR_CONFIG. */
SpForm *sp_grant_refresh(const SpConfig *config, const char *audience, const char *refresh_token,
                         GError **error);

/* From the app's secret, or from its certificate. Errors: SP_ERROR_CONFIG. */
SpForm *sp_grant_secret(const SpConfig *config, const char *audience, GError **error);
SpForm *sp_grant_certificate(const SpConfig *config, const char *audience, GError **error);

/* Sets SP_ERROR_CONFIG: `key` of [sign-in] is missing. */
void sp_grant_set_missing(const SpConfig *config, const char *key, GError **error);

#endif
