/* The error tables of the sign-in service (reference 8.1, 8.4): each answer reaches the person as a
 * status, a sentence that says who can mend it, and an exit code. */

#include <glib.h>
#include <string.h>

#include "core/error.h"
#include "core/net/sign-in.h"
#include "tests/unit/script.h"
#include "tui/commands/command.h"

#define JSON  "Content-Type: application/json; charset=utf-8\r\n"
#define TOKEN "/oauth2/v2.0/token"

/* The body of 8.4; `text` stands between the number and the trace. */
#define BODY(error, number, text)                                                                  \
    "{\"error\":\"" error "\",\"error_description\":\"AADSTS" #number ": " text                    \
    " Trace ID: 9a0c Correlation ID: 51de Timestamp: 2026-11-18 09:14:02Z\",\"error_codes\":"      \
    "[" #number "],\"timestamp\":\"2026-11-18 09:14:02Z\",\"trace_id\":\"9a0c\","                  \
    "\"correlation_id\":\"51de\",\"error_uri\":\"https://login.microsoftonline.com/"               \
    "error?code=" #number "\"}"

typedef struct {
    const char *name;
    const char *status;
    const char *body;
    SpCopyStatus expected;
    const char *sentence;
} Row;

static const Row rows[] = {
    {"no-such-scope", "400 Bad Request", BODY("invalid_scope", 70011, "x"), SP_COPY_DENIED,
     "does not exist for this service; check cloud= and name= under [tenant] (AADSTS70011)"},
    {"no-such-user", "400 Bad Request", BODY("invalid_grant", 50034, "x"), SP_COPY_DENIED,
     "The tenant has no such account"},
    {"locked", "400 Bad Request", BODY("invalid_grant", 50053, "x"), SP_COPY_DENIED, "is locked"},
    {"disabled", "400 Bad Request", BODY("invalid_grant", 50057, "x"), SP_COPY_DENIED,
     "an administrator must enable it"},
    {"bad-credentials", "400 Bad Request", BODY("invalid_grant", 50126, "x"), SP_COPY_DENIED,
     "the password is wrong"},
    {"revoked", "400 Bad Request", BODY("invalid_grant", 50173, "x"), SP_COPY_DENIED,
     "run: samephoto sign-in (AADSTS50173)"},
    {"no-consent", "400 Bad Request", BODY("invalid_grant", 65001, "x"), SP_COPY_DENIED,
     "Consent is missing: an administrator grants"},
    {"expired", "400 Bad Request", BODY("invalid_grant", 70008, "x"), SP_COPY_DENIED,
     "The sign-in has expired; run: samephoto sign-in"},
    {"expired-unused", "400 Bad Request", BODY("invalid_grant", 700082, "x"), SP_COPY_DENIED,
     "not used for long"},
    {"expired-by-policy", "400 Bad Request", BODY("invalid_grant", 70043, "x"), SP_COPY_DENIED,
     "by a policy of the organisation"},
    {"unknown-app", "400 Bad Request", BODY("unauthorized_client", 700016, "x"), SP_COPY_DENIED,
     "check client-id= under [sign-in]"},
    {"bad-secret", "401 Unauthorized", BODY("invalid_client", 7000215, "x"), SP_COPY_DENIED,
     "The client secret is wrong"},
    {"secret-expired", "401 Unauthorized", BODY("invalid_client", 7000222, "x"), SP_COPY_DENIED,
     "an administrator makes a new one"},
    {"unknown-certificate", "401 Unauthorized", BODY("invalid_client", 700027, "x"), SP_COPY_DENIED,
     "does not know this certificate"},
    {"no-such-tenant", "400 Bad Request", BODY("invalid_request", 90002, "x"), SP_COPY_DENIED,
     "There is no such tenant; check id="},
    {"several-resources", "400 Bad Request", BODY("invalid_scope", 28000, "x"), SP_COPY_DENIED,
     "please report it"},
    {"no-such-resource", "400 Bad Request", BODY("invalid_resource", 500011, "x"), SP_COPY_DENIED,
     "The tenant does not know this service"},
    {"multi-factor", "400 Bad Request", BODY("interaction_required", 50076, "x"), SP_COPY_DENIED,
     "multi-factor"},
    {"conditional-access", "400 Bad Request", BODY("access_denied", 53003, "x"), SP_COPY_DENIED,
     "ask the administrator of conditional access"},
    {"no-number", "400 Bad Request", "{\"error\":\"invalid_grant\"}", SP_COPY_DENIED,
     "The sign-in is no longer valid; run: samephoto sign-in"},
    {"nothing-said", "400 Bad Request", "{\"error\":\"\"}", SP_COPY_DENIED,
     "The sign-in was refused"},
    /* Not known here: its own words are told, without its traces. */
    {"new-number", "400 Bad Request", BODY("odd_refusal", 4242424, "Something odd."),
     SP_COPY_DENIED, "The sign-in was refused: Something odd. (odd_refusal)"},
    /* Older answers part the lines by CRLF and have the number in the text only. */
    {"old-form", "400 Bad Request",
     "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50057: x.\\r\\nTrace ID: "
     "9a0c\\r\\n"
     "Correlation ID: 51de\\r\\nTimestamp: 2016-01-09 02:02:12Z\"}",
     SP_COPY_DENIED, "The account is disabled"},
    {"old-form-unknown", "400 Bad Request",
     "{\"error\":\"odd\",\"error_description\":\"AADSTS4242424: An old text.\\r\\nTrace ID: "
     "9a0c\"}",
     SP_COPY_DENIED, "The sign-in was refused: An old text. (odd)"},
    /* A service that is busy or disturbed has refused nobody. */
    {"throttled", "400 Bad Request", BODY("temporarily_unavailable", 90055, "x"), SP_COPY_THROTTLED,
     "busy"},
    {"busy", "400 Bad Request", BODY("temporarily_unavailable", 90033, "x"), SP_COPY_THROTTLED,
     "try again in a few minutes"},
    {"disturbed", "500 Internal Server Error", BODY("server_error", 90020, "x"),
     SP_COPY_UNREACHABLE, "disturbed"},
    {"fault", "500 Internal Server Error", "<html>", SP_COPY_UNREACHABLE, "(HTTP 500)"},
    {"captive-portal", "200 OK", "<html>Welcome to the guests' network</html>", SP_COPY_UNREACHABLE,
     "did not answer as expected"},
};

static void
test_row(gconstpointer data)
{
    const Row *row = data;
    const ScriptRow answers[] = {
        {TOKEN, row->status, JSON, row->body},
        {NULL, NULL, NULL, NULL},
    };
    g_autoptr(Script) script = script_new(answers, NULL);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = script_fetch(script, person, "graph");

    g_test_message("%s", copy->error);
    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, sp_copy_status_name(row->expected));
    g_assert_nonnull(copy->error);
    g_assert_nonnull(strstr(copy->error, row->sentence));
    g_assert_null(strstr(copy->error, "refresh-of-the-test"));
    g_assert_null(strstr(copy->error, "9a0c"));
    g_assert_null(strpbrk(copy->error, "\r\n"));
    script_assert_exit_code(script, person, copy);
}

/* Reference 8.1: what ends the wait for a code, and what does not. */
typedef struct {
    const char *name;
    const char *body;
    const char *sentence; /* NULL: it goes on waiting */
} DeviceRow;

static const DeviceRow device_rows[] = {
    {"pending", BODY("authorization_pending", 70016, "x"), NULL},
    {"slow-down", "{\"error\":\"slow_down\"}", NULL},
    {"declined", BODY("authorization_declined", 70018, "x"), "declined at the sign-in page"},
    {"declined-as-70020", BODY("authorization_declined", 70020, "x"),
     "declined at the sign-in page"},
    {"wrong-code", BODY("bad_verification_code", 70018, "x"), "does not know this code"},
    {"expired", BODY("expired_token", 70020, "x"), "has expired before it was used"},
    {"no-public-client", BODY("invalid_client", 7000218, "x"), "Allow public client flows"},
    {"unknown-app", BODY("unauthorized_client", 700016, "x"), "does not know the app"},
    {"multi-factor", BODY("invalid_grant", 50076, "x"), "multi-factor"},
    {"must-register", BODY("invalid_grant", 50079, "x"), "must register for multi-factor"},
    {"conditional-access", BODY("invalid_grant", 53003, "x"), "use flow=browser"},
    {"no-consent", BODY("invalid_grant", 65001, "x"), "Consent is missing"},
};

/* One sign-in on its way; they all wait for their second at the same time. */
typedef struct {
    Script *script;
    ScriptRow answers[3];
    GCancellable *cancellable;
    GAsyncResult *result;
    guint n_waits;
} Attempt;

/* It is told to wait only after an answer that was no end; that is all there is to see. */
static void
watch(const SpSignInEvent *event, gpointer user_data)
{
    Attempt *attempt = user_data;

    if (event->kind == SP_SIGN_IN_WAITING) {
        attempt->n_waits++;
        g_cancellable_cancel(attempt->cancellable);
    }
}

static void
attempt_start(Attempt *attempt, const DeviceRow *row)
{
    attempt->answers[0] =
        (ScriptRow){"/devicecode", "200 OK", JSON,
                    "{\"user_code\":\"H4QXLM7RT\",\"device_code\":\"code-of-the-device\","
                    "\"verification_uri\":\"https://microsoft.com/devicelogin\",\"expires_in\":60,"
                    "\"interval\":1}"};
    attempt->answers[1] = (ScriptRow){TOKEN, "400 Bad Request", JSON, row->body};
    attempt->script = script_new(attempt->answers, NULL);
    attempt->cancellable = g_cancellable_new();
    sp_sign_in_async(script_get_client(attempt->script), &(SpSignInOptions){.is_device = TRUE},
                     watch, attempt, attempt->cancellable, loopback_store_result, &attempt->result);
}

static void
attempt_end(Attempt *attempt, const DeviceRow *row)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(sp_sign_in_finish(loopback_wait(&attempt->result), &error));
    g_test_message("%s: %s", row->name, error->message);
    g_assert_null(strstr(error->message, "code-of-the-device"));
    if (row->sentence == NULL) {
        g_assert_cmpuint(attempt->n_waits, ==, 1);
        g_assert_error(error, SP_ERROR, SP_ERROR_CANCELLED);
    } else {
        g_assert_cmpuint(attempt->n_waits, ==, 0);
        g_assert_error(error, SP_ERROR, SP_ERROR_AUTH);
        g_assert_nonnull(strstr(error->message, row->sentence));
        g_assert_cmpint(ui_exit_of(error), ==, UI_EXIT_SIGN_IN);
    }
    g_clear_object(&attempt->result);
    g_clear_object(&attempt->cancellable);
    script_free(attempt->script);
}

static void
test_device(void)
{
    Attempt attempts[G_N_ELEMENTS(device_rows)] = {0};

    for (gsize i = 0; i < G_N_ELEMENTS(device_rows); i++) {
        attempt_start(&attempts[i], &device_rows[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(device_rows); i++) {
        attempt_end(&attempts[i], &device_rows[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/refusals/token/%s", rows[i].name);

        g_test_add_data_func(path, &rows[i], test_row);
    }
    g_test_add_func("/refusals/device", test_device);
    return g_test_run();
}
