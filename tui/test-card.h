#ifndef SAMEPHOTO_TUI_TEST_CARD_H
#define SAMEPHOTO_TUI_TEST_CARD_H

/* What a terminal really does with colours and symbols, for eyes to judge: a few lines with words
 * for what should be seen. */

#include "tui/terminal.h"

/* Prints it to stdout; nothing where that is no terminal or wants no colours. */
void ui_test_card_print(void);

/* Draws a photo of a practice person as the screens would with these options. FALSE where there is
 * nothing to judge: no terminal, or no pictures wanted. */
gboolean ui_test_card_photo(const UiTerminalOptions *options);

#endif
