#ifndef SAMEPHOTO_CORE_WRITE_FILE_H
#define SAMEPHOTO_CORE_WRITE_FILE_H

/* Writing where a person said. */

#include <glib.h>

/* Puts `text` there, durably and whole or not at all: a regular file is replaced by a complete one
 * in its own folder, behind a symbolic link the file that it leads to; a device or a pipe is opened
 * and written to. A new file is readable by its owner only, an old one keeps its mode.
 * Errors: G_FILE_ERROR. */
gboolean sp_write_file(const char *path, const char *text, GError **error);

/* All of `text` into an open file, whatever a signal interrupts. FALSE: errno says why. */
gboolean sp_write_all(int fd, const char *text);

#endif
