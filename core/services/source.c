/* One GET. A header from the settings may be a key to the source: the HTTP client sends it to the
 * source's own origin only, never along with a redirect. */

#include "core/services/source.h"

#include "core/i18n.h"
#include "core/net/secret-file.h"
#include "core/net/url.h"
#include "core/services/job.h"

#define SIDE          "648"
#define MAX_REDIRECTS 3

static const SpAnswerRow rows[] = {
    {401, NULL, SP_COPY_DENIED,
     N_("it wants a sign-in; check header and header-file of this source"), SP_ANSWER_PLAIN},
    {403, NULL, SP_COPY_DENIED,
     N_("it refused access; check header and header-file of this source"), SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

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

static void
on_answer(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    SpCopy *copy = sp_job_make_copy(job, sp_job_get_source(job));

    (void) data;
    if (response != NULL && sp_http_response_get_status(response) == 200) {
        sp_job_deliver_picture(job, copy, response);
    } else {
        sp_job_deliver_failure(job, copy, response, error, rows);
    }
}

static void
fetch_async(const SpFetch *fetch, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
    const SpConfig *config = sp_client_get_config(fetch->client);
    g_autoptr(SpJob) job = sp_job_new(fetch, NULL, NULL, cancellable, callback, user_data);
    g_autofree char *group = g_strdup_printf("source %s", fetch->source);
    g_autofree char *url = sp_source_fill(sp_config_get(config, group, "url"), fetch->person);
    const char *header = sp_config_get(config, group, "header");
    const char *file = sp_config_get(config, group, "header-file");
    g_autoptr(GError) error = NULL;
    char *secret = file == NULL ? NULL : sp_secret_file_read(file, "header-file", &error);
    const char *headers[4] = {"Accept: image/*"};
    gsize n = 1;
    SpHttpRequest request = {.url = url,
                             .headers = headers,
                             .max_body_bytes = SP_PHOTO_MAX_BYTES,
                             .max_redirects = MAX_REDIRECTS,
                             .store = group,
                             .service = fetch->source};

    if (header != NULL) {
        headers[n++] = header;
    }
    if (secret != NULL) {
        headers[n++] = secret;
    }
    if (error != NULL) {
        sp_job_deliver_failure(job, sp_job_make_copy(job, fetch->source), NULL, error, NULL);
    } else {
        sp_job_send(job, SP_N_ENDPOINTS, &request, on_answer, NULL);
    }
    sp_tokens_wipe(secret);
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
    const char *template = sp_config_get(config, group, "url");
    gboolean has_key = sp_config_get(config, group, "header") != NULL ||
                       sp_config_get(config, group, "header-file") != NULL;
    g_autoptr(SpPerson) nobody = sp_person_new();
    g_autofree char *text = template == NULL ? NULL : sp_source_fill(template, nobody);
    g_autoptr(SpUrl) url = text == NULL ? NULL : sp_url_parse(text);

    if (template == NULL) {
        return g_strdup_printf(_("[%s] has no url"), group);
    }
    if (url == NULL) {
        return g_strdup_printf(_("The url of [%s] must be a whole https:// or http:// address"),
                               group);
    }
    if (has_key && !sp_url_is_safe(url)) {
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
