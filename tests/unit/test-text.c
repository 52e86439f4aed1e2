#include "core/text.h"

static void
what_a_terminal_would_obey_is_gone(void)
{
    static const char *const rows[][2] = {
        {"Anna Berg", "Anna Berg"},
        {"  a\r\n\tb  ", "a b"},
        {"\033[31mred\033]0;title\a", "[31mred ]0;title"},
        {"\xc2\x9b"
         "31mred",
         "31mred"},
        {"a\xe2\x80\xae"
         "b",
         "ab"},
        {"\xff"
         "a",
         "\xef\xbf\xbd"
         "a"},
        {"\xe4\xb8\xad\xe6\x96\x87", "\xe4\xb8\xad\xe6\x96\x87"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *clean = sp_text_clean(rows[i][0], -1, 100);

        g_assert_cmpstr(clean, ==, rows[i][1]);
    }
}

static void
length_is_bounded(void)
{
    g_autofree char *clean = sp_text_clean("abcdef", -1, 3);
    g_autofree char *nothing = sp_text_clean(NULL, -1, 3);
    g_autofree char *part = sp_text_clean("abcdef", 2, 10);

    g_assert_cmpstr(clean, ==, "abc\xe2\x80\xa6");
    g_assert_cmpstr(nothing, ==, "");
    g_assert_cmpstr(part, ==, "ab");
}

static void
columns_are_what_a_terminal_shows(void)
{
    g_autofree char *wide = sp_text_fit("\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 5);
    g_autofree char *whole = sp_text_fit("abc", 3);
    g_autofree char *small = sp_text_fit_middle("SharePoint small", 11);
    g_autofree char *wide_ends = sp_text_fit_middle("\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 5);
    g_autofree char *tiny = sp_text_fit_middle("abcdef", 2);
    g_autofree char *fits = sp_text_fit_middle("abc", 3);

    g_assert_cmpuint(sp_text_columns("abc"), ==, 3);
    g_assert_cmpuint(sp_text_columns("\xe4\xb8\xad"), ==, 2);
    g_assert_cmpuint(sp_text_columns("e\xcc\x81"), ==, 1);
    g_assert_cmpstr(wide, ==, "\xe4\xb8\xad\xe6\x96\x87\xe2\x80\xa6");
    g_assert_cmpstr(whole, ==, "abc");
    g_assert_cmpstr(small, ==, "Share\xe2\x80\xa6small");
    g_assert_cmpstr(wide_ends, ==, "\xe4\xb8\xad\xe2\x80\xa6\xe4\xb8\xad");
    g_assert_cmpstr(tiny, ==, "a\xe2\x80\xa6");
    g_assert_cmpstr(fits, ==, "abc");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/what-a-terminal-would-obey-is-gone", what_a_terminal_would_obey_is_gone);
    g_test_add_func("/text/length-is-bounded", length_is_bounded);
    g_test_add_func("/text/columns-are-what-a-terminal-shows", columns_are_what_a_terminal_shows);
    return g_test_run();
}
