#include "core/practice/fault.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"

#define JSON           "application/json"
#define ANY_SERVICE    "all"
#define RETRY_AFTER    "2"
#define RETRY_MINUTE   "60"
#define MAX_LATENCY_MS 600000

const char *const sp_virtual_services[] = {
    "login",   "graph",     "sharepoint", "my",        "exchange", "viva-engage",
    "mugshot", "elsewhere", "portal",     "directory", NULL,
};

static const char *const kinds[] = {
    [SP_FAULT_429] = "429",           [SP_FAULT_429_MINUTE] = "429-minute",
    [SP_FAULT_503] = "503",           [SP_FAULT_401] = "401",
    [SP_FAULT_403] = "403",           [SP_FAULT_TIMEOUT] = "timeout",
    [SP_FAULT_RESET] = "reset",       [SP_FAULT_RESET_BODY] = "reset-body",
    [SP_FAULT_TRUNCATE] = "truncate", [SP_FAULT_GARBAGE] = "garbage",
    [SP_FAULT_SLOW] = "slow",         [SP_FAULT_REDIRECT_AWAY] = "redirect-away",
    [SP_FAULT_HUGE] = "huge",
};

#define MAX_SERVICES G_N_ELEMENTS(sp_virtual_services)

struct SpFaults {
    SpFault kind[MAX_SERVICES];
    gint64 left[MAX_SERVICES]; /* -1: always */
    gint64 latency_ms[MAX_SERVICES];
};

/* Puts "a, b, c" together from a list that may hold gaps. */
static char *
join(const char *const *words, guint n_words)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < n_words; i++) {
        if (words[i] != NULL) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", words[i]);
        }
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The service before the "=": its number, or -1 for all of them. */
static gboolean
parse_service(const char *setting, int *service, const char **value, GError **error)
{
    const char *equals = strchr(setting, '=');
    g_autofree char *name = equals != NULL ? g_strndup(setting, (gsize) (equals - setting)) : NULL;

    if (name != NULL) {
        *value = equals + 1;
        *service = -1;
        if (g_str_equal(name, ANY_SERVICE)) {
            return TRUE;
        }
        for (guint i = 0; sp_virtual_services[i] != NULL; i++) {
            if (g_str_equal(name, sp_virtual_services[i])) {
                *service = (int) i;
                return TRUE;
            }
        }
    }
    g_autofree char *known = join(sp_virtual_services, MAX_SERVICES - 1);

    g_set_error(
        error, SP_ERROR, SP_ERROR_CONFIG,
        _("'%s' names no service of the practice tenant; it has: %s, and '%s' for every one"),
        setting, known, ANY_SERVICE);
    return FALSE;
}

static gboolean
parse_kind(const char *value, SpFault *kind, gint64 *count, GError **error)
{
    const char *colon = strchr(value, ':');
    g_autofree char *name =
        g_strndup(value, colon != NULL ? (gsize) (colon - value) : strlen(value));
    guint64 number = 0;

    *count = -1;
    if (colon != NULL && !g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXINT32, &number, NULL)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("'%s' is not a number of times"),
                    colon + 1);
        return FALSE;
    }
    if (colon != NULL) {
        *count = (gint64) number;
    }
    for (guint i = 1; i < G_N_ELEMENTS(kinds); i++) {
        if (g_str_equal(name, kinds[i])) {
            *kind = (SpFault) i;
            return TRUE;
        }
    }
    g_autofree char *known = join(kinds, G_N_ELEMENTS(kinds));

    g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("'%s' is no kind of fault; there are: %s"),
                name, known);
    return FALSE;
}

static gboolean
add_fault(SpFaults *faults, const char *setting, GError **error)
{
    int service = 0;
    const char *value = NULL;
    SpFault kind = SP_FAULT_NONE;
    gint64 count = 0;

    if (!parse_service(setting, &service, &value, error) ||
        !parse_kind(value, &kind, &count, error)) {
        return FALSE;
    }
    for (guint i = 0; i < MAX_SERVICES; i++) {
        /* "all" leaves the sign-in alone: without it no service would be asked at all. */
        if ((int) i == service || (service < 0 && i > 0)) {
            faults->kind[i] = kind;
            faults->left[i] = count;
        }
    }
    return TRUE;
}

static gboolean
add_latency(SpFaults *faults, const char *setting, GError **error)
{
    int service = 0;
    const char *value = NULL;
    guint64 number = 0;

    if (!parse_service(setting, &service, &value, error)) {
        return FALSE;
    }
    if (!g_ascii_string_to_unsigned(value, 10, 0, MAX_LATENCY_MS, &number, NULL)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("'%s' is not a number of milliseconds up to %d"), value, MAX_LATENCY_MS);
        return FALSE;
    }
    for (guint i = 0; i < MAX_SERVICES; i++) {
        if (service < 0 || (int) i == service) {
            faults->latency_ms[i] = (gint64) number;
        }
    }
    return TRUE;
}

SpFaults *
sp_faults_new(const char *const *faults, const char *const *latencies, GError **error)
{
    SpFaults *made = g_new0(SpFaults, 1);
    gboolean is_fine = TRUE;

    for (guint i = 0; is_fine && faults != NULL && faults[i] != NULL; i++) {
        is_fine = add_fault(made, faults[i], error);
    }
    for (guint i = 0; is_fine && latencies != NULL && latencies[i] != NULL; i++) {
        is_fine = add_latency(made, latencies[i], error);
    }
    if (!is_fine) {
        g_clear_pointer(&made, sp_faults_free);
    }
    return made;
}

void
sp_faults_free(SpFaults *faults)
{
    g_free(faults);
}

SpFault
sp_faults_take(SpFaults *faults, guint service)
{
    if (faults->kind[service] == SP_FAULT_NONE || faults->left[service] == 0) {
        return SP_FAULT_NONE;
    }
    if (faults->left[service] > 0) {
        faults->left[service]--;
    }
    return faults->kind[service];
}

gint64
sp_faults_latency(const SpFaults *faults, guint service)
{
    return faults->latency_ms[service];
}

/* What each service says when it refuses; by its number. */
static const struct {
    const char *content_type;
    const char *denied;
    const char *throttled;
    const char *busy;
} refusals[] = {
    {JSON "; charset=utf-8",
     "{\"error\":\"access_denied\",\"error_description\":\"AADSTS53003: Access has been blocked by "
     "Conditional Access policies. The access policy does not allow token issuance.\","
     "\"error_codes\":[53003]}",
     "{\"error\":\"temporarily_unavailable\",\"error_description\":\"AADSTS90055: The request has "
     "been throttled due to excessive request rate.\",\"error_codes\":[90055]}",
     "{\"error\":\"temporarily_unavailable\",\"error_description\":\"AADSTS90033: A transient "
     "error "
     "has occurred. Please try again.\",\"error_codes\":[90033]}"},
    {JSON,
     "{\"error\":{\"code\":\"ErrorAccessDenied\",\"message\":\"Access is denied. Check credentials "
     "and try again.\",\"innerError\":{}}}",
     "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"Application is over its "
     "MailboxConcurrency limit.\",\"innerError\":{}}}",
     "{\"error\":{\"code\":\"serviceNotAvailable\",\"message\":\"The service is temporarily "
     "unavailable.\",\"innerError\":{}}}"},
    {JSON ";odata=nometadata;charset=utf-8",
     "{\"odata.error\":{\"code\":\"-2147024891, System.UnauthorizedAccessException\",\"message\":{"
     "\"lang\":\"en-US\",\"value\":\"Access denied. You do not have permission to perform this "
     "action or access this resource.\"}}}",
     "429 TOO MANY REQUESTS", "503 SERVICE UNAVAILABLE"},
    {JSON ";odata=nometadata;charset=utf-8",
     "{\"odata.error\":{\"code\":\"-2147024891, System.UnauthorizedAccessException\",\"message\":{"
     "\"lang\":\"en-US\",\"value\":\"Access denied. You do not have permission to perform this "
     "action or access this resource.\"}}}",
     "429 TOO MANY REQUESTS", "503 SERVICE UNAVAILABLE"},
    {"text/html", "", "", "<html><body>The service is unavailable.</body></html>"},
    {JSON "; charset=utf-8",
     "{\"response\":{\"message\":\"Access denied.\",\"code\":31,\"stat\":\"fail\"}}",
     "{\"response\":{\"message\":\"Rate limited due to excessive requests.\",\"code\":33,\"stat\":"
     "\"fail\"}}",
     "{\"response\":{\"message\":\"Service unavailable.\",\"stat\":\"fail\"}}"},
    {"text/plain", "ERROR 403: Time-Limited URL validation failed", "", ""},
    {"text/plain", "", "", ""},
    {"text/html", "<html><body>Forbidden</body></html>",
     "<html><body>Too Many Requests</body></html>",
     "<html><body>The service is unavailable.</body></html>"},
    {NULL, NULL, NULL, NULL}, /* the directory speaks LDAP and refuses by itself */
};
G_STATIC_ASSERT(G_N_ELEMENTS(refusals) == MAX_SERVICES - 1);

static void
answer_garbage(SpCall *call)
{
    /* No picture, no JSON, no text: and an escape sequence that must not reach a terminal. */
    static const char garbage[] = "\x1b]0;garbage\x07\xff\xfe{\x00\x01\x02[\"\x9b\x31m%%%";
    g_autoptr(GBytes) bytes = g_bytes_new_static(garbage, sizeof garbage - 1);
    g_autofree char *content_type = g_strdup(call->content_type);

    sp_call_reply_bytes(call, 200, content_type != NULL ? content_type : "image/jpeg", bytes);
}

gboolean
sp_fault_answer(SpFault fault, guint service, SpCall *call)
{
    switch (fault) {
    case SP_FAULT_429:
    case SP_FAULT_429_MINUTE:
        sp_call_add_header(call, "Retry-After", "%s",
                           fault == SP_FAULT_429 ? RETRY_AFTER : RETRY_MINUTE);
        sp_call_reply_text(call, 429, refusals[service].content_type, refusals[service].throttled);
        return TRUE;
    case SP_FAULT_503:
        sp_call_reply_text(call, 503, refusals[service].content_type, refusals[service].busy);
        return TRUE;
    case SP_FAULT_403:
        sp_call_reply_text(call, 403, refusals[service].content_type, refusals[service].denied);
        return TRUE;
    case SP_FAULT_GARBAGE: answer_garbage(call); return TRUE;
    case SP_FAULT_REDIRECT_AWAY: {
        const char *port = strrchr(call->base, ':');
        const char *scheme = g_str_has_prefix(call->base, "https") ? "https" : "http";

        /* The same machine by another name is another host all the same. */
        sp_call_add_header(call, "Location", "%s://localhost%s/elsewhere/photo.jpg", scheme, port);
        sp_call_reply_empty(call, 302);
        return TRUE;
    }
    default: return FALSE;
    }
}
