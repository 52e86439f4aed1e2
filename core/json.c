#include "core/json.h"

#include <limits.h>
#include <math.h>

#include "core/error.h"

#define MAX_DEPTH  32
#define SHARE_UNIT 10000.0

typedef struct json_tokener Tokener;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tokener, json_tokener_free)

SpJson *
sp_json_parse(GBytes *bytes, const char *what, GError **error)
{
    g_autoptr(Tokener) tokener = json_tokener_new_ex(MAX_DEPTH);
    g_autoptr(SpJson) json = NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);

    if (length == 0 || length > INT_MAX) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, "%s is empty or too long", what);
        return NULL;
    }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    json = json_tokener_parse_ex(tokener, text, (int) length);
    if (json_tokener_get_error(tokener) != json_tokener_success) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, "%s is no JSON (%s at byte %zu)", what,
                    json_tokener_error_desc(json_tokener_get_error(tokener)),
                    json_tokener_get_parse_end(tokener));
        return NULL;
    }
    if (json == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, "%s is JSON null", what);
        return NULL;
    }
    return g_steal_pointer(&json);
}

SpJson *
sp_json_member(SpJson *json, const char *name)
{
    SpJson *value = NULL;

    if (!json_object_is_type(json, json_type_object)) {
        return NULL;
    }
    return json_object_object_get_ex(json, name, &value) ? value : NULL;
}

const char *
sp_json_string(SpJson *json, const char *name)
{
    SpJson *value = sp_json_member(json, name);

    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

gint64
sp_json_int(SpJson *json, const char *name, gint64 fallback)
{
    SpJson *value = sp_json_member(json, name);

    return json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : fallback;
}

gboolean
sp_json_bool(SpJson *json, const char *name, gboolean fallback)
{
    SpJson *value = sp_json_member(json, name);

    return json_object_is_type(value, json_type_boolean) ? json_object_get_boolean(value)
                                                         : fallback;
}

gsize
sp_json_length(SpJson *json)
{
    return json_object_is_type(json, json_type_array) ? json_object_array_length(json) : 0;
}

void
sp_json_add_string(SpJson *json, const char *name, const char *value)
{
    json_object_object_add(json, name, value == NULL ? NULL : json_object_new_string(value));
}

void
sp_json_add_share(SpJson *json, const char *name, double share)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    double rounded = round(share * SHARE_UNIT) / SHARE_UNIT;

    g_ascii_formatd(digits, sizeof digits, "%.4g", rounded);
    json_object_object_add(json, name,
                           isfinite(share) ? json_object_new_double_s(rounded, digits) : NULL);
}

void
sp_json_add_time(SpJson *json, const char *name, GDateTime *time)
{
    g_autoptr(GDateTime) utc = NULL;
    g_autofree char *text = NULL;

    if (time != NULL) {
        utc = g_date_time_to_utc(time);
        text = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");
    }
    sp_json_add_string(json, name, text);
}
