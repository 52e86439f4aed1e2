#ifndef SAMEPHOTO_CORE_PHOTO_JPEG_H
#define SAMEPHOTO_CORE_PHOTO_JPEG_H

/* The short way for the picture that services hand out most: a whole JPEG without an EXIF block or
 * a colour profile, in grey or YCbCr. It gives the very pixels that gdk-pixbuf would, without its
 * copies. Internal to core/photo. */

#include <glib.h>

#include "core/photo/format.h"

/* RGBA, one pixel for `scale` x `scale` (1, 2, 4 or 8) of the picture's, rounded up, without space
 * between the rows; NULL where the picture needs the long way, which also knows what to say about a
 * broken one. Transfer full. */
guint8 *sp_jpeg_decode_plain(const guint8 *data, const SpPhotoFormat *format, int scale);

/* What a JPEG for print shall be printed with: cyan, magenta, yellow and black of every pixel, 0
 * none and 255 all of it, `format->width` * 4 bytes a row. NULL for every other and for a broken
 * one. Transfer full. */
guint8 *sp_jpeg_decode_inks(const guint8 *data, const SpPhotoFormat *format);

#endif
