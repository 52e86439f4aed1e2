#ifndef SAMEPHOTO_CORE_NET_RETRY_H
#define SAMEPHOTO_CORE_NET_RETRY_H

/* The one retry policy: what is worth another try, and how long to wait before it. */

#include <glib.h>

/* 429, 502, 503 and 504. */
gboolean sp_retry_is_status(int status);

/* The seconds that an answer asks to wait: the larger of Retry-After (seconds, decimals or an HTTP
 * date) and RateLimit-Reset (seconds, or a time since the epoch), or -1 where neither says anything
 * that makes sense. A date counts from the answer's own `date`, else from `now`, because clocks
 * differ. Any header may be NULL. */
double sp_retry_seconds(const char *retry_after, const char *rate_limit_reset, const char *date,
                        gint64 now);

/* Exponential backoff with full jitter before try `attempt` (1 is the first retry): anything
 * between none and `base_ms` * 2^(attempt-1), at most 20 s. */
guint sp_retry_backoff_ms(guint attempt, guint base_ms);

#endif
