#ifndef SAMEPHOTO_TUI_WATCH_H
#define SAMEPHOTO_TUI_WATCH_H

/* Watching a case: while it is on, the copies are read again at sensible times until all of them
 * agree; then the app raises the alarm. It belongs to one person: another one ends it. */

#include "tui/app.h"

typedef struct UiWatch UiWatch;

/* `app` outlives it. */
UiWatch *ui_watch_new(UiApp *app);
void ui_watch_free(UiWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiWatch, ui_watch_free)

/* Whether there is anybody to watch. */
gboolean ui_watch_can(const UiWatch *watch);

gboolean ui_watch_is_on(const UiWatch *watch);

/* On, or off again; says which. */
void ui_watch_toggle(UiWatch *watch);

/* The case has changed. */
void ui_watch_changed(UiWatch *watch, UiCaseChanges changes);

/* When the next reading is, for the title bar: "watching 14:20"; NULL while it is off. Transfer
 * full. */
char *ui_watch_describe(const UiWatch *watch);

#endif
