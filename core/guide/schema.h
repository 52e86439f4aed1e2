#ifndef SAMEPHOTO_CORE_GUIDE_SCHEMA_H
#define SAMEPHOTO_CORE_GUIDE_SCHEMA_H

/* The tables of the database and the way from each older version to the newest. Private to
 * core/guide. */

#include <gio/gio.h>

#include "core/guide/store.h"

/* Brings the database to the newest version, in one transaction. Errors: SP_ERROR_STORE. */
gboolean sp_schema_migrate(SpStore *store, GError **error);

#endif
