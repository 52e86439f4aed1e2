#ifndef SAMEPHOTO_TUI_TEST_CARD_H
#define SAMEPHOTO_TUI_TEST_CARD_H

/* What a terminal really does with colours and symbols, for eyes to judge: a few lines with words
 * for what should be seen. */

/* Prints it to stdout; nothing where that is no terminal or wants no colours. */
void ui_test_card_print(void);

#endif
