/* One file that a browser opens without a network and without a script, which its policy forbids.
 */

#include "core/guide/report-writer.h"

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1b1f;--paper:#fff;--soft:#5b5b66;--line:#d5d5de;"
    "--good:#0b6b3a;--bad:#a3260f;--other:#7a5200}"
    "@media(prefers-color-scheme:dark){:root{--ink:#ececf2;--paper:#17171b;--soft:#a9a9b6;"
    "--line:#3a3a45;--good:#5fd39a;--bad:#ff9b85;--other:#f0c36a}}"
    "body{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;"
    "max-width:60rem;margin:0 auto;padding:1.5rem}"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid var(--line)}"
    ".verdict{font-size:1.15rem;font-weight:600;border-left:.4rem solid var(--other);"
    "padding:.5rem 1rem;color:var(--other)}"
    ".in-sync{border-color:var(--good);color:var(--good)}"
    ".out-of-sync{border-color:var(--bad);color:var(--bad)}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.4rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}"
    "td img{display:block;max-width:8rem;max-height:8rem}"
    "li{margin:.4rem 0}.detail{color:var(--soft);display:block;overflow-wrap:anywhere}"
    ".mark{font-weight:600}"
    "@media print{:root{--ink:#000;--paper:#fff;--soft:#444;--line:#999}body{max-width:none;"
    "padding:0;font-size:11pt}tr,li{break-inside:avoid}h2{break-after:avoid}}";

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
item(GString *out, const char *mark, const char *text)
{
    element(out, "<li><span class=\"mark\">", mark, "</span> ");
    append(out, text);
    g_string_append_c(out, '\n');
}

static void
detail(GString *out, const char *text)
{
    element(out, "<span class=\"detail\">", text, "</span>\n");
}

static void
end_list(GString *out)
{
    g_string_append(out, "</ul>\n");
}

static void
picture_cell(GString *out, GPtrArray *pictures, guint row, const char *title)
{
    const char *address = row == 0 ? NULL : g_ptr_array_index(pictures, row - 1);

    if (row == 0) {
        g_string_append(out, "<th></th>");
    } else if (address == NULL) {
        g_string_append(out, "<td></td>");
    } else {
        element(out, "<td><img alt=\"", title, "\" src=\"");
        element(out, "", address, "\"></td>");
    }
}

static void
table(GString *out, GPtrArray *rows, GPtrArray *pictures)
{
    g_string_append(out, "<table>\n");
    for (guint i = 0; i < rows->len; i++) {
        GStrv cells = g_ptr_array_index(rows, i);

        g_string_append(out, "<tr>");
        if (pictures != NULL) {
            picture_cell(out, pictures, i, cells[0]);
        }
        for (guint j = 0; cells[j] != NULL; j++) {
            element(out, i == 0 ? "<th>" : "<td>", cells[j], i == 0 ? "</th>" : "</td>");
        }
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</table>\n");
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
    .end_list = end_list,
    .table = table,
    .end = end,
};
