#include "tui/commands/version.h"

#include <chafa.h>
#include <cmark-gfm.h>
#include <curl/curl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <json-c/json.h>
#include <ldap.h>
#include <microhttpd.h>
#include <ncurses.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include "tui/commands/command.h"

const char *
ui_version(void)
{
    return SAMEPHOTO_VERSION;
}

static char *
ldap_version(void)
{
    LDAPAPIInfo info = {.ldapai_info_version = LDAP_API_INFO_VERSION};
    char *text;

    if (ldap_get_option(NULL, LDAP_OPT_API_INFO, &info) != LDAP_OPT_SUCCESS) {
        return g_strdup("OpenLDAP");
    }
    text =
        g_strdup_printf("OpenLDAP %d.%d.%d", info.ldapai_vendor_version / 10000,
                        info.ldapai_vendor_version / 100 % 100, info.ldapai_vendor_version % 100);
    ldap_memfree(info.ldapai_vendor_name);
    ber_memvfree((void **) info.ldapai_extensions);
    return text;
}

GStrv
ui_library_versions(void)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    g_autofree char *glib = g_strdup_printf("GLib %u.%u.%u", glib_major_version, glib_minor_version,
                                            glib_micro_version);
    g_autofree char *pixbuf = g_strdup_printf("gdk-pixbuf %s", gdk_pixbuf_version);
    g_autofree char *chafa = g_strdup_printf("chafa %d.%d.%d", CHAFA_MAJOR_VERSION,
                                             CHAFA_MINOR_VERSION, CHAFA_MICRO_VERSION);
    g_autofree char *curl = g_strdup_printf("curl %s", curl_version_info(CURLVERSION_NOW)->version);
    g_autofree char *json = g_strdup_printf("json-c %s", json_c_version());
    g_autofree char *sqlite = g_strdup_printf("SQLite %s", sqlite3_libversion());
    g_autofree char *cmark = g_strdup_printf("cmark-gfm %s", cmark_version_string());
    g_autofree char *ldap = ldap_version();
    g_autofree char *microhttpd = g_strdup_printf("libmicrohttpd %s", MHD_get_version());

    g_strv_builder_add_many(lines, curses_version(), chafa, glib, pixbuf, curl, ldap, json, sqlite,
                            cmark, microhttpd, OpenSSL_version(OPENSSL_VERSION), NULL);
    return g_strv_builder_end(lines);
}

int
ui_print_version(void)
{
    g_auto(GStrv) libraries = ui_library_versions();

    g_print("samephoto %s\n", ui_version());
    for (int i = 0; libraries[i] != NULL; i++) {
        g_print("  %s\n", libraries[i]);
    }
    return UI_EXIT_OK;
}
