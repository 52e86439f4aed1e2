/* Faults, latencies, HTTPS, and everything at once. */

#include <string.h>

#include "core/error.h"
#include "practice-client.h"

/* What a service under a fault answers to the request for a person's photo. */
static void
test_fault_answers(void)
{
    static const struct {
        const char *fault;
        CURLcode code;
        long status;
    } rows[] = {
        {"graph=429", CURLE_OK, 429},
        {"graph=429-minute", CURLE_OK, 429},
        {"graph=503", CURLE_OK, 503},
        {"graph=401", CURLE_OK, 401},
        {"graph=403", CURLE_OK, 403},
        {"graph=garbage", CURLE_OK, 200},
        {"graph=redirect-away", CURLE_OK, 302},
        {"graph=truncate", CURLE_PARTIAL_FILE, 200},
        {"graph=huge", CURLE_OK, 200},
        {"graph=reset", CURLE_RECV_ERROR, 0},
        {"graph=reset-body", CURLE_RECV_ERROR, 200},
        {"all=503", CURLE_OK, 503},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *faults[] = {rows[i].fault, NULL};
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});
        g_autoptr(Reply) reply = get_graph_photo(fixture, "in-sync", "photo/$value");

        g_test_message("%s", rows[i].fault);
        g_assert_cmpint(reply->code, ==, rows[i].code);
        g_assert_cmpint(reply->status, ==, rows[i].status);
        if (reply->status == 429) {
            g_assert_cmpstr(header(reply, "retry-after"), ==,
                            g_str_has_suffix(rows[i].fault, "minute") ? "60" : "2");
        } else if (g_str_has_suffix(rows[i].fault, "body")) {
            g_assert_cmpuint(reply->body->len, >, 0);
        } else if (g_str_has_suffix(rows[i].fault, "huge")) {
            g_assert_cmpuint(reply->body->len, ==, 50 * 1024 * 1024);
        } else if (reply->status == 302) {
            g_assert_true(g_str_has_prefix(header(reply, "location"), "http://localhost:"));
            g_autoptr(Reply) away =
                ask(&(Question){.url = header(reply, "location"), .bearer = "secret"});

            assert_jpeg(away);
            g_assert_cmpuint(sp_tenant_count_leaks(fixture->tenant), ==, 1);
        }
    }
}

/* The last of the services that speak HTTP, which the description does not name. */
static void
test_fault_portal(void)
{
    static const struct {
        const char *fault;
        long status;
    } rows[] = {{"portal=429", 429}, {"portal=403", 403}, {"all=503", 503}};

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *faults[] = {rows[i].fault, NULL};
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});
        const char *graph = endpoint(fixture, "graph");
        g_autofree char *url =
            g_strdup_printf("%.*s/portal/%s.jpg", (int) (strrchr(graph, '/') - graph), graph,
                            upn_of("source-differs"));
        g_autoptr(Reply) reply = ask(&(Question){.url = url});

        g_assert_cmpint(reply->status, ==, rows[i].status);
        g_assert_cmpstr(header(reply, "content-type"), ==, "text/html");
    }
}

static void
test_fault_count(void)
{
    const char *faults[] = {"graph=503:2", NULL};
    const long expected[] = {503, 503, 200, 200};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});

    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autoptr(Reply) reply = get_graph_photo(fixture, "in-sync", "photo");

        g_assert_cmpint(reply->status, ==, expected[i]);
    }
}

static void
test_fault_slow(void)
{
    const char *faults[] = {"graph=slow", NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});
    g_autofree char *url = g_strconcat(endpoint(fixture, "graph"), "/v1.0/users", NULL);
    g_autoptr(Reply) reply =
        ask(&(Question){.url = url, .bearer = token(fixture, GRAPH), .timeout_ms = 1500});

    g_assert_cmpint(reply->code, ==, CURLE_OPERATION_TIMEDOUT);
    g_assert_cmpint(reply->status, ==, 200);
    g_assert_cmpuint(reply->body->len, <=, 3);
}

/* More hang than there are threads; others are served, and the end comes at once. */
static void
test_fault_timeout(void)
{
    const char *faults[] = {"exchange=timeout", "directory=timeout", NULL};
    Fixture *fixture = fixture_new(&(SpTenantOptions){.faults = faults});
    g_autofree char *url = g_strconcat(endpoint(fixture, "exchange"), "/x", NULL);
    const Question question = {.url = url};
    GThread *threads[12];
    gint64 started = 0;

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("ask", ask_in_thread, (gpointer) &question);
    }
    for (guint i = 0; i < 20; i++) {
        g_autoptr(Reply) reply = get_graph_photo(fixture, "in-sync", "photo");

        g_assert_cmpint(reply->status, ==, 200);
    }
    started = g_get_monotonic_time();
    fixture_free(fixture);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autoptr(Reply) reply = g_thread_join(threads[i]);

        g_assert_cmpint(reply->code, !=, CURLE_OK);
        g_assert_cmpint(reply->code, !=, CURLE_OPERATION_TIMEDOUT);
    }
    g_assert_cmpint(g_get_monotonic_time() - started, <, 5 * G_USEC_PER_SEC);
}

static void
test_options(void)
{
    static const struct {
        const char *scenario, *fault, *latency, *needle;
    } rows[] = {
        {"nonsense", NULL, NULL, "sharepoint-stale"}, {NULL, "sharepont=429", NULL, "sharepoint"},
        {NULL, "graph=4290", NULL, "redirect-away"},  {NULL, "graph=429:0", NULL, "0"},
        {NULL, NULL, "graph=soon", "soon"},           {NULL, NULL, "graph", "viva-engage"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *faults[] = {rows[i].fault, NULL};
        const char *latencies[] = {rows[i].latency, NULL};
        g_autoptr(GError) error = NULL;
        SpTenant *tenant = sp_tenant_start(&(SpTenantOptions){.scenario = rows[i].scenario,
                                                              .faults = faults,
                                                              .latencies = latencies},
                                           &error);

        g_assert_null(tenant);
        g_assert_error(error, SP_ERROR, SP_ERROR_CONFIG);
        g_assert_nonnull(strstr(error->message, rows[i].needle));
    }
}

static void
test_port_taken(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *colon = strrchr(sp_json_string(fixture->description, "listening"), ':');
    guint16 port = (guint16) g_ascii_strtoull(colon + 1, NULL, 10);
    g_autoptr(GError) error = NULL;

    g_assert_null(sp_tenant_start(&(SpTenantOptions){.port = port}, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NETWORK);
}

static void
test_latency(void)
{
    const char *latencies[] = {"all=150", NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.latencies = latencies});
    const char *bearer = token(fixture, GRAPH);
    g_autofree char *url = g_strconcat(endpoint(fixture, "graph"), "/v1.0/me", NULL);
    const Question question = {.url = url, .bearer = bearer};
    GThread *threads[8];
    gint64 started = g_get_monotonic_time();

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("ask", ask_in_thread, (gpointer) &question);
    }
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autoptr(Reply) reply = g_thread_join(threads[i]);

        g_assert_cmpint(reply->status, ==, 200);
    }
    /* Not before the latency is over; that eight at once take about one is for the bench to say. */
    g_assert_cmpint(g_get_monotonic_time() - started, >=, 150 * 1000);
}

static void
test_tls(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("practice-XXXXXX", &error);
    g_autofree char *ca = g_build_filename(folder, "ca.pem", NULL);
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.tls_directory = folder});
    const char *base = sp_json_string(fixture->description, "listening");
    g_autofree char *url = g_strconcat(base, "/graph/v1.0/me", NULL);
    g_autoptr(Reply) trusted = ask(&(Question){.url = url, .ca_file = ca});
    g_autoptr(Reply) untrusted = ask(&(Question){.url = url});
    g_autofree char *rest = g_strconcat("rm -r ", folder, NULL);

    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(base, "https://127.0.0.1:"));
    g_assert_cmpint(trusted->code, ==, CURLE_OK);
    g_assert_cmpint(trusted->status, ==, 401);
    g_assert_cmpint(untrusted->code, ==, CURLE_PEER_FAILED_VERIFICATION);
    g_assert_nonnull(strstr(sp_tenant_get_settings(fixture->tenant), ca));
    g_assert_true(g_spawn_command_line_sync(rest, NULL, NULL, NULL, NULL));
}

/* Everything at once: what holds under ASan and TSan is the point, and that all are answered. */
static gpointer
roam(gpointer data)
{
    Fixture *fixture = data;
    static const char *const scenarios[] = {"in-sync", "sharepoint-stale", "viva-engage-stale"};
    guint n_answers = 0;

    for (guint i = 0; i < 12; i++) {
        const char *scenario = scenarios[i % G_N_ELEMENTS(scenarios)];
        g_autofree char *url = g_strdup_printf("%s/v1.0/users/%s/photos/96x96/$value",
                                               endpoint(fixture, "graph"), upn_of(scenario));
        g_autoptr(Reply) reply = ask(&(Question){
            .url = url, .bearer = g_hash_table_lookup(fixture->tokens, GRAPH "/.default")});

        n_answers += reply->status == 200 ? 1 : 0;
        sp_tenant_play(fixture->tenant, "upload", upn_of(scenario), NULL);
        sp_tenant_advance(fixture->tenant, 1);
        g_date_time_unref(sp_tenant_now(fixture->tenant));
    }
    return GUINT_TO_POINTER(n_answers);
}

static void
test_threads(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    GThread *threads[6];

    token(fixture, GRAPH);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("roam", roam, fixture);
    }
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(threads[i])), ==, 12);
    }
}

int
main(int argc, char **argv)
{
    int result = 0;

    curl_global_init(CURL_GLOBAL_ALL);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/fault/answers", test_fault_answers);
    g_test_add_func("/practice/fault/portal", test_fault_portal);
    g_test_add_func("/practice/fault/count", test_fault_count);
    g_test_add_func("/practice/fault/slow", test_fault_slow);
    g_test_add_func("/practice/fault/timeout", test_fault_timeout);
    g_test_add_func("/practice/options", test_options);
    g_test_add_func("/practice/port-taken", test_port_taken);
    g_test_add_func("/practice/latency", test_latency);
    g_test_add_func("/practice/tls", test_tls);
    g_test_add_func("/practice/threads", test_threads);
    result = g_test_run();
    curl_global_cleanup();
    return result;
}
