#ifndef SAMEPHOTO_CORE_NET_REFUSAL_H
#define SAMEPHOTO_CORE_NET_REFUSAL_H

/* What a sign-in service's refusal means in plain words, and who can mend it: one table. */

#include <glib.h>

/* `number` is the AADSTS number or 0, `code` the OAuth error, `description` the service's own text;
 * the last two may be NULL. One clean line. Transfer full. */
char *sp_refusal_explain(gint64 number, const char *code, const char *description);

#endif
