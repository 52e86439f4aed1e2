#ifndef SAMEPHOTO_CORE_PRACTICE_SCENARIO_H
#define SAMEPHOTO_CORE_PRACTICE_SCENARIO_H

/* The stories of the practice tenant: each is lived by one person and written to show one finding,
 * its headline; every finding has such a story. One table; the tests hold every row against what
 * `check` says. */

#include <glib.h>

/* A plain value. */
typedef struct {
    const char *name;                /* "sharepoint-stale" */
    const char *user_principal_name; /* who lives it */
    const char *title;               /* one sentence, marked with N_() */
    const char *verdict;             /* what check must say: "out-of-sync", … */
    const char *finding;             /* the headline's id */
    const char *reference; /* the picture file that the person sent in ("daniel-new", with ".bmp"
                            * as one of that format), held against the copies unless the user names
                            * another; or NULL */
    const char *seen;      /* what the person sees in their app ("freya-old"), or NULL */
} SpScenario;

/* Every story, ended by a row whose name is NULL. */
const SpScenario *sp_scenarios(void);

/* The story with this name, or NULL. */
const SpScenario *sp_scenario_find(const char *name);

#endif
