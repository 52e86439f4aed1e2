#ifndef SAMEPHOTO_CORE_GUIDE_EVIDENCE_JSON_H
#define SAMEPHOTO_CORE_GUIDE_EVIDENCE_JSON_H

/* The members that "samephoto.check/1" and a session's records share: copies, groups and all that
 * the diagnosis says. Members may be added, never renamed. Private to core/guide. */

#include "core/guide/diagnose.h"
#include "core/json.h"

void sp_json_add_group(SpJson *json, const char *name, int group);

/* `strings` may be NULL: an empty list. Transfer full. */
SpJson *sp_strings_to_json(const char *const *strings);

/* The copy with its group, and its relation to the reference, as copy `index` of the evidence has
 * them. Transfer full. */
SpJson *sp_copy_to_json(const SpCopy *copy, const SpEvidence *evidence, guint index);

/* Adds verdict, headline, findings, who sees what, and what comes next. */
void sp_json_add_diagnosis(SpJson *json, const SpEvidence *evidence, GPtrArray *findings);

#endif
