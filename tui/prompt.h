#ifndef SAMEPHOTO_TUI_PROMPT_H
#define SAMEPHOTO_TUI_PROMPT_H

/* Questions that come up over a view (panels), and the one-line text field that they and the views
 * use (curses' forms). */

#include "tui/app.h"

/* A text field of one line, UTF-8, that scrolls. */
typedef struct UiField UiField;

UiField *ui_field_new(const char *text);
void ui_field_free(UiField *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UiField, ui_field_free)

/* Draws it and leaves the cursor in it where it has the focus. */
void ui_field_draw(UiField *field, UiApp *app, WINDOW *window, int y, int x, int columns,
                   gboolean has_focus);

/* Takes a key; FALSE where it was none for a text field (Enter, Up, Tab, …). */
gboolean ui_field_key(UiField *field, const UiEvent *event);

/* The text, trimmed. Transfer full. */
char *ui_field_get(const UiField *field);
void ui_field_set(UiField *field, const char *text);

/* `text` is NULL where the person thought better of it. */
typedef void (*UiPromptLineFunc)(UiApp *app, const char *text, gpointer user_data);

/* Asks for one line. */
void ui_prompt_line(UiApp *app, const char *title, const char *explain, const char *initial,
                    UiPromptLineFunc func, gpointer user_data);

/* A plain value; text is translated and copied. */
typedef struct {
    const char *title;
    const char *detail; /* or NULL */
    int key;            /* a letter that chooses it at once, or 0 */
} UiChoice;

/* `index` is -1 where the person thought better of it. */
typedef void (*UiPromptChoiceFunc)(UiApp *app, int index, gpointer user_data);

/* Asks to choose one; `selected` is under the cursor at first. */
void ui_prompt_choice(UiApp *app, const char *title, const char *explain, const UiChoice *choices,
                      guint n_choices, guint selected, UiPromptChoiceFunc func, gpointer user_data);

/* Yes or no; "no" is under the cursor at first. */
void ui_prompt_confirm(UiApp *app, const char *title, const char *explain, UiPromptChoiceFunc func,
                       gpointer user_data);

/* A text to read that scrolls; any leaving key closes it. */
void ui_prompt_text(UiApp *app, const char *title, const char *text);

/* The same, as wide as its longest line where the window has the room: for tables. */
void ui_prompt_table(UiApp *app, const char *title, const char *text);

/* The columns that a table's line may have in this window. */
int ui_prompt_table_columns(void);

#endif
