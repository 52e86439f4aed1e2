/* What keys do: control keys and what works everywhere first, then the popup that is open, then the
 * view in front. What the hint line and the help say of them is asked here too. */
#include "core/i18n.h"
#include "tui/app-private.h"
#include "tui/bar.h"

static gboolean
view_can(UiApp *app, UiAction action)
{
    const UiViewOps *ops = ui_app_get_ops(app);

    return ops->can == NULL || ops->can(ui_app_get_state(app), action);
}

gboolean
ui_app_can(UiAction action, gpointer user_data)
{
    UiApp *app = user_data;

    switch (action) {
    case UI_ACTION_QUIT:
    case UI_ACTION_HELP:
    case UI_ACTION_THEME:
    case UI_ACTION_REDRAW:
    case UI_ACTION_SUSPEND:
    case UI_ACTION_MOUSE: return TRUE;
    case UI_ACTION_GRAPHICS: return ui_graphics_is_pixels(app->terminal->graphics);
    case UI_ACTION_WATCH: return ui_watch_can(app->watch);
    case UI_ACTION_START: return ui_view_ops(UI_VIEW_START) != NULL;
    case UI_ACTION_GUIDE: return ui_view_ops(UI_VIEW_GUIDE) != NULL;
    case UI_ACTION_COMPARE: return ui_view_ops(UI_VIEW_COMPARE) != NULL;
    case UI_ACTION_CHECKLIST: return ui_view_ops(UI_VIEW_CHECKLIST) != NULL;
    case UI_ACTION_BACK: return view_can(app, action) || ui_case_is_reading(app->ui_case, NULL);
    default: return view_can(app, action);
    }
}

gboolean
ui_app_is_typing(UiApp *app)
{
    const UiViewOps *ops = ui_app_get_ops(app);

    return ops->wants_text != NULL && ops->wants_text(ui_app_get_state(app));
}

const char *
ui_app_hint(const UiBinding *row, gpointer user_data)
{
    UiApp *app = user_data;
    const UiViewOps *ops = ui_app_get_ops(app);
    const char *word = NULL;

    if (!ui_app_can(row->action, app)) {
        return NULL;
    }
    if (row->action == UI_ACTION_BACK && !view_can(app, UI_ACTION_BACK)) {
        return N_("stop reading");
    }
    if (ops->word != NULL) {
        word = ops->word(ui_app_get_state(app), row->action);
    }
    return word == NULL ? row->hint : *word != '\0' ? word : NULL;
}

char *
ui_app_get_view_help(UiApp *app)
{
    const UiViewOps *ops = ui_app_get_ops(app);

    return ops->help == NULL ? NULL : ops->help(ui_app_get_state(app));
}

static void
set_theme(UiApp *app, UiThemeId id)
{
    ui_theme_free(app->theme);
    reset_color_pairs();
    app->theme = ui_theme_new(app->terminal, id);
    ui_frame_reset(app->frame, app->theme);
    ui_app_remember(app, "theme", ui_theme_id_name(id));
    ui_app_draw_anew(app);
}

static const char *const theme_titles[UI_N_THEMES] = {
    [UI_THEME_AUTO] = N_("as the terminal's background asks for"),
    [UI_THEME_DARK] = N_("dark"),
    [UI_THEME_LIGHT] = N_("light"),
    [UI_THEME_MONO] = N_("without colours"),
    [UI_THEME_CONTRAST] = N_("high contrast"),
    [UI_THEME_COLOUR_BLIND] = N_("for colour-blind eyes"),
};

static void
next_theme(UiApp *app)
{
    UiThemeId next = (ui_theme_get_id(app->theme) + 1) % UI_N_THEMES;
    g_autofree char *text = NULL;

    set_theme(app, next);
    text = g_strdup_printf(_("Theme: %s"), _(theme_titles[next]));
    ui_app_say(app, SP_SEVERITY_INFO, text);
}

static void
toggle_graphics(UiApp *app)
{
    if (!ui_graphics_is_pixels(app->terminal->graphics)) {
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
    ui_app_draw_anew(app);
}

static void
toggle_mouse(UiApp *app)
{
    ui_terminal_set_mouse(app->terminal, !app->terminal->has_mouse);
    ui_app_say(app, SP_SEVERITY_INFO,
               app->terminal->has_mouse ? _("The mouse works here; Ctrl-X gives it back")
                                        : _("The mouse selects text"));
}

void
ui_app_suspend(UiApp *app)
{
    if (app->overlay != NULL) {
        ui_overlay_forget(app->overlay);
    }
    ui_terminal_suspend(app->terminal);
    ui_terminal_resize(app->terminal);
    ui_app_layout(app);
    ui_app_draw_anew(app);
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
    case UI_ACTION_REDRAW: ui_app_draw_anew(app); break;
    case UI_ACTION_SUSPEND: ui_app_suspend(app); break;
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

static void
send_to_popup(UiApp *app, UiAppPopup *popup, UiEvent event)
{
    if (popup->window != NULL) {
        event.y -= getbegy(popup->window);
        event.x -= getbegx(popup->window);
    }
    if (!popup->ops->key(popup->state, app, &event)) {
        ui_app_close_popup(app, popup);
    }
    ui_app_redraw(app);
}

/* Escape with nothing to go back from: nobody has to wait for a service that hangs. */
static void
stop_reading(UiApp *app)
{
    if (ui_case_is_reading(app->ui_case, NULL)) {
        ui_case_cancel(app->ui_case);
        ui_app_say(app, SP_SEVERITY_INFO, _("Reading stopped; what had arrived is shown"));
    }
}

static void
send_to_view(UiApp *app, UiEvent event)
{
    const UiViewOps *ops = ui_app_get_ops(app);
    UiDo done;

    if (event.key == UI_KEY_MOUSE && event.y == 0 && event.mouse == UI_MOUSE_PRESS) {
        event.action = ui_bar_action_at(app, event.x);
    } else if (!ui_app_is_typing(app) || !ui_key_is_text(event.key)) {
        event.action = ui_keys_find(event.key, ui_app_get_flags(app));
    }
    event.y -= 1;
    if (do_everywhere(app, event.action) || ops->key == NULL) {
        return;
    }
    done = ops->key(ui_app_get_state(app), &event);
    ui_app_apply(app, done);
    if (done == UI_DO_NOTHING && event.action == UI_ACTION_BACK) {
        stop_reading(app);
    }
}

void
ui_app_take_key(const UiEvent *event, gpointer user_data)
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
