/* One plain GET (reference 4.1), always of the largest size: HR48x48 would be the directory's
 * thumbnail and not the mailbox's photo. */

#include "core/services/exchange.h"

#include <string.h>

#include "core/i18n.h"
#include "core/net/secret-file.h"
#include "core/services/job.h"

#define POLICY_HEADER "X-EWS-Policy-Reason"

static const SpAnswerRow rows[] = {
    {404, "ErrorNonExistentMailbox", SP_COPY_ABSENT,
     N_("there is no such mailbox; check the person's licence and address"), SP_ANSWER_PLAIN},
    SP_ANSWER_ROW_NOT_FOUND_PAGE,
    {0, "ErrorServerBusy", SP_COPY_THROTTLED, N_("the server is busy; wait and read it again"),
     SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

/* 401 of a server that wants Windows sign-in tells nothing about tokens. */
static const SpAnswerRow rows_on_premises[] = {
    {401, NULL, SP_COPY_DENIED,
     N_("the sign-in was not accepted; check [exchange] auth, user and password-file"),
     SP_ANSWER_PLAIN},
    {403, NULL, SP_COPY_DENIED,
     N_("the account may not read this mailbox's photo; ask an Exchange administrator"),
     SP_ANSWER_PLAIN},
    SP_ANSWER_ROW_NOT_FOUND_PAGE,
    {0, "ErrorServerBusy", SP_COPY_THROTTLED, N_("the server is busy; wait and read it again"),
     SP_ANSWER_PLAIN},
    {0, NULL, SP_COPY_INVALID, NULL, SP_ANSWER_PLAIN},
};

static gboolean
is_on_premises(const SpConfig *config)
{
    return g_strcmp0(sp_config_get(config, "exchange", "kind"), "on-premises") == 0;
}

static SpHttpAuth
auth_of(const SpConfig *config)
{
    static const struct {
        const char *name;
        SpHttpAuth auth;
    } names[] = {
        {"negotiate", SP_HTTP_AUTH_NEGOTIATE},
        {"ntlm", SP_HTTP_AUTH_NTLM},
        {"basic", SP_HTTP_AUTH_BASIC},
    };
    const char *name = sp_config_get(config, "exchange", "auth");

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_strcmp0(name, names[i].name) == 0) {
            return names[i].auth;
        }
    }
    return is_on_premises(config) && name == NULL ? SP_HTTP_AUTH_NEGOTIATE : SP_HTTP_AUTH_NONE;
}

/* EWS's own refusal, as opposed to a plain 403, which proves nothing (reference 4.3). */
static void
deliver_blocked(SpJob *job, SpCopy *copy, const SpHttpResponse *response, const char *reason)
{
    sp_answer_note(copy, response);
    sp_copy_add_fact(copy, SP_FACT_POLICY_REASON, reason);
    copy->status = SP_COPY_BLOCKED;
    copy->error = g_strdup_printf(
        _("%s: EWS is being retired, this is no fault of the photo; Microsoft 365 reads the same "
          "picture (HTTP %d, %s)"),
        copy->title, copy->http_status, sp_copy_get_fact(copy, SP_FACT_POLICY_REASON));
    sp_job_deliver(job, copy);
}

static void
deliver_service_page(SpJob *job, SpCopy *copy, const SpHttpResponse *response)
{
    sp_answer_note(copy, response);
    copy->status = SP_COPY_INVALID;
    copy->error = g_strdup_printf(_("%s sent a service page instead of a photo: the server is too "
                                    "old (before Exchange 2013) or the address is wrong"),
                                  copy->title);
    sp_job_deliver(job, copy);
}

static void
on_answer(SpJob *job, const SpHttpResponse *response, const GError *error, gpointer data)
{
    SpCopy *copy = sp_job_make_copy(job, "exchange");
    const SpAnswerRow *table = is_on_premises(sp_job_get_config(job)) ? rows_on_premises : rows;
    const char *reason = NULL;
    int status = 0;

    (void) data;
    sp_copy_add_fact(copy, SP_FACT_EXCHANGE_KIND,
                     is_on_premises(sp_job_get_config(job)) ? "on-premises" : NULL);
    if (response != NULL) {
        reason = sp_http_response_get_header(response, POLICY_HEADER);
        status = sp_http_response_get_status(response);
    }
    if (status == 403 && reason != NULL) {
        deliver_blocked(job, copy, response, reason);
    } else if (status != 200) {
        sp_job_deliver_failure(job, copy, response, error, table);
    } else if (sp_answer_is_web_page(response)) {
        g_auto(SpAnswerError) said = {NULL, NULL, NULL};

        sp_answer_read_error(response, &said);
        if (strstr(said.hints, "ErrorServerBusy") != NULL) {
            sp_job_deliver_failure(job, copy, response, NULL, table);
        } else {
            deliver_service_page(job, copy, response);
        }
    } else {
        sp_job_deliver_picture(job, copy, response);
    }
}

static void
send(SpJob *job, const char *password)
{
    const SpConfig *config = sp_job_get_config(job);
    const SpPerson *person = sp_job_get_person(job);
    const char *mail = person->mail != NULL ? person->mail : person->user_principal_name;
    SpHttpAuth auth = auth_of(config);
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_EXCHANGE);
    g_autofree char *escaped = g_uri_escape_string(mail, "@", FALSE);
    g_autofree char *anchor = g_strdup_printf("X-AnchorMailbox: %s", mail);
    g_autofree char *url = g_strdup_printf(
        "%s/EWS/Exchange.asmx/s/GetUserPhoto?email=%s&size=HR648x648", base, escaped);
    const char *const headers[] = {"Accept: */*", anchor, NULL};
    SpHttpRequest request = {.url = url,
                             .headers = headers,
                             .auth = auth,
                             .user_name = sp_config_get(config, "exchange", "user"),
                             .password = password,
                             .max_body_bytes = SP_PHOTO_MAX_BYTES,
                             .store = "exchange",
                             .mailbox = person->id,
                             .service = "Exchange"};

    sp_job_send(job, auth == SP_HTTP_AUTH_NONE ? SP_ENDPOINT_EXCHANGE : SP_N_ENDPOINTS, &request,
                on_answer, NULL);
}

static void
fetch_async(const SpFetch *fetch, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
    g_autoptr(SpJob) job = sp_job_new(fetch, NULL, NULL, cancellable, callback, user_data);
    const char *file = sp_config_get(sp_job_get_config(job), "exchange", "password-file");
    g_autoptr(GError) error = NULL;
    char *password = NULL;

    if (file != NULL) {
        password = sp_secret_file_read(file, "password-file", &error);
    }
    if (error != NULL) {
        sp_job_deliver_failure(job, sp_job_make_copy(job, "exchange"), NULL, error, NULL);
        return;
    }
    send(job, password);
    sp_tokens_wipe(password);
}

static char *
why_not(const SpConfig *config)
{
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_EXCHANGE);

    if (base == NULL ||
        (is_on_premises(config) && sp_config_get(config, "endpoints", "exchange") == NULL)) {
        return g_strdup(_("Exchange has no address; set [endpoints] exchange"));
    }
    return NULL;
}

const SpService sp_service_exchange = {
    .copies = {"exchange", NULL},
    .titles = {N_("Exchange"), NULL},
    .is_on = is_on_premises,
    .why_not = why_not,
    .fetch_async = fetch_async,
    .fetch_finish = sp_job_finish,
};
