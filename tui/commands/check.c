/* `samephoto check`: one check of one person, printed. */
#include "tui/commands/check.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/guide/playbook.h"
#include "core/i18n.h"
#include "core/services/collect.h"
#include "core/services/service.h"
#include "core/services/source.h"
#include "core/text.h"
#include "tui/commands/table.h"
#include "tui/holds.h"

/* What the callback works on. */
typedef struct {
    GMainLoop *loop;
    SpClient *client;
    SpCheck *check;
    UiHolds *holds;
    gboolean has_progress; /* stderr is a terminal */
    gboolean is_verbose;
    guint signals[2]; /* their sources, or 0 */
    gboolean is_interrupted;
} Watch;

static const char *
colour(gboolean is_on, const char *sequence)
{
    return is_on ? sequence : "";
}

/* The names of the copies that have not arrived; NULL where none is missing. */
static char *
name_missing(SpCheck *check, SpClient *client)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < sp_check_count(check); i++) {
        g_autofree char *title = NULL;

        if (sp_check_get_copy(check, i) != NULL) {
            continue;
        }
        title = sp_service_title(sp_client_get_config(client), sp_check_get_service(check, i));
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", title);
    }
    return names->len == 0 ? NULL : g_string_free(g_steal_pointer(&names), FALSE);
}

/* What is held back comes first: it is the reason for the rest. */
static void
show_progress(const Watch *watch)
{
    g_autofree char *missing = NULL;
    g_autofree char *held = NULL;
    g_autofree char *line = NULL;
    g_autofree char *fitting = NULL;

    if (!watch->has_progress) {
        return;
    }
    missing = name_missing(watch->check, watch->client);
    held = ui_holds_describe(watch->holds);
    line = missing == NULL ? g_strdup("") : g_strdup_printf(_("Reading: %s"), missing);
    if (held != NULL) {
        g_autofree char *both = g_strdup_printf("%s · %s", held, line);

        fitting = sp_text_fit(both, 78);
    } else {
        fitting = sp_text_fit(line, 78);
    }
    g_printerr("\r\033[K%s", fitting);
}

static void
clear_progress(const Watch *watch)
{
    if (watch->has_progress) {
        g_printerr("\r\033[K");
    }
}

static gboolean
on_second(gpointer user_data)
{
    show_progress(user_data);
    return G_SOURCE_CONTINUE;
}

/* Without a terminal there is nothing to count down on: a line each time. */
static void
on_wait(const char *name, gint64 wait_ms, gpointer user_data)
{
    const Watch *watch = user_data;

    if (!ui_holds_add(watch->holds, name, wait_ms)) {
        return;
    }
    if (watch->has_progress) {
        show_progress(watch);
    } else {
        g_autofree char *held = ui_holds_describe(watch->holds);

        g_printerr("samephoto check: %s\n", held);
    }
}

/* -v: each copy when it arrives. */
static void
tell_copy(const Watch *watch, const char *service)
{
    int index = sp_check_find(watch->check, service);
    const SpCopy *copy = index < 0 ? NULL : sp_check_get_copy(watch->check, (guint) index);

    if (watch->is_verbose && copy != NULL) {
        clear_progress(watch);
        g_printerr("%6d ms  %s: %s\n", (int) copy->elapsed_ms, copy->title,
                   sp_copy_status_title(copy->status));
    }
}

static void
on_check(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    Watch *watch = user_data;

    watch->check = check;
    switch (event) {
    case SP_CHECK_PERSON: show_progress(watch); break;
    case SP_CHECK_COPY:
        tell_copy(watch, service);
        show_progress(watch);
        break;
    case SP_CHECK_COMPARED: break;
    case SP_CHECK_CHOICE:
    case SP_CHECK_DONE:
    case SP_CHECK_FAILED:
        clear_progress(watch);
        g_main_loop_quit(watch->loop);
        break;
    }
}

/* A second signal finds nobody who catches it, and ends the program at once. */
static gboolean
on_interrupt(gpointer user_data)
{
    Watch *watch = user_data;

    watch->is_interrupted = TRUE;
    clear_progress(watch);
    sp_check_cancel(watch->check);
    g_main_loop_quit(watch->loop);
    for (gsize i = 0; i < G_N_ELEMENTS(watch->signals); i++) {
        g_clear_handle_id(&watch->signals[i], g_source_remove);
    }
    return G_SOURCE_REMOVE;
}

static void
add_copy(UiTable *table, SpCheck *check, guint index)
{
    SpCopy *copy = sp_check_get_copy(check, index);
    const SpGroups *groups = sp_check_get_groups(check);
    int group = groups == NULL ? SP_GROUP_NONE : sp_groups_of(groups, index);
    const SpComparison *relation = groups == NULL ? NULL : sp_groups_to_reference(groups, index);
    g_autofree char *letter = sp_group_to_letter(group);
    gboolean is_reference = (int) index == sp_check_get_reference(check);
    g_autofree char *size = NULL;
    g_autofree char *bytes = NULL;
    g_autofree char *changed = NULL;

    if (copy->photo != NULL) {
        size = g_strdup_printf("%dx%d %s", sp_photo_get_width(copy->photo),
                               sp_photo_get_height(copy->photo), sp_photo_get_format(copy->photo));
        bytes = g_strdup_printf("%.1f kB",
                                (double) g_bytes_get_size(sp_photo_get_bytes(copy->photo)) / 1024);
    }
    if (copy->last_modified != NULL) {
        changed = g_date_time_format(copy->last_modified, "%Y-%m-%d");
    }
    ui_table_add(table,
                 (const char *const[]){copy->title, sp_copy_status_title(copy->status),
                                       letter == NULL ? "" : letter,
                                       is_reference       ? _("the reference")
                                       : relation != NULL ? sp_relation_title(relation->relation)
                                                          : "",
                                       size == NULL ? "" : size, bytes == NULL ? "" : bytes,
                                       changed == NULL ? "" : changed, NULL});
}

static void
print_troubles(SpCheck *check)
{
    SpEvidence evidence = sp_check_get_evidence(check);
    g_auto(GStrv) lines = sp_diagnose_troubles(&evidence);

    for (gsize i = 0; lines[i] != NULL; i++) {
        g_print("%s  %s\n", i == 0 ? "\n" : "", lines[i]);
    }
}

static void
print_copies(SpCheck *check)
{
    const char *const headings[] = {_("Service"), _("Status"), _("Group"),   _("Compared"),
                                    _("Size"),    _("Bytes"),  _("Changed"), NULL};
    g_autoptr(UiTable) table = ui_table_new(headings, 0);

    for (guint i = 0; i < sp_check_count(check); i++) {
        if (sp_check_get_copy(check, i) != NULL) {
            add_copy(table, check, i);
        }
    }
    ui_table_print(table, 2);
    print_troubles(check);
}

/* The section of the playbook that a remedy ("profile-photo#sharepoint-differs") means, or NULL. */
static const SpSection *
find_remedy(const char *remedy, const char *language, SpPlaybook **playbook)
{
    const char *hash = remedy == NULL ? NULL : strchr(remedy, '#');
    g_autofree char *name = hash == NULL ? NULL : g_strndup(remedy, (gsize) (hash - remedy));

    if (name == NULL) {
        return NULL;
    }
    *playbook = sp_playbook_load(name, language, NULL);
    return *playbook == NULL ? NULL : sp_playbook_find_section(*playbook, hash + 1);
}

static void
print_remedy(const SpFinding *finding, const char *language)
{
    g_autoptr(SpPlaybook) playbook = NULL;
    const SpSection *section = find_remedy(finding->remedy, language, &playbook);

    if (section == NULL) {
        return;
    }
    g_print(_("    %s: %s (samephoto playbook show %s)\n"), _("What mends it"), section->title,
            sp_playbook_get_name(playbook));
    for (guint i = 0; i < section->steps->len; i++) {
        const SpStep *step = g_ptr_array_index(section->steps, i);

        g_print("      %u. %s%s%s%s\n", i + 1, step->text,
                step->actor == SP_ACTOR_NOBODY ? "" : " [",
                step->actor == SP_ACTOR_NOBODY ? "" : sp_actor_title(step->actor),
                step->actor == SP_ACTOR_NOBODY ? "" : "]");
    }
}

static void
print_finding(const SpFinding *finding, gboolean has_colour, gboolean is_first,
              const char *language)
{
    static const char *const colours[] = {
        [SP_SEVERITY_OK] = "\033[32m",      [SP_SEVERITY_INFO] = "\033[36m",
        [SP_SEVERITY_WAIT] = "\033[33m",    [SP_SEVERITY_ACTION] = "\033[31m",
        [SP_SEVERITY_PROBLEM] = "\033[35m",
    };

    g_autofree char *severity =
        g_strconcat(colour(has_colour, colours[finding->severity]),
                    sp_severity_title(finding->severity), colour(has_colour, "\033[0m"), NULL);

    g_print("\n");
    g_print(_("  %s: %s\n"), severity, finding->summary);
    for (int i = 0; finding->evidence[i] != NULL; i++) {
        g_print("    - %s\n", finding->evidence[i]);
    }
    if (finding->source != NULL) {
        g_print(_("    %s: %s"), sp_confidence_title(finding->confidence), finding->source);
        g_print("%s%s\n", finding->source_url == NULL ? "" : " ",
                finding->source_url == NULL ? "" : finding->source_url);
    }
    if (finding->recheck_after != NULL) {
        g_autoptr(GDateTime) local = g_date_time_to_local(finding->recheck_after);
        g_autofree char *when = g_date_time_format(local, "%Y-%m-%d %H:%M");

        g_print(_("    Check again after %s\n"), when);
    }
    if (is_first) {
        print_remedy(finding, language);
    }
}

static void
print_lines(const char *title, GStrv lines)
{
    if (lines == NULL || lines[0] == NULL) {
        return;
    }
    g_print("\n%s\n", title);
    for (int i = 0; lines[i] != NULL; i++) {
        g_print("  - %s\n", lines[i]);
    }
}

static void
print_person(const SpPerson *person)
{
    if (person->not_looked_up != NULL) {
        g_print(_("%s, as typed: %s\n\n"), person->user_principal_name, person->not_looked_up);
    } else if (person->display_name != NULL) {
        g_print("%s <%s>\n\n", person->display_name, person->user_principal_name);
    } else {
        g_print("%s\n\n", person->user_principal_name);
    }
}

static void
print_check(SpCheck *check, const char *language)
{
    gboolean has_colour = ui_program_is_colour(STDOUT_FILENO);
    const SpPerson *person = sp_check_get_person(check);
    SpEvidence evidence = sp_check_get_evidence(check);
    g_autofree char *headline = sp_diagnose_headline(&evidence);
    g_auto(GStrv) forecast = sp_diagnose_forecast(&evidence);
    GPtrArray *findings = sp_check_get_findings(check);

    g_print("%s%s%s\n", colour(has_colour, "\033[1m"), headline, colour(has_colour, "\033[0m"));
    print_person(person);
    print_copies(check);
    for (guint i = 0; i < findings->len; i++) {
        print_finding(g_ptr_array_index(findings, i), has_colour, i == 0, language);
    }
    print_lines(_("What happens next"), forecast);
}

int
ui_check_tell_matches(UiProgram *program, SpCheck *check, const char *user)
{
    GPtrArray *matches = sp_check_get_matches(check);

    ui_program_usage_error(program,
                           ngettext("%u person matches '%s'; name one of them:",
                                    "%u people match '%s'; name one of them:", matches->len),
                           matches->len, user);
    for (guint i = 0; i < matches->len; i++) {
        const SpPerson *person = g_ptr_array_index(matches, i);

        g_printerr("  %s (%s)\n", person->user_principal_name,
                   person->display_name == NULL ? "" : person->display_name);
    }
    return UI_EXIT_USAGE;
}

/* In one line, why nothing can be held against what a reference file gave; NULL: it can. */
static const char *
why_no_reference(const SpPhoto *photo, const char *error)
{
    if (photo == NULL) {
        return error != NULL ? error : _("the reference file was not read");
    }
    return sp_photo_get_placeholder(photo) == SP_PLACEHOLDER_NONE
               ? NULL
               : _("this picture shows no photo (it is blank, a silhouette or initials): nothing "
                   "can be held against it; choose another picture");
}

/* A reference file that is no photo is the caller's mistake: it is told, and decides the exit code,
 * after all that could be read was shown. */
static gboolean
has_bad_file(UiProgram *program, SpCheck *check, const char *file)
{
    int index = file == NULL ? -1 : sp_check_find(check, "file");
    const SpCopy *copy = index < 0 ? NULL : sp_check_get_copy(check, (guint) index);
    const char *why = file == NULL ? NULL
                                   : why_no_reference(copy == NULL ? NULL : copy->photo,
                                                      copy == NULL ? NULL : copy->error);

    if (why != NULL) {
        ui_program_usage_error(program, "--reference %s: %s", file, why);
    }
    return why != NULL;
}

gboolean
ui_check_can_refer_to(UiProgram *program, const char *file)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPhoto) photo = file == NULL ? NULL : sp_photo_new_from_file(file, &error);
    const char *why =
        file == NULL ? NULL : why_no_reference(photo, error == NULL ? NULL : error->message);

    if (why != NULL) {
        ui_program_usage_error(program, "--reference %s: %s", file, why);
    }
    return why == NULL;
}

/* Whether a copy is called so: one of ours, or a [source NAME]. */
static gboolean
is_copy(const SpConfig *config, const char *id)
{
    return sp_service_find(id) != NULL || sp_source_exists(config, id);
}

static gboolean
check_only(UiProgram *program, const SpConfig *config, const char *const *only)
{
    for (int i = 0; only != NULL && only[i] != NULL; i++) {
        if (g_str_equal(only[i], "entra")) {
            ui_program_usage_error(program, _("--only: Entra's picture cannot be read by itself; "
                                              "graph answers with it where it has no other"));
            return FALSE;
        }
        if (!is_copy(config, only[i]) && !g_str_equal(only[i], SP_SHAREPOINT_FAMILY)) {
            ui_program_usage_error(program, _("--only: there is no service '%s'"), only[i]);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
ui_check_take_given(UiProgram *program, SpConfig *config, const UiCheckGiven *given,
                    SpCheckOptions *options)
{
    gboolean is_service = given->reference != NULL && is_copy(config, given->reference);
    SpCollectOptions collected = {.wanted = given->only};
    g_auto(GStrv) plan = NULL;

    if (!check_only(program, config, given->only)) {
        return FALSE;
    }
    options->wanted = given->only;
    options->reference = is_service ? given->reference : NULL;
    if (!is_service || g_str_equal(given->reference, "file")) {
        options->reference_file =
            ui_program_get_reference(program, is_service ? NULL : given->reference, options->user);
    }
    collected.reference_file = options->reference_file;
    plan = sp_collect_plan(config, &collected);
    if (is_service && !g_strv_contains((const char *const *) plan, given->reference)) {
        ui_program_usage_error(program,
                               _("--reference: '%s' is not among the copies that are read"),
                               given->reference);
        return FALSE;
    }
    if (plan[0] == NULL && given->only != NULL) {
        ui_program_usage_error(program, _("--only file needs --reference with a picture file"));
        return FALSE;
    }
    return TRUE;
}

/* Runs the check to its end or to an interrupt, in sight of whoever waits. Transfer full. */
static SpCheck *
watch_check(UiProgram *program, SpClient *client, const SpCheckOptions *options,
            gboolean *is_interrupted)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(UiHolds) holds = ui_holds_new();
    Watch watch = {.loop = loop,
                   .client = client,
                   .holds = holds,
                   .has_progress = isatty(STDERR_FILENO),
                   .is_verbose = ui_program_is_verbose(program)};
    guint clock = watch.has_progress ? g_timeout_add_seconds(1, on_second, &watch) : 0;

    sp_http_set_wait_func(sp_client_get_http(client), on_wait, &watch);
    watch.check = sp_check_start(client, options, on_check, &watch);
    watch.signals[0] = g_unix_signal_add(SIGINT, on_interrupt, &watch);
    watch.signals[1] = g_unix_signal_add(SIGTERM, on_interrupt, &watch);
    g_main_loop_run(loop);
    sp_http_set_wait_func(sp_client_get_http(client), NULL, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(watch.signals); i++) {
        g_clear_handle_id(&watch.signals[i], g_source_remove);
    }
    g_clear_handle_id(&clock, g_source_remove);
    *is_interrupted = watch.is_interrupted;
    return watch.check;
}

static int
print_result(UiProgram *program, SpCheck *check)
{
    if (ui_program_is_json(program)) {
        return ui_print_json(sp_check_to_json(check));
    }
    print_check(check, ui_program_get_language(program));
    return UI_EXIT_OK;
}

/* What was read until the interrupt is shown like any other result. */
static int
end_interrupted(UiProgram *program, SpCheck *check)
{
    int written = UI_EXIT_OK;

    if (sp_check_get_person(check) == NULL) {
        g_printerr("samephoto check: %s\n", _("stopped before anything was read"));
        return UI_EXIT_INCOMPLETE;
    }
    g_printerr("samephoto check: %s\n", _("stopped; this is what was read until then"));
    written = print_result(program, check);
    return written == UI_EXIT_OK ? UI_EXIT_INCOMPLETE : written;
}

static int
run_check(UiProgram *program, SpClient *client, const SpCheckOptions *options)
{
    gboolean is_interrupted = FALSE;
    g_autoptr(SpCheck) check = watch_check(program, client, options, &is_interrupted);
    int written = UI_EXIT_OK;

    if (is_interrupted) {
        return end_interrupted(program, check);
    }
    if (sp_check_get_error(check) != NULL) {
        return ui_program_fail(program, sp_check_get_error(check));
    }
    if (!sp_check_is_done(check) || sp_check_get_person(check) == NULL) {
        return ui_check_tell_matches(program, check, options->user);
    }
    written = print_result(program, check);
    if (written != UI_EXIT_OK) {
        return written;
    }
    return has_bad_file(program, check, options->reference_file) ? UI_EXIT_USAGE
                                                                 : sp_check_exit_code(check);
}

int
ui_command_check(UiProgram *program)
{
    g_autofree char *reference = NULL;
    g_auto(GStrv) only = NULL;
    g_auto(GStrv) evidence = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GDateTime) now = NULL;
    g_autoptr(GPtrArray) seen = NULL;
    SpCheckOptions options = {0};
    UiCheckGiven given = {0};
    SpClient *client;
    int code;
    const GOptionEntry entries[] = {
        {"reference", 'r', 0, G_OPTION_ARG_FILENAME, &reference,
         N_("Hold the copies against this picture file, or against this service's copy"),
         N_("FILE|SERVICE")},
        {"evidence", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &evidence,
         N_("Add this picture of what the person sees"), N_("FILE")},
        {"only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &only, N_("Read only this service's copy"),
         N_("SERVICE")},
        {NULL},
    };

    if (!ui_program_parse(program, entries, 0, 1, &code)) {
        return code;
    }
    client = ui_program_get_client(program, &error);
    if (client == NULL) {
        return ui_program_fail(program, error);
    }
    options.user = ui_program_get_user(program, 0);
    if (options.user == NULL) {
        return UI_EXIT_USAGE;
    }
    given.reference = reference;
    given.only = (const char *const *) only;
    if (!ui_check_take_given(program, sp_client_get_config(client), &given, &options)) {
        return UI_EXIT_USAGE;
    }
    seen = ui_program_load_seen(program, (const char *const *) evidence, options.user, 1);
    if (seen == NULL) {
        return UI_EXIT_USAGE;
    }
    options.seen = seen;
    if (ui_program_get_tenant(program) != NULL) {
        now = sp_tenant_now(ui_program_get_tenant(program));
        options.now = now;
    }
    return run_check(program, client, &options);
}
