/* Measurements of the screens, each by a person's eyes: what the terminal is sent, and when.
 *
 * drawing-bench draw FILE...
 *     decodes the photos, draws each at 40x20 cells, prints them
 * drawing-bench keys ROUNDS MAX-BYTES HANGING SETTINGS PROGRAM ARG...
 *     in a terminal of 120x40: the bytes of a key that moves the selection, and the time until the
 *     first of them, while so many requests hang: to sources that are added to the settings and
 *     never answer
 * drawing-bench start ROUNDS PROGRAM ARG...
 *     the time until the first painted screen, in microseconds
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tui/picture.h"

#define QUIET_MS  40
#define TICK_MS   250         /* the clock of what is being read ticks more often */
#define SETTLE_MS 8000        /* for the copies that do come */
#define STARTED   "samephoto" /* stands in every first screen */

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

/* Any terminal says what it is. */
static void
answer_questions(int terminal, const char *bytes, gssize count)
{
    static const char answer[] = "\033P1$r48;2;1;2;3m\033\\\033[?62;c";

    if (g_strstr_len(bytes, count, "\033[c") != NULL &&
        write(terminal, answer, strlen(answer)) < 0) {
        perror("the terminal");
    }
}

/* Reads until nothing came for QUIET_MS, or `limit_ms` are over; the bytes, and when the first
 * came. */
static gsize
read_burst(int terminal, int limit_ms, gint64 *first_us)
{
    gint64 end = g_get_monotonic_time() + limit_ms * 1000;
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
        answer_questions(terminal, bytes, count);
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
press_keys(int terminal, gint64 *times, int rounds, gboolean is_ticking)
{
    gsize most = 0;

    for (int i = 0; i < rounds; i++) {
        gint64 pressed;
        gint64 answered = 0;
        gsize bytes;

        /* Right behind a tick of the clock: the next one is far. */
        read_burst(terminal, is_ticking ? TICK_MS : QUIET_MS, &answered);
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

/* A server that takes every request and answers none. */
typedef struct {
    int socket;
    int port;
    gint taken; /* requests; atomic */
} Silence;

static gpointer
take_requests(gpointer data)
{
    Silence *silence = data;

    for (;;) {
        char request[4096];
        int connection = accept(silence->socket, NULL, NULL);

        if (connection < 0) {
            return NULL;
        }
        if (read(connection, request, sizeof request) > 0) {
            g_atomic_int_inc(&silence->taken);
        }
    }
}

static gboolean
fall_silent(Silence *silence)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    silence->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(silence->socket, (struct sockaddr *) &address, length) != 0 ||
        listen(silence->socket, 64) != 0 ||
        getsockname(silence->socket, (struct sockaddr *) &address, &length) != 0) {
        return FALSE;
    }
    silence->port = ntohs(address.sin_port);
    g_thread_unref(g_thread_new("silence", take_requests, silence));
    return TRUE;
}

static gboolean
add_sources(const char *settings, int count, int port)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GString) enabled = g_string_new(NULL);
    g_autofree char *before = NULL;

    if (!g_key_file_load_from_file(file, settings, G_KEY_FILE_NONE, NULL)) {
        return FALSE;
    }
    before = g_key_file_get_value(file, "services", "enabled", NULL);
    g_string_assign(enabled, before);
    for (int i = 1; i <= count; i++) {
        g_autofree char *group = g_strdup_printf("source silent-%d", i);
        g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/%d/{upn}", port, i);

        g_key_file_set_value(file, group, "title", group);
        g_key_file_set_value(file, group, "url", url);
        g_string_append_printf(enabled, ";silent-%d", i);
    }
    g_key_file_set_value(file, "services", "enabled", enabled->str);
    return g_key_file_save_to_file(file, settings, NULL);
}

static pid_t
run_in_terminal(char **command, int *terminal)
{
    struct winsize size = {.ws_row = 40, .ws_col = 120, .ws_xpixel = 960, .ws_ypixel = 600};
    pid_t child = forkpty(terminal, NULL, NULL, &size);

    if (child == 0) {
        setenv("TERM", "xterm-256color", 1);
        unsetenv("TMUX");
        unsetenv("STY");
        execvp(command[0], command);
        _exit(127);
    }
    return child;
}

/* Gives how it ended. */
static int
end_in_terminal(int terminal, pid_t child)
{
    gint64 ignored = 0;
    int status = 0;

    kill(child, SIGTERM);
    while (read_burst(terminal, 2000, &ignored) > 0) {
    }
    waitpid(child, &status, 0);
    close(terminal);
    return status;
}

/* Says what is wrong, where something is. */
static gboolean
is_as_wanted(gsize most, gsize max_bytes, int taken, int hanging, int status)
{
    if (most == 0) {
        fprintf(stderr, "keys: none was answered\n");
    } else if (most >= max_bytes) {
        fprintf(stderr, "keys: a frame of %" G_GSIZE_FORMAT " bytes\n", most);
    } else if (taken != hanging) {
        fprintf(stderr, "keys: %d requests hang instead of %d\n", taken, hanging);
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 128 + SIGTERM) {
        fprintf(stderr, "keys: the program ended with status %#x\n", (unsigned) status);
    } else {
        return TRUE;
    }
    return FALSE;
}

static int
measure_keys(int rounds, gsize max_bytes, int hanging, const char *settings, char **command)
{
    g_autofree gint64 *times = g_new0(gint64, rounds);
    Silence silence = {0};
    gint64 end = g_get_monotonic_time() + SETTLE_MS * 1000;
    gint64 ignored = 0;
    gsize most;
    int terminal;
    int status;
    pid_t child;

    if (!fall_silent(&silence) || !add_sources(settings, hanging, silence.port)) {
        perror(settings);
        return 1;
    }
    child = run_in_terminal(command, &terminal);
    /* Until all of them hang, and the other copies are drawn. */
    while (g_get_monotonic_time() < end || g_atomic_int_get(&silence.taken) < hanging) {
        if (read_burst(terminal, TICK_MS, &ignored) == 0 && hanging == 0) {
            break;
        }
        if (g_get_monotonic_time() > end + 60 * G_USEC_PER_SEC) {
            break;
        }
    }
    most = press_keys(terminal, times, rounds, hanging > 0);
    status = end_in_terminal(terminal, child);
    qsort(times, (gsize) rounds, sizeof times[0], compare_times);
    printf("%d %" G_GSIZE_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
           g_atomic_int_get(&silence.taken), most, times[rounds / 2],
           times[MIN(rounds * 99 / 100, rounds - 1)]);
    return is_as_wanted(most, max_bytes, g_atomic_int_get(&silence.taken), hanging, status) ? 0 : 1;
}

/* From the fork to the bytes of the first screen; negative: it never came. */
static gint64
time_start(char **command)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    gint64 began = g_get_monotonic_time();
    gint64 painted = -1;
    int terminal;
    pid_t child = run_in_terminal(command, &terminal);

    while (painted < 0) {
        struct pollfd waiting = {.fd = terminal, .events = POLLIN};
        char bytes[4096];
        gssize count = poll(&waiting, 1, 10000) > 0 ? read(terminal, bytes, sizeof bytes) : 0;

        if (count <= 0) {
            break;
        }
        answer_questions(terminal, bytes, count);
        g_string_append_len(seen, bytes, count);
        if (strstr(seen->str, STARTED) != NULL) {
            painted = g_get_monotonic_time() - began;
        }
    }
    end_in_terminal(terminal, child);
    return painted;
}

static int
measure_start(int rounds, char **command)
{
    g_autofree gint64 *times = g_new0(gint64, rounds);

    for (int i = 0; i < rounds; i++) {
        times[i] = time_start(command);
        if (times[i] < 0) {
            return 1;
        }
    }
    qsort(times, (gsize) rounds, sizeof times[0], compare_times);
    printf("%" G_GINT64_FORMAT "\n", times[rounds / 2]);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc > 2 && g_str_equal(argv[1], "draw")) {
        return draw(argv + 2);
    }
    if (argc > 6 && g_str_equal(argv[1], "keys")) {
        return measure_keys(atoi(argv[2]), (gsize) atoi(argv[3]), atoi(argv[4]), argv[5], argv + 6);
    }
    if (argc > 3 && g_str_equal(argv[1], "start")) {
        return measure_start(atoi(argv[2]), argv + 3);
    }
    return 2;
}
