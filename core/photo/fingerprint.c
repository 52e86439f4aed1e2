#include "core/photo/fingerprint.h"

#include <math.h>
#include <string.h>

#include "core/photo/colour.h"
#include "core/photo/placeholder.h"

/* The summed-area table holds exact integers (luma times 1000) in doubles, so no sum depends on the
 * order of its additions: every compiler and processor gets the same bits. */

/* Rec. 601 luma in thousandths. */
enum {
    LUMA_RED = 299,
    LUMA_GREEN = 587,
    LUMA_BLUE = 114,
};
#define LUMA_UNIT 1000.0

#define CHANNELS 4

/* No grid is finer than 64 cells, so a table of more than this many cells along the short side
 * would only cost memory: larger pictures are put together from blocks of pixels first. */
#define MAX_TABLE_SIDE 512

#define MAX_COLUMNS 256

#define CHROMA_CELLS  16
#define CHROMA_RADIUS 0.455

struct SpFingerprint {
    int width;
    int height;
    int scale; /* pixels of the picture that one was decoded for, along each side */
    int block; /* decoded pixels of one table cell, along each side */
    int table_width;
    int table_height;
    double *table; /* (table_width + 1) * (table_height + 1) */
    double chroma;
    SpPlaceholder placeholder;
};

const char *
sp_placeholder_name(SpPlaceholder placeholder)
{
    static const char *const NAMES[] = {"none", "blank", "silhouette", "initials"};

    g_return_val_if_fail((guint) placeholder < G_N_ELEMENTS(NAMES), "none");
    return NAMES[placeholder];
}

/* The luma of one block of pixels out of the sums of its columns. */
static gint64
block_luma(const guint16 *sums, int block)
{
    guint32 red = 0;
    guint32 green = 0;
    guint32 blue = 0;

    for (int k = 0; k < block; k++, sums += CHANNELS) {
        red += sums[0];
        green += sums[1];
        blue += sums[2];
    }
    return (gint64) LUMA_RED * red + (gint64) LUMA_GREEN * green + (gint64) LUMA_BLUE * blue;
}

/* A row of the table whose cells are single pixels. */
static void
fill_table_row(const guint8 *rgba, int width, const double *above, double *row)
{
    gint64 run = 0;

    row[0] = 0;
    for (int i = 0; i < width; i++, rgba += CHANNELS) {
        run += LUMA_RED * rgba[0] + LUMA_GREEN * rgba[1] + LUMA_BLUE * rgba[2];
        row[i + 1] = above[i + 1] + (double) run;
    }
}

static void
fill_table(SpFingerprint *self, const guint8 *rgba, gsize stride)
{
    gsize columns = (gsize) self->table_width + 1;
    gsize block = (gsize) self->block;
    gsize n = (gsize) self->table_width * block * CHANNELS;
    g_autofree guint16 *sums = g_new(guint16, n);

    self->table = g_new(double, columns *((gsize) self->table_height + 1));
    memset(self->table, 0, columns * sizeof *self->table);
    for (int j = 0; j < self->table_height; j++) {
        const double *above = self->table + (gsize) j * columns;
        double *row = self->table + (gsize) (j + 1) * columns;
        gint64 run = 0;

        if (block == 1) {
            fill_table_row(rgba + (gsize) j * stride, self->table_width, above, row);
            continue;
        }
        sp_colour_sum_rows(rgba + (gsize) j * block * stride, stride, self->block, n, sums);
        row[0] = 0;
        for (gsize i = 0; i < (gsize) self->table_width; i++) {
            run += block_luma(sums + i * block * CHANNELS, self->block);
            row[i + 1] = above[i + 1] + (double) run;
        }
    }
}

static double
mean_chroma(const SpColourGrid *colours)
{
    SpColourGrid coarse;
    double sum = 0;
    int count = 0;

    sp_colour_grid_shrink(colours, CHROMA_CELLS, &coarse);
    for (int y = 0; y < coarse.side; y++)
        for (int x = 0; x < coarse.side; x++) {
            double u = (x + 0.5) / coarse.side - 0.5;
            double v = (y + 0.5) / coarse.side - 0.5;
            const double *c = coarse.cells[y * coarse.side + x];

            if (u * u + v * v >= CHROMA_RADIUS * CHROMA_RADIUS)
                continue;
            sum += MAX(MAX(c[0], c[1]), c[2]) - MIN(MIN(c[0], c[1]), c[2]);
            count++;
        }
    return count > 0 ? sum / count : 0;
}

SpFingerprint *
sp_fingerprint_new(const guint8 *rgba, int width, int height, gsize stride)
{
    return sp_fingerprint_new_reduced(rgba, width, height, 1, stride);
}

SpFingerprint *
sp_fingerprint_new_reduced(const guint8 *rgba, int width, int height, int scale, gsize stride)
{
    int columns = (width + scale - 1) / scale;
    int rows = (height + scale - 1) / scale;
    SpFingerprint *self;
    SpColourGrid colours;

    g_return_val_if_fail(rgba != NULL && width > 0 && height > 0 && scale > 0, NULL);
    self = g_new0(SpFingerprint, 1);
    self->width = width;
    self->height = height;
    self->scale = scale;
    self->block = (MIN(columns, rows) + MAX_TABLE_SIDE - 1) / MAX_TABLE_SIDE;
    self->table_width = columns / self->block;
    self->table_height = rows / self->block;
    fill_table(self, rgba, stride);
    sp_colour_grid_fill(&colours, rgba, columns, rows, stride);
    self->chroma = mean_chroma(&colours);
    self->placeholder = sp_placeholder_recognise(&colours, width, height);
    return self;
}

void
sp_fingerprint_free(SpFingerprint *fingerprint)
{
    if (fingerprint == NULL)
        return;
    g_free(fingerprint->table);
    g_free(fingerprint);
}

int
sp_fingerprint_get_width(const SpFingerprint *fingerprint)
{
    return fingerprint->width;
}

int
sp_fingerprint_get_height(const SpFingerprint *fingerprint)
{
    return fingerprint->height;
}

SpPlaceholder
sp_fingerprint_get_placeholder(const SpFingerprint *fingerprint)
{
    return fingerprint->placeholder;
}

double
sp_fingerprint_get_chroma(const SpFingerprint *fingerprint)
{
    return fingerprint->chroma;
}

/* A place between two lines of the table. */
typedef struct {
    int cell;
    double share;
} Place;

static Place
place_at(double at, int pixels, int size)
{
    double position = at / pixels;
    double cell = CLAMP(floor(position), 0, size - 1);

    return (Place){(int) cell, CLAMP(position - cell, 0, 1)};
}

/* The table's values along the horizontal line at `y`, between the two nearest rows. */
static void
read_line(const SpFingerprint *self, Place y, const Place *columns, int n, double *line)
{
    gsize stride = (gsize) self->table_width + 1;
    const double *upper = self->table + (gsize) y.cell * stride;
    const double *lower = upper + stride;

    for (int i = 0; i <= n; i++) {
        const double *p = upper + columns[i].cell;
        const double *q = lower + columns[i].cell;
        double left = p[0] + (q[0] - p[0]) * y.share;
        double right = p[1] + (q[1] - p[1]) * y.share;

        line[i] = left + (right - left) * columns[i].share;
    }
}

void
sp_fingerprint_sample(const SpFingerprint *fingerprint, double x, double y, double width,
                      double height, int columns, int rows, double *cells)
{
    Place places[MAX_COLUMNS + 1];
    double lines[2][MAX_COLUMNS + 1];
    int cell = fingerprint->scale * fingerprint->block;
    double scale;

    g_return_if_fail(columns > 0 && columns <= MAX_COLUMNS && rows > 0);
    scale = (double) columns * rows * fingerprint->scale * fingerprint->scale /
            (width * height * LUMA_UNIT);
    for (int i = 0; i <= columns; i++)
        places[i] = place_at(x + width * i / columns, cell, fingerprint->table_width);
    for (int j = 0; j <= rows; j++) {
        double *line = lines[j & 1];
        const double *above = lines[(j + 1) & 1];

        read_line(fingerprint, place_at(y + height * j / rows, cell, fingerprint->table_height),
                  places, columns, line);
        for (int i = 0; j > 0 && i < columns; i++)
            cells[(j - 1) * columns + i] =
                (line[i + 1] - line[i] - above[i + 1] + above[i]) * scale;
    }
}
