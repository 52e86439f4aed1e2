/* Walks the rows of the rule table, each with fresh notes, and turns those that say yes into
 * findings. The verdict comes before and independently of any rule. */

#include "core/guide/diagnose.h"

#include "core/guide/evidence.h"
#include "core/guide/rules.h"
#include "core/i18n.h"

#define PLAYBOOK "profile-photo"

typedef struct {
    const char *name;
    const char *title;
} Word;

static const Word severities[] = {
    [SP_SEVERITY_OK] = {"ok", N_("all is well")},
    [SP_SEVERITY_INFO] = {"info", N_("good to know")},
    [SP_SEVERITY_WAIT] = {"wait", N_("mends itself in time")},
    [SP_SEVERITY_ACTION] = {"action", N_("something to do")},
    [SP_SEVERITY_PROBLEM] = {"problem", N_("could not look")},
};

static const Word confidences[] = {
    [SP_CONFIDENCE_DOCUMENTED] = {"documented", N_("documented by Microsoft")},
    [SP_CONFIDENCE_COMMUNITY] = {"community", N_("seen by many administrators")},
    [SP_CONFIDENCE_INFERRED] = {"inferred", N_("follows from what was read")},
};

static const Word actors[] = {
    [SP_ACTOR_NOBODY] = {"nobody", N_("nobody")},
    [SP_ACTOR_USER] = {"user", N_("the person")},
    [SP_ACTOR_AGENT] = {"agent", N_("the helpdesk")},
    [SP_ACTOR_ADMIN] = {"admin", N_("an administrator")},
};

static const char *const verdicts[] = {
    [SP_VERDICT_IN_SYNC] = "in-sync",
    [SP_VERDICT_OUT_OF_SYNC] = "out-of-sync",
    [SP_VERDICT_NO_PHOTO] = "no-photo",
    [SP_VERDICT_INCOMPLETE] = "incomplete",
};

const char *
sp_severity_name(SpSeverity severity)
{
    g_return_val_if_fail((gsize) severity < G_N_ELEMENTS(severities), NULL);
    return severities[severity].name;
}

const char *
sp_severity_title(SpSeverity severity)
{
    g_return_val_if_fail((gsize) severity < G_N_ELEMENTS(severities), NULL);
    return _(severities[severity].title);
}

const char *
sp_confidence_name(SpConfidence confidence)
{
    g_return_val_if_fail((gsize) confidence < G_N_ELEMENTS(confidences), NULL);
    return confidences[confidence].name;
}

const char *
sp_confidence_title(SpConfidence confidence)
{
    g_return_val_if_fail((gsize) confidence < G_N_ELEMENTS(confidences), NULL);
    return _(confidences[confidence].title);
}

const char *
sp_actor_name(SpActor actor)
{
    g_return_val_if_fail((gsize) actor < G_N_ELEMENTS(actors), NULL);
    return actors[actor].name;
}

const char *
sp_actor_title(SpActor actor)
{
    g_return_val_if_fail((gsize) actor < G_N_ELEMENTS(actors), NULL);
    return _(actors[actor].title);
}

const char *
sp_verdict_name(SpVerdict verdict)
{
    g_return_val_if_fail((gsize) verdict < G_N_ELEMENTS(verdicts), NULL);
    return verdicts[verdict];
}

void
sp_finding_free(SpFinding *finding)
{
    if (finding == NULL) {
        return;
    }
    g_free(finding->id);
    g_free(finding->summary);
    g_strfreev(finding->evidence);
    g_free(finding->remedy);
    g_free(finding->source);
    g_free(finding->source_url);
    g_free(finding->source_date);
    g_clear_pointer(&finding->recheck_after, g_date_time_unref);
    g_free(finding);
}

static SpFinding *
finding_new(const SpRule *rule, SpNotes *notes)
{
    SpFinding *finding = g_new0(SpFinding, 1);

    finding->id = g_strdup(rule->id);
    finding->severity = rule->severity;
    finding->confidence = rule->confidence;
    finding->actor = rule->actor;
    finding->summary = g_steal_pointer(&notes->summary);
    finding->remedy = g_strdup_printf(PLAYBOOK "#%s", rule->section);
    finding->source = g_strdup(rule->source->title);
    finding->source_url = g_strdup(rule->source->url);
    finding->source_date = g_strdup(rule->source->date);
    finding->recheck_after = g_steal_pointer(&notes->recheck_after);

    g_ptr_array_add(notes->lines, NULL);
    finding->evidence = (GStrv) g_ptr_array_free(g_steal_pointer(&notes->lines), FALSE);
    return finding;
}

static void
notes_clear(SpNotes *notes)
{
    g_free(notes->summary);
    g_clear_pointer(&notes->recheck_after, g_date_time_unref);
    if (notes->lines != NULL) {
        g_ptr_array_set_free_func(notes->lines, g_free);
        g_ptr_array_unref(notes->lines);
    }
}

static gboolean
explains(const SpRule *rule, const SpCase *c)
{
    switch (rule->explains) {
    case SP_EXPLAINS_NOTHING: return FALSE;
    case SP_EXPLAINS_SHAREPOINT:
        return c->verdict == SP_VERDICT_NO_PHOTO || sp_case_lags(c, c->sharepoint_best);
    case SP_EXPLAINS_ALL: break;
    }
    return TRUE;
}

GPtrArray *
sp_diagnose(const SpEvidence *evidence)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func((GDestroyNotify) sp_finding_free);
    SpCase c = sp_case_new(evidence);
    gboolean is_explained = FALSE;

    for (const SpRule *rule = sp_rules(); rule->id != NULL; rule++) {
        SpNotes notes = {
            .lines = g_ptr_array_new(), .is_explained = is_explained, .n_findings = findings->len};

        if (rule->applies(&c, &notes) == SP_RULE_YES) {
            g_ptr_array_add(findings, finding_new(rule, &notes));
            is_explained = is_explained || explains(rule, &c);
        }
        notes_clear(&notes);
    }
    return findings;
}

/* What all copies together come to. A plain value. */
typedef struct {
    guint n_photos;
    guint n_services; /* photos that are not the given file */
    guint n_empty;    /* "no photo" where one is expected */
    guint n_answers;
    gboolean is_split;  /* two groups */
    gboolean is_unsure; /* a photo that belongs to no group */
    gboolean is_unread;
} Tally;

static void
count_photo(Tally *tally, const SpEvidence *evidence, guint index, int *group)
{
    int own = evidence->groups != NULL ? sp_groups_of(evidence->groups, index) : SP_GROUP_NONE;

    tally->n_photos++;
    tally->n_services += g_str_equal(evidence->copies[index]->service, "file") ? 0 : 1;
    if (own == SP_GROUP_NONE) {
        tally->is_unsure = TRUE;
    } else if (*group == SP_GROUP_NONE) {
        *group = own;
    } else if (own != *group) {
        tally->is_split = TRUE;
    }
}

static Tally
count(const SpEvidence *evidence)
{
    Tally tally = {0};
    int group = SP_GROUP_NONE;

    for (guint i = 0; i < evidence->n_copies; i++) {
        const SpCopy *copy = evidence->copies[i];

        if (copy != NULL && copy->status == SP_COPY_SKIPPED) {
            continue;
        }
        if (copy == NULL || !sp_copy_status_is_answer(copy->status)) {
            tally.is_unread = TRUE;
            continue;
        }
        tally.n_answers++;
        if (sp_evidence_has_photo(evidence, (int) i)) {
            count_photo(&tally, evidence, i, &group);
        } else if (sp_evidence_expects_photo(evidence, (int) i)) {
            tally.n_empty++;
        }
    }
    return tally;
}

/* A reference was given or chosen, answered, and is no photo: agreement of the others would be no
 * agreement with it. */
static gboolean
has_empty_reference(const SpEvidence *evidence)
{
    const SpCopy *copy = sp_evidence_copy(evidence, evidence->reference);

    return copy != NULL && sp_copy_status_is_answer(copy->status) &&
           !sp_evidence_has_photo(evidence, evidence->reference);
}

SpVerdict
sp_diagnose_verdict(const SpEvidence *evidence)
{
    Tally tally = count(evidence);

    if (tally.is_split || (tally.n_photos > 0 && tally.n_empty > 0)) {
        return SP_VERDICT_OUT_OF_SYNC;
    }
    if (tally.is_unread || tally.is_unsure || tally.n_answers == 0) {
        return SP_VERDICT_INCOMPLETE;
    }
    if (tally.n_photos == 0) {
        return SP_VERDICT_NO_PHOTO;
    }
    return tally.n_services > 0 && !has_empty_reference(evidence) ? SP_VERDICT_IN_SYNC
                                                                  : SP_VERDICT_INCOMPLETE;
}

static GArray *
copies_that(const SpEvidence *evidence, int against, SpStand stand)
{
    GArray *indexes = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < evidence->n_copies; i++) {
        if (sp_evidence_stand(evidence, (int) i, against) != stand ||
            (stand == SP_STAND_EMPTY && !sp_evidence_expects_photo(evidence, (int) i))) {
            continue;
        }
        g_array_append_val(indexes, i);
    }
    return indexes;
}

/* The copy that a difference is told from: the reference where it shows a photo, else the first
 * one; one whose photo cannot be told from others only where there is nothing else. */
static int
yardstick(const SpEvidence *evidence)
{
    int ungrouped = -1;

    if (sp_evidence_has_photo(evidence, evidence->reference)) {
        return evidence->reference;
    }
    for (int i = 0; i < (int) evidence->n_copies; i++) {
        if (!sp_evidence_has_photo(evidence, i)) {
            continue;
        }
        if (evidence->groups != NULL &&
            sp_groups_of(evidence->groups, (guint) i) != SP_GROUP_NONE) {
            return i;
        }
        ungrouped = ungrouped < 0 ? i : ungrouped;
    }
    return ungrouped;
}

static char *
tell_difference(const SpEvidence *evidence)
{
    int against = yardstick(evidence);
    g_autoptr(GArray) same = copies_that(evidence, against, SP_STAND_SAME);
    g_autoptr(GArray) different = copies_that(evidence, against, SP_STAND_DIFFERENT);
    g_autoptr(GArray) empty = copies_that(evidence, against, SP_STAND_EMPTY);
    g_autofree char *ours = sp_evidence_names(evidence, same);
    g_autofree char *others = sp_evidence_names(evidence, different);
    g_autofree char *without = sp_evidence_names(evidence, empty);

    if (different->len == 0) {
        return g_strdup_printf(_("No photo in %s, although there is one in %s"), without, ours);
    }
    if (empty->len == 0) {
        return g_strdup_printf(_("Not the same photo everywhere: another one in %s than in %s"),
                               others, ours);
    }
    return g_strdup_printf(
        _("Not the same photo everywhere: another one in %s than in %s, and none in %s"), others,
        ours, without);
}

static char *
tell_gap(const SpEvidence *evidence)
{
    g_autoptr(GArray) unread = copies_that(evidence, -1, SP_STAND_UNREAD);
    Tally tally = count(evidence);
    g_autofree char *names = sp_evidence_names(evidence, unread);

    if (*names == '\0' && has_empty_reference(evidence)) {
        return g_strdup(_("The reference shows no photo: nothing can be held against it"));
    }
    if (*names == '\0' && tally.is_unsure) {
        return g_strdup(_("Whether all copies show the same photo cannot be told for certain"));
    }
    if (*names == '\0') {
        return g_strdup(_("Not every copy could be read"));
    }
    if (tally.n_photos > 1 && !tally.is_unsure) {
        return g_strdup_printf(_("The copies that could be read show the same photo; not read: %s"),
                               names);
    }
    return g_strdup_printf(_("Not every copy could be read; missing: %s"), names);
}

char *
sp_diagnose_headline(const SpEvidence *evidence)
{
    guint n_photos = count(evidence).n_photos;

    switch (sp_diagnose_verdict(evidence)) {
    case SP_VERDICT_IN_SYNC:
        if (sp_evidence_other_seen(evidence, yardstick(evidence)) >= 0) {
            return g_strdup_printf(
                ngettext("The only copy there is shows another photo than the person sees",
                         "All %u copies show the same photo, but the person sees another one",
                         n_photos),
                n_photos);
        }
        return g_strdup_printf(ngettext("The only copy there is shows a photo",
                                        "All %u copies show the same photo", n_photos),
                               n_photos);
    case SP_VERDICT_NO_PHOTO: return g_strdup(_("There is no photo in any service"));
    case SP_VERDICT_OUT_OF_SYNC: return tell_difference(evidence);
    case SP_VERDICT_INCOMPLETE: break;
    }
    return tell_gap(evidence);
}

GStrv
sp_diagnose_troubles(const SpEvidence *evidence)
{
    g_autoptr(GArray) indexes = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < evidence->n_copies + evidence->n_seen; i++) {
        if (evidence->copies[i] != NULL && evidence->copies[i]->status != SP_COPY_SKIPPED) {
            g_array_append_val(indexes, i);
        }
    }
    return sp_evidence_errors(evidence, indexes);
}
