#ifndef SAMEPHOTO_TUI_START_H
#define SAMEPHOTO_TUI_START_H

/* The state of the Start screen, shared by its files: view-start.c (search, drawing and keys),
 * start-items.c (what is listed). */

#include "core/practice/scenario.h"
#include "tui/app.h"
#include "tui/list.h"
#include "tui/prompt.h"

typedef enum {
    UI_START_HEADING,
    UI_START_SEARCHING,
    UI_START_SETUP,
    UI_START_PERSON,
    UI_START_SESSION,
    UI_START_STORY
} UiStartKind;

/* A line of the list. A plain value of this view, like the next. */
typedef struct {
    UiStartKind kind;
    char *title;
    char *detail;
    SpPerson *person;
    gint64 session;
    const SpScenario *story;
} UiStartItem;

typedef struct {
    UiApp *app;
    int rows;
    int columns;
    UiField *field;
    gboolean is_in_field;
    char *searched; /* what the found people answer to */
    GPtrArray *items;
    GPtrArray *found; /* SpPerson, or NULL */
    char *search_error;
    UiList list;
    int detail_column;
    int field_y;
    guint pause; /* source */
    GCancellable *searching;
    gint64 searched_us; /* when it began */
    GHashTable *told;   /* id of a session -> its headline in our language, "" where it has none */
    GArray *untold;     /* gint64: those to come */
    guint telling;      /* source */
} UiStart;

/* Whether anybody can be looked up. */
gboolean ui_start_has_client(const UiStart *start);

/* A GDestroyNotify. */
void ui_start_item_free(gpointer data);

/* Whether it is more than a heading. */
gboolean ui_start_can_choose(const UiStartItem *item);

/* Leaves the cursor on something that can be chosen. */
void ui_start_settle(UiStart *start, int direction);

/* Makes the list anew. */
void ui_start_rebuild(UiStart *start);

#endif
