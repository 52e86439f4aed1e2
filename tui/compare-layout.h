#ifndef SAMEPHOTO_TUI_COMPARE_LAYOUT_H
#define SAMEPHOTO_TUI_COMPARE_LAYOUT_H

/* Where things go in Compare. Pure: sizes in, places out. */

#include "core/photo/compare.h"
#include "core/services/seen.h"
#include "tui/frame.h"

/* Columns beside a picture without a frame: group, size, format, bytes and age. */
#define UI_GRID_SIDE 6

/* Pixels: a smaller square shows no face. */
#define UI_SQUARE_MIN 16

/* The grid of copies. A plain value. */
typedef struct {
    int columns;    /* copies beside each other */
    int page_rows;  /* rows of copies that are visible */
    int total_rows; /* of all copies */
    int cell_rows;  /* the room of one copy, text and border included */
    int cell_columns;
    gboolean is_framed; /* there is room for borders */
} UiGrid;

/* The grid in which `count` copies are largest within rows x columns; scrolls where they would be
 * too small to recognise. `ratio` is a cell's width over its height. */
UiGrid ui_grid_fit(int count, int rows, int columns, double ratio);

/* Where copy `index` is drawn when `first_row` is the first visible row; no rows where it is not.
 */
UiBox ui_grid_cell(const UiGrid *grid, int index, int first_row);

/* The copy at a place, or -1. */
int ui_grid_at(const UiGrid *grid, int count, int first_row, int y, int x);

/* The selection after a step: by `dx` and `dy`, staying within the grid. */
int ui_grid_move(const UiGrid *grid, int count, int selected, int dx, int dy);

/* The first visible row so that `selected` is visible, changed as little as possible. */
int ui_grid_scroll(const UiGrid *grid, int selected, int first_row);

/* The upper middle of the reference's photo, where faces are, in the coordinates of a copy:
 * `reference` and `copy` are the part that both show (NULL: all of it), so that faces come out at
 * one scale. */
SpRect ui_face_part(const SpRect *reference, const SpRect *copy);

/* The square that is cut out of a picture of `width` x `height`, always within it: where it begins,
 * moved, made larger or smaller about its middle, and drawn from one corner to the opposite one. */
SpSquare ui_square_begin(int width, int height);
SpSquare ui_square_move(SpSquare square, int dx, int dy, int width, int height);
SpSquare ui_square_resize(SpSquare square, int side, int width, int height);
SpSquare ui_square_draw(int x0, int y0, int x1, int y1, int width, int height);

/* The cells of `place`, which shows the whole picture, that the square covers. */
UiBox ui_square_cells(SpSquare square, int width, int height, UiBox place);

#endif
