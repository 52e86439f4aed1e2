/* Playbooks: attributes, articles as they are found, lint, the library. The articles are the files
 * of tests/data/playbooks; each says in "articles.tsv" how many steps it has. */

#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "core/guide/attributes.h"
#include "core/guide/playbook.h"
#include "core/practice/tenant.h"
#include "tests/unit/folder.h"

static SpPlaybook *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    SpPlaybook *playbook = sp_playbook_parse(text, strlen(text), "test", &error);

    g_assert_no_error(error);
    return playbook;
}

static const SpSection *
section_at(const SpPlaybook *playbook, guint index)
{
    GPtrArray *sections = sp_playbook_get_sections(playbook);

    g_assert_cmpuint(index, <, sections->len);
    return g_ptr_array_index(sections, index);
}

static const SpStep *
step_at(const SpPlaybook *playbook, guint section, guint index)
{
    const SpSection *found = section_at(playbook, section);

    g_assert_cmpuint(index, <, found->steps->len);
    return g_ptr_array_index(found->steps, index);
}

static const char smart[] =
    "# Photo\n\n"
    "## It differs {#differs when=\"sharepoint-stale sharepoint-never-synced\"}\n\n"
    "Text above the steps with [a link](https://example.org/a).\n\n"
    "1. Open a private window. {actor=user}\n"
    "2. Go to <https://www.office.com>. {actor=user url=https://www.office.com}\n"
    "3. Say it. {actor=agent say='Please open \"SharePoint\" {now}' play=owner-opens}\n"
    "4. Look *again*.\n   {actor=user verify=\"sharepoint-l graph\" wait=24h}\n"
    "   - nested one\n   - nested `two`\n\n"
    "     > [!NOTE]\n     > Deep.\n";

static void
test_smart(void)
{
    g_autoptr(SpPlaybook) playbook = parse(smart);
    const SpSection *section = section_at(playbook, 0);
    const SpStep *step;
    g_auto(GStrv) lint = sp_playbook_lint(playbook);

    g_assert_null(lint[0]);
    g_assert_cmpstr(sp_playbook_get_title(playbook), ==, "Photo");
    g_assert_cmpuint(sp_playbook_get_sections(playbook)->len, ==, 1);
    g_assert_cmpstr(section->id, ==, "differs");
    g_assert_cmpstr(section->title, ==, "It differs");
    g_assert_cmpstr(section->when[0], ==, "sharepoint-stale");
    g_assert_cmpstr(section->when[1], ==, "sharepoint-never-synced");
    g_assert_cmpstr(section->notes[0], ==, "Text above the steps with a link.");
    g_assert_cmpstr(section->links[0], ==, "https://example.org/a");
    g_assert_cmpstr(section->links[1], ==, "https://www.office.com");
    g_assert_null(section->links[2]);
    step = step_at(playbook, 0, 1);
    g_assert_cmpstr(step->text, ==, "Go to https://www.office.com.");
    g_assert_cmpstr(step->url, ==, "https://www.office.com");
    step = step_at(playbook, 0, 2);
    g_assert_cmpint(step->actor, ==, SP_ACTOR_AGENT);
    g_assert_cmpstr(step->say, ==, "Please open \"SharePoint\" {now}");
    g_assert_cmpstr(step->play, ==, "owner-opens");
    step = step_at(playbook, 0, 3);
    g_assert_cmpstr(step->text, ==, "Look again.");
    g_assert_cmpstr(step->verify[0], ==, "sharepoint-l");
    g_assert_cmpstr(step->verify[1], ==, "graph");
    g_assert_cmpint(step->wait_s, ==, 86400);
    g_assert_cmpstr(step->wait, ==, "24h");
    g_assert_cmpstr(step->detail, ==, "• nested one\n• nested two\n    Note: Deep.");
}

static void
test_json(void)
{
    g_autoptr(SpPlaybook) playbook = parse(smart);
    struct json_object *json = sp_playbook_to_json(playbook);
    const char *text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE);

    g_assert_true(g_str_has_prefix(text, "{\"schema\":\"samephoto.playbook/1\",\"name\":\"test\","
                                         "\"title\":\"Photo\",\"language\":\"en\",\"sections\":"
                                         "[{\"id\":\"differs\",\"title\":\"It differs\""));
    g_assert_nonnull(strstr(text, "\"when\":[\"sharepoint-stale\",\"sharepoint-never-synced\"]"));
    g_assert_nonnull(strstr(text, "\"actor\":\"user\",\"verify\":[\"sharepoint-l\",\"graph\"],"
                                  "\"wait\":\"24h\""));
    json_object_put(json);
}

/* Text, and the text and attributes "key=value;…" that it is read as; NULL: no block. */
static const struct {
    const char *text;
    const char *rest;
    const char *attributes;
} attribute_rows[] = {
    {"Do it. {actor=user}", "Do it.", "actor=user;"},
    {"{#id when='a b'}", "", "#=id;when=a b;"},
    {"A {x=1} B {y=\"{2}\"}", "A {x=1} B", "y={2};"},
    {"Go {url=https://a.example/x?y=z#q}  ", "Go", "url=https://a.example/x?y=z#q;"},
    {"{#a\001b when=\"c\033[31md\"}", "", "#=a b;when=c [31md;"},
    {"Use https://{tenant}", "", NULL},
    {"Use {tenant}", "", NULL},
    {"Ends here{actor=user}", "", NULL},
    {"Open {actor=user", "", NULL},
    {"Run { $_.x -eq \"y\" }", "", NULL},
    {"{}", "", NULL},
    {"", "", NULL},
    {"{k=\"open}", "", NULL},
};

static void
test_attributes(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(attribute_rows); i++) {
        gsize length = 0;
        g_autoptr(GPtrArray) found = sp_attributes_parse(attribute_rows[i].text, &length);
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *rest = NULL;

        if (attribute_rows[i].attributes == NULL) {
            g_assert_null(found);
            continue;
        }
        g_assert_nonnull(found);
        for (guint j = 0; j < found->len; j++) {
            const SpAttribute *attribute = g_ptr_array_index(found, j);

            g_string_append_printf(text, "%s=%s;", attribute->key, attribute->value);
        }
        rest = g_strndup(attribute_rows[i].text, length);
        g_assert_cmpstr(text->str, ==, attribute_rows[i].attributes);
        g_assert_cmpstr(rest, ==, attribute_rows[i].rest);
    }
}

static void
test_durations(void)
{
    g_assert_cmpint(sp_attributes_parse_duration("90s"), ==, 90);
    g_assert_cmpint(sp_attributes_parse_duration("1h30m"), ==, 5400);
    g_assert_cmpint(sp_attributes_parse_duration("60d"), ==, 60 * 86400);
    g_assert_cmpint(sp_attributes_parse_duration("2w"), ==, 14 * 86400);
    g_assert_cmpint(sp_attributes_parse_duration("24"), ==, -1);
    g_assert_cmpint(sp_attributes_parse_duration(""), ==, -1);
    g_assert_cmpint(sp_attributes_parse_duration("h"), ==, -1);
    g_assert_cmpint(sp_attributes_parse_duration("-1h"), ==, -1);
    g_assert_cmpint(sp_attributes_parse_duration("99999999999999999999d"), ==, -1);
}

/* What lint must say of a text; NULL: nothing. */
static const struct {
    const char *text;
    const char *complaint;
} lint_rows[] = {
    {"1. Fine.\n", NULL},
    {"# T\n\n1. A {actor=boss}\n", "line 3: unknown actor 'boss'"},
    {"---\ntitle: T\n---\n\n1. A {wait=soon}\n", "line 5: 'soon' is no time to wait"},
    {"1. A\n2. B {colour=red}\n", "line 2: unknown attribute 'colour'"},
    {"1. A\n\n## B {when=\"a/b\"}\n", "line 3: 'a/b' in 'when' is no id"},
    {"## A {#x}\n1. A\n\n## B {#x}\n", "line 4: another section has the id 'x' already"},
    {"1. A {url=ftp://x}\n", "line 1: 'ftp://x' is no web address"},
    {"1. A {actor=user\n", NULL},
    {"1. A {actor=user,verify=graph x}\n", "line 1: the attributes cannot be read"},
    {"1. A\n2.\n", "line 2: the step is empty"},
    {"Only text.\n", "line 1: there is no step in it"},
};

static void
test_lint(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(lint_rows); i++) {
        g_autoptr(SpPlaybook) playbook = parse(lint_rows[i].text);
        g_auto(GStrv) lint = sp_playbook_lint(playbook);

        if (lint_rows[i].complaint == NULL) {
            continue;
        }
        g_assert_nonnull(lint[0]);
        g_assert_true(g_str_has_prefix(lint[0], lint_rows[i].complaint));
    }
}

/* Every article of the folder is in the table, with its steps, title and language. */
static void
test_articles(void)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "..", "data", "playbooks", NULL);
    g_autofree char *table = g_build_filename(folder, "articles.tsv", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) rows = NULL;
    guint n_articles = 0;

    g_assert_true(g_file_get_contents(table, &text, NULL, NULL));
    rows = g_strsplit(text, "\n", -1);
    for (guint i = 1; rows[i] != NULL && *rows[i] != '\0'; i++) {
        g_auto(GStrv) cells = g_strsplit(rows[i], "\t", -1);
        g_autofree char *path = g_build_filename(folder, cells[0], NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPlaybook) playbook = sp_playbook_load(path, "en", &error);

        g_assert_no_error(error);
        g_test_message("%s", cells[0]);
        g_assert_cmpuint(sp_playbook_count_steps(playbook), ==,
                         (guint) g_ascii_strtoull(cells[1], NULL, 10));
        g_assert_cmpstr(sp_playbook_get_title(playbook), ==, cells[3]);
        g_assert_cmpstr(sp_playbook_get_language(playbook), ==, cells[2]);
        n_articles++;
    }
    g_assert_cmpuint(n_articles, >=, 30);
}

static void
test_broken_list(void)
{
    g_autoptr(SpPlaybook) playbook = parse("1. One\n\n![The button](a.png)\n\n> [!TIP]\n> Hint.\n\n"
                                           "2. Two\n\nAfterwards.\n");
    const SpStep *one = step_at(playbook, 0, 0);

    g_assert_cmpuint(sp_playbook_count_steps(playbook), ==, 2);
    g_assert_cmpstr(one->detail, ==, "[The button]\nTip: Hint.");
    g_assert_null(step_at(playbook, 0, 1)->detail);
    g_assert_cmpstr(section_at(playbook, 0)->notes[0], ==, "Afterwards.");
}

/* Directives of Microsoft's publishing system say what their reader sees, or nothing. */
static void
test_directives(void)
{
    g_autoptr(SpPlaybook) playbook =
        parse("::: zone pivot=\"a\"\n1. Choose [it](https://example.org/it).\n"
              "   :::image type=\"icon\" source=\"a_b_c.png\" alt-text=\"The circle\":::"
              " {actor=user}\n::: zone-end\n2. <img src='a.png' alt='A button'>\n"
              "3. ![](media/save.png)\n\n   > [!div class=\"checklist\"]\n   > Save\n\n"
              "   :::row:::\n");

    g_assert_cmpstr(step_at(playbook, 0, 0)->text, ==, "Choose it. [The circle]");
    g_assert_cmpint(step_at(playbook, 0, 0)->actor, ==, SP_ACTOR_USER);
    g_assert_cmpstr(step_at(playbook, 0, 1)->text, ==, "[A button]");
    g_assert_cmpstr(step_at(playbook, 0, 2)->text, ==, "[save.png]");
    g_assert_cmpstr(step_at(playbook, 0, 2)->detail, ==, "Save");
    g_assert_cmpstr(section_at(playbook, 0)->links[0], ==, "https://example.org/it");
    g_assert_null(section_at(playbook, 0)->notes[0]);
}

static void
test_sections(void)
{
    g_autoptr(SpPlaybook) playbook = parse("1. Before any heading\n\n## Été & hiver\n\n1. A\n\n"
                                           "## Été & hiver\n\n- [X] B\n- [ ] C\n- no box\n\n"
                                           "<a name=\"old\"></a>\n\n## <a name=\"bm\"></a>D\n");

    g_assert_cmpstr(section_at(playbook, 0)->id, ==, "start");
    g_assert_cmpstr(section_at(playbook, 1)->id, ==, "été--hiver");
    g_assert_cmpstr(section_at(playbook, 2)->id, ==, "été--hiver-1");
    g_assert_cmpuint(section_at(playbook, 2)->steps->len, ==, 2);
    g_assert_cmpstr(step_at(playbook, 2, 0)->text, ==, "B");
    g_assert_cmpstr(section_at(playbook, 2)->notes[0], ==, "• no box");
    g_assert_cmpstr(section_at(playbook, 3)->id, ==, "bm");
    g_assert_true(sp_playbook_find_section(playbook, "bm") == section_at(playbook, 3));
    g_assert_null(sp_playbook_find_section(playbook, "none"));
}

static void
test_outside_text(void)
{
    g_autoptr(SpPlaybook) playbook = parse("# A\x1b[31mB\n\n1. C\xe2\x80\xae"
                                           "D &lt;script&gt; &#27;x\n");

    g_assert_cmpstr(sp_playbook_get_title(playbook), ==, "A [31mB");
    g_assert_cmpstr(step_at(playbook, 0, 0)->text, ==, "CD <script> x");
}

static void
test_refused(void)
{
    g_autofree char *large = g_strnfill(SP_PLAYBOOK_MAX_BYTES + 1, 'x');
    g_autofree char *deep = g_strnfill(100000, '>');
    const struct {
        const char *text;
        gsize length;
        SpError code;
    } rows[] = {
        {large, SP_PLAYBOOK_MAX_BYTES + 1, SP_ERROR_TOO_LARGE},
        {deep, 100000, SP_ERROR_FORMAT},
        {"\xff\xd8\xff\xe0\0JFIF", 9, SP_ERROR_FORMAT},
        {"1. A\n\0", 6, SP_ERROR_FORMAT},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(sp_playbook_parse(rows[i].text, rows[i].length, "test", &error));
        g_assert_error(error, SP_ERROR, (int) rows[i].code);
    }
}

static void
test_built_in(void)
{
    g_autoptr(SpPlaybook) english = sp_playbook_load("profile-photo", "en", NULL);
    g_autoptr(SpPlaybook) french = sp_playbook_load("profile-photo", "fr_FR.UTF-8", NULL);
    g_autoptr(SpPlaybook) german = sp_playbook_load("profile-photo", "de", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpstr(sp_playbook_get_language(english), ==, "en");
    g_assert_cmpstr(sp_playbook_get_language(french), ==, "fr");
    g_assert_cmpstr(sp_playbook_get_language(german), ==, "en");
    g_assert_cmpstr(sp_playbook_get_name(french), ==, "profile-photo");
    g_assert_cmpuint(sp_playbook_count_steps(english), ==, sp_playbook_count_steps(french));
    g_assert_nonnull(sp_playbook_find_section(english, "sharepoint-differs"));
    g_assert_null(sp_playbook_load("no-such", "en", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
}

static void
test_import(void)
{
    g_autofree char *path = g_build_filename(g_get_user_data_dir(), "My Own Steps.md", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPlaybook) playbook = NULL;
    g_autofree char *name = NULL;
    g_auto(GStrv) names = NULL;

    g_assert_true(g_file_set_contents(path, "# Mine\n\n1. Do\n", -1, NULL));
    name = sp_playbook_import(path, FALSE, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(name, ==, "my-own-steps");
    playbook = sp_playbook_load(name, "fr", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sp_playbook_get_title(playbook), ==, "Mine");
    names = sp_playbook_list();
    g_assert_true(g_strv_contains((const char *const *) names, "my-own-steps"));
    g_assert_true(g_strv_contains((const char *const *) names, "profile-photo"));

    g_assert_true(g_file_set_contents(path, "No step.\n", -1, NULL));
    g_assert_null(sp_playbook_import(path, FALSE, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_FORMAT);
    g_remove(path);
}

static gboolean
knows_event(const char *event)
{
    return g_str_equal(event, "upload");
}

/* Names that nothing has; a source of the settings is a name. */
static void
test_lint_names(void)
{
    static const char text[] = "# P\n\n## One {#one when=\"sharepoint-stale no-such-finding\"}\n\n"
                               "1. Look. {verify=\"sharepoint-l sharepoint-xxl\" play=upload}\n"
                               "2. Look. {verify=graph play=dance}\n";
    g_autoptr(SpPlaybook) playbook = parse(text);
    g_auto(GStrv) complaints = sp_playbook_lint_names(playbook, NULL, knows_event);
    g_auto(GStrv) few = sp_playbook_lint_names(playbook, NULL, NULL);

    g_assert_cmpuint(g_strv_length(complaints), ==, 3);
    g_assert_nonnull(strstr(complaints[0], "'One'"));
    g_assert_nonnull(strstr(complaints[0], "'no-such-finding'"));
    g_assert_nonnull(strstr(complaints[1], "'sharepoint-xxl'"));
    g_assert_nonnull(strstr(complaints[2], "'dance'"));
    g_assert_cmpuint(g_strv_length(few), ==, 2);
}

/* What we ship names only what there is. */
static void
test_built_in_names(void)
{
    static const char *const languages[] = {"en", "fr"};
    g_auto(GStrv) names = sp_playbook_list();

    for (guint i = 0; names[i] != NULL; i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(languages); j++) {
            g_autoptr(SpPlaybook) playbook = sp_playbook_load(names[i], languages[j], NULL);
            g_auto(GStrv) written = sp_playbook_lint(playbook);
            g_auto(GStrv) named = sp_playbook_lint_names(playbook, NULL, sp_tenant_knows);

            g_assert_cmpstr(written[0], ==, NULL);
            g_assert_cmpstr(named[0], ==, NULL);
        }
    }
}

int
main(int argc, char **argv)
{
    char *home = test_folder_new();
    int status;

    g_setenv("XDG_DATA_HOME", home, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/playbook/lint-names", test_lint_names);
    g_test_add_func("/playbook/built-in-names", test_built_in_names);
    g_test_add_func("/playbook/attributes", test_attributes);
    g_test_add_func("/playbook/durations", test_durations);
    g_test_add_func("/playbook/smart", test_smart);
    g_test_add_func("/playbook/json", test_json);
    g_test_add_func("/playbook/articles", test_articles);
    g_test_add_func("/playbook/broken-list", test_broken_list);
    g_test_add_func("/playbook/directives", test_directives);
    g_test_add_func("/playbook/sections", test_sections);
    g_test_add_func("/playbook/outside-text", test_outside_text);
    g_test_add_func("/playbook/lint", test_lint);
    g_test_add_func("/playbook/refused", test_refused);
    g_test_add_func("/playbook/built-in", test_built_in);
    g_test_add_func("/playbook/import", test_import);
    status = g_test_run();
    test_folder_free(home);
    return status;
}
