/* SharePoint keeps three files of its own and asks for a new photo only when the owner opens a page
 * with their own large picture, at most once a day (reference 3.3, 3.6). */

#include "core/guide/rules.h"
#include "core/i18n.h"

/* A fact of the profile; it stands on whichever of the three copies were read. */
static const char *
profile_fact(const SpCase *c, const char *name)
{
    for (int i = 2; i >= 0; i--) {
        const SpCopy *copy = sp_evidence_copy(c->evidence, c->sharepoint[i]);
        const char *value = copy != NULL ? sp_copy_get_fact(copy, name) : NULL;

        if (value != NULL) {
            return value;
        }
    }
    return NULL;
}

static GDateTime *
fetched_at(const SpCase *c)
{
    return sp_evidence_picture_time(sp_evidence_copy(c->evidence, c->sharepoint_best));
}

/* What the states of the profile mean, with the property's name for whoever looks it up. */
static const struct {
    const char *name;
    const char *value;
    const char *sentence;
} states[] = {
    {SP_FACT_EXCHANGE_SYNC, "1",
     N_("The profile lets SharePoint fetch the photo "
        "(SPS-PictureExchangeSyncState is 1)")},
    {SP_FACT_EXCHANGE_SYNC, "0",
     N_("The profile keeps SharePoint from fetching "
        "(SPS-PictureExchangeSyncState is 0)")},
    {SP_FACT_PLACEHOLDER_STATE, "0",
     N_("The profile counts its picture as a photo "
        "(SPS-PicturePlaceholderState is 0)")},
    {SP_FACT_PLACEHOLDER_STATE, "1",
     N_("The profile holds a placeholder "
        "(SPS-PicturePlaceholderState is 1)")},
};

static void
add_profile(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GDateTime) time = fetched_at(c);

    sp_notes_add_copy(notes, c, c->cloud);
    sp_notes_add_copy(notes, c, c->sharepoint_best);
    if (time != NULL) {
        g_autofree char *stamp = sp_evidence_stamp(time);

        sp_notes_add(notes, _("SharePoint refreshed its copy at %s"), stamp);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        if (g_strcmp0(profile_fact(c, states[i].name), states[i].value) == 0) {
            sp_notes_add(notes, "%s", _(states[i].sentence));
        }
    }
}

/* The services that show the cloud's photo, by name. */
static char *
up_to_date(const SpCase *c)
{
    g_autoptr(GArray) indexes = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < c->evidence->n_copies; i++) {
        if ((int) i != c->file &&
            sp_evidence_stand(c->evidence, (int) i, c->cloud) == SP_STAND_SAME) {
            g_array_append_val(indexes, i);
        }
    }
    return sp_evidence_names(c->evidence, indexes);
}

/* Whether the sizes contradict one another: two photos, or a photo and none. */
static gboolean
sizes_disagree(const SpCase *c)
{
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            SpStand stand = sp_evidence_stand(c->evidence, c->sharepoint[i], c->sharepoint[j]);

            if (i == j || !sp_evidence_has_photo(c->evidence, c->sharepoint[j])) {
                continue;
            }
            if (stand == SP_STAND_DIFFERENT || stand == SP_STAND_EMPTY) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* How SharePoint as a whole stands to the cloud's photo. */
static SpStand
sharepoint_stand(const SpCase *c)
{
    if (!sp_evidence_has_photo(c->evidence, c->cloud)) {
        return SP_STAND_UNREAD;
    }
    return sp_evidence_stand(c->evidence, c->sharepoint_best, c->cloud);
}

SpAnswer
sp_rule_sharepoint_sync_off(const SpCase *c, SpNotes *notes)
{
    SpStand stand = sharepoint_stand(c);
    const char *state = profile_fact(c, SP_FACT_EXCHANGE_SYNC);
    const SpPerson *person = c->evidence->person;

    if (stand != SP_STAND_DIFFERENT && stand != SP_STAND_EMPTY) {
        return stand == SP_STAND_SAME ? SP_RULE_NO : SP_RULE_UNKNOWN;
    }
    if (state == NULL) {
        return SP_RULE_UNKNOWN;
    }
    if (g_strcmp0(state, "0") != 0 || person == NULL || person->has_exchange_plan == SP_NO) {
        return SP_RULE_NO;
    }
    if (person->has_exchange_plan == SP_UNKNOWN) {
        return SP_RULE_UNKNOWN;
    }
    sp_notes_say(notes,
                 _("SharePoint no longer fetches the photo of %s: fetching is switched off "
                   "in the profile"),
                 sp_evidence_person(c->evidence));
    add_profile(c, notes);
    sp_notes_add(notes, _("The account has an Exchange Online licence"));
    return SP_RULE_YES;
}

SpAnswer
sp_rule_thumbnails_disagree(const SpCase *c, SpNotes *notes)
{
    if (!sizes_disagree(c)) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes, _("The small, medium and large picture in SharePoint do not show the same "
                          "photo: it was rebuilt only in part"));
    for (int i = 0; i < 3; i++) {
        const SpCopy *copy = sp_evidence_copy(c->evidence, c->sharepoint[i]);

        if (copy == NULL || copy->status == SP_COPY_SKIPPED) {
            continue;
        }
        sp_notes_add_copy(notes, c, c->sharepoint[i]);
        if (copy->last_modified != NULL) {
            g_autofree char *stamp = sp_evidence_stamp(copy->last_modified);

            sp_notes_add(notes, _("%s: file changed at %s"), copy->title, stamp);
        }
    }
    return SP_RULE_YES;
}

/* Whether there was a picture once: an administrator's remedy is to delete the files, or to clear
 * the picture in the profile (reference 3.8). */
static gboolean
is_picture_gone(const SpCase *c)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, c->sharepoint_best);
    const char *url = profile_fact(c, SP_FACT_PICTURE_URL);
    g_autoptr(GDateTime) time = fetched_at(c);

    return copy->status == SP_COPY_ABSENT && (time != NULL || (url != NULL && *url != '\0'));
}

SpAnswer
sp_rule_sharepoint_never_synced(const SpCase *c, SpNotes *notes)
{
    SpStand stand = sharepoint_stand(c);

    if (stand != SP_STAND_EMPTY || sizes_disagree(c)) {
        return stand == SP_STAND_UNREAD || stand == SP_STAND_UNSURE ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    /* An obstacle is a finding of its own, and opening a page does not help. */
    if (!sp_evidence_expects_photo(c->evidence, c->sharepoint_best) ||
        sp_case_sharepoint_obstacle(c) != NULL) {
        return SP_RULE_NO;
    }
    g_autofree char *others = up_to_date(c);
    sp_notes_say(notes,
                 is_picture_gone(c)
                     ? _("SharePoint's picture of %s is gone and has not been fetched again; the "
                         "photo is in %s")
                     : _("SharePoint has never fetched the photo of %s; it is in %s"),
                 sp_evidence_person(c->evidence), others);
    add_profile(c, notes);
    if (g_strcmp0(profile_fact(c, SP_FACT_PICTURE_URL), "") == 0) {
        sp_notes_add(notes, _("%s is empty"), SP_FACT_PICTURE_URL);
    }
    sp_notes_recheck(notes, c->evidence->now, 0);
    return SP_RULE_YES;
}

/* The age of SharePoint's copy where it shows another photo than the cloud, both known, and nothing
 * but time and a visit is missing. */
static SpAnswer
differs_since(const SpCase *c, GDateTime **time)
{
    SpStand stand = sharepoint_stand(c);

    if (stand != SP_STAND_DIFFERENT || sizes_disagree(c)) {
        return stand == SP_STAND_UNREAD || stand == SP_STAND_UNSURE ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    if (sp_case_sharepoint_obstacle(c) != NULL) {
        return SP_RULE_NO;
    }
    *time = fetched_at(c);
    return *time == NULL || c->evidence->now == NULL ? SP_RULE_UNKNOWN : SP_RULE_YES;
}

SpAnswer
sp_rule_sharepoint_not_yet(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GDateTime) time = NULL;
    SpAnswer answer = differs_since(c, &time);

    if (answer != SP_RULE_YES) {
        return answer;
    }
    if (g_date_time_difference(c->evidence->now, time) >= G_TIME_SPAN_DAY) {
        return SP_RULE_NO;
    }
    g_autoptr(GDateTime) next = g_date_time_add(time, G_TIME_SPAN_DAY);
    g_autofree char *moment = sp_evidence_moment(c->evidence, next);
    sp_notes_say(notes,
                 _("SharePoint does not have the new photo yet: it asks for one at most once "
                   "a day, next after %s"),
                 moment);
    add_profile(c, notes);
    sp_notes_recheck(notes, time, G_TIME_SPAN_DAY);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_sharepoint_stale(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GDateTime) time = NULL;
    SpAnswer answer = differs_since(c, &time);

    if (answer != SP_RULE_YES) {
        return answer;
    }
    if (g_date_time_difference(c->evidence->now, time) < G_TIME_SPAN_DAY) {
        return SP_RULE_NO;
    }
    g_autofree char *day = sp_evidence_day(c->evidence, time);
    g_autofree char *others = up_to_date(c);
    sp_notes_say(notes,
                 _("SharePoint still shows the photo that it fetched on %s; the newer one is "
                   "in %s"),
                 day, others);
    add_profile(c, notes);
    sp_notes_recheck(notes, c->evidence->now, 0);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_deleted_in_cloud(const SpCase *c, SpNotes *notes)
{
    if (!sp_evidence_is_empty(c->evidence, c->graph)) {
        return c->graph < 0 || sp_evidence_has_photo(c->evidence, c->graph) ? SP_RULE_NO
                                                                            : SP_RULE_UNKNOWN;
    }
    if (!sp_evidence_has_photo(c->evidence, c->sharepoint_best) ||
        sp_evidence_has_photo(c->evidence, c->exchange)) {
        return SP_RULE_NO;
    }
    g_autofree char *name = sp_evidence_name(c->evidence, c->graph);
    sp_notes_say(notes, _("The photo is gone from %s, but SharePoint still shows its old copy"),
                 name);
    sp_notes_add_copy(notes, c, c->graph);
    sp_notes_add_fact(notes, c, c->graph, SP_FACT_ERROR_CODE);
    add_profile(c, notes);
    return SP_RULE_YES;
}
