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
nothing(GString *out)
{
    (void) out;
}

static void
item(GString *out, const SpReportMark *step, const char *text)
{
    if (step == NULL) {
        g_string_append_printf(out, "- %s\n", text);
    } else {
        g_string_append_printf(out, "%u. [%s] %s\n", step->number, step->state, text);
    }
}

static void
detail(GString *out, const char *text)
{
    g_string_append_printf(out, "   %s\n", text);
}

/* "- SharePoint small: different photo; Group B; Size 48 × 48 jpeg" */
static void
table(GString *out, GStrv headings, GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const SpReportRow *row = g_ptr_array_index(rows, i);
        const char *before = ":";

        g_string_append_printf(out, "- %s", row->cells[0]);
        for (guint j = 1; row->cells[j] != NULL; j++) {
            if (*row->cells[j] != '\0') {
                g_string_append_printf(out, "%s %s%s%s", before, j == 1 ? "" : headings[j],
                                       j == 1 ? "" : " ", row->cells[j]);
                before = ";";
            }
        }
        if (row->note != NULL) {
            g_string_append_printf(out, "%s %s", before, row->note);
        }
        g_string_append_c(out, '\n');
    }
}

const SpReportWriter sp_report_text = {
    .begin = begin,
    .verdict = verdict,
    .heading = heading,
    .paragraph = paragraph,
    .begin_list = nothing,
    .item = item,
    .detail = detail,
    .end_item = nothing,
    .end_list = nothing,
    .table = table,
    .end = nothing,
};
