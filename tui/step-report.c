/* The report and the messages, from the screens: what for, in which language, into which file, and
 * onto the clipboard. */
#include "tui/step-report.h"

#include <glib/gstdio.h>

#include "core/error.h"
#include "core/guide/report.h"
#include "core/i18n.h"
#include "tui/clipboard.h"
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

/* Shows what was written, and where else it is now. */
static void
present(UiApp *app, int kind, const char *text, const char *path)
{
    gboolean is_page = reports[kind].format == SP_REPORT_HTML;
    gboolean is_copied = !is_page && ui_clipboard_copy(text);
    g_autofree char *said = g_strdup_printf(
        is_copied ? _("Sent to the clipboard and saved as %s") : _("Saved as %s"), path);
    g_autofree char *shown = g_strdup_printf("%s\n\n%s", said, text);

    ui_app_say(app, SP_SEVERITY_OK, said);
    if (!is_page) {
        ui_prompt_text(app, _(reports[kind].title), shown);
    }
}

static void
deliver(UiApp *app, int kind, const char *language)
{
    SpSession *session = ui_case_get_session(ui_app_get_case(app));
    /* What is pasted has no use for pictures as text. */
    SpReportFaces faces =
        reports[kind].format == SP_REPORT_MARKDOWN ? SP_FACES_NONE : SP_FACES_SHOWN;
    SpReportOptions options = {.format = reports[kind].format, .faces = faces};
    g_autofree char *text = NULL;
    g_autofree char *path = NULL;
    GError *error = NULL;

    if (session == NULL) {
        return;
    }
    text = reports[kind].message_to == SP_ACTOR_NOBODY
               ? sp_report_render(session, &options, &error)
               : sp_report_message(session, reports[kind].message_to, language, &error);
    path = text == NULL ? NULL : write_report(session, reports[kind].ending, text, &error);
    if (path == NULL) {
        ui_app_say_error(app, error);
        return;
    }
    present(app, kind, text, path);
}

/* The languages in which messages are written, each by its own name. */
static const struct {
    const char *code;
    const char *title;
} languages[] = {{"en", "English"}, {"fr", "Français"}};

static void
on_language(UiApp *app, int choice, gpointer user_data)
{
    if (choice >= 0) {
        deliver(app, GPOINTER_TO_INT(user_data), languages[choice].code);
    }
}

static void
on_report(UiApp *app, int choice, gpointer user_data)
{
    UiChoice choices[G_N_ELEMENTS(languages)] = {0};
    guint selected = 0;

    (void) user_data;
    if (choice < 0) {
        return;
    }
    if (reports[choice].message_to == SP_ACTOR_NOBODY) {
        deliver(app, choice, NULL);
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(languages); i++) {
        choices[i].title = languages[i].title;
        choices[i].key = languages[i].code[0];
        selected = g_str_equal(languages[i].code, ui_language()) ? i : selected;
    }
    ui_prompt_choice(app, _(reports[choice].title), _("In which language?"), choices,
                     G_N_ELEMENTS(choices), selected, on_language, GINT_TO_POINTER(choice));
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
