/* A write that fails is told once, on stderr, and remembered: g_print() has no result, and the
 * stream's own error flag does not say why. */

#include "tui/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/i18n.h"
#include "tui/commands/command.h"
#include "tui/localize.h"

/* There is one stdout. */
static gboolean has_failed;

static gboolean
put(FILE *stream, const char *bytes)
{
    return fputs(bytes, stream) >= 0 && fflush(stream) == 0;
}

/* A reader that went away has seen enough, and needs no telling. */
static void
tell_failure(void)
{
    int number = errno;

    if (!has_failed && number != EPIPE) {
        g_printerr(_("samephoto: the output cannot be written: %s"), g_strerror(number));
        g_printerr("\n");
    }
    has_failed = TRUE;
}

static char *
locale_bytes(const char *text)
{
    g_autofree char *shown = ui_localize(text);
    char *bytes = g_locale_from_utf8(shown, -1, NULL, NULL, NULL);

    return bytes != NULL ? bytes : g_steal_pointer(&shown);
}

static void
print_out(const char *text)
{
    g_autofree char *bytes = locale_bytes(text);

    if (!put(stdout, bytes)) {
        tell_failure();
    }
}

static void
print_error(const char *text)
{
    g_autofree char *bytes = locale_bytes(text);

    put(stderr, bytes);
}

/* /dev/null opened the wrong way round: reading and writing fail as they did on the closed one. */
static void
occupy(int fd, int flags)
{
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
        open("/dev/null", flags);
    }
}

void
ui_output_begin(void)
{
    occupy(STDIN_FILENO, O_WRONLY);
    occupy(STDOUT_FILENO, O_RDONLY);
    occupy(STDERR_FILENO, O_WRONLY);
    g_set_print_handler(print_out);
    g_set_printerr_handler(print_error);
}

gboolean
ui_output_write(const char *text)
{
    if (!put(stdout, text)) {
        tell_failure();
        return FALSE;
    }
    return TRUE;
}

int
ui_output_end(int code)
{
    if (fflush(stdout) != 0) {
        tell_failure();
    }
    return has_failed ? UI_EXIT_FAULT : code;
}
