#ifndef SAMEPHOTO_TUI_COMMANDS_SIGN_IN_H
#define SAMEPHOTO_TUI_COMMANDS_SIGN_IN_H

/* Signing in, for the command and for whoever sets up. */

#include "tui/commands/command.h"

/* Signs `client` in, telling on stderr what the person has to do; the exit code, errors told. */
int ui_sign_in(UiProgram *program, SpClient *client, gboolean is_device);

#endif
