#include "core/i18n.h"
#include "core/text.h"
#include "tui/commands/command.h"
#include "tui/commands/program.h"

/* The first command runs where none is named. */
static char *
describe_call(const UiCommand *command)
{
    return g_strdup_printf(command == ui_commands() ? "[%s] %s" : "%s %s", command->name,
                           ui_command_usage(command));
}

static void
print_commands(void)
{
    gsize width = 0;
    const gsize widest = 28; /* longer calls have their summary on a line of their own */

    for (const UiCommand *command = ui_commands(); command->name != NULL; command++) {
        g_autofree char *call = describe_call(command);
        gsize columns = sp_text_columns(call);

        width = columns > widest ? width : MAX(width, columns);
    }
    for (const UiCommand *command = ui_commands(); command->name != NULL; command++) {
        g_autofree char *call = describe_call(command);
        gboolean is_long = sp_text_columns(call) > width;

        g_print("  samephoto %s%s%*s  %s\n", call, is_long ? "\n            " : "",
                (int) (is_long ? width : width - sp_text_columns(call)), "", _(command->summary));
    }
}

int
ui_command_help(UiProgram *program)
{
    const char *name;
    int code;

    if (!ui_program_parse(program, NULL, 0, 1, &code)) {
        return code;
    }
    name = ui_program_arg(program, 0);
    if (name != NULL && ui_command_find(name) == NULL) {
        return ui_program_usage_error(program, _("there is no command '%s'"), name);
    }
    if (name != NULL) {
        char *arguments[] = {"samephoto", (char *) name, "--help", NULL};

        return ui_program_main(3, arguments);
    }
    g_print("%s\n\n",
            _("samephoto: is this person's Microsoft 365 profile photo the same everywhere, "
              "and if not, why, and what mends it?"));
    print_commands();
    g_print("\n%s\n",
            _("Every command explains its options with --help. 'samephoto practice' needs "
              "no account."));
    return UI_EXIT_OK;
}
