#ifndef SAMEPHOTO_CORE_SERVICES_SECRET_H
#define SAMEPHOTO_CORE_SERVICES_SECRET_H

/* Passwords and header values that stand in files of their own, never in the settings. */

#include <glib.h>

/* The first line of `path`, without line end; at most 4 KiB. Errors: SP_ERROR_CONFIG, whose message
 * names the file and never its contents. Free with sp_secret_wipe(). */
char *sp_secret_read_file(const char *path, GError **error);

/* Overwrites and frees. NULL is fine. */
void sp_secret_wipe(char *secret);

#endif
