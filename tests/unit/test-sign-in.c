#include "core/net/sign-in.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "tests/unit/loopback.h"

/* A sign-in service: what it says to each request for a token, in turn. */
typedef struct {
    const char *code_answer;
    const char *token_answers[8];
    gint n_tokens;
} Service;

#define CODE                                                                                       \
    "{\"user_code\":\"H4QXLM7RT\",\"device_code\":\"DEVICE-SECRET\","                              \
    "\"verification_uri\":\"https://microsoft.com/devicelogin\",\"expires_in\":%d,\"interval\":1}"
#define PENDING "400 {\"error\":\"authorization_pending\",\"error_codes\":[70016]}"
#define TOKENS                                                                                     \
    "200 {\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"ACCESS-SECRET\","       \
    "\"refresh_token\":\"REFRESH-SECRET\"}"

static void
serve(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    Service *service = user_data;
    const char *answer;

    (void) number;
    if (strstr(request, "/devicecode") != NULL) {
        loopback_answer(out, "200 OK", "", service->code_answer);
        return;
    }
    answer = service->token_answers[g_atomic_int_add(&service->n_tokens, 1)];
    loopback_answer(out, g_str_has_prefix(answer, "200") ? "200 OK" : "400 Bad Request", "",
                    answer + 4);
}

typedef struct {
    Loopback *server;
    SpClient *client;
    GString *told; /* everything that a person would see */
    char *address;
    GCancellable *cancellable;
} Fixture;

static Fixture *
fixture_at(const char *login, const char *flow)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autofree char *text = g_strdup_printf("[tenant]\nid=t\n[sign-in]\nflow=%s\nclient-id=app\n"
                                            "[endpoints]\nlogin=%s\n",
                                            flow, login);
    g_autoptr(SpConfig) config = NULL;
    g_autoptr(GError) error = NULL;

    config = sp_config_parse(text, "test", &error);
    g_assert_no_error(error);
    fixture->client = sp_client_new(config, &error);
    g_assert_no_error(error);
    fixture->told = g_string_new(NULL);
    fixture->cancellable = g_cancellable_new();
    return fixture;
}

static Fixture *
fixture_new(Service *service, const char *flow)
{
    Loopback *server = loopback_new(serve, service);
    g_autofree char *login = loopback_url(server, "");
    Fixture *fixture = fixture_at(login, flow);

    fixture->server = server;
    return fixture;
}

/* Signs out as well, so that nothing stays on the disk. */
static void
fixture_free(Fixture *fixture)
{
    g_autoptr(GAsyncResult) forgotten = NULL;
    SpTokens *tokens = sp_client_get_tokens(fixture->client);

    sp_tokens_forget_async(tokens, loopback_store_result, &forgotten);
    g_assert_true(sp_tokens_forget_finish(tokens, loopback_wait(&forgotten), NULL));
    sp_client_unref(fixture->client);
    g_clear_pointer(&fixture->server, loopback_free);
    g_string_free(fixture->told, TRUE);
    g_free(fixture->address);
    g_object_unref(fixture->cancellable);
    g_free(fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static void
tell(const SpSignInEvent *event, gpointer user_data)
{
    Fixture *fixture = user_data;

    g_assert_cmpint(event->seconds_left, >=, 0);
    if (event->kind == SP_SIGN_IN_WAITING) {
        g_string_append(fixture->told, "waiting\n");
        return;
    }
    g_string_append_printf(fixture->told, "%s %s\n", event->address,
                           event->code != NULL ? event->code : "-");
    g_free(fixture->address);
    fixture->address = g_strdup(event->address);
}

static gboolean
sign_in(Fixture *fixture, GError **error)
{
    g_autoptr(GAsyncResult) result = NULL;

    sp_sign_in_async(fixture->client, &(SpSignInOptions){.language = "fr"}, tell, fixture,
                     fixture->cancellable, loopback_store_result, &result);
    return sp_sign_in_finish(loopback_wait(&result), error);
}

static char *
get_token(Fixture *fixture, const char *audience, GError **error)
{
    g_autoptr(GAsyncResult) result = NULL;
    SpTokens *tokens = sp_client_get_tokens(fixture->client);

    sp_tokens_get_async(tokens, audience, NULL, loopback_store_result, &result);
    return sp_tokens_get_finish(tokens, loopback_wait(&result), error);
}

static void
a_device_code_is_shown_and_polled_until_it_is_used(void)
{
    Service service = {.token_answers = {PENDING, TOKENS, TOKENS}};
    g_autofree char *code = g_strdup_printf(CODE, 60);
    g_autoptr(Fixture) fixture = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *first = NULL;
    g_autofree char *token = NULL;

    service.code_answer = code;
    fixture = fixture_new(&service, "device");
    g_assert_true(sign_in(fixture, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(fixture->told->str, ==,
                    "https://microsoft.com/devicelogin H4QXLM7RT\nwaiting\n");
    first = loopback_request(fixture->server, 1);
    g_assert_nonnull(strstr(first, "POST /t/oauth2/v2.0/devicecode?mkt=fr HTTP/1.1"));
    g_assert_nonnull(strstr(first, "offline_access"));
    g_assert_cmpuint(loopback_count(fixture->server), ==, 3);
    token = get_token(fixture, "https://graph.microsoft.com", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(token, ==, "ACCESS-SECRET");
}

typedef struct {
    const char *answer;
    const char *says;
} Refused;

static void
a_refused_device_code_says_why(void)
{
    static const Refused rows[] = {
        {"400 {\"error\":\"new_thing\",\"error_description\":\"Odd\\u001b[31m. Trace ID: T\"}",
         "Odd [31m. (new_thing)"},
        {"200 {\"access_token\":\"a\"}", "no lasting sign-in"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        Service service = {.token_answers = {rows[i].answer}};
        g_autofree char *code = g_strdup_printf(CODE, 60);
        g_autoptr(Fixture) fixture = NULL;
        g_autoptr(GError) error = NULL;

        service.code_answer = code;
        fixture = fixture_new(&service, "device");
        g_assert_false(sign_in(fixture, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_AUTH);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, rows[i].says));
        g_assert_null(strstr(error->message, "SECRET"));
    }
}

static void
a_code_that_nobody_uses_expires(void)
{
    Service service = {.token_answers = {PENDING, PENDING, PENDING}};
    g_autofree char *code = g_strdup_printf(CODE, 1);
    g_autoptr(Fixture) fixture = NULL;
    g_autoptr(GError) error = NULL;

    service.code_answer = code;
    fixture = fixture_new(&service, "device");
    g_assert_false(sign_in(fixture, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_AUTH);
    g_assert_nonnull(strstr(error->message, "expired"));
}

static void
an_address_that_is_no_page_is_not_shown(void)
{
    static const char *const addresses[] = {
        "javascript:alert(1)",
        "http://microsoft.com/devicelogin",
        "https://microsoft.com/devicelogin\\u009b31m",
        "https://microsoft.com/\\u202edevicelogin",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
        Service service = {0};
        g_autofree char *answer = g_strdup_printf("{\"user_code\":\"A\",\"device_code\":\"D\","
                                                  "\"verification_uri\":\"%s\",\"interval\":1}",
                                                  addresses[i]);
        g_autoptr(Fixture) fixture = NULL;
        g_autoptr(GError) error = NULL;

        service.code_answer = answer;
        service.token_answers[0] = TOKENS;
        fixture = fixture_new(&service, "device");
        g_test_message("%s", addresses[i]);
        g_assert_false(sign_in(fixture, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_AUTH);
        g_assert_cmpstr(fixture->told->str, ==, "");
    }
}

static void
nobody_signs_in_without_tls(void)
{
    static const char *const flows[] = {"device", "browser"};

    for (gsize i = 0; i < G_N_ELEMENTS(flows); i++) {
        g_autoptr(Fixture) fixture = fixture_at("http://login.norvane.example", flows[i]);
        g_autoptr(GError) error = NULL;

        g_assert_false(sign_in(fixture, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
        g_assert_nonnull(strstr(error->message, "without TLS"));
        g_assert_cmpstr(fixture->told->str, ==, "");
    }
}

/* What a browser would bring back to the address that the page was given. */
static char *
query_value(const char *address, const char *name)
{
    g_autoptr(GHashTable) query =
        g_uri_parse_params(strchr(address, '?') + 1, -1, "&", G_URI_PARAMS_NONE, NULL);

    return g_strdup(g_hash_table_lookup(query, name));
}

static SpHttpResponse *
visit(Fixture *fixture, const char *path)
{
    g_autofree char *redirect = query_value(fixture->address, "redirect_uri");
    g_autofree char *url = g_strconcat(redirect, path, NULL);
    g_autoptr(GAsyncResult) result = NULL;
    SpHttp *http = sp_client_get_http(fixture->client);

    sp_http_send_async(http, &(SpHttpRequest){.url = url}, NULL, loopback_store_result, &result);
    return sp_http_send_finish(http, loopback_wait(&result), NULL);
}

static void
the_browser_comes_back_with_a_code_that_is_redeemed(void)
{
    Service service = {.token_answers = {TOKENS}};
    g_autoptr(Fixture) fixture = fixture_new(&service, "browser");
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *state = NULL;
    g_autofree char *path = NULL;
    g_autofree char *request = NULL;
    g_autoptr(SpHttpResponse) forged = NULL;
    g_autoptr(SpHttpResponse) other = NULL;
    g_autoptr(SpHttpResponse) right = NULL;

    sp_sign_in_async(fixture->client, &(SpSignInOptions){0}, tell, fixture, NULL,
                     loopback_store_result, &result);
    g_assert_nonnull(strstr(fixture->address, "code_challenge_method=S256"));
    state = query_value(fixture->address, "state");
    path = g_strdup_printf("/?code=CODE-SECRET&state=%s", state);
    forged = visit(fixture, "/?code=evil&state=wrong");
    other = visit(fixture, "/favicon.ico");
    right = visit(fixture, path);
    g_assert_cmpint(sp_http_response_get_status(forged), ==, 400);
    g_assert_cmpint(sp_http_response_get_status(other), ==, 404);
    g_assert_cmpint(sp_http_response_get_status(right), ==, 200);
    g_assert_true(sp_sign_in_finish(loopback_wait(&result), &error));
    g_assert_no_error(error);
    request = loopback_request(fixture->server, 1);
    g_assert_nonnull(strstr(request, "grant_type=authorization_code"));
    g_assert_nonnull(strstr(request, "code=CODE-SECRET"));
    g_assert_nonnull(strstr(request, "code_verifier="));
    g_assert_cmpuint(loopback_count(fixture->server), ==, 1);
}

static void
a_refusal_in_the_browser_ends_the_sign_in(void)
{
    Service service = {0};
    g_autoptr(Fixture) fixture = fixture_new(&service, "browser");
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(SpHttpResponse) response = NULL;
    g_autofree char *state = NULL;
    g_autofree char *path = NULL;

    sp_sign_in_async(fixture->client, &(SpSignInOptions){0}, tell, fixture, NULL,
                     loopback_store_result, &result);
    state = query_value(fixture->address, "state");
    path = g_strdup_printf(
        "/?error=access_denied&error_description=AADSTS65004%%3A+declined&state=%s", state);
    response = visit(fixture, path);
    g_assert_false(sp_sign_in_finish(loopback_wait(&result), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_AUTH);
    g_assert_nonnull(strstr(error->message, "Consent was declined"));
}

static void
a_sign_in_can_be_stopped_while_it_waits(void)
{
    static const char *const flows[] = {"browser", "device"};

    for (gsize i = 0; i < G_N_ELEMENTS(flows); i++) {
        Service service = {.token_answers = {PENDING, PENDING}};
        g_autofree char *code = g_strdup_printf(CODE, 60);
        g_autoptr(Fixture) fixture = NULL;
        g_autoptr(GAsyncResult) result = NULL;
        g_autoptr(GError) error = NULL;

        service.code_answer = code;
        fixture = fixture_new(&service, flows[i]);
        sp_sign_in_async(fixture->client, &(SpSignInOptions){0}, tell, fixture,
                         fixture->cancellable, loopback_store_result, &result);
        while (fixture->address == NULL) {
            g_main_context_iteration(NULL, TRUE);
        }
        g_cancellable_cancel(fixture->cancellable);
        g_assert_false(sp_sign_in_finish(loopback_wait(&result), &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CANCELLED);
    }
}

static void
a_kept_sign_in_outlives_the_client_until_it_is_forgotten(void)
{
    Service service = {.token_answers = {TOKENS, TOKENS}};
    g_autoptr(Fixture) fixture = fixture_new(&service, "device");
    g_autoptr(GAsyncResult) stored = NULL;
    g_autoptr(GAsyncResult) forgotten = NULL;
    g_autoptr(SpClient) again = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *token = NULL;
    SpTokens *tokens = sp_client_get_tokens(fixture->client);

    sp_tokens_store_async(tokens, "KEPT-SECRET", loopback_store_result, &stored);
    g_assert_true(sp_tokens_store_finish(tokens, loopback_wait(&stored), &error));
    again = sp_client_new(sp_client_get_config(fixture->client), &error);
    sp_client_unref(fixture->client);
    fixture->client = g_steal_pointer(&again);
    token = get_token(fixture, "https://graph.microsoft.com", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(token, ==, "ACCESS-SECRET");

    tokens = sp_client_get_tokens(fixture->client);
    sp_tokens_forget_async(tokens, loopback_store_result, &forgotten);
    g_assert_true(sp_tokens_forget_finish(tokens, loopback_wait(&forgotten), &error));
    again = sp_client_new(sp_client_get_config(fixture->client), &error);
    sp_client_unref(fixture->client);
    fixture->client = g_steal_pointer(&again);
    g_assert_null(get_token(fixture, "https://graph.microsoft.com", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_AUTH);
    g_assert_nonnull(strstr(error->message, "samephoto sign-in"));
}

static void
a_directory_that_others_can_read_is_refused(void)
{
    Service service = {0};
    g_autoptr(Fixture) fixture = fixture_new(&service, "device");
    g_autofree char *directory = g_build_filename(g_get_user_state_dir(), "samephoto", NULL);
    g_autoptr(GAsyncResult) stored = NULL;
    g_autoptr(GError) error = NULL;
    SpTokens *tokens = sp_client_get_tokens(fixture->client);

    g_assert_cmpint(g_mkdir_with_parents(directory, 0755), ==, 0);
    g_assert_cmpint(g_chmod(directory, 0755), ==, 0);
    sp_tokens_store_async(tokens, "KEPT-SECRET", loopback_store_result, &stored);
    g_assert_false(sp_tokens_store_finish(tokens, loopback_wait(&stored), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_null(strstr(error->message, "SECRET"));
    g_assert_cmpint(g_chmod(directory, 0700), ==, 0);
}

int
main(int argc, char **argv)
{
    g_autofree char *home = g_dir_make_tmp("samephoto-XXXXXX", NULL);
    g_autofree char *directory = g_build_filename(home, "samephoto", NULL);
    int code;

    /* The tests' own place, and no keyring of whoever runs them. */
    g_setenv("XDG_STATE_HOME", home, TRUE);
    g_setenv("XDG_RUNTIME_DIR", home, TRUE);
    g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sign-in/device", a_device_code_is_shown_and_polled_until_it_is_used);
    g_test_add_func("/sign-in/device-refused", a_refused_device_code_says_why);
    g_test_add_func("/sign-in/device-expired", a_code_that_nobody_uses_expires);
    g_test_add_func("/sign-in/device-address", an_address_that_is_no_page_is_not_shown);
    g_test_add_func("/sign-in/without-tls", nobody_signs_in_without_tls);
    g_test_add_func("/sign-in/browser", the_browser_comes_back_with_a_code_that_is_redeemed);
    g_test_add_func("/sign-in/browser-refused", a_refusal_in_the_browser_ends_the_sign_in);
    g_test_add_func("/sign-in/stopped", a_sign_in_can_be_stopped_while_it_waits);
    g_test_add_func("/sign-in/kept", a_kept_sign_in_outlives_the_client_until_it_is_forgotten);
    g_test_add_func("/sign-in/directory", a_directory_that_others_can_read_is_refused);
    code = g_test_run();
    g_rmdir(directory);
    g_rmdir(home);
    return code;
}
