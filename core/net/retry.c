#include "core/net/retry.h"

#include <curl/curl.h>
#include <math.h>

#define MAX_BACKOFF_MS 20000
#define MAX_SECONDS    86400.0
#define EPOCH_LIKE     1e9

gboolean
sp_retry_is_status(int status)
{
    return status == 429 || status == 502 || status == 503 || status == 504;
}

/* "7", " 1.5", "30, 30" (two headers), "30;w=60". */
static double
number(const char *text)
{
    char *end = NULL;
    double value;

    if (text == NULL) {
        return -1;
    }
    value = g_ascii_strtod(text, &end);
    if (end == text || !isfinite(value) ||
        (*end != '\0' && *end != ' ' && *end != ',' && *end != ';')) {
        return -1;
    }
    return CLAMP(value, 0, 1e12);
}

static double
until(const char *text, const char *date, gint64 now)
{
    time_t then = text == NULL ? -1 : curl_getdate(text, NULL);
    time_t from = date == NULL ? -1 : curl_getdate(date, NULL);

    return then == -1 ? -1 : MAX(0, difftime(then, from != -1 ? from : (time_t) now));
}

double
sp_retry_seconds(const char *retry_after, const char *rate_limit_reset, const char *date,
                 gint64 now)
{
    double asked = number(retry_after);
    double reset = number(rate_limit_reset);

    if (asked < 0) {
        asked = until(retry_after, date, now);
    }
    if (reset > EPOCH_LIKE) {
        reset = MAX(0, reset - (double) now);
    }
    return MIN(MAX(asked, reset), MAX_SECONDS);
}

guint
sp_retry_backoff_ms(guint attempt, guint base_ms)
{
    guint64 ceiling = (guint64) base_ms << MIN(attempt - 1, 16);

    ceiling = MIN(ceiling, MAX_BACKOFF_MS);
    return ceiling == 0 ? 0 : (guint) g_random_int_range(0, (gint32) ceiling + 1);
}
