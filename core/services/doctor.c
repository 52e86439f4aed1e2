/* Every row stands in its place from the start; answers fill them in as they come. */

#include "core/services/doctor.h"

#include <curl/curl.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/net/endpoint.h"
#include "core/net/token-claims.h"
#include "core/services/collect.h"
#include "core/services/directory-link.h"
#include "core/services/permission.h"
#include "core/services/source.h"
#include "core/text.h"

#define TIMEOUT_MS       10000
#define MAX_SKEW_SECONDS 300

/* One examination. */
typedef struct {
    SpClient *client;
    GPtrArray *rows;
    SpDoctorRow *clock; /* borrowed from rows */
    guint n_pending;
    gboolean has_clock;
    gboolean signs_in;
} Examination;

/* One thing on its way. */
typedef struct {
    GTask *task;
    const SpPermission *permission; /* or NULL */
    SpDoctorRow *row;               /* borrowed from the examination */
} Probe;

static const struct {
    SpEndpoint endpoint;
    const char *name; /* marked */
    const char *path; /* a place that answers without a sign-in */
} hosts[] = {
    {SP_ENDPOINT_LOGIN, N_("Sign-in"), "/"},
    {SP_ENDPOINT_GRAPH, N_("Microsoft Graph"), "/v1.0/"},
    {SP_ENDPOINT_SHAREPOINT, N_("SharePoint"), "/"},
    {SP_ENDPOINT_MY, N_("SharePoint's my-site host"), "/"},
    {SP_ENDPOINT_EXCHANGE, N_("Exchange"), "/"},
    {SP_ENDPOINT_VIVA_ENGAGE, N_("Viva Engage"), "/"},
};

SpDoctorRow *
sp_doctor_row_new(const char *what, SpDoctorState state, const char *sentence)
{
    SpDoctorRow *row = g_new0(SpDoctorRow, 1);

    row->what = g_strdup(what);
    row->state = state;
    row->sentence = g_strdup(sentence);
    return row;
}

void
sp_doctor_row_free(SpDoctorRow *row)
{
    if (row != NULL) {
        g_free(row->what);
        g_free(row->sentence);
        g_free(row);
    }
}

const char *
sp_doctor_state_name(SpDoctorState state)
{
    static const char *const names[] = {"ok", "warn", "fail"};

    return names[state];
}

static void
free_examination(gpointer data)
{
    Examination *examination = data;

    sp_client_unref(examination->client);
    g_ptr_array_unref(examination->rows);
    g_free(examination);
}

static SpDoctorRow *
add_row(Examination *examination, const char *what, SpDoctorState state, const char *sentence)
{
    SpDoctorRow *row = sp_doctor_row_new(what, state, sentence);

    g_ptr_array_add(examination->rows, row);
    return row;
}

static void
set_row(SpDoctorRow *row, SpDoctorState state, char *sentence)
{
    row->state = state;
    g_free(row->sentence);
    row->sentence = sentence;
}

static void
finish_one(GTask *task)
{
    Examination *examination = g_task_get_task_data(task);

    if (--examination->n_pending > 0) {
        return;
    }
    if (g_cancellable_is_cancelled(g_task_get_cancellable(task))) {
        g_task_return_new_error(task, SP_ERROR, SP_ERROR_CANCELLED, "%s", _("Stopped"));
    } else {
        g_task_return_pointer(task, g_ptr_array_ref(examination->rows),
                              (GDestroyNotify) g_ptr_array_unref);
    }
}

static Probe *
probe_new(GTask *task, const SpPermission *permission, SpDoctorRow *row)
{
    Probe *probe = g_new0(Probe, 1);

    ((Examination *) g_task_get_task_data(task))->n_pending++;
    probe->task = g_object_ref(task);
    probe->permission = permission;
    probe->row = row;
    return probe;
}

static void
probe_end(Probe *probe)
{
    finish_one(probe->task);
    g_object_unref(probe->task);
    g_free(probe);
}

/* A clock that is wrong makes tokens and signed requests fail in ways that look like anything else.
 */
static void
judge_clock(Examination *examination, const SpHttpResponse *response)
{
    const char *text = sp_http_response_get_header(response, "Date");
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    gint64 theirs = text == NULL ? -1 : (gint64) curl_getdate(text, NULL);
    gint64 skew = 0;

    if (theirs < 0 || examination->has_clock) {
        return;
    }
    examination->has_clock = TRUE;
    skew = g_date_time_to_unix(now) - theirs;
    if (ABS(skew) > MAX_SKEW_SECONDS) {
        set_row(
            examination->clock, SP_DOCTOR_FAIL,
            g_strdup_printf(
                _("this machine's clock is %d s off the servers'; set it, or sign-ins will fail"),
                (int) skew));
    } else {
        set_row(examination->clock, SP_DOCTOR_OK,
                g_strdup_printf(_("within %d s of the servers'"), (int) ABS(skew)));
    }
}

static char *
describe(gint64 elapsed_ms, gboolean is_encrypted)
{
    return g_strdup_printf(_("answers in %d ms%s"), (int) elapsed_ms,
                           is_encrypted ? _(", its certificate is trusted") : _(", unencrypted"));
}

static void
on_reached(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Probe *probe = user_data;
    Examination *examination = g_task_get_task_data(probe->task);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpHttpResponse) response = sp_client_send_finish(examination->client, result, &error);

    (void) source;
    if (response == NULL) {
        set_row(probe->row, SP_DOCTOR_FAIL, sp_text_clean(error->message, -1, 400));
    } else {
        g_autofree char *scheme = g_uri_parse_scheme(sp_http_response_get_url(response));

        set_row(
            probe->row, SP_DOCTOR_OK,
            describe(sp_http_response_get_elapsed_ms(response), g_strcmp0(scheme, "https") == 0));
        judge_clock(examination, response);
    }
    probe_end(probe);
}

static void
reach_host(GTask *task, gsize index)
{
    Examination *examination = g_task_get_task_data(task);
    const SpConfig *config = sp_client_get_config(examination->client);
    g_autofree char *base = sp_endpoint_base(config, hosts[index].endpoint);
    SpDoctorRow *row = NULL;

    if (base == NULL) {
        add_row(examination, _(hosts[index].name), SP_DOCTOR_WARN,
                _("its address is not known; set [tenant] name"));
        return;
    }
    row = add_row(examination, _(hosts[index].name), SP_DOCTOR_FAIL, "");
    g_autofree char *url = g_strconcat(base, hosts[index].path, NULL);
    SpHttpRequest request = {.url = url, .timeout_ms = TIMEOUT_MS, .service = _(hosts[index].name)};

    sp_client_send_async(examination->client, NULL, &request, g_task_get_cancellable(task),
                         on_reached, probe_new(task, NULL, row));
}

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Probe *probe = user_data;
    const Examination *examination = g_task_get_task_data(probe->task);
    g_autoptr(GError) error = NULL;
    gboolean is_encrypted = FALSE;
    gint64 elapsed_ms = sp_directory_reach_finish(result, &is_encrypted, &error);

    (void) source;
    if (error != NULL) {
        set_row(probe->row, SP_DOCTOR_FAIL, sp_text_clean(error->message, -1, 400));
    } else {
        g_autofree char *reached = describe(elapsed_ms, is_encrypted);

        set_row(
            probe->row, SP_DOCTOR_OK,
            g_strconcat(reached, examination->signs_in ? _(", it takes the sign-in") : "", NULL));
    }
    probe_end(probe);
}

/* Where its settings are wrong, the row of its copy says so. */
static void
reach_directory(GTask *task)
{
    Examination *examination = g_task_get_task_data(task);
    const SpConfig *config = sp_client_get_config(examination->client);
    g_autofree char *reason = sp_service_find("directory")->why_not(config);

    if (reason == NULL) {
        SpDoctorRow *row = add_row(examination, _("Directory"), SP_DOCTOR_FAIL, "");

        sp_directory_reach_async(config, examination->signs_in, g_task_get_cancellable(task),
                                 on_directory, probe_new(task, NULL, row));
    }
}

static void
judge_permission(const SpPermission *permission, SpRights rights, SpJson *claims, SpDoctorRow *row)
{
    g_auto(GStrv) granted = sp_token_claims_permissions(claims);

    if (claims == NULL) {
        set_row(row, SP_DOCTOR_OK,
                g_strdup(_("signed in; what the token allows shows when it is used")));
    } else if (sp_permission_is_granted(permission, rights, (const char *const *) granted)) {
        set_row(row, SP_DOCTOR_OK, g_strdup(_("granted")));
    } else {
        set_row(row, SP_DOCTOR_WARN, sp_permission_explain(permission, rights));
    }
}

/* A probe for each permission: those of one audience share one token request. */
static void
on_token(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Probe *probe = user_data;
    Examination *examination = g_task_get_task_data(probe->task);
    const SpConfig *config = sp_client_get_config(examination->client);
    g_autoptr(GError) error = NULL;
    char *token = sp_tokens_get_finish(sp_client_get_tokens(examination->client), result, &error);

    (void) source;
    if (token == NULL) {
        set_row(probe->row, SP_DOCTOR_FAIL, sp_text_clean(error->message, -1, 400));
    } else {
        g_autoptr(SpJson) claims = sp_token_claims_read(token);

        judge_permission(probe->permission, sp_permission_rights(config), claims, probe->row);
    }
    sp_tokens_wipe(token);
    probe_end(probe);
}

static void
ask_permission(GTask *task, const SpPermission *permission)
{
    Examination *examination = g_task_get_task_data(task);
    const SpConfig *config = sp_client_get_config(examination->client);
    g_autofree char *audience = sp_endpoint_audience(config, permission->endpoint);
    SpDoctorRow *row = NULL;

    if (audience == NULL) {
        return;
    }
    g_autofree char *what = g_strdup_printf(_("Permission: %s"), _(permission->title));
    row = add_row(examination, what, SP_DOCTOR_FAIL, "");
    if (permission->enough[sp_permission_rights(config)] == NULL) {
        set_row(row, SP_DOCTOR_WARN,
                sp_permission_explain(permission, sp_permission_rights(config)));
        return;
    }
    sp_tokens_get_async(sp_client_get_tokens(examination->client), audience,
                        g_task_get_cancellable(task), on_token, probe_new(task, permission, row));
}

static gboolean
is_planned(GStrv plan, const char *subject)
{
    for (gsize i = 0; plan[i] != NULL; i++) {
        const SpPermission *permission = sp_permission_find(plan[i]);

        if (permission != NULL && strcmp(permission->subject, subject) == 0) {
            return TRUE;
        }
        if (strcmp(subject, "my") == 0 && g_str_has_prefix(plan[i], "sharepoint-")) {
            return TRUE;
        }
    }
    return strcmp(subject, "person") == 0 || strcmp(subject, "policy") == 0;
}

static void
add_services(Examination *examination, GStrv plan)
{
    const SpConfig *config = sp_client_get_config(examination->client);

    for (gsize i = 0; plan[i] != NULL; i++) {
        const SpService *service = sp_service_find(plan[i]);
        g_autofree char *title = sp_service_title(config, plan[i]);
        g_autofree char *what = g_strdup_printf(_("Copy: %s"), title);
        g_autofree char *reason = NULL;

        if (service != NULL) {
            reason = service->why_not(config);
        } else if (sp_source_exists(config, plan[i])) {
            reason = sp_source_why_not(config, plan[i]);
        } else {
            reason = g_strdup(_("there is no service with this name; check [services] enabled"));
        }
        add_row(examination, what, reason == NULL ? SP_DOCTOR_OK : SP_DOCTOR_WARN,
                reason == NULL ? _("will be read") : reason);
    }
}

static void
add_settings(Examination *examination)
{
    const SpConfig *config = sp_client_get_config(examination->client);
    const char *cloud = sp_config_get(config, "tenant", "cloud");
    g_autofree char *sentence = NULL;

    if (sp_config_is_empty(config)) {
        sentence = g_strdup_printf(_("%s is not there or empty: name the tenant in it, or try "
                                     "'samephoto practice'"),
                                   sp_config_path(config));
        add_row(examination, _("Settings"), SP_DOCTOR_WARN, sentence);
        return;
    }
    sentence = g_strdup_printf(_("%s, cloud %s"), sp_config_path(config),
                               cloud == NULL ? "global" : cloud);
    add_row(examination, _("Settings"), SP_DOCTOR_OK, sentence);
}

static void
add_locale(Examination *examination)
{
    const char *charset = NULL;
    gboolean is_utf8 = g_get_charset(&charset);
    g_autofree char *sentence =
        is_utf8 ? g_strdup(charset)
                : g_strdup_printf(_("%s; names may not show right, set LANG to a UTF-8 locale"),
                                  charset);

    add_row(examination, _("Locale"), is_utf8 ? SP_DOCTOR_OK : SP_DOCTOR_WARN, sentence);
}

/* A task with an examination of the hosts under way; finish_one() lets it end. */
static GTask *
begin(SpClient *client, GStrv plan, gboolean is_whole, GCancellable *cancellable,
      GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    Examination *examination = g_new0(Examination, 1);

    examination->client = sp_client_ref(client);
    examination->rows = g_ptr_array_new_with_free_func((GDestroyNotify) sp_doctor_row_free);
    examination->n_pending = 1;
    examination->signs_in = is_whole;
    g_task_set_check_cancellable(task, FALSE);
    g_task_set_task_data(task, examination, free_examination);
    if (is_whole) {
        add_settings(examination);
        add_locale(examination);
    }
    examination->clock = add_row(examination, _("Clock"), SP_DOCTOR_WARN,
                                 _("no server told the time, so it could not be checked"));
    for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
        if (hosts[i].endpoint != SP_ENDPOINT_EXCHANGE || is_planned(plan, "exchange")) {
            reach_host(task, i);
        }
    }
    if (g_strv_contains((const char *const *) plan, "directory")) {
        reach_directory(task);
    }
    return task;
}

void
sp_doctor_reach_async(SpClient *client, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
    g_auto(GStrv) plan = sp_collect_plan(sp_client_get_config(client), NULL);
    g_autoptr(GTask) task = begin(client, plan, FALSE, cancellable, callback, user_data);

    finish_one(task);
}

void
sp_doctor_run_async(SpClient *client, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer user_data)
{
    g_auto(GStrv) plan = sp_collect_plan(sp_client_get_config(client), NULL);
    g_autoptr(GTask) task = begin(client, plan, TRUE, cancellable, callback, user_data);

    for (const SpPermission *row = sp_permissions(); row->subject != NULL; row++) {
        if (is_planned(plan, row->subject)) {
            ask_permission(task, row);
        }
    }
    add_services(g_task_get_task_data(task), plan);
    finish_one(task);
}

GPtrArray *
sp_doctor_run_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
