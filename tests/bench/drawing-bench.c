/* Two measurements of the screens.
 *   drawing-bench draw FILE...              decodes the photos, draws each at 40x20 cells, prints
 * them drawing-bench keys MAX_BYTES PROGRAM ARG... a person in a terminal of 120x40: bytes written
 * for a key that moves the selection, and the time until the first one */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tui/picture.h"

#define ROUNDS   40
#define QUIET_MS 40

static int
draw(char **files)
{
    const UiPictureStyle style = {.colours = UI_COLOURS_TRUE, .is_utf8 = TRUE};
    g_autoptr(GString) out = g_string_new(NULL);

    for (int i = 0; files[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPhoto) photo = sp_photo_new_from_file(files[i], &error);
        g_autoptr(UiPixels) pixels = NULL;
        g_autoptr(UiCells) cells = NULL;

        if (photo == NULL) {
            fprintf(stderr, "%s\n", error->message);
            return 1;
        }
        pixels = ui_pixels_of_photo(photo, NULL);
        cells = ui_picture_render(pixels, 20, 40, &style);
        for (int at = 0; at < cells->rows * cells->columns; at++) {
            const UiCell *cell = &cells->cells[at];

            g_string_append_printf(out, "\033[38;2;%d;%d;%d;48;2;%d;%d;%dm",
                                   cell->foreground >> 16 & 255, cell->foreground >> 8 & 255,
                                   cell->foreground & 255, cell->background >> 16 & 255,
                                   cell->background >> 8 & 255, cell->background & 255);
            g_string_append_unichar(out, cell->character);
        }
    }
    fwrite(out->str, 1, out->len, stdout);
    return 0;
}

/* Reads until nothing came for QUIET_MS, or `limit_ms` are over; the bytes, and when the first
 * came. */
static gsize
read_burst(int terminal, int limit_ms, gint64 *first_us)
{
    gint64 end = g_get_monotonic_time() + limit_ms * 1000;
    static const char answer[] = "\033P1$r48;2;1;2;3m\033\\\033[?62;c";
    gsize total = 0;
    char bytes[65536];

    while (g_get_monotonic_time() < end) {
        struct pollfd waiting = {.fd = terminal, .events = POLLIN};
        gssize count;

        if (poll(&waiting, 1, total > 0 ? QUIET_MS : limit_ms) <= 0) {
            break;
        }
        count = read(terminal, bytes, sizeof bytes);
        if (count <= 0) {
            break;
        }
        if (total == 0) {
            *first_us = g_get_monotonic_time();
        }
        total += (gsize) count;
        /* Any terminal says what it is. */
        if (g_strstr_len(bytes, count, "\033[c") != NULL &&
            write(terminal, answer, strlen(answer)) < 0) {
            break;
        }
    }
    return total;
}

static gint
compare_times(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *) a;
    gint64 right = *(const gint64 *) b;

    return left < right ? -1 : left > right;
}

/* Right and left in turn: the frame of one line at the old and one at the new place. */
static gsize
press_keys(int terminal, gint64 *times)
{
    gsize most = 0;

    for (int i = 0; i < ROUNDS; i++) {
        gint64 pressed;
        gint64 answered = 0;
        gsize bytes;

        /* Right behind a tick of the clock: the next one is far. */
        read_burst(terminal, 250, &answered);
        pressed = answered = g_get_monotonic_time();
        if (write(terminal, i % 2 == 0 ? "l" : "h", 1) != 1) {
            return G_MAXSIZE;
        }
        bytes = read_burst(terminal, 150, &answered);
        times[i] = answered - pressed;
        most = MAX(most, bytes);
    }
    return most;
}

static int
measure_keys(gsize max_bytes, char **command)
{
    struct winsize size = {.ws_row = 40, .ws_col = 120, .ws_xpixel = 960, .ws_ypixel = 600};
    gint64 times[ROUNDS];
    gint64 ignored = 0;
    gsize most;
    int terminal;
    int status;
    pid_t child = forkpty(&terminal, NULL, NULL, &size);

    if (child == 0) {
        setenv("TERM", "xterm-256color", 1);
        unsetenv("TMUX");
        unsetenv("STY");
        execv(command[0], command);
        _exit(127);
    }
    for (int i = 0; i < 12; i++) {
        read_burst(terminal, 250, &ignored);
    }
    most = press_keys(terminal, times);
    kill(child, SIGTERM);
    read_burst(terminal, 2000, &ignored);
    waitpid(child, &status, 0);
    close(terminal);
    qsort(times, ROUNDS, sizeof times[0], compare_times);
    printf("one line changes: at most %" G_GSIZE_FORMAT " bytes a frame\n", most);
    printf("key to first byte: median %.2f ms, 99th percentile %.2f ms\n",
           (double) times[ROUNDS / 2] / 1e3, (double) times[ROUNDS - 1] / 1e3);
    return most > 0 && most < max_bytes && WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGTERM
               ? 0
               : 1;
}

int
main(int argc, char **argv)
{
    if (argc > 2 && g_str_equal(argv[1], "draw")) {
        return draw(argv + 2);
    }
    if (argc > 3 && g_str_equal(argv[1], "keys")) {
        return measure_keys((gsize) atoi(argv[2]), argv + 3);
    }
    return 2;
}
