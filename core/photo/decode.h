#ifndef SAMEPHOTO_CORE_PHOTO_DECODE_H
#define SAMEPHOTO_CORE_PHOTO_DECODE_H

/* Encoded bytes to upright, opaque sRGB pixels. Internal to core/photo. */

#include <gio/gio.h>

#include "core/photo/format.h"

/* The pixels of the picture that `format` was read from: RGBA, `*width` * 4 bytes a row. Errors:
 * SP_ERROR_FORMAT. Transfer full. */
guint8 *sp_decode(GBytes *bytes, const SpPhotoFormat *format, int *width, int *height,
                  GError **error);

#endif
