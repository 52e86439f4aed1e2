#include "core/photo/jpeg.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#define EXIF_MARKER    (JPEG_APP0 + 1)
#define PROFILE_MARKER (JPEG_APP0 + 2)

/* Of a marker only its presence counts. */
#define MARKER_BYTES 1

typedef struct {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf out;
    guint scale;
    J_COLOR_SPACE space; /* that of the pixels, four bytes each */
    guint8 *pixels;
} Decoder;

static void
leave(j_common_ptr jpeg)
{
    Decoder *decoder = jpeg->client_data;

    longjmp(decoder->out, 1);
}

/* Warnings mean damaged data; the long way decides what becomes of it. */
static void
leave_on_warning(j_common_ptr jpeg, int level)
{
    if (level < 0)
        leave(jpeg);
}

static gboolean
is_of_size(const struct jpeg_decompress_struct *jpeg, const SpPhotoFormat *format)
{
    return jpeg->image_width == (JDIMENSION) format->width &&
           jpeg->image_height == (JDIMENSION) format->height;
}

static gboolean
is_plain(const struct jpeg_decompress_struct *jpeg)
{
    return jpeg->marker_list == NULL &&
           (jpeg->jpeg_color_space == JCS_YCbCr || jpeg->jpeg_color_space == JCS_GRAYSCALE);
}

static gboolean
is_for_print(const struct jpeg_decompress_struct *jpeg)
{
    return jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
}

static gboolean
read_header(Decoder *decoder, const guint8 *data, const SpPhotoFormat *format)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;

    jpeg_mem_src(jpeg, data, format->length);
    jpeg_save_markers(jpeg, EXIF_MARKER, MARKER_BYTES);
    jpeg_save_markers(jpeg, PROFILE_MARKER, MARKER_BYTES);
    jpeg_read_header(jpeg, TRUE);
    return is_of_size(jpeg, format) &&
           (decoder->space == JCS_CMYK ? is_for_print(jpeg) : is_plain(jpeg));
}

static void
read_pixels(Decoder *decoder)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
    gsize stride;

    jpeg->out_color_space = decoder->space;
    jpeg->scale_num = 1;
    jpeg->scale_denom = decoder->scale;
    jpeg_start_decompress(jpeg);
    stride = (gsize) jpeg->output_width * 4;
    decoder->pixels = g_malloc_n(jpeg->output_height, stride);
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = decoder->pixels + jpeg->output_scanline * stride;

        jpeg_read_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_decompress(jpeg);
}

/* Everything that can jump out, in a function of its own that keeps nothing of its own. */
static gboolean
decode(Decoder *decoder, const guint8 *data, const SpPhotoFormat *format)
{
    if (setjmp(decoder->out) != 0)
        return FALSE;
    jpeg_create_decompress(&decoder->jpeg);
    if (!read_header(decoder, data, format))
        return FALSE;
    read_pixels(decoder);
    return TRUE;
}

static void
run(Decoder *decoder, const guint8 *data, const SpPhotoFormat *format)
{
    decoder->jpeg.err = jpeg_std_error(&decoder->errors);
    decoder->jpeg.client_data = decoder;
    decoder->errors.error_exit = leave;
    decoder->errors.emit_message = leave_on_warning;
    if (!decode(decoder, data, format))
        g_clear_pointer(&decoder->pixels, g_free);
}

guint8 *
sp_jpeg_decode_plain(const guint8 *data, const SpPhotoFormat *format, int scale)
{
    Decoder decoder = {.scale = (guint) scale, .space = JCS_EXT_RGBA};

    run(&decoder, data, format);
    jpeg_destroy_decompress(&decoder.jpeg);
    return decoder.pixels;
}

guint8 *
sp_jpeg_decode_inks(const guint8 *data, const SpPhotoFormat *format)
{
    Decoder decoder = {.scale = 1, .space = JCS_CMYK};

    run(&decoder, data, format);
    /* Adobe's programs store how much ink is left out, and say so by their mark. */
    if (decoder.pixels != NULL && decoder.jpeg.saw_Adobe_marker)
        for (gsize i = 0; i < (gsize) format->width * (gsize) format->height * 4; i++)
            decoder.pixels[i] = (guint8) (255 - decoder.pixels[i]);
    jpeg_destroy_decompress(&decoder.jpeg);
    return decoder.pixels;
}
