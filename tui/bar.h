#ifndef SAMEPHOTO_TUI_BAR_H
#define SAMEPHOTO_TUI_BAR_H

/* The two lines that every screen has: the title bar with the views and the person, and the hint
 * line with the keys that work here, or a message in its place. */

#include "tui/app.h"

/* A plain value. */
typedef struct {
    const char *message; /* or NULL: the hints */
    SpSeverity severity;
} UiBar;

void ui_bar_draw_title(UiApp *app, WINDOW *window);
void ui_bar_draw_hints(UiApp *app, WINDOW *window, const UiBar *bar);

/* What a click on this column of the title bar means, or UI_ACTION_NONE. */
UiAction ui_bar_action_at(UiApp *app, int x);

#endif
