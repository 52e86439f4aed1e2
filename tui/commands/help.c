#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "tui/commands/command.h"
#include "tui/commands/program.h"

static void
print_commands(void)
{
    gsize width = 0;
    const gsize widest = 28; /* longer calls have their summary on a line of their own */

    for (const UiCommand *command = ui_commands(); command->name != NULL; command++) {
        gsize columns = strlen(command->name) + 1 + sp_text_columns(_(command->usage));

        width = columns > widest ? width : MAX(width, columns);
    }
    for (const UiCommand *command = ui_commands(); command->name != NULL; command++) {
        g_autofree char *call = command == ui_commands()
                                    ? g_strdup(_(command->usage))
                                    : g_strdup_printf("%s %s", command->name, _(command->usage));

        gboolean is_long = sp_text_columns(call) > width;

        g_print("  samephoto %s%s%*s  %s\n", call, is_long ? "\n            " : "",
                (int) (is_long ? width : width - sp_text_columns(call)), "", _(command->summary));
    }
}

int
ui_command_help(UiProgram *program)
{
    int code;

    if (!ui_program_parse(program, NULL, 0, 1, &code)) {
        return code;
    }
    if (ui_program_arg(program, 0) != NULL) {
        char *arguments[] = {"samephoto", (char *) ui_program_arg(program, 0), "--help", NULL};

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
