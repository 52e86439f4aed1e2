#include "tui/commands/program.h"

#include <locale.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"
#include "tui/commands/version.h"
#include "tui/output.h"

/* The common options that take a value: their value is not the command's name. */
static const char *const valued_options[] = {"--config", "--practice", "--latency",
                                             "--fault",  "--lang",     NULL};

/* How many single-character changes lead from `a` to `b`. */
static guint
edit_distance(const char *a, const char *b)
{
    gsize length = strlen(b);
    g_autofree guint *row = g_new(guint, length + 1);

    for (gsize j = 0; j <= length; j++) {
        row[j] = (guint) j;
    }
    for (gsize i = 1; a[i - 1] != '\0'; i++) {
        guint diagonal = row[0];

        row[0] = (guint) i;
        for (gsize j = 1; j <= length; j++) {
            guint above = row[j];
            guint change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);

            row[j] = MIN(change, MIN(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[length];
}

static const UiCommand *
find_command(const char *name)
{
    for (const UiCommand *command = ui_commands(); command->name != NULL; command++) {
        if (g_str_equal(command->name, name)) {
            return command;
        }
    }
    return NULL;
}

/* The command that `word` is a slip of the pen for, or NULL: a person's name is none. */
static const UiCommand *
nearest_command(const char *word)
{
    const UiCommand *nearest = NULL;
    guint best = strlen(word) > 4 ? 3 : 2;

    for (const UiCommand *command = ui_commands(); command->name != NULL; command++) {
        guint distance = edit_distance(word, command->name);

        if (distance < best) {
            best = distance;
            nearest = command;
        }
    }
    return nearest;
}

/* The index of the first argument that is no option and no option's value, or -1. */
static int
find_word(char **args)
{
    for (int i = 1; args[i] != NULL; i++) {
        if (g_str_equal(args[i], "--")) {
            return -1;
        }
        if (args[i][0] != '-') {
            return i;
        }
        if (g_strv_contains(valued_options, args[i]) && args[i + 1] != NULL) {
            i++;
        }
    }
    return -1;
}

static void
remove_arg(char **args, int index)
{
    g_free(args[index]);
    for (int i = index; args[i] != NULL || i == index; i++) {
        args[i] = args[i + 1];
    }
}

/* FALSE: the word is a mistyped command, and the exit code is set. */
static gboolean
choose_command(UiProgram *program, int *exit_code)
{
    int index = find_word(program->args);
    const UiCommand *command = index < 0 ? NULL : find_command(program->args[index]);
    const UiCommand *nearest;

    program->command = command != NULL ? command : ui_commands();
    if (command != NULL) {
        remove_arg(program->args, index);
        return TRUE;
    }
    if (index < 0 || strchr(program->args[index], '@') != NULL) {
        return TRUE;
    }
    nearest = nearest_command(program->args[index]);
    if (nearest == NULL) {
        return TRUE;
    }
    *exit_code = ui_program_usage_error(program, _("there is no command '%s'; did you mean '%s'?"),
                                        program->args[index], nearest->name);
    return FALSE;
}

static gboolean
take_practice(const char *option, const char *value, gpointer data, GError **error)
{
    (void) option;
    (void) error;
    ui_program_set_practice(data, value);
    return TRUE;
}

static GOptionContext *
make_context(UiProgram *program, const GOptionEntry *entries, gboolean *is_help)
{
    const GOptionEntry common[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, is_help, N_("Show this help"), NULL},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &program->config_file,
         N_("Read the settings from FILE"), N_("FILE")},
        {"practice", 0, 0, G_OPTION_ARG_CALLBACK, (gpointer) take_practice,
         N_("Work on the practice tenant, in this story"), N_("SCENARIO")},
        {"latency", 0, 0, G_OPTION_ARG_STRING_ARRAY, &program->latencies,
         N_("On the practice tenant: delay a service's answers"), N_("SERVICE=MS")},
        {"fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &program->faults,
         N_("On the practice tenant: break a service"), N_("SERVICE=KIND[:COUNT]")},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &program->language,
         N_("Speak English (en) or French (fr)"), "LL"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &program->is_json, N_("Print data as JSON"), NULL},
        {"plain", 0, 0, G_OPTION_ARG_NONE, &program->is_plain,
         N_("Ask and answer line by line, without screens"), NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &program->is_verbose,
         N_("Tell on stderr what is being done"), NULL},
        {NULL},
    };
    GOptionContext *context = g_option_context_new(_(program->command->usage));
    GOptionGroup *group = g_option_group_new("samephoto", "", "", program, NULL);

    g_option_group_set_translation_domain(group, GETTEXT_PACKAGE);
    if (entries != NULL) {
        g_option_group_add_entries(group, entries);
    }
    g_option_group_add_entries(group, common);
    g_option_context_set_main_group(context, group);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_summary(context, _(program->command->summary));
    return context;
}

static char *
full_name(const UiProgram *program)
{
    if (program->command == ui_commands()) {
        return g_strdup("samephoto");
    }
    return g_strdup_printf("samephoto %s", program->command->name);
}

gboolean
ui_program_parse(UiProgram *program, const GOptionEntry *entries, guint min, guint max,
                 int *exit_code)
{
    gboolean is_help = FALSE;
    g_autoptr(GOptionContext) context = make_context(program, entries, &is_help);
    g_autoptr(GError) error = NULL;
    g_autofree char *name = full_name(program);

    g_set_prgname(name);
    if (!g_option_context_parse_strv(context, &program->args, &error)) {
        *exit_code = ui_program_usage_error(program, "%s", error->message);
        return FALSE;
    }
    if (is_help) {
        g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);

        g_print("%s", help);
        *exit_code = UI_EXIT_OK;
        return FALSE;
    }
    if (program->args[1] != NULL && g_str_equal(program->args[1], "--")) {
        remove_arg(program->args, 1);
    }
    if (ui_program_count_args(program) < min) {
        *exit_code = ui_program_usage_error(program, _("an argument is missing: %s"),
                                            _(program->command->usage));
        return FALSE;
    }
    if (ui_program_count_args(program) > max) {
        *exit_code = ui_program_usage_error(program, _("'%s' is one argument too many"),
                                            ui_program_arg(program, max));
        return FALSE;
    }
    return TRUE;
}

const char *
ui_program_arg(const UiProgram *program, guint index)
{
    return index < ui_program_count_args(program) ? program->args[index + 1] : NULL;
}

guint
ui_program_count_args(const UiProgram *program)
{
    return g_strv_length(program->args) - 1;
}

gboolean
ui_program_is_json(const UiProgram *program)
{
    return program->is_json;
}

gboolean
ui_program_is_verbose(const UiProgram *program)
{
    return program->is_verbose;
}

gboolean
ui_program_is_plain(const UiProgram *program)
{
    return program->is_plain;
}

gboolean
ui_program_is_practice(const UiProgram *program)
{
    return program->is_practice;
}

const char *
ui_program_get_scenario(const UiProgram *program)
{
    return program->scenario;
}

const char *const *
ui_program_get_latencies(const UiProgram *program)
{
    return (const char *const *) program->latencies;
}

const char *const *
ui_program_get_faults(const UiProgram *program)
{
    return (const char *const *) program->faults;
}

const char *
ui_program_get_language(const UiProgram *program)
{
    (void) program;
    /* TRANSLATORS: the code of the language that you translate to, e.g. "fr". */
    return C_("language code", "en");
}

void
ui_program_set_practice(UiProgram *program, const char *scenario)
{
    program->is_practice = TRUE;
    g_free(program->scenario);
    program->scenario = g_strdup(scenario);
}

gboolean
ui_program_is_colour(int fd)
{
    const char *no_color = g_getenv("NO_COLOR");
    const char *term = g_getenv("TERM");

    return isatty(fd) && (no_color == NULL || *no_color == '\0') && term != NULL &&
           !g_str_equal(term, "dumb");
}

int
ui_program_usage_error(UiProgram *program, const char *format, ...)
{
    g_autofree char *name = full_name(program);
    g_autofree char *message = NULL;
    g_autofree char *clean = NULL;
    va_list arguments;

    va_start(arguments, format);
    message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    clean = sp_text_clean(message, -1, 1000);
    g_printerr("%s: %s\n", name, clean);
    g_printerr(_("Try '%s --help'.\n"), name);
    return UI_EXIT_USAGE;
}

int
ui_exit_of(const GError *error)
{
    static const int codes[] = {
        [SP_ERROR_NETWORK] = UI_EXIT_NETWORK,  [SP_ERROR_TLS] = UI_EXIT_NETWORK,
        [SP_ERROR_TIMEOUT] = UI_EXIT_NETWORK,  [SP_ERROR_AUTH] = UI_EXIT_SIGN_IN,
        [SP_ERROR_PROTOCOL] = UI_EXIT_NETWORK, [SP_ERROR_FORMAT] = UI_EXIT_USAGE,
        [SP_ERROR_TOO_LARGE] = UI_EXIT_USAGE,  [SP_ERROR_NOT_FOUND] = UI_EXIT_USAGE,
        [SP_ERROR_STORE] = UI_EXIT_FAULT,      [SP_ERROR_CONFIG] = UI_EXIT_USAGE,
        [SP_ERROR_CANCELLED] = UI_EXIT_FAULT,  [SP_ERROR_THROTTLED] = UI_EXIT_INCOMPLETE,
    };

    if (error->domain == G_OPTION_ERROR || error->domain == G_FILE_ERROR) {
        return UI_EXIT_USAGE;
    }
    if (error->domain != SP_ERROR || error->code < 0 || error->code >= (int) G_N_ELEMENTS(codes)) {
        return UI_EXIT_FAULT;
    }
    return codes[error->code];
}

int
ui_program_fail(UiProgram *program, const GError *error)
{
    g_autofree char *name = full_name(program);
    g_autofree char *clean = sp_text_clean(error->message, -1, 1000);

    g_printerr("%s: %s\n", name, clean);
    return ui_exit_of(error);
}

int
ui_print_json(struct json_object *json)
{
    const char *text = json_object_to_json_string_ext(
        json, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    gboolean is_written = ui_output_write(line);

    json_object_put(json);
    return is_written ? UI_EXIT_OK : UI_EXIT_FAULT;
}

static void
program_clear(UiProgram *program)
{
    if (program->disconnect != NULL) {
        program->disconnect(program);
    }
    g_strfreev(program->args);
    g_strfreev(program->latencies);
    g_strfreev(program->faults);
    g_free(program->config_file);
    g_free(program->scenario);
    g_free(program->language);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UiProgram, program_clear)

int
ui_program_main(int argc, char **argv)
{
    g_auto(UiProgram) program = {0};
    int exit_code = UI_EXIT_FAULT;

    (void) argc;
    program.args = g_strdupv(argv);
    if (!choose_command(&program, &exit_code)) {
        return exit_code;
    }
    if (program.args[1] != NULL && program.args[2] == NULL &&
        g_str_equal(program.args[1], "--version")) {
        return ui_print_version();
    }
    return program.command->run(&program);
}
