#ifndef SAMEPHOTO_TUI_COMMANDS_VERSION_H
#define SAMEPHOTO_TUI_COMMANDS_VERSION_H

/* `samephoto --version`. */

#include <glib.h>

/* "0.1.0". */
const char *ui_version(void);

/* One line for each library, "curl 7.88.1", with the version that runs. Transfer full. */
GStrv ui_library_versions(void);

/* Prints both; the exit code. */
int ui_print_version(void);

#endif
