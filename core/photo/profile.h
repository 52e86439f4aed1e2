#ifndef SAMEPHOTO_CORE_PHOTO_PROFILE_H
#define SAMEPHOTO_CORE_PHOTO_PROFILE_H

/* Colour profiles: the numbers of a picture mean what its embedded ICC profile says, and a service
 * that strips the profile while it resizes changes the colours that everybody sees. Internal to
 * core/photo. */

#include <gdk-pixbuf/gdk-pixbuf.h>

/* Converts the pixels to sRGB, in place, by the profile that the file carries. A profile that is
 * missing, broken, not for these pixels or sRGB in all but name changes nothing. `inks` are those
 * of a picture for print (sp_jpeg_decode_inks()): by a profile for inks, or plainly, they give all
 * pixels anew. NULL for every other picture. */
void sp_profile_to_srgb(GdkPixbuf *pixbuf, const guint8 *inks);

#endif
