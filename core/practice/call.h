#ifndef SAMEPHOTO_CORE_PRACTICE_CALL_H
#define SAMEPHOTO_CORE_PRACTICE_CALL_H

/* One request to a virtual service and the answer it gets, free of the HTTP library, so that $batch
 * can make inner calls of its own and a service is a plain function from a call to its answer. */

#include <gio/gio.h>
#include <json-c/json.h>

#include "core/json.h"

typedef struct SpWorld SpWorld;

/* Filled in by the server, answered by a service. A plain value with owned members. */
typedef struct {
    SpWorld *world;   /* borrowed, locked while a service answers */
    const char *base; /* "http://127.0.0.1:12345", borrowed */
    char *method;
    char *path;          /* behind the service's prefix, still percent-encoded */
    char *raw_query;     /* without the question mark, or NULL */
    GHashTable *query;   /* name -> value, decoded */
    GHashTable *headers; /* lower-case name -> value */
    GBytes *body;        /* or NULL */
    gboolean is_inner;   /* an item of a $batch, already let in */

    int status;
    char *content_type;
    GBytes *answer;            /* or NULL: empty */
    GPtrArray *answer_headers; /* "Name: value" */
} SpCall;

SpCall *sp_call_new(SpWorld *world, const char *base, const char *method, const char *path,
                    const char *raw_query);
void sp_call_free(SpCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpCall, sp_call_free)

/* A query parameter or a request header (lower-case name), or NULL. Borrowed. */
const char *sp_call_query(const SpCall *call, const char *name);
const char *sp_call_header(const SpCall *call, const char *name);

/* The values of an application/x-www-form-urlencoded text. Transfer full. */
GHashTable *sp_form_parse(const char *text, gssize length);

/* Percent-decoding with "+" as it stands; bad escapes are kept as they are. Transfer full. */
char *sp_call_decode(const char *text);

void sp_call_add_header(SpCall *call, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void sp_call_reply_bytes(SpCall *call, int status, const char *content_type, GBytes *bytes);
void sp_call_reply_text(SpCall *call, int status, const char *content_type, const char *text);
void sp_call_reply_empty(SpCall *call, int status);

/* Answers with `json` as it stands in `content_type` and drops the reference to it. */
void sp_call_reply_json(SpCall *call, int status, const char *content_type, SpJson *json);

/* Answers with picture bytes and their ETag, or 304 where If-None-Match names it. */
void sp_call_reply_photo(SpCall *call, GBytes *photo, const char *etag);

/* A JSON object from "name", "value" pairs of strings, ended by NULL. Transfer full. */
SpJson *sp_json_strings(const char *name, ...) G_GNUC_NULL_TERMINATED;

/* An empty JSON object or array that belongs to `parent` as `name`. Borrowed. */
SpJson *sp_json_add_object(SpJson *parent, const char *name);
SpJson *sp_json_add_array(SpJson *parent, const char *name);

#endif
