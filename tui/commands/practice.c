/* `samephoto practice`: the screens on the practice tenant, or the list of its stories. */
#include <json-c/json.h>

#include "core/i18n.h"
#include "core/json.h"
#include "core/practice/scenario.h"
#include "tui/commands/command.h"
#include "tui/commands/open.h"
#include "tui/commands/table.h"

static int
print_json(void)
{
    SpJson *list = json_object_new_array();

    for (const SpScenario *story = sp_scenarios(); story->name != NULL; story++) {
        SpJson *row = json_object_new_object();

        sp_json_add_string(row, "name", story->name);
        sp_json_add_string(row, "user", story->user_principal_name);
        sp_json_add_string(row, "title", _(story->title));
        sp_json_add_string(row, "verdict", story->verdict);
        sp_json_add_string(row, "finding", story->finding);
        json_object_array_add(list, row);
    }
    return ui_print_json(list);
}

static int
print_table(void)
{
    const char *const headings[] = {_("Story"), _("Person"), _("What it shows"), NULL};
    g_autoptr(UiTable) table = ui_table_new(headings, 0);

    for (const SpScenario *story = sp_scenarios(); story->name != NULL; story++) {
        ui_table_add(table, (const char *const[]){story->name, story->user_principal_name,
                                                  _(story->title), NULL});
    }
    ui_table_print(table, 0);
    return UI_EXIT_OK;
}

/* The story that the argument or --practice names. FALSE: a usage error was told. */
static gboolean
choose_story(UiProgram *program)
{
    const char *named = ui_program_arg(program, 0);
    const char *practised = ui_program_get_scenario(program);
    const char *story = named != NULL ? named : practised;

    if (named != NULL && practised != NULL && !g_str_equal(named, practised)) {
        ui_program_usage_error(program, _("--practice: the story is '%s' already"), named);
        return FALSE;
    }
    if (story != NULL && sp_scenario_find(story) == NULL) {
        ui_program_usage_error(
            program, _("there is no practice story '%s'; see 'samephoto practice --list'"), story);
        return FALSE;
    }
    ui_program_set_practice(program, story);
    return TRUE;
}

static int
list_or_open(UiProgram *program, gboolean is_list, const UiOpenOptions *options)
{
    if (is_list && ui_program_arg(program, 0) != NULL) {
        return ui_program_usage_error(program, _("'%s' is one argument too many"),
                                      ui_program_arg(program, 0));
    }
    if (is_list) {
        return ui_program_is_json(program) ? print_json() : print_table();
    }
    return choose_story(program) ? ui_open(program, NULL, options) : UI_EXIT_USAGE;
}

int
ui_command_practice(UiProgram *program)
{
    gboolean is_list = FALSE;
    UiOpenOptions options = {0};
    int code;
    GOptionEntry entries[16] = {
        {"list", 0, 0, G_OPTION_ARG_NONE, &is_list, N_("List the stories"), NULL},
    };

    ui_open_add_entries(&options, entries, G_N_ELEMENTS(entries));
    if (ui_program_parse(program, entries, 0, 1, &code)) {
        code = list_or_open(program, is_list, &options);
    }
    ui_open_options_clear(&options);
    return code;
}
