/* Exchange, Viva Engage, any further source, and looking people up, against scripted answers. */

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "tests/unit/script.h"

#define EWS         "GetUserPhoto"
#define USER        "by_email.json"
#define IMAGE       "Content-Type: image/jpeg\r\n"
#define JSON        "Content-Type: application/json\r\n"
#define EWS_ON      "[services]\nenabled=exchange\n"
#define ON_PREMISES "[exchange]\nkind=on-premises\nauth=negotiate\n"
#define HR          "[source hr]\ntitle=HR photo\nurl=http://127.0.0.1:9/{id}\n"

typedef struct {
    const char *name;
    const char *id;
    const char *settings;
    ScriptRow rows[3];
    SpCopyStatus expected;
    const char *sentence;
    guint n_second; /* requests that the other host may see; none has a bearer */
} Case;

static const Case cases[] = {
    {"exchange-photo",
     "exchange",
     EWS_ON,
     {{"size=HR648x648", "200 OK", IMAGE "ETag: \"20261102T080014Z\"\r\n", NULL}},
     SP_COPY_PRESENT,
     NULL,
     0},
    {"exchange-none",
     "exchange",
     EWS_ON,
     {{EWS, "404 Not Found", "", ""}},
     SP_COPY_ABSENT,
     NULL,
     0},
    {"exchange-wrong-address",
     "exchange",
     EWS_ON,
     {{EWS, "404 Not Found", "Content-Type: text/html\r\n", "<html>404 GetUserPhoto</html>"}},
     SP_COPY_INVALID,
     "a web page",
     0},
    {"exchange-wrong-address-on-premises",
     "exchange",
     ON_PREMISES,
     {{EWS, "404 Not Found", "", "<!DOCTYPE html><title>404</title>"}},
     SP_COPY_INVALID,
     "a web page",
     0},
    {"exchange-no-mailbox",
     "exchange",
     EWS_ON,
     {{EWS, "404 Not Found", "Content-Type: text/xml\r\n",
       "<s:Envelope><ResponseCode>ErrorNonExistentMailbox</ResponseCode></s:Envelope>"}},
     SP_COPY_ABSENT,
     "no such mailbox",
     0},
    {"exchange-unchanged",
     "exchange",
     EWS_ON,
     {{EWS, "304 Not Modified", "ETag: \"20261102T080014Z\"\r\n", ""}},
     SP_COPY_INVALID,
     "nothing has changed",
     0},
    {"exchange-redirected",
     "exchange",
     EWS_ON,
     {{EWS, "302 Found", "Location: %s/EWS/photo\r\n", ""}},
     SP_COPY_INVALID,
     "another place",
     0},
    {"exchange-token",
     "exchange",
     EWS_ON,
     {{EWS, "401 Unauthorized", "WWW-Authenticate: Bearer\r\n", ""}},
     SP_COPY_DENIED,
     "sign in again",
     0},
    {"exchange-windows-sign-in",
     "exchange",
     ON_PREMISES,
     {{EWS, "401 Unauthorized", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n", ""}},
     SP_COPY_DENIED,
     "[exchange] auth",
     0},
    {"exchange-disabled",
     "exchange",
     EWS_ON,
     {{EWS, "403 Forbidden", "X-EWS-Policy-Reason: EWS is disabled for this user or tenant\r\n",
       ""}},
     SP_COPY_BLOCKED,
     "EWS is disabled for this user or tenant",
     0},
    {"exchange-policy",
     "exchange",
     EWS_ON,
     {{EWS, "403 Forbidden",
       "X-EWS-Policy-Reason: EWS is blocked by policy for this user or tenant\r\n", ""}},
     SP_COPY_BLOCKED,
     "retired",
     0},
    {"exchange-plain-403",
     "exchange",
     EWS_ON,
     {{EWS, "403 Forbidden", "", ""}},
     SP_COPY_DENIED,
     "EWS.AccessAsUser.All",
     0},
    {"exchange-too-old",
     "exchange",
     EWS_ON,
     {{EWS, "200 OK", "Content-Type: text/html\r\n", "<html><body>Service</body></html>"}},
     SP_COPY_INVALID,
     "too old",
     0},
    {"exchange-too-old-xml",
     "exchange",
     EWS_ON,
     {{EWS, "200 OK", "Content-Type: text/xml\r\n",
       "<?xml version=\"1.0\"?><wsdl:definitions name=\"ExchangeServices\"/>"}},
     SP_COPY_INVALID,
     "too old",
     0},
    {"exchange-forbidden-on-premises",
     "exchange",
     ON_PREMISES,
     {{EWS, "403 Forbidden", "", ""}},
     SP_COPY_DENIED,
     "Exchange administrator",
     0},
    {"exchange-busy",
     "exchange",
     EWS_ON,
     {{EWS, "503 Service Unavailable", "Retry-After: 66\r\n", ""}},
     SP_COPY_THROTTLED,
     "66 s",
     0},
    {"exchange-busy-soap",
     "exchange",
     EWS_ON,
     {{EWS, "200 OK", "Content-Type: text/xml\r\n",
       "<s:Envelope><ResponseCode>ErrorServerBusy</ResponseCode></s:Envelope>"}},
     SP_COPY_THROTTLED,
     "busy",
     0},
    {"exchange-busy-soap-with-wait",
     "exchange",
     EWS_ON,
     {{EWS, "500 Internal Server Error", "Content-Type: text/xml\r\n",
       "<s:Envelope><ResponseCode>ErrorServerBusy</ResponseCode><t:Value "
       "Name=\"BackOffMilliseconds\">297749</t:Value></s:Envelope>"}},
     SP_COPY_THROTTLED,
     "298 s",
     0},
    {"exchange-busy-soap-on-premises",
     "exchange",
     ON_PREMISES,
     {{EWS, "500 Internal Server Error", "Content-Type: text/xml\r\nRetry-After: 67\r\n",
       "<s:Envelope><ResponseCode>ErrorServerBusy</ResponseCode></s:Envelope>"}},
     SP_COPY_THROTTLED,
     "67 s",
     0},
    {"engage-photo",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON,
       "[{\"type\":\"user\",\"mugshot_url\":\"%s/m?size=48x48\",\"mugshot_url_template\":"
       "\"%s/m?sig=1&size={width}x{height}\"}]"}},
     SP_COPY_PRESENT,
     NULL,
     1},
    {"engage-old-template",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON, "[{\"mugshot_url_template\":\"%s/{width}x{height}/k3P\"}]"}},
     SP_COPY_PRESENT,
     NULL,
     1},
    {"engage-no-photo",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON,
       "[{\"mugshot_url\":\"%s/images/no_photo.png?x=1\",\"mugshot_url_template\":"
       "\"%s/images/{width}x{height}/no_photo.png\",\"show_ask_for_photo\":true}]"}},
     SP_COPY_ABSENT,
     NULL,
     0},
    {"engage-object",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON, "{\"type\":\"user\",\"mugshot_url\":\"%s/m\"}"}},
     SP_COPY_PRESENT,
     NULL,
     1},
    {"engage-nobody",
     "viva-engage",
     NULL,
     {{USER, "404 Not Found", "", ""}},
     SP_COPY_ABSENT,
     "not used",
     0},
    {"engage-wrong-address",
     "viva-engage",
     NULL,
     {{USER, "404 Not Found", "Content-Type: text/html; charset=utf-8\r\n", "<html>404</html>"}},
     SP_COPY_INVALID,
     "a web page",
     0},
    {"engage-empty-list",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON, "[]"}},
     SP_COPY_ABSENT,
     "not used",
     0},
    {"engage-file-address",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON, "[{\"mugshot_url\":\"file:///etc/hostname\"}]"}},
     SP_COPY_INVALID,
     "not safe",
     0},
    {"engage-throttled",
     "viva-engage",
     NULL,
     {{USER, "429 Too Many Requests", "Retry-After: 30\r\n", ""}},
     SP_COPY_THROTTLED,
     "30 s",
     0},
    {"engage-token",
     "viva-engage",
     NULL,
     {{USER, "401 Unauthorized", JSON, "{\"response\":{\"stat\":\"fail\"}}"}},
     SP_COPY_DENIED,
     "sign in again",
     0},
    {"engage-redirected",
     "viva-engage",
     NULL,
     {{USER, "302 Found", "Location: %s/users\r\n", ""}},
     SP_COPY_INVALID,
     "another place",
     0},
    {"engage-picture-redirected",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON, "[{\"mugshot_url\":\"%s/redirect/m\"}]"}},
     SP_COPY_PRESENT,
     NULL,
     2},
    {"engage-picture-run-out",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON, "[{\"mugshot_url\":\"%s/run-out\"}]"}},
     SP_COPY_UNREACHABLE,
     "read it again",
     1},
    {"engage-picture-gone",
     "viva-engage",
     NULL,
     {{USER, "200 OK", JSON, "[{\"mugshot_url\":\"%s/gone\"}]"}},
     SP_COPY_INVALID,
     "it is gone",
     1},
    /* Asked for, but by broken settings: that is no answer, and never passed over. */
    {"exchange-no-password-file",
     "exchange",
     ON_PREMISES "user=x\npassword-file=/no/such/file\n",
     {{NULL, NULL, NULL, NULL}},
     SP_COPY_DENIED,
     "/no/such/file cannot be read",
     0},
    {"source-no-header-file",
     "hr",
     HR "header-file=/no/such/file\n",
     {{NULL, NULL, NULL, NULL}},
     SP_COPY_DENIED,
     "/no/such/file cannot be read",
     0},
    {"source-unreachable", "hr", HR, {{NULL, NULL, NULL, NULL}}, SP_COPY_UNREACHABLE, "hr", 0},
};

static void
test_case(gconstpointer data)
{
    const Case *row = data;
    g_autoptr(Script) script = script_new(row->rows, row->settings);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, row->id);
    Loopback *second = script_get_second(script);

    g_test_message("%s: %s", sp_copy_status_name(copy->status), copy->error);
    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, sp_copy_status_name(row->expected));
    g_assert_cmpstr(sp_copy_get_fact(copy, SP_FACT_EXCHANGE_KIND), ==,
                    g_strcmp0(row->settings, ON_PREMISES) == 0 ? "on-premises" : NULL);
    if (row->sentence == NULL) {
        g_assert_cmpstr(copy->error, ==, NULL);
    } else {
        g_assert_nonnull(strstr(copy->error, row->sentence));
    }
    g_assert_cmpuint(loopback_count(second), ==, row->n_second);
    script_assert_exit_code(script, person, copy);
    g_assert_cmpuint(script_count(second, "Authorization"), ==, 0);
    g_assert_cmpuint(script_count(second, "{width}"), ==, 0);
}

/* The source's header is its key: it stays at home when the source redirects. */
static void
test_source_header(void)
{
    static const ScriptRow rows[] = {
        {"/hr/", "302 Found", "Location: %s/elsewhere.jpg\r\n", ""},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Loopback) probe = NULL;
    g_autofree char *file = NULL;
    g_autofree char *settings = NULL;
    g_autoptr(GError) error = NULL;
    int fd = g_file_open_tmp("samephoto-header-XXXXXX", &file, &error);

    (void) probe;
    g_assert_no_error(error);
    g_close(fd, NULL);
    g_file_set_contents(file, "X-Api-Key: secret-of-the-source\n", -1, NULL);
    g_chmod(file, 0600);
    /* The server's port is only known later: the source is reached through the second key. */
    settings = g_strdup_printf("[source hr]\nurl=http://127.0.0.1:1/hr/{upn}/{size}\n"
                               "header-file=%s\n",
                               file);
    g_autoptr(Script) first = script_new(rows, settings);
    g_autofree char *base = loopback_url(script_get_server(first), "/hr/{upn}/{size}");
    g_autofree char *text = g_strdup_printf("[source hr]\nurl=%s\nheader-file=%s\n", base, file);
    g_autoptr(Script) script = script_new(rows, text);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "hr");
    Loopback *server = script_get_server(first);

    g_unlink(file);
    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, "present");
    g_assert_cmpuint(script_count(server, "/hr/staff01%40norvane.example/648"), ==, 1);
    g_assert_cmpuint(script_count(server, "X-Api-Key: secret-of-the-source"), ==, 1);
    g_assert_cmpuint(script_count(server, "Authorization"), ==, 0);
    g_assert_cmpuint(loopback_count(script_get_second(first)), ==, 1);
    g_assert_cmpuint(script_count(script_get_second(first), "X-Api-Key"), ==, 0);
}

/* Looking people up: what each refusal is, told apart. */
typedef struct {
    const char *name;
    const char *status;
    const char *headers;
    const char *body;
    SpError expected;
    const char *sentence;
} FindRow;

static const FindRow find_rows[] = {
    {"refused", "403 Forbidden", "", "{\"error\":{\"code\":\"Authorization_RequestDenied\"}}",
     SP_ERROR_AUTH, "User.Read.All"},
    {"token", "401 Unauthorized", "", "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}",
     SP_ERROR_AUTH, "sign in again"},
    {"nobody", "404 Not Found", "", "{\"error\":{\"code\":\"Request_ResourceNotFound\"}}",
     SP_ERROR_NOT_FOUND, "Nobody is called"},
    {"throttled", "429 Too Many Requests", "Retry-After: 99\r\n", "{}", SP_ERROR_THROTTLED, "99 s"},
    {"fault", "500 Internal Server Error", "", "{}", SP_ERROR_NETWORK, "fault of its own"},
    {"garbage", "200 OK", "", "<html>", SP_ERROR_FORMAT, "no JSON"},
    {"redirect", "302 Found", "Location: %s/users\r\n", "", SP_ERROR_PROTOCOL, "another place"},
};

static GPtrArray *
find(Script *script, const char *query, GError **error)
{
    g_autoptr(GAsyncResult) result = NULL;

    sp_person_find_async(script_get_client(script), query, NULL, loopback_store_result, &result);
    return sp_person_find_finish(loopback_wait(&result), error);
}

static void
test_find(gconstpointer data)
{
    const FindRow *row = data;
    const ScriptRow rows[] = {{"/users", row->status, row->headers, row->body},
                              {NULL, NULL, NULL, NULL}};
    g_autoptr(Script) script = script_new(rows, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) people = find(script, "staff01@norvane.example", &error);

    g_assert_null(people);
    g_assert_error(error, SP_ERROR, row->expected);
    g_assert_nonnull(strstr(error->message, row->sentence));
    g_assert_cmpuint(loopback_count(script_get_second(script)), ==, 0);
}

/* Names that mean something in an address, and how they are spelled there. */
static void
test_spelling(void)
{
    static const struct {
        const char *query;
        const char *words; /* in the request */
    } rows[] = {
        {"o'hara_x#EXT#@norvane.example", "/users/o%27hara_x%23EXT%23%40norvane.example?"},
        {"$odd@norvane.example", "/users('%24odd%40norvane.example')?"},
        {"j\xc3\xb8rn@norvane.example", "/users/j%C3%B8rn%40norvane.example?"},
        {"a'b@norvane.example", "mail%20eq%20%27a%27%27b%40norvane.example%27"},
        {"M\xc3\xbcller", "$search=%22displayName%3AM%C3%BCller%22"},
        {"a/../me@norvane.example", "/users/a%2F..%2Fme%40norvane.example?"},
    };
    static const ScriptRow none[] = {{NULL, NULL, NULL, NULL}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Script) script = script_new(none, NULL);
        g_autoptr(GPtrArray) people = find(script, rows[i].query, NULL);

        g_assert_null(people);
        g_test_message("%s", rows[i].query);
        g_assert_cmpuint(script_count(script_get_server(script), rows[i].words), ==, 1);
    }
}

/* The next page lies on another host: it is not asked, and what there is, is shown. */
static void
test_next_link(void)
{
    static const ScriptRow rows[] = {
        {"/users?", "200 OK", JSON,
         "{\"@odata.nextLink\":\"%s/v1.0/users?$skiptoken=x\",\"value\":[{\"id\":\"1\","
         "\"userPrincipalName\":\"a@norvane.example\",\"displayName\":\"A\\u001b[31m\"}]}"},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Script) script = script_new(rows, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) people = find(script, "A", &error);
    const SpPerson *person = NULL;

    g_assert_no_error(error);
    g_assert_cmpuint(people->len, ==, 1);
    person = g_ptr_array_index(people, 0);
    g_assert_null(strchr(person->display_name, '\033'));
    g_assert_cmpint(person->has_exchange_plan, ==, SP_UNKNOWN);
    g_assert_cmpuint(loopback_count(script_get_second(script)), ==, 0);
}

/* A list of everybody that ends early would pass for everybody: it is an error, and told. */
static void
test_page_elsewhere(void)
{
    static const ScriptRow rows[] = {
        {"/users?", "200 OK", JSON,
         "{\"@odata.nextLink\":\"%s/v1.0/users?$skiptoken=x\",\"value\":[{\"id\":\"1\","
         "\"userPrincipalName\":\"a@norvane.example\"}]}"},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Script) script = script_new(rows, NULL);
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *next = NULL;

    sp_person_page_async(script_get_client(script), NULL, NULL, loopback_store_result, &result);
    g_assert_null(sp_person_page_finish(loopback_wait(&result), &next, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_PROTOCOL);
    g_assert_null(next);
    g_assert_cmpuint(loopback_count(script_get_second(script)), ==, 0);
}

static void
test_plan(void)
{
    g_autoptr(SpConfig) plain = sp_config_parse("[tenant]\nname=norvane\n", "test", NULL);
    g_autoptr(SpConfig) own = sp_config_parse(
        "[services]\nenabled=graph;sharepoint;hr;tpyo\n[source hr]\nurl=https://hr.example/x\n",
        "test", NULL);
    SpCollectOptions options = {.reference_file = "x.jpg"};
    g_auto(GStrv) by_default = sp_collect_plan(plain, NULL);
    g_auto(GStrv) named = sp_collect_plan(own, &options);
    g_autofree char *first = g_strjoinv(" ", by_default);
    g_autofree char *second = g_strjoinv(" ", named);

    g_assert_cmpstr(first, ==, "graph sharepoint-s sharepoint-m sharepoint-l viva-engage");
    g_assert_cmpstr(second, ==, "file graph sharepoint-s sharepoint-m sharepoint-l hr tpyo");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/services/%s", cases[i].name);

        g_test_add_data_func(path, &cases[i], test_case);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(find_rows); i++) {
        g_autofree char *path = g_strdup_printf("/person/%s", find_rows[i].name);

        g_test_add_data_func(path, &find_rows[i], test_find);
    }
    g_test_add_func("/services/source-header-stays-at-home", test_source_header);
    g_test_add_func("/person/spelling", test_spelling);
    g_test_add_func("/person/next-link-elsewhere", test_next_link);
    g_test_add_func("/person/next-link-elsewhere-of-everybody", test_page_elsewhere);
    g_test_add_func("/services/plan", test_plan);
    return g_test_run();
}
