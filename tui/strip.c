/* The copies in one row, as narrow as they must be to stand beside each other. */
#include "tui/strip.h"

#include "core/i18n.h"
#include "tui/widgets.h"

/* How the copy stands to the reference, or why it does not stand at all. Borrowed. */
static const char *
strip_state(UiCase *ui_case, guint index, const SpCopy *copy)
{
    SpCheck *check = ui_case_get_check(ui_case);
    const SpGroups *groups = check == NULL ? NULL : sp_check_get_groups(check);
    const SpComparison *comparison =
        groups == NULL || copy == NULL || copy->status != SP_COPY_PRESENT
            ? NULL
            : sp_groups_to_reference(groups, index);

    if (ui_case_is_reading(ui_case, ui_case_get_service(ui_case, index))) {
        return _("reading …");
    }
    if (check != NULL && sp_check_get_reference(check) == (int) index) {
        return _("reference");
    }
    return comparison != NULL ? sp_relation_title(comparison->relation)
           : copy != NULL     ? sp_copy_status_title(copy->status)
                              : "";
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
            is_reading ? UI_ROLE_WAIT : UI_ROLE_DIM, strip_state(ui_case, index, copy));
}

/* The columns of one copy: all beside each other, as large as may be. */
static int
strip_columns(int count, int columns)
{
    return count == 0 ? 0 : CLAMP((columns + 1) / count, 10, 40);
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
ui_strip_draw(UiApp *app, WINDOW *window, UiBox box)
{
    UiCase *ui_case = ui_app_get_case(app);
    int count = (int) ui_case_count(ui_case);
    int columns = strip_columns(count, box.columns);

    for (int i = 0; i < count && (i + 1) * columns <= box.columns + 1; i++) {
        UiBox one = {box.y, box.x + i * columns, box.rows, columns};

        draw_strip_copy(app, window, one, (guint) i);
    }
}
