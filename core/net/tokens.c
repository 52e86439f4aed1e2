/* One entry per audience: its token while it lasts, and whoever waits for the next one. */

#include "core/net/tokens.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/authority.h"
#include "core/net/grant.h"
#include "core/net/oauth.h"
#include "core/net/refresh-token.h"
#include "core/net/token-command.h"

#define RENEW_BEFORE_S     120
#define MAX_LIFETIME_S     86400
#define COMMAND_LIFETIME_S 300

typedef enum { FLOW_REFRESH, FLOW_CERTIFICATE, FLOW_SECRET, FLOW_COMMAND } Flow;

struct SpTokens {
    SpConfig *config;
    SpHttp *http;
    Flow flow;
    SpRefreshToken *refresh;
    gboolean is_reading; /* what an earlier run has kept */
    GHashTable *entries; /* audience -> Entry */
    guint n_changes;     /* sign-ins and sign-outs so far */
};

typedef struct {
    char *audience;
    char *token;
    gint64 expires;       /* real time, microseconds, the margin already taken off */
    GQueue waiting;       /* of Waiter */
    GCancellable *asking; /* while a request for it, or what came with it, is on its way */
    gboolean is_held;     /* the request waits for what an earlier run has kept */
} Entry;

typedef struct {
    GTask *task;
    Entry *entry;
    GSource *cancelled;
} Waiter;

/* One request on its way; keeps the tokens alive. */
typedef struct {
    SpTokens *tokens;
    Entry *entry;
    char *refresh_token; /* what was redeemed, or NULL */
    guint n_changes;     /* at that time */
} Ask;

static void ask(SpTokens *tokens, Entry *entry);

void
sp_tokens_wipe(char *token)
{
    if (token != NULL) {
        explicit_bzero(token, strlen(token));
        g_free(token);
    }
}

static void
entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->audience);
    sp_tokens_wipe(entry->token);
    g_clear_object(&entry->asking);
    g_free(entry);
}

static Flow
read_flow(const SpConfig *config)
{
    static const char *const names[] = {
        [FLOW_CERTIFICATE] = "certificate", [FLOW_SECRET] = "secret", [FLOW_COMMAND] = "command"};
    const char *flow = sp_config_get(config, "sign-in", "flow");

    for (Flow at = FLOW_CERTIFICATE; flow != NULL && at <= FLOW_COMMAND; at++) {
        if (strcmp(names[at], flow) == 0) {
            return at;
        }
    }
    return FLOW_REFRESH;
}

SpTokens *
sp_tokens_new(SpConfig *config, SpHttp *http, GError **error)
{
    SpTokens *tokens = g_rc_box_new0(SpTokens);

    (void) error;
    tokens->config = sp_config_ref(config);
    tokens->http = sp_http_ref(http);
    tokens->flow = read_flow(config);
    tokens->refresh = sp_refresh_token_new(config);
    tokens->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    return tokens;
}

SpTokens *
sp_tokens_ref(SpTokens *tokens)
{
    return g_rc_box_acquire(tokens);
}

static void
clear(gpointer data)
{
    SpTokens *tokens = data;

    g_hash_table_unref(tokens->entries);
    sp_refresh_token_unref(tokens->refresh);
    sp_http_unref(tokens->http);
    sp_config_unref(tokens->config);
}

void
sp_tokens_unref(SpTokens *tokens)
{
    if (tokens != NULL) {
        g_rc_box_release_full(tokens, clear);
    }
}

/* From now on it is somebody else, or nobody: what is still on its way comes too late. */
static void
change_person(SpTokens *tokens)
{
    GHashTableIter iter;
    gpointer value;

    tokens->n_changes++;
    g_hash_table_iter_init(&iter, tokens->entries);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Entry *entry = value;

        sp_tokens_wipe(entry->token);
        entry->token = NULL;
    }
}

void
sp_tokens_use_refresh_token(SpTokens *tokens, const char *refresh_token)
{
    change_person(tokens);
    sp_refresh_token_use(tokens->refresh, refresh_token);
    tokens->flow = FLOW_REFRESH;
}

static GTask *
waiter_free(Waiter *waiter)
{
    GTask *task = waiter->task;

    if (waiter->cancelled != NULL) {
        g_source_destroy(waiter->cancelled);
        g_source_unref(waiter->cancelled);
    }
    g_free(waiter);
    return task;
}

static void
free_token(gpointer token)
{
    sp_tokens_wipe(token);
}

/* Everybody who waits hears the same. Takes `error`; NULL: the entry has a token, unless it was
 * rejected meanwhile. */
static void
settle(Entry *entry, GError *error)
{
    g_autoptr(GError) held = error;
    g_autofree char *token = g_strdup(entry->token);
    GQueue waiting = entry->waiting;
    Waiter *waiter;

    g_clear_object(&entry->asking);
    g_queue_init(&entry->waiting);
    while ((waiter = g_queue_pop_head(&waiting)) != NULL) {
        g_autoptr(GTask) task = waiter_free(waiter);

        if (held != NULL) {
            g_task_return_error(task, g_error_copy(held));
        } else if (token == NULL) {
            g_task_return_new_error(task, SP_ERROR, SP_ERROR_CANCELLED, _("Stopped"));
        } else {
            g_task_return_pointer(task, g_strdup(token), free_token);
        }
    }
    if (token != NULL) {
        explicit_bzero(token, strlen(token));
    }
}

static void
ask_free(Ask *asked)
{
    sp_tokens_wipe(asked->refresh_token);
    sp_tokens_unref(asked->tokens);
    g_free(asked);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ask, ask_free)

static gboolean
is_token(const char *text)
{
    gsize length = text == NULL ? 0 : strlen(text);

    for (gsize i = 0; i < length; i++) {
        if (text[i] <= ' ' || text[i] >= 0x7f) {
            return FALSE;
        }
    }
    return length > 0;
}

static void
keep(Entry *entry, const char *token, gint64 lifetime_s)
{
    gint64 lifetime = CLAMP(lifetime_s, 0, MAX_LIFETIME_S);

    sp_tokens_wipe(entry->token);
    entry->token = g_strdup(token);
    entry->expires =
        g_get_real_time() + (lifetime - MIN(RENEW_BEFORE_S, lifetime / 2)) * G_USEC_PER_SEC;
}

/* Nobody waits for this answer any more: those who asked have gone, or the person has changed. */
static gboolean
is_late(const Ask *asked, const GError *error)
{
    return asked->n_changes != asked->tokens->n_changes ||
           g_error_matches(error, SP_ERROR, SP_ERROR_CANCELLED);
}

/* For whoever has come meanwhile. */
static void
ask_again(const Ask *asked)
{
    if (g_queue_is_empty(&asked->entry->waiting)) {
        settle(asked->entry, NULL);
    } else {
        ask(asked->tokens, asked->entry);
    }
}

static void
on_command(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Ask) asked = user_data;
    GError *error = NULL;
    char *token = sp_token_command_finish(result, &error);

    (void) source;
    if (is_late(asked, error)) {
        g_clear_error(&error);
        ask_again(asked);
    } else {
        if (token != NULL) {
            keep(asked->entry, token, COMMAND_LIFETIME_S);
        }
        settle(asked->entry, error);
    }
    sp_tokens_wipe(token);
}

/* The refresh token may have been replaced while an older one was on its way. */
static gboolean
is_outdated(const Ask *asked, SpJson *answer)
{
    const char *now = sp_refresh_token_peek(asked->tokens->refresh);

    return asked->refresh_token != NULL && now != NULL &&
           g_strcmp0(sp_oauth_get_refusal(answer), "invalid_grant") == 0 &&
           strcmp(asked->refresh_token, now) != 0;
}

/* A successor that cannot be kept does for this run. */
static void
on_replaced(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Ask) asked = user_data;

    (void) source;
    sp_refresh_token_replace_finish(result, NULL);
    if (is_late(asked, NULL)) {
        ask_again(asked);
    } else {
        settle(asked->entry, NULL);
    }
}

/* Takes `asked`. */
static void
take_answer(Ask *asked, SpJson *answer)
{
    g_autoptr(Ask) held = asked;
    const char *token = sp_json_string(answer, "access_token");
    const char *successor = sp_json_string(answer, "refresh_token");
    GError *error = NULL;

    if (sp_oauth_get_refusal(answer) != NULL) {
        sp_oauth_set_error(answer, &error);
    } else if (!is_token(token)) {
        g_set_error(&error, SP_ERROR, SP_ERROR_AUTH,
                    _("The sign-in service's answer holds no token"));
    } else {
        keep(asked->entry, token, sp_json_int(answer, "expires_in", 0));
    }
    if (error == NULL && asked->refresh_token != NULL && is_token(successor)) {
        sp_refresh_token_replace_async(asked->tokens->refresh, successor, on_replaced,
                                       g_steal_pointer(&held));
    } else {
        settle(asked->entry, error);
    }
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Ask) asked = user_data;
    GError *error = NULL;
    SpJson *answer = sp_oauth_post_finish(asked->tokens->http, result, &error);

    (void) source;
    if (is_late(asked, error)) {
        g_clear_error(&error);
        ask_again(asked);
    } else if (answer == NULL) {
        settle(asked->entry, error);
    } else if (is_outdated(asked, answer)) {
        ask(asked->tokens, asked->entry);
    } else {
        take_answer(g_steal_pointer(&asked), answer);
    }
    sp_oauth_answer_free(answer);
}

/* The grants that are asked for by a form; flow=command asks for none. */
static SpForm *
make_form(const SpTokens *tokens, const Entry *entry, GError **error)
{
    switch (tokens->flow) {
    case FLOW_REFRESH:
        return sp_grant_refresh(tokens->config, entry->audience,
                                sp_refresh_token_peek(tokens->refresh), error);
    case FLOW_SECRET: return sp_grant_secret(tokens->config, entry->audience, error);
    case FLOW_CERTIFICATE: return sp_grant_certificate(tokens->config, entry->audience, error);
    case FLOW_COMMAND: break;
    }
    g_assert_not_reached();
}

static Ask *
ask_new(SpTokens *tokens, Entry *entry)
{
    Ask *asked = g_new0(Ask, 1);

    asked->tokens = sp_tokens_ref(tokens);
    asked->entry = entry;
    asked->n_changes = tokens->n_changes;
    if (tokens->flow == FLOW_REFRESH) {
        asked->refresh_token = g_strdup(sp_refresh_token_peek(tokens->refresh));
    }
    return asked;
}

static void
ask_command(SpTokens *tokens, Entry *entry)
{
    const char *command = sp_config_get(tokens->config, "sign-in", "command");
    GError *error = NULL;

    if (command == NULL) {
        sp_grant_set_missing(tokens->config, "command", &error);
        settle(entry, error);
        return;
    }
    sp_token_command_async(command, entry->audience, entry->asking, on_command,
                           ask_new(tokens, entry));
}

/* The requests that waited for what is kept. Whoever is told may ask again, so the list comes
 * first. */
static void
ask_held(SpTokens *tokens, const GError *error)
{
    g_autoptr(GList) entries = g_hash_table_get_values(tokens->entries);

    for (GList *item = entries; item != NULL; item = item->next) {
        Entry *entry = item->data;

        if (!entry->is_held) {
            continue;
        }
        entry->is_held = FALSE;
        if (error != NULL || g_queue_is_empty(&entry->waiting)) {
            settle(entry, error == NULL ? NULL : g_error_copy(error));
        } else {
            ask(tokens, entry);
        }
    }
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpTokens *tokens = user_data;
    g_autoptr(GError) error = NULL;

    (void) source;
    sp_refresh_token_read_finish(result, &error);
    tokens->is_reading = FALSE;
    ask_held(tokens, error);
    sp_tokens_unref(tokens);
}

static void
read_kept(SpTokens *tokens)
{
    if (!tokens->is_reading) {
        tokens->is_reading = TRUE;
        sp_refresh_token_read_async(tokens->refresh, on_read, sp_tokens_ref(tokens));
    }
}

static void
ask(SpTokens *tokens, Entry *entry)
{
    g_autofree char *url = NULL;
    g_autoptr(SpForm) form = NULL;
    GError *error = NULL;

    g_clear_object(&entry->asking);
    entry->asking = g_cancellable_new();
    if (tokens->flow == FLOW_REFRESH && !sp_refresh_token_is_known(tokens->refresh)) {
        entry->is_held = TRUE;
        read_kept(tokens);
        return;
    }
    if (tokens->flow == FLOW_COMMAND) {
        ask_command(tokens, entry);
        return;
    }
    form = make_form(tokens, entry, &error);
    if (form == NULL) {
        settle(entry, error);
        return;
    }
    url = sp_authority_url(tokens->config, "token");
    sp_oauth_post_async(tokens->http, url, form, entry->asking, on_answer, ask_new(tokens, entry));
}

static gboolean
on_waiter_cancelled(GCancellable *cancellable, gpointer user_data)
{
    Waiter *waiter = user_data;
    Entry *entry = waiter->entry;
    g_autoptr(GTask) task = NULL;

    (void) cancellable;
    g_queue_remove(&entry->waiting, waiter);
    if (g_queue_is_empty(&entry->waiting) && entry->asking != NULL) {
        g_cancellable_cancel(entry->asking);
    }
    task = waiter_free(waiter);
    g_task_return_new_error(task, SP_ERROR, SP_ERROR_CANCELLED, _("Stopped"));
    return G_SOURCE_REMOVE;
}

static Entry *
get_entry(SpTokens *tokens, const char *audience)
{
    Entry *entry = g_hash_table_lookup(tokens->entries, audience);

    if (entry == NULL) {
        entry = g_new0(Entry, 1);
        entry->audience = g_strdup(audience);
        g_queue_init(&entry->waiting);
        g_hash_table_insert(tokens->entries, entry->audience, entry);
    }
    return entry;
}

static void
wait_for(Entry *entry, GTask *task, GCancellable *cancellable)
{
    Waiter *waiter = g_new0(Waiter, 1);

    waiter->task = task;
    waiter->entry = entry;
    if (cancellable != NULL) {
        waiter->cancelled = g_cancellable_source_new(cancellable);
        g_source_set_callback(waiter->cancelled, G_SOURCE_FUNC(on_waiter_cancelled), waiter, NULL);
        g_source_attach(waiter->cancelled, g_task_get_context(task));
    }
    g_queue_push_tail(&entry->waiting, waiter);
}

void
sp_tokens_get_async(SpTokens *tokens, const char *audience, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    Entry *entry = get_entry(tokens, audience);

    g_task_set_source_tag(task, sp_tokens_get_async);
    g_task_set_check_cancellable(task, FALSE);
    if (entry->asking == NULL && entry->token != NULL && g_get_real_time() < entry->expires) {
        g_task_return_pointer(task, g_strdup(entry->token), free_token);
        g_object_unref(task);
        return;
    }
    wait_for(entry, task, cancellable);
    if (entry->asking == NULL) {
        ask(tokens, entry);
    }
}

char *
sp_tokens_get_finish(SpTokens *tokens, GAsyncResult *result, GError **error)
{
    (void) tokens;
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_tokens_get_async), NULL);
    return g_task_propagate_pointer(G_TASK(result), error);
}

void
sp_tokens_reject(SpTokens *tokens, const char *audience, const char *token)
{
    Entry *entry = g_hash_table_lookup(tokens->entries, audience);

    if (entry != NULL && g_strcmp0(entry->token, token) == 0) {
        sp_tokens_wipe(entry->token);
        entry->token = NULL;
    }
}

static void
on_stored(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;

    (void) source;
    if (sp_refresh_token_store_finish(result, &error)) {
        g_task_return_boolean(task, TRUE);
    } else {
        g_task_return_error(task, error);
    }
}

void
sp_tokens_store_async(SpTokens *tokens, const char *refresh_token, GAsyncReadyCallback callback,
                      gpointer user_data)
{
    GTask *task = g_task_new(NULL, NULL, callback, user_data);

    g_task_set_source_tag(task, sp_tokens_store_async);
    change_person(tokens);
    sp_refresh_token_store_async(tokens->refresh, refresh_token, on_stored, task);
}

gboolean
sp_tokens_store_finish(SpTokens *tokens, GAsyncResult *result, GError **error)
{
    (void) tokens;
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_tokens_store_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

static void
on_forgotten(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;

    (void) source;
    if (sp_refresh_token_forget_finish(result, &error)) {
        g_task_return_boolean(task, TRUE);
    } else {
        g_task_return_error(task, error);
    }
}

void
sp_tokens_forget_async(SpTokens *tokens, GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, NULL, callback, user_data);

    g_task_set_source_tag(task, sp_tokens_forget_async);
    change_person(tokens);
    sp_refresh_token_forget_async(tokens->refresh, on_forgotten, task);
}

gboolean
sp_tokens_forget_finish(SpTokens *tokens, GAsyncResult *result, GError **error)
{
    (void) tokens;
    g_return_val_if_fail(g_async_result_is_tagged(result, sp_tokens_forget_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}
