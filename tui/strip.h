#ifndef SAMEPHOTO_TUI_STRIP_H
#define SAMEPHOTO_TUI_STRIP_H

/* The strip of copies: what every service shows, in one row of small pictures. */

#include <curses.h>

#include "tui/app.h"

/* The copies in one row of small pictures with their groups and names, in `box` (from 3 rows on;
 * below 6 rows without pictures). Live: what is being read says so. Where not all have room, those
 * that matter most stay, and the others are listed by name behind them. */
void ui_strip_draw(UiApp *app, WINDOW *window, UiBox box);

/* The rows that the strip fills in `columns`, pictures and words, at most `rows`. */
int ui_strip_rows(UiApp *app, int columns, int rows);

/* How much a copy matters to who looks for a difference; the smaller, the more. */
typedef enum {
    UI_STRIP_REFERENCE,
    UI_STRIP_DIFFERS,
    UI_STRIP_UNREAD,
    UI_STRIP_SAME,
} UiStripRank;

/* Which `room` of `count` copies to show: the first ranks, in their own order. `is_shown` has
 * `count` elements. Pure. */
void ui_strip_choose(const UiStripRank *ranks, guint count, guint room, gboolean *is_shown);

#endif
