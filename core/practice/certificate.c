#include "core/practice/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "core/json.h"

#define LIFE_DAYS 30
#define APP_BITS  2048
/* Seconds by which clocks may differ. */
#define SKEW 300

/* AADSTS numbers (reference 8.4). */
#define ERROR_MALFORMED 50027
#define ERROR_SIGNATURE 700027
#define ERROR_TIME      700024
#define ERROR_ISSUER    700021
#define ERROR_AUDIENCE  700023

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_EXTENSION, X509_EXTENSION_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

struct SpAppCertificate {
    X509 *x509;
    char *sha256; /* thumbprints as an assertion's header names them */
    char *sha1;
};

static char *
read_all(BIO *bio)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);

    return g_strndup(data, (gsize) size);
}

static char *
write_certificate(X509 *certificate)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());

    PEM_write_bio_X509(bio, certificate);
    return read_all(bio);
}

static char *
write_key(EVP_PKEY *key)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());

    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    return read_all(bio);
}

static void
set_random_serial(X509 *certificate)
{
    unsigned char bytes[8];
    guint64 number = 1;

    if (RAND_bytes(bytes, sizeof bytes) == 1) {
        memcpy(&number, bytes, sizeof number);
    }
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), number >> 1);
}

static void
add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    g_autoptr(X509_EXTENSION) extension = NULL;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    g_assert(extension != NULL);
    X509_add_ext(certificate, extension, -1);
}

/* A certificate without extensions and signature. */
static X509 *
make_blank(const char *name, EVP_PKEY *key, X509 *issuer)
{
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);

    X509_set_version(certificate, X509_VERSION_3);
    set_random_serial(certificate);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -SKEW);
    X509_gmtime_adj(X509_getm_notAfter(certificate), LIFE_DAYS * 86400L);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *) name, -1, -1,
                               0);
    X509_set_issuer_name(certificate, issuer != NULL ? X509_get_subject_name(issuer) : subject);
    return certificate;
}

void
sp_server_certificate_clear(SpServerCertificate *certificate)
{
    g_clear_pointer(&certificate->authority, g_free);
    g_clear_pointer(&certificate->certificate, g_free);
    g_clear_pointer(&certificate->key, g_free);
}

void
sp_server_certificate_make(SpServerCertificate *made)
{
    g_autoptr(EVP_PKEY) authority_key = EVP_EC_gen("P-256");
    g_autoptr(EVP_PKEY) key = EVP_EC_gen("P-256");
    g_autoptr(X509) authority = make_blank("Norvane practice CA", authority_key, NULL);
    g_autoptr(X509) certificate = make_blank("localhost", key, authority);

    add_extension(authority, authority, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(authority, authority, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(authority, authority, NID_subject_key_identifier, "hash");
    X509_sign(authority, authority_key, EVP_sha256());
    add_extension(certificate, authority, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, authority, NID_ext_key_usage, "serverAuth");
    add_extension(certificate, authority, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    add_extension(certificate, authority, NID_authority_key_identifier, "keyid");
    X509_sign(certificate, authority_key, EVP_sha256());
    made->authority = write_certificate(authority);
    made->certificate = write_certificate(certificate);
    made->key = write_key(key);
}

char *
sp_app_certificate_make(void)
{
    g_autoptr(EVP_PKEY) key = EVP_RSA_gen(APP_BITS);
    g_autoptr(X509) certificate = make_blank("samephoto practice", key, NULL);

    X509_sign(certificate, key, EVP_sha256());
    g_autofree char *key_text = write_key(key);
    g_autofree char *certificate_text = write_certificate(certificate);

    return g_strconcat(key_text, certificate_text, NULL);
}

static char *
encode_url(const guint8 *data, gsize size)
{
    char *text = g_base64_encode(data, size);

    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    text[strcspn(text, "=")] = '\0';
    return text;
}

static guint8 *
decode_url(const char *text, gsize *size)
{
    g_autofree char *plain = g_strdelimit(g_strdelimit(g_strdup(text), "-", '+'), "_", '/');
    static const char *const padding[] = {"", "===", "==", "="};
    g_autofree char *padded = g_strconcat(plain, padding[strlen(plain) % 4], NULL);

    return g_base64_decode(padded, size);
}

static char *
make_thumbprint(X509 *certificate, const EVP_MD *algorithm)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;

    X509_digest(certificate, algorithm, digest, &size);
    return encode_url(digest, size);
}

SpAppCertificate *
sp_app_certificate_read(const char *pem)
{
    g_autoptr(BIO) bio = BIO_new_mem_buf(pem, -1);
    X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    SpAppCertificate *certificate = NULL;

    if (x509 != NULL) {
        certificate = g_new0(SpAppCertificate, 1);
        certificate->x509 = x509;
        certificate->sha256 = make_thumbprint(x509, EVP_sha256());
        certificate->sha1 = make_thumbprint(x509, EVP_sha1());
    }
    return certificate;
}

void
sp_app_certificate_free(SpAppCertificate *certificate)
{
    if (certificate != NULL) {
        X509_free(certificate->x509);
        g_free(certificate->sha256);
        g_free(certificate->sha1);
        g_free(certificate);
    }
}

static SpJson *
decode_json(const char *part)
{
    gsize size = 0;
    guint8 *data = decode_url(part, &size);
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, size);

    return sp_json_parse(bytes, "the assertion", NULL);
}

static const SpAppCertificate *
find_certificate(GPtrArray *certificates, SpJson *header)
{
    const char *sha256 = sp_json_string(header, "x5t#S256");
    const char *sha1 = sp_json_string(header, "x5t");

    for (guint i = 0; i < certificates->len; i++) {
        const SpAppCertificate *certificate = g_ptr_array_index(certificates, i);

        if ((sha256 != NULL && g_str_equal(sha256, certificate->sha256)) ||
            (sha256 == NULL && g_strcmp0(sha1, certificate->sha1) == 0)) {
            return certificate;
        }
    }
    return NULL;
}

/* Whether `signature` of "header.claims" is the certificate's, by PS256 or RS256. */
static gboolean
is_signed(const SpAppCertificate *certificate, const char *algorithm, const char *text,
          const char *signature)
{
    gsize size = 0;
    g_autofree guint8 *bytes = decode_url(signature, &size);
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    gboolean is_pss = g_strcmp0(algorithm, "PS256") == 0;

    if ((!is_pss && g_strcmp0(algorithm, "RS256") != 0) ||
        EVP_DigestVerifyInit(context, &options, EVP_sha256(), NULL,
                             X509_get0_pubkey(certificate->x509)) != 1) {
        return FALSE;
    }
    if (is_pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                   EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1)) {
        return FALSE;
    }
    return EVP_DigestVerify(context, bytes, size, (const unsigned char *) text, strlen(text)) == 1;
}

static int
check_claims(SpJson *claims, const char *client_id, const char *const *audiences)
{
    /* The client's clock is the real one, whatever was advanced here. */
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    const char *audience = sp_json_string(claims, "aud");

    if (g_strcmp0(sp_json_string(claims, "iss"), client_id) != 0 ||
        g_strcmp0(sp_json_string(claims, "sub"), client_id) != 0) {
        return ERROR_ISSUER;
    }
    if (audience == NULL || !g_strv_contains(audiences, audience)) {
        return ERROR_AUDIENCE;
    }
    if (sp_json_int(claims, "exp", 0) < now - SKEW || sp_json_int(claims, "nbf", 0) > now + SKEW) {
        return ERROR_TIME;
    }
    return sp_json_string(claims, "jti") != NULL ? 0 : ERROR_MALFORMED;
}

int
sp_assertion_check(const char *assertion, GPtrArray *certificates, const char *client_id,
                   const char *const *audiences)
{
    g_auto(GStrv) parts = g_strsplit(assertion, ".", -1);
    gboolean is_whole = g_strv_length(parts) == 3;
    g_autoptr(SpJson) header = is_whole ? decode_json(parts[0]) : NULL;
    g_autoptr(SpJson) claims = is_whole ? decode_json(parts[1]) : NULL;
    const SpAppCertificate *certificate = NULL;

    if (header == NULL || claims == NULL) {
        return ERROR_MALFORMED;
    }
    g_autofree char *text = g_strdup_printf("%s.%s", parts[0], parts[1]);

    certificate = find_certificate(certificates, header);
    if (certificate == NULL ||
        !is_signed(certificate, sp_json_string(header, "alg"), text, parts[2])) {
        return ERROR_SIGNATURE;
    }
    return check_claims(claims, client_id, audiences);
}
