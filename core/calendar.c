#include "core/calendar.h"

#include "core/i18n.h"

static const char *const days[][2] = {
    {NC_("day", "Mon"), NC_("day", "Monday")},    {NC_("day", "Tue"), NC_("day", "Tuesday")},
    {NC_("day", "Wed"), NC_("day", "Wednesday")}, {NC_("day", "Thu"), NC_("day", "Thursday")},
    {NC_("day", "Fri"), NC_("day", "Friday")},    {NC_("day", "Sat"), NC_("day", "Saturday")},
    {NC_("day", "Sun"), NC_("day", "Sunday")},
};
/* As they stand in a date, "3 May". */
static const char *const months[] = {
    NC_("month", "January"), NC_("month", "February"), NC_("month", "March"),
    NC_("month", "April"),   NC_("month", "May"),      NC_("month", "June"),
    NC_("month", "July"),    NC_("month", "August"),   NC_("month", "September"),
    NC_("month", "October"), NC_("month", "November"), NC_("month", "December"),
};

static const char *
name_of(GDateTime *time, char directive)
{
    int day = g_date_time_get_day_of_week(time) - 1;

    switch (directive) {
    case 'a': return g_dpgettext2(NULL, "day", days[day][0]);
    case 'A': return g_dpgettext2(NULL, "day", days[day][1]);
    case 'B': return g_dpgettext2(NULL, "month", months[g_date_time_get_month(time) - 1]);
    default: return NULL;
    }
}

char *
sp_calendar_format(GDateTime *time, const char *format)
{
    g_autoptr(GString) named = g_string_new(NULL);

    for (const char *at = format; *at != '\0'; at++) {
        const char *name = *at == '%' ? name_of(time, at[1]) : NULL;

        if (name != NULL) {
            g_string_append(named, name);
            at++;
        } else {
            g_string_append_c(named, *at);
            /* What follows a percent sign is no start of another directive: "%%". */
            if (*at == '%' && at[1] != '\0') {
                g_string_append_c(named, *++at);
            }
        }
    }
    return g_date_time_format(time, named->str);
}

int
sp_calendar_find_day(const char *name)
{
    g_autofree char *wanted = g_utf8_casefold(name, -1);

    for (gsize day = 0; day < G_N_ELEMENTS(days); day++) {
        for (gsize i = 0; i < G_N_ELEMENTS(days[day]); i++) {
            g_autofree char *own = g_utf8_casefold(days[day][i], -1);
            g_autofree char *ours = g_utf8_casefold(g_dpgettext2(NULL, "day", days[day][i]), -1);

            if (g_str_equal(wanted, own) || g_str_equal(wanted, ours)) {
                return (int) day + 1;
            }
        }
    }
    return 0;
}
