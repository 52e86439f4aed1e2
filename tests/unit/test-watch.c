/* When a watched check is read again: rarer and rarer, as late as the findings say, never faster
 * than a service allows. */

#include "core/guide/watch.h"

#define MINUTE 60
#define HOUR   3600

static GDateTime *
at(gint64 seconds)
{
    g_autoptr(GDateTime) zero = g_date_time_new_utc(2026, 11, 22, 9, 0, 0);

    return g_date_time_add_seconds(zero, (double) seconds);
}

static GPtrArray *
findings_due(const gint64 *rechecks, gsize n)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func((GDestroyNotify) sp_finding_free);

    for (gsize i = 0; i < n; i++) {
        SpFinding *finding = g_new0(SpFinding, 1);

        finding->recheck_after = rechecks[i] == 0 ? NULL : at(rechecks[i]);
        g_ptr_array_add(findings, finding);
    }
    return findings;
}

static void
waits(void)
{
    static const struct {
        SpWatchPace pace;
        gint64 rechecks[2];
        double retry_after;
        gint64 wait;
    } rows[] = {
        /* without a hint: minutes at first, then longer, an hour at most */
        {{1, 0, 60}, {0, 0}, -1, 2 * MINUTE},
        {{2, 0, 60}, {0, 0}, -1, 3 * MINUTE},
        {{5, 0, 60}, {0, 0}, -1, 20 * MINUTE},
        {{7, 0, 60}, {0, 0}, -1, HOUR},
        {{5000, 0, 60}, {0, 0}, -1, HOUR},
        /* a finding's time is waited for, the soonest of several, four hours at most */
        {{1, 0, 60}, {30 * MINUTE, 0}, -1, 30 * MINUTE},
        {{1, 0, 60}, {3 * HOUR, 30 * MINUTE}, -1, 30 * MINUTE},
        {{1, 0, 60}, {24 * HOUR, 0}, -1, 4 * HOUR},
        /* a time that is past or too near hurries nothing */
        {{1, 0, 60}, {-HOUR, 0}, -1, 2 * MINUTE},
        {{7, 0, 60}, {5 * MINUTE, 0}, -1, HOUR},
        {{1, 0, 60}, {-HOUR, 40 * MINUTE}, -1, 40 * MINUTE},
        /* the user's pace, never below the floor; findings do not slow it down */
        {{1, 90, 60}, {24 * HOUR, 0}, -1, 90},
        {{9, 5, 60}, {0, 0}, -1, 60},
        {{1, 1, 1}, {0, 0}, -1, 1},
        /* a service that asks to wait is heard in every case */
        {{1, 1, 1}, {0, 0}, 120, 120},
        {{1, 0, 60}, {0, 0}, 600, 10 * MINUTE},
        {{1, 0, 60}, {0, 0}, 10, 2 * MINUTE},
        {{1, 0, 60}, {0, 0}, 1e18, 4 * HOUR},
    };
    g_autoptr(GDateTime) now = at(0);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) findings = findings_due(rows[i].rechecks, 2);
        g_autoptr(SpCopy) copy = sp_copy_new("graph", "Microsoft 365");
        SpCopy *copies[] = {NULL, copy};

        g_test_message("row %d", (int) i);
        copy->retry_after = rows[i].retry_after;
        g_assert_cmpint(sp_watch_wait_s(&rows[i].pace, findings, copies, 2, now), ==, rows[i].wait);
    }
}

static void
only_agreement_ends_it(void)
{
    g_assert_true(sp_watch_is_over(SP_VERDICT_IN_SYNC));
    g_assert_false(sp_watch_is_over(SP_VERDICT_OUT_OF_SYNC));
    g_assert_false(sp_watch_is_over(SP_VERDICT_NO_PHOTO));
    g_assert_false(sp_watch_is_over(SP_VERDICT_INCOMPLETE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/watch/waits", waits);
    g_test_add_func("/watch/only-agreement-ends-it", only_agreement_ends_it);
    return g_test_run();
}
