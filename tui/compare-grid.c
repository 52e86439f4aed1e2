/* Every copy at once: picture, group and name, state, size. A copy without a picture is a panel
 * that says why in words. */
#include <math.h>

#include "core/i18n.h"
#include "core/text.h"
#include "tui/compare.h"
#include "tui/widgets.h"

static UiCase *
get_case(UiCompare *compare)
{
    return ui_app_get_case(compare->app);
}

static double
cell_ratio(UiCompare *compare)
{
    const UiCaps *caps = &ui_app_get_terminal(compare->app)->caps;

    return caps->cell_width > 0 ? (double) caps->cell_width / caps->cell_height : 0.5;
}

/* How a picture stands to the reference. */
static const SpComparison *
to_reference(UiCompare *compare, guint index)
{
    SpCheck *check = ui_case_get_check(get_case(compare));
    const SpGroups *groups = check == NULL ? NULL : sp_check_get_groups(check);

    return groups == NULL ? NULL : sp_groups_to_reference(groups, index);
}

static gboolean
is_reference(UiCompare *compare, guint index)
{
    SpCheck *check = ui_case_get_check(get_case(compare));

    return check != NULL && sp_check_get_reference(check) == (int) index;
}

static char *
relation_text(UiCompare *compare, guint index, UiRole *role)
{
    const SpComparison *comparison = to_reference(compare, index);

    if (is_reference(compare, index)) {
        *role = UI_ROLE_DIM;
        return g_strdup(_("reference"));
    }
    if (ui_case_is_said_same(get_case(compare), index)) {
        *role = UI_ROLE_OK;
        return g_strdup(_("the same, you say"));
    }
    if (comparison == NULL) {
        *role = UI_ROLE_DIM;
        return g_strdup(sp_copy_status_title(SP_COPY_PRESENT));
    }
    *role = sp_relation_is_same_photo(comparison->relation) ? UI_ROLE_OK
            : comparison->relation == SP_RELATION_UNSURE    ? UI_ROLE_WAIT
                                                            : UI_ROLE_ACTION;
    return g_strdup(sp_relation_title(comparison->relation));
}

char *
ui_compare_state(UiCompare *compare, guint index, UiRole *role)
{
    UiCase *ui_case = get_case(compare);
    const SpCopy *copy = ui_case_get_copy(ui_case, index);

    if (ui_case_is_reading(ui_case, ui_case_get_service(ui_case, index))) {
        g_autofree char *waited = ui_format_ms(ui_case_get_waited_ms(ui_case));

        *role = UI_ROLE_WAIT;
        return g_strdup_printf(_("waiting … %s"), waited);
    }
    if (copy == NULL) {
        *role = UI_ROLE_DIM;
        return g_strdup(sp_copy_status_title(SP_COPY_SKIPPED));
    }
    if (copy->status == SP_COPY_PRESENT) {
        return relation_text(compare, index, role);
    }
    *role = sp_copy_status_is_answer(copy->status) ? UI_ROLE_ACTION
            : copy->status == SP_COPY_SKIPPED      ? UI_ROLE_DIM
                                                   : UI_ROLE_PROBLEM;
    return g_strdup(sp_copy_status_title(copy->status));
}

/* "72×72", or NULL without a photo. */
static char *
dimensions(UiCompare *compare, const SpCopy *copy)
{
    const char *times = ui_app_get_terminal(compare->app)->is_utf8 ? "×" : "x";

    return copy == NULL || copy->photo == NULL
               ? NULL
               : g_strdup_printf("%d%s%d", sp_photo_get_width(copy->photo), times,
                                 sp_photo_get_height(copy->photo));
}

/* "648px" for a square, which nearly all of them are. */
static char *
short_dimensions(UiCompare *compare, const SpCopy *copy)
{
    if (copy != NULL && copy->photo != NULL &&
        sp_photo_get_width(copy->photo) == sp_photo_get_height(copy->photo)) {
        return g_strdup_printf(_("%dpx"), sp_photo_get_width(copy->photo));
    }
    return dimensions(compare, copy);
}

/* "3 d": short enough for the narrow column beside a picture. */
static char *
short_age(UiCompare *compare, const SpCopy *copy)
{
    g_autoptr(GDateTime) now = NULL;
    int hours;

    if (copy == NULL || copy->last_modified == NULL) {
        return NULL;
    }
    now = ui_case_now(get_case(compare));
    hours = (int) (g_date_time_difference(now, copy->last_modified) / G_TIME_SPAN_HOUR);
    return hours < 1          ? g_strdup(_("new"))
           : hours < 48       ? g_strdup_printf(_("%d h"), hours)
           : hours < 60 * 24  ? g_strdup_printf(_("%d d"), hours / 24)
           : hours < 730 * 24 ? g_strdup_printf(_("%d mo"), hours / 24 / 30)
                              : g_strdup_printf(_("%d y"), hours / 24 / 365);
}

static char *
long_age(UiCompare *compare, const SpCopy *copy)
{
    g_autoptr(GDateTime) now = ui_case_now(get_case(compare));

    return copy == NULL || copy->last_modified == NULL ? NULL
                                                       : ui_format_age(copy->last_modified, now);
}

char *
ui_compare_size(UiCompare *compare, guint index, int columns)
{
    const SpCopy *copy = ui_case_get_copy(get_case(compare), index);
    g_autofree char *size = dimensions(compare, copy);
    g_autofree char *bytes = NULL;
    g_autofree char *full = NULL;
    g_autofree char *shorter = NULL;

    if (size == NULL) {
        return NULL;
    }
    bytes = ui_format_bytes(g_bytes_get_size(sp_photo_get_bytes(copy->photo)));
    full = g_strdup_printf("%s  %s  %s", size, sp_photo_get_format(copy->photo), bytes);
    shorter = g_strdup_printf("%s  %s", size, bytes);
    return columns < 0 || (int) sp_text_columns(full) <= columns ? g_steal_pointer(&full)
           : (int) sp_text_columns(shorter) <= columns           ? g_steal_pointer(&shorter)
                                                                 : g_steal_pointer(&size);
}

static gboolean
is_marked(const UiCompare *compare, const char *service)
{
    return g_strcmp0(compare->marks[0], service) == 0 || g_strcmp0(compare->marks[1], service) == 0;
}

int
ui_compare_draw_name(UiCompare *compare, WINDOW *window, int y, int x, int columns, guint index,
                     UiRole role)
{
    UiCase *ui_case = get_case(compare);
    const UiTheme *theme = ui_app_get_theme(compare->app);
    int group = ui_case_get_group(ui_case, index);
    UiRole group_role = role == UI_ROLE_SELECTED ? role : ui_role_of_group(group);
    int used = 0;

    if (is_marked(compare, ui_case_get_service(ui_case, index))) {
        used += ui_textf(compare->app, window, y, x, columns,
                         role == UI_ROLE_SELECTED ? role : UI_ROLE_ACCENT, "%s ",
                         ui_sign(theme, UI_SIGN_MARK));
    }
    used += ui_textf(compare->app, window, y, x + used, columns - used, group_role, "%s%s ",
                     ui_group_shape(theme, group), ui_group_letter(group));
    used += ui_title(compare->app, window, y, x + used, columns - used, role,
                     ui_case_get_title(ui_case, index));
    return used;
}

static const SpRect *
face_of(UiCompare *compare, guint index, SpRect *face)
{
    const SpComparison *comparison = to_reference(compare, index);
    gboolean is_same = comparison != NULL && sp_relation_is_same_photo(comparison->relation) &&
                       !is_reference(compare, index);

    if (!compare->is_face) {
        return NULL;
    }
    *face = ui_face_part(is_same ? &comparison->left_part : NULL,
                         is_same ? &comparison->right_part : NULL);
    return face;
}

/* Why there is no picture, in the middle of where it would be. */
static void
draw_reason(UiCompare *compare, WINDOW *window, UiBox box, guint index)
{
    const SpCopy *copy = ui_case_get_copy(get_case(compare), index);
    UiRole role = UI_ROLE_DIM;
    g_autofree char *state = ui_compare_state(compare, index, &role);
    const char *words = copy != NULL ? sp_copy_get_reason(copy) : NULL;
    gboolean is_boxed = !compare->grid.is_framed && box.rows >= 5;
    int width = box.columns - (is_boxed ? 3 : 2);
    int room = box.rows - (is_boxed ? 2 : 0) - 1;
    int x = box.x + (is_boxed ? 2 : 1);
    int rows = words == NULL
                   ? 0
                   : ui_paragraph(compare->app, NULL, 0, 0, room, width, UI_ROLE_TEXT, words);
    int top = box.y + (is_boxed ? 1 : 0) + MAX((room - rows) / 2, 0);

    if (is_boxed) {
        ui_box(compare->app, window, box, UI_ROLE_DIM, NULL);
    }
    ui_text(compare->app, window, top, x, width, role, state);
    if (words != NULL) {
        ui_paragraph(compare->app, window, top + 1, x, rows, width, UI_ROLE_TEXT, words);
    }
}

static UiBox
draw_picture(UiCompare *compare, WINDOW *window, UiBox box, guint index)
{
    const SpCopy *copy = ui_case_get_copy(get_case(compare), index);
    SpRect face;

    if (copy == NULL || copy->photo == NULL) {
        draw_reason(compare, window, box, index);
        return box;
    }
    return ui_frame_photo(ui_app_get_frame(compare->app), window, box, copy->photo,
                          face_of(compare, index, &face));
}

/* The state in words, and at the right how old the copy is. */
static void
draw_state(UiCompare *compare, WINDOW *window, int y, int x, int columns, guint index)
{
    const SpCopy *copy = ui_case_get_copy(get_case(compare), index);
    UiRole role = UI_ROLE_DIM;
    g_autofree char *state = ui_compare_state(compare, index, &role);
    g_autofree char *age = long_age(compare, copy);
    int used = ui_text(compare->app, window, y, x, columns, role, state);
    int wanted = age == NULL ? 0 : (int) sp_text_columns(age);

    if (wanted > 0 && used + 2 + wanted <= columns) {
        ui_text(compare->app, window, y, x + columns - wanted, wanted, UI_ROLE_DIM, age);
    }
}

/* The narrow column beside a picture: group, size, format, bytes, age, one below the other. */
static void
draw_side(UiCompare *compare, WINDOW *window, UiBox box, guint index)
{
    const SpCopy *copy = ui_case_get_copy(get_case(compare), index);
    g_autofree char *size = short_dimensions(compare, copy);
    g_autofree char *bytes = NULL;
    g_autofree char *age = short_age(compare, copy);
    int group = ui_case_get_group(get_case(compare), index);
    int y = box.y + 1;

    if (size == NULL || box.columns < 3) {
        return;
    }
    bytes = ui_format_bytes(g_bytes_get_size(sp_photo_get_bytes(copy->photo)));
    ui_textf(compare->app, window, box.y, box.x, box.columns, ui_role_of_group(group), "%s %s",
             ui_group_shape(ui_app_get_theme(compare->app), group), ui_group_letter(group));
    for (int i = 0; i < 4 && y < box.y + box.rows; i++, y++) {
        const char *const lines[] = {size, sp_photo_get_format(copy->photo), bytes, age};

        ui_text(compare->app, window, y, box.x, box.columns, UI_ROLE_DIM, lines[i]);
    }
}

static void
draw_plain_cell(UiCompare *compare, WINDOW *window, UiBox box, guint index, gboolean is_selected)
{
    UiCase *ui_case = get_case(compare);
    const SpCopy *copy = ui_case_get_copy(ui_case, index);
    int columns = box.columns - 1;
    int name = box.y + box.rows - 2;
    gboolean has_picture = copy != NULL && copy->photo != NULL;
    int side = (int) ceil((box.rows - 2) / cell_ratio(compare));
    UiBox picture = {box.y, box.x, box.rows - 2,
                     has_picture ? MIN(columns - UI_GRID_SIDE, side) : columns};
    UiRole role = is_selected ? UI_ROLE_SELECTED : UI_ROLE_TEXT;
    int used = 0;

    picture = draw_picture(compare, window, picture, index);
    if (has_picture) {
        int x = picture.x + picture.columns + 1;

        draw_side(compare, window, (UiBox){box.y, x, box.rows - 2, box.x + columns - x}, index);
    }
    if (is_selected) {
        ui_fill(compare->app, window, name, box.x, columns, role);
    }
    if (is_marked(compare, ui_case_get_service(ui_case, index))) {
        used = ui_textf(compare->app, window, name, box.x, columns,
                        is_selected ? role : UI_ROLE_ACCENT, "%s ",
                        ui_sign(ui_app_get_theme(compare->app), UI_SIGN_MARK));
    }
    ui_title(compare->app, window, name, box.x + used, columns - used, role,
             ui_case_get_title(ui_case, index));
    if (has_picture || ui_case_is_reading(ui_case, ui_case_get_service(ui_case, index))) {
        UiRole state_role = UI_ROLE_DIM;
        g_autofree char *state = ui_compare_state(compare, index, &state_role);

        ui_text(compare->app, window, name + 1, box.x, columns, state_role, state);
    }
}

static void
draw_framed_cell(UiCompare *compare, WINDOW *window, UiBox box, guint index, gboolean is_selected)
{
    UiBox border = {box.y, box.x, box.rows, box.columns - 1};
    UiBox picture = {box.y + 1, box.x + 1, box.rows - 4, box.columns - 3};
    UiRole role = is_selected ? UI_ROLE_ACCENT : UI_ROLE_DIM;
    g_autofree char *size = ui_compare_size(compare, index, border.columns - 4);
    int used;

    ui_box(compare->app, window, border, UI_ROLE_DIM, NULL);
    if (is_selected) {
        /* One line only: moving the selection is then a matter of a few hundred bytes. */
        ui_rule(compare->app, window, box.y, box.x + 1, border.columns - 2, role);
    }
    used = ui_compare_draw_name(compare, window, box.y, box.x + 3, border.columns - 7, index,
                                is_selected ? UI_ROLE_SELECTED : UI_ROLE_TEXT);
    ui_text(compare->app, window, box.y, box.x + 2, 1, is_selected ? UI_ROLE_SELECTED : role, " ");
    ui_text(compare->app, window, box.y, box.x + 3 + used, 1, is_selected ? UI_ROLE_SELECTED : role,
            " ");
    draw_picture(compare, window, picture, index);
    ui_text(compare->app, window, box.y + box.rows - 2, box.x + 2, border.columns - 4, UI_ROLE_DIM,
            size);
    if (size != NULL) {
        draw_state(compare, window, box.y + box.rows - 3, box.x + 2, border.columns - 4, index);
    }
}

static void
draw_cell(UiCompare *compare, WINDOW *window, guint index)
{
    UiBox box = ui_grid_cell(&compare->grid, (int) index, compare->first_row);
    gboolean is_selected = (int) index == compare->selected;

    if (box.rows == 0) {
        return;
    }
    box.y += compare->grid_top;
    if (is_selected) {
        ui_app_set_cursor(compare->app, window,
                          compare->grid.is_framed ? box.y : box.y + box.rows - 2,
                          compare->grid.is_framed ? box.x + 3 : box.x, FALSE);
    }
    if (compare->grid.is_framed) {
        draw_framed_cell(compare, window, box, index, is_selected);
    } else {
        draw_plain_cell(compare, window, box, index, is_selected);
    }
}

/* The verdict in one sentence; gives the rows it took. */
static int
draw_verdict(UiCompare *compare, WINDOW *window)
{
    UiCase *ui_case = get_case(compare);
    g_autofree char *headline = ui_case_get_headline(ui_case);
    SpCheck *check = ui_case_get_check(ui_case);
    GPtrArray *findings = check == NULL ? NULL : sp_check_get_findings(check);
    UiRole role = UI_ROLE_STRONG;

    if (ui_case_get_error(ui_case) != NULL) {
        role = UI_ROLE_PROBLEM;
    } else if (ui_case_is_reading(ui_case, NULL)) {
        role = UI_ROLE_WAIT;
    } else if (findings != NULL && findings->len > 0) {
        role = ui_role_of_severity(((const SpFinding *) findings->pdata[0])->severity);
    }
    return ui_paragraph(compare->app, window, 0, 1, 2, getmaxx(window) - 2, role, headline);
}

/* The last line: which part of the grid is seen, and what the marks are good for. */
static void
draw_footer(UiCompare *compare, WINDOW *window)
{
    int count = (int) ui_case_count(get_case(compare));
    int y = getmaxy(window) - 1;
    const UiGrid *grid = &compare->grid;
    int first = compare->first_row * grid->columns;
    int last = MIN(first + grid->page_rows * grid->columns, count);

    if (compare->marks[0] != NULL && compare->marks[1] == NULL) {
        ui_text(compare->app, window, y, 1, -1, UI_ROLE_ACCENT,
                _("One copy is marked: mark another one to compare the two"));
    } else if (last - first < count) {
        ui_textf(compare->app, window, y, 1, -1, UI_ROLE_DIM, _("copies %d to %d of %d"), first + 1,
                 last, count);
    } else if (compare->is_face) {
        ui_text(compare->app, window, y, 1, -1, UI_ROLE_DIM, _("faces at one scale"));
    }
}

void
ui_compare_draw_grid(UiCompare *compare, WINDOW *window)
{
    guint count = ui_case_count(get_case(compare));
    int verdict = draw_verdict(compare, window);
    int spare = getmaxy(window) >= 30 ? 1 : 0;

    compare->grid_top = verdict + spare;
    compare->grid = ui_grid_fit((int) count, getmaxy(window) - compare->grid_top - 1,
                                getmaxx(window), cell_ratio(compare));
    if (count == 0) {
        return;
    }
    compare->selected = CLAMP(compare->selected, 0, (int) count - 1);
    compare->first_row = ui_grid_scroll(&compare->grid, compare->selected, compare->first_row);
    for (guint i = 0; i < count; i++) {
        draw_cell(compare, window, i);
    }
    draw_footer(compare, window);
}

void
ui_compare_draw_one(UiCompare *compare, WINDOW *window)
{
    guint index = (guint) compare->selected;
    UiBox box = {0, 1, getmaxy(window) - 3, getmaxx(window) - 2};
    g_autofree char *size = ui_compare_size(compare, index, box.columns);

    draw_picture(compare, window, box, index);
    ui_compare_draw_name(compare, window, box.rows, 1, box.columns, index, UI_ROLE_STRONG);
    draw_state(compare, window, box.rows + 1, 1, box.columns, index);
    ui_text(compare->app, window, box.rows + 2, 1, box.columns, UI_ROLE_DIM, size);
    ui_app_set_cursor(compare->app, window, box.rows, 1, FALSE);
}
