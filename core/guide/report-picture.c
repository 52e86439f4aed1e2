#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/guide/report-writer.h"
#include "core/guide/session-private.h"
#include "core/photo/photo.h"

#define SIDE         160
#define TILES        8
#define JPEG_QUALITY "85"

/* The size with the longer side at `side`. */
static void
fit(const SpPhoto *photo, int side, int *width, int *height)
{
    int w = sp_photo_get_width(photo);
    int h = sp_photo_get_height(photo);

    *width = MAX(1, w >= h ? side : w * side / h);
    *height = MAX(1, w >= h ? h * side / w : side);
}

/* Eight tiles a side: the colours of a face, and nobody's features. */
static GdkPixbuf *
pixelate(GdkPixbuf *picture)
{
    g_autoptr(GdkPixbuf) tiles = gdk_pixbuf_scale_simple(picture, TILES, TILES, GDK_INTERP_HYPER);

    return gdk_pixbuf_scale_simple(tiles, gdk_pixbuf_get_width(picture),
                                   gdk_pixbuf_get_height(picture), GDK_INTERP_NEAREST);
}

static char *
encode(GdkPixbuf *picture)
{
    g_autofree char *bytes = NULL;
    g_autofree char *text = NULL;
    gsize length = 0;

    if (!gdk_pixbuf_save_to_buffer(picture, &bytes, &length, "jpeg", NULL, "quality", JPEG_QUALITY,
                                   NULL)) {
        return NULL;
    }
    text = g_base64_encode((const guchar *) bytes, length);
    return g_strconcat("data:image/jpeg;base64,", text, NULL);
}

char *
sp_report_picture(SpStore *store, const char *sha256, SpReportFaces faces)
{
    g_autoptr(GBytes) bytes =
        faces == SP_FACES_NONE || sha256 == NULL ? NULL : sp_record_picture(store, sha256);
    g_autoptr(SpPhoto) photo = bytes == NULL ? NULL : sp_photo_new(bytes, NULL);
    g_autoptr(GdkPixbuf) rgba = NULL;
    g_autoptr(GdkPixbuf) small = NULL;
    g_autoptr(GdkPixbuf) shown = NULL;
    int width;
    int height;

    if (photo == NULL) {
        return NULL;
    }
    width = sp_photo_get_width(photo);
    height = sp_photo_get_height(photo);
    rgba = gdk_pixbuf_new_from_data(sp_photo_get_pixels(photo), GDK_COLORSPACE_RGB, TRUE, 8, width,
                                    height, width * 4, NULL, NULL);
    fit(photo, SIDE, &width, &height);
    small = gdk_pixbuf_scale_simple(rgba, width, height, GDK_INTERP_BILINEAR);
    if (small == NULL) {
        return NULL;
    }
    shown = faces == SP_FACES_PIXELATED ? pixelate(small) : g_object_ref(small);
    return encode(shown);
}
