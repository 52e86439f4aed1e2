#include "core/practice/services.h"

#include <string.h>

#define FIRST_ID G_GINT64_CONSTANT(880012345678)
/* Seconds for which a picture's address is good. */
#define SIGNATURE_LIFE (14 * SP_HOUR)
#define ENGAGE_QUALITY 80
#define MAX_SIDE       1024

static char *
make_image_name(const SpResident *resident)
{
    g_autofree char *state =
        g_strdup_printf("%s/%s/%u", resident->id, resident->engage, resident->engage_version);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA1, state, -1);

    return g_strdup_printf("k3P%.16s_%.8s", hash, resident->id);
}

static char *
sign(const char *name, gint64 expires)
{
    g_autofree char *text = g_strdup_printf("practice/%s/%" G_GINT64_FORMAT, name, expires);

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static char *
make_image_url(const SpCall *call, const SpResident *resident, const char *size)
{
    gint64 expires = sp_world_now(call->world) + SIGNATURE_LIFE;

    if (resident->engage == NULL) {
        return g_strdup_printf("%s/mugshot/mugshot/images/%s/no_photo.png", call->base, size);
    }
    g_autofree char *name = make_image_name(resident);
    g_autofree char *signature = sign(name, expires);

    return g_strdup_printf("%s/mugshot/mugshot/images/%s?P1=%" G_GINT64_FORMAT
                           "&P2=104&P3=1&P4=%s&size=%s",
                           call->base, name, expires, signature, size);
}

static char *
make_redirect_url(const SpCall *call, const SpResident *resident, const char *size)
{
    g_autofree char *name =
        resident->engage != NULL ? make_image_name(resident) : g_strdup("no_photo.png");

    return g_strdup_printf("%s/engage/mugshot/images/redirect/%s/%s", call->base, size, name);
}

static SpJson *
describe(const SpCall *call, const SpResident *resident)
{
    g_autofree char *url = make_image_url(call, resident, "48x48");
    g_autofree char *template = make_image_url(call, resident, "{width}x{height}");
    g_autofree char *redirect = make_redirect_url(call, resident, "48x48");
    g_autofree char *redirect_template = make_redirect_url(call, resident, "{width}x{height}");
    SpJson *json = sp_json_strings("type", "user", NULL);

    json_object_object_add(json, "id", json_object_new_int64(FIRST_ID + resident->number));
    json_object_object_add(json, "network_id", json_object_new_int64(5550001));
    sp_json_add_string(json, "state", resident->is_enabled ? "active" : "suspended");
    sp_json_add_string(json, "full_name", resident->display_name);
    sp_json_add_string(json, "email", resident->mail);
    json_object_object_add(json, "show_ask_for_photo",
                           json_object_new_boolean(resident->engage == NULL));
    sp_json_add_string(json, "mugshot_url", url);
    sp_json_add_string(json, "mugshot_redirect_url", redirect);
    sp_json_add_string(json, "mugshot_url_template", template);
    sp_json_add_string(json, "mugshot_redirect_url_template", redirect_template);
    return json;
}

static void
reply_throttled(SpCall *call)
{
    sp_call_add_header(call, "Retry-After", "120");
    sp_call_reply_text(call, 429, "application/json; charset=utf-8",
                       "{\"response\":{\"message\":\"Rate limited due to excessive requests.\","
                       "\"code\":33,\"stat\":\"fail\"}}");
}

static void
reply_broken(SpCall *call)
{
    sp_call_reply_text(call, 500, "application/json; charset=utf-8",
                       "{\"response\":{\"message\":\"Service unavailable.\",\"stat\":\"fail\"}}");
}

static void
reply_by_email(SpCall *call)
{
    const char *email = sp_call_query(call, "email");
    SpResident *resident = email != NULL ? sp_world_find_mail(call->world, email) : NULL;
    SpJson *list = NULL;

    if (resident != NULL && (resident->quirks & SP_QUIRK_ENGAGE_THROTTLED) != 0) {
        reply_throttled(call);
        return;
    }
    if (resident != NULL && (resident->quirks & SP_QUIRK_ENGAGE_BROKEN) != 0) {
        reply_broken(call);
        return;
    }
    if (resident == NULL || (resident->quirks & SP_QUIRK_NO_PROFILE) != 0) {
        sp_call_reply_text(call, 404, "application/json; charset=utf-8", "[]");
        return;
    }
    list = json_object_new_array();
    json_object_array_add(list, describe(call, resident));
    sp_call_reply_json(call, 200, "application/json; charset=utf-8", list);
}

static SpResident *
find_by_image(SpWorld *world, const char *name)
{
    GPtrArray *everybody = sp_world_residents(world);

    for (guint i = 0; i < everybody->len; i++) {
        SpResident *resident = g_ptr_array_index(everybody, i);

        /* The end of the name is the beginning of the id: a cheap test before the hash. */
        if (resident->engage != NULL && strlen(name) > 8 &&
            strncmp(name + strlen(name) - 8, resident->id, 8) == 0) {
            g_autofree char *own = make_image_name(resident);

            if (g_str_equal(own, name)) {
                return resident;
            }
        }
    }
    return NULL;
}

/* /mugshot/images/redirect/{size}/{name}: to the signed address. */
static void
reply_redirect(SpCall *call)
{
    g_auto(GStrv) parts = g_strsplit(call->path, "/", -1);
    SpResident *resident = g_strv_length(parts) == 6 ? find_by_image(call->world, parts[5]) : NULL;

    if (resident == NULL) {
        sp_call_add_header(call, "Location", "%s/mugshot/mugshot/images/48x48/no_photo.png",
                           call->base);
    } else {
        g_autofree char *url = make_image_url(call, resident, parts[4]);

        sp_call_add_header(call, "Location", "%s", url);
    }
    sp_call_reply_empty(call, 302);
}

static void
reply_by_id(SpCall *call)
{
    GPtrArray *everybody = sp_world_residents(call->world);
    gint64 number = g_ascii_strtoll(call->path + strlen("/api/v1/users/"), NULL, 10) - FIRST_ID;

    if (number < 0 || number >= everybody->len) {
        sp_call_reply_text(call, 404, "application/json; charset=utf-8", "{}");
    } else {
        sp_call_reply_json(call, 200, "application/json; charset=utf-8",
                           describe(call, g_ptr_array_index(everybody, (guint) number)));
    }
}

void
sp_viva_engage_answer(SpCall *call)
{
    SpTokenKind kind = sp_login_examine(sp_world_get_login(call->world), call, SP_AUDIENCE_ENGAGE);

    if (g_str_has_prefix(call->path, "/mugshot/images/redirect/")) {
        reply_redirect(call);
    } else if (kind != SP_TOKEN_DELEGATED) {
        sp_call_add_header(call, "WWW-Authenticate", "Bearer realm=\"Yammer\"");
        sp_call_reply_text(call, 401, "application/json; charset=utf-8",
                           "{\"response\":{\"message\":\"Token not found.\",\"code\":16,"
                           "\"stat\":\"fail\"}}");
    } else if (g_str_equal(call->path, "/api/v1/users/by_email.json")) {
        reply_by_email(call);
    } else if (g_str_equal(call->path, "/api/v1/users/current.json")) {
        sp_call_reply_json(call, 200, "application/json; charset=utf-8",
                           sp_json_strings("type", "user", "full_name", "Helpdesk", "email",
                                           SP_PRACTICE_AGENT, NULL));
    } else if (g_str_has_prefix(call->path, "/api/v1/users/")) {
        reply_by_id(call);
    } else {
        sp_call_reply_empty(call, 404);
    }
}

static guint
parse_side(const char *text)
{
    guint64 side = text != NULL ? g_ascii_strtoull(text, NULL, 10) : 0;

    return side > 0 && side <= MAX_SIDE ? (guint) side : 48;
}

void
sp_mugshot_answer(SpCall *call)
{
    const char *name = strrchr(call->path, '/');
    const char *expiry = sp_call_query(call, "P1");
    gint64 expires = expiry != NULL ? g_ascii_strtoll(expiry, NULL, 10) : 0;
    SpRenditions *renditions = sp_world_get_renditions(call->world);
    guint side = parse_side(sp_call_query(call, "size"));
    g_autofree char *signature = sign(name != NULL ? name + 1 : "", expires);
    SpResident *resident = name != NULL ? find_by_image(call->world, name + 1) : NULL;

    if (sp_call_header(call, "authorization") != NULL) {
        sp_world_count_leak(call->world);
    }
    if (g_str_has_suffix(call->path, "/no_photo.png")) {
        g_autoptr(GBytes) silhouette = sp_renditions_silhouette(renditions, side);

        sp_call_reply_bytes(call, 200, "image/png", silhouette);
    } else if (expires < sp_world_now(call->world) ||
               g_strcmp0(signature, sp_call_query(call, "P4")) != 0) {
        sp_call_reply_text(call, 403, "text/plain",
                           "ERROR 403: Time-Limited URL validation failed");
    } else if (resident == NULL) {
        sp_call_reply_empty(call, 404);
    } else if ((resident->quirks & SP_QUIRK_ENGAGE_GARBAGE) != 0) {
        sp_call_reply_text(call, 200, "image/jpeg", "<html><body>Sorry</body></html>");
    } else {
        g_autoptr(GBytes) photo = sp_renditions_get(
            renditions, resident->engage, MIN(side, resident->engage_side), ENGAGE_QUALITY);

        sp_call_reply_bytes(call, 200, "image/jpeg", photo);
    }
}
