#include "core/photo/profile.h"

#include <lcms2.h>
#include <string.h>

/* Real profiles are a few hundred bytes to a few hundred kilobytes. */
#define MAX_PROFILE_BYTES (4 * 1024 * 1024)

/* Rounding of a conversion that changes nothing: sRGB under another name. */
#define NEGLIGIBLE_LEVELS 2

#define PROBE_STEPS 5

typedef struct {
    cmsHPROFILE profile;
    cmsHPROFILE srgb;
    cmsHTRANSFORM transform;
    cmsColorSpaceSignature space;
} Conversion;

static void
conversion_clear(Conversion *conversion)
{
    if (conversion->transform != NULL)
        cmsDeleteTransform(conversion->transform);
    if (conversion->srgb != NULL)
        cmsCloseProfile(conversion->srgb);
    if (conversion->profile != NULL)
        cmsCloseProfile(conversion->profile);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Conversion, conversion_clear)

/* How lcms2 shall read and write the pixels: by the profile's kind. FALSE for the kinds that no
 * picture here has. */
static gboolean
layouts_of(cmsColorSpaceSignature space, gboolean has_alpha, cmsUInt32Number *from,
           cmsUInt32Number *to)
{
    *to = has_alpha ? TYPE_RGBA_8 : TYPE_RGB_8;
    switch (space) {
    case cmsSigRgbData: *from = *to; return TRUE;
    case cmsSigCmykData: *from = TYPE_CMYK_8; return TRUE;
    case cmsSigGrayData:
        *from = TYPE_GRAY_8;
        *to = TYPE_RGB_8;
        return TRUE;
    default: return FALSE;
    }
}

/* lcms2 keeps its errors to itself unless it is given a handler. Profiles and transform belong to
 * one conversion, and there is no cache, so threads stay apart. */
static gboolean
conversion_open(Conversion *conversion, const guint8 *icc, gsize length, gboolean has_alpha)
{
    cmsUInt32Number from;
    cmsUInt32Number to;

    conversion->profile = cmsOpenProfileFromMem(icc, (cmsUInt32Number) length);
    if (conversion->profile == NULL)
        return FALSE;
    conversion->space = cmsGetColorSpace(conversion->profile);
    if (!layouts_of(conversion->space, has_alpha, &from, &to))
        return FALSE;
    conversion->srgb = cmsCreate_sRGBProfile();
    conversion->transform = cmsCreateTransform(
        conversion->profile, from, conversion->srgb, to, INTENT_RELATIVE_COLORIMETRIC,
        cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE |
            (has_alpha && conversion->space == cmsSigRgbData ? cmsFLAGS_COPY_ALPHA : 0));
    return conversion->transform != NULL;
}

static guint8 *
pixel_row(GdkPixbuf *pixbuf, int y)
{
    return gdk_pixbuf_get_pixels(pixbuf) + (gsize) y * (gsize) gdk_pixbuf_get_rowstride(pixbuf);
}

/* Whether a lattice of probe colours comes out as it went in. */
static gboolean
changes_nothing(const Conversion *conversion)
{
    int is_grey = conversion->space == cmsSigGrayData;
    guint8 in[4] = {0, 0, 0, 255};
    guint8 out[4] = {0};

    for (int i = 0; i < PROBE_STEPS * PROBE_STEPS * PROBE_STEPS; i++) {
        for (int c = 0, rest = i; c < 3; c++, rest /= PROBE_STEPS)
            in[c] = (guint8) ((is_grey ? i % PROBE_STEPS : rest % PROBE_STEPS) * 255 /
                              (PROBE_STEPS - 1));
        cmsDoTransform(conversion->transform, in, out, 1);
        for (int c = 0; c < 3; c++)
            if (ABS(in[c] - out[c]) > NEGLIGIBLE_LEVELS)
                return FALSE;
    }
    return TRUE;
}

/* A grey profile maps one value to one colour, so a table of 256 does the whole picture. */
static void
convert_grey(const Conversion *conversion, GdkPixbuf *pixbuf)
{
    int channels = gdk_pixbuf_get_n_channels(pixbuf);
    guint8 levels[256];
    guint8 colours[256][3];

    for (int i = 0; i < 256; i++)
        levels[i] = (guint8) i;
    cmsDoTransform(conversion->transform, levels, colours, 256);
    for (int y = 0; y < gdk_pixbuf_get_height(pixbuf); y++) {
        guint8 *pixel = pixel_row(pixbuf, y);

        for (int x = 0; x < gdk_pixbuf_get_width(pixbuf); x++, pixel += channels)
            memcpy(pixel, colours[pixel[0]], 3);
    }
}

static void
convert_colour(const Conversion *conversion, GdkPixbuf *pixbuf)
{
    for (int y = 0; y < gdk_pixbuf_get_height(pixbuf); y++) {
        guint8 *row = pixel_row(pixbuf, y);

        cmsDoTransform(conversion->transform, row, row,
                       (cmsUInt32Number) gdk_pixbuf_get_width(pixbuf));
    }
}

/* What no profile tells about: each ink takes its share of the light, black of all. The loader
 * takes every file for one of Adobe's, whose numbers say how much ink is left out. */
static void
print_plainly(const guint8 *inks, GdkPixbuf *pixbuf)
{
    int channels = gdk_pixbuf_get_n_channels(pixbuf);

    for (int y = 0; y < gdk_pixbuf_get_height(pixbuf); y++) {
        guint8 *pixel = pixel_row(pixbuf, y);

        for (int x = 0; x < gdk_pixbuf_get_width(pixbuf); x++, pixel += channels, inks += 4)
            for (int c = 0; c < 3; c++)
                pixel[c] = (guint8) ((255 - inks[c]) * (255 - inks[3]) / 255);
    }
}

static void
convert_inks(const Conversion *conversion, const guint8 *inks, GdkPixbuf *pixbuf)
{
    gsize width = (gsize) gdk_pixbuf_get_width(pixbuf);

    for (int y = 0; y < gdk_pixbuf_get_height(pixbuf); y++)
        cmsDoTransform(conversion->transform, inks + (gsize) y * width * 4, pixel_row(pixbuf, y),
                       (cmsUInt32Number) width);
}

/* A grey profile in a colour picture is a mistake of whoever wrote it. */
static gboolean
is_grey(GdkPixbuf *pixbuf)
{
    int channels = gdk_pixbuf_get_n_channels(pixbuf);

    for (int y = 0; y < gdk_pixbuf_get_height(pixbuf); y++) {
        const guint8 *pixel = pixel_row(pixbuf, y);

        for (int x = 0; x < gdk_pixbuf_get_width(pixbuf); x++, pixel += channels)
            if (pixel[0] != pixel[1] || pixel[1] != pixel[2])
                return FALSE;
    }
    return TRUE;
}

void
sp_profile_to_srgb(GdkPixbuf *pixbuf, const guint8 *inks)
{
    const char *encoded = gdk_pixbuf_get_option(pixbuf, "icc-profile");
    g_autofree guint8 *icc = NULL;
    gsize length;
    g_auto(Conversion) conversion = {0};

    if (inks != NULL)
        print_plainly(inks, pixbuf);
    if (encoded == NULL)
        return;
    icc = g_base64_decode(encoded, &length);
    if (length == 0 || length > MAX_PROFILE_BYTES)
        return;
    if (!conversion_open(&conversion, icc, length, gdk_pixbuf_get_has_alpha(pixbuf)))
        return;
    /* A profile of another kind than the pixels is a mistake of whoever wrote it. */
    if ((inks != NULL) != (conversion.space == cmsSigCmykData))
        return;
    if (inks != NULL)
        convert_inks(&conversion, inks, pixbuf);
    else if (changes_nothing(&conversion))
        return;
    else if (conversion.space != cmsSigGrayData)
        convert_colour(&conversion, pixbuf);
    else if (is_grey(pixbuf))
        convert_grey(&conversion, pixbuf);
}
