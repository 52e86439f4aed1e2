#ifndef SAMEPHOTO_CORE_GUIDE_ATTRIBUTES_H
#define SAMEPHOTO_CORE_GUIDE_ATTRIBUTES_H

/* The optional attributes that end a heading or a step: {#id key=word key="several words"}. Text
 * that merely ends in braces ("https://{tenant}") is no attribute block and stays text. */

#include <glib.h>

/* A plain value; the key of `#id` is "#". */
typedef struct {
    char *key;
    char *value;
} SpAttribute;

/* SpAttribute in order of writing where `text` ends in an attribute block, else NULL; `*length` is
 * then the length of the text before it, trailing blanks not counted. Transfer full. */
GPtrArray *sp_attributes_parse(const char *text, gsize *length);

/* Seconds from "90s", "15m", "24h", "3d", "2w" or a sum of them ("1h30m"); -1 where it is none. */
gint64 sp_attributes_parse_duration(const char *text);

#endif
