#ifndef SAMEPHOTO_TUI_FRAME_H
#define SAMEPHOTO_TUI_FRAME_H

/* The pictures of one frame. A view says where a picture goes; its cells are drawn into the window
 * at once (from a cache), and where the terminal has pixels the frame notes the place, so that the
 * overlay can bring what is new and take away what is gone after doupdate(). */

#include <curses.h>

#include "tui/picture.h"
#include "tui/theme.h"

typedef struct UiFrame UiFrame;

/* A plain value, in cells. */
typedef struct {
    int y;
    int x;
    int rows;
    int columns;
} UiBox;

UiFrame *ui_frame_new(const UiTerminal *terminal, UiTheme *theme);
void ui_frame_free(UiFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiFrame, ui_frame_free)

/* Draws into `box` of `window`, as large as fits in the picture's shape, centred; gives where. */
UiBox ui_frame_photo(UiFrame *frame, WINDOW *window, UiBox box, SpPhoto *photo, const SpRect *part);
UiBox ui_frame_pixels(UiFrame *frame, WINDOW *window, UiBox box, UiPixels *pixels);

/* For the painter: begins a frame; ends it, TRUE where some picture was left for the next frame. */
void ui_frame_begin(UiFrame *frame);
gboolean ui_frame_end(UiFrame *frame);

/* The theme has changed or the terminal's cells have. */
void ui_frame_reset(UiFrame *frame, UiTheme *theme);

/* The pictures that were drawn since ui_frame_begin(), on the screen. */
typedef struct {
    UiBox box;
    UiPixels *pixels;
} UiPlacement;
GArray *ui_frame_get_placements(UiFrame *frame);

#endif
