#include "core/net/assertion.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/json.h"

#define LIFETIME_S   600
#define SALT_BYTES   32
#define MIN_KEY_BITS 2048

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

static char *
base64url(const guchar *data, gsize length)
{
    char *text = g_base64_encode(data, length);
    char *end = text;

    for (char *at = text; *at != '\0' && *at != '='; at++) {
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
        end = at + 1;
    }
    *end = '\0';
    return text;
}

static char *
encode_json(SpJson *json)
{
    const char *text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE);

    return base64url((const guchar *) text, strlen(text));
}

/* No prompt: a key that needs a pass phrase cannot be read. */
static int
no_pass_phrase(char *buffer, int size, int for_writing, void *user_data)
{
    (void) buffer;
    (void) size;
    (void) for_writing;
    (void) user_data;
    return -1;
}

static EVP_PKEY *
read_key(const char *pem, const char *origin, GError **error)
{
    g_autoptr(BIO) bio = BIO_new_mem_buf(pem, -1);
    g_autoptr(EVP_PKEY) key = PEM_read_bio_PrivateKey(bio, NULL, no_pass_phrase, NULL);

    if (key == NULL) {
        g_set_error(
            error, SP_ERROR, SP_ERROR_CONFIG,
            _("certificate: %s holds no private key that can be read without a pass phrase"),
            origin);
        return NULL;
    }
    if (!EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_get_bits(key) < MIN_KEY_BITS) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("certificate: the key in %s is no RSA key of at least %d bits"), origin,
                    MIN_KEY_BITS);
        return NULL;
    }
    return g_steal_pointer(&key);
}

/* The certificate of `key`: a file may hold its issuers as well. */
static X509 *
read_certificate(const char *pem, EVP_PKEY *key, const char *origin, GError **error)
{
    g_autoptr(BIO) bio = BIO_new_mem_buf(pem, -1);
    X509 *found;

    while ((found = PEM_read_bio_X509(bio, NULL, no_pass_phrase, NULL)) != NULL) {
        g_autoptr(X509) certificate = found;

        if (X509_check_private_key(certificate, key) == 1) {
            return g_steal_pointer(&certificate);
        }
    }
    g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                _("certificate: %s must hold the private key and its certificate"), origin);
    return NULL;
}

static gboolean
is_in_date(X509 *certificate, const char *origin, GError **error)
{
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("certificate: the certificate in %s has expired; make a new one and upload "
                      "it to the app registration"),
                    origin);
        return FALSE;
    }
    return TRUE;
}

static char *
make_header(X509 *certificate)
{
    guchar digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    g_autoptr(SpJson) json = json_object_new_object();
    g_autofree char *thumbprint = NULL;

    X509_digest(certificate, EVP_sha256(), digest, &length);
    thumbprint = base64url(digest, length);
    sp_json_add_string(json, "alg", "PS256");
    sp_json_add_string(json, "typ", "JWT");
    sp_json_add_string(json, "x5t#S256", thumbprint);
    return encode_json(json);
}

static char *
make_claims(const char *client_id, const char *audience, gint64 now)
{
    g_autoptr(SpJson) json = json_object_new_object();
    g_autofree char *id = g_uuid_string_random();

    sp_json_add_string(json, "aud", audience);
    sp_json_add_string(json, "iss", client_id);
    sp_json_add_string(json, "sub", client_id);
    sp_json_add_string(json, "jti", id);
    json_object_object_add(json, "nbf", json_object_new_int64(now));
    json_object_object_add(json, "iat", json_object_new_int64(now));
    json_object_object_add(json, "exp", json_object_new_int64(now + LIFETIME_S));
    return encode_json(json);
}

static char *
sign(EVP_PKEY *key, const char *text)
{
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    g_autofree guchar *signature = NULL;
    size_t length = 0;

    if (EVP_DigestSignInit(context, &options, EVP_sha256(), NULL, key) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, SALT_BYTES) != 1 ||
        EVP_DigestSign(context, NULL, &length, (const guchar *) text, strlen(text)) != 1) {
        return NULL;
    }
    signature = g_malloc(length);
    if (EVP_DigestSign(context, signature, &length, (const guchar *) text, strlen(text)) != 1) {
        return NULL;
    }
    return base64url(signature, length);
}

char *
sp_assertion_new(const char *pem, const char *origin, const char *client_id, const char *audience,
                 gint64 now, GError **error)
{
    g_autoptr(EVP_PKEY) key = read_key(pem, origin, error);
    g_autoptr(X509) certificate = NULL;
    g_autofree char *header = NULL;
    g_autofree char *claims = NULL;
    g_autofree char *text = NULL;
    g_autofree char *signature = NULL;

    if (key == NULL) {
        return NULL;
    }
    certificate = read_certificate(pem, key, origin, error);
    if (certificate == NULL || !is_in_date(certificate, origin, error)) {
        return NULL;
    }
    header = make_header(certificate);
    claims = make_claims(client_id, audience, now);
    text = g_strconcat(header, ".", claims, NULL);
    signature = sign(key, text);
    if (signature == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("certificate: the key in %s cannot sign"),
                    origin);
        return NULL;
    }
    return g_strconcat(text, ".", signature, NULL);
}
