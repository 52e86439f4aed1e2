#ifndef SAMEPHOTO_TUI_OVERLAY_H
#define SAMEPHOTO_TUI_OVERLAY_H

/* Pixels over curses: after a frame's doupdate() what is new goes out and what is gone is taken
 * away, in one buffer. The cells beneath stay drawn. Curses is not used here, but for telling the
 * painter which lines it must write again. */

#include "tui/frame.h"

typedef struct UiOverlay UiOverlay;

/* `graphics` is one of SIXEL, KITTY and ITERM. */
UiOverlay *ui_overlay_new(UiGraphics graphics, const UiCaps *caps);
void ui_overlay_free(UiOverlay *overlay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiOverlay, ui_overlay_free)

/* What to write after doupdate() so that exactly these pictures (UiPlacement) are on the screen,
 * except where one of `popups` (UiBox) covers them; "" where nothing changed. `rows` is the
 * screen's height: nothing reaches its last row. Transfer full. */
GString *ui_overlay_update(UiOverlay *overlay, const GArray *placements, const GArray *popups,
                           int rows);

/* Lines (first, count in `UiBox.y` and `.rows`) whose pictures the next update takes away and that
 * only written text removes (sixel, iTerm2): curses must write them again, before. Transfer full.
 */
GArray *ui_overlay_get_stale(UiOverlay *overlay, const GArray *placements, const GArray *popups);

/* Everything was wiped (resize, Ctrl-L, resume): the next update brings all of it again. */
void ui_overlay_forget(UiOverlay *overlay);

#endif
