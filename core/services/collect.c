/* The plan is made first, so that every id that will come is known before the first request. */

#include "core/services/collect.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/services/file.h"
#include "core/services/seen.h"
#include "core/services/source.h"
#include "core/text.h"

/* All of one collection. */
typedef struct {
    SpClient *client;
    SpPerson *person;
    char *reference_file;
    GStrv plan;
    GHashTable *open; /* ids not delivered yet, borrowed from the plan */
    guint n_running;
    SpCopyFunc deliver;
    gpointer deliver_data;
} Collection;

static void
free_collection(gpointer data)
{
    Collection *collection = data;

    sp_client_unref(collection->client);
    sp_person_unref(collection->person);
    g_free(collection->reference_file);
    g_strfreev(collection->plan);
    g_hash_table_unref(collection->open);
    g_free(collection);
}

/* Whether `list` names the copy: by its id, or by its service's family ("sharepoint"). */
static gboolean
names_copy(const char *const *list, const char *id)
{
    return g_strv_contains(list, id) ||
           (g_str_has_prefix(id, "sharepoint-") && g_strv_contains(list, SP_SHAREPOINT_FAMILY));
}

static gboolean
is_planned(const SpConfig *config, const SpService *service, const char *id,
           const char *const *list, const SpCollectOptions *options)
{
    if (strcmp(id, "file") == 0) {
        return options->reference_file != NULL &&
               (options->wanted == NULL || names_copy(options->wanted, id));
    }
    return list == NULL ? service->is_on(config) : names_copy(list, id);
}

GStrv
sp_collect_plan(const SpConfig *config, const SpCollectOptions *options)
{
    static const SpCollectOptions none = {NULL, NULL};
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) enabled = sp_config_get_list(config, "services", "enabled");
    g_auto(GStrv) sources = sp_config_list_sources(config);
    const char *const *list = NULL;

    options = options == NULL ? &none : options;
    list = options->wanted != NULL ? options->wanted : (const char *const *) enabled;
    for (const SpService *const *service = sp_services(); *service != NULL; service++) {
        for (gsize i = 0; (*service)->copies[i] != NULL; i++) {
            if (is_planned(config, *service, (*service)->copies[i], list, options)) {
                g_strv_builder_add(builder, (*service)->copies[i]);
            }
        }
    }
    for (gsize i = 0; sources[i] != NULL; i++) {
        if (list == NULL || g_strv_contains(list, sources[i])) {
            g_strv_builder_add(builder, sources[i]);
        }
    }
    /* What nobody knows stays in the plan, so that it is told and not lost. */
    for (gsize i = 0; list != NULL && list[i] != NULL; i++) {
        if (sp_service_find(list[i]) == NULL && strcmp(list[i], SP_SHAREPOINT_FAMILY) != 0 &&
            !g_strv_contains((const char *const *) sources, list[i]) && !sp_seen_is_id(list[i])) {
            g_strv_builder_add(builder, list[i]);
        }
    }
    return g_strv_builder_end(builder);
}

static void
on_copy(SpCopy *copy, gpointer user_data)
{
    Collection *collection = g_task_get_task_data(user_data);

    if (g_hash_table_remove(collection->open, copy->service)) {
        collection->deliver(copy, collection->deliver_data);
    }
}

static void
deliver_skipped(GTask *task, const char *id, const char *reason)
{
    Collection *collection = g_task_get_task_data(task);
    g_autofree char *title = sp_service_title(sp_client_get_config(collection->client), id);
    g_autoptr(SpCopy) copy = sp_copy_new(id, title);

    copy->error = sp_text_clean(reason, -1, 500);
    on_copy(copy, task);
}

static void
finish_one(GTask *task)
{
    Collection *collection = g_task_get_task_data(task);

    if (--collection->n_running > 0) {
        return;
    }
    if (g_cancellable_is_cancelled(g_task_get_cancellable(task))) {
        g_task_return_new_error(task, SP_ERROR, SP_ERROR_CANCELLED, "%s", _("Stopped"));
    } else {
        g_task_return_boolean(task, TRUE);
    }
}

static void
on_fetched(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;

    (void) source;
    sp_collect_finish(result, NULL);
    finish_one(task);
}

static void
fetch(GTask *task, const SpService *service, const char *source, const char *const *wanted)
{
    Collection *collection = g_task_get_task_data(task);
    SpFetch request = {.client = collection->client,
                       .person = collection->person,
                       .source = source,
                       .wanted = wanted,
                       .deliver = on_copy,
                       .deliver_data = task};

    collection->n_running++;
    service->fetch_async(&request, g_task_get_cancellable(task), on_fetched, g_object_ref(task));
}

/* Asks `service` for those of its copies that the plan names. */
static void
start_service(GTask *task, const SpService *service)
{
    Collection *collection = g_task_get_task_data(task);
    const char *wanted[SP_SERVICE_MAX_COPIES + 1] = {NULL};
    g_autofree char *reason = NULL;
    gsize n = 0;

    for (gsize i = 0; service->copies[i] != NULL; i++) {
        if (g_strv_contains((const char *const *) collection->plan, service->copies[i])) {
            wanted[n++] = service->copies[i];
        }
    }
    if (n == 0) {
        return;
    }
    reason = service->why_not(sp_client_get_config(collection->client));
    if (reason == NULL) {
        fetch(task, service, collection->reference_file, wanted);
    }
    for (gsize i = 0; reason != NULL && i < n; i++) {
        deliver_skipped(task, wanted[i], reason);
    }
}

static void
start_source(GTask *task, const char *id)
{
    Collection *collection = g_task_get_task_data(task);
    const SpConfig *config = sp_client_get_config(collection->client);
    g_autofree char *reason = NULL;

    if (sp_source_exists(config, id)) {
        reason = sp_source_why_not(config, id);
    } else {
        reason = g_strdup(_("There is no service with this name; check [services] enabled"));
    }
    if (reason != NULL) {
        deliver_skipped(task, id, reason);
    } else {
        fetch(task, &sp_service_source, id, NULL);
    }
}

/* From the main loop, so that nothing is delivered before sp_collect_async() has returned. */
static gboolean
start(gpointer user_data)
{
    GTask *task = user_data;
    Collection *collection = g_task_get_task_data(task);

    if (!g_cancellable_is_cancelled(g_task_get_cancellable(task))) {
        for (const SpService *const *service = sp_services(); *service != NULL; service++) {
            start_service(task, *service);
        }
        for (gsize i = 0; collection->plan[i] != NULL; i++) {
            if (sp_service_find(collection->plan[i]) == NULL) {
                start_source(task, collection->plan[i]);
            }
        }
    }
    finish_one(task);
    return G_SOURCE_REMOVE;
}

void
sp_collect_async(SpClient *client, const SpPerson *person, const SpCollectOptions *options,
                 SpCopyFunc deliver, gpointer deliver_data, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
    g_autoptr(GSource) idle = g_idle_source_new();
    Collection *collection = g_new0(Collection, 1);

    collection->client = sp_client_ref(client);
    collection->person = sp_person_ref((SpPerson *) person);
    collection->reference_file = g_strdup(options == NULL ? NULL : options->reference_file);
    collection->plan = sp_collect_plan(sp_client_get_config(client), options);
    collection->open = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize i = 0; collection->plan[i] != NULL; i++) {
        g_hash_table_add(collection->open, collection->plan[i]);
    }
    collection->deliver = deliver;
    collection->deliver_data = deliver_data;
    collection->n_running = 1; /* until all are started */
    g_task_set_check_cancellable(task, FALSE);
    g_task_set_task_data(task, collection, free_collection);
    g_source_set_priority(idle, G_PRIORITY_DEFAULT);
    g_source_set_callback(idle, start, g_object_ref(task), g_object_unref);
    g_source_attach(idle, g_main_context_get_thread_default());
}

gboolean
sp_collect_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}
