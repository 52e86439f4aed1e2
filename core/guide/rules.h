#ifndef SAMEPHOTO_CORE_GUIDE_RULES_H
#define SAMEPHOTO_CORE_GUIDE_RULES_H

/* The rules of the diagnosis as rows of one table (reference, section 10). Private to core/guide.
 */

#include <gio/gio.h>

#include "core/guide/diagnose.h"
#include "core/guide/evidence.h"

typedef enum {
    SP_RULE_NO,
    SP_RULE_YES,
    SP_RULE_UNKNOWN, /* the evidence that would decide it is missing; never reported as a finding */
} SpAnswer;

/* What a rule writes down while it looks; read only where it says yes. */
typedef struct {
    char *summary;
    GPtrArray *lines;         /* char * */
    GDateTime *recheck_after; /* or NULL */
    gboolean is_explained;    /* a row above has said yes and tells why copies differ */
    guint n_findings;         /* how many rows above have said yes */
} SpNotes;

/* A page that says so, and the month in which it was read. */
typedef struct {
    const char *title;
    const char *url; /* or NULL */
    const char *date;
} SpRuleSource;

/* Which differences a row tells the reason of, where it says yes. */
typedef enum {
    SP_EXPLAINS_NOTHING,
    SP_EXPLAINS_SHAREPOINT, /* that of SharePoint's copy, and that there is no photo anywhere */
    SP_EXPLAINS_ALL,
} SpExplains;

typedef SpAnswer (*SpRuleFunc)(const SpCase *c, SpNotes *notes);

typedef struct {
    const char *id;
    SpSeverity severity;
    SpConfidence confidence;
    SpActor actor;
    SpExplains explains;
    const SpRuleSource *source;
    const char *section; /* of the playbook "profile-photo" */
    SpRuleFunc applies;
} SpRule;

/* Every rule, the headline's first; ended by a row whose id is NULL. */
const SpRule *sp_rules(void);

/* For the rules' own use. */
void sp_notes_say(SpNotes *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);
void sp_notes_add(SpNotes *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);
void sp_notes_add_copy(SpNotes *notes, const SpCase *c, int index);
void sp_notes_add_fact(SpNotes *notes, const SpCase *c, int index, const char *fact);
void sp_notes_recheck(SpNotes *notes, GDateTime *from, GTimeSpan span);

/* The predicates, by subject: rules-person.c, rules-sharepoint.c, rules-directory.c,
 * rules-copies.c, rules-access.c. */
SpAnswer sp_rule_just_created(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_guest(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_account_disabled(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_identity_mismatch(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_renamed_upn(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_mailbox_on_premises(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_no_exchange_licence(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_policy_on_premises(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_policy_roles(const SpCase *c, SpNotes *notes);

SpAnswer sp_rule_sharepoint_sync_off(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_thumbnails_disagree(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_sharepoint_never_synced(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_sharepoint_not_yet(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_sharepoint_stale(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_deleted_in_cloud(const SpCase *c, SpNotes *notes);

SpAnswer sp_rule_directory_image_too_large(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_directory_newer(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_directory_wins(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_hd_blocks_directory(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_cloud_wins(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_fallback_after_deletion(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_low_resolution_only(const SpCase *c, SpNotes *notes);

SpAnswer sp_rule_reference_not_uploaded(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_exchange_differs(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_viva_engage_stale(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_source_differs(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_unsure_look_alike(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_copies_differ(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_recropped(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_in_sync(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_no_photo(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_client_shows_other(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_reference_unsuitable(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_client_cache(const SpCase *c, SpNotes *notes);

SpAnswer sp_rule_app_only_secret(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_access_denied(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_throttled(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_unreachable(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_invalid_picture(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_ews_blocked(const SpCase *c, SpNotes *notes);
SpAnswer sp_rule_nothing_read(const SpCase *c, SpNotes *notes);

#endif
