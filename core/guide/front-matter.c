/* A line reader, not a YAML parser: the two values that matter are scalars on one line or folded
 * over the indented lines that follow. */

#include "core/guide/front-matter.h"

#include <json-c/json.h>
#include <string.h>

#include "core/text.h"

#define MAX_LINES      400
#define MAX_CHARACTERS 300

static const char *const language_keys[] = {"language", "lang", "ms.locale", "locale"};

/* The end of the line that begins at `at`, its break not counted; `*next` is the line after it. */
static gsize
line_end(const char *text, gsize length, gsize at, gsize *next)
{
    gsize end = at;

    while (end < length && text[end] != '\n' && text[end] != '\r') {
        end++;
    }
    *next = end;
    if (*next < length) {
        *next += text[end] == '\r' && end + 1 < length && text[end + 1] == '\n' ? 2 : 1;
    }
    return end;
}

static gboolean
is_fence(const char *line, gsize length, const char *mark)
{
    while (length > 0 && g_ascii_isspace(line[length - 1])) {
        length--;
    }
    return length == 3 && strncmp(line, mark, 3) == 0;
}

static gboolean
is_key_character(char c)
{
    return g_ascii_isalnum(c) || (guchar) c >= 0x80 || (c != '\0' && strchr("._-/", c) != NULL);
}

/* The length of `key` or `"key"` before ": value" or ":", or 0. */
static gsize
key_length(const char *line, gsize length)
{
    gboolean is_quoted = length > 0 && (*line == '"' || *line == '\'');
    gsize end = is_quoted ? 1 : 0;

    if (length == 0 || *line == '-') {
        return 0;
    }
    while (end < length && (is_key_character(line[end]) || (is_quoted && line[end] == ' '))) {
        end++;
    }
    if (is_quoted && (end >= length || line[end++] != *line)) {
        return 0;
    }
    if (end == 0 || end >= length || line[end] != ':') {
        return 0;
    }
    return end + 1 == length || g_ascii_isspace(line[end + 1]) ? end : 0;
}

static gboolean
looks_like_yaml(const char *line, gsize length)
{
    return length == 0 || strchr(" \t#-]}", *line) != NULL || key_length(line, length) > 0;
}

/* What stands between double quotes in YAML reads as JSON nearly always. */
static char *
read_double_quoted(const char *text)
{
    struct json_object *json = json_tokener_parse(text);
    char *value = json_object_is_type(json, json_type_string)
                      ? sp_text_clean(json_object_get_string(json), -1, MAX_CHARACTERS)
                      : sp_text_clean(text + 1, (gssize) strlen(text) - 2, MAX_CHARACTERS);

    json_object_put(json);
    return value;
}

/* A scalar without its quotes, its comment and surrounding blanks. */
static char *
unquote(const char *value, gsize length)
{
    g_autofree char *text = g_strstrip(g_strndup(value, length));
    gsize n = strlen(text);
    char *comment;

    if (n >= 2 && *text == '"' && text[n - 1] == '"') {
        return read_double_quoted(text);
    }
    if (n >= 2 && *text == '\'' && text[n - 1] == '\'') {
        g_autoptr(GString) inner = g_string_new_len(text + 1, (gssize) n - 2);

        g_string_replace(inner, "''", "'", 0);
        return sp_text_clean(inner->str, (gssize) inner->len, MAX_CHARACTERS);
    }
    comment = strstr(text, " #");
    return sp_text_clean(text, comment == NULL ? -1 : comment - text, MAX_CHARACTERS);
}

static gboolean
is_language_key(const char *line, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(language_keys); i++) {
        if (strlen(language_keys[i]) == length && strncmp(line, language_keys[i], length) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* ">", "|-" and the like: the value stands on the lines below. */
static gboolean
is_folded(const char *value)
{
    return (*value == '>' || *value == '|') && strlen(value) <= 3;
}

char *
sp_front_matter_language(const char *text)
{
    gsize n = 0;

    while (text != NULL && g_ascii_isalpha(text[n])) {
        n++;
    }
    if (n < 2 || n > 3 || (text[n] != '\0' && strchr("-_.", text[n]) == NULL)) {
        return NULL;
    }
    return g_ascii_strdown(text, (gssize) n);
}

static void
take_value(SpFrontMatter *front, const char *line, gsize length, gboolean *is_title_open)
{
    gsize key = key_length(line, length);
    g_autofree char *value = NULL;

    if (key == 0) {
        if (*is_title_open && length > 0 && g_ascii_isspace(*line)) {
            g_autofree char *more = unquote(line, length);
            char *joined = g_strconcat(front->title, *front->title == '\0' ? "" : " ", more, NULL);

            g_free(front->title);
            front->title = joined;
        }
        return;
    }
    *is_title_open = FALSE;
    value = unquote(line + key + 1, length - key - 1);
    if (key == 5 && strncmp(line, "title", 5) == 0 && front->title == NULL) {
        *is_title_open = is_folded(value) || *value == '\0';
        front->title = *is_title_open ? g_strdup("") : g_steal_pointer(&value);
    } else if (is_language_key(line, key) && front->language == NULL) {
        front->language = sp_front_matter_language(value);
    }
}

SpFrontMatter
sp_front_matter_read(const char *text, gsize length)
{
    SpFrontMatter front = {0};
    gboolean is_title_open = FALSE;
    gsize next;
    gsize at;

    if (!is_fence(text, line_end(text, length, 0, &next), "---")) {
        return front;
    }
    for (guint n = 2; next < length && n <= MAX_LINES; n++) {
        gsize end;

        at = next;
        end = line_end(text, length, at, &next);
        if (is_fence(text + at, end - at, "---") || is_fence(text + at, end - at, "...")) {
            front.length = next;
            front.n_lines = n;
            if (front.title != NULL && *front.title == '\0') {
                g_clear_pointer(&front.title, g_free);
            }
            return front;
        }
        if (!looks_like_yaml(text + at, end - at)) {
            break;
        }
        take_value(&front, text + at, end - at, &is_title_open);
    }
    sp_front_matter_clear(&front);
    return (SpFrontMatter){0};
}

void
sp_front_matter_clear(SpFrontMatter *front)
{
    g_clear_pointer(&front->title, g_free);
    g_clear_pointer(&front->language, g_free);
}
