/* `samephoto playbook list|show|lint|import`. */

#include <stdio.h>

#include "core/guide/playbook.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/practice/tenant.h"
#include "tui/commands/command.h"
#include "tui/commands/table.h"

static int
list(UiProgram *program, const char *name)
{
    g_auto(GStrv) names = sp_playbook_list();
    const char *const headings[] = {_("Name"), _("Steps"), _("Title"), NULL};
    g_autoptr(UiTable) table = ui_table_new(headings, 3);
    SpJson *json = json_object_new_array();

    (void) name;
    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(SpPlaybook) playbook =
            sp_playbook_load(names[i], ui_program_get_language(program), NULL);
        g_autofree char *count =
            g_strdup_printf("%u", playbook == NULL ? 0 : sp_playbook_count_steps(playbook));
        const char *title =
            playbook == NULL ? _("(cannot be read)") : sp_playbook_get_title(playbook);
        const char *const cells[] = {names[i], count, title, NULL};
        SpJson *item = json_object_new_object();

        ui_table_add(table, cells);
        sp_json_add_string(item, "name", names[i]);
        sp_json_add_string(item, "title", playbook == NULL ? NULL : title);
        json_object_object_add(
            item, "steps",
            json_object_new_int(playbook == NULL ? 0 : (int) sp_playbook_count_steps(playbook)));
        json_object_array_add(json, item);
    }
    if (ui_program_is_json(program)) {
        return ui_print_json(json);
    }
    json_object_put(json);
    ui_table_print(table, 0);
    return UI_EXIT_OK;
}

static void
print_step(const SpStep *step, guint number)
{
    g_auto(GStrv) lines = g_strsplit(step->detail == NULL ? "" : step->detail, "\n", -1);

    g_print("%3u. %s", number, step->text);
    if (step->actor != SP_ACTOR_NOBODY) {
        g_print(" (%s)", sp_actor_title(step->actor));
    }
    g_print("\n");
    for (guint i = 0; step->detail != NULL && lines[i] != NULL; i++) {
        g_print("       %s\n", lines[i]);
    }
}

static void
print_playbook(const SpPlaybook *playbook)
{
    GPtrArray *sections = sp_playbook_get_sections(playbook);

    g_print("%s\n", sp_playbook_get_title(playbook));
    for (guint i = 0; i < sections->len; i++) {
        const SpSection *section = g_ptr_array_index(sections, i);

        g_print("\n%s\n", section->title);
        for (guint j = 0; section->notes[j] != NULL; j++) {
            g_print("     %s\n", section->notes[j]);
        }
        for (guint j = 0; j < section->steps->len; j++) {
            print_step(g_ptr_array_index(section->steps, j), j + 1);
        }
    }
}

static int
show(UiProgram *program, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPlaybook) playbook =
        sp_playbook_load(name, ui_program_get_language(program), &error);

    if (playbook == NULL) {
        ui_program_fail(program, error);
        return UI_EXIT_USAGE;
    }
    if (ui_program_is_json(program)) {
        return ui_print_json(sp_playbook_to_json(playbook));
    }
    print_playbook(playbook);
    return UI_EXIT_OK;
}

/* How it is written, then what it names. Transfer full. */
static GStrv
all_complaints(const SpPlaybook *playbook, const SpConfig *config)
{
    g_auto(GStrv) written = sp_playbook_lint(playbook);
    g_auto(GStrv) named = sp_playbook_lint_names(playbook, config, sp_tenant_knows);
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();

    g_strv_builder_addv(all, (const char **) written);
    g_strv_builder_addv(all, (const char **) named);
    return g_strv_builder_end(all);
}

static int
lint(UiProgram *program, const char *name)
{
    SpConfig *config;
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPlaybook) playbook =
        sp_playbook_load(name, ui_program_get_language(program), &error);
    g_auto(GStrv) complaints = NULL;
    int code;

    if (playbook == NULL) {
        ui_program_fail(program, error);
        return UI_EXIT_USAGE;
    }
    config = ui_program_get_config(program, &error);
    if (config == NULL) {
        return ui_program_fail(program, error);
    }
    complaints = all_complaints(playbook, config);
    code = complaints[0] == NULL ? UI_EXIT_OK : UI_EXIT_DIFFERENT;
    if (ui_program_is_json(program)) {
        SpJson *json = json_object_new_array();

        for (guint i = 0; complaints[i] != NULL; i++) {
            json_object_array_add(json, json_object_new_string(complaints[i]));
        }
        return ui_print_json(json) != UI_EXIT_OK ? UI_EXIT_FAULT : code;
    }
    for (guint i = 0; complaints[i] != NULL; i++) {
        g_print("%s\n", complaints[i]);
    }
    return code;
}

static int
import_as(UiProgram *program, const char *path, gboolean replaces)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = sp_playbook_import(path, replaces, &error);

    if (name == NULL) {
        ui_program_fail(program, error);
        return UI_EXIT_USAGE;
    }
    if (ui_program_is_json(program)) {
        SpJson *json = json_object_new_object();

        sp_json_add_string(json, "name", name);
        return ui_print_json(json);
    }
    g_print(_("Imported as '%s'\n"), name);
    return UI_EXIT_OK;
}

static int
import(UiProgram *program, const char *path)
{
    return import_as(program, path, FALSE);
}

static int
import_anyway(UiProgram *program, const char *path)
{
    return import_as(program, path, TRUE);
}

typedef struct {
    const char *name;
    int (*run)(UiProgram *program, const char *name);
    int (*force)(UiProgram *program, const char *name); /* with --force, or NULL */
    guint n_arguments;
} Action;

static const Action actions[] = {
    {"list", list, NULL, 0},
    {"show", show, NULL, 1},
    {"lint", lint, NULL, 1},
    {"import", import, import_anyway, 1},
};

static int
run(UiProgram *program, const Action *action, gboolean is_forced)
{
    const char *name = ui_program_arg(program, 1);

    if (is_forced && action->force == NULL) {
        return ui_program_usage_error(program, _("--%s is no option of '%s'"), "force",
                                      action->name);
    }
    if (ui_program_count_args(program) > 1 + action->n_arguments) {
        return ui_program_usage_error(program, _("'%s' is one argument too many"),
                                      ui_program_arg(program, 1 + action->n_arguments));
    }
    if (action->n_arguments > 0 && name == NULL) {
        return ui_program_usage_error(program, _("%s: which playbook?"), action->name);
    }
    return is_forced ? action->force(program, name) : action->run(program, name);
}

int
ui_command_playbook(UiProgram *program)
{
    gboolean is_forced = FALSE;
    const GOptionEntry entries[] = {
        {"force", 0, 0, G_OPTION_ARG_NONE, &is_forced,
         N_("import: in place of a playbook of that name"), NULL},
        {NULL},
    };
    const char *name;
    int code;

    if (!ui_program_parse(program, entries, 0, 2, &code)) {
        return code;
    }
    name = ui_program_arg(program, 0) == NULL ? "list" : ui_program_arg(program, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (g_str_equal(actions[i].name, name)) {
            return run(program, &actions[i], is_forced);
        }
    }
    return ui_program_usage_error(program, _("'%s' is none of list, show, lint and import"), name);
}
