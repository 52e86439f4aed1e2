#ifndef SAMEPHOTO_CORE_SERVICES_PERMISSION_H
#define SAMEPHOTO_CORE_SERVICES_PERMISSION_H

/* Which permission each service asks for, who can grant it, and what can still be said without it:
 * one table, used for the sentence of a refused copy and by the doctor (reference 2.1, 3.1, 8.5).
 */

#include <glib.h>

#include "core/config.h"
#include "core/net/endpoint.h"

/* How the signed-in token got its rights. */
typedef enum { SP_RIGHTS_DELEGATED, SP_RIGHTS_APPLICATION } SpRights;

/* One row: what reading `subject` needs. A plain value. */
typedef struct {
    const char *subject;   /* "graph", "person", "policy", "sharepoint", … */
    const char *title;     /* marked with N_() */
    SpEndpoint endpoint;   /* whose audience the token is for */
    const char *enough[2]; /* by SpRights: names of which any one is enough, the least first,
                            * separated by blanks; NULL: there is no such way */
    const char *also[2];   /* what the application way needs besides, marked; or NULL */
    const char *grantor;   /* who can grant it, marked */
    const char *without;   /* what can still be said without it, marked */
} SpPermission;

/* Every row, ended by one whose subject is NULL. */
const SpPermission *sp_permissions(void);

/* The row of a copy's id ("sharepoint-m" is "sharepoint") or of a subject; NULL where the service
 * needs no permission of ours. */
const SpPermission *sp_permission_find(const char *id);

/* What the settings' sign-in flow asks for. */
SpRights sp_permission_rights(const SpConfig *config);

/* The least permission, e.g. "ProfilePhoto.Read.All", or NULL where there is no way with these
 * rights. Transfer full. */
char *sp_permission_least(const SpPermission *permission, SpRights rights);

/* Whether `granted` (a token's scopes or roles, NULL-terminated) holds one that is enough. */
gboolean sp_permission_is_granted(const SpPermission *permission, SpRights rights,
                                  const char *const *granted);

/* "the delegated permission X is missing; … can grant it; …". Translated, transfer full.
 */
char *sp_permission_explain(const SpPermission *permission, SpRights rights);

#endif
