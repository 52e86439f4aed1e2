/* One check as its callers see it: events, exit codes, the JSON document, and the ways out. */

#include <string.h>

#include "core/error.h"
#include "core/guide/check.h"
#include "core/json.h"
#include "core/photo/group.h"
#include "core/practice/tenant.h"
#include "core/services/seen.h"

#define ANNA  "anna.keller@norvane.example"
#define STALE "bashir.rahimi@norvane.example"

typedef struct {
    SpTenant *tenant;
    SpClient *client;
    GString *events;
    GString *arrived; /* the copies by their services */
    gboolean is_over;
} Fixture;

static Fixture *
fixture_new_with(const SpTenantOptions *options)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpConfig) config = NULL;

    fixture->tenant = sp_tenant_start(options, &error);
    g_assert_no_error(error);
    config = sp_config_parse(sp_tenant_get_settings(fixture->tenant), "practice", &error);
    g_assert_no_error(error);
    fixture->client = sp_client_new(config, &error);
    g_assert_no_error(error);
    sp_tokens_use_refresh_token(sp_client_get_tokens(fixture->client),
                                sp_tenant_get_refresh_token(fixture->tenant));
    fixture->events = g_string_new(NULL);
    fixture->arrived = g_string_new(NULL);
    return fixture;
}

static Fixture *
fixture_new(const char *const *faults)
{
    return fixture_new_with(&(SpTenantOptions){.faults = faults});
}

static void
fixture_free(Fixture *fixture)
{
    sp_client_unref(fixture->client);
    while (g_main_context_iteration(NULL, FALSE)) {
        continue;
    }
    sp_tenant_stop(fixture->tenant);
    g_string_free(fixture->events, TRUE);
    g_string_free(fixture->arrived, TRUE);
    g_free(fixture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

/* Writes the events down as letters: P person, c copy, C compared, D done, F failed, M choice. */
static void
on_event(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    static const char letters[] = {
        [SP_CHECK_PERSON] = 'P',   [SP_CHECK_CHOICE] = 'M', [SP_CHECK_COPY] = 'c',
        [SP_CHECK_COMPARED] = 'C', [SP_CHECK_DONE] = 'D',   [SP_CHECK_FAILED] = 'F',
    };
    Fixture *fixture = user_data;

    g_assert_true((event == SP_CHECK_COPY) == (service != NULL));
    g_assert_true(event != SP_CHECK_COPY ||
                  sp_check_get_copy(check, (guint) sp_check_find(check, service)) != NULL);
    g_string_append_c(fixture->events, letters[event]);
    if (service != NULL) {
        g_string_append_printf(fixture->arrived, "%s ", service);
    }
    fixture->is_over = strchr("DFM", letters[event]) != NULL;
}

static SpCheck *
start(Fixture *fixture, const SpCheckOptions *options)
{
    fixture->is_over = FALSE;
    return sp_check_start(fixture->client, options, on_event, fixture);
}

static SpCheck *
run(Fixture *fixture, const SpCheckOptions *options)
{
    SpCheck *check = start(fixture, options);

    while (!fixture->is_over) {
        g_main_context_iteration(NULL, TRUE);
    }
    return check;
}

static guint
count(const char *text, char letter)
{
    guint n = 0;

    for (; *text != '\0'; text++) {
        n += *text == letter ? 1 : 0;
    }
    return n;
}

static void
events_come_in_order(void)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(SpCheck) check = start(fixture, &(SpCheckOptions){.user = ANNA});

    g_assert_cmpstr(fixture->events->str, ==, "");
    g_assert_cmpuint(sp_check_count(check), >=, 6);
    g_assert_null(sp_check_get_copy(check, 0));
    while (!fixture->is_over) {
        g_main_context_iteration(NULL, TRUE);
    }
    const char *events = fixture->events->str;
    g_assert_cmpint(events[0], ==, 'P');
    g_assert_cmpint(events[strlen(events) - 1], ==, 'D');
    g_assert_cmpint(events[strlen(events) - 2], ==, 'C');
    g_assert_cmpuint(count(events, 'c'), ==, sp_check_count(check));
    g_assert_true(sp_check_is_done(check));
}

/* What a check comes to, without its times. Transfer full. */
static char *
outcome_of(SpCheck *check)
{
    static const char *const told[] = {"service", "status", "group", "relation"};
    g_autoptr(SpJson) json = sp_check_to_json(check);
    SpJson *copies = sp_json_member(json, "copies");
    GPtrArray *findings = sp_check_get_findings(check);
    GString *text = g_string_new(sp_json_string(json, "headline"));

    g_string_append_printf(text, "\n%s, exit %d\n%s\n", sp_json_string(json, "verdict"),
                           sp_check_exit_code(check),
                           json_object_to_json_string(sp_json_member(json, "groups")));
    for (gsize i = 0; i < json_object_array_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);

        for (gsize k = 0; k < G_N_ELEMENTS(told); k++) {
            g_string_append_printf(text, "%s ", sp_json_string(copy, told[k]));
        }
        g_string_append_printf(text, "%s\n",
                               json_object_to_json_string(sp_json_member(copy, "similarity")));
    }
    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(findings, i);

        g_string_append_printf(text, "%s: %s\n", finding->id, finding->summary);
    }
    return g_string_free(text, FALSE);
}

/* Whoever is slow today, the groups, their letters and the findings are the same. */
static void
the_order_of_arrival_does_not_matter(void)
{
    static const char *const people[] = {STALE, "tomas.novotny@norvane.example"};
    static const char *const latencies[][4] = {
        {NULL},
        {"exchange=400", "directory=300", NULL},
        {"graph=150", "sharepoint=100", "viva-engage=500", NULL},
        {"my=400", "graph=60", "exchange=200", NULL},
    };
    char *expected[G_N_ELEMENTS(people)] = {NULL};
    g_autoptr(GHashTable) orders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(latencies); i++) {
        g_autoptr(Fixture) fixture =
            fixture_new_with(&(SpTenantOptions){.latencies = latencies[i]});

        for (gsize k = 0; k < G_N_ELEMENTS(people); k++) {
            g_autoptr(SpCheck) check = run(fixture, &(SpCheckOptions){.user = people[k]});
            g_autofree char *outcome = outcome_of(check);

            g_test_message("%s", fixture->arrived->str);
            if (expected[k] == NULL) {
                expected[k] = g_steal_pointer(&outcome);
            } else {
                g_assert_cmpstr(outcome, ==, expected[k]);
            }
            g_hash_table_add(orders, g_strdup(fixture->arrived->str));
            g_string_truncate(fixture->arrived, 0);
        }
    }
    g_assert_cmpuint(g_hash_table_size(orders), >, 1);
    for (gsize k = 0; k < G_N_ELEMENTS(people); k++) {
        g_free(expected[k]);
    }
}

static void
free_copy(gpointer data)
{
    sp_copy_unref(data);
}

/* Pictures of the practice tenant as what the person sees. */
static GPtrArray *
see(const char *const *photos)
{
    GPtrArray *seen = g_ptr_array_new_with_free_func(free_copy);

    for (guint i = 0; photos[i] != NULL; i++) {
        g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice",
                                                      "photos", photos[i], NULL);

        g_ptr_array_add(seen, sp_seen_new_from_file(path, i + 1, NULL));
    }
    return seen;
}

/* What the person sees is compared and shown, and is no copy of any service: the verdict is about
 * what the services hold. */
static void
what_a_person_sees_stands_behind_the_copies(void)
{
    static const char *const photos[] = {"anna-old.jpg", "anna-new.jpg", NULL};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(GPtrArray) seen = see(photos);
    g_autoptr(SpCheck) check = run(fixture, &(SpCheckOptions){.user = ANNA, .seen = seen});
    SpEvidence evidence = sp_check_get_evidence(check);
    guint n = sp_check_count(check);

    g_assert_cmpuint(evidence.n_seen, ==, 2);
    g_assert_cmpuint(evidence.n_copies, ==, n - 2);
    g_assert_cmpstr(sp_check_get_service(check, n - 2), ==, "evidence-1");
    g_assert_cmpstr(sp_check_get_copy(check, n - 2)->title, ==,
                    "what the person sees: anna-old.jpg");
    g_assert_cmpint(sp_groups_of(sp_check_get_groups(check), n - 2), >, 0);
    g_assert_cmpint(sp_groups_of(sp_check_get_groups(check), n - 1), ==, 0);
    g_assert_cmpint(sp_check_get_verdict(check), ==, SP_VERDICT_IN_SYNC);
    g_assert_cmpint(sp_check_exit_code(check), ==, 0);

    g_autoptr(SpJson) json = sp_check_to_json(check);
    SpJson *row = json_object_array_get_idx(sp_json_member(json, "copies"), n - 2);
    g_assert_cmpstr(sp_json_string(row, "kind"), ==, "evidence");
    row = json_object_array_get_idx(sp_json_member(json, "copies"), 0);
    g_assert_cmpstr(sp_json_string(row, "kind"), ==, "service");

    /* Reading a copy again leaves them where they are, even where they are asked for. */
    const char *const wanted[] = {"graph", "evidence-1", NULL};
    g_autoptr(SpCheck) again = run(
        fixture,
        &(SpCheckOptions){.person = sp_check_get_person(check), .wanted = wanted, .base = check});
    g_assert_cmpuint(sp_check_count(again), ==, n);
    g_assert_nonnull(sp_check_get_copy(again, n - 2)->photo);
    g_assert_cmpint(sp_check_get_verdict(again), ==, SP_VERDICT_IN_SYNC);
}

/* A picture that comes after the reading is compared without reading anything again. */
static void
what_a_person_sees_may_come_later(void)
{
    static const char *const first[] = {"anna-new.jpg", NULL};
    static const char *const then[] = {"anna-old.jpg", "anna-new.jpg", NULL};
    const char *const *const turns[] = {first, then};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(SpCheck) check = run(fixture, &(SpCheckOptions){.user = ANNA});
    guint n = sp_check_count(check);

    for (gsize i = 0; i < G_N_ELEMENTS(turns); i++) {
        g_autoptr(GPtrArray) seen = see(turns[i]);
        SpEvidence evidence;

        g_string_truncate(fixture->events, 0);
        sp_check_set_seen(check, seen);
        g_assert_cmpuint(sp_check_count(check), ==, n + seen->len);
        /* Not compared yet: it has no group, and nobody looks for it among those that have. */
        g_assert_cmpint(sp_groups_of(sp_check_get_groups(check), n + 1), ==, SP_GROUP_NONE);
        json_object_put(sp_check_to_json(check));
        while (strchr(fixture->events->str, 'C') == NULL) {
            g_main_context_iteration(NULL, TRUE);
        }
        evidence = sp_check_get_evidence(check);
        g_assert_cmpstr(fixture->events->str, ==, "C");
        g_assert_cmpuint(evidence.n_copies, ==, n);
        g_assert_cmpuint(evidence.n_seen, ==, seen->len);
        g_assert_true(evidence.copies[n] == seen->pdata[0]);
        g_assert_cmpint(sp_groups_of(sp_check_get_groups(check), n), ==, i == 0 ? 0 : 1);
    }
}

static void
exit_codes_are_those_of_the_commands(void)
{
    static const struct {
        const char *user;
        const char *faults[8];
        int code;
    } cases[] = {
        {ANNA, {NULL}, 0},
        {STALE, {NULL}, 1},
        {"viktor.lange@norvane.example", {NULL}, 1},
        {"nobody.at.all@norvane.example", {NULL}, 2},
        {ANNA, {"viva-engage=reset", NULL}, 3},
        {ANNA, {"graph=403", NULL}, 4},
        {ANNA, {"graph=reset", NULL}, 3},
        {ANNA, {"graph=503", NULL}, 3},
        {"Anna Keller", {"graph=reset", NULL}, 5},
        {ANNA, {"all=reset", NULL}, 5},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Fixture) fixture = fixture_new(cases[i].faults);
        g_autoptr(SpCheck) check = run(fixture, &(SpCheckOptions){.user = cases[i].user});

        g_test_message("%s %s", cases[i].user, cases[i].faults[0]);
        g_assert_cmpint(sp_check_exit_code(check), ==, cases[i].code);
    }
}

static void
several_people_are_a_choice(void)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(SpCheck) check = run(fixture, &(SpCheckOptions){.user = "Ada"});

    g_assert_cmpstr(fixture->events->str, ==, "M");
    g_assert_cmpuint(sp_check_get_matches(check)->len, >, 1);
    g_assert_cmpint(sp_check_exit_code(check), ==, 2);
    g_autoptr(SpJson) json = sp_check_to_json(check);
    g_assert_null(sp_json_member(json, "user"));
}

static void
a_cancelled_check_is_silent(void)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(SpCheck) check = start(fixture, &(SpCheckOptions){.user = ANNA});

    while (count(fixture->events->str, 'c') < 1) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_autofree char *before = g_strdup(fixture->events->str);
    sp_check_cancel(check);
    for (int i = 0; i < 50; i++) {
        g_main_context_iteration(NULL, FALSE);
    }
    g_assert_cmpstr(fixture->events->str, ==, before);
    g_assert_true(sp_check_is_done(check));
    for (guint i = 0; i < sp_check_count(check); i++) {
        g_assert_nonnull(sp_check_get_copy(check, i));
    }
}

static void
a_check_may_be_dropped_at_any_event(void)
{
    for (guint n = 0; n < 12; n += 2) {
        g_autoptr(Fixture) fixture = fixture_new(NULL);
        SpCheck *check = start(fixture, &(SpCheckOptions){.user = ANNA});

        while (fixture->events->len < n) {
            g_main_context_iteration(NULL, TRUE);
        }
        sp_check_unref(check);
    }
}

static void
another_reference_regroups(void)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(SpCheck) check = run(fixture, &(SpCheckOptions){.user = STALE});
    int graph = sp_check_find(check, "graph");
    int sharepoint = sp_check_find(check, "sharepoint-l");

    g_assert_cmpint(sp_check_get_reference(check), ==, graph);
    g_assert_cmpint(sp_groups_of(sp_check_get_groups(check), (guint) graph), ==, 0);
    g_string_truncate(fixture->events, 0);
    sp_check_set_reference(check, "sharepoint-l");
    while (fixture->events->len == 0) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_cmpstr(fixture->events->str, ==, "C");
    g_assert_cmpint(sp_check_get_reference(check), ==, sharepoint);
    g_assert_cmpint(sp_groups_of(sp_check_get_groups(check), (guint) sharepoint), ==, 0);
    g_assert_cmpint(sp_groups_of(sp_check_get_groups(check), (guint) graph), ==, 1);
}

static SpJson *
find_copy(SpJson *json, const char *service)
{
    SpJson *copies = sp_json_member(json, "copies");

    for (gsize i = 0; i < json_object_array_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);

        if (g_strcmp0(sp_json_string(copy, "service"), service) == 0) {
            return copy;
        }
    }
    g_assert_not_reached();
}

static void
the_document_has_every_member(void)
{
    static const char *const top[] = {"schema", "user",   "started", "elapsed_ms", "reference",
                                      "copies", "groups", "verdict", "findings"};
    static const char *const members[] = {"service",    "title",  "status",   "http_status",
                                          "error",      "width",  "height",   "format",
                                          "bytes",      "sha256", "etag",     "last_modified",
                                          "elapsed_ms", "group",  "relation", "similarity"};
    static const char *const finding[] = {"id",       "severity", "confidence",    "summary",
                                          "evidence", "remedy",   "recheck_after", "actor"};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(SpCheck) check = run(fixture, &(SpCheckOptions){.user = STALE});
    g_autoptr(SpJson) json = sp_check_to_json(check);
    SpJson *graph = find_copy(json, "graph");
    SpJson *sharepoint = find_copy(json, "sharepoint-l");
    SpJson *first = json_object_array_get_idx(sp_json_member(json, "findings"), 0);

    for (gsize i = 0; i < G_N_ELEMENTS(top); i++) {
        g_assert_true(json_object_object_get_ex(json, top[i], NULL));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        g_assert_true(json_object_object_get_ex(graph, members[i], NULL));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(finding); i++) {
        g_assert_true(json_object_object_get_ex(first, finding[i], NULL));
    }
    g_assert_cmpstr(sp_json_string(json, "schema"), ==, "samephoto.check/1");
    g_assert_cmpstr(sp_json_string(json, "reference"), ==, "graph");
    g_assert_cmpstr(sp_json_string(json, "verdict"), ==, "out-of-sync");
    g_assert_cmpstr(sp_json_string(graph, "group"), ==, "A");
    g_assert_cmpstr(sp_json_string(graph, "relation"), ==, "identical");
    g_assert_cmpstr(sp_json_string(sharepoint, "group"), ==, "B");
    g_assert_cmpstr(sp_json_string(sharepoint, "relation"), ==, "different");
    g_assert_cmpstr(sp_json_string(first, "remedy"), ==, "profile-photo#sharepoint-differs");
}

static void
groups_go_by_letters(void)
{
    g_autofree char *last = sp_group_to_letter(25);
    g_autofree char *next = sp_group_to_letter(26);

    g_assert_cmpstr(last, ==, "Z");
    g_assert_cmpstr(next, ==, "AA");
    g_assert_null(sp_group_to_letter(SP_GROUP_NONE));
    for (int i = 0; i < 26 + 26 * 26; i++) {
        g_autofree char *letter = sp_group_to_letter(i);

        g_assert_cmpint(sp_group_from_letter(letter), ==, i);
    }
    g_assert_cmpint(sp_group_from_letter("A1"), ==, SP_GROUP_NONE);
    g_assert_cmpint(sp_group_from_letter(NULL), ==, SP_GROUP_NONE);
}

static void
an_address_does_without_a_look_up(void)
{
    static const char *const kinds[] = {"graph=garbage", "graph=huge", "graph=truncate",
                                        "graph=reset"};

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(Fixture) fixture = fixture_new((const char *const[]){kinds[i], NULL});
        g_autoptr(SpCheck) check = run(fixture, &(SpCheckOptions){.user = ANNA});
        g_autoptr(SpJson) json = sp_check_to_json(check);
        SpJson *user = sp_json_member(json, "user");

        g_assert_cmpstr(sp_json_string(user, "userPrincipalName"), ==, ANNA);
        g_assert_null(sp_json_string(user, "id"));
        g_assert_nonnull(sp_json_string(user, "error"));
        g_assert_cmpstr(sp_json_string(find_copy(json, "sharepoint-l"), "status"), ==, "present");
        g_assert_cmpstr(sp_json_string(find_copy(json, "exchange"), "status"), ==, "present");
        g_assert_cmpstr(sp_json_string(find_copy(json, "graph"), "status"), !=, "present");
        g_assert_cmpstr(sp_json_string(find_copy(json, "graph"), "status"), !=, "absent");
    }
}

/* Nobody's patience with Microsoft 365 runs out while the sign-in is still asked for a token. */
static void
signing_in_takes_its_own_time(void)
{
    g_autoptr(Fixture) fixture = fixture_new_with(
        &(SpTenantOptions){.latencies = (const char *const[]){"login=5400", NULL}});
    g_autoptr(SpCheck) check = start(fixture, &(SpCheckOptions){.user = ANNA});

    while (strchr(fixture->events->str, 'P') == NULL && !fixture->is_over) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_nonnull(sp_check_get_person(check));
    g_assert_null(sp_check_get_person(check)->not_looked_up);
    sp_check_cancel(check);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check/what-a-person-sees", what_a_person_sees_stands_behind_the_copies);
    g_test_add_func("/check/what-a-person-sees-later", what_a_person_sees_may_come_later);
    g_test_add_func("/check/events-come-in-order", events_come_in_order);
    g_test_add_func("/check/the-order-of-arrival-does-not-matter",
                    the_order_of_arrival_does_not_matter);
    g_test_add_func("/check/exit-codes-are-those-of-the-commands",
                    exit_codes_are_those_of_the_commands);
    g_test_add_func("/check/several-people-are-a-choice", several_people_are_a_choice);
    g_test_add_func("/check/a-cancelled-check-is-silent", a_cancelled_check_is_silent);
    g_test_add_func("/check/a-check-may-be-dropped-at-any-event",
                    a_check_may_be_dropped_at_any_event);
    g_test_add_func("/check/another-reference-regroups", another_reference_regroups);
    g_test_add_func("/check/groups-go-by-letters", groups_go_by_letters);
    g_test_add_func("/check/an-address-does-without-a-look-up", an_address_does_without_a_look_up);
    g_test_add_func("/check/signing-in-takes-its-own-time", signing_in_takes_its_own_time);
    g_test_add_func("/check/the-document-has-every-member", the_document_has_every_member);
    return g_test_run();
}
