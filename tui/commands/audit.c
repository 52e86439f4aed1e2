/* `samephoto audit`: many people, one after the other, told as they are done and added up. Records
 * go to a file as they come, so that an audit that was stopped goes on where it stood. */
#include "core/guide/audit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

#include "core/error.h"
#include "core/guide/audit-list.h"
#include "core/guide/audit-tally.h"
#include "core/i18n.h"
#include "core/text.h"
#include "tui/commands/audit-tell.h"
#include "tui/commands/command.h"
#include "tui/holds.h"

#define MAX_LIST_BYTES   (64 * 1024 * 1024)
#define MAX_RECORD_BYTES (4 * 1024 * 1024)

/* Nobody waits before a screen: whatever a service says that it takes is waited for. Few tries: one
 * person who is always refused must not hold up everybody. */
static const SpPatience patience = {.max_wait_ms = 10 * 60 * 1000, .max_retries = 4};

/* What was asked for. */
typedef struct {
    char *users;
    gboolean is_all;
    int jobs;
    char *output;
    gboolean is_resumed;
    gboolean is_csv;
} Options;

/* One run. */
typedef struct {
    UiProgram *program;
    const Options *options;
    GMainLoop *loop;
    GCancellable *cancellable;
    SpAuditTally *tally;
    GHashTable *done; /* addresses that an earlier run has read, folded */
    FILE *file;       /* or NULL */
    UiHolds *holds;
    gboolean has_progress;
    UiAuditForm form;
    gboolean is_kept; /* every record so far, in the file */
    guint n_left_out;
    GError *error;
} Run;

static void
options_clear(Options *options)
{
    g_free(options->users);
    g_free(options->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void
run_clear(Run *run)
{
    g_main_loop_unref(run->loop);
    g_object_unref(run->cancellable);
    sp_audit_tally_free(run->tally);
    g_hash_table_unref(run->done);
    ui_holds_free(run->holds);
    g_clear_error(&run->error);
    if (run->file != NULL) {
        fclose(run->file);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

/* ---- in sight of whoever waits ---- */

static void
clear_progress(const Run *run)
{
    if (run->has_progress) {
        g_printerr("\r\033[K");
    }
}

static void
show_progress(const Run *run)
{
    guint count = sp_audit_tally_count(run->tally);
    guint well = sp_audit_tally_count_verdict(run->tally, SP_VERDICT_IN_SYNC);
    g_autofree char *held = ui_holds_describe(run->holds);
    g_autofree char *line = NULL;
    g_autofree char *fitting = NULL;

    if (!run->has_progress) {
        return;
    }
    line = g_strdup_printf(_("%u read, %u of them not in sync%s%s"), count, count - well,
                           held == NULL ? "" : " · ", held == NULL ? "" : held);
    fitting = sp_text_fit(line, 78);
    g_printerr("\r\033[K%s", fitting);
}

static gboolean
on_second(gpointer user_data)
{
    show_progress(user_data);
    return G_SOURCE_CONTINUE;
}

static void
on_wait(const char *name, gint64 wait_ms, gpointer user_data)
{
    Run *run = user_data;

    if (ui_holds_add(run->holds, name, wait_ms)) {
        show_progress(run);
    }
}

/* There before the next one is begun. */
static gboolean
keep(FILE *file, const char *line)
{
    return file == NULL || (fputs(line, file) >= 0 && fflush(file) == 0);
}

static void
on_entry(const SpAuditEntry *entry, gpointer user_data)
{
    Run *run = user_data;
    g_autoptr(SpJson) record = sp_audit_to_json(entry);
    g_autofree char *line = ui_audit_line(record);

    sp_audit_tally_add(run->tally, record);
    clear_progress(run);
    ui_audit_tell_entry(run->form, entry, line, ui_program_is_verbose(run->program));
    run->is_kept &= keep(run->file, line);
    show_progress(run);
    if (!run->is_kept || ferror(stdout)) {
        g_cancellable_cancel(run->cancellable);
    }
}

/* ---- the list and the file ---- */

/* Transfer full; NULL with an error. */
static GStrv
read_users(const char *path, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    gboolean is_stdin = g_str_equal(path, "-");
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    char buffer[8192];
    gboolean is_read;
    gsize count;

    if (file == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("%s cannot be opened: %s"), path,
                    g_strerror(errno));
        return NULL;
    }
    while (text->len <= MAX_LIST_BYTES && (count = fread(buffer, 1, sizeof buffer, file)) > 0) {
        g_string_append_len(text, buffer, (gssize) count);
    }
    is_read = !ferror(file);
    if (!is_stdin) {
        fclose(file);
    }
    if (!is_read) {
        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("%s cannot be read"), path);
        return NULL;
    }
    if (memchr(text->str, '\0', text->len) != NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("%s is no list in UTF-8; save it as one"),
                    path);
        return NULL;
    }
    if (text->len > MAX_LIST_BYTES) {
        g_set_error(error, SP_ERROR, SP_ERROR_TOO_LARGE, _("%s is larger than %d MB"), path,
                    MAX_LIST_BYTES / 1024 / 1024);
        return NULL;
    }
    return sp_audit_list_parse(text->str, error);
}

/* Who could not be looked up may be there when the network is: only "nobody is called so" (2) is
 * final. */
static gboolean
is_final(SpJson *record)
{
    return sp_json_member(record, "check") != NULL || sp_json_int(record, "exit_code", -1) == 2;
}

/* One line of an earlier run; FALSE: it is none. */
static gboolean
take_record(Run *run, const char *line, gsize length)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(line, length);
    g_autoptr(SpJson) record = sp_json_parse(bytes, run->options->output, NULL);

    if (record == NULL || sp_json_string(record, "query") == NULL) {
        return FALSE;
    }
    if (!is_final(record)) {
        return TRUE;
    }
    if (!sp_audit_tally_add(run->tally, record)) {
        return FALSE;
    }
    g_hash_table_add(run->done, sp_audit_fold(sp_json_string(record, "query")));
    return TRUE;
}

/* Takes what an earlier run has written; gives where its last whole line ends, or -1: this is no
 * audit's file. */
static long
take_records(Run *run, FILE *file)
{
    g_autofree char *line = NULL;
    size_t size = 0;
    ssize_t length;
    long end = 0;

    while ((length = getline(&line, &size, file)) > 0 && line[length - 1] == '\n') {
        if (length > MAX_RECORD_BYTES || !take_record(run, line, (gsize) length)) {
            return -1;
        }
        end = ftell(file);
    }
    return length > 0 && line[0] != '{' ? -1 : end;
}

static gboolean
open_output(Run *run, GError **error)
{
    const char *path = run->options->output;
    const char *mode = run->options->is_resumed ? "r+" : "wx";

    run->file = fopen(path, mode);
    if (run->file == NULL && run->options->is_resumed && errno == ENOENT) {
        run->file = fopen(path, "wx");
    }
    if (run->file == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND,
                    errno == EEXIST ? _("--output: %s is there already; --resume goes on with it")
                                    : _("--output: %s cannot be written: %s"),
                    path, g_strerror(errno));
        return FALSE;
    }
    if (run->options->is_resumed) {
        long end = take_records(run, run->file);

        if (end < 0) {
            g_set_error(error, SP_ERROR, SP_ERROR_FORMAT,
                        _("--output: %s holds something else than an audit's records"), path);
            return FALSE;
        }
        /* A line that was cut by a fall is written anew. */
        if (ftruncate(fileno(run->file), end) != 0 || fseek(run->file, end, SEEK_SET) != 0) {
            g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND,
                        _("--output: %s cannot be written: %s"), path, g_strerror(errno));
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- the run ---- */

static void
on_audited(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Run *run = user_data;

    (void) source;
    sp_audit_finish(result, &run->n_left_out, &run->error);
    g_main_loop_quit(run->loop);
}

/* A second signal finds nobody who catches it, and ends the program at once. */
static gboolean
on_interrupt(gpointer user_data)
{
    g_cancellable_cancel(((Run *) user_data)->cancellable);
    return G_SOURCE_REMOVE;
}

static void
audit(Run *run, SpClient *client, const char *const *users)
{
    SpTenant *tenant = ui_program_get_tenant(run->program);
    g_autoptr(GDateTime) now = tenant == NULL ? NULL : sp_tenant_now(tenant);
    const SpAuditOptions options = {
        .users = users, .done = run->done, .n_jobs = (guint) run->options->jobs, .now = now};
    GMainContext *context = g_main_context_default();
    guint clock = run->has_progress ? g_timeout_add_seconds(1, on_second, run) : 0;
    guint signals[2] = {g_unix_signal_add(SIGINT, on_interrupt, run),
                        g_unix_signal_add(SIGTERM, on_interrupt, run)};

    sp_http_set_wait_func(sp_client_get_http(client), on_wait, run);
    sp_audit_async(client, &options, on_entry, run, run->cancellable, on_audited, run);
    g_main_loop_run(run->loop);
    sp_http_set_wait_func(sp_client_get_http(client), NULL, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        if (g_main_context_find_source_by_id(context, signals[i]) != NULL) {
            g_source_remove(signals[i]);
        }
    }
    g_clear_handle_id(&clock, g_source_remove);
    clear_progress(run);
}

/* What it adds up to is told however it ended. */
static int
end(Run *run)
{
    int code = sp_audit_tally_exit_code(run->tally);

    ui_audit_tell_summary(run->form, run->tally, run->n_left_out);
    if (!run->is_kept) {
        g_printerr("samephoto audit: %s\n", _("not every record could be written to --output"));
        return UI_EXIT_FAULT;
    }
    if (run->error == NULL) {
        return code;
    }
    if (g_error_matches(run->error, SP_ERROR, SP_ERROR_CANCELLED)) {
        g_printerr("samephoto audit: %s\n", run->file == NULL
                                                ? _("stopped; this is what was read until then")
                                                : _("stopped; --resume goes on from here"));
        return UI_EXIT_INCOMPLETE;
    }
    return ui_program_fail(run->program, run->error);
}

static int
run_audit(UiProgram *program, const Options *options, SpClient *client, const char *const *users)
{
    g_auto(Run) run = {
        .program = program,
        .options = options,
        .loop = g_main_loop_new(NULL, FALSE),
        .cancellable = g_cancellable_new(),
        .tally = sp_audit_tally_new(),
        .done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .holds = ui_holds_new(),
        .has_progress = isatty(STDERR_FILENO),
        .form = ui_program_is_json(program) ? UI_AUDIT_JSON
                : options->is_csv           ? UI_AUDIT_CSV
                                            : UI_AUDIT_TEXT,
        .is_kept = TRUE,
    };
    g_autoptr(GError) error = NULL;

    if (options->output != NULL && !open_output(&run, &error)) {
        return ui_program_usage_error(program, "%s", error->message);
    }
    ui_audit_tell_head(run.form);
    sp_client_set_patience(client, patience);
    audit(&run, client, users);
    return end(&run);
}

/* A usage error where the options do not go together; UI_EXIT_OK where they do. */
static int
check_options(UiProgram *program, const Options *options)
{
    if ((options->users == NULL) == !options->is_all) {
        return ui_program_usage_error(program,
                                      _("say whom: --users FILE (- for standard input), or --all"));
    }
    if (options->is_resumed && options->output == NULL) {
        return ui_program_usage_error(program,
                                      _("--resume needs the --output that it goes on with"));
    }
    if (options->is_csv && ui_program_is_json(program)) {
        return ui_program_usage_error(program, _("--csv and --json: one of them, please"));
    }
    if (options->jobs < 1 || options->jobs > SP_AUDIT_MAX_JOBS) {
        return ui_program_usage_error(program, _("--jobs: from 1 to %d, please"),
                                      SP_AUDIT_MAX_JOBS);
    }
    return UI_EXIT_OK;
}

int
ui_command_audit(UiProgram *program)
{
    g_auto(Options) options = {.jobs = SP_AUDIT_JOBS};
    g_auto(GStrv) users = NULL;
    g_autoptr(GError) error = NULL;
    SpClient *client;
    int code;
    const GOptionEntry entries[] = {
        {"users", 'u', 0, G_OPTION_ARG_FILENAME, &options.users,
         N_("The people of this list: an address a line, or CSV; - for standard input"),
         N_("FILE")},
        {"all", 'a', 0, G_OPTION_ARG_NONE, &options.is_all,
         N_("Everybody of the tenant, without guests and disabled accounts"), NULL},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.jobs,
         N_("Read so many people at the same time (4)"), N_("N")},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
         N_("Write each person's record to this file too, as JSON Lines"), N_("FILE")},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &options.is_resumed,
         N_("Go on with --output's file: who is in it already is not read again"), NULL},
        {"csv", 0, 0, G_OPTION_ARG_NONE, &options.is_csv, N_("Print comma-separated values"), NULL},
        {NULL},
    };

    if (!ui_program_parse(program, entries, 0, 0, &code)) {
        return code;
    }
    code = check_options(program, &options);
    if (code != UI_EXIT_OK) {
        return code;
    }
    if (options.users != NULL) {
        users = read_users(options.users, &error);
        if (users == NULL) {
            return ui_program_usage_error(program, "--users: %s", error->message);
        }
    }
    client = ui_program_get_client(program, &error);
    if (client == NULL) {
        return ui_program_fail(program, error);
    }
    return run_audit(program, &options, client, (const char *const *) users);
}
