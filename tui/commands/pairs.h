#ifndef SAMEPHOTO_TUI_COMMANDS_PAIRS_H
#define SAMEPHOTO_TUI_COMMANDS_PAIRS_H

/* `samephoto compare --pairs FILE.csv`: a list of pairs in, CSV (or a JSON line each) out. */

#include "tui/commands/command.h"

/* Prints every row; the exit code: 0, or 2 where some picture could not be read. */
int ui_compare_pairs(UiProgram *program, const char *path);

#endif
