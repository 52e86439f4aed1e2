/* Every story of the practice tenant, checked from end to end over real HTTP: the verdict, the
 * headline, each copy's status and group. The expectations stand here, independent of the tenant's
 * own table. */

#include "core/guide/check.h"
#include "core/guide/playbook.h"
#include "core/guide/rules.h"
#include "core/practice/scenario.h"
#include "core/practice/tenant.h"
#include "core/services/seen.h"

typedef struct {
    const char *story;
    const char *verdict;
    const char *findings; /* the first is the headline; others may follow behind these */
    const char *copies;   /* "status:group" in the order of PLAN, "-" for no group */
} Row;

#define PLAN "directory graph exchange sharepoint-s sharepoint-m sharepoint-l viva-engage"

/* clang-format off */
static const Row rows[] = {
    {"in-sync", "in-sync", "in-sync client-cache",
     "present:A present:A present:A present:A present:A present:A present:A"},
    {"sharepoint-stale", "out-of-sync", "sharepoint-stale",
     "present:A present:A present:A present:B present:B present:B present:A"},
    {"sharepoint-not-yet", "out-of-sync", "sharepoint-not-yet",
     "present:A present:A present:A present:B present:B present:B present:A"},
    {"sharepoint-never-synced", "out-of-sync", "sharepoint-never-synced",
     "present:A present:A present:A placeholder:- placeholder:- placeholder:- present:A"},
    {"sharepoint-sync-off", "out-of-sync", "sharepoint-sync-off",
     "present:A present:A present:A present:B present:B present:B present:A"},
    {"no-photo", "no-photo", "no-photo",
     "absent:- absent:- absent:- placeholder:- placeholder:- placeholder:- absent:-"},
    {"thumbnails-disagree", "out-of-sync", "thumbnails-disagree",
     "present:A present:A present:A present:A present:A present:B present:A"},
    {"viva-engage-stale", "out-of-sync", "viva-engage-stale",
     "present:A present:A present:A present:A present:A present:A present:B"},
    {"recropped", "in-sync", "recropped in-sync",
     "present:A present:A present:A present:A present:A present:A present:A"},
    {"burst", "out-of-sync", "sharepoint-stale",
     "present:A present:A present:A present:B present:B present:B present:A"},
    {"no-exchange-licence", "out-of-sync", "no-exchange-licence",
     "present:A present:A absent:- present:B present:B present:B present:A"},
    {"guest", "no-photo", "guest",
     "absent:- absent:- absent:- absent:- absent:- absent:- absent:-"},
    {"upn-mail-differ", "out-of-sync", "identity-mismatch",
     "present:A present:A present:A placeholder:- placeholder:- placeholder:- present:A"},
    {"ews-blocked", "incomplete", "ews-blocked",
     "present:A present:A blocked:- present:A present:A present:A present:A"},
    {"throttled", "incomplete", "throttled",
     "present:A present:A present:A present:A present:A present:A throttled:-"},
    {"access-denied", "incomplete", "access-denied",
     "present:A present:A present:A denied:- denied:- denied:- present:A"},
    {"deleted-in-cloud", "out-of-sync", "deleted-in-cloud",
     "absent:- absent:- absent:- present:A present:A present:A absent:-"},
    {"mailbox-on-premises", "out-of-sync", "mailbox-on-premises",
     "present:B blocked:- absent:- present:A present:A present:A present:B"},
    {"hybrid-cloud-wins", "out-of-sync", "cloud-wins",
     "present:B present:A present:A present:A present:A present:A present:A"},
    {"hybrid-directory-wins", "out-of-sync", "directory-wins policy-on-premises",
     "present:B present:A present:A present:A present:A present:A present:A"},
    {"hd-blocks-directory", "out-of-sync", "hd-blocks-directory",
     "present:B present:A present:A present:A present:A present:A present:A"},
    {"directory-image-too-large", "out-of-sync", "directory-image-too-large",
     "present:B present:A present:A present:A present:A present:A present:A"},
    {"directory-newer", "out-of-sync", "directory-newer",
     "present:B present:A present:A present:A present:A present:A present:A"},
    {"fallback-after-deletion", "in-sync", "fallback-after-deletion",
     "present:A present:A present:A present:A present:A present:A present:A"},
    {"policy-on-premises", "no-photo", "policy-on-premises",
     "absent:- absent:- absent:- placeholder:- placeholder:- placeholder:- absent:-"},
    {"policy-roles", "no-photo", "policy-roles",
     "absent:- absent:- absent:- placeholder:- placeholder:- placeholder:- absent:-"},
    {"disabled-account", "out-of-sync", "account-disabled",
     "present:A present:A present:A present:B present:B present:B present:A"},
    {"just-created", "no-photo", "just-created",
     "absent:- absent:- absent:- absent:- absent:- absent:- absent:-"},
    {"low-resolution-only", "in-sync", "low-resolution-only",
     "present:A present:A present:A present:A present:A present:A present:A"},
    {"renamed-upn", "in-sync", "renamed-upn",
     "present:A present:A present:A present:A present:A present:A present:A"},
    {"reference-not-uploaded", "out-of-sync", "reference-not-uploaded",
     "present:B present:B present:B present:B present:B present:B present:B"},
    {"reference-unsuitable", "out-of-sync", "reference-unsuitable reference-not-uploaded",
     "present:B present:B present:B present:B present:B present:B present:B"},
    {"client-cache", "in-sync", "client-cache in-sync",
     "present:A present:A present:A present:A present:A present:A present:A"},
    {"exchange-differs", "out-of-sync", "exchange-differs",
     "present:A present:A present:B present:A present:A present:A present:A"},
    {"unreachable", "incomplete", "unreachable",
     "present:A present:A present:A present:A present:A present:A unreachable:-"},
    {"invalid-picture", "incomplete", "invalid-picture",
     "present:A present:A present:A present:A present:A present:A invalid:-"},
    {"unsure-look-alike", "incomplete", "unsure-look-alike",
     "present:- present:A present:A present:A present:A present:A present:A"},
    {"copies-differ", "out-of-sync", "copies-differ",
     "present:A present:A present:A present:B present:B present:B present:A"},
    {"source-differs", "out-of-sync", "source-differs",
     "present:A present:A present:A present:A present:A present:A present:A"},
    {"app-only-secret", "incomplete", "app-only-secret",
     "present:A present:A present:A denied:- denied:- denied:- missing:-"},
    {"nothing-read", "incomplete", "nothing-read",
     "skipped:- missing:- missing:- missing:- missing:- missing:- missing:-"},
};
/* clang-format on */

typedef struct {
    SpTenant *tenant;
    SpClient *client;
    SpCheck *check;
    gboolean is_over;
} Fixture;

static Fixture *
fixture_new(const char *story)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpConfig) config = NULL;

    fixture->tenant = sp_tenant_start(&(SpTenantOptions){.scenario = story}, &error);
    g_assert_no_error(error);
    config = sp_config_parse(sp_tenant_get_settings(fixture->tenant), "practice", &error);
    g_assert_no_error(error);
    fixture->client = sp_client_new(config, &error);
    g_assert_no_error(error);
    if (sp_tenant_has_agent(fixture->tenant)) {
        sp_tokens_use_refresh_token(sp_client_get_tokens(fixture->client),
                                    sp_tenant_get_refresh_token(fixture->tenant));
    }
    return fixture;
}

static void
fixture_free(Fixture *fixture)
{
    sp_check_unref(fixture->check);
    sp_client_unref(fixture->client);
    while (g_main_context_iteration(NULL, FALSE)) {
        continue;
    }
    sp_tenant_stop(fixture->tenant);
    g_free(fixture);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static void
on_event(SpCheck *check, SpCheckEvent event, const char *service, gpointer user_data)
{
    Fixture *fixture = user_data;

    (void) check;
    (void) service;
    fixture->is_over =
        event == SP_CHECK_DONE || event == SP_CHECK_FAILED || event == SP_CHECK_CHOICE;
}

static void
run(Fixture *fixture, const SpCheckOptions *options)
{
    SpCheck *before = fixture->check;

    fixture->is_over = FALSE;
    fixture->check = sp_check_start(fixture->client, options, on_event, fixture);
    while (!fixture->is_over) {
        g_main_context_iteration(NULL, TRUE);
    }
    sp_check_unref(before);
}

static char *
describe(const SpCheck *check)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) plan = g_strsplit(PLAN, " ", -1);

    for (guint i = 0; plan[i] != NULL; i++) {
        int index = sp_check_find(check, plan[i]);
        const SpCopy *copy = index < 0 ? NULL : sp_check_get_copy(check, (guint) index);
        int group = copy == NULL || copy->status != SP_COPY_PRESENT
                        ? SP_GROUP_NONE
                        : sp_groups_of(sp_check_get_groups(check), (guint) index);

        g_string_append_printf(text, "%s%s:%c", i == 0 ? "" : " ",
                               copy == NULL ? "missing" : sp_copy_status_name(copy->status),
                               group == SP_GROUP_NONE ? '-' : 'A' + group);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
list_findings(const SpCheck *check)
{
    g_autoptr(GString) text = g_string_new(NULL);
    GPtrArray *findings = sp_check_get_findings(check);

    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(findings, i);

        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", finding->id);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static const char *
user_of(const char *story)
{
    const SpScenario *scenario = sp_scenario_find(story);

    g_assert_nonnull(scenario);
    return scenario->user_principal_name;
}

/* Each of the words in `wanted` in that order, the first at the very beginning. */
static gboolean
begins_with(const char *findings, const char *wanted)
{
    g_auto(GStrv) words = g_strsplit(wanted, " ", -1);
    g_auto(GStrv) all = g_strsplit(findings, " ", -1);
    guint n = 0;

    for (guint i = 0; all[i] != NULL && words[n] != NULL; i++) {
        if (g_str_equal(all[i], words[n])) {
            n++;
        } else if (n == 0) {
            return FALSE;
        }
    }
    return words[n] == NULL;
}

static void
free_copy(gpointer data)
{
    sp_copy_unref(data);
}

/* What the story's person sees. */
static GPtrArray *
see(const Fixture *fixture)
{
    GPtrArray *seen = g_ptr_array_new_with_free_func(free_copy);
    const char *path = sp_tenant_get_seen(fixture->tenant);

    if (path != NULL) {
        g_ptr_array_add(seen, sp_seen_new_from_file(path, 1, NULL));
    }
    return seen;
}

static void
each_story_shows_what_it_was_written_for(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(rows[i].story);
        g_autoptr(GPtrArray) seen = see(fixture);

        run(fixture, &(SpCheckOptions){.user = user_of(rows[i].story),
                                       .reference_file = sp_tenant_get_reference(fixture->tenant),
                                       .seen = seen});
        g_assert_no_error(sp_check_get_error(fixture->check));
        g_autofree char *copies = describe(fixture->check);
        g_autofree char *findings = list_findings(fixture->check);
        g_test_message("%s: %s", rows[i].story, findings);
        g_assert_cmpstr(sp_verdict_name(sp_check_get_verdict(fixture->check)), ==, rows[i].verdict);
        g_assert_cmpstr(copies, ==, rows[i].copies);
        g_assert_true(begins_with(findings, rows[i].findings));
    }
}

static const Row *
row_of(const char *story)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_str_equal(rows[i].story, story)) {
            return &rows[i];
        }
    }
    return NULL;
}

static void
the_tenant_promises_the_same(void)
{
    for (const SpScenario *scenario = sp_scenarios(); scenario->name != NULL; scenario++) {
        const Row *row = row_of(scenario->name);

        g_test_message("%s", scenario->name);
        g_assert_nonnull(row);
        g_assert_cmpstr(scenario->verdict, ==, row->verdict);
        g_assert_true(begins_with(row->findings, scenario->finding));
    }
}

static gboolean
is_told(const char *finding)
{
    for (const SpScenario *scenario = sp_scenarios(); scenario->name != NULL; scenario++) {
        if (g_str_equal(scenario->finding, finding)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
every_finding_is_the_headline_of_a_story(void)
{
    for (const SpRule *rule = sp_rules(); rule->id != NULL; rule++) {
        g_test_message("%s", rule->id);
        g_assert_true(is_told(rule->id));
    }
}

static const char *
headline(const Fixture *fixture)
{
    const SpFinding *finding = g_ptr_array_index(sp_check_get_findings(fixture->check), 0);

    return finding->id;
}

/* What the person sent in lies in a file for as long as the tenant serves. */
static void
the_reference_goes_with_the_tenant(void)
{
    g_autofree char *path = NULL;

    {
        g_autoptr(Fixture) fixture = fixture_new("reference-not-uploaded");

        path = g_strdup(sp_tenant_get_reference(fixture->tenant));
        g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
        run(fixture,
            &(SpCheckOptions){.user = user_of("reference-not-uploaded"), .reference_file = path});
        g_assert_cmpint(sp_check_exit_code(fixture->check), ==, 1);
    }
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
}

static void
play(Fixture *fixture, const char *event, const char *story)
{
    g_autoptr(GError) error = NULL;

    sp_tenant_play(fixture->tenant, event, user_of(story), &error);
    g_assert_no_error(error);
}

/* The re-check of one copy: the others stand, the one that was read again turns the verdict. */
static void
a_step_is_proved_by_reading_its_copy_again(void)
{
    static const char *const wanted[] = {"sharepoint-s", "sharepoint-m", "sharepoint-l", NULL};
    const char *story = "sharepoint-stale";
    g_autoptr(Fixture) fixture = fixture_new(story);

    run(fixture, &(SpCheckOptions){.user = user_of(story)});
    g_autoptr(SpCheck) first = sp_check_ref(fixture->check);
    SpCheckOptions again = {.person = sp_check_get_person(first), .wanted = wanted, .base = first};

    run(fixture, &again);
    g_assert_cmpstr(headline(fixture), ==, story);
    play(fixture, "owner-opens-sharepoint", story);
    run(fixture, &again);
    g_assert_cmpstr(headline(fixture), ==, "in-sync");
    g_assert_cmpint(sp_check_exit_code(fixture->check), ==, 0);
    int graph = sp_check_find(fixture->check, "graph");
    g_assert_true(sp_check_get_copy(fixture->check, (guint) graph) ==
                  sp_check_get_copy(first, (guint) graph));
}

static void
what_a_step_plays_is_known_to_the_tenant(void)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autoptr(SpPlaybook) playbook = sp_playbook_load("profile-photo", "en", NULL);
    GPtrArray *sections = sp_playbook_get_sections(playbook);
    guint n_played = 0;

    for (guint i = 0; i < sections->len; i++) {
        const SpSection *section = g_ptr_array_index(sections, i);

        for (guint j = 0; j < section->steps->len; j++) {
            const SpStep *step = g_ptr_array_index(section->steps, j);

            if (step->play != NULL) {
                play(fixture, step->play, "sharepoint-stale");
                n_played++;
            }
        }
    }
    g_assert_cmpuint(n_played, >, 20);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stories/each-story-shows-what-it-was-written-for",
                    each_story_shows_what_it_was_written_for);
    g_test_add_func("/stories/the-tenant-promises-the-same", the_tenant_promises_the_same);
    g_test_add_func("/stories/every-finding-is-the-headline-of-a-story",
                    every_finding_is_the_headline_of_a_story);
    g_test_add_func("/stories/the-reference-goes-with-the-tenant",
                    the_reference_goes_with_the_tenant);
    g_test_add_func("/stories/a-step-is-proved-by-reading-its-copy-again",
                    a_step_is_proved_by_reading_its_copy_again);
    g_test_add_func("/stories/what-a-step-plays-is-known-to-the-tenant",
                    what_a_step_plays_is_known_to_the_tenant);
    return g_test_run();
}
