/* Start: who is it about? A field that searches as you type, and below it what is due, what was
 * open last, and on the practice tenant its stories. */
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/services/person.h"
#include "core/text.h"
#include "tui/start.h"
#include "tui/step-actions.h"
#include "tui/widgets.h"

#define SEARCH_PAUSE_MS 150
#define SEARCH_LIMIT    12
#define TICK_MS         200
#define SLOW_MS         300 /* from here on a search says how long it takes */
#define DETAIL_ROWS     3

/* ---- search ---- */

/* Its clock runs while an answer is waited for. */
static void
follow_search(UiStart *start)
{
    gboolean is_waiting =
        ui_start_has_client(start) && (start->pause != 0 || start->searching != NULL);

    if (ui_app_get_view(start->app) == UI_VIEW_START) {
        ui_app_set_tick(start->app, is_waiting ? TICK_MS : 0);
    }
}

/* "Searching", and for how long where it takes its time. Transfer full. */
static char *
describe_search(const UiStart *start)
{
    gint64 waited_ms = (g_get_monotonic_time() - start->searched_us) / 1000;
    g_autofree char *waited = ui_format_ms(waited_ms);

    return waited_ms < SLOW_MS ? g_strdup(_("Searching"))
                               : g_strdup_printf(_("Searching … %s"), waited);
}

static void
on_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) people = sp_person_search_finish(result, &error);
    UiStart *start;

    (void) source;
    /* After a cancellation the view may be gone. */
    if (g_error_matches(error, SP_ERROR, SP_ERROR_CANCELLED) ||
        g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        return;
    }
    start = user_data;
    g_clear_object(&start->searching);
    g_clear_pointer(&start->found, g_ptr_array_unref);
    g_clear_pointer(&start->search_error, g_free);
    start->found = people == NULL ? NULL : g_ptr_array_ref(people);
    start->search_error = error == NULL ? NULL : g_strdup(error->message);
    start->list.cursor = 0;
    follow_search(start);
    ui_start_rebuild(start);
    ui_app_redraw(start->app);
}

static void
stop_search(UiStart *start)
{
    g_clear_handle_id(&start->pause, g_source_remove);
    if (start->searching != NULL) {
        g_cancellable_cancel(start->searching);
        g_clear_object(&start->searching);
    }
}

static gboolean
search_now(gpointer user_data)
{
    UiStart *start = user_data;
    SpClient *client = ui_case_get_client(ui_app_get_case(start->app));

    start->pause = 0;
    if (client != NULL) {
        start->searching = g_cancellable_new();
        sp_person_search_async(client, start->searched, SEARCH_LIMIT, start->searching, on_found,
                               start);
    }
    return G_SOURCE_REMOVE;
}

static void
text_changed(UiStart *start)
{
    g_autofree char *text = ui_field_get(start->field);

    if (g_strcmp0(text, start->searched) == 0) {
        return;
    }
    stop_search(start);
    g_clear_pointer(&start->found, g_ptr_array_unref);
    g_clear_pointer(&start->search_error, g_free);
    g_free(start->searched);
    start->searched = g_strdup(text);
    if (*text != '\0') {
        start->pause = g_timeout_add(SEARCH_PAUSE_MS, search_now, start);
        start->searched_us = g_get_monotonic_time();
    }
    follow_search(start);
    start->list = (UiList){0};
    ui_start_rebuild(start);
}

/* ---- the view ---- */

static gpointer
open_start(UiApp *app)
{
    UiStart *start = g_new0(UiStart, 1);

    start->app = app;
    start->field = ui_field_new("");
    start->items = g_ptr_array_new_with_free_func(ui_start_item_free);
    start->told = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    start->untold = g_array_new(FALSE, FALSE, sizeof(gint64));
    /* Where nobody can be looked up yet, the list begins with what can be done. */
    start->is_in_field = !ui_case_is_practice(ui_app_get_case(app)) && ui_start_has_client(start);
    return start;
}

static void
close_start(gpointer state)
{
    UiStart *start = state;

    stop_search(start);
    g_clear_handle_id(&start->telling, g_source_remove);
    g_hash_table_unref(start->told);
    g_array_unref(start->untold);
    g_clear_pointer(&start->found, g_ptr_array_unref);
    ui_field_free(start->field);
    g_ptr_array_unref(start->items);
    g_free(start->searched);
    g_free(start->search_error);
    g_free(start);
}

static void
show_start(gpointer state)
{
    follow_search(state);
    ui_start_rebuild(state);
}

static void
layout_start(gpointer state, int rows, int columns)
{
    UiStart *start = state;

    start->rows = rows;
    start->columns = columns;
}

/* Where the details begin: behind the longest title, if that leaves enough for them. */
static int
find_detail_column(const UiStart *start)
{
    int widest = 16;

    for (guint i = 0; i < start->items->len; i++) {
        const UiStartItem *item = g_ptr_array_index(start->items, i);

        if (ui_start_can_choose(item)) {
            widest = MAX(widest, (int) sp_text_columns(item->title));
        }
    }
    return MIN(widest + 5, start->columns * 2 / 5);
}

static int
detail_columns(const UiStart *start)
{
    return start->columns - start->detail_column - 1;
}

/* A UiListRowsFunc. */
static int
rows_of_item(guint index, gpointer user_data)
{
    UiStart *start = user_data;
    const UiStartItem *item = g_ptr_array_index(start->items, index);

    return ui_start_can_choose(item)
               ? ui_paragraph(start->app, NULL, 0, 0, DETAIL_ROWS, detail_columns(start),
                              UI_ROLE_TEXT, item->detail)
               : 1;
}

static void
draw_heading(UiStart *start, WINDOW *window, int y, const UiStartItem *item)
{
    g_autofree char *searching = item->kind == UI_START_SEARCHING ? describe_search(start) : NULL;

    ui_text(start->app, window, y, 1, start->columns - 2,
            searching != NULL ? UI_ROLE_WAIT : UI_ROLE_STRONG,
            searching != NULL ? searching : item->title);
}

static void
draw_item(UiStart *start, WINDOW *window, int y, int rows, const UiStartItem *item,
          gboolean is_here)
{
    int column = start->detail_column;

    if (!ui_start_can_choose(item)) {
        draw_heading(start, window, y, item);
        return;
    }
    for (int i = 0; i < rows && is_here; i++) {
        ui_fill(start->app, window, y + i, 0, start->columns, UI_ROLE_SELECTED);
    }
    ui_text(start->app, window, y, 3, column - 4, is_here ? UI_ROLE_SELECTED : UI_ROLE_TEXT,
            item->title);
    ui_paragraph(start->app, window, y, column, rows, detail_columns(start),
                 is_here ? UI_ROLE_SELECTED : UI_ROLE_DIM, item->detail);
}

static void
draw_items(UiStart *start, WINDOW *window, int y, int rows)
{
    start->detail_column = find_detail_column(start);
    /* The heading of the first item is in sight with it. */
    if (start->list.cursor <= 1) {
        start->list.top = 0;
    }
    ui_list_place(&start->list, start->items->len, (UiBox){y, 0, rows, start->columns},
                  rows_of_item, start);
    for (guint i = start->list.top; ui_list_shows(&start->list, i, &y, &rows); i++) {
        gboolean is_here = !start->is_in_field && i == start->list.cursor;

        draw_item(start, window, y, rows, g_ptr_array_index(start->items, i), is_here);
        if (is_here) {
            ui_app_set_cursor(start->app, window, y, 3, FALSE);
        }
    }
}

static void
draw_start(gpointer state, WINDOW *window)
{
    UiStart *start = state;
    int y = 1;
    int x;

    ui_text(start->app, window, y++, 1, start->columns - 2, UI_ROLE_STRONG,
            _("Is this person's photo the same everywhere?"));
    if (!ui_start_has_client(start)) {
        y += ui_paragraph(start->app, window, y, 1, 3, start->columns - 2, UI_ROLE_WAIT,
                          _("Nothing is set up yet: choose 'Set up samephoto' below, or leave and "
                            "try 'samephoto practice', which works without an account."));
    }
    y++;
    x = 2 + ui_text(start->app, window, y, 1, start->columns / 2, UI_ROLE_TEXT, _("Person"));
    start->field_y = y;
    ui_field_draw(start->field, start->app, window, y, x, start->columns - x - 2,
                  start->is_in_field);
    y++;
    if (start->columns - x > 20) {
        ui_text(start->app, window, y, x, start->columns - x - 2, UI_ROLE_DIM,
                _("name, mail or userPrincipalName"));
    }
    draw_items(start, window, y + 2, MAX(0, start->rows - y - 3));
}

static void
open_typed(UiStart *start)
{
    g_autofree char *text = ui_field_get(start->field);

    if (*text == '\0' || !ui_start_has_client(start)) {
        return;
    }
    ui_case_open(ui_app_get_case(start->app), text);
    ui_app_show(start->app, UI_VIEW_GUIDE);
}

static void
open_session(UiStart *start, gint64 id)
{
    UiCase *ui_case = ui_app_get_case(start->app);
    GError *error = NULL;
    g_autoptr(SpSession) session = sp_session_load(ui_case_get_store(ui_case), id, &error);
    gboolean has_person;

    if (session == NULL) {
        ui_app_say_error(start->app, error);
        return;
    }
    has_person = sp_session_get_user(session) != NULL;
    ui_case_resume(ui_case, session);
    ui_app_show(start->app, has_person ? UI_VIEW_GUIDE : UI_VIEW_CHECKLIST);
}

static void
choose(UiStart *start)
{
    UiCase *ui_case = ui_app_get_case(start->app);
    const UiStartItem *item;

    if (start->list.cursor >= start->items->len) {
        return;
    }
    item = g_ptr_array_index(start->items, start->list.cursor);
    switch (item->kind) {
    case UI_START_HEADING:
    case UI_START_SEARCHING: open_typed(start); break;
    case UI_START_SETUP: ui_app_quit_to_setup(start->app); break;
    case UI_START_PERSON: {
        g_autoptr(SpPerson) person = sp_person_ref(item->person);

        ui_case_open_person(ui_case, person);
        ui_app_show(start->app, UI_VIEW_GUIDE);
        break;
    }
    case UI_START_SESSION: open_session(start, item->session); break;
    case UI_START_STORY:
        ui_case_open(ui_case, item->story->user_principal_name);
        ui_app_show(start->app, UI_VIEW_GUIDE);
        break;
    }
}

/* Passes over what cannot be chosen. */
static gboolean
move_cursor(UiStart *start, UiAction action)
{
    gboolean is_upwards =
        action == UI_ACTION_UP || action == UI_ACTION_PAGE_UP || action == UI_ACTION_LAST;

    if (!ui_list_move(&start->list, action)) {
        return FALSE;
    }
    ui_start_settle(start, is_upwards ? -1 : 1);
    return TRUE;
}

static UiDo
click(UiStart *start, const UiEvent *event)
{
    UiListDo done = ui_list_mouse(&start->list, event);

    if (event->mouse == UI_MOUSE_PRESS && event->y == start->field_y) {
        start->is_in_field = TRUE;
        return UI_DO_REDRAW;
    }
    if (done == UI_LIST_NOTHING) {
        return UI_DO_NOTHING;
    }
    start->is_in_field = FALSE;
    if (done == UI_LIST_CHOSEN &&
        ui_start_can_choose(g_ptr_array_index(start->items, start->list.cursor))) {
        choose(start);
    } else {
        ui_start_settle(start, event->mouse == UI_MOUSE_WHEEL_UP ? -1 : 1);
    }
    return UI_DO_REDRAW;
}

static const UiStartItem *
item_here(const UiStart *start)
{
    return start->is_in_field || start->list.cursor >= start->items->len
               ? NULL
               : g_ptr_array_index(start->items, start->list.cursor);
}

static gboolean
has_text(const UiStart *start)
{
    return start->searched != NULL && *start->searched != '\0';
}

static const char *
word_start(gpointer state, UiAction action)
{
    const UiStart *start = state;
    const UiStartItem *item = item_here(start);

    if (action == UI_ACTION_BACK && start->is_in_field) {
        return N_("empty");
    }
    if (action == UI_ACTION_CHOOSE && start->is_in_field && has_text(start)) {
        return N_("look up");
    }
    if (action != UI_ACTION_CHOOSE || item == NULL) {
        return NULL;
    }
    return item->kind == UI_START_SESSION ? N_("go on")
           : item->kind == UI_START_SETUP ? N_("set up")
                                          : NULL;
}

/* Reading begins at once, and whose session it is is known before. */
static void
watch_session(UiStart *start)
{
    const UiStartItem *item = item_here(start);

    if (item != NULL && item->kind == UI_START_SESSION) {
        open_session(start, item->session);
        ui_app_watch(start->app);
    }
}

static gboolean
wants_text(gpointer state)
{
    return ((UiStart *) state)->is_in_field;
}

static gboolean
can_start(gpointer state, UiAction action)
{
    UiStart *start = state;

    switch (action) {
    case UI_ACTION_SEARCH:
    case UI_ACTION_PREVIOUS: return !start->is_in_field;
    case UI_ACTION_BACK: return !start->is_in_field || has_text(start);
    case UI_ACTION_WATCH_THIS:
        return item_here(start) != NULL && item_here(start)->kind == UI_START_SESSION &&
               ui_start_has_client(start);
    case UI_ACTION_CHOOSE:
        return start->is_in_field ? has_text(start) && ui_start_has_client(start)
                                  : start->items->len > 0;
    case UI_ACTION_UP:
    case UI_ACTION_DOWN:
    case UI_ACTION_NEXT:
    case UI_ACTION_FIRST:
    case UI_ACTION_LAST:
    case UI_ACTION_PAGE_UP:
    case UI_ACTION_PAGE_DOWN: return start->items->len > 0;
    default: return FALSE;
    }
}

static UiDo
key_field(UiStart *start, const UiEvent *event)
{
    switch (event->key) {
    case UI_KEY_ENTER:
        if (start->found != NULL && start->found->len == 1) {
            choose(start);
        } else {
            open_typed(start);
        }
        return UI_DO_REDRAW;
    case UI_KEY_TAB:
    case UI_KEY_DOWN: start->is_in_field = start->items->len == 0; return UI_DO_REDRAW;
    case UI_KEY_ESCAPE: {
        g_autofree char *text = ui_field_get(start->field);

        start->is_in_field = *text != '\0';
        ui_field_set(start->field, "");
        text_changed(start);
        return UI_DO_REDRAW;
    }
    default: break;
    }
    if (!ui_field_key(start->field, event)) {
        return UI_DO_NOTHING;
    }
    text_changed(start);
    return UI_DO_REDRAW;
}

static UiDo
key_start(gpointer state, const UiEvent *event)
{
    UiStart *start = state;

    if (event->key == UI_KEY_MOUSE) {
        return click(start, event);
    }
    if (start->is_in_field) {
        return key_field(start, event);
    }
    switch (event->action) {
    case UI_ACTION_SEARCH:
    case UI_ACTION_NEXT:
    case UI_ACTION_PREVIOUS:
    case UI_ACTION_BACK: start->is_in_field = TRUE; break;
    case UI_ACTION_CHOOSE: choose(start); break;
    case UI_ACTION_WATCH_THIS: watch_session(start); break;
    default: return move_cursor(start, event->action) ? UI_DO_REDRAW : UI_DO_NOTHING;
    }
    return UI_DO_REDRAW;
}

static char *
help_start(gpointer state)
{
    (void) state;
    return g_strdup(
        _("Type a name or an address, and choose with the arrow keys and Enter. Sessions "
          "whose time to check again has come stand first."));
}

const UiViewOps ui_view_start = {
    .name = "start",
    .title = N_("Start"),
    .open = open_start,
    .close = close_start,
    .show = show_start,
    .layout = layout_start,
    .draw = draw_start,
    .key = key_start,
    .can = can_start,
    .word = word_start,
    .wants_text = wants_text,
    .help = help_start,
};
