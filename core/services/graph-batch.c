#include "core/services/graph-batch.h"

#include <string.h>

#include "core/i18n.h"
#include "core/net/retry.h"

#define STORE             "graph"
#define MAX_ROUNDS        3
#define THROTTLED_SECONDS 5 /* reference 2.9: where no time is named */
#define STATUS_THROTTLED  429
#define MAX_BODY_BYTES    (1024 * 1024)

typedef struct {
    SpGraphBatch *batch;
    char *path;
    gboolean is_done;
} Item;

struct SpGraphBatch {
    SpGraphBatchFunc func;
    gpointer data;
    Item items[SP_GRAPH_BATCH_MAX];
    gsize n_items;
    guint n_rounds;
};

SpGraphBatch *
sp_graph_batch_new(const char *const *paths, SpGraphBatchFunc func, gpointer data)
{
    SpGraphBatch *batch = g_new0(SpGraphBatch, 1);

    batch->func = func;
    batch->data = data;
    for (gsize i = 0; paths[i] != NULL; i++) {
        g_assert(i < SP_GRAPH_BATCH_MAX);
        batch->items[i] = (Item){.batch = batch, .path = g_strdup(paths[i])};
        batch->n_items++;
    }
    return batch;
}

void
sp_graph_batch_free(SpGraphBatch *batch)
{
    if (batch != NULL) {
        for (gsize i = 0; i < batch->n_items; i++) {
            g_free(batch->items[i].path);
        }
        g_free(batch);
    }
}

static void
finish(Item *item, SpJob *job, SpJson *body)
{
    SpGraphBatch *batch = item->batch;

    item->is_done = TRUE;
    batch->func(job, (gsize) (item - batch->items), body, batch->data);
}

static void
finish_rest(SpGraphBatch *batch, SpJob *job)
{
    for (gsize i = 0; i < batch->n_items; i++) {
        if (!batch->items[i].is_done) {
            finish(&batch->items[i], job, NULL);
        }
    }
}

static SpJson *
parse_ok(const SpHttpResponse *response)
{
    if (response == NULL || sp_http_response_get_status(response) != 200) {
        return NULL;
    }
    return sp_json_parse(sp_http_response_get_body(response), "Graph", NULL);
}

static void
on_single(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    g_autoptr(SpJson) json = parse_ok(response);

    (void) error;
    finish(data, job, json);
}

static void
send(SpJob *job, const char *path, GBytes *body, SpJobFunc func, gpointer data)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    g_autofree char *base = sp_endpoint_base(sp_job_get_config(job), SP_ENDPOINT_GRAPH);
    g_autofree char *url = g_strconcat(base, "/v1.0", path, NULL);
    SpHttpRequest request = {.url = url,
                             .headers = headers,
                             .body = body,
                             .content_type = body == NULL ? NULL : "application/json",
                             .max_body_bytes = MAX_BODY_BYTES,
                             .store = STORE,
                             .mailbox = sp_job_get_person(job)->id,
                             .service = _("Microsoft 365")};

    sp_job_send(job, SP_ENDPOINT_GRAPH, &request, func, data);
}

static void
ask_each(SpGraphBatch *batch, SpJob *job)
{
    for (gsize i = 0; i < batch->n_items; i++) {
        if (!batch->items[i].is_done) {
            send(job, batch->items[i].path, NULL, on_single, &batch->items[i]);
        }
    }
}

/* A header of one reply, whatever its case. */
static const char *
header_of(SpJson *reply, const char *name)
{
    SpJson *headers = sp_json_member(reply, "headers");

    if (!json_object_is_type(headers, json_type_object)) {
        return NULL;
    }
    json_object_object_foreach(headers, key, value)
    {
        if (g_ascii_strcasecmp(key, name) == 0) {
            return json_object_get_string(value);
        }
    }
    return NULL;
}

static double
seconds_to_wait(SpJson *reply)
{
    double seconds =
        sp_retry_seconds(header_of(reply, "Retry-After"), header_of(reply, "RateLimit-Reset"),
                         header_of(reply, "Date"), g_get_real_time() / G_USEC_PER_SEC);

    return seconds >= 0 ? seconds : THROTTLED_SECONDS;
}

/* The item that a reply is for, or NULL: order means nothing, the id is ours. */
static Item *
item_of(SpGraphBatch *batch, SpJson *reply)
{
    const char *id = sp_json_string(reply, "id");
    guint64 index = 0;

    if (id == NULL ||
        !g_ascii_string_to_unsigned(id, 10, 0, SP_GRAPH_BATCH_MAX - 1, &index, NULL) ||
        index >= batch->n_items || batch->items[index].is_done) {
        return NULL;
    }
    return &batch->items[index];
}

static void send_round(SpGraphBatch *batch, SpJob *job);

/* Finishes what has an answer; the longest time that a throttled one asks for, or -1. */
static double
take_replies(SpGraphBatch *batch, SpJob *job, SpJson *replies)
{
    double wait = -1;

    for (gsize i = 0; i < MIN(sp_json_length(replies), SP_GRAPH_BATCH_MAX); i++) {
        SpJson *reply = json_object_array_get_idx(replies, i);
        Item *item = item_of(batch, reply);
        gint64 status = sp_json_int(reply, "status", 0);

        if (item != NULL && status == STATUS_THROTTLED) {
            wait = MAX(wait, seconds_to_wait(reply));
        } else if (item != NULL) {
            finish(item, job, status == 200 ? sp_json_member(reply, "body") : NULL);
        }
    }
    return wait;
}

/* Whether this says that there are no batches here, rather than "not you" or "not now". */
static gboolean
has_no_batches(const SpHttpResponse *response)
{
    int status = response == NULL ? 0 : sp_http_response_get_status(response);

    return status == 200 || status == 400 || status == 404 || status == 405 || status == 501;
}

static void
on_round(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    SpGraphBatch *batch = data;
    g_autoptr(SpJson) json = parse_ok(response);
    SpJson *replies = sp_json_member(json, "responses");
    double wait = -1;

    (void) error;
    if (!json_object_is_type(replies, json_type_array)) {
        if (has_no_batches(response)) {
            ask_each(batch, job);
        } else {
            finish_rest(batch, job);
        }
        return;
    }
    wait = take_replies(batch, job, replies);
    if (wait >= 0 && batch->n_rounds < MAX_ROUNDS) {
        sp_job_hold(job, STORE, wait);
        send_round(batch, job);
    } else {
        finish_rest(batch, job);
    }
}

static void
send_round(SpGraphBatch *batch, SpJob *job)
{
    g_autoptr(SpJson) json = json_object_new_object();
    SpJson *requests = json_object_new_array();
    g_autoptr(GBytes) body = NULL;
    const char *text = NULL;

    json_object_object_add(json, "requests", requests);
    batch->n_rounds++;
    for (gsize i = 0; i < batch->n_items; i++) {
        if (!batch->items[i].is_done) {
            SpJson *request = json_object_new_object();
            g_autofree char *id = g_strdup_printf("%" G_GSIZE_FORMAT, i);

            sp_json_add_string(request, "id", id);
            sp_json_add_string(request, "method", "GET");
            sp_json_add_string(request, "url", batch->items[i].path);
            json_object_array_add(requests, request);
        }
    }
    text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_NOSLASHESCAPE);
    body = g_bytes_new(text, strlen(text));
    send(job, "/$batch", body, on_round, batch);
}

void
sp_graph_batch_send(SpGraphBatch *batch, SpJob *job)
{
    send_round(batch, job);
}
