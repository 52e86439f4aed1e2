#include "core/csv.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* The next field; moves `*at` behind it, or to NULL after the last one. NULL where a quote is not
 * closed. Transfer full. */
static char *
next_field(const char **at)
{
    g_autoptr(GString) field = g_string_new(NULL);
    const char *p = *at;
    gboolean is_quoted = *p == '"';

    if (is_quoted) {
        p++;
    }
    for (; is_quoted || (*p != ',' && *p != '\0'); p++) {
        if (*p == '\0') {
            return NULL;
        }
        if (is_quoted && *p == '"') {
            p++;
            if (*p != '"') {
                is_quoted = FALSE;
                p--;
                continue;
            }
        }
        g_string_append_c(field, *p);
    }
    *at = *p == ',' ? p + 1 : NULL;
    return g_string_free(g_steal_pointer(&field), FALSE);
}

GPtrArray *
sp_csv_split(const char *line)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);

    for (const char *at = line; at != NULL;) {
        char *field = next_field(&at);

        if (field == NULL) {
            return NULL;
        }
        g_ptr_array_add(fields, field);
    }
    return g_steal_pointer(&fields);
}

int
sp_csv_find_column(const GPtrArray *fields, const char *name)
{
    for (guint i = 0; i < fields->len; i++) {
        if (g_ascii_strcasecmp(g_strstrip(g_ptr_array_index(fields, i)), name) == 0) {
            return (int) i;
        }
    }
    return -1;
}

char *
sp_csv_quote(const char *field)
{
    g_auto(GStrv) parts = NULL;
    g_autofree char *doubled = NULL;

    if (strpbrk(field, ",\"\r\n") == NULL) {
        return g_strdup(field);
    }
    parts = g_strsplit(field, "\"", -1);
    doubled = g_strjoinv("\"\"", parts);
    return g_strdup_printf("\"%s\"", doubled);
}

const char *
sp_csv_skip_mark(const char *text)
{
    return g_str_has_prefix(text, BYTE_ORDER_MARK) ? text + strlen(BYTE_ORDER_MARK) : text;
}
