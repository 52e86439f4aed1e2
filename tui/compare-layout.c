#include "tui/compare-layout.h"

#define MIN_COLUMNS    18 /* a service's name with its group */
#define MIN_SIDE       5  /* rows of a picture below which nobody is recognised */
#define TEXT_ROWS      3  /* name, state, size */
#define FRAME_ROWS     4  /* two borders, the name in the upper one, state and size */
#define FRAMED_ROWS    14 /* from this size on borders cost little */
#define FRAMED_COLUMNS 28

#define FACE_SHARE 0.65
#define FACE_TOP   0.12

static gboolean
has_room_for_frame(int cell_rows, int cell_columns)
{
    return cell_rows >= FRAMED_ROWS && cell_columns >= FRAMED_COLUMNS;
}

/* The side, in rows, of a square picture in such a cell. */
static double
picture_side(int cell_rows, int cell_columns, double ratio)
{
    gboolean is_framed = has_room_for_frame(cell_rows, cell_columns);
    int rows = cell_rows - (is_framed ? FRAME_ROWS : TEXT_ROWS);
    int columns = cell_columns - (is_framed ? 3 : UI_GRID_SIDE + 1);

    return MIN(rows, columns * ratio);
}

static UiGrid
make_grid(int count, int columns, int page_rows, int rows, int width)
{
    UiGrid grid = {.columns = columns, .page_rows = page_rows};

    grid.total_rows = (count + columns - 1) / columns;
    grid.cell_rows = rows / page_rows;
    grid.cell_columns = width / columns;
    grid.is_framed = has_room_for_frame(grid.cell_rows, grid.cell_columns);
    return grid;
}

/* As many rows as keep pictures recognisable, in as many columns as names need. */
static UiGrid
scrolling_grid(int count, int rows, int columns)
{
    int across = CLAMP(columns / (MIN_COLUMNS + 2), 1, MAX(count, 1));
    int page_rows = MAX(rows / (MIN_SIDE + TEXT_ROWS), 1);

    return make_grid(count, across, page_rows, rows, columns);
}

UiGrid
ui_grid_fit(int count, int rows, int columns, double ratio)
{
    double best_side = 0;
    int best = 0;

    rows = MAX(rows, 1);
    for (int across = 1; across <= count; across++) {
        int down = (count + across - 1) / across;
        double side;

        if (columns / across < MIN_COLUMNS && across > 1) {
            break;
        }
        side = picture_side(rows / down, columns / across, ratio);
        /* A hair's breadth more is no reason to change the grid. */
        if (side > best_side + 0.25) {
            best_side = side;
            best = across;
        }
    }
    if (best == 0 || best_side < MIN_SIDE) {
        return scrolling_grid(count, rows, columns);
    }
    return make_grid(count, best, (count + best - 1) / best, rows, columns);
}

UiBox
ui_grid_cell(const UiGrid *grid, int index, int first_row)
{
    int row = index / grid->columns - first_row;
    UiBox box = {row * grid->cell_rows, index % grid->columns * grid->cell_columns, grid->cell_rows,
                 grid->cell_columns};

    if (row < 0 || row >= grid->page_rows) {
        box.rows = 0;
    }
    return box;
}

int
ui_grid_at(const UiGrid *grid, int count, int first_row, int y, int x)
{
    for (int i = 0; i < count; i++) {
        UiBox box = ui_grid_cell(grid, i, first_row);

        if (box.rows > 0 && y >= box.y && y < box.y + box.rows && x >= box.x &&
            x < box.x + box.columns) {
            return i;
        }
    }
    return -1;
}

int
ui_grid_move(const UiGrid *grid, int count, int selected, int dx, int dy)
{
    int moved = selected + dx + dy * grid->columns;

    if (dy > 0 && moved >= count && selected / grid->columns < grid->total_rows - 1) {
        return count - 1; /* the last row is shorter */
    }
    return moved < 0 || moved >= count ? selected : moved;
}

int
ui_grid_scroll(const UiGrid *grid, int selected, int first_row)
{
    int row = selected / grid->columns;

    first_row = MIN(first_row, row);
    first_row = MAX(first_row, row - grid->page_rows + 1);
    return CLAMP(first_row, 0, MAX(grid->total_rows - grid->page_rows, 0));
}

/* One axis: the face's range, from the reference's part to the copy's, within the picture. */
static void
map_range(double from, double length, double part_at, double part_length, double copy_at,
          double copy_length, double *at, double *size)
{
    double scale = copy_length / MAX(part_length, 0.01);
    double first = CLAMP(copy_at + (from - part_at) * scale, 0.0, 0.95);

    *at = first;
    *size = CLAMP(length * scale, 0.05, 1.0 - first);
}

SpRect
ui_face_part(const SpRect *reference, const SpRect *copy)
{
    const SpRect whole = {0, 0, 1, 1};
    const SpRect *from = reference != NULL && copy != NULL ? reference : &whole;
    const SpRect *to = reference != NULL && copy != NULL ? copy : &whole;
    SpRect face;

    map_range((1 - FACE_SHARE) / 2, FACE_SHARE, from->x, from->width, to->x, to->width, &face.x,
              &face.width);
    map_range((1 - FACE_SHARE) * FACE_TOP, FACE_SHARE, from->y, from->height, to->y, to->height,
              &face.y, &face.height);
    return face;
}

static int
fit_side(int side, int width, int height)
{
    int most = MIN(width, height);

    return CLAMP(side, MIN(UI_SQUARE_MIN, most), most);
}

SpSquare
ui_square_begin(int width, int height)
{
    int side = fit_side(MIN(width, height) / 2, width, height);

    return (SpSquare){(width - side) / 2, (height - side) / 2, side};
}

SpSquare
ui_square_move(SpSquare square, int dx, int dy, int width, int height)
{
    square.x = CLAMP(square.x + dx, 0, width - square.side);
    square.y = CLAMP(square.y + dy, 0, height - square.side);
    return square;
}

SpSquare
ui_square_resize(SpSquare square, int side, int width, int height)
{
    int fitting = fit_side(side, width, height);
    int shift = (square.side - fitting) / 2;

    square.side = fitting;
    return ui_square_move(square, shift, shift, width, height);
}

SpSquare
ui_square_draw(int x0, int y0, int x1, int y1, int width, int height)
{
    int side = fit_side(MAX(ABS(x1 - x0), ABS(y1 - y0)), width, height);
    SpSquare square = {x1 < x0 ? x0 - side : x0, y1 < y0 ? y0 - side : y0, side};

    return ui_square_move(square, 0, 0, width, height);
}

UiBox
ui_square_cells(SpSquare square, int width, int height, UiBox place)
{
    int left = square.x * place.columns / width;
    int top = square.y * place.rows / height;
    int right = ((square.x + square.side) * place.columns + width - 1) / width;
    int bottom = ((square.y + square.side) * place.rows + height - 1) / height;

    return (UiBox){place.y + top, place.x + left, bottom - top, right - left};
}
