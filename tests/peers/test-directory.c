/* The directory service against Debian's slapd, started here on free loopback ports with
 * certificates of our own. */

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "core/services/collect.h"
#include "core/services/directory-link.h"
#include "core/services/directory-text.h"
#include "core/services/doctor.h"
#include "tests/unit/script.h"

#define ADMIN    "cn=admin,dc=norvane,dc=example"
#define PASSWORD "correct horse"

/* One slapd with its certificates, shared by all cases. */
static struct {
    char *folder;
    char *plain;  /* ldap://127.0.0.1:… */
    char *secure; /* ldaps://127.0.0.1:… */
    GSubprocess *slapd;
} peer;

static const char schema[] =
    "include /etc/ldap/schema/core.schema\n"
    "include /etc/ldap/schema/cosine.schema\n"
    "include /etc/ldap/schema/inetorgperson.schema\n"
    "attributetype ( 2.16.840.1.113730.3.1.35 NAME 'thumbnailPhoto'\n"
    "  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch\n"
    "  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.2.210 NAME 'proxyAddresses' EQUALITY caseIgnoreMatch\n"
    "  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n"
    "attributetype ( 1.2.840.113556.1.2.3 NAME 'whenChanged'\n"
    "  SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE )\n"
    "attributetype ( 1.2.840.113556.1.4.1707 NAME 'msDS-ReplAttributeMetaData'\n"
    "  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n"
    "objectclass ( 1.3.6.1.4.1.99999.1 NAME 'directoryPerson' SUP top AUXILIARY\n"
    "  MAY ( thumbnailPhoto $ userPrincipalName $ proxyAddresses $ whenChanged $\n"
    "    msDS-ReplAttributeMetaData ) )\n";

static char *
in_folder(const char *name)
{
    return g_build_filename(peer.folder, name, NULL);
}

static void
write_file(const char *name, const char *text)
{
    g_autofree char *path = in_folder(name);
    g_autoptr(GError) error = NULL;

    g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    g_assert_no_error(error);
}

static void
run(const char *command)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;
    g_auto(GStrv) words = NULL;
    int status = 0;

    g_shell_parse_argv(command, NULL, &words, &error);
    g_assert_no_error(error);
    g_spawn_sync(peer.folder, words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status,
                 &error);
    g_assert_no_error(error);
    if (status != 0) {
        g_test_message("%s: %s", command, err);
    }
    g_assert_cmpint(status, ==, 0);
}

/* The server's name is 127.0.0.1 and nothing else. */
static void
make_certificates(void)
{
    write_file("san", "subjectAltName=IP:127.0.0.1\n");
    run("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Norvane CA' -keyout ca.key "
        "-out ca.pem");
    run("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Another CA' -keyout "
        "other.key -out other.pem");
    run("openssl req -newkey rsa:2048 -nodes -subj /CN=dc1 -keyout server.key -out server.csr");
    run("openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
        "-extfile san -out server.pem");
}

static guint16
free_port(void)
{
    g_autoptr(GSocketListener) listener = g_socket_listener_new();
    g_autoptr(GError) error = NULL;
    guint16 port = g_socket_listener_add_any_inet_port(listener, NULL, &error);

    g_assert_no_error(error);
    g_socket_listener_close(listener);
    return port;
}

static void
add_entry(GString *ldif, const char *name, const char *upn, const char *more)
{
    g_string_append_printf(ldif,
                           "dn: uid=%s,ou=people,dc=norvane,dc=example\n"
                           "objectClass: inetOrgPerson\nobjectClass: directoryPerson\n"
                           "uid: %s\ncn: %s\nsn: %s\nuserPrincipalName: %s\n%s\n",
                           name, name, name, name, upn, more);
}

static char *
attribute_line(const char *name, GBytes *bytes)
{
    gsize length = 0;
    const guchar *data = g_bytes_get_data(bytes, &length);
    g_autofree char *base64 = g_base64_encode(data, length);

    return g_strdup_printf("%s:: %s\n", name, base64);
}

static void
fill_directory(void)
{
    g_autoptr(GString) ldif = g_string_new("dn: dc=norvane,dc=example\nobjectClass: domain\ndc: "
                                           "norvane\n\ndn: ou=people,dc=norvane,dc=example\n"
                                           "objectClass: organizationalUnit\nou: people\n\n");
    g_autoptr(GBytes) small = script_make_photo(96);
    g_autoptr(GBytes) large = script_make_photo(1400);
    g_autofree char *thumbnail = attribute_line("thumbnailPhoto", small);
    g_autofree char *jpeg = attribute_line("jpegPhoto", small);
    g_autofree char *big = attribute_line("thumbnailPhoto", large);
    g_autofree char *anna = g_strconcat(
        "mail: staff01@norvane.example\nwhenChanged: 20261102080014.0Z\n"
        "msDS-ReplAttributeMetaData: <DS_REPL_ATTR_META_DATA><pszAttributeName>mail"
        "</pszAttributeName><ftimeLastOriginatingChange>2020-01-01T00:00:00Z"
        "</ftimeLastOriginatingChange></DS_REPL_ATTR_META_DATA>\n"
        "msDS-ReplAttributeMetaData: <DS_REPL_ATTR_META_DATA><pszAttributeName>thumbnailPhoto"
        "</pszAttributeName><ftimeLastOriginatingChange>2026-11-02T08:00:14Z"
        "</ftimeLastOriginatingChange></DS_REPL_ATTR_META_DATA>\n",
        thumbnail, NULL);

    g_assert_cmpuint(g_bytes_get_size(large), >, 102400);
    add_entry(ldif, "anna", "staff01@norvane.example", anna);
    add_entry(ldif, "shared", "other@norvane.example", "mail: staff01@norvane.example\n");
    add_entry(ldif, "big", "big@norvane.example", big);
    add_entry(ldif, "jpeg", "jpeg@norvane.example", jpeg);
    add_entry(ldif, "none", "none@norvane.example", "");
    add_entry(ldif, "odd", "o*d(d)\\x@norvane.example", thumbnail);
    add_entry(ldif, "broken", "broken@norvane.example", "thumbnailPhoto: this is no picture\n");
    write_file("people.ldif", ldif->str);
    run("/usr/sbin/slapadd -q -f slapd.conf -l people.ldif");
}

static void
wait_for_server(const char *url)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();

    for (int i = 0; i < 500; i++) {
        g_autoptr(GSocketConnection) connection =
            g_socket_client_connect_to_uri(client, url, 389, NULL, NULL);

        if (connection != NULL) {
            return;
        }
        g_usleep(20000);
    }
    g_error("slapd does not listen");
}

static void
start_peer(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *settings = NULL;
    g_autofree char *urls = NULL;
    g_autofree char *conf = NULL;

    peer.folder = g_dir_make_tmp("samephoto-slapd-XXXXXX", &error);
    g_assert_no_error(error);
    peer.plain = g_strdup_printf("ldap://127.0.0.1:%u", free_port());
    peer.secure = g_strdup_printf("ldaps://127.0.0.1:%u", free_port());
    make_certificates();
    settings =
        g_strdup_printf("%smodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
                        "TLSCACertificateFile %s/ca.pem\nTLSCertificateFile %s/server.pem\n"
                        "TLSCertificateKeyFile %s/server.key\npidfile %s/slapd.pid\n"
                        "database mdb\nsuffix \"dc=norvane,dc=example\"\nrootdn \"" ADMIN
                        "\"\nrootpw \"" PASSWORD "\"\ndirectory %s\n"
                        "access to * by users read by anonymous auth\n",
                        schema, peer.folder, peer.folder, peer.folder, peer.folder, peer.folder);
    write_file("slapd.conf", settings);
    write_file("right", PASSWORD "\n");
    write_file("wrong", "battery staple\n");
    fill_directory();
    conf = in_folder("slapd.conf");
    urls = g_strdup_printf("%s/ %s/", peer.plain, peer.secure);
    peer.slapd =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                         &error, "/usr/sbin/slapd", "-d", "0", "-f", conf, "-h", urls, NULL);
    g_assert_no_error(error);
    wait_for_server(peer.plain);
    wait_for_server(peer.secure);
}

static void
stop_peer(void)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", peer.folder);

    g_subprocess_force_exit(peer.slapd);
    g_subprocess_wait(peer.slapd, NULL, NULL);
    g_object_unref(peer.slapd);
    g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL);
    g_free(peer.folder);
    g_free(peer.plain);
    g_free(peer.secure);
}

typedef enum { OVER_LDAPS, OVER_STARTTLS, OVER_NOTHING } Way;

/* Somebody looked up in some way, and what comes of it. */
typedef struct {
    const char *name;
    Way way;
    const char *ca;       /* file */
    const char *password; /* file; NULL: nobody signs in */
    const char *base;     /* NULL: the directory's own */
    const char *upn;
    SpCopyStatus expected;
    const char *sentence;
} Case;

static const Case cases[] = {
    {"ldaps", OVER_LDAPS, "ca.pem", "right", NULL, "staff01@norvane.example", SP_COPY_PRESENT,
     NULL},
    {"starttls", OVER_STARTTLS, "ca.pem", "right", NULL, "staff01@norvane.example", SP_COPY_PRESENT,
     NULL},
    {"plain-on-loopback", OVER_NOTHING, "ca.pem", "right", NULL, "staff01@norvane.example",
     SP_COPY_PRESENT, NULL},
    {"large-photo", OVER_LDAPS, "ca.pem", "right", NULL, "big@norvane.example", SP_COPY_PRESENT,
     NULL},
    {"jpeg-photo", OVER_LDAPS, "ca.pem", "right", NULL, "jpeg@norvane.example", SP_COPY_PRESENT,
     NULL},
    {"filter-characters", OVER_LDAPS, "ca.pem", "right", NULL, "o*d(d)\\x@norvane.example",
     SP_COPY_PRESENT, NULL},
    {"no-wildcards", OVER_LDAPS, "ca.pem", "right", NULL, "*", SP_COPY_ABSENT, "no such person"},
    {"no-photo", OVER_LDAPS, "ca.pem", "right", NULL, "none@norvane.example", SP_COPY_ABSENT, NULL},
    {"nobody", OVER_LDAPS, "ca.pem", "right", NULL, "nobody@norvane.example", SP_COPY_ABSENT,
     "no such person"},
    {"broken-picture", OVER_LDAPS, "ca.pem", "right", NULL, "broken@norvane.example",
     SP_COPY_INVALID, "no picture that can be read"},
    {"wrong-password", OVER_LDAPS, "ca.pem", "wrong", NULL, "staff01@norvane.example",
     SP_COPY_DENIED, "password"},
    {"wrong-password-starttls", OVER_STARTTLS, "ca.pem", "wrong", NULL, "staff01@norvane.example",
     SP_COPY_DENIED, "49"},
    {"wrong-ca", OVER_LDAPS, "other.pem", "right", NULL, "staff01@norvane.example",
     SP_COPY_UNREACHABLE, "certificate"},
    {"wrong-ca-starttls", OVER_STARTTLS, "other.pem", "right", NULL, "staff01@norvane.example",
     SP_COPY_UNREACHABLE, "certificate"},
    {"wrong-base", OVER_LDAPS, "ca.pem", "right", "dc=elsewhere,dc=example",
     "staff01@norvane.example", SP_COPY_INVALID, "base-dn"},
    {"right-base", OVER_LDAPS, "ca.pem", "right", "ou=people,dc=norvane,dc=example",
     "staff01@norvane.example", SP_COPY_PRESENT, NULL},
    {"no-secret-file", OVER_LDAPS, "ca.pem", "not-there", NULL, "staff01@norvane.example",
     SP_COPY_DENIED, "password-file"},
};

static SpCopy *
fetch_from(const char *url, const Case *row)
{
    g_autofree char *ca = in_folder(row->ca);
    g_autofree char *password = in_folder(row->password);
    g_autofree char *base =
        row->base == NULL ? g_strdup("") : g_strdup_printf("base-dn=%s\n", row->base);
    g_autofree char *settings = g_strdup_printf(
        "directory=%s\n[directory]\nbind-dn=" ADMIN "\npassword-file=%s\nca-file=%s\n%s%s", url,
        password, ca, base, row->way == OVER_STARTTLS ? "starttls=true\n" : "");
    static const ScriptRow none[] = {{NULL, NULL, NULL, NULL}};
    g_autoptr(Script) script = script_new(none, settings);
    g_autoptr(SpPerson) person = script_make_person();

    g_free(person->user_principal_name);
    person->user_principal_name = g_strdup(row->upn);
    g_free(person->mail);
    person->mail = g_strdup(row->upn);
    return script_fetch(script, person, "directory");
}

static void
check(const SpCopy *copy, SpCopyStatus expected, const char *sentence)
{
    g_test_message("%s: %s", sp_copy_status_name(copy->status), copy->error);
    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, sp_copy_status_name(expected));
    if (sentence != NULL) {
        g_assert_nonnull(copy->error);
        g_assert_nonnull(strstr(copy->error, sentence));
        g_assert_null(strstr(copy->error, PASSWORD));
        g_assert_null(strstr(copy->error, "battery"));
    } else {
        g_assert_cmpstr(copy->error, ==, NULL);
    }
}

static void
test_case(gconstpointer data)
{
    const Case *row = data;
    g_autoptr(SpCopy) copy = fetch_from(row->way == OVER_LDAPS ? peer.secure : peer.plain, row);

    check(copy, row->expected, row->sentence);
}

static void
test_facts(void)
{
    g_autoptr(SpCopy) copy = fetch_from(peer.secure, &cases[0]);
    g_autoptr(SpCopy) big = fetch_from(peer.secure, &cases[3]);

    g_assert_cmpstr(sp_copy_get_fact(copy, SP_FACT_PHOTO_CHANGED), ==, "2026-11-02T08:00:14Z");
    g_assert_cmpstr(sp_copy_get_fact(copy, SP_FACT_WHEN_CHANGED), ==, "2026-11-02T08:00:14Z");
    g_assert_nonnull(copy->last_modified);
    g_assert_cmpint(sp_photo_get_width(copy->photo), ==, 96);
    g_assert_cmpint(atoi(sp_copy_get_fact(big, SP_FACT_DIRECTORY_BYTES)), >, 102400);
}

/* The certificate is for 127.0.0.1: the same server under another name is not believed. */
static void
test_wrong_host(void)
{
    g_autofree char *url = g_strdup_printf("ldaps://localhost%s", strrchr(peer.secure, ':'));
    g_autoptr(SpCopy) copy = fetch_from(url, &cases[0]);

    check(copy, SP_COPY_UNREACHABLE, "certificate");
}

static void
test_nobody_listens(void)
{
    g_autofree char *url = g_strdup_printf("ldaps://127.0.0.1:%u", free_port());
    g_autoptr(SpCopy) copy = fetch_from(url, &cases[0]);

    check(copy, SP_COPY_UNREACHABLE, "not reachable");
}

static void
test_refused_settings(void)
{
    static const struct {
        const char *url;
        const char *sentence;
    } rows[] = {
        {"ldap://dc1.norvane.example", "unencrypted"},
        {"ldaps://dc1.norvane.example:3269", "global catalog"},
        {"https://dc1.norvane.example", "ldaps://"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SpCopy) copy = fetch_from(rows[i].url, &cases[0]);

        check(copy, SP_COPY_SKIPPED, rows[i].sentence);
    }
}

static int n_ended;

/* Takes a connection and says nothing until the other side is gone. */
static gboolean
on_silent(GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
          gpointer user_data)
{
    char byte = 0;

    (void) service;
    (void) source;
    (void) user_data;
    while (g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(connection)), &byte, 1,
                               NULL, NULL) > 0) {
    }
    g_atomic_int_inc(&n_ended);
    g_main_context_wakeup(NULL);
    return TRUE;
}

static void
keep_copy(SpCopy *copy, gpointer user_data)
{
    (void) copy;
    (*(guint *) user_data)++;
}

static gboolean
cancel(gpointer data)
{
    g_cancellable_cancel(data);
    return G_SOURCE_REMOVE;
}

/* A server that is silent: a time limit without help, at once with a cancellation. */
static void
test_silent(void)
{
    g_autoptr(GSocketService) service = g_threaded_socket_service_new(8);
    guint16 port = g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(service), NULL, NULL);
    g_autofree char *url = g_strdup_printf("ldap://127.0.0.1:%u", port);
    g_autofree char *text =
        g_strdup_printf("[tenant]\nname=norvane\n[endpoints]\ndirectory=%s\n[network]\ntimeout=2\n"
                        "connect-timeout=1\n[services]\nenabled=directory\n",
                        url);
    g_autoptr(SpConfig) config = sp_config_parse(text, "test.conf", NULL);
    g_autoptr(SpClient) client = sp_client_new(config, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GAsyncResult) stopped = NULL;
    g_autoptr(GError) error = NULL;
    guint n_copies = 0;

    g_signal_connect(service, "run", G_CALLBACK(on_silent), NULL);
    g_socket_service_start(service);
    sp_collect_async(client, person, NULL, keep_copy, &n_copies, NULL, loopback_store_result,
                     &result);
    g_assert_true(sp_collect_finish(loopback_wait(&result), NULL));
    g_assert_cmpuint(n_copies, ==, 1);
    g_timeout_add(100, cancel, cancellable);
    sp_collect_async(client, person, NULL, keep_copy, &n_copies, cancellable, loopback_store_result,
                     &stopped);
    g_assert_false(sp_collect_finish(loopback_wait(&stopped), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CANCELLED);
    g_assert_cmpuint(n_copies, ==, 1);
    g_socket_service_stop(service);
    g_socket_listener_close(G_SOCKET_LISTENER(service));
}

/* A cancellation ends the worker where it waits, long before its time limits. */
static void
test_cancelled(gconstpointer scheme)
{
    g_autoptr(GSocketService) service = g_threaded_socket_service_new(8);
    guint16 port = g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(service), NULL, NULL);
    g_autofree char *text = g_strdup_printf("[endpoints]\ndirectory=%s://127.0.0.1:%u\n"
                                            "[network]\ntimeout=600\nconnect-timeout=600\n",
                                            (const char *) scheme, port);
    g_autoptr(SpConfig) config = sp_config_parse(text, "test.conf", NULL);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    gboolean is_encrypted = FALSE;
    int before = g_atomic_int_get(&n_ended);

    g_signal_connect(service, "run", G_CALLBACK(on_silent), NULL);
    g_socket_service_start(service);
    sp_directory_reach_async(config, TRUE, cancellable, loopback_store_result, &result);
    g_timeout_add(100, cancel, cancellable);
    sp_directory_reach_finish(loopback_wait(&result), &is_encrypted, &error);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    while (g_atomic_int_get(&n_ended) == before) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_socket_service_stop(service);
    g_socket_listener_close(G_SOCKET_LISTENER(service));
}

/* What doctor finds out about a directory, and with which error. */
typedef struct {
    const char *name;
    const char *ca;
    const char *password;
    int code; /* of SP_ERROR; -1: none */
    const char *sentence;
} Reach;

static const Reach reaches[] = {
    {"reached", "ca.pem", "right", -1, "its certificate is trusted, it takes the sign-in"},
    {"reached-wrong-password", "ca.pem", "wrong", SP_ERROR_AUTH, "result 49"},
    {"reached-wrong-ca", "other.pem", "right", SP_ERROR_TLS, "certificate was not accepted"},
    {"reached-no-password", "ca.pem", "not-there", SP_ERROR_CONFIG, "password-file"},
};

static void
test_reach(gconstpointer data)
{
    const Reach *row = data;
    g_autofree char *ca = in_folder(row->ca);
    g_autofree char *password = in_folder(row->password);
    g_autofree char *text = g_strdup_printf(
        "[tenant]\nname=norvane\n[endpoints]\ndirectory=%s\nlogin=http://127.0.0.1:9\n"
        "graph=http://127.0.0.1:9\n[services]\nenabled=directory\n"
        "[directory]\nbind-dn=" ADMIN "\npassword-file=%s\nca-file=%s\n",
        peer.secure, password, ca);
    g_autoptr(SpConfig) config = sp_config_parse(text, "test.conf", NULL);
    g_autoptr(SpClient) client = sp_client_new(config, NULL);
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GAsyncResult) examined = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GError) error = NULL;
    gboolean is_encrypted = FALSE;
    guint n_found = 0;

    sp_directory_reach_async(config, TRUE, NULL, loopback_store_result, &result);
    sp_directory_reach_finish(loopback_wait(&result), &is_encrypted, &error);
    g_assert_cmpint(error == NULL ? -1 : error->code, ==, row->code);
    sp_doctor_run_async(client, NULL, loopback_store_result, &examined);
    rows = sp_doctor_run_finish(loopback_wait(&examined), NULL);
    for (guint i = 0; i < rows->len; i++) {
        const SpDoctorRow *found = g_ptr_array_index(rows, i);

        if (strcmp(found->what, "Directory") == 0) {
            g_assert_nonnull(strstr(found->sentence, row->sentence));
            g_assert_cmpint(found->state, ==, row->code == -1 ? SP_DOCTOR_OK : SP_DOCTOR_FAIL);
            n_found++;
        }
    }
    g_assert_cmpuint(n_found, ==, 1);
}

static void
test_text(void)
{
    g_autofree char *escaped = sp_directory_escape("a*b(c)d\\e");
    g_autoptr(GDateTime) time = sp_directory_read_time("20261102080014.0Z");

    g_assert_cmpstr(escaped, ==, "a\\2ab\\28c\\29d\\5ce");
    g_assert_nonnull(time);
    g_assert_null(sp_directory_read_time("yesterday, about noon"));
    g_assert_nonnull(strstr(sp_directory_bind_reason("80090308: LdapErr: DSID-0C090439, comment: "
                                                     "AcceptSecurityContext error, data 775, v1"),
                            "locked"));
    g_assert_null(sp_directory_bind_reason("data 7751"));
    g_assert_null(sp_directory_bind_reason(NULL));
}

int
main(int argc, char **argv)
{
    int code = 0;

    g_test_init(&argc, &argv, NULL);
    start_peer();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/directory/%s", cases[i].name);

        g_test_add_data_func(path, &cases[i], test_case);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(reaches); i++) {
        g_autofree char *path = g_strconcat("/directory/", reaches[i].name, NULL);

        g_test_add_data_func(path, &reaches[i], test_reach);
    }
    g_test_add_func("/directory/facts", test_facts);
    g_test_add_func("/directory/wrong-host", test_wrong_host);
    g_test_add_func("/directory/nobody-listens", test_nobody_listens);
    g_test_add_func("/directory/refused-settings", test_refused_settings);
    g_test_add_func("/directory/silent-server", test_silent);
    g_test_add_data_func("/directory/cancelled-in-tls", "ldaps", test_cancelled);
    g_test_add_data_func("/directory/cancelled-in-sign-in", "ldap", test_cancelled);
    g_test_add_func("/directory/text", test_text);
    code = g_test_run();
    stop_peer();
    return code;
}
