/* Three popups: a line to write, a list to choose from, a text to read. */
#include "tui/prompt.h"

#include "core/i18n.h"
#include "core/text.h"
#include "tui/list.h"
#include "tui/popup.h"
#include "tui/widgets.h"

#define LINE_COLUMNS 64
#define TEXT_COLUMNS 96
#define MARGIN       2 /* between border and text */

/* ---- a line ---- */

typedef struct {
    char *title;
    char *explain;
    UiField *field;
    gboolean is_given;
    UiPromptLineFunc func;
    gpointer user_data;
} LinePrompt;

static int
paragraph_rows(UiApp *app, const char *text, int columns)
{
    return text == NULL ? 0 : ui_paragraph(app, NULL, 0, 0, G_MAXINT, columns, UI_ROLE_POPUP, text);
}

static void
draw_frame(UiApp *app, WINDOW *window, const char *title)
{
    const UiBox box = {0, 0, getmaxy(window), getmaxx(window)};

    ui_box(app, window, box, UI_ROLE_POPUP_BORDER, title);
}

static void
measure_line(gpointer state, UiApp *app, int max_rows, int max_columns, int *rows, int *columns)
{
    const LinePrompt *prompt = state;

    (void) max_rows;
    *columns = MIN(LINE_COLUMNS, max_columns);
    *rows = 6 + paragraph_rows(app, prompt->explain, *columns - 2 * MARGIN);
}

static void
draw_line(gpointer state, UiApp *app, WINDOW *window)
{
    LinePrompt *prompt = state;
    int width = getmaxx(window) - 2 * MARGIN;
    int y = 1;

    draw_frame(app, window, prompt->title);
    if (prompt->explain != NULL) {
        y += ui_paragraph(app, window, 1, MARGIN, getmaxy(window) - 5, width, UI_ROLE_POPUP,
                          prompt->explain);
    }
    ui_field_draw(prompt->field, app, window, y + 1, MARGIN, width, TRUE);
    ui_text(app, window, getmaxy(window) - 2, MARGIN, width, UI_ROLE_POPUP,
            _("Enter keeps it, Esc leaves it as it was"));
}

static gboolean
key_line(gpointer state, UiApp *app, const UiEvent *event)
{
    LinePrompt *prompt = state;

    (void) app;
    if (event->key == UI_KEY_ESCAPE) {
        return FALSE;
    }
    if (event->key == UI_KEY_ENTER) {
        prompt->is_given = TRUE;
        return FALSE;
    }
    ui_field_key(prompt->field, event);
    return TRUE;
}

static void
close_line(gpointer state, UiApp *app)
{
    LinePrompt *prompt = state;
    g_autofree char *text = prompt->is_given ? ui_field_get(prompt->field) : NULL;

    prompt->func(app, text, prompt->user_data);
    ui_field_free(prompt->field);
    g_free(prompt->title);
    g_free(prompt->explain);
    g_free(prompt);
}

static const UiPopupOps line_ops = {"line", measure_line, draw_line, key_line, close_line};

void
ui_prompt_line(UiApp *app, const char *title, const char *explain, const char *initial,
               UiPromptLineFunc func, gpointer user_data)
{
    LinePrompt *prompt = g_new0(LinePrompt, 1);

    prompt->title = g_strdup(title);
    prompt->explain = g_strdup(explain);
    prompt->field = ui_field_new(initial);
    prompt->func = func;
    prompt->user_data = user_data;
    ui_app_push(app, &line_ops, prompt);
}

/* ---- a choice ---- */

typedef struct {
    char *title;
    char *detail;
    int key;
} Choice;

typedef struct {
    char *title;
    char *explain;
    GArray *choices; /* Choice */
    UiList list;
    int answer;
    UiPromptChoiceFunc func;
    gpointer user_data;
} ChoicePrompt;

static void
clear_choice(gpointer data)
{
    Choice *choice = data;

    g_free(choice->title);
    g_free(choice->detail);
}

/* As draw_choice_row() lays it out. */
static int
choice_columns(const Choice *choice)
{
    g_autofree char *key = choice->key == 0 ? NULL : ui_key_name(choice->key);

    return (key == NULL ? 0 : (int) sp_text_columns(key) + 2) +
           (int) sp_text_columns(choice->title) +
           (choice->detail == NULL ? 0 : (int) sp_text_columns(choice->detail) + 2);
}

static void
measure_choice(gpointer state, UiApp *app, int max_rows, int max_columns, int *rows, int *columns)
{
    const ChoicePrompt *prompt = state;
    int widest = LINE_COLUMNS - 2 * MARGIN;

    (void) max_rows;
    for (guint i = 0; i < prompt->choices->len; i++) {
        widest = MAX(widest, choice_columns(&g_array_index(prompt->choices, Choice, i)));
    }
    *columns = MIN(widest + 2 * MARGIN, max_columns);
    *rows = 4 + (int) prompt->choices->len +
            paragraph_rows(app, prompt->explain, *columns - 2 * MARGIN);
}

/* Where the list begins. */
static int
choice_top(const ChoicePrompt *prompt, UiApp *app, WINDOW *window)
{
    return 2 + MIN(paragraph_rows(app, prompt->explain, getmaxx(window) - 2 * MARGIN),
                   getmaxy(window) / 2);
}

static void
draw_choice_row(UiApp *app, WINDOW *window, int y, const Choice *choice, gboolean is_selected)
{
    int width = getmaxx(window) - 2 * MARGIN;
    UiRole role = is_selected ? UI_ROLE_SELECTED : UI_ROLE_POPUP;
    int used = 0;

    if (is_selected) {
        ui_fill(app, window, y, MARGIN - 1, width + 2, role);
        ui_app_set_cursor(app, window, y, MARGIN, FALSE);
    }
    if (choice->key != 0) {
        g_autofree char *key = ui_key_name(choice->key);

        used = ui_text(app, window, y, MARGIN, 3, role, key) + 2;
    }
    used += ui_text(app, window, y, MARGIN + used, width - used, role, choice->title) + 2;
    if (choice->detail != NULL) {
        ui_text(app, window, y, MARGIN + used, width - used, role, choice->detail);
    }
}

static void
draw_choice(gpointer state, UiApp *app, WINDOW *window)
{
    ChoicePrompt *prompt = state;
    int top = choice_top(prompt, app, window);
    const UiBox box = {top, 1, MAX(getmaxy(window) - top - 1, 1), getmaxx(window) - 2};
    int y;
    int rows;

    draw_frame(app, window, prompt->title);
    if (prompt->explain != NULL) {
        ui_paragraph(app, window, 1, MARGIN, top - 2, getmaxx(window) - 2 * MARGIN, UI_ROLE_POPUP,
                     prompt->explain);
    }
    ui_list_place(&prompt->list, prompt->choices->len, box, NULL, NULL);
    for (guint i = prompt->list.top; ui_list_shows(&prompt->list, i, &y, &rows); i++) {
        draw_choice_row(app, window, y, &g_array_index(prompt->choices, Choice, i),
                        i == prompt->list.cursor);
    }
}

static gboolean
choose_by_key(ChoicePrompt *prompt, int key)
{
    for (guint i = 0; i < prompt->choices->len; i++) {
        if (key != 0 && g_array_index(prompt->choices, Choice, i).key == key) {
            prompt->answer = (int) i;
            return TRUE;
        }
    }
    return FALSE;
}

/* Tab moves here too. */
static UiAction
moving_action(int key)
{
    UiAction action = ui_keys_find(key, UI_IN_GUIDE);

    return action == UI_ACTION_NEXT       ? UI_ACTION_DOWN
           : action == UI_ACTION_PREVIOUS ? UI_ACTION_UP
                                          : action;
}

static gboolean
key_choice(gpointer state, UiApp *app, const UiEvent *event)
{
    ChoicePrompt *prompt = state;
    gboolean is_chosen = event->key == UI_KEY_MOUSE
                             ? ui_list_mouse(&prompt->list, event) == UI_LIST_CHOSEN
                             : event->key == UI_KEY_ENTER;

    (void) app;
    if (event->key == UI_KEY_ESCAPE) {
        return FALSE;
    }
    if (is_chosen) {
        prompt->answer = (int) prompt->list.cursor;
        return FALSE;
    }
    if (choose_by_key(prompt, event->key)) {
        return FALSE;
    }
    ui_list_move(&prompt->list, moving_action(event->key));
    return TRUE;
}

static void
close_choice(gpointer state, UiApp *app)
{
    ChoicePrompt *prompt = state;

    prompt->func(app, prompt->answer, prompt->user_data);
    g_array_unref(prompt->choices);
    g_free(prompt->title);
    g_free(prompt->explain);
    g_free(prompt);
}

static const UiPopupOps choice_ops = {"choice", measure_choice, draw_choice, key_choice,
                                      close_choice};

void
ui_prompt_choice(UiApp *app, const char *title, const char *explain, const UiChoice *choices,
                 guint n_choices, guint selected, UiPromptChoiceFunc func, gpointer user_data)
{
    ChoicePrompt *prompt = g_new0(ChoicePrompt, 1);

    prompt->title = g_strdup(title);
    prompt->explain = g_strdup(explain);
    prompt->choices = g_array_new(FALSE, FALSE, sizeof(Choice));
    g_array_set_clear_func(prompt->choices, clear_choice);
    for (guint i = 0; i < n_choices; i++) {
        Choice choice = {g_strdup(choices[i].title), g_strdup(choices[i].detail), choices[i].key};

        g_array_append_val(prompt->choices, choice);
    }
    prompt->list.cursor = selected;
    prompt->answer = -1;
    prompt->func = func;
    prompt->user_data = user_data;
    ui_app_push(app, &choice_ops, prompt);
}

void
ui_prompt_confirm(UiApp *app, const char *title, const char *explain, UiPromptChoiceFunc func,
                  gpointer user_data)
{
    const UiChoice choices[] = {{_("Yes"), NULL, 'y'}, {_("No"), NULL, 'n'}};

    ui_prompt_choice(app, title, explain, choices, 2, 1, func, user_data);
}

/* ---- a text ---- */

typedef struct {
    char *title;
    char *text;
    int columns; /* that it would like to have */
    int first;
    int last_first;
} TextPrompt;

static void
measure_text(gpointer state, UiApp *app, int max_rows, int max_columns, int *rows, int *columns)
{
    const TextPrompt *prompt = state;

    (void) max_rows;
    *columns = MIN(prompt->columns, max_columns);
    *rows = 2 + paragraph_rows(app, prompt->text, *columns - 2 * MARGIN);
}

static void
draw_text(gpointer state, UiApp *app, WINDOW *window)
{
    TextPrompt *prompt = state;
    int width = getmaxx(window) - 2 * MARGIN;
    int room = getmaxy(window) - 2;
    g_auto(GStrv) lines = ui_wrap(prompt->text, width);
    int count = (int) g_strv_length(lines);

    prompt->last_first = MAX(count - room, 0);
    prompt->first = CLAMP(prompt->first, 0, prompt->last_first);
    draw_frame(app, window, prompt->title);
    for (int i = 0; i < room && prompt->first + i < count; i++) {
        ui_text(app, window, 1 + i, MARGIN, width, UI_ROLE_POPUP, lines[prompt->first + i]);
    }
    if (prompt->last_first > 0) {
        ui_textf(app, window, getmaxy(window) - 1, MARGIN, width, UI_ROLE_POPUP_BORDER, " %d/%d ",
                 MIN(prompt->first + room, count), count);
    }
    ui_app_set_cursor(app, window, 1, MARGIN, FALSE);
}

static gboolean
key_text(gpointer state, UiApp *app, const UiEvent *event)
{
    TextPrompt *prompt = state;
    int page = LINES / 2;

    (void) app;
    if (event->key == UI_KEY_MOUSE) {
        prompt->first += event->mouse == UI_MOUSE_WHEEL_DOWN ? 3
                         : event->mouse == UI_MOUSE_WHEEL_UP ? -3
                                                             : 0;
        return TRUE;
    }
    switch (ui_keys_find(event->key, UI_IN_GUIDE)) {
    case UI_ACTION_UP: prompt->first--; break;
    case UI_ACTION_DOWN: prompt->first++; break;
    case UI_ACTION_PAGE_UP: prompt->first -= page; break;
    case UI_ACTION_PAGE_DOWN: prompt->first += page; break;
    case UI_ACTION_FIRST: prompt->first = 0; break;
    case UI_ACTION_LAST: prompt->first = prompt->last_first; break;
    default: return event->key == ' ' ? (prompt->first += page, TRUE) : FALSE;
    }
    return TRUE;
}

static void
close_text(gpointer state, UiApp *app)
{
    TextPrompt *prompt = state;

    (void) app;
    g_free(prompt->title);
    g_free(prompt->text);
    g_free(prompt);
}

static const UiPopupOps text_ops = {"text", measure_text, draw_text, key_text, close_text};

static void
push_text(UiApp *app, const char *title, const char *text, int columns)
{
    TextPrompt *prompt = g_new0(TextPrompt, 1);

    prompt->title = g_strdup(title);
    prompt->text = g_strdup(text);
    prompt->columns = columns;
    ui_app_push(app, &text_ops, prompt);
}

void
ui_prompt_text(UiApp *app, const char *title, const char *text)
{
    push_text(app, title, text, TEXT_COLUMNS);
}

void
ui_prompt_table(UiApp *app, const char *title, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    int columns = TEXT_COLUMNS;

    for (guint i = 0; lines[i] != NULL; i++) {
        columns = MAX(columns, (int) sp_text_columns(lines[i]) + 2 * MARGIN);
    }
    push_text(app, title, text, MIN(columns, ui_prompt_table_columns() + 2 * MARGIN));
}

int
ui_prompt_table_columns(void)
{
    return COLS - 4 - 2 * MARGIN;
}
