/* Scale by area to a few pixels a cell, help the contrast where cells or colours are few, and let
 * chafa choose a symbol and two colours for each cell. */
#include "tui/picture.h"

#include <math.h>
#include <string.h>

#include <chafa.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaCanvas, chafa_canvas_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaCanvasConfig, chafa_canvas_config_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaSymbolMap, chafa_symbol_map_unref)

#define DEFAULT_CELL_WIDTH  8
#define DEFAULT_CELL_HEIGHT 16
#define SHARPEN_ROWS        20 /* up to this many rows unsharp masking makes eyes and glasses clearer */

struct UiPixels {
    gatomicrefcount references;
    SpPhoto *photo; /* or NULL */
    guint8 *owned;  /* or NULL */
    const guint8 *rgba;
    gsize stride;
    int width;
    int height;
    guint64 id;
};

/* FNV-1a: the same photo and part give the same number in every run. */
static guint64
hash_bytes(guint64 hash, const void *bytes, gsize length)
{
    const guint8 *at = bytes;

    for (gsize i = 0; i < length; i++) {
        hash = (hash ^ at[i]) * G_GUINT64_CONSTANT(1099511628211);
    }
    return hash;
}

UiPixels *
ui_pixels_of_photo(SpPhoto *photo, const SpRect *part)
{
    UiPixels *pixels = g_new0(UiPixels, 1);
    const char *sha256 = sp_photo_get_sha256(photo);
    int width = sp_photo_get_width(photo);
    int height = sp_photo_get_height(photo);
    int x = 0;
    int y = 0;

    g_atomic_ref_count_init(&pixels->references);
    pixels->photo = sp_photo_ref(photo);
    pixels->stride = (gsize) width * 4;
    pixels->id = hash_bytes(G_GUINT64_CONSTANT(14695981039346656037), sha256, strlen(sha256));
    if (part != NULL) {
        x = CLAMP((int) lround(part->x * width), 0, width - 1);
        y = CLAMP((int) lround(part->y * height), 0, height - 1);
        width = CLAMP((int) lround(part->width * width), 1, width - x);
        height = CLAMP((int) lround(part->height * height), 1, height - y);
        pixels->id = hash_bytes(pixels->id, part, sizeof *part);
    }
    pixels->width = width;
    pixels->height = height;
    pixels->rgba = sp_photo_get_pixels(photo) + (gsize) y * pixels->stride + (gsize) x * 4;
    return pixels;
}

UiPixels *
ui_pixels_take(guint8 *rgba, int width, int height)
{
    UiPixels *pixels = g_new0(UiPixels, 1);

    g_atomic_ref_count_init(&pixels->references);
    pixels->owned = rgba;
    pixels->rgba = rgba;
    pixels->stride = (gsize) width * 4;
    pixels->width = width;
    pixels->height = height;
    pixels->id =
        hash_bytes(G_GUINT64_CONSTANT(14695981039346656037), rgba, (gsize) height * pixels->stride);
    return pixels;
}

UiPixels *
ui_pixels_ref(UiPixels *pixels)
{
    g_atomic_ref_count_inc(&pixels->references);
    return pixels;
}

void
ui_pixels_unref(UiPixels *pixels)
{
    if (pixels == NULL || !g_atomic_ref_count_dec(&pixels->references)) {
        return;
    }
    g_clear_pointer(&pixels->photo, sp_photo_unref);
    g_free(pixels->owned);
    g_free(pixels);
}

int
ui_pixels_get_width(const UiPixels *pixels)
{
    return pixels->width;
}

int
ui_pixels_get_height(const UiPixels *pixels)
{
    return pixels->height;
}

guint64
ui_pixels_get_id(const UiPixels *pixels)
{
    return pixels->id;
}

/* The mean of the source's pixels that cell (x, y) of width x height covers; at least one pixel. */
static void
average_cell(const UiPixels *pixels, int x, int y, int width, int height, guint8 *rgb)
{
    int left = (int) ((gint64) x * pixels->width / width);
    int right = MAX((int) ((gint64) (x + 1) * pixels->width / width), left + 1);
    int top = (int) ((gint64) y * pixels->height / height);
    int bottom = MAX((int) ((gint64) (y + 1) * pixels->height / height), top + 1);
    guint count = (guint) ((right - left) * (bottom - top));
    guint sums[3] = {0};

    for (int row = top; row < bottom; row++) {
        const guint8 *at = pixels->rgba + (gsize) row * pixels->stride + (gsize) left * 4;

        for (int column = left; column < right; column++, at += 4) {
            sums[0] += at[0];
            sums[1] += at[1];
            sums[2] += at[2];
        }
    }
    for (int i = 0; i < 3; i++) {
        rgb[i] = (guint8) ((sums[i] + count / 2) / count);
    }
}

guint8 *
ui_pixels_scale(const UiPixels *pixels, int width, int height)
{
    guint8 *rgb = g_malloc((gsize) width * (gsize) height * 3);

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            average_cell(pixels, x, y, width, height,
                         rgb + ((gsize) y * (gsize) width + (gsize) x) * 3);
        }
    }
    return rgb;
}

void
ui_cells_free(UiCells *cells)
{
    if (cells == NULL) {
        return;
    }
    g_free(cells->cells);
    g_free(cells);
}

/* One pass of a box blur over `length` samples that lie `step` apart. */
static void
blur_line(const float *from, float *to, int length, int step, int radius)
{
    float sum = 0;
    int count = 0;

    for (int i = -radius; i < length; i++) {
        if (i + radius < length) {
            sum += from[(i + radius) * step];
            count++;
        }
        if (i - radius - 1 >= 0) {
            sum -= from[(i - radius - 1) * step];
            count--;
        }
        if (i >= 0) {
            to[i * step] = sum / (float) count;
        }
    }
}

/* Two box blurs are near enough to a Gaussian. */
static void
blur(float *plane, float *scratch, int width, int height, int radius)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int y = 0; y < height; y++) {
            blur_line(plane + y * width, scratch + y * width, width, 1, radius);
        }
        for (int x = 0; x < width; x++) {
            blur_line(scratch + x, plane + x, height, width, radius);
        }
    }
}

static void
sharpen(guint8 *rgb, int width, int height, int radius, float amount)
{
    gsize count = (gsize) width * (gsize) height;
    g_autofree float *plane = g_new(float, count);
    g_autofree float *scratch = g_new(float, count);

    for (int channel = 0; channel < 3; channel++) {
        for (gsize i = 0; i < count; i++) {
            plane[i] = rgb[i * 3 + (gsize) channel];
        }
        blur(plane, scratch, width, height, radius);
        for (gsize i = 0; i < count; i++) {
            guint8 *at = rgb + i * 3 + channel;
            float value = *at + amount * (*at - plane[i]);

            *at = (guint8) CLAMP(value, 0.0f, 255.0f);
        }
    }
}

/* Few colours make masks of faces: grey, stretched from the 1st to the 99th percentile, keeps them.
 */
static void
turn_grey(guint8 *rgb, int width, int height)
{
    gsize count = (gsize) width * (gsize) height;
    gsize histogram[256] = {0};
    gsize seen = 0;
    int low = 0;
    int high = 255;

    for (gsize i = 0; i < count; i++) {
        guint8 *at = rgb + i * 3;
        int luma = (at[0] * 77 + at[1] * 150 + at[2] * 29) >> 8;

        at[0] = at[1] = at[2] = (guint8) luma;
        histogram[luma]++;
    }
    for (seen = 0; low < 254 && (seen += histogram[low]) <= count / 100; low++) {
    }
    for (seen = 0; high > low + 1 && (seen += histogram[high]) <= count / 100; high--) {
    }
    for (gsize i = 0; i < count * 3; i++) {
        rgb[i] = (guint8) CLAMP((rgb[i] - low) * 255 / (high - low), 0, 255);
    }
}

void
ui_picture_fit(int width, int height, const UiPictureStyle *style, int *rows, int *columns)
{
    double cell_width = style->cell_width > 0 ? style->cell_width : DEFAULT_CELL_WIDTH;
    double cell_height = style->cell_height > 0 ? style->cell_height : DEFAULT_CELL_HEIGHT;
    double scale;

    if (*rows < 1 || *columns < 1 || width < 1 || height < 1) {
        *rows = *columns = 0;
        return;
    }
    scale = MIN(*columns * cell_width / width, *rows * cell_height / height);
    *columns = CLAMP((int) lround(width * scale / cell_width), 1, *columns);
    *rows = CLAMP((int) lround(height * scale / cell_height), 1, *rows);
}

static ChafaCanvasMode
canvas_mode(UiColours colours)
{
    switch (colours) {
    case UI_COLOURS_TRUE: return CHAFA_CANVAS_MODE_TRUECOLOR;
    case UI_COLOURS_256: return CHAFA_CANVAS_MODE_INDEXED_240;
    case UI_COLOURS_16: return CHAFA_CANVAS_MODE_INDEXED_16;
    default: return CHAFA_CANVAS_MODE_FGBG_BGFG;
    }
}

/* In a locale without UTF-8 block symbols vanish: there, cells of one colour each. */
static ChafaCanvas *
new_canvas(int rows, int columns, const UiPictureStyle *style)
{
    g_autoptr(ChafaCanvasConfig) config = chafa_canvas_config_new();
    g_autoptr(ChafaSymbolMap) symbols = chafa_symbol_map_new();

    chafa_symbol_map_add_by_tags(symbols, CHAFA_SYMBOL_TAG_SPACE);
    if (style->is_utf8) {
        chafa_symbol_map_add_by_tags(symbols, CHAFA_SYMBOL_TAG_BLOCK);
    }
    chafa_canvas_config_set_geometry(config, columns, rows);
    chafa_canvas_config_set_canvas_mode(config, canvas_mode(style->colours));
    chafa_canvas_config_set_symbol_map(config, symbols);
    chafa_canvas_config_set_work_factor(config, 1.0f);
    chafa_canvas_config_set_dither_mode(config, CHAFA_DITHER_MODE_NONE);
    chafa_canvas_config_set_color_space(config, CHAFA_COLOR_SPACE_RGB);
    chafa_canvas_config_set_color_extractor(config, CHAFA_COLOR_EXTRACTOR_AVERAGE);
    chafa_canvas_config_set_preprocessing_enabled(config, FALSE);
    if (style->is_light) {
        chafa_canvas_config_set_fg_color(config, 0x000000);
        chafa_canvas_config_set_bg_color(config, 0xffffff);
    }
    return chafa_canvas_new(config);
}

static void
read_canvas(const ChafaCanvas *canvas, UiCells *cells, UiColours colours)
{
    for (int i = 0; i < cells->rows * cells->columns; i++) {
        UiCell *cell = &cells->cells[i];
        int x = i % cells->columns;
        int y = i / cells->columns;

        cell->character = chafa_canvas_get_char_at((ChafaCanvas *) canvas, x, y);
        chafa_canvas_get_raw_colors_at((ChafaCanvas *) canvas, x, y, &cell->foreground,
                                       &cell->background);
        if (colours <= UI_COLOURS_8) {
            /* FGBG_BGFG marks an inverted cell by background 0. */
            cell->is_reverse = cell->background == 0;
            cell->foreground = cell->background = -1;
        } else if (cell->character == ' ') {
            cell->foreground = cell->background;
        }
    }
}

/* Without colour and without UTF-8 only light and dark are left: as much ink as there is light, or,
 * on a light ground, as there is dark. */
static void
render_ascii(const guint8 *rgb, UiCells *cells, gboolean is_light)
{
    static const char ramp[] = " .:-=+*#%@";

    for (int i = 0; i < cells->rows * cells->columns; i++) {
        int ink = is_light ? 255 - rgb[i * 3] : rgb[i * 3];
        int step = ink * (int) (sizeof ramp - 2) / 255;

        cells->cells[i] =
            (UiCell){.character = (gunichar) ramp[step], .foreground = -1, .background = -1};
    }
}

static gboolean
is_ascii(const UiPictureStyle *style)
{
    return style->colours == UI_COLOURS_ASCII ||
           (!style->is_utf8 && style->colours <= UI_COLOURS_8);
}

UiCells *
ui_picture_render(const UiPixels *pixels, int rows, int columns, const UiPictureStyle *style)
{
    UiCells *cells = g_new0(UiCells, 1);
    gboolean is_few = style->colours <= UI_COLOURS_16;
    gboolean is_plain = is_ascii(style);
    /* Eight pixels a cell is what chafa looks at. Its rows must be a multiple of 4 bytes: they are.
     */
    int width = is_plain ? columns : columns * 8;
    int height = is_plain ? rows : rows * 8;
    g_autofree guint8 *rgb = ui_pixels_scale(pixels, width, height);
    g_autoptr(ChafaCanvas) canvas = NULL;

    cells->rows = rows;
    cells->columns = columns;
    cells->cells = g_new0(UiCell, (gsize) rows * (gsize) columns);
    if (is_few) {
        turn_grey(rgb, width, height);
    }
    if (is_plain) {
        render_ascii(rgb, cells, style->is_light);
        return cells;
    }
    if (is_few) {
        sharpen(rgb, width, height, MAX(width / 18, 1), 1.2f);
    } else if (rows <= SHARPEN_ROWS) {
        sharpen(rgb, width, height, MAX(width / 54, 1), 0.7f);
    }
    canvas = new_canvas(rows, columns, style);
    chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGB8, rgb, width, height, width * 3);
    read_canvas(canvas, cells, style->colours);
    return cells;
}
