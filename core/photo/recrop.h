#ifndef SAMEPHOTO_CORE_PHOTO_RECROP_H
#define SAMEPHOTO_CORE_PHOTO_RECROP_H

/* Finds the crop of one picture that the other shows: coarse seeds by correlation, refined by
 * Gauss-Newton (reference similarity.md, step 5). Internal to core/photo. */

#include "core/photo/fingerprint.h"
#include "core/photo/residual.h"

/* A place u of picture a (its centre the origin, its short side the unit) lies at scale * u + (x,
 * y) in picture b. A plain value. */
typedef struct {
    double scale;
    double x;
    double y;
} SpMove;

/* A rectangle in the coordinates of picture a. A plain value. */
typedef struct {
    double x0;
    double y0;
    double x1;
    double y1;
} SpOverlap;

/* A plain value. */
typedef struct {
    SpMove move;
    SpOverlap overlap;
    double share_a; /* how much of each whole picture the overlap is */
    double share_b;
    double pixels; /* the overlap's short side in the coarser picture's pixels */
    SpResidual residual;
} SpRecrop;

/* FALSE where no crop brings the two pictures anywhere near each other. */
gboolean sp_recrop_find(const SpFingerprint *a, const SpFingerprint *b, SpRecrop *recrop);

#endif
