#ifndef SAMEPHOTO_CORE_PRACTICE_DIRECTORY_H
#define SAMEPHOTO_CORE_PRACTICE_DIRECTORY_H

/* The organisation's on-premises directory (reference, section 7): enough of LDAP for a bind and a
 * search, on 127.0.0.1, in a thread of its own. */

#include "core/practice/fault.h"
#include "core/practice/world.h"

typedef struct SpDirectory SpDirectory;

/* Serves the synchronized people of `world`; `faults` is borrowed. Errors: SP_ERROR_NETWORK. */
SpDirectory *sp_directory_new(SpWorld *world, SpFaults *faults, GError **error);
void sp_directory_free(SpDirectory *directory);

/* "ldap://127.0.0.1:12345". Borrowed. */
const char *sp_directory_get_address(const SpDirectory *directory);

#endif
