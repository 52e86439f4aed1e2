#ifndef SAMEPHOTO_TUI_CASE_H
#define SAMEPHOTO_TUI_CASE_H

/* What all screens work on together: one person's case. It runs the checks, keeps the current one
 * and what stood before it, holds the session, the database and the practice tenant, and tells
 * whoever listens what has changed. It draws nothing and knows no terminal. */

#include <gio/gio.h>

#include "core/guide/check.h"
#include "core/guide/session.h"
#include "core/guide/store.h"
#include "core/practice/tenant.h"

typedef struct UiCase UiCase;

/* What has changed; flags. */
typedef enum {
    UI_CASE_PERSON = 1 << 0,   /* who it is about is known, or several people match */
    UI_CASE_COPIES = 1 << 1,   /* a copy has arrived, or is being read again */
    UI_CASE_FINDINGS = 1 << 2, /* groups, findings and verdict are new */
    UI_CASE_SESSION = 1 << 3,  /* the session, or a step's state or note */
    UI_CASE_STATUS = 1 << 4,   /* reading began, ended or failed */
} UiCaseChanges;

/* Runs from the main loop or from inside the call that changed something: record, do not draw. */
typedef void (*UiCaseFunc)(UiCase *ui_case, UiCaseChanges changes, gpointer user_data);

/* Keeps a reference of `client` and `store`, each of which may be NULL: without a client nothing is
 * read, without a store nothing is kept. `tenant` is borrowed, or NULL outside practice. */
UiCase *ui_case_new(SpClient *client, SpStore *store, SpTenant *tenant);
void ui_case_free(UiCase *ui_case);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiCase, ui_case_free)

/* At most one listener; NULL: none. */
void ui_case_set_func(UiCase *ui_case, UiCaseFunc func, gpointer user_data);

/* Borrowed, or NULL. */
SpClient *ui_case_get_client(const UiCase *ui_case);
SpStore *ui_case_get_store(const UiCase *ui_case);

/* ---- the check ---- */

/* Begins with another person: the old check and session are put away (the session stays in the
 * database), every copy is read. `user` as for `samephoto check`. */
void ui_case_open(UiCase *ui_case, const char *user);

/* The same for a person who is known already (a match, a search's result). */
void ui_case_open_person(UiCase *ui_case, const SpPerson *person);

/* The picture that the user gave as the reference, or NULL; used from the next reading on. */
void ui_case_set_reference_file(UiCase *ui_case, const char *path);

/* A picture of what the person sees (seen.h): one more copy, or in place of the one with its id. It
 * is compared at once, and the session keeps it. */
void ui_case_put_seen(UiCase *ui_case, SpCopy *copy);

/* How many of them there are. */
guint ui_case_count_seen(const UiCase *ui_case);

/* Whether one of them is still to be compared and kept; the end comes as UI_CASE_FINDINGS. */
gboolean ui_case_has_new_seen(const UiCase *ui_case);

/* The picture that `service` was cut out of, as it was given; NULL where it is no such copy.
 * Borrowed. */
SpCopy *ui_case_get_whole(const UiCase *ui_case, const char *service);

/* Reads these copies again (NULL: all of them); the others stay as they are. Where the person is not
 * known (the look-up failed or was stopped), looks them up again. */
void ui_case_reread(UiCase *ui_case, const char *const *services);

/* Stops reading; what had not arrived goes back to what stood before. */
void ui_case_cancel(UiCase *ui_case);

/* The current check, or NULL before the first. Borrowed until the next change. */
SpCheck *ui_case_get_check(const UiCase *ui_case);

/* Whether anything is being read, or (with an id) that copy. */
gboolean ui_case_is_reading(const UiCase *ui_case, const char *service);

/* Since when, in milliseconds; 0 while nothing is being read. */
gint64 ui_case_get_waited_ms(const UiCase *ui_case);

/* Titles of the copies that are waited for ("Exchange, Viva Engage"), or NULL. Transfer full. */
char *ui_case_waits_for(const UiCase *ui_case);

/* The copies to show: while one is read again, what stood there before. NULL: nothing yet.
 * Borrowed. */
guint ui_case_count(const UiCase *ui_case);
const char *ui_case_get_service(const UiCase *ui_case, guint index);
SpCopy *ui_case_get_copy(const UiCase *ui_case, guint index);

/* The copy's title for people, known before the copy is. Borrowed until the next change. */
const char *ui_case_get_title(const UiCase *ui_case, guint index);

/* The same by a copy's id, whether this case has that copy or not. */
const char *ui_case_get_service_title(const UiCase *ui_case, const char *service);

/* A picture's group, 0 for A, or SP_GROUP_NONE; what a human overruled counts. */
int ui_case_get_group(const UiCase *ui_case, guint index);

/* Borrowed, or NULL. */
const SpPerson *ui_case_get_person(const UiCase *ui_case);
const GError *ui_case_get_error(const UiCase *ui_case);

/* The verdict in one sentence (and since when it stands, where it was recorded), or what is going
 * on right now. Transfer full, never NULL. */
char *ui_case_get_headline(const UiCase *ui_case);

/* Holds the others against this copy; groups and findings follow. */
void ui_case_set_reference(UiCase *ui_case, const char *service);

/* A human says: these two show the same photo (or takes that back). Counts for this case and is
 * kept with its session. */
gboolean ui_case_overrule(UiCase *ui_case, const char *left, const char *right, GError **error);
gboolean ui_case_is_said(const UiCase *ui_case, const char *left, const char *right);

/* Whether copy `index` counts as the reference's photo only because a human says so. */
gboolean ui_case_is_said_same(const UiCase *ui_case, guint index);

/* ---- the session ---- */

/* The ticket that the person at the keyboard named (or NULL): sessions of it are gone on with, and
 * begin with it. Forgotten with the person it was for. */
void ui_case_set_ticket(UiCase *ui_case, const char *ticket);
const char *ui_case_get_ticket(const UiCase *ui_case);

/* Borrowed, or NULL: none has begun. */
SpSession *ui_case_get_session(const UiCase *ui_case);

/* Goes on with this session (loaded or just begun); takes a reference. NULL puts it away. */
void ui_case_set_session(UiCase *ui_case, SpSession *session);

/* Goes on with a session of a person: its last recorded copies show at once, and are read again
 * where there is a client. A session about nobody is only set. */
void ui_case_resume(UiCase *ui_case, SpSession *session);

/* Begins a session of this playbook for the person and findings of the current check (for nobody
 * where there is none), and keeps the check as its first evidence. Errors: SP_ERROR_STORE. */
gboolean ui_case_begin_session(UiCase *ui_case, SpPlaybook *playbook, GError **error);

/* Reads what step `index` verifies again, then proves the step with it (sp_session_prove()). The
 * answer comes as UI_CASE_SESSION. Without anything to verify it does nothing and gives FALSE. */
gboolean ui_case_verify_step(UiCase *ui_case, guint index);

/* The step that a running verification is for, or -1. */
int ui_case_get_verifying(const UiCase *ui_case);

/* After a call of sp_session_…(): tells the listener. */
void ui_case_touch(UiCase *ui_case, UiCaseChanges changes);

/* ---- practice ---- */

gboolean ui_case_is_practice(const UiCase *ui_case);

/* Something happens in the pretend world for this person (sp_tenant_play()). */
gboolean ui_case_play(UiCase *ui_case, const char *event, GError **error);

/* Time passes in the pretend world. */
void ui_case_advance(UiCase *ui_case, gint64 seconds);

/* The clock that counts here: the pretend world's, else the real one. Transfer full. */
GDateTime *ui_case_now(const UiCase *ui_case);

#endif
