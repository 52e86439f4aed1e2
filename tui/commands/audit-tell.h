#ifndef SAMEPHOTO_TUI_COMMANDS_AUDIT_TELL_H
#define SAMEPHOTO_TUI_COMMANDS_AUDIT_TELL_H

/* How an audit is told on stdout: each person as soon as they are done, and what all of it adds up
 * to. As text, as comma-separated values, or as JSON Lines. */

#include "core/guide/audit-tally.h"
#include "core/guide/audit.h"

typedef enum { UI_AUDIT_TEXT, UI_AUDIT_CSV, UI_AUDIT_JSON } UiAuditForm;

/* What comes first. */
void ui_audit_tell_head(UiAuditForm form);

/* `record` is the entry's (sp_audit_to_json()) in one line. As text only who is not in sync is
 * told, with `is_verbose` everybody. */
void ui_audit_tell_entry(UiAuditForm form, const SpAuditEntry *entry, const char *record,
                         gboolean is_verbose);

/* `n_left_out`: guests and disabled accounts. */
void ui_audit_tell_summary(UiAuditForm form, SpAuditTally *tally, guint n_left_out);

/* A document in one line, with its end. Transfer full. */
char *ui_audit_line(SpJson *json);

#endif
