#ifndef SAMEPHOTO_CORE_PHOTO_GRID_H
#define SAMEPHOTO_CORE_PHOTO_GRID_H

/* Small grids of mean luma, and the arithmetic on them that the comparison is made of. Internal to
 * core/photo. */

#include <glib.h>

#include "core/photo/fingerprint.h"

#define SP_GRID_MAX_SIDE 64
#define SP_GRID_CELLS    (SP_GRID_MAX_SIDE * SP_GRID_MAX_SIDE)

/* Plain values, all of them. Only the first columns * rows cells count. */
typedef struct {
    int columns;
    int rows;
    double cells[SP_GRID_CELLS];
} SpGrid;

typedef struct {
    guint8 inside[SP_GRID_CELLS];
} SpMask;

/* The orientations of a square: quarter turns to the left, then perhaps mirrored left to right. */
#define SP_GRID_MIRRORED       4
#define SP_GRID_N_ORIENTATIONS 8

void sp_grid_sample(SpGrid *grid, const SpFingerprint *fingerprint, double x, double y,
                    double width, double height, int columns, int rows);

/* The centre square as side x side cells. */
void sp_grid_sample_square(SpGrid *grid, const SpFingerprint *fingerprint, int side);

/* The binomial filter 1 2 1 both ways, mirrored at the borders. The two may be one. */
void sp_grid_smooth(const SpGrid *grid, SpGrid *smoothed);

/* A square grid in another orientation, 0 to 7. */
void sp_grid_turn(const SpGrid *grid, int orientation, SpGrid *turned);

/* The disc of `radius` (in sides) about the centre of a side x side grid: circle masks and rounded
 * corners lie outside. */
void sp_mask_disc(SpMask *mask, int side, double radius);

/* The standard deviation inside `mask`; `mean` may be NULL. */
double sp_grid_deviation(const SpGrid *grid, const SpMask *mask, double *mean);

/* Pearson's correlation of two grids of one size; a NULL mask means every cell. */
double sp_grid_correlation(const SpGrid *a, const SpGrid *b, const SpMask *mask);

/* The sum of the products of two lists. It is made of SP_LANES sums next to each other, so that a
 * processor can do several at once and yet every one adds up in the same order; `n` is a multiple
 * of that, or at least what sp_lanes_round_up() gave. */
#define SP_LANES 8
int sp_lanes_round_up(int n);
double sp_lanes_dot(const double *a, const double *b, int n);

/* Solves matrix * x = vector for n unknowns by elimination with pivoting; the answer replaces
 * `vector`. FALSE where there is no single answer. */
gboolean sp_solve(double *matrix, double *vector, int n);

#endif
