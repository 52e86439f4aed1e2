/* `samephoto tenant`: serves the practice tenant for other programs, until it is interrupted. */
#include <glib-unix.h>
#include <signal.h>

#include "core/i18n.h"
#include "tui/commands/command.h"
#include "tui/output.h"

typedef struct {
    char *scenario;
    char *tls_directory;
    int port;
    int n_people;
} Options;

static gboolean
on_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

/* Prints the line and waits for SIGINT, SIGTERM or SIGHUP. The signals are caught before the line
 * is out: whoever reads it may end the server at once. */
static int
tell_and_wait(const char *description)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    guint sources[G_N_ELEMENTS(numbers)];
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_autofree char *line = g_strconcat(description, "\n", NULL);
    gboolean is_told = FALSE;

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        sources[i] = g_unix_signal_add(numbers[i], on_signal, loop);
    }
    is_told = ui_output_write(line);
    if (is_told) {
        g_main_loop_run(loop);
    }
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_source_remove(sources[i]);
    }
    g_main_loop_unref(loop);
    return is_told ? UI_EXIT_OK : UI_EXIT_FAULT;
}

static int
serve(UiProgram *program, const Options *options)
{
    const SpTenantOptions tenant_options = {
        .scenario =
            options->scenario != NULL ? options->scenario : ui_program_get_scenario(program),
        .port = (guint16) options->port,
        .n_generated_people = (guint) options->n_people,
        .latencies = ui_program_get_latencies(program),
        .faults = ui_program_get_faults(program),
        .tls_directory = options->tls_directory,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(SpTenant) tenant = sp_tenant_start(&tenant_options, &error);

    if (tenant == NULL) {
        return ui_program_fail(program, error);
    }
    g_autofree char *line = sp_tenant_describe(tenant);

    return tell_and_wait(line);
}

static int
check_and_serve(UiProgram *program, const Options *options)
{
    const char *practised = ui_program_get_scenario(program);

    if (options->port < 0 || options->port > G_MAXUINT16) {
        return ui_program_usage_error(program, _("--port must be between 0 and %d"), G_MAXUINT16);
    }
    if (options->n_people < 0 || options->n_people > 1000000) {
        return ui_program_usage_error(program, _("--users must be between 0 and %d"), 1000000);
    }
    if (options->scenario != NULL && practised != NULL &&
        !g_str_equal(options->scenario, practised)) {
        return ui_program_usage_error(program, _("--practice: the story is '%s' already"),
                                      options->scenario);
    }
    return serve(program, options);
}

int
ui_command_tenant(UiProgram *program)
{
    Options options = {0};
    const GOptionEntry entries[] = {
        {"scenario", 0, 0, G_OPTION_ARG_STRING, &options.scenario,
         N_("Let the conditions of this story hold for everybody"), N_("NAME")},
        {"port", 0, 0, G_OPTION_ARG_INT, &options.port, N_("Listen on this port; 0: any free one"),
         N_("N")},
        {"users", 0, 0, G_OPTION_ARG_INT, &options.n_people,
         N_("Add so many generated people, the same each time"), N_("N")},
        {"tls", 0, 0, G_OPTION_ARG_FILENAME, &options.tls_directory,
         N_("Serve HTTPS; a new CA and certificate are written to DIR"), N_("DIR")},
        {NULL},
    };
    int code = UI_EXIT_OK;

    if (ui_program_parse(program, entries, 0, 0, &code)) {
        code = check_and_serve(program, &options);
    }
    g_free(options.scenario);
    g_free(options.tls_directory);
    return code;
}
