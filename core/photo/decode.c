#include "core/photo/decode.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/photo/jpeg.h"
#include "core/photo/photo.h"
#include "core/photo/profile.h"
#include "core/text.h"

/* Only the loader that the magic bytes call for is opened, so that none of the many others which
 * may be installed ever meets bytes from outside. */

#define MAX_REASON 120

/* Four times as fine as the finest grid of the comparison. */
#define REDUCED_SIDE 256
#define MAX_SCALE    8

/* The header reader has looked at the size already; should the loader see another one, it is asked
 * for no pixels at all, and every loader takes that as an error. */
static void
hold_to_the_cap(GdkPixbufLoader *loader, int width, int height, gpointer data)
{
    const SpPhotoFormat *format = data;

    if (width > format->width || height > format->height)
        gdk_pixbuf_loader_set_size(loader, 0, 0);
}

static gboolean
feed(GdkPixbufLoader *loader, GBytes *bytes, const SpPhotoFormat *format, GError **error)
{
    static const guint8 GIF_END = 0x3b;
    gboolean is_fed =
        gdk_pixbuf_loader_write(loader, g_bytes_get_data(bytes, NULL), format->length, error) &&
        (!format->needs_trailer || gdk_pixbuf_loader_write(loader, &GIF_END, 1, error));

    /* A loader has to be closed on every path; after a failed write its error adds nothing. */
    return gdk_pixbuf_loader_close(loader, is_fed ? error : NULL) && is_fed;
}

static GdkPixbuf *
load(GBytes *bytes, const SpPhotoFormat *format, GError **error)
{
    g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type(format->name, error);
    GdkPixbuf *pixbuf;

    if (loader == NULL)
        return NULL;
    g_signal_connect(loader, "size-prepared", G_CALLBACK(hold_to_the_cap), (gpointer) format);
    if (!feed(loader, bytes, format, error))
        return NULL;
    pixbuf = gdk_pixbuf_loader_get_pixbuf(loader);
    if (pixbuf == NULL || gdk_pixbuf_get_bits_per_sample(pixbuf) != 8) {
        g_set_error_literal(error, SP_ERROR, SP_ERROR_FORMAT, _("it holds no picture"));
        return NULL;
    }
    return g_object_ref(pixbuf);
}

static guint8
over_white(guint8 value, guint8 alpha)
{
    return (guint8) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

static void
flatten_row(const guint8 *from, gboolean has_alpha, int width, guint8 *to)
{
    int step = has_alpha ? 4 : 3;

    for (int x = 0; x < width; x++, from += step, to += 4) {
        guint8 alpha = has_alpha ? from[3] : 255;

        for (int c = 0; c < 3; c++)
            to[c] = alpha == 255 ? from[c] : over_white(from[c], alpha);
        to[3] = 255;
    }
}

static guint8 *
flatten(GdkPixbuf *pixbuf)
{
    int width = gdk_pixbuf_get_width(pixbuf);
    int height = gdk_pixbuf_get_height(pixbuf);
    gsize row = (gsize) width * 4;
    guint8 *rgba = g_malloc_n((gsize) height, row);

    for (int y = 0; y < height; y++)
        flatten_row(gdk_pixbuf_read_pixels(pixbuf) + (gsize) y * gdk_pixbuf_get_rowstride(pixbuf),
                    gdk_pixbuf_get_has_alpha(pixbuf), width, rgba + (gsize) y * row);
    return rgba;
}

static gboolean
decode_any(GBytes *bytes, const SpPhotoFormat *format, SpPixels *pixels, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autoptr(GdkPixbuf) stored = load(bytes, format, &reason);
    g_autoptr(GdkPixbuf) upright = NULL;
    g_autofree guint8 *inks = NULL;

    if (stored == NULL) {
        g_autofree char *clean = sp_text_clean(reason->message, -1, MAX_REASON);

        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("this %s picture is broken: %s"),
                    format->title, clean);
        return FALSE;
    }
    if (g_str_equal(format->name, "jpeg"))
        inks = sp_jpeg_decode_inks(g_bytes_get_data(bytes, NULL), format);
    sp_profile_to_srgb(stored, inks);
    upright = gdk_pixbuf_apply_embedded_orientation(stored);
    pixels->width = gdk_pixbuf_get_width(upright);
    pixels->height = gdk_pixbuf_get_height(upright);
    pixels->rgba = flatten(upright);
    return TRUE;
}

/* Halved as often as at least REDUCED_SIDE pixels are left, by eight at most (what a JPEG's blocks
 * allow). */
static int
scale_for(const SpPhotoFormat *format)
{
    int side = MIN(format->width, format->height);
    int scale = 1;

    while (scale < MAX_SCALE && side / (scale * 2) >= REDUCED_SIDE)
        scale *= 2;
    return scale;
}

gboolean
sp_decode(GBytes *bytes, const SpPhotoFormat *format, SpDecodeExtent extent, SpPixels *pixels,
          GError **error)
{
    int scale = extent == SP_DECODE_REDUCED ? scale_for(format) : 1;
    SpPixels found = {.scale = scale, .width = format->width, .height = format->height};

    if (g_str_equal(format->name, "jpeg"))
        found.rgba = sp_jpeg_decode_plain(g_bytes_get_data(bytes, NULL), format, scale);
    if (found.rgba == NULL) {
        found.scale = 1;
        if (!decode_any(bytes, format, &found, error))
            return FALSE;
    }
    found.columns = (found.width + found.scale - 1) / found.scale;
    found.rows = (found.height + found.scale - 1) / found.scale;
    *pixels = found;
    return TRUE;
}
