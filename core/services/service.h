#ifndef SAMEPHOTO_CORE_SERVICES_SERVICE_H
#define SAMEPHOTO_CORE_SERVICES_SERVICE_H

/* The small interface behind which every service stands, and the table of them all. A service
 * yields one copy, or several that come from the same answers (SharePoint's three thumbnails). */

#include <gio/gio.h>

#include "core/net/client.h"
#include "core/services/copy.h"
#include "core/services/person.h"

#define SP_SERVICE_MAX_COPIES 3

/* What the settings and the command line may call SharePoint's three copies together. */
#define SP_SHAREPOINT_FAMILY "sharepoint"

/* One copy is ready. `copy` is borrowed; take a reference to keep it. */
typedef void (*SpCopyFunc)(SpCopy *copy, gpointer user_data);

/* What one fetch works on; all borrowed for its duration. A plain value. */
typedef struct {
    SpClient *client;
    const SpPerson *person;
    const char *source;        /* the [source NAME] or the reference file's path; else NULL */
    const char *const *wanted; /* ids of the copies to read, NULL: all of this service's */
    SpCopyFunc deliver;        /* called once for each copy, from the main context */
    gpointer deliver_data;
} SpFetch;

typedef struct {
    const char *copies[SP_SERVICE_MAX_COPIES + 1]; /* ids, e.g. "sharepoint-s", …, NULL */
    const char *titles[SP_SERVICE_MAX_COPIES + 1]; /* marked with N_() */

    /* Whether it is asked where [services] enabled is not set. */
    gboolean (*is_on)(const SpConfig *config);

    /* Why this service can't be asked with these settings (translated, transfer full); NULL: it
     * can. */
    char *(*why_not)(const SpConfig *config);

    /* Reads the copies and delivers each as soon as it is there. All that can go wrong becomes a
     * copy's status; `finish` fails only with SP_ERROR_CANCELLED, and then what was not delivered
     * stays so. */
    void (*fetch_async)(const SpFetch *fetch, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
    gboolean (*fetch_finish)(GAsyncResult *result, GError **error);
} SpService;

/* Every service, in the order in which copies are shown; ended by NULL. */
const SpService *const *sp_services(void);

/* The service that yields copy `id`, or NULL. */
const SpService *sp_service_find(const char *id);

/* The title of copy `id` for people: a service's (translated), a source's from the settings, else
 * the id itself. Transfer full. */
char *sp_service_title(const SpConfig *config, const char *id);

#endif
