/* Rendered pictures are kept, so that a frame which changes one line renders none. What a frame has
 * no time for is drawn in the next one: keys come in between. */
#include "tui/frame.h"

#define FRAME_BUDGET_US (25 * 1000)
#define MAX_CACHED      96

/* One rendered picture. */
typedef struct {
    guint64 id;
    int rows;
    int columns;
    UiCells *cells;
    guint64 used; /* the frame that used it last */
} Rendered;

struct UiFrame {
    const UiTerminal *terminal;
    UiTheme *theme;
    UiPictureStyle style;
    GPtrArray *cache;   /* Rendered */
    GArray *placements; /* UiPlacement */
    guint64 number;
    gint64 spent_us;
    gboolean is_late; /* some picture had to wait */
};

static void
free_rendered(gpointer data)
{
    Rendered *rendered = data;

    ui_cells_free(rendered->cells);
    g_free(rendered);
}

static void
clear_placement(gpointer data)
{
    UiPlacement *placement = data;

    ui_pixels_unref(placement->pixels);
}

UiFrame *
ui_frame_new(const UiTerminal *terminal, UiTheme *theme)
{
    UiFrame *frame = g_new0(UiFrame, 1);

    frame->terminal = terminal;
    frame->cache = g_ptr_array_new_with_free_func(free_rendered);
    frame->placements = g_array_new(FALSE, FALSE, sizeof(UiPlacement));
    g_array_set_clear_func(frame->placements, clear_placement);
    ui_frame_reset(frame, theme);
    return frame;
}

void
ui_frame_free(UiFrame *frame)
{
    if (frame == NULL) {
        return;
    }
    g_ptr_array_unref(frame->cache);
    g_array_unref(frame->placements);
    g_free(frame);
}

void
ui_frame_reset(UiFrame *frame, UiTheme *theme)
{
    frame->theme = theme;
    frame->style = (UiPictureStyle){
        .colours = ui_theme_get_colours(theme),
        .is_utf8 = frame->terminal->is_utf8,
        .is_light = frame->terminal->is_light,
        .cell_width = frame->terminal->caps.cell_width,
        .cell_height = frame->terminal->caps.cell_height,
    };
    g_ptr_array_set_size(frame->cache, 0);
}

void
ui_frame_begin(UiFrame *frame)
{
    g_array_set_size(frame->placements, 0);
    frame->number++;
    frame->spent_us = 0;
    frame->is_late = FALSE;
}

/* Pictures that the last frames did not use make room. */
static void
trim_cache(UiFrame *frame)
{
    for (guint i = frame->cache->len; i > 0 && frame->cache->len > MAX_CACHED; i--) {
        const Rendered *rendered = frame->cache->pdata[i - 1];

        if (rendered->used + 2 < frame->number) {
            g_ptr_array_remove_index_fast(frame->cache, i - 1);
        }
    }
}

gboolean
ui_frame_end(UiFrame *frame)
{
    trim_cache(frame);
    return frame->is_late;
}

GArray *
ui_frame_get_placements(UiFrame *frame)
{
    return frame->placements;
}

static const UiCells *
find_cells(UiFrame *frame, guint64 id, int rows, int columns)
{
    for (guint i = 0; i < frame->cache->len; i++) {
        Rendered *rendered = frame->cache->pdata[i];

        if (rendered->id == id && rendered->rows == rows && rendered->columns == columns) {
            rendered->used = frame->number;
            return rendered->cells;
        }
    }
    return NULL;
}

/* From the cache, or rendered now; NULL where this frame has no time left. */
static const UiCells *
get_cells(UiFrame *frame, const UiPixels *pixels, int rows, int columns)
{
    guint64 id = ui_pixels_get_id(pixels);
    const UiCells *cells = find_cells(frame, id, rows, columns);
    gint64 began = g_get_monotonic_time();
    Rendered *rendered;

    if (cells != NULL) {
        return cells;
    }
    if (frame->spent_us > FRAME_BUDGET_US) {
        frame->is_late = TRUE;
        return NULL;
    }
    rendered = g_new0(Rendered, 1);
    rendered->id = id;
    rendered->rows = rows;
    rendered->columns = columns;
    rendered->used = frame->number;
    rendered->cells = ui_picture_render(pixels, rows, columns, &frame->style);
    g_ptr_array_add(frame->cache, rendered);
    frame->spent_us += g_get_monotonic_time() - began;
    return rendered->cells;
}

static void
draw_cells(UiFrame *frame, WINDOW *window, int y, int x, const UiCells *cells)
{
    for (int i = 0; i < cells->rows * cells->columns; i++) {
        const UiCell *cell = &cells->cells[i];
        int pair = ui_theme_pair(frame->theme, cell->foreground, cell->background);
        wchar_t text[2] = {(wchar_t) cell->character, L'\0'};
        cchar_t complex_character;

        /* The pair goes through the last argument: pairs above 32767 fit no short. */
        setcchar(&complex_character, text, cell->is_reverse ? A_REVERSE : A_NORMAL, 0, &pair);
        mvwadd_wch(window, y + i / cells->columns, x + i % cells->columns, &complex_character);
    }
}

UiBox
ui_frame_pixels(UiFrame *frame, WINDOW *window, UiBox box, UiPixels *pixels)
{
    UiBox place = box;
    const UiCells *cells;
    UiPlacement placement;

    place.rows = MIN(box.rows, getmaxy(window) - box.y);
    place.columns = MIN(box.columns, getmaxx(window) - box.x);
    ui_picture_fit(ui_pixels_get_width(pixels), ui_pixels_get_height(pixels), &frame->style,
                   &place.rows, &place.columns);
    if (place.rows < 1 || place.columns < 1 || frame->terminal->graphics == UI_GRAPHICS_NONE) {
        return place;
    }
    place.y += (box.rows - place.rows) / 2;
    place.x += (box.columns - place.columns) / 2;
    cells = get_cells(frame, pixels, place.rows, place.columns);
    if (cells == NULL) {
        return place;
    }
    draw_cells(frame, window, place.y, place.x, cells);
    placement.box = place;
    placement.box.y += getbegy(window);
    placement.box.x += getbegx(window);
    placement.pixels = ui_pixels_ref(pixels);
    g_array_append_val(frame->placements, placement);
    return place;
}

UiBox
ui_frame_photo(UiFrame *frame, WINDOW *window, UiBox box, SpPhoto *photo, const SpRect *part)
{
    g_autoptr(UiPixels) pixels = ui_pixels_of_photo(photo, part);

    return ui_frame_pixels(frame, window, box, pixels);
}
