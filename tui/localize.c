#include "tui/localize.h"

#include <langinfo.h>
#include <limits.h>
#include <wchar.h>

/* Signs of our own texts, for locales that have no such character. */
static const char *
ascii_of(gunichar character)
{
    static const struct {
        gunichar character;
        const char *ascii;
    } rows[] = {
        {0x2026, "..."}, {0x00b7, "-"},  {0x2013, "-"},  {0x2014, "-"},  {0x2019, "'"},
        {0x201c, "\""},  {0x201d, "\""}, {0x00ab, "\""}, {0x00bb, "\""}, {0x00d7, "x"},
        {0x2192, "->"},  {0x00a0, " "},  {0x202f, " "},  {0x2713, "x"},  {0x2717, "!"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].character == character) {
            return rows[i].ascii;
        }
    }
    return NULL;
}

static gboolean
is_representable(gunichar character)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};

    return wcrtomb(bytes, (wchar_t) character, &state) != (gsize) -1;
}

/* Accents that follow their letter go with it: the letter alone is what is left. */
static void
append_plain(GString *shown, gunichar character)
{
    char one[8] = "";
    g_autofree char *plain = NULL;

    if (g_unichar_ismark(character)) {
        return;
    }
    g_unichar_to_utf8(character, one);
    plain = g_str_to_ascii(one, "C");
    g_string_append(shown, plain);
}

char *
ui_localize(const char *text)
{
    GString *shown;

    if (g_strcmp0(nl_langinfo(CODESET), "UTF-8") == 0) {
        return g_strdup(text);
    }
    shown = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        const char *ascii = ascii_of(character);

        if (character < 0x80 || (ascii == NULL && is_representable(character))) {
            g_string_append_unichar(shown, character);
        } else if (ascii != NULL) {
            g_string_append(shown, ascii);
        } else {
            append_plain(shown, character);
        }
    }
    return g_string_free(shown, FALSE);
}
