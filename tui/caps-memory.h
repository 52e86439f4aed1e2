#ifndef SAMEPHOTO_TUI_CAPS_MEMORY_H
#define SAMEPHOTO_TUI_CAPS_MEMORY_H

/* What a terminal answered is kept, so that the next start in it asks nothing and waits for
 * nothing. A terminal's name says too little: what is kept belongs to one terminal device, to the
 * shell that leads its session, and to the TERM that was set, and is forgotten after half a day. */

#include "tui/caps.h"

/* Whether the terminal at `fd` has answered before, or has failed to twice: `caps` then holds what
 * is known, the cells' size as the kernel has it now. FALSE: ask. */
gboolean ui_caps_recall(int fd, UiCaps *caps);

/* Keeps an answer, or that there was none. That it cannot be kept is no fault. */
void ui_caps_keep(int fd, const UiCaps *caps);

#endif
