#include "core/guide/audit-list.h"

#include "core/csv.h"
#include "core/error.h"
#include "core/guide/audit.h"
#include "core/i18n.h"
#include "core/text.h"

#define MAX_ADDRESS_CHARACTERS 256

/* What a column of addresses is called in the lists that people have, the surest first. */
static const char *const names[] = {
    "userPrincipalName", "User principal name", "UPN", "mail", "email", "user"};

/* The column of a heading; -1 where the line is none. */
static int
column_of(const GPtrArray *fields)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        int column = sp_csv_find_column(fields, names[i]);

        if (column >= 0) {
            return column;
        }
    }
    return -1;
}

static gboolean
fail(guint line, const char *what, GError **error)
{
    g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("line %u of the list of people: %s"), line + 1,
                what);
    return FALSE;
}

static void
add(GStrvBuilder *builder, GHashTable *known, const char *field)
{
    g_autofree char *clean = sp_text_clean(field, -1, MAX_ADDRESS_CHARACTERS);
    g_autofree char *folded = sp_audit_fold(clean);

    if (*clean != '\0' && g_hash_table_add(known, g_steal_pointer(&folded))) {
        g_strv_builder_add(builder, clean);
    }
}

GStrv
sp_audit_list_parse(const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(sp_csv_skip_mark(text), "\n", -1);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean is_first = TRUE;
    int column = 0;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(GPtrArray) fields = NULL;

        g_strstrip(lines[i]);
        if (*lines[i] == '\0' || *lines[i] == '#') {
            continue;
        }
        fields = sp_csv_split(lines[i]);
        if (fields == NULL) {
            fail(i, _("a quotation mark is not closed"), error);
            return NULL;
        }
        if (is_first && column_of(fields) >= 0) {
            column = column_of(fields);
        } else if (column < (int) fields->len) {
            add(builder, known, g_ptr_array_index(fields, (guint) column));
        } else {
            fail(i, _("a column is missing"), error);
            return NULL;
        }
        is_first = FALSE;
    }
    if (g_hash_table_size(known) == 0) {
        g_set_error_literal(error, SP_ERROR, SP_ERROR_FORMAT, _("the list of people names nobody"));
        return NULL;
    }
    return g_strv_builder_end(builder);
}
