#include "tui/strip.h"

#include <string.h>

/* Letters: R the reference, d differs, u unread, s the same. Shown ones stay in the text. */
static char *
shown(const char *copies, guint room)
{
    guint count = (guint) strlen(copies);
    g_autofree UiStripRank *ranks = g_new0(UiStripRank, count);
    g_autofree gboolean *is_shown = g_new0(gboolean, count);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < count; i++) {
        ranks[i] = copies[i] == 'R'   ? UI_STRIP_REFERENCE
                   : copies[i] == 'd' ? UI_STRIP_DIFFERS
                   : copies[i] == 'u' ? UI_STRIP_UNREAD
                                      : UI_STRIP_SAME;
    }
    ui_strip_choose(ranks, count, room, is_shown);
    for (guint i = 0; i < count; i++) {
        g_string_append_c(text, is_shown[i] ? copies[i] : '.');
    }
    return g_string_free(text, FALSE);
}

static void
what_matters_most_stays(void)
{
    static const struct {
        const char *copies;
        guint room;
        const char *shown;
    } rows[] = {
        {"Rsdddss", 4, "R.ddd.."}, {"Rsdddss", 5, "Rsddd.."},
        {"ssusdsR", 3, "..u.d.R"}, {"ssusdsR", 1, "......R"},
        {"sss", 0, "..."},         {"sss", 3, "sss"},
        {"uud", 9, "uud"},         {"", 4, ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = shown(rows[i].copies, rows[i].room);

        g_assert_cmpstr(text, ==, rows[i].shown);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/strip/what-matters-most-stays", what_matters_most_stays);
    return g_test_run();
}
