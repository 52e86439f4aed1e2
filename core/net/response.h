#ifndef SAMEPHOTO_CORE_NET_RESPONSE_H
#define SAMEPHOTO_CORE_NET_RESPONSE_H

/* Building an answer while it arrives; reading it is core/net/http.h. */

#include "core/net/http.h"

SpHttpResponse *sp_http_response_new(void);

/* One header line as it came. A status line starts over, because an answer may be preceded by
 * others (100 Continue, the rounds of NTLM). FALSE where the headers grow beyond the cap. */
gboolean sp_http_response_add_line(SpHttpResponse *response, const char *line, gsize length);

/* FALSE, and nothing is added, where the body would grow beyond `cap`. */
gboolean sp_http_response_add_body(SpHttpResponse *response, gconstpointer data, gsize length,
                                   gsize cap);

/* The answer is complete: nothing is added after this. */
void sp_http_response_complete(SpHttpResponse *response, int status);

/* Where it came from in the end and how long everything took. */
void sp_http_response_set_journey(SpHttpResponse *response, const char *url, gint64 elapsed_ms);

/* An answer that was not worth asking for: the store is on hold for this long (a 429). */
SpHttpResponse *sp_http_response_new_held(gint64 held_ms);

#endif
