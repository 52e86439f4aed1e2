#include "core/photo/photo.h"

#include <openssl/evp.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/photo/decode.h"
#include "core/photo/format.h"
#include "core/text.h"

#define MAX_PATH_SHOWN 200

struct SpPhoto {
    GBytes *bytes;
    const char *format;
    char *sha256;
    guint8 *pixels;
    int width;
    int height;
    SpFingerprint *fingerprint;
};

/* GLib's own checksum takes a fifth of the time of a decode. */
static char *
sha256_of(GBytes *bytes)
{
    guint8 digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    GString *text = g_string_new(NULL);
    gsize size;
    gconstpointer data = g_bytes_get_data(bytes, &size);

    if (EVP_Digest(data, size, digest, &length, EVP_sha256(), NULL) != 1)
        g_error("SHA-256 is not available");
    for (unsigned int i = 0; i < length; i++)
        g_string_append_printf(text, "%02x", digest[i]);
    return g_string_free(text, FALSE);
}

static SpPhoto *
make_photo(GBytes *bytes, gboolean keeps_pixels, GError **error)
{
    g_autoptr(SpPhoto) photo = NULL;
    SpPhotoFormat format;
    SpPixels pixels;

    if (!sp_photo_format_read(bytes, &format, error) ||
        !sp_decode(bytes, &format, SP_DECODE_REDUCED, &pixels, error))
        return NULL;
    photo = g_atomic_rc_box_new0(SpPhoto);
    photo->bytes = g_bytes_ref(bytes);
    photo->format = format.name;
    photo->sha256 = sha256_of(bytes);
    photo->width = pixels.width;
    photo->height = pixels.height;
    photo->fingerprint = sp_fingerprint_new_reduced(pixels.rgba, pixels.width, pixels.height,
                                                    pixels.scale, (gsize) pixels.columns * 4);
    /* The fingerprint is always made of the same pixels, whether or not they are kept. */
    if (keeps_pixels && pixels.scale == 1)
        photo->pixels = g_steal_pointer(&pixels.rgba);
    g_free(pixels.rgba);
    if (keeps_pixels && photo->pixels == NULL) {
        if (!sp_decode(bytes, &format, SP_DECODE_WHOLE, &pixels, error))
            return NULL;
        photo->pixels = pixels.rgba;
    }
    return g_steal_pointer(&photo);
}

SpPhoto *
sp_photo_new(GBytes *bytes, GError **error)
{
    g_return_val_if_fail(bytes != NULL, NULL);
    return make_photo(bytes, TRUE, error);
}

static void
load_in_thread(GTask *task, gpointer source G_GNUC_UNUSED, gpointer data,
               GCancellable *cancellable G_GNUC_UNUSED)
{
    GError *error = NULL;
    SpPhoto *photo;

    if (g_task_return_error_if_cancelled(task))
        return;
    photo = sp_photo_new(data, &error);
    if (photo == NULL)
        g_task_return_error(task, error);
    else
        g_task_return_pointer(task, photo, (GDestroyNotify) sp_photo_unref);
}

void
sp_photo_load_async(GBytes *bytes, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);

    g_return_if_fail(bytes != NULL);
    g_task_set_source_tag(task, sp_photo_load_async);
    g_task_set_task_data(task, g_bytes_ref(bytes), (GDestroyNotify) g_bytes_unref);
    g_task_run_in_thread(task, load_in_thread);
}

SpPhoto *
sp_photo_load_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, NULL), NULL);
    return g_task_propagate_pointer(G_TASK(result), error);
}

/* How much to ask for: one byte more than the file has, or than the cap allows, so that a device
 * that never ends is not read for ever. */
static gsize
bytes_to_ask_for(GFileInputStream *stream)
{
    g_autoptr(GFileInfo) info =
        g_file_input_stream_query_info(stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);
    goffset size = info != NULL ? g_file_info_get_size(info) : 0;

    return size > 0 && size < SP_PHOTO_MAX_BYTES ? (gsize) size + 1 : SP_PHOTO_MAX_BYTES + 1;
}

static GBytes *
read_capped(const char *path, GError **error)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, error);
    g_autofree guint8 *data = NULL;
    gsize wanted;
    gsize length;

    if (stream == NULL)
        return NULL;
    wanted = bytes_to_ask_for(stream);
    data = g_malloc(wanted);
    if (!g_input_stream_read_all(G_INPUT_STREAM(stream), data, wanted, &length, NULL, error))
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&data), length);
}

static SpPhoto *
make_photo_from_file(const char *path, gboolean keeps_pixels, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autoptr(GBytes) bytes = read_capped(path, &reason);
    g_autofree char *shown = NULL;
    SpPhoto *photo;

    if (bytes == NULL) {
        g_autofree char *clean = sp_text_clean(reason->message, -1, MAX_PATH_SHOWN * 2);

        g_set_error_literal(error, SP_ERROR, SP_ERROR_NOT_FOUND, clean);
        return NULL;
    }
    photo = make_photo(bytes, keeps_pixels, error);
    if (photo == NULL) {
        shown = sp_text_clean(path, -1, MAX_PATH_SHOWN);
        g_prefix_error(error, "%s: ", shown);
    }
    return photo;
}

SpPhoto *
sp_photo_new_from_file(const char *path, GError **error)
{
    return make_photo_from_file(path, TRUE, error);
}

SpPhoto *
sp_photo_new_to_compare(const char *path, GError **error)
{
    return make_photo_from_file(path, FALSE, error);
}

SpPhoto *
sp_photo_ref(SpPhoto *photo)
{
    return g_atomic_rc_box_acquire(photo);
}

static void
photo_clear(gpointer data)
{
    SpPhoto *photo = data;

    g_bytes_unref(photo->bytes);
    g_free(photo->sha256);
    g_free(photo->pixels);
    sp_fingerprint_free(photo->fingerprint);
}

void
sp_photo_unref(SpPhoto *photo)
{
    if (photo != NULL)
        g_atomic_rc_box_release_full(photo, photo_clear);
}

GBytes *
sp_photo_get_bytes(const SpPhoto *photo)
{
    return photo->bytes;
}

const char *
sp_photo_get_format(const SpPhoto *photo)
{
    return photo->format;
}

int
sp_photo_get_width(const SpPhoto *photo)
{
    return photo->width;
}

int
sp_photo_get_height(const SpPhoto *photo)
{
    return photo->height;
}

const guint8 *
sp_photo_get_pixels(const SpPhoto *photo)
{
    return photo->pixels;
}

const char *
sp_photo_get_sha256(const SpPhoto *photo)
{
    return photo->sha256;
}

const SpFingerprint *
sp_photo_get_fingerprint(const SpPhoto *photo)
{
    return photo->fingerprint;
}

SpPlaceholder
sp_photo_get_placeholder(const SpPhoto *photo)
{
    return sp_fingerprint_get_placeholder(photo->fingerprint);
}
