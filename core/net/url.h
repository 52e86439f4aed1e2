#ifndef SAMEPHOTO_CORE_NET_URL_H
#define SAMEPHOTO_CORE_NET_URL_H

/* Addresses, read by the same parser that sends the requests, so that no two parsers disagree about
 * which host an address names. */

#include <glib.h>

typedef struct {
    char *scheme;
    char *host; /* lower case, as written otherwise; IPv6 in brackets */
    guint16 port;
    char *path; /* percent-encoded as written */
    gboolean has_user;
} SpUrl;

/* Takes an absolute http or https address apart. NULL where it is none. Transfer full. */
SpUrl *sp_url_parse(const char *text);
void sp_url_free(SpUrl *url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpUrl, sp_url_free)

/* Whether credentials may go there: https, or a loopback address. */
gboolean sp_url_is_safe(const SpUrl *url);
gboolean sp_url_is_loopback(const SpUrl *url);
gboolean sp_url_equal_origin(const SpUrl *a, const SpUrl *b);

/* `location` as a browser would read it on page `base`, without user name and fragment; NULL where
 * the result is no http or https address. Transfer full. */
char *sp_url_resolve(const char *base, const char *location);

#endif
