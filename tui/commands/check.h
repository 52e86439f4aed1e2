#ifndef SAMEPHOTO_TUI_COMMANDS_CHECK_H
#define SAMEPHOTO_TUI_COMMANDS_CHECK_H

/* What `samephoto check` tells and other commands tell the same way. */

#include "core/guide/check.h"
#include "tui/commands/command.h"

/* Several people match `user`: names them on stderr; the exit code. */
int ui_check_tell_matches(UiProgram *program, SpCheck *check, const char *user);

/* What the options of a check say beside the person, as they were given. A plain value. */
typedef struct {
    const char *reference;   /* --reference: a picture file or a copy's id, or NULL */
    const char *const *only; /* --only, or NULL */
} UiCheckGiven;

/* Puts them into `options`, whose user is known. FALSE: a usage error was told, naming the option.
 * What `options` points to is borrowed from `given` and the program. */
gboolean ui_check_take_given(UiProgram *program, SpConfig *config, const UiCheckGiven *given,
                             SpCheckOptions *options);

/* Whether `file` (NULL: none) is a photo that others can be held against; FALSE: it was told. */
gboolean ui_check_can_refer_to(UiProgram *program, const char *file);

#endif
