#ifndef SAMEPHOTO_TUI_COMMANDS_CHECK_H
#define SAMEPHOTO_TUI_COMMANDS_CHECK_H

/* What `samephoto check` tells and other commands tell the same way. */

#include "core/guide/check.h"
#include "tui/commands/command.h"

/* Several people match `user`: names them on stderr; the exit code. */
int ui_check_tell_matches(UiProgram *program, SpCheck *check, const char *user);

#endif
