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

/* The command that `word` is a slip of the pen for, or NULL: a person's name, which begins with a
 * capital, is none. */
static const UiCommand *
nearest_command(const char *word)
{
    const UiCommand *nearest = NULL;
    guint best = strlen(word) > 4 ? 3 : 2;

    if (g_ascii_isupper(word[0])) {
        return NULL;
    }
    for (const UiCommand *command = ui_commands(); command->name != NULL; command++) {
        guint distance = edit_distance(word, command->name);

        if (distance < best) {
            best = distance;
            nearest = command;
        }
    }
    return nearest;
}

/* Runs every command only as far as its table of options: those that take a value. Transfer full.
 */
static GHashTable *
ask_valued_options(void)
{
    UiProgram asked = {.valued = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};

    for (const UiCommand *command = ui_commands(); command->name != NULL; command++) {
        asked.command = command;
        command->run(&asked);
    }
    return asked.valued;
}

static void
add_valued(GHashTable *valued, const GOptionEntry *entries)
{
    for (gsize i = 0; entries != NULL && entries[i].long_name != NULL; i++) {
        if (entries[i].arg == G_OPTION_ARG_NONE) {
            continue;
        }
        g_hash_table_add(valued, g_strconcat("--", entries[i].long_name, NULL));
        if (entries[i].short_name != '\0') {
            g_hash_table_add(valued, g_strdup_printf("-%c", entries[i].short_name));
        }
    }
}

/* Whether the argument behind this option is its value: "--theme", "-r", "-vr", but not "-rFILE".
 */
static gboolean
takes_next(GHashTable *valued, const char *option)
{
    if (option[1] == '-') {
        return g_hash_table_contains(valued, option);
    }
    for (const char *letter = option + 1; *letter != '\0'; letter++) {
        const char name[] = {'-', *letter, '\0'};

        if (g_hash_table_contains(valued, name)) {
            return letter[1] == '\0';
        }
    }
    return FALSE;
}

/* The index of the first argument that is no option and no option's value, or -1. */
static int
find_word(char **args)
{
    g_autoptr(GHashTable) valued = ask_valued_options();

    for (int i = 1; args[i] != NULL; i++) {
        if (g_str_equal(args[i], "--")) {
            return -1;
        }
        if (args[i][0] != '-') {
            return i;
        }
        if (takes_next(valued, args[i]) && args[i + 1] != NULL) {
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
    const UiCommand *command = index < 0 ? NULL : ui_command_find(program->args[index]);
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
    *exit_code = ui_program_usage_error(program,
                                        _("there is no command '%s'; did you mean '%s'? For a "
                                          "person of that name: samephoto -- %s"),
                                        program->args[index], nearest->name, program->args[index]);
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

/* What is done instead of the command. */
typedef struct {
    gboolean is_help;
    gboolean is_version;
} Instead;

/* The languages that there are catalogues and playbooks of. */
static gboolean
is_language(const char *name)
{
    static const char *const languages[] = {"en", "fr", NULL};

    return g_strv_contains(languages, name);
}

static GOptionContext *
make_context(UiProgram *program, const GOptionEntry *entries, Instead *instead)
{
    const GOptionEntry common[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &instead->is_help, N_("Show this help"), NULL},
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
         N_("Tell on stderr of every request to a service, and what came of it"), NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &instead->is_version,
         N_("Print the version and those of the libraries"), NULL},
        {NULL},
    };
    GOptionContext *context = g_option_context_new(ui_command_usage(program->command));
    GOptionGroup *group = g_option_group_new("samephoto", "", "", program, NULL);

    if (program->valued != NULL) {
        add_valued(program->valued, entries);
        add_valued(program->valued, common);
    }
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
    Instead instead = {FALSE, FALSE};
    g_autoptr(GOptionContext) context = make_context(program, entries, &instead);
    g_autoptr(GError) error = NULL;
    g_autofree char *name = full_name(program);

    *exit_code = UI_EXIT_OK;
    if (program->valued != NULL) {
        return FALSE;
    }
    g_set_prgname(name);
    if (!g_option_context_parse_strv(context, &program->args, &error)) {
        *exit_code = ui_program_usage_error(program, "%s", error->message);
        return FALSE;
    }
    if (instead.is_help) {
        g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);

        g_print("%s", help);
        return FALSE;
    }
    if (instead.is_version) {
        *exit_code = ui_print_version();
        return FALSE;
    }
    if (program->language != NULL && !is_language(program->language)) {
        *exit_code = ui_program_usage_error(program, _("--lang: '%s' is neither en nor fr"),
                                            program->language);
        return FALSE;
    }
    if (program->args[1] != NULL && g_str_equal(program->args[1], "--")) {
        remove_arg(program->args, 1);
    }
    if (ui_program_count_args(program) < min) {
        *exit_code = ui_program_usage_error(program, _("an argument is missing: %s"),
                                            ui_command_usage(program->command));
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

/* A database or a folder that cannot be written, a case that is there already: the person at the
 * keyboard mends that, no programmer. */
int
ui_exit_of(const GError *error)
{
    static const int codes[] = {
        [SP_ERROR_NETWORK] = UI_EXIT_NETWORK,  [SP_ERROR_TLS] = UI_EXIT_NETWORK,
        [SP_ERROR_TIMEOUT] = UI_EXIT_NETWORK,  [SP_ERROR_AUTH] = UI_EXIT_SIGN_IN,
        [SP_ERROR_PROTOCOL] = UI_EXIT_NETWORK, [SP_ERROR_FORMAT] = UI_EXIT_USAGE,
        [SP_ERROR_TOO_LARGE] = UI_EXIT_USAGE,  [SP_ERROR_NOT_FOUND] = UI_EXIT_USAGE,
        [SP_ERROR_STORE] = UI_EXIT_USAGE,      [SP_ERROR_CONFIG] = UI_EXIT_USAGE,
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
    return program.command->run(&program);
}
