#include "core/practice/scenario.h"

#include "core/i18n.h"

#define AT_NORVANE "@norvane.example"

static const SpScenario scenarios[] = {
    {"in-sync", "anna.keller" AT_NORVANE, N_("Every service shows the new photo"), "in-sync",
     "in-sync"},
    {"sharepoint-stale", "bashir.rahimi" AT_NORVANE,
     N_("SharePoint still shows the old photo: its owner has not been there since the change"),
     "out-of-sync", "sharepoint-stale"},
    {"sharepoint-not-yet", "chloe.martin" AT_NORVANE,
     N_("The photo was changed an hour ago and SharePoint asks only once a day"), "out-of-sync",
     "sharepoint-not-yet"},
    {"sharepoint-never-synced", "samuel.grant" AT_NORVANE,
     N_("SharePoint shows a silhouette although Microsoft 365 has a photo"), "out-of-sync",
     "sharepoint-never-synced"},
    {"sharepoint-sync-off", "emeka.obi" AT_NORVANE,
     N_("A tool has pinned an old picture in SharePoint and switched its synchronization off"),
     "out-of-sync", "sharepoint-sync-off"},
    {"no-photo", "viktor.lange" AT_NORVANE, N_("No service has a photo of this person"), "no-photo",
     "no-photo"},
    {"thumbnails-disagree", "goran.petrov" AT_NORVANE,
     N_("SharePoint's three thumbnails do not show the same photo"), "out-of-sync",
     "thumbnails-disagree"},
    {"viva-engage-stale", "hana.sato" AT_NORVANE,
     N_("Viva Engage shows the old photo: the person has not used it since the change"),
     "out-of-sync", "viva-engage-stale"},
    {"recropped", "imran.malik" AT_NORVANE,
     N_("SharePoint shows the same photo, cropped more tightly"), "in-sync", "recropped"},
    {"burst", "nadia.flores" AT_NORVANE,
     N_("SharePoint shows another shot of the same moment, which is easily overlooked"),
     "out-of-sync", "sharepoint-stale"},
    {"no-exchange-licence", "kwame.mensah" AT_NORVANE,
     N_("Without a mailbox, an old picture uploaded to SharePoint lingers there"), "out-of-sync",
     "no-exchange-licence"},
    {"guest", "siobhan.o'hara_fabrikam.example#EXT#@norvane.onmicrosoft.com",
     N_("A guest, whose photo is kept by the organisation they come from"), "no-photo", "guest"},
    {"upn-mail-differ", "leila.haddad" AT_NORVANE,
     N_("The mail address is not the sign-in name, and SharePoint has a profile of each"),
     "out-of-sync", "identity-mismatch"},
    {"ews-blocked", "mateo.silva" AT_NORVANE,
     N_("Exchange Online refuses the old interface by policy; the photo itself is fine"),
     "incomplete", "ews-blocked"},
    {"throttled", "olaf.berg" AT_NORVANE, N_("Viva Engage is asked too often and says: later"),
     "incomplete", "throttled"},
    {"access-denied", "priya.nair" AT_NORVANE,
     N_("SharePoint refuses us: a permission has not been granted"), "incomplete", "access-denied"},
    {"deleted-in-cloud", "rowan.walsh" AT_NORVANE,
     N_("The photo was deleted, and SharePoint still keeps the old file"), "out-of-sync",
     "deleted-in-cloud"},
    {"mailbox-on-premises", "bilal.aziz" AT_NORVANE,
     N_("The mailbox is on-premises, so SharePoint cannot fetch the photo from it"), "out-of-sync",
     "mailbox-on-premises"},
    {"hybrid-cloud-wins", "amelia.novak" AT_NORVANE,
     N_("The directory keeps its old picture: nothing is written back from the cloud"),
     "out-of-sync", "cloud-wins"},
    {"hybrid-directory-wins", "gustav.weber" AT_NORVANE,
     N_("The directory is the master here, but its new picture has not arrived"), "out-of-sync",
     "directory-wins"},
    {"hd-blocks-directory", "mei.tanaka" AT_NORVANE,
     N_("The mailbox's large photo keeps out the directory's new small one"), "out-of-sync",
     "hd-blocks-directory"},
    {"directory-image-too-large", "otto.lund" AT_NORVANE,
     N_("The directory's picture is over 100 KB and is left behind by the synchronization"),
     "out-of-sync", "directory-image-too-large"},
    {"directory-newer", "divya.rao" AT_NORVANE,
     N_("The directory's picture was changed after the last synchronization"), "out-of-sync",
     "directory-newer"},
    {"fallback-after-deletion", "ifeanyi.eze" AT_NORVANE,
     N_("After the photo was deleted, an old small one from the directory came back"), "in-sync",
     "fallback-after-deletion"},
    {"policy-on-premises", "jasmin.costa" AT_NORVANE,
     N_("No photo, and the organisation lets people add one on-premises only"), "no-photo",
     "policy-on-premises"},
    {"policy-roles", "cora.bennett" AT_NORVANE,
     N_("No photo, and the organisation lets only some administrators add one"), "no-photo",
     "policy-roles"},
    {"disabled-account", "miguel.torres" AT_NORVANE,
     N_("The account is disabled, so SharePoint no longer looks after the profile"), "out-of-sync",
     "account-disabled"},
    {"just-created", "layla.nasser" AT_NORVANE,
     N_("The account was created an hour ago and is not known everywhere yet"), "no-photo",
     "just-created"},
    {"low-resolution-only", "kofi.boateng" AT_NORVANE,
     N_("Only the directory's tiny picture exists, and it is blurred everywhere"), "in-sync",
     "low-resolution-only"},
    {"renamed-upn", "fiona.hansen" AT_NORVANE,
     N_("The person was renamed, and SharePoint's files carry the old name"), "in-sync",
     "renamed-upn"},
    {"reference-not-uploaded", "daniel.brooks" AT_NORVANE,
     N_("The picture that the person sent was never uploaded"), "in-sync", "in-sync"},
    {"client-cache", "freya.lindqvist" AT_NORVANE,
     N_("Every service shows the new photo; only the person's Teams shows the old one"), "in-sync",
     "in-sync"},
    {"exchange-differs", "renate.vogel" AT_NORVANE,
     N_("Exchange still hands out the photo of before, although it shares the cloud's store"),
     "out-of-sync", "exchange-differs"},
    {"unreachable", "alvaro.ruiz" AT_NORVANE,
     N_("Viva Engage is out of order; all the others show the new photo"), "incomplete",
     "unreachable"},
    {"invalid-picture", "bruna.alves" AT_NORVANE,
     N_("What Viva Engage sends for this person is no picture"), "incomplete", "invalid-picture"},
    {0},
};

const SpScenario *
sp_scenarios(void)
{
    return scenarios;
}

const SpScenario *
sp_scenario_find(const char *name)
{
    for (const SpScenario *scenario = scenarios; scenario->name != NULL; scenario++) {
        if (g_strcmp0(scenario->name, name) == 0) {
            return scenario;
        }
    }
    return NULL;
}
