#ifndef SAMEPHOTO_CORE_GUIDE_CHECK_H
#define SAMEPHOTO_CORE_GUIDE_CHECK_H

/* One whole check of one person, the way the data goes: person -> services -> copies -> groups ->
 * findings. It can be watched while it runs: the copies that are there are grouped and diagnosed
 * again as each arrives. The screens, the headless commands and the re-check of a step all run
 * this. */

#include <gio/gio.h>
#include <json-c/json.h>

#include "core/guide/diagnose.h"
#include "core/net/client.h"
#include "core/photo/group.h"
#include "core/services/collect.h"
#include "core/services/copy.h"
#include "core/services/person.h"

typedef struct SpCheck SpCheck;

typedef enum {
    SP_CHECK_PERSON,   /* who is meant is known now */
    SP_CHECK_CHOICE,   /* several people match: sp_check_get_matches(); the check ends here */
    SP_CHECK_COPY,     /* a copy has arrived */
    SP_CHECK_COMPARED, /* groups and findings are new */
    SP_CHECK_DONE,     /* nothing will change any more */
    SP_CHECK_FAILED,   /* the person could not be looked up: sp_check_get_error() */
} SpCheckEvent;

/* `service` is the copy's id with SP_CHECK_COPY, else NULL. Runs on the main context. */
typedef void (*SpCheckFunc)(SpCheck *check, SpCheckEvent event, const char *service,
                            gpointer user_data);

/* A plain value; zero-initialise it. */
typedef struct {
    const char *user;           /* who: userPrincipalName, mail, object id, part of a name */
    const SpPerson *person;     /* or already known (then `user` is not looked up) */
    const char *reference_file; /* or NULL */
    const GPtrArray *seen;      /* SpCopy: pictures of what the person sees (seen.h), or NULL */
    const char
        *reference; /* the id of the copy to hold the others against; NULL: file, else graph */
    const char *const *wanted; /* only these copies; NULL: all that are enabled */
    SpCheck *base;             /* with `wanted`: the check whose other copies still stand, and its
                                * reference where none is named; or NULL */
    GDateTime *now;            /* or NULL: the clock's */
} SpCheckOptions;

/* Starts; `func` is called from the main context until SP_CHECK_DONE, _CHOICE or _FAILED, never
 * from inside this call, and never again after the last reference is gone or sp_check_cancel().
 * Transfer full. */
SpCheck *sp_check_start(SpClient *client, const SpCheckOptions *options, SpCheckFunc func,
                        gpointer user_data);

/* A check that is done already, from evidence that was kept: nothing is read, but the copies can be
 * held against another reference. Transfer full. */
SpCheck *sp_check_new_done(const SpEvidence *evidence, SpCheckFunc func, gpointer user_data);
SpCheck *sp_check_ref(SpCheck *check);
void sp_check_unref(SpCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpCheck, sp_check_unref)

/* Stops: what has arrived stays readable and diagnosed, what has not counts as unreachable ("it was
 * stopped"). Where the person was not known yet, the error is SP_ERROR_CANCELLED. */
void sp_check_cancel(SpCheck *check);

gboolean sp_check_is_done(const SpCheck *check);
const GError *sp_check_get_error(const SpCheck *check);
const SpPerson *sp_check_get_person(const SpCheck *check); /* NULL until it is known */
GPtrArray *sp_check_get_matches(const SpCheck *check);     /* SpPerson, with SP_CHECK_CHOICE */

/* The copies in the order of the plan; sp_check_get_copy() is NULL until that copy has arrived, its
 * id is known at once. */
guint sp_check_count(const SpCheck *check);
const char *sp_check_get_service(const SpCheck *check, guint index);
SpCopy *sp_check_get_copy(const SpCheck *check, guint index);
int sp_check_find(const SpCheck *check, const char *service); /* index or -1 */

/* The reference's index or -1, the groups so far, and the evidence to diagnose from. Borrowed. */
int sp_check_get_reference(const SpCheck *check);
void sp_check_set_reference(SpCheck *check, const char *service); /* groups and findings follow */
const SpGroups *sp_check_get_groups(const SpCheck *check);

/* From now on these (SpCopy, seen.h) are what the person sees, behind the services' copies; groups
 * and findings follow with SP_CHECK_COMPARED. Nothing is read again. */
void sp_check_set_seen(SpCheck *check, const GPtrArray *seen);
SpEvidence sp_check_get_evidence(const SpCheck *check);

/* SpFinding, the headline first; empty until the first comparison. Borrowed. */
GPtrArray *sp_check_get_findings(const SpCheck *check);
SpVerdict sp_check_get_verdict(const SpCheck *check);

GDateTime *sp_check_get_started(const SpCheck *check);
gint64 sp_check_get_elapsed_ms(const SpCheck *check);

/* The exit code of design section 4 that this check stands for: 0 in sync, 1 out of sync or no
 * photo at all, 2 nobody or several people of that name, 3 incomplete, 4 refused (the look-up, or
 * every service that could have answered), 5 the same for the network. */
int sp_check_exit_code(const SpCheck *check);

/* The same where nobody could be looked up, for this reason. */
int sp_check_exit_code_of_error(const GError *error);

/* The document "samephoto.check/1" of design section 4. Transfer full (json_object_put). */
struct json_object *sp_check_to_json(const SpCheck *check);

#endif
