/* Looks for a photo on a screenshot: tries it at every place and size on a grid of 8 x 8 cells, and
 * prints the best place's mean colour distance (0..441) and correlation, then x, y and side, and
 * the distance in fine cells, which tells pixels from few symbols. Tests hold the right
 * photo and a wrong one against limits; where the screen draws it is none of their business. Where
 * a terminal has few colours only light and dark are left: with LEVELS the photo is stretched to so
 * many greys, and the place of the best correlation is looked for. Usage: find-photo SCREENSHOT
 * PHOTO [MIN-SIDE [LEVELS]] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#define GRID  8
#define CELLS (GRID * GRID * 3)
#define FINE  40
#define STEP  4   /* pixels between places that are tried */
#define FAR   100 /* at this distance nothing was found */

/* Sums over all pixels left of and above a corner, for each channel. */
typedef struct {
    int width;
    int height;
    guint64 *sums;
} Table;

typedef struct {
    double distance;
    double correlation;
    int x;
    int y;
    int side;
} Place;

static Table
make_table(GdkPixbuf *image)
{
    Table table = {gdk_pixbuf_get_width(image), gdk_pixbuf_get_height(image), NULL};
    gsize stride = (gsize) (table.width + 1) * 3;
    const guint8 *pixels = gdk_pixbuf_read_pixels(image);
    int channels = gdk_pixbuf_get_n_channels(image);

    table.sums = g_new0(guint64, stride * (gsize) (table.height + 1));
    for (int y = 0; y < table.height; y++) {
        const guint8 *row = pixels + (gsize) y * (gsize) gdk_pixbuf_get_rowstride(image);

        for (int x = 0; x < table.width; x++) {
            for (int c = 0; c < 3; c++) {
                guint64 *here = table.sums + (gsize) (y + 1) * stride + (gsize) (x + 1) * 3 + c;

                *here = row[x * channels + c] + here[-3] + *(here - stride) - *(here - stride - 3);
            }
        }
    }
    return table;
}

/* As screens with few colours show a photo: grey, from the 1st to the 99th percentile. */
static void
posterize(GdkPixbuf *image, int levels)
{
    int channels = gdk_pixbuf_get_n_channels(image);
    int width = gdk_pixbuf_get_width(image);
    int count = width * gdk_pixbuf_get_height(image);
    int histogram[256] = {0};
    int low = 0;
    int high = 255;

    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < count; i++) {
            guint8 *at = gdk_pixbuf_get_pixels(image) +
                         i / width * gdk_pixbuf_get_rowstride(image) + i % width * channels;
            int luma = (at[0] * 77 + at[1] * 150 + at[2] * 29) >> 8;

            if (pass == 0) {
                histogram[luma]++;
            } else {
                luma = CLAMP((luma - low) * 255 / (high - low), 0, 255);
                at[0] = at[1] = at[2] = (guint8) (luma * levels / 256 * 255 / (levels - 1));
            }
        }
        for (int seen = 0; low < 254 && (seen += histogram[low]) <= count / 100; low++) {
        }
        for (int seen = 0; high > low + 1 && (seen += histogram[high]) <= count / 100; high--) {
        }
    }
}

static double
mean(const Table *table, int x, int y, int width, int height, int channel)
{
    gsize stride = (gsize) (table->width + 1) * 3;
    const guint64 *top = table->sums + (gsize) y * stride + (gsize) x * 3 + channel;
    const guint64 *bottom = top + (gsize) height * stride;
    guint64 sum = bottom[width * 3] - bottom[0] - top[width * 3] + top[0];

    return (double) sum / ((double) width * height);
}

/* Of one cell of FINE x FINE. */
static double
mean_of_cell(const Table *table, int x, int y, int width, int height, int cell, int channel)
{
    int left = cell % FINE * width / FINE;
    int top = cell / FINE * height / FINE;
    int right = (cell % FINE + 1) * width / FINE;
    int bottom = (cell / FINE + 1) * height / FINE;

    return mean(table, x + left, y + top, right - left, bottom - top, channel);
}

static void
sample(const Table *table, int x, int y, int width, int height, double *cells)
{
    for (int i = 0; i < GRID * GRID; i++) {
        int left = i % GRID * width / GRID;
        int top = i / GRID * height / GRID;
        int right = (i % GRID + 1) * width / GRID;
        int bottom = (i / GRID + 1) * height / GRID;

        for (int c = 0; c < 3; c++) {
            cells[i * 3 + c] = mean(table, x + left, y + top, right - left, bottom - top, c);
        }
    }
}

/* Of the brightness: colours that all portraits share would flatter every pair. */
static double
correlate(const double *a, const double *b)
{
    double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
    int n = GRID * GRID;

    for (int i = 0; i < n; i++) {
        double left = a[i * 3] + a[i * 3 + 1] + a[i * 3 + 2];
        double right = b[i * 3] + b[i * 3 + 1] + b[i * 3 + 2];

        sum_a += left;
        sum_b += right;
        aa += left * left;
        bb += right * right;
        ab += left * right;
    }
    aa -= sum_a * sum_a / n;
    bb -= sum_b * sum_b / n;
    ab -= sum_a * sum_b / n;
    return aa < 1 || bb < 1 ? 0 : ab / sqrt(aa * bb);
}

static double
measure(const double *a, const double *b)
{
    double total = 0;

    for (int i = 0; i < CELLS; i += 3) {
        total +=
            sqrt((a[i] - b[i]) * (a[i] - b[i]) + (a[i + 1] - b[i + 1]) * (a[i + 1] - b[i + 1]) +
                 (a[i + 2] - b[i + 2]) * (a[i + 2] - b[i + 2]));
    }
    return total / (GRID * GRID);
}

/* A mean distance is never smaller than that of the means: the four quarters rule most places out,
 * at a tenth of the work. The slack is for cells that are a pixel larger than others. */
static gboolean
can_be_nearer(const Table *screen, const double *quarters, int x, int y, int side, double distance)
{
    double total = 0;
    int half = side / 2;

    for (int i = 0; i < 4; i++) {
        int left = i % 2 == 0 ? 0 : half;
        int top = i / 2 == 0 ? 0 : half;
        double square = 0;

        for (int c = 0; c < 3; c++) {
            double apart = mean(screen, x + left, y + top, left == 0 ? half : side - half,
                                top == 0 ? half : side - half, c) -
                           quarters[i * 3 + c];

            square += apart * apart;
        }
        total += sqrt(square);
    }
    return total / 4 < distance + 2;
}

/* The photo's quarters, from its cells. */
static void
quarter(const double *cells, double *quarters)
{
    memset(quarters, 0, 12 * sizeof *quarters);
    for (int i = 0; i < GRID * GRID; i++) {
        int of = (i / GRID < GRID / 2 ? 0 : 2) + (i % GRID < GRID / 2 ? 0 : 1);

        for (int c = 0; c < 3; c++) {
            quarters[of * 3 + c] += cells[i * 3 + c] / (GRID * GRID / 4.0);
        }
    }
}

static Place
search(const Table *screen, const double *wanted, int min_side)
{
    Place best = {FAR, -1, 0, 0, 0};
    double cells[CELLS];
    double quarters[12];

    quarter(wanted, quarters);
    for (int side = min_side; side <= MIN(screen->width, screen->height);
         side += MAX(2, side / 12)) {
        for (int y = 0; y + side <= screen->height; y += STEP) {
            for (int x = 0; x + side <= screen->width; x += STEP) {
                double distance;

                if (!can_be_nearer(screen, quarters, x, y, side, best.distance)) {
                    continue;
                }
                sample(screen, x, y, side, side, cells);
                distance = measure(cells, wanted);
                if (distance < best.distance) {
                    best = (Place){distance, correlate(cells, wanted), x, y, side};
                }
            }
        }
    }
    return best;
}

/* Between the places and sizes that were tried. */
static Place
refine(const Table *screen, const double *wanted, Place best)
{
    const Place around = best;
    int reach = around.side / 10;
    int step = MAX(1, around.side / 80);
    double cells[CELLS];

    for (int side = around.side - reach; side <= around.side + reach; side += step) {
        for (int y = MAX(0, around.y - reach); y <= around.y + reach; y += step) {
            for (int x = MAX(0, around.x - reach); x <= around.x + reach; x += step) {
                double distance;

                if (x + side > screen->width || y + side > screen->height) {
                    continue;
                }
                sample(screen, x, y, side, side, cells);
                distance = measure(cells, wanted);
                if (distance < best.distance) {
                    best = (Place){distance, correlate(cells, wanted), x, y, side};
                }
            }
        }
    }
    return best;
}

/* Of 40 x 40 cells, near the place that coarse ones found. */
static double
measure_fine(const Table *screen, const Table *photo, Place at)
{
    double best = FAR;

    for (int i = 0; i < 7 * 7 * 7; i++) {
        int x = at.x + i % 7 - 3;
        int y = at.y + i / 7 % 7 - 3;
        int side = at.side + (i / 49 - 3) * 3;
        double total = 0;

        if (side < FINE || x < 0 || y < 0 || x + side > screen->width ||
            y + side > screen->height) {
            continue;
        }
        for (int cell = 0; cell < FINE * FINE && total < best * FINE * FINE; cell++) {
            double square = 0;

            for (int c = 0; c < 3; c++) {
                double apart = mean_of_cell(screen, x, y, side, side, cell, c) -
                               mean_of_cell(photo, 0, 0, photo->width, photo->height, cell, c);

                square += apart * apart;
            }
            total += sqrt(square);
        }
        best = MIN(best, total / (FINE * FINE));
    }
    return best;
}

/* Cell by cell: pictures begin there. */
static Place
search_grey(const Table *screen, const double *wanted, int min_side)
{
    Place best = {FAR, -1, 0, 0, 0};
    double cells[CELLS];

    for (int side = min_side; side <= MIN(screen->width, screen->height) / 2;
         side += MAX(2, side / 16)) {
        for (int y = 0; y + side <= screen->height; y += 16) {
            for (int x = 0; x + side <= screen->width; x += 8) {
                double correlation;

                sample(screen, x, y, side, side, cells);
                correlation = correlate(cells, wanted);
                if (correlation > best.correlation) {
                    best = (Place){measure(cells, wanted), correlation, x, y, side};
                }
            }
        }
    }
    return best;
}

static GdkPixbuf *
load(const char *path)
{
    GError *error = NULL;
    GdkPixbuf *image = gdk_pixbuf_new_from_file(path, &error);

    if (image == NULL) {
        fprintf(stderr, "%s: %s\n", path, error->message);
        exit(2);
    }
    return image;
}

int
main(int argc, char **argv)
{
    double wanted[CELLS];
    GdkPixbuf *images[2];
    Table tables[2];
    Place best;
    int min_side;
    int levels = argc > 4 ? atoi(argv[4]) : 0;

    if (argc < 3) {
        fputs("usage: find-photo SCREENSHOT PHOTO [MIN-SIDE [LEVELS]]\n", stderr);
        return 2;
    }
    for (int i = 0; i < 2; i++) {
        images[i] = load(argv[i + 1]);
        if (i == 1 && levels > 1) {
            posterize(images[i], levels);
        }
        tables[i] = make_table(images[i]);
    }
    sample(&tables[1], 0, 0, tables[1].width, tables[1].height, wanted);
    min_side = argc > 3 ? MAX(GRID, atoi(argv[3])) : 48;
    best = (levels > 1 ? search_grey : search)(&tables[0], wanted, min_side);
    if (levels == 0 && best.side > 0) {
        best = refine(&tables[0], wanted, best);
    }
    printf("%.1f %.3f %d %d %d %.1f\n", best.distance, best.correlation, best.x, best.y, best.side,
           best.side < FINE ? FAR : measure_fine(&tables[0], &tables[1], best));
    for (int i = 0; i < 2; i++) {
        g_free(tables[i].sums);
        g_object_unref(images[i]);
    }
    return 0;
}
