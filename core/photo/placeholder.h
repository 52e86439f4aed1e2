#ifndef SAMEPHOTO_CORE_PHOTO_PLACEHOLDER_H
#define SAMEPHOTO_CORE_PHOTO_PLACEHOLDER_H

/* Is a picture no photo at all? A placeholder is drawn: a background (one colour or a gentle
 * gradient), one flat colour on it and their mixtures along the edges explain everything inside the
 * circle (reference similarity.md, step 2). Internal to core/photo. */

#include "core/photo/colour.h"
#include "core/photo/fingerprint.h"

/* From the coarse colours of a picture of `width` x `height` pixels. */
SpPlaceholder sp_placeholder_recognise(const SpColourGrid *colours, int width, int height);

#endif
