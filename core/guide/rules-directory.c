/* The organisation's own directory and the cloud: who is the master, and what comes through
 * (reference sections 7, 9 and 2.10). */

#include "core/guide/rules.h"
#include "core/i18n.h"
#include "core/services/graph.h"

#define LOW_RESOLUTION_PIXELS 96
#define HD_PIXELS             120 /* larger than any guidance for the directory's thumbnail */
#define CONNECT_CYCLE         (30 * G_TIME_SPAN_MINUTE)

static const SpPhoto *
photo_of(const SpCase *c, int index)
{
    return sp_evidence_has_photo(c->evidence, index) ? sp_evidence_copy(c->evidence, index)->photo
                                                     : NULL;
}

static int
longer_side(const SpPhoto *photo)
{
    return MAX(sp_photo_get_width(photo), sp_photo_get_height(photo));
}

/* Whether directory and cloud, both with a photo or the cloud with none, differ. */
static SpAnswer
directory_differs(const SpCase *c)
{
    if (!sp_evidence_has_photo(c->evidence, c->directory)) {
        return c->directory < 0 || sp_evidence_is_empty(c->evidence, c->directory)
                   ? SP_RULE_NO
                   : SP_RULE_UNKNOWN;
    }
    if (sp_evidence_is_empty(c->evidence, c->cloud)) {
        return SP_RULE_YES;
    }
    switch (sp_evidence_stand(c->evidence, c->directory, c->cloud)) {
    case SP_STAND_SAME: return SP_RULE_NO;
    case SP_STAND_DIFFERENT: return SP_RULE_YES;
    default: return SP_RULE_UNKNOWN;
    }
}

static void
add_both(const SpCase *c, SpNotes *notes)
{
    sp_notes_add_copy(notes, c, c->directory);
    sp_notes_add_copy(notes, c, c->cloud);
    sp_notes_add_fact(notes, c, c->directory, SP_FACT_PHOTO_CHANGED);
    switch (sp_case_policy_source(c)) {
    case SP_POLICY_SOURCE_CLOUD:
        sp_notes_add(notes, _("Policy: photos are managed in the cloud"));
        break;
    case SP_POLICY_SOURCE_ON_PREMISES:
        sp_notes_add(notes, _("Policy: photos are managed in the on-premises directory"));
        break;
    case SP_POLICY_SOURCE_UNKNOWN: break;
    }
}

/* Whether the directory's photo was changed after the last synchronisation: then it has not had
 * its turn yet. */
static SpAnswer
waits_for_synchronisation(const SpCase *c, GDateTime **changed)
{
    const SpPerson *person = c->evidence->person;
    const SpCopy *copy = sp_evidence_copy(c->evidence, c->directory);

    *changed = sp_evidence_parse_time(sp_copy_get_fact(copy, SP_FACT_PHOTO_CHANGED));
    if (*changed == NULL || person == NULL || person->last_synced == NULL) {
        return SP_RULE_UNKNOWN;
    }
    return g_date_time_compare(*changed, person->last_synced) > 0 ? SP_RULE_YES : SP_RULE_NO;
}

/* Whether the cloud's photo is large, the directory's small, and no policy says whose wins. */
static gboolean
is_hd_against_small(const SpCase *c)
{
    const SpPhoto *cloud = photo_of(c, c->cloud);
    const SpPhoto *directory = photo_of(c, c->directory);

    return cloud != NULL && directory != NULL &&
           sp_case_policy_source(c) == SP_POLICY_SOURCE_UNKNOWN &&
           longer_side(cloud) >= HD_PIXELS && longer_side(directory) <= LOW_RESOLUTION_PIXELS;
}

SpAnswer
sp_rule_directory_image_too_large(const SpCase *c, SpNotes *notes)
{
    SpAnswer answer = directory_differs(c);

    if (answer != SP_RULE_YES) {
        return answer;
    }
    if (!sp_case_directory_is_too_large(c)) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes, _("The photo in the directory is too large to be synchronised: it may have "
                          "100 KB at most"));
    sp_notes_add(notes, _("Directory: %d bytes, at most %d are synchronised"),
                 (int) sp_case_bytes(c, c->directory), SP_DIRECTORY_MAX_BYTES);
    add_both(c, notes);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_directory_newer(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = c->evidence->person;
    g_autoptr(GDateTime) changed = NULL;
    SpAnswer answer = directory_differs(c);

    if (answer != SP_RULE_YES) {
        return answer;
    }
    /* Nor does a synchronisation bring what the cloud will not take. */
    if (person == NULL || person->is_synced == SP_NO ||
        sp_case_policy_source(c) == SP_POLICY_SOURCE_CLOUD || sp_case_directory_is_too_large(c) ||
        is_hd_against_small(c)) {
        return SP_RULE_NO;
    }
    answer = waits_for_synchronisation(c, &changed);
    if (answer != SP_RULE_YES) {
        return answer;
    }
    g_autofree char *moment = sp_evidence_moment(c->evidence, changed);
    g_autofree char *stamp = sp_evidence_stamp(person->last_synced);
    sp_notes_say(notes,
                 _("The photo in the directory was changed on %s, after the last "
                   "synchronisation; the next one brings it to the cloud"),
                 moment);
    add_both(c, notes);
    sp_notes_add(notes, _("Last directory synchronisation: %s"), stamp);
    sp_notes_recheck(notes, person->last_synced, CONNECT_CYCLE);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_directory_wins(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = c->evidence->person;
    g_autoptr(GDateTime) changed = NULL;
    SpAnswer answer = directory_differs(c);

    if (answer != SP_RULE_YES) {
        return answer;
    }
    if (person != NULL && person->is_synced == SP_NO) {
        return SP_RULE_NO;
    }
    if (sp_case_policy_source(c) != SP_POLICY_SOURCE_ON_PREMISES) {
        return sp_case_policy_source(c) == SP_POLICY_SOURCE_CLOUD ? SP_RULE_NO : SP_RULE_UNKNOWN;
    }
    if (waits_for_synchronisation(c, &changed) == SP_RULE_YES) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes, _("The directory is the master of photos here, but its photo has not "
                          "arrived in the cloud"));
    add_both(c, notes);
    if (person != NULL && person->last_synced != NULL) {
        g_autofree char *stamp = sp_evidence_stamp(person->last_synced);

        sp_notes_add(notes, _("Last directory synchronisation: %s"), stamp);
        sp_notes_recheck(notes, person->last_synced, CONNECT_CYCLE);
    }
    return SP_RULE_YES;
}

SpAnswer
sp_rule_hd_blocks_directory(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = c->evidence->person;
    SpAnswer answer = directory_differs(c);

    if (answer != SP_RULE_YES) {
        return answer;
    }
    if (!is_hd_against_small(c)) {
        return SP_RULE_NO;
    }
    if (person == NULL || person->is_synced != SP_YES) {
        return person != NULL && person->is_synced == SP_NO ? SP_RULE_NO : SP_RULE_UNKNOWN;
    }
    sp_notes_say(notes,
                 _("The cloud holds a large photo and does not accept the small one from the "
                   "directory in its place"));
    add_both(c, notes);
    sp_notes_add(notes, _("The account is synchronised from the directory"));
    return SP_RULE_YES;
}

SpAnswer
sp_rule_cloud_wins(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = c->evidence->person;
    SpAnswer answer = directory_differs(c);

    if (answer != SP_RULE_YES || !sp_evidence_has_photo(c->evidence, c->cloud)) {
        return answer == SP_RULE_YES ? SP_RULE_NO : answer;
    }
    if (sp_case_policy_source(c) != SP_POLICY_SOURCE_CLOUD && person != NULL &&
        person->is_synced != SP_NO) {
        return sp_case_policy_source(c) == SP_POLICY_SOURCE_UNKNOWN ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    sp_notes_say(notes, _("The directory shows another photo: that is normal where photos are "
                          "managed in the cloud, which never writes them back"));
    add_both(c, notes);
    return SP_RULE_YES;
}

static gboolean
is_hd_size(const SpPhoto *photo)
{
    return sp_photo_get_width(photo) == sp_photo_get_height(photo) &&
           sp_graph_is_mailbox_side(sp_photo_get_width(photo));
}

/* Graph answers from the mailbox first and from Entra's small picture where that is empty; it does
 * not say which. A small side that no mailbox photo has tells; so does the directory where it shows
 * the same one and SharePoint still another. A larger side tells nothing by itself: live answers
 * have 256 (reference 0 and 2.2). */
static SpAnswer
is_fallback(const SpCase *c, const SpPhoto *photo)
{
    gboolean is_unusual = !is_hd_size(photo);
    gboolean is_the_directorys =
        sp_evidence_stand(c->evidence, c->directory, c->graph) == SP_STAND_SAME &&
        sp_evidence_stand(c->evidence, c->sharepoint_best, c->graph) == SP_STAND_DIFFERENT;

    if (sp_case_bytes(c, c->graph) > SP_DIRECTORY_MAX_BYTES) {
        return SP_RULE_NO;
    }
    if (is_unusual ? is_the_directorys || longer_side(photo) < HD_PIXELS
                   : is_the_directorys && longer_side(photo) <= LOW_RESOLUTION_PIXELS) {
        return SP_RULE_YES;
    }
    return is_unusual ? SP_RULE_UNKNOWN : SP_RULE_NO;
}

SpAnswer
sp_rule_fallback_after_deletion(const SpCase *c, SpNotes *notes)
{
    const SpPhoto *photo = photo_of(c, c->graph);
    g_autofree char *name = sp_evidence_name(c->evidence, c->graph);

    if (photo == NULL || is_fallback(c, photo) != SP_RULE_YES) {
        return photo == NULL ? SP_RULE_NO : is_fallback(c, photo);
    }
    sp_notes_say(notes,
                 _("%s has no photo of its own and shows a small one from the directory in its "
                   "place, as it does after a photo was deleted"),
                 name);
    sp_notes_add_copy(notes, c, c->graph);
    if (!is_hd_size(photo)) {
        sp_notes_add(notes, _("No photo in a mailbox has these sides; a directory's may"));
    }
    sp_notes_add_copy(notes, c, c->directory);
    sp_notes_add_copy(notes, c, c->sharepoint_best);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_low_resolution_only(const SpCase *c, SpNotes *notes)
{
    const SpPhoto *photo = photo_of(c, c->graph);

    if (photo == NULL || longer_side(photo) > LOW_RESOLUTION_PIXELS ||
        is_fallback(c, photo) == SP_RULE_YES) {
        return SP_RULE_NO;
    }
    /* Another photo is on its way, or nobody may upload a larger one. */
    if (notes->is_explained || sp_case_policy_source(c) == SP_POLICY_SOURCE_ON_PREMISES) {
        return SP_RULE_NO;
    }
    /* Larger copies of SharePoint and Viva Engage are only blown up from this one. */
    const SpPhoto *mailbox = photo_of(c, c->exchange);
    if (mailbox != NULL && longer_side(mailbox) > LOW_RESOLUTION_PIXELS) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("Only a small photo of %d pixels is stored, as a directory holds them: it "
                   "looks blurred wherever it is shown large"),
                 longer_side(photo));
    sp_notes_add_copy(notes, c, c->graph);
    sp_notes_add_copy(notes, c, c->directory);
    sp_notes_add_fact(notes, c, c->graph, SP_FACT_SIZES);
    return SP_RULE_YES;
}
