/* Branches on the status first, then on the code: messages are not contractual (reference 2.6). */

#include "core/services/answer.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/net/retry.h"
#include "core/text.h"

#define MAX_CODE_CHARACTERS    120
#define MAX_MESSAGE_CHARACTERS 300
#define MAX_HINT_CHARACTERS    2000
#define MAX_BACK_OFF_S         86400

static const SpAnswerRow general[] = {
    {401, "insufficient_claims", SP_COPY_DENIED,
     N_("conditional access asks for a fresh sign-in; sign in again"), SP_ANSWER_PLAIN},
    {403, "insufficient_claims", SP_COPY_DENIED,
     N_("conditional access asks for a fresh sign-in; sign in again"), SP_ANSWER_PLAIN},
    {401, NULL, SP_COPY_DENIED,
     N_("the sign-in was not accepted (run out, or meant for another service); sign in again"),
     SP_ANSWER_PLAIN},
    {403, NULL, SP_COPY_DENIED, N_("access was refused"), SP_ANSWER_PERMISSION},
    {407, NULL, SP_COPY_UNREACHABLE,
     N_("the proxy asks for a sign-in of its own; check [network] proxy"), SP_ANSWER_PLAIN},
    {304, NULL, SP_COPY_INVALID,
     N_("it says that nothing has changed, without having sent anything before; read it again"),
     SP_ANSWER_PLAIN},
    {404, NULL, SP_COPY_ABSENT, "", SP_ANSWER_PLAIN},
    {429, NULL, SP_COPY_THROTTLED, N_("too many requests; wait and read it again"),
     SP_ANSWER_PLAIN},
    {408, NULL, SP_COPY_UNREACHABLE, N_("it took too long; read it again later"), SP_ANSWER_PLAIN},
    {503, NULL, SP_COPY_THROTTLED, N_("the service is busy; wait and read it again"),
     SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

void
sp_answer_error_clear(SpAnswerError *error)
{
    g_clear_pointer(&error->code, g_free);
    g_clear_pointer(&error->message, g_free);
    g_clear_pointer(&error->hints, g_free);
}

/* Cleaned, or NULL where nothing is left. */
static char *
clean_or_null(const char *text, gsize max_characters)
{
    g_autofree char *clean = sp_text_clean(text, -1, max_characters);

    return *clean == '\0' ? NULL : g_steal_pointer(&clean);
}

/* "message" is a string, or SharePoint's {"lang":…,"value":…}. */
static const char *
message_of(SpJson *envelope)
{
    const char *text = sp_json_string(envelope, "message");

    return text != NULL ? text : sp_json_string(sp_json_member(envelope, "message"), "value");
}

/* UnknownError's message may itself be a JSON document with the real code (reference 2.6). */
static void
unwrap_message(SpAnswerError *error, const char *message)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(SpJson) nested = NULL;

    if (message == NULL || *message != '{') {
        return;
    }
    bytes = g_bytes_new_static(message, strlen(message));
    nested = sp_json_parse(bytes, "message", NULL);
    if (sp_json_string(nested, "errorCode") != NULL) {
        g_free(error->code);
        error->code = clean_or_null(sp_json_string(nested, "errorCode"), MAX_CODE_CHARACTERS);
        g_free(error->message);
        error->message = clean_or_null(message_of(nested), MAX_MESSAGE_CHARACTERS);
    }
}

static void
read_envelope(SpJson *json, SpAnswerError *error)
{
    SpJson *envelope = sp_json_member(json, "error");
    const char *message = NULL;

    if (json_object_is_type(envelope, json_type_string)) {
        error->code = clean_or_null(sp_json_string(json, "error"), MAX_CODE_CHARACTERS);
        error->message =
            clean_or_null(sp_json_string(json, "error_description"), MAX_MESSAGE_CHARACTERS);
        return;
    }
    if (envelope == NULL) {
        envelope = sp_json_member(json, "odata.error");
    }
    message = message_of(envelope);
    error->code = clean_or_null(sp_json_string(envelope, "code"), MAX_CODE_CHARACTERS);
    error->message = clean_or_null(message, MAX_MESSAGE_CHARACTERS);
    unwrap_message(error, message);
}

static void
append_hint(GString *hints, const char *text)
{
    if (text != NULL) {
        g_string_append_printf(hints, "%s\n", text);
    }
}

void
sp_answer_read_error(const SpHttpResponse *response, SpAnswerError *error)
{
    GBytes *body = sp_http_response_get_body(response);
    g_autoptr(SpJson) json = sp_json_parse(body, "answer", NULL);
    GString *hints = g_string_new(NULL);
    gsize length = 0;
    const char *text = g_bytes_get_data(body, &length);

    *error = (SpAnswerError){NULL, NULL, NULL};
    if (json != NULL) {
        read_envelope(json, error);
    }
    append_hint(hints, error->code);
    append_hint(hints, error->message);
    append_hint(hints, sp_http_response_get_header(response, "x-ms-diagnostics"));
    append_hint(hints, sp_http_response_get_header(response, "WWW-Authenticate"));
    append_hint(hints, sp_answer_is_web_page(response) ? SP_ANSWER_WEB_PAGE : NULL);
    if (length > 0) {
        g_autofree char *clean =
            sp_text_clean(text, (gssize) MIN(length, 8192), MAX_HINT_CHARACTERS);

        append_hint(hints, clean);
    }
    error->hints = g_string_free(hints, FALSE);
}

static gboolean
contains(const char *text, const char *words)
{
    g_autofree char *lower_text = g_ascii_strdown(text, -1);
    g_autofree char *lower_words = g_ascii_strdown(words, -1);

    return strstr(lower_text, lower_words) != NULL;
}

static const SpAnswerRow *
find_row(const SpAnswerRow *rows, int http_status, const char *hints)
{
    for (; rows != NULL && rows->sentence != NULL; rows++) {
        if ((rows->http_status == 0 || rows->http_status == http_status) &&
            (rows->words == NULL || contains(hints, rows->words))) {
            return rows;
        }
    }
    return NULL;
}

/* Statuses that no row names. */
static const SpAnswerRow *
last_row(int http_status)
{
    static const SpAnswerRow redirect = {
        0, NULL, SP_COPY_INVALID,
        N_("it points to another place, where samephoto does not follow; check the address"),
        SP_ANSWER_PLAIN};
    static const SpAnswerRow server = {0, NULL, SP_COPY_UNREACHABLE,
                                       N_("the service has a fault of its own; try again later"),
                                       SP_ANSWER_PLAIN};
    static const SpAnswerRow other = {
        0, NULL, SP_COPY_INVALID,
        N_("the answer was not understood; check the address and settings"), SP_ANSWER_PLAIN};

    if (http_status >= 300 && http_status < 400) {
        return &redirect;
    }
    return http_status >= 500 ? &server : &other;
}

void
sp_answer_note(SpCopy *copy, const SpHttpResponse *response)
{
    const char *etag = sp_http_response_get_header(response, "ETag");

    copy->http_status = sp_http_response_get_status(response);
    copy->retry_after = sp_http_response_get_retry_after(response);
    g_free(copy->request_id);
    copy->request_id = g_strdup(sp_http_response_get_request_id(response));
    if (etag != NULL) {
        g_free(copy->etag);
        copy->etag = g_strdup(etag);
    }
}

static double
back_off_of(const char *hints)
{
    const char *name = strstr(hints, "BackOffMilliseconds");

    if (name == NULL) {
        return -1;
    }
    name += strcspn(name, "0123456789");
    return MIN((double) g_ascii_strtoull(name, NULL, 10) / 1000.0, MAX_BACK_OFF_S);
}

/* Exchange's ErrorServerBusy may come with any status, and tells the wait in a header or in its
 * body (reference 4.1). Seconds, or -1. */
static double
wait_of(const SpHttpResponse *response, const char *hints)
{
    double asked = sp_retry_seconds(sp_http_response_get_header(response, "Retry-After"), NULL,
                                    sp_http_response_get_header(response, "Date"),
                                    g_get_real_time() / G_USEC_PER_SEC);

    return MAX(asked, back_off_of(hints));
}

static char *
sentence_of(const SpCopy *copy, const SpAnswerRow *row, const SpAnswerError *error,
            const SpPermission *permission, SpRights rights)
{
    GString *text = g_string_new(NULL);

    /* The meaning first: in a narrow place the end is what is cut. */
    g_string_append_printf(text, _("%s: "), copy->title);
    g_string_append(text, _(row->sentence));
    if (row->hint == SP_ANSWER_PERMISSION && permission != NULL) {
        g_autofree char *explained = sp_permission_explain(permission, rights);

        g_string_append_printf(text, _("; %s"), explained);
    }
    if (copy->retry_after > 0) {
        g_string_append_printf(text, _(" (in %.0f s)"), copy->retry_after);
    }
    if (error->code != NULL) {
        g_string_append_printf(text, " (HTTP %d, %s)", copy->http_status, error->code);
    } else {
        g_string_append_printf(text, " (HTTP %d)", copy->http_status);
    }
    return g_string_free(text, FALSE);
}

void
sp_answer_explain(SpCopy *copy, const SpHttpResponse *response, const SpAnswerRow *rows,
                  const SpPermission *permission, SpRights rights)
{
    g_auto(SpAnswerError) error = {NULL, NULL, NULL};
    const SpAnswerRow *row = NULL;

    sp_answer_note(copy, response);
    sp_answer_read_error(response, &error);
    row = find_row(rows, copy->http_status, error.hints);
    if (row == NULL) {
        row = find_row(general, copy->http_status, error.hints);
    }
    if (row == NULL) {
        row = last_row(copy->http_status);
    }
    copy->status = row->status;
    if (copy->status == SP_COPY_THROTTLED && copy->retry_after < 0) {
        copy->retry_after = wait_of(response, error.hints);
    }
    sp_copy_add_fact(copy, SP_FACT_ERROR_CODE, error.code);
    if (*row->sentence != '\0') {
        g_free(copy->error);
        copy->error = sentence_of(copy, row, &error, permission, rights);
    }
    if (row->hint == SP_ANSWER_PERMISSION && permission != NULL) {
        g_autofree char *least = sp_permission_least(permission, rights);

        sp_copy_add_fact(copy, SP_FACT_MISSING_PERMISSION, least);
    }
}

static SpCopyStatus
status_of_error(const GError *error)
{
    if (error->domain != SP_ERROR) {
        return SP_COPY_UNREACHABLE;
    }
    switch (error->code) {
    case SP_ERROR_AUTH:
    case SP_ERROR_CONFIG: return SP_COPY_DENIED; /* asked for, and not let in by our own doing */
    case SP_ERROR_THROTTLED: return SP_COPY_THROTTLED;
    case SP_ERROR_PROTOCOL:
    case SP_ERROR_FORMAT:
    case SP_ERROR_TOO_LARGE: return SP_COPY_INVALID;
    default: return SP_COPY_UNREACHABLE;
    }
}

void
sp_answer_explain_error(SpCopy *copy, const GError *error)
{
    copy->status = status_of_error(error);
    g_free(copy->error);
    copy->error = sp_text_clean(error->message, -1, 500);
}

gboolean
sp_answer_is_web_page(const SpHttpResponse *response)
{
    const char *type = sp_http_response_get_header(response, "Content-Type");
    gsize length = 0;
    const char *text = g_bytes_get_data(sp_http_response_get_body(response), &length);

    while (length > 0 && g_ascii_isspace(*text)) {
        text++;
        length--;
    }
    return (type != NULL && g_ascii_strncasecmp(type, "text/html", 9) == 0) ||
           (length > 0 && *text == '<');
}
