#include "core/practice/services.h"

#include <string.h>

#define HANDLER         "/EWS/Exchange.asmx/s/GetUserPhoto"
#define DIRECTORY_SMALL 48
#define MAILBOX_QUALITY 92

static guint
parse_size(const char *text)
{
    for (guint i = 0; sp_cloud_sides[i] != 0; i++) {
        g_autofree char *name = g_strdup_printf("HR%ux%u", sp_cloud_sides[i], sp_cloud_sides[i]);

        if (g_ascii_strcasecmp(name, text) == 0) {
            return sp_cloud_sides[i];
        }
    }
    return 0;
}

static GBytes *
directory_photo(SpWorld *world, const SpResident *resident)
{
    const char *picture = resident->directory != NULL ? resident->directory : resident->entra;

    return picture != NULL
               ? sp_renditions_get(sp_world_get_renditions(world), picture,
                                   resident->directory != NULL ? resident->directory_side
                                                               : resident->entra_side,
                                   85)
               : NULL;
}

/* The mailbox's photo in that size or the largest that there is; else the directory's, which is
 * also what the smallest size always shows where there is one (reference 4.1). */
static GBytes *
mailbox_photo(SpWorld *world, const SpResident *resident, guint side)
{
    GBytes *photo = side == DIRECTORY_SMALL ? directory_photo(world, resident) : NULL;

    if (photo == NULL && resident->mailbox != NULL) {
        return sp_renditions_get(sp_world_get_renditions(world), resident->mailbox, side,
                                 MAILBOX_QUALITY);
    }
    if (photo == NULL && resident->cloud != NULL) {
        photo = sp_cloud_photo(world, resident, MIN(side, resident->cloud_side));
    }
    return photo != NULL ? photo : directory_photo(world, resident);
}

static void
reply_photo(SpCall *call, const SpResident *resident, guint side)
{
    g_autoptr(GBytes) photo = NULL;

    if (resident->has_exchange && !resident->is_mailbox_on_premises &&
        (resident->quirks & SP_QUIRK_NOT_PROVISIONED) == 0) {
        photo = mailbox_photo(call->world, resident, side);
    }
    if (photo == NULL) {
        sp_call_reply_empty(call, 404);
        return;
    }
    g_autofree char *etag = sp_cloud_etag(resident);

    sp_call_reply_photo(call, photo, etag);
}

/* Whether the account and the password are the practice ones; else the three ways are offered. */
static gboolean
admit_on_premises(SpCall *call)
{
    const char *header = sp_call_header(call, "authorization");
    const char *pair = SP_PRACTICE_AGENT ":" SP_PRACTICE_CLIENT_SECRET;
    g_autofree char *expected = g_base64_encode((const guchar *) pair, strlen(pair));

    if (header != NULL && g_ascii_strncasecmp(header, "Basic ", 6) == 0 &&
        g_str_equal(header + 6, expected)) {
        return TRUE;
    }
    sp_call_add_header(call, "WWW-Authenticate", "Negotiate");
    sp_call_add_header(call, "WWW-Authenticate", "NTLM");
    sp_call_add_header(call, "WWW-Authenticate", "Basic realm=\"mail.norvane.example\"");
    sp_call_reply_empty(call, 401);
    return FALSE;
}

static gboolean
admit_online(SpCall *call)
{
    SpTokenKind kind =
        sp_login_examine(sp_world_get_login(call->world), call, SP_AUDIENCE_EXCHANGE);

    if (kind != SP_TOKEN_NONE && kind != SP_TOKEN_WRONG) {
        static const char *const permissions[] = {"EWS.AccessAsUser.All", "full_access_as_app",
                                                  NULL};

        if (sp_login_may(sp_world_get_login(call->world), call, permissions)) {
            return TRUE;
        }
        sp_call_reply_empty(call, 403);
        return FALSE;
    }
    sp_call_add_header(call, "WWW-Authenticate",
                       "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", "
                       "trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", "
                       "error=\"invalid_token\"");
    sp_call_add_header(call, "x-ms-diagnostics",
                       "2000003;reason=\"The audience claim value is invalid '%s'.\";"
                       "error_category=\"invalid_resource\"",
                       kind == SP_TOKEN_WRONG ? "aud" : "");
    sp_call_reply_empty(call, 401);
    return FALSE;
}

/* The two texts of reference 4.3, which say the same to a user. */
static gboolean
is_blocked(SpCall *call, const SpResident *resident)
{
    gboolean is_disabled = resident != NULL && (resident->quirks & SP_QUIRK_EWS_BLOCKED) != 0;
    gboolean is_listed = resident != NULL && (resident->quirks & SP_QUIRK_EWS_LISTED) != 0;

    if (is_disabled || is_listed) {
        sp_call_add_header(call, "X-EWS-Policy-Reason", "%s",
                           is_disabled ? "EWS is disabled for this user or tenant"
                                       : "EWS is blocked by policy for this user or tenant");
        sp_call_reply_empty(call, 403);
    }
    return is_disabled || is_listed;
}

void
sp_exchange_answer(SpCall *call)
{
    SpExchangeKind kind = sp_world_exchange_kind(call->world);
    const char *email = sp_call_query(call, "email");
    const char *size = sp_call_query(call, "size");
    SpResident *resident = email != NULL ? sp_world_find_mail(call->world, email) : NULL;
    g_autofree char *request = g_uuid_string_random();

    sp_call_add_header(call, "request-id", "%s", request);
    if (g_ascii_strcasecmp(call->path, HANDLER) != 0) {
        sp_call_reply_text(call, 404, "text/html", "<html><body>Not Found</body></html>");
    } else if (kind == SP_EXCHANGE_ONLINE ? !admit_online(call) : !admit_on_premises(call)) {
        return;
    } else if (kind == SP_EXCHANGE_OLD) {
        sp_call_reply_text(call, 200, "text/html; charset=UTF-8",
                           "<HTML><HEAD><TITLE>Service</TITLE></HEAD><BODY>You have created a "
                           "service.</BODY></HTML>");
    } else if (is_blocked(call, resident)) {
        return;
    } else if (resident == NULL || size == NULL || parse_size(size) == 0) {
        sp_call_reply_empty(call, resident == NULL ? 404 : 400);
    } else {
        reply_photo(call, resident, parse_size(size));
    }
}
