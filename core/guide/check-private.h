#ifndef SAMEPHOTO_CORE_GUIDE_CHECK_PRIVATE_H
#define SAMEPHOTO_CORE_GUIDE_CHECK_PRIVATE_H

/* What the parts of a check share: check.c (the run), check-person.c (who is meant),
 * check-compare.c (groups and findings), check-exit.c. For them only. */

#include "core/guide/check.h"

struct SpCheck {
    guint n_refs;    /* the callers' */
    guint n_running; /* operations that still come back */
    SpClient *client;
    SpCheckFunc func; /* NULL once it may no longer be called */
    gpointer user_data;
    GCancellable *cancellable;
    GCancellable *look_up; /* of the person only */
    GSource *patience;     /* until the look-up is given up; or NULL */
    gboolean is_looking_up;
    gboolean is_out_of_patience;

    char *query;
    char *reference_file;
    char *wanted_reference; /* the id that was asked for, or NULL */
    GStrv wanted;           /* NULL: all */
    GDateTime *now;         /* given, or NULL: the clock's */

    GDateTime *started;
    gint64 started_us;
    gint64 elapsed_ms;
    SpPerson *person;
    GPtrArray *matches;
    SpPolicy *policy;
    GError *error;

    GStrv plan; /* the services' copies, then what the person sees */
    guint n_copies;
    SpCopy **copies;   /* NULL: not arrived */
    SpCopy **compared; /* the copies that groups and findings belong to */
    guint n_compared;
    SpGroups *groups;
    int compared_reference;
    GPtrArray *findings;
    SpVerdict verdict;

    gboolean is_collected; /* person and copies are all there */
    gboolean is_policy_read;
    gboolean is_comparing;
    gboolean is_outdated; /* something changed since the comparison began */
    gboolean is_done;
    gboolean is_cancelled;
};

/* Every operation holds the check alive between these two. */
void sp_check_begin(SpCheck *check);
void sp_check_end(SpCheck *check);

void sp_check_emit(SpCheck *check, SpCheckEvent event, const char *service);
void sp_check_stop_clock(SpCheck *check);

/* How many of the plan's copies are services'; what the person sees stands behind them. */
guint sp_check_count_services(const SpCheck *check);

void sp_check_free_copies(SpCopy **copies, guint n_copies);

/* Looks up whom the query means; goes on with sp_check_set_person() or gives up. */
void sp_check_look_up(SpCheck *check);

/* Takes the person; the copies are asked for. */
void sp_check_set_person(SpCheck *check, SpPerson *person);

/* Nothing more will come: what is still on its way is called back. */
void sp_check_give_up(SpCheck *check, SpCheckEvent event);

/* Compares what there is, soon; SP_CHECK_COMPARED comes once findings belong to it. */
void sp_check_compare(SpCheck *check);

/* The same at once, for copies that are all there. */
void sp_check_compare_now(SpCheck *check);

/* Findings and verdict anew, from what was compared last. */
void sp_check_diagnose(SpCheck *check);

/* The last word is said when everything is there and compared. */
void sp_check_finish(SpCheck *check);

#endif
