/* `samephoto watch`: reads one person's copies again and again, each time as late as makes sense,
 * until all of them show the same photo. */
#include "core/guide/watch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

#include "core/guide/check.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/text.h"
#include "tui/commands/check.h"
#include "tui/notify.h"
#include "tui/output.h"

#define FLOOR_S 60 /* between two readings of real services */

typedef struct {
    UiProgram *program;
    GMainLoop *loop;
    SpClient *client;
    SpCheckOptions options; /* of every reading */
    SpWatchPace pace;
    SpCheck *check; /* the reading that runs, or the last one */
    guint timer;
    int code; /* what the last reading stands for; -1: there was none */
} Watcher;

static void read_again(Watcher *watcher);

static void
end(Watcher *watcher, int code)
{
    watcher->code = code;
    g_main_loop_quit(watcher->loop);
}

/* ---- what is told ---- */

static SpJson *
copies_to_json(SpCheck *check)
{
    SpJson *copies = json_object_new_array();
    const SpGroups *groups = sp_check_get_groups(check);

    for (guint i = 0; i < sp_check_count(check); i++) {
        const SpCopy *copy = sp_check_get_copy(check, i);
        int group = groups == NULL ? SP_GROUP_NONE : sp_groups_of(groups, i);
        g_autofree char *letter = sp_group_to_letter(group);
        SpJson *row;

        if (copy == NULL) {
            continue;
        }
        row = json_object_new_object();
        sp_json_add_string(row, "service", copy->service);
        sp_json_add_string(row, "status", sp_copy_status_name(copy->status));
        sp_json_add_string(row, "group", letter);
        json_object_array_add(copies, row);
    }
    return copies;
}

static void
print_json_line(const Watcher *watcher, const char *headline, GDateTime *now, GDateTime *next)
{
    g_autoptr(SpJson) json = json_object_new_object();
    g_autofree char *line = NULL;

    sp_json_add_string(json, "schema", "samephoto.watch/1");
    json_object_object_add(json, "reading", json_object_new_int((int) watcher->pace.n_readings));
    sp_json_add_time(json, "time", now);
    sp_json_add_string(json, "user", sp_check_get_person(watcher->check)->user_principal_name);
    sp_json_add_string(json, "verdict", sp_verdict_name(sp_check_get_verdict(watcher->check)));
    sp_json_add_string(json, "headline", headline);
    json_object_object_add(json, "copies", copies_to_json(watcher->check));
    sp_json_add_time(json, "next", next);
    line = g_strconcat(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE),
                       "\n", NULL);
    ui_output_write(line);
}

static char *
format_time(GDateTime *time)
{
    g_autoptr(GDateTime) local = g_date_time_to_local(time);

    return g_date_time_format(local, "%H:%M:%S");
}

/* `next` is NULL where this was the last reading. */
static void
tell_reading(const Watcher *watcher, GDateTime *next)
{
    SpEvidence evidence = sp_check_get_evidence(watcher->check);
    g_autofree char *headline = sp_diagnose_headline(&evidence);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *clock = format_time(now);
    g_autofree char *then = next == NULL ? NULL : format_time(next);

    if (ui_program_is_json(watcher->program)) {
        print_json_line(watcher, headline, now, next);
    } else if (then == NULL) {
        g_print("%s  %s\n", clock, headline);
    } else {
        g_print(_("%s  %s (again at %s)\n"), clock, headline, then);
    }
}

static void
on_notified(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) source;
    if (!ui_notify_finish(result, &error)) {
        g_debug("%s", error->message);
    }
    end(user_data, UI_EXIT_OK);
}

/* A bell and the window's title, where somebody sits before a terminal that has one. */
static void
ring(const char *title)
{
    const char *term = g_getenv("TERM");

    if (!isatty(STDERR_FILENO) || term == NULL || g_str_equal(term, "dumb")) {
        return;
    }
    g_printerr("\a");
    if (g_str_has_prefix(term, "xterm") || g_str_has_prefix(term, "tmux")) {
        g_printerr("\033]2;%s\033\\", title);
    }
}

static void
tell_agreement(Watcher *watcher)
{
    const SpPerson *person = sp_check_get_person(watcher->check);
    const char *name =
        person->display_name != NULL ? person->display_name : person->user_principal_name;
    g_autofree char *body = g_strdup_printf(_("%s: all copies show the same photo now"), name);
    g_autofree char *clean = sp_text_clean(body, -1, 120);

    ring(clean);
    ui_notify_async("samephoto", body, on_notified, watcher);
}

/* ---- the readings ---- */

static gboolean
on_timer(gpointer user_data)
{
    Watcher *watcher = user_data;

    watcher->timer = 0;
    read_again(watcher);
    return G_SOURCE_REMOVE;
}

static void
plan_next(Watcher *watcher)
{
    SpEvidence evidence = sp_check_get_evidence(watcher->check);
    gint64 wait = sp_watch_wait_s(&watcher->pace, sp_check_get_findings(watcher->check),
                                  evidence.copies, evidence.n_copies, evidence.now);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) next = g_date_time_add_seconds(now, (double) wait);

    tell_reading(watcher, next);
    watcher->timer = g_timeout_add_seconds((guint) wait, on_timer, watcher);
}

static void
on_reading(Watcher *watcher)
{
    watcher->pace.n_readings++;
    watcher->code = sp_check_exit_code(watcher->check);
    if (sp_watch_is_over(sp_check_get_verdict(watcher->check))) {
        tell_reading(watcher, NULL);
        tell_agreement(watcher);
    } else {
        plan_next(watcher);
    }
    if (ferror(stdout)) {
        end(watcher, UI_EXIT_FAULT);
    }
}

static void
on_check(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    Watcher *watcher = user_data;

    (void) service;
    switch (event) {
    case SP_CHECK_PERSON:
    case SP_CHECK_COPY:
    case SP_CHECK_COMPARED: break;
    case SP_CHECK_CHOICE:
        end(watcher, ui_check_tell_matches(watcher->program, check, watcher->options.user));
        break;
    case SP_CHECK_FAILED:
        end(watcher, ui_program_fail(watcher->program, sp_check_get_error(check)));
        break;
    case SP_CHECK_DONE: on_reading(watcher); break;
    }
}

static void
read_again(Watcher *watcher)
{
    g_autoptr(SpCheck) before = g_steal_pointer(&watcher->check);
    SpTenant *tenant = ui_program_get_tenant(watcher->program);
    g_autoptr(GDateTime) now = tenant == NULL ? NULL : sp_tenant_now(tenant);
    SpCheckOptions options = watcher->options;

    options.person = before == NULL ? NULL : sp_check_get_person(before);
    options.now = now;
    watcher->check = sp_check_start(watcher->client, &options, on_check, watcher);
}

static gboolean
on_interrupt(gpointer user_data)
{
    Watcher *watcher = user_data;

    end(watcher, watcher->code < 0 ? UI_EXIT_INCOMPLETE : watcher->code);
    return G_SOURCE_CONTINUE;
}

static int
watch(Watcher *watcher)
{
    guint interrupt = g_unix_signal_add(SIGINT, on_interrupt, watcher);
    guint terminate = g_unix_signal_add(SIGTERM, on_interrupt, watcher);

    watcher->loop = g_main_loop_new(NULL, FALSE);
    read_again(watcher);
    g_main_loop_run(watcher->loop);
    g_clear_handle_id(&watcher->timer, g_source_remove);
    g_source_remove(interrupt);
    g_source_remove(terminate);
    g_clear_pointer(&watcher->check, sp_check_unref);
    g_main_loop_unref(watcher->loop);
    return watcher->code;
}

int
ui_command_watch(UiProgram *program)
{
    g_autofree char *reference = NULL;
    g_autoptr(GError) error = NULL;
    int every = 0;
    Watcher watcher = {.program = program, .code = -1};
    UiCheckGiven given = {0};
    int code;
    const GOptionEntry entries[] = {
        {"every", 0, 0, G_OPTION_ARG_INT, &every,
         N_("Read every SECONDS instead of when it makes sense"), N_("SECONDS")},
        {"reference", 'r', 0, G_OPTION_ARG_FILENAME, &reference,
         N_("Hold the copies against this picture file, or against this service's copy"),
         N_("FILE|SERVICE")},
        {NULL},
    };

    if (!ui_program_parse(program, entries, 0, 1, &code)) {
        return code;
    }
    watcher.pace.floor_s = ui_program_is_practice(program) ? 1 : FLOOR_S;
    if (every != 0 && every < watcher.pace.floor_s) {
        return ui_program_usage_error(program, _("--every: at least %d seconds, please"),
                                      (int) watcher.pace.floor_s);
    }
    watcher.pace.every_s = every;
    watcher.client = ui_program_get_client(program, &error);
    if (watcher.client == NULL) {
        return ui_program_fail(program, error);
    }
    watcher.options.user = ui_program_get_user(program, 0);
    given.reference = reference;
    if (watcher.options.user == NULL ||
        !ui_check_take_given(program, sp_client_get_config(watcher.client), &given,
                             &watcher.options) ||
        !ui_check_can_refer_to(program, watcher.options.reference_file)) {
        return UI_EXIT_USAGE;
    }
    return watch(&watcher);
}
