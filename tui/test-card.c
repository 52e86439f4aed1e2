#include "tui/test-card.h"

#include <langinfo.h>
#include <unistd.h>

#include <glib.h>

#include "core/i18n.h"

#define CELLS 32

/* From dark blue through red to light yellow. */
static void
print_smooth(void)
{
    for (int i = 0; i < CELLS; i++) {
        int part = i * 255 / (CELLS - 1);

        g_print("\033[48;2;%d;%d;%dm ", part, part * part / 255, 160 - part * 160 / 255);
    }
    g_print("\033[m  %s\n", _("24-bit colour: one smooth band"));
}

/* The diagonal of the colour cube: six colours. */
static void
print_steps(void)
{
    for (int i = 0; i < CELLS; i++) {
        g_print("\033[48;5;%dm ", 16 + 43 * (i * 6 / CELLS));
    }
    g_print("\033[m  %s\n", _("256 colours: six steps from black to white"));
}

static void
print_ansi(void)
{
    for (int i = 0; i < CELLS; i++) {
        g_print("\033[%dm ", i < CELLS / 2 ? 40 + i / 2 : 100 + (i - CELLS / 2) / 2);
    }
    g_print("\033[m  %s\n", _("16 colours: eight dark ones, then eight light ones"));
}

static void
print_symbols(void)
{
    g_print("● ▲ ■ ◆ ✓ ▏▎▍▌▋▊▉█ ▁▂▃▄▅▆▇█       %s\n",
            _("symbols: each one cell wide, the blocks without gaps"));
}

void
ui_test_card_print(void)
{
    const char *term = g_getenv("TERM");
    const char *no_color = g_getenv("NO_COLOR");

    if (!isatty(STDOUT_FILENO) || term == NULL || g_str_equal(term, "dumb") ||
        (no_color != NULL && *no_color != '\0')) {
        return;
    }
    g_print("\n%s\n", _("Test card: what this terminal should show"));
    print_smooth();
    print_steps();
    print_ansi();
    if (g_strcmp0(nl_langinfo(CODESET), "UTF-8") == 0) {
        print_symbols();
    }
}
