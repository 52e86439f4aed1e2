#ifndef SAMEPHOTO_TUI_COMMANDS_LARGE_H
#define SAMEPHOTO_TUI_COMMANDS_LARGE_H

/* Letters five rows high, for a code that somebody types on another machine. */

#include <glib.h>

/* `text` in large letters, five lines; NULL where it is wider than `columns` or holds anything but
 * letters of ASCII, digits and hyphens. Transfer full. */
char *ui_large_text(const char *text, int columns);

#endif
