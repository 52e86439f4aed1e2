#ifndef SAMEPHOTO_CORE_GUIDE_SESSION_H
#define SAMEPHOTO_CORE_GUIDE_SESSION_H

/* One guided run for one person (or a plain checklist for nobody): which steps, what became of
 * each, notes, evidence. Every change is written before the call returns, so that kill -9 loses
 * nothing that a screen has shown. */

#include <gio/gio.h>

#include "core/guide/check.h"
#include "core/guide/playbook.h"
#include "core/guide/store.h"

typedef enum {
    SP_STEP_TODO,
    SP_STEP_DOING,
    SP_STEP_WAITING, /* until a time */
    SP_STEP_PASSED,
    SP_STEP_FAILED, /* the re-check said: not yet */
    SP_STEP_SKIPPED,
} SpStepState;

/* "todo", "doing", …: JSON and database; not translated. */
const char *sp_step_state_name(SpStepState state);
const char *sp_step_state_title(SpStepState state); /* translated, borrowed */

/* Why a step was skipped. */
typedef enum {
    SP_SKIP_NONE,
    SP_SKIP_NOT_NEEDED,
    SP_SKIP_NOT_ALLOWED,
    SP_SKIP_USER_ABSENT,
    SP_SKIP_DONE_BEFORE,
    SP_SKIP_OTHER,
} SpSkipReason;
const char *sp_skip_reason_name(SpSkipReason reason);
const char *sp_skip_reason_title(SpSkipReason reason); /* translated, borrowed */

/* A step within a session. Read-only. */
typedef struct {
    char *section_id;
    char *section_title;
    SpStep *step; /* as the playbook said when the session began */
    SpStepState state;
    gboolean by_hand; /* a step with `verify` that was ticked without a passing re-check */
    SpSkipReason skip_reason;
    char *note;         /* or NULL */
    GDateTime *changed; /* when the state last changed, or NULL */
    GDateTime *wait_until;
    char *changed_by; /* the agent who changed it, or NULL */
    char *proof;      /* the last re-check in one sentence, or NULL */
    gint64 before_id; /* the evidence before and after the last re-check; 0: none */
    gint64 after_id;
} SpSessionStep;

/* One line of the log: who did what when. Read-only. */
typedef struct {
    GDateTime *at;
    char *agent;
    int position; /* the step's index, -1: the session as a whole */
    char *event;  /* "begun", "state", "note", "exported", …; not translated */
    char *text;   /* or NULL */
} SpSessionLine;

/* What a human says against the measurement: two copies, by their ids, show the same photo.
 * Read-only. */
typedef struct {
    char *left;
    char *right;
    GDateTime *at;
    char *agent;
} SpOverrule;

/* A line of a list of sessions. */
typedef struct {
    gint64 id;
    char *user_principal_name; /* NULL: a checklist without a person */
    char *display_name;
    char *playbook;
    char *ticket;
    char *headline;
    char *language; /* that the headline was written in */
    guint n_done;
    guint n_steps;
    GDateTime *updated;
    GDateTime *due; /* the earliest wait_until, or NULL */
    gboolean is_closed;
} SpSessionRow;
void sp_session_row_free(SpSessionRow *row);

typedef struct SpSession SpSession;

/* A plain value; zero-initialise it. */
typedef struct {
    const SpPerson *person; /* NULL: a checklist for nobody in particular */
    GPtrArray
        *findings; /* SpFinding: the sections they call for, in order; NULL: the whole playbook */
    SpPlaybook *playbook;
    const char *ticket; /* or NULL */
    const char *agent;  /* who sits at the keyboard, or NULL: the store's agent */
} SpSessionOptions;

/* Begins and writes it. Errors: SP_ERROR_STORE. Transfer full. */
SpSession *sp_session_begin(SpStore *store, const SpSessionOptions *options, GError **error);

/* Errors: SP_ERROR_STORE, SP_ERROR_NOT_FOUND. Transfer full. */
SpSession *sp_session_load(SpStore *store, gint64 id, GError **error);

/* The newest open session of a person (and ticket, where given), or NULL without an error. */
SpSession *sp_session_find_open(SpStore *store, const char *user_principal_name, const char *ticket,
                                GError **error);
SpSession *sp_session_ref(SpSession *session);
void sp_session_unref(SpSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpSession, sp_session_unref)

/* SpSessionRow, newest first; `due_before` limits it to waiting steps due by then, or NULL.
 * Transfer full, NULL on error. */
GPtrArray *sp_session_list(SpStore *store, GDateTime *due_before, GError **error);

/* A session's headline in the language of now: judged again from its last evidence, which takes a
 * moment. NULL without an error where there is none. Transfer full. */
char *sp_session_tell_headline(SpStore *store, gint64 id, GError **error);
gboolean sp_session_delete(SpStore *store, gint64 id, GError **error);

/* Removes closed sessions that have not changed since `before`; their number, or -1. */
int sp_session_purge(SpStore *store, GDateTime *before, GError **error);

/* The same for what `keep_days` ([sessions] keep-days, NULL: all is kept) says: a day is the least.
 * Errors also: SP_ERROR_CONFIG (no number). */
int sp_session_purge_kept(SpStore *store, const char *keep_days, GError **error);

gint64 sp_session_get_id(const SpSession *session);
const char *sp_session_get_user(const SpSession *session);         /* userPrincipalName or NULL */
const char *sp_session_get_display_name(const SpSession *session); /* or NULL */
const char *sp_session_get_title(const SpSession *session);
const char *sp_session_get_ticket(const SpSession *session); /* or NULL */
const char *sp_session_get_agent(const SpSession *session);  /* who began it */
gboolean sp_session_is_closed(const SpSession *session);

/* Who sits at the keyboard now, for the log and the steps: after hand-over another one than the
 * agent who began. NULL: the store's agent. */
void sp_session_set_agent(SpSession *session, const char *agent);

/* Shows the steps, and how they were proved, in `language` from now on, where the playbook has it;
 * what is stored stays as it is. */
void sp_session_set_language(SpSession *session, const char *language);

/* SpSessionLine, oldest first. Transfer full, NULL on error. */
GPtrArray *sp_session_get_log(const SpSession *session, GError **error);
GDateTime *sp_session_get_started(const SpSession *session);
GPtrArray *sp_session_get_steps(const SpSession *session); /* SpSessionStep. Borrowed. */
GPtrArray *
sp_session_get_overrules(const SpSession *session);     /* SpOverrule that stand. Borrowed. */
guint sp_session_get_current(const SpSession *session); /* index; == length: all done */
guint sp_session_count_done(const SpSession *session);  /* passed and skipped */

/* Each writes, then returns; FALSE with SP_ERROR_STORE and nothing changed where it can't. */
gboolean sp_session_set_current(SpSession *session, guint index, GError **error);
gboolean sp_session_set_state(SpSession *session, guint index, SpStepState state, GError **error);
gboolean sp_session_skip(SpSession *session, guint index, SpSkipReason reason, const char *note,
                         GError **error);
gboolean sp_session_set_note(SpSession *session, guint index, const char *note, GError **error);
gboolean sp_session_wait_until(SpSession *session, guint index, GDateTime *until, GError **error);
gboolean sp_session_set_ticket(SpSession *session, const char *ticket, GError **error);

/* A human says that two copies show the same photo, or takes that back; what stands already is no
 * change. */
gboolean sp_session_overrule(SpSession *session, const char *left, const char *right,
                             gboolean is_same, GError **error);

/* A closed session may be purged; going on with it opens it again. */
gboolean sp_session_close(SpSession *session, GError **error);
gboolean sp_session_reopen(SpSession *session, GError **error);

/* A re-check proves step `index`: passed where every copy that the step names shows the reference's
 * photo, else failed; kept with the copies before and after. `passed` may be NULL. */
gboolean sp_session_prove(SpSession *session, guint index, const SpCheck *check, gboolean *passed,
                          GError **error);

/* Keeps a whole check as evidence: copies, verdict, findings, hashes and ETags. */
gboolean sp_session_record(SpSession *session, const SpCheck *check, GError **error);

/* Removes a picture of what the person sees from all records of the session, by its hash: what was
 * cut out of it is enough. Where there is none, nothing is written. */
gboolean sp_session_forget_seen(SpSession *session, const char *sha256, GError **error);

/* The last evidence as a check that is done, for who has no network (or waits for it): `*at` and
 * `*agent` (transfer full) say when it was read and by whom. NULL without an error where nothing
 * was read in this session. Transfer full. */
SpCheck *sp_session_get_last_check(const SpSession *session, SpCheckFunc func, gpointer user_data,
                                   GDateTime **at, char **agent, GError **error);

/* The same two from evidence, for who has no check. */
gboolean sp_session_prove_evidence(SpSession *session, guint index, const SpEvidence *evidence,
                                   gboolean *passed, GError **error);
gboolean sp_session_record_evidence(SpSession *session, const SpEvidence *evidence, GError **error);

/* What changed since this person was last looked at, one translated sentence each ("The copy of
 * Graph has changed since Tuesday"). Transfer full, never NULL. */
GStrv sp_session_history(SpStore *store, const SpCheck *check);
GStrv sp_session_history_evidence(SpStore *store, const SpEvidence *evidence);

/* Every change of this person's copies that a reading has noticed, the newest first, one translated
 * line each ("2026-11-17 09:40  Exchange: another photo than on 2026-11-12 14:05"). Transfer full,
 * never NULL. */
GStrv sp_session_timeline(SpStore *store, const SpCheck *check);
GStrv sp_session_timeline_evidence(SpStore *store, const SpEvidence *evidence);

/* The document "samephoto.session/1". Transfer full. */
struct json_object *sp_session_to_json(const SpSession *session);

#endif
