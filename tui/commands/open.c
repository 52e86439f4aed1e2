#include "tui/commands/open.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/error.h"
#include "core/guide/playbook.h"
#include "core/i18n.h"
#include "core/practice/scenario.h"
#include "tui/app.h"
#include "tui/ask.h"
#include "tui/case.h"
#include "tui/commands/check.h"
#include "tui/plain.h"
#include "tui/setup.h"

/* The story that the practice tenant opens with where none is named: it has a cause, steps that can
 * be played, and an end. */
#define FIRST_STORY "sharepoint-stale"

void
ui_open_add_entries(UiOpenOptions *options, GOptionEntry *entries, gsize size)
{
    const GOptionEntry rows[] = {
        {"view", 0, 0, G_OPTION_ARG_STRING, &options->view,
         N_("Begin with guide, compare or checklist"), N_("VIEW")},
        {"theme", 0, 0, G_OPTION_ARG_STRING, &options->theme,
         N_("Colours: dark, light, mono, contrast or colour-blind"), N_("THEME")},
        {"graphics", 0, 0, G_OPTION_ARG_STRING, &options->graphics,
         N_("Photos: symbols, sixel, kitty, iterm or none"), N_("KIND")},
        {"colours", 0, 0, G_OPTION_ARG_STRING, &options->colours,
         N_("Colours of photos: true, 256, 16, 8, mono or ascii"), N_("COLOURS")},
        {"mouse", 0, 0, G_OPTION_ARG_NONE, &options->has_mouse, N_("Use the mouse"), NULL},
        {"slow", 0, 0, G_OPTION_ARG_NONE, &options->is_slow,
         N_("Send little: for a slow connection"), NULL},
        {"reference", 'r', 0, G_OPTION_ARG_FILENAME, &options->reference,
         N_("Hold the copies against this picture file"), N_("FILE")},
        {"evidence", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->evidence,
         N_("Add this picture of what the person sees"), N_("FILE")},
        {"ticket", 't', 0, G_OPTION_ARG_STRING, &options->ticket, N_("The ticket that this is for"),
         N_("TICKET")},
        {"playbook", 0, 0, G_OPTION_ARG_FILENAME, &options->playbook,
         N_("Begin this playbook as a checklist about nobody"), N_("NAME|FILE")},
    };
    gsize used = 0;

    while (entries[used].long_name != NULL) {
        used++;
    }
    g_assert(used + G_N_ELEMENTS(rows) < size);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        entries[used + i] = rows[i];
    }
}

void
ui_open_options_clear(UiOpenOptions *options)
{
    g_free(options->view);
    g_free(options->theme);
    g_free(options->graphics);
    g_free(options->colours);
    g_free(options->reference);
    g_free(options->ticket);
    g_free(options->playbook);
    g_strfreev(options->evidence);
}

/* FALSE: a usage error was told. */
static gboolean
read_terminal_options(UiProgram *program, const UiOpenOptions *options, UiTerminalOptions *terminal)
{
    terminal->has_mouse = options->has_mouse;
    terminal->link = options->is_slow ? UI_LINK_SLOW : UI_LINK_AUTO;
    if (options->theme != NULL && !ui_theme_id_parse(options->theme, &terminal->theme)) {
        ui_program_usage_error(program, _("--theme: there is no theme '%s'"), options->theme);
        return FALSE;
    }
    if (options->graphics != NULL && !ui_graphics_parse(options->graphics, &terminal->graphics)) {
        ui_program_usage_error(program, _("--graphics: there is no kind '%s'"), options->graphics);
        return FALSE;
    }
    if (options->colours != NULL && !ui_colours_parse(options->colours, &terminal->colours)) {
        ui_program_usage_error(program,
                               _("--colours: '%s' is none of true, 256, 16, 8, mono, ascii"),
                               options->colours);
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_view(UiProgram *program, const UiOpenOptions *options, UiViewId fallback, UiViewId *view)
{
    static const char *const names[UI_N_VIEWS] = {
        [UI_VIEW_START] = "start",
        [UI_VIEW_GUIDE] = "guide",
        [UI_VIEW_COMPARE] = "compare",
        [UI_VIEW_CHECKLIST] = "checklist",
    };

    *view = fallback;
    if (options->view == NULL) {
        return TRUE;
    }
    for (int i = 0; i < UI_N_VIEWS; i++) {
        if (g_str_equal(names[i], options->view)) {
            *view = (UiViewId) i;
            return TRUE;
        }
    }
    ui_program_usage_error(program, _("--view: there is no view '%s'"), options->view);
    return FALSE;
}

static const char *
first_user(UiProgram *program)
{
    const char *scenario = ui_program_get_scenario(program);
    const SpScenario *story;

    if (!ui_program_is_practice(program)) {
        return NULL;
    }
    story = sp_scenario_find(scenario == NULL ? FIRST_STORY : scenario);
    return story == NULL ? NULL : story->user_principal_name;
}

/* A checklist about nobody has nothing to guide through. */
static UiViewId
first_view(const char *user, const SpSession *session)
{
    if (session != NULL) {
        return sp_session_get_user(session) == NULL ? UI_VIEW_CHECKLIST : UI_VIEW_GUIDE;
    }
    return user == NULL ? UI_VIEW_START : UI_VIEW_GUIDE;
}

/* What `user` sees comes behind what they showed before. FALSE: a usage error was told. */
static gboolean
show_seen(UiProgram *program, UiCase *ui_case, const UiOpenOptions *options, const char *user)
{
    g_autoptr(GPtrArray) seen = ui_program_load_seen(
        program, (const char *const *) options->evidence, user, ui_case_count_seen(ui_case) + 1);

    for (guint i = 0; seen != NULL && i < seen->len; i++) {
        ui_case_put_seen(ui_case, seen->pdata[i]);
    }
    return seen != NULL;
}

static int
run_screens(UiProgram *program, const char *user, SpSession *session, const UiOpenOptions *options)
{
    UiAppOptions app = {0};
    g_autoptr(SpStore) store = NULL;
    g_autoptr(UiCase) ui_case = NULL;
    g_autoptr(GError) error = NULL;
    SpConfig *config = ui_program_get_config(program, &error);
    SpClient *client = NULL;
    int code;

    if (config == NULL) {
        return ui_program_fail(program, error);
    }
    if (!sp_config_is_empty(config)) {
        client = ui_program_get_client(program, &error);
        if (client == NULL) {
            return ui_program_fail(program, error);
        }
    }
    if (!read_terminal_options(program, options, &app.terminal) ||
        !read_view(program, options, first_view(user, session), &app.view)) {
        return UI_EXIT_USAGE;
    }
    store = ui_program_open_store(program, &error);
    if (store == NULL) {
        return ui_program_fail(program, error);
    }
    ui_case = ui_case_new(client, store, ui_program_get_tenant(program));
    if (session != NULL) {
        user = sp_session_get_user(session);
    }
    ui_case_set_reference_file(ui_case,
                               ui_program_get_reference(program, options->reference, user));
    ui_case_set_ticket(ui_case, options->ticket);
    if (session != NULL) {
        ui_case_resume(ui_case, session);
    }
    if (!show_seen(program, ui_case, options, session == NULL ? user : NULL)) {
        return UI_EXIT_USAGE;
    }
    if (session == NULL && user != NULL && client != NULL) {
        ui_case_open(ui_case, user);
    }
    ui_terminal_options_read(&app.terminal, ui_program_get_preferences(program));
    app.ui_case = ui_case;
    code = ui_app_run(&app, &error);
    return code < 0 ? ui_program_fail(program, error) : code;
}

/* The questions of the set-up are asked between two runs of the screens. */
static int
run(UiProgram *program, const char *user, SpSession *session, const UiOpenOptions *options)
{
    int code;

    while ((code = run_screens(program, user, session, options)) == UI_APP_SETUP) {
        g_autofree char *answer = NULL;

        ui_setup_run(program);
        ui_program_reload(program);
        /* Ctrl-D left the questions, not the program. */
        clearerr(stdin);
        answer = ui_ask(_("Enter goes to the screens."));
        clearerr(stdin);
    }
    return code;
}

static int
run_plain(UiProgram *program, const char *user, SpSession *session, const UiOpenOptions *options)
{
    UiPlainOptions plain = {.user = user,
                            .session = session,
                            .reference = options->reference,
                            .evidence = (const char *const *) options->evidence,
                            .ticket = options->ticket};

    return ui_plain_run(program, &plain);
}

/* A playbook needs neither a person nor a network: it is begun as a session and gone on with. */
static int
open_playbook(UiProgram *program, const char *user, const UiOpenOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPlaybook) playbook = NULL;
    g_autoptr(SpStore) store = NULL;
    g_autoptr(SpSession) session = NULL;
    SpSessionOptions begun = {.ticket = options->ticket};

    if (user != NULL) {
        return ui_program_usage_error(
            program, _("--playbook begins a checklist about nobody: name no person"));
    }
    playbook = sp_playbook_load(options->playbook, ui_program_get_language(program), &error);
    if (playbook == NULL) {
        return ui_program_usage_error(program, "--playbook: %s", error->message);
    }
    store = ui_program_open_store(program, &error);
    begun.playbook = playbook;
    session = store == NULL ? NULL : sp_session_begin(store, &begun, &error);
    return session == NULL ? ui_program_fail(program, error)
                           : ui_open_session(program, session, options);
}

/* The screens come before anything is decoded: they show what is wrong with the picture itself. */
static gboolean
can_open_reference(UiProgram *program, const char *file)
{
    if (ui_program_is_plain(program)) {
        return ui_check_can_refer_to(program, file);
    }
    if (file != NULL && access(file, R_OK) != 0) {
        ui_program_usage_error(program, "--reference %s: %s", file, g_strerror(errno));
        return FALSE;
    }
    return TRUE;
}

/* Before anything is begun or asked: what the line mode does not use is no less wrong there. FALSE:
 * a usage error was told. */
static gboolean
check_options(UiProgram *program, const UiOpenOptions *options)
{
    UiTerminalOptions terminal = {0};
    UiViewId view;

    return read_terminal_options(program, options, &terminal) &&
           read_view(program, options, UI_VIEW_START, &view) &&
           can_open_reference(program, options->reference);
}

int
ui_open(UiProgram *program, const char *user, const UiOpenOptions *options)
{
    const char *whom = user == NULL ? first_user(program) : user;

    if (!check_options(program, options)) {
        return UI_EXIT_USAGE;
    }
    if (options->playbook != NULL) {
        return open_playbook(program, user, options);
    }
    return ui_program_is_plain(program) ? run_plain(program, whom, NULL, options)
                                        : run(program, whom, NULL, options);
}

/* Whoever goes on with a case may have another ticket for it by now. */
static gboolean
take_ticket(SpSession *session, const char *ticket, GError **error)
{
    return ticket == NULL || g_strcmp0(sp_session_get_ticket(session), ticket) == 0 ||
           sp_session_set_ticket(session, ticket, error);
}

int
ui_open_session(UiProgram *program, SpSession *session, const UiOpenOptions *options)
{
    g_autoptr(GError) error = NULL;

    if (!check_options(program, options)) {
        return UI_EXIT_USAGE;
    }
    /* Who goes on with a closed case opens it again, or it would be purged while it is worked on.
     */
    if (sp_session_is_closed(session) && !sp_session_reopen(session, &error)) {
        return ui_program_fail(program, error);
    }
    if (!take_ticket(session, options->ticket, &error)) {
        return ui_program_fail(program, error);
    }
    return ui_program_is_plain(program) ? run_plain(program, NULL, session, options)
                                        : run(program, NULL, session, options);
}

int
ui_command_open(UiProgram *program)
{
    UiOpenOptions options = {0};
    GOptionEntry entries[16] = {0};
    int code;

    ui_open_add_entries(&options, entries, G_N_ELEMENTS(entries));
    if (ui_program_parse(program, entries, 0, 1, &code)) {
        code = ui_open(program, ui_program_arg(program, 0), &options);
    }
    ui_open_options_clear(&options);
    return code;
}
