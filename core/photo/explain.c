#include "core/photo/explain.h"

#include <math.h>

#include "core/i18n.h"
#include "core/photo/grid.h"

/* Shares of a picture's side below which nobody would speak of a move. */
#define NOTICEABLE_MOVE 0.02
#define NOTICEABLE_ZOOM 0.03

const char *
sp_relation_title(SpRelation relation)
{
    static const char *const TITLES[] = {N_("identical"), N_("same photo"), N_("other crop"),
                                         N_("edited"),    N_("different"),  N_("cannot tell")};

    g_return_val_if_fail((guint) relation < G_N_ELEMENTS(TITLES), "");
    return _(TITLES[relation]);
}

static int
short_side(const SpPhoto *photo)
{
    return MIN(sp_photo_get_width(photo), sp_photo_get_height(photo));
}

static char *
explain_same(const SpPhoto *left, const SpPhoto *right)
{
    int a = short_side(left);
    int b = short_side(right);

    if (a != b)
        return g_strdup_printf(_("same picture, %d px against %d px, re-encoded"), a, b);
    return g_strdup_printf(_("same picture at %d px, re-encoded"), a);
}

/* Where a frame lies, right and down of another one: the lesser direction is only named where it is
 * at least half of the greater. */
static const char *
direction(double right, double down)
{
    static const char *const WORDS[3][3] = {
        {N_("shifted left and up"), N_("shifted up"), N_("shifted right and up")},
        {N_("shifted left"), NULL, N_("shifted right")},
        {N_("shifted left and down"), N_("shifted down"), N_("shifted right and down")},
    };
    double least = MAX(NOTICEABLE_MOVE, MAX(fabs(right), fabs(down)) / 2);
    int across = fabs(right) < least ? 0 : right > 0 ? 1 : -1;
    int along = fabs(down) < least ? 0 : down > 0 ? 1 : -1;
    const char *words = WORDS[along + 1][across + 1];

    return words != NULL ? _(words) : NULL;
}

/* How far the right picture's middle lies from the left one's, in sides of the wider frame; `part`
 * is where the part that both show begins, `length` how long it is. */
static double
offset_between(double left_part, double left_length, double right_part, double right_length)
{
    double in_left = left_part + (0.5 - right_part) * left_length / MAX(right_length, 1e-9) - 0.5;

    return in_left * MIN(right_length / MAX(left_length, 1e-9), 1);
}

/* How the right picture's frame stands to the left one's. */
static char *
explain_recropped(const SpComparison *comparison)
{
    const SpRect *l = &comparison->left_part;
    const SpRect *r = &comparison->right_part;
    double zoom = sqrt((l->width * l->height) / MAX(r->width * r->height, 1e-9));
    const char *moved = direction(offset_between(l->x, l->width, r->x, r->width),
                                  offset_between(l->y, l->height, r->y, r->height));
    const char *cut = zoom < 1 - NOTICEABLE_ZOOM   ? _("the right one is cropped tighter")
                      : zoom > 1 + NOTICEABLE_ZOOM ? _("the right one is cropped wider")
                                                   : NULL;

    if (cut != NULL && moved != NULL)
        return g_strdup_printf(_("same photo, %s, %s"), cut, moved);
    if (cut != NULL)
        return g_strdup_printf(_("same photo, %s"), cut);
    if (moved != NULL)
        return g_strdup_printf(_("same photo, the right one's frame is %s"), moved);
    return g_strdup(_("same photo, cropped slightly differently"));
}

static char *
explain_edited(const SpComparison *comparison)
{
    static const char *const TURNS[] = {
        NULL,
        N_("the right picture is turned by a quarter to the left"),
        N_("the right picture is upside down"),
        N_("the right picture is turned by a quarter to the right"),
    };
    int turns = comparison->quarter_turns & 3;

    if (comparison->is_mirrored)
        return g_strdup(turns == 0   ? _("mirrored left to right")
                        : turns == 2 ? _("mirrored top to bottom")
                                     : _("mirrored and turned by a quarter"));
    if (turns != 0)
        return g_strdup(_(TURNS[turns]));
    return g_strdup(_("same picture, but one of the two is black and white"));
}

static const char *
placeholder_words(SpPlaceholder placeholder)
{
    static const char *const WORDS[] = {N_("a photo"), N_("a blank picture"),
                                        N_("a drawn silhouette"), N_("initials on a colour")};

    return _(WORDS[placeholder]);
}

static char *
explain_placeholder(const SpComparison *comparison)
{
    if (comparison->left_placeholder == SP_PLACEHOLDER_NONE)
        return g_strdup_printf(_("the right picture is no photo but %s"),
                               placeholder_words(comparison->right_placeholder));
    if (comparison->right_placeholder == SP_PLACEHOLDER_NONE)
        return g_strdup_printf(_("the left picture is no photo but %s"),
                               placeholder_words(comparison->left_placeholder));
    return g_strdup_printf(_("neither is a photo: %s and %s"),
                           placeholder_words(comparison->left_placeholder),
                           placeholder_words(comparison->right_placeholder));
}

#define ENOUGH_SIDE 200

static char *
explain_unsure(const SpPhoto *left, const SpPhoto *right)
{
    int least = MIN(short_side(left), short_side(right));

    if (least < ENOUGH_SIDE)
        return g_strdup_printf(_("very alike, but %d px hold too little to tell a copy from the "
                                 "next shot; a larger copy would decide it"),
                               least);
    return g_strdup(_("very alike, but more is changed than by a copy; look at both side by side"));
}

/* What is looked at to say how two photos differ: the rim (left, right and top) and the middle of
 * the lower third, at a glance; by the mean difference of luma, in levels. */
#define GLANCE_CELLS 24
#define RIM_CELLS    3
#define LOWER_THIRD  (GLANCE_CELLS * 2 / 3)
#define OTHER_LEVELS 30.0
#define LIKE_LEVELS  12.0

static gboolean
is_rim(int x, int y)
{
    return y < LOWER_THIRD && MIN(MIN(x, GLANCE_CELLS - 1 - x), y) < RIM_CELLS;
}

static gboolean
is_chest(int x, int y)
{
    return y >= LOWER_THIRD && MIN(x, GLANCE_CELLS - 1 - x) >= GLANCE_CELLS / 4;
}

static double
difference_where(const SpGrid *a, const SpGrid *b, gboolean (*counts)(int x, int y))
{
    double sum = 0;
    int n = 0;

    for (int i = 0; i < GLANCE_CELLS * GLANCE_CELLS; i++)
        if (counts(i % GLANCE_CELLS, i / GLANCE_CELLS)) {
            sum += fabs(a->cells[i] - b->cells[i]);
            n++;
        }
    return sum / n;
}

static const char *
explain_different(const SpPhoto *left, const SpPhoto *right)
{
    SpGrid a;
    SpGrid b;
    double rim;
    double chest;

    sp_grid_sample_square(&a, sp_photo_get_fingerprint(left), GLANCE_CELLS);
    sp_grid_sample_square(&b, sp_photo_get_fingerprint(right), GLANCE_CELLS);
    rim = difference_where(&a, &b, is_rim);
    chest = difference_where(&a, &b, is_chest);
    if (rim >= OTHER_LEVELS)
        return chest >= OTHER_LEVELS ? _("another picture: other background and clothes")
                                     : _("another picture: other background");
    if (rim < LIKE_LEVELS && chest < LIKE_LEVELS)
        return _("another picture, though background and clothes are alike");
    return chest >= OTHER_LEVELS ? _("another picture: other clothes")
                                 : _("another picture, not merely cropped, turned or mirrored");
}

char *
sp_explain(const SpPhoto *left, const SpPhoto *right, const SpComparison *comparison)
{
    gboolean is_placeholder = comparison->left_placeholder != SP_PLACEHOLDER_NONE ||
                              comparison->right_placeholder != SP_PLACEHOLDER_NONE;

    switch (comparison->relation) {
    case SP_RELATION_IDENTICAL: return g_strdup(_("identical bytes"));
    case SP_RELATION_SAME: return explain_same(left, right);
    case SP_RELATION_RECROPPED: return explain_recropped(comparison);
    case SP_RELATION_EDITED: return explain_edited(comparison);
    case SP_RELATION_UNSURE: return explain_unsure(left, right);
    case SP_RELATION_DIFFERENT: break;
    }
    return is_placeholder ? explain_placeholder(comparison)
                          : g_strdup(explain_different(left, right));
}
