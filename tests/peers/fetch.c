/* Sends one request through core/net and says in one line what came of it, for the tests of peers.
 * Usage: fetch SETTINGS-FILE URL [BEARER]
 * Prints "STATUS BYTES FINAL-URL" or "error NUMBER MESSAGE"; each wait goes to stderr. */

#include <stdio.h>

#include "core/net/http.h"

static void
store_result(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) source;
    *(GAsyncResult **) user_data = g_object_ref(result);
}

static void
tell_wait(const char *store, gint64 wait_ms, gpointer user_data)
{
    (void) user_data;
    g_printerr("%s waits %" G_GINT64_FORMAT " ms\n", store, wait_ms);
}

int
main(int argc, char **argv)
{
    static const char *const headers[] = {"X-Key: HEADER-SECRET", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(SpConfig) config = NULL;
    g_autoptr(SpHttp) http = NULL;
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(SpHttpResponse) response = NULL;
    SpHttpRequest request = {.headers = headers, .max_redirects = 5, .max_retries = 2};

    if (argc < 3) {
        g_printerr("usage: fetch SETTINGS-FILE URL [BEARER]\n");
        return 2;
    }
    config = sp_config_load(argv[1], &error);
    http = config == NULL ? NULL : sp_http_new(config, &error);
    if (http == NULL) {
        g_printerr("%s\n", error->message);
        return 2;
    }
    sp_http_set_wait_func(http, tell_wait, NULL);
    request.url = argv[2];
    request.bearer = argc > 3 ? argv[3] : NULL;
    sp_http_send_async(http, &request, NULL, store_result, &result);
    while (result == NULL) {
        g_main_context_iteration(NULL, TRUE);
    }
    response = sp_http_send_finish(http, result, &error);
    if (response == NULL) {
        g_print("error %d %s\n", error->code, error->message);
        return 1;
    }
    g_print("%d %zu %s\n", sp_http_response_get_status(response),
            g_bytes_get_size(sp_http_response_get_body(response)),
            sp_http_response_get_url(response));
    return 0;
}
