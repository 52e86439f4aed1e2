/* What is known of the case, or going on right now, in one sentence. */
#include "core/i18n.h"
#include "tui/case-private.h"
#include "tui/widgets.h"

static char *
waiting_text(const UiCase *ui_case)
{
    g_autofree char *names = ui_case_waits_for(ui_case);
    g_autofree char *waited = ui_format_ms(ui_case_get_waited_ms(ui_case));

    if (names != NULL) {
        return g_strdup_printf(_("Waiting for %s … %s"), names, waited);
    }
    if (ui_case_get_person(ui_case) == NULL) {
        return g_strdup_printf(_("Looking the person up … %s"), waited);
    }
    return g_strdup_printf(_("Comparing the copies … %s"), waited);
}

static char *
waiting_headline(const UiCase *ui_case)
{
    g_autofree char *text = waiting_text(ui_case);
    g_autofree char *held = ui_holds_describe(ui_case->holds);

    return held == NULL ? g_steal_pointer(&text) : g_strdup_printf("%s · %s", held, text);
}

/* Whether all photos are one, with what a human said counted. */
static gboolean
is_one_group(const UiCase *ui_case)
{
    for (guint i = 0; i < ui_case_count(ui_case); i++) {
        if (ui_case_get_group(ui_case, i) > 0) {
            return FALSE;
        }
    }
    return TRUE;
}

/* A human's word goes beside the measured verdict, never silently in its place. Takes it. */
static char *
add_overrules(const UiCase *ui_case, char *measured)
{
    g_autoptr(GString) said = NULL;
    g_autofree char *verdict = measured;

    if (ui_case->overrules->len == 0) {
        return g_steal_pointer(&verdict);
    }
    said = g_string_new(NULL);
    for (guint i = 0; i < ui_case->overrules->len; i++) {
        const UiOverrule *overrule = ui_case->overrules->pdata[i];

        g_string_append_printf(said, "%s%s = %s", i == 0 ? "" : ", ",
                               ui_case_get_service_title(ui_case, overrule->left),
                               ui_case_get_service_title(ui_case, overrule->right));
    }
    if (is_one_group(ui_case)) {
        return g_strdup_printf(_("The same photo everywhere, as you said (%s)"), said->str);
    }
    return g_strdup_printf(_("You said %s. Measured: %s"), said->str, verdict);
}

/* What was read some time ago never passes for the present. */
static char *
with_recorded(const UiCase *ui_case, const char *headline)
{
    g_autoptr(GDateTime) local = NULL;
    g_autofree char *at = NULL;

    if (ui_case->recorded_at == NULL) {
        return g_strdup(headline);
    }
    local = g_date_time_to_local(ui_case->recorded_at);
    at = g_date_time_format(local, "%Y-%m-%d %H:%M");
    return g_strdup_printf(_("As recorded on %s by %s: %s"), at, ui_case->recorded_by, headline);
}

char *
ui_case_get_headline(const UiCase *ui_case)
{
    const GError *error = ui_case_get_error(ui_case);
    g_autofree char *headline = NULL;
    SpEvidence evidence;

    if (ui_case->check == NULL) {
        return g_strdup(_("No person is chosen yet"));
    }
    if (error != NULL) {
        return with_recorded(ui_case, error->message);
    }
    if (ui_case->is_reading) {
        return waiting_headline(ui_case);
    }
    if (ui_case_get_person(ui_case) == NULL) {
        return g_strdup(_("Several people match: choose one"));
    }
    evidence = sp_check_get_evidence(ui_case->check);
    headline = add_overrules(ui_case, sp_diagnose_headline(&evidence));
    return with_recorded(ui_case, headline);
}
