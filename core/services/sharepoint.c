/* Two steps (reference 3.2, 3.4): the profile names the M thumbnail, then all wanted files and
 * their metadata are read at the same time. Paths are never built: the stem may be an address or an
 * id, and the folder's name follows the site's language. */

#include "core/services/sharepoint.h"

#include <string.h>

#include "core/i18n.h"
#include "core/json.h"
#include "core/net/url.h"
#include "core/services/job.h"
#include "core/text.h"

#define N_SIZES 3

static const char letters[N_SIZES] = {'S', 'M', 'L'};
static const char *const ids[N_SIZES] = {"sharepoint-s", "sharepoint-m", "sharepoint-l"};

/* One thumbnail: its picture and its metadata are two answers. */
typedef struct {
    SpCopy *copy; /* NULL: not wanted, or delivered */
    guint n_pending;
    SpHttpResponse *picture;
    GError *picture_error;
} Thumbnail;

typedef struct {
    Thumbnail thumbnails[N_SIZES];
    gboolean is_second_pending; /* the profile by mail, asked where mail and user name differ */
    char *second_account;       /* that profile's account, where it has a picture */
    gboolean has_profile;
    SpHttpResponse *profile; /* kept while the second one is on its way */
    GError *profile_error;
} State;

static const SpAnswerRow profile_rows[] = {
    {401, "Unsupported app only token", SP_COPY_DENIED,
     N_("SharePoint takes an app's sign-in only with a certificate, not with a secret (Unsupported "
        "app only token); set [sign-in] flow=certificate"),
     SP_ANSWER_PLAIN},
    {404, NULL, SP_COPY_INVALID,
     N_("there is no profile service at this address; check [tenant] name and [endpoints] "
        "sharepoint"),
     SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

static const SpAnswerRow file_rows[] = {
    {401, "Unsupported app only token", SP_COPY_DENIED,
     N_("SharePoint takes an app's sign-in only with a certificate, not with a secret (Unsupported "
        "app only token); set [sign-in] flow=certificate"),
     SP_ANSWER_PLAIN},
    SP_ANSWER_ROW_NOT_FOUND_PAGE,
    {404, NULL, SP_COPY_ABSENT,
     N_("the profile names this thumbnail, but the file is gone; it is rebuilt when the owner "
        "opens "
        "SharePoint"),
     SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

static void
free_state(gpointer data)
{
    State *state = data;

    for (gsize i = 0; i < N_SIZES; i++) {
        sp_copy_unref(state->thumbnails[i].copy);
        g_clear_pointer(&state->thumbnails[i].picture, sp_http_response_unref);
        g_clear_error(&state->thumbnails[i].picture_error);
    }
    g_free(state->second_account);
    g_clear_pointer(&state->profile, sp_http_response_unref);
    g_clear_error(&state->profile_error);
    g_free(state);
}

/* The path of the file `url` below `base`, decoded; NULL where it lies elsewhere. Transfer full. */
static char *
path_below(const SpUrl *url, const char *base)
{
    g_autoptr(SpUrl) home = sp_url_parse(base);
    gsize length = 0;

    if (home == NULL || home->has_user || !sp_url_equal_origin(url, home)) {
        return NULL;
    }
    length = strlen(home->path);
    if (!g_str_has_prefix(url->path, home->path) || url->path[length] != '/') {
        length = 0;
    }
    return strcmp(url->path, "/") == 0 ? NULL : g_uri_unescape_string(url->path + length, NULL);
}

char *
sp_sharepoint_picture_path(const SpConfig *config, const char *picture_url)
{
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_MY);
    g_autofree char *host = sp_endpoint_audience(config, SP_ENDPOINT_MY);
    g_autoptr(SpUrl) url = sp_url_parse(picture_url);
    char *path = NULL;

    if (url == NULL || url->has_user) {
        return NULL;
    }
    path = path_below(url, base);
    return path != NULL ? path : path_below(url, host);
}

char *
sp_sharepoint_thumbnail_path(const char *picture_path, char letter)
{
    g_autofree char *lower = g_ascii_strdown(picture_path, -1);
    const char *found = g_strrstr(lower, "_mthumb");
    char *path = NULL;

    if (found == NULL) {
        return letter == 'M' ? g_strdup(picture_path) : NULL;
    }
    path = g_strdup(picture_path);
    if (letter != 'M') {
        char *at = path + (found - lower) + 1;

        *at = g_ascii_islower(*at) ? g_ascii_tolower(letter) : letter;
    }
    return path;
}

static void
note_time(SpCopy *copy, SpJson *json)
{
    const char *text = sp_json_string(json, "TimeLastModified");
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

    if (text != NULL && g_utf8_validate(text, -1, NULL)) {
        copy->last_modified = g_date_time_new_from_iso8601(text, utc);
    }
}

static void
settle(SpJob *job, Thumbnail *thumbnail)
{
    if (--thumbnail->n_pending > 0) {
        return;
    }
    if (thumbnail->picture != NULL && sp_http_response_get_status(thumbnail->picture) == 200) {
        sp_job_deliver_picture(job, g_steal_pointer(&thumbnail->copy), thumbnail->picture);
    } else {
        /* The files lie on another host than the profile and need a right of their own. */
        sp_job_explain(job, thumbnail->copy, thumbnail->picture, thumbnail->picture_error,
                       file_rows, "my");
        sp_job_deliver(job, g_steal_pointer(&thumbnail->copy));
    }
}

static void
on_picture(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    Thumbnail *thumbnail = data;

    thumbnail->picture =
        response == NULL ? NULL : sp_http_response_ref((SpHttpResponse *) response);
    thumbnail->picture_error = error == NULL ? NULL : g_error_copy(error);
    settle(job, thumbnail);
}

static void
on_metadata(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    Thumbnail *thumbnail = data;
    g_autoptr(SpJson) json = NULL;
    SpJson *file = NULL;

    (void) error;
    if (response != NULL && sp_http_response_get_status(response) == 200) {
        json = sp_json_parse(sp_http_response_get_body(response), "SharePoint", NULL);
        file = sp_json_member(json, "d") != NULL ? sp_json_member(json, "d") : json;
        note_time(thumbnail->copy, file);
        if (sp_json_string(file, "ETag") != NULL) {
            thumbnail->copy->etag = sp_text_clean(sp_json_string(file, "ETag"), -1, 200);
        }
    }
    settle(job, thumbnail);
}

/* The limit of four in flight is Outlook's; a queue of its own for each thumbnail lets all six
 * requests go at once. */
static void
ask_file(SpJob *job, const char *path, const char *suffix, SpJobFunc func, Thumbnail *thumbnail)
{
    g_autofree char *base = sp_endpoint_base(sp_job_get_config(job), SP_ENDPOINT_MY);
    g_auto(GStrv) quoted = g_strsplit(path, "'", -1);
    g_autofree char *doubled = g_strjoinv("''", quoted);
    g_autofree char *escaped = g_uri_escape_string(doubled, "/", FALSE);
    g_autofree char *url = g_strdup_printf(
        "%s/_api/web/GetFileByServerRelativePath(decodedurl='%s')%s", base, escaped, suffix);
    const char *const headers[] = {
        *suffix == '\0' ? "Accept: application/json;odata=nometadata" : "Accept: */*", NULL};
    SpHttpRequest request = {.url = url,
                             .headers = headers,
                             .max_body_bytes = SP_PHOTO_MAX_BYTES,
                             .store = "sharepoint",
                             .mailbox = thumbnail->copy->service,
                             .service = "SharePoint"};

    thumbnail->n_pending++;
    sp_job_send(job, SP_ENDPOINT_MY, &request, func, thumbnail);
}

static void
deliver_as(SpJob *job, Thumbnail *thumbnail, SpCopyStatus status, const char *error)
{
    thumbnail->copy->status = status;
    thumbnail->copy->error = g_strdup(error);
    sp_job_deliver(job, g_steal_pointer(&thumbnail->copy));
}

static void
read_thumbnail(SpJob *job, Thumbnail *thumbnail, const char *picture_path, char letter)
{
    g_autofree char *path = sp_sharepoint_thumbnail_path(picture_path, letter);

    if (path == NULL) {
        deliver_as(job, thumbnail, SP_COPY_SKIPPED,
                   _("The profile names a picture that is no thumbnail, so there is none of this "
                     "size"));
        return;
    }
    ask_file(job, path, "/$value", on_picture, thumbnail);
    ask_file(job, path, "", on_metadata, thumbnail);
}

/* The stem may be an old address: evidence of a rename (reference R18). */
static void
note_names(SpCopy *copy, const char *picture_path)
{
    g_autofree char *file = g_path_get_basename(picture_path);
    g_autofree char *lower = g_ascii_strdown(file, -1);
    const char *end = g_strrstr(lower, "_mthumb");
    g_autofree char *directory = g_path_get_dirname(picture_path);
    g_autofree char *folder = g_path_get_basename(directory);
    g_autofree char *stem = g_strndup(file, end == NULL ? strlen(file) : (gsize) (end - lower));

    sp_copy_add_fact(copy, SP_FACT_FILE_STEM, stem);
    sp_copy_add_fact(copy, SP_FACT_FOLDER, folder);
}

/* The array of {"Key","Value"} pairs, whatever the flavour of OData. */
static SpJson *
property_list(SpJson *profile)
{
    SpJson *list = sp_json_member(profile, "UserProfileProperties");
    SpJson *results = sp_json_member(list, "results");

    list = results != NULL ? results : list;
    return json_object_is_type(list, json_type_array) ? list : NULL;
}

static const char *
find_property(SpJson *profile, const char *key)
{
    SpJson *list = property_list(profile);
    gsize n = list == NULL ? 0 : json_object_array_length(list);

    for (gsize i = 0; i < n; i++) {
        SpJson *item = json_object_array_get_idx(list, i);
        const char *name = sp_json_string(item, "Key");

        if (name != NULL && g_ascii_strcasecmp(name, key) == 0) {
            return sp_json_string(item, "Value");
        }
    }
    return NULL;
}

static void
note_profile(SpCopy *copy, SpJson *profile)
{
    static const char *const keys[] = {SP_FACT_PICTURE_TIMESTAMP, SP_FACT_PLACEHOLDER_STATE,
                                       SP_FACT_EXCHANGE_SYNC};

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        sp_copy_add_fact(copy, keys[i], find_property(profile, keys[i]));
    }
    sp_copy_add_fact(copy, SP_FACT_ACCOUNT_NAME, sp_json_string(profile, "AccountName"));
}

static const char *
picture_url_of(SpJson *profile)
{
    const char *url = sp_json_string(profile, "PictureUrl");

    if (url == NULL || *url == '\0') {
        url = find_property(profile, "PictureURL");
    }
    return url == NULL || *url == '\0' ? NULL : url;
}

static gboolean
has_placeholder(SpJson *profile)
{
    return g_strcmp0(find_property(profile, SP_FACT_PLACEHOLDER_STATE), "1") == 0;
}

/* Calls for each copy that is wanted and not delivered. */
#define FOR_EACH_THUMBNAIL(state, i)                                                               \
    for (gsize i = 0; i < N_SIZES; i++)                                                            \
        if ((state)->thumbnails[i].copy != NULL)

static void
read_profile(SpJob *job, State *state, SpJson *profile)
{
    const char *url = picture_url_of(profile);
    g_autofree char *path =
        url == NULL ? NULL : sp_sharepoint_picture_path(sp_job_get_config(job), url);
    gboolean is_placeholder = has_placeholder(profile);

    FOR_EACH_THUMBNAIL(state, i)
    {
        Thumbnail *thumbnail = &state->thumbnails[i];

        note_profile(thumbnail->copy, profile);
        sp_copy_add_fact(thumbnail->copy, SP_FACT_PICTURE_URL, url == NULL ? "" : url);
        sp_copy_add_fact(thumbnail->copy, SP_FACT_MAIL_ACCOUNT, state->second_account);
        if (url == NULL) {
            deliver_as(job, thumbnail, is_placeholder ? SP_COPY_PLACEHOLDER : SP_COPY_ABSENT, NULL);
        } else if (path == NULL) {
            deliver_as(job, thumbnail, SP_COPY_INVALID,
                       _("SharePoint's profile names a picture on another server than the tenant's "
                         "my-site host, which is not asked; check PictureURL in the profile"));
        } else {
            note_names(thumbnail->copy, path);
            if (is_placeholder) {
                thumbnail->copy->status = SP_COPY_PLACEHOLDER;
            }
            read_thumbnail(job, thumbnail, path, letters[i]);
        }
    }
}

/* An unknown account is answered with 200 and a null object. */
static SpJson *
unwrap_profile(SpJson *json)
{
    SpJson *profile = sp_json_member(json, "d") != NULL ? sp_json_member(json, "d") : json;

    return sp_json_string(profile, "AccountName") == NULL && property_list(profile) == NULL
               ? NULL
               : profile;
}

static void
settle_profile(SpJob *job, State *state)
{
    const SpHttpResponse *response = state->profile;
    g_autoptr(SpJson) json = NULL;
    g_autoptr(GError) error = NULL;
    SpJson *profile = NULL;

    if (response == NULL || sp_http_response_get_status(response) != 200) {
        FOR_EACH_THUMBNAIL(state, i)
        {
            sp_job_deliver_failure(job, g_steal_pointer(&state->thumbnails[i].copy), response,
                                   state->profile_error, profile_rows);
        }
        return;
    }
    json = sp_json_parse(sp_http_response_get_body(response), _("SharePoint's profile"), &error);
    profile = unwrap_profile(json);
    if (profile != NULL) {
        read_profile(job, state, profile);
        return;
    }
    FOR_EACH_THUMBNAIL(state, i)
    {
        sp_answer_note(state->thumbnails[i].copy, response);
        sp_copy_add_fact(state->thumbnails[i].copy, SP_FACT_MAIL_ACCOUNT, state->second_account);
        deliver_as(job, &state->thumbnails[i], json == NULL ? SP_COPY_INVALID : SP_COPY_ABSENT,
                   json == NULL ? error->message
                                : _("SharePoint has no profile for this person yet; it is made at "
                                    "their first visit"));
    }
}

/* The account of an answered profile that has a real picture, or NULL. Transfer full. */
static char *
account_with_picture(const SpHttpResponse *response)
{
    g_autoptr(SpJson) json = NULL;
    SpJson *profile = NULL;

    if (response == NULL || sp_http_response_get_status(response) != 200) {
        return NULL;
    }
    json = sp_json_parse(sp_http_response_get_body(response), "SharePoint", NULL);
    profile = unwrap_profile(json);
    return profile == NULL || picture_url_of(profile) == NULL || has_placeholder(profile)
               ? NULL
               : g_strdup(sp_json_string(profile, "AccountName"));
}

/* The second profile matters only where the first has no picture: else nobody waits for it. */
static void
on_profile(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    State *state = data;
    g_autofree char *account = account_with_picture(response);

    state->has_profile = TRUE;
    state->profile = response == NULL ? NULL : sp_http_response_ref((SpHttpResponse *) response);
    state->profile_error = error == NULL ? NULL : g_error_copy(error);
    if (account != NULL || !state->is_second_pending) {
        state->is_second_pending = FALSE;
        settle_profile(job, state);
    }
}

static void
on_second_profile(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    State *state = data;

    (void) error;
    if (!state->is_second_pending) {
        return;
    }
    state->is_second_pending = FALSE;
    state->second_account = account_with_picture(response);
    if (state->has_profile) {
        settle_profile(job, state);
    }
}

/* Claims login: a single quote is doubled, then all of it percent-encoded (reference 3.2). */
static void
ask_profile(SpJob *job, const char *login, SpJobFunc func)
{
    g_autofree char *base = sp_endpoint_base(sp_job_get_config(job), SP_ENDPOINT_SHAREPOINT);
    g_auto(GStrv) quoted = g_strsplit(login, "'", -1);
    g_autofree char *doubled = g_strjoinv("''", quoted);
    g_autofree char *account = g_strdup_printf("i:0#.f|membership|%s", doubled);
    g_autofree char *escaped = g_uri_escape_string(account, NULL, FALSE);
    g_autofree char *url = g_strdup_printf("%s/_api/SP.UserProfiles.PeopleManager/"
                                           "GetPropertiesFor(accountName=@v)?@v='%s'",
                                           base, escaped);
    const char *const headers[] = {"Accept: application/json;odata=nometadata", NULL};
    SpHttpRequest request = {
        .url = url, .headers = headers, .store = "sharepoint", .service = "SharePoint"};

    sp_job_send(job, SP_ENDPOINT_SHAREPOINT, &request, func, sp_job_get_state(job));
}

static void
on_warm(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(SpTokens) tokens = user_data;

    (void) source;
    sp_tokens_wipe(sp_tokens_get_finish(tokens, result, NULL));
}

/* The files' host has a token of its own: asked for while the profile is on its way, it is there
 * when the files are. A refusal shows when they are asked for. */
static void
warm_token(const SpFetch *fetch, GCancellable *cancellable)
{
    SpTokens *tokens = sp_client_get_tokens(fetch->client);
    g_autofree char *audience =
        sp_endpoint_audience(sp_client_get_config(fetch->client), SP_ENDPOINT_MY);

    sp_tokens_get_async(tokens, audience, cancellable, on_warm, sp_tokens_ref(tokens));
}

static void
fetch_async(const SpFetch *fetch, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
    const SpPerson *person = fetch->person;
    State *state = g_new0(State, 1);
    g_autoptr(SpJob) job = sp_job_new(fetch, state, free_state, cancellable, callback, user_data);

    for (gsize i = 0; i < N_SIZES; i++) {
        if (sp_job_wants(job, ids[i])) {
            state->thumbnails[i].copy = sp_job_make_copy(job, ids[i]);
        }
    }
    state->is_second_pending =
        person->mail != NULL && g_ascii_strcasecmp(person->mail, person->user_principal_name) != 0;
    ask_profile(job, person->user_principal_name, on_profile);
    warm_token(fetch, cancellable);
    if (state->is_second_pending) {
        ask_profile(job, person->mail, on_second_profile);
    }
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
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_SHAREPOINT);
    g_autofree char *my = sp_endpoint_base(config, SP_ENDPOINT_MY);
    g_autofree char *audience = sp_endpoint_audience(config, SP_ENDPOINT_MY);

    return base != NULL && my != NULL && audience != NULL
               ? NULL
               : g_strdup(_("SharePoint's address is not known; set [tenant] name"));
}

const SpService sp_service_sharepoint = {
    .copies = {"sharepoint-s", "sharepoint-m", "sharepoint-l", NULL},
    .titles = {N_("SharePoint small"), N_("SharePoint medium"), N_("SharePoint large"), NULL},
    .is_on = is_on,
    .why_not = why_not,
    .fetch_async = fetch_async,
    .fetch_finish = sp_job_finish,
};
