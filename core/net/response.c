#include "core/net/response.h"

#include <string.h>

#include "core/net/retry.h"
#include "core/text.h"

#define MAX_HEADERS          200
#define MAX_HEADER_BYTES     (128 * 1024)
#define MAX_VALUE_CHARACTERS 8192

struct SpHttpResponse {
    int status;
    GHashTable *headers; /* lower-case name -> value, several joined by ", " */
    gsize header_bytes;
    GByteArray *arriving;
    GBytes *body;
    char *url;
    gint64 elapsed_ms;
    double retry_after;
};

SpHttpResponse *
sp_http_response_new(void)
{
    SpHttpResponse *response = g_rc_box_new0(SpHttpResponse);

    response->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    response->arriving = g_byte_array_new();
    response->retry_after = -1;
    return response;
}

static void
clear(gpointer data)
{
    SpHttpResponse *response = data;

    g_hash_table_unref(response->headers);
    g_clear_pointer(&response->arriving, g_byte_array_unref);
    g_clear_pointer(&response->body, g_bytes_unref);
    g_free(response->url);
}

SpHttpResponse *
sp_http_response_ref(SpHttpResponse *response)
{
    return g_rc_box_acquire(response);
}

void
sp_http_response_unref(SpHttpResponse *response)
{
    if (response != NULL) {
        g_rc_box_release_full(response, clear);
    }
}

static void
add_header(SpHttpResponse *response, const char *name, gsize name_length, const char *value,
           gsize value_length)
{
    g_autofree char *key = g_ascii_strdown(name, (gssize) name_length);
    g_autofree char *clean = sp_text_clean(value, (gssize) value_length, MAX_VALUE_CHARACTERS);
    const char *before = g_hash_table_lookup(response->headers, key);
    char *all = before == NULL ? g_strdup(g_strstrip(clean))
                               : g_strconcat(before, ", ", g_strstrip(clean), NULL);

    g_hash_table_insert(response->headers, g_steal_pointer(&key), all);
}

gboolean
sp_http_response_add_line(SpHttpResponse *response, const char *line, gsize length)
{
    const char *colon = memchr(line, ':', length);

    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        g_hash_table_remove_all(response->headers);
        response->header_bytes = 0;
        return TRUE;
    }
    response->header_bytes += length;
    if (response->header_bytes > MAX_HEADER_BYTES ||
        g_hash_table_size(response->headers) >= MAX_HEADERS) {
        return FALSE;
    }
    if (colon != NULL && colon > line) {
        gsize name_length = (gsize) (colon - line);

        add_header(response, line, name_length, colon + 1, length - name_length - 1);
    }
    return TRUE;
}

gboolean
sp_http_response_add_body(SpHttpResponse *response, gconstpointer data, gsize length, gsize cap)
{
    if (length > cap || response->arriving->len > cap - length) {
        return FALSE;
    }
    g_byte_array_append(response->arriving, data, (guint) length);
    return TRUE;
}

void
sp_http_response_complete(SpHttpResponse *response, int status)
{
    response->status = status;
    response->body = g_byte_array_free_to_bytes(g_steal_pointer(&response->arriving));
    if (sp_retry_is_status(status)) {
        response->retry_after = sp_retry_seconds(
            sp_http_response_get_header(response, "Retry-After"),
            sp_http_response_get_header(response, "RateLimit-Reset"),
            sp_http_response_get_header(response, "Date"), g_get_real_time() / G_USEC_PER_SEC);
    }
}

void
sp_http_response_set_journey(SpHttpResponse *response, const char *url, gint64 elapsed_ms)
{
    g_free(response->url);
    response->url = g_strdup(url);
    response->elapsed_ms = elapsed_ms;
}

SpHttpResponse *
sp_http_response_new_held(gint64 held_ms)
{
    SpHttpResponse *response = sp_http_response_new();

    sp_http_response_complete(response, 429);
    response->retry_after = (double) held_ms / 1000.0;
    return response;
}

int
sp_http_response_get_status(const SpHttpResponse *response)
{
    return response->status;
}

GBytes *
sp_http_response_get_body(const SpHttpResponse *response)
{
    return response->body;
}

const char *
sp_http_response_get_header(const SpHttpResponse *response, const char *name)
{
    g_autofree char *key = g_ascii_strdown(name, -1);

    return g_hash_table_lookup(response->headers, key);
}

const char *
sp_http_response_get_url(const SpHttpResponse *response)
{
    return response->url;
}

gint64
sp_http_response_get_elapsed_ms(const SpHttpResponse *response)
{
    return response->elapsed_ms;
}

double
sp_http_response_get_retry_after(const SpHttpResponse *response)
{
    return response->retry_after;
}

const char *
sp_http_response_get_request_id(const SpHttpResponse *response)
{
    static const char *const names[] = {"request-id", "client-request-id", "SPRequestGuid",
                                        "x-ms-request-id"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = sp_http_response_get_header(response, names[i]);

        if (value != NULL && *value != '\0') {
            return value;
        }
    }
    return NULL;
}
