#include "core/practice/call.h"

#include <string.h>

SpCall *
sp_call_new(SpWorld *world, const char *base, const char *method, const char *path,
            const char *raw_query)
{
    SpCall *call = g_new0(SpCall, 1);

    call->world = world;
    call->base = base;
    call->method = g_strdup(method);
    call->path = g_strdup(path);
    call->raw_query = g_strdup(raw_query);
    call->query = sp_form_parse(raw_query != NULL ? raw_query : "", -1);
    call->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    call->answer_headers = g_ptr_array_new_with_free_func(g_free);
    return call;
}

void
sp_call_free(SpCall *call)
{
    if (call == NULL) {
        return;
    }
    g_free(call->method);
    g_free(call->path);
    g_free(call->raw_query);
    g_hash_table_unref(call->query);
    g_hash_table_unref(call->headers);
    g_clear_pointer(&call->body, g_bytes_unref);
    g_free(call->content_type);
    g_clear_pointer(&call->answer, g_bytes_unref);
    g_ptr_array_unref(call->answer_headers);
    g_free(call);
}

const char *
sp_call_query(const SpCall *call, const char *name)
{
    return g_hash_table_lookup(call->query, name);
}

const char *
sp_call_header(const SpCall *call, const char *name)
{
    return g_hash_table_lookup(call->headers, name);
}

char *
sp_call_decode(const char *text)
{
    char *decoded = g_strdup(text);
    char *to = decoded;

    for (const char *from = text; *from != '\0'; from++) {
        if (*from == '%' && g_ascii_isxdigit(from[1]) && g_ascii_isxdigit(from[2])) {
            *to++ = (char) (g_ascii_xdigit_value(from[1]) * 16 + g_ascii_xdigit_value(from[2]));
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return decoded;
}

static char *
decode_form_value(const char *text)
{
    g_autofree char *spaced = g_strdelimit(g_strdup(text), "+", ' ');

    return sp_call_decode(spaced);
}

GHashTable *
sp_form_parse(const char *text, gssize length)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *copy = g_strndup(text, length < 0 ? strlen(text) : (gsize) length);
    g_auto(GStrv) parts = g_strsplit(copy, "&", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        char *equals = strchr(parts[i], '=');

        if (equals != NULL) {
            *equals = '\0';
            g_hash_table_insert(values, decode_form_value(parts[i]), decode_form_value(equals + 1));
        } else if (parts[i][0] != '\0') {
            g_hash_table_insert(values, decode_form_value(parts[i]), g_strdup(""));
        }
    }
    return values;
}

void
sp_call_add_header(SpCall *call, const char *name, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *value = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(call->answer_headers, g_strdup_printf("%s: %s", name, value));
}

void
sp_call_reply_bytes(SpCall *call, int status, const char *content_type, GBytes *bytes)
{
    g_autoptr(GBytes) previous = call->answer;

    call->status = status;
    call->answer = bytes != NULL ? g_bytes_ref(bytes) : NULL;
    g_free(call->content_type);
    call->content_type = g_strdup(content_type);
}

void
sp_call_reply_text(SpCall *call, int status, const char *content_type, const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    sp_call_reply_bytes(call, status, content_type, bytes);
}

void
sp_call_reply_empty(SpCall *call, int status)
{
    sp_call_reply_bytes(call, status, NULL, NULL);
}

void
sp_call_reply_json(SpCall *call, int status, const char *content_type, SpJson *json)
{
    sp_call_reply_text(call, status, content_type,
                       json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE));
    sp_json_put(json);
}

static const char *
sniff(GBytes *photo)
{
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(photo, &size);

    if (size > 3 && memcmp(data, "GIF8", 4) == 0) {
        return "image/gif";
    }
    return size > 3 && memcmp(data, "\x89PNG", 4) == 0 ? "image/png" : "image/jpeg";
}

void
sp_call_reply_photo(SpCall *call, GBytes *photo, const char *etag)
{
    const char *known = sp_call_header(call, "if-none-match");

    if (etag != NULL) {
        sp_call_add_header(call, "ETag", "%s", etag);
    }
    if (etag != NULL && known != NULL && strstr(known, etag) != NULL) {
        sp_call_reply_empty(call, 304);
    } else {
        sp_call_reply_bytes(call, 200, sniff(photo), photo);
    }
}

SpJson *
sp_json_strings(const char *name, ...)
{
    SpJson *json = json_object_new_object();
    va_list arguments;

    va_start(arguments, name);
    for (const char *key = name; key != NULL; key = va_arg(arguments, const char *)) {
        sp_json_add_string(json, key, va_arg(arguments, const char *));
    }
    va_end(arguments);
    return json;
}

SpJson *
sp_json_add_object(SpJson *parent, const char *name)
{
    SpJson *child = json_object_new_object();

    json_object_object_add(parent, name, child);
    return child;
}

SpJson *
sp_json_add_array(SpJson *parent, const char *name)
{
    SpJson *child = json_object_new_array();

    json_object_object_add(parent, name, child);
    return child;
}
