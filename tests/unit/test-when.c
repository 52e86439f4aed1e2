#include "tui/when.h"

#include "core/calendar.h"

/* Saturday. */
static GDateTime *
now(void)
{
    return g_date_time_new_utc(2026, 11, 28, 14, 5, 30);
}

static void
times_are_read_as_people_write_them(void)
{
    static const char *const rows[][2] = {
        {"20:53", "2026-11-28 20:53"},       {"9:00", "2026-11-29 09:00"},
        {"14:05", "2026-11-29 14:05"},       {" 9h30 ", "2026-11-29 09:30"},
        {"+2h", "2026-11-28 16:05"},         {"+ 30 min", "2026-11-28 14:35"},
        {"+3d", "2026-12-01 14:05"},         {"+1 w", "2026-12-05 14:05"},
        {"tomorrow", "2026-11-29 09:00"},    {"Tomorrow 7:45", "2026-11-29 07:45"},
        {"today 23:59", "2026-11-28 23:59"}, {"mon 8:00", "2026-11-30 08:00"},
        {"Sat", "2026-12-05 09:00"},         {"sunday 10:00", "2026-11-29 10:00"},
        {"2026-12-01", "2026-12-01 09:00"},  {"2026-12-01 14:00", "2026-12-01 14:00"},
    };
    g_autoptr(GDateTime) at = now();

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GDateTime) when = ui_when_parse(rows[i][0], at);
        g_autofree char *text = when == NULL ? NULL : g_date_time_format(when, "%Y-%m-%d %H:%M");

        g_assert_cmpstr(text, ==, rows[i][1]);
    }
}

static void
what_is_no_time_to_come_is_none(void)
{
    static const char *const texts[] = {
        "",
        " ",
        "soon",
        "25:00",
        "9:60",
        "9:0",
        "-1:00",
        "+0h",
        "+h",
        "+5",
        "+2 fortnights",
        "+999999999999999999d",
        "today",
        "9:00 tomorrow",
        "2026-11-28 14:00",
        "2026-02-30",
        "2026-12-01 25:00",
        "tomorrow x",
        "+9999w",
        "20:53 x",
    };
    g_autoptr(GDateTime) at = now();

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GDateTime) when = ui_when_parse(texts[i], at);

        g_assert_null(when);
    }
}

static void
days_and_months_are_our_own(void)
{
    g_autoptr(GDateTime) at = now();
    g_autofree char *text = sp_calendar_format(at, "%a %A %-d %B %Y %%A %H:%M");

    g_assert_cmpstr(text, ==, "Sat Saturday 28 November 2026 %A 14:05");
    g_assert_cmpint(sp_calendar_find_day("SUNDAY"), ==, 7);
    g_assert_cmpint(sp_calendar_find_day("mon"), ==, 1);
    g_assert_cmpint(sp_calendar_find_day("m"), ==, 0);
}

int
main(int argc, char **argv)
{
    g_setenv("TZ", "UTC", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/when/times-are-read-as-people-write-them",
                    times_are_read_as_people_write_them);
    g_test_add_func("/when/what-is-no-time-to-come-is-none", what_is_no_time_to_come_is_none);
    g_test_add_func("/calendar/days-and-months-are-our-own", days_and_months_are_our_own);
    return g_test_run();
}
