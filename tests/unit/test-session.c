/* Sessions: what is begun, changed, proved and found again. Evidence is made here from pictures of
 * the practice people, so no test needs a network. */

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#include "core/error.h"
#include "core/guide/session.h"
#include "core/guide/statement.h"
#include "core/services/seen.h"
#include "tests/unit/evidence.h"
#include "tests/unit/folder.h"

typedef struct {
    char *folder;
    SpStore *store;
    SpPlaybook *playbook;
    TestCase *shown;
} Fixture;

static const char text[] = "# Photo\n\n"
                           "## SharePoint {#sharepoint-differs when=\"sharepoint-stale\"}\n\n"
                           "1. Open a window. {actor=user}\n"
                           "2. Look. {actor=user verify=sharepoint-l wait=24h}\n\n"
                           "## Other {#other when=\"no-such-finding\"}\n\n"
                           "1. Never.\n";

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;

    (void) data;
    fixture->folder = test_folder_new();
    path = g_build_filename(fixture->folder, "a.db", NULL);
    fixture->store = sp_store_open(path, &error);
    g_assert_no_error(error);
    fixture->playbook = sp_playbook_parse(text, strlen(text), "profile-photo", &error);
    g_assert_no_error(error);
    fixture->shown = test_case_new();
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void) data;
    sp_store_unref(fixture->store);
    sp_playbook_unref(fixture->playbook);
    test_case_free(fixture->shown);
    test_folder_free(fixture->folder);
}

static SpSession *
begin(Fixture *fixture)
{
    g_autoptr(GPtrArray) findings = test_case_findings();
    SpSessionOptions options = {.person = fixture->shown->person,
                                .findings = findings,
                                .playbook = fixture->playbook,
                                .ticket = "INC-1",
                                .agent = "Alex Agent"};
    g_autoptr(GError) error = NULL;
    SpSession *session = sp_session_begin(fixture->store, &options, &error);

    g_assert_no_error(error);
    return session;
}

static const SpSessionStep *
step_at(const SpSession *session, guint index)
{
    return g_ptr_array_index(sp_session_get_steps(session), index);
}

static SpSession *
reload(Fixture *fixture, const SpSession *session)
{
    g_autoptr(GError) error = NULL;
    SpSession *again = sp_session_load(fixture->store, sp_session_get_id(session), &error);

    g_assert_no_error(error);
    return again;
}

static void
test_begin(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) begun = begin(fixture);
    g_autoptr(SpSession) session = reload(fixture, begun);

    (void) data;
    g_assert_cmpstr(sp_session_get_user(session), ==, "anna@norvane.example");
    g_assert_cmpstr(sp_session_get_ticket(session), ==, "INC-1");
    g_assert_cmpstr(sp_session_get_agent(session), ==, "Alex Agent");
    g_assert_cmpstr(sp_session_get_title(session), ==, "Photo");
    g_assert_cmpuint(sp_session_get_steps(session)->len, ==, 2);
    g_assert_cmpuint(sp_session_get_current(session), ==, 0);
    g_assert_cmpstr(step_at(session, 0)->section_id, ==, "sharepoint-differs");
    g_assert_cmpint(step_at(session, 0)->state, ==, SP_STEP_TODO);
    g_assert_cmpint(step_at(session, 0)->step->actor, ==, SP_ACTOR_USER);
    g_assert_cmpstr(step_at(session, 1)->step->verify[0], ==, "sharepoint-l");
    g_assert_cmpint(step_at(session, 1)->step->wait_s, ==, 86400);
    g_assert_null(step_at(session, 1)->step->verify[1]);
}

static void
test_whole_playbook(Fixture *fixture, gconstpointer data)
{
    SpSessionOptions options = {.playbook = fixture->playbook};
    g_autoptr(SpSession) session = sp_session_begin(fixture->store, &options, NULL);

    (void) data;
    g_assert_cmpuint(sp_session_get_steps(session)->len, ==, 3);
    g_assert_null(sp_session_get_user(session));
    g_assert_cmpstr(sp_session_get_agent(session), ==, g_get_user_name());
}

static void
test_changes(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    g_autoptr(SpSession) again = NULL;
    g_autoptr(GDateTime) until = g_date_time_new_utc(2026, 11, 23, 9, 0, 0);
    g_autoptr(GError) error = NULL;

    (void) data;
    g_assert_true(sp_session_skip(session, 0, SP_SKIP_DONE_BEFORE, "by phone\x1b[31m", &error));
    g_assert_true(sp_session_wait_until(session, 1, until, &error));
    g_assert_true(sp_session_set_note(session, 1, "line 1\nline 2\n", &error));
    g_assert_true(sp_session_set_current(session, 1, &error));
    g_assert_true(sp_session_set_ticket(session, "INC-2", &error));
    g_assert_no_error(error);
    again = reload(fixture, session);
    g_assert_cmpint(step_at(again, 0)->state, ==, SP_STEP_SKIPPED);
    g_assert_cmpint(step_at(again, 0)->skip_reason, ==, SP_SKIP_DONE_BEFORE);
    g_assert_cmpstr(step_at(again, 0)->note, ==, "by phone [31m");
    g_assert_cmpstr(step_at(again, 0)->changed_by, ==, "Alex Agent");
    g_assert_cmpint(step_at(again, 1)->state, ==, SP_STEP_WAITING);
    g_assert_true(g_date_time_equal(step_at(again, 1)->wait_until, until));
    g_assert_cmpstr(step_at(again, 1)->note, ==, "line 1\nline 2");
    g_assert_cmpuint(sp_session_get_current(again), ==, 1);
    g_assert_cmpstr(sp_session_get_ticket(again), ==, "INC-2");
    g_assert_cmpuint(sp_session_count_done(again), ==, 1);
}

static void
test_by_hand(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    g_autoptr(SpSession) again = NULL;

    (void) data;
    g_assert_true(sp_session_set_state(session, 0, SP_STEP_PASSED, NULL));
    g_assert_true(sp_session_set_state(session, 1, SP_STEP_PASSED, NULL));
    again = reload(fixture, session);
    g_assert_false(step_at(again, 0)->by_hand);
    g_assert_true(step_at(again, 1)->by_hand);
    g_assert_true(sp_session_set_state(again, 1, SP_STEP_TODO, NULL));
    g_assert_false(step_at(again, 1)->by_hand);
}

static void
test_prove(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    g_autoptr(SpSession) again = NULL;
    g_autoptr(GError) error = NULL;
    gboolean passed = TRUE;

    (void) data;
    g_assert_true(sp_session_record_evidence(session, test_case_evidence(fixture->shown), &error));
    g_assert_true(
        sp_session_prove_evidence(session, 1, test_case_evidence(fixture->shown), &passed, &error));
    g_assert_no_error(error);
    g_assert_false(passed);
    g_assert_cmpint(step_at(session, 1)->state, ==, SP_STEP_FAILED);
    g_assert_nonnull(strstr(step_at(session, 1)->proof, "SharePoint"));

    test_case_heal(fixture->shown);
    g_assert_true(
        sp_session_prove_evidence(session, 1, test_case_evidence(fixture->shown), &passed, &error));
    g_assert_true(passed);
    again = reload(fixture, session);
    g_assert_cmpint(step_at(again, 1)->state, ==, SP_STEP_PASSED);
    g_assert_false(step_at(again, 1)->by_hand);
    g_assert_cmpstr(step_at(again, 1)->proof, ==, step_at(session, 1)->proof);
    g_assert_cmpint(step_at(again, 1)->before_id, >, 0);
    g_assert_cmpint(step_at(again, 1)->after_id, >, step_at(again, 1)->before_id);
}

/* A copy that could not be read proves nothing. */
static void
test_prove_unread(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    gboolean passed = TRUE;

    (void) data;
    test_case_heal(fixture->shown);
    test_case_deny(fixture->shown);
    g_assert_true(
        sp_session_prove_evidence(session, 1, test_case_evidence(fixture->shown), &passed, NULL));
    g_assert_false(passed);
    g_assert_nonnull(strstr(step_at(session, 1)->proof, "could not be read"));
}

static void
run_sql(Fixture *fixture, const char *sql)
{
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(fixture->store, sql, NULL);

    g_assert_nonnull(statement);
    g_assert_true(sp_store_run(fixture->store, statement, NULL));
}

/* A proof is told again from what was found then: no picture is compared anew for it. */
static void
test_tell_proof(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    g_autoptr(SpSession) again = NULL;
    g_autofree char *proof = NULL;

    (void) data;
    g_assert_true(
        sp_session_prove_evidence(session, 1, test_case_evidence(fixture->shown), NULL, NULL));
    proof = g_strdup(step_at(session, 1)->proof);
    g_assert_nonnull(strstr(proof, "another photo in SharePoint"));
    run_sql(fixture, "UPDATE step SET proof = 'in other words' WHERE proof IS NOT NULL");
    run_sql(fixture, "DELETE FROM evidence_picture");
    run_sql(fixture, "DELETE FROM picture");
    again = reload(fixture, session);
    g_assert_cmpstr(step_at(again, 1)->proof, ==, "in other words");
    sp_session_set_language(again, "fr");
    g_assert_cmpstr(step_at(again, 1)->proof, ==, proof);
}

static GdkPixbuf *
load_nadia(const char *name, int side)
{
    g_autofree char *file = g_strdup_printf("nadia-%s.jpg", name);
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice", "photos", file, NULL);
    g_autoptr(GdkPixbuf) whole = gdk_pixbuf_new_from_file(path, NULL);

    g_assert_nonnull(whole);
    return gdk_pixbuf_scale_simple(whole, side, side, GDK_INTERP_HYPER);
}

/* Nadia's new photo with so much (of 255) of the next shot over it. */
static SpPhoto *
make_between(int side, int share)
{
    g_autoptr(GdkPixbuf) one = load_nadia("new", side);
    g_autoptr(GdkPixbuf) next = load_nadia("burst", side);
    g_autoptr(GBytes) bytes = NULL;
    gchar *data = NULL;
    gsize length = 0;

    gdk_pixbuf_composite(next, one, 0, 0, side, side, 0, 0, 1, 1, GDK_INTERP_NEAREST, share);
    g_assert_true(
        gdk_pixbuf_save_to_buffer(one, &data, &length, "jpeg", NULL, "quality", "90", NULL));
    bytes = g_bytes_new_take(data, length);
    return sp_photo_new(bytes, NULL);
}

static void
set_copy(TestCase *shown, guint index, const char *service, SpPhoto *photo)
{
    SpCopy *copy = shown->copies[index];

    g_free(copy->service);
    copy->service = g_strdup(service);
    g_clear_pointer(&copy->photo, sp_photo_unref);
    copy->photo = photo;
}

/* A small copy that cannot be told from the reference alone, but is the same as a copy that is. */
static void
test_prove_by_group(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    TestCase *shown = fixture->shown;
    const SpEvidence *evidence = test_case_evidence(shown);
    gboolean passed = FALSE;

    (void) data;
    set_copy(shown, 0, "graph", make_between(240, 0));
    set_copy(shown, 1, "sharepoint-s", make_between(56, 153));
    set_copy(shown, 2, "sharepoint-l", make_between(200, 60));
    test_case_regroup(shown);
    g_assert_cmpint(sp_groups_to_reference(evidence->groups, 1)->relation, ==, SP_RELATION_UNSURE);
    g_assert_cmpint(sp_diagnose_verdict(evidence), ==, SP_VERDICT_IN_SYNC);
    g_assert_true(sp_session_prove_evidence(session, 0, evidence, &passed, NULL));
    g_assert_cmpstr(step_at(session, 0)->proof, ==,
                    "shows the reference's photo: Microsoft 365 and SharePoint");
    g_assert_true(passed);
}

/* A step that names no copy is proved by all of which a photo is expected: not by Exchange without
 * a licence … */
static void
test_prove_without_licence(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    SpCopy *exchange = fixture->shown->copies[1];
    gboolean passed = TRUE;

    (void) data;
    test_case_heal(fixture->shown);
    g_clear_pointer(&exchange->photo, sp_photo_unref);
    exchange->status = SP_COPY_ABSENT;
    g_assert_true(
        sp_session_prove_evidence(session, 0, test_case_evidence(fixture->shown), &passed, NULL));
    g_assert_false(passed);
    fixture->shown->person->has_exchange_plan = SP_NO;
    g_assert_true(
        sp_session_prove_evidence(session, 0, test_case_evidence(fixture->shown), &passed, NULL));
    g_assert_true(passed);
}

/* … nor by a directory that keeps its own, as is normal where the cloud wins. */
static void
test_prove_beside_directory(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    gboolean passed = FALSE;

    (void) data;
    set_copy(fixture->shown, 1, "directory", sp_photo_ref(fixture->shown->copies[2]->photo));
    test_case_heal(fixture->shown);
    g_assert_true(
        sp_session_prove_evidence(session, 0, test_case_evidence(fixture->shown), &passed, NULL));
    g_assert_true(passed);
}

static void
test_history(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    g_auto(GStrv) nothing =
        sp_session_history_evidence(fixture->store, test_case_evidence(fixture->shown));
    g_auto(GStrv) changed = NULL;
    g_auto(GStrv) never = NULL;
    g_auto(GStrv) line = NULL;

    (void) data;
    g_assert_null(nothing[0]);
    g_assert_true(sp_session_record_evidence(session, test_case_evidence(fixture->shown), NULL));
    test_case_heal(fixture->shown);
    changed = sp_session_history_evidence(fixture->store, test_case_evidence(fixture->shown));
    g_assert_nonnull(changed[0]);
    g_assert_true(g_str_has_prefix(changed[0], "The copy of SharePoint (large) has changed since"));
    g_assert_null(changed[1]);

    never = sp_session_timeline_evidence(fixture->store, test_case_evidence(fixture->shown));
    g_assert_null(never[0]);
    g_assert_true(sp_session_record_evidence(session, test_case_evidence(fixture->shown), NULL));
    test_case_heal(fixture->shown);
    g_assert_true(sp_session_record_evidence(session, test_case_evidence(fixture->shown), NULL));
    line = sp_session_timeline_evidence(fixture->store, test_case_evidence(fixture->shown));
    g_assert_nonnull(strstr(line[0], "SharePoint (large): another photo than on"));
    g_assert_null(line[1]);
}

static void
test_list(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) first = begin(fixture);
    g_autoptr(SpSession) second = begin(fixture);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) soon = g_date_time_add_hours(now, 1);
    g_autoptr(GDateTime) later = g_date_time_add_days(now, 2);
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) due = NULL;
    g_autoptr(SpSession) found = NULL;
    const SpSessionRow *row;

    (void) data;
    g_assert_true(sp_session_wait_until(first, 1, soon, NULL));
    g_assert_true(sp_session_wait_until(second, 1, later, NULL));
    g_assert_true(sp_session_set_state(first, 0, SP_STEP_PASSED, NULL));
    all = sp_session_list(fixture->store, NULL, NULL);
    g_assert_cmpuint(all->len, ==, 2);
    due = sp_session_list(fixture->store, soon, NULL);
    g_assert_cmpuint(due->len, ==, 1);
    row = g_ptr_array_index(due, 0);
    g_assert_cmpint(row->id, ==, sp_session_get_id(first));
    g_assert_cmpuint(row->n_done, ==, 1);
    g_assert_cmpuint(row->n_steps, ==, 2);
    g_assert_cmpstr(row->ticket, ==, "INC-1");
    found = sp_session_find_open(fixture->store, "ANNA@norvane.example", "INC-1", NULL);
    g_assert_nonnull(found);
    g_assert_null(sp_session_find_open(fixture->store, "anna@norvane.example", "INC-9", NULL));
}

static void
test_delete(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) kept = begin(fixture);
    g_autoptr(SpSession) closed = begin(fixture);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) tomorrow = g_date_time_add_days(now, 1);
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GError) error = NULL;

    (void) data;
    g_assert_true(sp_session_close(closed, NULL));
    g_assert_cmpint(sp_session_purge(fixture->store, now, NULL), ==, 0);
    /* What is open again stays. */
    g_assert_true(sp_session_reopen(closed, NULL));
    g_assert_false(sp_session_is_closed(closed));
    g_assert_cmpint(sp_session_purge(fixture->store, tomorrow, NULL), ==, 0);
    g_assert_true(sp_session_close(closed, NULL));
    g_assert_cmpint(sp_session_purge(fixture->store, tomorrow, NULL), ==, 1);
    rows = sp_session_list(fixture->store, NULL, NULL);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_true(sp_session_delete(fixture->store, sp_session_get_id(kept), NULL));
    g_assert_false(sp_session_delete(fixture->store, sp_session_get_id(kept), &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(sp_session_set_note(kept, 0, "lost?", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_null(step_at(kept, 0)->note);
}

static void
test_hand_over(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    g_autoptr(GPtrArray) log = NULL;
    const SpSessionLine *line;

    (void) data;
    sp_session_set_agent(session, "Blair Second");
    g_assert_true(sp_session_set_state(session, 0, SP_STEP_PASSED, NULL));
    log = sp_session_get_log(session, NULL);
    g_assert_cmpuint(log->len, ==, 2);
    line = g_ptr_array_index(log, 0);
    g_assert_cmpstr(line->agent, ==, "Alex Agent");
    g_assert_cmpint(line->position, ==, -1);
    line = g_ptr_array_index(log, 1);
    g_assert_cmpstr(line->agent, ==, "Blair Second");
    g_assert_cmpint(line->position, ==, 0);
}

static void
test_json(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    struct json_object *json = sp_session_to_json(session);
    const char *printed = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);

    (void) data;
    g_assert_true(g_str_has_prefix(printed, "{\"schema\":\"samephoto.session\\/1\",\"id\":1,"));
    g_assert_nonnull(strstr(printed, "\"state\":\"todo\""));
    json_object_put(json);
}

static guint
count_pictures(Fixture *fixture)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(fixture->store, "SELECT count(*) FROM picture", NULL);

    g_assert_true(sp_store_step(fixture->store, statement, NULL));
    return (guint) sqlite3_column_int(statement, 0);
}

/* A screenshot goes once the photo is cut out of it; a service's copy of the same bytes does not.
 */
static void
test_forget_seen(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    const SpEvidence *shown = test_case_evidence(fixture->shown);
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice",
                                                  "photos", "bashir-old.jpg", NULL);
    g_autoptr(SpCopy) seen = sp_seen_new_from_file(path, 1, NULL);
    const char *other = sp_photo_get_sha256(shown->copies[0]->photo);
    SpCopy *copies[4];
    SpEvidence evidence = *shown;
    guint n;

    (void) data;
    memcpy(copies, shown->copies, 3 * sizeof *copies);
    copies[3] = seen;
    evidence.copies = copies;
    evidence.n_seen = 1;
    g_assert_true(sp_session_record_evidence(session, &evidence, NULL));
    n = count_pictures(fixture);
    g_assert_true(sp_session_forget_seen(session, other, NULL));
    g_assert_cmpuint(count_pictures(fixture), ==, n);
    g_assert_true(sp_session_forget_seen(session, sp_photo_get_sha256(seen->photo), NULL));
    g_assert_cmpuint(count_pictures(fixture), ==, n - 1);
}

/* A human's word is kept with who said it, once, until it is taken back. */
static void
test_overrule(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    g_autoptr(SpSession) again = NULL;
    g_autoptr(GPtrArray) log = NULL;
    const SpOverrule *overrule;
    guint n_lines;

    (void) data;
    g_assert_true(sp_session_overrule(session, "graph", "sharepoint-l", TRUE, NULL));
    g_assert_true(sp_session_overrule(session, "sharepoint-l", "graph", TRUE, NULL));
    again = reload(fixture, session);
    g_assert_cmpuint(sp_session_get_overrules(again)->len, ==, 1);
    overrule = g_ptr_array_index(sp_session_get_overrules(again), 0);
    g_assert_cmpstr(overrule->left, ==, "graph");
    g_assert_cmpstr(overrule->right, ==, "sharepoint-l");
    g_assert_cmpstr(overrule->agent, ==, "Alex Agent");
    g_assert_nonnull(overrule->at);

    log = sp_session_get_log(again, NULL);
    n_lines = log->len;
    sp_session_set_agent(again, "Second Line");
    g_assert_true(sp_session_overrule(again, "sharepoint-l", "graph", FALSE, NULL));
    g_assert_cmpuint(sp_session_get_overrules(again)->len, ==, 0);
    g_assert_true(sp_session_overrule(again, "graph", "exchange", FALSE, NULL));
    g_clear_pointer(&log, g_ptr_array_unref);
    log = sp_session_get_log(again, NULL);
    g_assert_cmpuint(log->len, ==, n_lines + 1);
    g_assert_cmpstr(((const SpSessionLine *) log->pdata[n_lines])->event, ==, "not-same");
    g_assert_cmpstr(((const SpSessionLine *) log->pdata[n_lines])->agent, ==, "Second Line");
}

#define ADD(name, function) g_test_add("/session/" name, Fixture, NULL, set_up, function, tear_down)

/* What was recorded comes back as a check: the same copies, groups and findings, nothing read. */
static void
test_last_check(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) session = begin(fixture);
    g_autoptr(SpSession) again = NULL;
    g_autoptr(GDateTime) at = NULL;
    g_autofree char *agent = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(SpCheck) check = NULL;
    g_autoptr(GPtrArray) findings = sp_diagnose(&fixture->shown->evidence);
    const SpEvidence *shown = &fixture->shown->evidence;

    (void) data;
    g_assert_null(sp_session_get_last_check(session, NULL, NULL, &at, &agent, &error));
    g_assert_no_error(error);
    g_assert_true(sp_session_record_evidence(session, shown, NULL));
    again = reload(fixture, session);
    check = sp_session_get_last_check(again, NULL, NULL, &at, &agent, &error);
    g_assert_no_error(error);
    g_assert_true(sp_check_is_done(check));
    g_assert_cmpstr(agent, ==, "Alex Agent");
    g_assert_cmpint(g_date_time_to_unix(at), ==, g_date_time_to_unix(shown->now));
    g_assert_cmpuint(sp_check_count(check), ==, shown->n_copies);
    g_assert_cmpint(sp_check_get_reference(check), ==, shown->reference);
    g_assert_cmpint(sp_check_get_verdict(check), ==, sp_diagnose_verdict(shown));
    for (guint i = 0; i < shown->n_copies; i++) {
        SpCopy *copy = sp_check_get_copy(check, i);

        g_assert_cmpstr(copy->service, ==, shown->copies[i]->service);
        g_assert_cmpint(copy->status, ==, shown->copies[i]->status);
        g_assert_cmpstr(copy->request_id, ==, shown->copies[i]->request_id);
        g_assert_cmpstr(sp_photo_get_sha256(copy->photo), ==,
                        sp_photo_get_sha256(shown->copies[i]->photo));
        g_assert_cmpint(sp_groups_of(sp_check_get_groups(check), i), ==,
                        sp_groups_of(shown->groups, i));
    }
    g_assert_cmpuint(sp_check_get_findings(check)->len, ==, findings->len);
    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *told = g_ptr_array_index(sp_check_get_findings(check), i);

        g_assert_cmpstr(told->id, ==, ((SpFinding *) findings->pdata[i])->id);
    }
    g_assert_cmpint(sp_check_get_person(check)->has_exchange_plan, ==, SP_YES);
}

/* [sessions] keep-days: closed sessions older than that go, nothing else, and never by mistake. */
static void
test_keep_days(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) open = begin(fixture);
    g_autoptr(SpSession) recent = begin(fixture);
    g_autoptr(SpSession) old = begin(fixture);
    g_autofree char *sql =
        g_strdup_printf("UPDATE session SET updated = updated - 8 * 86400"
                        " WHERE id IN (%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ")",
                        sp_session_get_id(old), sp_session_get_id(open));
    g_autoptr(sqlite3_stmt) age = sp_store_prepare(fixture->store, sql, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;

    (void) data;
    g_assert_true(sp_session_close(recent, NULL));
    g_assert_true(sp_session_close(old, NULL));
    g_assert_true(sp_store_run(fixture->store, age, NULL));
    g_assert_cmpint(sp_session_purge_kept(fixture->store, NULL, NULL), ==, 0);
    g_assert_cmpint(sp_session_purge_kept(fixture->store, "0", &error), ==, -1);
    g_assert_error(error, SP_ERROR, SP_ERROR_CONFIG);
    g_assert_cmpint(sp_session_purge_kept(fixture->store, "9", NULL), ==, 0);
    g_assert_cmpint(sp_session_purge_kept(fixture->store, "7", NULL), ==, 1);
    rows = sp_session_list(fixture->store, NULL, NULL);
    g_assert_cmpuint(rows->len, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("begin", test_begin);
    ADD("whole-playbook", test_whole_playbook);
    ADD("changes", test_changes);
    ADD("by-hand", test_by_hand);
    ADD("forget-seen", test_forget_seen);
    ADD("overrule", test_overrule);
    ADD("prove", test_prove);
    ADD("prove-unread", test_prove_unread);
    ADD("tell-proof", test_tell_proof);
    ADD("prove-by-group", test_prove_by_group);
    ADD("prove-without-licence", test_prove_without_licence);
    ADD("prove-beside-directory", test_prove_beside_directory);
    ADD("history", test_history);
    ADD("keep-days", test_keep_days);
    ADD("last-check", test_last_check);
    ADD("list", test_list);
    ADD("delete", test_delete);
    ADD("hand-over", test_hand_over);
    ADD("json", test_json);
    return g_test_run();
}
