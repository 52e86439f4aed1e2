#ifndef SAMEPHOTO_CORE_PHOTO_DIFFERENCE_H
#define SAMEPHOTO_CORE_PHOTO_DIFFERENCE_H

/* Where two pictures differ: both brought to one frame by the comparison's alignment, and the
 * difference of each cell after brightness and contrast are forgiven. For the heat map of the
 * screens and the report. */

#include <glib.h>

#include "core/photo/compare.h"
#include "core/photo/photo.h"

/* Aligned pictures of one size. Read-only for everybody but its maker. */
typedef struct {
    int side;       /* all three are side x side */
    guint8 *left;   /* RGBA, side * 4 bytes a row */
    guint8 *right;  /* RGBA, aligned to left */
    guint8 *heat;   /* one byte a pixel: 0 equal … 255 as different as can be */
    double changed; /* the share of the picture (0..1) that differs visibly */
} SpDifference;

/* Blocking; `side` pixels from 16 to 1024. Transfer full. */
SpDifference *sp_difference_new(const SpPhoto *left, const SpPhoto *right,
                                const SpComparison *comparison, int side);
void sp_difference_free(SpDifference *difference);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpDifference, sp_difference_free)

#endif
