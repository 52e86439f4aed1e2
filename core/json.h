#ifndef SAMEPHOTO_CORE_JSON_H
#define SAMEPHOTO_CORE_JSON_H

/* Reading JSON that came from a service: bounded in depth, strict in syntax, forgiving in shape. A
 * member that is missing or of another type reads as "not there", never as a crash. */

#include <gio/gio.h>
#include <json-c/json.h>

typedef struct json_object SpJson;

static inline void
sp_json_put(SpJson *json)
{
    json_object_put(json);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpJson, sp_json_put)

/* Parses one whole document, at most 32 levels deep. `what` names it in the error, e.g. "Graph's
 * answer". Errors: SP_ERROR_FORMAT. Transfer full. */
SpJson *sp_json_parse(GBytes *bytes, const char *what, GError **error);

/* Member `name` of an object: borrowed, or NULL where `json` is no object or has no such member. */
SpJson *sp_json_member(SpJson *json, const char *name);

/* A string member, borrowed, or NULL where it is missing, null or no string. */
const char *sp_json_string(SpJson *json, const char *name);

/* A whole-number member, or `fallback` where it is missing or no number. */
gint64 sp_json_int(SpJson *json, const char *name, gint64 fallback);

/* A boolean member, or `fallback` where it is missing, null or no boolean. */
gboolean sp_json_bool(SpJson *json, const char *name, gboolean fallback);

/* How many elements an array has; 0 where `json` is none. */
gsize sp_json_length(SpJson *json);

/* Adds `name` with a string value, or JSON null where `value` is NULL. */
void sp_json_add_string(SpJson *json, const char *name, const char *value);

/* Adds `name` with a share (0..1) in at most four digits, the same in every locale, or null where
 * `share` is not a number. */
void sp_json_add_share(SpJson *json, const char *name, double share);

/* Adds `name` with an ISO 8601 UTC time ("2026-11-22T09:00:00Z"), or null where `time` is NULL. */
void sp_json_add_time(SpJson *json, const char *name, GDateTime *time);

#endif
