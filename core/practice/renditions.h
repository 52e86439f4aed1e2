#ifndef SAMEPHOTO_CORE_PRACTICE_RENDITIONS_H
#define SAMEPHOTO_CORE_PRACTICE_RENDITIONS_H

/* Every service's own size and encoding of a photo, made from the originals when first asked for
 * and kept. A picture is named by its original and how it was treated before it was uploaded:
 * "anna-new", "anna-new:mirrored", "anna-new:crop". Thread-safe. */

#include <gio/gio.h>

typedef struct SpRenditions SpRenditions;

SpRenditions *sp_renditions_new(void);
void sp_renditions_free(SpRenditions *renditions);

/* The picture as a square JPEG of `side` pixels; 648 pixels at quality 92 are the uploaded bytes
 * themselves where the picture was not treated. Transfer full. */
GBytes *sp_renditions_get(SpRenditions *renditions, const char *picture, guint side, guint quality);

/* The picture as it would be uploaded. Transfer full. */
GBytes *sp_renditions_upload(SpRenditions *renditions, const char *picture);

/* Keeps the square in the middle of an uploaded picture under the name `picture`, which must have a
 * colon in it. Its side in pixels, or 0 where the bytes are no picture. */
guint sp_renditions_add(SpRenditions *renditions, const char *picture, GBytes *bytes);

/* The grey head and shoulders that stand for nobody, as a PNG. Transfer full. */
GBytes *sp_renditions_silhouette(SpRenditions *renditions, guint side);

/* A transparent GIF of one pixel. Transfer full. */
GBytes *sp_renditions_pixel(void);

#endif
