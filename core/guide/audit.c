/* A queue of people and a few checks that run. Everybody comes page by page: the next page is asked
 * for when nobody waits any more, so that a large tenant never stands in memory whole. */
#include "core/guide/audit.h"

#include "core/error.h"
#include "core/i18n.h"

/* So many in a row are no accident of one person's. */
#define MAX_UNREACHABLE 10

/* The whole audit: the task's data. */
typedef struct {
    SpClient *client;
    SpAuditFunc func;
    gpointer func_data;
    GHashTable *done;
    GDateTime *now;
    guint n_jobs;

    GQueue waiting; /* Subject */
    char *link;     /* of the next page */
    gboolean has_more;
    gboolean is_listing;
    GPtrArray *running; /* Subject */
    guint n_left_out;
    guint n_unreachable;
    GError *error;             /* what ends it */
    GCancellable *cancellable; /* of the listing */
    gulong cancelled;
    gboolean is_over;
} Audit;

/* One person who waits or is being read. */
typedef struct {
    GTask *task; /* borrowed */
    char *query;
    SpPerson *person; /* where Graph listed them */
    SpCheck *check;
} Subject;

static void go_on(GTask *task);

static void
free_subject(gpointer data)
{
    Subject *subject = data;

    g_free(subject->query);
    g_clear_pointer(&subject->person, sp_person_unref);
    sp_check_unref(subject->check);
    g_free(subject);
}

static void
free_audit(gpointer data)
{
    Audit *audit = data;

    sp_client_unref(audit->client);
    g_clear_pointer(&audit->done, g_hash_table_unref);
    g_clear_pointer(&audit->now, g_date_time_unref);
    g_queue_clear_full(&audit->waiting, free_subject);
    g_ptr_array_unref(audit->running);
    g_free(audit->link);
    g_clear_error(&audit->error);
    g_object_unref(audit->cancellable);
    g_free(audit);
}

char *
sp_audit_fold(const char *address)
{
    return g_utf8_casefold(address, -1);
}

int
sp_audit_exit_code(const SpAuditEntry *entry)
{
    return entry->check != NULL ? sp_check_exit_code(entry->check)
                                : sp_check_exit_code_of_error(entry->error);
}

SpJson *
sp_audit_to_json(const SpAuditEntry *entry)
{
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "schema", "samephoto.audit/1");
    sp_json_add_string(json, "query", entry->query);
    json_object_object_add(json, "exit_code", json_object_new_int(sp_audit_exit_code(entry)));
    sp_json_add_string(json, "error", entry->error == NULL ? NULL : entry->error->message);
    json_object_object_add(json, "check",
                           entry->check == NULL ? NULL : sp_check_to_json(entry->check));
    return json;
}

/* No error of one person's: everybody would meet it. */
static gboolean
ends_all(const GError *error)
{
    return g_error_matches(error, SP_ERROR, SP_ERROR_AUTH) ||
           g_error_matches(error, SP_ERROR, SP_ERROR_CONFIG);
}

static void
stop(Audit *audit, GError *error)
{
    if (audit->error == NULL) {
        audit->error = error;
    } else {
        g_error_free(error);
    }
    g_queue_clear_full(&audit->waiting, free_subject);
    g_ptr_array_set_size(audit->running, 0);
    audit->has_more = FALSE;
    g_cancellable_cancel(audit->cancellable);
}

static void
tell(Audit *audit, const Subject *subject, SpCheck *check, const GError *error)
{
    const SpAuditEntry entry = {subject->query, check, error};

    audit->n_unreachable = sp_audit_exit_code(&entry) == 5 ? audit->n_unreachable + 1 : 0;
    /* May cancel all of it: nothing of the entry is there any more after that. */
    audit->func(&entry, audit->func_data);
    if (audit->n_unreachable >= MAX_UNREACHABLE) {
        stop(audit,
             g_error_new(SP_ERROR, SP_ERROR_NETWORK,
                         _("%d people in a row could not be reached; check the network, then "
                           "go on"),
                         MAX_UNREACHABLE));
    }
}

static void
tell_several(Audit *audit, const Subject *subject, SpCheck *check)
{
    g_autoptr(GError) error =
        g_error_new(SP_ERROR, SP_ERROR_NOT_FOUND, _("'%s' may be any of %u people"), subject->query,
                    sp_check_get_matches(check)->len);

    tell(audit, subject, NULL, error);
}

static void
on_check(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    Subject *subject = user_data;
    GTask *task = subject->task;
    Audit *audit = g_task_get_task_data(task);
    const GError *error = sp_check_get_error(check);
    guint index = 0;

    (void) service;
    switch (event) {
    case SP_CHECK_DONE: tell(audit, subject, check, NULL); break;
    case SP_CHECK_CHOICE: tell_several(audit, subject, check); break;
    case SP_CHECK_FAILED:
        if (ends_all(error)) {
            stop(audit, g_error_copy(error));
        } else {
            tell(audit, subject, NULL, error);
        }
        break;
    default: return;
    }
    /* Where all was stopped meanwhile, nobody is left. */
    if (g_ptr_array_find(audit->running, subject, &index)) {
        g_ptr_array_remove_index_fast(audit->running, index);
    }
    go_on(task);
}

static void
start_check(GTask *task, Subject *subject)
{
    Audit *audit = g_task_get_task_data(task);
    SpCheckOptions options = {.user = subject->query, .person = subject->person, .now = audit->now};

    g_ptr_array_add(audit->running, subject);
    subject->check = sp_check_start(audit->client, &options, on_check, subject);
}

static void
wait_for(GTask *task, const char *query, SpPerson *person)
{
    Audit *audit = g_task_get_task_data(task);
    g_autofree char *folded = sp_audit_fold(query);
    Subject *subject;

    if (audit->done != NULL && g_hash_table_contains(audit->done, folded)) {
        return;
    }
    subject = g_new0(Subject, 1);
    subject->task = task;
    subject->query = g_strdup(query);
    subject->person = person == NULL ? NULL : sp_person_ref(person);
    g_queue_push_tail(&audit->waiting, subject);
}

static void
on_page(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Audit *audit = g_task_get_task_data(task);
    GError *error = NULL;
    g_autofree char *next = NULL;
    g_autoptr(GPtrArray) people = sp_person_page_finish(result, &next, &error);

    (void) source;
    audit->is_listing = FALSE;
    if (people == NULL) {
        stop(audit, error);
    } else if (audit->error == NULL) {
        g_free(audit->link);
        audit->link = g_steal_pointer(&next);
        audit->has_more = audit->link != NULL;
        for (guint i = 0; i < people->len; i++) {
            SpPerson *person = g_ptr_array_index(people, i);

            if (person->is_enabled == SP_NO || sp_person_is_guest(person)) {
                audit->n_left_out++;
            } else {
                wait_for(task, person->user_principal_name, person);
            }
        }
    }
    go_on(task);
}

static void
list_more(GTask *task)
{
    Audit *audit = g_task_get_task_data(task);

    audit->is_listing = TRUE;
    audit->has_more = FALSE;
    sp_person_page_async(audit->client, audit->link, audit->cancellable, on_page,
                         g_object_ref(task));
}

static gboolean
on_idle_over(gpointer user_data)
{
    GTask *task = user_data;
    Audit *audit = g_task_get_task_data(task);

    if (audit->cancelled != 0) {
        g_cancellable_disconnect(g_task_get_cancellable(task), audit->cancelled);
    }
    if (audit->error != NULL) {
        g_task_return_error(task, g_steal_pointer(&audit->error));
    } else {
        g_task_return_boolean(task, TRUE);
    }
    return G_SOURCE_REMOVE;
}

/* From the loop: what calls us (a check, the cancellable) goes on after it. The reference that the
 * audit held since it began goes along. */
static void
end(GTask *task)
{
    Audit *audit = g_task_get_task_data(task);

    if (!audit->is_over) {
        audit->is_over = TRUE;
        g_idle_add_full(G_PRIORITY_DEFAULT, on_idle_over, task, g_object_unref);
    }
}

/* Starts who fits, asks for the next page where nobody waits, ends where there is nothing more. */
static void
go_on(GTask *task)
{
    Audit *audit = g_task_get_task_data(task);

    while (audit->running->len < audit->n_jobs && audit->waiting.length > 0) {
        start_check(task, g_queue_pop_head(&audit->waiting));
    }
    if (audit->has_more && !audit->is_listing && audit->waiting.length == 0) {
        list_more(task);
    }
    if (audit->running->len == 0 && !audit->is_listing) {
        end(task);
    }
}

static void
on_cancelled(GCancellable *cancellable, gpointer user_data)
{
    GTask *task = user_data;

    (void) cancellable;
    stop(g_task_get_task_data(task),
         g_error_new_literal(SP_ERROR, SP_ERROR_CANCELLED, _("Stopped")));
    go_on(task);
}

static gboolean
on_idle_begin(gpointer user_data)
{
    go_on(user_data);
    return G_SOURCE_REMOVE;
}

void
sp_audit_async(SpClient *client, const SpAuditOptions *options, SpAuditFunc func,
               gpointer func_data, GCancellable *cancellable, GAsyncReadyCallback callback,
               gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, callback, user_data); /* see end() */
    Audit *audit = g_new0(Audit, 1);

    audit->client = sp_client_ref(client);
    audit->func = func;
    audit->func_data = func_data;
    audit->done = options->done == NULL ? NULL : g_hash_table_ref(options->done);
    audit->now = options->now == NULL ? NULL : g_date_time_ref(options->now);
    audit->n_jobs =
        options->n_jobs == 0 ? SP_AUDIT_JOBS : CLAMP(options->n_jobs, 1, SP_AUDIT_MAX_JOBS);
    g_queue_init(&audit->waiting);
    audit->running = g_ptr_array_new_with_free_func(free_subject);
    audit->cancellable = g_cancellable_new();
    audit->has_more = options->users == NULL;
    g_task_set_check_cancellable(task, FALSE);
    g_task_set_task_data(task, audit, free_audit);
    for (guint i = 0; options->users != NULL && options->users[i] != NULL; i++) {
        wait_for(task, options->users[i], NULL);
    }
    if (cancellable != NULL) {
        audit->cancelled = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), task, NULL);
    }
    g_idle_add_full(G_PRIORITY_DEFAULT, on_idle_begin, g_object_ref(task), g_object_unref);
}

gboolean
sp_audit_finish(GAsyncResult *result, guint *n_left_out, GError **error)
{
    const Audit *audit = g_task_get_task_data(G_TASK(result));

    if (n_left_out != NULL) {
        *n_left_out = audit->n_left_out;
    }
    return g_task_propagate_boolean(G_TASK(result), error);
}
