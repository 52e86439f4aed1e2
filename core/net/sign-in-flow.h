#ifndef SAMEPHOTO_CORE_NET_SIGN_IN_FLOW_H
#define SAMEPHOTO_CORE_NET_SIGN_IN_FLOW_H

/* What the two ways to sign in share. Each of them ends in sp_flow_take() or sp_flow_fail(). */

#include "core/net/oauth.h"
#include "core/net/sign-in.h"

typedef struct SpRedirect SpRedirect;

/* One sign-in on its way; the task's data. */
typedef struct {
    GTask *task; /* owned; dropped at the end */
    SpClient *client;
    const char *client_id;
    char *scope;
    char *language;
    SpSignInFunc tell;
    gpointer tell_data;
    GCancellable *stop; /* ends the request that is on its way */
    GSource *cancelled;
    GSource *alarm; /* while no request is on its way */
    gint64 ends;    /* monotonic, microseconds */
    gint64 interval_s;
    char *secret; /* the device code, or PKCE's verifier */
    char *state;
    char *redirect_uri;
    SpRedirect *redirect;
} SpFlow;

void sp_flow_start_device(SpFlow *flow);
void sp_flow_start_browser(SpFlow *flow);

void sp_flow_tell(SpFlow *flow, SpSignInKind kind, const char *address, const char *code);
void sp_flow_set_alarm(SpFlow *flow, guint ms, GSourceFunc func);
void sp_flow_stop_alarm(SpFlow *flow);

/* The end, badly. Takes `error`. */
void sp_flow_fail(SpFlow *flow, GError *error);

/* The end, well or badly: keeps the refresh token that is in `answer`. */
void sp_flow_take(SpFlow *flow, SpJson *answer);

/* The sign-in's form with what every request carries. Transfer full. */
SpForm *sp_flow_form(const SpFlow *flow);

#endif
