#ifndef SAMEPHOTO_CORE_SERVICES_GRAPH_H
#define SAMEPHOTO_CORE_SERVICES_GRAPH_H

/* The Microsoft 365 photo through Microsoft Graph. */

#include "core/services/service.h"

extern const SpService sp_service_graph;

#endif
