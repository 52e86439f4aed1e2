#include "core/photo/compare.h"

#include <math.h>
#include <string.h>

#include "core/i18n.h"
#include "core/photo/explain.h"
#include "core/photo/recrop.h"
#include "core/photo/residual.h"

/* The order of reference similarity.md: identical bytes, placeholder, same, edited, recropped,
 * unsure, different. The picture with fewer pixels is always the one that is explained (by content,
 * not by side), which makes every answer symmetric. */

#define MIN_CELLS 16

/* Below this distance two pictures are one photo; a large picture has more detail to prove it. */
#define SAME_DISTANCE_LARGE 0.075
#define SAME_DISTANCE_SMALL 0.095
#define LARGE_SIDE          200
#define UNSURE_DISTANCE     0.22
#define MAX_SHIFT           0.6
#define SHIFT_UNIT          0.5

/* Between SP_GRID_MAX_SIDE and twice as many pixels a side, pixels are shared out between cells,
 * and fine stripes or a sharpened edge come out differently for it. Where that leaves doubt, the
 * pictures are looked at again at two whole pixels a cell. The limits are narrow: of the next shots
 * of bursts none was seen nearer than 0.24, nor at two pixels a cell nearer than 0.17. */
#define SECOND_LOOK_PIXELS   2
#define SECOND_LOOK_DISTANCE 0.16
#define SECOND_DISTANCE      0.08
#define MIN_GAIN             0.6
#define MAX_GAIN             1.6

/* Black and white: one side has no colour, the other has. */
#define GREY_CHROMA   3.5
#define COLOUR_CHROMA 9.0

#define TURN_CELLS           24
#define MIN_TURN_CORRELATION 0.80

#define RECROP_DISTANCE        0.080 /* by the overlap's pixels: at least 95, at least 60, fewer */
#define RECROP_DISTANCE_MIDDLE 0.090
#define RECROP_DISTANCE_SMALL  0.085
#define RECROP_LARGE_PIXELS    95
#define RECROP_MIDDLE_PIXELS   60
#define RECROP_UNSURE          0.13
#define RECROP_CONFIDENCE      0.10
#define MAX_RECROP_STRUCTURE   0.2
#define MIN_RECROP_GAIN        0.5
#define MAX_RECROP_GAIN        2.0
#define MIN_RECROP_SHARE       0.5
#define STILL                  0.012 /* moved by less, nothing was cropped … */
#define STILL_SHIFT            0.3   /* … and a fit that hardly shifted gets no second chance */

#define CONFIDENCE_MARGIN 1.25
#define CONFIDENCE_POWER  6
#define MIN_DISTANCE      1e-4

/* One picture's place in the comparison. */
typedef struct {
    const SpPhoto *photo;
    const SpFingerprint *fingerprint;
    int width;
    int height;
    int side;
} Side;

typedef struct {
    Side small;
    Side large;
    gboolean left_is_small;
    SpComparison *result;
} Case;

const char *
sp_relation_name(SpRelation relation)
{
    static const char *const NAMES[] = {"identical", "same",      "recropped",
                                        "edited",    "different", "unsure"};

    g_return_val_if_fail((guint) relation < G_N_ELEMENTS(NAMES), "unsure");
    return NAMES[relation];
}

gboolean
sp_relation_is_same_photo(SpRelation relation)
{
    return relation == SP_RELATION_IDENTICAL || relation == SP_RELATION_SAME ||
           relation == SP_RELATION_RECROPPED;
}

static Side
side_of(const SpPhoto *photo)
{
    int width = sp_photo_get_width(photo);
    int height = sp_photo_get_height(photo);

    return (Side){photo, sp_photo_get_fingerprint(photo), width, height, MIN(width, height)};
}

/* Which of two is explained by the other: fewer pixels, and among equals a rule on the content. */
static gboolean
is_smaller(const Side *a, const Side *b)
{
    gint64 area_a = (gint64) a->width * a->height;
    gint64 area_b = (gint64) b->width * b->height;

    if (a->side != b->side)
        return a->side < b->side;
    if (area_a != area_b)
        return area_a < area_b;
    return strcmp(sp_photo_get_sha256(a->photo), sp_photo_get_sha256(b->photo)) <= 0;
}

static double
confidence(double distance, double threshold)
{
    return 1 / (1 + pow(MAX(distance, MIN_DISTANCE) / threshold, CONFIDENCE_POWER));
}

/* Small pictures hold too little to be sure. */
static double
confidence_cap(int side)
{
    return side < 64 ? 0.97 : side < 96 ? 0.985 : 0.995;
}

static void
vote(Case *it, const char *name, double value, double threshold, SpRelation relation)
{
    SpComparison *result = it->result;

    g_return_if_fail(result->n_measures < SP_COMPARISON_MAX_MEASURES);
    result->measures[result->n_measures++] = (SpMeasure){name, value, threshold, relation};
}

static gboolean
decide(Case *it, SpRelation relation, double similarity)
{
    it->result->relation = relation;
    it->result->similarity = MIN(similarity, confidence_cap(it->small.side));
    return TRUE;
}

static double
distance_of(const SpResidual *residual)
{
    double shift = residual->shift / SHIFT_UNIT;

    return sqrt(residual->local * residual->structure) * (1 + shift * shift);
}

static double
same_threshold(const Case *it)
{
    return it->small.side >= LARGE_SIDE ? SAME_DISTANCE_LARGE : SAME_DISTANCE_SMALL;
}

static gboolean
is_near(const SpResidual *residual)
{
    return residual->shift < MAX_SHIFT && residual->gain > MIN_GAIN && residual->gain < MAX_GAIN;
}

/* The centre squares as side x side cells, the larger picture's in `orientation`. */
static void
measure_squares(const Case *it, int side, int orientation, SpResidual *residual)
{
    SpGrid raw;
    SpGrid small;
    SpGrid large;
    SpMask mask;

    sp_mask_disc(&mask, side, SP_RESIDUAL_RADIUS);
    sp_grid_sample_square(&raw, it->small.fingerprint, side);
    sp_grid_smooth(&raw, &small);
    sp_grid_sample_square(&raw, it->large.fingerprint, side);
    if (orientation != 0) {
        SpGrid stored = raw;

        sp_grid_turn(&stored, orientation, &raw);
    }
    sp_grid_smooth(&raw, &large);
    sp_residual_measure(&small, &large, &mask, residual, &raw);
}

/* A plain value: how near the centre squares are. */
typedef struct {
    SpResidual residual;
    double distance;
    double second;         /* at two pixels a cell; NaN where there was no need to look again */
    gboolean is_one_photo; /* what both say in the end */
} Look;

static void
look_at_squares(const Case *it, int orientation, Look *look)
{
    int side = it->small.side;

    measure_squares(it, CLAMP(side, MIN_CELLS, SP_GRID_MAX_SIDE), orientation, &look->residual);
    look->distance = distance_of(&look->residual);
    look->second = NAN;
    look->is_one_photo = is_near(&look->residual) && look->distance < same_threshold(it);
    if (!look->is_one_photo && is_near(&look->residual) && look->distance < SECOND_LOOK_DISTANCE &&
        side > SP_GRID_MAX_SIDE && side < SP_GRID_MAX_SIDE * SECOND_LOOK_PIXELS) {
        SpResidual again;

        measure_squares(it, side / SECOND_LOOK_PIXELS, orientation, &again);
        look->second = distance_of(&again);
        look->is_one_photo = is_near(&again) && look->second < SECOND_DISTANCE;
    }
}

static double
least_distance(const Look *look)
{
    return isnan(look->second) ? look->distance : MIN(look->distance, look->second);
}

static gboolean
decide_placeholder(Case *it)
{
    SpComparison *result = it->result;

    if (result->left_placeholder == SP_PLACEHOLDER_NONE &&
        result->right_placeholder == SP_PLACEHOLDER_NONE)
        return FALSE;
    return decide(it, SP_RELATION_DIFFERENT, 0);
}

static gboolean
is_black_and_white(const Case *it)
{
    double a = sp_fingerprint_get_chroma(it->small.fingerprint);
    double b = sp_fingerprint_get_chroma(it->large.fingerprint);

    return MIN(a, b) < GREY_CHROMA && MAX(a, b) > COLOUR_CHROMA;
}

static SpRelation
vote_below(double value, double threshold)
{
    return value < threshold ? SP_RELATION_SAME : SP_RELATION_DIFFERENT;
}

static gboolean
decide_same(Case *it, const Look *look)
{
    const SpResidual *residual = &look->residual;
    double distance = look->distance;
    double threshold = same_threshold(it);
    double least_chroma = MIN(sp_fingerprint_get_chroma(it->small.fingerprint),
                              sp_fingerprint_get_chroma(it->large.fingerprint));
    gboolean is_grey = is_black_and_white(it);
    gboolean is_gain_fine = residual->gain > MIN_GAIN && residual->gain < MAX_GAIN;

    vote(it, N_("aligned distance"), distance, threshold,
         distance < threshold         ? SP_RELATION_SAME
         : distance < UNSURE_DISTANCE ? SP_RELATION_UNSURE
                                      : SP_RELATION_DIFFERENT);
    vote(it, N_("worst local difference"), residual->local, threshold,
         vote_below(residual->local, threshold));
    vote(it, N_("changed edges"), residual->structure, threshold,
         vote_below(residual->structure, threshold));
    vote(it, N_("shift in cells"), residual->shift, MAX_SHIFT,
         vote_below(residual->shift, MAX_SHIFT));
    vote(it, N_("contrast ratio"), residual->gain, residual->gain < 1 ? MIN_GAIN : MAX_GAIN,
         is_gain_fine ? SP_RELATION_SAME : SP_RELATION_DIFFERENT);
    vote(it, N_("least colour"), least_chroma, GREY_CHROMA,
         is_grey ? SP_RELATION_EDITED : SP_RELATION_SAME);
    if (!isnan(look->second))
        vote(it, N_("distance at two pixels a cell"), look->second, SECOND_DISTANCE,
             look->is_one_photo ? SP_RELATION_SAME : SP_RELATION_UNSURE);
    if (!look->is_one_photo)
        return FALSE;
    return decide(it, is_grey ? SP_RELATION_EDITED : SP_RELATION_SAME,
                  confidence(least_distance(look), CONFIDENCE_MARGIN * threshold));
}

/* The likeliest of the seven other orientations. */
static int
best_orientation(const Case *it, double *correlation)
{
    SpGrid small;
    SpGrid large;
    SpGrid turned;
    SpMask mask;
    int best = 1;

    *correlation = -1;
    sp_mask_disc(&mask, TURN_CELLS, SP_RESIDUAL_RADIUS);
    sp_grid_sample_square(&small, it->small.fingerprint, TURN_CELLS);
    sp_grid_sample_square(&large, it->large.fingerprint, TURN_CELLS);
    for (int k = 1; k < SP_GRID_N_ORIENTATIONS; k++) {
        double value;

        sp_grid_turn(&large, k, &turned);
        value = sp_grid_correlation(&small, &turned, &mask);
        if (value > *correlation) {
            *correlation = value;
            best = k;
        }
    }
    return best;
}

/* The orientation was found for the larger picture, turned left and then mirrored; the answer is
 * for the right one, mirrored and then turned clockwise. Turning left and then mirroring undoes
 * itself where it mirrors. */
static void
note_orientation(Case *it, int orientation)
{
    int turns = orientation & 3;

    it->result->is_mirrored = (orientation & SP_GRID_MIRRORED) != 0;
    if (!it->result->is_mirrored && it->left_is_small)
        turns = (4 - turns) % 4;
    it->result->quarter_turns = turns;
}

static gboolean
decide_turned(Case *it)
{
    double correlation;
    int orientation = best_orientation(it, &correlation);
    double threshold = same_threshold(it);
    Look look;

    vote(it, N_("correlation turned or mirrored"), correlation, MIN_TURN_CORRELATION,
         correlation > MIN_TURN_CORRELATION ? SP_RELATION_EDITED : SP_RELATION_DIFFERENT);
    if (correlation <= MIN_TURN_CORRELATION)
        return FALSE;
    look_at_squares(it, orientation, &look);
    vote(it, N_("distance turned or mirrored"), least_distance(&look), threshold,
         look.is_one_photo ? SP_RELATION_EDITED : SP_RELATION_DIFFERENT);
    if (!look.is_one_photo)
        return FALSE;
    note_orientation(it, orientation);
    return decide(it, SP_RELATION_EDITED,
                  confidence(least_distance(&look), CONFIDENCE_MARGIN * threshold));
}

static double
recrop_threshold(const SpRecrop *recrop)
{
    return recrop->pixels >= RECROP_LARGE_PIXELS    ? RECROP_DISTANCE
           : recrop->pixels >= RECROP_MIDDLE_PIXELS ? RECROP_DISTANCE_MIDDLE
                                                    : RECROP_DISTANCE_SMALL;
}

static gboolean
is_credible(const SpRecrop *recrop)
{
    return recrop->residual.structure < MAX_RECROP_STRUCTURE &&
           recrop->residual.gain > MIN_RECROP_GAIN && recrop->residual.gain < MAX_RECROP_GAIN &&
           MAX(recrop->share_a, recrop->share_b) >= MIN_RECROP_SHARE;
}

static gboolean
has_not_moved(const SpMove *move)
{
    return MAX(MAX(fabs(move->x), fabs(move->y)), fabs(move->scale - 1)) < STILL;
}

/* The overlap, in the coordinates of one picture, as shares of that picture. */
static SpRect
part_of(const Side *side, const SpOverlap *overlap, const SpMove *move)
{
    double x = (move->scale * overlap->x0 + move->x) * side->side / side->width + 0.5;
    double y = (move->scale * overlap->y0 + move->y) * side->side / side->height + 0.5;
    double width = move->scale * (overlap->x1 - overlap->x0) * side->side / side->width;
    double height = move->scale * (overlap->y1 - overlap->y0) * side->side / side->height;

    x = CLAMP(x, 0, 1);
    y = CLAMP(y, 0, 1);
    return (SpRect){x, y, CLAMP(width, 0, 1 - x), CLAMP(height, 0, 1 - y)};
}

static void
note_parts(Case *it, const SpRecrop *recrop)
{
    static const SpMove STAY = {1, 0, 0};
    SpRect small = part_of(&it->small, &recrop->overlap, &STAY);
    SpRect large = part_of(&it->large, &recrop->overlap, &recrop->move);

    it->result->left_part = it->left_is_small ? small : large;
    it->result->right_part = it->left_is_small ? large : small;
}

/* `distance` is that of the best credible crop, or a large number. */
static gboolean
decide_recropped(Case *it, const SpResidual *unmoved, double *distance)
{
    SpRecrop recrop;
    gboolean is_still;
    double found;

    *distance = G_MAXDOUBLE;
    if (!sp_recrop_find(it->small.fingerprint, it->large.fingerprint, &recrop))
        return FALSE;
    found = sqrt(recrop.residual.local * recrop.residual.structure);
    vote(it, N_("distance of the best crop"), found, recrop_threshold(&recrop),
         found < recrop_threshold(&recrop) ? SP_RELATION_RECROPPED
         : found < RECROP_UNSURE           ? SP_RELATION_UNSURE
                                           : SP_RELATION_DIFFERENT);
    vote(it, N_("changed edges in the crop"), recrop.residual.structure, MAX_RECROP_STRUCTURE,
         recrop.residual.structure < MAX_RECROP_STRUCTURE ? SP_RELATION_RECROPPED
                                                          : SP_RELATION_DIFFERENT);
    vote(it, N_("share of the picture in the crop"), MAX(recrop.share_a, recrop.share_b),
         MIN_RECROP_SHARE,
         MAX(recrop.share_a, recrop.share_b) >= MIN_RECROP_SHARE ? SP_RELATION_RECROPPED
                                                                 : SP_RELATION_DIFFERENT);
    if (!is_credible(&recrop))
        return FALSE;
    *distance = found;
    is_still = has_not_moved(&recrop.move);
    if (found >= recrop_threshold(&recrop) || (is_still && unmoved->shift <= STILL_SHIFT))
        return FALSE;
    if (!is_still)
        note_parts(it, &recrop);
    return decide(it, is_still ? SP_RELATION_SAME : SP_RELATION_RECROPPED,
                  confidence(found, RECROP_CONFIDENCE));
}

/* What stays when nothing was proved. */
static gboolean
decide_rest(Case *it, const SpResidual *residual, double moved)
{
    double distance = distance_of(residual);
    double threshold = CONFIDENCE_MARGIN * same_threshold(it);

    if (is_near(residual) && distance < UNSURE_DISTANCE)
        return decide(it, SP_RELATION_UNSURE, confidence(distance, threshold));
    if (moved < RECROP_UNSURE)
        return decide(it, SP_RELATION_UNSURE, confidence(moved, RECROP_CONFIDENCE));
    return decide(it, SP_RELATION_DIFFERENT, confidence(MIN(distance, moved), threshold));
}

static void
compare_pixels(Case *it)
{
    Look look;
    double moved;

    if (decide_placeholder(it))
        return;
    look_at_squares(it, 0, &look);
    if (decide_same(it, &look) || decide_turned(it) || decide_recropped(it, &look.residual, &moved))
        return;
    decide_rest(it, &look.residual, moved);
}

SpComparison *
sp_compare(const SpPhoto *left, const SpPhoto *right)
{
    static const SpRect WHOLE = {0, 0, 1, 1};
    SpComparison *result;
    Case it;

    g_return_val_if_fail(left != NULL && right != NULL, NULL);
    result = g_new0(SpComparison, 1);
    it.small = side_of(left);
    it.large = side_of(right);
    it.result = result;
    it.left_is_small = is_smaller(&it.small, &it.large);
    if (!it.left_is_small) {
        it.small = side_of(right);
        it.large = side_of(left);
    }
    result->left_part = WHOLE;
    result->right_part = WHOLE;
    result->left_placeholder = sp_photo_get_placeholder(left);
    result->right_placeholder = sp_photo_get_placeholder(right);
    if (strcmp(sp_photo_get_sha256(left), sp_photo_get_sha256(right)) == 0) {
        result->relation = SP_RELATION_IDENTICAL;
        result->similarity = 1;
    } else {
        compare_pixels(&it);
    }
    result->why = sp_explain(left, right, result);
    return result;
}

void
sp_comparison_free(SpComparison *comparison)
{
    if (comparison == NULL)
        return;
    g_free(comparison->why);
    g_free(comparison);
}
