/* Person and copies against the practice tenant: what no table of our own has answered. */

#include <glib.h>
#include <string.h>

#include "core/error.h"
#include "core/practice/scenario.h"
#include "core/practice/tenant.h"
#include "core/services/collect.h"
#include "core/services/doctor.h"
#include "core/services/policy.h"
#include "tests/unit/loopback.h"

#define ANNA "anna.keller@norvane.example"

typedef struct {
    SpTenant *tenant;
    SpClient *client;
} Fixture;

static Fixture *
fixture_new(const SpTenantOptions *options)
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
    return fixture;
}

static void
fixture_free(Fixture *fixture)
{
    sp_client_unref(fixture->client);
    sp_tenant_stop(fixture->tenant);
    g_free(fixture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static GPtrArray *
find(const Fixture *fixture, const char *query, GError **error)
{
    g_autoptr(GAsyncResult) result = NULL;

    sp_person_find_async(fixture->client, query, NULL, loopback_store_result, &result);
    return sp_person_find_finish(loopback_wait(&result), error);
}

static SpPerson *
find_one(const Fixture *fixture, const char *query)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) people = find(fixture, query, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(people->len, >=, 1);
    return sp_person_ref(g_ptr_array_index(people, 0));
}

static void
keep_copy(SpCopy *copy, gpointer user_data)
{
    g_assert_true(g_hash_table_insert(user_data, g_strdup(copy->service), sp_copy_ref(copy)));
}

static GHashTable *
collect(const Fixture *fixture, const SpPerson *person, const SpCollectOptions *options,
        GCancellable *cancellable, GError **error)
{
    GHashTable *copies =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) sp_copy_unref);
    g_autoptr(GAsyncResult) result = NULL;

    sp_collect_async(fixture->client, person, options, keep_copy, copies, cancellable,
                     loopback_store_result, &result);
    g_assert_cmpuint(g_hash_table_size(copies), ==, 0);
    sp_collect_finish(loopback_wait(&result), error);
    return copies;
}

static void
assert_status(GHashTable *copies, const char *id, const char *status)
{
    const SpCopy *copy = g_hash_table_lookup(copies, id);

    g_assert_nonnull(copy);
    if (strcmp(sp_copy_status_name(copy->status), status) != 0) {
        g_test_message("%s: %s (%s)", id, sp_copy_status_name(copy->status), copy->error);
    }
    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, status);
}

static void
test_all_copies(void)
{
    SpTenantOptions options = {0};
    g_autoptr(Fixture) fixture = fixture_new(&options);
    g_autoptr(SpPerson) person = find_one(fixture, ANNA);
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) copies = collect(fixture, person, NULL, NULL, &error);
    const SpCopy *large = NULL;
    static const char *const ids[] = {"graph",        "exchange",     "sharepoint-s",
                                      "sharepoint-m", "sharepoint-l", "viva-engage"};

    g_assert_no_error(error);
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        assert_status(copies, ids[i], "present");
    }
    large = g_hash_table_lookup(copies, "sharepoint-l");
    g_assert_nonnull(large->last_modified);
    g_assert_nonnull(large->etag);
    g_assert_nonnull(sp_copy_get_fact(large, SP_FACT_PICTURE_TIMESTAMP));
    g_assert_cmpstr(sp_copy_get_fact(large, SP_FACT_PLACEHOLDER_STATE), ==, "0");
    g_assert_cmpint(sp_photo_get_width(large->photo), >=, 200);
}

/* What each story's services answer, whatever the diagnosis makes of it. */
static void
test_stories(void)
{
    static const struct {
        const char *story;
        const char *id;
        const char *status;
    } rows[] = {
        {"sharepoint-never-synced", "sharepoint-l", "placeholder"},
        {"no-photo", "graph", "absent"},
        {"no-photo", "viva-engage", "absent"},
        {"ews-blocked", "exchange", "blocked"},
        {"throttled", "viva-engage", "throttled"},
        {"throttled", "graph", "present"},
        {"access-denied", "sharepoint-l", "denied"},
        {"access-denied", "graph", "present"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const SpScenario *story = sp_scenario_find(rows[i].story);
        SpTenantOptions options = {.scenario = story->name};
        g_autoptr(Fixture) fixture = fixture_new(&options);
        g_autoptr(SpPerson) person = find_one(fixture, story->user_principal_name);
        const char *const wanted[] = {rows[i].id, NULL};
        SpCollectOptions only = {.wanted = wanted};
        g_autoptr(GHashTable) copies = collect(fixture, person, &only, NULL, NULL);

        g_test_message("%s", rows[i].story);
        assert_status(copies, rows[i].id, rows[i].status);
    }
}

static void
test_second_profile(void)
{
    const SpScenario *story = sp_scenario_find("upn-mail-differ");
    SpTenantOptions options = {.scenario = story->name};
    g_autoptr(Fixture) fixture = fixture_new(&options);
    g_autoptr(SpPerson) person = find_one(fixture, story->user_principal_name);
    g_autoptr(GHashTable) copies = collect(fixture, person, NULL, NULL, NULL);
    const SpCopy *copy = g_hash_table_lookup(copies, "sharepoint-l");

    g_assert_nonnull(sp_copy_get_fact(copy, SP_FACT_MAIL_ACCOUNT));
    g_assert_nonnull(strstr(sp_copy_get_fact(copy, SP_FACT_MAIL_ACCOUNT), person->mail));
}

/* Every fault of the tenant gives the copy its own state, and leaves the others alone. */
static void
test_faults(void)
{
    static const struct {
        const char *fault;
        const char *id;
        const char *status;
    } rows[] = {
        {"viva-engage=401", "viva-engage", "denied"},
        {"viva-engage=403", "viva-engage", "denied"},
        {"viva-engage=garbage", "viva-engage", "invalid"},
        {"exchange=huge", "exchange", "invalid"},
        {"exchange=garbage", "exchange", "invalid"},
        {"exchange=redirect-away", "exchange", "invalid"},
        {"exchange=truncate", "exchange", "unreachable"},
        {"exchange=reset", "exchange", "unreachable"},
        {"exchange=reset-body", "exchange", "unreachable"},
        {"exchange=429-minute", "exchange", "throttled"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *const faults[] = {rows[i].fault, NULL};
        SpTenantOptions options = {.faults = faults};
        g_autoptr(Fixture) fixture = fixture_new(&options);
        g_autoptr(SpPerson) person = find_one(fixture, ANNA);
        g_autoptr(GHashTable) copies = collect(fixture, person, NULL, NULL, NULL);
        const SpCopy *copy = g_hash_table_lookup(copies, rows[i].id);

        g_test_message("%s: %s", rows[i].fault, copy->error);
        assert_status(copies, rows[i].id, rows[i].status);
        g_assert_nonnull(copy->error);
        assert_status(copies, "graph", "present");
        assert_status(copies, "sharepoint-l", "present");
    }
}

/* Every service leads to another host: no bearer goes along, and nothing is taken for an answer. */
static void
test_redirects(void)
{
    const char *const faults[] = {"all=redirect-away", NULL};
    SpTenantOptions options = {0};
    SpTenantOptions leading = {.faults = faults};
    static const char *const ids[] = {"graph",        "exchange",     "sharepoint-s",
                                      "sharepoint-m", "sharepoint-l", "viva-engage"};
    g_autoptr(Fixture) calm = fixture_new(&options);
    g_autoptr(SpPerson) person = find_one(calm, ANNA);
    g_autoptr(Fixture) fixture = fixture_new(&leading);
    g_autoptr(GHashTable) copies = collect(fixture, person, NULL, NULL, NULL);
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        assert_status(copies, ids[i], "invalid");
    }
    g_assert_null(find(fixture, ANNA, &error));
    g_assert_nonnull(error);
    g_assert_cmpuint(sp_tenant_count_leaks(fixture->tenant), ==, 0);
}

static gboolean
cancel(gpointer data)
{
    g_cancellable_cancel(data);
    return G_SOURCE_REMOVE;
}

static void
test_cancel(void)
{
    const char *const faults[] = {"graph=timeout", NULL};
    SpTenantOptions options = {0};
    SpTenantOptions hanging = {.faults = faults};
    g_autoptr(Fixture) calm = fixture_new(&options);
    g_autoptr(SpPerson) person = find_one(calm, ANNA);
    g_autoptr(Fixture) fixture = fixture_new(&hanging);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) copies = NULL;
    guint id = g_timeout_add(300, cancel, cancellable);

    copies = collect(fixture, person, NULL, cancellable, &error);
    g_assert_error(error, SP_ERROR, SP_ERROR_CANCELLED);
    g_assert_null(g_hash_table_lookup(copies, "graph"));
    (void) id;
}

static void
test_cancelled_before(void)
{
    SpTenantOptions options = {0};
    g_autoptr(Fixture) fixture = fixture_new(&options);
    g_autoptr(SpPerson) person = find_one(fixture, ANNA);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) copies = NULL;

    g_cancellable_cancel(cancellable);
    copies = collect(fixture, person, NULL, cancellable, &error);
    g_assert_error(error, SP_ERROR, SP_ERROR_CANCELLED);
    g_assert_cmpuint(g_hash_table_size(copies), ==, 0);
}

static void
test_reference_file(void)
{
    SpTenantOptions options = {0};
    g_autoptr(Fixture) fixture = fixture_new(&options);
    g_autoptr(SpPerson) person = find_one(fixture, ANNA);
    const char *const wanted[] = {"file", "graph", "nobody-knows", NULL};
    SpCollectOptions missing = {.reference_file = "/nowhere/at-all.jpg", .wanted = wanted};
    g_autoptr(GHashTable) copies = collect(fixture, person, &missing, NULL, NULL);

    g_assert_cmpuint(g_hash_table_size(copies), ==, 3);
    assert_status(copies, "file", "invalid");
    assert_status(copies, "graph", "present");
    assert_status(copies, "nobody-knows", "skipped");
}

static void
test_find(void)
{
    static const struct {
        const char *query;
        const char *name; /* of the first match: its userPrincipalName, or NULL: nobody */
    } rows[] = {
        {ANNA, ANNA},
        {"ANNA.KELLER@norvane.example", ANNA},
        {"anna", ANNA},
        {"siobhan.o'hara_fabrikam.example#EXT#@norvane.onmicrosoft.com",
         "siobhan.o'hara_fabrikam.example#EXT#@norvane.onmicrosoft.com"},
        {"nobody@norvane.example", NULL},
        {"$nobody@norvane.example", NULL},
        {"00000000-0000-4000-8000-000000000000", NULL},
        {"Zyxwv\\", NULL},
        {"", NULL},
    };
    SpTenantOptions options = {0};
    g_autoptr(Fixture) fixture = fixture_new(&options);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) people = find(fixture, rows[i].query, &error);

        g_test_message("%s", rows[i].query);
        if (rows[i].name == NULL) {
            g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
        } else {
            const SpPerson *person = NULL;

            g_assert_no_error(error);
            person = g_ptr_array_index(people, 0);
            g_assert_cmpstr(person->user_principal_name, ==, rows[i].name);
        }
    }
}

static void
test_find_by_mail_and_id(void)
{
    const SpScenario *story = sp_scenario_find("upn-mail-differ");
    SpTenantOptions options = {0};
    g_autoptr(Fixture) fixture = fixture_new(&options);
    g_autoptr(SpPerson) person = find_one(fixture, story->user_principal_name);
    g_autoptr(SpPerson) by_mail = find_one(fixture, person->mail);
    g_autoptr(SpPerson) by_id = find_one(fixture, person->id);
    const SpScenario *guest = sp_scenario_find("guest");
    g_autoptr(SpPerson) visitor = find_one(fixture, guest->user_principal_name);

    g_assert_cmpstr(by_mail->id, ==, person->id);
    g_assert_cmpstr(by_id->id, ==, person->id);
    g_assert_cmpint(person->has_exchange_plan, ==, SP_YES);
    g_assert_cmpint(person->is_enabled, ==, SP_YES);
    g_assert_cmpint(visitor->is_synced, ==, SP_NO);
    g_assert_nonnull(person->created);
    g_assert_true(sp_person_is_guest(visitor));
    g_assert_false(sp_person_is_guest(person));
}

static void
test_search(void)
{
    SpTenantOptions options = {.n_generated_people = 300};
    g_autoptr(Fixture) fixture = fixture_new(&options);
    g_autoptr(GError) error = NULL;
    static const struct {
        const char *prefix;
        guint limit;
        guint least;
    } rows[] = {{"", 200, 200}, {"ann", 10, 1}, {"zzzz", 10, 0}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GAsyncResult) result = NULL;
        g_autoptr(GPtrArray) people = NULL;

        sp_person_search_async(fixture->client, rows[i].prefix, rows[i].limit, NULL,
                               loopback_store_result, &result);
        people = sp_person_search_finish(loopback_wait(&result), &error);
        g_assert_no_error(error);
        g_assert_cmpuint(people->len, >=, rows[i].least);
        g_assert_cmpuint(people->len, <=, rows[i].limit);
    }
}

static SpPolicy *
read_policy(const Fixture *fixture)
{
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    SpPolicy *policy = NULL;

    sp_policy_read_async(fixture->client, NULL, loopback_store_result, &result);
    policy = sp_policy_read_finish(loopback_wait(&result), &error);
    g_assert_no_error(error);
    return policy;
}

static void
test_policy(void)
{
    SpTenantOptions options = {0};
    SpTenantOptions roles = {.scenario = "policy-roles"};
    SpTenantOptions directory = {.scenario = "policy-on-premises"};
    g_autoptr(Fixture) calm = fixture_new(&options);
    g_autoptr(Fixture) strict = fixture_new(&roles);
    g_autoptr(Fixture) hybrid = fixture_new(&directory);
    g_autoptr(SpPolicy) plain = read_policy(calm);
    g_autoptr(SpPolicy) restricted = read_policy(strict);
    g_autoptr(SpPolicy) on_premises = read_policy(hybrid);

    g_assert_cmpstr(plain->error, ==, NULL);
    g_assert_cmpint(plain->is_restricted, ==, SP_NO);
    g_assert_cmpint(restricted->is_restricted, ==, SP_YES);
    g_assert_cmpint(on_premises->source, ==, SP_POLICY_SOURCE_ON_PREMISES);
}

/* A clean bill on the practice tenant, and nothing secret in it. */
static void
test_doctor(void)
{
    SpTenantOptions options = {0};
    g_autoptr(Fixture) fixture = fixture_new(&options);
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;

    sp_doctor_run_async(fixture->client, NULL, loopback_store_result, &result);
    rows = sp_doctor_run_finish(loopback_wait(&result), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rows->len, >, 15);
    for (guint i = 0; i < rows->len; i++) {
        const SpDoctorRow *row = g_ptr_array_index(rows, i);

        g_test_message("%s: %s", row->what, row->sentence);
        g_assert_cmpint(row->state, !=, SP_DOCTOR_FAIL);
        g_assert_true(*row->what != '\0' && *row->sentence != '\0');
        g_assert_null(strstr(row->sentence, sp_tenant_get_refresh_token(fixture->tenant)));
        g_assert_null(strstr(row->sentence, "eyJ"));
    }
}

/* Nobody is there at all: every row says so in a sentence. */
static void
test_doctor_offline(void)
{
    g_autoptr(SpConfig) config = sp_config_parse(
        "[tenant]\nname=norvane\n[network]\nconnect-timeout=1\n[endpoints]\n"
        "login=http://127.0.0.1:9\ngraph=http://127.0.0.1:9\nsharepoint=http://127.0.0.1:9\n"
        "my=http://127.0.0.1:9\nviva-engage=http://127.0.0.1:9\n",
        "test.conf", NULL);
    g_autoptr(SpClient) client = sp_client_new(config, NULL);
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    guint n_faults = 0;

    sp_doctor_run_async(client, NULL, loopback_store_result, &result);
    rows = sp_doctor_run_finish(loopback_wait(&result), NULL);
    for (guint i = 0; i < rows->len; i++) {
        const SpDoctorRow *row = g_ptr_array_index(rows, i);

        n_faults += row->state == SP_DOCTOR_FAIL;
        g_assert_true(*row->sentence != '\0');
    }
    g_assert_cmpuint(n_faults, >=, 5);
}

/* A source called like a copy of ours would be read in its place. */
static void
test_source_names(void)
{
    for (const SpService *const *service = sp_services(); *service != NULL; service++) {
        for (gsize i = 0; (*service)->copies[i] != NULL; i++) {
            g_autofree char *text =
                g_strdup_printf("[source %s]\nurl=https://hr.example\n", (*service)->copies[i]);
            g_autoptr(GError) error = NULL;

            g_assert_null(sp_config_parse(text, "test", &error));
            g_assert_error(error, SP_ERROR, SP_ERROR_CONFIG);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/collect/brings-every-copy", test_all_copies);
    g_test_add_func("/collect/stories", test_stories);
    g_test_add_func("/collect/second-profile", test_second_profile);
    g_test_add_func("/collect/faults", test_faults);
    g_test_add_func("/collect/redirects", test_redirects);
    g_test_add_func("/collect/cancel", test_cancel);
    g_test_add_func("/collect/cancelled-before", test_cancelled_before);
    g_test_add_func("/collect/reference-file-and-unknown-service", test_reference_file);
    g_test_add_func("/collect/names-of-sources", test_source_names);
    g_test_add_func("/person/find", test_find);
    g_test_add_func("/person/by-mail-and-id", test_find_by_mail_and_id);
    g_test_add_func("/person/search", test_search);
    g_test_add_func("/policy/read", test_policy);
    g_test_add_func("/doctor/practice", test_doctor);
    g_test_add_func("/doctor/offline", test_doctor_offline);
    return g_test_run();
}
