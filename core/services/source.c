/* One GET. A header from the settings may be a key to the source, so redirects are followed here
 * and not by the HTTP client: the header goes along within the source's own origin only. */

#include "core/services/source.h"

#include <string.h>

#include "core/i18n.h"
#include "core/services/job.h"
#include "core/services/secret.h"

#define SIDE          "648"
#define MAX_REDIRECTS 3

typedef struct {
    char *group;       /* "source NAME" */
    char *origin;      /* the address that the header belongs to */
    char *url;         /* where we are */
    char *secret_line; /* from header-file, or NULL */
    guint n_redirects;
} State;

static const SpAnswerRow rows[] = {
    {401, NULL, SP_COPY_DENIED,
     N_("it wants a sign-in; check header and header-file of this source"), SP_ANSWER_PLAIN},
    {403, NULL, SP_COPY_DENIED,
     N_("it refused access; check header and header-file of this source"), SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

static void
free_state(gpointer data)
{
    State *state = data;

    g_free(state->group);
    g_free(state->origin);
    g_free(state->url);
    sp_secret_wipe(state->secret_line);
    g_free(state);
}

static void
put_in(GString *url, const char *token, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value == NULL ? "" : value, NULL, FALSE);

    g_string_replace(url, token, escaped, 0);
}

char *
sp_source_fill(const char *template, const SpPerson *person)
{
    GString *url = g_string_new(template);

    /* A value is escaped, so it can't bring a token of its own into the address. */
    put_in(url, "{upn}", person->user_principal_name);
    put_in(url, "{mail}", person->mail);
    put_in(url, "{id}", person->id);
    put_in(url, "{size}", SIDE);
    return g_string_free(url, FALSE);
}

static void send(SpJob *job, State *state);

/* FALSE: there is nowhere to go. */
static gboolean
follow(SpJob *job, State *state, const SpHttpResponse *response)
{
    const char *location = sp_http_response_get_header(response, "Location");
    g_autofree char *url = NULL;
    g_autofree char *scheme = NULL;

    if (location == NULL || state->n_redirects++ >= MAX_REDIRECTS) {
        return FALSE;
    }
    url = g_uri_resolve_relative(state->url, location, G_URI_FLAGS_NONE, NULL);
    scheme = url == NULL ? NULL : g_uri_parse_scheme(url);
    if (g_strcmp0(scheme, "https") != 0 &&
        (g_strcmp0(scheme, "http") != 0 || g_str_has_prefix(state->url, "https:"))) {
        return FALSE;
    }
    g_free(state->url);
    state->url = g_steal_pointer(&url);
    send(job, state);
    return TRUE;
}

static void
on_answer(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    State *state = data;
    int status = response == NULL ? 0 : sp_http_response_get_status(response);
    SpCopy *copy = NULL;

    if (status >= 300 && status < 400 && follow(job, state, response)) {
        return;
    }
    copy = sp_job_make_copy(job, sp_job_get_source(job));
    if (status == 200) {
        sp_job_deliver_picture(job, copy, response);
    } else {
        sp_job_deliver_failure(job, copy, response, error, rows);
    }
}

static void
send(SpJob *job, State *state)
{
    const SpConfig *config = sp_job_get_config(job);
    gboolean is_home = sp_http_same_origin(state->url, state->origin);
    const char *header = sp_config_get(config, state->group, "header");
    const char *headers[4] = {"Accept: image/*"};
    gsize n = 1;
    SpHttpRequest request = {.url = state->url,
                             .headers = headers,
                             .max_body_bytes = SP_PHOTO_MAX_BYTES,
                             .store = state->group,
                             .service = sp_job_get_source(job)};

    if (is_home && header != NULL) {
        headers[n++] = header;
    }
    if (is_home && state->secret_line != NULL) {
        headers[n++] = state->secret_line;
    }
    headers[n] = NULL;
    sp_job_send(job, SP_N_ENDPOINTS, &request, on_answer, state);
}

static void
fetch_async(const SpFetch *fetch, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
    const SpConfig *config = sp_client_get_config(fetch->client);
    State *state = g_new0(State, 1);
    g_autoptr(SpJob) job = sp_job_new(fetch, state, free_state, cancellable, callback, user_data);
    g_autoptr(GError) error = NULL;
    const char *file = NULL;

    state->group = g_strdup_printf("source %s", fetch->source);
    state->url = sp_source_fill(sp_config_get(config, state->group, "url"), fetch->person);
    state->origin = g_strdup(state->url);
    file = sp_config_get(config, state->group, "header-file");
    if (file != NULL) {
        state->secret_line = sp_secret_read_file(file, &error);
    }
    if (error != NULL) {
        sp_job_deliver_failure(job, sp_job_make_copy(job, fetch->source), NULL, error, NULL);
        return;
    }
    send(job, state);
}

gboolean
sp_source_exists(const SpConfig *config, const char *name)
{
    g_auto(GStrv) names = sp_config_list_sources(config);

    return g_strv_contains((const char *const *) names, name);
}

char *
sp_source_why_not(const SpConfig *config, const char *name)
{
    g_autofree char *group = g_strdup_printf("source %s", name);
    const char *url = sp_config_get(config, group, "url");
    gboolean has_key = sp_config_get(config, group, "header") != NULL ||
                       sp_config_get(config, group, "header-file") != NULL;
    g_autoptr(SpPerson) nobody = sp_person_new();
    g_autofree char *filled = url == NULL ? NULL : sp_source_fill(url, nobody);

    if (url == NULL) {
        return g_strdup_printf(_("[%s] has no url"), group);
    }
    if (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://")) {
        return g_strdup_printf(_("The url of [%s] must begin with https:// or http://"), group);
    }
    if (has_key && g_str_has_prefix(url, "http://") && !sp_job_is_loopback(filled)) {
        return g_strdup_printf(_("[%s] would send its header unencrypted; use https"), group);
    }
    return NULL;
}

static gboolean
is_on(const SpConfig *config)
{
    (void) config;
    return TRUE;
}

static char *
why_not(const SpConfig *config)
{
    (void) config;
    return NULL;
}

const SpService sp_service_source = {
    .copies = {NULL},
    .titles = {NULL},
    .is_on = is_on,
    .why_not = why_not,
    .fetch_async = fetch_async,
    .fetch_finish = sp_job_finish,
};
