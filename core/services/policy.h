#ifndef SAMEPHOTO_CORE_SERVICES_POLICY_H
#define SAMEPHOTO_CORE_SERVICES_POLICY_H

/* The tenant's photo policy (Graph beta photoUpdateSettings, reference 2.10): who may change
 * photos, and whether the cloud or the on-premises directory is the master. Evidence, not a copy.
 */

#include <gio/gio.h>

#include "core/net/client.h"
#include "core/services/person.h"

typedef enum {
    SP_POLICY_SOURCE_UNKNOWN,
    SP_POLICY_SOURCE_CLOUD,
    SP_POLICY_SOURCE_ON_PREMISES
} SpPolicySource;

/* Read-only once delivered. */
typedef struct {
    SpPolicySource source;
    SpTruth is_restricted; /* allowedRoles names roles: not everybody may change a photo */
    GStrv allowed_roles;   /* role template ids; never NULL */
    char *error;           /* why it could not be read, clean; NULL where it was */
} SpPolicy;

SpPolicy *sp_policy_new(void);
SpPolicy *sp_policy_copy(const SpPolicy *policy);
void sp_policy_free(SpPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpPolicy, sp_policy_free)

/* A refusal is a policy with `error` set. Fails only with SP_ERROR_CANCELLED. */
void sp_policy_read_async(SpClient *client, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
SpPolicy *sp_policy_read_finish(GAsyncResult *result, GError **error);

#endif
