#ifndef SAMEPHOTO_TUI_OVERLAY_H
#define SAMEPHOTO_TUI_OVERLAY_H

/* Pixels over curses: after a frame's doupdate() what is new goes out and what is gone is taken
 * away, in one buffer. The cells beneath stay drawn, so that what a popup uncovers shows them until
 * the pixels are back. Curses is not used here: the painter is told which lines to write again. */

#include "tui/frame.h"

typedef struct UiOverlay UiOverlay;

/* `graphics` is one of SIXEL, KITTY and ITERM. `caps` (its cells' pixels) is borrowed and read anew
 * after ui_overlay_forget(): a resize may change it. */
UiOverlay *ui_overlay_new(UiGraphics graphics, const UiCaps *caps);
void ui_overlay_free(UiOverlay *overlay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiOverlay, ui_overlay_free)

/* Before doupdate(): lines (`UiBox.y` and `.rows`) of pictures that are no longer among
 * `placements` (UiPlacement) and that only written text removes (sixel, iTerm2): curses must write
 * them again. Other pictures on these lines, and those under `popups` (UiBox), are damaged by what
 * is written: updates bring them again as soon as nothing covers them. Transfer full. */
GArray *ui_overlay_prepare(UiOverlay *overlay, const GArray *placements, const GArray *popups);

/* What to write after doupdate() so that exactly these pictures are on the screen, except where a
 * popup covers them; "" where nothing changed. `rows` is the screen's height: nothing reaches its
 * last row. Transfer full. */
GString *ui_overlay_update(UiOverlay *overlay, const GArray *placements, const GArray *popups,
                           int rows);

/* Whether the last update had no time to encode some picture: the next one goes on. */
gboolean ui_overlay_is_late(const UiOverlay *overlay);

/* What draws a picture where the cursor stands, for who prints past the screens; `graphics` and
 * `caps` as for a new overlay, its cells' pixels known. Transfer full. */
GBytes *ui_overlay_encode(UiGraphics graphics, const UiCaps *caps, UiPixels *pixels, int rows,
                          int columns);

/* Everything was wiped or cells have another size (resize, Ctrl-L, resume): the next update brings
 * all of it again. */
void ui_overlay_forget(UiOverlay *overlay);

#endif
