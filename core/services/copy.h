#ifndef SAMEPHOTO_CORE_SERVICES_COPY_H
#define SAMEPHOTO_CORE_SERVICES_COPY_H

/* What one service answered for one person: a photo, or the reason why there is none. A failure to
 * read is never "no photo". */

#include <gio/gio.h>

#include "core/photo/photo.h"

typedef enum {
    SP_COPY_PRESENT,
    SP_COPY_ABSENT,      /* the service says: no photo */
    SP_COPY_PLACEHOLDER, /* a silhouette, initials, 1x1 */
    SP_COPY_DENIED,      /* 401, 403, or a secret of ours that cannot be read */
    SP_COPY_BLOCKED,     /* policy, e.g. X-EWS-Policy-Reason */
    SP_COPY_THROTTLED,
    SP_COPY_UNREACHABLE,
    SP_COPY_INVALID, /* bytes that are no decodable picture */
    SP_COPY_SKIPPED, /* not configured, or not asked */
} SpCopyStatus;

/* "present", "absent", …: the names in JSON; not translated. */
const char *sp_copy_status_name(SpCopyStatus status);

/* The word for people. Translated, borrowed. */
const char *sp_copy_status_title(SpCopyStatus status);

/* Whether the service could be read at all: present, absent or placeholder. */
gboolean sp_copy_status_is_answer(SpCopyStatus status);

/* Names of facts: what a service said beside the picture, as it said it (cleaned). */
#define SP_FACT_PICTURE_URL        "PictureUrl"
#define SP_FACT_PICTURE_TIMESTAMP  "SPS-PictureTimestamp"
#define SP_FACT_PLACEHOLDER_STATE  "SPS-PicturePlaceholderState"
#define SP_FACT_EXCHANGE_SYNC      "SPS-PictureExchangeSyncState"
#define SP_FACT_ACCOUNT_NAME       "AccountName"
#define SP_FACT_MAIL_ACCOUNT       "AccountName by mail" /* a second profile, which has a picture */
#define SP_FACT_FILE_STEM          "file stem"
#define SP_FACT_FOLDER             "folder"
#define SP_FACT_POLICY_REASON      "X-EWS-Policy-Reason"
#define SP_FACT_EXCHANGE_KIND      "Exchange" /* "on-premises": a store of its own */
#define SP_FACT_ERROR_CODE         "error.code"
#define SP_FACT_SIZES              "sizes"
#define SP_FACT_METADATA_SIZE      "metadata size"
#define SP_FACT_FALLBACK           "directory fallback" /* it is probably Entra's */
#define SP_FACT_WHEN_CHANGED       "whenChanged"
#define SP_FACT_PHOTO_CHANGED      "thumbnailPhoto changed"
#define SP_FACT_DIRECTORY_BYTES    "thumbnailPhoto bytes"
#define SP_FACT_JPEG_BYTES         "jpegPhoto bytes"
#define SP_FACT_MUGSHOT_URL        "mugshot_url"
#define SP_FACT_MISSING_PERMISSION "missing permission"

/* A fact's name for people: translated where it is a word of ours, as it is where it is a
 * protocol's
 * ("SPS-PictureTimestamp"). Borrowed. */
const char *sp_fact_title(const char *name);

/* Made by a service, read-only once delivered. */
typedef struct {
    char *service; /* "graph", "sharepoint-l", a source's name, … */
    char *title;   /* for people, translated */
    SpCopyStatus status;
    int http_status; /* 0: no HTTP answer */
    char *error;     /* one clean sentence: what happened and what to do next; NULL where fine */
    SpPhoto *photo;  /* with PRESENT, and with PLACEHOLDER where the service sent one; else NULL */
    char *etag;
    GDateTime *last_modified;
    char *request_id;
    gint64 elapsed_ms;
    double retry_after; /* seconds that a throttle asks to wait, -1: not said */
    GHashTable *facts;  /* name -> value, both char *; never NULL */
} SpCopy;

/* A copy with status SKIPPED and nothing else. */
SpCopy *sp_copy_new(const char *service, const char *title);
SpCopy *sp_copy_ref(SpCopy *copy);
void sp_copy_unref(SpCopy *copy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpCopy, sp_copy_unref)

/* The error without the title that it begins with, for where that stands already; NULL where all is
 * fine. Borrowed. */
const char *sp_copy_get_reason(const SpCopy *copy);

/* Cleans and keeps a fact; NULL values are passed over. */
void sp_copy_add_fact(SpCopy *copy, const char *name, const char *value);

/* A fact's value or NULL. Borrowed. */
const char *sp_copy_get_fact(const SpCopy *copy, const char *name);

#endif
