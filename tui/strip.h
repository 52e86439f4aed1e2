#ifndef SAMEPHOTO_TUI_STRIP_H
#define SAMEPHOTO_TUI_STRIP_H

/* The strip of copies: what every service shows, in one row of small pictures. */

#include <curses.h>

#include "tui/app.h"

/* Every copy in one row of small pictures with its group and name, in `box` (from 3 rows on; below
 * 6 rows without pictures). Live: what is being read says so. */
void ui_strip_draw(UiApp *app, WINDOW *window, UiBox box);

/* The rows that the strip fills in `columns`, pictures and words, at most `rows`. */
int ui_strip_rows(UiApp *app, int columns, int rows);

#endif
