#ifndef SAMEPHOTO_CORE_SERVICES_PERSON_H
#define SAMEPHOTO_CORE_SERVICES_PERSON_H

/* Who is meant. A userPrincipalName, a mail address, an object id or a part of a name is looked up
 * in Graph first (reference 2.7); everything downstream uses the resolved ids, because each service
 * spells identities its own way. */

#include <gio/gio.h>

#include "core/net/client.h"

typedef enum { SP_UNKNOWN = -1, SP_NO = 0, SP_YES = 1 } SpTruth;

/* One assigned plan. A plain value. */
typedef struct {
    char *service;       /* "exchange", "SharePoint", … */
    gboolean is_enabled; /* capabilityStatus Enabled or Warning */
} SpPlan;

/* A person as Graph describes them; text is cleaned. Read-only once delivered. */
typedef struct {
    char *id; /* object id */
    char *user_principal_name;
    char *display_name;
    char *mail;      /* or NULL */
    char *user_type; /* "Member", "Guest" or NULL */
    SpTruth is_enabled;
    SpTruth is_synced; /* onPremisesSyncEnabled */
    SpTruth has_exchange_plan;
    SpTruth has_sharepoint_plan;
    GDateTime *created;     /* or NULL */
    GDateTime *last_synced; /* onPremisesLastSyncDateTime or NULL */
    GStrv proxy_addresses;  /* "SMTP:a@b", "smtp:…"; never NULL */
    GPtrArray *plans;       /* SpPlan, never NULL */
    char *not_looked_up;    /* why only the address is known; NULL: Graph described the person */
} SpPerson;

SpPerson *sp_person_new(void);

/* A stand-in for somebody whom Graph could not describe: only the address that was typed is known,
 * and the services that take an address can still be asked. Graph takes it in place of the object
 * id (reference, section 2). `reason` is one clean sentence. Transfer full. */
SpPerson *sp_person_new_from_address(const char *address, const char *reason);
SpPerson *sp_person_ref(SpPerson *person);
void sp_person_unref(SpPerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpPerson, sp_person_unref)

/* Whether the userPrincipalName is a guest's ("#EXT#") or the type says so. */
gboolean sp_person_is_guest(const SpPerson *person);

/* Looks `query` up: exactly (userPrincipalName, object id), then by mail and proxyAddresses, then
 * as a part of the display name. Errors: SP_ERROR_NOT_FOUND (nobody; the message says what was
 * tried), SP_ERROR_AUTH (401/403), and those of sp_client_send_async(). */
void sp_person_find_async(SpClient *client, const char *query, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);

/* One person or more, SpPerson, the best match first. Transfer full. */
GPtrArray *sp_person_find_finish(GAsyncResult *result, GError **error);

/* People whose name or address begins with `prefix` (empty: the first `limit` people), for search
 * as you type. An empty answer is no error. */
void sp_person_search_async(SpClient *client, const char *prefix, guint limit,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
GPtrArray *sp_person_search_finish(GAsyncResult *result, GError **error);

/* One page of everybody in the tenant, in Graph's order: the first where `link` is NULL, else the
 * one that an earlier finish named. */
void sp_person_page_async(SpClient *client, const char *link, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);

/* SpPerson. `*next` is the link of the next page (transfer full), or NULL after the last. Errors:
 * those of sp_person_find_async(), and SP_ERROR_PROTOCOL where the next page is said to lie at
 * another place, which must not get our token. Transfer full. */
GPtrArray *sp_person_page_finish(GAsyncResult *result, char **next, GError **error);

#endif
