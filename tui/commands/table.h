#ifndef SAMEPHOTO_TUI_COMMANDS_TABLE_H
#define SAMEPHOTO_TUI_COMMANDS_TABLE_H

/* A table on stdout for people: columns as wide as their text, by terminal columns. */

#include <glib.h>

typedef struct UiTable UiTable;

/* `headings` ends with NULL; NULL: a table without headings of `n_columns` columns. */
UiTable *ui_table_new(const char *const *headings, guint n_columns);
void ui_table_free(UiTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiTable, ui_table_free)

/* One row; `cells` ends with NULL (missing cells are empty). Copied. */
void ui_table_add(UiTable *table, const char *const *cells);

/* Prints it, each line after `indent` blanks; columns that are empty in every row are left out. */
void ui_table_print(const UiTable *table, guint indent);

#endif
