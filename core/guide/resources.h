#ifndef SAMEPHOTO_CORE_GUIDE_RESOURCES_H
#define SAMEPHOTO_CORE_GUIDE_RESOURCES_H

/* The texts that are built into the program: playbooks below /samephoto/playbooks, message
 * templates below /samephoto/messages (assets/core.gresource.xml). */

#include <gio/gio.h>

/* Borrowed, never NULL. */
GResource *sp_resources(void);

#endif
