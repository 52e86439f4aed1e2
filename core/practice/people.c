#include "core/practice/scenario.h"
#include "core/practice/world.h"

#include <string.h>

/* The directory holds this many people at least, so that its list has more than one page. */
#define MIN_PEOPLE 130

static const char *
picture(SpWorld *world, SpResident *resident, const char *turn)
{
    return sp_world_picture(world, resident, turn);
}

static void
set_thumbs(SpResident *resident, const char *shown, gint64 pulled)
{
    for (guint i = 0; i < SP_N_THUMBS; i++) {
        resident->thumbs[i] = shown;
    }
    resident->pulled = pulled;
    resident->asked = pulled;
}

static void
set_silhouette(SpResident *resident)
{
    set_thumbs(resident, NULL, 0);
    resident->placeholder_state = "1";
}

/* Somebody whose new photo of last month is everywhere. */
static void
settle(SpWorld *world, SpResident *resident)
{
    gint64 now = sp_world_now(world);

    resident->cloud = picture(world, resident, "new");
    resident->cloud_side = 648;
    resident->cloud_changed = now - 40 * SP_DAY;
    resident->directory = resident->cloud;
    resident->directory_side = 96;
    resident->directory_quality = 85;
    resident->directory_changed = now - 40 * SP_DAY;
    resident->entra = resident->cloud;
    resident->entra_side = 96;
    set_thumbs(resident, resident->cloud, now - 39 * SP_DAY);
    resident->placeholder_state = "0";
    resident->sync_state = "1";
    resident->engage = resident->cloud;
    resident->engage_side = 648;
    resident->portal = resident->cloud;
}

static void
arrange_stale(SpWorld *world, SpResident *resident)
{
    set_thumbs(resident, picture(world, resident, "old"), sp_world_now(world) - 410 * SP_DAY);
    resident->cloud_changed = sp_world_now(world) - 6 * SP_DAY;
}

static void
arrange_not_yet(SpWorld *world, SpResident *resident)
{
    set_thumbs(resident, picture(world, resident, "old"), sp_world_now(world) - 6 * SP_HOUR);
    resident->cloud_changed = sp_world_now(world) - SP_HOUR;
    resident->folder = "Profilbilder";
}

static void
arrange_never_synced(SpWorld *world, SpResident *resident)
{
    (void) world;
    set_silhouette(resident);
}

static void
arrange_sync_off(SpWorld *world, SpResident *resident)
{
    arrange_stale(world, resident);
    resident->sync_state = "0";
}

static void
arrange_no_photo(SpWorld *world, SpResident *resident)
{
    (void) world;
    set_silhouette(resident);
    resident->cloud = NULL;
    resident->entra = NULL;
    resident->directory = NULL;
    resident->engage = NULL;
    resident->portal = NULL;
}

static void
arrange_thumbnails_disagree(SpWorld *world, SpResident *resident)
{
    resident->thumbs[SP_THUMB_L] = picture(world, resident, "old");
    resident->large_side = 300;
}

static void
arrange_engage_stale(SpWorld *world, SpResident *resident)
{
    resident->engage = picture(world, resident, "old");
}

static void
arrange_recropped(SpWorld *world, SpResident *resident)
{
    const char *cropped = sp_world_text(world, "%s:crop", picture(world, resident, "new"));

    set_thumbs(resident, cropped, resident->pulled);
    resident->large_side = 240;
}

static void
arrange_burst(SpWorld *world, SpResident *resident)
{
    set_thumbs(resident, picture(world, resident, "burst"), sp_world_now(world) - 41 * SP_DAY);
}

static void
arrange_no_exchange(SpWorld *world, SpResident *resident)
{
    arrange_stale(world, resident);
    resident->sync_state = "0";
    resident->has_exchange = FALSE;
}

static void
arrange_guest(SpWorld *world, SpResident *resident)
{
    arrange_no_photo(world, resident);
    resident->quirks = SP_QUIRK_NO_PROFILE;
    resident->mail = "siobhan.o'hara@fabrikam.example";
    resident->is_guest = TRUE;
    resident->is_synced = FALSE;
    resident->has_exchange = FALSE;
    resident->has_sharepoint = FALSE;
}

/* SharePoint's profile of the account is empty: the picture is in a second one, made for the mail
 * address (reference, rule R17). */
static void
arrange_upn_mail_differ(SpWorld *world, SpResident *resident)
{
    SpResident *second = NULL;

    resident->mail = "lhaddad@norvane.example";
    second = g_memdup2(resident, sizeof *resident);
    second->upn = resident->mail;
    second->stem = "lhaddad_norvane_example";
    g_ptr_array_add(sp_world_profiles(world), second);
    set_silhouette(resident);
}

static void
arrange_ews_blocked(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks = SP_QUIRK_EWS_BLOCKED;
}

static void
arrange_throttled(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks = SP_QUIRK_ENGAGE_THROTTLED;
}

static void
arrange_access_denied(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks = SP_QUIRK_SHAREPOINT_DENIED;
}

static void
arrange_deleted(SpWorld *world, SpResident *resident)
{
    arrange_no_photo(world, resident);
    set_thumbs(resident, picture(world, resident, "old"), sp_world_now(world) - 410 * SP_DAY);
    resident->placeholder_state = "0";
    resident->quirks = SP_QUIRK_ENTITY_NOT_FOUND;
}

static void
arrange_mailbox_on_premises(SpWorld *world, SpResident *resident)
{
    arrange_stale(world, resident);
    resident->is_mailbox_on_premises = TRUE;
    resident->cloud = NULL;
    resident->entra = NULL;
    resident->sync_state = "0";
}

static void
arrange_cloud_wins(SpWorld *world, SpResident *resident)
{
    resident->directory = picture(world, resident, "old");
    resident->directory_changed = sp_world_now(world) - 800 * SP_DAY;
    resident->entra = resident->directory;
}

static void
arrange_directory_wins(SpWorld *world, SpResident *resident)
{
    resident->cloud = picture(world, resident, "old");
    resident->cloud_side = 96;
    resident->entra = resident->cloud;
    set_thumbs(resident, resident->cloud, resident->pulled);
    resident->engage = resident->cloud;
    resident->engage_side = 96;
    resident->directory_changed = sp_world_now(world) - 5 * SP_DAY;
    resident->last_synced = sp_world_now(world) - 25 * 60;
}

static void
arrange_hd_blocks(SpWorld *world, SpResident *resident)
{
    arrange_directory_wins(world, resident);
    resident->cloud_side = 648;
    resident->engage_side = 648;
    resident->entra = resident->directory;
}

static void
arrange_directory_too_large(SpWorld *world, SpResident *resident)
{
    arrange_directory_wins(world, resident);
    resident->directory_side = 648;
    resident->directory_quality = 99;
}

static void
arrange_directory_newer(SpWorld *world, SpResident *resident)
{
    arrange_directory_wins(world, resident);
    resident->directory_changed = sp_world_now(world) - 10 * 60;
}

static void
arrange_fallback(SpWorld *world, SpResident *resident)
{
    gint64 now = sp_world_now(world);

    resident->cloud = NULL;
    resident->cloud_version++;
    resident->cloud_changed = now - 8 * SP_DAY;
    resident->entra = picture(world, resident, "old");
    resident->entra_side = 100;
    resident->directory = resident->entra;
    resident->directory_side = 100;
    resident->directory_changed = now - 900 * SP_DAY;
    set_thumbs(resident, resident->entra, now - 7 * SP_DAY);
    resident->engage = resident->entra;
    resident->engage_side = 100;
}

static void
arrange_disabled(SpWorld *world, SpResident *resident)
{
    arrange_stale(world, resident);
    resident->is_enabled = FALSE;
}

static void
arrange_just_created(SpWorld *world, SpResident *resident)
{
    arrange_no_photo(world, resident);
    resident->created = sp_world_now(world) - SP_HOUR;
    resident->quirks = SP_QUIRK_NOT_PROVISIONED | SP_QUIRK_NO_PROFILE;
}

static void
arrange_low_resolution(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->cloud_side = 96;
    resident->engage_side = 96;
}

static void
arrange_renamed(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->stem = "fiona_berg_norvane_example";
    resident->aliases = "fiona.berg@norvane.example";
}

static void
arrange_not_uploaded(SpWorld *world, SpResident *resident)
{
    resident->cloud = picture(world, resident, "old");
    resident->directory = resident->cloud;
    resident->entra = resident->cloud;
    resident->engage = resident->cloud;
    set_thumbs(resident, resident->cloud, resident->pulled);
}

static void
arrange_client_cache(SpWorld *world, SpResident *resident)
{
    resident->cloud_changed = sp_world_now(world) - 3 * SP_DAY;
    set_thumbs(resident, resident->cloud, sp_world_now(world) - 2 * SP_DAY);
}

static void
arrange_exchange_differs(SpWorld *world, SpResident *resident)
{
    resident->mailbox = picture(world, resident, "old");
    resident->cloud_changed = sp_world_now(world) - 20 * 60;
}

static void
arrange_engage_broken(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks = SP_QUIRK_ENGAGE_BROKEN;
}

static void
arrange_engage_garbage(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks = SP_QUIRK_ENGAGE_GARBAGE;
}

static void
arrange_look_alike(SpWorld *world, SpResident *resident)
{
    resident->directory = picture(world, resident, "burst");
    resident->directory_side = 48;
}

/* Without the times of the profile and its files nothing tells why they differ. */
static void
arrange_copies_differ(SpWorld *world, SpResident *resident)
{
    set_thumbs(resident, picture(world, resident, "old"), 0);
}

static void
arrange_source_differs(SpWorld *world, SpResident *resident)
{
    resident->portal = picture(world, resident, "old");
}

typedef void (*Arrange)(SpWorld *world, SpResident *resident);

#define MIRRORED ":mirrored"

static const struct {
    const char *scenario;
    const char *given_name;
    const char *surname;
    const char *job_title;
    const char *portrait;
    const char *treatment;
    Arrange arrange; /* what is not as usual, or NULL */
} people[] = {
    {"in-sync", "Anna", "Keller", "Accountant", "anna", "", NULL},
    {"sharepoint-stale", "Bashir", "Rahimi", "Architect", "bashir", "", arrange_stale},
    {"sharepoint-not-yet", "Chloé", "Martin", "Engineer", "chloe", "", arrange_not_yet},
    {"sharepoint-never-synced", "Samuel", "Grant", "Archivist", "daniel", MIRRORED,
     arrange_never_synced},
    {"sharepoint-sync-off", "Emeka", "Obi", "Surveyor", "emeka", "", arrange_sync_off},
    {"no-photo", "Viktor", "Lange", "Driver", "olaf", "", arrange_no_photo},
    {"thumbnails-disagree", "Goran", "Petrov", "Foreman", "goran", "", arrange_thumbnails_disagree},
    {"viva-engage-stale", "Hana", "Sato", "Designer", "hana", "", arrange_engage_stale},
    {"recropped", "Imran", "Malik", "Buyer", "imran", "", arrange_recropped},
    {"burst", "Nadia", "Flores", "Planner", "nadia", "", arrange_burst},
    {"no-exchange-licence", "Kwame", "Mensah", "Fitter", "kwame", "", arrange_no_exchange},
    {"guest", "Siobhán", "O'Hara", "Auditor", "judith", "", arrange_guest},
    {"upn-mail-differ", "Leila", "Haddad", "Chemist", "leila", "", arrange_upn_mail_differ},
    {"ews-blocked", "Mateo", "Silva", "Translator", "mateo", "", arrange_ews_blocked},
    {"throttled", "Olaf", "Berg", "Technician", "olaf", "", arrange_throttled},
    {"access-denied", "Priya", "Nair", "Analyst", "priya", "", arrange_access_denied},
    {"deleted-in-cloud", "Rowan", "Walsh", "Editor", "judith", MIRRORED, arrange_deleted},
    {"mailbox-on-premises", "Bilal", "Aziz", "Plant manager", "bashir", MIRRORED,
     arrange_mailbox_on_premises},
    {"hybrid-cloud-wins", "Amelia", "Novak", "Lawyer", "anna", MIRRORED, arrange_cloud_wins},
    {"hybrid-directory-wins", "Gustav", "Weber", "Director", "goran", MIRRORED,
     arrange_directory_wins},
    {"hd-blocks-directory", "Mei", "Tanaka", "Librarian", "hana", MIRRORED, arrange_hd_blocks},
    {"directory-image-too-large", "Otto", "Lund", "Photographer", "olaf", MIRRORED,
     arrange_directory_too_large},
    {"directory-newer", "Divya", "Rao", "Controller", "priya", MIRRORED, arrange_directory_newer},
    {"fallback-after-deletion", "Ifeanyi", "Eze", "Welder", "emeka", MIRRORED, arrange_fallback},
    {"policy-on-premises", "Jasmin", "Costa", "Nurse", "nadia", MIRRORED, arrange_no_photo},
    {"policy-roles", "Cora", "Bennett", "Teacher", "chloe", MIRRORED, arrange_no_photo},
    {"disabled-account", "Miguel", "Torres", "Chef", "mateo", MIRRORED, arrange_disabled},
    {"just-created", "Layla", "Nasser", "Trainee", "leila", MIRRORED, arrange_just_created},
    {"low-resolution-only", "Kofi", "Boateng", "Guard", "kwame", MIRRORED, arrange_low_resolution},
    {"renamed-upn", "Fiona", "Hansen", "Secretary", "freya", MIRRORED, arrange_renamed},
    {"reference-not-uploaded", "Daniel", "Brooks", "Lecturer", "daniel", "", arrange_not_uploaded},
    {"reference-unsuitable", "Simon", "Adler", "Potter", "mateo", "", arrange_not_uploaded},
    {"client-cache", "Freya", "Lindqvist", "Gardener", "freya", "", arrange_client_cache},
    {"exchange-differs", "Renate", "Vogel", "Registrar", "nadia", MIRRORED,
     arrange_exchange_differs},
    {"unreachable", "Álvaro", "Ruiz", "Electrician", "imran", MIRRORED, arrange_engage_broken},
    {"invalid-picture", "Bruna", "Alves", "Midwife", "chloe", MIRRORED, arrange_engage_garbage},
    {"unsure-look-alike", "Marisol", "Vega", "Interpreter", "nadia", "", arrange_look_alike},
    {"copies-differ", "Tomáš", "Novotný", "Machinist", "olaf", "", arrange_copies_differ},
    {"source-differs", "Ewa", "Nowak", "Florist", "leila", "", arrange_source_differs},
    {"app-only-secret", "Henrik", "Dahl", "Pilot", "emeka", "", NULL},
    {"nothing-read", "Rina", "Cohen", "Dentist", "hana", "", NULL},
};

/* An object id that is the same each time: 128 bits of a hash of the account's name. */
static const char *
make_id(SpWorld *world, const char *upn)
{
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, upn, -1);

    return sp_world_text(world, "%.8s-%.4s-4%.3s-8%.3s-%.12s", hash, hash + 8, hash + 12, hash + 15,
                         hash + 18);
}

static SpResident *
add_resident(SpWorld *world, const char *upn, const char *given_name, const char *surname)
{
    SpResident *resident = g_new0(SpResident, 1);

    resident->upn = upn;
    resident->id = make_id(world, upn);
    resident->mail = upn;
    resident->given_name = given_name;
    resident->surname = surname;
    resident->display_name = sp_world_text(world, "%s %s", given_name, surname);
    resident->treatment = "";
    resident->stem = resident->id;
    resident->folder = "Profile Pictures";
    resident->large_side = 200;
    resident->is_enabled = TRUE;
    resident->is_synced = TRUE;
    resident->has_exchange = TRUE;
    resident->has_sharepoint = TRUE;
    resident->created = sp_world_now(world) - 1500 * SP_DAY;
    resident->last_synced = sp_world_now(world) - 12 * 60;
    resident->number = sp_world_residents(world)->len;
    g_ptr_array_add(sp_world_residents(world), resident);
    return resident;
}

/* Older profiles name their files by the account, newer ones by the object id. */
static const char *
make_old_stem(SpWorld *world, const char *upn)
{
    g_autofree char *stem = g_strdelimit(g_strdup(upn), "@.'#", '_');

    return sp_world_text(world, "%s", stem);
}

static void
add_person(SpWorld *world, guint row)
{
    const SpScenario *scenario = sp_scenario_find(people[row].scenario);
    SpResident *resident = add_resident(world, scenario->user_principal_name,
                                        people[row].given_name, people[row].surname);

    resident->scenario = scenario->name;
    resident->job_title = people[row].job_title;
    resident->portrait = people[row].portrait;
    resident->treatment = people[row].treatment;
    if (row % 3 == 1) {
        resident->stem = make_old_stem(world, resident->upn);
    }
    settle(world, resident);
    if (people[row].arrange != NULL) {
        people[row].arrange(world, resident);
    }
}

static const char *const given_names[] = {
    "Ada",   "Bruno", "Carmen",  "Dario", "Elif",  "Farid", "Greta", "Hugo",
    "Inès",  "Jonas", "Kirsten", "Luca",  "Maren", "Nils",  "Oriol", "Paula",
    "Quinn", "Rosa",  "Stefan",  "Tanja", "Uwe",   "Vera",  "Wim",   "Yusuf",
};
static const char *const surnames[] = {
    "Albrecht", "Bauer",  "Conti",    "Dubois",  "Eriksen", "Fischer", "García", "Huber",
    "Ivanov",   "Jansen", "Kowalski", "Lefèvre", "Moreau",  "Nilsson", "Okafor", "Pereira",
    "Quiroga",  "Rossi",  "Schäfer",  "Turner",  "Urban",   "Visser",  "Wagner", "Zimmer",
};

static void
add_colleague(SpWorld *world, guint number)
{
    guint n_given = G_N_ELEMENTS(given_names);
    const char *upn = sp_world_text(world, "staff%05u@" SP_NORVANE_DOMAIN, number);
    SpResident *resident =
        add_resident(world, upn, given_names[number % n_given],
                     surnames[(number / n_given + number * 7) % G_N_ELEMENTS(surnames)]);

    resident->job_title = "Employee";
    resident->portrait = people[number % 16].portrait;
    settle(world, resident);
    /* One in seven has not been to SharePoint since the change, one in eleven has no photo. */
    if (number % 11 == 0) {
        arrange_no_photo(world, resident);
    } else if (number % 7 == 0) {
        arrange_stale(world, resident);
    }
}

void
sp_people_settle(SpWorld *world, guint n_generated)
{
    guint n_people = G_N_ELEMENTS(people);

    for (guint i = 0; i < n_people; i++) {
        add_person(world, i);
    }
    for (guint i = 0; i < MIN_PEOPLE - n_people + n_generated; i++) {
        add_colleague(world, i + 1);
    }
}
