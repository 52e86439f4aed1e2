#ifndef SAMEPHOTO_TUI_LOCALIZE_H
#define SAMEPHOTO_TUI_LOCALIZE_H

/* Text for locales that cannot show all of it: letters without their accents, signs in ASCII, never
 * a question mark where a letter was. */

#include <glib.h>

/* The text as this locale can show it, still in UTF-8: itself where the locale speaks UTF-8.
 * Transfer full. */
char *ui_localize(const char *text);

#endif
