#ifndef SAMEPHOTO_CORE_PHOTO_FORMAT_H
#define SAMEPHOTO_CORE_PHOTO_FORMAT_H

/* What some bytes are, read from the bytes alone and before any decoder sees them: the format by
 * its magic, the size in pixels, whether the first picture is whole, and where it ends. A file's
 * name and a server's Content-Type are not asked, because both lie. Internal to core/photo. */

#include <glib.h>

/* A plain value. */
typedef struct {
    const char *name;  /* "jpeg": also gdk-pixbuf's name of its loader. Static. */
    const char *title; /* "JPEG". Static. */
    int width;         /* as stored, before the orientation flag turns it */
    int height;
    gsize length;           /* the bytes that the decoder needs: the first frame */
    gboolean needs_trailer; /* whether an end mark has to follow them (a GIF cut after a frame) */
} SpPhotoFormat;

/* Fills `format`, or says in one line why these bytes cannot be read. Errors: SP_ERROR_TOO_LARGE (a
 * cap), SP_ERROR_FORMAT. */
gboolean sp_photo_format_read(GBytes *bytes, SpPhotoFormat *format, GError **error);

#endif
