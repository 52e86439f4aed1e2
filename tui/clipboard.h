#ifndef SAMEPHOTO_TUI_CLIPBOARD_H
#define SAMEPHOTO_TUI_CLIPBOARD_H

/* The clipboard of the person's own desktop, through the terminal (OSC 52), which works over ssh
 * too. A terminal never says whether it took the text, so whoever copies also says where else it
 * is. */

#include <glib.h>

/* The bytes that put `text` there, or NULL where `term` (TERM) is known to print them instead, or
 * where the text is longer than terminals take. Pure. Transfer full. */
char *ui_clipboard_sequence(const char *text, const char *term);

/* Sends it; FALSE where it was not sent. */
gboolean ui_clipboard_copy(const char *text);

#endif
