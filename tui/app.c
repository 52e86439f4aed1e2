/* The run: sources of the main loop go in (the terminal's bytes, signals, the case), change state
 * and ask for a frame. What views reach of the app is here too. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

#include "core/i18n.h"
#include "tui/app-private.h"
#include "tui/notify.h"

#define TICK_MS 200

UiCase *
ui_app_get_case(UiApp *app)
{
    return app->ui_case;
}

UiTheme *
ui_app_get_theme(UiApp *app)
{
    return app->theme;
}

const UiTerminal *
ui_app_get_terminal(UiApp *app)
{
    return app->terminal;
}

UiFrame *
ui_app_get_frame(UiApp *app)
{
    return app->frame;
}

UiViewId
ui_app_get_view(UiApp *app)
{
    return app->view;
}

const UiViewOps *
ui_app_get_ops(UiApp *app)
{
    return ui_view_ops(app->view);
}

gpointer
ui_app_get_state(UiApp *app)
{
    return app->states[app->view];
}

unsigned
ui_app_get_flags(UiApp *app)
{
    const UiViewOps *ops = ui_app_get_ops(app);

    return ops->flags == NULL ? 1u << app->view : ops->flags(ui_app_get_state(app));
}

void
ui_app_set_timer(guint *source, guint interval_ms, GSourceFunc func, gpointer user_data)
{
    if (*source != 0) {
        g_source_remove(*source);
    }
    *source = interval_ms == 0 ? 0 : g_timeout_add(interval_ms, func, user_data);
}

void
ui_app_apply(UiApp *app, UiDo what)
{
    if ((what & UI_DO_LAYOUT) != 0) {
        ui_app_layout(app);
    } else if (what != UI_DO_NOTHING) {
        ui_app_redraw(app);
    }
}

void
ui_app_show(UiApp *app, UiViewId view)
{
    const UiViewOps *ops = ui_view_ops(view);

    if (ops == NULL) {
        return;
    }
    app->view = view;
    ui_app_set_tick(app, 0);
    if (app->states[view] == NULL) {
        app->states[view] = ops->open(app);
    }
    if (ops->show != NULL) {
        ops->show(app->states[view]);
    }
    ui_app_layout(app);
}

void
ui_app_quit(UiApp *app)
{
    g_main_loop_quit(app->loop);
}

void
ui_app_say(UiApp *app, SpSeverity severity, const char *text)
{
    g_free(app->message);
    app->message = g_strdup(text);
    app->message_severity = severity;
    ui_app_redraw(app);
}

void
ui_app_say_error(UiApp *app, GError *error)
{
    if (error != NULL) {
        ui_app_say(app, SP_SEVERITY_PROBLEM, error->message);
        g_error_free(error);
    }
}

static void
on_notified(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) source;
    (void) user_data;
    if (!ui_notify_finish(result, &error)) {
        g_debug("%s", error->message);
    }
}

void
ui_app_alert(UiApp *app, const char *text)
{
    ui_app_say(app, SP_SEVERITY_OK, text);
    ui_terminal_ring(app->terminal);
    ui_terminal_set_title(app->terminal, text);
    ui_notify_async("samephoto", text, on_notified, NULL);
}

void
ui_app_watch(UiApp *app)
{
    if (ui_watch_can(app->watch) && !ui_watch_is_on(app->watch)) {
        ui_watch_toggle(app->watch);
    }
}

char *
ui_app_describe_watch(UiApp *app)
{
    return ui_watch_describe(app->watch);
}

static gboolean
on_tick(gpointer user_data)
{
    ui_app_redraw(user_data);
    return G_SOURCE_CONTINUE;
}

void
ui_app_set_tick(UiApp *app, guint interval_ms)
{
    ui_app_set_timer(&app->tick_source,
                     interval_ms > 0 && app->terminal->is_slow ? MAX(interval_ms, UI_APP_SLOW_MS)
                                                               : interval_ms,
                     on_tick, app);
}

/* Elapsed times run while something is being read. */
static void
update_clock(UiApp *app)
{
    gboolean is_reading = ui_case_is_reading(app->ui_case, NULL);
    guint interval = app->terminal->is_slow ? UI_APP_SLOW_MS : TICK_MS;

    if (is_reading != (app->clock_source != 0)) {
        ui_app_set_timer(&app->clock_source, is_reading ? interval : 0, on_tick, app);
    }
}

static void
on_case(UiCase *ui_case, UiCaseChanges changes, gpointer user_data)
{
    UiApp *app = user_data;

    (void) ui_case;
    update_clock(app);
    for (int i = 0; i < UI_N_VIEWS; i++) {
        const UiViewOps *ops = ui_view_ops((UiViewId) i);

        if (app->states[i] != NULL && ops->changed != NULL) {
            UiDo what = ops->changed(app->states[i], changes);

            ui_app_apply(app, i == (int) app->view ? what : UI_DO_NOTHING);
        }
    }
    ui_watch_changed(app->watch, changes);
    ui_app_redraw(app);
}

static gboolean
on_wait_over(gpointer user_data)
{
    UiApp *app = user_data;

    app->wait_source = 0;
    ui_input_flush(app->input);
    return G_SOURCE_REMOVE;
}

static void
feed(UiApp *app, const char *bytes, gsize length)
{
    ui_input_feed(app->input, bytes, length);
    ui_app_set_timer(&app->wait_source, ui_input_get_wait_ms(app->input), on_wait_over, app);
}

static void
end_with(UiApp *app, int status)
{
    app->exit_status = status;
    g_main_loop_quit(app->loop);
}

void
ui_app_quit_to_setup(UiApp *app)
{
    end_with(app, UI_APP_SETUP);
}

static gboolean
on_stdin(gint fd, GIOCondition condition, gpointer user_data)
{
    UiApp *app = user_data;
    char bytes[1024];
    gssize count = read(fd, bytes, sizeof bytes);

    if (count > 0) {
        feed(app, bytes, (gsize) count);
        return G_SOURCE_CONTINUE;
    }
    if (count < 0 && (errno == EINTR || errno == EAGAIN) && (condition & G_IO_HUP) == 0) {
        return G_SOURCE_CONTINUE;
    }
    /* The terminal is gone. */
    end_with(app, 128 + SIGHUP);
    return G_SOURCE_REMOVE;
}

static gboolean
on_terminate(gpointer user_data)
{
    end_with(user_data, 128 + SIGTERM);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_hang_up(gpointer user_data)
{
    end_with(user_data, 128 + SIGHUP);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_interrupt(gpointer user_data)
{
    end_with(user_data, 128 + SIGINT);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_resize(gpointer user_data)
{
    UiApp *app = user_data;

    if (ui_terminal_resize(app->terminal)) {
        /* Terminals forget pixels and may scroll what they had: all of it goes out again. */
        ui_frame_reset(app->frame, app->theme);
        ui_app_layout(app);
        ui_app_draw_anew(app);
    }
    return G_SOURCE_CONTINUE;
}

static gboolean
on_job(gint fd, GIOCondition condition, gpointer user_data)
{
    UiApp *app = user_data;
    char byte;

    (void) condition;
    while (read(fd, &byte, 1) == 1) {
        if (byte == 't') {
            ui_app_suspend(app);
        } else {
            on_resize(app);
            ui_app_draw_anew(app);
        }
    }
    return G_SOURCE_CONTINUE;
}

static void
keep_source(UiApp *app, guint source)
{
    g_array_append_val(app->sources, source);
}

/* After curses has started: it catches some of these signals itself. */
static void
add_sources(UiApp *app)
{
    keep_source(app, g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_stdin, app));
    keep_source(app, g_unix_fd_add(ui_terminal_get_job_fd(), G_IO_IN, on_job, app));
    keep_source(app, g_unix_signal_add(SIGTERM, on_terminate, app));
    keep_source(app, g_unix_signal_add(SIGHUP, on_hang_up, app));
    keep_source(app, g_unix_signal_add(SIGINT, on_interrupt, app));
    keep_source(app, g_unix_signal_add(SIGWINCH, on_resize, app));
}

static char *
memory_file(void)
{
    return g_build_filename(g_get_user_state_dir(), "samephoto", "screens", NULL);
}

char *
ui_app_recall(UiApp *app, const char *key)
{
    return g_key_file_get_string(app->memory, "screens", key, NULL);
}

void
ui_app_remember(UiApp *app, const char *key, const char *value)
{
    g_autofree char *file = memory_file();
    g_autofree char *folder = g_path_get_dirname(file);
    g_autoptr(GError) error = NULL;

    g_key_file_set_string(app->memory, "screens", key, value);
    g_mkdir_with_parents(folder, 0700);
    if (!g_key_file_save_to_file(app->memory, file, &error)) {
        g_debug("%s", error->message);
    }
}

static UiApp *
new_app(const UiAppOptions *options, UiTerminal *terminal)
{
    UiApp *app = g_new0(UiApp, 1);
    g_autofree char *file = memory_file();
    UiThemeId theme = options->terminal.theme;
    g_autofree char *remembered = NULL;

    app->ui_case = options->ui_case;
    app->terminal = terminal;
    app->memory = g_key_file_new();
    g_key_file_load_from_file(app->memory, file, G_KEY_FILE_NONE, NULL);
    remembered = ui_app_recall(app, "theme");
    if (theme == UI_THEME_AUTO && remembered != NULL) {
        ui_theme_id_parse(remembered, &theme);
    }
    app->theme = ui_theme_new(terminal, theme);
    app->frame = ui_frame_new(terminal, app->theme);
    if (ui_graphics_is_pixels(terminal->graphics)) {
        app->overlay = ui_overlay_new(terminal->graphics, &terminal->caps);
    }
    app->input = ui_input_new(ui_app_take_key, app);
    /* Answers that did not come in time may still come. */
    ui_input_set_patient(app->input, !terminal->caps.has_answered);
    app->loop = g_main_loop_new(NULL, FALSE);
    app->popups = g_ptr_array_new();
    app->watch = ui_watch_new(app);
    app->links = ui_links_new();
    app->sources = g_array_new(FALSE, FALSE, sizeof(guint));
    return app;
}

static void
close_views(UiApp *app)
{
    ui_app_close_windows(app);
    for (int i = 0; i < UI_N_VIEWS; i++) {
        if (app->states[i] != NULL) {
            ui_view_ops((UiViewId) i)->close(app->states[i]);
            app->states[i] = NULL;
        }
    }
}

static void
free_app(UiApp *app)
{
    ui_case_set_func(app->ui_case, NULL, NULL);
    close_views(app);
    for (guint i = 0; i < app->sources->len; i++) {
        g_source_remove(g_array_index(app->sources, guint, i));
    }
    ui_app_set_timer(&app->paint_source, 0, NULL, NULL);
    ui_app_set_timer(&app->wait_source, 0, NULL, NULL);
    ui_app_set_timer(&app->tick_source, 0, NULL, NULL);
    ui_app_set_timer(&app->clock_source, 0, NULL, NULL);
    ui_watch_free(app->watch);
    ui_overlay_free(app->overlay);
    ui_frame_free(app->frame);
    ui_theme_free(app->theme);
    ui_terminal_leave(app->terminal);
    ui_input_free(app->input);
    g_main_loop_unref(app->loop);
    g_ptr_array_unref(app->popups);
    g_array_unref(app->sources);
    ui_links_free(app->links);
    g_key_file_unref(app->memory);
    g_free(app->message);
    g_free(app);
}

int
ui_app_run(const UiAppOptions *options, GError **error)
{
    UiTerminal *terminal = ui_terminal_enter(&options->terminal, error);
    gsize typed_length = 0;
    const char *typed;
    UiApp *app;
    int status;

    if (terminal == NULL) {
        return -1;
    }
    app = new_app(options, terminal);
    ui_case_set_func(app->ui_case, on_case, app);
    add_sources(app);
    update_clock(app);
    ui_app_show(app, ui_view_ops(options->view) != NULL ? options->view : UI_VIEW_COMPARE);
    ui_app_paint_now(app);
    typed = g_bytes_get_data(terminal->typed, &typed_length);
    feed(app, typed, typed_length);
    g_main_loop_run(app->loop);
    status = app->exit_status;
    free_app(app);
    return status;
}
