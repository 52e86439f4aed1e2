#include <stdint.h>
#include <stdlib.h>

#include "core/guide/playbook.h"

/* Any text as a playbook. libFuzzer's entry, for clang's -fsanitize=fuzzer (define
 * SAMEPHOTO_LIBFUZZER); without it a driver that replays articles and splices them with what
 * Markdown is made of, the same each time:
 *
 *   fuzz-playbook SEED COUNT FOLDER */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing of a document may reach a terminal but printable text. */
static void
assert_clean(const char *text)
{
    g_assert_true(g_utf8_validate(text, -1, NULL));
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        g_assert_true(c == '\n' || !g_unichar_iscntrl(c));
    }
}

static void
assert_section(const SpSection *section)
{
    assert_clean(section->id);
    assert_clean(section->title);
    g_assert_cmpint(section->level, >=, 1);
    g_assert_cmpint(section->level, <=, 6);
    for (guint i = 0; i < section->steps->len; i++) {
        const SpStep *step = g_ptr_array_index(section->steps, i);

        assert_clean(step->text);
        assert_clean(step->detail == NULL ? "" : step->detail);
        g_assert_cmpint(step->wait_s, >=, 0);
    }
    for (guint i = 0; section->notes[i] != NULL; i++) {
        assert_clean(section->notes[i]);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPlaybook) playbook = sp_playbook_parse((const char *) data, size, "fuzz", &error);
    g_auto(GStrv) lint = NULL;
    GPtrArray *sections;
    guint n_steps = 0;

    g_assert_true((playbook == NULL) == (error != NULL));
    if (playbook == NULL) {
        return 0;
    }
    sections = sp_playbook_get_sections(playbook);
    for (guint i = 0; i < sections->len; i++) {
        const SpSection *section = g_ptr_array_index(sections, i);

        assert_section(section);
        n_steps += section->steps->len;
    }
    g_assert_cmpuint(n_steps, ==, sp_playbook_count_steps(playbook));
    lint = sp_playbook_lint(playbook);
    for (guint i = 0; lint[i] != NULL; i++) {
        g_assert_true(g_str_has_prefix(lint[i], "line "));
    }
    json_object_put(sp_playbook_to_json(playbook));
    return 0;
}

#ifndef SAMEPHOTO_LIBFUZZER

static GPtrArray *
gather(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    GPtrArray *inputs = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        char *data;
        gsize length;

        if (g_file_get_contents(file, &data, &length, NULL)) {
            g_ptr_array_add(inputs, g_bytes_new_take(data, length));
        }
    }
    return inputs;
}

static void
splice(GRand *rand, GString *text)
{
    static const char *const pieces[] = {
        "\n1. ",        "\n- [ ] ",
        "\n> ",         "\n# ",
        "{a=b}",        " {#",
        "{actor=",      "\"}",
        "![",           "](",
        "<a name=\"",   "\n---\n",
        "\n```\n",      "| a |\n|---|\n",
        "\t",           "\r\n",
        "\xef\xbb\xbf", "\x1b[31m",
        "&#27;",        "\xe2\x80\xae",
        "\n    ",       "**",
        "~~",           "https://x.example/}",
        "[!NOTE]",      "\xff",
    };
    gsize at = (gsize) g_rand_int_range(rand, 0, (gint32) text->len + 1);

    if (g_rand_int_range(rand, 0, 3) == 0 && text->len > 20) {
        g_string_erase(text, (gssize) MIN(at, text->len - 10), g_rand_int_range(rand, 1, 10));
    } else {
        g_string_insert(text, (gssize) at, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) inputs = argc == 4 ? gather(argv[3]) : g_ptr_array_new();
    g_autoptr(GRand) rand = g_rand_new_with_seed(argc == 4 ? (guint32) atoi(argv[1]) : 0);

    if (inputs->len == 0) {
        g_error("no input");
    }
    for (int i = 0; i < atoi(argv[2]); i++) {
        GBytes *input = g_ptr_array_index(inputs, (guint) i % inputs->len);
        g_autoptr(GString) text =
            g_string_new_len(g_bytes_get_data(input, NULL), (gssize) g_bytes_get_size(input));

        for (int k = (guint) i < inputs->len ? 0 : g_rand_int_range(rand, 1, 12); k > 0; k--) {
            splice(rand, text);
        }
        LLVMFuzzerTestOneInput((const uint8_t *) text->str, text->len);
    }
    return 0;
}

#endif
