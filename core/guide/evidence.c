/* Everything here is a pure reading of the evidence; nothing decides what is wrong. */

#include "core/guide/evidence.h"

#include <string.h>

#include "core/calendar.h"
#include "core/i18n.h"

/* SharePoint counts seconds from 0001-01-01 (reference 3.3). */
#define SECONDS_BEFORE_1970 G_GINT64_CONSTANT(62135596800)

static const char *const sharepoint_ids[] = {"sharepoint-s", "sharepoint-m", "sharepoint-l"};

int
sp_evidence_index(const SpEvidence *evidence, const char *id)
{
    for (guint i = 0; i < evidence->n_copies; i++) {
        const SpCopy *copy = evidence->copies[i];

        if (copy != NULL && g_strcmp0(copy->service, id) == 0) {
            return (int) i;
        }
    }
    return -1;
}

const SpCopy *
sp_evidence_copy(const SpEvidence *evidence, int index)
{
    return index < 0 || (guint) index >= evidence->n_copies ? NULL : evidence->copies[index];
}

gboolean
sp_evidence_has_photo(const SpEvidence *evidence, int index)
{
    const SpCopy *copy = sp_evidence_copy(evidence, index);

    return copy != NULL && copy->status == SP_COPY_PRESENT && copy->photo != NULL &&
           sp_photo_get_placeholder(copy->photo) == SP_PLACEHOLDER_NONE;
}

gboolean
sp_evidence_is_empty(const SpEvidence *evidence, int index)
{
    const SpCopy *copy = sp_evidence_copy(evidence, index);

    return copy != NULL && sp_copy_status_is_answer(copy->status) &&
           !sp_evidence_has_photo(evidence, index);
}

SpStand
sp_evidence_stand(const SpEvidence *evidence, int index, int against)
{
    const SpCopy *copy = sp_evidence_copy(evidence, index);

    if (index < 0 || (copy != NULL && copy->status == SP_COPY_SKIPPED)) {
        return SP_STAND_NOT_ASKED;
    }
    if (copy == NULL || !sp_copy_status_is_answer(copy->status)) {
        return SP_STAND_UNREAD;
    }
    if (!sp_evidence_has_photo(evidence, index)) {
        return SP_STAND_EMPTY;
    }
    if (index == against) {
        return SP_STAND_SAME;
    }
    if (evidence->groups == NULL || !sp_evidence_has_photo(evidence, against)) {
        return SP_STAND_UNSURE;
    }

    int group = sp_groups_of(evidence->groups, (guint) index);
    int other = sp_groups_of(evidence->groups, (guint) against);
    if (group == SP_GROUP_NONE || other == SP_GROUP_NONE) {
        return SP_STAND_UNSURE;
    }
    return group == other ? SP_STAND_SAME : SP_STAND_DIFFERENT;
}

int
sp_evidence_other_seen(const SpEvidence *evidence, int against)
{
    int group = evidence->groups == NULL || against < 0
                    ? SP_GROUP_NONE
                    : sp_groups_of(evidence->groups, (guint) against);

    for (guint i = evidence->n_copies; i < evidence->n_copies + evidence->n_seen; i++) {
        const SpCopy *copy = evidence->copies[i];
        int own = group == SP_GROUP_NONE ? SP_GROUP_NONE : sp_groups_of(evidence->groups, i);

        if (copy != NULL && copy->status == SP_COPY_PRESENT && own != SP_GROUP_NONE &&
            own != group) {
            return (int) i;
        }
    }
    return -1;
}

/* What Graph and Exchange say when the mailbox is not theirs (reference 2.6). */
SpTruth
sp_evidence_mailbox_is_on_premises(const SpEvidence *evidence)
{
    static const char *const ids[] = {"graph", "exchange"};
    const SpPerson *person = evidence->person;
    gboolean is_synced = person != NULL && person->is_synced == SP_YES;

    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        const SpCopy *copy = sp_evidence_copy(evidence, sp_evidence_index(evidence, ids[i]));
        const char *code = copy != NULL ? sp_copy_get_fact(copy, SP_FACT_ERROR_CODE) : NULL;

        if (g_strcmp0(code, "MailboxNotHostedInExchangeOnline") == 0 ||
            (is_synced && g_strcmp0(code, "MailboxNotEnabledForRESTAPI") == 0)) {
            return SP_YES;
        }
    }
    if (is_synced && person->has_exchange_plan == SP_NO &&
        sp_evidence_has_photo(evidence, sp_evidence_index(evidence, "exchange"))) {
        return SP_YES;
    }
    return is_synced ? SP_UNKNOWN : SP_NO;
}

gboolean
sp_evidence_expects_photo(const SpEvidence *evidence, int index)
{
    const SpCopy *copy = sp_evidence_copy(evidence, index);
    const SpPerson *person = evidence->person;

    if (copy == NULL || g_str_equal(copy->service, "directory") ||
        g_str_equal(copy->service, "entra") || g_str_equal(copy->service, "file")) {
        return FALSE;
    }
    if (person == NULL || g_str_equal(copy->service, "graph")) {
        return TRUE;
    }
    if (g_str_equal(copy->service, "exchange")) {
        return person->has_exchange_plan != SP_NO &&
               sp_evidence_mailbox_is_on_premises(evidence) != SP_YES;
    }
    if (sp_person_is_guest(person)) {
        return FALSE;
    }
    return !(g_str_has_prefix(copy->service, "sharepoint-") &&
             person->has_sharepoint_plan == SP_NO);
}

/* Graph's answer stands for the cloud even where it says "no photo"; a mailbox is asked only where
 * Graph could not be read. */
static int
find_cloud(const SpEvidence *evidence, int graph, int exchange)
{
    const SpCopy *copy = sp_evidence_copy(evidence, graph);

    if (copy != NULL && sp_copy_status_is_answer(copy->status)) {
        return graph;
    }
    return sp_evidence_has_photo(evidence, exchange) ? exchange : -1;
}

SpCase
sp_case_new(const SpEvidence *evidence)
{
    SpCase c = {.evidence = evidence, .sharepoint_best = -1};

    c.file = sp_evidence_index(evidence, "file");
    c.graph = sp_evidence_index(evidence, "graph");
    c.exchange = sp_evidence_index(evidence, "exchange");
    c.engage = sp_evidence_index(evidence, "viva-engage");
    c.directory = sp_evidence_index(evidence, "directory");
    for (gsize i = 0; i < G_N_ELEMENTS(sharepoint_ids); i++) {
        int index = sp_evidence_index(evidence, sharepoint_ids[i]);
        const SpCopy *copy = sp_evidence_copy(evidence, index);
        const SpCopy *best = sp_evidence_copy(evidence, c.sharepoint_best);

        c.sharepoint[i] = index;
        if (copy == NULL || copy->status == SP_COPY_SKIPPED) {
            continue;
        }
        if (best == NULL || sp_copy_status_is_answer(copy->status) ||
            !sp_copy_status_is_answer(best->status)) {
            c.sharepoint_best = index;
        }
    }
    c.cloud = find_cloud(evidence, c.graph, c.exchange);
    c.verdict = sp_diagnose_verdict(evidence);
    return c;
}

gboolean
sp_case_lags(const SpCase *c, int index)
{
    SpStand stand = sp_evidence_stand(c->evidence, index, c->cloud);

    if (sp_evidence_is_empty(c->evidence, c->cloud)) {
        return sp_evidence_has_photo(c->evidence, index);
    }
    return sp_evidence_has_photo(c->evidence, c->cloud) &&
           (stand == SP_STAND_DIFFERENT ||
            (stand == SP_STAND_EMPTY && sp_evidence_expects_photo(c->evidence, index)));
}

gint64
sp_case_bytes(const SpCase *c, int index)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, index);
    const char *fact = copy != NULL ? sp_copy_get_fact(copy, SP_FACT_DIRECTORY_BYTES) : NULL;

    if (fact != NULL) {
        return g_ascii_strtoll(fact, NULL, 10);
    }
    return copy != NULL && copy->photo != NULL
               ? (gint64) g_bytes_get_size(sp_photo_get_bytes(copy->photo))
               : 0;
}

gboolean
sp_case_directory_is_too_large(const SpCase *c)
{
    return sp_case_bytes(c, c->directory) > SP_DIRECTORY_MAX_BYTES;
}

SpPolicySource
sp_case_policy_source(const SpCase *c)
{
    const SpPolicy *policy = c->evidence->policy;

    return policy == NULL || policy->error != NULL ? SP_POLICY_SOURCE_UNKNOWN : policy->source;
}

const char *
sp_case_sharepoint_obstacle(const SpCase *c)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, c->sharepoint_best);
    const char *state = copy != NULL ? sp_copy_get_fact(copy, SP_FACT_EXCHANGE_SYNC) : NULL;
    const SpPerson *person = c->evidence->person;

    if (person != NULL && person->is_enabled == SP_NO) {
        return _("SharePoint keeps its picture as it is: the account is disabled");
    }
    if (sp_evidence_mailbox_is_on_premises(c->evidence) == SP_YES) {
        return _("SharePoint keeps its picture as it is: the mailbox is not in the cloud");
    }
    if (g_strcmp0(state, "0") == 0 && person != NULL && person->has_exchange_plan == SP_YES) {
        return _("SharePoint keeps its picture as it is: fetching is switched off");
    }
    return NULL;
}

/* A service or a case file may name any time: one at the calendar's ends has no next day, nor a
 * local time everywhere. Takes `time`. */
static GDateTime *
keep_within_calendar(GDateTime *time)
{
    if (time != NULL && (g_date_time_get_year(time) < 2 || g_date_time_get_year(time) > 9998)) {
        g_date_time_unref(time);
        return NULL;
    }
    return time;
}

GDateTime *
sp_evidence_picture_time(const SpCopy *copy)
{
    const char *text = copy != NULL ? sp_copy_get_fact(copy, SP_FACT_PICTURE_TIMESTAMP) : NULL;
    guint64 seconds = 0;

    if (text != NULL &&
        g_ascii_string_to_unsigned(text, 10, SECONDS_BEFORE_1970, G_MAXINT64, &seconds, NULL)) {
        GDateTime *time = keep_within_calendar(
            g_date_time_new_from_unix_utc((gint64) seconds - SECONDS_BEFORE_1970));

        if (time != NULL) {
            return time;
        }
    }
    if (copy == NULL || copy->last_modified == NULL) {
        return NULL;
    }
    return keep_within_calendar(g_date_time_ref(copy->last_modified));
}

/* "20261102080014.0Z" */
static GDateTime *
parse_generalised_time(const char *text)
{
    g_autoptr(GRegex) regex =
        g_regex_new("^(\\d{4})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\.\\d+)?Z$", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    int part[6];

    if (!g_regex_match(regex, text, 0, &match)) {
        return NULL;
    }
    for (int i = 0; i < 6; i++) {
        g_autofree char *digits = g_match_info_fetch(match, i + 1);

        part[i] = atoi(digits);
    }
    return g_date_time_new_utc(part[0], part[1], part[2], part[3], part[4], part[5]);
}

GDateTime *
sp_evidence_parse_time(const char *text)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

    if (text == NULL) {
        return NULL;
    }
    GDateTime *time = g_date_time_new_from_iso8601(text, utc);
    return keep_within_calendar(time != NULL ? time : parse_generalised_time(text));
}

static gboolean
holds(const GArray *indexes, guint index)
{
    for (guint i = 0; i < indexes->len; i++) {
        if (g_array_index(indexes, guint, i) == index) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_sharepoint(const SpCopy *copy)
{
    return g_str_has_prefix(copy->service, "sharepoint-");
}

/* Whether every SharePoint size that was asked is in the list: then they go by one name. */
static gboolean
holds_all_sharepoint(const SpEvidence *evidence, const GArray *indexes)
{
    for (guint i = 0; i < evidence->n_copies; i++) {
        const SpCopy *copy = evidence->copies[i];

        if (copy != NULL && is_sharepoint(copy) && copy->status != SP_COPY_SKIPPED &&
            !holds(indexes, i)) {
            return FALSE;
        }
    }
    return TRUE;
}

static char *
join(GPtrArray *names)
{
    if (names->len == 0) {
        return g_strdup("");
    }
    g_autoptr(GString) list = g_string_new(g_ptr_array_index(names, 0));

    for (guint i = 1; i + 1 < names->len; i++) {
        g_string_append_printf(list, ", %s", (const char *) g_ptr_array_index(names, i));
    }
    if (names->len == 1) {
        return g_string_free(g_steal_pointer(&list), FALSE);
    }
    /* Translators: the end of a list of services: "Microsoft 365, Exchange and SharePoint". */
    return g_strdup_printf(_("%s and %s"), list->str,
                           (const char *) g_ptr_array_index(names, names->len - 1));
}

/* What a service is called in the middle of a sentence, where its title would not read well. */
static const struct {
    const char *service;
    const char *name;
} phrases[] = {
    /* TRANSLATORS: in the middle of a sentence, "another one in the directory". */
    {"directory", N_("the directory")},
    /* TRANSLATORS: in the middle of a sentence, "another one in SharePoint than in your file". */
    {"file", N_("your file")},
};

static const char *
phrase_of(const SpCopy *copy)
{
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        if (g_str_equal(phrases[i].service, copy->service)) {
            return _(phrases[i].name);
        }
    }
    return copy->title != NULL ? copy->title : copy->service;
}

/* Each service once; borrowed. Transfer container. */
static GPtrArray *
list_names(const SpEvidence *evidence, const GArray *indexes)
{
    GPtrArray *names = g_ptr_array_new();
    gboolean is_one_sharepoint = holds_all_sharepoint(evidence, indexes);
    gboolean has_sharepoint = FALSE;

    for (guint i = 0; i < indexes->len; i++) {
        const SpCopy *copy = sp_evidence_copy(evidence, (int) g_array_index(indexes, guint, i));

        if (copy == NULL) {
            continue;
        }
        if (is_sharepoint(copy) && is_one_sharepoint) {
            if (!has_sharepoint) {
                g_ptr_array_add(names, (gpointer) "SharePoint");
            }
            has_sharepoint = TRUE;
            continue;
        }
        g_ptr_array_add(names, (gpointer) phrase_of(copy));
    }
    return names;
}

char *
sp_evidence_names(const SpEvidence *evidence, const GArray *indexes)
{
    g_autoptr(GPtrArray) names = list_names(evidence, indexes);

    return join(names);
}

guint
sp_evidence_count_names(const SpEvidence *evidence, const GArray *indexes)
{
    g_autoptr(GPtrArray) names = list_names(evidence, indexes);

    return names->len;
}

char *
sp_evidence_name(const SpEvidence *evidence, int index)
{
    const SpCopy *copy = sp_evidence_copy(evidence, index);

    return g_strdup(copy == NULL ? "" : phrase_of(copy));
}

/* The error without the title that it begins with. */
static const char *
bare_error(const SpCopy *copy)
{
    return g_str_has_prefix(copy->error, copy->title) ? copy->error + strlen(copy->title)
                                                      : copy->error;
}

static gboolean
is_told_alike(const SpCopy *copy, const SpCopy *other)
{
    return copy != NULL && copy->error != NULL && is_sharepoint(copy) && is_sharepoint(other) &&
           g_str_equal(bare_error(copy), bare_error(other));
}

/* The copy's title; of SharePoint's sizes that say the same as it "SharePoint S, M, L". */
static char *
name_of_alike(const SpEvidence *evidence, const GArray *indexes, const SpCopy *copy)
{
    g_autoptr(GString) name = g_string_new("SharePoint");
    guint n_alike = 0;

    for (guint i = 0; i < indexes->len; i++) {
        const SpCopy *other = evidence->copies[g_array_index(indexes, guint, i)];

        if (is_told_alike(other, copy)) {
            g_string_append_printf(name, "%s%c", n_alike++ == 0 ? " " : ", ",
                                   g_ascii_toupper(other->service[strlen("sharepoint-")]));
        }
    }
    return n_alike > 1 ? g_string_free(g_steal_pointer(&name), FALSE) : g_strdup(copy->title);
}

static gboolean
is_told(const GPtrArray *told, const SpCopy *copy)
{
    for (guint i = 0; i < told->len; i++) {
        if (is_told_alike(told->pdata[i], copy)) {
            return TRUE;
        }
    }
    return FALSE;
}

GStrv
sp_evidence_errors(const SpEvidence *evidence, const GArray *indexes)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    g_autoptr(GPtrArray) told = g_ptr_array_new();

    for (guint i = 0; i < indexes->len; i++) {
        SpCopy *copy = evidence->copies[g_array_index(indexes, guint, i)];
        g_autofree char *name = NULL;
        g_autofree char *line = NULL;

        if (copy == NULL || copy->error == NULL || is_told(told, copy)) {
            continue;
        }
        name = name_of_alike(evidence, indexes, copy);
        line = bare_error(copy) == copy->error ? g_strdup_printf(_("%s: %s"), name, copy->error)
                                               : g_strconcat(name, bare_error(copy), NULL);
        g_strv_builder_add(lines, line);
        g_ptr_array_add(told, copy);
    }
    return g_strv_builder_end(lines);
}

static gboolean
is_of_this_year(const SpEvidence *evidence, GDateTime *time)
{
    return evidence->now != NULL &&
           g_date_time_get_year(evidence->now) == g_date_time_get_year(time);
}

char *
sp_evidence_day(const SpEvidence *evidence, GDateTime *time)
{
    g_autoptr(GDateTime) local = g_date_time_to_local(time);

    /* Translators: a day as sp_calendar_format() writes it, "3 May" and "3 May 2025". */
    return sp_calendar_format(local,
                              is_of_this_year(evidence, local) ? _("%-d %B") : _("%-d %B %Y"));
}

char *
sp_evidence_moment(const SpEvidence *evidence, GDateTime *time)
{
    g_autoptr(GDateTime) local = g_date_time_to_local(time);
    g_autofree char *day = sp_evidence_day(evidence, time);
    g_autofree char *clock = g_date_time_format(local, "%H:%M");

    /* Translators: a day and a time of day, "3 May, 14:20". */
    return g_strdup_printf(_("%s, %s"), day, clock);
}

char *
sp_evidence_stamp(GDateTime *time)
{
    g_autoptr(GDateTime) utc = g_date_time_to_utc(time);

    return g_date_time_format(utc, "%Y-%m-%d %H:%M UTC");
}

char *
sp_evidence_line(const SpEvidence *evidence, int index)
{
    const SpCopy *copy = sp_evidence_copy(evidence, index);
    const char *name;

    if (copy == NULL) {
        return g_strdup("");
    }
    name = copy->title != NULL ? copy->title : copy->service;
    if (sp_evidence_has_photo(evidence, index)) {
        return g_strdup_printf(_("%s: a photo of %d × %d pixels"), name,
                               sp_photo_get_width(copy->photo), sp_photo_get_height(copy->photo));
    }
    if (copy->http_status == 0) {
        return g_strdup_printf(_("%s: %s"), name, sp_copy_status_title(copy->status));
    }
    return g_strdup_printf(_("%s: %s (HTTP %d)"), name, sp_copy_status_title(copy->status),
                           copy->http_status);
}

const char *
sp_evidence_person(const SpEvidence *evidence)
{
    const SpPerson *person = evidence->person;

    if (person == NULL) {
        return _("this person");
    }
    if (person->display_name != NULL && *person->display_name != '\0') {
        return person->display_name;
    }
    return person->user_principal_name != NULL ? person->user_principal_name : _("this person");
}
