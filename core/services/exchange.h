#ifndef SAMEPHOTO_CORE_SERVICES_EXCHANGE_H
#define SAMEPHOTO_CORE_SERVICES_EXCHANGE_H

/* The mailbox's photo through EWS: online (off unless named, it is being retired) or on-premises.
 */

#include "core/services/service.h"

extern const SpService sp_service_exchange;

#endif
