#include "tui/clipboard.h"

#include <string.h>

#include "tui/terminal.h"

/* xterm and others take about 75000 characters of base64 and silently drop what is longer. */
#define MAX_ENCODED 74994

char *
ui_clipboard_sequence(const char *text, const char *term)
{
    gsize length = strlen(text);
    g_autofree char *encoded = NULL;

    /* The console of Linux knows no clipboard, and older ones print what they do not know. */
    if (g_strcmp0(term, "linux") == 0 || (length + 2) / 3 * 4 > MAX_ENCODED) {
        return NULL;
    }
    encoded = g_base64_encode((const guchar *) text, length);
    return g_strconcat("\033]52;c;", encoded, "\a", NULL);
}

gboolean
ui_clipboard_copy(const char *text)
{
    g_autofree char *sequence = ui_clipboard_sequence(text, g_getenv("TERM"));

    return sequence != NULL && ui_terminal_write(sequence, strlen(sequence));
}
