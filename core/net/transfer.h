#ifndef SAMEPHOTO_CORE_NET_TRANSFER_H
#define SAMEPHOTO_CORE_NET_TRANSFER_H

/* One try of one request: a curl handle with every option that keeps it bounded and honest. */

#include "core/net/http.h"
#include "core/net/multi.h"

typedef struct SpTransfer SpTransfer;

/* What stays the same for every request of a client. A plain value. */
typedef struct {
    const char *ca_file;
    const char *proxy;
    guint timeout_ms;
    guint connect_timeout_ms;
} SpTransferSettings;

/* One try. All borrowed until the transfer is freed. A plain value. */
typedef struct {
    const SpTransferSettings *settings;
    const SpHttpRequest *request;
    const char *url;       /* where this try goes */
    gboolean is_at_home;   /* it is the request's own origin: credentials and headers go along */
    gboolean is_plain_get; /* a redirect has turned it into a GET without a body */
} SpTry;

/* The try has ended, well or badly. Runs from the main context, never inside the start. */
typedef void (*SpTransferFunc)(SpTransfer *transfer, gpointer user_data);

SpTransfer *sp_transfer_start(SpMulti *multi, const SpTry *attempt, SpTransferFunc func,
                              gpointer user_data);

/* Breaks it off where it still runs. */
void sp_transfer_free(SpTransfer *transfer);

/* The complete answer, or NULL with `error` set. Transfer full. */
SpHttpResponse *sp_transfer_take_response(SpTransfer *transfer, GError **error);

/* The try in one line (SpHttpTraceFunc), once it has ended. Transfer full. */
char *sp_transfer_describe(const SpTransfer *transfer);

/* Whether there was no answer because the connection broke. */
gboolean sp_transfer_is_broken(const SpTransfer *transfer);

#endif
