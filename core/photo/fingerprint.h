#ifndef SAMEPHOTO_CORE_PHOTO_FINGERPRINT_H
#define SAMEPHOTO_CORE_PHOTO_FINGERPRINT_H

/* What is kept of a picture's pixels to compare it: the luma as a summed-area table, from which any
 * rectangle is averaged to any grid in constant time a cell (reference similarity.md, step 1), the
 * mean chroma, and whether the picture is no photo at all. */

#include <glib.h>

/* The version of the pipeline from bytes to fingerprint; stored beside every hash and verdict. */
#define SP_FINGERPRINT_VERSION 3

typedef struct SpFingerprint SpFingerprint;

typedef enum {
    SP_PLACEHOLDER_NONE,       /* a photo */
    SP_PLACEHOLDER_BLANK,      /* one colour, a gradient, or at most 4 px a side */
    SP_PLACEHOLDER_SILHOUETTE, /* a grey figure */
    SP_PLACEHOLDER_INITIALS,   /* letters on a flat colour */
} SpPlaceholder;

/* "none", "blank", "silhouette", "initials": for JSON; not translated. */
const char *sp_placeholder_name(SpPlaceholder placeholder);

/* From upright RGBA pixels, `stride` bytes a row. Blocking, pure. Transfer full. */
SpFingerprint *sp_fingerprint_new(const guint8 *rgba, int width, int height, gsize stride);

/* The same of a picture that was decoded smaller: each pixel is the mean of `scale` x `scale` of
 * its `width` x `height`, where they do not come out even fewer at the right and lower border. */
SpFingerprint *sp_fingerprint_new_reduced(const guint8 *rgba, int width, int height, int scale,
                                          gsize stride);
void sp_fingerprint_free(SpFingerprint *fingerprint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpFingerprint, sp_fingerprint_free)

int sp_fingerprint_get_width(const SpFingerprint *fingerprint);
int sp_fingerprint_get_height(const SpFingerprint *fingerprint);
SpPlaceholder sp_fingerprint_get_placeholder(const SpFingerprint *fingerprint);

/* Mean chroma over the picture, 0 (grey) to 255. */
double sp_fingerprint_get_chroma(const SpFingerprint *fingerprint);

/* Area-averages the luma of the rectangle (x, y, width, height, in pixels, fractions allowed) to
 * columns x rows cells into `cells` (row by row, 0..255). */
void sp_fingerprint_sample(const SpFingerprint *fingerprint, double x, double y, double width,
                           double height, int columns, int rows, double *cells);

#endif
