#ifndef SAMEPHOTO_CORE_PHOTO_PAIRS_H
#define SAMEPHOTO_CORE_PHOTO_PAIRS_H

/* Compares a list of pairs of picture files, however long, on every core: rows come out in the
 * order of the list, and only a few of them are in memory at any time. */

#include <glib.h>

#include "core/photo/compare.h"

/* One row of the list and what came of it: a comparison, or an error where a picture could not be
 * read. A plain value, valid during the callback. */
typedef struct {
    const char *left; /* as written in the list */
    const char *right;
    const SpComparison *comparison; /* or NULL */
    const GError *error;            /* or NULL */
} SpPairsRow;

/* Runs in the caller's thread, row after row; FALSE with `error` set stops the run. */
typedef gboolean (*SpPairsFunc)(const SpPairsRow *row, gpointer user_data, GError **error);

/* Reads `path`: CSV whose header line names the columns `left` and `right`; file names are relative
 * to the list's folder. `n_threads` 0 means every core. Blocking. Errors: SP_ERROR_NOT_FOUND (no
 * such list), SP_ERROR_FORMAT (a line that is no row: the message names it), and the callback's
 * own. */
gboolean sp_pairs_run(const char *path, guint n_threads, SpPairsFunc callback, gpointer user_data,
                      GError **error);

#endif
