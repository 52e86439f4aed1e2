/* Graph's PUT, PATCH and DELETE of a photo (reference 2.4, 2.5). */

#include "core/practice/graph-users.h"
#include "core/practice/services.h"

#define MAX_UPLOAD_BYTES     (4 * 1024 * 1024)
#define MAX_DIRECTORY_UPLOAD (100 * 1024) /* where there is no mailbox */

static void
refuse(SpCall *call)
{
    sp_graph_reply_error(call, 403, "ErrorAccessDenied",
                         "Access is denied. Check credentials and try again.");
}

/* The directory is the master, or only a role changes photos, which the agent does not have. */
static gboolean
is_closed_by_policy(SpCall *call)
{
    return g_strcmp0(sp_world_policy_source(call->world), "onPremises") == 0 ||
           sp_world_policy_role(call->world) != NULL;
}

/* The largest of the nine squares that an upload fills; the smallest where it fills none. */
static guint
served_side(guint side)
{
    guint served = sp_cloud_sides[0];

    for (guint i = 0; sp_cloud_sides[i] != 0 && sp_cloud_sides[i] <= side; i++) {
        served = sp_cloud_sides[i];
    }
    return served;
}

static void
keep(SpCall *call, SpResident *resident)
{
    const char *picture =
        sp_world_text(call->world, "upload:%s/%u", resident->id, resident->cloud_version + 1);
    guint side = sp_renditions_add(sp_world_get_renditions(call->world), picture, call->body);

    if (side == 0) {
        sp_graph_reply_error(call, 400, "BadRequest", "The image cannot be read.");
        return;
    }
    resident->cloud = picture;
    resident->cloud_side = served_side(side);
    resident->mailbox = NULL;
    resident->cloud_version++;
    resident->cloud_changed = sp_world_now(call->world);
    sp_call_reply_empty(call, 200);
}

static void
upload(SpCall *call, SpResident *resident)
{
    const char *type = sp_call_header(call, "content-type");
    gsize size = call->body != NULL ? g_bytes_get_size(call->body) : 0;

    if (type == NULL || !g_str_has_prefix(type, "image/") || size == 0) {
        sp_graph_reply_error(call, 400, "BadRequest", "The content type has to be image/jpeg.");
    } else if (size > MAX_UPLOAD_BYTES) {
        sp_graph_reply_error(call, 413, "RequestEntityTooLarge", "The image is too large.");
    } else if ((resident->quirks & SP_QUIRK_NOT_PROVISIONED) != 0) {
        sp_graph_reply_error(call, 400, "ErrorUserResolutionFailedUserDoesNotExist",
                             "Exception of type 'Microsoft.Fast.Profile.Core.Exception."
                             "ProfileNotFoundException' was thrown.");
    } else if (!resident->has_exchange && size > MAX_DIRECTORY_UPLOAD) {
        sp_graph_reply_error(call, 404, "ErrorItemNotFound", "The item was not found.");
    } else {
        keep(call, resident);
    }
}

static void
remove_photo(SpCall *call, SpResident *resident)
{
    if (resident->cloud == NULL) {
        sp_graph_reply_no_photo(call);
        return;
    }
    sp_world_play(call->world, "delete", resident->upn, NULL);
    sp_call_reply_empty(call, 200);
}

void
sp_graph_change_photo(SpCall *call, SpResident *resident)
{
    static const char *const permissions[] = {"ProfilePhoto.ReadWrite.All", "User.ReadWrite.All",
                                              NULL};

    if (!sp_login_may(sp_world_get_login(call->world), call, permissions) ||
        is_closed_by_policy(call)) {
        refuse(call);
    } else if (g_str_equal(call->method, "DELETE")) {
        remove_photo(call, resident);
    } else {
        upload(call, resident);
    }
}
