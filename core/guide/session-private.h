#ifndef SAMEPHOTO_CORE_GUIDE_SESSION_PRIVATE_H
#define SAMEPHOTO_CORE_GUIDE_SESSION_PRIVATE_H

/* What the modules of a session share: its fields and the frame of every change. Private to
 * core/guide. */

#include "core/guide/session.h"
#include "core/guide/statement.h"
#include "core/json.h"

struct SpSession {
    SpStore *store;
    gint64 id;
    char *uid; /* the same in every database that it was imported into */
    char *user;
    char *user_id;
    char *display_name;
    char *mail;
    char *playbook;
    char *title;
    char *language;
    char *ticket;
    char *agent;
    char *writer; /* who sits at the keyboard now */
    char *headline;
    GDateTime *started;
    GDateTime *closed;
    guint current;
    GPtrArray *steps;     /* SpSessionStep */
    GPtrArray *overrules; /* SpOverrule that stand */
    GPtrArray *begun;     /* SpToldStep: the steps as they were stored; NULL: as `steps` has them */
};

#define SP_SESSION_MAX_NOTE 4000

/* The states and reasons by name; FALSE where unknown. */
gboolean sp_step_state_parse(const char *name, SpStepState *state);
gboolean sp_skip_reason_parse(const char *name, SpSkipReason *reason);
gboolean sp_actor_parse(const char *name, SpActor *actor);

/* Opens the transaction of one change and finds out that the session still exists. */
gboolean sp_session_open_change(SpSession *session, GError **error);

/* Writes the log's line and the time of the change, and commits; undoes everything on failure.
 * `position` is -1 for the session as a whole. */
gboolean sp_session_finish_change(SpSession *session, int position, const char *event,
                                  const char *text, GError **error);

/* What humans said and have not taken back; errors as all of the store. */
gboolean sp_overrules_load(SpSession *session, GError **error);

/* Whether the pair is among them, either way round. */
gboolean sp_overrules_hold(GPtrArray *overrules, const char *left, const char *right);
SpJson *sp_overrules_to_json(const SpSession *session); /* transfer full */

/* The agent's name: clean, the store's where `name` is NULL, else the login name. Transfer full. */
char *sp_session_agent_name(const SpStore *store, const char *name);

/* A step and its section in some language. */
typedef struct {
    char *section_title;
    SpStep *step;
} SpToldStep;

/* The session's steps (SpToldStep) in `language` where its playbook has them, else as they were
 * shown. Blocking. Transfer full. */
GPtrArray *sp_session_tell_steps(const SpSession *session, const char *language);

/* How step `index` was proved, in the language of now: told again from what its record found, or as
 * it was stored where there is none. Transfer full, or NULL. */
char *sp_session_tell_proof(const SpSession *session, guint index);

/* Evidence as JSON: copies, groups, verdict, findings, who sees what, what comes next. Transfer
 * full. */
SpJson *sp_record_to_json(const SpEvidence *evidence);

/* Writes evidence and its pictures within a change; `position` is -1 for the session as a whole.
 * The id of the record, or 0 with an error. */
gint64 sp_record_write(SpSession *session, int position, const SpEvidence *evidence,
                       GError **error);

/* A record read back: what it was written from. */
typedef struct {
    SpPerson *person;  /* or NULL */
    SpPolicy *policy;  /* or NULL */
    GPtrArray *copies; /* SpCopy: the services', then what the person sees */
    guint n_services;
    GArray *told_groups; /* int: the group of each copy when the record was written */
    SpGroups *groups;    /* NULL until it is told */
    int reference;       /* index or -1 */
    GDateTime *at;
    char *agent;
    SpJson *document;
} SpRecord;

/* NULL without an error where there is no such record. Transfer full. */
SpRecord *sp_record_read(SpStore *store, gint64 id, GError **error);

/* The same without the pictures, which take their time to decode: for who asks only what was found
 * then. */
SpRecord *sp_record_read_words(SpStore *store, gint64 id, GError **error);
void sp_record_free(SpRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpRecord, sp_record_free)

/* Borrowed from the record. */
SpEvidence sp_record_get_evidence(const SpRecord *record);

/* The copies' groups, once the record is to be judged: it takes its time. */
void sp_record_group(SpRecord *record);

/* The record's document in the language of now, where it still comes to the same verdict and
 * findings; else as it was written. NULL without an error where there is none. Transfer full. */
SpJson *sp_record_tell(SpStore *store, gint64 id, GError **error);

/* A record's document, or NULL (without an error where there is no such record). Transfer full. */
SpJson *sp_record_load(SpStore *store, gint64 id, GError **error);

/* The session's first and last record; 0 where there is none or it cannot be read. */
gint64 sp_record_first(const SpSession *session);
gint64 sp_record_last(const SpSession *session);

/* The bytes of a recorded picture, or NULL. Transfer full. */
GBytes *sp_record_picture(SpStore *store, const char *sha256);

/* Removes the pictures that no record names any more, within a transaction. */
gboolean sp_record_drop_pictures(SpStore *store, GError **error);

#endif
