#include "core/net/url.h"

#include <curl/curl.h>
#include <string.h>

#include "core/net/http.h"

#define MAX_URL_BYTES 16384

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, curl_url_cleanup)

static char *
part(CURLU *handle, CURLUPart which, unsigned int flags)
{
    char *text = NULL;
    char *copy = NULL;

    if (curl_url_get(handle, which, &text, flags) == CURLUE_OK) {
        copy = g_strdup(text);
    }
    curl_free(text);
    return copy;
}

static gboolean
is_web(const char *scheme)
{
    return g_strcmp0(scheme, "https") == 0 || g_strcmp0(scheme, "http") == 0;
}

static gboolean
is_plausible(const char *text)
{
    return text != NULL && strlen(text) <= MAX_URL_BYTES && strpbrk(text, "\r\n\t") == NULL;
}

SpUrl *
sp_url_parse(const char *text)
{
    g_autoptr(CURLU) handle = curl_url();
    g_autoptr(SpUrl) url = g_new0(SpUrl, 1);
    g_autofree char *port = NULL;
    g_autofree char *user = NULL;
    g_autofree char *host = NULL;

    if (!is_plausible(text) || curl_url_set(handle, CURLUPART_URL, text, 0) != CURLUE_OK) {
        return NULL;
    }
    url->scheme = part(handle, CURLUPART_SCHEME, 0);
    host = part(handle, CURLUPART_HOST, 0);
    port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (!is_web(url->scheme) || host == NULL || *host == '\0' || port == NULL) {
        return NULL;
    }
    user = part(handle, CURLUPART_USER, 0);
    url->path = part(handle, CURLUPART_PATH, 0);
    url->host = g_ascii_strdown(host, -1);
    url->port = (guint16) g_ascii_strtoull(port, NULL, 10);
    url->has_user = user != NULL;
    return g_steal_pointer(&url);
}

void
sp_url_free(SpUrl *url)
{
    if (url != NULL) {
        g_free(url->scheme);
        g_free(url->host);
        g_free(url->path);
        g_free(url);
    }
}

gboolean
sp_url_is_loopback(const SpUrl *url)
{
    return strcmp(url->host, "localhost") == 0 || strcmp(url->host, "[::1]") == 0 ||
           (g_str_has_prefix(url->host, "127.") && g_hostname_is_ip_address(url->host));
}

gboolean
sp_url_is_safe(const SpUrl *url)
{
    return strcmp(url->scheme, "https") == 0 || sp_url_is_loopback(url);
}

gboolean
sp_url_equal_origin(const SpUrl *a, const SpUrl *b)
{
    return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->host, b->host) == 0 && a->port == b->port;
}

gboolean
sp_http_same_origin(const char *a, const char *b)
{
    g_autoptr(SpUrl) left = sp_url_parse(a);
    g_autoptr(SpUrl) right = sp_url_parse(b);

    return left != NULL && right != NULL && !left->has_user && !right->has_user &&
           sp_url_equal_origin(left, right);
}

char *
sp_url_resolve(const char *base, const char *location)
{
    g_autoptr(CURLU) handle = curl_url();
    g_autofree char *scheme = NULL;

    if (!is_plausible(location) || curl_url_set(handle, CURLUPART_URL, base, 0) != CURLUE_OK ||
        curl_url_set(handle, CURLUPART_URL, location, CURLU_URLENCODE) != CURLUE_OK) {
        return NULL;
    }
    curl_url_set(handle, CURLUPART_USER, NULL, 0);
    curl_url_set(handle, CURLUPART_PASSWORD, NULL, 0);
    curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0);
    scheme = part(handle, CURLUPART_SCHEME, 0);
    return is_web(scheme) ? part(handle, CURLUPART_URL, 0) : NULL;
}
