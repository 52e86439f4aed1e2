#ifndef SAMEPHOTO_CORE_PHOTO_COLOUR_H
#define SAMEPHOTO_CORE_PHOTO_COLOUR_H

/* The centre square of a picture as a coarse grid of mean colours: what the placeholder test and
 * the black-and-white test look at. Internal to core/photo. */

#include <glib.h>

#define SP_COLOUR_GRID_SIDE 40

/* A plain value: side x side cells of red, green and blue (0..255). */
typedef struct {
    int side;
    double cells[SP_COLOUR_GRID_SIDE * SP_COLOUR_GRID_SIDE][3];
} SpColourGrid;

/* Adds up `rows` (at most 257) rows of `n` bytes, byte by byte. */
void sp_colour_sum_rows(const guint8 *rgba, gsize stride, int rows, gsize n, guint16 *sums);

/* Area-averages the centre square; a picture of fewer pixels gives fewer cells. */
void sp_colour_grid_fill(SpColourGrid *grid, const guint8 *rgba, int width, int height,
                         gsize stride);

/* Averages `grid` further, to at most `side` x `side`. */
void sp_colour_grid_shrink(const SpColourGrid *grid, int side, SpColourGrid *coarse);

#endif
