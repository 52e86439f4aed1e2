#ifndef SAMEPHOTO_CORE_PHOTO_GROUP_H
#define SAMEPHOTO_CORE_PHOTO_GROUP_H

/* Sorts many pictures into groups that show the same photo. Group A is the reference's; the others
 * follow in the order of their first picture. A placeholder, a missing picture and a picture that
 * is "unsure" against every group stay in no group; an unsure picture never joins two groups. The
 * answer depends on the pictures and their order in `photos`, never on the order of arrival. */

#include <glib.h>

#include "core/photo/compare.h"
#include "core/photo/photo.h"

typedef struct SpGroups SpGroups;

#define SP_GROUP_NONE (-1)

/* `photos[i]` may be NULL (that copy has no picture). `reference` is an index into `photos`, or -1
 * where there is none: then group A is the first picture's. Blocking: up to n*(n-1)/2 comparisons.
 * Transfer full. */
SpGroups *sp_groups_new(SpPhoto *const *photos, guint n_photos, int reference);
void sp_groups_free(SpGroups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpGroups, sp_groups_free)

/* The number of groups. */
guint sp_groups_count(const SpGroups *groups);

/* The group of picture `index`: 0 for A, 1 for B, …, or SP_GROUP_NONE, also for a picture that came
 * later. */
int sp_groups_of(const SpGroups *groups, guint index);

/* How picture `index` stands to the reference; NULL where either has no picture, or it came later.
 * Borrowed. */
const SpComparison *sp_groups_to_reference(const SpGroups *groups, guint index);

/* A group's letter, "A", "Z", "AA"; NULL for SP_GROUP_NONE. Transfer full. */
char *sp_group_to_letter(int group);

/* The group of a letter; SP_GROUP_NONE where it is none. NULL is fine. */
int sp_group_from_letter(const char *letter);

#endif
