#include "core/photo/grid.h"

#include <math.h>
#include <string.h>

#define SINGULAR 1e-12

void
sp_grid_sample(SpGrid *grid, const SpFingerprint *fingerprint, double x, double y, double width,
               double height, int columns, int rows)
{
    grid->columns = columns;
    grid->rows = rows;
    sp_fingerprint_sample(fingerprint, x, y, width, height, columns, rows, grid->cells);
}

void
sp_grid_sample_square(SpGrid *grid, const SpFingerprint *fingerprint, int side)
{
    int width = sp_fingerprint_get_width(fingerprint);
    int height = sp_fingerprint_get_height(fingerprint);
    int square = MIN(width, height);

    sp_grid_sample(grid, fingerprint, (width - square) / 2.0, (height - square) / 2.0, square,
                   square, side, side);
}

static double
binomial(double before, double here, double after)
{
    return (before + 2 * here + after) / 4;
}

void
sp_grid_smooth(const SpGrid *grid, SpGrid *smoothed)
{
    int nx = grid->columns;
    int ny = grid->rows;
    double across[SP_GRID_CELLS];

    for (int y = 0; y < ny; y++) {
        const double *in = grid->cells + y * nx;
        double *out = across + y * nx;

        out[0] = binomial(in[1], in[0], in[1]);
        for (int x = 1; x < nx - 1; x++)
            out[x] = binomial(in[x - 1], in[x], in[x + 1]);
        out[nx - 1] = binomial(in[nx - 2], in[nx - 1], in[nx - 2]);
    }
    smoothed->columns = nx;
    smoothed->rows = ny;
    for (int y = 0; y < ny; y++) {
        const double *above = across + (y > 0 ? y - 1 : 1) * nx;
        const double *below = across + (y < ny - 1 ? y + 1 : ny - 2) * nx;

        for (int x = 0; x < nx; x++)
            smoothed->cells[y * nx + x] = binomial(above[x], across[y * nx + x], below[x]);
    }
}

void
sp_grid_turn(const SpGrid *grid, int orientation, SpGrid *turned)
{
    int n = grid->columns;

    turned->columns = n;
    turned->rows = n;
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++) {
            int u = orientation & SP_GRID_MIRRORED ? n - 1 - x : x;
            int from_x[4] = {u, n - 1 - y, n - 1 - u, y};
            int from_y[4] = {y, u, n - 1 - y, n - 1 - u};

            turned->cells[y * n + x] =
                grid->cells[from_y[orientation & 3] * n + from_x[orientation & 3]];
        }
}

void
sp_mask_disc(SpMask *mask, int side, double radius)
{
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            double u = (x + 0.5) / side - 0.5;
            double v = (y + 0.5) / side - 0.5;

            mask->inside[y * side + x] = u * u + v * v < radius * radius;
        }
}

double
sp_grid_deviation(const SpGrid *grid, const SpMask *mask, double *mean)
{
    int n = grid->columns * grid->rows;
    int count = 0;
    double sum = 0;
    double squares = 0;

    for (int i = 0; i < n; i++)
        if (mask->inside[i]) {
            sum += grid->cells[i];
            count++;
        }
    sum /= MAX(count, 1);
    for (int i = 0; i < n; i++)
        if (mask->inside[i])
            squares += (grid->cells[i] - sum) * (grid->cells[i] - sum);
    if (mean != NULL)
        *mean = sum;
    return sqrt(squares / MAX(count, 1));
}

double
sp_grid_correlation(const SpGrid *a, const SpGrid *b, const SpMask *mask)
{
    int n = a->columns * a->rows;
    double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
    int count = 0;

    for (int i = 0; i < n; i++)
        if (mask == NULL || mask->inside[i]) {
            sum_a += a->cells[i];
            sum_b += b->cells[i];
            count++;
        }
    for (int i = 0; i < n; i++)
        if (mask == NULL || mask->inside[i]) {
            double u = a->cells[i] - sum_a / MAX(count, 1);
            double v = b->cells[i] - sum_b / MAX(count, 1);

            aa += u * u;
            bb += v * v;
            ab += u * v;
        }
    return ab / (sqrt(aa * bb) + 1e-6);
}

int
sp_lanes_round_up(int n)
{
    return (n + SP_LANES - 1) / SP_LANES * SP_LANES;
}

double
sp_lanes_dot(const double *a, const double *b, int n)
{
    double sums[SP_LANES] = {0};

    for (int i = 0; i < n; i += SP_LANES)
        for (int k = 0; k < SP_LANES; k++)
            sums[k] += a[i + k] * b[i + k];
    for (int half = SP_LANES / 2; half > 0; half /= 2)
        for (int k = 0; k < half; k++)
            sums[k] += sums[k + half];
    return sums[0];
}

static void
swap_rows(double *matrix, double *vector, int n, int a, int b)
{
    double kept = vector[a];

    vector[a] = vector[b];
    vector[b] = kept;
    for (int k = 0; k < n; k++) {
        kept = matrix[a * n + k];
        matrix[a * n + k] = matrix[b * n + k];
        matrix[b * n + k] = kept;
    }
}

gboolean
sp_solve(double *matrix, double *vector, int n)
{
    for (int i = 0; i < n; i++) {
        int pivot = i;

        for (int k = i + 1; k < n; k++)
            if (fabs(matrix[k * n + i]) > fabs(matrix[pivot * n + i]))
                pivot = k;
        if (!(fabs(matrix[pivot * n + i]) >= SINGULAR))
            return FALSE;
        if (pivot != i)
            swap_rows(matrix, vector, n, i, pivot);
        for (int k = i + 1; k < n; k++) {
            double factor = matrix[k * n + i] / matrix[i * n + i];

            for (int c = i; c < n; c++)
                matrix[k * n + c] -= factor * matrix[i * n + c];
            vector[k] -= factor * vector[i];
        }
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            vector[i] -= matrix[i * n + k] * vector[k];
        vector[i] /= matrix[i * n + i];
    }
    return TRUE;
}
