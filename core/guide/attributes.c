/* The last "{" from which the rest of the text reads as a whole block wins; a value in quotes may
 * hold braces itself, so earlier ones are tried too, a bounded number of them. */

#include "core/guide/attributes.h"

#include <string.h>

#include "core/text.h"

#define MAX_BLOCK_BYTES 4096
#define MAX_CANDIDATES  16
#define MAX_SECONDS     (G_GINT64_CONSTANT(366) * 86400)

static void
free_attribute(gpointer data)
{
    SpAttribute *attribute = data;

    g_free(attribute->key);
    g_free(attribute->value);
    g_free(attribute);
}

static gboolean
is_name_character(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_';
}

static gboolean
ends_bare_value(char c)
{
    return c == '\0' || g_ascii_isspace(c) || c == '"' || c == '{' || c == '}';
}

/* Reads "…" or '…', with \ before a quote or a backslash; NULL where it does not end. */
static char *
read_quoted(const char **at)
{
    char quote = **at;
    g_autoptr(GString) value = g_string_new(NULL);

    for (const char *p = *at + 1; *p != '\0'; p++) {
        if (*p == quote) {
            *at = p + 1;
            return g_string_free(g_steal_pointer(&value), FALSE);
        }
        if (*p == '\\' && (p[1] == quote || p[1] == '\\')) {
            p++;
        }
        g_string_append_c(value, *p);
    }
    return NULL;
}

static char *
read_value(const char **at)
{
    const char *start = *at;

    if (*start == '"' || *start == '\'') {
        return read_quoted(at);
    }
    while (!ends_bare_value(**at)) {
        (*at)++;
    }
    return *at == start ? NULL : g_strndup(start, (gsize) (*at - start));
}

static SpAttribute *
read_attribute(const char **at)
{
    g_autofree char *key = NULL;
    g_autofree char *value = NULL;
    SpAttribute *attribute;
    const char *start = *at;

    if (*start == '#') {
        (*at)++;
        key = g_strdup("#");
    } else {
        while (is_name_character(**at)) {
            (*at)++;
        }
        if (*at == start || **at != '=') {
            return NULL;
        }
        key = g_strndup(start, (gsize) (*at - start));
        (*at)++;
    }
    value = read_value(at);
    if (value == NULL) {
        return NULL;
    }
    attribute = g_new(SpAttribute, 1);
    attribute->key = g_steal_pointer(&key);
    attribute->value = sp_text_clean(value, -1, MAX_BLOCK_BYTES);
    return attribute;
}

static void
skip_blanks(const char **at)
{
    while (g_ascii_isspace(**at)) {
        (*at)++;
    }
}

/* The block that begins at `at` and must reach to the end of the text. */
static GPtrArray *
read_block(const char *at)
{
    g_autoptr(GPtrArray) attributes = g_ptr_array_new_with_free_func(free_attribute);

    at++;
    for (;;) {
        SpAttribute *attribute;

        skip_blanks(&at);
        if (*at == '}') {
            break;
        }
        attribute = read_attribute(&at);
        if (attribute == NULL) {
            return NULL;
        }
        g_ptr_array_add(attributes, attribute);
        if (*at != '}' && !g_ascii_isspace(*at)) {
            return NULL;
        }
    }
    at++;
    skip_blanks(&at);
    return *at == '\0' && attributes->len > 0 ? g_steal_pointer(&attributes) : NULL;
}

static gsize
trimmed_length(const char *text, gsize length)
{
    while (length > 0 && g_ascii_isspace(text[length - 1])) {
        length--;
    }
    return length;
}

GPtrArray *
sp_attributes_parse(const char *text, gsize *length)
{
    gsize end = trimmed_length(text, strlen(text));
    guint n_candidates = 0;

    if (end == 0 || text[end - 1] != '}') {
        return NULL;
    }
    for (gsize i = end; i-- > 0 && end - i <= MAX_BLOCK_BYTES && n_candidates < MAX_CANDIDATES;) {
        GPtrArray *attributes;

        if (text[i] != '{' || (i > 0 && !g_ascii_isspace(text[i - 1]))) {
            continue;
        }
        n_candidates++;
        attributes = read_block(text + i);
        if (attributes != NULL) {
            *length = trimmed_length(text, i);
            return attributes;
        }
    }
    return NULL;
}

static gint64
seconds_of_unit(char unit)
{
    switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    case 'w': return 7 * 86400;
    default: return 0;
    }
}

gint64
sp_attributes_parse_duration(const char *text)
{
    gint64 total = 0;

    if (*text == '\0') {
        return -1;
    }
    while (*text != '\0') {
        char *end = NULL;
        guint64 number = g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &end, 10) : 0;
        gint64 unit = end == NULL ? 0 : seconds_of_unit(*end);

        if (unit == 0 || number > (guint64) (MAX_SECONDS / unit)) {
            return -1;
        }
        total += (gint64) number * unit;
        if (total > MAX_SECONDS) {
            return -1;
        }
        text = end + 1;
    }
    return total;
}
