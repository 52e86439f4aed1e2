#ifndef SAMEPHOTO_CORE_ERROR_H
#define SAMEPHOTO_CORE_ERROR_H

/* The one error domain of samephoto. A code is something that a caller can act on; the message is
 * one clean line without a trailing stop that names the service. A normal answer that we do not
 * like (no photo, denied, throttled) is not an error but a state in the result. */

#include <glib.h>

#define SP_ERROR (sp_error_quark())

typedef enum {
    SP_ERROR_NETWORK,   /* no route, refused, reset, name not found */
    SP_ERROR_TLS,       /* the peer's certificate was refused */
    SP_ERROR_TIMEOUT,   /* the peer did not answer in time */
    SP_ERROR_AUTH,      /* not signed in, or the sign-in was refused */
    SP_ERROR_PROTOCOL,  /* an answer that makes no sense */
    SP_ERROR_FORMAT,    /* bytes or text that cannot be read as what they should be */
    SP_ERROR_TOO_LARGE, /* a cap was hit */
    SP_ERROR_NOT_FOUND, /* no such person, file, session, scenario */
    SP_ERROR_STORE,     /* the database or the disk refused */
    SP_ERROR_CONFIG,    /* the settings or the command line are wrong */
    SP_ERROR_CANCELLED, /* the user stopped it */
    SP_ERROR_THROTTLED, /* the service asks to wait */
} SpError;

GQuark sp_error_quark(void);

#endif
