#include "core/net/multi.h"

#include <glib-unix.h>

struct SpMulti {
    CURLM *handle;
    GMainContext *context;
    GSource *timer;
    GHashTable *sockets; /* fd -> GSource */
    GHashTable *running; /* CURL * -> Running */
};

typedef struct {
    SpMultiFunc func;
    gpointer user_data;
} Running;

static void
clear_source(GSource **source)
{
    if (*source != NULL) {
        g_source_destroy(*source);
        g_clear_pointer(source, g_source_unref);
    }
}

static void
source_free(gpointer data)
{
    GSource *source = data;

    clear_source(&source);
}

/* Hands out what has ended. A function may start or remove transfers, so each message is taken off
 * the queue before its function runs. */
static void
hand_out(SpMulti *multi)
{
    CURLMsg *message;
    int left = 0;

    while ((message = curl_multi_info_read(multi->handle, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        g_autofree Running *running = NULL;

        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        curl_multi_remove_handle(multi->handle, easy);
        if (g_hash_table_steal_extended(multi->running, easy, NULL, (gpointer *) &running)) {
            running->func(code, running->user_data);
        }
    }
}

static void
act(SpMulti *multi, curl_socket_t fd, int events)
{
    SpMulti *held = g_rc_box_acquire(multi);
    int running = 0;

    curl_multi_socket_action(held->handle, fd, events, &running);
    hand_out(held);
    sp_multi_unref(held);
}

static gboolean
on_socket(gint fd, GIOCondition condition, gpointer data)
{
    int events = 0;

    events |= (condition & G_IO_IN) != 0 ? CURL_CSELECT_IN : 0;
    events |= (condition & G_IO_OUT) != 0 ? CURL_CSELECT_OUT : 0;
    events |= (condition & (G_IO_ERR | G_IO_HUP)) != 0 ? CURL_CSELECT_ERR : 0;
    act(data, fd, events);
    return G_SOURCE_CONTINUE;
}

static int
socket_function(CURL *easy, curl_socket_t fd, int what, void *user_data, void *socket_data)
{
    SpMulti *multi = user_data;
    GSource *source = NULL;
    GIOCondition condition = G_IO_ERR | G_IO_HUP;

    (void) easy;
    (void) socket_data;
    g_hash_table_remove(multi->sockets, GINT_TO_POINTER(fd));
    if (what == CURL_POLL_REMOVE) {
        return 0;
    }
    condition |= (what & CURL_POLL_IN) != 0 ? G_IO_IN : 0;
    condition |= (what & CURL_POLL_OUT) != 0 ? G_IO_OUT : 0;
    source = g_unix_fd_source_new(fd, condition);
    g_source_set_callback(source, G_SOURCE_FUNC(on_socket), multi, NULL);
    g_source_attach(source, multi->context);
    g_hash_table_insert(multi->sockets, GINT_TO_POINTER(fd), source);
    return 0;
}

static gboolean
on_timer(gpointer data)
{
    SpMulti *multi = data;

    clear_source(&multi->timer);
    act(multi, CURL_SOCKET_TIMEOUT, 0);
    return G_SOURCE_REMOVE;
}

static int
timer_function(CURLM *handle, long timeout_ms, void *user_data)
{
    SpMulti *multi = user_data;

    (void) handle;
    clear_source(&multi->timer);
    if (timeout_ms >= 0) {
        multi->timer = g_timeout_source_new((guint) MIN(timeout_ms, G_MAXINT));
        g_source_set_callback(multi->timer, on_timer, multi, NULL);
        g_source_attach(multi->timer, multi->context);
    }
    return 0;
}

SpMulti *
sp_multi_new(GMainContext *context)
{
    SpMulti *multi = g_rc_box_new0(SpMulti);

    multi->context = g_main_context_ref(context);
    multi->sockets = g_hash_table_new_full(NULL, NULL, NULL, source_free);
    multi->running = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    multi->handle = curl_multi_init();
    curl_multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, socket_function);
    curl_multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi);
    curl_multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, timer_function);
    curl_multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi);
    return multi;
}

static void
clear(gpointer data)
{
    SpMulti *multi = data;

    curl_multi_cleanup(multi->handle);
    clear_source(&multi->timer);
    g_hash_table_unref(multi->sockets);
    g_hash_table_unref(multi->running);
    g_main_context_unref(multi->context);
}

void
sp_multi_unref(SpMulti *multi)
{
    g_rc_box_release_full(multi, clear);
}

gboolean
sp_multi_add(SpMulti *multi, CURL *easy, SpMultiFunc func, gpointer user_data)
{
    Running *running = g_new0(Running, 1);

    running->func = func;
    running->user_data = user_data;
    g_hash_table_insert(multi->running, easy, running);
    if (curl_multi_add_handle(multi->handle, easy) != CURLM_OK) {
        g_hash_table_remove(multi->running, easy);
        return FALSE;
    }
    return TRUE;
}

void
sp_multi_remove(SpMulti *multi, CURL *easy)
{
    if (g_hash_table_remove(multi->running, easy)) {
        curl_multi_remove_handle(multi->handle, easy);
    }
}
