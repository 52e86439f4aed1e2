#ifndef SAMEPHOTO_CORE_NET_TOKEN_CLAIMS_H
#define SAMEPHOTO_CORE_NET_TOKEN_CLAIMS_H

/* What an access token says about itself, for people to read. Nothing is verified and nothing may
 * be decided by it: a token is for the service that it was issued to. */

#include "core/json.h"

/* The claims of a JWT, or NULL where the token is opaque. Transfer full. */
SpJson *sp_token_claims_read(const char *token);

/* The permissions in them, cleaned: `scp` of a person's token, `roles` of an app's. Transfer full,
 * never NULL. */
GStrv sp_token_claims_permissions(SpJson *claims);

#endif
