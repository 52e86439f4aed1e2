#ifndef SAMEPHOTO_CORE_SERVICES_FILE_H
#define SAMEPHOTO_CORE_SERVICES_FILE_H

/* The picture file that the user gave as the reference. */

#include "core/services/service.h"

extern const SpService sp_service_file;

#endif
