/* Who sees what: one table of the apps that people look at (reference, sections 5 and 9). */

#include "core/guide/diagnose.h"
#include "core/guide/evidence.h"
#include "core/i18n.h"

#define MAX_SERVICES 3

typedef struct {
    const char *app;
    const char *services[MAX_SERVICES + 1]; /* the stores it reads, the best witness first */
    const char *cache;                      /* how long the app itself may keep an older picture */
} AppRow;

static const AppRow apps[] = {
    {N_("Outlook"),
     {"exchange", "graph"},
     N_("its own memory may keep an older one for a day or two")},
    {N_("Outlook on the web"),
     {"graph", "exchange"},
     N_("the browser may keep an older one for about a day")},
    {N_("Teams"), {"graph", "exchange"}, N_("the app may keep an older one for up to 60 days")},
    {N_("People card"),
     {"graph", "exchange"},
     N_("the app that shows it may keep an older one for a day or two")},
    {N_("SharePoint page"),
     {"sharepoint-l", "sharepoint-m", "sharepoint-s"},
     N_("the browser may keep an older one for about a day")},
    {N_("OneDrive"),
     {"sharepoint-m", "sharepoint-l", "sharepoint-s"},
     N_("the browser may keep an older one for about a day")},
    {N_("Viva Engage"), {"viva-engage"}, N_("it asks for a new one when the person next uses it")},
    {N_("Outlook with an on-premises mailbox"),
     {"directory"},
     N_("its address book is renewed about once a day")},
};

static gboolean
was_asked(const SpEvidence *evidence, int index)
{
    return sp_evidence_stand(evidence, index, -1) != SP_STAND_NOT_ASKED;
}

/* The first of the app's stores that answered, else the first that was asked, else -1. */
static int
witness(const SpEvidence *evidence, const AppRow *row)
{
    int asked = -1;

    for (gsize i = 0; row->services[i] != NULL; i++) {
        int index = sp_evidence_index(evidence, row->services[i]);
        const SpCopy *copy = sp_evidence_copy(evidence, index);

        if (copy != NULL && sp_copy_status_is_answer(copy->status)) {
            return index;
        }
        if (asked < 0 && was_asked(evidence, index)) {
            asked = index;
        }
    }
    return asked;
}

static char *
describe(const SpEvidence *evidence, int index, const AppRow *row)
{
    g_autofree char *name = sp_evidence_name(evidence, index);
    const char *cache = _(row->cache);

    if (index < 0) {
        return g_strdup(_("what it shows cannot be read here"));
    }
    switch (sp_evidence_stand(evidence, index, evidence->reference)) {
    case SP_STAND_SAME: return g_strdup_printf(_("the right photo, from %s; %s"), name, cache);
    case SP_STAND_DIFFERENT: return g_strdup_printf(_("another photo, from %s; %s"), name, cache);
    case SP_STAND_EMPTY:
        return g_strdup_printf(_("initials or a silhouette: no photo in %s"), name);
    case SP_STAND_UNSURE: return g_strdup_printf(_("the photo of %s; %s"), name, cache);
    case SP_STAND_UNREAD:
    case SP_STAND_NOT_ASKED: break;
    }
    return g_strdup_printf(_("not known: %s could not be read"), name);
}

static SpView *
view_new(const SpEvidence *evidence, const AppRow *row)
{
    SpView *view = g_new0(SpView, 1);
    int index = witness(evidence, row);
    gboolean is_grouped = evidence->groups != NULL && sp_evidence_has_photo(evidence, index);

    view->app = _(row->app);
    view->service = index < 0 ? NULL : evidence->copies[index]->service;
    view->group = is_grouped ? sp_groups_of(evidence->groups, (guint) index) : SP_GROUP_NONE;
    view->says = describe(evidence, index, row);
    return view;
}

void
sp_view_free(SpView *view)
{
    if (view != NULL) {
        g_free(view->says);
        g_free(view);
    }
}

GPtrArray *
sp_diagnose_views(const SpEvidence *evidence)
{
    GPtrArray *views = g_ptr_array_new_with_free_func((GDestroyNotify) sp_view_free);

    for (gsize i = 0; i < G_N_ELEMENTS(apps); i++) {
        g_ptr_array_add(views, view_new(evidence, &apps[i]));
    }
    return views;
}
