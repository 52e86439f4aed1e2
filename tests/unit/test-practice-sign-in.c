/* Every way to sign in at the practice tenant, and every refusal. */

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "practice-client.h"

static void
test_token_refusals(void)
{
#define CLIENT "client_id=5a9d6c3e-1f42-4b0c-9d7e-2c8b40f1a7d3&"
    static const struct {
        const char *form;
        int status;
        const char *error;
        int code;
    } rows[] = {
        {"grant_type=client_credentials&client_id=x", 400, "unauthorized_client", 700016},
        {CLIENT "grant_type=client_credentials&client_secret=wrong", 401, "invalid_client",
         7000215},
        {CLIENT "grant_type=client_credentials", 401, "invalid_client", 7000218},
        {CLIENT "grant_type=password", 400, "unsupported_grant_type", 70003},
        {CLIENT "grant_type=refresh_token&refresh_token=x", 400, "invalid_grant", 9002313},
        {CLIENT "grant_type=client_credentials&client_secret=practice-only~this-opens-nothing&"
                "scope=https://elsewhere.example/.default",
         400, "invalid_resource", 500011},
        {CLIENT "grant_type=client_credentials&client_secret=practice-only~this-opens-nothing&"
                "scope=https://graph.microsoft.com/.default+https://api.yammer.com/.default",
         400, "invalid_scope", 28000},
        {CLIENT "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-"
                "assertion-type:jwt-bearer&client_assertion=a.b.c",
         401, "invalid_client", 50027},
        {CLIENT "grant_type=authorization_code&code=x", 400, "invalid_grant", 54005},
        {CLIENT "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=x", 400,
         "bad_verification_code", 70018},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *other =
        g_strconcat(endpoint(fixture, "login"), "/contoso.example/oauth2/v2.0/token", NULL);
    g_autoptr(Reply) unknown = ask(&(Question){.url = other, .body = "a=b"});

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Reply) reply = post_token(fixture, rows[i].form);

        assert_refused(reply, rows[i].status, rows[i].error, rows[i].code);
    }
    assert_refused(unknown, 400, "invalid_request", 90002);
}

/* A token for `scope` that the app gets by itself. */
static char *
get_app_token(const Fixture *fixture, const char *audience, const char *proof)
{
    g_autofree char *form =
        g_strdup_printf("grant_type=client_credentials&client_id=%s&scope=%s/.default&%s",
                        sign_in_value(fixture, "client_id"), audience, proof);
    g_autoptr(Reply) reply = post_token(fixture, form);
    g_autoptr(SpJson) json = parse(reply);

    g_assert_cmpint(reply->status, ==, 200);
    g_assert_null(sp_json_string(json, "refresh_token"));
    return g_strdup(sp_json_string(json, "access_token"));
}

static void
test_secret(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *proof =
        g_strdup_printf("client_secret=%s", sign_in_value(fixture, "client_secret"));
    g_autofree char *graph = get_app_token(fixture, GRAPH, proof);
    g_autofree char *sharepoint = get_app_token(fixture, SHAREPOINT, proof);
    g_autofree char *users = g_strconcat(endpoint(fixture, "graph"), "/v1.0/users", NULL);
    g_autofree char *me = g_strconcat(endpoint(fixture, "graph"), "/v1.0/me", NULL);
    g_autofree char *profile = g_strconcat(
        endpoint(fixture, "sharepoint"),
        "/_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)?@v='x'", NULL);
    g_autoptr(Reply) list = ask(&(Question){.url = users, .bearer = graph});
    g_autoptr(Reply) nobody = ask(&(Question){.url = me, .bearer = graph});
    g_autoptr(Reply) refused = ask(&(Question){.url = profile, .bearer = sharepoint});
    g_autofree char *body = g_strndup((char *) refused->body->data, refused->body->len);

    g_assert_cmpint(list->status, ==, 200);
    g_assert_cmpint(nobody->status, ==, 400);
    g_assert_cmpint(refused->status, ==, 401);
    g_assert_nonnull(strstr(body, "Unsupported app only token."));
}

static char *
encode_url(const void *data, gsize size)
{
    char *text = g_base64_encode(data, size);

    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

/* How an assertion is made, or made wrong. */
typedef struct {
    gboolean is_rs256;
    const char *audience; /* NULL: the right one */
    const char *issuer;
    int lifetime;
    gboolean is_tampered;
} Assertion;

static char *
make_assertion(const char *pem, const char *audience, const Assertion *how)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    const EVP_MD *digest = how->is_rs256 ? EVP_sha1() : EVP_sha256();
    unsigned char bytes[512];
    unsigned int n_bytes = 0;
    size_t size = sizeof bytes;
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;

    X509_digest(certificate, digest, bytes, &n_bytes);
    g_autofree char *print = encode_url(bytes, n_bytes);
    g_autofree char *header = g_strdup_printf("{\"alg\":\"%s\",\"typ\":\"JWT\",\"%s\":\"%s\"}",
                                              how->is_rs256 ? "RS256" : "PS256",
                                              how->is_rs256 ? "x5t" : "x5t#S256", print);
    g_autofree char *claims = g_strdup_printf(
        "{\"aud\":\"%s\",\"iss\":\"%s\",\"sub\":\"%s\",\"jti\":\"1\",\"nbf\":%" G_GINT64_FORMAT
        ",\"exp\":%" G_GINT64_FORMAT "}",
        how->audience != NULL ? how->audience : audience, how->issuer, how->issuer, now,
        now + how->lifetime);
    g_autofree char *first = encode_url(header, strlen(header));
    g_autofree char *second = encode_url(claims, strlen(claims));
    g_autofree char *text = g_strdup_printf("%s.%s", first, second);

    g_assert_cmpint(EVP_DigestSignInit(context, &options, EVP_sha256(), NULL, key), ==, 1);
    if (!how->is_rs256) {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    g_assert_cmpint(
        EVP_DigestSign(context, bytes, &size, (const unsigned char *) text, strlen(text)), ==, 1);
    bytes[0] ^= how->is_tampered ? 1 : 0;
    g_autofree char *signature = encode_url(bytes, size);

    EVP_MD_CTX_free(context);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return g_strdup_printf("client_assertion_type=urn:ietf:params:oauth:client-assertion-type:"
                           "jwt-bearer&client_assertion=%s.%s",
                           text, signature);
}

static void
test_certificate(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *pem = sp_tenant_get_certificate(fixture->tenant);
    const char *client = sign_in_value(fixture, "client_id");
    g_autofree char *audience =
        g_strconcat(endpoint(fixture, "login"), "/" TENANT_ID "/oauth2/v2.0/token", NULL);
    const struct {
        Assertion how;
        int code;
    } rows[] = {
        {{TRUE, NULL, client, 300, FALSE}, 0},
        {{FALSE, NULL, client, 300, FALSE}, 0},
        {{FALSE, NULL, client, 300, TRUE}, 700027},
        {{FALSE, NULL, client, -3600, FALSE}, 700024},
        {{FALSE, NULL, "somebody", 300, FALSE}, 700021},
        {{FALSE, "https://elsewhere.example/token", client, 300, FALSE}, 700023},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *proof = make_assertion(pem, audience, &rows[i].how);

        if (rows[i].code == 0) {
            g_autofree char *app = get_app_token(fixture, SHAREPOINT, proof);
            g_autofree char *url = g_strdup_printf(
                "%s/_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)?"
                "@v='i%%3A0%%23.f%%7Cmembership%%7C%s'",
                endpoint(fixture, "sharepoint"), upn_of("in-sync"));
            g_autoptr(Reply) profile = ask(&(Question){.url = url, .bearer = app});

            g_assert_cmpint(profile->status, ==, 200);
        } else {
            g_autofree char *form = g_strdup_printf(
                "grant_type=client_credentials&client_id=%s&scope=" GRAPH "/.default&%s", client,
                proof);
            g_autoptr(Reply) reply = post_token(fixture, form);

            assert_refused(reply, 401, "invalid_client", rows[i].code);
        }
    }
    g_assert_false(sp_tenant_register_certificate(fixture->tenant, "no certificate"));
}

static char *
start_device(const Fixture *fixture)
{
    g_autofree char *url =
        g_strconcat(endpoint(fixture, "login"), "/" TENANT_ID "/oauth2/v2.0/devicecode", NULL);
    g_autofree char *form =
        g_strdup_printf("client_id=%s&scope=" GRAPH "/.default%%20offline_access%%20openid",
                        sign_in_value(fixture, "client_id"));
    g_autoptr(Reply) reply = ask(&(Question){.url = url, .body = form});
    g_autoptr(SpJson) json = parse(reply);

    g_assert_cmpint(reply->status, ==, 200);
    g_assert_nonnull(strstr(sp_json_string(json, "message"), sp_json_string(json, "user_code")));
    g_assert_cmpint(sp_json_int(json, "interval", 0), ==, 1);
    return g_strdup_printf("grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=%s&"
                           "device_code=%s",
                           sign_in_value(fixture, "client_id"),
                           sp_json_string(json, "device_code"));
}

static void
test_device_flow(void)
{
    static const struct {
        const char *outcome, *error;
        int code;
    } rows[] = {
        {"declined", "authorization_declined", 70018},
        {"expired", "expired_token", 70020},
        {"blocked", "invalid_grant", 53003},
        {"no-consent", "invalid_grant", 65001},
        {"slow-down", "slow_down", 70016},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(sp_tenant_script_sign_in(fixture->tenant, 0, rows[i].outcome));
        g_autofree char *form = start_device(fixture);
        g_autoptr(Reply) reply = post_token(fixture, form);

        assert_refused(reply, 400, rows[i].error, rows[i].code);
    }
    g_assert_false(sp_tenant_script_sign_in(fixture->tenant, 0, "nonsense"));

    sp_tenant_script_sign_in(fixture->tenant, 1, "success");
    g_autofree char *form = start_device(fixture);
    g_autoptr(Reply) pending = post_token(fixture, form);
    g_autoptr(Reply) hasty = post_token(fixture, form);

    assert_refused(pending, 400, "authorization_pending", 70016);
    assert_refused(hasty, 400, "slow_down", 70016);
    g_usleep(600 * 1000);
    g_autoptr(Reply) signed_in = post_token(fixture, form);
    g_autoptr(SpJson) json = parse(signed_in);

    g_assert_cmpint(signed_in->status, ==, 200);
    g_assert_nonnull(sp_json_string(json, "access_token"));
    g_assert_nonnull(sp_json_string(json, "refresh_token"));
    g_assert_nonnull(sp_json_string(json, "id_token"));
}

static char *
authorize(const Fixture *fixture, const char *challenge)
{
    g_autofree char *url = g_strdup_printf(
        "%s/" TENANT_ID "/oauth2/v2.0/authorize?client_id=%s&response_type=code&redirect_uri="
        "http%%3A%%2F%%2Flocalhost%%3A4711%%2F&scope=" GRAPH "/.default%%20offline_access&"
        "state=a%%26b&code_challenge=%s&code_challenge_method=S256",
        endpoint(fixture, "login"), sign_in_value(fixture, "client_id"), challenge);
    g_autoptr(Reply) reply = ask(&(Question){.url = url});

    g_assert_cmpint(reply->status, ==, 302);
    g_assert_true(g_str_has_prefix(header(reply, "location"), "http://localhost:4711/?"));
    g_assert_nonnull(strstr(header(reply, "location"), "state=a%26b"));
    return g_strdup(header(reply, "location"));
}

static Reply *
redeem(const Fixture *fixture, const char *location, const char *verifier, const char *redirect)
{
    const char *start = strstr(location, "code=") + 5;
    g_autofree char *code = g_strndup(start, strcspn(start, "&"));
    g_autofree char *form = g_strdup_printf(
        "grant_type=authorization_code&client_id=%s&code=%s&code_verifier=%s&redirect_uri=%s",
        sign_in_value(fixture, "client_id"), code, verifier, redirect);

    return post_token(fixture, form);
}

static void
test_authorization_code(void)
{
    /* The pair of RFC 7636, appendix B. */
    static const char verifier[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    static const char challenge[] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autofree char *location = authorize(fixture, challenge);
    g_autoptr(Reply) good = redeem(fixture, location, verifier, "http%3A%2F%2Flocalhost%3A4711%2F");
    g_autoptr(Reply) again =
        redeem(fixture, location, verifier, "http%3A%2F%2Flocalhost%3A4711%2F");
    g_autofree char *second = authorize(fixture, challenge);
    g_autoptr(Reply) wrong = redeem(fixture, second, "x", "http%3A%2F%2Flocalhost%3A4711%2F");
    g_autofree char *third = authorize(fixture, challenge);
    g_autoptr(Reply) moved = redeem(fixture, third, verifier, "http%3A%2F%2Flocalhost%3A1%2F");
    g_autoptr(SpJson) json = parse(good);

    g_assert_cmpint(good->status, ==, 200);
    g_assert_nonnull(sp_json_string(json, "refresh_token"));
    assert_refused(again, 400, "invalid_grant", 54005);
    assert_refused(wrong, 400, "invalid_grant", 501481);
    assert_refused(moved, 400, "invalid_client", 500112);
    sp_tenant_script_sign_in(fixture->tenant, 0, "declined");
    g_autofree char *declined = authorize(fixture, challenge);

    g_assert_nonnull(strstr(declined, "error=access_denied"));
}

static void
test_consent(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *upn = upn_of("access-denied");
    g_autoptr(Reply) denied = get_profile(fixture, upn);
    g_autoptr(SpJson) json = parse(denied);

    g_assert_cmpint(denied->status, ==, 403);
    g_assert_nonnull(strstr(sp_json_string(sp_json_member(json, "odata.error"), "code"),
                            "System.UnauthorizedAccessException"));
    play(fixture, "grant-consent", upn);
    g_autoptr(Reply) granted = get_profile(fixture, upn);

    g_assert_cmpint(granted->status, ==, 200);
    play(fixture, "withdraw-consent", upn);
    g_autofree char *form = g_strdup_printf(
        "grant_type=refresh_token&client_id=%s&refresh_token=%s&scope=" ENGAGE "/.default",
        sign_in_value(fixture, "client_id"), sp_tenant_get_refresh_token(fixture->tenant));
    g_autoptr(Reply) refused = post_token(fixture, form);

    assert_refused(refused, 400, "invalid_grant", 65001);
}

int
main(int argc, char **argv)
{
    int result = 0;

    curl_global_init(CURL_GLOBAL_ALL);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/sign-in/refusals", test_token_refusals);
    g_test_add_func("/practice/sign-in/secret", test_secret);
    g_test_add_func("/practice/sign-in/certificate", test_certificate);
    g_test_add_func("/practice/sign-in/device", test_device_flow);
    g_test_add_func("/practice/sign-in/code", test_authorization_code);
    g_test_add_func("/practice/consent", test_consent);
    result = g_test_run();
    curl_global_cleanup();
    return result;
}
