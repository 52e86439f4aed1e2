#include "core/net/tokens.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/net/assertion.h"
#include "core/net/client.h"
#include "core/net/retry.h"
#include "core/net/secret-file.h"
#include "core/net/token-claims.h"
#include "tests/unit/loopback.h"

/* A sign-in service that gives numbered tokens, and a service that wants number `wanted`. */
typedef struct {
    gint n_given;
    int wanted;
    int lifetime;
} Service;

static void
serve(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    Service *service = user_data;
    g_autofree char *wanted = g_strdup_printf("Bearer ACCESS-%d", service->wanted);
    g_autofree char *json = NULL;
    int given;

    (void) number;
    if (strstr(request, "/oauth2/v2.0/token") == NULL) {
        loopback_answer(out, strstr(request, wanted) != NULL ? "200 OK" : "401 Unauthorized", "",
                        "{}");
        return;
    }
    g_usleep(20000);
    given = g_atomic_int_add(&service->n_given, 1) + 1;
    json = g_strdup_printf("{\"access_token\":\"ACCESS-%d\",\"refresh_token\":\"REFRESH-%d\","
                           "\"expires_in\":%d}",
                           given, given, service->lifetime);
    loopback_answer(out, "200 OK", "", json);
}

static SpClient *
new_client(Loopback *server, const char *sign_in)
{
    g_autofree char *address = loopback_url(server, "");
    g_autofree char *text =
        g_strdup_printf("[tenant]\nname=norvane\nid=t\n[sign-in]\nclient-id=app\n%s\n"
                        "[endpoints]\nlogin=%s\ngraph=%s\n",
                        sign_in, address, address);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpConfig) config = sp_config_parse(text, "test", &error);
    SpClient *client;

    g_assert_no_error(error);
    client = sp_client_new(config, &error);
    g_assert_no_error(error);
    return client;
}

#define GRAPH "https://graph.microsoft.com"

static char *
get(SpClient *client, const char *audience, GError **error)
{
    g_autoptr(GAsyncResult) result = NULL;
    SpTokens *tokens = sp_client_get_tokens(client);

    sp_tokens_get_async(tokens, audience, NULL, loopback_store_result, &result);
    return sp_tokens_get_finish(tokens, loopback_wait(&result), error);
}

static void
one_refresh_token_serves_every_audience_once(void)
{
    Service service = {.lifetime = 3600};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autoptr(SpClient) client = new_client(server, "");
    g_autofree char *first = NULL;
    g_autofree char *again = NULL;
    g_autofree char *other = NULL;
    g_autofree char *request = NULL;
    g_autofree char *rotated = NULL;

    sp_tokens_use_refresh_token(sp_client_get_tokens(client), "REFRESH-0");
    first = get(client, GRAPH, NULL);
    again = get(client, GRAPH, NULL);
    other = get(client, "https://norvane-my.sharepoint.com", NULL);
    g_assert_cmpstr(first, ==, "ACCESS-1");
    g_assert_cmpstr(again, ==, "ACCESS-1");
    g_assert_cmpstr(other, ==, "ACCESS-2");
    request = loopback_request(server, 1);
    rotated = loopback_request(server, 2);
    g_assert_nonnull(strstr(request, "scope=https%3A%2F%2Fgraph.microsoft.com%2F.default%20"
                                     "offline_access"));
    g_assert_nonnull(strstr(request, "refresh_token=REFRESH-0"));
    g_assert_nonnull(strstr(rotated, "refresh_token=REFRESH-1"));
}

static void
callers_share_one_request_and_one_may_leave(void)
{
    Service service = {.lifetime = 3600};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autoptr(SpClient) client = new_client(server, "");
    g_autoptr(GCancellable) leaving = g_cancellable_new();
    g_autoptr(GAsyncResult) left = NULL;
    g_autoptr(GAsyncResult) stayed = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *token = NULL;
    SpTokens *tokens = sp_client_get_tokens(client);

    sp_tokens_use_refresh_token(tokens, "REFRESH-0");
    sp_tokens_get_async(tokens, GRAPH, leaving, loopback_store_result, &left);
    sp_tokens_get_async(tokens, GRAPH, NULL, loopback_store_result, &stayed);
    g_cancellable_cancel(leaving);
    g_assert_null(sp_tokens_get_finish(tokens, loopback_wait(&left), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANCELLED);
    token = sp_tokens_get_finish(tokens, loopback_wait(&stayed), NULL);
    g_assert_cmpstr(token, ==, "ACCESS-1");
    g_assert_cmpuint(loopback_count(server), ==, 1);
}

static void
the_last_one_who_leaves_stops_the_request_and_the_next_starts_anew(void)
{
    Service service = {.lifetime = 3600};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autoptr(SpClient) client = new_client(server, "");
    g_autoptr(GCancellable) leaving = g_cancellable_new();
    g_autoptr(GAsyncResult) left = NULL;
    g_autofree char *token = NULL;
    SpTokens *tokens = sp_client_get_tokens(client);

    sp_tokens_use_refresh_token(tokens, "REFRESH-0");
    sp_tokens_get_async(tokens, GRAPH, leaving, loopback_store_result, &left);
    g_cancellable_cancel(leaving);
    g_assert_null(sp_tokens_get_finish(tokens, loopback_wait(&left), NULL));
    token = get(client, GRAPH, NULL);
    g_assert_nonnull(token);
}

/* A request for somebody's token, which has reached the service and is not yet answered. */
static void
ask_for(SpTokens *tokens, Loopback *server, GAsyncResult **result)
{
    sp_tokens_get_async(tokens, GRAPH, NULL, loopback_store_result, result);
    while (loopback_count(server) == 0) {
        g_main_context_iteration(NULL, FALSE);
    }
}

/* A client of the next run, which knows only what was kept. */
static char *
get_next_run(SpClient *client, GError **error)
{
    g_autoptr(SpClient) next = sp_client_new(sp_client_get_config(client), NULL);

    return get(next, GRAPH, error);
}

static void
what_comes_after_somebody_else_has_signed_in_is_dropped(void)
{
    Service service = {.lifetime = 3600};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autoptr(SpClient) client = new_client(server, "");
    g_autoptr(GAsyncResult) asked = NULL;
    g_autoptr(GAsyncResult) stored = NULL;
    g_autoptr(GAsyncResult) forgotten = NULL;
    g_autofree char *token = NULL;
    g_autofree char *kept = NULL;
    g_autofree char *second = NULL;
    g_autofree char *third = NULL;
    SpTokens *tokens = sp_client_get_tokens(client);

    sp_tokens_use_refresh_token(tokens, "REFRESH-OF-ANNA");
    ask_for(tokens, server, &asked);
    sp_tokens_store_async(tokens, "REFRESH-OF-BASHIR", loopback_store_result, &stored);
    token = sp_tokens_get_finish(tokens, loopback_wait(&asked), NULL);
    g_assert_true(sp_tokens_store_finish(tokens, loopback_wait(&stored), NULL));
    g_assert_cmpstr(token, ==, "ACCESS-2");
    second = loopback_request(server, 2);
    g_assert_nonnull(strstr(second, "refresh_token=REFRESH-OF-BASHIR"));
    kept = get_next_run(client, NULL);
    third = loopback_request(server, 3);
    g_assert_nonnull(strstr(third, "refresh_token=REFRESH-2"));
    sp_tokens_forget_async(tokens, loopback_store_result, &forgotten);
    g_assert_true(sp_tokens_forget_finish(tokens, loopback_wait(&forgotten), NULL));
}

static void
what_comes_after_the_sign_out_is_dropped(void)
{
    Service service = {.lifetime = 3600};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autoptr(SpClient) client = new_client(server, "");
    g_autoptr(GAsyncResult) stored = NULL;
    g_autoptr(GAsyncResult) asked = NULL;
    g_autoptr(GAsyncResult) forgotten = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) next_error = NULL;
    SpTokens *tokens = sp_client_get_tokens(client);

    sp_tokens_store_async(tokens, "REFRESH-OF-ANNA", loopback_store_result, &stored);
    g_assert_true(sp_tokens_store_finish(tokens, loopback_wait(&stored), NULL));
    ask_for(tokens, server, &asked);
    sp_tokens_forget_async(tokens, loopback_store_result, &forgotten);
    g_assert_null(sp_tokens_get_finish(tokens, loopback_wait(&asked), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_AUTH);
    g_assert_true(sp_tokens_forget_finish(tokens, loopback_wait(&forgotten), NULL));
    g_assert_null(get_next_run(client, &next_error));
    g_assert_error(next_error, SP_ERROR, SP_ERROR_AUTH);
    g_assert_cmpuint(loopback_count(server), ==, 1);
}

static void
what_is_still_being_read_does_not_undo_the_sign_out(void)
{
    Service service = {.lifetime = 3600};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autoptr(SpClient) first = new_client(server, "");
    g_autoptr(SpClient) client = new_client(server, "");
    g_autoptr(GAsyncResult) stored = NULL;
    g_autoptr(GAsyncResult) asked = NULL;
    g_autoptr(GAsyncResult) forgotten = NULL;
    g_autoptr(GError) error = NULL;
    SpTokens *tokens = sp_client_get_tokens(client);

    sp_tokens_store_async(sp_client_get_tokens(first), "REFRESH-OF-ANNA", loopback_store_result,
                          &stored);
    loopback_wait(&stored);
    sp_tokens_get_async(tokens, GRAPH, NULL, loopback_store_result, &asked);
    sp_tokens_forget_async(tokens, loopback_store_result, &forgotten);
    g_assert_null(sp_tokens_get_finish(tokens, loopback_wait(&asked), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_AUTH);
    g_assert_true(sp_tokens_forget_finish(tokens, loopback_wait(&forgotten), NULL));
    g_assert_cmpuint(loopback_count(server), ==, 0);
}

static void
a_token_is_renewed_before_it_expires(void)
{
    Service service = {.lifetime = 0};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autoptr(SpClient) client = new_client(server, "");
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    sp_tokens_use_refresh_token(sp_client_get_tokens(client), "REFRESH-0");
    first = get(client, GRAPH, NULL);
    second = get(client, GRAPH, NULL);
    g_assert_cmpstr(second, ==, "ACCESS-2");
}

static void
a_401_renews_the_token_once(void)
{
    static const int wanted[] = {2, 99};

    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        Service service = {.lifetime = 3600, .wanted = wanted[i]};
        g_autoptr(Loopback) server = loopback_new(serve, &service);
        g_autoptr(SpClient) client = new_client(server, "");
        g_autofree char *url = loopback_url(server, "/v1.0/me");
        g_autoptr(GAsyncResult) result = NULL;
        g_autoptr(SpHttpResponse) response = NULL;

        sp_tokens_use_refresh_token(sp_client_get_tokens(client), "REFRESH-0");
        sp_client_send_async(client, GRAPH, &(SpHttpRequest){.url = url}, NULL,
                             loopback_store_result, &result);
        response = sp_client_send_finish(client, loopback_wait(&result), NULL);
        g_assert_cmpint(sp_http_response_get_status(response), ==, i == 0 ? 200 : 401);
        g_assert_cmpuint(loopback_count(server), ==, 4);
    }
}

static void
a_token_never_goes_to_another_host(void)
{
    Service service = {.lifetime = 3600, .wanted = 1};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autoptr(Loopback) other = loopback_new(serve, &service);
    g_autoptr(SpClient) client = new_client(server, "");
    g_autofree char *url = loopback_url(other, "/v1.0/users?$skiptoken=x");
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;

    sp_tokens_use_refresh_token(sp_client_get_tokens(client), "REFRESH-0");
    sp_client_send_async(client, GRAPH, &(SpHttpRequest){.url = url, .service = "Graph"}, NULL,
                         loopback_store_result, &result);
    g_assert_null(sp_client_send_finish(client, loopback_wait(&result), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    g_assert_cmpuint(loopback_count(other), ==, 0);
}

typedef struct {
    const char *command;
    int code;         /* -1: a token comes */
    const char *says; /* the token, or part of the message */
} Command;

static void
a_command_prints_the_token_for_its_audience(void)
{
    static const Command rows[] = {
        {"/bin/sh -c 'echo TOKEN-for-$SAMEPHOTO_AUDIENCE'", -1, "TOKEN-for-" GRAPH},
        {"/bin/sh -c 'printf a.b.c'", -1, "a.b.c"},
        {"/bin/false", SP_ERROR_AUTH, "failed"},
        {"/bin/sh -c 'echo SECRET; exit 3'", SP_ERROR_AUTH, "failed"},
        {"/bin/true", SP_ERROR_AUTH, "no token"},
        {"/bin/sh -c 'echo two words'", SP_ERROR_AUTH, "no token"},
        {"/bin/sh -c 'while :; do echo SECRET; done'", SP_ERROR_AUTH, "more than a token"},
        {"/no/such/program", SP_ERROR_CONFIG, "cannot be started"},
        {"'unbalanced", SP_ERROR_CONFIG, "no command line"},
    };
    g_autoptr(Loopback) server = loopback_new(serve, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *sign_in = g_strdup_printf("flow=command\ncommand=%s", rows[i].command);
        g_autoptr(SpClient) client = new_client(server, sign_in);
        g_autoptr(GError) error = NULL;
        g_autofree char *token = get(client, GRAPH, &error);

        if (rows[i].code == -1) {
            g_assert_no_error(error);
            g_assert_cmpstr(token, ==, rows[i].says);
        } else {
            g_assert_error(error, SP_ERROR, rows[i].code);
            g_assert_nonnull(strstr(error->message, rows[i].says));
            g_assert_null(strstr(error->message, "SECRET"));
        }
    }
}

static void
a_command_that_hangs_can_be_stopped(void)
{
    g_autoptr(Loopback) server = loopback_new(serve, NULL);
    g_autoptr(SpClient) client = new_client(server, "flow=command\ncommand=/bin/sleep 600");
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    SpTokens *tokens = sp_client_get_tokens(client);

    sp_tokens_get_async(tokens, GRAPH, cancellable, loopback_store_result, &result);
    g_main_context_iteration(NULL, FALSE);
    g_cancellable_cancel(cancellable);
    g_assert_null(sp_tokens_get_finish(tokens, loopback_wait(&result), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANCELLED);
}

/* A file with these contents and mode. Transfer full. */
static char *
write_file(const char *text, int mode)
{
    g_autoptr(GError) error = NULL;
    char *path = NULL;
    int fd = g_file_open_tmp("samephoto-XXXXXX", &path, &error);

    g_assert_no_error(error);
    g_assert_true(g_close(fd, NULL));
    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
    return path;
}

typedef struct {
    const char *text;
    int mode;
    const char *secret; /* NULL: refused */
} SecretFile;

static void
a_secret_file_is_trimmed_and_must_be_private(void)
{
    static const SecretFile rows[] = {
        {"s3cr3t\n", 0600, "s3cr3t"},
        {"s3cr3t\r\n", 0400, "s3cr3t"},
        {" two words ", 0600, " two words "},
        {"s3cr3t", 0640, NULL},
        {"s3cr3t", 0604, NULL},
        {"\n", 0600, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = write_file(rows[i].text, rows[i].mode);
        g_autoptr(GError) error = NULL;
        g_autofree char *secret = sp_secret_file_read(path, "secret-file", &error);

        g_assert_cmpstr(secret, ==, rows[i].secret);
        if (rows[i].secret == NULL) {
            g_assert_error(error, SP_ERROR, SP_ERROR_CONFIG);
            g_assert_null(strstr(error->message, "s3cr3t"));
        }
        g_unlink(path);
    }
}

static void
a_client_secret_goes_into_the_form_only(void)
{
    Service service = {.lifetime = 3600};
    g_autoptr(Loopback) server = loopback_new(serve, &service);
    g_autofree char *path = write_file("a b&c=d\n", 0600);
    g_autofree char *sign_in = g_strdup_printf("flow=secret\nsecret-file=%s", path);
    g_autoptr(SpClient) client = new_client(server, sign_in);
    g_autofree char *token = get(client, GRAPH, NULL);
    g_autofree char *request = loopback_request(server, 1);

    g_assert_cmpstr(token, ==, "ACCESS-1");
    g_assert_nonnull(strstr(request, "grant_type=client_credentials"));
    g_assert_nonnull(strstr(request, "client_secret=a%20b%26c%3Dd"));
    g_assert_nonnull(strstr(request, "POST /t/oauth2/v2.0/token HTTP/1.1"));
    g_assert_null(strstr(request, "offline_access"));
    g_unlink(path);
}

/* A key and a certificate for it that is valid for `days`. Transfer full. */
static char *
make_pem(EVP_PKEY *key, int days)
{
    X509 *certificate = X509_new();
    BIO *bio = BIO_new(BIO_s_mem());
    char *data = NULL;
    long length;
    char *pem;

    X509_gmtime_adj(X509_getm_notBefore(certificate), -86400L * 10);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * days);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_X509(bio, certificate);
    length = BIO_get_mem_data(bio, &data);
    pem = g_strndup(data, (gsize) length);
    BIO_free(bio);
    X509_free(certificate);
    return pem;
}

static guchar *
decode(const char *text, gsize *length)
{
    g_autofree char *padded = g_strconcat(text, "===", NULL);

    padded[strlen(padded) / 4 * 4] = '\0';
    g_strdelimit(padded, "-", '+');
    g_strdelimit(padded, "_", '/');
    return g_base64_decode(padded, length);
}

static void
an_assertion_is_signed_as_ps256_and_names_the_certificate(void)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    g_autofree char *pem = make_pem(key, 30);
    g_autoptr(GError) error = NULL;
    g_autofree char *assertion =
        sp_assertion_new(pem, "test.pem", "app", "https://login/token", 1000, &error);
    g_auto(GStrv) parts = NULL;
    g_autofree char *text = NULL;
    g_autofree guchar *header = NULL;
    g_autofree guchar *signature = NULL;
    g_autoptr(SpJson) claims = NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    gsize length = 0;

    g_assert_no_error(error);
    parts = g_strsplit(assertion, ".", 3);
    text = g_strconcat(parts[0], ".", parts[1], NULL);
    header = decode(parts[0], &length);
    g_assert_nonnull(g_strstr_len((char *) header, (gssize) length, "\"alg\":\"PS256\""));
    g_assert_nonnull(g_strstr_len((char *) header, (gssize) length, "\"x5t#S256\":\""));
    signature = decode(parts[2], &length);
    g_assert_cmpint(EVP_DigestVerifyInit(context, &options, EVP_sha256(), NULL, key), ==, 1);
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 32);
    g_assert_cmpint(EVP_DigestVerify(context, signature, length, (guchar *) text, strlen(text)), ==,
                    1);
    claims = sp_token_claims_read(assertion);
    g_assert_cmpstr(sp_json_string(claims, "aud"), ==, "https://login/token");
    g_assert_cmpstr(sp_json_string(claims, "iss"), ==, "app");
    g_assert_cmpint(sp_json_int(claims, "exp", 0), ==, 1600);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
}

static void
a_certificate_that_cannot_work_is_refused(void)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    EVP_PKEY *other = EVP_RSA_gen(2048);
    EVP_PKEY *small = EVP_RSA_gen(1024);
    g_autofree char *good = make_pem(key, 30);
    g_autofree char *stranger = make_pem(other, 30);
    g_autofree char *mixed = g_strconcat(good, NULL);
    const char *rows[4] = {"", NULL, NULL, NULL};
    g_autofree char *old = make_pem(key, -1);
    g_autofree char *weak = make_pem(small, 30);

    /* The key of one and the certificate of the other. */
    strstr(mixed, "-----BEGIN CERTIFICATE")[0] = '\0';
    rows[1] = old;
    rows[2] = weak;
    rows[3] = g_strconcat(mixed, strstr(stranger, "-----BEGIN CERTIFICATE"), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(sp_assertion_new(rows[i], "test.pem", "app", "x", 1000, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CONFIG);
        g_assert_nonnull(strstr(error->message, "test.pem"));
    }
    g_free((char *) rows[3]);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    EVP_PKEY_free(small);
}

static void
claims_are_only_for_reading(void)
{
    /* {"scp":"User.Read ProfilePhoto.Read.All","roles":["A","B"]} */
    g_autoptr(SpJson) claims = sp_token_claims_read(
        "h.eyJzY3AiOiJVc2VyLlJlYWQgUHJvZmlsZVBob3RvLlJlYWQuQWxsIiwicm9sZXMiOlsiQSIsIkIiXX0.s");
    g_auto(GStrv) permissions = sp_token_claims_permissions(claims);
    g_autofree char *list = g_strjoinv(" ", permissions);

    g_assert_cmpstr(list, ==, "User.Read ProfilePhoto.Read.All A B");
    g_assert_null(sp_token_claims_read("opaque"));
    g_assert_null(sp_token_claims_read("a.b.c"));
    g_assert_null(sp_token_claims_read(".."));
}

typedef struct {
    const char *after;
    const char *reset;
    const char *date;
    double seconds;
} Wait;

static void
a_wait_is_read_in_every_spelling(void)
{
    static const Wait rows[] = {
        {"7", NULL, NULL, 7},
        {"1.5", NULL, NULL, 1.5},
        {" 30, 30", NULL, NULL, 30},
        {"5", "12", NULL, 12},
        {"12", "5", NULL, 12},
        {NULL, "9", NULL, 9},
        {NULL, "1000000090", NULL, 90},
        {"Sun, 09 Sep 2001 01:47:40 GMT", NULL, NULL, 60},
        {"Sun, 09 Sep 2001 01:47:40 GMT", NULL, "Sun, 09 Sep 2001 01:47:10 GMT", 30},
        {"Sun, 09 Sep 2001 01:00:00 GMT", NULL, NULL, 0},
        {"-5", NULL, NULL, 0},
        {"nan", NULL, NULL, -1},
        {"soon", NULL, NULL, -1},
        {"99999999999999", NULL, NULL, 86400},
        {NULL, NULL, NULL, -1},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_cmpfloat(sp_retry_seconds(rows[i].after, rows[i].reset, rows[i].date, 1000000000),
                          ==, rows[i].seconds);
    }
}

static void
backoff_grows_up_to_a_ceiling(void)
{
    for (guint attempt = 1; attempt < 40; attempt++) {
        g_assert_cmpuint(sp_retry_backoff_ms(attempt, 1000), <=,
                         MIN(1000u << MIN(attempt - 1, 10), 20000));
    }
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
    g_test_add_func("/tokens/refresh", one_refresh_token_serves_every_audience_once);
    g_test_add_func("/tokens/shared", callers_share_one_request_and_one_may_leave);
    g_test_add_func("/tokens/left",
                    the_last_one_who_leaves_stops_the_request_and_the_next_starts_anew);
    g_test_add_func("/tokens/somebody-else",
                    what_comes_after_somebody_else_has_signed_in_is_dropped);
    g_test_add_func("/tokens/signed-out", what_comes_after_the_sign_out_is_dropped);
    g_test_add_func("/tokens/reading", what_is_still_being_read_does_not_undo_the_sign_out);
    g_test_add_func("/tokens/expiry", a_token_is_renewed_before_it_expires);
    g_test_add_func("/tokens/401", a_401_renews_the_token_once);
    g_test_add_func("/tokens/host", a_token_never_goes_to_another_host);
    g_test_add_func("/tokens/command", a_command_prints_the_token_for_its_audience);
    g_test_add_func("/tokens/command-hangs", a_command_that_hangs_can_be_stopped);
    g_test_add_func("/tokens/secret-file", a_secret_file_is_trimmed_and_must_be_private);
    g_test_add_func("/tokens/secret", a_client_secret_goes_into_the_form_only);
    g_test_add_func("/tokens/assertion", an_assertion_is_signed_as_ps256_and_names_the_certificate);
    g_test_add_func("/tokens/certificate", a_certificate_that_cannot_work_is_refused);
    g_test_add_func("/tokens/claims", claims_are_only_for_reading);
    g_test_add_func("/tokens/retry-after", a_wait_is_read_in_every_spelling);
    g_test_add_func("/tokens/backoff", backoff_grows_up_to_a_ceiling);
    code = g_test_run();
    g_rmdir(directory);
    g_rmdir(home);
    return code;
}
