#include "core/photo/group.h"

#include <stdlib.h>

/* Pictures join in the order of their detail, the reference first, so that a thumbnail meets groups
 * that are settled and never founds what a large picture would contradict. Where a picture was
 * compared with several members of a group, the comparison that saw most pixels speaks. */

#define N_LETTERS 26

struct SpGroups {
    guint n_photos;
    int reference;
    SpPhoto *const *photos; /* only while sp_groups_new() runs */
    SpComparison **pairs;   /* n_photos * n_photos, filled on demand where row < column */
    SpComparison **to_reference;
    int *group;
    guint n_groups;
};

static int
detail_of(const SpGroups *self, guint index)
{
    const SpPhoto *photo = self->photos[index];

    return MIN(sp_photo_get_width(photo), sp_photo_get_height(photo));
}

static gboolean
is_photo(const SpGroups *self, guint index)
{
    return self->photos[index] != NULL &&
           sp_photo_get_placeholder(self->photos[index]) == SP_PLACEHOLDER_NONE;
}

static const SpComparison *
pair_of(SpGroups *self, guint a, guint b)
{
    SpComparison **slot = &self->pairs[MIN(a, b) * self->n_photos + MAX(a, b)];

    if (*slot == NULL)
        *slot = sp_compare(self->photos[MIN(a, b)], self->photos[MAX(a, b)]);
    return *slot;
}

/* How picture `index` stands to a group: the decided comparison that saw most pixels, else unsure.
 */
static SpRelation
stand_to(SpGroups *self, guint index, int group, double *similarity)
{
    SpRelation relation = SP_RELATION_UNSURE;
    int most = -1;

    *similarity = 0;
    for (guint i = 0; i < self->n_photos; i++) {
        const SpComparison *pair;
        int detail;

        if (self->group[i] != group)
            continue;
        pair = pair_of(self, index, i);
        detail = MIN(detail_of(self, index), detail_of(self, i));
        if (pair->relation == SP_RELATION_UNSURE || detail < most ||
            (detail == most && pair->similarity <= *similarity))
            continue;
        most = detail;
        relation = pair->relation;
        *similarity = pair->similarity;
    }
    return relation;
}

/* Joins the group that shows the same photo, founds one where every group is another photo, and
 * stays alone where that cannot be told. */
static void
place(SpGroups *self, guint index)
{
    int best = SP_GROUP_NONE;
    double best_similarity = -1;
    gboolean is_unsure = FALSE;

    for (int g = 0; g < (int) self->n_groups; g++) {
        double similarity;
        SpRelation relation = stand_to(self, index, g, &similarity);

        is_unsure |= relation == SP_RELATION_UNSURE;
        if (sp_relation_is_same_photo(relation) && similarity > best_similarity) {
            best = g;
            best_similarity = similarity;
        }
    }
    if (best == SP_GROUP_NONE && !is_unsure)
        best = (int) self->n_groups++;
    self->group[index] = best;
}

/* The order of joining. */
typedef struct {
    guint index;
    gboolean is_reference;
    int detail;
} Turn;

static int
by_detail(gconstpointer left, gconstpointer right)
{
    const Turn *a = left;
    const Turn *b = right;

    if (a->is_reference != b->is_reference)
        return a->is_reference ? -1 : 1;
    if (a->detail != b->detail)
        return a->detail > b->detail ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

static void
place_all(SpGroups *self)
{
    g_autofree Turn *turns = g_new(Turn, MAX(self->n_photos, 1));
    guint n = 0;

    for (guint i = 0; i < self->n_photos; i++)
        if (is_photo(self, i))
            turns[n++] = (Turn){i, (int) i == self->reference, detail_of(self, i)};
    qsort(turns, n, sizeof *turns, by_detail);
    for (guint i = 0; i < n; i++)
        place(self, turns[i].index);
}

/* Gives `from` the next free letter, unless it has one. */
static void
name_group(int from, int *names, int *next)
{
    if (from != SP_GROUP_NONE && names[from] == SP_GROUP_NONE)
        names[from] = (*next)++;
}

/* A is the reference's, the others follow in the order of their first picture. */
static void
name_groups(SpGroups *self)
{
    g_autofree int *names = g_new(int, MAX(self->n_groups, 1));
    int next = 0;

    for (guint g = 0; g < self->n_groups; g++)
        names[g] = SP_GROUP_NONE;
    if (self->reference >= 0)
        name_group(self->group[self->reference], names, &next);
    for (guint i = 0; i < self->n_photos; i++)
        name_group(self->group[i], names, &next);
    for (guint i = 0; i < self->n_photos; i++)
        if (self->group[i] != SP_GROUP_NONE)
            self->group[i] = names[self->group[i]];
}

static void
relate_to_reference(SpGroups *self)
{
    if (self->reference < 0 || self->photos[self->reference] == NULL)
        return;
    for (guint i = 0; i < self->n_photos; i++)
        if (self->photos[i] != NULL)
            self->to_reference[i] = sp_compare(self->photos[self->reference], self->photos[i]);
}

SpGroups *
sp_groups_new(SpPhoto *const *photos, guint n_photos, int reference)
{
    SpGroups *self;

    g_return_val_if_fail(photos != NULL || n_photos == 0, NULL);
    g_return_val_if_fail(reference < (int) n_photos, NULL);
    self = g_new0(SpGroups, 1);
    self->n_photos = n_photos;
    self->reference = reference;
    self->photos = photos;
    self->pairs = g_new0(SpComparison *, (gsize) n_photos * n_photos);
    self->to_reference = g_new0(SpComparison *, n_photos);
    self->group = g_new(int, n_photos);
    for (guint i = 0; i < n_photos; i++)
        self->group[i] = SP_GROUP_NONE;
    place_all(self);
    name_groups(self);
    relate_to_reference(self);
    self->photos = NULL;
    return self;
}

void
sp_groups_free(SpGroups *groups)
{
    if (groups == NULL)
        return;
    for (guint i = 0; i < groups->n_photos * groups->n_photos; i++)
        sp_comparison_free(groups->pairs[i]);
    for (guint i = 0; i < groups->n_photos; i++)
        sp_comparison_free(groups->to_reference[i]);
    g_free(groups->pairs);
    g_free(groups->to_reference);
    g_free(groups->group);
    g_free(groups);
}

guint
sp_groups_count(const SpGroups *groups)
{
    return groups->n_groups;
}

int
sp_groups_of(const SpGroups *groups, guint index)
{
    return index < groups->n_photos ? groups->group[index] : SP_GROUP_NONE;
}

const SpComparison *
sp_groups_to_reference(const SpGroups *groups, guint index)
{
    return index < groups->n_photos ? groups->to_reference[index] : NULL;
}

char *
sp_group_to_letter(int group)
{
    if (group < 0) {
        return NULL;
    }
    if (group < N_LETTERS) {
        return g_strdup_printf("%c", 'A' + group);
    }
    return g_strdup_printf("%c%c", 'A' + (group / N_LETTERS - 1) % N_LETTERS,
                           'A' + group % N_LETTERS);
}

int
sp_group_from_letter(const char *letter)
{
    int group = 0;

    if (letter == NULL || !g_ascii_isupper(letter[0])) {
        return SP_GROUP_NONE;
    }
    group = letter[0] - 'A';
    if (letter[1] == '\0') {
        return group;
    }
    return g_ascii_isupper(letter[1]) && letter[2] == '\0'
               ? (group + 1) * N_LETTERS + letter[1] - 'A'
               : SP_GROUP_NONE;
}
