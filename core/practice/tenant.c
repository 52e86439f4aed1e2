#include "core/practice/tenant.h"

#include "core/error.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/practice/directory.h"
#include "core/practice/login.h"
#include "core/practice/scenario.h"
#include "core/practice/server.h"

struct SpTenant {
    SpWorld *world;
    SpFaults *faults;
    SpServer *server;
    SpDirectory *directory;
    char *settings;
};

/* The [endpoints] and where each stands below the tenant's base address. */
static const struct {
    const char *key;
    const char *prefix;
} endpoints[] = {
    {"login", "/login"}, {"graph", "/graph"},       {"sharepoint", "/sharepoint"},
    {"my", "/my"},       {"exchange", "/exchange"}, {"viva-engage", "/engage"},
};

static char *
make_settings(const char *base, const char *directory)
{
    g_autoptr(GString) text = g_string_new("[tenant]\nname=norvane\nid=" SP_NORVANE_ID "\n\n");

    g_string_append(text, "[sign-in]\nflow=browser\nclient-id=" SP_PRACTICE_CLIENT_ID "\n\n");
    g_string_append(text, "[endpoints]\n");
    for (guint i = 0; i < G_N_ELEMENTS(endpoints); i++) {
        g_string_append_printf(text, "%s=%s%s\n", endpoints[i].key, base, endpoints[i].prefix);
    }
    g_string_append_printf(text, "directory=%s\n", directory);
    g_string_append(text, "\n[services]\nenabled=graph;exchange;sharepoint-s;sharepoint-m;"
                          "sharepoint-l;viva-engage;directory\n");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
check_scenario(const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);

    if (name == NULL || sp_scenario_find(name) != NULL) {
        return TRUE;
    }
    for (const SpScenario *row = sp_scenarios(); row->name != NULL; row++) {
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", row->name);
    }
    g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                _("There is no practice story '%s'; there are: %s"), name, known->str);
    return FALSE;
}

SpTenant *
sp_tenant_start(const SpTenantOptions *options, GError **error)
{
    g_autoptr(SpTenant) tenant = g_new0(SpTenant, 1);
    SpServerOptions server_options = {.port = options->port};

    if (!check_scenario(options->scenario, error)) {
        return NULL;
    }
    tenant->faults = sp_faults_new(options->faults, options->latencies, error);
    if (tenant->faults == NULL) {
        return NULL;
    }
    tenant->world = sp_world_new(options->n_generated_people);
    sp_world_set_conditions(tenant->world, options->scenario);
    tenant->server = sp_server_new(tenant->world, tenant->faults, &server_options, error);
    if (tenant->server == NULL) {
        return NULL;
    }
    tenant->directory = sp_directory_new(tenant->world, tenant->faults, error);
    if (tenant->directory == NULL) {
        return NULL;
    }
    tenant->settings = make_settings(sp_server_get_base(tenant->server),
                                     sp_directory_get_address(tenant->directory));
    return g_steal_pointer(&tenant);
}

void
sp_tenant_stop(SpTenant *tenant)
{
    if (tenant == NULL) {
        return;
    }
    sp_directory_free(tenant->directory);
    sp_server_free(tenant->server);
    sp_faults_free(tenant->faults);
    sp_world_free(tenant->world);
    g_free(tenant->settings);
    g_free(tenant);
}

const char *
sp_tenant_get_settings(const SpTenant *tenant)
{
    return tenant->settings;
}

const char *
sp_tenant_get_refresh_token(const SpTenant *tenant)
{
    return sp_login_get_agent_token(sp_world_get_login(tenant->world));
}

static SpJson *
describe_person(const SpResident *resident)
{
    return sp_json_strings("userPrincipalName", resident->upn, "displayName",
                           resident->display_name, "id", resident->id, "scenario",
                           resident->scenario, NULL);
}

char *
sp_tenant_describe(const SpTenant *tenant)
{
    const char *base = sp_server_get_base(tenant->server);
    g_autoptr(SpJson) json = sp_json_strings("listening", base, NULL);
    SpJson *addresses = sp_json_add_object(json, "endpoints");
    SpJson *people = NULL;
    GPtrArray *residents = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(endpoints); i++) {
        g_autofree char *address = g_strconcat(base, endpoints[i].prefix, NULL);

        sp_json_add_string(addresses, endpoints[i].key, address);
    }
    sp_json_add_string(addresses, "directory", sp_directory_get_address(tenant->directory));
    json_object_object_add(json, "sign_in",
                           sp_json_strings("tenant_id", SP_NORVANE_ID, "client_id",
                                           SP_PRACTICE_CLIENT_ID, "client_secret",
                                           SP_PRACTICE_CLIENT_SECRET, "refresh_token",
                                           sp_tenant_get_refresh_token(tenant), NULL));
    sp_json_add_string(json, "settings", tenant->settings);
    people = sp_json_add_array(json, "people");
    sp_world_lock(tenant->world);
    residents = sp_world_residents(tenant->world);
    for (guint i = 0; i < residents->len; i++) {
        json_object_array_add(people, describe_person(g_ptr_array_index(residents, i)));
    }
    sp_world_unlock(tenant->world);
    return g_strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
                                                             JSON_C_TO_STRING_NOSLASHESCAPE));
}

gboolean
sp_tenant_play(SpTenant *tenant, const char *event, const char *user_principal_name, GError **error)
{
    gboolean is_played = FALSE;

    sp_world_lock(tenant->world);
    is_played = sp_world_play(tenant->world, event, user_principal_name, error);
    sp_world_unlock(tenant->world);
    return is_played;
}

void
sp_tenant_advance(SpTenant *tenant, gint64 seconds)
{
    sp_world_lock(tenant->world);
    sp_world_advance(tenant->world, seconds);
    sp_world_unlock(tenant->world);
}

GDateTime *
sp_tenant_now(SpTenant *tenant)
{
    gint64 now = 0;

    sp_world_lock(tenant->world);
    now = sp_world_now(tenant->world);
    sp_world_unlock(tenant->world);
    return g_date_time_new_from_unix_utc(now);
}
