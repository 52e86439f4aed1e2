/* What the person sees: adding a picture of it, and cutting the photo out of that. The picture is
 * shown whole, dimmed but for the square that is being chosen, and beside it what the square
 * holds. */
#include "core/i18n.h"
#include "core/services/seen.h"
#include "tui/compare.h"
#include "tui/prompt.h"
#include "tui/widgets.h"

#define MAX_SIDE 960 /* pixels of the picture on the screen; enough for a large window */

struct UiCut {
    SpCopy *whole;
    SpSquare square;
    guint8 *base; /* the whole picture, small: RGB */
    int base_width;
    int base_height;
    UiPixels *shown;     /* with the square as it stands; NULL: it has moved */
    UiBox place;         /* where it was drawn last */
    gboolean is_drawing; /* the mouse, from this corner */
    int corner_x;
    int corner_y;
};

/* ---- adding ---- */

static void
on_loaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    UiCompare *compare = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(SpCopy) copy = sp_seen_finish(result, &error);
    UiCase *ui_case;

    (void) source;
    /* Cancelled: the view is gone. */
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        return;
    }
    if (copy == NULL) {
        ui_app_say_error(compare->app, g_steal_pointer(&error));
        return;
    }
    ui_case = ui_app_get_case(compare->app);
    compare->news = N_("Added. Where it shows more than the photo, c cuts the photo out");
    ui_case_put_seen(ui_case, copy);
    compare->selected = MAX((int) ui_case_count(ui_case) - 1, 0);
}

void
ui_compare_tell_seen(UiCompare *compare)
{
    if (compare->news != NULL && !ui_case_has_new_seen(ui_app_get_case(compare->app))) {
        ui_app_say(compare->app, SP_SEVERITY_INFO, _(compare->news));
        compare->news = NULL;
    }
}

static void
on_path(UiApp *app, const char *text, gpointer user_data)
{
    UiCompare *compare = user_data;
    g_autofree char *path = NULL;

    if (text == NULL || *text == '\0') {
        return;
    }
    path = g_str_has_prefix(text, "~/") ? g_build_filename(g_get_home_dir(), text + 2, NULL)
                                        : g_strdup(text);
    sp_seen_load_async(path, ui_case_count_seen(ui_app_get_case(app)) + 1, compare->cancellable,
                       on_loaded, compare);
}

void
ui_compare_ask_seen(UiCompare *compare)
{
    ui_prompt_line(compare->app, _("What the person sees"), _("A picture file, e.g. a screenshot"),
                   "", on_path, compare);
}

/* ---- cutting ---- */

/* The square is moved in the picture as it was given, whatever was cut out of it before. */
gboolean
ui_compare_open_cut(UiCompare *compare)
{
    UiCase *ui_case = ui_app_get_case(compare->app);
    guint count = ui_case_count(ui_case);
    SpCopy *whole =
        (guint) compare->selected >= count
            ? NULL
            : ui_case_get_whole(ui_case, ui_case_get_service(ui_case, (guint) compare->selected));
    g_autoptr(UiPixels) pixels = NULL;
    UiCut *cut;
    int width;
    int height;
    int longest;

    if (whole == NULL || whole->photo == NULL) {
        return FALSE;
    }
    width = sp_photo_get_width(whole->photo);
    height = sp_photo_get_height(whole->photo);
    longest = MAX(width, height);
    cut = compare->cut = g_new0(UiCut, 1);
    cut->whole = sp_copy_ref(whole);
    cut->square = ui_square_begin(width, height);
    cut->base_width = longest <= MAX_SIDE ? width : MAX(1, width * MAX_SIDE / longest);
    cut->base_height = longest <= MAX_SIDE ? height : MAX(1, height * MAX_SIDE / longest);
    pixels = ui_pixels_of_photo(whole->photo, NULL);
    cut->base = ui_pixels_scale(pixels, cut->base_width, cut->base_height);
    return TRUE;
}

void
ui_compare_close_cut(UiCompare *compare)
{
    UiCut *cut = g_steal_pointer(&compare->cut);

    if (cut == NULL) {
        return;
    }
    sp_copy_unref(cut->whole);
    g_free(cut->base);
    g_clear_pointer(&cut->shown, ui_pixels_unref);
    g_free(cut);
}

static int
width_of(const UiCut *cut)
{
    return sp_photo_get_width(cut->whole->photo);
}

static int
height_of(const UiCut *cut)
{
    return sp_photo_get_height(cut->whole->photo);
}

static void
set_square(UiCut *cut, SpSquare square)
{
    cut->square = square;
    g_clear_pointer(&cut->shown, ui_pixels_unref);
}

/* What is outside of the square is dark. */
static UiPixels *
show_square(const UiCut *cut)
{
    gsize count = (gsize) cut->base_width * (gsize) cut->base_height;
    guint8 *out = g_malloc(count * 4);
    int left = cut->square.x * cut->base_width / width_of(cut);
    int top = cut->square.y * cut->base_height / height_of(cut);
    int right = (cut->square.x + cut->square.side) * cut->base_width / width_of(cut);
    int bottom = (cut->square.y + cut->square.side) * cut->base_height / height_of(cut);

    for (gsize i = 0; i < count; i++) {
        int x = (int) (i % (gsize) cut->base_width);
        int y = (int) (i / (gsize) cut->base_width);
        gboolean is_inside = x >= left && x < right && y >= top && y < bottom;

        for (int c = 0; c < 3; c++) {
            guint8 value = cut->base[i * 3 + (gsize) c];

            out[i * 4 + (gsize) c] = is_inside ? value : value / 3;
        }
        out[i * 4 + 3] = 255;
    }
    return ui_pixels_take(out, cut->base_width, cut->base_height);
}

static void
draw_picture(UiCompare *compare, WINDOW *window, UiBox box)
{
    UiCut *cut = compare->cut;
    UiBox square;

    if (cut->shown == NULL) {
        cut->shown = show_square(cut);
    }
    cut->place = ui_frame_pixels(ui_app_get_frame(compare->app), window, box, cut->shown);
    square = ui_square_cells(cut->square, width_of(cut), height_of(cut), cut->place);
    ui_box(compare->app, window, square, UI_ROLE_ACCENT, NULL);
    ui_app_set_cursor(compare->app, window, square.y, square.x, FALSE);
}

static void
draw_preview(UiCompare *compare, WINDOW *window, UiBox box)
{
    const UiCut *cut = compare->cut;
    double width = width_of(cut);
    double height = height_of(cut);
    SpRect part = {cut->square.x / width, cut->square.y / height, cut->square.side / width,
                   cut->square.side / height};

    ui_frame_photo(ui_app_get_frame(compare->app), window, box, cut->whole->photo, &part);
}

void
ui_compare_draw_cut(UiCompare *compare, WINDOW *window)
{
    const UiCut *cut = compare->cut;
    int rows = getmaxy(window) - 3;
    int preview = MIN(getmaxx(window) / 4, rows * 2);
    int columns = getmaxx(window) - preview - 4;
    UiBox picture = {1, 1, rows, columns};
    UiBox part = {2, columns + 3, MIN(rows - 1, (preview + 1) / 2), preview};

    ui_title(compare->app, window, 0, 1, columns, UI_ROLE_STRONG, cut->whole->title);
    ui_text(compare->app, window, 1, columns + 3, preview, UI_ROLE_DIM, _("What is cut out"));
    draw_picture(compare, window, picture);
    draw_preview(compare, window, part);
    ui_textf(compare->app, window, rows + 1, 1, -1, UI_ROLE_TEXT,
             _("%d × %d pixels at %d, %d of %d × %d"), cut->square.side, cut->square.side,
             cut->square.x, cut->square.y, width_of(cut), height_of(cut));
    ui_text(
        compare->app, window, rows + 2, 1, -1, UI_ROLE_DIM,
        _("Bring the square over the photo with the arrows, + and -; Esc leaves all as it was"));
}

static void
on_cut(GObject *source, GAsyncResult *result, gpointer user_data)
{
    UiCompare *compare = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(SpCopy) copy = sp_seen_finish(result, &error);

    (void) source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        return;
    }
    if (copy == NULL) {
        ui_app_say_error(compare->app, g_steal_pointer(&error));
        return;
    }
    compare->news = N_("Cut out: this part is compared now");
    ui_case_put_seen(ui_app_get_case(compare->app), copy);
}

static UiDo
finish(UiCompare *compare)
{
    sp_seen_cut_async(compare->cut->whole, &compare->cut->square, compare->cancellable, on_cut,
                      compare);
    ui_compare_close_cut(compare);
    compare->shows = UI_SHOWS_GRID;
    return UI_DO_REDRAW;
}

/* By a part of the square: large squares are brought near quickly, small ones are set finely. */
static UiDo
shift(UiCut *cut, int dx, int dy, gboolean is_pixel)
{
    int by = is_pixel ? 1 : MAX(cut->square.side / 6, 1);

    set_square(cut, ui_square_move(cut->square, dx * by, dy * by, width_of(cut), height_of(cut)));
    return UI_DO_REDRAW;
}

static UiDo
resize(UiCut *cut, int direction, gboolean is_pixel)
{
    int by = is_pixel ? 1 : MAX(cut->square.side / 8, 1);

    set_square(cut, ui_square_resize(cut->square, cut->square.side + direction * by, width_of(cut),
                                     height_of(cut)));
    return UI_DO_REDRAW;
}

static UiDo
nudge(UiCut *cut, int key)
{
    switch (key) {
    case 'H': return shift(cut, -1, 0, TRUE);
    case 'J': return shift(cut, 0, 1, TRUE);
    case 'K': return shift(cut, 0, -1, TRUE);
    default: return shift(cut, 1, 0, TRUE);
    }
}

/* The picture's pixel below a cell's middle. */
static void
pixel_at(const UiCut *cut, const UiEvent *event, int *x, int *y)
{
    *x = ((event->x - cut->place.x) * 2 + 1) * width_of(cut) / MAX(cut->place.columns * 2, 1);
    *y = ((event->y - cut->place.y) * 2 + 1) * height_of(cut) / MAX(cut->place.rows * 2, 1);
    *x = CLAMP(*x, 0, width_of(cut));
    *y = CLAMP(*y, 0, height_of(cut));
}

static UiDo
point(UiCut *cut, const UiEvent *event)
{
    int x;
    int y;

    pixel_at(cut, event, &x, &y);
    switch (event->mouse) {
    case UI_MOUSE_WHEEL_UP: return resize(cut, 1, FALSE);
    case UI_MOUSE_WHEEL_DOWN: return resize(cut, -1, FALSE);
    case UI_MOUSE_PRESS:
        cut->is_drawing = TRUE;
        cut->corner_x = x;
        cut->corner_y = y;
        return UI_DO_REDRAW;
    case UI_MOUSE_RELEASE: cut->is_drawing = FALSE; return UI_DO_REDRAW;
    case UI_MOUSE_DRAG: break;
    }
    if (cut->is_drawing) {
        set_square(
            cut, ui_square_draw(cut->corner_x, cut->corner_y, x, y, width_of(cut), height_of(cut)));
    }
    return UI_DO_REDRAW;
}

UiDo
ui_compare_key_cut(UiCompare *compare, const UiEvent *event)
{
    UiCut *cut = compare->cut;

    if (event->key == UI_KEY_MOUSE) {
        return point(cut, event);
    }
    switch (event->action) {
    case UI_ACTION_UP: return event->is_shift ? resize(cut, 1, FALSE) : shift(cut, 0, -1, FALSE);
    case UI_ACTION_RIGHT: return event->is_shift ? resize(cut, 1, FALSE) : shift(cut, 1, 0, FALSE);
    case UI_ACTION_DOWN: return event->is_shift ? resize(cut, -1, FALSE) : shift(cut, 0, 1, FALSE);
    case UI_ACTION_LEFT: return event->is_shift ? resize(cut, -1, FALSE) : shift(cut, -1, 0, FALSE);
    case UI_ACTION_MORE: return resize(cut, 1, event->key == '>');
    case UI_ACTION_LESS: return resize(cut, -1, event->key == '<');
    case UI_ACTION_NUDGE: return nudge(cut, event->key);
    case UI_ACTION_CHOOSE: return finish(compare);
    default: return UI_DO_NOTHING;
    }
}
