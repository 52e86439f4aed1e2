/* What is on the screen: the title bar, the view and the hint line in windows, popups above them,
 * pixels above those, and one painter that draws at most one frame a turn, so that a burst of keys
 * or resizes costs one. */
#include <string.h>

#include "core/i18n.h"
#include "tui/app-private.h"
#include "tui/bar.h"
#include "tui/widgets.h"

#define MIN_ROWS    20
#define MIN_COLUMNS 60
#define SYNC_BEGIN  "\033[?2026h"
#define SYNC_END    "\033[?2026l"

static void
draw_small(UiApp *app)
{
    WINDOW *body = app->windows[UI_APP_BODY];

    werase(body);
    ui_paragraph(app, body, 0, 0, getmaxy(body), getmaxx(body), UI_ROLE_TEXT,
                 _("This window is too small: samephoto needs 60 columns and 20 rows."));
}

static void
draw_windows(UiApp *app)
{
    UiBar bar = {.message = app->message, .severity = app->message_severity};
    WINDOW *body = app->windows[UI_APP_BODY];

    ui_theme_fill(app->theme, app->windows[UI_APP_BAR], UI_ROLE_BAR);
    ui_theme_fill(app->theme, body, UI_ROLE_TEXT);
    ui_theme_fill(app->theme, app->windows[UI_APP_FOOT], UI_ROLE_HINT);
    werase(app->windows[UI_APP_BAR]);
    werase(body);
    werase(app->windows[UI_APP_FOOT]);
    ui_bar_draw_title(app, app->windows[UI_APP_BAR]);
    ui_app_get_ops(app)->draw(ui_app_get_state(app), body);
    ui_bar_draw_hints(app, app->windows[UI_APP_FOOT], &bar);
}

static void
draw_popups(UiApp *app)
{
    for (guint i = 0; i < app->popups->len; i++) {
        UiAppPopup *popup = app->popups->pdata[i];

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
        const UiAppPopup *popup = app->popups->pdata[i];
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
    stale = ui_overlay_prepare(app->overlay, ui_frame_get_placements(app->frame), popups);
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
    curs_set(app->is_cursor_visible || app->terminal->shows_cursor ? 1 : 0);
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
    if (ui_frame_end(app->frame) | ui_theme_recycle(app->theme) |
        (app->overlay != NULL && ui_overlay_is_late(app->overlay))) {
        ui_app_redraw(app);
    }
    return G_SOURCE_REMOVE;
}

/* How long the next frame has to wait; keys are answered at once on any link. */
static guint
frame_wait_ms(const UiApp *app)
{
    gint64 passed_ms = (g_get_monotonic_time() - app->painted_us) / 1000;

    return app->terminal->is_slow && !app->is_in_key && passed_ms < UI_APP_SLOW_MS
               ? (guint) (UI_APP_SLOW_MS - passed_ms)
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

/* At once: the first screen waits for nothing that was begun before it. */
void
ui_app_paint_now(UiApp *app)
{
    ui_app_set_timer(&app->paint_source, 0, NULL, NULL);
    paint(app);
}

void
ui_app_set_cursor(UiApp *app, WINDOW *window, int y, int x, gboolean visible)
{
    app->cursor_y = CLAMP(getbegy(window) + y, 0, LINES - 1);
    app->cursor_x = CLAMP(getbegx(window) + x, 0, COLS - 1);
    app->is_cursor_visible = visible;
}

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
place_popup(UiApp *app, UiAppPopup *popup)
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
void
ui_app_layout(UiApp *app)
{
    for (int i = 0; i < UI_APP_N_WINDOWS; i++) {
        free_window(&app->windows[i], &app->panels[i]);
    }
    app->is_small = LINES < MIN_ROWS || COLS < MIN_COLUMNS;
    if (app->is_small) {
        make_window(app, UI_APP_BODY, LINES, 0);
    } else {
        make_window(app, UI_APP_BAR, 1, 0);
        make_window(app, UI_APP_BODY, LINES - 2, 1);
        make_window(app, UI_APP_FOOT, 1, LINES - 1);
        if (ui_app_get_ops(app)->layout != NULL) {
            ui_app_get_ops(app)->layout(ui_app_get_state(app), LINES - 2, COLS);
        }
    }
    for (guint i = 0; i < app->popups->len; i++) {
        place_popup(app, app->popups->pdata[i]);
    }
    ui_app_redraw(app);
}

/* The whole screen may be wrong: a resize, Ctrl-L, after a stop. */
void
ui_app_draw_anew(UiApp *app)
{
    if (app->overlay != NULL) {
        ui_overlay_forget(app->overlay);
    }
    clearok(curscr, TRUE);
    ui_app_redraw(app);
}

void
ui_app_push(UiApp *app, const UiPopupOps *ops, gpointer state)
{
    UiAppPopup *popup = g_new0(UiAppPopup, 1);

    popup->ops = ops;
    popup->state = state;
    g_ptr_array_add(app->popups, popup);
    place_popup(app, popup);
    ui_app_redraw(app);
}

void
ui_app_close_popup(UiApp *app, UiAppPopup *popup)
{
    g_ptr_array_remove(app->popups, popup);
    free_window(&popup->window, &popup->panel);
    popup->ops->close(popup->state, app);
    g_free(popup);
    ui_app_redraw(app);
}

void
ui_app_close_windows(UiApp *app)
{
    while (app->popups->len > 0) {
        ui_app_close_popup(app, app->popups->pdata[app->popups->len - 1]);
    }
    for (int i = 0; i < UI_APP_N_WINDOWS; i++) {
        free_window(&app->windows[i], &app->panels[i]);
    }
}
