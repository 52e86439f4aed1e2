#ifndef SAMEPHOTO_CORE_NET_REQUEST_H
#define SAMEPHOTO_CORE_NET_REQUEST_H

/* A request's own copy, wiped when freed, and what is wrong with one before it is sent. */

#include "core/net/http.h"

SpHttpRequest *sp_request_copy(const SpHttpRequest *request);
void sp_request_free(SpHttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpHttpRequest, sp_request_free)

/* Whether it can be sent: an http or https address without a user name, no line breaks where they
 * would make headers, secrets only over TLS or to a loopback address. Errors: SP_ERROR_PROTOCOL. */
gboolean sp_request_check(const SpHttpRequest *request, GError **error);

#endif
