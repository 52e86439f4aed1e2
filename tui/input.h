#ifndef SAMEPHOTO_TUI_INPUT_H
#define SAMEPHOTO_TUI_INPUT_H

/* From a terminal's bytes to keys. Sequences may come in any pieces; what is no key that we know
 * (above all a terminal's late answer to a question) is dropped whole and never becomes keys. */

#include "tui/keys.h"

/* What stands at the beginning of some bytes. */
typedef enum {
    UI_TOKEN_PARTIAL, /* the beginning of a sequence */
    UI_TOKEN_BYTE,    /* a control character, or a byte that is no UTF-8 */
    UI_TOKEN_CHARACTER,
    UI_TOKEN_CSI,    /* ESC [ … */
    UI_TOKEN_SS3,    /* ESC O x */
    UI_TOKEN_STRING, /* DCS, OSC, APC, PM or SOS up to its end */
} UiToken;

/* The kind and length of the first token of `length` (> 0) bytes. */
UiToken ui_token(const char *bytes, gsize length, gsize *token_length);

typedef struct UiInput UiInput;

/* Gets every key, with action NONE. */
typedef void (*UiInputFunc)(const UiEvent *event, gpointer user_data);

UiInput *ui_input_new(UiInputFunc func, gpointer user_data);
void ui_input_free(UiInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiInput, ui_input_free)

void ui_input_feed(UiInput *input, const char *bytes, gsize length);

/* How long to wait for the rest of what has begun before ui_input_flush(); 0: nothing has begun. */
guint ui_input_get_wait_ms(const UiInput *input);

/* The rest did not come: a lone ESC was the Escape key, anything else is dropped. */
void ui_input_flush(UiInput *input);

/* Answers may still be under way (the terminal did not answer in time): wait longer after an ESC.
 */
void ui_input_set_patient(UiInput *input, gboolean is_patient);

#endif
