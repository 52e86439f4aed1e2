#ifndef SAMEPHOTO_CORE_NET_FAILURE_H
#define SAMEPHOTO_CORE_NET_FAILURE_H

/* Why there was no complete answer, in words that say what to do. */

#include <curl/curl.h>
#include <glib.h>

/* What is known when a transfer has failed. All borrowed. A plain value. */
typedef struct {
    CURLcode code;
    long verify_result; /* CURLINFO_SSL_VERIFYRESULT, an X509_V_ERR_… */
    long proxy_status;  /* what the proxy answered who was asked for a tunnel; 0: none was */
    const char *detail; /* curl's own words, only read, never shown */
    const char *service;
    const char *host;
    guint timeout_ms;
} SpFailure;

/* Sets SP_ERROR_NETWORK, _TLS, _TIMEOUT or _PROTOCOL. */
void sp_failure_set(const SpFailure *failure, GError **error);

/* Whether another try may help: the connection broke. A name that is not found, a refused
 * certificate or a peer that takes too long will be the same a second later. */
gboolean sp_failure_is_broken(CURLcode code);

#endif
