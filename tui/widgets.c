/* Text goes cell by cell into curses, so that widths are ours and what the locale cannot show falls
 * back to ASCII instead of breaking the line. */
#include "tui/widgets.h"

#include <stdarg.h>
#include <string.h>

#include "core/i18n.h"
#include "core/text.h"
#include "tui/localize.h"

#define ASCII_ELLIPSIS 3 /* columns of what stands for one */

/* What terminals do not agree on the width of: emoji that are joined, coloured or selected by the
 * character behind them. They stand alone then. */
static gboolean
is_of_doubtful_width(const char *at)
{
    gunichar character = g_utf8_get_char(at);

    return character == 0xfe0f || (character >= 0x1f3fb && character <= 0x1f3ff) ||
           (character == 0x200d && g_unichar_iswide(g_utf8_get_char(g_utf8_next_char(at))));
}

/* The text as this terminal shows it, in characters whose columns are certain. Transfer full. */
static char *
settle(const char *text)
{
    g_autofree char *shown = ui_localize(text);
    GString *settled = g_string_new(NULL);

    for (const char *at = shown; *at != '\0'; at = g_utf8_next_char(at)) {
        if (!is_of_doubtful_width(at)) {
            g_string_append_len(settled, at, g_utf8_next_char(at) - at);
        }
    }
    return g_string_free(settled, FALSE);
}

static gboolean
is_right_to_left(const char *text)
{
    static const struct {
        gunichar first;
        gunichar last;
    } ranges[] = {{0x590, 0x8ff}, {0xfb1d, 0xfeff}, {0x10800, 0x10fff}, {0x1e800, 0x1efff}};

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar character = g_utf8_get_char(text);

        for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
            if (character >= ranges[i].first && character <= ranges[i].last) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

typedef char *(*Fit)(const char *text, gsize columns);

/* Cut by `fit`, whose ellipsis is three points where the locale has none: room is kept for them.
 * Transfer full. */
static char *
cut(UiApp *app, const char *text, int columns, Fit fit)
{
    g_autofree char *short_one = NULL;

    if ((int) sp_text_columns(text) <= columns || ui_app_get_terminal(app)->is_utf8) {
        return fit(text, (gsize) columns);
    }
    if (columns <= ASCII_ELLIPSIS) {
        return g_strnfill((gsize) columns, '.');
    }
    short_one = fit(text, (gsize) (columns + 1 - ASCII_ELLIPSIS));
    return ui_localize(short_one);
}

int
ui_text(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role, const char *text)
{
    /* Terminals that turn such text round leave what follows this mark in its place. */
    static const wchar_t left_to_right[] = {0x200e, L'\0'};
    g_autofree char *settled = NULL;
    g_autofree char *shown = NULL;
    g_autofree gunichar *characters = NULL;
    int room = getmaxx(window) - x;

    columns = columns < 0 ? room : MIN(columns, room);
    if (text == NULL || columns < 1 || x < 0 || y < 0 || y >= getmaxy(window)) {
        return 0;
    }
    settled = settle(text);
    shown = cut(app, settled, columns, sp_text_fit);
    /* gunichar and wchar_t are the same code points here. */
    characters = g_utf8_to_ucs4_fast(shown, -1, NULL);
    ui_theme_set(ui_app_get_theme(app), window, role);
    mvwaddwstr(window, y, x, (const wchar_t *) characters);
    if (is_right_to_left(shown) && ui_app_get_terminal(app)->is_utf8) {
        waddwstr(window, left_to_right);
    }
    ui_theme_set(ui_app_get_theme(app), window, UI_ROLE_TEXT);
    return (int) sp_text_columns(shown);
}

int
ui_title(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role, const char *title)
{
    g_autofree char *settled = title == NULL ? NULL : settle(title);
    g_autofree char *fitting = NULL;

    if (settled == NULL || columns < 1) {
        return 0;
    }
    fitting = cut(app, settled, columns, sp_text_fit_middle);
    return ui_text(app, window, y, x, columns, role, fitting);
}

int
ui_textf(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role, const char *format,
         ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return ui_text(app, window, y, x, columns, role, text);
}

/* How many bytes of `line` fit into `columns`: up to the last blank, or in the middle of a word
 * that is longer than a row. */
static gsize
fitting_bytes(const char *line, int columns)
{
    const char *blank = NULL;
    const char *at = line;
    int used = 0;

    for (; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        int width = g_unichar_iszerowidth(character) ? 0 : g_unichar_iswide(character) ? 2 : 1;

        if (character == ' ' && used > 0 && used <= columns) {
            blank = at;
        }
        if (used + width > columns && at > line) {
            return (gsize) ((blank != NULL && blank > line ? blank : at) - line);
        }
        used += width;
    }
    return (gsize) (at - line);
}

/* Where the rows after the first begin: below the second column of "  key   what it does", else
 * below the first word, be it behind a dash. */
static int
hanging_columns(const char *line, int columns)
{
    gsize blanks = strspn(line, " ");
    const char *gap = blanks > 0 ? strstr(line + blanks, "  ") : NULL;
    g_autofree char *before = NULL;

    if (gap != NULL) {
        gap += strspn(gap, " ");
        before = g_strndup(line, (gsize) (gap - line));
        blanks = sp_text_columns(before);
    } else if (g_str_has_prefix(line + blanks, "- ")) {
        blanks += strlen("- ");
    }
    return (int) blanks < columns / 2 ? (int) blanks : 0;
}

GStrv
ui_wrap(const char *text, int columns)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) lines = g_strsplit(text == NULL ? "" : text, "\n", -1);

    for (guint i = 0; lines[i] != NULL && columns > 0; i++) {
        const char *left = lines[i];
        int hanging = 0;

        do {
            gsize length = fitting_bytes(left, columns - hanging);
            g_autofree char *row = g_strdup_printf("%*s%.*s", hanging, "", (int) length, left);

            g_strv_builder_add(builder, row);
            hanging = hanging_columns(lines[i], columns);
            left += length;
            left += *left == ' ' ? 1 : 0;
        } while (*left != '\0');
    }
    return g_strv_builder_end(builder);
}

int
ui_paragraph(UiApp *app, WINDOW *window, int y, int x, int rows, int columns, UiRole role,
             const char *text)
{
    g_auto(GStrv) lines = ui_wrap(text, columns);
    int count = (int) g_strv_length(lines);

    for (int i = 0; window != NULL && i < MIN(count, rows); i++) {
        if (i == rows - 1 && count > rows) {
            g_autofree char *cut = g_strconcat(lines[i], " …", NULL);

            ui_text(app, window, y + i, x, columns, role, cut);
        } else {
            ui_text(app, window, y + i, x, columns, role, lines[i]);
        }
    }
    return MIN(count, rows);
}

void
ui_fill(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role)
{
    columns = MIN(columns, getmaxx(window) - x);
    if (y < 0 || y >= getmaxy(window) || columns < 1) {
        return;
    }
    ui_theme_set(ui_app_get_theme(app), window, role);
    wmove(window, y, x);
    for (int i = 0; i < columns; i++) {
        waddch(window, ' ');
    }
    ui_theme_set(ui_app_get_theme(app), window, UI_ROLE_TEXT);
}

static void
repeat(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role, const char *sign)
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (int i = 0; i < columns; i++) {
        g_string_append(line, sign);
    }
    ui_text(app, window, y, x, columns, role, line->str);
}

void
ui_rule(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role)
{
    repeat(app, window, y, x, columns, role, ui_app_get_terminal(app)->is_utf8 ? "─" : "-");
}

/* The edges of a box; the last two are horizontal and vertical. */
static const char *const *
edges(UiApp *app)
{
    static const char *const round[] = {"╭", "╮", "╰", "╯", "─", "│"};
    static const char *const plain[] = {"+", "+", "+", "+", "-", "|"};

    return ui_app_get_terminal(app)->is_utf8 ? round : plain;
}

void
ui_box(UiApp *app, WINDOW *window, UiBox box, UiRole role, const char *title)
{
    const char *const *edge = edges(app);
    int right = box.x + box.columns - 1;
    int bottom = box.y + box.rows - 1;

    if (box.rows < 2 || box.columns < 2) {
        return;
    }
    ui_text(app, window, box.y, box.x, 1, role, edge[0]);
    repeat(app, window, box.y, box.x + 1, box.columns - 2, role, edge[4]);
    ui_text(app, window, box.y, right, 1, role, edge[1]);
    for (int y = box.y + 1; y < bottom; y++) {
        ui_text(app, window, y, box.x, 1, role, edge[5]);
        ui_text(app, window, y, right, 1, role, edge[5]);
    }
    ui_text(app, window, bottom, box.x, 1, role, edge[2]);
    repeat(app, window, bottom, box.x + 1, box.columns - 2, role, edge[4]);
    ui_text(app, window, bottom, right, 1, role, edge[3]);
    if (title != NULL && box.columns > 6) {
        g_autofree char *spaced = g_strdup_printf(" %s ", title);

        ui_text(app, window, box.y, box.x + 2, box.columns - 4, role, spaced);
    }
}

void
ui_progress(UiApp *app, WINDOW *window, int y, int x, int columns, double share, UiRole role)
{
    gboolean is_utf8 = ui_app_get_terminal(app)->is_utf8;
    int full = (int) (CLAMP(share, 0.0, 1.0) * columns + 0.5);

    repeat(app, window, y, x, full, role, is_utf8 ? "━" : "#");
    repeat(app, window, y, x + full, columns - full, UI_ROLE_DIM, is_utf8 ? "─" : ".");
}

char *
ui_format_bytes(gsize bytes)
{
    if (bytes < 1000) {
        return g_strdup_printf(_("%d B"), (int) bytes);
    }
    if (bytes < 1000 * 1000) {
        return g_strdup_printf(_("%d kB"), (int) ((bytes + 500) / 1000));
    }
    return g_strdup_printf(_("%.1f MB"), (double) bytes / 1e6);
}

char *
ui_format_ms(gint64 ms)
{
    if (ms < 60 * 1000) {
        return g_strdup_printf(_("%.1f s"), (double) ms / 1e3);
    }
    return g_strdup_printf(_("%d:%02d min"), (int) (ms / 60000), (int) (ms / 1000 % 60));
}

char *
ui_format_age(GDateTime *then, GDateTime *now)
{
    gint64 minutes = g_date_time_difference(now, then) / G_TIME_SPAN_MINUTE;
    int hours = (int) (minutes / 60);
    int days = hours / 24;

    if (minutes < 1) {
        return g_strdup(_("just now"));
    }
    if (hours < 1) {
        return g_strdup_printf(ngettext("%d minute", "%d minutes", (gulong) minutes),
                               (int) minutes);
    }
    if (days < 1) {
        return g_strdup_printf(ngettext("%d hour", "%d hours", (gulong) hours), hours);
    }
    if (days < 60) {
        return g_strdup_printf(ngettext("%d day", "%d days", (gulong) days), days);
    }
    if (days < 730) {
        return g_strdup_printf(ngettext("%d month", "%d months", (gulong) (days / 30)), days / 30);
    }
    return g_strdup_printf(ngettext("%d year", "%d years", (gulong) (days / 365)), days / 365);
}

char *
ui_format_ago(GDateTime *then, GDateTime *now)
{
    g_autofree char *age = ui_format_age(then, now);

    return g_date_time_difference(now, then) < G_TIME_SPAN_MINUTE
               ? g_steal_pointer(&age)
               : g_strdup_printf(_("%s ago"), age);
}

char *
ui_format_elapsed(GDateTime *from, GDateTime *to)
{
    int seconds = (int) CLAMP(g_date_time_difference(to, from) / G_TIME_SPAN_SECOND, 0, G_MAXINT);
    int minutes = seconds / 60;

    if (minutes < 1) {
        return g_strdup_printf(_("%d s"), seconds);
    }
    if (minutes < 60) {
        return g_strdup_printf(_("%d min %02d s"), minutes, seconds % 60);
    }
    return minutes < 48 * 60 ? g_strdup_printf(_("%d h %02d min"), minutes / 60, minutes % 60)
                             : ui_format_age(from, to);
}
