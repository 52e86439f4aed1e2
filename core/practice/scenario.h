#ifndef SAMEPHOTO_CORE_PRACTICE_SCENARIO_H
#define SAMEPHOTO_CORE_PRACTICE_SCENARIO_H

/* The stories of the practice tenant: each is lived by one person and written to show one finding.
 * One table; the tests hold every row against what `check` says. */

#include <glib.h>

/* A plain value. */
typedef struct {
    const char *name;                /* "sharepoint-stale" */
    const char *user_principal_name; /* who lives it */
    const char *title;               /* one sentence, marked with N_() */
    const char *verdict;             /* what check must say: "out-of-sync", … */
    const char *finding;             /* the headline's id */
} SpScenario;

/* Every story, ended by a row whose name is NULL. */
const SpScenario *sp_scenarios(void);

/* The story with this name, or NULL. */
const SpScenario *sp_scenario_find(const char *name);

#endif
