/* Reports and messages: what they say, and that nothing from outside can say more than text. */

#include <string.h>

#include "core/guide/markdown.h"
#include "core/guide/report-writer.h"
#include "core/guide/report.h"
#include "tests/unit/evidence.h"
#include "tests/unit/folder.h"

typedef struct {
    char *folder;
    SpStore *store;
    SpSession *session;
    TestCase *shown;
} Fixture;

#define EVIL "<script>alert(1)</script> \x1b[31m| `x` [a](b) \"q\""

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = test_case_findings();
    g_autoptr(SpPlaybook) playbook = test_case_playbook();
    SpSessionOptions options = {
        .findings = findings, .playbook = playbook, .ticket = "INC-7", .agent = "Alex Agent"};
    g_autofree char *path = NULL;

    fixture->folder = test_folder_new();
    path = g_build_filename(fixture->folder, "a.db", NULL);
    fixture->store = sp_store_open(path, NULL);
    fixture->shown = test_case_new();
    if (data != NULL) {
        g_free(fixture->shown->person->display_name);
        fixture->shown->person->display_name = g_strdup(data);
        g_free(fixture->shown->copies[2]->title);
        fixture->shown->copies[2]->title = g_strdup(data);
    }
    options.person = fixture->shown->person;
    fixture->session = sp_session_begin(fixture->store, &options, NULL);
    g_assert_true(
        sp_session_record_evidence(fixture->session, test_case_evidence(fixture->shown), NULL));
    g_assert_true(sp_session_skip(fixture->session, 0, SP_SKIP_DONE_BEFORE,
                                  data == NULL ? "by phone" : data, NULL));
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void) data;
    sp_session_unref(fixture->session);
    sp_store_unref(fixture->store);
    test_case_free(fixture->shown);
    test_folder_free(fixture->folder);
}

static char *
render(Fixture *fixture, SpReportFormat format, SpReportFaces faces, gsize limit)
{
    SpReportOptions options = {.format = format, .faces = faces, .max_characters = limit};
    g_autoptr(GError) error = NULL;
    char *text = sp_report_render(fixture->session, &options, &error);

    g_assert_no_error(error);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    return text;
}

static guint
count(const char *text, const char *what)
{
    guint n = 0;

    for (const char *at = text; (at = strstr(at, what)) != NULL; at++) {
        n++;
    }
    return n;
}

static void
test_story(Fixture *fixture, gconstpointer data)
{
    static const SpReportFormat formats[] = {SP_REPORT_MARKDOWN, SP_REPORT_HTML, SP_REPORT_TEXT,
                                             SP_REPORT_JSON};

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *text = render(fixture, formats[i], SP_FACES_NONE, 0);

        g_assert_nonnull(strstr(text, "Anna Berg"));
        g_assert_nonnull(strstr(text, "INC-7"));
        g_assert_nonnull(strstr(text, "Alex Agent"));
        g_assert_nonnull(strstr(text, "by phone"));
        g_assert_nonnull(strstr(text, "request-sharepoint-l"));
        g_assert_nonnull(strstr(text, "SharePoint"));
        g_assert_null(strstr(text, "data:image"));
    }
}

/* The verdict stands above the copies, the copies above the findings, these above the steps. */
static void
test_order(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = render(fixture, SP_REPORT_HTML, SP_FACES_SHOWN, 0);
    static const char *const order[] = {"class=\"verdict", "<h2>Copies",          "<h2>Findings",
                                        "<h2>Steps",       "<h2>What comes next", "<h2>Evidence"};
    const char *at = text;

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        at = strstr(at, order[i]);
        g_assert_nonnull(at);
    }
    g_assert_nonnull(strstr(text, "default-src 'none'"));
    g_assert_null(strstr(text, "<script"));
    g_assert_null(strstr(text, "src=\"http"));
}

static void
test_faces(Fixture *fixture, gconstpointer data)
{
    g_autofree char *shown = render(fixture, SP_REPORT_HTML, SP_FACES_SHOWN, 0);
    g_autofree char *pixelated = render(fixture, SP_REPORT_HTML, SP_FACES_PIXELATED, 0);
    g_autofree char *none = render(fixture, SP_REPORT_HTML, SP_FACES_NONE, 0);

    (void) data;
    g_assert_cmpuint(count(shown, "data:image/jpeg"), ==, 3);
    g_assert_cmpuint(count(pixelated, "data:image/jpeg"), ==, 3);
    g_assert_cmpuint(count(none, "data:image"), ==, 0);
    /* Tiles say much less than a face. */
    g_assert_cmpuint(strlen(pixelated), <, strlen(shown));
}

static void
test_before_and_after(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = NULL;

    (void) data;
    test_case_heal(fixture->shown);
    g_assert_true(sp_session_prove_evidence(fixture->session, 3, test_case_evidence(fixture->shown),
                                            NULL, NULL));
    text = render(fixture, SP_REPORT_TEXT, SP_FACES_NONE, 0);
    g_assert_nonnull(strstr(text, "Copies when the session began"));
    g_assert_nonnull(strstr(text, "Copies at the last re-check"));
    g_assert_nonnull(strstr(text, "When the session began: "));
    g_assert_nonnull(strstr(text, "Re-check: shows the reference's photo: SharePoint"));
}

/* A human's word stands in every format, with the name of who gave it. */
static void
test_overrule(Fixture *fixture, gconstpointer data)
{
    static const SpReportFormat formats[] = {SP_REPORT_MARKDOWN, SP_REPORT_HTML, SP_REPORT_TEXT};
    g_autofree char *json = NULL;

    (void) data;
    g_assert_true(sp_session_overrule(fixture->session, "graph", "sharepoint-l", TRUE, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *text = render(fixture, formats[i], SP_FACES_NONE, 0);

        g_assert_nonnull(strstr(text, "Alex Agent says: Microsoft 365 and SharePoint large show"));
    }
    json = render(fixture, SP_REPORT_JSON, SP_FACES_NONE, 0);
    g_assert_nonnull(strstr(json, "\"left\":\"graph\""));
}

/* The playbook that is built in has the same steps in French, and what proved them is told again.
 */
static void
test_another_language(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) findings = test_case_findings();
    g_autoptr(SpPlaybook) english = sp_playbook_load("profile-photo", "en", NULL);
    g_autoptr(SpPlaybook) french = sp_playbook_load("profile-photo", "fr", NULL);
    const SpSection *section = sp_playbook_find_section(french, "sharepoint-differs");
    SpSessionOptions options = {
        .person = fixture->shown->person, .findings = findings, .playbook = english};
    g_autoptr(SpSession) session = sp_session_begin(fixture->store, &options, NULL);
    const SpSessionStep *step = g_ptr_array_index(sp_session_get_steps(session), 0);
    g_autofree char *stored = g_strdup(step->step->text);
    g_autofree char *proof = NULL;

    (void) data;
    g_assert_true(
        sp_session_prove_evidence(session, 3, test_case_evidence(fixture->shown), NULL, NULL));
    proof = g_strdup(((const SpSessionStep *) sp_session_get_steps(session)->pdata[3])->proof);
    sp_session_set_language(session, "fr");
    g_assert_cmpstr(step->step->text, ==, ((const SpStep *) section->steps->pdata[0])->text);
    g_assert_cmpstr(step->section_title, ==, section->title);
    g_assert_cmpstr(step->step->text, !=, stored);
    /* The catalogue of this test is English: told again, it says the same. */
    g_assert_true(
        g_str_has_prefix(((const SpSessionStep *) sp_session_get_steps(session)->pdata[3])->proof,
                         "still another photo in SharePoint; "));
    g_assert_true(g_str_has_prefix(proof, "still another photo in SharePoint; "));
    sp_session_set_language(session, "en");
    g_assert_cmpstr(step->step->text, ==, stored);
}

/* The document as cmark reads it: its nodes, with the text in them. */
static char *
outline(const char *markdown)
{
    cmark_node *document = sp_markdown_parse(markdown, strlen(markdown));
    cmark_iter *iter = cmark_iter_new(document);
    g_autoptr(GString) nodes = g_string_new(NULL);
    cmark_event_type event;

    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);

        if (cmark_node_get_type(node) == CMARK_NODE_TEXT) {
            g_string_append(nodes, cmark_node_get_literal(node));
        } else if (event == CMARK_EVENT_ENTER && cmark_node_get_type(node) != CMARK_NODE_LINK) {
            g_string_append_printf(nodes, "<%s>", cmark_node_get_type_string(node));
        }
    }
    cmark_iter_free(iter);
    cmark_node_free(document);
    return g_string_free(g_steal_pointer(&nodes), FALSE);
}

static void
assert_outline(const char *before, const char *text, const GString *out)
{
    g_autofree char *wanted = g_strconcat(before, text, NULL);
    g_autofree char *got = outline(out->str);

    g_test_message("%s", out->str);
    g_assert_cmpstr(got, ==, wanted);
}

/* Whatever a line begins with, Markdown makes nothing of it. */
static void
test_markdown_line_starts(Fixture *fixture, gconstpointer data)
{
    static const char *const texts[] = {
        "1. Add the photo",
        "12) Add",
        "1.",
        "7.5 MB",
        "2026-11-22 read",
        "- dash",
        "-",
        "---",
        "+ plus",
        "===",
        "# hash",
        "> quote",
        "~~~",
        "```",
        "* star",
        "***",
        "_ _ _",
        "[x] done",
        "[a]: b",
        "<b>",
        "| a | b |",
        "&amp;",
        "anna: x",
        "1234567890. x",
    };

    (void) fixture;
    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GString) paragraph = g_string_new(NULL);
        g_autoptr(GString) list = g_string_new(NULL);
        g_autoptr(GString) heading = g_string_new(NULL);

        sp_report_markdown.paragraph(paragraph, texts[i]);
        assert_outline("<document><paragraph>", texts[i], paragraph);
        sp_report_markdown.heading(heading, texts[i]);
        assert_outline("<document><heading>", texts[i], heading);
        sp_report_markdown.item(list, NULL, "item");
        sp_report_markdown.detail(list, texts[i]);
        assert_outline("<document><list><item><paragraph>item<list><item><paragraph>", texts[i],
                       list);
    }
    g_autoptr(GString) indented = g_string_new(NULL);
    sp_report_markdown.paragraph(indented, "     far in");
    assert_outline("<document><paragraph>", "far in", indented);
}

/* What a person wrote is no format. */
static void
test_ticket_with_a_percent(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = NULL;

    (void) data;
    g_assert_true(sp_session_set_ticket(fixture->session, "A%sB", NULL));
    text = render(fixture, SP_REPORT_TEXT, SP_FACES_NONE, 0);
    g_assert_nonnull(strstr(text, "Ticket A%sB · Read 2026-"));
}

static void
test_by_hand(Fixture *fixture, gconstpointer data)
{
    g_autofree char *text = NULL;

    (void) data;
    g_assert_true(sp_session_set_state(fixture->session, 3, SP_STEP_PASSED, NULL));
    text = render(fixture, SP_REPORT_TEXT, SP_FACES_NONE, 0);
    g_assert_nonnull(strstr(text, "Ticked off by hand"));
}

static void
test_limit(Fixture *fixture, gconstpointer data)
{
    static const gsize limits[] = {1, 20, 300, 100000};

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
        g_autofree char *text = render(fixture, SP_REPORT_TEXT, SP_FACES_NONE, limits[i]);

        g_assert_cmpint(g_utf8_strlen(text, -1), <=, (glong) limits[i]);
    }
}

static void
test_escaped(Fixture *fixture, gconstpointer data)
{
    g_autofree char *html = render(fixture, SP_REPORT_HTML, SP_FACES_SHOWN, 0);
    g_autofree char *markdown = render(fixture, SP_REPORT_MARKDOWN, SP_FACES_NONE, 0);
    g_autofree char *text = render(fixture, SP_REPORT_TEXT, SP_FACES_NONE, 0);
    g_autofree char *message = sp_report_message(fixture->session, SP_ACTOR_USER, "en", NULL);

    (void) data;
    g_assert_null(strstr(html, "<script"));
    g_assert_nonnull(strstr(html, "&lt;script&gt;"));
    g_assert_null(strstr(markdown, "<script"));
    g_assert_nonnull(strstr(markdown, "&lt;script&gt;"));
    g_assert_null(strchr(html, '\x1b'));
    g_assert_null(strchr(markdown, '\x1b'));
    g_assert_null(strchr(text, '\x1b'));
    g_assert_null(strchr(message, '\x1b'));
}

static void
test_message(Fixture *fixture, gconstpointer data)
{
    g_autofree char *english = sp_report_message(fixture->session, SP_ACTOR_USER, "en", NULL);
    g_autofree char *french = sp_report_message(fixture->session, SP_ACTOR_USER, "fr", NULL);
    g_autofree char *admin = sp_report_message(fixture->session, SP_ACTOR_ADMIN, "de", NULL);

    (void) data;
    g_assert_true(g_str_has_prefix(english, "Hello Anna Berg,"));
    g_assert_nonnull(strstr(english, "photo yet: SharePoint\n"));
    g_assert_null(strstr(english, "You need not do anything"));
    g_assert_nonnull(strstr(english, "Ticket INC-7"));
    g_assert_nonnull(strstr(english, "1. "));
    g_assert_true(g_str_has_prefix(french, "Bonjour Anna Berg,"));
    g_assert_nonnull(strstr(french, "étape par étape"));
    g_assert_nonnull(strstr(admin, "request-sharepoint-l"));
    g_assert_null(strchr(english, '{'));
    g_assert_null(strchr(admin, '{'));
}

/* Who has nothing to do is told so, unless all is well. */
static void
test_nothing_to_do(Fixture *fixture, gconstpointer data)
{
    GPtrArray *steps = sp_session_get_steps(fixture->session);
    g_autofree char *waiting = NULL;
    g_autofree char *well = NULL;

    (void) data;
    for (guint i = 0; i < steps->len; i++) {
        g_assert_true(sp_session_skip(fixture->session, i, SP_SKIP_NOT_NEEDED, NULL, NULL));
    }
    waiting = sp_report_message(fixture->session, SP_ACTOR_USER, "en", NULL);
    g_assert_nonnull(strstr(waiting, "You need not do anything"));
    g_assert_null(strstr(waiting, "step by step"));
    test_case_heal(fixture->shown);
    g_assert_true(
        sp_session_record_evidence(fixture->session, test_case_evidence(fixture->shown), NULL));
    well = sp_report_message(fixture->session, SP_ACTOR_USER, "en", NULL);
    g_assert_null(strstr(well, "You need not do anything"));
    g_assert_null(strstr(well, "do not show"));
}

#define ADD(name, function, display_name)                                                          \
    g_test_add("/report/" name, Fixture, display_name, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("story", test_story, NULL);
    ADD("order", test_order, NULL);
    ADD("faces", test_faces, NULL);
    ADD("before-and-after", test_before_and_after, NULL);
    ADD("overrule", test_overrule, NULL);
    ADD("another-language", test_another_language, NULL);
    ADD("markdown-line-starts", test_markdown_line_starts, NULL);
    ADD("ticket-with-a-percent", test_ticket_with_a_percent, NULL);
    ADD("by-hand", test_by_hand, NULL);
    ADD("limit", test_limit, NULL);
    ADD("escaped", test_escaped, EVIL);
    ADD("message", test_message, NULL);
    ADD("nothing-to-do", test_nothing_to_do, NULL);
    return g_test_run();
}
