/* `samephoto session …`: what was begun, found again, reported, handed over and removed. */

#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/guide/bundle.h"
#include "core/guide/report.h"
#include "core/guide/session.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/text.h"
#include "core/write-file.h"
#include "tui/commands/command.h"
#include "tui/commands/open.h"
#include "tui/commands/table.h"
#include "tui/output.h"

/* A closed case is kept for 90 days unless the command line says otherwise. */
#define DEFAULT_KEEP_DAYS 90
#define MAX_KEEP_DAYS     36500

/* Of a number that the command line does not say. */
#define UNSET G_MININT

/* What the command line says and the actions work on. */
typedef struct {
    UiProgram *program;
    SpStore *store;
    const char *argument; /* the session's number or a file */
    UiOpenOptions open;
    char *format;
    char *faces;
    char *output;
    char *to;
    char *message_language;
    char *agent;
    int limit;
    int days;
    gboolean is_due;
} Call;

static int
fail(Call *call, GError *error)
{
    return ui_program_fail(call->program, error);
}

/* The session that the argument numbers; NULL after the error was told. */
static SpSession *
load(Call *call, int *code)
{
    g_autoptr(GError) error = NULL;
    SpSession *session = NULL;
    guint64 id = 0;

    *code = UI_EXIT_USAGE;
    if (call->argument == NULL ||
        !g_ascii_string_to_unsigned(call->argument, 10, 1, G_MAXINT64, &id, NULL)) {
        ui_program_usage_error(call->program,
                               _("which session? Give its number, see 'samephoto session list'"));
        return NULL;
    }
    session = sp_session_load(call->store, (gint64) id, &error);
    if (session == NULL) {
        *code = fail(call, error);
        return NULL;
    }
    sp_session_set_agent(session, call->agent);
    return session;
}

static SpJson *
row_to_json(const SpSessionRow *row)
{
    SpJson *json = json_object_new_object();

    json_object_object_add(json, "id", json_object_new_int64(row->id));
    sp_json_add_string(json, "userPrincipalName", row->user_principal_name);
    sp_json_add_string(json, "displayName", row->display_name);
    sp_json_add_string(json, "playbook", row->playbook);
    sp_json_add_string(json, "ticket", row->ticket);
    sp_json_add_string(json, "headline", row->headline);
    json_object_object_add(json, "done", json_object_new_int((int) row->n_done));
    json_object_object_add(json, "steps", json_object_new_int((int) row->n_steps));
    sp_json_add_time(json, "updated", row->updated);
    sp_json_add_time(json, "due", row->due);
    json_object_object_add(json, "closed", json_object_new_boolean(row->is_closed));
    return json;
}

static char *
format_time(GDateTime *time)
{
    g_autoptr(GDateTime) local = time == NULL ? NULL : g_date_time_to_local(time);

    return local == NULL ? g_strdup("") : g_date_time_format(local, "%Y-%m-%d %H:%M");
}

static void
add_row(UiTable *table, const SpSessionRow *row)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->id);
    g_autofree char *done = g_strdup_printf("%u/%u", row->n_done, row->n_steps);
    g_autofree char *updated = format_time(row->updated);
    g_autofree char *due = format_time(row->due);
    const char *const cells[] = {
        id,
        row->display_name != NULL ? row->display_name : row->playbook,
        row->ticket == NULL ? "" : row->ticket,
        done,
        updated,
        row->is_closed ? _("closed") : due,
        NULL,
    };

    ui_table_add(table, cells);
}

static int
list(Call *call)
{
    const char *const headings[] = {_("Session"), _("Who"), _("Ticket"), _("Done"),
                                    _("Changed"), _("Due"), NULL};
    g_autoptr(UiTable) table = ui_table_new(headings, 6);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autoptr(GDateTime) midnight =
        g_date_time_new_local(g_date_time_get_year(now), g_date_time_get_month(now),
                              g_date_time_get_day_of_month(now), 23, 59, 59);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows =
        sp_session_list(call->store, call->is_due ? midnight : NULL, &error);
    SpJson *json;

    if (rows == NULL) {
        return fail(call, error);
    }
    json = json_object_new_array();
    for (guint i = 0; i < rows->len; i++) {
        add_row(table, g_ptr_array_index(rows, i));
        json_object_array_add(json, row_to_json(g_ptr_array_index(rows, i)));
    }
    if (ui_program_is_json(call->program)) {
        return ui_print_json(json);
    }
    json_object_put(json);
    if (rows->len == 0) {
        g_print("%s\n", call->is_due ? _("Nothing is due today") : _("There are no sessions"));
    } else {
        ui_table_print(table, 0);
    }
    return UI_EXIT_OK;
}

/* To the file of --output, else to stdout: text as the locale can show it, any other format in
 * UTF-8, which it may even say of itself. */
static int
deliver(Call *call, const char *text, SpReportFormat format)
{
    g_autoptr(GError) error = NULL;

    if (call->output == NULL && format == SP_REPORT_TEXT) {
        g_print("%s", text);
        return UI_EXIT_OK;
    }
    if (call->output == NULL) {
        return ui_output_write(text) ? UI_EXIT_OK : UI_EXIT_FAULT;
    }
    if (!sp_write_file(call->output, text, &error)) {
        return ui_program_usage_error(call->program, "--output: %s", error->message);
    }
    return UI_EXIT_OK;
}

static int
render(Call *call, SpReportFormat fallback)
{
    static const char *const faces[] = {
        [SP_FACES_SHOWN] = "shown", [SP_FACES_PIXELATED] = "pixelated", [SP_FACES_NONE] = "none"};
    SpReportOptions options = {.format = fallback,
                               .max_characters = call->limit == UNSET ? 0 : (gsize) call->limit};
    g_autoptr(SpSession) session = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize i = 0;
    int code;

    if (call->format != NULL && !sp_report_format_parse(call->format, &options.format)) {
        return ui_program_usage_error(call->program,
                                      _("--format: '%s' is none of markdown, html, json and text"),
                                      call->format);
    }
    while (call->faces != NULL && i < G_N_ELEMENTS(faces) && !g_str_equal(faces[i], call->faces)) {
        i++;
    }
    if (i == G_N_ELEMENTS(faces)) {
        return ui_program_usage_error(
            call->program, _("--faces: '%s' is none of shown, pixelated and none"), call->faces);
    }
    options.faces = (SpReportFaces) i;
    session = load(call, &code);
    if (session == NULL) {
        return code;
    }
    text = sp_report_render(session, &options, &error);
    return text == NULL ? fail(call, error) : deliver(call, text, options.format);
}

static int
show(Call *call)
{
    g_autoptr(SpSession) session = NULL;
    int code;

    if (!ui_program_is_json(call->program)) {
        return render(call, SP_REPORT_TEXT);
    }
    session = load(call, &code);
    return session == NULL ? code : ui_print_json(sp_session_to_json(session));
}

static int
report(Call *call)
{
    return render(call, ui_program_is_json(call->program) ? SP_REPORT_JSON : SP_REPORT_MARKDOWN);
}

static int
message(Call *call)
{
    gboolean is_admin = g_strcmp0(call->to, "admin") == 0;
    const char *language = call->message_language != NULL ? call->message_language
                                                          : ui_program_get_language(call->program);
    g_autoptr(SpSession) session = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    int code;

    if (call->to != NULL && !is_admin && !g_str_equal(call->to, "user")) {
        return ui_program_usage_error(call->program, _("--to: '%s' is neither user nor admin"),
                                      call->to);
    }
    session = load(call, &code);
    if (session == NULL) {
        return code;
    }
    text = sp_report_message(session, is_admin ? SP_ACTOR_ADMIN : SP_ACTOR_USER, language, &error);
    if (text == NULL) {
        return fail(call, error);
    }
    if (ui_program_is_json(call->program)) {
        SpJson *json = json_object_new_object();

        sp_json_add_string(json, "to", is_admin ? "admin" : "user");
        sp_json_add_string(json, "language", language);
        sp_json_add_string(json, "text", text);
        return ui_print_json(json);
    }
    return deliver(call, text, SP_REPORT_TEXT);
}

static int
resume(Call *call)
{
    g_autoptr(SpSession) session = NULL;
    int code;

    session = load(call, &code);
    return session == NULL ? code : ui_open_session(call->program, session, &call->open);
}

/* "{"session": 3}", or one line for people. */
static int
tell(Call *call, gint64 id, const char *format)
{
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, id);
    g_autoptr(GString) line = g_string_new(format);

    if (ui_program_is_json(call->program)) {
        SpJson *json = json_object_new_object();

        json_object_object_add(json, "session", json_object_new_int64(id));
        return ui_print_json(json);
    }
    g_string_replace(line, "%s", number, 1);
    g_print("%s\n", line->str);
    return UI_EXIT_OK;
}

static int export(Call *call)
{
    const char *path = ui_program_arg(call->program, 2);
    g_autoptr(SpSession) session = NULL;
    g_autoptr(GError) error = NULL;
    int code;

    if (path == NULL) {
        return ui_program_usage_error(call->program, _("export: to which file?"));
    }
    session = load(call, &code);
    if (session == NULL) {
        return code;
    }
    if (!sp_bundle_export(session, path, &error)) {
        return fail(call, error);
    }
    return tell(call, sp_session_get_id(session), _("Session %s was exported"));
}

static int
import(Call *call)
{
    g_autoptr(SpSession) session = NULL;
    g_autoptr(GError) error = NULL;

    if (call->argument == NULL) {
        return ui_program_usage_error(call->program, _("import: which file?"));
    }
    session = sp_bundle_import(call->store, call->argument, call->agent, &error);
    if (session == NULL) {
        fail(call, error);
        return UI_EXIT_USAGE;
    }
    return tell(call, sp_session_get_id(session),
                _("Imported; go on with: samephoto session resume %s"));
}

static int delete (Call *call)
{
    g_autoptr(SpSession) session = NULL;
    g_autoptr(GError) error = NULL;
    int code;

    session = load(call, &code);
    if (session == NULL) {
        return code;
    }
    if (!sp_session_delete(call->store, sp_session_get_id(session), &error)) {
        return fail(call, error);
    }
    return tell(call, sp_session_get_id(session), _("Session %s was deleted"));
}

static int
purge(Call *call)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) before =
        g_date_time_add_days(now, -(call->days == UNSET ? DEFAULT_KEEP_DAYS : call->days));
    g_autoptr(GError) error = NULL;
    int n_rows = sp_session_purge(call->store, before, &error);

    if (n_rows < 0) {
        return fail(call, error);
    }
    if (ui_program_is_json(call->program)) {
        SpJson *json = json_object_new_object();

        json_object_object_add(json, "removed", json_object_new_int(n_rows));
        return ui_print_json(json);
    }
    g_print(ngettext("%d session was removed\n", "%d sessions were removed\n", (gulong) n_rows),
            n_rows);
    return UI_EXIT_OK;
}

typedef struct {
    const char *name;
    int (*run)(Call *call);
    guint max_arguments;
    const char *options; /* those of this command that it takes, --agent aside */
} Action;

static const Action actions[] = {
    {"list", list, 0, "due"},
    {"show", show, 1, "format faces limit output"},
    {"resume", resume, 1, "view theme graphics colours mouse slow reference evidence ticket"},
    {"report", report, 1, "format faces limit output"},
    {"message", message, 1, "to in output"},
    {"export", export, 2, ""},
    {"import", import, 1, ""},
    {"delete", delete, 1, ""},
    {"purge", purge, 0, "days"},
};

static gboolean
is_given(const GOptionEntry *entry)
{
    switch (entry->arg) {
    case G_OPTION_ARG_NONE: return *(const gboolean *) entry->arg_data;
    case G_OPTION_ARG_INT: return *(const int *) entry->arg_data != UNSET;
    default: return *(const gconstpointer *) entry->arg_data != NULL;
    }
}

/* An option of another action would be passed over in silence. FALSE: a usage error was told. */
static gboolean
check_options(Call *call, const Action *action, const GOptionEntry *entries)
{
    g_auto(GStrv) taken = g_strsplit(action->options, " ", -1);

    for (gsize i = 0; entries[i].long_name != NULL; i++) {
        if (is_given(&entries[i]) && !g_str_equal(entries[i].long_name, "agent") &&
            !g_strv_contains((const char *const *) taken, entries[i].long_name)) {
            ui_program_usage_error(call->program, _("--%s is no option of '%s'"),
                                   entries[i].long_name, action->name);
            return FALSE;
        }
    }
    if (call->days != UNSET && (call->days < 0 || call->days > MAX_KEEP_DAYS)) {
        ui_program_usage_error(call->program, _("--days: a number from 0 to %d is meant"),
                               MAX_KEEP_DAYS);
        return FALSE;
    }
    if (call->limit != UNSET && call->limit < 1) {
        ui_program_usage_error(call->program, _("--limit: a number of characters is meant"));
        return FALSE;
    }
    return TRUE;
}

/* NULL: a usage error was told. */
static const Action *
find_action(Call *call, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (!g_str_equal(actions[i].name, name)) {
            continue;
        }
        if (ui_program_count_args(call->program) > 1 + actions[i].max_arguments) {
            ui_program_usage_error(call->program, _("'%s' is one argument too many"),
                                   ui_program_arg(call->program, 1 + actions[i].max_arguments));
            return NULL;
        }
        return &actions[i];
    }
    ui_program_usage_error(
        call->program,
        _("'%s' is none of list, show, resume, report, message, export, import, delete, purge"),
        name);
    return NULL;
}

static int
run(Call *call, const GOptionEntry *entries)
{
    const Action *action = find_action(call, ui_program_arg(call->program, 0));
    g_autoptr(GError) error = NULL;
    g_autoptr(SpStore) store = NULL;

    if (action == NULL || !check_options(call, action, entries)) {
        return UI_EXIT_USAGE;
    }
    store = ui_program_open_store(call->program, &error);
    if (store == NULL) {
        return fail(call, error);
    }
    call->store = store;
    call->argument = ui_program_arg(call->program, 1);
    return action->run(call);
}

int
ui_command_session(UiProgram *program)
{
    Call call = {.program = program, .days = UNSET, .limit = UNSET};
    GOptionEntry entries[24] = {
        {"due", 0, 0, G_OPTION_ARG_NONE, &call.is_due, N_("list: what is due today"), NULL},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &call.format,
         N_("report: markdown, html, json or text"), N_("FORMAT")},
        {"faces", 0, 0, G_OPTION_ARG_STRING, &call.faces,
         N_("report: pictures shown, pixelated or none"), N_("HOW")},
        {"limit", 0, 0, G_OPTION_ARG_INT, &call.limit, N_("report: at most N characters of text"),
         N_("N")},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &call.output, N_("report, message: to this file"),
         N_("FILE")},
        {"to", 0, 0, G_OPTION_ARG_STRING, &call.to, N_("message: to user or admin"), N_("WHOM")},
        {"in", 0, 0, G_OPTION_ARG_STRING, &call.message_language,
         N_("message: in this language (en, fr)"), N_("LL")},
        {"agent", 0, 0, G_OPTION_ARG_STRING, &call.agent,
         N_("Who sits at the keyboard (for the log)"), N_("NAME")},
        {"days", 0, 0, G_OPTION_ARG_INT, &call.days,
         N_("purge: closed sessions older than N days (90)"), N_("N")},
    };
    int code;

    ui_open_add_entries(&call.open, entries, G_N_ELEMENTS(entries));
    if (ui_program_parse(program, entries, 0, 3, &code)) {
        code = ui_program_arg(program, 0) == NULL
                   ? ui_program_usage_error(program, _("list, show, resume, report, message, "
                                                       "export, import, delete or purge?"))
                   : run(&call, entries);
    }
    ui_open_options_clear(&call.open);
    g_free(call.format);
    g_free(call.faces);
    g_free(call.output);
    g_free(call.to);
    g_free(call.message_language);
    g_free(call.agent);
    return code;
}
