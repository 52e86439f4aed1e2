#include "core/net/failure.h"

#include <openssl/x509_vfy.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"

/* "%1$s" is the service, "%2$s" the host. */
typedef struct {
    CURLcode code;
    SpError error;
    const char *text;
} Row;

static const Row rows[] = {
    {CURLE_COULDNT_RESOLVE_HOST, SP_ERROR_NETWORK,
     N_("%1$s: there is no host named %2$s; check the settings and the network")},
    {CURLE_COULDNT_RESOLVE_PROXY, SP_ERROR_NETWORK,
     N_("%1$s: the proxy's name is not found; check proxy= under [network]")},
    {CURLE_COULDNT_CONNECT, SP_ERROR_NETWORK,
     N_("%1$s: %2$s takes no connection; check the network, the proxy and the firewall")},
    {CURLE_SSL_CACERT_BADFILE, SP_ERROR_TLS,
     N_("%1$s: the file of trusted certificates cannot be read; check ca-file= under [network]")},
    {CURLE_SSL_CONNECT_ERROR, SP_ERROR_TLS,
     N_("%1$s: no secure connection to %2$s could be agreed on; a proxy or an old server may be "
        "in the way")},
    {CURLE_PARTIAL_FILE, SP_ERROR_NETWORK,
     N_("%1$s: the connection to %2$s broke off half way; try again")},
    {CURLE_GOT_NOTHING, SP_ERROR_NETWORK,
     N_("%1$s: %2$s closed the connection without an answer; try again")},
    {CURLE_RECV_ERROR, SP_ERROR_NETWORK, N_("%1$s: the connection to %2$s broke; try again")},
    {CURLE_SEND_ERROR, SP_ERROR_NETWORK, N_("%1$s: the connection to %2$s broke; try again")},
    {CURLE_HTTP2, SP_ERROR_NETWORK, N_("%1$s: the connection to %2$s broke; try again")},
    {CURLE_HTTP2_STREAM, SP_ERROR_NETWORK, N_("%1$s: the connection to %2$s broke; try again")},
    {CURLE_WEIRD_SERVER_REPLY, SP_ERROR_PROTOCOL,
     N_("%1$s: what %2$s answered is not HTTP; check the address in the settings")},
    {CURLE_UNSUPPORTED_PROTOCOL, SP_ERROR_PROTOCOL,
     N_("%1$s: what %2$s answered is not HTTP; check the address in the settings")},
    {CURLE_BAD_CONTENT_ENCODING, SP_ERROR_PROTOCOL,
     N_("%1$s: the answer of %2$s is packed wrongly and cannot be read")},
};

typedef struct {
    long verify_result;
    const char *text;
} Refusal;

static const Refusal refusals[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED,
     N_("%1$s: the certificate of %2$s has expired; whoever runs it must renew it (or this "
        "machine's clock is wrong)")},
    {X509_V_ERR_CERT_NOT_YET_VALID,
     N_("%1$s: the certificate of %2$s is not valid yet; check this machine's clock")},
    {X509_V_ERR_CERT_REVOKED, N_("%1$s: the certificate of %2$s has been revoked")},
};

static const char wrong_host[] =
    N_("%1$s: the certificate is not for %2$s; check the address, someone else may be answering");

/* The rest is an issuer that nobody here vouches for. */
static const char unknown_issuer[] =
    N_("%1$s: the certificate of %2$s is signed by an authority that this machine does not trust; "
       "if it is your organisation's own, name its file in ca-file= under [network]");

static const char *
refusal_text(const SpFailure *failure)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        if (refusals[i].verify_result == failure->verify_result) {
            return refusals[i].text;
        }
    }
    /* libcurl compares the names itself, before it looks at the chain, and says so in words only.
     */
    if (failure->detail != NULL && strstr(failure->detail, "subject name") != NULL) {
        return wrong_host;
    }
    return unknown_issuer;
}

static void
set(GError **error, SpError code, const char *text, const SpFailure *failure)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    g_set_error(error, SP_ERROR, code, _(text), failure->service, failure->host);
#pragma GCC diagnostic pop
}

/* A way through the proxy that it did not open. */
static void
set_proxy(const SpFailure *failure, GError **error)
{
    if (failure->proxy_status == 407) {
        g_set_error(error, SP_ERROR, SP_ERROR_NETWORK,
                    _("%s: the proxy asks for a sign-in of its own; put its user and password into "
                      "proxy= under [network], as in http://user:password@proxy.example:3128"),
                    failure->service);
        return;
    }
    g_set_error(error, SP_ERROR, SP_ERROR_NETWORK,
                _("%s: the proxy does not let anybody through to %s (it answered HTTP %ld); ask "
                  "whoever runs it"),
                failure->service, failure->host, failure->proxy_status);
}

void
sp_failure_set(const SpFailure *failure, GError **error)
{
    if (failure->proxy_status >= 300) {
        set_proxy(failure, error);
        return;
    }
    if (failure->code == CURLE_PEER_FAILED_VERIFICATION) {
        set(error, SP_ERROR_TLS, refusal_text(failure), failure);
        return;
    }
    if (failure->code == CURLE_OPERATION_TIMEDOUT) {
        g_set_error(error, SP_ERROR, SP_ERROR_TIMEOUT,
                    _("%s: no complete answer from %s within %.3g s; try again later, or raise "
                      "timeout= under [network]"),
                    failure->service, failure->host, (double) failure->timeout_ms / 1000.0);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].code == failure->code) {
            set(error, rows[i].error, rows[i].text, failure);
            return;
        }
    }
    g_set_error(error, SP_ERROR, SP_ERROR_NETWORK, _("%s: the request to %s failed (%s)"),
                failure->service, failure->host, curl_easy_strerror(failure->code));
}

gboolean
sp_failure_is_broken(CURLcode code)
{
    return code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR ||
           code == CURLE_SEND_ERROR || code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
}
