#include "tui/commands/command.h"

#include "core/i18n.h"

static const UiCommand commands[] = {
    {"help", N_("[COMMAND]"), N_("Explains a command"), ui_command_help},
    {"compare", N_("[LEFT RIGHT]"), N_("Compares two picture files, or a list of pairs"),
     ui_command_compare},
    {"tenant", "", N_("Serves the practice tenant until it is interrupted"), ui_command_tenant},
    {NULL, NULL, NULL, NULL},
};

const UiCommand *
ui_commands(void)
{
    return commands;
}
