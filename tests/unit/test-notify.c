/* The desktop's notification against a session bus of our own: it arrives, it is clean, and neither
 * a missing bus nor a silent one holds anything up. */

#include <glib/gstdio.h>

#include <gio/gunixsocketaddress.h>

#include "tui/notify.h"

static const char interface_xml[] =
    "<node><interface name='org.freedesktop.Notifications'><method name='Notify'>"
    "<arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='u' direction='out'/></method></interface></node>";

static void
on_call(GDBusConnection *connection, const char *sender, const char *path, const char *interface,
        const char *method, GVariant *arguments, GDBusMethodInvocation *invocation,
        gpointer user_data)
{
    char **heard = user_data;
    const char *summary = NULL;
    const char *body = NULL;

    (void) connection;
    (void) sender;
    (void) path;
    (void) interface;
    g_assert_cmpstr(method, ==, "Notify");
    g_variant_get_child(arguments, 3, "&s", &summary);
    g_variant_get_child(arguments, 4, "&s", &body);
    *heard = g_strdup_printf("%s|%s", summary, body);
    g_dbus_method_invocation_return_value(invocation, g_variant_new("(u)", 1));
}

/* A desktop: the service that shows notifications. */
static GDBusConnection *
open_desktop(const char *address, char **heard)
{
    static const GDBusInterfaceVTable table = {.method_call = on_call};
    g_autoptr(GError) error = NULL;
    g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml(interface_xml, &error);
    g_autoptr(GVariant) answer = NULL;
    GDBusConnection *connection =
        g_dbus_connection_new_for_address_sync(address,
                                               G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                               NULL, NULL, &error);

    g_assert_no_error(error);
    g_dbus_connection_register_object(connection, "/org/freedesktop/Notifications",
                                      node->interfaces[0], &table, heard, NULL, &error);
    g_assert_no_error(error);
    answer = g_dbus_connection_call_sync(
        connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
        "RequestName", g_variant_new("(su)", "org.freedesktop.Notifications", 0), NULL,
        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
    g_assert_no_error(error);
    return connection;
}

static void
store_result(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) source;
    *(GAsyncResult **) user_data = g_object_ref(result);
}

static gboolean
notify(const char *title, const char *body)
{
    g_autoptr(GAsyncResult) result = NULL;

    ui_notify_async(title, body, store_result, &result);
    g_assert_null(result);
    while (result == NULL) {
        g_main_context_iteration(NULL, TRUE);
    }
    return ui_notify_finish(result, NULL);
}

static void
it_arrives_clean(void)
{
    g_autoptr(GTestDBus) bus = g_test_dbus_new(G_TEST_DBUS_NONE);
    g_autoptr(GDBusConnection) desktop = NULL;
    g_autofree char *heard = NULL;

    g_test_dbus_up(bus);
    desktop = open_desktop(g_test_dbus_get_bus_address(bus), &heard);
    g_assert_true(notify("samephoto", "Anna <b>\033[2J&"));
    g_assert_cmpstr(heard, ==, "samephoto|Anna &lt;b&gt; [2J&amp;");
    g_assert_true(g_dbus_connection_close_sync(desktop, NULL, NULL));
    g_test_dbus_stop(bus);
}

static void
without_a_desktop_nobody_is_told(void)
{
    g_autoptr(GTestDBus) bus = g_test_dbus_new(G_TEST_DBUS_NONE);

    g_test_dbus_up(bus);
    g_assert_false(notify("samephoto", "a bus, but nobody on it"));
    g_test_dbus_stop(bus);
    g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
    g_assert_false(notify("samephoto", "no such bus"));
    g_setenv("DBUS_SESSION_BUS_ADDRESS", "autolaunch:", TRUE);
    g_assert_false(notify("samephoto", "none is started"));
    g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
    g_assert_false(notify("samephoto", "none"));
}

/* Something listens there and never says a word. */
static void
a_silent_bus_is_given_up(void)
{
    g_autofree char *folder = g_dir_make_tmp("samephoto-bus-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "bus", NULL);
    g_autofree char *address = g_strdup_printf("unix:path=%s", path);
    g_autoptr(GSocketListener) listener = g_socket_listener_new();
    g_autoptr(GSocketAddress) where = g_unix_socket_address_new(path);
    g_autoptr(GError) error = NULL;

    g_socket_listener_add_address(listener, where, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                  NULL, NULL, &error);
    g_assert_no_error(error);
    g_setenv("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
    g_assert_false(notify("samephoto", "hello?"));
    g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
    g_remove(path);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_autofree char *runtime = g_dir_make_tmp("samephoto-runtime-XXXXXX", NULL);
    int code;

    g_setenv("XDG_RUNTIME_DIR", runtime, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notify/it-arrives-clean", it_arrives_clean);
    g_test_add_func("/notify/without-a-desktop", without_a_desktop_nobody_is_told);
    g_test_add_func("/notify/a-silent-bus", a_silent_bus_is_given_up);
    code = g_test_run();
    g_rmdir(runtime);
    return code;
}
