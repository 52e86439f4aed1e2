/* A copy is filled by its service on the main thread and never changed after delivery. */

#include "core/services/copy.h"

#include <string.h>

#include "core/i18n.h"
#include "core/services/seen.h"
#include "core/text.h"

#define MAX_FACT_CHARACTERS 1000

typedef struct {
    const char *name;
    const char *title;
    gboolean is_answer;
} StatusRow;

static const StatusRow statuses[] = {
    [SP_COPY_PRESENT] = {"present", N_("photo"), TRUE},
    [SP_COPY_ABSENT] = {"absent", N_("no photo"), TRUE},
    [SP_COPY_PLACEHOLDER] = {"placeholder", N_("placeholder"), TRUE},
    [SP_COPY_DENIED] = {"denied", N_("access denied"), FALSE},
    [SP_COPY_BLOCKED] = {"blocked", N_("blocked by policy"), FALSE},
    [SP_COPY_THROTTLED] = {"throttled", N_("asked to wait"), FALSE},
    [SP_COPY_UNREACHABLE] = {"unreachable", N_("not reachable"), FALSE},
    [SP_COPY_INVALID] = {"invalid", N_("unreadable"), FALSE},
    [SP_COPY_SKIPPED] = {"skipped", N_("not asked"), FALSE},
};

static const StatusRow *
row_of(SpCopyStatus status)
{
    g_assert((gsize) status < G_N_ELEMENTS(statuses));
    return &statuses[status];
}

const char *
sp_copy_status_name(SpCopyStatus status)
{
    return row_of(status)->name;
}

const char *
sp_copy_status_title(SpCopyStatus status)
{
    return _(row_of(status)->title);
}

gboolean
sp_copy_status_is_answer(SpCopyStatus status)
{
    return row_of(status)->is_answer;
}

SpCopy *
sp_copy_new(const char *service, const char *title)
{
    SpCopy *copy = g_atomic_rc_box_new0(SpCopy);

    copy->service = g_strdup(service);
    copy->title = g_strdup(title);
    copy->status = SP_COPY_SKIPPED;
    copy->retry_after = -1;
    copy->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return copy;
}

SpCopy *
sp_copy_ref(SpCopy *copy)
{
    return g_atomic_rc_box_acquire(copy);
}

static void
clear(gpointer data)
{
    SpCopy *copy = data;

    g_free(copy->service);
    g_free(copy->title);
    g_free(copy->error);
    g_free(copy->etag);
    g_free(copy->request_id);
    g_clear_pointer(&copy->photo, sp_photo_unref);
    g_clear_pointer(&copy->last_modified, g_date_time_unref);
    g_hash_table_unref(copy->facts);
}

void
sp_copy_unref(SpCopy *copy)
{
    if (copy != NULL) {
        g_atomic_rc_box_release_full(copy, clear);
    }
}

const char *
sp_copy_get_reason(const SpCopy *copy)
{
    const char *rest = copy->error;

    if (rest == NULL || !g_str_has_prefix(rest, copy->title)) {
        return rest;
    }
    rest += strlen(copy->title);
    /* "Title: …", with whatever space a language puts before its colons. */
    while (g_unichar_isspace(g_utf8_get_char(rest))) {
        rest = g_utf8_next_char(rest);
    }
    return *rest == ':' ? rest + 1 + strspn(rest + 1, " ") : copy->error;
}

void
sp_copy_add_fact(SpCopy *copy, const char *name, const char *value)
{
    if (value != NULL) {
        g_hash_table_replace(copy->facts, g_strdup(name),
                             sp_text_clean(value, -1, MAX_FACT_CHARACTERS));
    }
}

const char *
sp_fact_title(const char *name)
{
    static const struct {
        const char *name;
        const char *title;
    } titles[] = {
        {SP_FACT_MAIL_ACCOUNT, N_("AccountName by mail")},
        {SP_FACT_FILE_STEM, N_("file stem")},
        {SP_FACT_FOLDER, N_("folder")},
        {SP_FACT_SIZES, N_("sizes")},
        {SP_FACT_METADATA_SIZE, N_("metadata size")},
        {SP_FACT_FALLBACK, N_("directory fallback")},
        {SP_FACT_PHOTO_CHANGED, N_("thumbnailPhoto changed")},
        {SP_FACT_DIRECTORY_BYTES, N_("thumbnailPhoto bytes")},
        {SP_FACT_JPEG_BYTES, N_("jpegPhoto bytes")},
        {SP_FACT_MISSING_PERMISSION, N_("missing permission")},
        {SP_FACT_SEEN_FILE, N_("file")},
        {SP_FACT_CUT_OUT, N_("cut out")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
        if (g_str_equal(titles[i].name, name)) {
            return _(titles[i].title);
        }
    }
    return name;
}

const char *
sp_copy_get_fact(const SpCopy *copy, const char *name)
{
    return g_hash_table_lookup(copy->facts, name);
}
