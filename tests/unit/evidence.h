#ifndef SAMEPHOTO_TESTS_UNIT_EVIDENCE_H
#define SAMEPHOTO_TESTS_UNIT_EVIDENCE_H

/* One case to keep and report without a network: Anna's new photo in Microsoft 365 and Exchange,
 * her old one in SharePoint. */

#include "core/guide/diagnose.h"
#include "core/guide/playbook.h"

typedef struct {
    SpPerson *person;
    SpCopy *copies[3]; /* graph, exchange, sharepoint-l */
    SpGroups *groups;
    GDateTime *now;
    SpEvidence evidence;
} TestCase;

TestCase *test_case_new(void);
void test_case_free(TestCase *c);

/* The evidence as it stands. Borrowed. */
const SpEvidence *test_case_evidence(TestCase *c);

/* Groups and evidence anew, once a test has changed a copy's photo. */
void test_case_regroup(TestCase *c);

/* SpFinding: "sharepoint-stale", mended by profile-photo#sharepoint-differs, whatever the rules say
 * of the evidence. Transfer full. */
GPtrArray *test_case_findings(void);

/* Four steps of the person's that mend it; the last one is verified. Transfer full. */
SpPlaybook *test_case_playbook(void);

/* An hour later SharePoint shows the new photo. */
void test_case_heal(TestCase *c);

/* SharePoint refuses to be read. */
void test_case_deny(TestCase *c);

#endif
