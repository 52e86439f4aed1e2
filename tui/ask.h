#ifndef SAMEPHOTO_TUI_ASK_H
#define SAMEPHOTO_TUI_ASK_H

/* Questions on stdout and answers from stdin, a line each: for screen readers, dumb terminals and
 * pipes. No escape sequence is ever written. */

#include <glib.h>

/* Asks, and waits for one line, clean; NULL at the end of the input. Transfer full. */
char *ui_ask(const char *question);

#endif
