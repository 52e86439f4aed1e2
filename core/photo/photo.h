#ifndef SAMEPHOTO_CORE_PHOTO_PHOTO_H
#define SAMEPHOTO_CORE_PHOTO_PHOTO_H

/* A picture that arrived as bytes: sniffed by its magic bytes, held to the caps, decoded, turned
 * upright (EXIF), flattened over white, converted to sRGB, fingerprinted. Immutable and shared, so
 * it may be read from any thread. Making one costs a decode: use sp_photo_load_async() on the main
 * thread. */

#include <gio/gio.h>

#include "core/photo/fingerprint.h"

/* Caps, checked before any pixel is allocated (design, section 8). */
#define SP_PHOTO_MAX_BYTES  (12 * 1024 * 1024)
#define SP_PHOTO_MAX_PIXELS (40 * 1000 * 1000)

typedef struct SpPhoto SpPhoto;

/* Decodes `bytes` (first frame only). Blocking. Errors: SP_ERROR_TOO_LARGE (a cap), SP_ERROR_FORMAT
 * (not a JPEG, PNG, GIF or BMP, or broken); the message is one clean line. Transfer full. */
SpPhoto *sp_photo_new(GBytes *bytes, GError **error);

/* The same in a worker thread; `callback` runs from the caller's thread-default main context. */
void sp_photo_load_async(GBytes *bytes, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);
SpPhoto *sp_photo_load_finish(GAsyncResult *result, GError **error);

/* Reads a file, capped, and decodes it. Blocking. Errors: as sp_photo_new(), and
 * SP_ERROR_NOT_FOUND for a file that cannot be opened. Transfer full. */
SpPhoto *sp_photo_new_from_file(const char *path, GError **error);

/* The same without the pixels, which sp_compare() does without: sp_photo_get_pixels() is NULL. */
SpPhoto *sp_photo_new_to_compare(const char *path, GError **error);

SpPhoto *sp_photo_ref(SpPhoto *photo);
void sp_photo_unref(SpPhoto *photo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpPhoto, sp_photo_unref)

/* The encoded bytes as they arrived. Borrowed. */
GBytes *sp_photo_get_bytes(const SpPhoto *photo);

/* "jpeg", "png", "gif" or "bmp". */
const char *sp_photo_get_format(const SpPhoto *photo);

/* Upright size in pixels. */
int sp_photo_get_width(const SpPhoto *photo);
int sp_photo_get_height(const SpPhoto *photo);

/* Upright sRGB pixels, RGBA order, opaque (transparency lies over white), 8 bits a channel,
 * width * 4 bytes a row, top row first. Borrowed. */
const guint8 *sp_photo_get_pixels(const SpPhoto *photo);

/* SHA-256 of the encoded bytes, 64 lower-case hexadecimal digits. Borrowed. */
const char *sp_photo_get_sha256(const SpPhoto *photo);

/* What the comparison and the placeholder test need. Borrowed. */
const SpFingerprint *sp_photo_get_fingerprint(const SpPhoto *photo);

/* What the pixels say, whatever the service says: SP_PLACEHOLDER_NONE for a photo. */
SpPlaceholder sp_photo_get_placeholder(const SpPhoto *photo);

#endif
