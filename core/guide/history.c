/* What each service said of a person before, held against what it said the next time and says now.
 */

#include <string.h>

#include "core/calendar.h"
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
    return sp_calendar_format(local, age >= 0 && age < 6 * G_TIME_SPAN_DAY ? "%A" : _("%-d %B %Y"));
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

/* What a service said at one time. */
typedef struct {
    GDateTime *at;
    char *sha256; /* NULL: no photo */
} Sight;

static void
sight_free(gpointer data)
{
    Sight *sight = data;

    g_date_time_unref(sight->at);
    g_free(sight->sha256);
    g_free(sight);
}

static char *
clock_of(GDateTime *time)
{
    g_autoptr(GDateTime) local = g_date_time_to_local(time);

    return g_date_time_format(local, "%Y-%m-%d %H:%M");
}

/* A line, or NULL where both times were the same. Transfer full. */
static char *
tell_change(const char *title, const Sight *before, const Sight *after)
{
    g_autofree char *then = clock_of(before->at);
    g_autofree char *when = clock_of(after->at);

    if (g_strcmp0(before->sha256, after->sha256) == 0) {
        return NULL;
    }
    if (before->sha256 == NULL) {
        return g_strdup_printf(_("%s  %s: a photo, where there was none on %s"), when, title, then);
    }
    if (after->sha256 == NULL) {
        return g_strdup_printf(_("%s  %s: no photo, where there was one on %s"), when, title, then);
    }
    return g_strdup_printf(_("%s  %s: another photo than on %s"), when, title, then);
}

static const char *
title_of(const SpEvidence *evidence, const char *service)
{
    const SpCopy *copy = sp_evidence_copy(evidence, sp_evidence_index(evidence, service));

    return copy == NULL ? service : copy->title;
}

/* One row of "seen" after the other, the oldest first; lines go in front of `lines`. */
static void
follow_row(sqlite3_stmt *row, const SpEvidence *evidence, GHashTable *last, GPtrArray *lines)
{
    g_autofree char *service = sp_column_text(row, 0);
    g_autofree char *status = sp_column_text(row, 2);
    gboolean has_photo = g_strcmp0(status, sp_copy_status_name(SP_COPY_PRESENT)) == 0;
    const Sight *before = g_hash_table_lookup(last, service);
    Sight *sight = g_new0(Sight, 1);
    char *line;

    sight->at = sp_column_time(row, 1);
    sight->sha256 = has_photo ? sp_column_text(row, 3) : NULL;
    line = before == NULL ? NULL : tell_change(title_of(evidence, service), before, sight);
    if (line != NULL) {
        g_ptr_array_insert(lines, 0, line);
    }
    g_hash_table_replace(last, g_steal_pointer(&service), sight);
}

GStrv
sp_session_timeline_evidence(SpStore *store, const SpEvidence *evidence)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store,
                         "SELECT service, at, status, sha256 FROM seen WHERE user = lower(?1)"
                         " ORDER BY at, service",
                         NULL);
    g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, sight_free);
    g_autoptr(GPtrArray) lines = g_ptr_array_new();

    if (statement != NULL && evidence->person != NULL) {
        sp_bind_text(statement, 1, evidence->person->user_principal_name);
        while (sp_store_step(store, statement, NULL)) {
            follow_row(statement, evidence, last, lines);
        }
    }
    g_ptr_array_add(lines, NULL);
    return (GStrv) g_ptr_array_free(g_steal_pointer(&lines), FALSE);
}
