/* One run: the policy and the person are asked at the same time, then every service at once; each
 * copy that arrives is grouped with the others in a worker thread and diagnosed again here. At most
 * one comparison runs; what arrives meanwhile makes it run once more. The findings always belong to
 * the copies that the groups were made of, never to a mixture. */

#include "core/guide/check.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/services/seen.h"

/* So long a look-up by address may hold up the services that can do with the address alone. */
#define LOOK_UP_PATIENCE_MS 5000

struct SpCheck {
    guint n_refs;    /* the callers' */
    guint n_running; /* operations that still come back */
    SpClient *client;
    SpCheckFunc func; /* NULL once it may no longer be called */
    gpointer user_data;
    GCancellable *cancellable;
    GCancellable *look_up; /* of the person only */
    GSource *patience;     /* until the look-up is given up; or NULL */
    gboolean is_out_of_patience;

    char *query;
    char *reference_file;
    char *wanted_reference; /* the id that was asked for, or NULL */
    GStrv wanted;           /* NULL: all */
    GDateTime *now;         /* given, or NULL: the clock's */

    GDateTime *started;
    gint64 started_us;
    gint64 elapsed_ms;
    SpPerson *person;
    GPtrArray *matches;
    SpPolicy *policy;
    GError *error;

    GStrv plan; /* the services' copies, then what the person sees */
    guint n_copies;
    SpCopy **copies;   /* NULL: not arrived */
    SpCopy **compared; /* the copies that groups and findings belong to */
    guint n_compared;
    SpGroups *groups;
    int compared_reference;
    GPtrArray *findings;
    SpVerdict verdict;

    gboolean is_collected; /* person and copies are all there */
    gboolean is_policy_read;
    gboolean is_comparing;
    gboolean is_outdated; /* something changed since the comparison began */
    gboolean is_done;
    gboolean is_cancelled;
};

static void
free_copies(SpCopy **copies, guint n_copies)
{
    for (guint i = 0; copies != NULL && i < n_copies; i++) {
        g_clear_pointer(&copies[i], sp_copy_unref);
    }
    g_free(copies);
}

static void
free_if_unused(SpCheck *check)
{
    if (check->n_refs > 0 || check->n_running > 0) {
        return;
    }
    sp_client_unref(check->client);
    g_object_unref(check->cancellable);
    g_object_unref(check->look_up);
    g_free(check->query);
    g_free(check->reference_file);
    g_free(check->wanted_reference);
    g_strfreev(check->wanted);
    g_clear_pointer(&check->now, g_date_time_unref);
    g_date_time_unref(check->started);
    g_clear_pointer(&check->person, sp_person_unref);
    g_clear_pointer(&check->matches, g_ptr_array_unref);
    sp_policy_free(check->policy);
    g_clear_error(&check->error);
    free_copies(check->copies, check->n_copies);
    free_copies(check->compared, check->n_compared);
    g_strfreev(check->plan);
    sp_groups_free(check->groups);
    g_ptr_array_unref(check->findings);
    g_free(check);
}

/* Every operation holds the check alive between begin() and end(). */
static void
begin(SpCheck *check)
{
    check->n_running++;
}

static void
end(SpCheck *check)
{
    check->n_running--;
    free_if_unused(check);
}

static void
emit(SpCheck *check, SpCheckEvent event, const char *service)
{
    if (check->func != NULL) {
        check->func(check, event, service, check->user_data);
    }
}

static void
stop_clock(SpCheck *check)
{
    check->is_done = TRUE;
    check->elapsed_ms = (g_get_monotonic_time() - check->started_us) / 1000;
}

/* The id of the copy that the others are held against. */
static const char *
reference_id(const SpCheck *check)
{
    if (check->wanted_reference != NULL && sp_check_find(check, check->wanted_reference) >= 0) {
        return check->wanted_reference;
    }
    return sp_check_find(check, "file") >= 0 ? "file" : "graph";
}

static gboolean
has_photo(const SpCopy *copy)
{
    return copy != NULL && copy->status == SP_COPY_PRESENT && copy->photo != NULL;
}

/* What a worker thread compares: immutable photos, shared. */
typedef struct {
    SpPhoto **photos;
    SpCopy **copies;
    guint n_photos;
    int reference;
} Comparison;

static void
comparison_free(gpointer data)
{
    Comparison *comparison = data;

    free_copies(comparison->copies, comparison->n_photos);
    g_free(comparison->photos);
    g_free(comparison);
}

static Comparison *
comparison_new(const SpCheck *check)
{
    Comparison *comparison = g_new0(Comparison, 1);

    comparison->n_photos = check->n_copies;
    comparison->photos = g_new0(SpPhoto *, check->n_copies);
    comparison->copies = g_new0(SpCopy *, check->n_copies);
    comparison->reference = sp_check_get_reference(check);
    for (guint i = 0; i < check->n_copies; i++) {
        if (check->copies[i] == NULL) {
            continue;
        }
        comparison->copies[i] = sp_copy_ref(check->copies[i]);
        comparison->photos[i] = has_photo(check->copies[i]) ? check->copies[i]->photo : NULL;
    }
    return comparison;
}

static SpGroups *
groups_of(const Comparison *comparison)
{
    int reference = comparison->reference;

    if (reference >= 0 && comparison->photos[reference] == NULL) {
        reference = -1;
    }
    return sp_groups_new(comparison->photos, comparison->n_photos, reference);
}

static void
compare_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void) source;
    (void) cancellable;
    g_task_return_pointer(task, groups_of(data), (GDestroyNotify) sp_groups_free);
}

/* How many of the plan's copies are services'; what the person sees stands behind them. */
static guint
count_services(const SpCheck *check)
{
    guint n = check->n_copies;

    while (n > 0 && sp_seen_is_id(check->plan[n - 1])) {
        n--;
    }
    return n;
}

static SpEvidence
evidence_of(const SpCheck *check)
{
    guint n_services = count_services(check);
    SpEvidence evidence = {.person = check->person,
                           .policy = check->policy,
                           .copies = check->compared,
                           .n_copies = n_services,
                           .n_seen = check->n_compared - n_services,
                           .groups = check->groups,
                           .reference = check->compared_reference,
                           .now = check->now != NULL ? check->now : check->started};

    return evidence;
}

static void
diagnose(SpCheck *check)
{
    SpEvidence evidence = evidence_of(check);

    g_ptr_array_unref(check->findings);
    check->findings = sp_diagnose(&evidence);
    check->verdict = sp_diagnose_verdict(&evidence);
}

static void compare(SpCheck *check);

/* The last word is said when everything is there and compared. */
static void
finish_if_complete(SpCheck *check)
{
    if (check->is_done || check->is_cancelled || !check->is_collected || !check->is_policy_read ||
        check->is_comparing || check->is_outdated) {
        return;
    }
    stop_clock(check);
    emit(check, SP_CHECK_DONE, NULL);
}

static void
on_compared(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpCheck *check = user_data;
    Comparison *comparison = g_task_get_task_data(G_TASK(result));
    SpGroups *groups = g_task_propagate_pointer(G_TASK(result), NULL);

    (void) source;
    check->is_comparing = FALSE;
    if (!check->is_cancelled) {
        sp_groups_free(check->groups);
        check->groups = groups;
        free_copies(check->compared, check->n_compared);
        check->compared = g_steal_pointer(&comparison->copies);
        check->n_compared = comparison->n_photos;
        check->compared_reference = comparison->reference;
        diagnose(check);
        emit(check, SP_CHECK_COMPARED, NULL);
        if (check->is_outdated && !check->is_cancelled) {
            compare(check);
        }
        finish_if_complete(check);
    } else {
        sp_groups_free(groups);
    }
    end(check);
}

static void
compare(SpCheck *check)
{
    g_autoptr(GTask) task = NULL;

    check->is_outdated = check->is_comparing;
    if (check->is_comparing) {
        return;
    }
    check->is_comparing = TRUE;
    begin(check);
    task = g_task_new(NULL, NULL, on_compared, check);
    g_task_set_task_data(task, comparison_new(check), comparison_free);
    g_task_run_in_thread(task, compare_in_thread);
}

static void
on_copy(SpCopy *copy, gpointer user_data)
{
    SpCheck *check = user_data;
    int index = sp_check_find(check, copy->service);

    if (check->is_cancelled || index < 0) {
        return;
    }
    g_clear_pointer(&check->copies[index], sp_copy_unref);
    check->copies[index] = sp_copy_ref(copy);
    emit(check, SP_CHECK_COPY, copy->service);
    if (!check->is_cancelled) {
        compare(check);
    }
}

static void
skip_missing(SpCheck *check)
{
    SpConfig *config = sp_client_get_config(check->client);

    for (guint i = 0; i < check->n_copies; i++) {
        if (check->copies[i] == NULL) {
            g_autofree char *title = sp_service_title(config, check->plan[i]);

            check->copies[i] = sp_copy_new(check->plan[i], title);
        }
    }
}

static void
on_collected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpCheck *check = user_data;

    (void) source;
    sp_collect_finish(result, NULL);
    if (!check->is_cancelled) {
        skip_missing(check);
        check->is_collected = TRUE;
        compare(check);
    }
    end(check);
}

static void
collect(SpCheck *check)
{
    SpCollectOptions options = {.reference_file = check->reference_file,
                                .wanted = (const char *const *) check->wanted};

    begin(check);
    sp_collect_async(check->client, check->person, &options, on_copy, check, check->cancellable,
                     on_collected, check);
}

static void
set_person(SpCheck *check, SpPerson *person)
{
    check->person = person;
    emit(check, SP_CHECK_PERSON, NULL);
    if (!check->is_cancelled) {
        collect(check);
    }
}

static void
call_back(SpCheck *check)
{
    g_cancellable_cancel(check->cancellable);
    g_cancellable_cancel(check->look_up);
}

/* Nothing more will come: what is still on its way is called back. */
static void
give_up(SpCheck *check, SpCheckEvent event)
{
    stop_clock(check);
    emit(check, event, NULL);
    check->func = NULL;
    call_back(check);
}

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
    if (!is_address(check->query)) {
        return;
    }
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

    set_person(check, sp_person_new_from_address(check->query, reason));
}

static void
on_person(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpCheck *check = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) people = sp_person_find_finish(result, &error);

    (void) source;
    stop_patience(check);
    if (check->is_cancelled) {
        end(check);
        return;
    }
    if (people == NULL && can_do_with_address(check, error)) {
        go_on_with_address(check, error);
    } else if (people == NULL) {
        check->error = g_steal_pointer(&error);
        give_up(check, SP_CHECK_FAILED);
    } else if (people->len > 1) {
        check->matches = g_steal_pointer(&people);
        give_up(check, SP_CHECK_CHOICE);
    } else {
        set_person(check, sp_person_ref(g_ptr_array_index(people, 0)));
    }
    end(check);
}

static void
on_policy(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpCheck *check = user_data;
    SpPolicy *policy = sp_policy_read_finish(result, NULL);

    (void) source;
    if (check->is_cancelled || check->is_done) {
        sp_policy_free(policy);
        end(check);
        return;
    }
    check->policy = policy;
    check->is_policy_read = TRUE;
    if (check->is_collected && !check->is_comparing) {
        diagnose(check);
        emit(check, SP_CHECK_COMPARED, NULL);
        finish_if_complete(check);
    }
    end(check);
}

/* The person is known already: begins from the loop, so that nobody is called from inside start. */
static gboolean
on_idle(gpointer user_data)
{
    SpCheck *check = user_data;

    if (!check->is_cancelled) {
        set_person(check, g_steal_pointer(&check->person));
    }
    end(check);
    return G_SOURCE_REMOVE;
}

static void
start_idle(SpCheck *check)
{
    g_autoptr(GSource) source = g_idle_source_new();

    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, on_idle, check, NULL);
    g_source_attach(source, g_main_context_get_thread_default());
}

/* What a re-check does not say, it has from the check before. */
static void
inherit(SpCheck *check, const SpCheck *base)
{
    if (base == NULL) {
        return;
    }
    if (check->reference_file == NULL) {
        check->reference_file = g_strdup(base->reference_file);
    }
    if (check->wanted_reference == NULL) {
        check->wanted_reference = g_strdup(base->wanted_reference);
    }
}

static void
make_plan(SpCheck *check, const SpCheckOptions *options)
{
    SpCollectOptions collect_options = {.reference_file = check->reference_file,
                                        .wanted = (const char *const *) check->wanted};

    if (options->base != NULL) {
        check->plan = g_strdupv(options->base->plan);
    } else {
        check->plan = sp_collect_plan(sp_client_get_config(check->client), &collect_options);
    }
    check->n_copies = g_strv_length(check->plan);
    check->copies = g_new0(SpCopy *, check->n_copies);
    check->compared = g_new0(SpCopy *, check->n_copies);
    check->n_compared = check->n_copies;
}

/* The copies of an earlier check that are not read again still stand; what the person sees is no
 * service's to read. */
static void
take_over(SpCheck *check, const SpCheck *base)
{
    for (guint i = 0; base != NULL && check->wanted != NULL && i < check->n_copies; i++) {
        if (base->copies[i] != NULL &&
            (sp_seen_is_id(check->plan[i]) ||
             !g_strv_contains((const char *const *) check->wanted, check->plan[i]))) {
            check->copies[i] = sp_copy_ref(base->copies[i]);
        }
    }
}

/* Puts these behind the services' copies, in place of those that stood there. */
static void
place_seen(SpCheck *check, const GPtrArray *seen)
{
    guint n_services = count_services(check);
    guint n = n_services + seen->len;

    for (guint i = n_services; i < check->n_copies; i++) {
        g_clear_pointer(&check->plan[i], g_free);
        g_clear_pointer(&check->copies[i], sp_copy_unref);
    }
    check->plan = g_renew(char *, check->plan, n + 1);
    check->copies = g_renew(SpCopy *, check->copies, MAX(n, 1));
    for (guint i = 0; i < seen->len; i++) {
        SpCopy *copy = g_ptr_array_index(seen, i);

        check->plan[n_services + i] = g_strdup(copy->service);
        check->copies[n_services + i] = sp_copy_ref(copy);
    }
    check->plan[n] = NULL;
    check->n_copies = n;
}

SpCheck *
sp_check_start(SpClient *client, const SpCheckOptions *options, SpCheckFunc func,
               gpointer user_data)
{
    SpCheck *check = g_new0(SpCheck, 1);

    g_return_val_if_fail(options->user != NULL || options->person != NULL, NULL);
    check->n_refs = 1;
    check->client = sp_client_ref(client);
    check->func = func;
    check->user_data = user_data;
    check->cancellable = g_cancellable_new();
    check->look_up = g_cancellable_new();
    check->query = g_strdup(options->user);
    check->reference_file = g_strdup(options->reference_file);
    check->wanted_reference = g_strdup(options->reference);
    check->wanted = g_strdupv((GStrv) options->wanted);
    check->now = options->now != NULL ? g_date_time_ref(options->now) : NULL;
    check->started = g_date_time_new_now_utc();
    check->started_us = g_get_monotonic_time();
    check->findings = g_ptr_array_new_with_free_func((GDestroyNotify) sp_finding_free);
    check->verdict = SP_VERDICT_INCOMPLETE;
    check->compared_reference = -1;
    inherit(check, options->base);
    make_plan(check, options);
    take_over(check, options->base);
    if (options->seen != NULL) {
        place_seen(check, options->seen);
    }

    begin(check);
    sp_policy_read_async(client, check->cancellable, on_policy, check);
    begin(check);
    if (options->person != NULL) {
        check->person = sp_person_ref((SpPerson *) options->person);
        start_idle(check);
    } else {
        sp_person_find_async(client, check->query, check->look_up, on_person, check);
        start_patience(check);
    }
    return check;
}

static void
take_evidence(SpCheck *check, const SpEvidence *evidence)
{
    check->n_copies = evidence->n_copies + evidence->n_seen;
    check->plan = g_new0(char *, check->n_copies + 1);
    check->copies = g_new0(SpCopy *, check->n_copies);
    for (guint i = 0; i < check->n_copies; i++) {
        check->copies[i] = sp_copy_ref(evidence->copies[i]);
        check->plan[i] = g_strdup(evidence->copies[i]->service);
    }
    if (evidence->reference >= 0) {
        check->wanted_reference = g_strdup(check->plan[evidence->reference]);
    }
    check->compared_reference = evidence->reference;
    check->person = evidence->person == NULL ? NULL : sp_person_ref((SpPerson *) evidence->person);
    check->policy = evidence->policy == NULL ? NULL : sp_policy_copy(evidence->policy);
}

SpCheck *
sp_check_new_done(const SpEvidence *evidence, SpCheckFunc func, gpointer user_data)
{
    SpCheck *check = g_new0(SpCheck, 1);
    Comparison *comparison;

    check->n_refs = 1;
    check->func = func;
    check->user_data = user_data;
    check->cancellable = g_cancellable_new();
    check->look_up = g_cancellable_new();
    check->now = g_date_time_ref(evidence->now);
    check->started = g_date_time_ref(evidence->now);
    check->started_us = g_get_monotonic_time();
    check->findings = g_ptr_array_new_with_free_func((GDestroyNotify) sp_finding_free);
    take_evidence(check, evidence);
    comparison = comparison_new(check);
    check->compared = g_steal_pointer(&comparison->copies);
    check->n_compared = check->n_copies;
    check->groups = groups_of(comparison);
    comparison_free(comparison);
    check->is_collected = TRUE;
    check->is_policy_read = TRUE;
    check->is_done = TRUE;
    diagnose(check);
    return check;
}

SpCheck *
sp_check_ref(SpCheck *check)
{
    check->n_refs++;
    return check;
}

void
sp_check_unref(SpCheck *check)
{
    if (check == NULL || --check->n_refs > 0) {
        return;
    }
    begin(check);
    sp_check_cancel(check);
    end(check);
}

void
sp_check_cancel(SpCheck *check)
{
    check->func = NULL;
    if (check->is_cancelled) {
        return;
    }
    check->is_cancelled = TRUE;
    if (!check->is_done) {
        skip_missing(check);
        stop_clock(check);
    }
    call_back(check);
}

gboolean
sp_check_is_done(const SpCheck *check)
{
    return check->is_done;
}

const GError *
sp_check_get_error(const SpCheck *check)
{
    return check->error;
}

const SpPerson *
sp_check_get_person(const SpCheck *check)
{
    return check->person;
}

GPtrArray *
sp_check_get_matches(const SpCheck *check)
{
    return check->matches;
}

guint
sp_check_count(const SpCheck *check)
{
    return check->n_copies;
}

const char *
sp_check_get_service(const SpCheck *check, guint index)
{
    g_return_val_if_fail(index < check->n_copies, NULL);
    return check->plan[index];
}

SpCopy *
sp_check_get_copy(const SpCheck *check, guint index)
{
    g_return_val_if_fail(index < check->n_copies, NULL);
    return check->copies[index];
}

int
sp_check_find(const SpCheck *check, const char *service)
{
    for (guint i = 0; i < check->n_copies; i++) {
        if (g_strcmp0(check->plan[i], service) == 0) {
            return (int) i;
        }
    }
    return -1;
}

int
sp_check_get_reference(const SpCheck *check)
{
    return sp_check_find(check, reference_id(check));
}

void
sp_check_set_reference(SpCheck *check, const char *service)
{
    g_free(check->wanted_reference);
    check->wanted_reference = g_strdup(service);
    if (check->is_cancelled || check->person == NULL) {
        return;
    }
    compare(check);
}

void
sp_check_set_seen(SpCheck *check, const GPtrArray *seen)
{
    place_seen(check, seen);
    if (!check->is_cancelled) {
        compare(check);
    }
}

const SpGroups *
sp_check_get_groups(const SpCheck *check)
{
    return check->groups;
}

SpEvidence
sp_check_get_evidence(const SpCheck *check)
{
    return evidence_of(check);
}

GPtrArray *
sp_check_get_findings(const SpCheck *check)
{
    return check->findings;
}

SpVerdict
sp_check_get_verdict(const SpCheck *check)
{
    return check->verdict;
}

GDateTime *
sp_check_get_started(const SpCheck *check)
{
    return check->started;
}

gint64
sp_check_get_elapsed_ms(const SpCheck *check)
{
    return check->is_done ? check->elapsed_ms : (g_get_monotonic_time() - check->started_us) / 1000;
}

/* Nobody could be looked up. */
static int
exit_code_of_error(const GError *error)
{
    if (error->domain != SP_ERROR) {
        return 5;
    }
    switch (error->code) {
    case SP_ERROR_NETWORK:
    case SP_ERROR_TLS:
    case SP_ERROR_TIMEOUT: return 5;
    case SP_ERROR_AUTH: return 4;
    case SP_ERROR_NOT_FOUND:
    case SP_ERROR_CONFIG: return 2;
    default: return 3;
    }
}

/* Not one service could be read: why decides. */
static int
exit_code_of_silence(const SpCheck *check)
{
    int code = 3;

    for (guint i = 0; i < count_services(check); i++) {
        const SpCopy *copy = check->compared[i];

        if (copy == NULL || copy->status == SP_COPY_SKIPPED || g_str_equal(copy->service, "file")) {
            continue;
        }
        if (copy->status == SP_COPY_DENIED) {
            code = 4;
        } else if (copy->status == SP_COPY_UNREACHABLE && code != 4) {
            code = 5;
        } else if (sp_copy_status_is_answer(copy->status)) {
            return 3;
        }
    }
    return code;
}

int
sp_check_exit_code(const SpCheck *check)
{
    if (check->error != NULL) {
        return exit_code_of_error(check->error);
    }
    if (check->matches != NULL) {
        return 2;
    }
    switch (check->verdict) {
    case SP_VERDICT_IN_SYNC: return 0;
    case SP_VERDICT_OUT_OF_SYNC:
    case SP_VERDICT_NO_PHOTO: return 1;
    case SP_VERDICT_INCOMPLETE: break;
    }
    return exit_code_of_silence(check);
}
