#ifndef SAMEPHOTO_CORE_GUIDE_DIAGNOSE_H
#define SAMEPHOTO_CORE_GUIDE_DIAGNOSE_H

/* From copies and groups to findings: why the copies differ and what mends it. Rules are rows of one
 * table (reference, section 10); each looks at the evidence and says yes, no or unknown, and a rule
 * that would have to guess says unknown. Pure: the same evidence gives the same findings. */

#include <gio/gio.h>

#include "core/photo/group.h"
#include "core/services/copy.h"
#include "core/services/person.h"
#include "core/services/policy.h"

typedef enum {
    SP_SEVERITY_OK,      /* nothing to mend */
    SP_SEVERITY_INFO,    /* worth knowing */
    SP_SEVERITY_WAIT,    /* mends itself in time */
    SP_SEVERITY_ACTION,  /* somebody must do something */
    SP_SEVERITY_PROBLEM, /* we could not look */
} SpSeverity;

typedef enum {
    SP_CONFIDENCE_DOCUMENTED, /* a Microsoft page says so */
    SP_CONFIDENCE_COMMUNITY,  /* seen by many, said by no official page */
    SP_CONFIDENCE_INFERRED,   /* follows from the evidence */
} SpConfidence;

typedef enum { SP_ACTOR_NOBODY, SP_ACTOR_USER, SP_ACTOR_AGENT, SP_ACTOR_ADMIN } SpActor;

typedef enum {
    SP_VERDICT_IN_SYNC,
    SP_VERDICT_OUT_OF_SYNC,
    SP_VERDICT_NO_PHOTO,
    SP_VERDICT_INCOMPLETE,
} SpVerdict;

/* The names in JSON ("ok", "documented", "user", "in-sync"); not translated. */
const char *sp_severity_name(SpSeverity severity);
const char *sp_confidence_name(SpConfidence confidence);
const char *sp_actor_name(SpActor actor);
const char *sp_verdict_name(SpVerdict verdict);

/* The words for people. Translated, borrowed. */
const char *sp_severity_title(SpSeverity severity);
const char *sp_confidence_title(SpConfidence confidence);
const char *sp_actor_title(SpActor actor);

/* All that is known. Borrowed for the call. A plain value. */
typedef struct {
    const SpPerson *person;
    const SpPolicy *policy;       /* or NULL: not read */
    SpCopy *const *copies;        /* in the order of the plan; NULL: not arrived yet */
    guint n_copies;
    guint n_seen;                 /* pictures of what the person sees, behind the copies: grouped
                                   * and kept like them, but no service's, so never diagnosed */
    const SpGroups *groups;       /* of those copies, by index */
    int reference;                /* index into copies, or -1 */
    GDateTime *now;
} SpEvidence;

/* One diagnosed cause. Read-only. */
typedef struct {
    char *id; /* "sharepoint-stale" */
    SpSeverity severity;
    SpConfidence confidence;
    char *summary;     /* one sentence, translated */
    GStrv evidence;    /* what was observed, one clean line each, translated */
    char *remedy;      /* "profile-photo#sharepoint-differs", or NULL */
    SpActor actor;     /* who must act */
    char *source;      /* where the knowledge comes from: a page's title */
    char *source_url;  /* or NULL */
    char *source_date; /* when that page was read, "2026-11" */
    GDateTime *recheck_after; /* the earliest time at which a re-check makes sense, or NULL */
} SpFinding;

void sp_finding_free(SpFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpFinding, sp_finding_free)

/* SpFinding, the headline first; never empty. Transfer full. */
GPtrArray *sp_diagnose(const SpEvidence *evidence);

/* Whether all copies that could be read show the same photo. Decided before any rule is asked:
 * - another crop of the same photo counts as the same; mirrored or turned does not;
 * - two photos, or a photo here and none where one is expected, are out-of-sync, even where other
 *   services could not be read. None is expected in the directory (the cloud never writes there), in
 *   Exchange without a mailbox, and in a guest's SharePoint and Viva Engage;
 * - a service that was asked and could not be read makes the rest incomplete, whatever the reason: a
 *   policy that blocks EWS too, because "could not look" is never "the same" (and it is asked only
 *   where the settings name it); a picture that cannot be told apart for certain does as well;
 * - a skipped copy was not asked and counts for nothing. */
SpVerdict sp_diagnose_verdict(const SpEvidence *evidence);

/* The verdict as one sentence with the services' names, translated. Transfer full. */
char *sp_diagnose_headline(const SpEvidence *evidence);

/* Why copies could not be read, one translated line each, pictures of what the person sees included;
 * what was not asked for is no trouble. What SharePoint says of several sizes alike stands once.
 * Transfer full, never NULL. */
GStrv sp_diagnose_troubles(const SpEvidence *evidence);

/* One app that people look at: which store it reads and so which picture appears there. Read-only. */
typedef struct {
    const char *app;     /* "Teams", translated */
    const char *service; /* the copy it reads: "graph", …; NULL: cannot be read */
    int group;           /* of that copy; SP_GROUP_NONE */
    char *says;          /* what people see there and how long a cache may last, translated */
} SpView;
void sp_view_free(SpView *view);

/* Who sees what: SpView for each app. Transfer full. */
GPtrArray *sp_diagnose_views(const SpEvidence *evidence);

/* What happens next: which sync will overwrite which copy, and when; one translated sentence each.
 * Transfer full, never NULL. */
GStrv sp_diagnose_forecast(const SpEvidence *evidence);

#endif
