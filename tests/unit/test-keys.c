#include "tui/input.h"
#include "tui/keys.h"

/* What was typed, as numbers in a string. */
static void
note_key(const UiEvent *event, gpointer user_data)
{
    GString *seen = user_data;

    if (event->key == UI_KEY_MOUSE) {
        g_string_append_printf(seen, "mouse%d@%d,%d ", event->mouse, event->y, event->x);
    } else if (event->key == UI_KEY_PASTE) {
        g_string_append_printf(seen, "paste(%s) ", event->text);
    } else {
        g_autofree char *name = ui_key_name(event->key);

        g_string_append_printf(seen, "%s ", name);
    }
}

static void
bytes_become_keys(void)
{
    static const struct {
        const char *bytes;
        const char *keys;
    } rows[] = {
        {"aQ ", "a Q Space "},
        {"\033[A\033[B\033[C\033[D", "Up Down Right Left "},
        {"\033OA\033[1;5C\033[H\033[4~", "Up Right Home End "},
        {"\033[5~\033[6~\033[Z\t\r", "PgUp PgDn Shift-Tab Tab Enter "},
        {"\033[11~\033OP\033[[A\033[24~", "F1 F1 F1 F12 "},
        {"\x7f\b\003\014", "Backspace Backspace Ctrl-C Ctrl-L "},
        {"\xc3\xa9\xe4\xb8\xad", "\xc3\xa9 \xe4\xb8\xad "},
        {"\xff"
         "a",
         "a "},
        {"\033x", "Esc x "},
        {"\033[<0;10;3M\033[<0;10;3m\033[<65;1;1M\033[<32;5;5M",
         "mouse0@2,9 mouse1@2,9 mouse4@0,0 mouse2@4,4 "},
        {"\033[200~ls\nrm\033[A\033[201~q", "paste(ls rm [A) q "},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        g_autoptr(UiInput) input = ui_input_new(note_key, seen);

        ui_input_feed(input, rows[i].bytes, strlen(rows[i].bytes));
        ui_input_flush(input);
        g_assert_cmpstr(seen->str, ==, rows[i].keys);
    }
}

/* A terminal's answers that come too late, whole or in any two pieces. */
static void
late_answers_are_no_keys(void)
{
    static const char answers[] =
        "\033[6;15;8t\033]11;rgb:0000/0000/0000\033\\\033P1$r0;48:2:1:2:3m"
        "\033\\\033_Gi=31;OK\033\\\033[?2026;2$y\033[?62;4;22c\033[12;40R";

    for (gsize cut = 0; cut < strlen(answers); cut++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        g_autoptr(UiInput) input = ui_input_new(note_key, seen);

        ui_input_feed(input, answers, cut);
        ui_input_feed(input, answers + cut, strlen(answers) - cut);
        ui_input_feed(input, "q", 1);
        g_assert_cmpstr(seen->str, ==, "q ");
        g_assert_cmpuint(ui_input_get_wait_ms(input), ==, 0);
    }
}

static void
a_lone_escape_is_a_key_after_a_moment(void)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(UiInput) input = ui_input_new(note_key, seen);

    ui_input_feed(input, "\033", 1);
    g_assert_cmpstr(seen->str, ==, "");
    g_assert_cmpuint(ui_input_get_wait_ms(input), >, 0);
    g_assert_cmpuint(ui_input_get_wait_ms(input), <=, 50);
    ui_input_flush(input);
    g_assert_cmpstr(seen->str, ==, "Esc ");
    ui_input_set_patient(input, TRUE);
    ui_input_feed(input, "\033", 1);
    g_assert_cmpuint(ui_input_get_wait_ms(input), >, 100);
}

/* In no view does a key mean two things. */
static void
no_key_means_two_things(void)
{
    for (unsigned view = UI_IN_START; view <= UI_IN_CHECKLIST; view <<= 1) {
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

        for (const UiBinding *row = ui_keys(); row->action != UI_ACTION_NONE; row++) {
            for (gsize i = 0; i < G_N_ELEMENTS(row->keys) && (row->views & view) != 0; i++) {
                if (row->keys[i] != UI_KEY_NONE) {
                    g_assert_true(g_hash_table_add(seen, GINT_TO_POINTER(row->keys[i])));
                }
            }
        }
    }
}

static const char *
only_leaving(const UiBinding *row, gpointer user_data)
{
    (void) user_data;
    return row->action == UI_ACTION_QUIT ? row->hint : NULL;
}

static void
hints_are_what_works_and_fit(void)
{
    g_auto(GStrv) few = ui_keys_hints(UI_IN_COMPARE, FALSE, only_leaving, NULL, 80);
    g_auto(GStrv) typing = ui_keys_hints(UI_IN_START, TRUE, only_leaving, NULL, 80);
    const char *const expected[] = {"q", "leave", NULL};

    g_assert_true(g_strv_equal((const char *const *) few, expected));
    /* In a field "q" is a letter. */
    g_assert_cmpstr(typing[0], ==, "Ctrl-C");
    for (int columns = 40; columns <= 200; columns += 20) {
        g_auto(GStrv) hints = ui_keys_hints(UI_IN_COMPARE, FALSE, NULL, NULL, columns);
        guint length = g_strv_length(hints);
        int used = 0;

        for (guint i = 0; i < length; i++) {
            used += (int) g_utf8_strlen(hints[i], -1) + (i % 2 == 0 ? 1 : 2);
        }
        g_assert_cmpint(used, <=, columns);
        g_assert_cmpstr(hints[length - 2], ==, "q");
        g_assert_cmpstr(hints[length - 4], ==, "?");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/keys/bytes-become-keys", bytes_become_keys);
    g_test_add_func("/keys/late-answers-are-no-keys", late_answers_are_no_keys);
    g_test_add_func("/keys/a-lone-escape-is-a-key-after-a-moment",
                    a_lone_escape_is_a_key_after_a_moment);
    g_test_add_func("/keys/no-key-means-two-things", no_key_means_two_things);
    g_test_add_func("/keys/hints-are-what-works-and-fit", hints_are_what_works_and_fit);
    return g_test_run();
}
