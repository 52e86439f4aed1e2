#include "core/photo/residual.h"

#include <math.h>
#include <string.h>

enum {
    TERM_LEVEL,
    TERM_GAIN,
    TERM_GAMMA,
    TERM_SHARPEN,
    TERM_RIGHT,
    TERM_DOWN,
    TERM_ZOOM,
    N_TERMS,
};

/* A picture of less contrast than this is nearly empty; noise must not be magnified. */
#define MIN_DEVIATION 4.0
#define MIN_CONTRAST  10.0

/* Keeps the normal equations solvable where a term vanishes (a flat picture has no edges). */
#define RIDGE 1e-6

/* The window of the local measure: an eighth of the side, odd, at least 5, at least so full. */
#define WINDOWS_PER_SIDE 8
#define MIN_WINDOW       5
#define WINDOW_FULL      0.55

/* Edges weaker than this share of the contrast count as that strong: a smooth picture's few edges
 * would otherwise be swamped by noise. */
#define EDGE_FLOOR 0.15

typedef struct {
    int n;
    double columns[N_TERMS][SP_GRID_CELLS];
} Terms;

static void
fill_terms(const SpGrid *large, double mean, double deviation, Terms *terms)
{
    int nx = large->columns;
    int ny = large->rows;
    SpGrid z;
    SpGrid blurred;

    z.columns = nx;
    z.rows = ny;
    terms->n = nx * ny;
    for (int i = 0; i < terms->n; i++)
        z.cells[i] = (large->cells[i] - mean) / deviation;
    sp_grid_smooth(&z, &blurred);
    for (int y = 0; y < ny; y++)
        for (int x = 0; x < nx; x++) {
            int i = y * nx + x;
            const double *c = z.cells + i;
            double right = x > 0 && x < nx - 1 ? (c[1] - c[-1]) / 2 : 0;
            double down = y > 0 && y < ny - 1 ? (c[nx] - c[-nx]) / 2 : 0;

            terms->columns[TERM_LEVEL][i] = 1;
            terms->columns[TERM_GAIN][i] = *c;
            terms->columns[TERM_GAMMA][i] = *c * *c;
            terms->columns[TERM_SHARPEN][i] = blurred.cells[i] - *c;
            terms->columns[TERM_RIGHT][i] = right;
            terms->columns[TERM_DOWN][i] = down;
            terms->columns[TERM_ZOOM][i] =
                2 * (((x + 0.5) / nx - 0.5) * right + ((y + 0.5) / ny - 0.5) * down);
        }
}

/* The coefficients that explain `small` best. */
static void
solve_terms(const Terms *terms, const SpGrid *small, const SpMask *mask, double *coefficients)
{
    double matrix[N_TERMS * N_TERMS] = {0};
    int count = 0;

    memset(coefficients, 0, sizeof *coefficients * N_TERMS);
    for (int i = 0; i < terms->n; i++) {
        if (!mask->inside[i])
            continue;
        count++;
        for (int p = 0; p < N_TERMS; p++) {
            double value = terms->columns[p][i];

            for (int q = p; q < N_TERMS; q++)
                matrix[p * N_TERMS + q] += value * terms->columns[q][i];
            coefficients[p] += value * small->cells[i];
        }
    }
    for (int p = 0; p < N_TERMS; p++) {
        for (int q = 0; q < p; q++)
            matrix[p * N_TERMS + q] = matrix[q * N_TERMS + p];
        matrix[p * N_TERMS + p] += RIDGE * MAX(count, 1);
    }
    if (!sp_solve(matrix, coefficients, N_TERMS))
        memset(coefficients, 0, sizeof *coefficients * N_TERMS);
}

static void
subtract(const Terms *terms, const SpGrid *small, const double *coefficients, SpGrid *left_over)
{
    left_over->columns = small->columns;
    left_over->rows = small->rows;
    for (int i = 0; i < terms->n; i++) {
        double explained = 0;

        for (int p = 0; p < N_TERMS; p++)
            explained += coefficients[p] * terms->columns[p][i];
        left_over->cells[i] = small->cells[i] - explained;
    }
}

/* Fits inside `mask`, subtracts everywhere; the deviation that the terms were scaled by. */
static double
explain(const SpGrid *small, const SpGrid *large, const SpMask *mask, double *coefficients,
        SpGrid *left_over)
{
    Terms terms;
    double mean;
    double deviation = MAX(sp_grid_deviation(large, mask, &mean), MIN_DEVIATION);

    fill_terms(large, mean, deviation, &terms);
    solve_terms(&terms, small, mask, coefficients);
    subtract(&terms, small, coefficients, left_over);
    return deviation;
}

void
sp_residual_explain(const SpGrid *small, const SpGrid *large, const SpMask *mask, SpGrid *left_over)
{
    double coefficients[N_TERMS];

    explain(small, large, mask, coefficients, left_over);
}

/* Sums over any rectangle of cells: of the squared residual, and of the cells that count. */
typedef struct {
    double squares[SP_GRID_MAX_SIDE + 1][SP_GRID_MAX_SIDE + 1];
    int counts[SP_GRID_MAX_SIDE + 1][SP_GRID_MAX_SIDE + 1];
} Sums;

static void
fill_sums(const SpGrid *left_over, const SpMask *mask, Sums *sums)
{
    memset(sums->squares[0], 0, sizeof sums->squares[0]);
    memset(sums->counts[0], 0, sizeof sums->counts[0]);
    for (int y = 0; y < left_over->rows; y++) {
        double squares = 0;
        int count = 0;

        sums->squares[y + 1][0] = 0;
        sums->counts[y + 1][0] = 0;
        for (int x = 0; x < left_over->columns; x++) {
            int i = y * left_over->columns + x;

            squares += left_over->cells[i] * left_over->cells[i];
            count += mask->inside[i];
            sums->squares[y + 1][x + 1] = sums->squares[y][x + 1] + squares;
            sums->counts[y + 1][x + 1] = sums->counts[y][x + 1] + count;
        }
    }
}

static double
worst_window(const SpGrid *left_over, const SpMask *mask)
{
    int nx = left_over->columns;
    int ny = left_over->rows;
    int window = MAX((int) lrint((double) ny / WINDOWS_PER_SIDE) | 1, MIN_WINDOW);
    int reach = window / 2;
    double worst = 0;
    Sums sums;

    fill_sums(left_over, mask, &sums);
    for (int y = 0; y < ny; y++)
        for (int x = 0; x < nx; x++) {
            int x0 = MAX(x - reach, 0), x1 = MIN(x + reach + 1, nx);
            int y0 = MAX(y - reach, 0), y1 = MIN(y + reach + 1, ny);
            int count = sums.counts[y1][x1] - sums.counts[y0][x1] - sums.counts[y1][x0] +
                        sums.counts[y0][x0];
            double squares = sums.squares[y1][x1] - sums.squares[y0][x1] - sums.squares[y1][x0] +
                             sums.squares[y0][x0];

            if (count >= WINDOW_FULL * window * window)
                worst = MAX(worst, squares / count);
        }
    return sqrt(worst);
}

/* The squared length of Sobel's gradient at `c`. */
static double
edge_energy(const double *c, int nx)
{
    double right = c[-nx + 1] + 2 * c[1] + c[nx + 1] - c[-nx - 1] - 2 * c[-1] - c[nx - 1];
    double down = c[nx - 1] + 2 * c[nx] + c[nx + 1] - c[-nx - 1] - 2 * c[-nx] - c[-nx + 1];

    return right * right + down * down;
}

static gboolean
is_surrounded(const SpMask *mask, int i, int nx)
{
    for (int row = i - nx; row <= i + nx; row += nx)
        if (!mask->inside[row - 1] || !mask->inside[row] || !mask->inside[row + 1])
            return FALSE;
    return TRUE;
}

static double
edge_share(const SpGrid *left_over, const SpGrid *picture, const SpMask *mask, double contrast)
{
    int nx = picture->columns;
    double in_residual = 0;
    double in_picture = 0;
    int count = 0;

    for (int y = 1; y < picture->rows - 1; y++)
        for (int i = y * nx + 1; i < (y + 1) * nx - 1; i++) {
            if (!is_surrounded(mask, i, nx))
                continue;
            in_residual += edge_energy(left_over->cells + i, nx);
            in_picture += edge_energy(picture->cells + i, nx);
            count++;
        }
    in_picture += count * EDGE_FLOOR * EDGE_FLOOR * contrast * contrast;
    return sqrt(in_residual / (in_picture + 1e-9));
}

void
sp_residual_measure(const SpGrid *small, const SpGrid *large, const SpMask *mask,
                    SpResidual *residual, SpGrid *left_over)
{
    double coefficients[N_TERMS];
    double deviation = explain(small, large, mask, coefficients, left_over);
    double contrast = MAX(sp_grid_deviation(small, mask, NULL), MIN_CONTRAST);
    double gain = MAX(fabs(coefficients[TERM_GAIN]), RIDGE);

    for (int i = 0; i < small->columns * small->rows; i++)
        if (!mask->inside[i])
            left_over->cells[i] = 0;
    residual->gain = coefficients[TERM_GAIN] / deviation;
    residual->shift = MAX(MAX(fabs(coefficients[TERM_RIGHT]), fabs(coefficients[TERM_DOWN])),
                          fabs(coefficients[TERM_ZOOM])) /
                      gain;
    residual->local = worst_window(left_over, mask) / contrast;
    residual->structure = edge_share(left_over, small, mask, contrast);
}
