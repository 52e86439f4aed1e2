#include "tui/bar.h"

#include "core/i18n.h"
#include "core/text.h"
#include "tui/popup.h"
#include "tui/widgets.h"

/* The views in the bar, in the order of their keys. */
static const struct {
    UiViewId view;
    UiAction action;
    const char *key;
    const char *title;
} tabs[] = {
    {UI_VIEW_GUIDE, UI_ACTION_GUIDE, "1", N_("Guide")},
    {UI_VIEW_COMPARE, UI_ACTION_COMPARE, "2", N_("Compare")},
    {UI_VIEW_CHECKLIST, UI_ACTION_CHECKLIST, "3", N_("Checklist")},
};

#define NAME_COLUMNS  12 /* the program's, with the air around it */
#define STATE_COLUMNS 14 /* that are left for what is special about this run */

static int
tab_columns(gsize index)
{
    return (int) sp_text_columns(_(tabs[index].title)) + 4;
}

/* Behind the program's name, which gives way where the tabs need its room. */
static int
first_tab(void)
{
    int columns = NAME_COLUMNS + STATE_COLUMNS;

    for (gsize i = 0; i < G_N_ELEMENTS(tabs); i++) {
        columns += tab_columns(i);
    }
    return columns <= COLS ? NAME_COLUMNS : 1;
}

UiAction
ui_bar_action_at(UiApp *app, int x)
{
    int left = first_tab();

    (void) app;
    if (x < left) {
        return UI_ACTION_START;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(tabs); i++) {
        if (x >= left && x < left + tab_columns(i)) {
            return tabs[i].action;
        }
        left += tab_columns(i);
    }
    return UI_ACTION_NONE;
}

static int
draw_tabs(UiApp *app, WINDOW *window)
{
    int x = first_tab();

    for (gsize i = 0; i < G_N_ELEMENTS(tabs); i++) {
        gboolean is_front = tabs[i].view == ui_app_get_view(app);

        ui_textf(app, window, 0, x, tab_columns(i), is_front ? UI_ROLE_BAR_ACTIVE : UI_ROLE_BAR,
                 " %s %s ", tabs[i].key, _(tabs[i].title));
        x += tab_columns(i);
    }
    return x;
}

/* What stands at the right: what is being read, when a watched case is read again, else what is
 * special about this run. */
static char *
state_text(UiApp *app)
{
    UiCase *ui_case = ui_app_get_case(app);
    g_autofree char *waited = NULL;
    g_autofree char *watching = ui_app_describe_watch(app);

    if (ui_case_is_reading(ui_case, NULL)) {
        waited = ui_format_ms(ui_case_get_waited_ms(ui_case));
        return g_strdup_printf(_(" reading %s "), waited);
    }
    if (watching != NULL) {
        return g_strdup_printf(" %s ", watching);
    }
    if (ui_app_get_terminal(app)->is_slow) {
        return g_strdup(ui_case_is_practice(ui_case) ? _(" practice, slow link ")
                                                     : _(" slow link "));
    }
    return g_strdup(ui_case_is_practice(ui_case) ? _(" practice ") : "");
}

void
ui_bar_draw_title(UiApp *app, WINDOW *window)
{
    const SpPerson *person = ui_case_get_person(ui_app_get_case(app));
    g_autofree char *state = state_text(app);
    int state_columns = (int) sp_text_columns(state);
    int right;
    int x;

    if (first_tab() == NAME_COLUMNS) {
        ui_text(app, window, 0, 1, NAME_COLUMNS - 1, UI_ROLE_BAR, "samephoto");
    }
    x = draw_tabs(app, window);
    state_columns = CLAMP(getmaxx(window) - x, 0, state_columns);
    right = getmaxx(window) - state_columns;
    x += 2;
    if (person != NULL && right - x > 8) {
        g_autofree char *who = person->display_name == NULL
                                   ? g_strdup(person->user_principal_name)
                                   : g_strdup_printf("%s %s %s", person->display_name,
                                                     ui_sign(ui_app_get_theme(app), UI_SIGN_DOT),
                                                     person->user_principal_name);

        ui_text(app, window, 0, x, right - x - 1, UI_ROLE_BAR, who);
    }
    ui_text(app, window, 0, right, state_columns, UI_ROLE_BAR, state);
}

void
ui_bar_draw_hints(UiApp *app, WINDOW *window, const UiBar *bar)
{
    g_auto(GStrv) hints = NULL;
    int x = 1;

    if (bar->message != NULL) {
        ui_text(app, window, 0, 1, getmaxx(window) - 2, ui_role_of_severity(bar->severity),
                bar->message);
        return;
    }
    hints = ui_keys_hints(ui_app_get_flags(app), ui_app_is_typing(app), ui_app_hint, app,
                          getmaxx(window) - 2);
    for (guint i = 0; hints[i] != NULL && hints[i + 1] != NULL; i += 2) {
        x += ui_text(app, window, 0, x, -1, UI_ROLE_KEY, hints[i]) + 1;
        x += ui_text(app, window, 0, x, -1, UI_ROLE_HINT, hints[i + 1]) + 2;
    }
}
