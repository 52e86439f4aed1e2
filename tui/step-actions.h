#ifndef SAMEPHOTO_TUI_STEP_ACTIONS_H
#define SAMEPHOTO_TUI_STEP_ACTIONS_H

/* What can be done with a step of the session: the same in Guide and Checklist. Each asks what it
 * has to ask, writes to the session, says what became of it, and tells the case. */

#include "tui/app.h"

/* The language that playbooks are read in: "en", "fr". Borrowed. */
const char *ui_language(void);

/* The step, or NULL where there is no session or no such step. Borrowed. */
const SpSessionStep *ui_step_get(UiApp *app, guint index);

/* Whether `action` does something with step `index` right now. */
gboolean ui_step_can(UiApp *app, UiAction action, guint index);

/* Does it; FALSE where the action is none for steps. */
gboolean ui_step_do(UiApp *app, UiAction action, guint index);

/* The first step from `index` on that is still to be done; the number of steps where none is. */
guint ui_step_next_open(const SpSession *session, guint index);

/* Stands on the first step from `index` on that is still to be done, else on the first of all. */
gboolean ui_step_move_on(SpSession *session, guint index, GError **error);

/* Whether the headline's cause has steps that mend it: only then a session begins. */
gboolean ui_step_are_called_for(SpCheck *check);

/* A person's open session, or a new one, once the current check calls for steps and there is none
 * yet. Errors are said. */
void ui_step_ensure_session(UiApp *app);

/* Whether there is nothing more to do for it: passed, or skipped. */
gboolean ui_step_is_done(const SpSessionStep *step);

/* The state as a sign and a role. */
UiSign ui_step_sign(SpStepState state, gboolean is_current);
UiRole ui_step_role(SpStepState state);

/* A day and a time: "Thu 2026-11-26 14:20". Transfer full. */
char *ui_step_clock(GDateTime *time);

/* A step's state in words, with its time: "waits until Thu 14:20". Transfer full. */
char *ui_step_describe(const SpSessionStep *step, GDateTime *now);

#endif
