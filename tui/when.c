/* A text is "+NUMBER UNIT", or a day, a time, or both. */
#include "tui/when.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "core/i18n.h"

#define MINUTE   60
#define HOUR     (60 * MINUTE)
#define DAY      (24 * HOUR)
#define MORNING  9
#define MAX_DAYS 366

/* Whatever the case, and with the apostrophe that keyboards have. */
static char *
fold(const char *word)
{
    GString *folded = g_string_new(NULL);
    g_autofree char *lower = g_utf8_casefold(word, -1);

    g_string_append(folded, lower);
    g_string_replace(folded, "\xe2\x80\x99", "'", 0);
    return g_string_free(folded, FALSE);
}

/* `word` is this word of ours, or its translation. */
static gboolean
is_word(const char *word, const char *ours)
{
    g_autofree char *folded = fold(word);
    g_autofree char *translated = fold(g_dpgettext2(NULL, "time", ours));

    return g_str_equal(folded, ours) || g_str_equal(folded, translated);
}

/* "2h", "30 min", "3d": seconds, or 0. */
static gint64
parse_span(const char *text)
{
    static const struct {
        const char *unit;
        gint64 seconds;
    } units[] = {{NC_("time", "m"), MINUTE},  {NC_("time", "min"), MINUTE},
                 {NC_("time", "h"), HOUR},    {NC_("time", "hours"), HOUR},
                 {NC_("time", "d"), DAY},     {NC_("time", "days"), DAY},
                 {NC_("time", "w"), 7 * DAY}, {NC_("time", "weeks"), 7 * DAY}};
    char *unit = NULL;
    gint64 number = g_ascii_strtoll(text, &unit, 10);

    unit = unit == NULL ? NULL : g_strchug(unit);
    for (gsize i = 0; i < G_N_ELEMENTS(units) && unit != NULL && number > 0; i++) {
        if (is_word(unit, units[i].unit) && number <= MAX_DAYS * DAY / units[i].seconds) {
            return number * units[i].seconds;
        }
    }
    return 0;
}

/* "14:30", "9h30". */
static gboolean
parse_clock(const char *text, int *hour, int *minute)
{
    char separator = '\0';
    int length = 0;

    return sscanf(text, "%2d%c%2d%n", hour, &separator, minute, &length) == 3 &&
           (gsize) length == strlen(text) && g_ascii_isdigit(text[0]) &&
           g_ascii_isdigit(text[length - 2]) && (separator == ':' || separator == 'h') &&
           *hour < 24 && *minute >= 0 && *minute < 60;
}

/* Midnight of the day that `text` names; NULL where it is none. */
static GDateTime *
parse_day(const char *text, GDateTime *today)
{
    int weekday = sp_calendar_find_day(text);
    int year;
    int month;
    int day;
    int length = 0;

    if (is_word(text, NC_("time", "today"))) {
        return g_date_time_ref(today);
    }
    if (is_word(text, NC_("time", "tomorrow"))) {
        return g_date_time_add_days(today, 1);
    }
    /* Today's name means the one in a week. */
    if (weekday > 0) {
        return g_date_time_add_days(today,
                                    1 + (weekday - g_date_time_get_day_of_week(today) + 6) % 7);
    }
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &length) == 3 &&
        (gsize) length == strlen(text)) {
        return g_date_time_new(g_date_time_get_timezone(today), year, month, day, 0, 0, 0);
    }
    return NULL;
}

static GDateTime *
at_clock(GDateTime *day, int hour, int minute)
{
    return g_date_time_new(g_date_time_get_timezone(day), g_date_time_get_year(day),
                           g_date_time_get_month(day), g_date_time_get_day_of_month(day), hour,
                           minute, 0);
}

/* A time alone: the next time that the clock shows it. */
static GDateTime *
next_clock(GDateTime *today, GDateTime *now, int hour, int minute)
{
    g_autoptr(GDateTime) at = at_clock(today, hour, minute);
    g_autoptr(GDateTime) tomorrow = g_date_time_add_days(today, 1);

    return at != NULL && g_date_time_compare(at, now) > 0 ? g_steal_pointer(&at)
                                                          : at_clock(tomorrow, hour, minute);
}

static GDateTime *
parse_moment(const char *text, GDateTime *now)
{
    g_autoptr(GDateTime) local = g_date_time_to_local(now);
    g_autoptr(GDateTime) today = at_clock(local, 0, 0);
    g_auto(GStrv) words = g_strsplit(text, " ", 2);
    g_autoptr(GDateTime) day = NULL;
    int hour = MORNING;
    int minute = 0;

    if (parse_clock(text, &hour, &minute)) {
        return next_clock(today, now, hour, minute);
    }
    hour = MORNING;
    minute = 0;
    if (words[1] != NULL && !parse_clock(g_strchug(words[1]), &hour, &minute)) {
        return NULL;
    }
    day = parse_day(words[0], today);
    return day == NULL ? NULL : at_clock(day, hour, minute);
}

GDateTime *
ui_when_parse(const char *text, GDateTime *now)
{
    g_autofree char *clean = g_strstrip(g_strdup(text));
    g_autoptr(GDateTime) when = NULL;
    gint64 span;

    if (*clean == '\0') {
        return NULL;
    }
    if (*clean == '+') {
        span = parse_span(clean + 1);
        return span == 0 ? NULL : g_date_time_add_seconds(now, (double) span);
    }
    when = parse_moment(clean, now);
    return when != NULL && g_date_time_compare(when, now) > 0 ? g_steal_pointer(&when) : NULL;
}
