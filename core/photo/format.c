#include "core/photo/format.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/photo/photo.h"

/* Each reader walks the structure of its format far enough to know the size in pixels and that the
 * first picture is complete. gdk-pixbuf's loaders fill up a truncated picture with grey without a
 * word, and a half grey face would be compared as if it were one. */

/* A real progressive JPEG has about ten scans. Each costs a pass over all pixels, so a small file
 * with thousands of them would keep a decoder busy for minutes. */
#define MAX_JPEG_SCANS 100

typedef struct {
    const guint8 *data;
    gsize size;
} Bytes;

typedef enum {
    WALK_WHOLE,
    WALK_CUT,    /* the data ends too early */
    WALK_BROKEN, /* the structure makes no sense */
} Walk;

static guint
be16(const guint8 *p)
{
    return (guint) p[0] << 8 | p[1];
}

static guint
le16(const guint8 *p)
{
    return (guint) p[1] << 8 | p[0];
}

static guint32
be32(const guint8 *p)
{
    return (guint32) be16(p) << 16 | be16(p + 2);
}

static guint32
le32(const guint8 *p)
{
    return (guint32) le16(p + 2) << 16 | le16(p);
}

/* --- JPEG */

enum {
    JPEG_EOI = 0xd9,
    JPEG_SOS = 0xda,
    JPEG_TEM = 0x01,
};

static gboolean
is_jpeg_frame(guint8 marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static gboolean
is_jpeg_restart(guint8 marker)
{
    return marker >= 0xd0 && marker <= 0xd7;
}

/* The offset of the first 0xff from `at` that is followed by a marker, or `size`. Inside a scan,
 * stuffed zeros and restart marks belong to the data. */
static gsize
next_jpeg_marker(const Bytes *in, gsize at)
{
    while (at + 1 < in->size) {
        const guint8 *found = memchr(in->data + at, 0xff, in->size - 1 - at);
        guint8 code;

        if (found == NULL)
            return in->size;
        at = (gsize) (found - in->data);
        code = in->data[at + 1];
        if (code != 0x00 && code != 0xff && !is_jpeg_restart(code))
            return at;
        at += code == 0xff ? 1 : 2;
    }
    return in->size;
}

static Walk
walk_jpeg(const Bytes *in, SpPhotoFormat *format)
{
    gsize at = 2;
    guint n_scans = 0;

    while ((at = next_jpeg_marker(in, at)) < in->size) {
        guint8 marker = in->data[at + 1];
        guint length;

        if (marker == JPEG_EOI && n_scans > 0) {
            format->length = at + 2;
            return format->width > 0 ? WALK_WHOLE : WALK_BROKEN;
        }
        if (marker == JPEG_EOI || marker == JPEG_TEM) {
            at += 2;
            continue;
        }
        if (at + 4 > in->size)
            return WALK_CUT;
        length = be16(in->data + at + 2);
        if (length < 2)
            return WALK_BROKEN;
        if (at + 2 + length > in->size)
            return WALK_CUT;
        if (is_jpeg_frame(marker) && length >= 8 && format->width == 0) {
            format->height = (int) be16(in->data + at + 5);
            format->width = (int) be16(in->data + at + 7);
        }
        if (marker == JPEG_SOS && ++n_scans > MAX_JPEG_SCANS)
            return WALK_BROKEN;
        at += 2 + length;
    }
    return WALK_CUT;
}

/* --- PNG */

static Walk
walk_png(const Bytes *in, SpPhotoFormat *format)
{
    gsize at = 8;
    gboolean has_pixels = FALSE;

    while (in->size - at >= 12) {
        guint32 length = be32(in->data + at);
        const guint8 *type = in->data + at + 4;

        if (length > in->size - at - 12)
            return WALK_CUT;
        if (memcmp(type, "IHDR", 4) == 0 && length >= 8) {
            guint32 width = be32(type + 4);
            guint32 height = be32(type + 8);

            if (width > G_MAXINT || height > G_MAXINT)
                return WALK_BROKEN;
            format->width = (int) width;
            format->height = (int) height;
        }
        has_pixels |= memcmp(type, "IDAT", 4) == 0;
        at += 12 + (gsize) length;
        if (memcmp(type, "IEND", 4) == 0) {
            format->length = at;
            return has_pixels ? WALK_WHOLE : WALK_BROKEN;
        }
    }
    return WALK_CUT;
}

/* --- GIF */

enum {
    GIF_EXTENSION = 0x21,
    GIF_IMAGE = 0x2c,
    GIF_TRAILER = 0x3b,
};

static gsize
gif_colours(guint8 flags)
{
    return flags & 0x80 ? 3u << ((flags & 7) + 1) : 0;
}

/* The offset behind the sub-blocks that start at `at`, or 0 where the data ends before they do. */
static gsize
skip_gif_blocks(const Bytes *in, gsize at)
{
    while (at < in->size && in->data[at] != 0)
        at += 1 + (gsize) in->data[at];
    return at < in->size ? at + 1 : 0;
}

/* Makes the picture as large as its screen and its first frame together. FALSE where the frame lies
 * off the screen: gdk-pixbuf's loader computes with a negative width then. */
static gboolean
place_gif_frame(const guint8 *descriptor, SpPhotoFormat *format)
{
    int x = (int) le16(descriptor + 1);
    int y = (int) le16(descriptor + 3);
    int width = (int) le16(descriptor + 5);
    int height = (int) le16(descriptor + 7);

    if (width == 0 || height == 0 || x >= format->width || y >= format->height)
        return FALSE;
    format->width = MAX(format->width, x + width);
    format->height = MAX(format->height, y + height);
    return TRUE;
}

static Walk
walk_gif(const Bytes *in, SpPhotoFormat *format)
{
    gsize at;

    if (in->size < 13)
        return WALK_CUT;
    format->width = (int) le16(in->data + 6);
    format->height = (int) le16(in->data + 8);
    at = 13 + gif_colours(in->data[10]);
    while (at < in->size) {
        guint8 block = in->data[at];

        if (block == GIF_TRAILER || (block != GIF_EXTENSION && block != GIF_IMAGE))
            return WALK_BROKEN;
        if (block == GIF_EXTENSION) {
            at = skip_gif_blocks(in, at + 2);
            if (at == 0)
                return WALK_CUT;
            continue;
        }
        if (in->size - at < 11)
            return WALK_CUT;
        if (!place_gif_frame(in->data + at, format))
            return WALK_BROKEN;
        at = skip_gif_blocks(in, at + 11 + gif_colours(in->data[at + 9]));
        if (at == 0)
            return WALK_CUT;
        format->length = at;
        format->needs_trailer = TRUE;
        return WALK_WHOLE;
    }
    return WALK_CUT;
}

/* --- BMP */

#define BMP_CORE_HEADER 12

/* The bytes of the pixels: computed where they are stored plainly, else what the header says. */
static guint64
bmp_pixel_bytes(const Bytes *in, const SpPhotoFormat *format)
{
    const guint8 *header = in->data + 14;
    gboolean is_core = le32(header) == BMP_CORE_HEADER;
    guint bits = le16(header + (is_core ? 10 : 14));
    guint32 compression = is_core ? 0 : le32(header + 16);

    if (compression != 0 && compression != 3)
        return le32(header + 20);
    return ((guint64) format->width * bits + 31) / 32 * 4 * (guint64) format->height;
}

/* The bytes before the pixels: file header, header and colour table, each as long as it says. */
static guint64
bmp_header_bytes(const Bytes *in)
{
    const guint8 *header = in->data + 14;
    guint32 n_colours = le32(header) == BMP_CORE_HEADER ? 0 : le32(header + 32);

    return 14 + (guint64) le32(header) + 4 * (guint64) n_colours;
}

static Walk
walk_bmp(const Bytes *in, SpPhotoFormat *format)
{
    const guint8 *header = in->data + 14;

    if (in->size < 14 + 40 && (in->size < 14 + BMP_CORE_HEADER || le32(header) != BMP_CORE_HEADER))
        return WALK_CUT;
    /* The loader allocates what the headers ask for, up to gigabytes, before it misses a byte. */
    if (in->size < bmp_header_bytes(in))
        return WALK_CUT;
    if (le32(header) == BMP_CORE_HEADER) {
        format->width = (int) le16(header + 4);
        format->height = (int) le16(header + 6);
    } else {
        gint32 width = (gint32) le32(header + 4);
        gint32 height = (gint32) le32(header + 8);

        if (width < 0 || height == G_MININT32)
            return WALK_BROKEN;
        format->width = width;
        format->height = ABS(height);
    }
    if ((guint64) format->width * (guint64) format->height <= SP_PHOTO_MAX_PIXELS &&
        in->size < (guint64) le32(in->data + 10) + bmp_pixel_bytes(in, format))
        return WALK_CUT;
    format->length = in->size;
    return WALK_WHOLE;
}

/* --- The formats that are read, and those that are at least called by their name */

typedef struct {
    const char *name;
    const char *title;
    const char *magic;
    gsize magic_length;
    Walk (*walk)(const Bytes *in, SpPhotoFormat *format);
} Reader;

static const Reader READERS[] = {
    {"jpeg", "JPEG", "\xff\xd8\xff", 3, walk_jpeg},
    {"png", "PNG", "\x89PNG\r\n\x1a\n", 8, walk_png},
    {"gif", "GIF", "GIF87a", 6, walk_gif},
    {"gif", "GIF", "GIF89a", 6, walk_gif},
    {"bmp", "BMP", "BM", 2, walk_bmp},
};

typedef struct {
    gsize offset;
    const char *magic;
    gsize length;
    const char *title; /* marked with N_() */
} Stranger;

static const Stranger STRANGERS[] = {
    {8, "WEBP", 4, N_("a WebP picture")},          {4, "ftypheic", 8, N_("a HEIC picture")},
    {4, "ftypheix", 8, N_("a HEIC picture")},      {4, "ftypheim", 8, N_("a HEIC picture")},
    {4, "ftyphevc", 8, N_("a HEIC picture")},      {4, "ftypmif1", 8, N_("a HEIC picture")},
    {4, "ftypmsf1", 8, N_("a HEIC picture")},      {4, "ftypavif", 8, N_("an AVIF picture")},
    {4, "ftypavis", 8, N_("an AVIF picture")},     {0, "II*\0", 4, N_("a TIFF picture")},
    {0, "MM\0*", 4, N_("a TIFF picture")},         {0, "<svg", 4, N_("an SVG drawing")},
    {0, "8BPS", 4, N_("a Photoshop picture")},     {0, "\0\0\1\0", 4, N_("an icon (ICO)")},
    {0, "\xff\x0a", 2, N_("a JPEG XL picture")},   {4, "JXL \r\n", 6, N_("a JPEG XL picture")},
    {4, "jP  \r\n", 6, N_("a JPEG 2000 picture")}, {0, "%PDF-", 5, N_("a PDF document")},
};

static gboolean
has_magic(const Bytes *in, gsize offset, const char *magic, gsize length)
{
    return in->size >= offset + length && memcmp(in->data + offset, magic, length) == 0;
}

/* The first visible characters, in lower case, to tell text apart. */
static char *
opening_text(const Bytes *in)
{
    gsize start = has_magic(in, 0, "\xef\xbb\xbf", 3) ? 3 : 0;
    gsize length;

    while (start < in->size && g_ascii_isspace(in->data[start]))
        start++;
    length = MIN(in->size - start, 512);
    return g_ascii_strdown((const char *) in->data + start, (gssize) length);
}

static void
refuse_stranger(const Bytes *in, GError **error)
{
    g_autofree char *text = opening_text(in);
    const char *title = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(STRANGERS) && title == NULL; i++)
        if (has_magic(in, STRANGERS[i].offset, STRANGERS[i].magic, STRANGERS[i].length))
            title = STRANGERS[i].title;
    if (title == NULL && (g_str_has_prefix(text, "<svg") ||
                          (g_str_has_prefix(text, "<?xml") && strstr(text, "<svg") != NULL)))
        title = N_("an SVG drawing");
    if (title != NULL)
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT,
                    _("this is %s, which samephoto does not read; save it as JPEG or PNG"),
                    _(title));
    else if (g_str_has_prefix(text, "<!doctype html") || g_str_has_prefix(text, "<html"))
        g_set_error_literal(error, SP_ERROR, SP_ERROR_FORMAT,
                            _("this is a web page, not a picture"));
    else
        g_set_error_literal(error, SP_ERROR, SP_ERROR_FORMAT,
                            _("this is no picture in JPEG, PNG, GIF or BMP format"));
}

static gboolean
check_size(const SpPhotoFormat *format, GError **error)
{
    if (format->width <= 0 || format->height <= 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("this %s picture has no pixels"),
                    format->title);
        return FALSE;
    }
    if ((guint64) format->width * (guint64) format->height > SP_PHOTO_MAX_PIXELS) {
        g_set_error(error, SP_ERROR, SP_ERROR_TOO_LARGE,
                    _("this %s picture of %d × %d pixels is larger than the %d megapixels that "
                      "samephoto reads"),
                    format->title, format->width, format->height, SP_PHOTO_MAX_PIXELS / 1000000);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_bytes(gsize size, GError **error)
{
    if (size == 0) {
        g_set_error_literal(error, SP_ERROR, SP_ERROR_FORMAT, _("this file is empty"));
        return FALSE;
    }
    if (size > SP_PHOTO_MAX_BYTES) {
        g_set_error(error, SP_ERROR, SP_ERROR_TOO_LARGE,
                    _("this picture is larger than the %d MiB that samephoto reads"),
                    SP_PHOTO_MAX_BYTES / (1024 * 1024));
        return FALSE;
    }
    return TRUE;
}

gboolean
sp_photo_format_read(GBytes *bytes, SpPhotoFormat *format, GError **error)
{
    Bytes in = {NULL, 0};
    const Reader *reader = NULL;
    SpPhotoFormat found = {0};
    Walk walk;

    in.data = g_bytes_get_data(bytes, &in.size);
    if (!check_bytes(in.size, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(READERS) && reader == NULL; i++)
        if (has_magic(&in, 0, READERS[i].magic, READERS[i].magic_length))
            reader = &READERS[i];
    if (reader == NULL) {
        refuse_stranger(&in, error);
        return FALSE;
    }
    found.name = reader->name;
    found.title = reader->title;
    walk = reader->walk(&in, &found);
    if (walk != WALK_WHOLE) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT,
                    walk == WALK_CUT ? _("this %s picture is cut off: its end is missing")
                                     : _("this %s picture is broken"),
                    found.title);
        return FALSE;
    }
    if (!check_size(&found, error))
        return FALSE;
    *format = found;
    return TRUE;
}
