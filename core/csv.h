#ifndef SAMEPHOTO_CORE_CSV_H
#define SAMEPHOTO_CORE_CSV_H

/* Lines of comma-separated values (RFC 4180, but a field ends with its line). */

#include <glib.h>

/* The fields (char *) of one line without its end; NULL where a quotation mark is not closed.
 * Transfer full. */
GPtrArray *sp_csv_split(const char *line);

/* The index of the field that is called `name`, whatever its case and the blanks around it, which
 * are taken off; or -1. */
int sp_csv_find_column(const GPtrArray *fields, const char *name);

/* A field as it stands in a line: quoted where it has to be. Transfer full. */
char *sp_csv_quote(const char *field);

/* `text` without the byte order mark that some programs put before their lists. Borrowed from it. */
const char *sp_csv_skip_mark(const char *text);

#endif
