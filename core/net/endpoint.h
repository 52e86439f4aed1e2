#ifndef SAMEPHOTO_CORE_NET_ENDPOINT_H
#define SAMEPHOTO_CORE_NET_ENDPOINT_H

/* Where each service lives and which audience its tokens have: one table of hosts for each cloud
 * (reference 2.12), the tenant's name put in, each base address overridable by [endpoints]. The
 * audience stays the cloud's own, whatever address the requests go to (design, section 5). */

#include <glib.h>

#include "core/config.h"

typedef enum {
    SP_ENDPOINT_LOGIN,
    SP_ENDPOINT_GRAPH,
    SP_ENDPOINT_SHAREPOINT,
    SP_ENDPOINT_MY, /* the my-site host: OneDrive and the User Photos library */
    SP_ENDPOINT_EXCHANGE,
    SP_ENDPOINT_VIVA_ENGAGE,
    SP_ENDPOINT_DIRECTORY,
    SP_N_ENDPOINTS,
} SpEndpoint;

/* The base address without a slash at the end, or NULL where it can't be known (no tenant name, no
 * directory configured). Transfer full. */
char *sp_endpoint_base(const SpConfig *config, SpEndpoint endpoint);

/* What stands for the tenant in the sign-in's addresses: the id, else the name's initial domain,
 * else "organizations". Transfer full. */
char *sp_endpoint_tenant(const SpConfig *config);

/* The audience to ask a token for, e.g. "https://graph.microsoft.com", or NULL where none is needed
 * or the tenant's name is not set. Transfer full. */
char *sp_endpoint_audience(const SpConfig *config, SpEndpoint endpoint);

#endif
