#ifndef SAMEPHOTO_TUI_COMMANDS_OPEN_H
#define SAMEPHOTO_TUI_COMMANDS_OPEN_H

/* From a command to the screens: `samephoto [USER]`, `practice`, `session resume`. */

#include "core/guide/session.h"
#include "tui/commands/command.h"

/* What the command line says about the screens. A plain value; zero-initialise it, and free what
 * parsing put there with ui_open_options_clear(). */
typedef struct {
    char *view; /* "guide", "compare", "checklist", "start" */
    char *theme;
    char *graphics;
    char *colours;
    char *reference; /* a picture file */
    char *ticket;
    char *playbook; /* a checklist to begin, by name or file */
    GStrv evidence; /* picture files, or NULL */
    gboolean has_mouse;
    gboolean is_slow;
} UiOpenOptions;

/* Adds the options' entries behind those that `entries` (of `size` rows, zeroed) already holds. */
void ui_open_add_entries(UiOpenOptions *options, GOptionEntry *entries, gsize size);
void ui_open_options_clear(UiOpenOptions *options);

/* Shows the screens: for `user` (NULL: the practice story's person, else the start screen), or
 * going on with `session` (NULL: the person's open one, if any). With a playbook among the options
 * a checklist about nobody is begun. The exit code. */
int ui_open(UiProgram *program, const char *user, const UiOpenOptions *options);
int ui_open_session(UiProgram *program, SpSession *session, const UiOpenOptions *options);

#endif
