/* Taking the terminal over and giving it back. The order of giving back: our pixels, the mouse,
 * curses' own end, the modes as they were. A fault does the same with prepared bytes and nothing
 * but async-signal-safe calls. */
#include "tui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <panel.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <glib-unix.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"
#include "terminfo.h"
#include "tui/terminal-look.h"

/* Last: it makes macros of words like "columns". */
#include <term.h>

#define MOUSE_ON   "\033[?1002h\033[?1006h"
#define MOUSE_OFF  "\033[?1006l\033[?1002l"
#define PASTE_ON   "\033[?2004h"
#define PASTE_OFF  "\033[?2004l"
#define TITLE_PUSH "\033[22;2t"
#define TITLE_POP  "\033[23;2t"
#define KITTY_END  "\033_Ga=d,d=A,q=2\033\\"
#define SYNC_END   "\033[?2026l"

/* There is one terminal, and signal handlers have no other way to reach it. */
static struct {
    volatile sig_atomic_t is_taken;
    struct termios before;
    char farewell[256]; /* what a fault writes */
    gsize farewell_length;
    gboolean has_title; /* ours stands in the window's title, theirs on the terminal's stack */
    int job_pipe[2];
    int log_fd;    /* fd 2 points there meanwhile */
    int stderr_fd; /* where it pointed before */
    SCREEN *screen;
    GLogWriterFunc writer;
} held = {.job_pipe = {-1, -1}, .log_fd = -1, .stderr_fd = -1};

/* Every signal ends a program that does not ask for it, but for these: they cannot be caught, end
 * the main loop in good order, are meant for jobs (on_job()), or do nothing. */
static const int spared_signals[] = {SIGKILL, SIGSTOP, SIGHUP,  SIGINT,  SIGTERM, SIGTSTP, SIGCONT,
                                     SIGTTIN, SIGTTOU, SIGCHLD, SIGPIPE, SIGURG,  SIGWINCH};
static struct sigaction old_actions[NSIG];

gboolean
ui_terminal_write(const char *bytes, gsize length)
{
    while (length > 0) {
        gssize written = write(STDOUT_FILENO, bytes, length);

        if (written < 0 && errno == EAGAIN) {
            struct pollfd waiting = {.fd = STDOUT_FILENO, .events = POLLOUT};

            if (poll(&waiting, 1, 2000) <= 0) {
                return FALSE;
            }
            continue;
        }
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return FALSE;
        }
        bytes += written;
        length -= (gsize) written;
    }
    return TRUE;
}

static void
write_text(const char *text)
{
    ui_terminal_write(text, strlen(text));
}

/* Async-signal-safe: prepared bytes and the modes as they were. */
static void
say_farewell(void)
{
    if (held.is_taken) {
        held.is_taken = 0;
        if (write(STDOUT_FILENO, held.farewell, held.farewell_length) < 0) {
            return;
        }
        tcsetattr(STDIN_FILENO, TCSANOW, &held.before);
        if (held.stderr_fd >= 0) {
            dup2(held.stderr_fd, STDERR_FILENO);
        }
    }
}

static void
on_fault(int number)
{
    say_farewell();
    sigaction(number, &old_actions[number], NULL);
    raise(number);
}

static void
on_job(int number)
{
    int before = errno;
    char byte = number == SIGTSTP ? 't' : 'c';

    if (write(held.job_pipe[1], &byte, 1) < 0) {
        errno = before;
        return;
    }
    errno = before;
}

static gboolean
is_spared(int number)
{
    for (gsize i = 0; i < G_N_ELEMENTS(spared_signals); i++) {
        if (spared_signals[i] == number) {
            return TRUE;
        }
    }
    return FALSE;
}

/* What was to be ignored still is. The numbers that the C library keeps to itself are refused. */
static void
catch_fatal(int number, const struct sigaction *action)
{
    if (sigaction(number, NULL, &old_actions[number]) == 0 &&
        old_actions[number].sa_handler != SIG_IGN) {
        sigaction(number, action, NULL);
    }
}

static void
catch_signals(void)
{
    struct sigaction action = {0};

    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_NODEFER;
    action.sa_handler = on_fault;
    for (int number = 1; number < NSIG; number++) {
        if (!is_spared(number)) {
            catch_fatal(number, &action);
        }
    }
    action.sa_flags = SA_RESTART;
    action.sa_handler = on_job;
    sigaction(SIGTSTP, &action, NULL);
    sigaction(SIGCONT, &action, NULL);
}

static void
release_signals(void)
{
    for (int number = 1; number < NSIG; number++) {
        if (!is_spared(number)) {
            sigaction(number, &old_actions[number], NULL);
        }
    }
    signal(SIGTSTP, SIG_DFL);
    signal(SIGCONT, SIG_DFL);
}

/* GLib, gdk-pixbuf and curl write to fd 2, which would ruin the screen: it goes to a log meanwhile.
 */
static void
redirect_stderr(void)
{
    g_autofree char *folder = g_build_filename(g_get_user_state_dir(), "samephoto", NULL);
    g_autofree char *file = g_build_filename(folder, "samephoto.log", NULL);

    g_mkdir_with_parents(folder, 0700);
    held.log_fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (held.log_fd < 0) {
        held.log_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    }
    if (!isatty(STDERR_FILENO) || held.log_fd < 0) {
        return;
    }
    held.stderr_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(held.log_fd, STDERR_FILENO);
}

static void
restore_stderr(void)
{
    if (held.stderr_fd >= 0) {
        dup2(held.stderr_fd, STDERR_FILENO);
        close(held.stderr_fd);
    }
    if (held.log_fd >= 0) {
        close(held.log_fd);
    }
    held.stderr_fd = -1;
    held.log_fd = -1;
}

/* Our own entries, by whether in tmux and whether with pixels (direct.ti says why). */
static const struct {
    const char *name;
    const char *compiled;
} entries[2][2] = {
    {{"samephoto-xterm", terminfo_xterm}, {"samephoto-xterm-pixels", terminfo_xterm_pixels}},
    {{"samephoto-tmux", terminfo_tmux}, {"samephoto-tmux-pixels", terminfo_tmux_pixels}},
};

/* Curses in direct colour; TERM stays as it was for children. */
static SCREEN *
start_direct(gboolean is_tmux, gboolean has_pixels)
{
    g_autofree char *before = g_strdup(g_getenv("TERMINFO"));
    SCREEN *screen;

    g_setenv("TERMINFO", entries[is_tmux ? 1 : 0][has_pixels ? 1 : 0].compiled, TRUE);
    screen = newterm(entries[is_tmux ? 1 : 0][has_pixels ? 1 : 0].name, stdout, stdin);
    if (before != NULL) {
        g_setenv("TERMINFO", before, TRUE);
    } else {
        g_unsetenv("TERMINFO");
    }
    return screen;
}

static SCREEN *
start_curses(UiTerminal *terminal, const UiSurroundings *around, GError **error)
{
    const char *term = around->term;
    SCREEN *screen = NULL;

    /* What calls itself a vt100 today is not that slow: a full screen would take seconds. */
    g_setenv("NCURSES_NO_PADDING", "1", FALSE);
    if (terminal->colours == UI_COLOURS_TRUE) {
        screen = start_direct(around->is_tmux, ui_graphics_is_pixels(terminal->graphics));
        if (screen == NULL) {
            terminal->colours = UI_COLOURS_256;
        }
    }
    if (screen == NULL && around->colours < 0) {
        /* An unknown TERM: nearly every terminal understands what xterm does. */
        term = terminal->caps.has_answered ? "xterm-256color" : "vt100";
        terminal->colours =
            MIN(terminal->colours, terminal->caps.has_answered ? UI_COLOURS_256 : UI_COLOURS_MONO);
    }
    if (screen == NULL) {
        screen = newterm(term, stdout, stdin);
    }
    if (screen == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("The terminal '%s' is unknown on this machine; set TERM, e.g. to "
                      "xterm-256color, or use --plain"),
                    around->term);
    }
    return screen;
}

static void
set_modes(UiTerminal *terminal)
{
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    typeahead(-1);
    if (has_colors()) {
        start_color();
        use_default_colors();
    } else {
        terminal->colours = MIN(terminal->colours, UI_COLOURS_MONO);
    }
}

/* What a fault writes: the end of synchronized output and pixels, mouse off, and curses' own end.
 */
static void
prepare_farewell(const UiTerminal *terminal)
{
    g_autoptr(GString) bytes = g_string_new(SYNC_END MOUSE_OFF PASTE_OFF);
    const char *const ends[] = {exit_attribute_mode, orig_pair, cursor_normal, exit_ca_mode};

    if (terminal->graphics == UI_GRAPHICS_KITTY) {
        g_string_append(bytes, KITTY_END);
    }
    g_string_append(bytes, held.has_title ? TITLE_POP : "");
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        /* Padding ($<…>) would be written as it stands. */
        if (ends[i] != NULL && strstr(ends[i], "$<") == NULL) {
            g_string_append(bytes, ends[i]);
        }
    }
    g_string_append_c(bytes, '\r');
    held.farewell_length = MIN(bytes->len, sizeof held.farewell);
    memcpy(held.farewell, bytes->str, held.farewell_length);
}

static GLogWriterOutput
write_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    g_autofree char *line = g_log_writer_format_fields(level, fields, n_fields, FALSE);

    (void) user_data;
    if (!held.is_taken) {
        return g_log_writer_default(level, fields, n_fields, NULL);
    }
    if (held.log_fd >= 0 &&
        (write(held.log_fd, line, strlen(line)) < 0 || write(held.log_fd, "\n", 1) < 0)) {
        return G_LOG_WRITER_UNHANDLED;
    }
    return G_LOG_WRITER_HANDLED;
}

/* The writer can be set once in a process; it looks whether the screen is taken. */
static void
install_log_writer(void)
{
    static gsize is_installed;

    if (g_once_init_enter(&is_installed)) {
        g_log_set_writer_func(write_log, NULL, NULL);
        g_once_init_leave(&is_installed, 1);
    }
}

UiTerminal *
ui_terminal_enter(const UiTerminalOptions *options, GError **error)
{
    g_auto(UiTerminalLook) look = {0};
    g_autofree UiTerminal *terminal = NULL;

    if (!ui_terminal_look(options, UI_LOOK_ONCE, &look, error)) {
        return NULL;
    }
    tcgetattr(STDIN_FILENO, &held.before);
    terminal = g_new0(UiTerminal, 1);
    terminal->caps = look.caps;
    terminal->colours = look.colours;
    terminal->graphics = look.graphics;
    terminal->is_utf8 = look.around.is_utf8;
    terminal->shows_cursor = options->shows_cursor;
    terminal->is_slow = look.is_slow;
    terminal->is_light = look.is_light;
    held.screen = start_curses(terminal, &look.around, error);
    if (held.screen == NULL) {
        return NULL;
    }
    set_term(held.screen);
    set_modes(terminal);
    prepare_farewell(terminal);
    if (g_unix_open_pipe(held.job_pipe, FD_CLOEXEC, NULL)) {
        g_unix_set_fd_nonblocking(held.job_pipe[0], TRUE, NULL);
        g_unix_set_fd_nonblocking(held.job_pipe[1], TRUE, NULL);
    }
    install_log_writer();
    redirect_stderr();
    held.is_taken = 1;
    catch_signals();
    write_text(PASTE_ON);
    ui_terminal_set_mouse(terminal, options->has_mouse);
    terminal->typed = g_steal_pointer(&look.typed);
    terminal->reason = g_steal_pointer(&look.reason);
    return g_steal_pointer(&terminal);
}

static void
give_back(const UiTerminal *terminal)
{
    if (terminal->graphics == UI_GRAPHICS_KITTY) {
        write_text(KITTY_END);
    }
    write_text(MOUSE_OFF PASTE_OFF);
    write_text(held.has_title ? TITLE_POP : "");
    held.has_title = FALSE;
    endwin();
}

/* libpanel keeps a panel of its own beneath all others for each screen, and frees it only where
 * ncurses was built to look for leaks: the lowest of ours knows it. */
static void
free_root_panel(void)
{
    WINDOW *window = newwin(1, 1, 0, 0);
    PANEL *lowest = new_panel(window);
    PANEL *root = lowest->below;

    del_panel(lowest);
    delwin(window);
    if (root != NULL) {
        del_panel(root);
    }
}

void
ui_terminal_leave(UiTerminal *terminal)
{
    if (terminal == NULL) {
        return;
    }
    if (held.is_taken) {
        give_back(terminal);
        tcsetattr(STDIN_FILENO, TCSANOW, &held.before);
    }
    held.is_taken = 0;
    release_signals();
    restore_stderr();
    free_root_panel();
    g_clear_pointer(&held.screen, delscreen);
    for (int i = 0; i < 2; i++) {
        if (held.job_pipe[i] >= 0) {
            close(held.job_pipe[i]);
            held.job_pipe[i] = -1;
        }
    }
    g_clear_pointer(&terminal->typed, g_bytes_unref);
    g_free(terminal->reason);
    g_free(terminal);
}

void
ui_terminal_suspend(UiTerminal *terminal)
{
    gboolean has_mouse = terminal->has_mouse;

    give_back(terminal);
    tcsetattr(STDIN_FILENO, TCSANOW, &held.before);
    held.is_taken = 0;
    signal(SIGTSTP, SIG_DFL);
    /* The whole job stops, as it would from the terminal's own key. */
    kill(0, SIGTSTP);
    held.is_taken = 1;
    catch_signals();
    reset_prog_mode();
    write_text(PASTE_ON);
    ui_terminal_set_mouse(terminal, has_mouse);
    clearok(curscr, TRUE);
}

gboolean
ui_terminal_resize(UiTerminal *terminal)
{
    UiCaps before = terminal->caps;
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
        return FALSE;
    }
    /* The font's size may have changed along with it. */
    if (size.ws_xpixel > 0 && size.ws_ypixel > 0) {
        terminal->caps.cell_width = size.ws_xpixel / size.ws_col;
        terminal->caps.cell_height = size.ws_ypixel / size.ws_row;
    }
    if (size.ws_row == LINES && size.ws_col == COLS) {
        return terminal->caps.cell_width != before.cell_width ||
               terminal->caps.cell_height != before.cell_height;
    }
    resizeterm(size.ws_row, size.ws_col);
    return TRUE;
}

void
ui_terminal_set_mouse(UiTerminal *terminal, gboolean is_on)
{
    terminal->has_mouse = is_on;
    write_text(is_on ? MOUSE_ON : MOUSE_OFF);
}

/* Only where such a sequence is known to be one: elsewhere it would be printed. */
gboolean
ui_terminal_takes_osc(const UiTerminal *terminal)
{
    static const char *const families[] = {"xterm", "tmux", "foot", "alacritty", "wezterm", NULL};
    const char *term = g_getenv("TERM");

    for (gsize i = 0; term != NULL && families[i] != NULL; i++) {
        if (g_str_has_prefix(term, families[i])) {
            return terminal->is_utf8 && terminal->caps.has_answered && g_getenv("STY") == NULL;
        }
    }
    return FALSE;
}

void
ui_terminal_copy(const UiTerminal *terminal, const char *text)
{
    g_autofree char *encoded = g_base64_encode((const guchar *) text, strlen(text));
    g_autofree char *bytes = g_strdup_printf("\033]52;c;%s\033\\", encoded);

    if (ui_terminal_takes_osc(terminal)) {
        write_text(bytes);
    }
}

void
ui_terminal_set_title(UiTerminal *terminal, const char *title)
{
    g_autofree char *clean = sp_text_clean(title, -1, 120);
    g_autofree char *bytes = g_strdup_printf("\033]2;%s\033\\", clean);

    if (!ui_terminal_takes_osc(terminal)) {
        return;
    }
    if (!held.has_title) {
        write_text(TITLE_PUSH);
        held.has_title = TRUE;
        prepare_farewell(terminal);
    }
    write_text(bytes);
}

void
ui_terminal_ring(UiTerminal *terminal)
{
    (void) terminal;
    write_text("\a");
}

int
ui_terminal_get_job_fd(void)
{
    return held.job_pipe[0];
}
