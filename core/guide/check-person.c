/* Who is meant: asked of Microsoft 365, which may not hold up for ever the services that can do
 * with an address alone. */
#include <string.h>

#include "core/error.h"
#include "core/guide/check-private.h"
#include "core/i18n.h"
#include "core/net/endpoint.h"

/* So long a look-up by address may hold up the services that can do with the address alone; signing
 * in, where a person or a program is asked, takes its own time first. */
#define LOOK_UP_PATIENCE_MS 5000

static gboolean
is_address(const char *query)
{
    return strchr(query, '@') != NULL;
}

static void
stop_patience(SpCheck *check)
{
    if (check->patience != NULL) {
        g_source_destroy(check->patience);
        g_clear_pointer(&check->patience, g_source_unref);
    }
}

static gboolean
on_out_of_patience(gpointer user_data)
{
    SpCheck *check = user_data;

    check->is_out_of_patience = TRUE;
    stop_patience(check);
    g_cancellable_cancel(check->look_up);
    return G_SOURCE_REMOVE;
}

static void
start_patience(SpCheck *check)
{
    check->patience = g_timeout_source_new(LOOK_UP_PATIENCE_MS);
    g_source_set_callback(check->patience, on_out_of_patience, check, NULL);
    g_source_attach(check->patience, g_main_context_get_thread_default());
}

/* Nobody, or not allowed to know, is an answer about the person. A Graph that hangs or talks
 * nonsense is not: the other services can still be asked by the address. */
static gboolean
can_do_with_address(const SpCheck *check, const GError *error)
{
    static const SpError about_graph[] = {SP_ERROR_NETWORK,  SP_ERROR_TLS,    SP_ERROR_TIMEOUT,
                                          SP_ERROR_PROTOCOL, SP_ERROR_FORMAT, SP_ERROR_TOO_LARGE,
                                          SP_ERROR_THROTTLED};

    if (!is_address(check->query)) {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(about_graph); i++) {
        if (g_error_matches(error, SP_ERROR, (int) about_graph[i])) {
            return TRUE;
        }
    }
    return check->is_out_of_patience;
}

static void
go_on_with_address(SpCheck *check, const GError *error)
{
    const char *reason = check->is_out_of_patience
                             ? _("Microsoft 365 has not said who this is within 5 seconds")
                             : error->message;

    sp_check_set_person(check, sp_person_new_from_address(check->query, reason));
}

static void
on_person(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpCheck *check = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) people = sp_person_find_finish(result, &error);

    (void) source;
    check->is_looking_up = FALSE;
    stop_patience(check);
    if (check->is_cancelled) {
        sp_check_end(check);
        return;
    }
    if (people == NULL && can_do_with_address(check, error)) {
        go_on_with_address(check, error);
    } else if (people == NULL) {
        check->error = g_steal_pointer(&error);
        sp_check_give_up(check, SP_CHECK_FAILED);
    } else if (people->len > 1) {
        check->matches = g_steal_pointer(&people);
        sp_check_give_up(check, SP_CHECK_CHOICE);
    } else {
        sp_check_set_person(check, sp_person_ref(g_ptr_array_index(people, 0)));
    }
    sp_check_end(check);
}

/* The look-up waits for this same token: it is asked for once. */
static void
on_token(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpCheck *check = user_data;

    (void) source;
    sp_tokens_wipe(sp_tokens_get_finish(sp_client_get_tokens(check->client), result, NULL));
    if (check->is_looking_up && !check->is_cancelled) {
        start_patience(check);
    }
    sp_check_end(check);
}

void
sp_check_look_up(SpCheck *check)
{
    g_autofree char *audience =
        sp_endpoint_audience(sp_client_get_config(check->client), SP_ENDPOINT_GRAPH);

    check->is_looking_up = TRUE;
    sp_check_begin(check);
    sp_person_find_async(check->client, check->query, check->look_up, on_person, check);
    if (audience != NULL && is_address(check->query)) {
        sp_check_begin(check);
        sp_tokens_get_async(sp_client_get_tokens(check->client), audience, check->look_up, on_token,
                            check);
    }
}
