#include "core/net/budget.h"

typedef struct {
    SpBudget *budget;
    gint64 held_until; /* monotonic, microseconds */
    GSource *alarm;    /* wakes the queue: soon, or when the hold is over */
    GQueue queue;      /* of SpPlace, waiting */
    GHashTable *lanes; /* mailbox -> places given, as guint */
} Store;

struct SpBudget {
    GMainContext *context;
    GHashTable *stores; /* name -> Store */
};

struct SpPlace {
    Store *store;
    char *mailbox;
    gboolean is_given;
    SpPlaceFunc func;
    gpointer user_data;
};

static void
stop_alarm(Store *store)
{
    if (store->alarm != NULL) {
        g_source_destroy(store->alarm);
        g_clear_pointer(&store->alarm, g_source_unref);
    }
}

static void
store_free(gpointer data)
{
    Store *store = data;

    stop_alarm(store);
    g_hash_table_unref(store->lanes);
    g_free(store);
}

SpBudget *
sp_budget_new(GMainContext *context)
{
    SpBudget *budget = g_new0(SpBudget, 1);

    budget->context = g_main_context_ref(context != NULL ? context : g_main_context_default());
    budget->stores = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, store_free);
    return budget;
}

void
sp_budget_free(SpBudget *budget)
{
    if (budget != NULL) {
        g_hash_table_unref(budget->stores);
        g_main_context_unref(budget->context);
        g_free(budget);
    }
}

static guint
count_given(const Store *store, const char *mailbox)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(store->lanes, mailbox));
}

static void
set_given(Store *store, const char *mailbox, guint count)
{
    if (count == 0) {
        g_hash_table_remove(store->lanes, mailbox);
    } else {
        g_hash_table_insert(store->lanes, g_strdup(mailbox), GUINT_TO_POINTER(count));
    }
}

static GList *
find_next(Store *store)
{
    for (GList *item = store->queue.head; item != NULL; item = item->next) {
        const SpPlace *place = item->data;

        if (count_given(store, place->mailbox) < SP_BUDGET_IN_FLIGHT) {
            return item;
        }
    }
    return NULL;
}

static void wake(Store *store);

/* Gives one place and comes back for the next, because the function may change the queue. */
static gboolean
on_alarm(gpointer data)
{
    Store *store = data;
    GList *item;
    SpPlace *place;

    stop_alarm(store);
    if (store->held_until > g_get_monotonic_time()) {
        wake(store);
        return G_SOURCE_REMOVE;
    }
    item = find_next(store);
    if (item != NULL) {
        place = item->data;
        g_queue_delete_link(&store->queue, item);
        place->is_given = TRUE;
        set_given(store, place->mailbox, count_given(store, place->mailbox) + 1);
        wake(store);
        place->func(place->user_data);
    }
    return G_SOURCE_REMOVE;
}

static void
wake(Store *store)
{
    gint64 wait_ms = MAX(0, store->held_until - g_get_monotonic_time() + 999) / 1000;

    stop_alarm(store);
    if (g_queue_is_empty(&store->queue)) {
        return;
    }
    store->alarm = g_timeout_source_new((guint) MIN(wait_ms, G_MAXINT));
    g_source_set_callback(store->alarm, on_alarm, store, NULL);
    g_source_attach(store->alarm, store->budget->context);
}

static Store *
get_store(SpBudget *budget, const char *name)
{
    Store *store = g_hash_table_lookup(budget->stores, name);

    if (store == NULL) {
        store = g_new0(Store, 1);
        store->budget = budget;
        g_queue_init(&store->queue);
        store->lanes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(budget->stores, g_strdup(name), store);
    }
    return store;
}

SpPlace *
sp_budget_enter(SpBudget *budget, const char *store, const char *mailbox, SpPlaceFunc func,
                gpointer user_data)
{
    SpPlace *place = g_new0(SpPlace, 1);

    place->store = get_store(budget, store);
    place->mailbox = g_strdup(mailbox == NULL ? "" : mailbox);
    place->func = func;
    place->user_data = user_data;
    g_queue_push_tail(&place->store->queue, place);
    wake(place->store);
    return place;
}

void
sp_budget_leave(SpPlace *place)
{
    Store *store = place->store;

    if (place->is_given) {
        set_given(store, place->mailbox, count_given(store, place->mailbox) - 1);
    } else {
        g_queue_remove(&store->queue, place);
    }
    wake(store);
    g_free(place->mailbox);
    g_free(place);
}

void
sp_budget_hold(SpBudget *budget, const char *store, gint64 wait_ms)
{
    Store *held = get_store(budget, store);

    held->held_until = MAX(held->held_until, g_get_monotonic_time() + wait_ms * 1000);
    wake(held);
}

gint64
sp_budget_get_hold_ms(const SpBudget *budget, const char *store)
{
    const Store *held = g_hash_table_lookup(budget->stores, store);

    return held == NULL ? 0 : MAX(0, held->held_until - g_get_monotonic_time() + 999) / 1000;
}
