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

/* lcms2 reports to stderr-like handlers by default; a context of our own keeps it quiet and the
 * threads apart. */
static gboolean
conversion_open(Conversion *conversion, const guint8 *icc, gsize length, gboolean has_alpha)
{
    cmsUInt32Number pixels = has_alpha ? TYPE_RGBA_8 : TYPE_RGB_8;
    cmsUInt32Number source;

    conversion->profile = cmsOpenProfileFromMem(icc, (cmsUInt32Number) length);
    if (conversion->profile == NULL)
        return FALSE;
    conversion->space = cmsGetColorSpace(conversion->profile);
    if (conversion->space != cmsSigRgbData && conversion->space != cmsSigGrayData)
        return FALSE;
    source = conversion->space == cmsSigGrayData ? TYPE_GRAY_8 : pixels;
    conversion->srgb = cmsCreate_sRGBProfile();
    conversion->transform = cmsCreateTransform(
        conversion->profile, source, conversion->srgb,
        conversion->space == cmsSigGrayData ? TYPE_RGB_8 : pixels, INTENT_RELATIVE_COLORIMETRIC,
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
sp_profile_to_srgb(GdkPixbuf *pixbuf)
{
    const char *encoded = gdk_pixbuf_get_option(pixbuf, "icc-profile");
    g_autofree guint8 *icc = NULL;
    gsize length;
    g_auto(Conversion) conversion = {0};

    if (encoded == NULL)
        return;
    icc = g_base64_decode(encoded, &length);
    if (length == 0 || length > MAX_PROFILE_BYTES)
        return;
    if (!conversion_open(&conversion, icc, length, gdk_pixbuf_get_has_alpha(pixbuf)))
        return;
    if (changes_nothing(&conversion))
        return;
    if (conversion.space != cmsSigGrayData)
        convert_colour(&conversion, pixbuf);
    else if (is_grey(pixbuf))
        convert_grey(&conversion, pixbuf);
}
