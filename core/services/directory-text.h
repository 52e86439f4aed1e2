#ifndef SAMEPHOTO_CORE_SERVICES_DIRECTORY_TEXT_H
#define SAMEPHOTO_CORE_SERVICES_DIRECTORY_TEXT_H

/* What is text in a directory: filters, times, the words of a refused sign-in. */

#include <glib.h>

/* `value` with * ( ) \ and NUL escaped for a search filter (RFC 4515). Transfer full. */
char *sp_directory_escape(const char *value);

/* What Active Directory's sub-code in the text of a failed bind means ("data 52e"), translated and
 * borrowed; NULL where there is none or it is not known. */
const char *sp_directory_bind_reason(const char *diagnostic);

/* The time of the last change of `attribute` in one value of msDS-ReplAttributeMetaData, or NULL
 * where the value is about another attribute. Transfer full. */
GDateTime *sp_directory_read_change(const char *xml, const char *attribute);

/* "20261102080014.0Z" as a time, or NULL. Transfer full. */
GDateTime *sp_directory_read_time(const char *text);

#endif
