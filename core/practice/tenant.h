#ifndef SAMEPHOTO_CORE_PRACTICE_TENANT_H
#define SAMEPHOTO_CORE_PRACTICE_TENANT_H

/* The practice tenant: the pretend organisation Norvane behind a real HTTP server on 127.0.0.1 that
 * speaks the protocols of the real services (reference sections 2 to 8 and 11). It runs in threads
 * of its own; what it knows reaches a client through the protocol only. */

#include <gio/gio.h>

typedef struct SpTenant SpTenant;

/* A plain value; zero-initialise it. */
typedef struct {
    const char *scenario;         /* tenant-wide conditions of this story; NULL: none */
    guint16 port;                 /* 0: any free one */
    guint n_generated_people;     /* more people, the same each time, for load */
    const char *const *latencies; /* "SERVICE=MS", or NULL */
    const char *const *faults;    /* "SERVICE=KIND[:COUNT]", or NULL */
    const char *tls_directory; /* serve https with a CA and certificate written here; NULL: http */
} SpTenantOptions;

/* Starts serving. Errors: SP_ERROR_CONFIG (an unknown scenario, service or fault: the message names
 * the known ones), SP_ERROR_NETWORK (the port is taken). Transfer full. */
SpTenant *sp_tenant_start(const SpTenantOptions *options, GError **error);

/* Stops serving at once, hanging requests included. */
void sp_tenant_stop(SpTenant *tenant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpTenant, sp_tenant_stop)

/* Settings (a key file) that point samephoto at this tenant. Borrowed. */
const char *sp_tenant_get_settings(const SpTenant *tenant);

/* The picture file that the story's person sent in, or NULL; removed with the tenant. Borrowed. */
const char *sp_tenant_get_reference(const SpTenant *tenant);

/* A picture of what the story's person sees in their app, or NULL; removed with the tenant.
 * Borrowed. */
const char *sp_tenant_get_seen(const SpTenant *tenant);

/* Whether the story's settings leave the sign-in to the agent; FALSE: the app signs in by itself.
 */
gboolean sp_tenant_has_agent(const SpTenant *tenant);

/* A refresh token that is already signed in as the helpdesk agent. Borrowed. */
const char *sp_tenant_get_refresh_token(const SpTenant *tenant);

/* The line that `samephoto tenant` prints: base addresses, sign-in values, people. Transfer full.
 */
char *sp_tenant_describe(const SpTenant *tenant);

/* Something happens in the pretend world, as the real services would react to it: "upload",
 * "delete", "owner-opens-sharepoint", "user-opens-engage", "directory-change", "sync-cycle",
 * "policy-change", "restore-sync", "rebuild-thumbnails", "grant-consent", … for the person with
 * this userPrincipalName. Errors: SP_ERROR_NOT_FOUND (the message names the known ones). */
gboolean sp_tenant_play(SpTenant *tenant, const char *event, const char *user_principal_name,
                        GError **error);

/* Whether there is such an event. */
gboolean sp_tenant_knows(const char *event);

/* Advances the tenant's clock: what waits for 24 hours can be practised now. */
void sp_tenant_advance(SpTenant *tenant, gint64 seconds);

/* How sign-ins that need a person go from now on, in the device flow after `n_pending` answers of
 * "not yet": "success" (the default, after one), "declined", "expired", "blocked" by conditional
 * access, "no-consent", "slow-down" (once, then success). FALSE: no such outcome. */
gboolean sp_tenant_script_sign_in(SpTenant *tenant, guint n_pending, const char *outcome);

/* Lets the app sign in with this certificate too (PEM). FALSE: the text holds none. */
gboolean sp_tenant_register_certificate(SpTenant *tenant, const char *pem);

/* A registered key and certificate in one PEM text, made when first asked for. Borrowed. */
const char *sp_tenant_get_certificate(SpTenant *tenant);

/* The requests with a bearer that reached a host which none was issued for: the host of Viva
 * Engage's pictures, or the one that the fault "redirect-away" leads to. */
guint sp_tenant_count_leaks(SpTenant *tenant);

/* The tenant's clock: the real time plus what was advanced. */
GDateTime *sp_tenant_now(SpTenant *tenant);

#endif
