#include "core/services/permission.h"

#include <string.h>

#include "core/i18n.h"

#define ADMINISTRATOR N_("a Global or Privileged Role Administrator")

static const SpPermission permissions[] = {
    {"person",
     N_("looking people up"),
     SP_ENDPOINT_GRAPH,
     {"User.Read.All User.ReadBasic.All User.ReadWrite.All Directory.Read.All "
      "Directory.ReadWrite.All",
      "User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"},
     {NULL, NULL},
     ADMINISTRATOR,
     N_("nobody can be looked up, but picture files can still be compared")},
    {"graph",
     N_("the Microsoft 365 photo"),
     SP_ENDPOINT_GRAPH,
     {"ProfilePhoto.Read.All ProfilePhoto.ReadWrite.All User.ReadBasic.All User.Read.All "
      "User.ReadWrite.All",
      "ProfilePhoto.Read.All ProfilePhoto.ReadWrite.All User.Read.All User.ReadWrite.All"},
     {NULL, NULL},
     ADMINISTRATOR,
     N_("the other copies can still be compared with one another or with a file")},
    {"policy",
     N_("the tenant's photo policy"),
     SP_ENDPOINT_GRAPH,
     {"PeopleSettings.Read.All PeopleSettings.ReadWrite.All",
      "PeopleSettings.Read.All PeopleSettings.ReadWrite.All"},
     {NULL, NULL},
     ADMINISTRATOR,
     N_("everything but who may change photos can still be told")},
    {"sharepoint",
     N_("the SharePoint profile"),
     SP_ENDPOINT_SHAREPOINT,
     {"User.Read.All User.ReadWrite.All AllSites.Read AllSites.FullControl",
      "User.Read.All User.ReadWrite.All Sites.FullControl.All"},
     {NULL, N_("an app alone also needs to sign in with a certificate")},
     ADMINISTRATOR,
     N_("the Microsoft 365 photo can still be read, but not whether SharePoint shows it")},
    {"my",
     N_("SharePoint's thumbnail files"),
     SP_ENDPOINT_MY,
     {"AllSites.Read AllSites.Write AllSites.Manage AllSites.FullControl Sites.Read.All",
      "Sites.Read.All Sites.ReadWrite.All Sites.FullControl.All"},
     {NULL, N_("an app alone also needs to sign in with a certificate")},
     ADMINISTRATOR,
     N_("the profile's dates can still be read, but not the pictures")},
    {"exchange",
     N_("the Exchange photo"),
     SP_ENDPOINT_EXCHANGE,
     {"EWS.AccessAsUser.All", "full_access_as_app"},
     {NULL, NULL},
     ADMINISTRATOR,
     N_("Microsoft 365 reads the same photo, so little is lost")},
    {"viva-engage",
     N_("the Viva Engage photo"),
     SP_ENDPOINT_VIVA_ENGAGE,
     {"user_impersonation access_as_user", NULL},
     {NULL, NULL},
     ADMINISTRATOR,
     N_("all but Viva Engage's own copy can still be compared")},
    {NULL, NULL, SP_N_ENDPOINTS, {NULL, NULL}, {NULL, NULL}, NULL, NULL},
};

const SpPermission *
sp_permissions(void)
{
    return permissions;
}

const SpPermission *
sp_permission_find(const char *id)
{
    const char *subject = g_str_has_prefix(id, "sharepoint-") ? "sharepoint" : id;

    for (gsize i = 0; permissions[i].subject != NULL; i++) {
        if (strcmp(permissions[i].subject, subject) == 0) {
            return &permissions[i];
        }
    }
    return NULL;
}

SpRights
sp_permission_rights(const SpConfig *config)
{
    const char *flow = sp_config_get(config, "sign-in", "flow");

    return g_strcmp0(flow, "certificate") == 0 || g_strcmp0(flow, "secret") == 0
               ? SP_RIGHTS_APPLICATION
               : SP_RIGHTS_DELEGATED;
}

char *
sp_permission_least(const SpPermission *permission, SpRights rights)
{
    const char *names = permission->enough[rights];

    return names == NULL ? NULL : g_strndup(names, strcspn(names, " "));
}

gboolean
sp_permission_is_granted(const SpPermission *permission, SpRights rights,
                         const char *const *granted)
{
    g_auto(GStrv) names = NULL;

    if (permission->enough[rights] == NULL) {
        return FALSE;
    }
    names = g_strsplit(permission->enough[rights], " ", -1);
    for (gsize i = 0; names[i] != NULL; i++) {
        if (g_strv_contains(granted, names[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

char *
sp_permission_explain(const SpPermission *permission, SpRights rights)
{
    g_autofree char *least = sp_permission_least(permission, rights);
    GString *text = g_string_new(NULL);

    if (least == NULL) {
        g_string_append(text, _("it can only be read by a signed-in person, not by an app alone"));
    } else if (rights == SP_RIGHTS_APPLICATION) {
        g_string_append_printf(text, _("the application permission %s is missing"), least);
    } else {
        g_string_append_printf(text, _("the delegated permission %s is missing"), least);
    }
    if (permission->also[rights] != NULL) {
        g_string_append_printf(text, _("; %s"), _(permission->also[rights]));
    }
    if (least != NULL) {
        g_string_append_printf(text, _("; %s can grant it"), _(permission->grantor));
    }
    g_string_append_printf(text, _("; %s"), _(permission->without));
    return g_string_free(text, FALSE);
}
