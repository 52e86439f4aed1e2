#include "tui/commands/command.h"

#include "core/i18n.h"

static const UiCommand commands[] = {
    {"help", N_("[COMMAND]"), N_("Explains a command"), ui_command_help},
    {NULL, NULL, NULL, NULL},
};

const UiCommand *
ui_commands(void)
{
    return commands;
}
