#ifndef SAMEPHOTO_CORE_GUIDE_EVIDENCE_H
#define SAMEPHOTO_CORE_GUIDE_EVIDENCE_H

/* Questions that the rules, the views and the forecast ask of the evidence, and the words in which
 * they name services and times. Private to core/guide. */

#include <gio/gio.h>

#include "core/guide/diagnose.h"

/* How one copy stands to another. */
typedef enum {
    SP_STAND_NOT_ASKED, /* not in the plan, or skipped */
    SP_STAND_UNREAD, /* asked, and no answer that says anything about a photo; or not yet there */
    SP_STAND_EMPTY,  /* the service says: no photo */
    SP_STAND_SAME,
    SP_STAND_DIFFERENT,
    SP_STAND_UNSURE, /* the pixels cannot tell, or the other one has no photo */
} SpStand;

/* The evidence with the copies that rules speak of looked up once: indexes or -1. A plain value. */
typedef struct {
    const SpEvidence *evidence;
    int file;
    int graph;
    int exchange;
    int sharepoint[3];   /* S, M, L */
    int sharepoint_best; /* the largest of them that answered, else the largest that was asked */
    int engage;
    int directory;
    int cloud; /* what stands for the photo in the cloud: Graph if it answered, else Exchange's
                  photo */
    SpVerdict verdict;
} SpCase;

SpCase sp_case_new(const SpEvidence *evidence);

/* Whether the copy shows another photo than the cloud, or none where the cloud has one (or the
 * other way round) and it should. */
gboolean sp_case_lags(const SpCase *c, int index);

/* thumbnailPhoto's upper bound in the schema: what is larger is not synchronised. */
#define SP_DIRECTORY_MAX_BYTES 102400

/* The bytes of the copy's picture as the service keeps it; 0 where there is none. */
gint64 sp_case_bytes(const SpCase *c, int index);
gboolean sp_case_directory_is_too_large(const SpCase *c);

/* Where photos are managed, as far as the policy could be read. */
SpPolicySource sp_case_policy_source(const SpCase *c);

/* What keeps SharePoint from fetching a photo, whatever page is opened: a sentence, or NULL where
 * nothing does. Translated, borrowed. */
const char *sp_case_sharepoint_obstacle(const SpCase *c);

/* The index of copy `id` or -1. */
int sp_evidence_index(const SpEvidence *evidence, const char *id);

/* The copy at `index`; NULL for -1 and for a copy that has not arrived. Borrowed. */
const SpCopy *sp_evidence_copy(const SpEvidence *evidence, int index);

gboolean sp_evidence_has_photo(const SpEvidence *evidence, int index);
gboolean sp_evidence_is_empty(const SpEvidence *evidence, int index);
SpStand sp_evidence_stand(const SpEvidence *evidence, int index, int against);

/* Whether "no photo" in this copy is a difference where others have one: not in the directory, into
 * which the cloud never writes, not in Exchange without a mailbox, not in a guest's services. */
gboolean sp_evidence_expects_photo(const SpEvidence *evidence, int index);

/* The index of the first picture of what the person sees that shows another photo than copy
 * `against`; -1 where there is none, or it cannot be told. */
int sp_evidence_other_seen(const SpEvidence *evidence, int against);

/* Whether the mailbox lies in an Exchange server of the organisation's own. */
SpTruth sp_evidence_mailbox_is_on_premises(const SpEvidence *evidence);

/* When SharePoint last refreshed its copy: SPS-PictureTimestamp, else the file's time, else NULL.
 * Transfer full. */
GDateTime *sp_evidence_picture_time(const SpCopy *copy);

/* A time as a service wrote it (ISO 8601, or LDAP's generalised time); NULL where it is neither.
 * Transfer full. */
GDateTime *sp_evidence_parse_time(const char *text);

/* Names of services for the middle of a sentence, in one list, "Exchange, SharePoint and the
 * directory": the three SharePoint sizes become one name where all that were asked are in it.
 * `indexes` holds guint. Transfer full. */
char *sp_evidence_names(const SpEvidence *evidence, const GArray *indexes);
/* How many names those are: what the verb beside them goes by. */
guint sp_evidence_count_names(const SpEvidence *evidence, const GArray *indexes);
char *sp_evidence_name(const SpEvidence *evidence, int index);

/* Why copies could not be read, a line each; what SharePoint says of several sizes alike stands
 * once
 * ("SharePoint S, M, L: access was refused … (HTTP 403)"). Transfer full. */
GStrv sp_evidence_errors(const SpEvidence *evidence, const GArray *indexes);

/* Times for people: "3 May" (with the year where it is another), "3 May, 14:20", and for evidence
 * "2026-05-03 14:20 UTC". Transfer full. */
char *sp_evidence_day(const SpEvidence *evidence, GDateTime *time);
char *sp_evidence_moment(const SpEvidence *evidence, GDateTime *time);
char *sp_evidence_stamp(GDateTime *time);

/* How the copy answered in one line: "Microsoft 365: a photo of 648 × 648 pixels". Transfer full.
 */
char *sp_evidence_line(const SpEvidence *evidence, int index);

/* A person's name for sentences; never NULL. Borrowed. */
const char *sp_evidence_person(const SpEvidence *evidence);

#endif
