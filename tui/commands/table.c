#include "tui/commands/table.h"

#include "core/text.h"

struct UiTable {
    guint n_columns;
    GStrv headings;  /* or NULL */
    GPtrArray *rows; /* GStrv of n_columns cells */
};

static GStrv
copy_cells(const char *const *cells, guint n_columns)
{
    GStrv copy = g_new0(char *, n_columns + 1);
    gboolean is_over = FALSE;

    for (guint i = 0; i < n_columns; i++) {
        is_over = is_over || cells[i] == NULL;
        copy[i] = g_strdup(is_over ? "" : cells[i]);
    }
    return copy;
}

UiTable *
ui_table_new(const char *const *headings, guint n_columns)
{
    UiTable *table = g_new0(UiTable, 1);

    table->n_columns = headings == NULL ? n_columns : g_strv_length((char **) headings);
    table->headings = headings == NULL ? NULL : copy_cells(headings, table->n_columns);
    table->rows = g_ptr_array_new_with_free_func((GDestroyNotify) g_strfreev);
    return table;
}

void
ui_table_free(UiTable *table)
{
    if (table == NULL) {
        return;
    }
    g_strfreev(table->headings);
    g_ptr_array_unref(table->rows);
    g_free(table);
}

void
ui_table_add(UiTable *table, const char *const *cells)
{
    g_ptr_array_add(table->rows, copy_cells(cells, table->n_columns));
}

/* The widths, 0 for a column without text. */
static gsize *
measure(const UiTable *table)
{
    gsize *widths = g_new0(gsize, table->n_columns);

    for (guint row = 0; row < table->rows->len; row++) {
        char **cells = g_ptr_array_index(table->rows, row);

        for (guint i = 0; i < table->n_columns; i++) {
            widths[i] = MAX(widths[i], sp_text_columns(cells[i]));
        }
    }
    for (guint i = 0; table->headings != NULL && i < table->n_columns; i++) {
        if (widths[i] > 0) {
            widths[i] = MAX(widths[i], sp_text_columns(table->headings[i]));
        }
    }
    return widths;
}

static void
print_row(char **cells, const gsize *widths, guint n_columns, guint indent)
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (guint i = 0; i < n_columns; i++) {
        if (widths[i] == 0) {
            continue;
        }
        g_string_append(line, cells[i]);
        for (gsize used = sp_text_columns(cells[i]); used < widths[i] + 2; used++) {
            g_string_append_c(line, ' ');
        }
    }
    g_print("%*s%s\n", (int) indent, "", g_strchomp(line->str));
}

void
ui_table_print(const UiTable *table, guint indent)
{
    g_autofree gsize *widths = measure(table);

    if (table->headings != NULL) {
        print_row(table->headings, widths, table->n_columns, indent);
    }
    for (guint row = 0; row < table->rows->len; row++) {
        print_row(g_ptr_array_index(table->rows, row), widths, table->n_columns, indent);
    }
}
