#ifndef SAMEPHOTO_CORE_PRACTICE_LOGIN_PRIVATE_H
#define SAMEPHOTO_CORE_PRACTICE_LOGIN_PRIVATE_H

/* What the parts of the sign-in service share: login.c takes the calls and the grants that need
 * nobody, login-code.c and login-device.c are the two ways in which a person signs in, and
 * login-tokens.c knows what is issued and what it is worth. */

#include "core/practice/login.h"
#include "core/practice/world.h"

/* What happens when a person is asked to sign in. */
typedef enum {
    SP_LOGIN_SUCCESS,
    SP_LOGIN_DECLINED,
    SP_LOGIN_EXPIRED,
    SP_LOGIN_BLOCKED,
    SP_LOGIN_NO_CONSENT,
    SP_LOGIN_SLOW_DOWN,
} SpLoginOutcome;

/* An authorization code that was handed out and not redeemed yet. */
typedef struct {
    char *challenge;
    char *redirect_uri;
    char *scope;
    gint64 expires;
} SpLoginCode;

/* A device code that a client polls for. */
typedef struct {
    char *scope;
    guint n_pending;
    SpLoginOutcome outcome;
    gint64 expires;
    gint64 polled; /* monotonic microseconds */
} SpLoginDevice;

struct SpLogin {
    GHashTable *codes;       /* code -> SpLoginCode */
    GHashTable *devices;     /* device code -> SpLoginDevice */
    GPtrArray *certificates; /* SpAppCertificate */
    guint n_pending;
    SpLoginOutcome outcome;
    GHashTable *access;  /* token -> what it is worth, see login-tokens.c */
    GHashTable *refresh; /* token -> its expiry, gint64 */
    char *agent_token;
};

/* Text that nobody guesses, in the letters of an address. Transfer full. */
char *sp_login_random_text(guint n_bytes);

/* The error body of reference 8.4. */
void sp_login_reply_error(SpCall *call, int status, const char *error, int code, const char *format,
                          ...) G_GNUC_PRINTF(5, 6);

/* Bytes as base64 for addresses, without padding. Transfer full. */
char *sp_login_encode(const void *data, gsize size);

/* A refresh token of the agent. Transfer full. */
char *sp_login_issue_refresh(SpLogin *login, gint64 now);

/* Whether `scope` names one known resource; else an error was answered. */
gboolean sp_login_check_scope(SpCall *call, const char *scope);

/* Answers with the tokens that `scope` asks for, or with the reason why there are none. A renewal
 * brings a new refresh token along. */
void sp_login_reply_tokens(SpCall *call, SpTokenKind kind, const char *scope, gboolean is_renewal);

/* The authorization code's grant, and its page. */
void sp_login_grant_code(SpCall *call, GHashTable *form);
void sp_login_answer_authorize(SpCall *call);
void sp_login_code_free(SpLoginCode *code);

/* The device code's grant, and where the code comes from. */
void sp_login_grant_device(SpCall *call, GHashTable *form);
void sp_login_answer_device_code(SpCall *call, GHashTable *form);
void sp_login_device_free(SpLoginDevice *device);

#endif
