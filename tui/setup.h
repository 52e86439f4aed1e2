#ifndef SAMEPHOTO_TUI_SETUP_H
#define SAMEPHOTO_TUI_SETUP_H

/* The first run: questions and answers that end in a settings file. Each answer is proved by trying
 * it, nothing is written before it was asked for, and what stood in the file before is kept beside
 * it. */

#include "tui/commands/command.h"

/* Asks on stdout and stdin; the exit code: UI_EXIT_OK where the file was written, UI_EXIT_USAGE
 * where the input ended or the person left before. */
int ui_setup_run(UiProgram *program);

#endif
