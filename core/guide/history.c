/* What each service said of a person the last time, held against what it says now. */

#include <string.h>

#include "core/guide/evidence.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"

/* "Tuesday" within the last six days, else the date. Transfer full. */
static char *
day_of(GDateTime *time, GDateTime *now)
{
    g_autoptr(GDateTime) local = g_date_time_to_local(time);
    GTimeSpan age = g_date_time_difference(now, time);

    if (age >= 0 && age < G_TIME_SPAN_DAY &&
        g_date_time_get_day_of_month(local) == g_date_time_get_day_of_month(now)) {
        return g_date_time_format(local, "%H:%M");
    }
    return g_date_time_format(local, age >= 0 && age < 6 * G_TIME_SPAN_DAY ? "%A" : "%x");
}

/* One sentence, or NULL where nothing has changed. Transfer full. */
static char *
compare_with(const SpCopy *copy, const char *name, const char *status, const char *sha256,
             const char *day)
{
    gboolean had_photo = sha256 != NULL && strcmp(status, "present") == 0;
    gboolean has_photo = copy->status == SP_COPY_PRESENT && copy->photo != NULL;

    if (had_photo && !has_photo) {
        return g_strdup_printf(_("%s had a photo (%s) and shows none now"), copy->title, day);
    }
    if (!had_photo && has_photo) {
        return g_strdup_printf(_("%s had no photo (%s) and shows one now"), copy->title, day);
    }
    if (had_photo && has_photo && strcmp(sp_photo_get_sha256(copy->photo), sha256) != 0) {
        return g_strdup_printf(_("The copy of %s has changed since %s"), name, day);
    }
    return NULL;
}

static char *
history_of(SpStore *store, const SpEvidence *evidence, const SpCopy *copy)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store,
                         "SELECT at, status, sha256 FROM seen WHERE user = lower(?1)"
                         " AND service = ?2 AND at < ?3 ORDER BY at DESC LIMIT 1",
                         NULL);
    g_autoptr(GDateTime) at = NULL;
    g_autoptr(GDateTime) now = NULL;
    g_autofree char *status = NULL;
    g_autofree char *sha256 = NULL;
    g_autofree char *day = NULL;
    g_autofree char *name = sp_evidence_name(evidence, sp_evidence_index(evidence, copy->service));

    if (statement == NULL) {
        return NULL;
    }
    sp_bind_text(statement, 1, evidence->person->user_principal_name);
    sp_bind_text(statement, 2, copy->service);
    sp_bind_time(statement, 3, evidence->now);
    if (!sp_store_step(store, statement, NULL)) {
        return NULL;
    }
    at = sp_column_time(statement, 0);
    status = sp_column_text(statement, 1);
    sha256 = sp_column_text(statement, 2);
    now = g_date_time_to_local(evidence->now);
    day = day_of(at, now);
    return compare_with(copy, name, status, sha256, day);
}

GStrv
sp_session_history_evidence(SpStore *store, const SpEvidence *evidence)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; evidence->person != NULL && i < evidence->n_copies; i++) {
        const SpCopy *copy = evidence->copies[i];
        g_autofree char *sentence = NULL;

        if (copy == NULL || !sp_copy_status_is_answer(copy->status)) {
            continue;
        }
        sentence = history_of(store, evidence, copy);
        if (sentence != NULL) {
            g_strv_builder_add(builder, sentence);
        }
    }
    return g_strv_builder_end(builder);
}
