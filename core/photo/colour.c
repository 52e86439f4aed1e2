#include "core/photo/colour.h"

#include <string.h>

/* Both averages run over columns first, then rows. A pixel on the border of two cells is shared out
 * between them, so that the same photo gives the same grid at every size. */

/* Where cell `i` of `cells` begins along a side of `length` pixels: whole pixels and the share of
 * the pixel that the border cuts. */
typedef struct {
    int pixel;
    double share;
} Border;

static Border
border_of(int i, int cells, int length)
{
    int whole = (int) ((gint64) i * length / cells);

    return (Border){whole, (double) ((gint64) i * length % cells) / cells};
}

/* Adds `weight` times the mean of each cell's columns in one row of RGBA pixels to `sums`. */
static void
add_pixels(const guint8 *rgba, const Border *borders, int side, double weight, double (*sums)[3])
{
    for (int i = 0; i < side; i++) {
        Border from = borders[i];
        Border to = borders[i + 1];
        const guint8 *first = rgba + 4 * from.pixel;
        guint32 whole[3] = {0};

        for (const guint8 *p = first; p < rgba + 4 * to.pixel; p += 4)
            for (int c = 0; c < 3; c++)
                whole[c] += p[c];
        for (int c = 0; c < 3; c++) {
            double last = to.share > 0 ? to.share * rgba[4 * to.pixel + c] : 0;

            sums[i][c] += weight * (whole[c] - from.share * first[c] + last);
        }
    }
}

void
sp_colour_grid_fill(SpColourGrid *grid, const guint8 *rgba, int width, int height, gsize stride)
{
    int square = MIN(width, height);
    Border borders[SP_COLOUR_GRID_SIDE + 1];

    grid->side = MIN(square, SP_COLOUR_GRID_SIDE);
    memset(grid->cells, 0, sizeof grid->cells);
    rgba += (gsize) ((height - square) / 2) * stride + (gsize) ((width - square) / 2) * 4;
    for (int i = 0; i <= grid->side; i++)
        borders[i] = border_of(i, grid->side, square);
    for (int j = 0; j < grid->side; j++) {
        double(*row)[3] = grid->cells + j * grid->side;
        Border from = borders[j];
        Border to = borders[j + 1];

        for (int y = from.pixel; y < square && (y < to.pixel || (y == to.pixel && to.share > 0));
             y++) {
            double top = y == from.pixel ? from.share : 0;
            double bottom = y == to.pixel ? to.share : 1;

            add_pixels(rgba + (gsize) y * stride, borders, grid->side, bottom - top, row);
        }
    }
    for (int i = 0; i < grid->side * grid->side; i++)
        for (int c = 0; c < 3; c++)
            grid->cells[i][c] *= (double) grid->side * grid->side / ((double) square * square);
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
