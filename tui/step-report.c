/* The report, from the screens: what for, and into which file. */
#include "tui/step-report.h"

#include <glib/gstdio.h>

#include "core/error.h"
#include "core/guide/report.h"
#include "core/i18n.h"
#include "tui/prompt.h"
#include "tui/step-actions.h"

static const struct {
    const char *title;
    const char *ending;
    SpReportFormat format;
    SpActor message_to; /* NOBODY: a report */
} reports[] = {
    {N_("Markdown"), "md", SP_REPORT_MARKDOWN, SP_ACTOR_NOBODY},
    {N_("Web page, with the pictures"), "html", SP_REPORT_HTML, SP_ACTOR_NOBODY},
    {N_("Plain text, for a ticket"), "txt", SP_REPORT_TEXT, SP_ACTOR_NOBODY},
    {N_("JSON"), "json", SP_REPORT_JSON, SP_ACTOR_NOBODY},
    {N_("A message to the person"), "message-user.txt", SP_REPORT_TEXT, SP_ACTOR_USER},
    {N_("A message to an administrator"), "message-admin.txt", SP_REPORT_TEXT, SP_ACTOR_ADMIN},
};

/* Writes to the reports' folder, readable by nobody else; the path. */
static char *
write_report(SpSession *session, const char *ending, const char *text, GError **error)
{
    g_autofree char *folder = g_build_filename(g_get_user_data_dir(), "samephoto", "reports", NULL);
    g_autofree char *name =
        g_strdup_printf("session-%" G_GINT64_FORMAT ".%s", sp_session_get_id(session), ending);
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (g_mkdir_with_parents(folder, 0700) != 0 ||
        !g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL)) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("The report could not be written to %s"),
                    path);
        return NULL;
    }
    return g_steal_pointer(&path);
}

static void
on_report(UiApp *app, int choice, gpointer user_data)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(app));
    SpReportOptions options = {0};
    g_autofree char *text = NULL;
    g_autofree char *path = NULL;
    g_autofree char *title = NULL;
    GError *error = NULL;

    (void) user_data;
    if (choice < 0 || session == NULL) {
        return;
    }
    options.format = reports[choice].format;
    text = reports[choice].message_to == SP_ACTOR_NOBODY
               ? sp_report_render(session, &options, &error)
               : sp_report_message(session, reports[choice].message_to, ui_language(), &error);
    path = text == NULL ? NULL : write_report(session, reports[choice].ending, text, &error);
    if (path == NULL) {
        ui_app_say_error(app, error);
        return;
    }
    title = g_strdup_printf(_("Saved as %s"), path);
    ui_app_say(app, SP_SEVERITY_OK, title);
    if (options.format != SP_REPORT_HTML) {
        ui_prompt_text(app, title, text);
    }
}

void
ui_step_report(UiApp *app)
{
    UiChoice choices[G_N_ELEMENTS(reports)] = {0};

    for (guint i = 0; i < G_N_ELEMENTS(reports); i++) {
        choices[i].title = _(reports[i].title);
        choices[i].key = (int) ('1' + i);
    }
    ui_prompt_choice(app, _("Report"), _("What is it for?"), choices, G_N_ELEMENTS(choices), 0,
                     on_report, NULL);
}
