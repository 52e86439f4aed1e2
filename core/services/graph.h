#ifndef SAMEPHOTO_CORE_SERVICES_GRAPH_H
#define SAMEPHOTO_CORE_SERVICES_GRAPH_H

/* The Microsoft 365 photo through Microsoft Graph. */

#include "core/services/service.h"

extern const SpService sp_service_graph;

/* Whether it is one of the nine in which a mailbox keeps its square photo (reference 2.2). */
gboolean sp_graph_is_mailbox_side(int side);

#endif
