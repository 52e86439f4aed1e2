#ifndef SAMEPHOTO_TUI_LINKS_H
#define SAMEPHOTO_TUI_LINKS_H

/* Addresses that can be clicked (OSC 8). Curses knows no links: a frame's texts are noted while it
 * is drawn, and after curses the same cells are written once more, now as links. */

#include <glib.h>

typedef struct UiLinks UiLinks;

UiLinks *ui_links_new(void);
void ui_links_free(UiLinks *links);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiLinks, ui_links_free)

/* A new frame: nothing is noted. */
void ui_links_clear(UiLinks *links);

/* `text` stands at this place of the screen and leads to `url`; what is no plain web address is
 * passed over, since it goes to the terminal as it is. */
void ui_links_add(UiLinks *links, int y, int x, const char *text, const char *url);

/* What makes links of them, in the terminal sequence `look`; rows that a popup (UiBox) lies on are
 * left out. Transfer full. */
char *ui_links_write(const UiLinks *links, const char *look, const GArray *popups);

#endif
