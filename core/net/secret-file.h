#ifndef SAMEPHOTO_CORE_NET_SECRET_FILE_H
#define SAMEPHOTO_CORE_NET_SECRET_FILE_H

/* A secret in a file of its own: a client secret, a password, a header, a key. */

#include <glib.h>

/* Reads `path` ("~/" is the home directory) without its trailing line end. Refuses what is no
 * regular file, is larger than 64 KiB, is empty, belongs to another user (root may), or can be read
 * by others. `key` names the setting in errors. Errors: SP_ERROR_CONFIG. Free with
 * sp_tokens_wipe(). */
char *sp_secret_file_read(const char *path, const char *key, GError **error);

#endif
