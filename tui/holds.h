#ifndef SAMEPHOTO_TUI_HOLDS_H
#define SAMEPHOTO_TUI_HOLDS_H

/* Which services hold the next try back, and for how long still: a throttle or a broken connection
 * is waited for in sight, never in silence. */

#include <glib.h>

typedef struct UiHolds UiHolds;

UiHolds *ui_holds_new(void);
void ui_holds_free(UiHolds *holds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiHolds, ui_holds_free)

/* The next try of `service` (named for people) is `wait_ms` away. TRUE where that is worth a line:
 * half a second or more, and not already known. */
gboolean ui_holds_add(UiHolds *holds, const char *service, gint64 wait_ms);

/* "Exchange: next try in 12 s, SharePoint: next try in 3 s", or NULL while nothing is held.
 * Transfer full. */
char *ui_holds_describe(const UiHolds *holds);

#endif
