#ifndef SAMEPHOTO_CORE_SERVICES_SOURCE_H
#define SAMEPHOTO_CORE_SERVICES_SOURCE_H

/* Any further web address: a [source NAME] of the settings. Not in the table of services, because
 * its copies are named by the settings. */

#include "core/services/service.h"

extern const SpService sp_service_source;

/* Whether the settings have a [source NAME]. */
gboolean sp_source_exists(const SpConfig *config, const char *name);

/* Why that source can't be asked (translated, transfer full); NULL: it can. */
char *sp_source_why_not(const SpConfig *config, const char *name);

/* `template` with {upn}, {mail}, {id} and {size} put in, percent-encoded. Transfer full. */
char *sp_source_fill(const char *template, const SpPerson *person);

#endif
