/* GitHub's Markdown; every character that could mean something else is escaped. */

#include <string.h>

#include "core/guide/report-writer.h"

/* What HTML could read becomes an entity: not every reader of Markdown honours a backslash before
 * it. */
static const char *
entity_of(char c)
{
    switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    default: return NULL;
    }
}

static void
append(GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        const char *entity = entity_of(*p);

        if (entity != NULL) {
            g_string_append(out, entity);
            continue;
        }
        if (strchr("\\`*_{}[]|#~$", *p) != NULL) {
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, *p);
    }
}

static void
line(GString *out, const char *before, const char *text, const char *after)
{
    g_string_append(out, before);
    append(out, text);
    g_string_append(out, after);
}

static void
begin(GString *out, const char *title, const char *language)
{
    (void) language;
    line(out, "# ", title, "\n\n");
}

static void
verdict(GString *out, const char *name, const char *text)
{
    (void) name;
    line(out, "**", text, "**\n\n");
}

static void
heading(GString *out, const char *text)
{
    line(out, "## ", text, "\n\n");
}

static void
paragraph(GString *out, const char *text)
{
    line(out, "", text, "\n\n");
}

static void
begin_list(GString *out)
{
    (void) out;
}

static void
item(GString *out, const char *mark, const char *text)
{
    /* Steps become the boxes of a task list, to go on ticking in the ticket. */
    if (strcmp(mark, "•") == 0) {
        line(out, "- ", text, "\n");
        return;
    }
    line(out, "- **", mark, "** ");
    line(out, "", text, "\n");
}

static void
detail(GString *out, const char *text)
{
    line(out, "  - ", text, "\n");
}

static void
end_list(GString *out)
{
    g_string_append_c(out, '\n');
}

static void
picture_cell(GString *out, GPtrArray *pictures, guint row, const char *title)
{
    const char *address = row == 0 ? NULL : g_ptr_array_index(pictures, row - 1);

    if (address == NULL) {
        g_string_append(out, " |");
        return;
    }
    line(out, " ![", title, "](");
    g_string_append_printf(out, "%s) |", address);
}

static void
table(GString *out, GPtrArray *rows, GPtrArray *pictures)
{
    for (guint i = 0; i < rows->len; i++) {
        GStrv cells = g_ptr_array_index(rows, i);

        g_string_append_c(out, '|');
        if (pictures != NULL) {
            picture_cell(out, pictures, i, cells[0]);
        }
        for (guint j = 0; cells[j] != NULL; j++) {
            line(out, " ", cells[j], " |");
        }
        g_string_append_c(out, '\n');
        if (i == 0) {
            g_string_append_c(out, '|');
            for (guint j = 0; j < g_strv_length(cells) + (pictures != NULL ? 1 : 0); j++) {
                g_string_append(out, "---|");
            }
            g_string_append_c(out, '\n');
        }
    }
    g_string_append_c(out, '\n');
}

static void
end(GString *out)
{
    (void) out;
}

const SpReportWriter sp_report_markdown = {
    .begin = begin,
    .verdict = verdict,
    .heading = heading,
    .paragraph = paragraph,
    .begin_list = begin_list,
    .item = item,
    .detail = detail,
    .end_list = end_list,
    .table = table,
    .end = end,
};
