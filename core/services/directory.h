#ifndef SAMEPHOTO_CORE_SERVICES_DIRECTORY_H
#define SAMEPHOTO_CORE_SERVICES_DIRECTORY_H

/* The on-premises directory (Active Directory) over LDAPS or StartTLS. */

#include "core/services/service.h"

extern const SpService sp_service_directory;

#endif
