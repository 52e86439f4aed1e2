#ifndef SAMEPHOTO_CORE_PHOTO_DECODE_H
#define SAMEPHOTO_CORE_PHOTO_DECODE_H

/* Encoded bytes to upright, opaque sRGB pixels. Internal to core/photo. */

#include <gio/gio.h>

#include "core/photo/format.h"

/* A plain value; what `rgba` points to is its holder's. */
typedef struct {
    guint8 *rgba; /* `columns` * 4 bytes a row */
    int columns;
    int rows;
    int scale; /* 1, or how many pixels of the picture one of these stands for, along each side */
    int width; /* of the picture, upright */
    int height;
} SpPixels;

typedef enum {
    SP_DECODE_WHOLE,   /* every pixel: `scale` is 1 */
    SP_DECODE_REDUCED, /* what a fingerprint needs, where the format can be decoded smaller */
} SpDecodeExtent;

/* The pixels of the picture that `format` was read from. Errors: SP_ERROR_FORMAT. `pixels->rgba` is
 * the caller's to free. */
gboolean sp_decode(GBytes *bytes, const SpPhotoFormat *format, SpDecodeExtent extent,
                   SpPixels *pixels, GError **error);

#endif
