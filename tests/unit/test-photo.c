#include "core/photo/photo.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <lcms2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "core/error.h"

/* One drawing in every kind of file (tests/data/photos), and what the world does to files. */

#define WIDTH  64
#define HEIGHT 48

static GBytes *
read_fixture(const char *name)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "data", "photos", name, NULL);
    char *data;
    gsize length;

    g_assert_true(g_file_get_contents(path, &data, &length, NULL));
    return g_bytes_new_take(data, length);
}

static SpPhoto *
decode(GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    SpPhoto *photo = sp_photo_new(bytes, &error);

    g_assert_no_error(error);
    return photo;
}

/* The mean difference of the channels; a grey picture is held against the drawing's luma. */
static double
mean_difference(const SpPhoto *photo, const SpPhoto *drawing, gboolean is_grey)
{
    const guint8 *a = sp_photo_get_pixels(photo);
    const guint8 *b = sp_photo_get_pixels(drawing);
    double sum = 0;

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        double luma = 0.299 * b[4 * i] + 0.587 * b[4 * i + 1] + 0.114 * b[4 * i + 2];

        for (int c = 0; c < 3; c++)
            sum += ABS(a[4 * i + c] - (is_grey ? luma : b[4 * i + c]));
        g_assert_cmpuint(a[4 * i + 3], ==, 255);
    }
    return sum / (3 * WIDTH * HEIGHT);
}

typedef struct {
    const char *name;
    const char *format;
    double tolerance;
    gboolean is_grey;
} Kind;

static void
every_kind_of_file_shows_the_drawing(void)
{
    static const Kind rows[] = {
        {"plain.png", "png", 0, FALSE},      {"palette.png", "png", 2, FALSE},
        {"interlaced.png", "png", 0, FALSE}, {"sixteen-bit.png", "png", 1, FALSE},
        {"alpha.png", "png", 0, FALSE},      {"plain.gif", "gif", 0, FALSE},
        {"animated.gif", "gif", 0, FALSE},   {"plain.bmp", "bmp", 0, FALSE},
        {"plain.jpg", "jpeg", 2, FALSE},     {"progressive.jpg", "jpeg", 2, FALSE},
        {"cmyk.jpg", "jpeg", 2, FALSE},      {"grey.jpg", "jpeg", 5, TRUE},
    };
    g_autoptr(GBytes) original = read_fixture("plain.png");
    g_autoptr(SpPhoto) drawing = decode(original);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) bytes = read_fixture(rows[i].name);
        g_autoptr(SpPhoto) photo = decode(bytes);

        g_test_message("%s: %.2f", rows[i].name, mean_difference(photo, drawing, rows[i].is_grey));
        g_assert_cmpstr(sp_photo_get_format(photo), ==, rows[i].format);
        g_assert_cmpint(sp_photo_get_width(photo), ==, WIDTH);
        g_assert_cmpint(sp_photo_get_height(photo), ==, HEIGHT);
        g_assert_cmpfloat(mean_difference(photo, drawing, rows[i].is_grey), <=, rows[i].tolerance);
    }
}

static void
transparency_lies_over_white(void)
{
    g_autoptr(GBytes) bytes = read_fixture("transparent.png");
    g_autoptr(SpPhoto) photo = decode(bytes);
    const guint8 *corner = sp_photo_get_pixels(photo);
    const guint8 *disc = corner + 4 * (20 * WIDTH + 20);

    g_assert_true(memcmp(corner, "\xff\xff\xff\xff", 4) == 0);
    g_assert_true(memcmp(disc, "\xc0\x40\x30\xff", 4) == 0);
}

/* A JPEG with one more segment right behind its start. */
static GBytes *
with_segment(GBytes *jpeg, guint8 marker, const void *data, gsize length)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    const guint8 head[] = {0xff, marker, (guint8) ((length + 2) >> 8), (guint8) (length + 2)};
    gsize size;
    const guint8 *old = g_bytes_get_data(jpeg, &size);

    g_byte_array_append(out, old, 2);
    g_byte_array_append(out, head, sizeof head);
    g_byte_array_append(out, data, (guint) length);
    g_byte_array_append(out, old + 2, (guint) size - 2);
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

static void
the_orientation_flag_is_obeyed(void)
{
    guint8 exif[] = "Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x08\0\0\0\0\0\0\0";
    g_autoptr(GBytes) lying = read_fixture("lying.jpg");
    g_autoptr(GBytes) flagged = with_segment(lying, 0xe1, exif, sizeof exif - 1);
    g_autoptr(GBytes) original = read_fixture("plain.png");
    g_autoptr(SpPhoto) drawing = decode(original);
    g_autoptr(SpPhoto) as_stored = decode(lying);
    g_autoptr(SpPhoto) upright = decode(flagged);

    g_assert_cmpint(sp_photo_get_width(as_stored), ==, HEIGHT);
    g_assert_cmpint(sp_photo_get_width(upright), ==, WIDTH);
    g_assert_cmpfloat(mean_difference(upright, drawing, FALSE), <=, 2);
}

/* A profile whose primaries are those of Adobe RGB, or a grey one with a gamma of 1. */
static GBytes *
make_profile(gboolean is_grey)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *gamma = cmsBuildGamma(NULL, is_grey ? 1.0 : 2.2);
    cmsToneCurve *curves[] = {gamma, gamma, gamma};
    cmsHPROFILE profile = is_grey ? cmsCreateGrayProfile(&white, gamma)
                                  : cmsCreateRGBProfile(&white, &primaries, curves);
    cmsUInt32Number length = 0;
    guint8 *data;

    g_assert_true(cmsSaveProfileToMem(profile, NULL, &length));
    data = g_malloc(length);
    g_assert_true(cmsSaveProfileToMem(profile, data, &length));
    cmsCloseProfile(profile);
    cmsFreeToneCurve(gamma);
    return g_bytes_new_take(data, length);
}

static GBytes *
with_profile(GBytes *jpeg, GBytes *profile)
{
    g_autoptr(GByteArray) segment = g_byte_array_new();
    gsize length;
    const guint8 *data = g_bytes_get_data(profile, &length);

    g_byte_array_append(segment, (const guint8 *) "ICC_PROFILE\0\1\1", 14);
    g_byte_array_append(segment, data, (guint) length);
    return with_segment(jpeg, 0xe2, segment->data, segment->len);
}

static void
a_colour_profile_is_converted(void)
{
    g_autoptr(GBytes) jpeg = read_fixture("plain.jpg");
    g_autoptr(GBytes) profile = make_profile(FALSE);
    g_autoptr(GBytes) wide = with_profile(jpeg, profile);
    g_autoptr(SpPhoto) plain = decode(jpeg);
    g_autoptr(SpPhoto) converted = decode(wide);
    const guint8 *from = sp_photo_get_pixels(plain) + 4 * (20 * WIDTH + 20);
    const guint8 *to = sp_photo_get_pixels(converted) + 4 * (20 * WIDTH + 20);

    /* Adobe RGB's red is redder than sRGB's: the same numbers mean a stronger colour. */
    g_assert_cmpint(to[0], >, from[0] + 10);
    g_assert_cmpint(to[1], <=, from[1]);
}

static void
a_grey_profile_is_converted(void)
{
    g_autoptr(GBytes) jpeg = read_fixture("grey.jpg");
    g_autoptr(GBytes) profile = make_profile(TRUE);
    g_autoptr(GBytes) linear = with_profile(jpeg, profile);
    g_autoptr(SpPhoto) plain = decode(jpeg);
    g_autoptr(SpPhoto) converted = decode(linear);

    /* Linear light looks brighter than the same number in sRGB. */
    g_assert_cmpint(sp_photo_get_pixels(converted)[0], >, sp_photo_get_pixels(plain)[0] + 20);
}

/* On this press every ink prints grey, the strongest one alone. */
static cmsInt32Number
print_grey(const cmsUInt16Number inks[], cmsUInt16Number lab[], void *data G_GNUC_UNUSED)
{
    cmsUInt16Number most = MAX(MAX(inks[0], inks[1]), MAX(inks[2], inks[3]));
    cmsCIELab colour = {100.0 * (0xffff - most) / 0xffff, 0, 0};

    cmsFloat2LabEncodedV2(lab, &colour);
    return TRUE;
}

static GBytes *
make_press_profile(void)
{
    cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL);
    cmsPipeline *pipeline = cmsPipelineAlloc(NULL, 4, 3);
    cmsStage *stage = cmsStageAllocCLut16bit(NULL, 9, 4, 3, NULL);
    cmsUInt32Number length = 0;
    guint8 *data;

    cmsSetProfileVersion(profile, 2.4);
    cmsSetDeviceClass(profile, cmsSigOutputClass);
    cmsSetColorSpace(profile, cmsSigCmykData);
    cmsSetPCS(profile, cmsSigLabData);
    g_assert_true(cmsStageSampleCLut16bit(stage, print_grey, NULL, 0));
    g_assert_true(cmsPipelineInsertStage(pipeline, cmsAT_END, stage));
    g_assert_true(cmsWriteTag(profile, cmsSigAToB0Tag, pipeline));
    g_assert_true(cmsSaveProfileToMem(profile, NULL, &length));
    data = g_malloc(length);
    g_assert_true(cmsSaveProfileToMem(profile, data, &length));
    cmsPipelineFree(pipeline);
    cmsCloseProfile(profile);
    return g_bytes_new_take(data, length);
}

/* One colour for print, 16 x 16 pixels, stored as ink or, with Adobe's mark, as what is left out.
 */
static GBytes *
make_inked(const guint8 *inks, gboolean has_mark)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *data = NULL;
    unsigned long length = 0;
    guint8 row[16 * 4];
    JSAMPROW rows = row;
    GBytes *bytes;

    for (gsize i = 0; i < sizeof row; i++)
        row[i] = has_mark ? (guint8) (255 - inks[i % 4]) : inks[i % 4];
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &length);
    jpeg.image_width = jpeg.image_height = 16;
    jpeg.input_components = 4;
    jpeg.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, has_mark ? JCS_YCCK : JCS_CMYK);
    jpeg.write_Adobe_marker = has_mark;
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height)
        jpeg_write_scanlines(&jpeg, &rows, 1);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    bytes = g_bytes_new(data, length);
    free(data);
    return bytes;
}

static void
assert_grey_between(const guint8 *pixel, int least, int most)
{
    g_test_message("%d %d %d", pixel[0], pixel[1], pixel[2]);
    g_assert_cmpint(ABS(pixel[0] - pixel[1]), <=, 2);
    g_assert_cmpint(ABS(pixel[1] - pixel[2]), <=, 2);
    g_assert_cmpint(pixel[0], >=, least);
    g_assert_cmpint(pixel[0], <=, most);
}

static void
a_press_profile_is_converted(void)
{
    static const guint8 red[4] = {0, 170, 191, 63};
    g_autoptr(GBytes) profile = make_press_profile();

    for (int has_mark = 0; has_mark < 2; has_mark++) {
        g_autoptr(GBytes) jpeg = make_inked(red, has_mark);
        g_autoptr(GBytes) tagged = with_profile(jpeg, profile);
        g_autoptr(SpPhoto) plain = decode(jpeg);
        g_autoptr(SpPhoto) printed = decode(tagged);

        g_assert_cmpint(sp_photo_get_pixels(plain)[0], >, sp_photo_get_pixels(plain)[1] + 80);
        /* A lightness of a quarter, in sRGB. */
        assert_grey_between(sp_photo_get_pixels(printed), 55, 65);
        g_assert_cmpint(sp_photo_get_pixels(printed)[3], ==, 255);
    }
}

/* The numbers are those of a whole file: its disc is red by three quarters of yellow. */
static void
a_press_profile_is_converted_all_over(void)
{
    g_autoptr(GBytes) jpeg = read_fixture("cmyk.jpg");
    g_autoptr(GBytes) profile = make_press_profile();
    g_autoptr(GBytes) tagged = with_profile(jpeg, profile);
    g_autoptr(SpPhoto) printed = decode(tagged);

    assert_grey_between(sp_photo_get_pixels(printed) + 4 * (20 * WIDTH + 20), 55, 65);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        g_assert_cmpint(
            ABS(sp_photo_get_pixels(printed)[4 * i] - sp_photo_get_pixels(printed)[4 * i + 2]), <=,
            2);
}

static void
a_profile_that_does_not_fit_is_ignored(void)
{
    static const struct {
        const char *jpeg;
        gboolean is_grey;
        gboolean is_broken;
    } rows[] = {{"plain.jpg", TRUE, FALSE},
                {"cmyk.jpg", TRUE, FALSE},
                {"cmyk.jpg", FALSE, FALSE},
                {"plain.jpg", FALSE, TRUE}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) jpeg = read_fixture(rows[i].jpeg);
        g_autoptr(GBytes) whole = make_profile(rows[i].is_grey);
        g_autoptr(GBytes) profile =
            rows[i].is_broken ? g_bytes_new_from_bytes(whole, 0, 100) : g_bytes_ref(whole);
        g_autoptr(GBytes) tagged = with_profile(jpeg, profile);
        g_autoptr(SpPhoto) plain = decode(jpeg);
        g_autoptr(SpPhoto) same = decode(tagged);

        g_assert_true(
            memcmp(sp_photo_get_pixels(plain), sp_photo_get_pixels(same), WIDTH * HEIGHT * 4) == 0);
    }
}

static void
assert_refused(GBytes *bytes, int code, const char *says)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sp_photo_new(bytes, &error));
    g_assert_error(error, SP_ERROR, code);
    if (strstr(error->message, says) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, says);
    g_assert_null(strchr(error->message, '\n'));
}

static void
every_picture_that_is_cut_off_is_told(void)
{
    static const char *const names[] = {"plain.png", "interlaced.png",  "plain.gif", "animated.gif",
                                        "plain.jpg", "progressive.jpg", "plain.bmp"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GBytes) whole = read_fixture(names[i]);
        gsize size = g_bytes_get_size(whole);

        for (int eighths = 1; eighths < 8; eighths++) {
            g_autoptr(GBytes) part = g_bytes_new_from_bytes(whole, 0, size * (gsize) eighths / 8);
            g_autoptr(GError) error = NULL;
            g_autoptr(SpPhoto) photo = sp_photo_new(part, &error);

            /* Of an animation only the first frame has to be there. */
            if (photo != NULL && g_str_equal(names[i], "animated.gif") && eighths >= 4)
                continue;
            g_test_message("%s, %d eighths", names[i], eighths);
            g_assert_null(photo);
            g_assert_error(error, SP_ERROR, SP_ERROR_FORMAT);
        }
    }
}

/* Damage inside a whole file: a picture or one clear line, never a third thing. */
static void
every_damaged_picture_is_shown_or_told(void)
{
    static const char *const names[] = {
        "plain.png",       "interlaced.png", "palette.png", "sixteen-bit.png",
        "plain.gif",       "plain.bmp",      "plain.jpg",   "cmyk.jpg",
        "progressive.jpg", "animated.gif",   "grey.jpg",
    };
    guint n_told = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GBytes) whole = read_fixture(names[i]);
        gsize size = g_bytes_get_size(whole);

        for (gsize at = 16; at + 8 < size; at += MAX(size / 16, 8)) {
            guint8 *data = g_memdup2(g_bytes_get_data(whole, NULL), size);
            g_autoptr(GBytes) bytes = NULL;
            g_autoptr(GError) error = NULL;
            g_autoptr(SpPhoto) photo = NULL;

            for (int k = 0; k < 8; k++)
                data[at + (gsize) k] ^= (guint8) (0xa5 + 17 * k);
            bytes = g_bytes_new_take(data, size);
            photo = sp_photo_new(bytes, &error);
            g_assert_true((photo == NULL) == (error != NULL));
            if (error == NULL)
                continue;
            n_told++;
            g_assert_true(g_error_matches(error, SP_ERROR, SP_ERROR_FORMAT) ||
                          g_error_matches(error, SP_ERROR, SP_ERROR_TOO_LARGE));
            g_assert_cmpstr(error->message, !=, "");
            g_assert_null(strchr(error->message, '\n'));
        }
    }
    g_assert_cmpuint(n_told, >, 20);
}

typedef struct {
    const char *bytes;
    gsize length;
    int code;
    const char *says;
} Refused;

#define ROW(bytes, code, says)                                                                     \
    {                                                                                              \
        bytes, sizeof(bytes) - 1, code, says                                                       \
    }

static void
what_is_no_picture_is_called_by_its_name(void)
{
    static const Refused rows[] = {
        ROW("", SP_ERROR_FORMAT, "empty"),
        ROW("hello, this is text", SP_ERROR_FORMAT, "no picture in JPEG, PNG, GIF or BMP"),
        ROW("RIFF\x24\0\0\0WEBPVP8 ", SP_ERROR_FORMAT, "this is a WebP picture, which"),
        ROW("\0\0\0\x18"
            "ftypheic\0\0\0\0",
            SP_ERROR_FORMAT, "this is a HEIC picture, which"),
        ROW("\0\0\0\x18"
            "ftypavif\0\0\0\0",
            SP_ERROR_FORMAT, "this is an AVIF picture, which"),
        ROW("II*\0\x08\0\0\0", SP_ERROR_FORMAT, "this is a TIFF picture, which"),
        ROW("MM\0*\0\0\0\x08", SP_ERROR_FORMAT, "this is a TIFF picture, which"),
        ROW("<?xml version='1.0'?>\n<svg xmlns='x'/>", SP_ERROR_FORMAT,
            "this is an SVG drawing, which"),
        ROW("\xef\xbb\xbf  <SVG>", SP_ERROR_FORMAT, "this is an SVG drawing, which"),
        ROW("<!DOCTYPE html><html></html>", SP_ERROR_FORMAT, "a web page, not a picture"),
        ROW("\n<html><body>Sign in", SP_ERROR_FORMAT, "a web page, not a picture"),
        ROW("\xff\xd8\xff", SP_ERROR_FORMAT, "cut off"),
        ROW("\x89PNG\r\n\x1a\n", SP_ERROR_FORMAT, "cut off"),
        ROW("GIF89a", SP_ERROR_FORMAT, "cut off"),
        ROW("BM", SP_ERROR_FORMAT, "cut off"),
        ROW("\xff\xd8\xff\xd9", SP_ERROR_FORMAT, "JPEG picture"),
        ROW("GIF89a\1\0\1\0\0\0\0;", SP_ERROR_FORMAT, "GIF picture is broken"),
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(rows[i].bytes, rows[i].length);

        assert_refused(bytes, rows[i].code, rows[i].says);
    }
}

static void
a_wrong_name_does_no_harm(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("samephoto-photo-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "photo.jpg", NULL);
    g_autoptr(GBytes) png = read_fixture("plain.png");
    g_autoptr(SpPhoto) photo = NULL;

    g_assert_true(g_file_set_contents(path, g_bytes_get_data(png, NULL),
                                      (gssize) g_bytes_get_size(png), NULL));
    photo = sp_photo_new_from_file(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sp_photo_get_format(photo), ==, "png");
    g_remove(path);
    g_assert_null(sp_photo_new_from_file(path, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
    g_rmdir(folder);
}

/* `fixture` with big-endian numbers written over its size. */
static GBytes *
enlarged(const char *fixture, gsize offset, guint bytes_each, guint32 width, guint32 height)
{
    g_autoptr(GBytes) whole = read_fixture(fixture);
    gsize size;
    guint8 *data = g_memdup2(g_bytes_get_data(whole, &size), g_bytes_get_size(whole));

    for (guint i = 0; i < bytes_each; i++) {
        data[offset + i] = (guint8) (width >> 8 * (bytes_each - 1 - i));
        data[offset + bytes_each + i] = (guint8) (height >> 8 * (bytes_each - 1 - i));
    }
    return g_bytes_new_take(data, size);
}

static void
enormous_pictures_are_refused_before_they_are_decoded(void)
{
    g_autoptr(GBytes) png = enlarged("plain.png", 16, 4, 100000, 100000);
    g_autoptr(GBytes) absurd = enlarged("plain.png", 16, 4, 0xffffffff, 0xffffffff);
    g_autoptr(GBytes) nothing = enlarged("plain.png", 16, 4, 0, 48);
    g_autoptr(GBytes) gif = enlarged("plain.gif", 6, 2, 0xffff, 0xffff);
    g_autoptr(GBytes) bmp = enlarged("plain.bmp", 46, 4, 0xf0180525, 0); /* its colour table */
    g_autofree guint8 *many = g_malloc0(SP_PHOTO_MAX_BYTES + 1);
    g_autoptr(GBytes) long_file = NULL;

    memcpy(many, "\xff\xd8\xff", 3);
    long_file = g_bytes_new_static(many, SP_PHOTO_MAX_BYTES + 1);
    assert_refused(png, SP_ERROR_TOO_LARGE, "100000 × 100000");
    assert_refused(absurd, SP_ERROR_FORMAT, "broken");
    assert_refused(nothing, SP_ERROR_FORMAT, "no pixels");
    assert_refused(gif, SP_ERROR_TOO_LARGE, "40 megapixels");
    assert_refused(bmp, SP_ERROR_FORMAT, "cut off");
    assert_refused(long_file, SP_ERROR_TOO_LARGE, "12 MiB");
}

static void
a_progressive_picture_of_endless_scans_is_refused(void)
{
    g_autoptr(GBytes) jpeg = read_fixture("progressive.jpg");
    g_autoptr(GByteArray) many = g_byte_array_new();
    gsize size;
    const guint8 *data = g_bytes_get_data(jpeg, &size);
    g_autoptr(GBytes) bytes = NULL;

    g_byte_array_append(many, data, (guint) size - 2);
    for (int i = 0; i < 1000; i++)
        g_byte_array_append(many, (const guint8 *) "\xff\xda\0\x08\1\1\0\1\5\x10\0", 11);
    g_byte_array_append(many, (const guint8 *) "\xff\xd9", 2);
    bytes = g_byte_array_free_to_bytes(g_steal_pointer(&many));
    assert_refused(bytes, SP_ERROR_FORMAT, "JPEG picture is broken");
}

static void
what_a_photo_tells_about_itself(void)
{
    g_autoptr(GBytes) bytes = read_fixture("plain.png");
    g_autoptr(SpPhoto) photo = decode(bytes);
    g_autoptr(SpPhoto) second = sp_photo_ref(photo);
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);

    g_assert_cmpstr(sp_photo_get_sha256(second), ==, sum);
    g_assert_true(sp_photo_get_bytes(second) == bytes);
    g_assert_nonnull(sp_photo_get_fingerprint(second));
}

typedef struct {
    GMainLoop *loop;
    SpPhoto *photo;
    GError *error;
} Loaded;

static void
loaded(GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
    Loaded *it = user_data;

    it->photo = sp_photo_load_finish(result, &it->error);
    g_main_loop_quit(it->loop);
}

static void
a_worker_thread_decodes(void)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(GBytes) good = read_fixture("plain.jpg");
    g_autoptr(GBytes) bad = g_bytes_new_static("x", 1);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Loaded it = {loop, NULL, NULL};

    sp_photo_load_async(good, NULL, loaded, &it);
    g_assert_null(it.photo);
    g_main_loop_run(loop);
    g_assert_no_error(it.error);
    g_assert_cmpint(sp_photo_get_width(it.photo), ==, WIDTH);
    g_clear_pointer(&it.photo, sp_photo_unref);

    sp_photo_load_async(bad, NULL, loaded, &it);
    g_main_loop_run(loop);
    g_assert_error(it.error, SP_ERROR, SP_ERROR_FORMAT);
    g_clear_error(&it.error);

    g_cancellable_cancel(cancellable);
    sp_photo_load_async(good, cancellable, loaded, &it);
    g_main_loop_run(loop);
    g_assert_error(it.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&it.error);
}

/* A plain JPEG takes a shorter way; nobody may see that in its pixels. */
static void
the_short_way_gives_the_same_pixels(void)
{
    static const char *const names[] = {"plain.jpg", "progressive.jpg", "grey.jpg"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path =
            g_test_build_filename(G_TEST_DIST, "..", "data", "photos", names[i], NULL);
        g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new_from_file(path, NULL);
        g_autoptr(GBytes) bytes = read_fixture(names[i]);
        g_autoptr(SpPhoto) photo = decode(bytes);

        for (int k = 0; k < WIDTH * HEIGHT; k++) {
            const guint8 *theirs = gdk_pixbuf_read_pixels(pixbuf) +
                                   k / WIDTH * gdk_pixbuf_get_rowstride(pixbuf) +
                                   k % WIDTH * gdk_pixbuf_get_n_channels(pixbuf);

            g_assert_cmpmem(sp_photo_get_pixels(photo) + 4 * k, 3, theirs, 3);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/photo/every-kind-of-file-shows-the-drawing",
                    every_kind_of_file_shows_the_drawing);
    g_test_add_func("/photo/the-short-way-gives-the-same-pixels",
                    the_short_way_gives_the_same_pixels);
    g_test_add_func("/photo/transparency-lies-over-white", transparency_lies_over_white);
    g_test_add_func("/photo/the-orientation-flag-is-obeyed", the_orientation_flag_is_obeyed);
    g_test_add_func("/photo/a-colour-profile-is-converted", a_colour_profile_is_converted);
    g_test_add_func("/photo/a-grey-profile-is-converted", a_grey_profile_is_converted);
    g_test_add_func("/photo/a-press-profile-is-converted", a_press_profile_is_converted);
    g_test_add_func("/photo/a-press-profile-is-converted-all-over",
                    a_press_profile_is_converted_all_over);
    g_test_add_func("/photo/a-profile-that-does-not-fit-is-ignored",
                    a_profile_that_does_not_fit_is_ignored);
    g_test_add_func("/photo/every-picture-that-is-cut-off-is-told",
                    every_picture_that_is_cut_off_is_told);
    g_test_add_func("/photo/every-damaged-picture-is-shown-or-told",
                    every_damaged_picture_is_shown_or_told);
    g_test_add_func("/photo/what-is-no-picture-is-called-by-its-name",
                    what_is_no_picture_is_called_by_its_name);
    g_test_add_func("/photo/a-wrong-name-does-no-harm", a_wrong_name_does_no_harm);
    g_test_add_func("/photo/enormous-pictures-are-refused-before-they-are-decoded",
                    enormous_pictures_are_refused_before_they_are_decoded);
    g_test_add_func("/photo/a-progressive-picture-of-endless-scans-is-refused",
                    a_progressive_picture_of_endless_scans_is_refused);
    g_test_add_func("/photo/what-a-photo-tells-about-itself", what_a_photo_tells_about_itself);
    g_test_add_func("/photo/a-worker-thread-decodes", a_worker_thread_decodes);
    return g_test_run();
}
