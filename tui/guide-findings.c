/* What was found, who sees what, what happens next, and what has happened before: beside the step
 * in a wide window, in full on a page of their own. */
#include "core/i18n.h"
#include "tui/guide.h"
#include "tui/prompt.h"
#include "tui/widgets.h"

/* A list, as much of it as fits; gives the row behind it. */
static int
draw_bullets(UiGuide *guide, WINDOW *window, UiBox box, int y, GStrv lines)
{
    const char *bullet = ui_sign(ui_app_get_theme(guide->app), UI_SIGN_BULLET);
    int bottom = box.y + box.rows;

    for (int i = 0; lines[i] != NULL && y < bottom; i++) {
        ui_text(guide->app, window, y, box.x, 2, UI_ROLE_DIM, bullet);
        y += MIN(bottom - y, ui_paragraph(guide->app, window, y, box.x + 2, bottom - y,
                                          box.columns - 2, UI_ROLE_DIM, lines[i]));
    }
    return y;
}

static int
draw_finding(UiGuide *guide, WINDOW *window, UiBox box, int y, const SpFinding *finding)
{
    int bottom = box.y + box.rows;
    UiRole role = ui_role_of_severity((int) finding->severity);

    ui_text(guide->app, window, y, box.x, box.columns, role, sp_severity_title(finding->severity));
    y++;
    if (y < bottom) {
        y += MIN(bottom - y, ui_paragraph(guide->app, window, y, box.x, bottom - y, box.columns,
                                          UI_ROLE_TEXT, finding->summary));
    }
    y = draw_bullets(guide, window, box, y, finding->evidence);
    if (finding->source != NULL && y < bottom) {
        g_autofree char *source =
            g_strdup_printf(_("%s: %s"), sp_confidence_title(finding->confidence), finding->source);

        y += MIN(bottom - y, ui_paragraph(guide->app, window, y, box.x, bottom - y, box.columns,
                                          UI_ROLE_DIM, source));
    }
    return y + 1;
}

/* What each application shows, a line each. Transfer full. */
static char *
views_text(const SpEvidence *evidence)
{
    g_autoptr(GPtrArray) views = sp_diagnose_views(evidence);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < views->len; i++) {
        const SpView *view = g_ptr_array_index(views, i);

        g_autofree char *says =
            view->group < 0 ? g_strdup(view->says)
                            : g_strdup_printf("%s %s", ui_group_letter(view->group), view->says);

        g_string_append(text, i == 0 ? "" : "\n");
        g_string_append_printf(text, _("%s: %s"), view->app, says);
    }
    return g_string_free(text, FALSE);
}

/* A titled list that fits whole, or is left to the page of findings (f). */
static int
draw_more(UiGuide *guide, WINDOW *window, UiBox box, int y, const char *title, GStrv lines)
{
    int room = box.y + box.rows - y - 1;
    int rows = 0;

    for (gsize i = 0; lines[i] != NULL; i++) {
        rows +=
            ui_paragraph(guide->app, NULL, 0, 0, G_MAXINT, box.columns - 2, UI_ROLE_DIM, lines[i]);
    }
    if (rows == 0 || rows > room) {
        return y;
    }
    ui_text(guide->app, window, y, box.x, box.columns, UI_ROLE_STRONG, title);
    return draw_bullets(guide, window, box, y + 1, lines) + 1;
}

void
ui_guide_draw_findings(UiGuide *guide, WINDOW *window, UiBox box)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(guide->app));
    GPtrArray *findings = check == NULL ? NULL : sp_check_get_findings(check);
    int y = box.y;

    for (guint i = 0; findings != NULL && i < findings->len && y < box.y + box.rows; i++) {
        y = draw_finding(guide, window, box, y, g_ptr_array_index(findings, i));
    }
    if (findings != NULL && findings->len > 0) {
        SpEvidence evidence = sp_check_get_evidence(check);
        g_auto(GStrv) forecast = sp_diagnose_forecast(&evidence);
        g_autofree char *seen = views_text(&evidence);
        g_auto(GStrv) views = g_strsplit(seen, "\n", -1);

        y = draw_more(guide, window, box, y, _("What happens next"), forecast);
        draw_more(guide, window, box, y, _("Who sees what"), views);
    }
}

static void
append_lines(GString *text, const char *title, GStrv lines)
{
    if (lines == NULL || lines[0] == NULL) {
        return;
    }
    g_string_append_printf(text, "%s\n", title);
    for (int i = 0; lines[i] != NULL; i++) {
        g_string_append_printf(text, "  - %s\n", lines[i]);
    }
    g_string_append_c(text, '\n');
}

void
ui_guide_show_findings(UiGuide *guide)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(guide->app));
    GPtrArray *findings = sp_check_get_findings(check);
    SpEvidence evidence = sp_check_get_evidence(check);
    g_auto(GStrv) forecast = sp_diagnose_forecast(&evidence);
    g_autofree char *seen = views_text(&evidence);
    g_auto(GStrv) views = g_strsplit(seen, "\n", -1);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(findings, i);
        g_autofree char *title =
            g_strdup_printf(_("%s: %s"), sp_severity_title(finding->severity), finding->summary);

        if (finding->evidence[0] == NULL) {
            g_string_append_printf(text, "%s\n\n", title);
        }
        append_lines(text, title, finding->evidence);
        if (finding->source != NULL) {
            g_string_append_printf(text, _("  %s: %s (%s)\n  %s\n\n"),
                                   sp_confidence_title(finding->confidence), finding->source,
                                   finding->source_date == NULL ? "" : finding->source_date,
                                   finding->source_url == NULL ? "" : finding->source_url);
        }
    }
    append_lines(text, _("What happens next"), forecast);
    append_lines(text, _("Who sees what"), views);
    ui_prompt_text(guide->app, _("What was found, and why"), text->str);
}

void
ui_guide_show_history(UiGuide *guide)
{
    UiCase *ui_case = ui_app_get_case(guide->app);
    SpStore *store = ui_case_get_store(ui_case);
    g_auto(GStrv) latest = sp_session_history(store, ui_case_get_check(ui_case));
    g_auto(GStrv) all = sp_session_timeline(store, ui_case_get_check(ui_case));
    g_autoptr(GString) text = g_string_new(NULL);

    append_lines(text, _("Since the last time"), latest);
    append_lines(text, _("Every change that was noticed"), all);
    ui_prompt_text(guide->app, _("History"),
                   text->len == 0 ? _("Nothing has changed, or this is the first time.")
                                  : text->str);
}
