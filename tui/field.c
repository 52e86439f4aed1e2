/* A line of code points with a cursor; what does not fit scrolls. */
#include <string.h>

#include "core/text.h"
#include "tui/prompt.h"
#include "tui/widgets.h"

#define MAX_CHARACTERS 1000

struct UiField {
    GArray *characters; /* gunichar */
    guint cursor;
    guint first; /* the first that is drawn */
};

UiField *
ui_field_new(const char *text)
{
    UiField *field = g_new0(UiField, 1);

    field->characters = g_array_new(FALSE, FALSE, sizeof(gunichar));
    ui_field_set(field, text);
    return field;
}

void
ui_field_free(UiField *field)
{
    if (field == NULL) {
        return;
    }
    g_array_unref(field->characters);
    g_free(field);
}

static void
insert(UiField *field, const char *text)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);

        if (field->characters->len < MAX_CHARACTERS) {
            g_array_insert_val(field->characters, field->cursor, character);
            field->cursor++;
        }
    }
}

void
ui_field_set(UiField *field, const char *text)
{
    g_autofree char *clean = sp_text_clean(text, -1, MAX_CHARACTERS);

    g_array_set_size(field->characters, 0);
    field->cursor = 0;
    field->first = 0;
    insert(field, clean);
}

static char *
text_between(const UiField *field, guint from, guint to)
{
    const gunichar *characters = (const gunichar *) (gpointer) field->characters->data;

    return to <= from ? g_strdup("")
                      : g_ucs4_to_utf8(characters + from, (glong) (to - from), NULL, NULL, NULL);
}

char *
ui_field_get(const UiField *field)
{
    return g_strstrip(text_between(field, 0, field->characters->len));
}

static void
remove_range(UiField *field, guint from, guint to)
{
    if (to > from) {
        g_array_remove_range(field->characters, from, to - from);
        field->cursor = from;
    }
}

/* Where the word before the cursor begins. */
static guint
word_start(const UiField *field)
{
    guint at = field->cursor;

    while (at > 0 && g_array_index(field->characters, gunichar, at - 1) == ' ') {
        at--;
    }
    while (at > 0 && g_array_index(field->characters, gunichar, at - 1) != ' ') {
        at--;
    }
    return at;
}

gboolean
ui_field_key(UiField *field, const UiEvent *event)
{
    guint length = field->characters->len;

    switch (event->key) {
    case UI_KEY_LEFT: field->cursor -= field->cursor > 0; break;
    case UI_KEY_RIGHT: field->cursor += field->cursor < length; break;
    case UI_CTRL('a'):
    case UI_KEY_HOME: field->cursor = 0; break;
    case UI_CTRL('e'):
    case UI_KEY_END: field->cursor = length; break;
    case UI_KEY_BACKSPACE:
        remove_range(field, field->cursor - (field->cursor > 0), field->cursor);
        break;
    case UI_KEY_DELETE:
        remove_range(field, field->cursor, field->cursor + (field->cursor < length));
        break;
    case UI_CTRL('u'): remove_range(field, 0, field->cursor); break;
    case UI_CTRL('w'): remove_range(field, word_start(field), field->cursor); break;
    case UI_KEY_PASTE: insert(field, event->text); break;
    default:
        if (event->key >= ' ' && event->key < UI_KEY_UP &&
            g_unichar_isprint((gunichar) event->key)) {
            char text[8] = "";

            g_unichar_to_utf8((gunichar) event->key, text);
            insert(field, text);
            return TRUE;
        }
        return FALSE;
    }
    return TRUE;
}

/* Scrolls until the cursor is inside. */
static void
follow_cursor(UiField *field, int columns)
{
    field->first = MIN(field->first, field->cursor);
    while (field->first < field->cursor) {
        g_autofree char *shown = text_between(field, field->first, field->cursor);

        if ((int) sp_text_columns(shown) < columns) {
            return;
        }
        field->first++;
    }
}

void
ui_field_draw(UiField *field, UiApp *app, WINDOW *window, int y, int x, int columns,
              gboolean has_focus)
{
    g_autofree char *text = NULL;
    g_autofree char *before = NULL;

    follow_cursor(field, columns);
    text = text_between(field, field->first, field->characters->len);
    before = text_between(field, field->first, field->cursor);
    ui_fill(app, window, y, x, columns, UI_ROLE_FIELD);
    ui_text(app, window, y, x, columns, UI_ROLE_FIELD, text);
    if (has_focus) {
        ui_app_set_cursor(app, window, y, x + (int) sp_text_columns(before), TRUE);
    }
}
