/* What the pictures themselves say, whatever the services behind them. */

#include "core/guide/rules.h"
#include "core/i18n.h"

#define TEAMS_CACHE_DAYS 60

static GArray *
indexes_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(guint));
}

/* The copies with that stand; the given file is no service. */
static GArray *
services_that(const SpCase *c, int against, SpStand stand)
{
    GArray *indexes = indexes_new();

    for (guint i = 0; i < c->evidence->n_copies; i++) {
        if ((int) i != c->file && sp_evidence_stand(c->evidence, (int) i, against) == stand) {
            g_array_append_val(indexes, i);
        }
    }
    return indexes;
}

static void
add_each(SpNotes *notes, const SpCase *c, const GArray *indexes)
{
    for (guint i = 0; i < indexes->len; i++) {
        sp_notes_add_copy(notes, c, (int) g_array_index(indexes, guint, i));
    }
}

/* Microsoft 365 takes JPEG and PNG up to 4 MB; what is no square is cut to one (reference 2.4). */
#define MAX_UPLOAD_BYTES (4 * 1024 * 1024)
#define MAX_ASPECT       1.05

static void
add_faults(SpNotes *notes, const SpPhoto *photo)
{
    const char *format = sp_photo_get_format(photo);
    gsize length = g_bytes_get_size(sp_photo_get_bytes(photo));
    int width = sp_photo_get_width(photo);
    int height = sp_photo_get_height(photo);

    if (!g_str_equal(format, "jpeg") && !g_str_equal(format, "png")) {
        sp_notes_add(notes, _("Its format is %s; JPEG and PNG can be uploaded"), format);
    }
    if (length > MAX_UPLOAD_BYTES) {
        sp_notes_add(notes, _("It has %.1f MB; 4 MB is the most that can be uploaded"),
                     (double) length / (1024 * 1024));
    }
    if (MAX(width, height) > MIN(width, height) * MAX_ASPECT) {
        sp_notes_add(notes, _("It is %d × %d pixels: what is no square is cut to one"), width,
                     height);
    }
}

/* Only as the reason why it did not arrive: a picture that did arrive was good enough. */
SpAnswer
sp_rule_reference_unsuitable(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;

    if (!sp_evidence_has_photo(e, c->file)) {
        return SP_RULE_NO;
    }
    if (!sp_evidence_is_empty(e, c->cloud) &&
        sp_evidence_stand(e, c->cloud, c->file) != SP_STAND_DIFFERENT) {
        return sp_evidence_stand(e, c->cloud, c->file) == SP_STAND_SAME ? SP_RULE_NO
                                                                        : SP_RULE_UNKNOWN;
    }
    add_faults(notes, sp_evidence_copy(e, c->file)->photo);
    if (notes->lines->len == 0) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes, _("The given picture is not in Microsoft 365, and cannot be uploaded as it "
                          "is"));
    return SP_RULE_YES;
}

SpAnswer
sp_rule_reference_not_uploaded(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;

    if (!sp_evidence_has_photo(e, c->file)) {
        return SP_RULE_NO;
    }
    if (!sp_evidence_is_empty(e, c->cloud) &&
        sp_evidence_stand(e, c->cloud, c->file) != SP_STAND_DIFFERENT) {
        return sp_evidence_stand(e, c->cloud, c->file) == SP_STAND_SAME ? SP_RULE_NO
                                                                        : SP_RULE_UNKNOWN;
    }
    g_autoptr(GArray) same = services_that(c, c->file, SP_STAND_SAME);
    if (same->len > 0) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes, _("The given picture is not in Microsoft 365 yet: no service shows it"));
    sp_notes_add_copy(notes, c, c->file);
    sp_notes_add_copy(notes, c, c->cloud);
    return SP_RULE_YES;
}

/* A server of the organisation's own keeps photos of its own (reference, section 1). */
static gboolean
has_own_store(const SpCase *c)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, c->exchange);
    const char *kind = copy != NULL ? sp_copy_get_fact(copy, SP_FACT_EXCHANGE_KIND) : NULL;

    return g_strcmp0(kind, "on-premises") == 0 ||
           sp_evidence_mailbox_is_on_premises(c->evidence) == SP_YES;
}

SpAnswer
sp_rule_exchange_differs(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;
    const SpCopy *graph = sp_evidence_copy(e, c->graph);
    SpStand stand = sp_evidence_stand(e, c->exchange, c->graph);
    gboolean is_missing = stand == SP_STAND_EMPTY && sp_evidence_has_photo(e, c->graph) &&
                          sp_evidence_expects_photo(e, c->exchange);
    gboolean is_alone = sp_evidence_is_empty(e, c->graph) && sp_evidence_has_photo(e, c->exchange);

    if (graph == NULL || stand == SP_STAND_NOT_ASKED || stand == SP_STAND_SAME ||
        has_own_store(c)) {
        return SP_RULE_NO;
    }
    if (stand != SP_STAND_DIFFERENT && !is_missing && !is_alone) {
        return stand == SP_STAND_EMPTY ? SP_RULE_NO : SP_RULE_UNKNOWN;
    }
    sp_notes_say(notes, _("The mailbox in Exchange does not show the same photo as Microsoft 365, "
                          "although they share one store"));
    sp_notes_add_copy(notes, c, c->graph);
    sp_notes_add_copy(notes, c, c->exchange);
    sp_notes_recheck(notes, e->now, G_TIME_SPAN_HOUR);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_viva_engage_stale(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;
    SpStand stand = sp_evidence_stand(e, c->engage, c->cloud);

    if (stand == SP_STAND_NOT_ASKED || stand == SP_STAND_SAME) {
        return SP_RULE_NO;
    }
    if (sp_evidence_is_empty(e, c->cloud)) {
        return SP_RULE_NO;
    }
    if (!sp_evidence_has_photo(e, c->cloud) ||
        (stand != SP_STAND_DIFFERENT && stand != SP_STAND_EMPTY)) {
        return SP_RULE_UNKNOWN;
    }
    if (stand == SP_STAND_EMPTY && !sp_evidence_expects_photo(e, c->engage)) {
        return SP_RULE_NO;
    }
    if (stand == SP_STAND_EMPTY) {
        sp_notes_say(notes, _("Viva Engage has no photo yet: it fetches one when %s next uses it"),
                     sp_evidence_person(e));
    } else {
        sp_notes_say(notes,
                     _("Viva Engage still shows another photo: it fetches the new one when "
                       "%s next uses it"),
                     sp_evidence_person(e));
    }
    sp_notes_add_copy(notes, c, c->cloud);
    sp_notes_add_copy(notes, c, c->engage);
    return SP_RULE_YES;
}

/* A copy of none of the services known by name is a [source NAME] of the settings. */
static gboolean
is_source(const SpCopy *copy)
{
    static const char *const known[] = {"file",         "graph",     "entra",        "exchange",
                                        "viva-engage",  "directory", "sharepoint-s", "sharepoint-m",
                                        "sharepoint-l", NULL};

    return copy != NULL && !g_strv_contains(known, copy->service);
}

SpAnswer
sp_rule_source_differs(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;
    g_autoptr(GArray) indexes = indexes_new();
    gboolean has_cloud = sp_evidence_has_photo(e, c->cloud);
    gboolean is_unknown = FALSE;

    for (guint i = 0; i < e->n_copies; i++) {
        SpStand stand = sp_evidence_stand(e, (int) i, c->cloud);

        if (!is_source(e->copies[i]) || stand == SP_STAND_NOT_ASKED) {
            continue;
        }
        if ((has_cloud && (stand == SP_STAND_DIFFERENT || stand == SP_STAND_EMPTY)) ||
            (sp_evidence_is_empty(e, c->cloud) && sp_evidence_has_photo(e, (int) i))) {
            g_array_append_val(indexes, i);
        } else if (stand != SP_STAND_SAME) {
            is_unknown = TRUE;
        }
    }
    if (indexes->len == 0) {
        return is_unknown ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    g_autofree char *names = sp_evidence_names(e, indexes);
    sp_notes_say(notes,
                 ngettext("%s does not show the photo of Microsoft 365: nothing keeps the two the "
                          "same by itself",
                          "%s do not show the photo of Microsoft 365: nothing keeps them the same "
                          "by itself",
                          sp_evidence_count_names(e, indexes)),
                 names);
    sp_notes_add_copy(notes, c, c->cloud);
    add_each(notes, c, indexes);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_unsure_look_alike(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;
    g_autoptr(GArray) indexes = indexes_new();

    if (e->groups == NULL) {
        return SP_RULE_UNKNOWN;
    }
    for (guint i = 0; i < e->n_copies; i++) {
        if (sp_evidence_has_photo(e, (int) i) && sp_groups_of(e->groups, i) == SP_GROUP_NONE) {
            g_array_append_val(indexes, i);
        }
    }
    if (indexes->len == 0) {
        return SP_RULE_NO;
    }
    g_autofree char *names = sp_evidence_names(e, indexes);
    sp_notes_say(notes,
                 ngettext("Whether %s shows the same photo cannot be told from the pictures: it "
                          "looks alike, as another shot of the same moment would",
                          "Whether %s show the same photo cannot be told from the pictures: they "
                          "look alike, as another shot of the same moment would",
                          sp_evidence_count_names(e, indexes)),
                 names);
    for (guint i = 0; i < indexes->len; i++) {
        guint index = g_array_index(indexes, guint, i);
        const SpComparison *comparison = sp_groups_to_reference(e->groups, index);

        sp_notes_add_copy(notes, c, (int) index);
        if (comparison != NULL && comparison->why != NULL) {
            g_autofree char *name = sp_evidence_name(e, (int) index);

            sp_notes_add(notes, _("%s: %s"), name, comparison->why);
        }
    }
    return SP_RULE_YES;
}

/* So that a difference is never left without a word; it claims no cause. */
SpAnswer
sp_rule_copies_differ(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;

    if (c->verdict != SP_VERDICT_OUT_OF_SYNC || notes->is_explained) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes, _("The copies do not show the same photo, and what was read does not tell "
                          "why"));
    for (guint i = 0; i < e->n_copies; i++) {
        if (sp_evidence_has_photo(e, (int) i) || sp_evidence_is_empty(e, (int) i)) {
            sp_notes_add_copy(notes, c, (int) i);
        }
    }
    return SP_RULE_YES;
}

SpAnswer
sp_rule_recropped(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;
    g_autoptr(GArray) indexes = indexes_new();

    if (e->groups == NULL || e->reference < 0) {
        return SP_RULE_UNKNOWN;
    }
    for (guint i = 0; i < e->n_copies; i++) {
        const SpComparison *comparison = sp_groups_to_reference(e->groups, i);

        if ((int) i != e->reference && comparison != NULL &&
            comparison->relation == SP_RELATION_RECROPPED) {
            g_array_append_val(indexes, i);
        }
    }
    if (indexes->len == 0) {
        return SP_RULE_NO;
    }
    g_autofree char *names = sp_evidence_names(e, indexes);
    sp_notes_say(notes, _("The same photo, cut differently, in %s: that does no harm"), names);
    sp_notes_add_copy(notes, c, e->reference);
    add_each(notes, c, indexes);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_in_sync(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GArray) indexes = indexes_new();

    if (c->verdict != SP_VERDICT_IN_SYNC) {
        return c->verdict == SP_VERDICT_INCOMPLETE ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    for (guint i = 0; i < c->evidence->n_copies; i++) {
        if (sp_evidence_has_photo(c->evidence, (int) i)) {
            g_array_append_val(indexes, i);
        }
    }
    g_autofree char *names = sp_evidence_names(c->evidence, indexes);
    sp_notes_say(notes, _("The photo is the same everywhere: no copy lags behind"));
    sp_notes_add(notes, _("The same photo in %s"), names);
    return SP_RULE_YES;
}

/* Not where an earlier rule says who else has to add it, or where, or when: a guest elsewhere, an
 * administrator where people may not. */
SpAnswer
sp_rule_no_photo(const SpCase *c, SpNotes *notes)
{
    if (notes->is_explained) {
        return SP_RULE_NO;
    }
    if (c->verdict != SP_VERDICT_NO_PHOTO) {
        return c->verdict == SP_VERDICT_INCOMPLETE ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    sp_notes_say(notes, _("%s has no photo in any service: one has to be added"),
                 sp_evidence_person(c->evidence));
    for (guint i = 0; i < c->evidence->n_copies; i++) {
        if (sp_evidence_is_empty(c->evidence, (int) i)) {
            sp_notes_add_copy(notes, c, (int) i);
        }
    }
    return SP_RULE_YES;
}

/* Any copy with a photo: where all show the same one, each stands for all. */
static int
any_photo(const SpCase *c)
{
    for (guint i = 0; i < c->evidence->n_copies; i++) {
        if (sp_evidence_has_photo(c->evidence, (int) i)) {
            return (int) i;
        }
    }
    return -1;
}

/* Where every service agrees, only the app that the person looks at can hold another photo. */
SpAnswer
sp_rule_client_shows_other(const SpCase *c, SpNotes *notes)
{
    const SpEvidence *e = c->evidence;
    int seen = sp_evidence_other_seen(e, any_photo(c));

    if (c->verdict != SP_VERDICT_IN_SYNC) {
        return c->verdict == SP_VERDICT_INCOMPLETE ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    if (seen < 0) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("Every service has the same photo, but the person sees another one: the app "
                   "or browser they look at keeps it in its own memory, Teams for up to %d days"),
                 TEAMS_CACHE_DAYS);
    sp_notes_add(notes, _("%s: a photo of %d × %d pixels, another one than in the services"),
                 e->copies[seen]->title, sp_photo_get_width(e->copies[seen]->photo),
                 sp_photo_get_height(e->copies[seen]->photo));
    sp_notes_add(notes, _("Every copy that can be read shows the same photo"));
    sp_notes_recheck(notes, e->now, G_TIME_SPAN_DAY);
    return SP_RULE_YES;
}

/* When SharePoint last fetched is the one time that says since when a client may lag. */
SpAnswer
sp_rule_client_cache(const SpCase *c, SpNotes *notes)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, c->sharepoint_best);

    if (c->verdict != SP_VERDICT_IN_SYNC) {
        return c->verdict == SP_VERDICT_INCOMPLETE ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    if (sp_evidence_other_seen(c->evidence, any_photo(c)) >= 0) {
        return SP_RULE_NO; /* it is the headline then */
    }
    sp_notes_say(notes,
                 _("If an app still shows an older photo, it keeps it in its own memory: "
                   "Teams for up to %d days, a browser for about one"),
                 TEAMS_CACHE_DAYS);
    sp_notes_add(notes, _("Every copy that can be read shows the same photo"));
    g_autoptr(GDateTime) time = sp_evidence_picture_time(copy);
    if (time != NULL) {
        g_autoptr(GDateTime) until = g_date_time_add_days(time, TEAMS_CACHE_DAYS);
        g_autofree char *stamp = sp_evidence_stamp(time);
        g_autofree char *day = sp_evidence_day(c->evidence, until);

        sp_notes_add(notes, _("SharePoint refreshed its copy at %s"), stamp);
        if (c->evidence->now != NULL && g_date_time_compare(until, c->evidence->now) > 0) {
            sp_notes_add(notes, _("Teams may keep an older photo until %s"), day);
        }
    }
    return SP_RULE_YES;
}
