/* Case files: whole there and back, and nothing from a hostile one. */

#include <string.h>

#include "core/error.h"
#include "core/guide/bundle.h"
#include "core/guide/report.h"
#include "core/guide/statement.h"
#include "tests/unit/evidence.h"
#include "tests/unit/folder.h"

typedef struct {
    char *folder;
    SpStore *here;
    SpStore *there;
    SpSession *session;
    char *file;
} Fixture;

static SpStore *
open_store(const Fixture *fixture, const char *name)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    g_autoptr(GError) error = NULL;
    SpStore *store = sp_store_open(path, &error);

    g_assert_no_error(error);
    return store;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = test_case_findings();
    g_autoptr(SpPlaybook) playbook = test_case_playbook();
    TestCase *shown = test_case_new();
    SpSessionOptions options = {
        .person = shown->person, .findings = findings, .playbook = playbook, .agent = "Alex Agent"};

    (void) data;
    fixture->folder = test_folder_new();
    fixture->here = open_store(fixture, "here.db");
    fixture->there = open_store(fixture, "there.db");
    fixture->file = g_build_filename(fixture->folder, "case.json", NULL);
    fixture->session = sp_session_begin(fixture->here, &options, NULL);
    g_assert_true(sp_session_record_evidence(fixture->session, test_case_evidence(shown), NULL));
    g_assert_true(sp_session_set_note(fixture->session, 0, "one\ntwo", NULL));
    g_assert_true(sp_session_overrule(fixture->session, "graph", "exchange", TRUE, NULL));
    g_assert_true(sp_session_overrule(fixture->session, "graph", "exchange", FALSE, NULL));
    g_assert_true(sp_session_overrule(fixture->session, "exchange", "graph", TRUE, NULL));
    test_case_heal(shown);
    g_assert_true(
        sp_session_prove_evidence(fixture->session, 3, test_case_evidence(shown), NULL, NULL));
    g_assert_true(sp_session_set_current(fixture->session, 2, NULL));
    test_case_free(shown);
    g_assert_true(sp_bundle_export(fixture->session, fixture->file, NULL));
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void) data;
    sp_session_unref(fixture->session);
    sp_store_unref(fixture->here);
    sp_store_unref(fixture->there);
    g_free(fixture->file);
    test_folder_free(fixture->folder);
}

static guint
count_sessions(SpStore *store)
{
    g_autoptr(GPtrArray) rows = sp_session_list(store, NULL, NULL);

    return rows->len;
}

static char *
render(SpSession *session)
{
    SpReportOptions options = {.format = SP_REPORT_HTML};

    return sp_report_render(session, &options, NULL);
}

static void
test_there_and_back(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpSession) there =
        sp_bundle_import(fixture->there, fixture->file, "Blair Second", &error);
    g_autoptr(SpSession) back = NULL;
    g_autoptr(GPtrArray) log = NULL;
    g_autofree char *report = NULL;
    const SpSessionStep *step;

    (void) data;
    g_assert_no_error(error);
    step = g_ptr_array_index(sp_session_get_steps(there), 3);
    g_assert_cmpint(step->state, ==, SP_STEP_PASSED);
    g_assert_cmpint(step->before_id, >, 0);
    g_assert_cmpuint(sp_session_get_current(there), ==, 2);
    g_assert_cmpuint(sp_session_get_overrules(there)->len, ==, 1);
    g_assert_cmpstr(((const SpOverrule *) sp_session_get_overrules(there)->pdata[0])->agent, ==,
                    "Alex Agent");
    report = render(there);
    g_assert_nonnull(strstr(report, "data:image/jpeg"));
    g_assert_nonnull(strstr(report, "Alex Agent, Blair Second"));

    g_assert_true(sp_session_set_state(there, 1, SP_STEP_PASSED, NULL));
    g_assert_true(sp_bundle_export(there, fixture->file, NULL));
    back = sp_bundle_import(fixture->here, fixture->file, "Alex Agent", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_sessions(fixture->here), ==, 1);
    step = g_ptr_array_index(sp_session_get_steps(back), 1);
    g_assert_cmpstr(step->changed_by, ==, "Blair Second");
    step = g_ptr_array_index(sp_session_get_steps(back), 0);
    g_assert_cmpstr(step->note, ==, "one\ntwo");
}

static void
test_older(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void) data;
    g_assert_true(sp_session_set_note(fixture->session, 0, "newer", NULL));
    g_assert_null(sp_bundle_import(fixture->here, fixture->file, NULL, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_cmpuint(count_sessions(fixture->here), ==, 1);
}

/* Both went on: neither's work goes, and the message says what can be done. */
static void
test_parted(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpSession) there = sp_bundle_import(fixture->there, fixture->file, "Blair", NULL);
    g_autoptr(SpSession) here = NULL;
    g_autoptr(SpSession) taken = NULL;
    const SpSessionStep *step;

    (void) data;
    g_assert_true(sp_session_set_note(fixture->session, 1, "mine", NULL));
    for (int i = 0; i < 3; i++) {
        g_assert_true(sp_session_set_note(there, 2, i == 1 ? "theirs" : "also theirs", NULL));
    }
    g_assert_true(sp_bundle_export(there, fixture->file, NULL));
    g_assert_null(sp_bundle_import(fixture->here, fixture->file, NULL, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
    g_assert_nonnull(strstr(error->message, "export that session"));
    here = sp_session_load(fixture->here, sp_session_get_id(fixture->session), NULL);
    step = g_ptr_array_index(sp_session_get_steps(here), 1);
    g_assert_cmpstr(step->note, ==, "mine");

    g_assert_true(sp_session_delete(fixture->here, sp_session_get_id(here), NULL));
    taken = sp_bundle_import(fixture->here, fixture->file, NULL, NULL);
    g_assert_nonnull(taken);
    step = g_ptr_array_index(sp_session_get_steps(taken), 2);
    g_assert_cmpstr(step->note, ==, "also theirs");
}

/* The log keeps the order in which things were done, whatever the other machine's clock says. */
static void
test_slow_clock(Fixture *fixture, gconstpointer data)
{
    g_autoptr(SpSession) there = sp_bundle_import(fixture->there, fixture->file, "Blair", NULL);
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(fixture->there, "UPDATE log SET at = at - 90 WHERE agent = 'Blair'", NULL);
    g_autoptr(SpSession) back = NULL;
    g_autoptr(GError) error = NULL;

    (void) data;
    g_assert_true(sp_store_run(fixture->there, statement, NULL));
    g_assert_true(sp_bundle_export(there, fixture->file, NULL));
    back = sp_bundle_import(fixture->here, fixture->file, NULL, &error);
    g_assert_no_error(error);
}

/* What is replaced by what in a good file, first occurrence only; the import must refuse it whole.
 */
static const struct {
    const char *from;
    const char *to;
} damage[] = {
    {"samephoto.bundle/1", "samephoto.bundle/9"},
    {"\"position\":1", "\"position\":7"},
    {"\"position\":0", "\"position\":-1"},
    {"\"bytes\":\"", "\"bytes\":\"AAAA"},
    {"\"document\":\"{", "\"document\":\"["},
    {"\"playbook\":\"profile-photo\"", "\"playbook\":7"},
    {"\"evidence_id\":1", "\"evidence_id\":99"},
    {"\"log\":[", "\"log\":7,\"x\":["},
    {"\"uid\":", "\"uuid\":"},
    {"}", ""},
};

static void
test_hostile(Fixture *fixture, gconstpointer data)
{
    g_autofree char *good = NULL;
    gsize length = 0;

    (void) data;
    g_assert_true(g_file_get_contents(fixture->file, &good, &length, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(damage); i++) {
        g_autoptr(GString) text = g_string_new(good);
        g_autoptr(GError) error = NULL;

        g_assert_cmpuint(g_string_replace(text, damage[i].from, damage[i].to, 1), ==, 1);
        g_assert_true(g_file_set_contents(fixture->file, text->str, (gssize) text->len, NULL));
        g_test_message("%s", damage[i].from);
        g_assert_null(sp_bundle_import(fixture->there, fixture->file, NULL, &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_FORMAT);
        g_assert_cmpuint(count_sessions(fixture->there), ==, 0);
    }
}

static void
test_text_from_outside(Fixture *fixture, gconstpointer data)
{
    g_autofree char *good = NULL;
    g_autoptr(GString) text = NULL;
    g_autoptr(SpSession) session = NULL;

    (void) data;
    g_assert_true(g_file_get_contents(fixture->file, &good, NULL, NULL));
    text = g_string_new(good);
    g_string_replace(text, "Anna Berg", "A\\u001b[31m\\u202eB", 0);
    g_assert_true(g_file_set_contents(fixture->file, text->str, (gssize) text->len, NULL));
    session = sp_bundle_import(fixture->there, fixture->file, NULL, NULL);
    g_assert_cmpstr(sp_session_get_display_name(session), ==, "A [31mB");
}

/* Records without a person, whose first copy says that the mailbox is elsewhere, are told all the
 * same. */
static void
test_nobody(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *from;
        const char *to;
    } changes[] = {
        {"\\\"userPrincipalName\\\":", "\\\"nobody\\\":"},
        {"\\\"status\\\":\\\"present\\\"", "\\\"status\\\":\\\"blocked\\\""},
        {"\\\"facts\\\":{}",
         "\\\"facts\\\":{\\\"error.code\\\":\\\"MailboxNotHostedInExchangeOnline\\\"}"},
    };
    g_autofree char *good = NULL;
    g_autofree char *report = NULL;
    g_autoptr(GString) text = NULL;
    g_autoptr(SpSession) session = NULL;
    g_autoptr(GError) error = NULL;

    (void) data;
    g_assert_true(g_file_get_contents(fixture->file, &good, NULL, NULL));
    text = g_string_new(good);
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_assert_cmpuint(g_string_replace(text, changes[i].from, changes[i].to, 0), >, 0);
    }
    g_assert_true(g_file_set_contents(fixture->file, text->str, (gssize) text->len, NULL));
    session = sp_bundle_import(fixture->there, fixture->file, NULL, &error);
    g_assert_no_error(error);
    report = render(session);
    g_assert_nonnull(strstr(report, "Anna Berg"));
}

static void
test_no_file(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void) data;
    g_assert_null(sp_bundle_import(fixture->there, "/no/such/file", NULL, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(sp_bundle_export(fixture->session, "/no/such/folder/x", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_STORE);
}

#define ADD(name, function) g_test_add("/bundle/" name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("there-and-back", test_there_and_back);
    ADD("older", test_older);
    ADD("parted", test_parted);
    ADD("slow-clock", test_slow_clock);
    ADD("hostile", test_hostile);
    ADD("text-from-outside", test_text_from_outside);
    ADD("nobody", test_nobody);
    ADD("no-file", test_no_file);
    return g_test_run();
}
