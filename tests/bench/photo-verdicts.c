#include <stdio.h>
#include <stdlib.h>

#include "core/photo/pairs.h"

/* Every number of every comparison of a list, to the last bit: two builds that print the same text
 * decide the same. Usage: photo-verdicts FILE.csv [THREADS] */

static gboolean
print_row(const SpPairsRow *row, gpointer user_data G_GNUC_UNUSED, GError **error)
{
    const SpComparison *it = row->comparison;

    if (it == NULL) {
        g_propagate_error(error, g_error_copy(row->error));
        return FALSE;
    }
    printf("%s,%s,%s,%a", row->left, row->right, sp_relation_name(it->relation), it->similarity);
    for (guint i = 0; i < it->n_measures; i++) {
        printf(",%a", it->measures[i].value);
    }
    printf("\n");
    return TRUE;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    if (argc < 2) {
        return 2;
    }
    if (!sp_pairs_run(argv[1], argc > 2 ? (guint) atoi(argv[2]) : 0, print_row, NULL, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    return 0;
}
