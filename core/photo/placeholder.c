#include "core/photo/placeholder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/photo/grid.h"

/* Colours are compared by their largest channel difference, in levels. */
#define TINY_SIDE          4
#define DISC_RADIUS        0.44
#define BACKGROUND_LEVELS  9
#define FOREGROUND_LEVELS  11
#define BACKGROUND_SAMPLES 200
#define FOREGROUND_SAMPLES 300
#define PLANE_ITERATIONS   8
#define MIN_BACKGROUND     0.15 /* a plane over less is no background */
#define BLANK_REST         0.01 /* less than this beside the background: nothing but background */
#define BLANK_NOISE        4.0
#define FARTHEST_SHARE     12 /* a twelfth of the rest is farthest from the background */
#define EDGE_LEVELS        16.0
#define EDGE_CONTRAST      0.11
#define EDGE_REACH         1 /* cells */
#define FLAT_LEVELS        10
#define SHOULDERS_SHARE    0.3
#define SHOULDERS_HEIGHT   0.88 /* from the top */

#define MAX_CELLS   (SP_COLOUR_GRID_SIDE * SP_COLOUR_GRID_SIDE)
#define LEVEL_PARTS 128

typedef double Colour[3];

/* The cells inside the disc, and what is known about them. */
typedef struct {
    const SpColourGrid *grid;
    int n;
    int cell[MAX_CELLS];
    guint16 levels[3][MAX_CELLS]; /* by channel, in LEVEL_PARTS of a level, for quick counting */
    Colour background[MAX_CELLS]; /* the plane's colour at each cell */
    guint8 is_background[MAX_CELLS];
    Colour mean;         /* of the background over the disc */
    int rest[MAX_CELLS]; /* indices of the cells that are not background */
    int n_rest;
} Scene;

static const double *
colour_at(const Scene *scene, int i)
{
    return scene->grid->cells[scene->cell[i]];
}

static double
distance(const double *a, const double *b)
{
    return MAX(MAX(fabs(a[0] - b[0]), fabs(a[1] - b[1])), fabs(a[2] - b[2]));
}

static double
luma(const double *c)
{
    return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
}

static void
scene_init(Scene *scene, const SpColourGrid *grid)
{
    SpMask mask;

    sp_mask_disc(&mask, grid->side, DISC_RADIUS);
    scene->grid = grid;
    scene->n = 0;
    scene->n_rest = 0;
    memset(scene->mean, 0, sizeof scene->mean);
    for (int i = 0; i < grid->side * grid->side; i++) {
        if (!mask.inside[i])
            continue;
        for (int c = 0; c < 3; c++)
            scene->levels[c][scene->n] = (guint16) lrint(grid->cells[i][c] * LEVEL_PARTS);
        scene->cell[scene->n++] = i;
    }
}

/* How many cells have the colour of cell `i`, all but for `limit` levels. */
static int
count_alike(const Scene *scene, int i, int limit)
{
    const guint16 *red = scene->levels[0];
    const guint16 *green = scene->levels[1];
    const guint16 *blue = scene->levels[2];
    int reach = limit * LEVEL_PARTS - 1;
    guint16 span = (guint16) (2 * reach);
    guint16 from[3] = {(guint16) (red[i] - reach), (guint16) (green[i] - reach),
                       (guint16) (blue[i] - reach)};
    guint16 count = 0;

    /* One comparison a channel, without a branch: what lies below wraps around to a large number.
     */
    for (int j = 0; j < scene->n; j++)
        count = (guint16) (count + (((guint16) (red[j] - from[0]) <= span) &
                                    ((guint16) (green[j] - from[1]) <= span) &
                                    ((guint16) (blue[j] - from[2]) <= span)));
    return count;
}

/* Starts with the colour that most cells share. */
static void
seed_background(Scene *scene)
{
    int step = MAX(scene->n / BACKGROUND_SAMPLES, 1);
    const double *most = colour_at(scene, 0);
    int most_count = -1;

    for (int i = 0; i < scene->n; i += step) {
        int count = count_alike(scene, i, BACKGROUND_LEVELS);

        if (count > most_count) {
            most_count = count;
            most = colour_at(scene, i);
        }
    }
    for (int j = 0; j < scene->n; j++)
        scene->is_background[j] = distance(most, colour_at(scene, j)) < BACKGROUND_LEVELS;
}

static void
plane_terms(const Scene *scene, int i, double *terms)
{
    int side = scene->grid->side;

    terms[0] = 1;
    terms[1] = (double) (scene->cell[i] % side) / side - 0.5;
    terms[2] = (double) (scene->cell[i] / side) / side - 0.5;
}

/* Fits a plane through the background's cells, for each channel. */
static void
fit_plane(Scene *scene)
{
    double matrix[9] = {0};
    double plane[3][3] = {{0}};
    double terms[3];

    for (int i = 0; i < scene->n; i++) {
        if (!scene->is_background[i])
            continue;
        plane_terms(scene, i, terms);
        for (int p = 0; p < 3; p++) {
            for (int q = 0; q < 3; q++)
                matrix[p * 3 + q] += terms[p] * terms[q];
            for (int c = 0; c < 3; c++)
                plane[c][p] += terms[p] * colour_at(scene, i)[c];
        }
    }
    for (int c = 0; c < 3; c++) {
        double copy[9];

        for (int p = 0; p < 9; p++)
            copy[p] = matrix[p] + (p % 4 == 0 ? 1e-9 : 0);
        sp_solve(copy, plane[c], 3);
    }
    for (int i = 0; i < scene->n; i++) {
        plane_terms(scene, i, terms);
        for (int c = 0; c < 3; c++)
            scene->background[i][c] = plane[c][0] + plane[c][1] * terms[1] + plane[c][2] * terms[2];
    }
}

/* Fits, sorts the cells anew, and again, until nothing changes. */
static void
find_background(Scene *scene)
{
    seed_background(scene);
    for (int round = 0; round < PLANE_ITERATIONS; round++) {
        guint8 sorted[MAX_CELLS];
        int count = 0;

        fit_plane(scene);
        for (int i = 0; i < scene->n; i++) {
            sorted[i] = distance(colour_at(scene, i), scene->background[i]) < BACKGROUND_LEVELS;
            count += sorted[i];
        }
        if (count < MIN_BACKGROUND * scene->n ||
            memcmp(sorted, scene->is_background, (gsize) scene->n) == 0)
            break;
        memcpy(scene->is_background, sorted, (gsize) scene->n);
    }
    for (int i = 0; i < scene->n; i++) {
        if (!scene->is_background[i])
            scene->rest[scene->n_rest++] = i;
        for (int c = 0; c < 3; c++)
            scene->mean[c] += scene->background[i][c] / scene->n;
    }
}

static double
background_noise(const Scene *scene)
{
    int count = scene->n - scene->n_rest;
    double squares = 0;

    for (int i = 0; i < scene->n; i++)
        for (int c = 0; c < 3 && scene->is_background[i]; c++) {
            double off = colour_at(scene, i)[c] - scene->background[i][c];

            squares += off * off;
        }
    return sqrt(squares / (3.0 * MAX(count, 1)));
}

/* The flat colour that most of the rest has; a colour far from the background weighs more. */
static void
find_foreground(const Scene *scene, Colour foreground)
{
    int step = MAX(scene->n_rest / FOREGROUND_SAMPLES, 1);
    double best = -1;

    for (int i = 0; i < scene->n_rest; i += step) {
        const double *candidate = colour_at(scene, scene->rest[i]);
        int count = 0;
        double score;

        for (int j = 0; j < scene->n_rest; j++)
            count += distance(candidate, colour_at(scene, scene->rest[j])) < FOREGROUND_LEVELS;
        score = count * sqrt(distance(candidate, scene->mean));
        if (score > best) {
            best = score;
            memcpy(foreground, candidate, sizeof(Colour));
        }
    }
    for (int round = 0; round < 3; round++) {
        Colour sum = {0};
        int count = 0;

        for (int j = 0; j < scene->n_rest; j++) {
            const double *c = colour_at(scene, scene->rest[j]);

            if (distance(c, foreground) >= FOREGROUND_LEVELS)
                continue;
            count++;
            for (int k = 0; k < 3; k++)
                sum[k] += c[k];
        }
        for (int k = 0; k < 3 && count > 0; k++)
            foreground[k] = sum[k] / count;
    }
}

/* How many cells have the foreground's colour, and how noisy they are. */
static int
count_foreground(const Scene *scene, const double *foreground, double *noise)
{
    int count = 0;
    double squares = 0;

    for (int j = 0; j < scene->n_rest; j++) {
        const double *c = colour_at(scene, scene->rest[j]);

        if (distance(c, foreground) >= FOREGROUND_LEVELS)
            continue;
        count++;
        for (int k = 0; k < 3; k++)
            squares += (c[k] - foreground[k]) * (c[k] - foreground[k]);
    }
    *noise = count > 0 ? sqrt(squares / (3.0 * count)) : G_MAXDOUBLE;
    return count;
}

static int
descending(gconstpointer left, gconstpointer right)
{
    double a = *(const double *) left;
    double b = *(const double *) right;

    return a < b ? 1 : a > b ? -1 : 0;
}

/* The mean of the cells farthest from the background: the colour of thin letters, which fill hardly
 * one cell of the grid whole. */
static void
find_farthest(const Scene *scene, Colour farthest)
{
    double far[MAX_CELLS] = {0};
    double sorted[MAX_CELLS];
    int wanted = MAX(scene->n_rest / FARTHEST_SHARE, 1);
    int used = 0;

    for (int j = 0; j < scene->n_rest; j++)
        far[j] = distance(colour_at(scene, scene->rest[j]), scene->background[scene->rest[j]]);
    memcpy(sorted, far, sizeof *far * (gsize) scene->n_rest);
    qsort(sorted, (gsize) scene->n_rest, sizeof *sorted, descending);
    memset(farthest, 0, sizeof(Colour));
    for (int j = 0; j < scene->n_rest && used < wanted; j++) {
        if (far[j] < sorted[wanted - 1])
            continue;
        used++;
        for (int c = 0; c < 3; c++)
            farthest[c] += colour_at(scene, scene->rest[j])[c];
    }
    for (int c = 0; c < 3; c++)
        farthest[c] /= MAX(used, 1);
}

/* How far colour `p` is from the line of mixtures between a background and a foreground. */
static double
off_the_mixtures(const double *p, const double *background, const double *foreground)
{
    Colour line;
    double length = 0;
    double along = 0;
    double off = 0;

    for (int c = 0; c < 3; c++) {
        line[c] = foreground[c] - background[c];
        length += line[c] * line[c];
        along += (p[c] - background[c]) * line[c];
    }
    along = CLAMP(along / MAX(length, 1), -0.15, 1.2);
    for (int c = 0; c < 3; c++)
        off = MAX(off, fabs(p[c] - background[c] - along * line[c]));
    return off;
}

/* Marks the cells of the grid that are background or have background nearby: a drawing mixes its
 * colours along edges only, while a face has halftones all over. */
static void
mark_edges(const Scene *scene, guint8 *near)
{
    int side = scene->grid->side;

    memset(near, 0, MAX_CELLS);
    for (int i = 0; i < scene->n; i++) {
        int x = scene->cell[i] % side;
        int y = scene->cell[i] / side;

        if (!scene->is_background[i])
            continue;
        for (int v = MAX(y - EDGE_REACH, 0); v <= MIN(y + EDGE_REACH, side - 1); v++)
            for (int u = MAX(x - EDGE_REACH, 0); u <= MIN(x + EDGE_REACH, side - 1); u++)
                near[v * side + u] = 1;
    }
}

/* The share of the disc that the background, `foreground` and, along its edges, their mixtures
 * explain. */
static double
explained_by(const Scene *scene, const double *foreground)
{
    double tolerance = MAX(EDGE_LEVELS, EDGE_CONTRAST * distance(foreground, scene->mean));
    int count = scene->n - scene->n_rest;
    guint8 near[MAX_CELLS];

    mark_edges(scene, near);
    for (int j = 0; j < scene->n_rest; j++) {
        int i = scene->rest[j];
        const double *colour = colour_at(scene, i);

        if (near[scene->cell[i]])
            count += off_the_mixtures(colour, scene->background[i], foreground) < tolerance;
        else
            count += distance(colour, foreground) < tolerance;
    }
    return (double) count / scene->n;
}

/* The share of cells whose neighbours all have nearly their own luma. */
static double
flat_share(const Scene *scene)
{
    int side = scene->grid->side;
    int flat = 0;

    for (int i = 0; i < scene->n; i++) {
        int x = scene->cell[i] % side;
        int y = scene->cell[i] / side;
        double low = G_MAXDOUBLE;
        double high = -G_MAXDOUBLE;

        for (int v = MAX(y - 1, 0); v <= MIN(y + 1, side - 1); v++)
            for (int u = MAX(x - 1, 0); u <= MIN(x + 1, side - 1); u++) {
                double here = luma(scene->grid->cells[v * side + u]);

                low = MIN(low, here);
                high = MAX(high, here);
            }
        flat += high - low < FLAT_LEVELS;
    }
    return (double) flat / scene->n;
}

/* What was measured, and the limits that a silhouette and initials keep. A plain value. */
typedef struct {
    double background; /* shares of the disc */
    double two_colours;
    double explained;
    double flat;
    double contrast; /* levels */
    double background_noise;
    double foreground_noise;
} Drawing;

static const Drawing SILHOUETTE = {
    .background = 0.28,
    .two_colours = 0.72,
    .explained = 0.97,
    .flat = 0.38,
    .contrast = 20,
    .background_noise = 3.2,
    .foreground_noise = 4.6,
};
/* In a small copy, strong colours leave broad mixed edges between small shapes (identicons). */
static const Drawing STRONG_SHAPES = {
    .background = 0.28,
    .two_colours = 0.60,
    .explained = 0.96,
    .flat = 0.50,
    .contrast = 120,
    .background_noise = 3.2,
    .foreground_noise = 4.6,
};
static const Drawing INITIALS = {
    .background = 0.55,
    .explained = 0.93,
    .flat = 0.52,
    .contrast = 40,
    .background_noise = 2.6,
    .foreground_noise = G_MAXDOUBLE,
};
#define INITIALS_MIN_LUMA 30

static gboolean
keeps(const Drawing *drawing, const Drawing *limits)
{
    return drawing->background >= limits->background &&
           drawing->two_colours >= limits->two_colours && drawing->explained >= limits->explained &&
           drawing->flat >= limits->flat && drawing->contrast >= limits->contrast &&
           drawing->background_noise < limits->background_noise &&
           drawing->foreground_noise < limits->foreground_noise;
}

/* A figure's shoulders run out of the picture or fill much of it; letters stand in its middle. */
static gboolean
has_shoulders(const Scene *scene)
{
    int side = scene->grid->side;

    if (scene->n_rest >= SHOULDERS_SHARE * scene->n)
        return TRUE;
    for (int j = 0; j < scene->n_rest; j++)
        if (scene->cell[scene->rest[j]] / side + 0.5 >= SHOULDERS_HEIGHT * side)
            return TRUE;
    return FALSE;
}

static SpPlaceholder
classify(const Scene *scene)
{
    Colour foreground = {0};
    Colour farthest;
    Drawing drawing = {0};
    int n_foreground;

    drawing.background = (double) (scene->n - scene->n_rest) / scene->n;
    drawing.background_noise = background_noise(scene);
    if (scene->n_rest < BLANK_REST * scene->n)
        return drawing.background_noise < BLANK_NOISE ? SP_PLACEHOLDER_BLANK : SP_PLACEHOLDER_NONE;
    if (drawing.background < SILHOUETTE.background)
        return SP_PLACEHOLDER_NONE;
    find_foreground(scene, foreground);
    find_farthest(scene, farthest);
    n_foreground = count_foreground(scene, foreground, &drawing.foreground_noise);
    drawing.two_colours = drawing.background + (double) n_foreground / scene->n;
    drawing.flat = flat_share(scene);
    drawing.explained = explained_by(scene, foreground);
    drawing.contrast = distance(foreground, scene->mean);
    if (keeps(&drawing, &SILHOUETTE) || keeps(&drawing, &STRONG_SHAPES))
        return has_shoulders(scene) ? SP_PLACEHOLDER_SILHOUETTE : SP_PLACEHOLDER_INITIALS;
    drawing.foreground_noise = 0;
    drawing.explained = MAX(drawing.explained, explained_by(scene, farthest));
    drawing.contrast = distance(farthest, scene->mean);
    if (luma(scene->mean) >= INITIALS_MIN_LUMA && keeps(&drawing, &INITIALS))
        return SP_PLACEHOLDER_INITIALS;
    return SP_PLACEHOLDER_NONE;
}

SpPlaceholder
sp_placeholder_recognise(const SpColourGrid *colours, int width, int height)
{
    Scene scene;

    if (width <= TINY_SIDE || height <= TINY_SIDE)
        return SP_PLACEHOLDER_BLANK;
    scene_init(&scene, colours);
    find_background(&scene);
    return classify(&scene);
}
