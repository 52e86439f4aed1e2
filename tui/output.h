#ifndef SAMEPHOTO_TUI_OUTPUT_H
#define SAMEPHOTO_TUI_OUTPUT_H

/* What goes to stdout and stderr: text for people as the locale can show it (localize.h), documents
 * in UTF-8 whatever the locale; and whether stdout took all of it. */

#include <glib.h>

/* First of all: no file that is opened later may get the number of a stdout that was closed, and
 * g_print() and g_printerr() write in the locale's own bytes from now on. */
void ui_output_begin(void);

/* Writes a document's bytes as they are. FALSE: stdout did not take them, which was told. */
gboolean ui_output_write(const char *text);

/* The exit code after all: `code`, or UI_EXIT_FAULT where something did not arrive. */
int ui_output_end(int code);

#endif
