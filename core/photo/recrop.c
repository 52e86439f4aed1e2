#include "core/photo/recrop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Seeds: every scale at every offset, compared at a glance. */
static const double SEED_SCALES[] = {1, 0.9, 1.11, 0.8, 1.25, 0.7, 1.43, 0.6, 1.67};
static const double SEED_OFFSETS[] = {-0.12, 0, 0.12};
#define N_SEEDS                                                                                    \
    (G_N_ELEMENTS(SEED_SCALES) * G_N_ELEMENTS(SEED_OFFSETS) * G_N_ELEMENTS(SEED_OFFSETS))
#define SEED_CELLS 12

/* The best seeds are refined on a coarse grid, the best of those on a fine one. */
#define N_COARSE          14
#define COARSE_CELLS      20
#define COARSE_ITERATIONS 8
#define N_FINE            2
#define FINE_MIN_CELLS    16
#define FINE_ITERATIONS   5

/* What leaves more than this unexplained on the coarse grid never came near in fine (0.026 was the
 * most), and what ended this close to a better one is the same crop. */
#define HOPELESS_COST 0.1
#define ONE_PLACE     0.002

#define MIN_OVERLAP_SIDE 0.3 /* of picture a's short side */
#define MIN_CELLS        8
#define MIN_INSIDE       60 /* cells that take part in a fit */
#define MIN_LARGER_SHARE 0.5
#define MIN_LESSER_SHARE 0.2

/* One Gauss-Newton step goes no further than the linear model holds. */
#define MAX_STEP_CELLS 2.0
#define MAX_STEP_ZOOM  0.08
#define MIN_SCALE      0.35
#define MAX_SCALE      2.9
#define SETTLED_CELLS  0.01

#define MIN_DEVIATION 4.0
#define MIN_VARIANCE  25.0
#define MIN_GAIN      1e-3
#define RIDGE         1e-6

/* Corners of one colour: a circle mask, so that only the disc counts. */
#define CORNER_CELLS  48
#define CORNER_DEPTH  3
#define CORNER_LEVELS 24

typedef struct {
    const SpFingerprint *fingerprint;
    double width;
    double height;
    double unit; /* the short side */
    gboolean is_disc;
} Picture;

/* Both pictures' cells over the part that both show. */
typedef struct {
    SpMove move;
    SpOverlap overlap;
    SpGrid a;
    SpGrid b;
    SpMask mask;
} Aligned;

typedef struct {
    SpMove move;
    SpOverlap overlap;
    double cost; /* lower is better */
} Candidate;

static gboolean
has_flat_corners(const SpFingerprint *fingerprint)
{
    SpGrid grid;
    double low = G_MAXDOUBLE;
    double high = -G_MAXDOUBLE;

    sp_grid_sample_square(&grid, fingerprint, CORNER_CELLS);
    for (int y = 0; y < CORNER_CELLS; y++)
        for (int x = 0; x < CORNER_CELLS; x++) {
            double cell = grid.cells[y * CORNER_CELLS + x];

            if (MIN(x, CORNER_CELLS - 1 - x) >= CORNER_DEPTH ||
                MIN(y, CORNER_CELLS - 1 - y) >= CORNER_DEPTH)
                continue;
            low = MIN(low, cell);
            high = MAX(high, cell);
        }
    return high - low < CORNER_LEVELS;
}

static Picture
picture_of(const SpFingerprint *fingerprint)
{
    int width = sp_fingerprint_get_width(fingerprint);
    int height = sp_fingerprint_get_height(fingerprint);

    return (Picture){fingerprint, width, height, MIN(width, height), has_flat_corners(fingerprint)};
}

static gboolean
find_overlap(const Picture *a, const Picture *b, const SpMove *move, SpOverlap *overlap)
{
    double ax = a->width / a->unit / 2;
    double ay = a->height / a->unit / 2;
    double bx = b->width / b->unit / 2;
    double by = b->height / b->unit / 2;

    overlap->x0 = MAX(-ax, (-bx - move->x) / move->scale);
    overlap->x1 = MIN(ax, (bx - move->x) / move->scale);
    overlap->y0 = MAX(-ay, (-by - move->y) / move->scale);
    overlap->y1 = MIN(ay, (by - move->y) / move->scale);
    return overlap->x1 - overlap->x0 >= MIN_OVERLAP_SIDE &&
           overlap->y1 - overlap->y0 >= MIN_OVERLAP_SIDE;
}

/* Samples the overlap of both pictures, `cells` along its long side. */
static gboolean
align(const Picture *a, const Picture *b, const SpMove *move, int cells, Aligned *aligned)
{
    SpOverlap *o = &aligned->overlap;
    double width;
    double height;
    int columns;
    int rows;

    if (!find_overlap(a, b, move, o))
        return FALSE;
    aligned->move = *move;
    width = o->x1 - o->x0;
    height = o->y1 - o->y0;
    columns = MAX((int) lrint(cells * width / MAX(width, height)), MIN_CELLS);
    rows = MAX((int) lrint(cells * height / MAX(width, height)), MIN_CELLS);
    sp_grid_sample(&aligned->a, a->fingerprint, o->x0 * a->unit + a->width / 2,
                   o->y0 * a->unit + a->height / 2, width * a->unit, height * a->unit, columns,
                   rows);
    sp_grid_sample(&aligned->b, b->fingerprint,
                   (move->scale * o->x0 + move->x) * b->unit + b->width / 2,
                   (move->scale * o->y0 + move->y) * b->unit + b->height / 2,
                   move->scale * width * b->unit, move->scale * height * b->unit, columns, rows);
    return TRUE;
}

static gboolean
is_in_disc(double x, double y)
{
    return x * x + y * y < SP_RESIDUAL_RADIUS * SP_RESIDUAL_RADIUS;
}

/* Marks the cells that take part: not the border, and of masked pictures only the disc. */
static int
fill_mask(const Picture *a, const Picture *b, Aligned *aligned)
{
    const SpOverlap *o = &aligned->overlap;
    const SpMove *move = &aligned->move;
    int nx = aligned->a.columns;
    int ny = aligned->a.rows;
    int count = 0;

    for (int y = 0; y < ny; y++)
        for (int x = 0; x < nx; x++) {
            double u = o->x0 + (o->x1 - o->x0) * (x + 0.5) / nx;
            double v = o->y0 + (o->y1 - o->y0) * (y + 0.5) / ny;
            gboolean counts =
                x > 0 && y > 0 && x < nx - 1 && y < ny - 1 && (!a->is_disc || is_in_disc(u, v)) &&
                (!b->is_disc || is_in_disc(move->scale * u + move->x, move->scale * v + move->y));

            aligned->mask.inside[y * nx + x] = counts;
            count += counts;
        }
    return count;
}

enum {
    STEP_LEVEL,
    STEP_GAIN,
    STEP_RIGHT,
    STEP_DOWN,
    STEP_ZOOM,
    N_STEPS,
};

/* The cells that take part, one after the other: what shall be explained (picture a, from its mean)
 * by which terms (of picture b, from its mean over its deviation). Filled up with zeros to whole
 * SpLanes. */
typedef struct {
    int n;
    double target[SP_GRID_CELLS];
    double terms[N_STEPS][SP_GRID_CELLS];
} Fit;

static void
gather(const Aligned *aligned, int count, Fit *fit)
{
    const SpGrid *b = &aligned->b;
    int n = 0;

    for (int y = 1; y < b->rows - 1; y++)
        for (int x = 1; x < b->columns - 1; x++) {
            int i = y * b->columns + x;
            const double *c = b->cells + i;
            double right = (c[1] - c[-1]) / 2;
            double down = (c[b->columns] - c[-b->columns]) / 2;

            fit->target[n] = aligned->a.cells[i];
            fit->terms[STEP_LEVEL][n] = 1;
            fit->terms[STEP_GAIN][n] = *c;
            fit->terms[STEP_RIGHT][n] = right;
            fit->terms[STEP_DOWN][n] = down;
            fit->terms[STEP_ZOOM][n] =
                (x + 0.5 - b->columns / 2.0) * right + (y + 0.5 - b->rows / 2.0) * down;
            n += aligned->mask.inside[i];
        }
    fit->n = sp_lanes_round_up(count);
    for (; n < fit->n; n++) {
        fit->target[n] = 0;
        for (int p = 0; p < N_STEPS; p++)
            fit->terms[p][n] = 0;
    }
}

/* From the mean; the zeros behind the cells stay zeros. The variance. */
static double
centre(double *values, const double *ones, int n, int count)
{
    double mean = sp_lanes_dot(values, ones, n) / count;

    for (int i = 0; i < n; i++)
        values[i] -= mean * ones[i];
    return sp_lanes_dot(values, values, n) / count;
}

static gboolean
solve_step(const Fit *fit, double *step)
{
    double matrix[N_STEPS * N_STEPS];
    double trace = 0;

    for (int p = 0; p < N_STEPS; p++) {
        for (int q = 0; q <= p; q++)
            matrix[p * N_STEPS + q] = matrix[q * N_STEPS + p] =
                sp_lanes_dot(fit->terms[p], fit->terms[q], fit->n);
        step[p] = sp_lanes_dot(fit->terms[p], fit->target, fit->n);
        trace += matrix[p * N_STEPS + p];
    }
    for (int p = 1; p < N_STEPS; p++)
        matrix[p * N_STEPS + p] += RIDGE * trace / N_STEPS;
    return sp_solve(matrix, step, N_STEPS);
}

/* The sum of squares that the step's model leaves unexplained; takes what it explains away. */
static double
squares_left(Fit *fit, const double *step)
{
    for (int p = 0; p < N_STEPS; p++)
        for (int i = 0; i < fit->n; i++)
            fit->target[i] -= step[p] * fit->terms[p][i];
    return sp_lanes_dot(fit->target, fit->target, fit->n);
}

/* The best step from where the pictures are aligned, and what share of a's variance it would leave
 * unexplained. */
static gboolean
find_step(const Aligned *aligned, int count, double *step, double *cost)
{
    Fit fit;
    double variance;
    double scale;

    gather(aligned, count, &fit);
    variance = centre(fit.target, fit.terms[STEP_LEVEL], fit.n, count);
    scale = 1 / MAX(sqrt(centre(fit.terms[STEP_GAIN], fit.terms[STEP_LEVEL], fit.n, count)),
                    MIN_DEVIATION);
    for (int p = STEP_GAIN; p < N_STEPS; p++)
        for (int i = 0; i < fit.n; i++)
            fit.terms[p][i] *= scale;
    if (!solve_step(&fit, step))
        return FALSE;
    *cost = squares_left(&fit, step) / count / MAX(variance, MIN_VARIANCE);
    return TRUE;
}

/* Moves by one step; FALSE where that was the last one. */
static gboolean
take_step(const Aligned *aligned, const double *step, SpMove *move)
{
    const SpOverlap *o = &aligned->overlap;
    double cell = (o->x1 - o->x0) / aligned->a.columns;
    double right, down, zoom;

    if (step[STEP_GAIN] <= MIN_GAIN)
        return FALSE;
    right = CLAMP(step[STEP_RIGHT] / step[STEP_GAIN], -MAX_STEP_CELLS, MAX_STEP_CELLS);
    down = CLAMP(step[STEP_DOWN] / step[STEP_GAIN], -MAX_STEP_CELLS, MAX_STEP_CELLS);
    zoom = CLAMP(step[STEP_ZOOM] / step[STEP_GAIN], -MAX_STEP_ZOOM, MAX_STEP_ZOOM);
    move->x += move->scale * (right * cell - zoom * (o->x0 + o->x1) / 2);
    move->y += move->scale * (down * cell - zoom * (o->y0 + o->y1) / 2);
    move->scale *= 1 + zoom;
    return move->scale >= MIN_SCALE && move->scale <= MAX_SCALE &&
           (MAX(fabs(right), fabs(down)) >= SETTLED_CELLS ||
            fabs(zoom) * aligned->a.columns >= SETTLED_CELLS);
}

/* Smooths both grids and marks the cells that count. FALSE where too few do. */
static gboolean
prepare(const Picture *a, const Picture *b, Aligned *aligned, int *count)
{
    sp_grid_smooth(&aligned->a, &aligned->a);
    sp_grid_smooth(&aligned->b, &aligned->b);
    *count = fill_mask(a, b, aligned);
    return *count >= MIN_INSIDE;
}

/* Improves `best->move` step by step; FALSE where no step could be judged. */
static gboolean
refine(const Picture *a, const Picture *b, int cells, int iterations, Aligned *work,
       Candidate *best)
{
    SpMove move = best->move;
    gboolean is_found = FALSE;
    gboolean goes_on = TRUE;

    for (int i = 0; i < iterations && goes_on; i++) {
        double step[N_STEPS];
        double cost;
        int count;

        if (!align(a, b, &move, cells, work) || !prepare(a, b, work, &count) ||
            !find_step(work, count, step, &cost))
            break;
        if (!is_found || cost < best->cost)
            *best = (Candidate){move, work->overlap, cost};
        is_found = TRUE;
        goes_on = take_step(work, step, &move);
    }
    return is_found;
}

static int
by_cost(gconstpointer left, gconstpointer right)
{
    const Candidate *a = left;
    const Candidate *b = right;

    if (a->cost != b->cost)
        return a->cost < b->cost ? -1 : 1;
    /* qsort keeps no order of its own; without this, equal seeds would depend on the C library. */
    if (a->move.scale != b->move.scale)
        return a->move.scale < b->move.scale ? -1 : 1;
    if (a->move.x != b->move.x)
        return a->move.x < b->move.x ? -1 : 1;
    return a->move.y < b->move.y ? -1 : a->move.y > b->move.y;
}

static guint
plant_seeds(const Picture *a, const Picture *b, Aligned *work, Candidate *seeds)
{
    guint n_seeds = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(SEED_SCALES); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(SEED_OFFSETS); j++)
            for (gsize k = 0; k < G_N_ELEMENTS(SEED_OFFSETS); k++) {
                SpMove move = {SEED_SCALES[i], SEED_OFFSETS[j], SEED_OFFSETS[k]};

                if (!align(a, b, &move, SEED_CELLS, work))
                    continue;
                seeds[n_seeds++] = (Candidate){move, work->overlap,
                                               -sp_grid_correlation(&work->a, &work->b, NULL)};
            }
    qsort(seeds, n_seeds, sizeof *seeds, by_cost);
    return n_seeds;
}

static double
area_in_units(const SpOverlap *o)
{
    return (o->x1 - o->x0) * (o->y1 - o->y0);
}

static gboolean
covers_enough(const Candidate *candidate)
{
    double a = area_in_units(&candidate->overlap);
    double b = a * candidate->move.scale * candidate->move.scale;

    return MAX(a, b) >= MIN_LARGER_SHARE && MIN(a, b) >= MIN_LESSER_SHARE;
}

static guint
refine_seeds(const Picture *a, const Picture *b, Aligned *work, Candidate *seeds, guint n_seeds)
{
    guint n_kept = 0;

    for (guint i = 0; i < MIN(n_seeds, N_COARSE); i++) {
        Candidate candidate = seeds[i];

        if (refine(a, b, COARSE_CELLS, COARSE_ITERATIONS, work, &candidate) &&
            covers_enough(&candidate))
            seeds[n_kept++] = candidate;
    }
    qsort(seeds, n_kept, sizeof *seeds, by_cost);
    return MIN(n_kept, N_FINE);
}

static gboolean
is_one_place(const SpMove *a, const SpMove *b)
{
    return MAX(MAX(fabs(a->x - b->x), fabs(a->y - b->y)), fabs(a->scale - b->scale)) < ONE_PLACE;
}

static double
pixels_of(const Picture *a, const Picture *b, const Candidate *candidate)
{
    const SpOverlap *o = &candidate->overlap;
    double side = MIN(o->x1 - o->x0, o->y1 - o->y0);

    return MIN(side * a->unit, side * candidate->move.scale * b->unit);
}

/* The two measures of the step-by-step best alignment of `candidate`. */
static gboolean
judge(const Picture *a, const Picture *b, Candidate candidate, Aligned *work, SpRecrop *recrop)
{
    int count;
    double area;
    SpGrid left_over;

    recrop->pixels = pixels_of(a, b, &candidate);
    if (!refine(a, b, (int) CLAMP(recrop->pixels, FINE_MIN_CELLS, SP_GRID_MAX_SIDE),
                FINE_ITERATIONS, work, &candidate) ||
        !align(a, b, &candidate.move, (int) CLAMP(recrop->pixels, FINE_MIN_CELLS, SP_GRID_MAX_SIDE),
               work) ||
        !prepare(a, b, work, &count))
        return FALSE;
    recrop->move = candidate.move;
    recrop->overlap = candidate.overlap;
    area = area_in_units(&candidate.overlap);
    recrop->share_a = area * a->unit * a->unit / (a->width * a->height);
    recrop->share_b = area * candidate.move.scale * candidate.move.scale * b->unit * b->unit /
                      (b->width * b->height);
    sp_residual_measure(&work->a, &work->b, &work->mask, &recrop->residual, &left_over);
    return TRUE;
}

gboolean
sp_recrop_find(const SpFingerprint *a, const SpFingerprint *b, SpRecrop *recrop)
{
    Picture picture_a = picture_of(a);
    Picture picture_b = picture_of(b);
    Candidate seeds[N_SEEDS];
    gboolean is_found = FALSE;
    Aligned work;
    guint n;

    n = plant_seeds(&picture_a, &picture_b, &work, seeds);
    n = refine_seeds(&picture_a, &picture_b, &work, seeds, n);
    for (guint i = 0; i < n; i++) {
        SpRecrop found;

        if (seeds[i].cost > HOPELESS_COST ||
            (i > 0 && is_one_place(&seeds[i].move, &seeds[0].move)))
            continue;
        if (judge(&picture_a, &picture_b, seeds[i], &work, &found) &&
            (!is_found || found.residual.local < recrop->residual.local)) {
            *recrop = found;
            is_found = TRUE;
        }
    }
    return is_found;
}
