#include "core/practice/services.h"

#include <string.h>

#define NOMETADATA    "application/json;odata=nometadata;streaming=true;charset=utf-8"
#define VERBOSE       "application/json;odata=verbose;charset=utf-8"
#define CLAIMS_PREFIX "i:0#.f|membership|"
#define MY_HOST       "https://norvane-my.sharepoint.com"
/* Seconds from the year 1 to 1970: the picture's timestamp counts from there. */
#define EPOCH_OFFSET G_GINT64_CONSTANT(62135596800)
/* Seconds for which a redirect to the edge cache is good. */
#define SIGNATURE_LIFE (14 * SP_HOUR)

static const struct {
    const char *letter;
    guint side;
    guint quality;
} thumbs[SP_N_THUMBS] = {
    {"S", 48, 75}, {"M", 72, 80}, {"L", 0, 85}, /* the profile's own */
};

static guint
thumb_side(const SpResident *resident, guint thumb)
{
    return thumbs[thumb].side > 0 ? thumbs[thumb].side : resident->large_side;
}

static GBytes *
thumb_bytes(SpWorld *world, const SpResident *resident, guint thumb)
{
    return sp_renditions_get(sp_world_get_renditions(world), resident->thumbs[thumb],
                             thumb_side(resident, thumb), thumbs[thumb].quality);
}

static void
reply_odata_error(SpCall *call, int status, const char *code, const char *message)
{
    SpJson *json = json_object_new_object();
    SpJson *error = sp_json_add_object(json, "odata.error");

    sp_json_add_string(error, "code", code);
    json_object_object_add(error, "message",
                           sp_json_strings("lang", "en-US", "value", message, NULL));
    sp_call_reply_json(call, status, NOMETADATA, json);
}

/* The hosts' own permissions (reference 3.1, 8.5). */
static gboolean
check_permission(SpCall *call, SpAudience audience)
{
    static const char *const profiles[] = {"User.Read.All", "User.ReadWrite.All",
                                           "AllSites.FullControl", "Sites.FullControl.All", NULL};
    static const char *const files[] = {"AllSites.Read",
                                        "AllSites.Write",
                                        "AllSites.FullControl",
                                        "Sites.Read.All",
                                        "Sites.ReadWrite.All",
                                        "Sites.FullControl.All",
                                        NULL};

    if (sp_login_may(sp_world_get_login(call->world), call,
                     audience == SP_AUDIENCE_MY ? files : profiles)) {
        return TRUE;
    }
    reply_odata_error(call, 403, "-2147024891, System.UnauthorizedAccessException",
                      "Access denied. You do not have permission to perform this action or access "
                      "this resource.");
    return FALSE;
}

/* Lets the call in, or answers as the real hosts do (reference 3.1, 3.7). */
static gboolean
admit(SpCall *call, SpAudience audience)
{
    SpTokenKind kind = sp_login_examine(sp_world_get_login(call->world), call, audience);
    const char *reason = NULL;

    if (kind == SP_TOKEN_DELEGATED || kind == SP_TOKEN_CERTIFICATE) {
        return check_permission(call, audience);
    }
    sp_call_add_header(call, "WWW-Authenticate",
                       "Bearer realm=\"" SP_NORVANE_ID "\",client_id=\"00000003-0000-0ff1-ce00-"
                       "000000000000\",trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\"");
    if (kind == SP_TOKEN_SECRET) {
        sp_call_reply_text(call, 401, "application/json",
                           "{\"error_description\":\"Unsupported app only token.\"}");
        return FALSE;
    }
    reason = kind == SP_TOKEN_WRONG
                 ? "3000003;reason=\"Invalid audience Uri.\";category=\"invalid_client\""
                 : "3001000;reason=\"There has been an error authenticating the request.\";"
                   "category=\"invalid_client\"";
    sp_call_add_header(call, "x-ms-diagnostics", "%s", reason);
    sp_call_reply_text(call, 401, "application/json",
                       kind == SP_TOKEN_WRONG
                           ? "{\"error_description\":\"Invalid JWT token. The audience is not "
                             "valid.\"}"
                           : "{\"error_description\":\"Invalid or missing access token.\"}");
    return FALSE;
}

static gboolean
is_denied(SpCall *call, const SpResident *resident)
{
    if (resident == NULL || (resident->quirks & SP_QUIRK_SHAREPOINT_DENIED) == 0) {
        return FALSE;
    }
    reply_odata_error(call, 403, "-2147024891, System.UnauthorizedAccessException",
                      "Access denied. You do not have permission to perform this action or access "
                      "this resource.");
    return TRUE;
}

static char *
make_picture_url(const SpResident *resident)
{
    g_autofree char *folder = g_uri_escape_string(resident->folder, NULL, FALSE);

    if (resident->thumbs[SP_THUMB_M] == NULL) {
        return g_strdup("");
    }
    return g_strdup_printf(MY_HOST ":443/User%%20Photos/%s/%s_MThumb.jpg?t=%" G_GINT64_FORMAT,
                           folder, resident->stem, resident->pulled + EPOCH_OFFSET);
}

/* Name and value of the profile's properties; the value is empty where unset. */
static GHashTable *
make_properties(const SpResident *resident)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    char *timestamp = resident->pulled > 0
                          ? g_strdup_printf("%" G_GINT64_FORMAT, resident->pulled + EPOCH_OFFSET)
                          : g_strdup("");

    g_hash_table_insert(values, "UserProfile_GUID", g_strdup(resident->id));
    g_hash_table_insert(values, "AccountName", g_strconcat(CLAIMS_PREFIX, resident->upn, NULL));
    g_hash_table_insert(values, "FirstName", g_strdup(resident->given_name));
    g_hash_table_insert(values, "LastName", g_strdup(resident->surname));
    g_hash_table_insert(values, "PreferredName", g_strdup(resident->display_name));
    g_hash_table_insert(values, "WorkEmail", g_strdup(resident->mail));
    g_hash_table_insert(values, "UserName", g_strdup(resident->upn));
    g_hash_table_insert(values, "PictureURL", make_picture_url(resident));
    g_hash_table_insert(values, "SPS-PictureTimestamp", timestamp);
    g_hash_table_insert(values, "SPS-PicturePlaceholderState",
                        g_strdup(resident->placeholder_state));
    g_hash_table_insert(values, "SPS-PictureExchangeSyncState", g_strdup(resident->sync_state));
    g_hash_table_insert(values, "SPS-UserPrincipalName", g_strdup(resident->upn));
    g_hash_table_insert(values, "msOnline-ObjectId", g_strdup(resident->id));
    g_hash_table_insert(values, "SPS-Department", g_strdup(""));
    return values;
}

static SpJson *
list_properties(const SpResident *resident)
{
    g_autoptr(GHashTable) values = make_properties(resident);
    SpJson *list = json_object_new_array();
    GHashTableIter iter;
    gpointer key = NULL;
    gpointer value = NULL;

    g_hash_table_iter_init(&iter, values);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        json_object_array_add(
            list, sp_json_strings("Key", key, "Value", value, "ValueType", "Edm.String", NULL));
    }
    return list;
}

static gboolean
wants_verbose(const SpCall *call)
{
    const char *accept = sp_call_header(call, "accept");

    return accept != NULL && strstr(accept, "odata=verbose") != NULL;
}

static SpJson *
describe_profile(const SpResident *resident, gboolean is_verbose)
{
    g_autofree char *account = g_strconcat(CLAIMS_PREFIX, resident->upn, NULL);
    g_autofree char *picture = make_picture_url(resident);
    g_autofree char *site = g_strdelimit(g_strdup(resident->upn), "@.'#", '_');
    g_autofree char *personal = g_strdup_printf(MY_HOST "/personal/%s/", site);
    g_autofree char *escaped = g_uri_escape_string(account, NULL, FALSE);
    g_autofree char *user = g_strdup_printf(MY_HOST ":443/Person.aspx?accountname=%s", escaped);
    SpJson *json =
        sp_json_strings("AccountName", account, "DisplayName", resident->display_name, "Email",
                        resident->mail, "LatestPost", NULL, "PersonalSiteHostUrl", MY_HOST ":443/",
                        "PersonalUrl", personal, "PictureUrl", picture[0] != '\0' ? picture : NULL,
                        "Title", resident->job_title, "UserUrl", user, NULL);

    json_object_object_add(json, "IsFollowed", json_object_new_boolean(FALSE));
    if (is_verbose) {
        json_object_object_add(sp_json_add_object(json, "UserProfileProperties"), "results",
                               list_properties(resident));
    } else {
        sp_json_add_array(json, "DirectReports");
        sp_json_add_array(json, "Peers");
        json_object_object_add(json, "UserProfileProperties", list_properties(resident));
    }
    return json;
}

static void
reply_profile(SpCall *call, const SpResident *resident, const char *function)
{
    gboolean is_verbose = wants_verbose(call);
    SpJson *json = NULL;

    if (resident == NULL) {
        json = json_object_new_object();
        if (is_verbose) {
            json_object_object_add(sp_json_add_object(json, "d"), function, NULL);
        } else {
            json_object_object_add(json, "odata.null", json_object_new_boolean(TRUE));
        }
    } else if (is_verbose) {
        json = json_object_new_object();
        json_object_object_add(json, "d", describe_profile(resident, TRUE));
    } else {
        json = describe_profile(resident, FALSE);
    }
    sp_call_reply_json(call, 200, is_verbose ? VERBOSE : NOMETADATA, json);
}

/* The text between single quotes, where each doubled quote is one. NULL: not quoted. */
static char *
unquote(const char *text)
{
    gsize length = text != NULL ? strlen(text) : 0;

    if (length < 2 || text[0] != '\'' || text[length - 1] != '\'') {
        return NULL;
    }
    g_autofree char *inner = g_strndup(text + 1, length - 2);
    g_auto(GStrv) pieces = g_strsplit(inner, "''", -1);

    return g_strjoinv("'", pieces);
}

/* An argument of a method call: name=@alias with the alias in the query, or name='text'. */
static char *
read_argument(const SpCall *call, const char *path, const char *name)
{
    g_autofree char *prefix = g_strdup_printf("%s=", name);
    const char *start = strstr(path, prefix);
    g_autofree char *value = NULL;

    if (start == NULL) {
        return NULL;
    }
    start += strlen(prefix);
    if (*start == '@') {
        value = g_strndup(start, strcspn(start, ",)"));
        return unquote(sp_call_query(call, value));
    }
    for (const char *end = start + 1; *end != '\0'; end++) {
        if (*end == '\'' && end[1] == '\'') {
            end++;
        } else if (*end == '\'') {
            value = g_strndup(start, (gsize) (end - start) + 1);
            return unquote(value);
        }
    }
    return NULL;
}

static SpResident *
find_second_profile(SpWorld *world, const char *name)
{
    GPtrArray *profiles = sp_world_profiles(world);

    for (guint i = 0; i < profiles->len; i++) {
        SpResident *profile = g_ptr_array_index(profiles, i);

        if (g_ascii_strcasecmp(profile->upn, name) == 0) {
            return profile;
        }
    }
    return NULL;
}

/* The profile of a claims login. */
static SpResident *
find_account(SpWorld *world, const char *account)
{
    SpResident *resident = NULL;

    if (account != NULL &&
        g_ascii_strncasecmp(account, CLAIMS_PREFIX, strlen(CLAIMS_PREFIX)) == 0) {
        account += strlen(CLAIMS_PREFIX);
        resident = sp_world_find(world, account);
        resident = resident != NULL ? resident : find_second_profile(world, account);
    }
    return resident != NULL && (resident->quirks & SP_QUIRK_NO_PROFILE) == 0 ? resident : NULL;
}

static void
answer_people_manager(SpCall *call, const char *path)
{
    static const char prefix[] = "/_api/SP.UserProfiles.PeopleManager/";
    const char *function = path + strlen(prefix);
    g_autofree char *account = read_argument(call, path, "accountName");
    SpResident *resident = find_account(call->world, account);

    if (is_denied(call, resident)) {
        return;
    }
    if (g_str_has_prefix(function, "GetMyProperties")) {
        reply_profile(call, NULL, "GetMyProperties");
    } else if (account == NULL) {
        reply_odata_error(call, 400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
                          "The expression is not valid.");
    } else if (g_str_has_prefix(function, "GetPropertiesFor(")) {
        reply_profile(call, resident, "GetPropertiesFor");
    } else if (g_str_has_prefix(function, "GetUserProfilePropertyFor(")) {
        g_autofree char *name = read_argument(call, path, "propertyName");
        g_autoptr(GHashTable) values = resident != NULL ? make_properties(resident) : NULL;
        const char *value =
            values != NULL && name != NULL ? g_hash_table_lookup(values, name) : NULL;

        sp_call_reply_json(call, 200, NOMETADATA,
                           sp_json_strings("value", value != NULL ? value : "", NULL));
    } else {
        reply_odata_error(call, 404, "-1, Microsoft.SharePoint.Client.ResourceNotFoundException",
                          "Cannot find resource for the request.");
    }
}

static SpResident *
find_stem(GPtrArray *people, const char *file, const char *stem)
{
    for (guint i = 0; i < people->len; i++) {
        SpResident *resident = g_ptr_array_index(people, i);

        if (g_ascii_strcasecmp(resident->stem, stem) == 0) {
            g_autofree char *folder = g_strdup_printf("/User Photos/%s/", resident->folder);

            return g_ascii_strncasecmp(file, folder, strlen(folder)) == 0 ? resident : NULL;
        }
    }
    return NULL;
}

/* The person and the thumbnail that a file of the library belongs to. */
static SpResident *
find_file(SpWorld *world, const char *file, guint *thumb)
{
    SpResident *resident = NULL;
    g_autofree char *name = g_path_get_basename(file);
    char *suffix = strrchr(name, '_');

    if (suffix == NULL) {
        return NULL;
    }
    for (guint k = 0; k < SP_N_THUMBS; k++) {
        g_autofree char *expected = g_strdup_printf("_%sThumb.jpg", thumbs[k].letter);

        *thumb = g_ascii_strcasecmp(suffix, expected) == 0 ? k : *thumb;
    }
    *suffix = '\0';
    resident = find_stem(sp_world_residents(world), file, name);
    return resident != NULL ? resident : find_stem(sp_world_profiles(world), file, name);
}

static void
reply_file(SpCall *call, const SpResident *resident, guint thumb, gboolean wants_bytes)
{
    g_autoptr(GBytes) bytes = thumb_bytes(call->world, resident, thumb);
    g_autoptr(GDateTime) created = g_date_time_new_from_unix_utc(resident->created);
    g_autoptr(GDateTime) modified = g_date_time_new_from_unix_utc(resident->pulled);
    g_autofree char *etag = g_strdup_printf("\"{%s},%u\"", resident->id,
                                            resident->thumbs_version * SP_N_THUMBS + thumb + 1);
    g_autofree char *length = g_strdup_printf("%" G_GSIZE_FORMAT, g_bytes_get_size(bytes));
    g_autofree char *name = g_strdup_printf("%s_%sThumb.jpg", resident->stem, thumbs[thumb].letter);
    SpJson *json = NULL;

    if (wants_bytes) {
        sp_call_reply_photo(call, bytes, etag);
        return;
    }
    json = sp_json_strings("ETag", etag, "Length", length, "Name", name, "UniqueId", resident->id,
                           NULL);
    json_object_object_add(json, "Exists", json_object_new_boolean(TRUE));
    sp_json_add_time(json, "TimeCreated", created);
    if (resident->pulled > 0) {
        sp_json_add_time(json, "TimeLastModified", modified);
    }
    if (wants_verbose(call)) {
        SpJson *wrapper = json_object_new_object();

        json_object_object_add(wrapper, "d", json);
        json = wrapper;
    }
    sp_call_reply_json(call, 200, wants_verbose(call) ? VERBOSE : NOMETADATA, json);
}

static void
answer_library(SpCall *call, const char *path)
{
    g_autofree char *file = read_argument(call, path, "decodedurl");
    guint thumb = SP_THUMB_M;
    SpResident *resident = file != NULL ? find_file(call->world, file, &thumb) : NULL;

    if (is_denied(call, resident)) {
        return;
    }
    if (resident == NULL || resident->thumbs[thumb] == NULL) {
        g_autofree char *message =
            g_strdup_printf("The file %s does not exist.", file != NULL ? file : "");

        reply_odata_error(call, 404, "-2130575338, Microsoft.SharePoint.SPException", message);
    } else {
        reply_file(call, resident, thumb, g_str_has_suffix(path, ")/$value"));
    }
}

static guint
parse_thumb(const char *size)
{
    for (guint i = 0; i < SP_N_THUMBS; i++) {
        if (size != NULL && g_ascii_strcasecmp(size, thumbs[i].letter) == 0) {
            return i;
        }
    }
    return SP_THUMB_S;
}

static char *
sign(const char *account, const char *size, gint64 expires)
{
    g_autofree char *text = g_strdup_printf("edge/%s/%s/%" G_GINT64_FORMAT, account, size, expires);

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* userphoto.aspx: for browsers with a session cookie only, and by way of the edge cache (3.5). */
static void
answer_user_photo(SpCall *call)
{
    const char *account = sp_call_query(call, "accountname");
    const char *size = sp_call_query(call, "size");
    gint64 now = sp_world_now(call->world);
    gint64 expires = now + SIGNATURE_LIFE;

    account = account != NULL ? account : sp_call_query(call, "username");
    if (sp_call_header(call, "cookie") == NULL) {
        sp_call_reply_text(call, 403, "text/plain", "403 FORBIDDEN");
        return;
    }
    account = account != NULL ? account : "";
    size = thumbs[parse_thumb(size)].letter;
    g_autofree char *escaped = g_uri_escape_string(account, NULL, FALSE);
    g_autofree char *signature = sign(account, size, expires);

    sp_call_add_header(call, "Location",
                       "%s/sharepoint/_vti_bin/afdcache.ashx/_userprofile/userphoto.jpg?"
                       "_oat_=%" G_GINT64_FORMAT "_%s&P1=%" G_GINT64_FORMAT
                       "&P2=912345678&P3=1&P4=practice&size=%s&accountName=%s",
                       call->base, expires, signature, now, size, escaped);
    sp_call_reply_empty(call, 302);
}

static void
reply_silhouette(SpCall *call, guint side)
{
    g_autoptr(GBytes) silhouette =
        sp_renditions_silhouette(sp_world_get_renditions(call->world), side);

    sp_call_reply_bytes(call, 200, "image/png", silhouette);
}

static void
answer_edge_cache(SpCall *call)
{
    const char *account = sp_call_query(call, "accountName");
    const char *size = sp_call_query(call, "size");
    const char *token = sp_call_query(call, "_oat_");
    gint64 expires = token != NULL ? g_ascii_strtoll(token, NULL, 10) : 0;
    const char *separator = token != NULL ? strchr(token, '_') : NULL;
    guint thumb = parse_thumb(size);
    g_autofree char *signature =
        sign(account != NULL ? account : "", size != NULL ? size : "", expires);
    SpResident *resident = NULL;

    if (separator == NULL || expires < sp_world_now(call->world) ||
        !g_str_equal(separator + 1, signature)) {
        sp_call_reply_text(call, 403, "text/plain",
                           "ERROR 403: Time-Limited URL validation failed");
        return;
    }
    if (account != NULL) {
        resident = find_account(call->world, account);
        resident = resident != NULL ? resident : find_second_profile(call->world, account);
        resident = resident != NULL ? resident : sp_world_find_mail(call->world, account);
    }
    if (resident == NULL || resident->thumbs[thumb] == NULL) {
        reply_silhouette(call, thumbs[thumb].side > 0 ? thumbs[thumb].side : 200);
    } else {
        g_autoptr(GBytes) photo = thumb_bytes(call->world, resident, thumb);

        sp_call_reply_bytes(call, 200, "image/jpeg", photo);
    }
}

static void
answer_host(SpCall *call, SpAudience audience)
{
    g_autofree char *path = sp_call_decode(call->path);
    g_autofree char *request = g_uuid_string_random();

    sp_call_add_header(call, "SPRequestGuid", "%s", request);
    sp_call_add_header(call, "request-id", "%s", request);
    if (g_ascii_strcasecmp(path, "/_layouts/15/userphoto.aspx") == 0) {
        answer_user_photo(call);
    } else if (g_str_has_prefix(path, "/_vti_bin/afdcache.ashx/_userprofile/")) {
        answer_edge_cache(call);
    } else if (!admit(call, audience)) {
        return;
    } else if (g_str_has_prefix(path, "/_api/SP.UserProfiles.PeopleManager/")) {
        answer_people_manager(call, path);
    } else if (audience == SP_AUDIENCE_MY &&
               g_str_has_prefix(path, "/_api/web/GetFileByServerRelativePath(")) {
        answer_library(call, path);
    } else {
        reply_odata_error(call, 404, "-1, Microsoft.SharePoint.Client.ResourceNotFoundException",
                          "Cannot find resource for the request.");
    }
}

void
sp_sharepoint_answer(SpCall *call)
{
    answer_host(call, SP_AUDIENCE_SHAREPOINT);
}

void
sp_my_answer(SpCall *call)
{
    answer_host(call, SP_AUDIENCE_MY);
}
