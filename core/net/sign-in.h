#ifndef SAMEPHOTO_CORE_NET_SIGN_IN_H
#define SAMEPHOTO_CORE_NET_SIGN_IN_H

/* Signing in for the first time, by browser (authorization code with PKCE and a loopback redirect)
 * or by device code (RFC 8628). Core opens no browser and prints nothing: the caller is told what
 * the person has to do. What the sign-in yields goes to the client's tokens and their vault. */

#include <gio/gio.h>

#include "core/net/client.h"

typedef enum {
    SP_SIGN_IN_OPEN,    /* open `address` in a browser on this machine */
    SP_SIGN_IN_CODE,    /* open `address` in any browser and type `code` there */
    SP_SIGN_IN_WAITING, /* nothing new; `seconds_left` counts down */
} SpSignInKind;

/* What to tell the person. All borrowed for the call. A plain value. */
typedef struct {
    SpSignInKind kind;
    const char *address; /* http or https, clean */
    const char *code;    /* or NULL */
    gint64 seconds_left;
} SpSignInEvent;

typedef void (*SpSignInFunc)(const SpSignInEvent *event, gpointer user_data);

/* A plain value; zero-initialise it. */
typedef struct {
    gboolean is_device;   /* by device code, whatever flow= says */
    const char *language; /* "fr": the sign-in pages' language; NULL: theirs */
} SpSignInOptions;

/* Signs in. `tell` runs from the main context, the last time before `callback`.
 * Errors: SP_ERROR_AUTH (declined, expired, refused: in plain words), SP_ERROR_CONFIG (the flow
 * needs no sign-in, or no client-id), SP_ERROR_STORE (signed in, but it cannot be kept for the next
 * run), and those of sp_oauth_post_async(). */
void sp_sign_in_async(SpClient *client, const SpSignInOptions *options, SpSignInFunc tell,
                      gpointer tell_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data);
gboolean sp_sign_in_finish(GAsyncResult *result, GError **error);

#endif
