#ifndef SAMEPHOTO_CORE_PRACTICE_DIRECTORY_ENTRY_H
#define SAMEPHOTO_CORE_PRACTICE_DIRECTORY_ENTRY_H

/* What the directory says about one person, and whether a search filter means them. */

#include <lber.h>

#include "core/practice/world.h"

#define SP_DIRECTORY_BASE "DC=norvane,DC=example"

/* One attribute and its values. */
typedef struct {
    const char *name;
    GPtrArray *values; /* GBytes */
} SpAttribute;

/* SpAttribute, never empty. Transfer full. */
GPtrArray *sp_directory_entry(SpWorld *world, const SpResident *resident);

/* The root of the directory, which names its base. */
GPtrArray *sp_directory_root(void);

/* A search filter as it came over the wire. */
typedef struct SpFilter SpFilter;

/* Reads the next element of `message` as a filter; NULL: it makes no sense. Transfer full. */
SpFilter *sp_filter_read(BerElement *message);
void sp_filter_free(SpFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpFilter, sp_filter_free)

gboolean sp_filter_matches(const SpFilter *filter, GPtrArray *entry);

#endif
