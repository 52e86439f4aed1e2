#ifndef SAMEPHOTO_TUI_PICTURE_H
#define SAMEPHOTO_TUI_PICTURE_H

/* A picture as terminal cells, made by chafa with the settings that keep a face recognisable
 * (reference terminal.md, sections 2 and 6). Pure: no curses here. */

#include <glib.h>

#include "core/photo/compare.h"
#include "core/photo/photo.h"
#include "tui/terminal.h"

/* Pixels that are drawn: of a photo or made from several. Immutable and shared. */
typedef struct UiPixels UiPixels;

/* A photo's, or a part of it (NULL: whole); nothing is copied. */
UiPixels *ui_pixels_of_photo(SpPhoto *photo, const SpRect *part);

/* Takes `rgba` over (g_free). */
UiPixels *ui_pixels_take(guint8 *rgba, int width, int height);
UiPixels *ui_pixels_ref(UiPixels *pixels);
void ui_pixels_unref(UiPixels *pixels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiPixels, ui_pixels_unref)

int ui_pixels_get_width(const UiPixels *pixels);
int ui_pixels_get_height(const UiPixels *pixels);

/* A number that is the same for the same photo and part. */
guint64 ui_pixels_get_id(const UiPixels *pixels);

/* Area-averaged to width x height, RGB, rows of `width * 3` bytes. Transfer full. */
guint8 *ui_pixels_scale(const UiPixels *pixels, int width, int height);

/* One cell; a plain value. Colours: 0xRRGGBB (UI_COLOURS_TRUE), 0..255, 0..15, or -1: the default.
 */
typedef struct {
    gunichar character;
    int foreground;
    int background;
    gboolean is_reverse;
} UiCell;

/* rows * columns cells. A plain value; free with ui_cells_free(). */
typedef struct {
    int rows;
    int columns;
    UiCell *cells;
} UiCells;
void ui_cells_free(UiCells *cells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiCells, ui_cells_free)

/* How cells are made. A plain value. */
typedef struct {
    UiColours colours;
    gboolean is_utf8;
    gboolean is_light; /* dark ink on a light ground: matters where the two are all there is */
    int cell_width; /* pixels of one cell; 0: 8 x 16 */
    int cell_height;
} UiPictureStyle;

/* The rows and columns that keep the picture's shape within a box. */
void ui_picture_fit(int width, int height, const UiPictureStyle *style, int *rows, int *columns);

/* Draws. Transfer full. */
UiCells *ui_picture_render(const UiPixels *pixels, int rows, int columns,
                           const UiPictureStyle *style);

#endif
