#ifndef SAMEPHOTO_TUI_COMMANDS_PROGRAM_H
#define SAMEPHOTO_TUI_COMMANDS_PROGRAM_H

/* What program.c and connect.c share; commands use command.h. */

#include "tui/commands/command.h"

struct UiProgram {
    const UiCommand *command;
    GStrv args; /* args[0] is the program's name */

    char *config_file;
    char *scenario;
    GStrv latencies;
    GStrv faults;
    char *language;
    gboolean is_practice;
    gboolean is_json;
    gboolean is_verbose;
    gboolean is_plain;
    GHashTable *valued; /* while the tables of options are asked: "--theme", "-r", …; else NULL */

    SpTenant *tenant;
    SpConfig *config;
    SpConfig *preferences; /* in practice; else NULL */
    SpClient *client;
    void (*disconnect)(UiProgram *program); /* stops what connect.c started; or NULL */
};

#endif
