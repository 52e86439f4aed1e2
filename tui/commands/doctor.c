/* samephoto doctor: one line for each thing that was looked at, or a JSON document. */

#include "core/services/doctor.h"

#include "core/i18n.h"
#include "tui/commands/command.h"
#include "tui/commands/version.h"
#include "tui/terminal-look.h"
#include "tui/test-card.h"

static void
store_result(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) source;
    *(GAsyncResult **) user_data = g_object_ref(result);
}

static GPtrArray *
examine(SpClient *client, GError **error)
{
    g_autoptr(GAsyncResult) result = NULL;

    sp_doctor_run_async(client, NULL, store_result, &result);
    while (result == NULL) {
        g_main_context_iteration(NULL, TRUE);
    }
    return sp_doctor_run_finish(result, error);
}

static void
add_versions(GPtrArray *rows)
{
    g_auto(GStrv) libraries = ui_library_versions();
    g_autofree char *with = g_strjoinv(", ", libraries);
    g_autofree char *sentence = g_strdup_printf(_("samephoto %s with %s"), ui_version(), with);

    g_ptr_array_insert(rows, 0, sp_doctor_row_new(_("Version"), SP_DOCTOR_OK, sentence));
}

static void
add_terminal(GPtrArray *rows, const SpConfig *config)
{
    UiTerminalOptions options = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *found = NULL;

    ui_terminal_options_read(&options, config);
    found = ui_terminal_describe(&options, &error);
    g_ptr_array_insert(rows, 1,
                       sp_doctor_row_new(_("Terminal"),
                                         found != NULL ? SP_DOCTOR_OK : SP_DOCTOR_WARN,
                                         found != NULL ? found : error->message));
}

static struct json_object *
to_json(GPtrArray *rows)
{
    struct json_object *json = json_object_new_object();
    struct json_object *list = json_object_new_array();

    json_object_object_add(json, "schema", json_object_new_string("samephoto.doctor/1"));
    json_object_object_add(json, "rows", list);
    for (guint i = 0; i < rows->len; i++) {
        const SpDoctorRow *row = g_ptr_array_index(rows, i);
        struct json_object *item = json_object_new_object();

        json_object_object_add(item, "what", json_object_new_string(row->what));
        json_object_object_add(item, "state",
                               json_object_new_string(sp_doctor_state_name(row->state)));
        json_object_object_add(item, "sentence", json_object_new_string(row->sentence));
        json_object_array_add(list, item);
    }
    return json;
}

/* The mark says it without colour too. */
static void
print_rows(GPtrArray *rows)
{
    static const char *const words[] = {N_("ok"), N_("note"), N_("FAULT")};

    for (guint i = 0; i < rows->len; i++) {
        const SpDoctorRow *row = g_ptr_array_index(rows, i);

        g_print(_("%-6s %s: %s\n"), _(words[row->state]), row->what, row->sentence);
    }
}

/* The last line of the card. */
static void
show_photo(const SpConfig *config)
{
    UiTerminalOptions options = {0};

    ui_terminal_options_read(&options, config);
    if (ui_test_card_photo(&options)) {
        g_print("%s\n", _("a photo, as the screens will show it"));
    }
}

static gboolean
has_fault(GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        if (((const SpDoctorRow *) g_ptr_array_index(rows, i))->state == SP_DOCTOR_FAIL) {
            return TRUE;
        }
    }
    return FALSE;
}

int
ui_command_doctor(UiProgram *program)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    SpClient *client = NULL;
    int code = UI_EXIT_OK;

    if (!ui_program_parse(program, NULL, 0, 0, &code)) {
        return code;
    }
    client = ui_program_get_client(program, &error);
    if (client == NULL) {
        return ui_program_fail(program, error);
    }
    rows = examine(client, &error);
    if (rows == NULL) {
        return ui_program_fail(program, error);
    }
    add_versions(rows);
    add_terminal(rows, ui_program_get_preferences(program));
    if (ui_program_is_json(program)) {
        code = ui_print_json(to_json(rows));
    } else {
        print_rows(rows);
        ui_test_card_print();
        show_photo(ui_program_get_preferences(program));
    }
    return code == UI_EXIT_OK && has_fault(rows) ? UI_EXIT_INCOMPLETE : code;
}
