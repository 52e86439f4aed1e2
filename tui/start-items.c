/* What Start lists: sessions with what they wait for, told in the reader's language, the practice
 * tenant's stories, the people that a search found. */
#include "core/i18n.h"
#include "core/services/person.h"
#include "tui/start.h"
#include "tui/step-actions.h"
#include "tui/widgets.h"

#define MAX_RECENT 8

gboolean
ui_start_has_client(const UiStart *start)
{
    return ui_case_get_client(ui_app_get_case(start->app)) != NULL;
}

void
ui_start_item_free(gpointer data)
{
    UiStartItem *item = data;

    g_free(item->title);
    g_free(item->detail);
    g_clear_pointer(&item->person, sp_person_unref);
    g_free(item);
}

static UiStartItem *
add_item(UiStart *start, UiStartKind kind, const char *title, const char *detail)
{
    UiStartItem *item = g_new0(UiStartItem, 1);

    item->kind = kind;
    item->title = g_strdup(title);
    item->detail = g_strdup(detail == NULL ? "" : detail);
    g_ptr_array_add(start->items, item);
    return item;
}

static gboolean
is_due(const SpSessionRow *row, GDateTime *now)
{
    return !row->is_closed && row->due != NULL && g_date_time_compare(row->due, now) <= 0;
}

/* The sessions of another language, one each time that nothing else is to do: the evidence is
 * judged again. */
static gboolean
tell_next(gpointer user_data)
{
    UiStart *start = user_data;
    SpStore *store = ui_case_get_store(ui_app_get_case(start->app));
    g_autoptr(GError) error = NULL;
    char *headline;
    gint64 id;

    if (start->untold->len == 0) {
        start->telling = 0;
        return G_SOURCE_REMOVE;
    }
    id = g_array_index(start->untold, gint64, 0);
    headline = sp_session_tell_headline(store, id, &error);
    if (error != NULL) {
        g_debug("%s", error->message);
    }
    g_hash_table_insert(start->told, g_memdup2(&id, sizeof id),
                        headline == NULL ? g_strdup("") : headline);
    g_array_remove_index(start->untold, 0);
    if (start->untold->len > 0) {
        return G_SOURCE_CONTINUE;
    }
    start->telling = 0;
    ui_start_rebuild(start);
    ui_app_redraw(start->app);
    return G_SOURCE_REMOVE;
}

/* In the language of who reads it; NULL: there is none, or it is still to come. Borrowed. */
static const char *
headline_of(UiStart *start, const SpSessionRow *row)
{
    const char *told = g_hash_table_lookup(start->told, &row->id);

    if (row->headline == NULL || g_strcmp0(row->language, ui_language()) == 0) {
        return row->headline;
    }
    if (told == NULL) {
        g_array_append_val(start->untold, row->id);
        if (start->telling == 0) {
            start->telling = g_idle_add(tell_next, start);
        }
        return NULL;
    }
    return *told == '\0' ? row->headline : told;
}

/* When to look again, or since when; NULL where nothing waits. Transfer full. */
static char *
due_text(const SpSessionRow *row, GDateTime *now)
{
    g_autoptr(GDateTime) due = NULL;
    g_autoptr(GDateTime) today = NULL;
    g_autofree char *clock = NULL;

    if (row->due == NULL || row->is_closed) {
        return NULL;
    }
    due = g_date_time_to_local(row->due);
    today = g_date_time_to_local(now);
    if (g_date_time_get_day_of_year(due) == g_date_time_get_day_of_year(today) &&
        g_date_time_get_year(due) == g_date_time_get_year(today)) {
        clock = g_date_time_format(due, "%H:%M");
        return g_strdup_printf(is_due(row, now) ? C_("clock time", "due since %s")
                                                : C_("clock time", "waits until %s"),
                               clock);
    }
    clock = ui_step_clock(due);
    return g_strdup_printf(is_due(row, now) ? _("due since %s") : _("waits until %s"), clock);
}

static void
add_session(UiStart *start, const SpSessionRow *row, GDateTime *now)
{
    g_autofree char *age = ui_format_ago(row->updated, now);
    g_autofree char *due = due_text(row, now);
    g_autofree char *state =
        g_strdup_printf(_("%u of %u, %s%s%s"), row->n_done, row->n_steps, age,
                        row->ticket == NULL ? "" : ", ", row->ticket == NULL ? "" : row->ticket);
    g_autofree char *whole = due == NULL ? g_strdup(state) : g_strdup_printf("%s, %s", due, state);
    const char *headline = headline_of(start, row);
    g_autofree char *detail =
        headline == NULL ? g_strdup(whole) : g_strdup_printf(_("%s: %s"), whole, headline);
    UiStartItem *item;

    item = add_item(start, UI_START_SESSION,
                    row->display_name != NULL          ? row->display_name
                    : row->user_principal_name != NULL ? row->user_principal_name
                                                       : row->playbook,
                    detail);
    item->session = row->id;
}

/* Due sessions first, then the last ones. */
static void
add_sessions(UiStart *start)
{
    UiCase *ui_case = ui_app_get_case(start->app);
    SpStore *store = ui_case_get_store(ui_case);
    g_autoptr(GDateTime) now = ui_case_now(ui_case);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = store == NULL ? NULL : sp_session_list(store, NULL, &error);
    guint n_recent = 0;

    for (int pass = 0; rows != NULL && pass < 2; pass++) {
        gboolean has_heading = FALSE;

        for (guint i = 0; i < rows->len && n_recent < MAX_RECENT; i++) {
            const SpSessionRow *row = g_ptr_array_index(rows, i);

            if (is_due(row, now) != (pass == 0)) {
                continue;
            }
            if (!has_heading) {
                add_item(start, UI_START_HEADING, pass == 0 ? _("Due now") : _("Recent"), NULL);
                has_heading = TRUE;
            }
            add_session(start, row, now);
            n_recent += pass == 0 ? 0 : 1;
        }
    }
}

static void
add_stories(UiStart *start)
{
    if (!ui_case_is_practice(ui_app_get_case(start->app))) {
        return;
    }
    add_item(start, UI_START_HEADING, _("Practice stories"), NULL);
    for (const SpScenario *story = sp_scenarios(); story->name != NULL; story++) {
        add_item(start, UI_START_STORY, story->name, _(story->title))->story = story;
    }
}

/* On a first run. */
static void
add_setup(UiStart *start)
{
    if (!ui_start_has_client(start)) {
        add_item(start, UI_START_SETUP, _("Set up samephoto"),
                 _("a few questions, then a settings file"));
    }
}

static void
add_found(UiStart *start)
{
    if (!ui_start_has_client(start)) {
        add_item(start, UI_START_HEADING, _("Nobody can be looked up before the set-up"), NULL);
        return;
    }
    if (start->found == NULL && start->search_error == NULL) {
        add_item(start, UI_START_SEARCHING, NULL, NULL);
        return;
    }
    add_item(start, UI_START_HEADING,
             start->search_error != NULL ? start->search_error
             : start->found->len == 0    ? _("Nobody found; Enter tries it as it is")
                                         : _("People"),
             NULL);
    for (guint i = 0; start->found != NULL && i < start->found->len; i++) {
        SpPerson *person = g_ptr_array_index(start->found, i);

        add_item(start, UI_START_PERSON,
                 person->display_name == NULL ? person->user_principal_name : person->display_name,
                 person->user_principal_name)
            ->person = sp_person_ref(person);
    }
}

gboolean
ui_start_can_choose(const UiStartItem *item)
{
    return item->kind != UI_START_HEADING && item->kind != UI_START_SEARCHING;
}

void
ui_start_settle(UiStart *start, int direction)
{
    guint count = start->items->len;
    guint from = MIN(start->list.cursor, count == 0 ? 0 : count - 1);

    /* At the end of the list there may be nothing more to choose: the nearest is back again. */
    for (int turn = 0; turn < 2; turn++, direction = -direction) {
        for (gint64 at = from; at >= 0 && at < (gint64) count; at += direction) {
            if (ui_start_can_choose(g_ptr_array_index(start->items, (guint) at))) {
                start->list.cursor = (guint) at;
                return;
            }
        }
    }
}

void
ui_start_rebuild(UiStart *start)
{
    g_autofree char *text = ui_field_get(start->field);

    g_ptr_array_set_size(start->items, 0);
    g_array_set_size(start->untold, 0);
    if (*text != '\0') {
        add_found(start);
    } else {
        add_setup(start);
        add_sessions(start);
        add_stories(start);
    }
    ui_start_settle(start, 1);
}
