#ifndef SAMEPHOTO_TUI_STEP_REPORT_H
#define SAMEPHOTO_TUI_STEP_REPORT_H

/* The session's report from the screens. */

#include "tui/app.h"

/* Asks what it is for, writes it and shows it. */
void ui_step_report(UiApp *app);

#endif
