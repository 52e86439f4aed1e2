#ifndef SAMEPHOTO_CORE_PRACTICE_SERVER_H
#define SAMEPHOTO_CORE_PRACTICE_SERVER_H

/* The HTTP server under the practice tenant: libmicrohttpd on 127.0.0.1, a small pool of threads,
 * and one thread that wakes the requests that wait for a latency. A request that hangs holds no
 * thread. */

#include "core/practice/fault.h"
#include "core/practice/world.h"

typedef struct SpServer SpServer;

/* A plain value; all borrowed. */
typedef struct {
    guint16 port;            /* 0: any free one */
    const char *certificate; /* PEM; NULL: plain HTTP */
    const char *key;
} SpServerOptions;

/* Serves `world` until it is freed; both are borrowed. Errors: SP_ERROR_NETWORK. Transfer full.
 */
SpServer *sp_server_new(SpWorld *world, SpFaults *faults, const SpServerOptions *options,
                        GError **error);

/* Stops at once, whatever hangs. */
void sp_server_free(SpServer *server);

/* "http://127.0.0.1:12345". Borrowed. */
const char *sp_server_get_base(const SpServer *server);

#endif
