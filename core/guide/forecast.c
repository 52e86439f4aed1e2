/* What happens next: each row is one synchronisation of the reference's matrix (section 9) and
 * says, from the evidence alone, which copy it will overwrite and when. */

#include "core/guide/diagnose.h"
#include "core/guide/evidence.h"
#include "core/i18n.h"

typedef char *(*ForecastFunc)(const SpCase *c);

/* In a synchronised account with the directory as the master, its photo goes to the cloud first. */
static char *
directory_to_cloud(const SpCase *c)
{
    const SpPerson *person = c->evidence->person;

    if (!sp_evidence_has_photo(c->evidence, c->directory) ||
        sp_evidence_stand(c->evidence, c->directory, c->cloud) == SP_STAND_SAME) {
        return NULL;
    }
    if (sp_case_policy_source(c) == SP_POLICY_SOURCE_CLOUD ||
        (person != NULL && person->is_synced == SP_NO)) {
        return g_strdup(_("The directory keeps its own photo: the cloud never writes there"));
    }
    if (sp_case_policy_source(c) == SP_POLICY_SOURCE_ON_PREMISES &&
        !sp_case_directory_is_too_large(c)) {
        return g_strdup(
            _("The next directory synchronisation (about every 30 minutes) replaces the "
              "photo in the cloud by the directory's"));
    }
    return NULL;
}

static char *
cloud_to_sharepoint(const SpCase *c)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, c->sharepoint_best);
    const char *obstacle = sp_case_sharepoint_obstacle(c);
    g_autoptr(GDateTime) time = sp_evidence_picture_time(copy);
    const char *name = sp_evidence_person(c->evidence);

    if (!sp_case_lags(c, c->sharepoint_best)) {
        return NULL;
    }
    if (obstacle != NULL) {
        return g_strdup(obstacle);
    }
    if (sp_evidence_is_empty(c->evidence, c->cloud)) {
        return g_strdup_printf(_("SharePoint's old copy goes when %s next opens a page that shows "
                                 "their own large picture"),
                               name);
    }
    if (time == NULL || c->evidence->now == NULL ||
        g_date_time_difference(c->evidence->now, time) >= G_TIME_SPAN_DAY) {
        return g_strdup_printf(
            _("SharePoint fetches the photo when %s next opens a page that shows "
              "their own large picture"),
            name);
    }
    g_autoptr(GDateTime) next = g_date_time_add(time, G_TIME_SPAN_DAY);
    g_autofree char *moment = sp_evidence_moment(c->evidence, next);
    return g_strdup_printf(
        _("SharePoint fetches the photo when %s opens a page that shows their own "
          "large picture after %s"),
        name, moment);
}

static char *
cloud_to_engage(const SpCase *c)
{
    if (!sp_case_lags(c, c->engage)) {
        return NULL;
    }
    return g_strdup_printf(_("Viva Engage fetches the photo within hours after %s next uses it"),
                           sp_evidence_person(c->evidence));
}

static char *
caches(const SpCase *c)
{
    if (!sp_evidence_has_photo(c->evidence, c->cloud)) {
        return NULL;
    }
    return g_strdup(
        _("Apps may keep an older picture for a while: a browser about a day, Outlook one "
          "or two days, Teams up to 60 days"));
}

static const ForecastFunc rows[] = {directory_to_cloud, cloud_to_sharepoint, cloud_to_engage,
                                    caches};

GStrv
sp_diagnose_forecast(const SpEvidence *evidence)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    SpCase c = sp_case_new(evidence);

    if (c.verdict == SP_VERDICT_IN_SYNC) {
        g_strv_builder_add(builder, _("No synchronisation will change a copy: they are the same"));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *sentence = rows[i](&c);

        if (sentence != NULL) {
            g_strv_builder_add(builder, sentence);
        }
    }
    return g_strv_builder_end(builder);
}
