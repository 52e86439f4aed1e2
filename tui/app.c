/* Sources of the main loop go in: the terminal's bytes, signals, the case. They change state and
 * ask for a frame; the painter is one idle source, so that a burst of keys or resizes costs one
 * frame. */
#include "tui/app.h"

#include <errno.h>
#include <panel.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

#include "core/i18n.h"
#include "tui/bar.h"
#include "tui/input.h"
#include "tui/links.h"
#include "tui/notify.h"
#include "tui/overlay.h"
#include "tui/popup.h"
#include "tui/watch.h"
#include "tui/widgets.h"

#define MIN_ROWS     20
#define MIN_COLUMNS  60
#define TICK_MS      200
#define SLOW_TICK_MS 1000 /* between frames that no key asked for, on a slow link */
#define SYNC_BEGIN   "\033[?2026h"
#define SYNC_END     "\033[?2026l"

/* A popup that is open. */
typedef struct {
    const UiPopupOps *ops;
    gpointer state;
    WINDOW *window;
    PANEL *panel;
} Popup;

enum { WINDOW_BAR, WINDOW_BODY, WINDOW_FOOT, N_WINDOWS };

struct UiApp {
    UiCase *ui_case;
    UiTerminal *terminal;
    UiTheme *theme;
    UiFrame *frame;
    UiOverlay *overlay; /* NULL: no pixels */
    UiWatch *watch;
    UiInput *input;
    GMainLoop *loop;
    int exit_status;

    UiViewId view;
    gpointer states[UI_N_VIEWS];
    WINDOW *windows[N_WINDOWS];
    PANEL *panels[N_WINDOWS];
    gboolean is_small;
    GPtrArray *popups; /* Popup */

    UiLinks *links;
    GArray *sources; /* guint */
    guint paint_source;
    gboolean is_paint_late; /* it waits, since the link is slow */
    gboolean is_in_key;     /* what is drawn answers a key: at once */
    gint64 painted_us;
    guint wait_source;  /* for the rest of a key */
    guint tick_source;  /* the view's */
    guint clock_source; /* while something is being read */
    char *message;
    SpSeverity message_severity;
    GKeyFile *memory;
    int cursor_y;
    int cursor_x;
    gboolean is_cursor_visible;
};

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

static const UiViewOps *
get_ops(UiApp *app)
{
    return ui_view_ops(app->view);
}

static gpointer
get_state(UiApp *app)
{
    return app->states[app->view];
}

unsigned
ui_app_get_flags(UiApp *app)
{
    const UiViewOps *ops = get_ops(app);

    return ops->flags == NULL ? 1u << app->view : ops->flags(get_state(app));
}

/* ---- painting ---- */

static void
draw_small(UiApp *app)
{
    WINDOW *body = app->windows[WINDOW_BODY];

    werase(body);
    ui_paragraph(app, body, 0, 0, getmaxy(body), getmaxx(body), UI_ROLE_TEXT,
                 _("This window is too small: samephoto needs 60 columns and 20 rows."));
}

static void
draw_windows(UiApp *app)
{
    UiBar bar = {.message = app->message, .severity = app->message_severity};
    WINDOW *body = app->windows[WINDOW_BODY];

    ui_theme_fill(app->theme, app->windows[WINDOW_BAR], UI_ROLE_BAR);
    ui_theme_fill(app->theme, body, UI_ROLE_TEXT);
    ui_theme_fill(app->theme, app->windows[WINDOW_FOOT], UI_ROLE_HINT);
    werase(app->windows[WINDOW_BAR]);
    werase(body);
    werase(app->windows[WINDOW_FOOT]);
    ui_bar_draw_title(app, app->windows[WINDOW_BAR]);
    get_ops(app)->draw(get_state(app), body);
    ui_bar_draw_hints(app, app->windows[WINDOW_FOOT], &bar);
}

static void
draw_popups(UiApp *app)
{
    for (guint i = 0; i < app->popups->len; i++) {
        Popup *popup = app->popups->pdata[i];

        if (popup->window != NULL) {
            ui_theme_fill(app->theme, popup->window, UI_ROLE_POPUP);
            werase(popup->window);
            popup->ops->draw(popup->state, app, popup->window);
        }
    }
}

static GArray *
popup_boxes(UiApp *app)
{
    GArray *boxes = g_array_new(FALSE, FALSE, sizeof(UiBox));

    for (guint i = 0; i < app->popups->len; i++) {
        const Popup *popup = app->popups->pdata[i];
        UiBox box;

        if (popup->window != NULL) {
            box = (UiBox){getbegy(popup->window), getbegx(popup->window), getmaxy(popup->window),
                          getmaxx(popup->window)};
            g_array_append_val(boxes, box);
        }
    }
    return boxes;
}

/* Pixels that only written text removes: curses writes their lines again. */
static void
redraw_stale(UiApp *app, const GArray *popups)
{
    g_autoptr(GArray) stale = NULL;

    if (app->overlay == NULL) {
        return;
    }
    stale = ui_overlay_get_stale(app->overlay, ui_frame_get_placements(app->frame), popups);
    for (guint i = 0; i < stale->len; i++) {
        const UiBox *box = &g_array_index(stale, UiBox, i);

        wredrawln(stdscr, box->y, MIN(box->rows, LINES - box->y));
    }
}

static void
write_links(UiApp *app, const GArray *popups)
{
    g_autofree char *look = ui_theme_sequence(app->theme, UI_ROLE_LINK);
    g_autofree char *bytes = NULL;

    if (look != NULL && ui_terminal_takes_osc(app->terminal)) {
        bytes = ui_links_write(app->links, look, popups);
        ui_terminal_write(bytes, strlen(bytes));
    }
}

void
ui_app_link(UiApp *app, WINDOW *window, int y, int x, const char *text, const char *url)
{
    if (y < getmaxy(window) && x + (int) strlen(text) <= getmaxx(window)) {
        ui_links_add(app->links, getbegy(window) + y, getbegx(window) + x, text, url);
    }
}

static void
update_screen(UiApp *app)
{
    gboolean has_sync = app->terminal->caps.has_sync;
    g_autoptr(GArray) popups = popup_boxes(app);
    GString *pixels = NULL;

    redraw_stale(app, popups);
    update_panels();
    setsyx(app->cursor_y, app->cursor_x);
    curs_set(app->is_cursor_visible ? 1 : 0);
    if (has_sync) {
        ui_terminal_write(SYNC_BEGIN, strlen(SYNC_BEGIN));
    }
    doupdate();
    write_links(app, popups);
    if (app->overlay != NULL) {
        pixels =
            ui_overlay_update(app->overlay, ui_frame_get_placements(app->frame), popups, LINES);
    }
    if (has_sync) {
        pixels = pixels != NULL ? pixels : g_string_new(NULL);
        g_string_append(pixels, SYNC_END);
    }
    if (pixels != NULL) {
        ui_terminal_write(pixels->str, pixels->len);
        g_string_free(pixels, TRUE);
    }
}

static gboolean
paint(gpointer user_data)
{
    UiApp *app = user_data;

    app->paint_source = 0;
    app->painted_us = g_get_monotonic_time();
    app->cursor_y = LINES - 1;
    app->cursor_x = 0;
    app->is_cursor_visible = FALSE;
    ui_links_clear(app->links);
    ui_frame_begin(app->frame);
    if (app->is_small) {
        draw_small(app);
    } else {
        draw_windows(app);
        draw_popups(app);
    }
    update_screen(app);
    if (ui_frame_end(app->frame) | ui_theme_recycle(app->theme)) {
        ui_app_redraw(app);
    }
    return G_SOURCE_REMOVE;
}

/* How long the next frame has to wait; keys are answered at once on any link. */
static guint
frame_wait_ms(const UiApp *app)
{
    gint64 passed_ms = (g_get_monotonic_time() - app->painted_us) / 1000;

    return app->terminal->is_slow && !app->is_in_key && passed_ms < SLOW_TICK_MS
               ? (guint) (SLOW_TICK_MS - passed_ms)
               : 0;
}

void
ui_app_redraw(UiApp *app)
{
    guint wait = frame_wait_ms(app);

    if (app->paint_source != 0 && (wait > 0 || !app->is_paint_late)) {
        return;
    }
    g_clear_handle_id(&app->paint_source, g_source_remove);
    app->is_paint_late = wait > 0;
    /* Below keys and answers: they all go into one frame. */
    app->paint_source = g_timeout_add_full(G_PRIORITY_HIGH_IDLE + 10, wait, paint, app, NULL);
}

static void
set_timer(guint *source, guint interval_ms, GSourceFunc func, gpointer user_data)
{
    if (*source != 0) {
        g_source_remove(*source);
    }
    *source = interval_ms == 0 ? 0 : g_timeout_add(interval_ms, func, user_data);
}

/* At once: the first screen waits for nothing that was begun before it. */
static void
paint_first(UiApp *app)
{
    set_timer(&app->paint_source, 0, NULL, NULL);
    paint(app);
}

void
ui_app_set_cursor(UiApp *app, WINDOW *window, int y, int x, gboolean visible)
{
    app->cursor_y = CLAMP(getbegy(window) + y, 0, LINES - 1);
    app->cursor_x = CLAMP(getbegx(window) + x, 0, COLS - 1);
    app->is_cursor_visible = visible;
}

/* ---- windows ---- */

static void
free_window(WINDOW **window, PANEL **panel)
{
    if (*panel != NULL) {
        del_panel(*panel);
        *panel = NULL;
    }
    if (*window != NULL) {
        delwin(*window);
        *window = NULL;
    }
}

static void
make_window(UiApp *app, int index, int rows, int y)
{
    app->windows[index] = newwin(rows, COLS, y, 0);
    app->panels[index] = new_panel(app->windows[index]);
}

static void
place_popup(UiApp *app, Popup *popup)
{
    int rows = 0;
    int columns = 0;

    free_window(&popup->window, &popup->panel);
    if (app->is_small) {
        return;
    }
    popup->ops->measure(popup->state, app, LINES - 2, COLS - 4, &rows, &columns);
    rows = CLAMP(rows, 3, LINES - 2);
    columns = CLAMP(columns, 10, COLS - 4);
    popup->window = newwin(rows, columns, (LINES - rows) / 2, (COLS - columns) / 2);
    popup->panel = new_panel(popup->window);
}

/* Everything anew in the size that curses knows now. */
static void
layout(UiApp *app)
{
    for (int i = 0; i < N_WINDOWS; i++) {
        free_window(&app->windows[i], &app->panels[i]);
    }
    app->is_small = LINES < MIN_ROWS || COLS < MIN_COLUMNS;
    if (app->is_small) {
        make_window(app, WINDOW_BODY, LINES, 0);
    } else {
        make_window(app, WINDOW_BAR, 1, 0);
        make_window(app, WINDOW_BODY, LINES - 2, 1);
        make_window(app, WINDOW_FOOT, 1, LINES - 1);
        if (get_ops(app)->layout != NULL) {
            get_ops(app)->layout(get_state(app), LINES - 2, COLS);
        }
    }
    for (guint i = 0; i < app->popups->len; i++) {
        place_popup(app, app->popups->pdata[i]);
    }
    ui_app_redraw(app);
}

/* The whole screen may be wrong: a resize, Ctrl-L, after a stop. */
static void
draw_anew(UiApp *app)
{
    if (app->overlay != NULL) {
        ui_overlay_forget(app->overlay);
    }
    clearok(curscr, TRUE);
    ui_app_redraw(app);
}

/* ---- popups ---- */

void
ui_app_push(UiApp *app, const UiPopupOps *ops, gpointer state)
{
    Popup *popup = g_new0(Popup, 1);

    popup->ops = ops;
    popup->state = state;
    g_ptr_array_add(app->popups, popup);
    place_popup(app, popup);
    ui_app_redraw(app);
}

static void
close_popup(UiApp *app, Popup *popup)
{
    g_ptr_array_remove(app->popups, popup);
    free_window(&popup->window, &popup->panel);
    popup->ops->close(popup->state, app);
    g_free(popup);
    ui_app_redraw(app);
}

/* ---- views ---- */

static void
apply(UiApp *app, UiDo what)
{
    if ((what & UI_DO_LAYOUT) != 0) {
        layout(app);
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
    layout(app);
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
    set_timer(&app->tick_source,
              interval_ms > 0 && app->terminal->is_slow ? MAX(interval_ms, SLOW_TICK_MS)
                                                        : interval_ms,
              on_tick, app);
}

/* Elapsed times run while something is being read. */
static void
update_clock(UiApp *app)
{
    gboolean is_reading = ui_case_is_reading(app->ui_case, NULL);
    guint interval = app->terminal->is_slow ? SLOW_TICK_MS : TICK_MS;

    if (is_reading != (app->clock_source != 0)) {
        set_timer(&app->clock_source, is_reading ? interval : 0, on_tick, app);
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

            apply(app, i == (int) app->view ? what : UI_DO_NOTHING);
        }
    }
    ui_watch_changed(app->watch, changes);
    ui_app_redraw(app);
}

gboolean
ui_app_can(UiAction action, gpointer user_data)
{
    UiApp *app = user_data;
    const UiViewOps *ops = get_ops(app);

    switch (action) {
    case UI_ACTION_QUIT:
    case UI_ACTION_HELP:
    case UI_ACTION_THEME:
    case UI_ACTION_REDRAW:
    case UI_ACTION_SUSPEND:
    case UI_ACTION_MOUSE: return TRUE;
    case UI_ACTION_GRAPHICS: return app->terminal->graphics > UI_GRAPHICS_SYMBOLS;
    case UI_ACTION_WATCH: return ui_watch_can(app->watch);
    case UI_ACTION_START: return ui_view_ops(UI_VIEW_START) != NULL;
    case UI_ACTION_GUIDE: return ui_view_ops(UI_VIEW_GUIDE) != NULL;
    case UI_ACTION_COMPARE: return ui_view_ops(UI_VIEW_COMPARE) != NULL;
    case UI_ACTION_CHECKLIST: return ui_view_ops(UI_VIEW_CHECKLIST) != NULL;
    default: return ops->can == NULL || ops->can(get_state(app), action);
    }
}

gboolean
ui_app_is_typing(UiApp *app)
{
    const UiViewOps *ops = get_ops(app);

    return ops->wants_text != NULL && ops->wants_text(get_state(app));
}

const char *
ui_app_hint(const UiBinding *row, gpointer user_data)
{
    UiApp *app = user_data;
    const UiViewOps *ops = get_ops(app);
    const char *word = NULL;

    if (!ui_app_can(row->action, app)) {
        return NULL;
    }
    if (ops->word != NULL) {
        word = ops->word(get_state(app), row->action);
    }
    return word != NULL ? word : row->hint;
}

char *
ui_app_get_view_help(UiApp *app)
{
    const UiViewOps *ops = get_ops(app);

    return ops->help == NULL ? NULL : ops->help(get_state(app));
}

/* ---- what works everywhere ---- */

static void
set_theme(UiApp *app, UiThemeId id)
{
    ui_theme_free(app->theme);
    reset_color_pairs();
    app->theme = ui_theme_new(app->terminal, id);
    ui_frame_reset(app->frame, app->theme);
    ui_app_remember(app, "theme", ui_theme_id_name(id));
    draw_anew(app);
}

static void
next_theme(UiApp *app)
{
    UiThemeId next = (ui_theme_get_id(app->theme) + 1) % UI_N_THEMES;
    g_autofree char *text = NULL;

    set_theme(app, next);
    text = g_strdup_printf(_("Theme: %s"), ui_theme_id_name(next));
    ui_app_say(app, SP_SEVERITY_INFO, text);
}

static void
toggle_graphics(UiApp *app)
{
    if (app->terminal->graphics <= UI_GRAPHICS_SYMBOLS) {
        ui_app_say(app, SP_SEVERITY_INFO, app->terminal->reason);
        return;
    }
    if (app->overlay != NULL) {
        g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(UiPlacement));
        GString *bytes = ui_overlay_update(app->overlay, none, NULL, LINES);

        ui_terminal_write(bytes->str, bytes->len);
        g_string_free(bytes, TRUE);
        g_clear_pointer(&app->overlay, ui_overlay_free);
        ui_app_say(app, SP_SEVERITY_INFO, _("Pictures are drawn with symbols"));
    } else {
        app->overlay = ui_overlay_new(app->terminal->graphics, &app->terminal->caps);
        ui_app_say(app, SP_SEVERITY_INFO, _("Pictures are drawn with pixels"));
    }
    draw_anew(app);
}

static void
toggle_mouse(UiApp *app)
{
    ui_terminal_set_mouse(app->terminal, !app->terminal->has_mouse);
    ui_app_say(app, SP_SEVERITY_INFO,
               app->terminal->has_mouse ? _("The mouse works here; Ctrl-X gives it back")
                                        : _("The mouse selects text"));
}

static void
suspend(UiApp *app)
{
    if (app->overlay != NULL) {
        ui_overlay_forget(app->overlay);
    }
    ui_terminal_suspend(app->terminal);
    ui_terminal_resize(app->terminal);
    layout(app);
    draw_anew(app);
}

/* TRUE where the action belongs to no view. */
static gboolean
do_everywhere(UiApp *app, UiAction action)
{
    switch (action) {
    case UI_ACTION_QUIT: ui_app_quit(app); break;
    case UI_ACTION_HELP: ui_help_open(app); break;
    case UI_ACTION_START: ui_app_show(app, UI_VIEW_START); break;
    case UI_ACTION_GUIDE: ui_app_show(app, UI_VIEW_GUIDE); break;
    case UI_ACTION_COMPARE: ui_app_show(app, UI_VIEW_COMPARE); break;
    case UI_ACTION_CHECKLIST: ui_app_show(app, UI_VIEW_CHECKLIST); break;
    case UI_ACTION_REDRAW: draw_anew(app); break;
    case UI_ACTION_SUSPEND: suspend(app); break;
    case UI_ACTION_THEME: next_theme(app); break;
    case UI_ACTION_GRAPHICS: toggle_graphics(app); break;
    case UI_ACTION_MOUSE: toggle_mouse(app); break;
    case UI_ACTION_WATCH:
        if (ui_watch_can(app->watch)) {
            ui_watch_toggle(app->watch);
        }
        break;
    default: return FALSE;
    }
    return TRUE;
}

/* ---- keys ---- */

static void
send_to_popup(UiApp *app, Popup *popup, UiEvent event)
{
    if (popup->window != NULL) {
        event.y -= getbegy(popup->window);
        event.x -= getbegx(popup->window);
    }
    if (!popup->ops->key(popup->state, app, &event)) {
        close_popup(app, popup);
    }
    ui_app_redraw(app);
}

static void
send_to_view(UiApp *app, UiEvent event)
{
    const UiViewOps *ops = get_ops(app);

    if (event.key == UI_KEY_MOUSE && event.y == 0 && event.mouse == UI_MOUSE_PRESS) {
        event.action = ui_bar_action_at(app, event.x);
    } else if (!ui_app_is_typing(app) || !ui_key_is_text(event.key)) {
        event.action = ui_keys_find(event.key, ui_app_get_flags(app));
    }
    event.y -= 1;
    if (!do_everywhere(app, event.action) && ops->key != NULL) {
        apply(app, ops->key(get_state(app), &event));
    }
}

static void
on_key(const UiEvent *event, gpointer user_data)
{
    UiApp *app = user_data;
    gboolean is_control =
        event->key == UI_CTRL('c') || event->key == UI_CTRL('l') || event->key == UI_CTRL('z');

    app->is_in_key = TRUE;
    g_clear_pointer(&app->message, g_free);
    ui_app_redraw(app);
    if (is_control || app->is_small) {
        do_everywhere(app, ui_keys_find(event->key, UI_IN_ALL));
    } else if (app->popups->len > 0) {
        send_to_popup(app, app->popups->pdata[app->popups->len - 1], *event);
    } else {
        send_to_view(app, *event);
    }
    app->is_in_key = FALSE;
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
    set_timer(&app->wait_source, ui_input_get_wait_ms(app->input), on_wait_over, app);
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

/* ---- signals ---- */

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
        layout(app);
        draw_anew(app);
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
            suspend(app);
        } else {
            on_resize(app);
            draw_anew(app);
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

/* ---- memory ---- */

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

/* ---- the run ---- */

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
    if (terminal->graphics > UI_GRAPHICS_SYMBOLS && terminal->graphics < UI_GRAPHICS_NONE) {
        app->overlay = ui_overlay_new(terminal->graphics, &terminal->caps);
    }
    app->input = ui_input_new(on_key, app);
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
    while (app->popups->len > 0) {
        close_popup(app, app->popups->pdata[app->popups->len - 1]);
    }
    for (int i = 0; i < UI_N_VIEWS; i++) {
        if (app->states[i] != NULL) {
            ui_view_ops((UiViewId) i)->close(app->states[i]);
            app->states[i] = NULL;
        }
    }
    for (int i = 0; i < N_WINDOWS; i++) {
        free_window(&app->windows[i], &app->panels[i]);
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
    set_timer(&app->paint_source, 0, NULL, NULL);
    set_timer(&app->wait_source, 0, NULL, NULL);
    set_timer(&app->tick_source, 0, NULL, NULL);
    set_timer(&app->clock_source, 0, NULL, NULL);
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
    paint_first(app);
    typed = g_bytes_get_data(terminal->typed, &typed_length);
    feed(app, typed, typed_length);
    g_main_loop_run(app->loop);
    status = app->exit_status;
    free_app(app);
    return status;
}
