#ifndef SAMEPHOTO_CORE_GUIDE_WATCH_H
#define SAMEPHOTO_CORE_GUIDE_WATCH_H

/* When a check that is watched is worth reading again. Pure: no clock, no timer. */

#include "core/guide/diagnose.h"

/* A plain value. */
typedef struct {
    guint n_readings; /* how many there have been, at least 1 */
    gint64 every_s;   /* a fixed pace that the user asked for, or 0: what makes sense */
    gint64 floor_s;   /* never sooner than this, whatever was asked for */
} SpWatchPace;

/* Seconds from `now` to the next reading after one that gave these findings (SpFinding) and copies.
 * The readings start minutes apart and grow rarer. A finding's recheck_after puts off the next one,
 * but not for long: people mend photos by hand sooner than a service promises to. A throttle's
 * Retry-After always counts. */
gint64 sp_watch_wait_s(const SpWatchPace *pace, const GPtrArray *findings, SpCopy *const *copies,
                       guint n_copies, GDateTime *now);

/* Whether there is nothing left to wait for. */
gboolean sp_watch_is_over(SpVerdict verdict);

#endif
