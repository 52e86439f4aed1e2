#ifndef SAMEPHOTO_CORE_PRACTICE_WORLD_H
#define SAMEPHOTO_CORE_PRACTICE_WORLD_H

/* What is true in the pretend organisation: who lives there, which store keeps which picture of
 * whom, and the clock. Callers hold the world's lock; the texts live as long as the world. */

#include <gio/gio.h>

#include "core/practice/renditions.h"

#define SP_NORVANE_ID     "7d1f0c52-3b7e-4a0a-9a54-5f1c6b9d2e10"
#define SP_NORVANE_DOMAIN "norvane.example"
#define SP_HOUR           ((gint64) 3600)
#define SP_DAY            (24 * SP_HOUR)

/* The three thumbnails of SharePoint. */
enum { SP_THUMB_S, SP_THUMB_M, SP_THUMB_L, SP_N_THUMBS };

/* Ways in which the services treat one person out of the ordinary. */
typedef enum {
    SP_QUIRK_NONE = 0,
    SP_QUIRK_ONE_PIXEL = 1 << 0,         /* Graph's other shape of "no photo": 200 and 1x1 */
    SP_QUIRK_NAMED_BY_SIZE = 1 << 1,     /* Graph's "id" is the size in capitals */
    SP_QUIRK_SHAREPOINT_DENIED = 1 << 2, /* until an administrator consents */
    SP_QUIRK_ENGAGE_THROTTLED = 1 << 3,  /* 429 to every look-up */
    SP_QUIRK_EWS_BLOCKED = 1 << 4,       /* 403 and X-EWS-Policy-Reason */
    SP_QUIRK_NO_PROFILE = 1 << 5,        /* SharePoint and Engage do not know the person */
    SP_QUIRK_NOT_PROVISIONED = 1 << 6,   /* the people service does not know the person yet */
    SP_QUIRK_ENTITY_NOT_FOUND = 1 << 7,  /* Graph's 404 has the code ErrorEntityNotFound */
    SP_QUIRK_ENGAGE_BROKEN = 1 << 8,     /* 500 to every look-up */
    SP_QUIRK_ENGAGE_GARBAGE = 1 << 9,    /* bytes that are no picture */
    SP_QUIRK_EWS_LISTED = 1 << 10,       /* as EWS_BLOCKED, by a list of apps */
} SpQuirks;

typedef struct {
    const char *scenario; /* the story that this person lives, or NULL */
    const char *id;       /* object id */
    const char *upn;
    const char *mail; /* or NULL */
    const char *given_name;
    const char *surname;
    const char *display_name;
    const char *job_title;
    const char *portrait;  /* "anna", or NULL for a person who was never photographed */
    const char *treatment; /* ":mirrored" or "" */
    const char *aliases;   /* more addresses, separated by spaces, or NULL */
    gboolean is_guest;
    gboolean is_enabled;
    gboolean is_synced; /* has an account in the on-premises directory */
    gboolean has_exchange;
    gboolean has_sharepoint;
    gboolean is_mailbox_on_premises;
    gint64 created;
    gint64 last_synced;
    guint quirks;
    guint number; /* in the order of the table: for Engage's ids */

    const char *cloud; /* the master picture, or NULL */
    guint cloud_side;  /* of the upload: no larger size is served */
    guint cloud_version;
    gint64 cloud_changed;
    const char *entra; /* what Graph falls back to, or NULL */
    guint entra_side;

    const char *directory; /* thumbnailPhoto, or NULL */
    guint directory_side;
    guint directory_quality;
    gint64 directory_changed;

    const char *thumbs[SP_N_THUMBS]; /* NULL: no such file */
    guint large_side;                /* 200, in some profiles 240 or 300 */
    const char *stem;                /* of the files' names */
    const char *folder;              /* in the language of the my-site host */
    gint64 pulled;                   /* SPS-PictureTimestamp, 0: never */
    gint64 asked;                    /* when SharePoint last asked Exchange */
    const char *placeholder_state;   /* "0", "1" or "" */
    const char *sync_state;          /* "0", "1" or "" */
    guint thumbs_version;

    const char *portal; /* what the staff portal shows, or NULL */

    const char *mailbox; /* what Exchange still shows instead of the master, or NULL */

    const char *engage; /* or NULL: no_photo.png */
    guint engage_side;  /* of the picture that it was given: no larger one is served */
    guint engage_version;
} SpResident;

typedef struct SpWorld SpWorld;

SpWorld *sp_world_new(guint n_generated);
void sp_world_free(SpWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpWorld, sp_world_free)

void sp_world_lock(SpWorld *world);
void sp_world_unlock(SpWorld *world);

SpRenditions *sp_world_get_renditions(SpWorld *world);
struct SpLogin *sp_world_get_login(SpWorld *world);

/* The tenant's clock in seconds since 1970, and how to move it. */
gint64 sp_world_now(SpWorld *world);
void sp_world_advance(SpWorld *world, gint64 seconds);

/* A text that lives as long as the world. */
const char *sp_world_text(SpWorld *world, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* SpResident, in the order of the directory. Borrowed. */
GPtrArray *sp_world_residents(SpWorld *world);

/* Profiles of SharePoint that are nobody's in the directory: a second one that was made for a mail
 * address which is not the account's name. SpResident. Borrowed. */
GPtrArray *sp_world_profiles(SpWorld *world);

/* By userPrincipalName or object id; by any mail address. Case does not matter. NULL: nobody. */
SpResident *sp_world_find(SpWorld *world, const char *upn_or_id);
SpResident *sp_world_find_mail(SpWorld *world, const char *address);

/* The tenant's photo policy: "cloud", "onPremises" or NULL where it was never set, and a role
 * template's id or NULL where everybody may change photos. */
const char *sp_world_policy_source(SpWorld *world);
const char *sp_world_policy_role(SpWorld *world);

/* Makes a story's conditions hold for the whole tenant. */
void sp_world_set_conditions(SpWorld *world, const char *scenario);

/* Whether the agent's app may be given tokens for a service: consent can be withdrawn. */
gboolean sp_world_has_consent(SpWorld *world);

/* One item of a batch is throttled each time that "throttle-batch-item" was played. */
gboolean sp_world_take_batch_throttle(SpWorld *world);

gboolean sp_world_knows(const char *event);

/* See sp_tenant_play(). */
gboolean sp_world_play(SpWorld *world, const char *event, const char *upn, GError **error);

/* The picture of a resident by its turn ("new", "old", "burst") as a text of the world. */
const char *sp_world_picture(SpWorld *world, const SpResident *resident, const char *turn);

/* Fills in the people: the stories first, then colleagues. */
void sp_people_settle(SpWorld *world, guint n_generated);

/* What kind of Exchange answers. */
typedef enum {
    SP_EXCHANGE_ONLINE,
    SP_EXCHANGE_ON_PREMISES, /* asks for Negotiate, NTLM or Basic, takes Basic */
    SP_EXCHANGE_OLD,         /* Exchange 2010: a service page instead of a photo */
} SpExchangeKind;

SpExchangeKind sp_world_exchange_kind(SpWorld *world);

/* Counts a bearer that reached a host it was not issued for. */
void sp_world_count_leak(SpWorld *world);
guint sp_world_get_leaks(SpWorld *world);

#endif
