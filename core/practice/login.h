#ifndef SAMEPHOTO_CORE_PRACTICE_LOGIN_H
#define SAMEPHOTO_CORE_PRACTICE_LOGIN_H

/* The tenant's sign-in service (reference, section 8): hands out the only tokens that the other
 * services accept, each for one audience. Callers hold the world's lock. */

#include "core/practice/call.h"

#define SP_PRACTICE_CLIENT_ID     "5a9d6c3e-1f42-4b0c-9d7e-2c8b40f1a7d3"
#define SP_PRACTICE_CLIENT_SECRET "practice-only~this-opens-nothing"
#define SP_PRACTICE_AGENT         "helpdesk@norvane.example"

typedef struct SpLogin SpLogin;

typedef enum {
    SP_TOKEN_NONE,        /* no token, or not one of ours, or expired */
    SP_TOKEN_WRONG,       /* ours, for another audience */
    SP_TOKEN_DELEGATED,   /* a person signed in */
    SP_TOKEN_SECRET,      /* the app alone, by its secret */
    SP_TOKEN_CERTIFICATE, /* the app alone, by its certificate */
} SpTokenKind;

/* The audiences of one virtual service. */
typedef enum {
    SP_AUDIENCE_GRAPH,
    SP_AUDIENCE_SHAREPOINT,
    SP_AUDIENCE_MY,
    SP_AUDIENCE_EXCHANGE,
    SP_AUDIENCE_ENGAGE,
    SP_N_AUDIENCES,
} SpAudience;

SpLogin *sp_login_new(void);
void sp_login_free(SpLogin *login);

/* What the bearer of `call` is worth at `audience`. */
SpTokenKind sp_login_examine(SpLogin *login, const SpCall *call, SpAudience audience);

/* Whether that bearer carries one of these permissions (ended by NULL). */
gboolean sp_login_may(SpLogin *login, const SpCall *call, const char *const *permissions);

/* How the sign-ins that need a person go from now on: so many times "not yet" at the device flow,
 * then "success", "declined", "expired", "blocked" (conditional access), "no-consent" or
 * "slow-down" (once, then success). FALSE: no such outcome. */
gboolean sp_login_script(SpLogin *login, guint n_pending, const char *outcome);

/* Lets an app sign in with this certificate (PEM). FALSE: the text holds none. */
gboolean sp_login_register(SpLogin *login, const char *pem);

/* A refresh token of the helpdesk agent, signed in already. Borrowed. */
const char *sp_login_get_agent_token(SpLogin *login);

/* /{tenant}/oauth2/v2.0/… */
void sp_login_answer(SpCall *call);

#endif
