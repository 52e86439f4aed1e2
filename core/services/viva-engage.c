/* Two steps (reference section 6): the users API names the picture by a signed address that runs
 * out, then the picture is read from that host without a token. The address is never kept. */

#include "core/services/viva-engage.h"

#include <string.h>

#include "core/i18n.h"
#include "core/json.h"
#include "core/services/job.h"

#define SIDE          "648"
#define MAX_REDIRECTS 3

static const SpAnswerRow user_rows[] = {
    SP_ANSWER_ROW_NOT_FOUND_PAGE,
    {404, NULL, SP_COPY_ABSENT, N_("it knows no such person; they have not used Viva Engage yet"),
     SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

/* The picture's host takes a signature in place of a sign-in. */
static const SpAnswerRow picture_rows[] = {
    {403, NULL, SP_COPY_UNREACHABLE,
     N_("the picture's signed address was not accepted; read it again for a fresh one"),
     SP_ANSWER_PLAIN},
    {404, NULL, SP_COPY_INVALID,
     N_("the profile names a picture, but it is gone; read it again later"), SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

static void
on_picture(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    SpCopy *copy = sp_copy_ref(data);

    if (response != NULL && sp_http_response_get_status(response) == 200) {
        sp_job_deliver_picture(job, copy, response);
    } else {
        sp_job_deliver_failure(job, copy, response, error, picture_rows);
    }
}

/* Tokens of the template stand in the query or, in its older form, in the path. */
static char *
fill_template(const char *template)
{
    GString *url = g_string_new(template);

    g_string_replace(url, "{width}", SIDE, 0);
    g_string_replace(url, "{height}", SIDE, 0);
    return g_string_free(url, FALSE);
}

static gboolean
is_no_photo(const char *url)
{
    g_autofree char *path = g_strndup(url, strcspn(url, "?#"));

    return g_str_has_suffix(path, "no_photo.png");
}

/* https, or what the service itself is spoken to in (the practice tenant's http). */
static gboolean
is_fetchable(const SpConfig *config, const char *url)
{
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_VIVA_ENGAGE);
    g_autofree char *scheme = g_uri_parse_scheme(url);
    g_autofree char *own = g_uri_parse_scheme(base);

    return g_strcmp0(scheme, "https") == 0 ||
           (g_strcmp0(scheme, "http") == 0 && g_strcmp0(own, "http") == 0);
}

static void
read_picture(SpJob *job, SpCopy *copy, const char *url)
{
    const char *const headers[] = {"Accept: image/*", NULL};
    SpHttpRequest request = {.url = url,
                             .headers = headers,
                             .max_body_bytes = SP_PHOTO_MAX_BYTES,
                             .max_redirects = MAX_REDIRECTS,
                             .store = "viva-engage-pictures",
                             .service = "Viva Engage"};

    sp_job_send(job, SP_N_ENDPOINTS, &request, on_picture, copy);
}

static void
read_user(SpJob *job, SpCopy *copy, SpJson *user)
{
    const char *template = sp_json_string(user, "mugshot_url_template");
    const char *plain = sp_json_string(user, "mugshot_url");
    g_autofree char *url = NULL;
    g_autofree char *shown = NULL;

    if (template != NULL || plain != NULL) {
        url = fill_template(template != NULL ? template : plain);
        shown = g_strndup(url, strcspn(url, "?#"));
        sp_copy_add_fact(copy, SP_FACT_MUGSHOT_URL, shown);
    }
    if (url == NULL || is_no_photo(url) || (plain != NULL && is_no_photo(plain))) {
        copy->status = SP_COPY_ABSENT;
        sp_job_deliver(job, sp_copy_ref(copy));
    } else if (!is_fetchable(sp_job_get_config(job), url)) {
        copy->status = SP_COPY_INVALID;
        copy->error = g_strdup(_("Viva Engage names a picture at an address that is not safe to "
                                 "read; report it to Microsoft"));
        sp_job_deliver(job, sp_copy_ref(copy));
    } else {
        read_picture(job, copy, url);
    }
}

/* by_email.json answers with an array, the other forms with one object. */
static SpJson *
first_user(SpJson *json)
{
    if (json_object_is_type(json, json_type_array)) {
        return json_object_array_length(json) == 0 ? NULL : json_object_array_get_idx(json, 0);
    }
    return sp_json_string(json, "type") != NULL || sp_json_string(json, "mugshot_url") != NULL
               ? json
               : NULL;
}

static void
on_user(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    SpCopy *copy = data;
    g_autoptr(SpJson) json = NULL;
    g_autoptr(GError) parse_error = NULL;
    SpJson *user = NULL;

    if (response == NULL || sp_http_response_get_status(response) != 200) {
        sp_job_deliver_failure(job, sp_copy_ref(copy), response, error, user_rows);
        return;
    }
    sp_answer_note(copy, response);
    json =
        sp_json_parse(sp_http_response_get_body(response), _("Viva Engage's answer"), &parse_error);
    user = first_user(json);
    if (user != NULL) {
        read_user(job, copy, user);
        return;
    }
    copy->status = json == NULL ? SP_COPY_INVALID : SP_COPY_ABSENT;
    copy->error =
        g_strdup(json == NULL ? parse_error->message
                              : _("Viva Engage knows no such person; they have not used it yet"));
    sp_job_deliver(job, sp_copy_ref(copy));
}

static void
fetch_async(const SpFetch *fetch, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
    const SpConfig *config = sp_client_get_config(fetch->client);
    const SpPerson *person = fetch->person;
    const char *mail = person->mail != NULL ? person->mail : person->user_principal_name;
    g_autofree char *title = sp_service_title(config, "viva-engage");
    SpCopy *copy = sp_copy_new("viva-engage", title);
    g_autoptr(SpJob) job =
        sp_job_new(fetch, copy, (GDestroyNotify) sp_copy_unref, cancellable, callback, user_data);
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_VIVA_ENGAGE);
    g_autofree char *escaped = g_uri_escape_string(mail, NULL, FALSE);
    g_autofree char *url = g_strdup_printf("%s/api/v1/users/by_email.json?email=%s", base, escaped);
    const char *const headers[] = {"Accept: application/json", NULL};
    SpHttpRequest request = {
        .url = url, .headers = headers, .store = "viva-engage", .service = "Viva Engage"};

    sp_job_send(job, SP_ENDPOINT_VIVA_ENGAGE, &request, on_user, copy);
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
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_VIVA_ENGAGE);

    if (base == NULL) {
        return g_strdup(_("Viva Engage is a service of the worldwide cloud only"));
    }
    return sp_permission_rights(config) == SP_RIGHTS_APPLICATION
               ? g_strdup(_("Viva Engage answers a signed-in person only, not an app alone"))
               : NULL;
}

const SpService sp_service_viva_engage = {
    .copies = {"viva-engage", NULL},
    .titles = {N_("Viva Engage"), NULL},
    .is_on = is_on,
    .why_not = why_not,
    .fetch_async = fetch_async,
    .fetch_finish = sp_job_finish,
};
