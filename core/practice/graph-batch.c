#include "core/practice/graph-users.h"

#include <string.h>

#include "core/practice/services.h"

#define MAX_ITEMS 20

/* The requests of the batch, or NULL after the whole call was refused. Borrowed from `json`. */
static SpJson *
read_requests(SpCall *call, SpJson *json)
{
    SpJson *requests = json != NULL ? sp_json_member(json, "requests") : NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gsize count = 0;

    if (!json_object_is_type(requests, json_type_array)) {
        sp_graph_reply_error(call, 400, "BadRequest", "Invalid batch payload format.");
        return NULL;
    }
    count = json_object_array_length(requests);
    if (count == 0 || count > MAX_ITEMS) {
        sp_graph_reply_error(call, 400, "BadRequest",
                             "Number of batch request steps exceeds the maximum value of 20.");
        return NULL;
    }
    for (gsize i = 0; i < count; i++) {
        const char *id = sp_json_string(json_object_array_get_idx(requests, i), "id");

        if (id == NULL || !g_hash_table_add(seen, g_ascii_strdown(id, -1))) {
            sp_graph_reply_error(call, 400, "BadRequest",
                                 "Request IDs have to be unique texts in a batch.");
            return NULL;
        }
    }
    return requests;
}

static void
add_body(SpJson *reply, const SpCall *inner)
{
    gsize size = 0;
    const guint8 *data = inner->answer != NULL ? g_bytes_get_data(inner->answer, &size) : NULL;

    if (inner->content_type != NULL && g_str_has_prefix(inner->content_type, "image/")) {
        g_autofree char *base64 = g_base64_encode(data, size);

        sp_json_add_string(reply, "body", base64);
    } else if (size > 0) {
        json_object_object_add(reply, "body",
                               sp_json_parse(inner->answer, "the practice tenant", NULL));
    }
}

static SpJson *
make_reply(const char *id, const SpCall *inner)
{
    SpJson *reply = sp_json_strings("id", id, NULL);
    SpJson *headers = NULL;

    json_object_object_add(reply, "status", json_object_new_int(inner->status));
    headers = sp_json_add_object(reply, "headers");
    if (inner->content_type != NULL) {
        sp_json_add_string(headers, "Content-Type", inner->content_type);
    }
    for (guint i = 0; i < inner->answer_headers->len; i++) {
        g_auto(GStrv) parts = g_strsplit(g_ptr_array_index(inner->answer_headers, i), ": ", 2);

        sp_json_add_string(headers, parts[0], parts[1]);
    }
    add_body(reply, inner);
    return reply;
}

static SpCall *
make_inner(SpCall *call, SpJson *request)
{
    const char *method = sp_json_string(request, "method");
    const char *url = sp_json_string(request, "url");
    const char *version = g_str_has_prefix(call->path, "/beta") ? "/beta" : "/v1.0";
    g_auto(GStrv) parts = g_strsplit(url != NULL ? url : "", "?", 2);
    g_autofree char *path =
        g_strdup_printf("%s%s%s", version, parts[0] != NULL && parts[0][0] == '/' ? "" : "/",
                        parts[0] != NULL ? parts[0] : "");
    SpCall *inner = sp_call_new(call->world, call->base, method != NULL ? method : "GET", path,
                                parts[0] != NULL ? parts[1] : NULL);
    SpJson *headers = sp_json_member(request, "headers");

    const char *bearer = sp_call_header(call, "authorization");

    inner->is_inner = TRUE;
    if (json_object_is_type(headers, json_type_object)) {
        json_object_object_foreach(headers, name, value)
        {
            g_hash_table_insert(inner->headers, g_ascii_strdown(name, -1),
                                g_strdup(json_object_get_string(value)));
        }
    }
    if (bearer != NULL) {
        g_hash_table_insert(inner->headers, g_strdup("authorization"), g_strdup(bearer));
    }
    return inner;
}

/* Whether one of the items that `request` depends on has failed or was never run. */
static gboolean
has_failed_parent(SpJson *request, GHashTable *statuses)
{
    SpJson *parents = sp_json_member(request, "dependsOn");

    if (!json_object_is_type(parents, json_type_array)) {
        return FALSE;
    }
    for (gsize i = 0; i < json_object_array_length(parents); i++) {
        const char *id = json_object_get_string(json_object_array_get_idx(parents, i));
        int status = GPOINTER_TO_INT(g_hash_table_lookup(statuses, id != NULL ? id : ""));

        if (status < 200 || status >= 400) {
            return TRUE;
        }
    }
    return FALSE;
}

static SpJson *
run_item(SpCall *call, SpJson *request, GHashTable *statuses)
{
    const char *id = sp_json_string(request, "id");
    g_autoptr(SpCall) inner = make_inner(call, request);

    if (has_failed_parent(request, statuses)) {
        sp_graph_reply_error(inner, 424, "FailedDependency", "A dependency has failed.");
    } else if (sp_world_take_batch_throttle(call->world)) {
        sp_call_add_header(inner, "Retry-After", "2");
        sp_graph_reply_error(inner, 429, "TooManyRequests",
                             "Application is over its MailboxConcurrency limit.");
    } else {
        sp_graph_answer(inner);
    }
    g_hash_table_insert(statuses, (gpointer) id, GINT_TO_POINTER(inner->status));
    return make_reply(id, inner);
}

void
sp_graph_reply_batch(SpCall *call)
{
    g_autoptr(SpJson) json =
        call->body != NULL ? sp_json_parse(call->body, "the batch", NULL) : NULL;
    SpJson *requests = NULL;
    SpJson *answer = NULL;
    SpJson *list = NULL;
    g_autoptr(GHashTable) statuses = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) replies = g_ptr_array_new();

    if (call->is_inner || !g_str_equal(call->method, "POST")) {
        sp_graph_reply_error(call, 405, "Request_BadRequest",
                             "Specified HTTP method is not allowed for the request target.");
        return;
    }
    requests = read_requests(call, json);
    if (requests == NULL) {
        return;
    }
    for (gsize i = 0; i < json_object_array_length(requests); i++) {
        g_ptr_array_add(replies, run_item(call, json_object_array_get_idx(requests, i), statuses));
    }
    answer = json_object_new_object();
    list = sp_json_add_array(answer, "responses");
    /* Out of order on purpose: the replies may come in any (reference 2.8). */
    for (guint i = replies->len; i > 0; i--) {
        json_object_array_add(list, g_ptr_array_index(replies, (i + 1) % replies->len));
    }
    sp_call_reply_json(call, 200, "application/json", answer);
}
