#include "core/practice/services.h"

#include <string.h>

#include "core/practice/graph-users.h"

#define JSON_TYPE                                                                                  \
    "application/"                                                                                 \
    "json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
#define NO_IMAGE                                                                                   \
    "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown."
/* The quality of the master's smaller renditions. */
#define CLOUD_QUALITY 92

const guint sp_cloud_sides[] = {48, 64, 96, 120, 240, 360, 432, 504, 648, 0};

/* The photo that Graph knows: Microsoft 365's first, then Entra ID's (reference, section 1). */
static const char *
known_picture(const SpResident *resident, guint *side)
{
    if ((resident->quirks & SP_QUIRK_NOT_PROVISIONED) != 0) {
        return NULL;
    }
    *side = resident->cloud != NULL ? resident->cloud_side : resident->entra_side;
    return resident->cloud != NULL ? resident->cloud : resident->entra;
}

GBytes *
sp_cloud_photo(SpWorld *world, const SpResident *resident, guint side)
{
    guint largest = 0;
    const char *picture = known_picture(resident, &largest);

    if (picture == NULL || side > largest) {
        return NULL;
    }
    return sp_renditions_get(sp_world_get_renditions(world), picture, side > 0 ? side : largest,
                             CLOUD_QUALITY);
}

char *
sp_cloud_etag(const SpResident *resident)
{
    guint side = 0;
    const char *picture = known_picture(resident, &side);
    g_autofree char *state = g_strdup_printf(
        "%s/%s/%u/%u", resident->id, picture != NULL ? picture : "", side, resident->cloud_version);

    return g_strdup_printf("\"%08X\"", g_str_hash(state));
}

void
sp_graph_reply_error(SpCall *call, int status, const char *code, const char *message)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(sp_world_now(call->world));
    g_autofree char *date = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
    g_autofree char *request = g_uuid_string_random();
    const char *client = sp_call_header(call, "client-request-id");
    SpJson *json = json_object_new_object();
    SpJson *error = sp_json_add_object(json, "error");
    SpJson *inner = NULL;

    sp_json_add_string(error, "code", code);
    sp_json_add_string(error, "message", message);
    inner = sp_json_add_object(error, "innerError");
    sp_json_add_string(inner, "date", date);
    sp_json_add_string(inner, "request-id", request);
    sp_json_add_string(inner, "client-request-id", client != NULL ? client : request);
    sp_call_reply_json(call, status, "application/json", json);
}

static SpJson *
describe_photo(const SpResident *resident, guint side, gboolean is_largest)
{
    g_autofree char *etag = sp_cloud_etag(resident);
    g_autofree char *name = (resident->quirks & SP_QUIRK_NAMED_BY_SIZE) != 0 || !is_largest
                                ? g_strdup_printf("%ux%u", side, side)
                                : g_strdup("default");
    SpJson *json = sp_json_strings("@odata.mediaContentType", "image/jpeg", "@odata.mediaEtag",
                                   etag, "id", name, NULL);

    json_object_object_add(json, "height", json_object_new_int((int) side));
    json_object_object_add(json, "width", json_object_new_int((int) side));
    return json;
}

static void
add_context(SpCall *call, SpJson *json, const SpResident *resident, const char *tail)
{
    g_autofree char *context = g_strdup_printf("https://graph.microsoft.com/v1.0/$metadata#users"
                                               "('%s')/%s",
                                               resident->id, tail);

    (void) call;
    sp_json_add_string(json, "@odata.context", context);
}

static void
reply_no_photo(SpCall *call, const SpResident *resident, gboolean wants_bytes)
{
    if ((resident->quirks & SP_QUIRK_NOT_PROVISIONED) != 0) {
        sp_graph_reply_error(call, 404, "ErrorUserResolutionFailedUserDoesNotExist",
                             "Exception of type 'Microsoft.Fast.Profile.Core.Exception."
                             "ProfileNotFoundException' was thrown.");
    } else if (resident->is_mailbox_on_premises && resident->cloud == NULL) {
        sp_graph_reply_error(call, 404, "MailboxNotHostedInExchangeOnline",
                             "The mailbox is either inactive, soft-deleted, or is hosted "
                             "on-premise.");
    } else if ((resident->quirks & SP_QUIRK_ONE_PIXEL) != 0 && !wants_bytes) {
        SpJson *json = sp_json_strings("@odata.mediaContentType", "image/gif", "@odata.mediaEtag",
                                       "", "id", "1x1", NULL);

        json_object_object_add(json, "height", json_object_new_int(1));
        json_object_object_add(json, "width", json_object_new_int(1));
        add_context(call, json, resident, "photo/$entity");
        sp_call_reply_json(call, 200, JSON_TYPE, json);
    } else if ((resident->quirks & SP_QUIRK_ONE_PIXEL) != 0) {
        g_autoptr(GBytes) pixel = sp_renditions_pixel();

        sp_call_reply_bytes(call, 200, "image/gif", pixel);
    } else {
        sp_graph_reply_error(call, 404,
                             (resident->quirks & SP_QUIRK_ENTITY_NOT_FOUND) != 0
                                 ? "ErrorEntityNotFound"
                                 : "ImageNotFound",
                             NO_IMAGE);
    }
}

void
sp_graph_reply_no_photo(SpCall *call)
{
    sp_graph_reply_error(call, 404, "ImageNotFound", NO_IMAGE);
}

/* The side that a size of the path names, e.g. "240X240"; 0 where it is none of the nine. */
static guint
parse_size(const char *text)
{
    char *end = NULL;
    guint64 width = g_ascii_strtoull(text, &end, 10);

    if (end == text || g_ascii_tolower(*end) != 'x' ||
        g_ascii_strtoull(end + 1, &end, 10) != width || *end != '\0') {
        return 0;
    }
    for (guint i = 0; sp_cloud_sides[i] != 0; i++) {
        if (sp_cloud_sides[i] == width) {
            return (guint) width;
        }
    }
    return 0;
}

static void
reply_photo_list(SpCall *call, const SpResident *resident)
{
    guint largest = 0;
    SpJson *json = NULL;
    SpJson *list = NULL;

    if (known_picture(resident, &largest) == NULL) {
        reply_no_photo(call, resident, FALSE);
        return;
    }
    json = json_object_new_object();
    add_context(call, json, resident, "photos");
    list = sp_json_add_array(json, "value");
    for (guint i = 0; sp_cloud_sides[i] != 0 && sp_cloud_sides[i] <= largest; i++) {
        json_object_array_add(list, describe_photo(resident, sp_cloud_sides[i], FALSE));
    }
    sp_call_reply_json(call, 200, JSON_TYPE, json);
}

/* `side` 0 is the largest; `wants_bytes` is /$value. */
static void
reply_photo(SpCall *call, const SpResident *resident, guint side, gboolean wants_bytes)
{
    guint largest = 0;
    const char *picture = known_picture(resident, &largest);

    if (picture == NULL || side > largest) {
        reply_no_photo(call, resident, wants_bytes);
    } else if (wants_bytes) {
        g_autoptr(GBytes) photo = sp_cloud_photo(call->world, resident, side);
        g_autofree char *etag = sp_cloud_etag(resident);

        sp_call_add_header(call, "Cache-Control", "private");
        sp_call_reply_photo(call, photo, etag);
    } else {
        SpJson *json = describe_photo(resident, side > 0 ? side : largest, side == 0);

        add_context(call, json, resident, side == 0 ? "photo/$entity" : "photos/$entity");
        sp_call_reply_json(call, 200, JSON_TYPE, json);
    }
}

/* What a bearer needs for a part of Graph, and how it is refused without (reference 2.1, 2.6). */
typedef struct {
    const char *permissions[8];
    const char *code;
    const char *message;
} Right;

static const Right photos = {{"ProfilePhoto.Read.All", "ProfilePhoto.ReadWrite.All",
                              "User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", NULL},
                             "ErrorAccessDenied",
                             "Access is denied. Check credentials and try again."};
static const Right people = {{"User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", NULL},
                             "Authorization_RequestDenied",
                             "Insufficient privileges to complete the operation."};
static const Right policies = {{"PeopleSettings.Read.All", "PeopleSettings.ReadWrite.All", NULL},
                               "Authorization_RequestDenied",
                               "Insufficient privileges to complete the operation."};

static gboolean
admit(SpCall *call, const Right *right)
{
    if (sp_login_may(sp_world_get_login(call->world), call, right->permissions)) {
        return TRUE;
    }
    sp_graph_reply_error(call, 403, right->code, right->message);
    return FALSE;
}

/* The path behind the person: "", "photo", "photo/$value", "photos", "photos/240x240[/$value]". */
static void
answer_person(SpCall *call, SpResident *resident, char **rest)
{
    static const char *const changes[] = {"PUT", "PATCH", "DELETE", NULL};
    gboolean wants_bytes = FALSE;
    guint side = 0;

    if (!admit(call, rest[0] == NULL ? &people : &photos)) {
        return;
    }
    if (rest[0] == NULL) {
        sp_graph_reply_user(call, resident);
        return;
    }
    if (g_str_equal(rest[0], "photos") && rest[1] == NULL) {
        reply_photo_list(call, resident);
        return;
    }
    if (g_str_equal(rest[0], "photos")) {
        side = parse_size(rest[1]);
    }
    if ((g_str_equal(rest[0], "photos") && side == 0) ||
        (!g_str_equal(rest[0], "photos") && !g_str_equal(rest[0], "photo"))) {
        sp_graph_reply_error(call, 400, "BadRequest",
                             "Resource not found for the segment of the path.");
        return;
    }
    rest += side > 0 ? 2 : 1;
    wants_bytes = rest[0] != NULL && g_str_equal(rest[0], "$value");
    if (rest[0] != NULL && !wants_bytes) {
        sp_graph_reply_error(call, 400, "BadRequest",
                             "Resource not found for the segment of the path.");
    } else if (g_str_equal(call->method, "GET")) {
        reply_photo(call, resident, side, wants_bytes);
    } else if (side == 0 && wants_bytes && g_strv_contains(changes, call->method)) {
        sp_graph_change_photo(call, resident);
    } else {
        sp_graph_reply_error(call, 405, "Request_BadRequest",
                             "Specified HTTP method is not allowed for the request target.");
    }
}

static void
answer_policy(SpCall *call)
{
    const char *source = sp_world_policy_source(call->world);
    const char *role = sp_world_policy_role(call->world);
    SpJson *json = NULL;
    SpJson *roles = NULL;

    if (!admit(call, &policies)) {
        return;
    }
    json = json_object_new_object();
    sp_json_add_string(json, "@odata.context",
                       "https://graph.microsoft.com/beta/$metadata#admin/people/"
                       "photoUpdateSettings/$entity");
    if (source != NULL) {
        sp_json_add_string(json, "source", source);
    }
    roles = sp_json_add_array(json, "allowedRoles");
    if (role != NULL) {
        json_object_array_add(roles, json_object_new_string(role));
    }
    sp_call_reply_json(call, 200, JSON_TYPE, json);
}

/* users/{id}/… and users('{id}')/…: the id; NULL for the list. Transfer full. */
static char *
take_user(char **parts, char ***rest)
{
    const char *first = parts[0];

    if (g_str_has_prefix(first, "users('") && g_str_has_suffix(first, "')")) {
        g_autofree char *quoted = g_strndup(first + 7, strlen(first) - 9);
        g_auto(GStrv) pieces = g_strsplit(quoted, "''", -1);

        *rest = parts + 1;
        return g_strjoinv("'", pieces);
    }
    if (!g_str_equal(first, "users") || parts[1] == NULL) {
        return NULL;
    }
    *rest = parts + 2;
    return g_strdup(parts[1]);
}

static void
answer_v1(SpCall *call, char **parts, gboolean is_beta)
{
    char **rest = NULL;
    g_autofree char *user = parts[0] != NULL ? take_user(parts, &rest) : NULL;

    if (g_strcmp0(parts[0], "users") == 0 && user == NULL && !admit(call, &people)) {
        return;
    }
    if (user != NULL) {
        SpResident *resident = sp_world_find(call->world, user);

        if (resident == NULL) {
            g_autofree char *message =
                g_strdup_printf("Resource '%s' does not exist or one of its queried "
                                "reference-property objects are not present.",
                                user);

            sp_graph_reply_error(call, 404, "Request_ResourceNotFound", message);
        } else {
            answer_person(call, resident, rest);
        }
    } else if (g_strcmp0(parts[0], "users") == 0) {
        sp_graph_reply_users(call);
    } else if (g_strcmp0(parts[0], "me") == 0 && parts[1] == NULL) {
        sp_graph_reply_me(call);
    } else if (g_strcmp0(parts[0], "$batch") == 0) {
        sp_graph_reply_batch(call);
    } else if (is_beta && g_strv_length(parts) == 3 && g_str_equal(parts[0], "admin") &&
               g_str_equal(parts[1], "people") &&
               g_ascii_strcasecmp(parts[2], "photoUpdateSettings") == 0) {
        answer_policy(call);
    } else {
        sp_graph_reply_error(call, 400, "BadRequest",
                             "Resource not found for the segment of the path.");
    }
}

void
sp_graph_answer(SpCall *call)
{
    g_autofree char *request = g_uuid_string_random();
    const char *client = sp_call_header(call, "client-request-id");
    SpTokenKind kind = sp_login_examine(sp_world_get_login(call->world), call, SP_AUDIENCE_GRAPH);
    g_auto(GStrv) parts = g_strsplit(call->path[0] == '/' ? call->path + 1 : call->path, "/", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        char *decoded = sp_call_decode(parts[i]);

        g_free(parts[i]);
        parts[i] = decoded;
    }
    sp_call_add_header(call, "request-id", "%s", request);
    sp_call_add_header(call, "client-request-id", "%s", client != NULL ? client : request);
    if (!call->is_inner && kind == SP_TOKEN_NONE) {
        sp_graph_reply_error(call, 401, "InvalidAuthenticationToken",
                             sp_call_header(call, "authorization") == NULL
                                 ? "Access token is empty."
                                 : "CompactToken validation failed with reason code: 80049228.");
    } else if (!call->is_inner && kind == SP_TOKEN_WRONG) {
        sp_graph_reply_error(call, 401, "InvalidAuthenticationToken",
                             "Access token validation failure. Invalid audience.");
    } else if (parts[0] != NULL && g_str_equal(parts[0], "v1.0")) {
        answer_v1(call, parts + 1, FALSE);
    } else if (parts[0] != NULL && g_str_equal(parts[0], "beta")) {
        answer_v1(call, parts + 1, TRUE);
    } else {
        sp_graph_reply_error(call, 404, "UnknownError", "");
    }
}
