#ifndef SAMEPHOTO_CORE_GUIDE_PLAYBOOK_PRIVATE_H
#define SAMEPHOTO_CORE_GUIDE_PLAYBOOK_PRIVATE_H

/* What the parts of a playbook share: playbook.c (the object and what may be one), playbook-read.c
 * (the walk over its document). For them only. */

#include "core/guide/front-matter.h"
#include "core/guide/playbook.h"

struct SpPlaybook {
    char *name;
    char *title;
    char *language;
    GPtrArray *sections;
    GPtrArray *lint; /* char * */
};

/* Reads the document behind the front matter: sections, title and complaints. */
void sp_playbook_read(SpPlaybook *playbook, const char *text, gsize length,
                      const SpFrontMatter *front);

/* GDestroyNotify of SpSection. */
void sp_section_free(gpointer section);

#endif
