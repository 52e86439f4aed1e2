#ifndef SAMEPHOTO_CORE_SERVICES_ENDPOINT_H
#define SAMEPHOTO_CORE_SERVICES_ENDPOINT_H

/* The table of hosts is core/net's, because the sign-in needs it as well. */

#include "core/net/endpoint.h"

#endif
