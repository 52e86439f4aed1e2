/* One file that a browser opens without a network and without a script, which its policy forbids.
 */

#include <string.h>

#include "core/guide/report-writer.h"

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--soft:#5b5b66;--line:#d5d5de;"
    "--shade:#f5f5f8;--good:#0b6b3a;--bad:#a3260f;--other:#7a5200}"
    "@media(prefers-color-scheme:dark){:root{--ink:#ececf2;--paper:#17171b;--soft:#a9a9b6;"
    "--line:#3a3a45;--shade:#202027;--good:#5fd39a;--bad:#ff9b85;--other:#f0c36a}}"
    "body{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;"
    "max-width:60rem;margin:0 auto;padding:1.5rem;overflow-wrap:break-word}"
    "h1{font-size:1.5rem;line-height:1.2;margin:0 0 1rem}"
    "h2{font-size:1.1rem;margin:2.25rem 0 .75rem;padding-bottom:.25rem;"
    "border-bottom:1px solid var(--line)}"
    "a{color:inherit}.verdict~p{color:var(--soft);margin:.5rem 0}"
    ".verdict{font-size:1.2rem;font-weight:600;line-height:1.35;background:var(--shade);"
    "border-left:.4rem solid var(--other);padding:.75rem 1rem;margin:0 0 1rem;"
    "color:var(--other)}"
    ".in-sync{border-color:var(--good);color:var(--good)}"
    ".out-of-sync{border-color:var(--bad);color:var(--bad)}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem}"
    "th,td{text-align:left;vertical-align:middle;padding:.35rem .6rem;"
    "border-bottom:1px solid var(--line)}"
    "th{color:var(--soft);font-weight:600;white-space:nowrap}"
    "tbody th{color:inherit}"
    "tr>:first-child{padding-left:0}.picture{width:5.5rem}"
    "img{display:block;max-width:5.5rem;max-height:5.5rem;border-radius:.3rem}"
    ".good td.stands{color:var(--good)}.bad td.stands{color:var(--bad);font-weight:600}"
    ".other td.stands{color:var(--other)}"
    ".note{color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}.short{white-space:nowrap}."
    "code{font:.8rem/1.4 ui-monospace,monospace;"
    "overflow-wrap:anywhere}"
    "ul{list-style:none;margin:0;padding:0}"
    "li{position:relative;margin:.6rem 0;padding-left:2rem}"
    ".mark{position:absolute;left:0;width:1.5rem;text-align:right;color:var(--soft)}"
    ".state{border:1px solid var(--line);border-radius:.3rem;padding:0 .4rem;font-size:.85rem;"
    "font-weight:600;color:var(--other)}"
    ".done{color:var(--good)}"
    ".detail{color:var(--soft);display:block;font-size:.92rem}"
    "@media(max-width:44rem){.short,th{white-space:normal}body{padding:1rem}}"
    "@page{margin:15mm}"
    "@media print{:root{color-scheme:light;--ink:#000;--paper:#fff;--soft:#444;--line:#999;"
    "--shade:#f5f5f8;--good:#0b6b3a;--bad:#a3260f;--other:#7a5200}"
    "body{max-width:none;padding:0;font-size:10.5pt}.verdict,img{print-color-adjust:exact}"
    "img,.picture{max-width:4rem;max-height:4rem}.picture{width:4rem}"
    "table,.detail,.note{font-size:9.5pt}.code{font-size:7.5pt}"
    "tr,li{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}}";

/* Longer than a time or a size, a cell may break; as long as this without a blank, it is a hash. */
#define SHORT_CHARACTERS 22
#define CODE_CHARACTERS  30

static void
append(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append(out, escaped);
}

static void
element(GString *out, const char *open, const char *text, const char *close)
{
    g_string_append(out, open);
    append(out, text);
    g_string_append(out, close);
}

/* A web address ends at a blank, and without the stop or comma of the sentence around it. */
static gsize
address_length(const char *text)
{
    gsize length = strcspn(text, " \t\n<>\"");

    while (length > 0 && strchr(".,;:)", text[length - 1]) != NULL) {
        length--;
    }
    return length;
}

/* Addresses become links that say where they lead: the text is the address. */
static void
append_linked(GString *out, const char *text)
{
    const char *at;

    while ((at = strstr(text, "https://")) != NULL) {
        g_autofree char *before = g_strndup(text, (gsize) (at - text));
        g_autofree char *address = g_strndup(at, address_length(at));

        append(out, before);
        element(out, "<a href=\"", address, "\">");
        element(out, "", address, "</a>");
        text = at + strlen(address);
    }
    append(out, text);
}

static void
begin(GString *out, const char *title, const char *language)
{
    element(out, "<!doctype html>\n<html lang=\"", language,
            "\">\n<head>\n<meta charset=\"utf-8\">\n");
    g_string_append(out,
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "img-src data:; style-src 'unsafe-inline'\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width\">\n"
                    "<meta name=\"referrer\" content=\"no-referrer\">\n");
    element(out, "<title>", title, "</title>\n");
    g_string_append_printf(out, "<style>%s</style>\n</head>\n<body>\n", style);
    element(out, "<h1>", title, "</h1>\n");
}

static void
verdict(GString *out, const char *name, const char *text)
{
    element(out, "<p class=\"verdict ", name, "\">");
    element(out, "", text, "</p>\n");
}

static void
heading(GString *out, const char *text)
{
    element(out, "<h2>", text, "</h2>\n");
}

static void
paragraph(GString *out, const char *text)
{
    element(out, "<p>", text, "</p>\n");
}

static void
begin_list(GString *out)
{
    g_string_append(out, "<ul>\n");
}

static void
item(GString *out, const SpReportMark *step, const char *text)
{
    if (step == NULL) {
        g_string_append(out, "<li><span class=\"mark\">•</span>");
    } else {
        g_string_append_printf(out, "<li><span class=\"mark\">%u.</span>", step->number);
        element(out, step->is_done ? "<span class=\"state done\">" : "<span class=\"state\">",
                step->state, "</span> ");
    }
    append_linked(out, text);
    g_string_append_c(out, '\n');
}

static void
detail(GString *out, const char *text)
{
    g_string_append(out, "<span class=\"detail\">");
    append_linked(out, text);
    g_string_append(out, "</span>\n");
}

static void
end_item(GString *out)
{
    g_string_append(out, "</li>\n");
}

static void
end_list(GString *out)
{
    g_string_append(out, "</ul>\n");
}

static void
write_headings(GString *out, GStrv headings, gboolean has_pictures)
{
    g_string_append(out, "<thead><tr>");
    if (has_pictures) {
        g_string_append(out, "<td class=\"picture\"></td>");
    }
    for (guint i = 0; headings[i] != NULL; i++) {
        element(out, "<th scope=\"col\">", headings[i], "</th>");
    }
    g_string_append(out, "</tr></thead>\n<tbody>\n");
}

static void
write_picture(GString *out, const SpReportRow *row)
{
    g_string_append(out, "<td class=\"picture\">");
    if (row->picture != NULL) {
        element(out, "<img alt=\"", row->cells[0], "\" src=\"");
        element(out, "", row->picture, "\">");
    }
    g_string_append(out, "</td>");
}

static const char *
class_of(const char *cell)
{
    glong length = g_utf8_strlen(cell, -1);

    if (length <= SHORT_CHARACTERS) {
        return "short";
    }
    return length >= CODE_CHARACTERS && strchr(cell, ' ') == NULL ? "code" : "long";
}

/* How many cells there are up to the last one that says something. */
static guint
count_said(GStrv cells)
{
    guint n = g_strv_length(cells);

    while (n > 0 && *cells[n - 1] == '\0') {
        n--;
    }
    return n;
}

/* A note stands in the cells that say nothing. */
static void
write_row(GString *out, const SpReportRow *row, gboolean has_pictures)
{
    static const char *const tones[] = {[SP_REPORT_TONE_PLAIN] = "plain",
                                        [SP_REPORT_TONE_GOOD] = "good",
                                        [SP_REPORT_TONE_BAD] = "bad",
                                        [SP_REPORT_TONE_OTHER] = "other"};
    guint n_said = count_said(row->cells);

    g_string_append_printf(out, "<tr class=\"%s\">", tones[row->tone]);
    if (has_pictures) {
        write_picture(out, row);
    }
    element(out, "<th scope=\"row\">", row->cells[0], "</th>");
    if (row->note != NULL && n_said == 2) {
        element(out, "<td class=\"short stands\">", row->cells[1], "</td>");
        g_string_append_printf(out, "<td class=\"note\" colspan=\"%u\">",
                               MAX(1, g_strv_length(row->cells) - n_said));
        element(out, "", row->note, "</td></tr>\n");
        return;
    }
    for (guint i = 1; row->cells[i] != NULL; i++) {
        g_string_append_printf(out, "<td class=\"%s%s\">", class_of(row->cells[i]),
                               i == 1 ? " stands" : "");
        element(out, "", row->cells[i], "</td>");
    }
    g_string_append(out, "</tr>\n");
}

static void
table(GString *out, GStrv headings, GPtrArray *rows)
{
    gboolean has_pictures = sp_report_has_pictures(rows);

    g_string_append(out, "<table>\n");
    write_headings(out, headings, has_pictures);
    for (guint i = 0; i < rows->len; i++) {
        write_row(out, g_ptr_array_index(rows, i), has_pictures);
    }
    g_string_append(out, "</tbody>\n</table>\n");
}

static void
end(GString *out)
{
    g_string_append(out, "</body>\n</html>\n");
}

const SpReportWriter sp_report_html = {
    .begin = begin,
    .verdict = verdict,
    .heading = heading,
    .paragraph = paragraph,
    .begin_list = begin_list,
    .item = item,
    .detail = detail,
    .end_item = end_item,
    .end_list = end_list,
    .table = table,
    .end = end,
};
