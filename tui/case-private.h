#ifndef SAMEPHOTO_TUI_CASE_PRIVATE_H
#define SAMEPHOTO_TUI_CASE_PRIVATE_H

/* What the parts of the case share: case.c (checks, session, practice), case-seen.c (pictures that
 * were given), case-overrule.c (groups, and what a human says of them), case-headline.c (all of it
 * in one sentence). For them only. */

#include "tui/case.h"
#include "tui/holds.h"

/* Two copies that a human says are the same. */
typedef struct {
    char *left;
    char *right;
} UiOverrule;

struct UiCase {
    SpClient *client;
    SpStore *store;
    SpTenant *tenant;
    UiCaseFunc func;
    gpointer user_data;

    char *reference_file;
    char *ticket;         /* of the sessions that begin here, or NULL */
    GPtrArray *seen;      /* SpCopy: what the person sees */
    GPtrArray *wholes;    /* SpCopy: the same as they were given */
    gboolean is_seen_new; /* and not yet in the session */
    char *user;           /* as it was asked for; NULL: who was meant was known */
    char *reference;      /* the id that the person chose, or NULL */
    SpCheck *check;       /* or NULL */
    SpCheck *previous;    /* what stood before, while `check` reads again; or NULL */
    gboolean is_reading;
    gint64 began_us;
    UiHolds *holds;         /* of this reading */
    GDateTime *recorded_at; /* while a recorded check stands as `check` or `previous`; or NULL */
    char *recorded_by;
    GHashTable *titles;   /* id -> title */
    GPtrArray *overrules; /* UiOverrule */

    SpSession *session;
    int verifying; /* the step that `check` is to prove, or -1 */
    GError *error; /* of the session's writing; or NULL */
};

/* A GDestroyNotify. */
void ui_case_free_overrule(gpointer overrule);

/* What was said before a session began is kept with it from then on. */
gboolean ui_case_keep_overrules(UiCase *ui_case, SpSession *session, GError **error);

/* Goes on with what was said in the session. */
void ui_case_take_overrules(UiCase *ui_case, const SpSession *session);

/* Pictures that were given belong to the person they were given for, who is not known before the
 * first answer. */
void ui_case_forget_given(UiCase *ui_case);

/* What the person showed belongs to the case and is there again. */
void ui_case_take_seen(UiCase *ui_case, SpCheck *recorded);

#endif
