#ifndef SAMEPHOTO_CORE_SERVICES_COLLECT_H
#define SAMEPHOTO_CORE_SERVICES_COLLECT_H

/* Ask all of them at once: from a person to copies. Each copy is delivered as it arrives; one
 * service that hangs holds up no other. */

#include <gio/gio.h>

#include "core/net/client.h"
#include "core/services/copy.h"
#include "core/services/person.h"
#include "core/services/service.h"

/* A plain value; zero-initialise it. */
typedef struct {
    const char *reference_file; /* the picture that the user gave, or NULL */
    const char *const *wanted;  /* ids of the copies to read, NULL: all that are enabled */
} SpCollectOptions;

/* The ids of the copies that a collection with these settings and options will deliver, in the
 * order in which they are shown: known before the first request. Transfer full. */
GStrv sp_collect_plan(const SpConfig *config, const SpCollectOptions *options);

/* Delivers one copy for each id of the plan, then calls `callback`. The finish fails only with
 * SP_ERROR_CANCELLED. */
void sp_collect_async(SpClient *client, const SpPerson *person, const SpCollectOptions *options,
                      SpCopyFunc deliver, gpointer deliver_data, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data);
gboolean sp_collect_finish(GAsyncResult *result, GError **error);

#endif
