#ifndef SAMEPHOTO_TUI_CAPS_H
#define SAMEPHOTO_TUI_CAPS_H

/* What a terminal answers when asked what it can do. One round of questions with DA1 last: its
 * answer ends the wait. What a person types meanwhile is kept, in order. */

#include <glib.h>

/* A plain value. */
typedef struct {
    gboolean has_answered; /* DA1 came back in time */
    gboolean has_sixel;
    gboolean has_kitty;
    gboolean has_sync; /* synchronized output (mode 2026) */
    int is_direct;     /* 24-bit colour: 1, 0, or -1: it did not say */
    int cell_width;    /* pixels; 0: unknown */
    int cell_height;
    int background; /* 0xRRGGBB or -1 */
    int elapsed_ms;
} UiCaps;

/* Reads answers from bytes that come in any pieces. */
typedef struct UiCapsParser UiCapsParser;
UiCapsParser *ui_caps_parser_new(void);
void ui_caps_parser_free(UiCapsParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiCapsParser, ui_caps_parser_free)

/* Takes bytes; TRUE once DA1's answer is among what was taken. */
gboolean ui_caps_parser_feed(UiCapsParser *parser, const char *bytes, gsize length);
const UiCaps *ui_caps_parser_get(const UiCapsParser *parser);

/* What was no answer: keys that were typed. Transfer full. */
GBytes *ui_caps_parser_take_keys(UiCapsParser *parser);

/* The questions that are safe to ask this kind of terminal. */
typedef enum {
    UI_ASK_ALL,
    UI_ASK_NO_APC, /* tmux makes an APC the pane's title */
    UI_ASK_CSI_ONLY,
    UI_ASK_DA1_ONLY
} UiAsk;
const char *ui_caps_questions(UiAsk ask);

/* Asks the terminal at `fd` and waits at most `timeout_ms`; `keys` gets what was typed meanwhile
 * (transfer full). FALSE where it is no terminal. */
gboolean ui_caps_query(int fd, UiAsk ask, int timeout_ms, UiCaps *caps, GBytes **keys);

/* The cell's pixels as the kernel knows them, where it does. */
void ui_caps_read_cell_size(int fd, UiCaps *caps);

#endif
