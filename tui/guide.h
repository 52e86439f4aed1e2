#ifndef SAMEPHOTO_TUI_GUIDE_H
#define SAMEPHOTO_TUI_GUIDE_H

/* The state of the Guide screen, shared by its files: view-guide.c (layout and keys), guide-step.c
 * (the steps), guide-findings.c (what was found, and the history). */

#include "tui/app.h"
#include "tui/list.h"
#include "tui/widgets.h"

/* A plain value of this view. */
typedef struct {
    UiApp *app;
    int rows;
    int columns;
    int verifying;  /* the step that is being verified, or -1 */
    UiList matches; /* while several people match */
    UiList steps;
    gboolean is_list_full; /* every step stands in it in full */

    /* The current step's box, as it was drawn last. */
    guint step_shown;
    UiBox step_box;
    int step_top;    /* the first row that is shown */
    int step_hidden; /* rows out of sight */
} UiGuide;

/* The step that the guide stands on; the number of steps where all are done. */
guint ui_guide_current(const UiGuide *guide);
guint ui_guide_count(const UiGuide *guide);

/* The first finding, or NULL. Borrowed. */
const SpFinding *ui_guide_finding(const UiGuide *guide);

/* The current step with all that there is to say of it, and the rows that takes with its frame. */
void ui_guide_draw_step(UiGuide *guide, WINDOW *window, UiBox box);
int ui_guide_step_rows(UiGuide *guide, const SpSessionStep *step, int columns);

/* Whether paging through the step's box would show more of it; scrolls it by rows. */
gboolean ui_guide_can_scroll(const UiGuide *guide, UiAction action);
void ui_guide_scroll(UiGuide *guide, int rows);

/* What to do where there is no step (left): nothing, or what the findings say. */
void ui_guide_draw_no_step(UiGuide *guide, WINDOW *window, UiBox box);

/* Every step in full where there is room; else a line each, around the current one. And the rows of
 * all steps in full. */
void ui_guide_draw_list(UiGuide *guide, WINDOW *window, UiBox box);
int ui_guide_list_rows(UiGuide *guide, int columns);

/* Findings with their evidence, and what else fits whole. */
void ui_guide_draw_findings(UiGuide *guide, WINDOW *window, UiBox box);

/* Pages over the view. */
void ui_guide_show_findings(UiGuide *guide);
void ui_guide_show_history(UiGuide *guide);

#endif
