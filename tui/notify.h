#ifndef SAMEPHOTO_TUI_NOTIFY_H
#define SAMEPHOTO_TUI_NOTIFY_H

/* Tells the desktop that something has happened, where there is one. */

#include <gio/gio.h>

/* Shows a notification through the session bus (org.freedesktop.Notifications). Without a bus it
 * ends at once; one that does not answer holds nothing up for more than two seconds. No bus is ever
 * started. Calls back from the main loop. */
void ui_notify_async(const char *title, const char *body, GAsyncReadyCallback callback,
                     gpointer user_data);

/* FALSE with an error where nobody was told: nothing that a person must know. */
gboolean ui_notify_finish(GAsyncResult *result, GError **error);

#endif
