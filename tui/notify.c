/* A connection of our own: GIO's shared one would start a bus, and end the program with it. */
#include "tui/notify.h"

#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"

#define PATIENCE_MS 2000

typedef struct {
    char *title;
    char *body;
    GCancellable *cancellable;
    guint timer;
} Notice;

static void
notice_free(gpointer data)
{
    Notice *notice = data;

    g_clear_handle_id(&notice->timer, g_source_remove);
    g_object_unref(notice->cancellable);
    g_free(notice->title);
    g_free(notice->body);
    g_free(notice);
}

/* The session bus that is there already, or NULL. */
static char *
find_bus(void)
{
    const char *address = g_getenv("DBUS_SESSION_BUS_ADDRESS");
    g_autofree char *socket = g_build_filename(g_get_user_runtime_dir(), "bus", NULL);
    g_autofree char *escaped = NULL;

    if (address != NULL && *address != '\0') {
        return g_str_has_prefix(address, "autolaunch:") ? NULL : g_strdup(address);
    }
    if (!g_file_test(socket, G_FILE_TEST_EXISTS)) {
        return NULL;
    }
    escaped = g_dbus_address_escape_value(socket);
    return g_strdup_printf("unix:path=%s", escaped);
}

static gboolean
on_patience(gpointer user_data)
{
    Notice *notice = user_data;

    notice->timer = 0;
    g_cancellable_cancel(notice->cancellable);
    return G_SOURCE_REMOVE;
}

static void
on_told(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    g_autoptr(GVariant) answer =
        g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);

    if (answer == NULL) {
        g_task_return_error(task, error);
    } else {
        g_task_return_boolean(task, TRUE);
    }
}

static void
on_connected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Notice *notice = g_task_get_task_data(task);
    GError *error = NULL;
    g_autoptr(GDBusConnection) connection =
        g_dbus_connection_new_for_address_finish(result, &error);

    (void) source;
    if (connection == NULL) {
        g_task_return_error(task, error);
        return;
    }
    g_dbus_connection_call(connection, "org.freedesktop.Notifications",
                           "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
                           "Notify",
                           g_variant_new("(susssasa{sv}i)", "samephoto", 0, "", notice->title,
                                         notice->body, NULL, NULL, -1),
                           G_VARIANT_TYPE("(u)"), G_DBUS_CALL_FLAGS_NONE, PATIENCE_MS,
                           notice->cancellable, on_told, g_object_ref(task));
}

void
ui_notify_async(const char *title, const char *body, GAsyncReadyCallback callback,
                gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, callback, user_data);
    g_autofree char *bus = find_bus();
    g_autofree char *clean = NULL;
    Notice *notice;

    if (bus == NULL) {
        g_task_return_new_error(task, SP_ERROR, SP_ERROR_NOT_FOUND, "%s",
                                _("There is no desktop to tell"));
        return;
    }
    notice = g_new0(Notice, 1);
    notice->title = sp_text_clean(title, -1, 120);
    /* A body may hold markup. */
    clean = sp_text_clean(body, -1, 400);
    notice->body = g_markup_escape_text(clean, -1);
    notice->cancellable = g_cancellable_new();
    notice->timer = g_timeout_add(PATIENCE_MS, on_patience, notice);
    g_task_set_task_data(task, notice, notice_free);
    g_dbus_connection_new_for_address(bus,
                                      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                      NULL, notice->cancellable, on_connected, g_object_ref(task));
}

gboolean
ui_notify_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}
