#ifndef SAMEPHOTO_CORE_GUIDE_REPORT_STORY_H
#define SAMEPHOTO_CORE_GUIDE_REPORT_STORY_H

/* What the report's parts are told from. Private to core/guide. */

#include "core/guide/report-writer.h"
#include "core/json.h"

/* A plain value; everything is borrowed. */
typedef struct {
    SpSession *session;
    const SpReportOptions *options;
    const SpReportWriter *writer;
    SpJson *first; /* the first record, or NULL */
    SpJson *last;  /* the last one, which may be the first, or NULL */
    GString *out;
} SpReportStory;

/* A string member of a record, cleaned again: the record may have come in a bundle. Transfer full,
 * never NULL. */
char *sp_report_member(SpJson *json, const char *name);

/* The member's time as people here read it, or "". Transfer full. */
char *sp_report_member_time(SpJson *json, const char *name);
char *sp_report_format_time(GDateTime *time);

/* The copies with their pictures: those of the last record, and of the first where they differ. */
void sp_report_tell_copies(const SpReportStory *story);

/* The trail that a support case at Microsoft asks for: answers, requests, ETags and hashes. */
void sp_report_tell_evidence(const SpReportStory *story);

#endif
