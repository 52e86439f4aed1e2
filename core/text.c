#include "core/text.h"

#include <string.h>

#define ELLIPSIS              "\xe2\x80\xa6"
#define ZERO_WIDTH_NON_JOINER 0x200c
#define ZERO_WIDTH_JOINER     0x200d

static gboolean
is_dropped(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);

    if (c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER) {
        return FALSE;
    }
    return type == G_UNICODE_FORMAT || type == G_UNICODE_SURROGATE ||
           type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_UNASSIGNED;
}

static gboolean
is_blank(gunichar c)
{
    return g_unichar_iscntrl(c) || g_unichar_isspace(c) ||
           g_unichar_type(c) == G_UNICODE_LINE_SEPARATOR ||
           g_unichar_type(c) == G_UNICODE_PARAGRAPH_SEPARATOR;
}

char *
sp_text_clean(const char *text, gssize length, gsize max_characters)
{
    g_autofree char *valid = NULL;
    GString *out = g_string_new(NULL);
    gsize count = 0;
    gboolean pending_space = FALSE;

    if (text == NULL) {
        return g_string_free(out, FALSE);
    }
    valid = g_utf8_make_valid(text, length);
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (is_blank(c)) {
            pending_space = out->len > 0;
            continue;
        }
        if (is_dropped(c)) {
            continue;
        }
        if (count + (pending_space ? 1 : 0) >= max_characters) {
            g_string_append(out, ELLIPSIS);
            break;
        }
        if (pending_space) {
            g_string_append_c(out, ' ');
            count++;
            pending_space = FALSE;
        }
        g_string_append_unichar(out, c);
        count++;
    }
    return g_string_free(out, FALSE);
}

static gsize
columns_of(gunichar c)
{
    if (g_unichar_iszerowidth(c)) {
        return 0;
    }
    return g_unichar_iswide(c) ? 2 : 1;
}

gsize
sp_text_columns(const char *text)
{
    gsize columns = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        columns += columns_of(g_utf8_get_char(p));
    }
    return columns;
}

char *
sp_text_fit(const char *text, gsize columns)
{
    gsize used = 0;
    gsize keep = 0;

    if (sp_text_columns(text) <= columns) {
        return g_strdup(text);
    }
    if (columns == 0) {
        return g_strdup("");
    }
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        used += columns_of(g_utf8_get_char(p));
        if (used > columns - 1) {
            break;
        }
        keep = (gsize) (g_utf8_next_char(p) - text);
    }
    return g_strdup_printf("%.*s%s", (int) keep, text, ELLIPSIS);
}

/* The longest end of `text` that fills at most `columns`. Borrowed from it. */
static const char *
end_of(const char *text, gsize columns)
{
    const char *start = text + strlen(text);
    gsize used = 0;

    while (start > text) {
        const char *previous = g_utf8_prev_char(start);

        used += columns_of(g_utf8_get_char(previous));
        if (used > columns) {
            break;
        }
        start = previous;
    }
    return start;
}

char *
sp_text_fit_middle(const char *text, gsize columns)
{
    g_autofree char *head = NULL;
    gsize tail_columns = columns / 2;

    if (columns < 3 || sp_text_columns(text) <= columns) {
        return sp_text_fit(text, columns);
    }
    head = sp_text_fit(text, columns - tail_columns);
    return g_strconcat(head, end_of(text, tail_columns), NULL);
}
