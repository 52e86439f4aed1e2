/* The help: what the view says of itself, then its keys, from the one table. */
#include "core/i18n.h"
#include "core/text.h"
#include "tui/popup.h"
#include "tui/prompt.h"

static char *
key_names(const UiBinding *row)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(row->keys) && row->keys[i] != UI_KEY_NONE; i++) {
        g_autofree char *name = ui_key_name(row->keys[i]);

        g_string_append_printf(names, "%s%s", i > 0 ? " " : "", name);
    }
    return g_string_free(g_steal_pointer(&names), FALSE);
}

static gboolean
is_listed(UiApp *app, const UiBinding *row, gboolean is_everywhere)
{
    return (row->views & ui_app_get_flags(app)) != 0 &&
           (row->views == UI_IN_ALL) == is_everywhere && ui_app_can(row->action, app);
}

/* Where what a key does begins: behind the longest names. */
static int
key_columns(UiApp *app)
{
    int columns = 0;

    for (const UiBinding *row = ui_keys(); row->action != UI_ACTION_NONE; row++) {
        g_autofree char *names = key_names(row);

        if (is_listed(app, row, FALSE) || is_listed(app, row, TRUE)) {
            columns = MAX(columns, (int) sp_text_columns(names) + 2);
        }
    }
    return columns;
}

static void
append_rows(GString *text, UiApp *app, gboolean is_everywhere)
{
    int columns = key_columns(app);

    for (const UiBinding *row = ui_keys(); row->action != UI_ACTION_NONE; row++) {
        g_autofree char *names = NULL;
        int padding;

        if (!is_listed(app, row, is_everywhere)) {
            continue;
        }
        names = key_names(row);
        padding = columns - (int) sp_text_columns(names);
        g_string_append_printf(text, "  %s%*s%s\n", names, padding, "", _(row->title));
    }
}

void
ui_help_open(UiApp *app)
{
    const UiViewOps *ops = ui_view_ops(ui_app_get_view(app));
    g_autofree char *words = ui_app_get_view_help(app);
    g_autofree char *title = g_strdup_printf(_("Help: %s"), _(ops->title));
    g_autoptr(GString) text = g_string_new(NULL);

    if (words != NULL) {
        g_string_append_printf(text, "%s\n\n", words);
    }
    g_string_append_printf(text, "%s\n", _("Keys here"));
    append_rows(text, app, FALSE);
    g_string_append_printf(text, "\n%s\n", _("Keys everywhere"));
    append_rows(text, app, TRUE);
    g_string_append_printf(text, "\n%s", ui_app_get_terminal(app)->reason);
    ui_prompt_text(app, title, text->str);
}
