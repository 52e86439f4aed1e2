#include "tui/commands/large.h"

#include <string.h>

#define ROWS           5
#define PIXELS         3
#define LETTER_COLUMNS (2 * PIXELS + 2) /* a pixel is two columns, and the gap one more pixel */

/* Three pixels a row, an octal digit each, from the top row down. */
static const guint16 letters[] = {025755, 065656, 034443, 065556, 074647, 074644, 034553,
                                  055755, 072227, 011152, 055655, 044447, 057755, 065555,
                                  025552, 065644, 025573, 065655, 034216, 072222, 055557,
                                  055552, 055775, 055255, 055222, 071247};
static const guint16 digits[] = {075557, 026227, 071747, 071717, 055711,
                                 074717, 074757, 071122, 075757, 075717};

/* 0: there is none. */
static guint16
glyph_of(char character)
{
    if (g_ascii_isdigit(character)) {
        return digits[character - '0'];
    }
    if (g_ascii_isalpha(character)) {
        return letters[g_ascii_toupper(character) - 'A'];
    }
    return character == '-' ? 000700 : 0;
}

static gboolean
can_be_large(const char *text, int columns)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (glyph_of(*at) == 0) {
            return FALSE;
        }
    }
    return *text != '\0' && strlen(text) * LETTER_COLUMNS <= (gsize) columns;
}

char *
ui_large_text(const char *text, int columns)
{
    const char *ink = g_get_charset(NULL) ? "██" : "##";
    GString *large = NULL;

    if (!can_be_large(text, columns)) {
        return NULL;
    }
    large = g_string_new(NULL);
    for (int row = ROWS - 1; row >= 0; row--) {
        for (const char *at = text; *at != '\0'; at++) {
            int bits = glyph_of(*at) >> (3 * row) & 7;

            for (int pixel = PIXELS - 1; pixel >= 0; pixel--) {
                g_string_append(large, (bits >> pixel & 1) != 0 ? ink : "  ");
            }
            g_string_append(large, "  ");
        }
        g_string_append_c(large, '\n');
    }
    return g_string_free(large, FALSE);
}
