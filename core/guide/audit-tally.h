#ifndef SAMEPHOTO_CORE_GUIDE_AUDIT_TALLY_H
#define SAMEPHOTO_CORE_GUIDE_AUDIT_TALLY_H

/* What an audit's records (sp_audit_to_json()) add up to: how many people have which verdict, which
 * causes they share, and which accounts show the very same picture. Records of an earlier run count
 * like those of this one. */

#include "core/guide/diagnose.h"
#include "core/json.h"

typedef struct SpAuditTally SpAuditTally;

SpAuditTally *sp_audit_tally_new(void);
void sp_audit_tally_free(SpAuditTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpAuditTally, sp_audit_tally_free)

/* FALSE where it is no such record; nothing is counted then. */
gboolean sp_audit_tally_add(SpAuditTally *tally, SpJson *record);

guint sp_audit_tally_count(const SpAuditTally *tally);
guint sp_audit_tally_count_verdict(const SpAuditTally *tally, SpVerdict verdict);

/* Those of whom nobody could be looked up. */
guint sp_audit_tally_count_failed(const SpAuditTally *tally);

/* One cause, or one picture, and whom it is about. Read-only. */
typedef struct {
    char *id;         /* the finding's, or the picture's SHA-256 */
    char *summary;    /* the finding's sentence as it was recorded first; NULL for a picture */
    GPtrArray *users; /* userPrincipalName (char *), in the order of the records */
} SpAuditShare;

/* SpAuditShare: the headline finding of everybody who is not in sync, the most frequent first; and
 * the pictures that more than one account has as its Microsoft 365 copy. Borrowed until the next
 * record. */
GPtrArray *sp_audit_tally_get_causes(SpAuditTally *tally);
GPtrArray *sp_audit_tally_get_pictures(SpAuditTally *tally);

/* 0 all in sync; 1 somebody is not; else 3, or what all of them stand for alike (2, 4, 5). */
int sp_audit_tally_exit_code(const SpAuditTally *tally);

/* The document "samephoto.audit-summary/1". Transfer full. */
SpJson *sp_audit_tally_to_json(SpAuditTally *tally);

#endif
