#include "core/photo/colour.h"

#include <string.h>

#include "core/photo/photo.h"

/* A pixel on the border of two cells is shared out between them, so that the same photo gives the
 * same grid at every size. */

#define CHANNELS 4

/* So many rows of bytes never overflow their sums; no row of cells covers more. */
#define MAX_ROWS 257
G_STATIC_ASSERT((gint64) SP_PHOTO_MAX_PIXELS <=
                (gint64) MAX_ROWS * SP_COLOUR_GRID_SIDE * MAX_ROWS * SP_COLOUR_GRID_SIDE);

/* How much of pixel `k` cell `i` covers, of `cells` cells along `length` pixels: in parts of
 * 1 / cells, of which a cell has `length`. Whole numbers make the sums exact. */
static guint32
weight_of(int k, int i, int cells, int length)
{
    gint64 from = MAX((gint64) i * length, (gint64) k * cells);
    gint64 to = MIN((gint64) (i + 1) * length, (gint64) (k + 1) * cells);

    return (guint32) (to - from);
}

static int
first_pixel(int i, int cells, int length)
{
    return (int) ((gint64) i * length / cells);
}

static int
last_pixel(int i, int cells, int length)
{
    return (int) (((gint64) (i + 1) * length - 1) / cells);
}

void
sp_colour_sum_rows(const guint8 *rgba, gsize stride, int rows, gsize n, guint16 *sums)
{
    memset(sums, 0, n * sizeof *sums);
    for (int y = 0; y < rows; y++, rgba += stride)
        for (gsize i = 0; i < n; i++)
            sums[i] = (guint16) (sums[i] + rgba[i]);
}

/* What cells do not cover whole counts by its weight. */
static void
add_share(const guint8 *row, gsize n, guint32 weight, guint32 *sums)
{
    for (gsize i = 0; i < n; i++)
        sums[i] += weight * row[i];
}

/* Sums the rows of pixels that row `j` of the grid covers, value by value. */
static void
sum_rows(const guint8 *rgba, gsize stride, int j, int side, int square, guint32 *sums)
{
    gsize n = (gsize) square * CHANNELS;
    g_autofree guint16 *whole = g_new(guint16, n);
    int first = first_pixel(j, side, square);
    int last = last_pixel(j, side, square);

    sp_colour_sum_rows(rgba + (gsize) (first + 1) * stride, stride, last - first - 1, n, whole);
    for (gsize i = 0; i < n; i++)
        sums[i] = (guint32) side * whole[i];
    add_share(rgba + (gsize) first * stride, n, weight_of(first, j, side, square), sums);
    if (last > first)
        add_share(rgba + (gsize) last * stride, n, weight_of(last, j, side, square), sums);
}

/* The mean of what column `i` of the grid covers. */
static void
average_cell(const guint32 *sums, int i, int side, int square, double *cell)
{
    guint64 totals[3] = {0};
    int first = first_pixel(i, side, square);
    int last = last_pixel(i, side, square);
    guint64 unused_first = (guint64) side - weight_of(first, i, side, square);
    guint64 unused_last = (guint64) side - weight_of(last, i, side, square);

    for (int x = first; x <= last; x++)
        for (int c = 0; c < 3; c++)
            totals[c] += sums[x * CHANNELS + c];
    for (int c = 0; c < 3; c++) {
        totals[c] *= (guint64) side;
        totals[c] -= unused_first * sums[first * CHANNELS + c];
        totals[c] -= last > first ? unused_last * sums[last * CHANNELS + c] : 0;
        cell[c] = (double) totals[c] / ((double) square * square);
    }
}

void
sp_colour_grid_fill(SpColourGrid *grid, const guint8 *rgba, int width, int height, gsize stride)
{
    int square = MIN(width, height);
    g_autofree guint32 *sums = g_new(guint32, (gsize) square * CHANNELS);

    grid->side = MIN(square, SP_COLOUR_GRID_SIDE);
    memset(grid->cells, 0, sizeof grid->cells);
    rgba += (gsize) ((height - square) / 2) * stride + (gsize) ((width - square) / 2) * CHANNELS;
    for (int j = 0; j < grid->side; j++) {
        sum_rows(rgba, stride, j, grid->side, square, sums);
        for (int i = 0; i < grid->side; i++)
            average_cell(sums, i, grid->side, square, grid->cells[j * grid->side + i]);
    }
}

static double
overlap_of(int i, int cells, int k, int length)
{
    double from = MAX((double) i * length / cells, k);
    double to = MIN((double) (i + 1) * length / cells, k + 1);

    return MAX(to - from, 0);
}

void
sp_colour_grid_shrink(const SpColourGrid *grid, int side, SpColourGrid *coarse)
{
    double scale;

    coarse->side = MIN(side, grid->side);
    scale = (double) coarse->side / grid->side;
    memset(coarse->cells, 0, sizeof coarse->cells);
    for (int j = 0; j < coarse->side; j++)
        for (int y = (int) (j / scale); y < grid->side && y < (j + 1) / scale; y++) {
            double rows = overlap_of(j, coarse->side, y, grid->side);

            for (int i = 0; i < coarse->side; i++)
                for (int x = (int) (i / scale); x < grid->side && x < (i + 1) / scale; x++) {
                    double area = rows * overlap_of(i, coarse->side, x, grid->side);

                    for (int c = 0; c < 3; c++)
                        coarse->cells[j * coarse->side + i][c] +=
                            area * scale * scale * grid->cells[y * grid->side + x][c];
                }
        }
}
