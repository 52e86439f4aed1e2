#include "core/guide/watch.h"

#define MINUTE  ((gint64) 60)
#define LONGEST (4 * 60 * MINUTE)

/* Between the first and the second reading, the second and the third, … */
static const gint64 steps[] = {2 * MINUTE,  3 * MINUTE,  5 * MINUTE, 10 * MINUTE,
                               20 * MINUTE, 30 * MINUTE, 60 * MINUTE};

/* Seconds until the first of the findings makes a reading worth while; 0 where none says. */
static gint64
until_recheck(const GPtrArray *findings, GDateTime *now)
{
    gint64 soonest = 0;

    for (guint i = 0; findings != NULL && i < findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(findings, i);
        gint64 wait =
            finding->recheck_after == NULL
                ? 0
                : g_date_time_difference(finding->recheck_after, now) / G_TIME_SPAN_SECOND;

        if (wait > 0 && (soonest == 0 || wait < soonest)) {
            soonest = wait;
        }
    }
    return soonest;
}

static gint64
until_unthrottled(SpCopy *const *copies, guint n_copies)
{
    double longest = 0;

    for (guint i = 0; i < n_copies; i++) {
        longest = copies[i] == NULL ? longest : MAX(longest, copies[i]->retry_after);
    }
    return (gint64) MIN(longest, (double) LONGEST);
}

gint64
sp_watch_wait_s(const SpWatchPace *pace, const GPtrArray *findings, SpCopy *const *copies,
                guint n_copies, GDateTime *now)
{
    guint step = MIN(MAX(pace->n_readings, 1) - 1, G_N_ELEMENTS(steps) - 1);
    gint64 wait = pace->every_s;

    if (wait <= 0) {
        wait = MAX(steps[step], MIN(until_recheck(findings, now), LONGEST));
    }
    wait = MAX(wait, until_unthrottled(copies, n_copies));
    return MAX(wait, pace->floor_s);
}

gboolean
sp_watch_is_over(SpVerdict verdict)
{
    return verdict == SP_VERDICT_IN_SYNC;
}
