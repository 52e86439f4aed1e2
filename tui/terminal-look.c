#include "tui/terminal-look.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curses.h>

#include "core/error.h"
#include "core/i18n.h"
#include "tui/caps-memory.h"

/* Last: it makes macros of words like "columns". */
#include <term.h>

/* Long enough for an answer over a slow link; the last answer ends the wait early. */
#define QUERY_MS 250

static gboolean
is_terminal(GError **error)
{
    const char *term = g_getenv("TERM");

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        g_set_error_literal(error, SP_ERROR, SP_ERROR_CONFIG,
                            _("The screens need a terminal; use --plain, or a command such as "
                              "'samephoto check'"));
        return FALSE;
    }
    if (term == NULL || *term == '\0' || g_str_equal(term, "dumb")) {
        g_set_error_literal(error, SP_ERROR, SP_ERROR_CONFIG,
                            _("This terminal is dumb (TERM); use --plain, or set TERM to what "
                              "it is, e.g. TERM=xterm-256color"));
        return FALSE;
    }
    return TRUE;
}

static int
count_colours(const char *term)
{
    int error = 0;
    int colours;

    if (setupterm(term, STDOUT_FILENO, &error) != OK) {
        return -1;
    }
    colours = tigetnum("colors");
    del_curterm(cur_term);
    return MAX(colours, 0);
}

static UiAsk
choose_questions(const UiSurroundings *around)
{
    if (g_strcmp0(around->term, "linux") == 0 || g_str_has_prefix(around->term, "vt")) {
        return UI_ASK_DA1_ONLY;
    }
    /* GNU screen prints DCS questions as text. */
    return around->is_screen ? UI_ASK_CSI_ONLY : around->is_tmux ? UI_ASK_NO_APC : UI_ASK_ALL;
}

static void
look_around(UiSurroundings *around)
{
    const char *program = g_getenv("TERM_PROGRAM");
    const char *outer = g_getenv("LC_TERMINAL");

    around->term = g_getenv("TERM");
    around->color_term = g_getenv("COLORTERM");
    around->is_screen = g_getenv("STY") != NULL && g_getenv("TMUX") == NULL;
    around->is_tmux = g_getenv("TMUX") != NULL || g_str_has_prefix(around->term, "tmux");
    if (g_str_has_prefix(around->term, "screen") && !around->is_tmux) {
        around->is_screen = TRUE;
    }
    around->is_ssh = g_getenv("SSH_CONNECTION") != NULL || g_getenv("SSH_TTY") != NULL;
    around->is_utf8 = g_strcmp0(nl_langinfo(CODESET), "UTF-8") == 0;
    around->is_iterm = g_strcmp0(program, "iTerm.app") == 0 || g_strcmp0(program, "WezTerm") == 0 ||
                       g_strcmp0(outer, "iTerm2") == 0;
    around->colours = count_colours(around->term);
}

static gboolean
is_light_colour(int colour)
{
    int luma = (colour >> 16 & 255) * 30 + (colour >> 8 & 255) * 59 + (colour & 255) * 11;

    return colour >= 0 && luma > 128 * 100;
}

/* rxvt and others say "15;0" (foreground;background). */
static gboolean
is_light_terminal(const UiCaps *caps)
{
    const char *pair = g_getenv("COLORFGBG");
    const char *last = pair == NULL ? NULL : strrchr(pair, ';');

    if (caps->background >= 0 || last == NULL) {
        return is_light_colour(caps->background);
    }
    return g_str_equal(last, ";15") || g_str_equal(last, ";7");
}

static void
ask(const UiSurroundings *around, UiCaps *caps, GBytes **typed)
{
    if (ui_caps_query(STDIN_FILENO, choose_questions(around), QUERY_MS, caps, typed)) {
        ui_caps_keep(STDIN_FILENO, caps);
    }
}

void
ui_terminal_look_clear(UiTerminalLook *look)
{
    g_clear_pointer(&look->typed, g_bytes_unref);
    g_clear_pointer(&look->reason, g_free);
}

gboolean
ui_terminal_look(const UiTerminalOptions *options, UiLookAgain again, UiTerminalLook *look,
                 GError **error)
{
    if (!is_terminal(error)) {
        return FALSE;
    }
    look_around(&look->around);
    if (again == UI_LOOK_ONCE && ui_caps_recall(STDIN_FILENO, &look->caps)) {
        look->typed = g_bytes_new(NULL, 0);
    } else {
        ask(&look->around, &look->caps, &look->typed);
    }
    ui_terminal_choose(options, &look->caps, &look->around, &look->colours, &look->graphics,
                       &look->reason);
    look->is_slow = ui_terminal_is_slow(options, &look->caps, &look->around);
    look->is_light = is_light_terminal(&look->caps);
    if (!look->around.is_utf8) {
        look->graphics = MIN(look->graphics, UI_GRAPHICS_SYMBOLS);
    }
    return TRUE;
}

char *
ui_terminal_describe(const UiTerminalOptions *options, GError **error)
{
    g_auto(UiTerminalLook) look = {0};
    g_autofree char *answered = NULL;

    if (!ui_terminal_look(options, UI_LOOK_ANEW, &look, error)) {
        return NULL;
    }
    answered = look.caps.has_answered
                   ? g_strdup_printf(_("answered after %d ms"), look.caps.elapsed_ms)
                   : g_strdup(_("gave no answer"));
    return g_strdup_printf("%s%s; %s; %s", look.around.term, look.around.is_tmux ? " (tmux)" : "",
                           answered, look.reason);
}
