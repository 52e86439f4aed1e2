#ifndef SAMEPHOTO_TUI_CHECKLIST_H
#define SAMEPHOTO_TUI_CHECKLIST_H

/* The state of the Checklist screen, shared by its files: view-checklist.c (keys),
 * checklist-lines.c (which lines there are), checklist-draw.c (how they look). */

#include "tui/app.h"
#include "tui/list.h"

typedef enum {
    UI_FILTER_ALL,
    UI_FILTER_OPEN,
    UI_FILTER_DONE,
    UI_FILTER_SKIPPED,
    UI_N_FILTERS
} UiChecklistFilter;

/* One line: a section's heading (step < 0) or a step. A plain value. */
typedef struct {
    int section; /* index of the section's first step */
    int step;
} UiChecklistLine;

/* A plain value of this view. */
typedef struct {
    UiApp *app;
    int rows;
    int columns;
    GArray *lines;      /* UiChecklistLine: what is shown, folding and filter applied */
    GHashTable *folded; /* ids of folded sections */
    UiList place;       /* the line under the cursor */
    UiChecklistFilter filter;
    char *search; /* folded for comparing, or NULL */
    GStrv playbooks;
    UiList playbook; /* the one under the cursor, while there is no session */
} UiChecklist;

/* The session's steps (SpSessionStep), or NULL without one; and one of them. Borrowed. */
GPtrArray *ui_checklist_get_steps(const UiChecklist *list);
const SpSessionStep *ui_checklist_step_at(const UiChecklist *list, int index);

/* Makes the lines anew; the cursor stays on its step where that is still shown. */
void ui_checklist_rebuild(UiChecklist *list);

/* The cursor on the step that the guide stands on. */
void ui_checklist_go_to_current(UiChecklist *list);

/* The step under the cursor, or -1. */
int ui_checklist_cursor_step(const UiChecklist *list);

/* Folds and unfolds the section under the cursor. */
void ui_checklist_fold(UiChecklist *list);
gboolean ui_checklist_is_folded_here(const UiChecklist *list);

/* To the next line that holds what is searched, whether it was in sight or not; `direction` below 0:
 * the one before. Says where there is none. */
void ui_checklist_find_next(UiChecklist *list, int direction);

void ui_checklist_draw(UiChecklist *list, WINDOW *window);

#endif
