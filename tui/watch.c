#include "tui/watch.h"

#include "core/guide/watch.h"
#include "core/i18n.h"

#define FLOOR_S    60 /* between two readings of real services */
#define PRACTICE_S 5  /* the practice tenant may be asked often, and a lesson is short */

struct UiWatch {
    UiApp *app;
    char *user; /* who is watched; NULL while it is off */
    guint n_readings;
    guint timer;
    GDateTime *next; /* by the real clock */
};

UiWatch *
ui_watch_new(UiApp *app)
{
    UiWatch *watch = g_new0(UiWatch, 1);

    watch->app = app;
    return watch;
}

static void
stop(UiWatch *watch)
{
    g_clear_handle_id(&watch->timer, g_source_remove);
    g_clear_pointer(&watch->next, g_date_time_unref);
    g_clear_pointer(&watch->user, g_free);
}

void
ui_watch_free(UiWatch *watch)
{
    if (watch != NULL) {
        stop(watch);
        g_free(watch);
    }
}

gboolean
ui_watch_can(const UiWatch *watch)
{
    UiCase *ui_case = ui_app_get_case(watch->app);

    return ui_case_get_person(ui_case) != NULL && ui_case_get_client(ui_case) != NULL;
}

gboolean
ui_watch_is_on(const UiWatch *watch)
{
    return watch->user != NULL;
}

static gboolean
on_timer(gpointer user_data)
{
    UiWatch *watch = user_data;
    UiCase *ui_case = ui_app_get_case(watch->app);

    watch->timer = 0;
    /* Whatever is being read is a reading too: its end plans the next one. */
    if (!ui_case_is_reading(ui_case, NULL)) {
        ui_case_reread(ui_case, NULL);
    }
    return G_SOURCE_REMOVE;
}

static gint64
next_wait(const UiWatch *watch)
{
    UiCase *ui_case = ui_app_get_case(watch->app);
    gboolean is_practice = ui_case_is_practice(ui_case);
    const SpWatchPace pace = {watch->n_readings, is_practice ? PRACTICE_S : 0,
                              is_practice ? 1 : FLOOR_S};
    SpCheck *check = ui_case_get_check(ui_case);
    SpEvidence evidence = sp_check_get_evidence(check);

    return sp_watch_wait_s(&pace, sp_check_get_findings(check), evidence.copies, evidence.n_copies,
                           evidence.now);
}

static void
plan_next(UiWatch *watch)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    gint64 wait = next_wait(watch);

    g_clear_handle_id(&watch->timer, g_source_remove);
    g_clear_pointer(&watch->next, g_date_time_unref);
    watch->next = g_date_time_add_seconds(now, (double) wait);
    watch->timer = g_timeout_add_seconds((guint) wait, on_timer, watch);
}

static gboolean
is_agreed(const UiWatch *watch)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(watch->app));

    return check != NULL && sp_check_is_done(check) && sp_check_get_error(check) == NULL &&
           sp_watch_is_over(sp_check_get_verdict(check));
}

void
ui_watch_toggle(UiWatch *watch)
{
    UiCase *ui_case = ui_app_get_case(watch->app);
    g_autofree char *clock = NULL;
    g_autofree char *said = NULL;

    if (watch->user != NULL) {
        stop(watch);
        ui_app_say(watch->app, SP_SEVERITY_INFO, _("Not watching any more"));
        return;
    }
    if (is_agreed(watch)) {
        ui_app_say(watch->app, SP_SEVERITY_OK, _("All copies show the same photo already"));
        return;
    }
    watch->user = g_strdup(ui_case_get_person(ui_case)->user_principal_name);
    watch->n_readings = 1;
    plan_next(watch);
    clock = g_date_time_format(watch->next, "%H:%M:%S");
    said =
        g_strdup_printf(_("Watching: reads again at %s, and tells when all copies agree"), clock);
    ui_app_say(watch->app, SP_SEVERITY_INFO, said);
}

static void
tell_agreement(UiWatch *watch)
{
    const SpPerson *person = ui_case_get_person(ui_app_get_case(watch->app));
    g_autofree char *text =
        g_strdup_printf(_("%s: all copies show the same photo now"),
                        person->display_name != NULL ? person->display_name : watch->user);

    stop(watch);
    ui_app_alert(watch->app, text);
}

void
ui_watch_changed(UiWatch *watch, UiCaseChanges changes)
{
    UiCase *ui_case = ui_app_get_case(watch->app);
    const SpPerson *person = ui_case_get_person(ui_case);

    if (watch->user == NULL) {
        return;
    }
    if (person == NULL || !g_str_equal(person->user_principal_name, watch->user)) {
        stop(watch);
        return;
    }
    if ((changes & UI_CASE_STATUS) == 0 || ui_case_is_reading(ui_case, NULL)) {
        return;
    }
    if (is_agreed(watch)) {
        tell_agreement(watch);
    } else {
        watch->n_readings++;
        plan_next(watch);
    }
}

char *
ui_watch_describe(const UiWatch *watch)
{
    g_autofree char *clock = NULL;

    if (watch->user == NULL || watch->next == NULL) {
        return NULL;
    }
    clock = g_date_time_format(watch->next, "%H:%M:%S");
    return g_strdup_printf(_("watching, %s"), clock);
}
