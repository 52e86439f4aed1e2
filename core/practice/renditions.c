#include "core/practice/renditions.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#include "core/photo/photo.h"

#define RESOURCE_FOLDER "/practice/photos"
#define UPLOAD_SIDE     648
#define UPLOAD_QUALITY  92
/* A crop that a people picker makes: a tenth off each side, a little more below the chin. */
#define CROP_PERCENT 10

/* In the bundle that glib-compile-resources writes; naming it keeps the linker from leaving it out.
 */
GResource *practice_photos_get_resource(void);

struct SpRenditions {
    GMutex mutex;
    GHashTable *pixbufs; /* picture -> GdkPixbuf */
    GHashTable *bytes;   /* "picture/side/quality" -> GBytes */
};

SpRenditions *
sp_renditions_new(void)
{
    SpRenditions *renditions = g_new0(SpRenditions, 1);

    g_mutex_init(&renditions->mutex);
    renditions->pixbufs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref);
    renditions->bytes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
    return renditions;
}

void
sp_renditions_free(SpRenditions *renditions)
{
    if (renditions == NULL) {
        return;
    }
    g_hash_table_unref(renditions->pixbufs);
    g_hash_table_unref(renditions->bytes);
    g_mutex_clear(&renditions->mutex);
    g_free(renditions);
}

static GBytes *
load_original(const char *name)
{
    g_autofree char *path = g_strdup_printf(RESOURCE_FOLDER "/%s.jpg", name);
    g_autoptr(GError) error = NULL;
    GBytes *bytes = g_resource_lookup_data(practice_photos_get_resource(), path,
                                           G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

    if (bytes == NULL) {
        g_error("The practice tenant has no picture %s: %s", name, error->message);
    }
    return bytes;
}

static GdkPixbuf *
decode(GBytes *bytes)
{
    g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes(bytes);
    g_autoptr(GError) error = NULL;
    GdkPixbuf *pixbuf = gdk_pixbuf_new_from_stream(stream, NULL, &error);

    if (pixbuf == NULL) {
        g_error("A picture of the practice tenant cannot be decoded: %s", error->message);
    }
    return pixbuf;
}

static GdkPixbuf *
treat(GdkPixbuf *original, const char *treatment)
{
    if (g_str_equal(treatment, "mirrored")) {
        return gdk_pixbuf_flip(original, TRUE);
    }
    if (g_str_equal(treatment, "crop")) {
        int side = gdk_pixbuf_get_width(original);
        int edge = side * CROP_PERCENT / 100;
        int kept = side - 2 * edge;

        return gdk_pixbuf_new_subpixbuf(original, edge, edge / 2, kept, kept);
    }
    g_error("No such treatment of a picture: %s", treatment);
}

/* The picture at full size; called with the mutex held. Borrowed. */
static GdkPixbuf *
get_pixbuf(SpRenditions *renditions, const char *picture)
{
    GdkPixbuf *pixbuf = g_hash_table_lookup(renditions->pixbufs, picture);

    if (pixbuf == NULL) {
        g_auto(GStrv) parts = g_strsplit(picture, ":", -1);
        g_autoptr(GBytes) bytes = load_original(parts[0]);

        pixbuf = decode(bytes);
        for (guint i = 1; parts[i] != NULL; i++) {
            GdkPixbuf *treated = treat(pixbuf, parts[i]);

            g_object_unref(pixbuf);
            pixbuf = treated;
        }
        g_hash_table_insert(renditions->pixbufs, g_strdup(picture), pixbuf);
    }
    return pixbuf;
}

static GBytes *
encode(GdkPixbuf *pixbuf, guint quality)
{
    g_autofree char *text = g_strdup_printf("%u", quality);
    g_autoptr(GError) error = NULL;
    char *buffer = NULL;
    gsize size = 0;
    gboolean is_saved = quality == 0
                            ? gdk_pixbuf_save_to_buffer(pixbuf, &buffer, &size, "png", &error, NULL)
                            : gdk_pixbuf_save_to_buffer(pixbuf, &buffer, &size, "jpeg", &error,
                                                        "quality", text, NULL);

    if (!is_saved) {
        g_error("A picture of the practice tenant cannot be written: %s", error->message);
    }
    return g_bytes_new_take(buffer, size);
}

static GBytes *
render(SpRenditions *renditions, const char *picture, guint side, guint quality)
{
    if (side == UPLOAD_SIDE && quality == UPLOAD_QUALITY && strchr(picture, ':') == NULL) {
        return load_original(picture);
    }
    g_autoptr(GdkPixbuf) scaled = gdk_pixbuf_scale_simple(get_pixbuf(renditions, picture),
                                                          (int) side, (int) side, GDK_INTERP_HYPER);

    return encode(scaled, quality);
}

GBytes *
sp_renditions_get(SpRenditions *renditions, const char *picture, guint side, guint quality)
{
    g_autofree char *key = g_strdup_printf("%s/%u/%u", picture, side, quality);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&renditions->mutex);
    GBytes *bytes = g_hash_table_lookup(renditions->bytes, key);

    if (bytes == NULL) {
        bytes = render(renditions, picture, side, quality);
        g_hash_table_insert(renditions->bytes, g_steal_pointer(&key), bytes);
    }
    return g_bytes_ref(bytes);
}

GBytes *
sp_renditions_upload(SpRenditions *renditions, const char *picture)
{
    return sp_renditions_get(renditions, picture, UPLOAD_SIDE, UPLOAD_QUALITY);
}

static void
free_pixels(guchar *pixels, gpointer data)
{
    (void) pixels;
    sp_photo_unref(data);
}

guint
sp_renditions_add(SpRenditions *renditions, const char *picture, GBytes *bytes)
{
    SpPhoto *photo = sp_photo_new(bytes, NULL);
    int width = photo != NULL ? sp_photo_get_width(photo) : 0;
    int height = photo != NULL ? sp_photo_get_height(photo) : 0;
    int side = MIN(width, height);

    if (photo == NULL) {
        return 0;
    }
    g_autoptr(GdkPixbuf) whole =
        gdk_pixbuf_new_from_data(sp_photo_get_pixels(photo), GDK_COLORSPACE_RGB, TRUE, 8, width,
                                 height, width * 4, free_pixels, photo);
    GdkPixbuf *square =
        gdk_pixbuf_new_subpixbuf(whole, (width - side) / 2, (height - side) / 2, side, side);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&renditions->mutex);

    g_hash_table_insert(renditions->pixbufs, g_strdup(picture), square);
    return (guint) side;
}

/* Whether the pixel belongs to the head or the shoulders; coordinates from 0 to 1. */
static gboolean
is_figure(double x, double y)
{
    double head = (x - 0.5) * (x - 0.5) + (y - 0.38) * (y - 0.38);
    double shoulders = (x - 0.5) * (x - 0.5) / 0.11 + (y - 1.02) * (y - 1.02) / 0.16;

    return head < 0.18 * 0.18 || shoulders < 1.0;
}

static GdkPixbuf *
draw_silhouette(guint side)
{
    GdkPixbuf *pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, (int) side, (int) side);
    guint8 *pixels = gdk_pixbuf_get_pixels(pixbuf);
    guint stride = (guint) gdk_pixbuf_get_rowstride(pixbuf);

    for (guint y = 0; y < side; y++) {
        for (guint x = 0; x < side; x++) {
            guint8 grey = is_figure((x + 0.5) / side, (y + 0.5) / side) ? 166 : 225;

            memset(pixels + (gsize) y * stride + (gsize) x * 3, grey, 3);
        }
    }
    return pixbuf;
}

GBytes *
sp_renditions_silhouette(SpRenditions *renditions, guint side)
{
    g_autofree char *key = g_strdup_printf("silhouette/%u", side);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&renditions->mutex);
    GBytes *bytes = g_hash_table_lookup(renditions->bytes, key);

    if (bytes == NULL) {
        /* Drawn large and scaled down, so that the edge is smooth. */
        g_autoptr(GdkPixbuf) large = draw_silhouette(side * 3);
        g_autoptr(GdkPixbuf) pixbuf =
            gdk_pixbuf_scale_simple(large, (int) side, (int) side, GDK_INTERP_BILINEAR);

        bytes = encode(pixbuf, 0);
        g_hash_table_insert(renditions->bytes, g_steal_pointer(&key), bytes);
    }
    return g_bytes_ref(bytes);
}

GBytes *
sp_renditions_pixel(void)
{
    static const guint8 gif[] = {
        'G',  'I',  'F',  '8',  '9',  'a',  0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0xff, 0xff,
        0xff, 0x00, 0x00, 0x00, 0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00,
        0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3b,
    };

    return g_bytes_new_static(gif, sizeof gif);
}
