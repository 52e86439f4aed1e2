#ifndef SAMEPHOTO_TUI_WIDGETS_H
#define SAMEPHOTO_TUI_WIDGETS_H

/* What several screens draw: text in roles, wrapped paragraphs, boxes, progress. All of it stays
 * within the window, whatever the text. */

#include <curses.h>

#include "tui/app.h"

/* Text on one line in at most `columns` columns (cut with an ellipsis); -1: up to the window's
 * edge. Gives the columns that were used. */
int ui_text(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role, const char *text);

/* A copy's title, drawn like ui_text(), but cut in the middle where it does not fit: titles differ
 * at their ends. */
int ui_title(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role, const char *title);

/* The same from a format. */
int ui_textf(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role, const char *format,
             ...) G_GNUC_PRINTF(7, 8);

/* Wraps at words into at most `rows` rows of `columns`; "\n" begins a row. Gives the rows that it
 * took (or would take: with `window` NULL nothing is drawn). The last row is cut where text is left
 * over. */
int ui_paragraph(UiApp *app, WINDOW *window, int y, int x, int rows, int columns, UiRole role,
                 const char *text);

/* The lines of a text wrapped to `columns`. Transfer full. */
GStrv ui_wrap(const char *text, int columns);

/* A rounded box with a title in its upper edge, or NULL. */
void ui_box(UiApp *app, WINDOW *window, UiBox box, UiRole role, const char *title);
void ui_rule(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role);

/* A filled line, e.g. of a selected row. */
void ui_fill(UiApp *app, WINDOW *window, int y, int x, int columns, UiRole role);

/* A bar of `columns` that is full by `share` (0..1). */
void ui_progress(UiApp *app, WINDOW *window, int y, int x, int columns, double share, UiRole role);

/* Words for people. Transfer full. */
char *ui_format_bytes(gsize bytes);                      /* "47 kB" */
char *ui_format_age(GDateTime *then, GDateTime *now);    /* "3 days" */
char *ui_format_ago(GDateTime *then, GDateTime *now);    /* "3 days ago", "just now" */
char *ui_format_ms(gint64 ms);                           /* "1.2 s" */
char *ui_format_elapsed(GDateTime *from, GDateTime *to); /* "4 min 05 s", "2 h 10 min" */

#endif
