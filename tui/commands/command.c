#include "tui/commands/command.h"

#include "core/i18n.h"

static const UiCommand commands[] = {
    {"open", N_("[USER]"), N_("Opens the screens: guide, compare, checklist"), ui_command_open},
    {"practice", N_("[SCENARIO]"), N_("The same on the practice tenant; --list names its stories"),
     ui_command_practice},
    {"check", N_("[USER]"),
     N_("Fetches every copy of a photo, compares, says why and what mends it"), ui_command_check},
    {"watch", N_("[USER]"), N_("Reads again at sensible times until all copies agree, then says so"),
     ui_command_watch},
    {"compare", N_("[LEFT RIGHT]"), N_("Compares two picture files, or a list of pairs"),
     ui_command_compare},
    {"audit", "", N_("Checks many people without a screen: a list of them, or everybody"),
     ui_command_audit},
    {"playbook", N_("list|show|lint|import [NAME|FILE]"), N_("Shows and keeps playbooks"),
     ui_command_playbook},
    {"session", N_("list|show|resume|report|message|export|import|delete|purge [SESSION] [FILE]"),
     N_("Finds, resumes, reports and hands over sessions"), ui_command_session},
    {"tenant", "", N_("Serves the practice tenant until it is interrupted"), ui_command_tenant},
    {"sign-in", "", N_("Signs in to the tenant and keeps the sign-in"), ui_command_sign_in},
    {"sign-out", "", N_("Forgets the sign-in on this machine"), ui_command_sign_out},
    {"setup", "", N_("Asks what the settings need, tries each answer and writes the file"),
     ui_command_setup},
    {"whoami", "", N_("Says who is signed in and with which permissions"), ui_command_whoami},
    {"doctor", "", N_("Tells what this machine, the network, the settings and the sign-in allow"),
     ui_command_doctor},
    {"help", N_("[COMMAND]"), N_("Explains a command"), ui_command_help},
    {NULL, NULL, NULL, NULL},
};

const UiCommand *
ui_commands(void)
{
    return commands;
}

const UiCommand *
ui_command_find(const char *name)
{
    for (const UiCommand *command = commands; command->name != NULL; command++) {
        if (g_str_equal(command->name, name)) {
            return command;
        }
    }
    return NULL;
}

const char *
ui_command_usage(const UiCommand *command)
{
    return *command->usage == '\0' ? "" : _(command->usage);
}
