#include "core/practice/world.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/practice/login.h"

/* Seconds that SharePoint waits before it asks Exchange for the same person's picture again. */
#define PULL_INTERVAL SP_DAY

struct SpWorld {
    GMutex mutex;
    SpRenditions *renditions;
    SpLogin *login;
    guint n_leaks;
    GStringChunk *texts;
    GPtrArray *residents;
    GPtrArray *profiles;
    GHashTable *by_name; /* lower-case userPrincipalName and object id */
    GHashTable *by_mail; /* lower-case address */
    gint64 offset;       /* of the tenant's clock to the real one */
    const char *policy_source;
    const char *policy_role;
    gboolean is_consent_withdrawn;
    guint n_batch_throttles;
    SpExchangeKind exchange_kind;
};

static void
index_resident(SpWorld *world, SpResident *resident)
{
    g_hash_table_insert(world->by_name, g_utf8_strdown(resident->upn, -1), resident);
    g_hash_table_insert(world->by_name, g_utf8_strdown(resident->id, -1), resident);
    if (resident->mail != NULL) {
        g_hash_table_insert(world->by_mail, g_utf8_strdown(resident->mail, -1), resident);
    }
    if (resident->aliases != NULL) {
        g_auto(GStrv) aliases = g_strsplit(resident->aliases, " ", -1);

        for (guint i = 0; aliases[i] != NULL; i++) {
            g_hash_table_insert(world->by_mail, g_utf8_strdown(aliases[i], -1), resident);
        }
    }
}

SpWorld *
sp_world_new(guint n_generated)
{
    SpWorld *world = g_new0(SpWorld, 1);

    g_mutex_init(&world->mutex);
    world->renditions = sp_renditions_new();
    world->login = sp_login_new();
    world->texts = g_string_chunk_new(16 * 1024);
    world->residents = g_ptr_array_new_with_free_func(g_free);
    world->profiles = g_ptr_array_new_with_free_func(g_free);
    world->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->by_mail = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->policy_source = "cloud";
    sp_people_settle(world, n_generated);
    for (guint i = 0; i < world->residents->len; i++) {
        index_resident(world, g_ptr_array_index(world->residents, i));
    }
    return world;
}

void
sp_world_free(SpWorld *world)
{
    if (world == NULL) {
        return;
    }
    g_hash_table_unref(world->by_name);
    g_hash_table_unref(world->by_mail);
    g_ptr_array_unref(world->residents);
    g_ptr_array_unref(world->profiles);
    sp_renditions_free(world->renditions);
    sp_login_free(world->login);
    g_string_chunk_free(world->texts);
    g_mutex_clear(&world->mutex);
    g_free(world);
}

void
sp_world_lock(SpWorld *world)
{
    g_mutex_lock(&world->mutex);
}

void
sp_world_unlock(SpWorld *world)
{
    g_mutex_unlock(&world->mutex);
}

SpRenditions *
sp_world_get_renditions(SpWorld *world)
{
    return world->renditions;
}

SpLogin *
sp_world_get_login(SpWorld *world)
{
    return world->login;
}

void
sp_world_count_leak(SpWorld *world)
{
    world->n_leaks++;
}

guint
sp_world_get_leaks(SpWorld *world)
{
    return world->n_leaks;
}

gint64
sp_world_now(SpWorld *world)
{
    return g_get_real_time() / G_USEC_PER_SEC + world->offset;
}

void
sp_world_advance(SpWorld *world, gint64 seconds)
{
    world->offset += seconds;
}

const char *
sp_world_text(SpWorld *world, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return g_string_chunk_insert_const(world->texts, text);
}

GPtrArray *
sp_world_residents(SpWorld *world)
{
    return world->residents;
}

GPtrArray *
sp_world_profiles(SpWorld *world)
{
    return world->profiles;
}

SpResident *
sp_world_find(SpWorld *world, const char *upn_or_id)
{
    g_autofree char *key = g_utf8_strdown(upn_or_id, -1);

    return g_hash_table_lookup(world->by_name, key);
}

SpResident *
sp_world_find_mail(SpWorld *world, const char *address)
{
    g_autofree char *key = g_utf8_strdown(address, -1);

    return g_hash_table_lookup(world->by_mail, key);
}

const char *
sp_world_policy_source(SpWorld *world)
{
    return world->policy_source;
}

const char *
sp_world_policy_role(SpWorld *world)
{
    return world->policy_role;
}

gboolean
sp_world_has_consent(SpWorld *world)
{
    return !world->is_consent_withdrawn;
}

SpExchangeKind
sp_world_exchange_kind(SpWorld *world)
{
    return world->exchange_kind;
}

gboolean
sp_world_take_batch_throttle(SpWorld *world)
{
    if (world->n_batch_throttles == 0) {
        return FALSE;
    }
    world->n_batch_throttles--;
    return TRUE;
}

void
sp_world_set_conditions(SpWorld *world, const char *scenario)
{
    static const struct {
        const char *scenario, *source, *role;
    } conditions[] = {
        {"hybrid-directory-wins", "onPremises", NULL},
        {"directory-image-too-large", "onPremises", NULL},
        {"policy-on-premises", "onPremises", NULL},
        {"policy-roles", "cloud", "fe930be7-5e62-47db-91af-98c3a49a38b1"},
        {"hd-blocks-directory", NULL, NULL},
        {"directory-newer", NULL, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(conditions); i++) {
        if (g_strcmp0(scenario, conditions[i].scenario) == 0) {
            world->policy_source = conditions[i].source;
            world->policy_role = conditions[i].role;
        }
    }
}

const char *
sp_world_picture(SpWorld *world, const SpResident *resident, const char *turn)
{
    return sp_world_text(world, "%s-%s%s", resident->portrait, turn, resident->treatment);
}

static void
play_upload(SpWorld *world, SpResident *resident)
{
    const char *new_picture = sp_world_picture(world, resident, "new");
    const char *old_picture = sp_world_picture(world, resident, "old");

    /* A photo that is not the one of before: the new one, or the old one again. */
    resident->cloud = g_strcmp0(resident->cloud, new_picture) == 0 ? old_picture : new_picture;
    resident->cloud_side = 648;
    resident->mailbox = NULL;
    resident->cloud_version++;
    resident->cloud_changed = sp_world_now(world);
}

static void
play_delete(SpWorld *world, SpResident *resident)
{
    resident->cloud = NULL;
    resident->cloud_version++;
    resident->cloud_changed = sp_world_now(world);
}

/* What SharePoint is given when it asks: the mailbox's picture, without a mailbox the cloud's. */
static void
pull(SpWorld *world, SpResident *resident)
{
    for (guint i = 0; i < SP_N_THUMBS; i++) {
        resident->thumbs[i] = resident->cloud;
    }
    resident->pulled = sp_world_now(world);
    resident->placeholder_state = resident->cloud != NULL ? "0" : "1";
    if (resident->has_exchange) {
        resident->sync_state = "1";
    }
    resident->thumbs_version++;
}

static void
play_owner_opens_sharepoint(SpWorld *world, SpResident *resident)
{
    gint64 now = sp_world_now(world);
    gboolean is_processed = resident->is_enabled && resident->has_sharepoint &&
                            !resident->is_mailbox_on_premises &&
                            (resident->quirks & SP_QUIRK_NO_PROFILE) == 0;
    /* Without a mailbox the state is 0 all the same, and the cloud's picture is shown (3.6). */
    gboolean is_pinned = resident->has_exchange && g_str_equal(resident->sync_state, "0");

    if (!is_processed || is_pinned || now - resident->asked < PULL_INTERVAL) {
        return;
    }
    resident->asked = now;
    pull(world, resident);
}

static void
play_user_opens_engage(SpWorld *world, SpResident *resident)
{
    (void) world;
    if (resident->cloud != NULL && resident->is_enabled) {
        resident->engage = resident->cloud;
        resident->engage_side = resident->cloud_side;
        resident->engage_version++;
    }
}

static void
play_directory_change(SpWorld *world, SpResident *resident)
{
    const char *new_picture = sp_world_picture(world, resident, "new");
    const char *old_picture = sp_world_picture(world, resident, "old");

    resident->directory =
        g_strcmp0(resident->directory, new_picture) == 0 ? old_picture : new_picture;
    resident->directory_side = 96;
    resident->directory_quality = 85;
    resident->directory_changed = sp_world_now(world);
}

/* Bytes above which Connect leaves a thumbnailPhoto behind. */
#define DIRECTORY_MAX_BYTES (100 * 1024)

static void
play_sync_cycle(SpWorld *world, SpResident *resident)
{
    gboolean is_master = g_strcmp0(world->policy_source, "onPremises") == 0;

    if (!resident->is_synced) {
        return;
    }
    resident->last_synced = sp_world_now(world);
    if (resident->directory == NULL) {
        resident->entra = NULL;
        return;
    }
    g_autoptr(GBytes) bytes =
        sp_renditions_get(world->renditions, resident->directory, resident->directory_side,
                          resident->directory_quality);

    if (g_bytes_get_size(bytes) > DIRECTORY_MAX_BYTES) {
        return;
    }
    resident->entra = resident->directory;
    resident->entra_side = resident->directory_side;
    /* A mailbox that holds a high-resolution picture does not take the small one, unless the
     * directory is the master (reference, 7 and 2.10). */
    if (is_master || (resident->cloud != NULL && resident->cloud_side <= 96)) {
        resident->cloud = resident->directory;
        resident->cloud_side = resident->directory_side;
        resident->cloud_version++;
        resident->cloud_changed = sp_world_now(world);
    }
}

static void
play_restore_sync(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->sync_state = "1";
    resident->asked = 0;
}

static void
play_rebuild_thumbnails(SpWorld *world, SpResident *resident)
{
    (void) world;
    /* The stale files are deleted and the state cleared; the next visit builds them anew. */
    for (guint i = 0; i < SP_N_THUMBS; i++) {
        resident->thumbs[i] = NULL;
    }
    resident->pulled = 0;
    resident->asked = 0;
    resident->placeholder_state = "1";
    resident->thumbs_version++;
}

static void
play_policy_change(SpWorld *world, SpResident *resident)
{
    (void) resident;
    world->policy_source = "cloud";
    world->policy_role = NULL;
}

static void
play_grant_consent(SpWorld *world, SpResident *resident)
{
    resident->quirks &= ~(guint) SP_QUIRK_SHAREPOINT_DENIED;
    world->is_consent_withdrawn = FALSE;
}

static void
play_withdraw_consent(SpWorld *world, SpResident *resident)
{
    (void) resident;
    world->is_consent_withdrawn = TRUE;
}

static void
play_allow_ews(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks &= ~(guint) (SP_QUIRK_EWS_BLOCKED | SP_QUIRK_EWS_LISTED);
}

static void
play_engage_recovers(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks &=
        ~(guint) (SP_QUIRK_ENGAGE_THROTTLED | SP_QUIRK_ENGAGE_BROKEN | SP_QUIRK_ENGAGE_GARBAGE);
}

/* The second profile is removed and the account's own one is filled. */
static void
play_merge_profiles(SpWorld *world, SpResident *resident)
{
    for (guint i = world->profiles->len; i > 0; i--) {
        SpResident *profile = g_ptr_array_index(world->profiles, i - 1);

        if (g_strcmp0(profile->upn, resident->mail) == 0) {
            g_ptr_array_remove_index(world->profiles, i - 1);
        }
    }
    pull(world, resident);
}

static void
play_mailbox_catches_up(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->mailbox = NULL;
}

static void
play_account_enabled(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->is_enabled = TRUE;
}

static void
play_licence_assigned(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->has_exchange = TRUE;
    resident->has_sharepoint = TRUE;
    resident->sync_state = "1";
}

static void
play_mailbox_migrated(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->is_mailbox_on_premises = FALSE;
    resident->sync_state = "1";
}

static void
play_provisioned(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks &= ~(guint) (SP_QUIRK_NOT_PROVISIONED | SP_QUIRK_NO_PROFILE);
}

static void
play_entra_cleared(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->entra = NULL;
    resident->directory = NULL;
}

static void
play_throttle_batch_item(SpWorld *world, SpResident *resident)
{
    (void) resident;
    world->n_batch_throttles++;
}

static void
play_exchange_on_premises(SpWorld *world, SpResident *resident)
{
    (void) resident;
    world->exchange_kind = SP_EXCHANGE_ON_PREMISES;
}

static void
play_exchange_old(SpWorld *world, SpResident *resident)
{
    (void) resident;
    world->exchange_kind = SP_EXCHANGE_OLD;
}

static void
play_block_ews(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks |= SP_QUIRK_EWS_LISTED;
}

static void
play_answer_one_pixel(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks |= SP_QUIRK_ONE_PIXEL;
}

static void
play_name_by_size(SpWorld *world, SpResident *resident)
{
    (void) world;
    resident->quirks |= SP_QUIRK_NAMED_BY_SIZE;
}

static const struct {
    const char *name;
    void (*play)(SpWorld *world, SpResident *resident);
} events[] = {
    {"upload", play_upload},
    {"answer-one-pixel", play_answer_one_pixel},
    {"block-ews-by-list", play_block_ews},
    {"exchange-on-premises", play_exchange_on_premises},
    {"exchange-too-old", play_exchange_old},
    {"name-by-size", play_name_by_size},
    {"delete", play_delete},
    {"owner-opens-sharepoint", play_owner_opens_sharepoint},
    {"user-opens-engage", play_user_opens_engage},
    {"directory-change", play_directory_change},
    {"directory-clear", play_entra_cleared},
    {"sync-cycle", play_sync_cycle},
    {"restore-sync", play_restore_sync},
    {"rebuild-thumbnails", play_rebuild_thumbnails},
    {"policy-change", play_policy_change},
    {"grant-consent", play_grant_consent},
    {"withdraw-consent", play_withdraw_consent},
    {"allow-ews", play_allow_ews},
    {"throttle-batch-item", play_throttle_batch_item},
    {"engage-recovers", play_engage_recovers},
    {"merge-profiles", play_merge_profiles},
    {"mailbox-catches-up", play_mailbox_catches_up},
    {"enable-account", play_account_enabled},
    {"assign-licence", play_licence_assigned},
    {"migrate-mailbox", play_mailbox_migrated},
    {"provision", play_provisioned},
};

gboolean
sp_world_knows(const char *event)
{
    for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
        if (g_str_equal(events[i].name, event)) {
            return TRUE;
        }
    }
    return FALSE;
}

static char *
list_events(void)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
        g_ptr_array_add(names, (gpointer) events[i].name);
    }
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **) names->pdata);
}

gboolean
sp_world_play(SpWorld *world, const char *event, const char *upn, GError **error)
{
    SpResident *resident = sp_world_find(world, upn);

    if (resident == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("Nobody at Norvane has the account %s"),
                    upn);
        return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
        if (g_str_equal(event, events[i].name)) {
            events[i].play(world, resident);
            return TRUE;
        }
    }
    g_autofree char *known = list_events();

    g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND,
                _("The practice tenant knows no event '%s'; it knows: %s"), event, known);
    return FALSE;
}
