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

/* Where a block begins, a number and some signs make a list or a line of it, and blanks make code.
 */
static void
append_block(GString *out, const char *text)
{
    text += strspn(text, " ");

    gsize n_digits = strspn(text, "0123456789");
    const char *sign = text + n_digits;
    gboolean is_number =
        n_digits > 0 && (*sign == '.' || *sign == ')') && (sign[1] == ' ' || sign[1] == '\0');

    if (is_number || (n_digits == 0 && *sign != '\0' && strchr("-+=", *sign) != NULL)) {
        g_string_append_len(out, text, (gssize) n_digits);
        g_string_append_c(out, '\\');
        text = sign;
    }
    append(out, text);
}

static void
line(GString *out, const char *before, const char *text, const char *after)
{
    g_string_append(out, before);
    append(out, text);
    g_string_append(out, after);
}

static void
block(GString *out, const char *before, const char *text, const char *after)
{
    g_string_append(out, before);
    append_block(out, text);
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
    block(out, "", text, "\n\n");
}

static void
nothing(GString *out)
{
    (void) out;
}

/* Steps become the boxes of a task list, to go on ticking in the ticket. */
static void
item(GString *out, const SpReportMark *step, const char *text)
{
    if (step == NULL) {
        block(out, "- ", text, "\n");
        return;
    }
    g_string_append_printf(out, "%u. [%c] ", step->number, step->is_done ? 'x' : ' ');
    line(out, "**", step->state, ":** ");
    line(out, "", text, "\n");
}

/* Far enough in to stand below "10. ", not so far that it is code below "- ". */
static void
detail(GString *out, const char *text)
{
    block(out, "    - ", text, "\n");
}

static void
end_list(GString *out)
{
    g_string_append_c(out, '\n');
}

static void
write_headings(GString *out, GStrv headings, gboolean has_pictures)
{
    g_string_append(out, has_pictures ? "| |" : "|");
    for (guint i = 0; headings[i] != NULL; i++) {
        line(out, " ", headings[i], " |");
    }
    g_string_append(out, has_pictures ? "\n|---|" : "\n|");
    for (guint i = 0; headings[i] != NULL; i++) {
        g_string_append(out, "---|");
    }
    g_string_append_c(out, '\n');
}

static void
write_picture(GString *out, const SpReportRow *row)
{
    if (row->picture == NULL) {
        g_string_append(out, " |");
        return;
    }
    line(out, " ![", row->cells[0], "](");
    g_string_append_printf(out, "%s) |", row->picture);
}

static void
table(GString *out, GStrv headings, GPtrArray *rows)
{
    gboolean has_pictures = sp_report_has_pictures(rows);

    write_headings(out, headings, has_pictures);
    for (guint i = 0; i < rows->len; i++) {
        const SpReportRow *row = g_ptr_array_index(rows, i);

        g_string_append_c(out, '|');
        if (has_pictures) {
            write_picture(out, row);
        }
        for (guint j = 0; row->cells[j] != NULL; j++) {
            gboolean has_note = j == 1 && row->note != NULL;

            line(out, " ", row->cells[j], has_note ? ": " : " |");
            if (has_note) {
                line(out, "", row->note, " |");
            }
        }
        g_string_append_c(out, '\n');
    }
    g_string_append_c(out, '\n');
}

const SpReportWriter sp_report_markdown = {
    .begin = begin,
    .verdict = verdict,
    .heading = heading,
    .paragraph = paragraph,
    .begin_list = nothing,
    .item = item,
    .detail = detail,
    .end_item = nothing,
    .end_list = end_list,
    .table = table,
    .end = nothing,
};
