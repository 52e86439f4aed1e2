/* One run: the policy and the person are asked at the same time, then every service at once. */
#include "core/error.h"
#include "core/guide/check-private.h"
#include "core/i18n.h"
#include "core/services/seen.h"

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
    sp_check_free_copies(check->copies, check->n_copies);
    sp_check_free_copies(check->compared, check->n_compared);
    g_strfreev(check->plan);
    sp_groups_free(check->groups);
    g_ptr_array_unref(check->findings);
    g_free(check);
}

/* Every operation holds the check alive between sp_check_begin() and sp_check_end(). */
void
sp_check_begin(SpCheck *check)
{
    check->n_running++;
}

void
sp_check_end(SpCheck *check)
{
    check->n_running--;
    free_if_unused(check);
}

void
sp_check_emit(SpCheck *check, SpCheckEvent event, const char *service)
{
    if (check->func != NULL) {
        check->func(check, event, service, check->user_data);
    }
}

void
sp_check_stop_clock(SpCheck *check)
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

guint
sp_check_count_services(const SpCheck *check)
{
    guint n = check->n_copies;

    while (n > 0 && sp_seen_is_id(check->plan[n - 1])) {
        n--;
    }
    return n;
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
    sp_check_emit(check, SP_CHECK_COPY, copy->service);
    if (!check->is_cancelled) {
        sp_check_compare(check);
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

/* What was asked and may no longer answer is not "not asked": it was not read. Findings tell of
 * it. */
static void
stop_missing(SpCheck *check)
{
    for (guint i = 0; i < check->n_copies; i++) {
        if (check->copies[i] == NULL) {
            g_autofree char *title =
                sp_service_title(sp_client_get_config(check->client), check->plan[i]);

            check->copies[i] = sp_copy_new(check->plan[i], title);
            check->copies[i]->status = SP_COPY_UNREACHABLE;
            check->copies[i]->error = g_strdup(_("It was stopped before this service answered"));
            if (i < check->n_compared && check->compared[i] == NULL) {
                check->compared[i] = sp_copy_ref(check->copies[i]);
            }
        }
    }
    if (check->person != NULL) {
        sp_check_diagnose(check);
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
        sp_check_compare(check);
    }
    sp_check_end(check);
}

static void
collect(SpCheck *check)
{
    SpCollectOptions options = {.reference_file = check->reference_file,
                                .wanted = (const char *const *) check->wanted};

    sp_check_begin(check);
    sp_collect_async(check->client, check->person, &options, on_copy, check, check->cancellable,
                     on_collected, check);
}

void
sp_check_set_person(SpCheck *check, SpPerson *person)
{
    check->person = person;
    sp_check_emit(check, SP_CHECK_PERSON, NULL);
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

void
sp_check_give_up(SpCheck *check, SpCheckEvent event)
{
    sp_check_stop_clock(check);
    sp_check_emit(check, event, NULL);
    check->func = NULL;
    call_back(check);
}

static void
on_policy(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SpCheck *check = user_data;
    SpPolicy *policy = sp_policy_read_finish(result, NULL);

    (void) source;
    if (check->is_cancelled || check->is_done) {
        sp_policy_free(policy);
        sp_check_end(check);
        return;
    }
    check->policy = policy;
    check->is_policy_read = TRUE;
    if (check->is_collected && !check->is_comparing) {
        sp_check_diagnose(check);
        sp_check_emit(check, SP_CHECK_COMPARED, NULL);
        sp_check_finish(check);
    }
    sp_check_end(check);
}

/* The person is known already: begins from the loop, so that nobody is called from inside start. */
static gboolean
on_idle(gpointer user_data)
{
    SpCheck *check = user_data;

    if (!check->is_cancelled) {
        sp_check_set_person(check, g_steal_pointer(&check->person));
    }
    sp_check_end(check);
    return G_SOURCE_REMOVE;
}

static void
start_idle(SpCheck *check)
{
    g_autoptr(GSource) source = g_idle_source_new();

    sp_check_begin(check);
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
    guint n_services = sp_check_count_services(check);
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

    sp_check_begin(check);
    sp_policy_read_async(client, check->cancellable, on_policy, check);
    if (options->person != NULL) {
        check->person = sp_person_ref((SpPerson *) options->person);
        start_idle(check);
    } else {
        sp_check_look_up(check);
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
    sp_check_compare_now(check);
    check->is_collected = TRUE;
    check->is_policy_read = TRUE;
    check->is_done = TRUE;
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
    sp_check_begin(check);
    sp_check_cancel(check);
    sp_check_end(check);
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
        /* From the last unref nobody is left to look. */
        if (check->n_refs > 0) {
            stop_missing(check);
        }
        if (check->person == NULL && check->error == NULL) {
            check->error = g_error_new_literal(SP_ERROR, SP_ERROR_CANCELLED,
                                               _("It was stopped before the person was looked up"));
        }
        sp_check_stop_clock(check);
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
    sp_check_compare(check);
}

void
sp_check_set_seen(SpCheck *check, const GPtrArray *seen)
{
    place_seen(check, seen);
    if (!check->is_cancelled && check->person != NULL) {
        sp_check_compare(check);
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
    guint n_services = sp_check_count_services(check);
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
