#include "tests/unit/evidence.h"

#include <string.h>

static SpPhoto *
photo(const char *name)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice", "photos", name, NULL);
    g_autoptr(GError) error = NULL;
    SpPhoto *loaded = sp_photo_new_from_file(path, &error);

    g_assert_no_error(error);
    return loaded;
}

static SpCopy *
copy(const char *service, const char *title, const char *picture)
{
    SpCopy *made = sp_copy_new(service, title);

    made->status = SP_COPY_PRESENT;
    made->http_status = 200;
    made->photo = photo(picture);
    made->etag = g_strdup("\"1\"");
    made->request_id = g_strdup_printf("request-%s", service);
    made->elapsed_ms = 120;
    return made;
}

void
test_case_regroup(TestCase *c)
{
    SpPhoto *photos[G_N_ELEMENTS(c->copies)];

    for (gsize i = 0; i < G_N_ELEMENTS(c->copies); i++) {
        photos[i] = c->copies[i]->photo;
    }
    g_clear_pointer(&c->groups, sp_groups_free);
    c->groups = sp_groups_new(photos, G_N_ELEMENTS(photos), 0);
    c->evidence = (SpEvidence){.person = c->person,
                               .copies = c->copies,
                               .n_copies = G_N_ELEMENTS(c->copies),
                               .groups = c->groups,
                               .reference = 0,
                               .now = c->now};
}

TestCase *
test_case_new(void)
{
    TestCase *c = g_new0(TestCase, 1);

    c->person = sp_person_new();
    c->person->id = g_strdup("11111111-2222-3333-4444-555555555555");
    c->person->user_principal_name = g_strdup("anna@norvane.example");
    c->person->display_name = g_strdup("Anna Berg");
    c->person->is_enabled = SP_YES;
    c->person->has_exchange_plan = SP_YES;
    c->person->has_sharepoint_plan = SP_YES;
    c->now = g_date_time_new_utc(2026, 11, 22, 9, 0, 0);
    c->copies[0] = copy("graph", "Microsoft 365", "anna-new.jpg");
    c->copies[1] = copy("exchange", "Exchange", "anna-new.jpg");
    c->copies[2] = copy("sharepoint-l", "SharePoint (large)", "anna-old.jpg");
    sp_copy_add_fact(c->copies[2], SP_FACT_PICTURE_TIMESTAMP, "2026-10-01T09:00:00Z");
    sp_copy_add_fact(c->copies[2], SP_FACT_EXCHANGE_SYNC, "1");
    sp_copy_add_fact(c->copies[2], SP_FACT_PLACEHOLDER_STATE, "0");
    test_case_regroup(c);
    return c;
}

void
test_case_free(TestCase *c)
{
    for (gsize i = 0; i < G_N_ELEMENTS(c->copies); i++) {
        sp_copy_unref(c->copies[i]);
    }
    g_clear_pointer(&c->groups, sp_groups_free);
    sp_person_unref(c->person);
    g_date_time_unref(c->now);
    g_free(c);
}

const SpEvidence *
test_case_evidence(TestCase *c)
{
    return &c->evidence;
}

static void
free_finding(gpointer data)
{
    sp_finding_free(data);
}

GPtrArray *
test_case_findings(void)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(free_finding);
    SpFinding *finding = g_new0(SpFinding, 1);

    finding->id = g_strdup("sharepoint-stale");
    finding->summary = g_strdup("SharePoint still shows the old photo");
    finding->severity = SP_SEVERITY_ACTION;
    finding->actor = SP_ACTOR_USER;
    finding->evidence = g_new0(char *, 1);
    finding->remedy = g_strdup("profile-photo#sharepoint-differs");
    g_ptr_array_add(findings, finding);
    return findings;
}

SpPlaybook *
test_case_playbook(void)
{
    static const char text[] =
        "# Photo\n\n## SharePoint {#sharepoint-differs when=sharepoint-stale}\n\n"
        "1. Open a private window. {actor=user}\n2. Sign in. {actor=user}\n"
        "3. Choose SharePoint. {actor=user}\n4. Look. {actor=user verify=sharepoint-l wait=24h}\n";

    return sp_playbook_parse(text, strlen(text), "profile-photo.en", NULL);
}

static void
pass_an_hour(TestCase *c)
{
    GDateTime *later = g_date_time_add_hours(c->now, 1);

    g_date_time_unref(c->now);
    c->now = later;
}

void
test_case_heal(TestCase *c)
{
    pass_an_hour(c);
    sp_photo_unref(c->copies[2]->photo);
    c->copies[2]->photo = photo("anna-new.jpg");
    test_case_regroup(c);
}

void
test_case_deny(TestCase *c)
{
    pass_an_hour(c);
    g_clear_pointer(&c->copies[2]->photo, sp_photo_unref);
    c->copies[2]->status = SP_COPY_DENIED;
    c->copies[2]->http_status = 403;
    test_case_regroup(c);
}
