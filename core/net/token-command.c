#include "core/net/token-command.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"

#define MAX_OUTPUT_BYTES (64 * 1024)
#define TIMEOUT_S        60

typedef enum { GOING_ON, TOO_LATE, CANCELLED, TOO_MUCH } State;

typedef struct {
    GSubprocess *process;
    GCancellable *stop; /* ends the reading, whoever asks for it */
    GSource *alarm;
    GSource *cancelled;
    State state;
    char *output; /* MAX_OUTPUT_BYTES + 1, zeroed */
} Run;

static void
clear_source(GSource **source)
{
    if (*source != NULL) {
        g_source_destroy(*source);
        g_clear_pointer(source, g_source_unref);
    }
}

static void
run_free(gpointer data)
{
    Run *run = data;

    clear_source(&run->alarm);
    clear_source(&run->cancelled);
    g_clear_object(&run->process);
    g_clear_object(&run->stop);
    explicit_bzero(run->output, MAX_OUTPUT_BYTES);
    g_free(run->output);
    g_free(run);
}

static void
end(Run *run, State state)
{
    run->state = state;
    g_cancellable_cancel(run->stop);
    g_subprocess_force_exit(run->process);
}

static gboolean
on_late(gpointer user_data)
{
    end(user_data, TOO_LATE);
    return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled(GCancellable *cancellable, gpointer user_data)
{
    (void) cancellable;
    end(user_data, CANCELLED);
    return G_SOURCE_REMOVE;
}

/* A token is one word of visible ASCII; anything else would break or forge a header. */
static char *
take_token(const char *output)
{
    const char *after = output;

    while (*after > ' ' && *after < 0x7f) {
        after++;
    }
    if (after == output || (*after != '\0' && *after != '\n' && *after != '\r')) {
        return NULL;
    }
    return g_strndup(output, (gsize) (after - output));
}

static GError *
why_no_token(const Run *run, gboolean is_success)
{
    switch (run->state) {
    case CANCELLED: return g_error_new(SP_ERROR, SP_ERROR_CANCELLED, _("Stopped"));
    case TOO_LATE:
        return g_error_new(SP_ERROR, SP_ERROR_AUTH,
                           _("The program in command= took longer than %d s and was stopped"),
                           TIMEOUT_S);
    case TOO_MUCH:
        return g_error_new(SP_ERROR, SP_ERROR_AUTH,
                           _("The program in command= prints more than a token can be"));
    case GOING_ON: break;
    }
    return is_success
               ? g_error_new(SP_ERROR, SP_ERROR_AUTH, _("The program in command= printed no token"))
               : g_error_new(SP_ERROR, SP_ERROR_AUTH,
                             _("The program in command= failed; run it in a terminal to see why"));
}

static void
on_exited(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Run *run = g_task_get_task_data(task);
    gboolean is_success = g_subprocess_wait_check_finish(G_SUBPROCESS(source), result, NULL);
    char *token = is_success && run->state == GOING_ON ? take_token(run->output) : NULL;

    clear_source(&run->alarm);
    clear_source(&run->cancelled);
    if (token != NULL) {
        g_task_return_pointer(task, token, g_free);
    } else {
        g_task_return_error(task, why_no_token(run, is_success));
    }
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Run *run = g_task_get_task_data(task);
    gsize length = 0;

    g_input_stream_read_all_finish(G_INPUT_STREAM(source), result, &length, NULL);
    if (length == MAX_OUTPUT_BYTES) {
        end(run, TOO_MUCH);
    }
    g_subprocess_wait_check_async(run->process, NULL, on_exited, task);
}

static GSubprocess *
spawn(const char *command, const char *audience, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = NULL;
    g_auto(GStrv) argv = NULL;
    g_autoptr(GError) local = NULL;
    GSubprocess *process = NULL;

    if (!g_shell_parse_argv(command, NULL, &argv, &local)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("command= under [sign-in] is no command line: %s"), local->message);
        return NULL;
    }
    /* Its own error output goes where ours goes only in a terminal, and there are the screens. */
    launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                         G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_subprocess_launcher_setenv(launcher, "SAMEPHOTO_AUDIENCE", audience, TRUE);
    process = g_subprocess_launcher_spawnv(launcher, (const char *const *) argv, &local);
    if (process == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("The program in command= under [sign-in] cannot be started: %s"),
                    local->message);
    }
    return process;
}

static void
watch(Run *run, GCancellable *cancellable)
{
    GMainContext *context = g_main_context_get_thread_default();

    run->alarm = g_timeout_source_new_seconds(TIMEOUT_S);
    g_source_set_callback(run->alarm, on_late, run, NULL);
    g_source_attach(run->alarm, context);
    if (cancellable != NULL) {
        run->cancelled = g_cancellable_source_new(cancellable);
        g_source_set_callback(run->cancelled, G_SOURCE_FUNC(on_cancelled), run, NULL);
        g_source_attach(run->cancelled, context);
    }
}

void
sp_token_command_async(const char *command, const char *audience, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
    GError *error = NULL;
    GSubprocess *process = spawn(command, audience, &error);
    Run *run;

    g_task_set_source_tag(task, sp_token_command_async);
    g_task_set_check_cancellable(task, FALSE);
    if (process == NULL) {
        g_task_return_error(task, error);
        return;
    }
    run = g_new0(Run, 1);
    run->process = process;
    run->stop = g_cancellable_new();
    run->output = g_malloc0(MAX_OUTPUT_BYTES + 1);
    g_task_set_task_data(task, run, run_free);
    watch(run, cancellable);
    g_input_stream_read_all_async(g_subprocess_get_stdout_pipe(process), run->output,
                                  MAX_OUTPUT_BYTES, G_PRIORITY_DEFAULT, run->stop, on_read,
                                  g_steal_pointer(&task));
}

char *
sp_token_command_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_token_command_async), NULL);
    return g_task_propagate_pointer(G_TASK(result), error);
}
