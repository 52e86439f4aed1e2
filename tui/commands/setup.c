/* `samephoto setup`: from questions and answers to the settings file. */
#include "tui/setup.h"

#include "core/i18n.h"

int
ui_command_setup(UiProgram *program)
{
    int code;

    if (!ui_program_parse(program, NULL, 0, 0, &code)) {
        return code;
    }
    if (ui_program_is_practice(program)) {
        return ui_program_usage_error(program, _("the practice tenant needs no settings"));
    }
    return ui_setup_run(program);
}
