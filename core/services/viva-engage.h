#ifndef SAMEPHOTO_CORE_SERVICES_VIVA_ENGAGE_H
#define SAMEPHOTO_CORE_SERVICES_VIVA_ENGAGE_H

/* Viva Engage's own copy of the photo. */

#include "core/services/service.h"

extern const SpService sp_service_viva_engage;

#endif
