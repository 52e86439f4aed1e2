/* Plain lines for a ticket's text field: nothing to escape, no table that a proportional font would
 * break. */

#include "core/guide/report-writer.h"

static void
begin(GString *out, const char *title, const char *language)
{
    (void) language;
    g_string_append_printf(out, "%s\n", title);
}

static void
verdict(GString *out, const char *name, const char *text)
{
    (void) name;
    g_string_append_printf(out, "%s\n", text);
}

static void
heading(GString *out, const char *text)
{
    g_string_append_printf(out, "\n%s\n", text);
}

static void
paragraph(GString *out, const char *text)
{
    g_string_append_printf(out, "%s\n", text);
}

static void
begin_list(GString *out)
{
    (void) out;
}

static void
item(GString *out, const char *mark, const char *text)
{
    g_string_append_printf(out, "%s %s\n", mark, text);
}

static void
detail(GString *out, const char *text)
{
    g_string_append_printf(out, "   %s\n", text);
}

static void
table(GString *out, GPtrArray *rows, GPtrArray *pictures)
{
    (void) pictures;
    for (guint i = 1; i < rows->len; i++) {
        GStrv cells = g_ptr_array_index(rows, i);

        g_string_append_printf(out, "- %s:", cells[0]);
        for (guint j = 1; cells[j] != NULL; j++) {
            if (*cells[j] != '\0') {
                g_string_append_printf(out, "%s %s", j == 1 ? "" : ",", cells[j]);
            }
        }
        g_string_append_c(out, '\n');
    }
}

static void
end(GString *out)
{
    (void) out;
}

const SpReportWriter sp_report_text = {
    .begin = begin,
    .verdict = verdict,
    .heading = heading,
    .paragraph = paragraph,
    .begin_list = begin_list,
    .item = item,
    .detail = detail,
    .end_list = begin_list,
    .table = table,
    .end = end,
};
