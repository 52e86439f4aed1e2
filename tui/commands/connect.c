/* From the common options to settings, practice tenant and client. */
#include "tui/commands/program.h"

#include <unistd.h>

#include "core/error.h"
#include "core/guide/session.h"
#include "core/i18n.h"
#include "core/practice/scenario.h"
#include "core/services/seen.h"
#include "core/text.h"

static void
disconnect(UiProgram *program)
{
    g_clear_pointer(&program->client, sp_client_unref);
    g_clear_pointer(&program->config, sp_config_unref);
    g_clear_pointer(&program->preferences, sp_config_unref);
    g_clear_pointer(&program->tenant, sp_tenant_stop);
}

static gboolean
start_tenant(UiProgram *program, GError **error)
{
    const SpTenantOptions options = {
        .scenario = program->scenario,
        .latencies = (const char *const *) program->latencies,
        .faults = (const char *const *) program->faults,
    };

    program->disconnect = disconnect;
    program->tenant = sp_tenant_start(&options, error);
    if (program->tenant == NULL) {
        return FALSE;
    }
    program->config = sp_config_parse(sp_tenant_get_settings(program->tenant),
                                      _("the practice tenant's settings"), error);
    return program->config != NULL;
}

SpConfig *
ui_program_get_config(UiProgram *program, GError **error)
{
    if (program->config != NULL) {
        return program->config;
    }
    if (program->is_practice) {
        return start_tenant(program, error) ? program->config : NULL;
    }
    if (program->latencies != NULL || program->faults != NULL) {
        g_set_error_literal(error, SP_ERROR, SP_ERROR_CONFIG,
                            _("--latency and --fault need --practice"));
        return NULL;
    }
    program->disconnect = disconnect;
    program->config = sp_config_load(program->config_file, error);
    return program->config;
}

SpConfig *
ui_program_get_preferences(UiProgram *program)
{
    if (!program->is_practice) {
        return ui_program_get_config(program, NULL);
    }
    if (program->preferences == NULL) {
        program->disconnect = disconnect;
        program->preferences = sp_config_load(program->config_file, NULL);
    }
    return program->preferences;
}

char *
ui_program_get_config_path(const UiProgram *program)
{
    return sp_config_find_path(program->config_file);
}

void
ui_program_reload(UiProgram *program)
{
    disconnect(program);
}

/* On a terminal, the line that counts waits down is there already and comes again by itself. */
static void
tell_request(const char *line, gpointer user_data)
{
    (void) user_data;
    g_printerr("%s%s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "", line);
}

SpClient *
ui_program_get_client(UiProgram *program, GError **error)
{
    SpConfig *config = ui_program_get_config(program, error);

    if (config == NULL || program->client != NULL) {
        return program->client;
    }
    program->client = sp_client_new(config, error);
    if (program->client != NULL && program->is_verbose) {
        sp_http_set_trace_func(sp_client_get_http(program->client), tell_request, NULL);
    }
    if (program->client != NULL && program->tenant != NULL &&
        sp_tenant_has_agent(program->tenant)) {
        sp_tokens_use_refresh_token(sp_client_get_tokens(program->client),
                                    sp_tenant_get_refresh_token(program->tenant));
    }
    return program->client;
}

SpStore *
ui_program_open_store(UiProgram *program, GError **error)
{
    const SpConfig *config = ui_program_get_preferences(program);
    g_autoptr(SpStore) store = sp_store_open(NULL, error);

    if (store == NULL || config == NULL) {
        return g_steal_pointer(&store);
    }
    sp_store_set_agent(store, sp_config_get(config, "sessions", "agent"));
    if (sp_session_purge_kept(store, sp_config_get(config, "sessions", "keep-days"), error) < 0) {
        return NULL;
    }
    return g_steal_pointer(&store);
}

SpTenant *
ui_program_get_tenant(UiProgram *program)
{
    return program->tenant;
}

/* Whether `user` is the person of the practised story. */
static gboolean
is_of_story(const UiProgram *program, const char *user)
{
    const SpScenario *story = program->tenant == NULL || program->scenario == NULL
                                  ? NULL
                                  : sp_scenario_find(program->scenario);

    return story != NULL && user != NULL &&
           g_ascii_strcasecmp(user, story->user_principal_name) == 0;
}

const char *
ui_program_get_reference(UiProgram *program, const char *given, const char *user)
{
    return given == NULL && is_of_story(program, user) ? sp_tenant_get_reference(program->tenant)
                                                       : given;
}

static void
free_copy(gpointer data)
{
    sp_copy_unref(data);
}

GPtrArray *
ui_program_load_seen(UiProgram *program, const char *const *files, const char *user, guint first)
{
    const char *shown[] = {is_of_story(program, user) ? sp_tenant_get_seen(program->tenant) : NULL,
                           NULL};
    g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(free_copy);

    files = files == NULL ? shown : files;
    for (guint i = 0; files[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        SpCopy *copy = sp_seen_new_from_file(files[i], first + i, &error);

        if (copy == NULL) {
            g_autofree char *name = sp_text_clean(files[i], -1, 200);

            ui_program_usage_error(program, "--evidence %s: %s", name, error->message);
            return NULL;
        }
        g_ptr_array_add(seen, copy);
    }
    return g_steal_pointer(&seen);
}

const char *
ui_program_get_user(UiProgram *program, guint index)
{
    const char *user = ui_program_arg(program, index);
    const SpScenario *story;

    if (user != NULL) {
        return user;
    }
    story = program->scenario == NULL ? NULL : sp_scenario_find(program->scenario);
    if (story == NULL && program->scenario == NULL) {
        ui_program_usage_error(program, _("whose photo? name a person, e.g. anna@example.com"));
        return NULL;
    }
    if (story == NULL) {
        ui_program_usage_error(
            program, _("there is no practice story '%s'; see 'samephoto practice --list'"),
            program->scenario);
        return NULL;
    }
    return story->user_principal_name;
}
