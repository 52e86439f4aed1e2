#ifndef SAMEPHOTO_CORE_SERVICES_GRAPH_BATCH_H
#define SAMEPHOTO_CORE_SERVICES_GRAPH_BATCH_H

/* Several small GETs of Graph in one request (reference 2.8). What is throttled inside an answer of
 * 200 holds up everything that is asked of Graph for as long as it says, visibly, and is asked
 * again in a batch of its own. Where batches are not to be had, each item is asked by itself. */

#include "core/json.h"
#include "core/services/job.h"

#define SP_GRAPH_BATCH_MAX 20

typedef struct SpGraphBatch SpGraphBatch;

/* Once for each item, in any order; `body` is NULL unless its status is 200. Not called after a
 * cancellation. */
typedef void (*SpGraphBatchFunc)(SpJob *job, gsize index, SpJson *body, gpointer data);

/* `paths` are NULL-terminated, SP_GRAPH_BATCH_MAX at most, and relative to the version, as in
 * "/users/…/photo". Belongs into the job's state. Transfer full. */
SpGraphBatch *sp_graph_batch_new(const char *const *paths, SpGraphBatchFunc func, gpointer data);
void sp_graph_batch_free(SpGraphBatch *batch);

/* Once. The batch lives as long as the job's state. */
void sp_graph_batch_send(SpGraphBatch *batch, SpJob *job);

#endif
