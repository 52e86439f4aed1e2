#include "core/net/oauth.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/refusal.h"

#define MAX_ANSWER_BYTES (256 * 1024)
#define MAX_RETRIES      3

struct SpForm {
    GString *text;
};

SpForm *
sp_form_new(void)
{
    SpForm *form = g_new(SpForm, 1);

    form->text = g_string_sized_new(16384);
    return form;
}

void
sp_form_add(SpForm *form, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    gsize length = strlen(escaped) + strlen(name) + 2;

    /* Growing would leave a copy behind that is not wiped. */
    if (form->text->len + length >= form->text->allocated_len) {
        GString *larger = g_string_sized_new((form->text->len + length) * 2);

        g_string_append_len(larger, form->text->str, (gssize) form->text->len);
        explicit_bzero(form->text->str, form->text->len);
        g_string_free(form->text, TRUE);
        form->text = larger;
    }
    g_string_append_printf(form->text, "%s%s=%s", form->text->len > 0 ? "&" : "", name, escaped);
    explicit_bzero(escaped, strlen(escaped));
}

void
sp_form_free(SpForm *form)
{
    if (form != NULL) {
        explicit_bzero(form->text->str, form->text->len);
        g_string_free(form->text, TRUE);
        g_free(form);
    }
}

const char *
sp_form_get_text(const SpForm *form)
{
    return form->text->str;
}

static void
wipe_and_free(gpointer data)
{
    char *text = data;

    explicit_bzero(text, strlen(text));
    g_free(text);
}

static GBytes *
form_bytes(const SpForm *form)
{
    char *copy = g_strndup(form->text->str, form->text->len);

    return g_bytes_new_with_free_func(copy, form->text->len, wipe_and_free, copy);
}

static void
set_no_answer(const SpHttpResponse *response, GError **error)
{
    int status = sp_http_response_get_status(response);

    if (status == 429 || status >= 500) {
        g_set_error(error, SP_ERROR,
                    status == 429 || status == 503 ? SP_ERROR_THROTTLED : SP_ERROR_NETWORK,
                    _("The sign-in service is busy or disturbed (HTTP %d); try again in a few "
                      "minutes"),
                    status);
    } else {
        g_set_error(error, SP_ERROR, SP_ERROR_NETWORK,
                    _("The sign-in service did not answer as expected (HTTP %d); check login= "
                      "under [endpoints], cloud= and the proxy"),
                    status);
    }
}

static void
on_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(SpHttpResponse) response = NULL;
    GError *error = NULL;
    GBytes *body;
    SpJson *answer;

    (void) source;
    response = sp_http_send_finish(g_task_get_task_data(task), result, &error);
    if (response == NULL) {
        g_task_return_error(task, error);
        return;
    }
    body = sp_http_response_get_body(response);
    answer = sp_json_parse(body, "sign-in", NULL);
    /* The body holds the tokens as well; nobody else has this response. */
    explicit_bzero((void *) g_bytes_get_data(body, NULL), g_bytes_get_size(body));
    if (!json_object_is_type(answer, json_type_object)) {
        sp_oauth_answer_free(answer);
        set_no_answer(response, &error);
        g_task_return_error(task, error);
        return;
    }
    g_task_return_pointer(task, answer, (GDestroyNotify) sp_oauth_answer_free);
}

void
sp_oauth_post_async(SpHttp *http, const char *url, const SpForm *form, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    g_autoptr(GBytes) body = form_bytes(form);
    SpHttpRequest request = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .body = body,
        .has_secret = TRUE,
        .content_type = "application/x-www-form-urlencoded",
        .max_body_bytes = MAX_ANSWER_BYTES,
        .max_retries = MAX_RETRIES,
        .service = _("The sign-in service"),
    };

    g_task_set_source_tag(task, sp_oauth_post_async);
    g_task_set_check_cancellable(task, FALSE);
    g_task_set_task_data(task, sp_http_ref(http), (GDestroyNotify) sp_http_unref);
    sp_http_send_async(http, &request, cancellable, on_sent, task);
}

SpJson *
sp_oauth_post_finish(SpHttp *http, GAsyncResult *result, GError **error)
{
    (void) http;
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_oauth_post_async), NULL);
    return g_task_propagate_pointer(G_TASK(result), error);
}

void
sp_oauth_answer_free(SpJson *answer)
{
    if (answer == NULL) {
        return;
    }
    if (json_object_is_type(answer, json_type_object)) {
        json_object_object_foreach(answer, name, value)
        {
            (void) name;
            if (json_object_is_type(value, json_type_string)) {
                explicit_bzero((char *) json_object_get_string(value),
                               (gsize) json_object_get_string_len(value));
            }
        }
    }
    sp_json_put(answer);
}

const char *
sp_oauth_get_refusal(SpJson *answer)
{
    return sp_json_string(answer, "error");
}

/* The number is in error_codes, and in the text of older answers. */
static gint64
refusal_number(SpJson *answer, const char *description)
{
    SpJson *codes = sp_json_member(answer, "error_codes");
    const char *mark = description == NULL ? NULL : strstr(description, "AADSTS");

    if (json_object_is_type(codes, json_type_array) && json_object_array_length(codes) > 0) {
        return json_object_get_int64(json_object_array_get_idx(codes, 0));
    }
    return mark == NULL ? 0 : g_ascii_strtoll(mark + strlen("AADSTS"), NULL, 10);
}

/* A service that is busy or disturbed has refused nobody. */
static SpError
error_of(const char *refusal)
{
    if (g_strcmp0(refusal, "temporarily_unavailable") == 0) {
        return SP_ERROR_THROTTLED;
    }
    return g_strcmp0(refusal, "server_error") == 0 ? SP_ERROR_NETWORK : SP_ERROR_AUTH;
}

void
sp_oauth_set_error(SpJson *answer, GError **error)
{
    const char *refusal = sp_oauth_get_refusal(answer);
    const char *description = sp_json_string(answer, "error_description");
    g_autofree char *text =
        sp_refusal_explain(refusal_number(answer, description), refusal, description);

    g_set_error_literal(error, SP_ERROR, error_of(refusal), text);
}
