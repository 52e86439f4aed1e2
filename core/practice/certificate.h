#ifndef SAMEPHOTO_CORE_PRACTICE_CERTIFICATE_H
#define SAMEPHOTO_CORE_PRACTICE_CERTIFICATE_H

/* Certificates of the practice tenant, made anew for each run: the server's, with an authority that
 * signs it, and one for an app that signs in with a certificate; and the check of what such an app
 * sends (reference 8.3). */

#include <gio/gio.h>

/* PEM texts. A plain value. */
typedef struct {
    char *authority;   /* the CA's certificate */
    char *certificate; /* for localhost and 127.0.0.1 */
    char *key;
} SpServerCertificate;

void sp_server_certificate_clear(SpServerCertificate *certificate);
void sp_server_certificate_make(SpServerCertificate *certificate);

/* A private key and its self-signed certificate in one PEM text. Transfer full. */
char *sp_app_certificate_make(void);

/* What is known of one registered certificate. */
typedef struct SpAppCertificate SpAppCertificate;

/* Reads the first certificate of a PEM text; NULL where it holds none. Transfer full. */
SpAppCertificate *sp_app_certificate_read(const char *pem);
void sp_app_certificate_free(SpAppCertificate *certificate);

/* Checks a signed assertion against the registered certificates (SpAppCertificate). 0: it is good;
 * else the number of the AADSTS error. `audiences` is NULL-terminated. */
int sp_assertion_check(const char *assertion, GPtrArray *certificates, const char *client_id,
                       const char *const *audiences);

#endif
