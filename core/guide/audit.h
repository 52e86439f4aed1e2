#ifndef SAMEPHOTO_CORE_GUIDE_AUDIT_H
#define SAMEPHOTO_CORE_GUIDE_AUDIT_H

/* Many people, one check each, a few at the same time: person -> services -> copies -> groups ->
 * findings, as in check.h, told one by one as they end. What each service is asked at most is the
 * client's affair (budget.h), so more at the same time is no more than it allows. */

#include <gio/gio.h>

#include "core/guide/check.h"
#include "core/json.h"
#include "core/net/client.h"

/* One person's outcome; valid during the call. Read-only. */
typedef struct {
    const char *query;   /* as the list had it, or the userPrincipalName */
    SpCheck *check;      /* done, and of a person; NULL where nobody could be looked up */
    const GError *error; /* why not; NULL with a check */
} SpAuditEntry;

/* Runs on the main context, in the order in which people are done. */
typedef void (*SpAuditFunc)(const SpAuditEntry *entry, gpointer user_data);

/* A plain value; zero-initialise it. Copied where it is needed longer. */
typedef struct {
    const char *const *users; /* NULL: everybody whose account is enabled and who is no guest */
    GHashTable *done;         /* set of addresses, folded (sp_audit_fold()): passed over; or NULL */
    guint n_jobs;             /* people at the same time; 0: SP_AUDIT_JOBS */
    GDateTime *now;           /* or NULL: the clock's */
} SpAuditOptions;

#define SP_AUDIT_JOBS     4
#define SP_AUDIT_MAX_JOBS 16

/* Begins. `func` may be called until `callback` is. Ends early, with what ended it: nobody is
 * signed in or may look people up (SP_ERROR_AUTH), the settings are wrong (SP_ERROR_CONFIG), the
 * list of everybody cannot be read, ten people in a row could not be reached (SP_ERROR_NETWORK),
 * `cancellable` (SP_ERROR_CANCELLED): who was under way is not told then. */
void sp_audit_async(SpClient *client, const SpAuditOptions *options, SpAuditFunc func,
                    gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer user_data);

/* FALSE with an error. `*n_left_out`: guests and disabled accounts among everybody; may be NULL. */
gboolean sp_audit_finish(GAsyncResult *result, guint *n_left_out, GError **error);

/* An address as it is told from others. Transfer full. */
char *sp_audit_fold(const char *address);

/* The exit code (design section 4) that one person's outcome stands for. */
int sp_audit_exit_code(const SpAuditEntry *entry);

/* The record "samephoto.audit/1": query, exit_code, error, and the check's own document. Transfer
 * full. */
SpJson *sp_audit_to_json(const SpAuditEntry *entry);

#endif
