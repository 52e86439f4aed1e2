#include "tests/unit/script.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#include "core/guide/check.h"

#define TOKEN                                                                                      \
    "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"token-of-the-test\","       \
    "\"refresh_token\":\"refresh-of-the-test\"}"

struct Script {
    const ScriptRow *rows;
    Loopback *server;
    Loopback *second;
    char *second_base;
    GBytes *photo;
    SpClient *client;
};

GBytes *
script_make_photo(int side)
{
    g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, side, side);
    guchar *pixels = gdk_pixbuf_get_pixels(pixbuf);
    int stride = gdk_pixbuf_get_rowstride(pixbuf);
    g_autoptr(GError) error = NULL;
    char *data = NULL;
    gsize length = 0;

    for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
            int u = x * 256 / side;
            int v = y * 256 / side;
            guchar *p = pixels + y * stride + x * 3;
            int wave = ((u / 23) * 37 + (v / 31) * 53 + (u * v) / 97) & 0xff;

            p[0] = (guchar) (200 - wave / 2);
            p[1] = (guchar) ((u + wave) & 0xff);
            p[2] = (guchar) ((v * 2 + wave / 3) & 0xff);
        }
    }
    gdk_pixbuf_save_to_buffer(pixbuf, &data, &length, "jpeg", &error, NULL);
    g_assert_no_error(error);
    return g_bytes_new_take(data, length);
}

static void
send_bytes(GOutputStream *out, const char *status, const char *headers, GBytes *body)
{
    gsize length = 0;
    gconstpointer data = g_bytes_get_data(body, &length);
    g_autofree char *head =
        g_strdup_printf("HTTP/1.1 %s\r\n%sConnection: close\r\nContent-Length: %zu\r\n\r\n", status,
                        headers, length);

    loopback_say(out, head);
    g_output_stream_write_all(out, data, length, NULL, NULL, NULL);
}

static char *
put_second(const Script *script, const char *text)
{
    GString *filled = g_string_new(text == NULL ? "" : text);

    g_string_replace(filled, "%s", script->second_base, 0);
    return g_string_free(filled, FALSE);
}

static void
answer_row(Script *script, const ScriptRow *row, GOutputStream *out)
{
    g_autofree char *headers = put_second(script, row->headers);

    if (row->body == NULL) {
        send_bytes(out, row->status, headers, script->photo);
    } else {
        g_autofree char *body = put_second(script, row->body);

        loopback_answer(out, row->status, headers, body);
    }
}

static void
on_request(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    Script *script = user_data;
    g_autofree char *line = g_strndup(request, strcspn(request, "\r"));

    (void) number;
    for (const ScriptRow *row = script->rows; row->words != NULL; row++) {
        if (strstr(*row->words == '{' ? request : line, row->words) != NULL) {
            answer_row(script, row, out);
            return;
        }
    }
    if (strstr(line, "/oauth2/v2.0/token") != NULL) {
        loopback_answer(out, "200 OK", "Content-Type: application/json\r\n", TOKEN);
        return;
    }
    loopback_answer(out, "404 Not Found", "", "{\"error\":{\"code\":\"NoRowInThisTest\"}}");
}

static void
on_second(const char *request, guint number, GOutputStream *out, gpointer user_data)
{
    Script *script = user_data;

    (void) number;
    if (g_str_has_prefix(request, "GET /run-out")) {
        loopback_answer(out, "403 Forbidden", "", "ERROR 403: Time-Limited URL validation failed");
    } else if (g_str_has_prefix(request, "GET /gone")) {
        loopback_answer(out, "404 Not Found", "", "");
    } else if (g_str_has_prefix(request, "GET /redirect/")) {
        loopback_answer(out, "302 Found", "Location: /photo\r\n", "");
    } else {
        send_bytes(out, "200 OK", "Content-Type: image/jpeg\r\n", script->photo);
    }
}

Script *
script_new(const ScriptRow *rows, const char *settings)
{
    Script *script = g_new0(Script, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpConfig) config = NULL;
    g_autofree char *base = NULL;
    g_autofree char *text = NULL;

    script->rows = rows;
    script->photo = script_make_photo(240);
    script->server = loopback_new(on_request, script);
    script->second = loopback_new(on_second, script);
    script->second_base = loopback_url(script->second, "");
    base = loopback_url(script->server, "");
    text = g_strdup_printf(
        "[tenant]\nname=norvane\nid=7d1f0c52-3b7e-4a0a-9a54-5f1c6b9d2e10\n[sign-in]\nclient-id=c\n"
        "[network]\ntimeout=5\nconnect-timeout=2\n"
        "[endpoints]\nlogin=%s/login\ngraph=%s/graph\nsharepoint=%s/sharepoint\nmy=%s/my\n"
        "viva-engage=%s/engage\nexchange=%s/exchange\n%s",
        base, base, base, base, base, base, settings == NULL ? "" : settings);
    config = sp_config_parse(text, "test.conf", &error);
    g_assert_no_error(error);
    script->client = sp_client_new(config, &error);
    g_assert_no_error(error);
    sp_tokens_use_refresh_token(sp_client_get_tokens(script->client), "refresh-of-the-test");
    return script;
}

/* The servers stay (see loopback.c), and with them what their threads may still read. */
void
script_free(Script *script)
{
    g_clear_pointer(&script->client, sp_client_unref);
    loopback_free(script->server);
    loopback_free(script->second);
    script->rows = NULL;
    static GSList *kept;
    kept = g_slist_prepend(kept, script);
}

SpClient *
script_get_client(const Script *script)
{
    return script->client;
}

Loopback *
script_get_server(const Script *script)
{
    return script->server;
}

Loopback *
script_get_second(const Script *script)
{
    return script->second;
}

SpPerson *
script_make_person(void)
{
    SpPerson *person = sp_person_new();

    person->id = g_strdup("4c1e9a70-0d2b-4f6e-8a11-2b7d90c3e5f4");
    person->user_principal_name = g_strdup("staff01@norvane.example");
    person->mail = g_strdup("staff01@norvane.example");
    person->display_name = g_strdup("Staff Zero One");
    return person;
}

static void
on_copy(SpCopy *copy, gpointer user_data)
{
    g_ptr_array_add(user_data, sp_copy_ref(copy));
}

SpCopy *
script_fetch(Script *script, const SpPerson *person, const char *id)
{
    const char *const wanted[] = {id, NULL};
    SpCollectOptions options = {.wanted = wanted};
    g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func((GDestroyNotify) sp_copy_unref);
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;

    sp_collect_async(script->client, person, &options, on_copy, copies, NULL, loopback_store_result,
                     &result);
    loopback_wait(&result);
    sp_collect_finish(result, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(copies->len, ==, 1);
    return sp_copy_ref(g_ptr_array_index(copies, 0));
}

static void
on_check(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    (void) check;
    (void) service;
    *(gboolean *) user_data |= event == SP_CHECK_DONE || event == SP_CHECK_FAILED;
}

void
script_assert_exit_code(Script *script, const SpPerson *person, const SpCopy *copy)
{
    static const int codes[] = {
        [SP_COPY_PRESENT] = 0, [SP_COPY_ABSENT] = 1,      [SP_COPY_PLACEHOLDER] = 1,
        [SP_COPY_DENIED] = 4,  [SP_COPY_BLOCKED] = 3,     [SP_COPY_THROTTLED] = 3,
        [SP_COPY_INVALID] = 3, [SP_COPY_UNREACHABLE] = 5, [SP_COPY_SKIPPED] = 3,
    };
    const char *const wanted[] = {copy->service, NULL};
    SpCheckOptions options = {.person = person, .wanted = wanted};
    gboolean is_done = FALSE;
    g_autoptr(SpCheck) check = NULL;

    check = sp_check_start(script->client, &options, on_check, &is_done);
    while (!is_done) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_cmpint(sp_check_exit_code(check), ==, codes[copy->status]);
}

guint
script_count(Loopback *server, const char *words)
{
    guint count = 0;

    for (guint i = 1; i <= loopback_count(server); i++) {
        g_autofree char *request = loopback_request(server, i);

        count += strstr(request, words) != NULL;
    }
    return count;
}
