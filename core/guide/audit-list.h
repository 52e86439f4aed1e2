#ifndef SAMEPHOTO_CORE_GUIDE_AUDIT_LIST_H
#define SAMEPHOTO_CORE_GUIDE_AUDIT_LIST_H

/* Whom an audit is about, from a list that somebody made: one address a line, or comma-separated
 * values as admin centres export them. */

#include <glib.h>

/* The addresses (or object ids) of `text`, cleaned, each once whatever its case, in their order.
 * Empty lines and lines that begin with "#" are passed over. Where the first line names a column
 * userPrincipalName, "User principal name", UPN, mail, email or user, that column counts, else the
 * first. Errors: SP_ERROR_FORMAT (which line, and why; nobody at all). Transfer full. */
GStrv sp_audit_list_parse(const char *text, GError **error);

#endif
