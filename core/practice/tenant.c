#include "core/practice/tenant.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/practice/certificate.h"
#include "core/practice/directory.h"
#include "core/practice/login.h"
#include "core/practice/scenario.h"
#include "core/practice/server.h"
#include "core/practice/settings.h"

struct SpTenant {
    SpWorld *world;
    SpFaults *faults;
    SpServer *server;
    SpDirectory *directory;
    char *settings;
    char *certificate; /* of an app, made when first asked for */
    char *tls_directory;
    char *folder;    /* of secrets and the story's own files */
    char *reference; /* the picture file among them, or NULL */
    char *seen;      /* and what the person sees, or NULL */
    gboolean is_app_alone;
};

#define CA_FILE     "ca.pem"
#define SERVER_FILE "server.pem"
#define APP_FILE    "app.pem"
#define SECRET_FILE "secret"
#define READER_FILE "reader"
#define BITMAP      ".bmp"

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

static gboolean
write_file(const char *folder, const char *name, const char *text, int mode, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) cause = NULL;

    if (!g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, mode, &cause)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s cannot be written: %s"), path,
                    cause->message);
        return FALSE;
    }
    return TRUE;
}

/* A new CA, the server's certificate and an app's, written where a client can be pointed at them.
 * The server's key stays in memory. */
static gboolean
prepare_tls(SpTenant *tenant, const char *folder, SpServerCertificate *certificate, GError **error)
{
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s cannot be made: %s"), folder,
                    g_strerror(errno));
        return FALSE;
    }
    tenant->tls_directory = g_canonicalize_filename(folder, NULL);
    sp_server_certificate_make(certificate);
    return write_file(folder, CA_FILE, certificate->authority, 0644, error) &&
           write_file(folder, SERVER_FILE, certificate->certificate, 0644, error) &&
           write_file(folder, APP_FILE, sp_tenant_get_certificate(tenant), 0600, error);
}

/* Starts what listens. */
static gboolean
start_services(SpTenant *tenant, const SpTenantOptions *options, GError **error)
{
    SpServerCertificate certificate = {0};
    SpServerOptions server = {.port = options->port};
    gboolean is_ready = options->tls_directory == NULL ||
                        prepare_tls(tenant, options->tls_directory, &certificate, error);

    server.certificate = certificate.certificate;
    server.key = certificate.key;
    if (is_ready) {
        tenant->server = sp_server_new(tenant->world, tenant->faults, &server, error);
    }
    sp_server_certificate_clear(&certificate);
    if (tenant->server != NULL) {
        tenant->directory = sp_directory_new(tenant->world, tenant->faults, error);
    }
    return tenant->directory != NULL;
}

/* A folder for the files of the story: removed with the tenant. */
static gboolean
prepare_folder(SpTenant *tenant, GError **error)
{
    g_autoptr(GError) cause = NULL;

    tenant->folder = g_dir_make_tmp("samephoto-practice-XXXXXX", &cause);
    if (tenant->folder == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("The story's files cannot be written: %s"),
                    cause->message);
    }
    return tenant->folder != NULL;
}

/* A portrait as a person would upload it, or the same as a bitmap. Transfer full. */
static GBytes *
draw_picture(SpTenant *tenant, const char *name)
{
    SpRenditions *renditions = sp_world_get_renditions(tenant->world);
    g_autofree char *portrait = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GInputStream) stream = NULL;
    g_autoptr(GdkPixbuf) pixels = NULL;
    char *bitmap = NULL;
    gsize length = 0;

    if (!g_str_has_suffix(name, BITMAP)) {
        return sp_renditions_upload(renditions, name);
    }
    portrait = g_strndup(name, strlen(name) - strlen(BITMAP));
    bytes = sp_renditions_upload(renditions, portrait);
    stream = g_memory_input_stream_new_from_bytes(bytes);
    pixels = gdk_pixbuf_new_from_stream(stream, NULL, NULL);
    gdk_pixbuf_save_to_buffer(pixels, &bitmap, &length, "bmp", NULL, NULL);
    return g_bytes_new_take(bitmap, length);
}

/* A picture file of the story; NULL with an error. Transfer full. */
static char *
write_picture(SpTenant *tenant, const char *picture, GError **error)
{
    g_autoptr(GBytes) bytes = draw_picture(tenant, picture);
    g_autofree char *name =
        g_str_has_suffix(picture, BITMAP) ? g_strdup(picture) : g_strconcat(picture, ".jpg", NULL);
    g_autofree char *path = g_build_filename(tenant->folder, name, NULL);
    g_autoptr(GError) cause = NULL;
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);

    if (!g_file_set_contents(path, data, (gssize) length, &cause)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("The story's files cannot be written: %s"),
                    cause->message);
        return NULL;
    }
    return g_steal_pointer(&path);
}

static gboolean
write_pictures(SpTenant *tenant, const SpScenario *story, GError **error)
{
    if (story->reference != NULL) {
        tenant->reference = write_picture(tenant, story->reference, error);
    }
    if (story->seen != NULL) {
        tenant->seen = write_picture(tenant, story->seen, error);
    }
    return (story->reference == NULL || tenant->reference != NULL) &&
           (story->seen == NULL || tenant->seen != NULL);
}

/* The story's own files and settings. */
static gboolean
prepare_story(SpTenant *tenant, const char *scenario, GError **error)
{
    const SpScenario *story = scenario != NULL ? sp_scenario_find(scenario) : NULL;
    gboolean has_pictures = story != NULL && (story->reference != NULL || story->seen != NULL);
    g_autofree char *secret = NULL;
    g_autofree char *reader = NULL;
    g_autofree char *authority = NULL;

    tenant->is_app_alone = sp_practice_needs_secret(scenario);
    if (!prepare_folder(tenant, error) ||
        !write_file(tenant->folder, READER_FILE, "practice\n", 0600, error)) {
        return FALSE;
    }
    reader = g_build_filename(tenant->folder, READER_FILE, NULL);
    if (has_pictures && !write_pictures(tenant, story, error)) {
        return FALSE;
    }
    if (tenant->is_app_alone) {
        secret = g_build_filename(tenant->folder, SECRET_FILE, NULL);
        if (!write_file(tenant->folder, SECRET_FILE, SP_PRACTICE_CLIENT_SECRET "\n", 0600, error)) {
            return FALSE;
        }
    }
    if (tenant->tls_directory != NULL) {
        authority = g_build_filename(tenant->tls_directory, CA_FILE, NULL);
    }
    tenant->settings = sp_practice_settings(
        scenario, &(SpPracticePlaces){.base = sp_server_get_base(tenant->server),
                                      .directory = sp_directory_get_address(tenant->directory),
                                      .ca_file = authority,
                                      .secret_file = secret,
                                      .reader_file = reader});
    return TRUE;
}

static void
remove_folder(SpTenant *tenant)
{
    g_autofree char *secret = NULL;
    g_autofree char *reader = NULL;

    if (tenant->folder == NULL) {
        return;
    }
    secret = g_build_filename(tenant->folder, SECRET_FILE, NULL);
    g_remove(secret);
    reader = g_build_filename(tenant->folder, READER_FILE, NULL);
    g_remove(reader);
    if (tenant->reference != NULL) {
        g_remove(tenant->reference);
    }
    if (tenant->seen != NULL) {
        g_remove(tenant->seen);
    }
    g_rmdir(tenant->folder);
}

SpTenant *
sp_tenant_start(const SpTenantOptions *options, GError **error)
{
    g_autoptr(SpTenant) tenant = g_new0(SpTenant, 1);

    if (!check_scenario(options->scenario, error)) {
        return NULL;
    }
    tenant->faults = sp_faults_new(options->faults, options->latencies, error);
    if (tenant->faults == NULL) {
        return NULL;
    }
    tenant->world = sp_world_new(options->n_generated_people);
    sp_world_set_conditions(tenant->world, options->scenario);
    if (!start_services(tenant, options, error)) {
        return NULL;
    }
    if (!prepare_story(tenant, options->scenario, error)) {
        return NULL;
    }
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
    remove_folder(tenant);
    g_free(tenant->folder);
    g_free(tenant->reference);
    g_free(tenant->seen);
    g_free(tenant->settings);
    g_free(tenant->certificate);
    g_free(tenant->tls_directory);
    g_free(tenant);
}

const char *
sp_tenant_get_settings(const SpTenant *tenant)
{
    return tenant->settings;
}

const char *
sp_tenant_get_reference(const SpTenant *tenant)
{
    return tenant->reference;
}

const char *
sp_tenant_get_seen(const SpTenant *tenant)
{
    return tenant->seen;
}

gboolean
sp_tenant_has_agent(const SpTenant *tenant)
{
    return !tenant->is_app_alone;
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
    SpJson *sign_in = NULL;
    SpJson *people = NULL;
    GPtrArray *residents = NULL;

    for (const SpPracticeEndpoint *it = sp_practice_endpoints; it->key != NULL; it++) {
        g_autofree char *address = g_strconcat(base, it->prefix, NULL);

        sp_json_add_string(addresses, it->key, address);
    }
    sp_json_add_string(addresses, "directory", sp_directory_get_address(tenant->directory));
    sign_in = sp_json_strings("tenant_id", SP_NORVANE_ID, "client_id", SP_PRACTICE_CLIENT_ID,
                              "client_secret", SP_PRACTICE_CLIENT_SECRET, "refresh_token",
                              sp_tenant_get_refresh_token(tenant), NULL);
    if (tenant->tls_directory != NULL) {
        g_autofree char *file = g_build_filename(tenant->tls_directory, APP_FILE, NULL);

        sp_json_add_string(sign_in, "certificate", file);
    }
    json_object_object_add(json, "sign_in", sign_in);
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

gboolean
sp_tenant_script_sign_in(SpTenant *tenant, guint n_pending, const char *outcome)
{
    gboolean is_known = FALSE;

    sp_world_lock(tenant->world);
    is_known = sp_login_script(sp_world_get_login(tenant->world), n_pending, outcome);
    sp_world_unlock(tenant->world);
    return is_known;
}

gboolean
sp_tenant_register_certificate(SpTenant *tenant, const char *pem)
{
    gboolean is_read = FALSE;

    sp_world_lock(tenant->world);
    is_read = sp_login_register(sp_world_get_login(tenant->world), pem);
    sp_world_unlock(tenant->world);
    return is_read;
}

const char *
sp_tenant_get_certificate(SpTenant *tenant)
{
    if (tenant->certificate == NULL) {
        tenant->certificate = sp_app_certificate_make();
        sp_tenant_register_certificate(tenant, tenant->certificate);
    }
    return tenant->certificate;
}

guint
sp_tenant_count_leaks(SpTenant *tenant)
{
    guint n_leaks = 0;

    sp_world_lock(tenant->world);
    n_leaks = sp_world_get_leaks(tenant->world);
    sp_world_unlock(tenant->world);
    return n_leaks;
}

gboolean
sp_tenant_knows(const char *event)
{
    return sp_world_knows(event);
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
