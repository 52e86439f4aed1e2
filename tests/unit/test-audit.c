/* Audits of the practice tenant: whom they are about, that everybody comes once, how they end, and
 * what they add up to. */
#include "core/guide/audit.h"

#include <string.h>

#include "core/csv.h"
#include "core/error.h"
#include "core/guide/audit-list.h"
#include "core/guide/audit-tally.h"
#include "core/practice/tenant.h"

#define ANNA   "anna.keller@norvane.example"
#define STALE  "bashir.rahimi@norvane.example"
#define NOBODY "nobody@norvane.example"

typedef struct {
    SpTenant *tenant;
    SpClient *client;
    SpAuditTally *tally;
    GHashTable *users; /* query -> how often, as a number */
    GCancellable *cancellable;
    guint stop_after; /* entries; 0: never */
    guint n_left_out;
    gboolean is_over;
    GError *error;
} Fixture;

/* Only what is quick to read: the others have their own tests. */
static SpConfig *
read_settings(SpTenant *tenant)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    SpConfig *config;

    g_key_file_load_from_data(file, sp_tenant_get_settings(tenant), (gsize) -1, G_KEY_FILE_NONE,
                              &error);
    g_assert_no_error(error);
    g_key_file_set_string(file, "services", "enabled", "graph;sharepoint-l");
    text = g_key_file_to_data(file, NULL, NULL);
    config = sp_config_parse(text, "practice", &error);
    g_assert_no_error(error);
    return config;
}

static Fixture *
fixture_new(const SpTenantOptions *options, gboolean is_signed_in)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(SpConfig) config = NULL;
    g_autoptr(GError) error = NULL;

    fixture->tenant = sp_tenant_start(options, &error);
    g_assert_no_error(error);
    config = read_settings(fixture->tenant);
    fixture->client = sp_client_new(config, &error);
    g_assert_no_error(error);
    if (is_signed_in) {
        sp_tokens_use_refresh_token(sp_client_get_tokens(fixture->client),
                                    sp_tenant_get_refresh_token(fixture->tenant));
    }
    fixture->tally = sp_audit_tally_new();
    fixture->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fixture->cancellable = g_cancellable_new();
    return fixture;
}

static void
fixture_free(Fixture *fixture)
{
    sp_client_unref(fixture->client);
    while (g_main_context_iteration(NULL, FALSE)) {
        continue;
    }
    sp_tenant_stop(fixture->tenant);
    sp_audit_tally_free(fixture->tally);
    g_hash_table_unref(fixture->users);
    g_object_unref(fixture->cancellable);
    g_clear_error(&fixture->error);
    g_free(fixture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static guint
times(const Fixture *fixture, const char *user)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(fixture->users, user));
}

static void
on_entry(const SpAuditEntry *entry, gpointer user_data)
{
    Fixture *fixture = user_data;
    g_autoptr(SpJson) record = sp_audit_to_json(entry);

    g_assert_true((entry->check == NULL) == (entry->error != NULL));
    g_assert_true(sp_audit_tally_add(fixture->tally, record));
    g_hash_table_replace(fixture->users, g_strdup(entry->query),
                         GUINT_TO_POINTER(times(fixture, entry->query) + 1));
    if (sp_audit_tally_count(fixture->tally) == fixture->stop_after) {
        g_cancellable_cancel(fixture->cancellable);
    }
}

static void
on_audited(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *fixture = user_data;

    (void) source;
    sp_audit_finish(result, &fixture->n_left_out, &fixture->error);
    fixture->is_over = TRUE;
}

static void
run(Fixture *fixture, const SpAuditOptions *options)
{
    sp_audit_async(fixture->client, options, on_entry, fixture, fixture->cancellable, on_audited,
                   fixture);
    g_assert_cmpuint(sp_audit_tally_count(fixture->tally), ==, 0);
    while (!fixture->is_over) {
        g_main_context_iteration(NULL, TRUE);
    }
}

static void
a_list_is_read_person_by_person(void)
{
    static const char *const users[] = {STALE, NOBODY, ANNA, NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0}, TRUE);
    GPtrArray *causes;
    const SpAuditShare *share;

    run(fixture, &(SpAuditOptions){.users = users});
    g_assert_no_error(fixture->error);
    g_assert_cmpuint(sp_audit_tally_count(fixture->tally), ==, 3);
    g_assert_cmpuint(sp_audit_tally_count_failed(fixture->tally), ==, 1);
    g_assert_cmpuint(sp_audit_tally_count_verdict(fixture->tally, SP_VERDICT_IN_SYNC), ==, 1);
    g_assert_cmpuint(sp_audit_tally_count_verdict(fixture->tally, SP_VERDICT_OUT_OF_SYNC), ==, 1);
    g_assert_cmpint(sp_audit_tally_exit_code(fixture->tally), ==, 1);
    causes = sp_audit_tally_get_causes(fixture->tally);
    g_assert_cmpuint(causes->len, ==, 1);
    share = g_ptr_array_index(causes, 0);
    g_assert_cmpstr(share->id, ==, "sharepoint-stale");
    g_assert_cmpstr(g_ptr_array_index(share->users, 0), ==, STALE);
}

/* Over several pages, each person once; guests and disabled accounts are counted, not read. */
static void
everybody_comes_once(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.n_generated_people = 190}, TRUE);
    GHashTableIter iter;
    gpointer count;

    run(fixture, &(SpAuditOptions){.n_jobs = 8});
    g_assert_no_error(fixture->error);
    g_assert_cmpuint(sp_audit_tally_count(fixture->tally), >, 200);
    g_assert_cmpuint(fixture->n_left_out, >=, 2);
    g_hash_table_iter_init(&iter, fixture->users);
    while (g_hash_table_iter_next(&iter, NULL, &count)) {
        g_assert_cmpuint(GPOINTER_TO_UINT(count), ==, 1);
    }
    g_assert_cmpuint(g_hash_table_size(fixture->users), ==, sp_audit_tally_count(fixture->tally));
    g_assert_cmpuint(times(fixture, STALE), ==, 1);
    /* The practice people share their portraits. */
    g_assert_cmpuint(sp_audit_tally_get_pictures(fixture->tally)->len, >, 0);
}

static void
who_is_done_is_passed_over(void)
{
    static const char *const users[] = {STALE, "ANNA.Keller@norvane.example", NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0}, TRUE);
    g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    g_hash_table_add(done, sp_audit_fold(ANNA));
    run(fixture, &(SpAuditOptions){.users = users, .done = done});
    g_assert_no_error(fixture->error);
    g_assert_cmpuint(sp_audit_tally_count(fixture->tally), ==, 1);
    g_assert_cmpuint(times(fixture, STALE), ==, 1);
}

static void
it_can_be_stopped_at_any_time(void)
{
    for (guint after = 1; after < 6; after++) {
        g_autoptr(Fixture) fixture =
            fixture_new(&(SpTenantOptions){.n_generated_people = 20}, TRUE);

        fixture->stop_after = after;
        run(fixture, &(SpAuditOptions){.n_jobs = 3});
        g_assert_error(fixture->error, SP_ERROR, SP_ERROR_CANCELLED);
        g_assert_cmpuint(sp_audit_tally_count(fixture->tally), ==, after);
    }
}

/* What everybody would meet ends it, and is told once. */
static void
it_ends_where_nobody_is_signed_in(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0}, FALSE);

    run(fixture, &(SpAuditOptions){.n_jobs = 4});
    g_assert_error(fixture->error, SP_ERROR, SP_ERROR_AUTH);
    g_assert_cmpuint(sp_audit_tally_count(fixture->tally), ==, 0);
}

static void
it_ends_where_the_list_of_everybody_is_refused(void)
{
    static const char *const faults[] = {"graph=403", NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults}, TRUE);

    run(fixture, &(SpAuditOptions){0});
    g_assert_error(fixture->error, SP_ERROR, SP_ERROR_AUTH);
}

/* Addresses are asked for all the same, ids cannot be looked up at all: both are unreachable. */
static void
it_ends_where_nobody_can_be_reached(gconstpointer data)
{
    const char *kind = data;
    static const char *const faults[] = {"graph=reset", "sharepoint=reset", "my=reset", NULL};
    g_autoptr(GPtrArray) users = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults}, TRUE);

    for (int i = 0; i < 40; i++) {
        g_ptr_array_add(users, g_str_equal(kind, "ids")
                                   ? g_strdup_printf("00000000-0000-4000-8000-0000000000%02d", i)
                                   : g_strdup_printf("person%d@norvane.example", i));
    }
    g_ptr_array_add(users, NULL);
    sp_client_set_patience(fixture->client, (SpPatience){0, 0});
    run(fixture, &(SpAuditOptions){.users = (const char *const *) users->pdata, .n_jobs = 4});
    g_assert_error(fixture->error, SP_ERROR, SP_ERROR_NETWORK);
    g_assert_cmpuint(sp_audit_tally_count(fixture->tally), ==, 10);
}

static void
lists_are_read_as_people_have_them(void)
{
    static const struct {
        const char *text;
        const char *found; /* joined by blanks; NULL: none, an error */
    } rows[] = {
        {ANNA "\n" STALE "\n", ANNA " " STALE},
        {"\xef\xbb\xbf# who\r\n\r\n " ANNA " \r\n", ANNA},
        {"Display name,User principal name\n\"Keller, Anna\"," ANNA "\n", ANNA},
        {"id,mail,userPrincipalName\n1,x@y," ANNA "\n2,z@y," STALE "\n", ANNA " " STALE},
        {ANNA ",Anna\n" STALE ",Bashir\n", ANNA " " STALE},
        {ANNA "\nANNA.keller@norvane.example\n", ANNA},
        {"a\x1b[31m@b\n", "a [31m@b"},
        {"\"open\n", NULL},
        {"name,upn\nonly a name\n", NULL},
        {"", NULL},
        {"# nobody\nupn\n", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) users = sp_audit_list_parse(rows[i].text, &error);
        g_autofree char *found = users == NULL ? NULL : g_strjoinv(" ", users);

        g_assert_cmpstr(found, ==, rows[i].found);
        g_assert_true((error != NULL) == (rows[i].found == NULL));
        g_assert_true(error == NULL || error->code == SP_ERROR_FORMAT);
    }
}

/* Records come from a file that anybody may have written. */
static void
what_is_no_record_counts_for_nothing(void)
{
    static const char *const documents[] = {
        "{}",
        "{\"schema\":\"samephoto.audit/1\"}",
        "{\"schema\":\"samephoto.audit/1\",\"query\":\"a\",\"exit_code\":77,\"check\":null}",
        "{\"schema\":\"samephoto.audit/1\",\"query\":\"a\",\"exit_code\":0,\"check\":{}}",
        "{\"schema\":\"samephoto.audit/1\",\"query\":\"a\",\"exit_code\":0,\"check\":{\"verdict\":"
        "\"fine\",\"user\":{\"userPrincipalName\":\"a\"}}}",
        "{\"schema\":\"samephoto.check/1\",\"query\":\"a\",\"exit_code\":0,\"check\":null}",
        "[]",
    };
    g_autoptr(SpAuditTally) tally = sp_audit_tally_new();

    for (gsize i = 0; i < G_N_ELEMENTS(documents); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(documents[i], strlen(documents[i]));
        g_autoptr(SpJson) record = sp_json_parse(bytes, "a record", NULL);

        g_assert_nonnull(record);
        g_assert_false(sp_audit_tally_add(tally, record));
    }
    g_assert_cmpuint(sp_audit_tally_count(tally), ==, 0);
    g_assert_cmpint(sp_audit_tally_exit_code(tally), ==, 0);
}

static void
what_all_stand_for_is_the_exit_code(void)
{
    static const struct {
        const int codes[4];
        int expected;
    } rows[] = {
        {{0, 0, -1}, 0}, {{0, 1, 3, -1}, 1}, {{0, 3, -1}, 3}, {{4, 4, -1}, 4},
        {{4, 5, -1}, 3}, {{2, -1}, 2},       {{2, 0, -1}, 3}, {{5, 5, -1}, 5},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SpAuditTally) tally = sp_audit_tally_new();

        for (gsize j = 0; rows[i].codes[j] >= 0; j++) {
            g_autoptr(SpJson) record = json_object_new_object();

            sp_json_add_string(record, "schema", "samephoto.audit/1");
            sp_json_add_string(record, "query", "a@b");
            json_object_object_add(record, "exit_code", json_object_new_int(rows[i].codes[j]));
            json_object_object_add(record, "check", NULL);
            g_assert_true(sp_audit_tally_add(tally, record));
        }
        g_assert_cmpint(sp_audit_tally_exit_code(tally), ==, rows[i].expected);
    }
}

static void
fields_are_quoted_where_they_have_to_be(void)
{
    static const char *const fields[] = {"plain", "a,b", "he said \"no\"", "", "two\nlines"};

    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *quoted = sp_csv_quote(fields[i]);
        g_autoptr(GPtrArray) read = strchr(quoted, '\n') != NULL ? NULL : sp_csv_split(quoted);

        g_assert_true(read == NULL || read->len == 1);
        g_assert_true(read == NULL || g_str_equal(g_ptr_array_index(read, 0), fields[i]));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audit/a-list-is-read-person-by-person", a_list_is_read_person_by_person);
    g_test_add_func("/audit/everybody-comes-once", everybody_comes_once);
    g_test_add_func("/audit/who-is-done-is-passed-over", who_is_done_is_passed_over);
    g_test_add_func("/audit/it-can-be-stopped-at-any-time", it_can_be_stopped_at_any_time);
    g_test_add_func("/audit/it-ends-where-nobody-is-signed-in", it_ends_where_nobody_is_signed_in);
    g_test_add_func("/audit/it-ends-where-the-list-of-everybody-is-refused",
                    it_ends_where_the_list_of_everybody_is_refused);
    g_test_add_data_func("/audit/it-ends-where-nobody-can-be-reached/addresses", "addresses",
                         it_ends_where_nobody_can_be_reached);
    g_test_add_data_func("/audit/it-ends-where-nobody-can-be-reached/ids", "ids",
                         it_ends_where_nobody_can_be_reached);
    g_test_add_func("/audit/lists-are-read-as-people-have-them",
                    lists_are_read_as_people_have_them);
    g_test_add_func("/audit/what-is-no-record-counts-for-nothing",
                    what_is_no_record_counts_for_nothing);
    g_test_add_func("/audit/what-all-stand-for-is-the-exit-code",
                    what_all_stand_for_is_the_exit_code);
    g_test_add_func("/audit/fields-are-quoted-where-they-have-to-be",
                    fields_are_quoted_where_they_have_to_be);
    return g_test_run();
}
