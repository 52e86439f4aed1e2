#include "core/photo/difference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/photo/residual.h"

/* Both parts are area-averaged to one frame; the heat is the residual of the comparison's own fit,
 * so that what the comparison forgave (brightness, sharpening, a shift below one cell) is cold. */

#define MIN_SIDE     16
#define MAX_SIDE     1024
#define MIN_CONTRAST 10.0
#define FIT_ROUNDS   3

/* The residual over the picture's contrast: nothing visible below, as hot as can be above. */
#define COLD    0.10
#define HOT     0.80
#define VISIBLE 0.25

/* A rectangle in pixels. */
typedef struct {
    double x;
    double y;
    double width;
    double height;
} Area;

static Area
area_of(const SpPhoto *photo, const SpRect *part)
{
    int width = sp_photo_get_width(photo);
    int height = sp_photo_get_height(photo);

    return (Area){part->x * width, part->y * height, MAX(part->width * width, 1),
                  MAX(part->height * height, 1)};
}

/* Centre squares are what a comparison without a crop looked at. */
static Area
centre_square(const SpPhoto *photo)
{
    int width = sp_photo_get_width(photo);
    int height = sp_photo_get_height(photo);
    int side = MIN(width, height);

    return (Area){(width - side) / 2.0, (height - side) / 2.0, side, side};
}

static gboolean
is_whole(const SpRect *part)
{
    return part->width >= 1 && part->height >= 1;
}

/* The mean colour of the pixels from (x0, y0) to (x1, y1). */
static void
average(const SpPhoto *photo, int x0, int y0, int x1, int y1, guint8 *out)
{
    const guint8 *pixels = sp_photo_get_pixels(photo);
    guint64 sums[3] = {0};
    guint64 count = (guint64) (x1 - x0) * (guint64) (y1 - y0);

    for (int y = y0; y < y1; y++) {
        const guint8 *p = pixels + ((gsize) y * (gsize) sp_photo_get_width(photo) + (gsize) x0) * 4;

        for (int x = x0; x < x1; x++, p += 4)
            for (int c = 0; c < 3; c++)
                sums[c] += p[c];
    }
    for (int c = 0; c < 3; c++)
        out[c] = (guint8) ((sums[c] + count / 2) / count);
    out[3] = 255;
}

static void
draw(const SpPhoto *photo, const Area *area, int side, guint8 *rgba)
{
    int width = sp_photo_get_width(photo);
    int height = sp_photo_get_height(photo);

    for (int j = 0; j < side; j++)
        for (int i = 0; i < side; i++) {
            int x0 = CLAMP((int) (area->x + area->width * i / side), 0, width - 1);
            int y0 = CLAMP((int) (area->y + area->height * j / side), 0, height - 1);
            int x1 = CLAMP((int) (area->x + area->width * (i + 1) / side), x0 + 1, width);
            int y1 = CLAMP((int) (area->y + area->height * (j + 1) / side), y0 + 1, height);

            average(photo, x0, y0, x1, y1, rgba + ((gsize) j * (gsize) side + (gsize) i) * 4);
        }
}

/* Mirrored first, then turned clockwise, as the comparison says. */
static void
turn(const SpComparison *comparison, int side, guint8 *rgba)
{
    g_autofree guint8 *stored = g_memdup2(rgba, (gsize) side * (gsize) side * 4);

    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            int last = side - 1;
            int from_x[4] = {x, y, last - x, last - y};
            int from_y[4] = {y, last - x, last - y, x};
            int u = from_x[comparison->quarter_turns & 3];
            int v = from_y[comparison->quarter_turns & 3];

            if (comparison->is_mirrored)
                u = last - u;
            memcpy(rgba + ((gsize) y * (gsize) side + (gsize) x) * 4,
                   stored + ((gsize) v * (gsize) side + (gsize) u) * 4, 4);
        }
}

/* The finest grid that both pictures fill with pixels of their own. */
static int
cells_for(const Area *left, const Area *right, int side)
{
    double least = MIN(MIN(left->width, left->height), MIN(right->width, right->height));

    return (int) CLAMP(MIN(least, side), MIN_SIDE, SP_GRID_MAX_SIDE);
}

static void
luma_grid(const guint8 *rgba, int side, int cells, SpGrid *grid)
{
    g_autoptr(SpFingerprint) fingerprint = sp_fingerprint_new(rgba, side, side, (gsize) side * 4);
    SpGrid raw;

    sp_grid_sample_square(&raw, fingerprint, cells);
    sp_grid_smooth(&raw, grid);
}

static int
ascending(gconstpointer left, gconstpointer right)
{
    double a = *(const double *) left;
    double b = *(const double *) right;

    return a < b ? -1 : a > b;
}

static double
heat_between(const SpGrid *heat, double x, double y)
{
    int n = heat->columns;
    double u = CLAMP(x * n - 0.5, 0, n - 1.000001);
    double v = CLAMP(y * n - 0.5, 0, n - 1.000001);
    int i = (int) u;
    int j = (int) v;
    const double *c = heat->cells + j * n + i;
    double upper = c[0] + (c[1] - c[0]) * (u - i);
    double lower = c[n] + (c[n + 1] - c[n]) * (u - i);

    return upper + (lower - upper) * (v - j);
}

static void
paint_heat(SpDifference *difference, const SpGrid *heat)
{
    int side = difference->side;

    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            double value = heat_between(heat, (x + 0.5) / side, (y + 0.5) / side);

            difference->heat[y * side + x] =
                (guint8) lrint(255 * CLAMP((value - COLD) / (HOT - COLD), 0, 1));
        }
}

/* The residual's size over the contrast, smoothed. */
static void
weigh(const SpGrid *left_over, double contrast, SpGrid *heat)
{
    SpGrid raw = {.columns = left_over->columns, .rows = left_over->rows};

    for (int i = 0; i < raw.columns * raw.rows; i++)
        raw.cells[i] = fabs(left_over->cells[i]) / contrast;
    sp_grid_smooth(&raw, heat);
}

/* Leaves the warmest cells out of the next fit: what changed must not bend the light of the rest.
 */
static void
keep_the_cold(const SpGrid *heat, SpMask *mask)
{
    double sorted[SP_GRID_CELLS];
    int n = heat->columns * heat->rows;
    double limit;

    memcpy(sorted, heat->cells, sizeof *sorted * (gsize) n);
    qsort(sorted, (gsize) n, sizeof *sorted, ascending);
    limit = MAX(sorted[n * 3 / 4], COLD);
    for (int i = 0; i < n; i++)
        mask->inside[i] = heat->cells[i] <= limit;
}

static void
measure_heat(SpDifference *difference, int cells)
{
    SpGrid left;
    SpGrid right;
    SpGrid left_over;
    SpGrid heat;
    SpMask mask;
    double contrast;
    int n = cells * cells;
    int visible = 0;

    memset(mask.inside, 1, sizeof mask.inside);
    luma_grid(difference->left, difference->side, cells, &left);
    luma_grid(difference->right, difference->side, cells, &right);
    contrast = MAX(sp_grid_deviation(&left, &mask, NULL), MIN_CONTRAST);
    for (int round = 0; round < FIT_ROUNDS; round++) {
        sp_residual_explain(&left, &right, &mask, &left_over);
        weigh(&left_over, contrast, &heat);
        keep_the_cold(&heat, &mask);
    }
    for (int i = 0; i < n; i++)
        visible += heat.cells[i] > VISIBLE;
    difference->changed = (double) visible / n;
    paint_heat(difference, &heat);
}

SpDifference *
sp_difference_new(const SpPhoto *left, const SpPhoto *right, const SpComparison *comparison,
                  int side)
{
    gboolean is_moved;
    SpDifference *difference;
    gsize n_pixels = (gsize) side * (gsize) side;
    Area left_area;
    Area right_area;

    g_return_val_if_fail(left != NULL && right != NULL && comparison != NULL, NULL);
    g_return_val_if_fail(side >= MIN_SIDE && side <= MAX_SIDE, NULL);
    is_moved = !is_whole(&comparison->left_part) || !is_whole(&comparison->right_part);
    left_area = is_moved ? area_of(left, &comparison->left_part) : centre_square(left);
    right_area = is_moved ? area_of(right, &comparison->right_part) : centre_square(right);
    difference = g_new0(SpDifference, 1);
    difference->side = side;
    difference->left = g_malloc(n_pixels * 4);
    difference->right = g_malloc(n_pixels * 4);
    difference->heat = g_malloc(n_pixels);
    draw(left, &left_area, side, difference->left);
    draw(right, &right_area, side, difference->right);
    turn(comparison, side, difference->right);
    measure_heat(difference, cells_for(&left_area, &right_area, side));
    return difference;
}

void
sp_difference_free(SpDifference *difference)
{
    if (difference == NULL)
        return;
    g_free(difference->left);
    g_free(difference->right);
    g_free(difference->heat);
    g_free(difference);
}
