#ifndef SAMEPHOTO_CORE_CALENDAR_H
#define SAMEPHOTO_CORE_CALENDAR_H

/* Days and months in the program's own language. strftime takes their names from LC_TIME, which may
 * be of another language than the one that was asked for, or of none. */

#include <glib.h>

/* g_date_time_format(), but %a, %A and %B are of our catalogue. Transfer full. */
char *sp_calendar_format(GDateTime *time, const char *format);

/* The day of the week (1: Monday) that `name` names, in full or short, in any case; 0: none. */
int sp_calendar_find_day(const char *name);

#endif
