#ifndef SAMEPHOTO_CORE_PHOTO_RESIDUAL_H
#define SAMEPHOTO_CORE_PHOTO_RESIDUAL_H

/* What is left of one picture when the other has explained all that it can (reference
 * similarity.md, step 3). Least squares on seven terms forgive brightness, contrast, gamma,
 * sharpening and a shift or zoom of less than a cell; a changed mouth or hand stays in the
 * residual. Internal to core/photo. */

#include "core/photo/grid.h"

/* The disc inside which pictures are compared, in sides. */
#define SP_RESIDUAL_RADIUS 0.455

/* A plain value. */
typedef struct {
    double local;     /* the worst local root mean square over the picture's own contrast */
    double structure; /* the edges of the residual over the edges of the picture */
    double shift;     /* how far the fit had to move or zoom, in cells */
    double gain;      /* the contrast of the explained picture over the other's */
} SpResidual;

/* Explains `small` by `large` (both smoothed, of one size); `left_over` gets what remains. */
void sp_residual_measure(const SpGrid *small, const SpGrid *large, const SpMask *mask,
                         SpResidual *residual, SpGrid *left_over);

/* Only what remains, and everywhere: `mask` says which cells the fit may look at. */
void sp_residual_explain(const SpGrid *small, const SpGrid *large, const SpMask *mask,
                         SpGrid *left_over);

#endif
