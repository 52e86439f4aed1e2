/* The largest picture, and in one batch beside it its metadata and the list of sizes (reference
 * section 2). The picture decides; the other two only add facts about it. It has a request of its
 * own, because a batch would pack its bytes into text and hold it up with the rest. */

#include "core/services/graph.h"

#include "core/i18n.h"
#include "core/json.h"
#include "core/services/graph-batch.h"
#include "core/services/job.h"
#include "core/text.h"

#define MAX_DIRECTORY_BYTES (100 * 1024)

enum { METADATA, SIZES };

typedef struct {
    SpCopy *copy;
    SpGraphBatch *batch;
    guint n_pending;
    SpHttpResponse *picture; /* what $value answered */
    GError *picture_error;
    gboolean is_empty; /* metadata tells "no photo" as a 1x1 GIF (reference 2.2) */
    int width;         /* by the metadata, 0: not told */
    int height;
} State;

static const SpAnswerRow rows[] = {
    {404, "Request_ResourceNotFound", SP_COPY_ABSENT,
     N_("it knows no such person; check the address, or whether the account was deleted"),
     SP_ANSWER_PLAIN},
    {0, "UserResolutionFailed", SP_COPY_ABSENT,
     N_("the photo service does not know this person yet; a new account can take a day"),
     SP_ANSWER_PLAIN},
    {0, "ProfileNotFound", SP_COPY_ABSENT,
     N_("the photo service does not know this person yet; a new account can take a day"),
     SP_ANSWER_PLAIN},
    {404, "MailboxNotEnabledForRESTAPI", SP_COPY_BLOCKED,
     N_("the mailbox is inactive or on-premises, so its photo cannot be read here"),
     SP_ANSWER_PLAIN},
    {0, "MailboxNotHostedInExchangeOnline", SP_COPY_BLOCKED,
     N_("the mailbox is on-premises, so its photo cannot be read here"), SP_ANSWER_PLAIN},
    {400, "AuthenticationError", SP_COPY_BLOCKED,
     N_("the person has no mailbox, so its photo cannot be read here"), SP_ANSWER_PLAIN},
    {0, "extensionError", SP_COPY_BLOCKED,
     N_("the mailbox is on-premises, or an application access policy shuts this app out; ask an "
        "Exchange administrator"),
     SP_ANSWER_PLAIN},
    {0, "OrganizationFromTenantGuidNotFound", SP_COPY_BLOCKED,
     N_("this kind of tenant (B2C) has no photos"), SP_ANSWER_PLAIN},
    {0, "ConsumerPhotoIsNotSupported", SP_COPY_BLOCKED,
     N_("a personal account's photo cannot be read here"), SP_ANSWER_PLAIN},
    SP_ANSWER_ROW_NOT_FOUND_PAGE,
    {404, "ImageNotFound", SP_COPY_ABSENT, "", SP_ANSWER_PLAIN},
    {404, "ErrorEntityNotFound", SP_COPY_ABSENT, "", SP_ANSWER_PLAIN},
    {404, "ItemNotFound", SP_COPY_ABSENT, "", SP_ANSWER_PLAIN}, /* ErrorItemNotFound, too */
    {404, "GetUserPhoto", SP_COPY_ABSENT, "", SP_ANSWER_PLAIN},
    {404, NULL, SP_COPY_INVALID,
     N_("it gives a reason that is not known, which says nothing about a photo; check [endpoints] "
        "graph"),
     SP_ANSWER_PLAIN},
    {405, NULL, SP_COPY_INVALID, N_("this address takes no such request; check [endpoints] graph"),
     SP_ANSWER_PLAIN},
    {424, NULL, SP_COPY_UNREACHABLE, N_("another request that it depends on failed; read it again"),
     SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

static void
free_state(gpointer data)
{
    State *state = data;

    sp_copy_unref(state->copy);
    sp_graph_batch_free(state->batch);
    g_clear_pointer(&state->picture, sp_http_response_unref);
    g_clear_error(&state->picture_error);
    g_free(state);
}

gboolean
sp_graph_is_mailbox_side(int side)
{
    static const int sides[] = {48, 64, 96, 120, 240, 360, 432, 504, 648};

    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        if (sides[i] == side) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A side that is none of the nine sizes, and few enough bytes for the directory: probably Entra's
 * thumbnail (reference 2.11). A heuristic, so it is told as a fact and not as a status. */
static void
note_fallback(const State *state)
{
    gsize n_bytes = g_bytes_get_size(sp_http_response_get_body(state->picture));
    g_autofree char *reason = NULL;

    if (state->width <= 1 ||
        (sp_graph_is_mailbox_side(state->width) && sp_graph_is_mailbox_side(state->height)) ||
        n_bytes > MAX_DIRECTORY_BYTES) {
        return;
    }
    reason =
        g_strdup_printf("%dx%d, %" G_GSIZE_FORMAT " bytes", state->width, state->height, n_bytes);
    sp_copy_add_fact(state->copy, SP_FACT_FALLBACK, reason);
}

/* Delivers once all three answers are in. */
static void
settle(SpJob *job, State *state)
{
    int status = 0;

    if (--state->n_pending > 0) {
        return;
    }
    if (state->picture != NULL) {
        status = sp_http_response_get_status(state->picture);
    }
    if (status != 200) {
        sp_job_deliver_failure(job, g_steal_pointer(&state->copy), state->picture,
                               state->picture_error, rows);
        return;
    }
    if (state->is_empty) {
        state->copy->status = SP_COPY_PLACEHOLDER;
    }
    note_fallback(state);
    sp_job_deliver_picture(job, g_steal_pointer(&state->copy), state->picture);
}

static void
on_picture(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    State *state = data;

    state->picture = response == NULL ? NULL : sp_http_response_ref((SpHttpResponse *) response);
    state->picture_error = error == NULL ? NULL : g_error_copy(error);
    settle(job, state);
}

static void
note_metadata(State *state, SpJson *json)
{
    const char *etag = sp_json_string(json, "@odata.mediaEtag");
    const char *type = sp_json_string(json, "@odata.mediaContentType");

    state->width = (int) CLAMP(sp_json_int(json, "width", 0), 0, 100000);
    state->height = (int) CLAMP(sp_json_int(json, "height", 0), 0, 100000);
    state->is_empty = state->width == 1 && state->height == 1 && g_strcmp0(type, "image/gif") == 0;
    if (etag != NULL && *etag != '\0') {
        state->copy->etag = sp_text_clean(etag, -1, 200);
    }
    if (state->width > 0) {
        g_autofree char *size = g_strdup_printf("%dx%d", state->width, state->height);

        sp_copy_add_fact(state->copy, SP_FACT_METADATA_SIZE, size);
    }
}

static void
note_sizes(State *state, SpJson *json)
{
    SpJson *list = sp_json_member(json, "value");
    gsize n = sp_json_length(list);
    GString *sizes = g_string_new(NULL);

    for (gsize i = 0; i < MIN(n, 32); i++) {
        SpJson *item = json_object_array_get_idx(list, i);

        g_string_append_printf(sizes, "%s%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT, i == 0 ? "" : " ",
                               sp_json_int(item, "width", 0), sp_json_int(item, "height", 0));
    }
    if (sizes->len > 0) {
        sp_copy_add_fact(state->copy, SP_FACT_SIZES, sizes->str);
    }
    g_string_free(sizes, TRUE);
}

static void
on_item(SpJob *job, gsize index, SpJson *body, gpointer data)
{
    State *state = data;

    if (index == METADATA) {
        note_metadata(state, body);
    } else {
        note_sizes(state, body);
    }
    settle(job, state);
}

static void
ask_picture(SpJob *job, const char *path)
{
    static const char *const headers[] = {"Accept: */*", NULL};
    g_autofree char *base = sp_endpoint_base(sp_job_get_config(job), SP_ENDPOINT_GRAPH);
    g_autofree char *url = g_strconcat(base, "/v1.0", path, "/photo/$value", NULL);
    SpHttpRequest request = {.url = url,
                             .headers = headers,
                             .max_body_bytes = SP_PHOTO_MAX_BYTES,
                             .store = "graph",
                             .mailbox = sp_job_get_person(job)->id,
                             .service = _("Microsoft 365")};

    sp_job_send(job, SP_ENDPOINT_GRAPH, &request, on_picture, sp_job_get_state(job));
}

static void
fetch_async(const SpFetch *fetch, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
    State *state = g_new0(State, 1);
    g_autoptr(SpJob) job = sp_job_new(fetch, state, free_state, cancellable, callback, user_data);
    g_autofree char *id = g_uri_escape_string(sp_job_get_person(job)->id, NULL, FALSE);
    g_autofree char *path = g_strconcat("/users/", id, NULL);
    g_autofree char *metadata = g_strconcat(path, "/photo", NULL);
    g_autofree char *sizes = g_strconcat(path, "/photos", NULL);
    const char *const items[] = {[METADATA] = metadata, [SIZES] = sizes, NULL};

    state->copy = sp_job_make_copy(job, "graph");
    state->batch = sp_graph_batch_new(items, on_item, state);
    state->n_pending = G_N_ELEMENTS(items); /* the picture, and what is before the NULL */
    ask_picture(job, path);
    sp_graph_batch_send(state->batch, job);
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

const SpService sp_service_graph = {
    .copies = {"graph", NULL},
    .titles = {N_("Microsoft 365"), NULL},
    .is_on = is_on,
    .why_not = why_not,
    .fetch_async = fetch_async,
    .fetch_finish = sp_job_finish,
};
