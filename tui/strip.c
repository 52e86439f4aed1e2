/* The copies in one row, as narrow as they must be to stand beside each other. */
#include "tui/strip.h"

#include "core/i18n.h"
#include "core/text.h"
#include "tui/widgets.h"

#define LEAST_COLUMNS 10 /* of one copy */
#define LIST_COLUMNS  18 /* of the list of those without room, at least */

/* One word for each, of at most six columns, for where the copy's own words have no room. */
static const char *const brief_relations[] = {
    [SP_RELATION_IDENTICAL] = NC_("brief", "same"),  [SP_RELATION_SAME] = NC_("brief", "same"),
    [SP_RELATION_RECROPPED] = NC_("brief", "crop"),  [SP_RELATION_EDITED] = NC_("brief", "edited"),
    [SP_RELATION_DIFFERENT] = NC_("brief", "other"), [SP_RELATION_UNSURE] = NC_("brief", "unsure"),
};
static const char *const brief_statuses[] = {
    [SP_COPY_PRESENT] = NC_("brief", "photo"),
    [SP_COPY_ABSENT] = NC_("brief", "none"),
    [SP_COPY_PLACEHOLDER] = NC_("brief", "blank"),
    [SP_COPY_DENIED] = NC_("brief", "denied"),
    [SP_COPY_BLOCKED] = NC_("brief", "policy"),
    [SP_COPY_THROTTLED] = NC_("brief", "wait"),
    [SP_COPY_UNREACHABLE] = NC_("brief", "failed"),
    [SP_COPY_INVALID] = NC_("brief", "broken"),
    [SP_COPY_SKIPPED] = "-",
};

static const char *
brief(const char *word)
{
    return g_dpgettext2(GETTEXT_PACKAGE, "brief", word);
}

static const char *
fitting(const char *words, const char *word, int columns)
{
    return (int) sp_text_columns(words) <= columns ? words : brief(word);
}

/* How the copy stands to the reference, or why it does not stand at all, in so many columns.
 * Borrowed. */
static const char *
strip_state(UiCase *ui_case, guint index, const SpCopy *copy, int columns)
{
    SpCheck *check = ui_case_get_check(ui_case);
    const SpGroups *groups = check == NULL ? NULL : sp_check_get_groups(check);
    const SpComparison *comparison =
        groups == NULL || copy == NULL || copy->status != SP_COPY_PRESENT
            ? NULL
            : sp_groups_to_reference(groups, index);

    if (ui_case_is_reading(ui_case, ui_case_get_service(ui_case, index))) {
        return fitting(_("reading …"), NC_("brief", "reads…"), columns);
    }
    if (check != NULL && sp_check_get_reference(check) == (int) index) {
        return fitting(_("reference"), NC_("brief", "ref."), columns);
    }
    if (ui_case_is_said_same(ui_case, index)) {
        return fitting(_("the same, you say"), NC_("brief", "said"), columns);
    }
    if (comparison != NULL) {
        return fitting(sp_relation_title(comparison->relation),
                       brief_relations[comparison->relation], columns);
    }
    return copy == NULL
               ? ""
               : fitting(sp_copy_status_title(copy->status), brief_statuses[copy->status], columns);
}

/* One copy of the strip: picture above, then its name, its group and state. */
static void
draw_strip_copy(UiApp *app, WINDOW *window, UiBox box, guint index)
{
    UiCase *ui_case = ui_app_get_case(app);
    const SpCopy *copy = ui_case_get_copy(ui_case, index);
    int group = ui_case_get_group(ui_case, index);
    int label = box.y + box.rows - 2;
    int columns = box.columns - 1;
    gboolean is_reading = ui_case_is_reading(ui_case, ui_case_get_service(ui_case, index));
    int used;

    if (copy != NULL && copy->photo != NULL && box.rows >= 6) {
        UiBox picture = {box.y, box.x, box.rows - 2, columns};

        ui_frame_photo(ui_app_get_frame(app), window, picture, copy->photo, NULL);
    }
    ui_title(app, window, label, box.x, columns, UI_ROLE_TEXT, ui_case_get_title(ui_case, index));
    used = ui_textf(app, window, label + 1, box.x, columns, ui_role_of_group(group), "%s%s ",
                    ui_group_shape(ui_app_get_theme(app), group), ui_group_letter(group));
    ui_text(app, window, label + 1, box.x + used, columns - used,
            is_reading ? UI_ROLE_WAIT : UI_ROLE_DIM,
            strip_state(ui_case, index, copy, columns - used));
}

/* The columns of one copy: all beside each other, as large as may be. */
static int
strip_columns(int count, int columns)
{
    return count == 0 ? 0 : CLAMP((columns + 1) / count, LEAST_COLUMNS, 40);
}

int
ui_strip_rows(UiApp *app, int columns, int rows)
{
    const UiCaps *caps = &ui_app_get_terminal(app)->caps;
    int one = strip_columns((int) ui_case_count(ui_app_get_case(app)), columns) - 1;
    int picture = caps->cell_width > 0
                      ? (one * caps->cell_width + caps->cell_height / 2) / caps->cell_height
                      : one / 2;

    return CLAMP(picture + 2, 7, MAX(rows, 7));
}

void
ui_strip_choose(const UiStripRank *ranks, guint count, guint room, gboolean *is_shown)
{
    for (guint i = 0; i < count; i++) {
        is_shown[i] = FALSE;
    }
    for (int rank = UI_STRIP_REFERENCE; rank <= UI_STRIP_SAME; rank++) {
        for (guint i = 0; i < count && room > 0; i++) {
            if (ranks[i] == (UiStripRank) rank) {
                is_shown[i] = TRUE;
                room--;
            }
        }
    }
}

static UiStripRank
rank_of(UiCase *ui_case, guint index)
{
    SpCheck *check = ui_case_get_check(ui_case);
    int reference = check == NULL ? -1 : sp_check_get_reference(check);
    int group = ui_case_get_group(ui_case, index);

    if ((int) index == reference) {
        return UI_STRIP_REFERENCE;
    }
    if (group < 0) {
        return UI_STRIP_UNREAD;
    }
    return reference >= 0 && group != ui_case_get_group(ui_case, (guint) reference)
               ? UI_STRIP_DIFFERS
               : UI_STRIP_SAME;
}

/* "+2 ●A Exchange", a row each: what has no room, with its group. */
static void
draw_left_out(UiApp *app, WINDOW *window, UiBox box, const gboolean *is_shown, guint left_out)
{
    UiCase *ui_case = ui_app_get_case(app);
    g_autofree char *number = g_strdup_printf("+%u", left_out);
    int x = box.x + 1 + (int) sp_text_columns(number);
    guint told = 0;

    ui_text(app, window, box.y, box.x, -1, UI_ROLE_ACCENT, number);
    for (guint i = 0; i < ui_case_count(ui_case) && (int) told < box.rows; i++) {
        int group = ui_case_get_group(ui_case, i);
        int y = box.y + (int) told;
        int used;

        if (is_shown[i]) {
            continue;
        }
        told++;
        if ((int) told == box.rows && told < left_out) {
            ui_text(app, window, y, x, 1, UI_ROLE_DIM,
                    ui_app_get_terminal(app)->is_utf8 ? "…" : "~");
            return;
        }
        used = ui_textf(app, window, y, x, -1, ui_role_of_group(group), "%s%s ",
                        ui_group_shape(ui_app_get_theme(app), group), ui_group_letter(group));
        ui_title(app, window, y, x + used, box.x + box.columns - x - used, UI_ROLE_TEXT,
                 ui_case_get_title(ui_case, i));
    }
}

/* Not all have room. */
static void
draw_some(UiApp *app, WINDOW *window, UiBox box)
{
    UiCase *ui_case = ui_app_get_case(app);
    guint count = ui_case_count(ui_case);
    guint room = (guint) MAX((box.columns + 1 - LIST_COLUMNS) / LEAST_COLUMNS, 0);
    g_autofree UiStripRank *ranks = g_new0(UiStripRank, count);
    g_autofree gboolean *is_shown = g_new0(gboolean, count);
    UiBox one = {box.y, box.x, box.rows, LEAST_COLUMNS};

    for (guint i = 0; i < count; i++) {
        ranks[i] = rank_of(ui_case, i);
    }
    ui_strip_choose(ranks, count, room, is_shown);
    for (guint i = 0; i < count; i++) {
        if (is_shown[i]) {
            draw_strip_copy(app, window, one, i);
            one.x += LEAST_COLUMNS;
        }
    }
    one.columns = box.x + box.columns - one.x;
    draw_left_out(app, window, one, is_shown, count - room);
}

void
ui_strip_draw(UiApp *app, WINDOW *window, UiBox box)
{
    int count = (int) ui_case_count(ui_app_get_case(app));
    int columns = strip_columns(count, box.columns);

    if (count * columns > box.columns + 1) {
        draw_some(app, window, box);
        return;
    }
    for (int i = 0; i < count; i++) {
        UiBox one = {box.y, box.x + i * columns, box.rows, columns};

        draw_strip_copy(app, window, one, (guint) i);
    }
}
