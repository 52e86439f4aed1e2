#ifndef SAMEPHOTO_CORE_GUIDE_BUNDLE_H
#define SAMEPHOTO_CORE_GUIDE_BUNDLE_H

/* A whole session in one file, for a second-line agent without access to the tenant: steps, notes,
 * log, every record of evidence and the pictures' bytes. The file is JSON ("samephoto.bundle/1");
 * what it says is untrusted when it is read. */

#include <gio/gio.h>

#include "core/guide/session.h"

#define SP_BUNDLE_MAX_BYTES (64 * 1024 * 1024)

/* Writes the file (0600, it holds faces) and notes it in the log. Errors: SP_ERROR_STORE. */
gboolean sp_bundle_export(SpSession *session, const char *path, GError **error);

/* Adds the session to the database, whole or not at all; one that is there already is brought up to
 * date where the file goes on from it. `agent` goes into the log, NULL: the login name. Errors:
 * SP_ERROR_NOT_FOUND (no such file), SP_ERROR_TOO_LARGE, SP_ERROR_FORMAT, SP_ERROR_STORE (also
 * where the database has a newer state of it, or went on by itself). Transfer full. */
SpSession *sp_bundle_import(SpStore *store, const char *path, const char *agent, GError **error);

#endif
