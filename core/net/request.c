#include "core/net/request.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/tokens.h"
#include "core/net/url.h"

SpHttpRequest *
sp_request_copy(const SpHttpRequest *request)
{
    SpHttpRequest *copy = g_new(SpHttpRequest, 1);

    *copy = *request;
    copy->method = g_strdup(request->method);
    copy->url = g_strdup(request->url);
    copy->headers = (const char *const *) g_strdupv((char **) request->headers);
    copy->bearer = g_strdup(request->bearer);
    copy->user_name = g_strdup(request->user_name);
    copy->password = g_strdup(request->password);
    copy->body = request->body == NULL ? NULL : g_bytes_ref(request->body);
    copy->content_type = g_strdup(request->content_type);
    copy->store = g_strdup(request->store);
    copy->mailbox = g_strdup(request->mailbox);
    copy->service = g_strdup(request->service);
    return copy;
}

void
sp_request_free(SpHttpRequest *request)
{
    if (request == NULL) {
        return;
    }
    g_free((char *) request->method);
    g_free((char *) request->url);
    g_strfreev((char **) request->headers);
    sp_tokens_wipe((char *) request->bearer);
    g_free((char *) request->user_name);
    sp_tokens_wipe((char *) request->password);
    g_clear_pointer(&request->body, g_bytes_unref);
    g_free((char *) request->content_type);
    g_free((char *) request->store);
    g_free((char *) request->mailbox);
    g_free((char *) request->service);
    g_free(request);
}

static gboolean
is_one_line(const char *text)
{
    return text == NULL || strpbrk(text, "\r\n") == NULL;
}

static gboolean
are_headers_clean(const SpHttpRequest *request)
{
    for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i++) {
        if (!is_one_line(request->headers[i])) {
            return FALSE;
        }
    }
    return is_one_line(request->bearer) && is_one_line(request->content_type) &&
           is_one_line(request->method);
}

static gboolean
is_secret(const SpHttpRequest *request)
{
    return request->bearer != NULL || request->auth == SP_HTTP_AUTH_BASIC || request->has_secret;
}

gboolean
sp_request_check(const SpHttpRequest *request, GError **error)
{
    g_autoptr(SpUrl) url = sp_url_parse(request->url);
    const char *service = request->service;

    if (url == NULL || url->has_user) {
        g_set_error(error, SP_ERROR, SP_ERROR_PROTOCOL,
                    _("%s: the address is not a plain http or https address; check the settings"),
                    service != NULL ? service : "HTTP");
        return FALSE;
    }
    service = service != NULL ? service : url->host;
    if (!are_headers_clean(request)) {
        g_set_error(error, SP_ERROR, SP_ERROR_PROTOCOL,
                    _("%s: a header to be sent has a line break in it"), service);
        return FALSE;
    }
    if (is_secret(request) && !sp_url_is_safe(url)) {
        g_set_error(error, SP_ERROR, SP_ERROR_PROTOCOL,
                    _("%s: a token or password is not sent to %s without TLS; use an https "
                      "address"),
                    service, url->host);
        return FALSE;
    }
    return TRUE;
}
