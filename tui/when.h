#ifndef SAMEPHOTO_TUI_WHEN_H
#define SAMEPHOTO_TUI_WHEN_H

/* Points in time as people write them: "14:30", "+2h", "tomorrow 9:00", "Mon 8:00",
 * "2026-12-01 14:00". */

#include <glib.h>

/* What `text` means at `now`, always later than that: a time alone is today's or else tomorrow's, a
 * day alone its morning (9:00). Words are of our catalogue or English. NULL where it is no such
 * time. Pure. Transfer full. */
GDateTime *ui_when_parse(const char *text, GDateTime *now);

#endif
