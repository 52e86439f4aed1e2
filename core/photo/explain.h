#ifndef SAMEPHOTO_CORE_PHOTO_EXPLAIN_H
#define SAMEPHOTO_CORE_PHOTO_EXPLAIN_H

/* A comparison's result in words. Internal to core/photo. */

#include "core/photo/compare.h"

/* One translated sentence that says why. Transfer full. */
char *sp_explain(const SpPhoto *left, const SpPhoto *right, const SpComparison *comparison);

#endif
