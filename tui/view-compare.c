/* Compare's keys: moving, marking, zooming, and what is done with one copy or two. */
#include "core/i18n.h"
#include "core/text.h"
#include "tui/compare.h"
#include "tui/prompt.h"
#include "tui/widgets.h"

#define MIN_BLINK_MS 200
#define MAX_BLINK_MS 3000

static gpointer
open_view(UiApp *app)
{
    UiCompare *compare = g_new0(UiCompare, 1);
    g_autofree char *remembered = ui_app_recall(app, "comparison");

    compare->app = app;
    compare->cancellable = g_cancellable_new();
    compare->share = compare->line = 0.5;
    compare->blink_ms = 700;
    for (int i = 0; i < UI_N_PAIR_MODES; i++) {
        if (g_strcmp0(remembered, ui_pair_mode_name((UiPairMode) i)) == 0) {
            compare->mode = (UiPairMode) i;
        }
    }
    return compare;
}

static void
clear_marks(UiCompare *compare)
{
    g_clear_pointer(&compare->marks[0], g_free);
    g_clear_pointer(&compare->marks[1], g_free);
}

static void
close_view(gpointer state)
{
    UiCompare *compare = state;

    g_cancellable_cancel(compare->cancellable);
    g_object_unref(compare->cancellable);
    ui_compare_close_pair(compare);
    ui_compare_close_cut(compare);
    clear_marks(compare);
    g_free(compare);
}

static void
draw(gpointer state, WINDOW *window)
{
    UiCompare *compare = state;

    switch (compare->shows) {
    case UI_SHOWS_GRID: ui_compare_draw_grid(compare, window); break;
    case UI_SHOWS_ONE: ui_compare_draw_one(compare, window); break;
    case UI_SHOWS_PAIR: ui_compare_draw_pair(compare, window); break;
    case UI_SHOWS_CUT: ui_compare_draw_cut(compare, window); break;
    }
}

static const char *
selected_service(UiCompare *compare)
{
    UiCase *ui_case = ui_app_get_case(compare->app);

    return compare->selected < (int) ui_case_count(ui_case)
               ? ui_case_get_service(ui_case, (guint) compare->selected)
               : NULL;
}

static gboolean
has_photo(UiCompare *compare, const char *service)
{
    UiCase *ui_case = ui_app_get_case(compare->app);

    for (guint i = 0; service != NULL && i < ui_case_count(ui_case); i++) {
        const SpCopy *copy = ui_case_get_copy(ui_case, i);

        if (g_str_equal(ui_case_get_service(ui_case, i), service)) {
            return copy != NULL && copy->photo != NULL;
        }
    }
    return FALSE;
}

static void
toggle_mark(UiCompare *compare, const char *service)
{
    for (int i = 0; i < 2; i++) {
        if (g_strcmp0(compare->marks[i], service) == 0) {
            g_clear_pointer(&compare->marks[i], g_free);
            if (i == 0) {
                compare->marks[0] = g_steal_pointer(&compare->marks[1]);
            }
            return;
        }
    }
    if (compare->marks[1] != NULL) {
        clear_marks(compare);
    }
    compare->marks[compare->marks[0] == NULL ? 0 : 1] = g_strdup(service);
}

/* Both may be among the marks. */
static void
set_marks(UiCompare *compare, const char *first, const char *second)
{
    char *left = g_strdup(first);
    char *right = g_strdup(second);

    clear_marks(compare);
    compare->marks[0] = left;
    compare->marks[1] = right;
}

static void
set_mode(UiCompare *compare, UiPairMode mode)
{
    compare->mode = mode;
    ui_app_remember(compare->app, "comparison", ui_pair_mode_name(mode));
    ui_app_set_tick(compare->app, mode == UI_PAIR_BLINK ? compare->blink_ms : 0);
}

/* The most telling copy beside `first`: the first of another group than the reference's, else the
 * first photo. */
static const char *
telling_other(UiCompare *compare, const char *first)
{
    UiCase *ui_case = ui_app_get_case(compare->app);
    const char *other = NULL;

    for (guint i = 0; i < ui_case_count(ui_case); i++) {
        const char *service = ui_case_get_service(ui_case, i);

        if (!has_photo(compare, service) || g_strcmp0(service, first) == 0) {
            continue;
        }
        if (ui_case_get_group(ui_case, i) > 0) {
            return service;
        }
        other = other == NULL ? service : other;
    }
    return other;
}

/* What is marked; where only one is, the selected one beside it; where none is, the reference and
 * the selected one. On the reference alone the other may be `any` that tells something. FALSE where
 * these are not two photos; the marks are then as they were. */
static gboolean
choose_pair(UiCompare *compare, gboolean any)
{
    SpCheck *check = ui_case_get_check(ui_app_get_case(compare->app));
    int reference = check == NULL ? -1 : sp_check_get_reference(check);
    const char *selected = selected_service(compare);
    const char *first = compare->marks[0] != NULL ? compare->marks[0]
                        : reference >= 0          ? sp_check_get_service(check, (guint) reference)
                                                  : NULL;
    const char *second = compare->marks[1] != NULL ? compare->marks[1] : selected;

    if (any && g_strcmp0(first, second) == 0) {
        second = telling_other(compare, first);
    }
    if (!has_photo(compare, first) || !has_photo(compare, second) ||
        g_strcmp0(first, second) == 0) {
        return FALSE;
    }
    set_marks(compare, first, second);
    return TRUE;
}

static UiDo
show_pair(UiCompare *compare, UiPairMode mode)
{
    if (!choose_pair(compare, TRUE)) {
        ui_app_say(compare->app, SP_SEVERITY_INFO,
                   _("Mark two copies that have a photo (Space), then compare them"));
        return UI_DO_REDRAW;
    }
    ui_compare_open_pair(compare);
    compare->shows = UI_SHOWS_PAIR;
    set_mode(compare, mode);
    return UI_DO_REDRAW;
}

static UiDo
mark(UiCompare *compare)
{
    const char *service = selected_service(compare);

    if (!has_photo(compare, service)) {
        ui_app_say(compare->app, SP_SEVERITY_INFO, _("There is no photo here to compare"));
        return UI_DO_REDRAW;
    }
    toggle_mark(compare, service);
    return compare->marks[1] != NULL ? show_pair(compare, compare->mode) : UI_DO_REDRAW;
}

static void
show_grid(UiCompare *compare)
{
    ui_compare_close_pair(compare);
    ui_compare_close_cut(compare);
    compare->shows = UI_SHOWS_GRID;
    ui_app_set_tick(compare->app, 0);
}

static UiDo
back(UiCompare *compare)
{
    if (compare->shows == UI_SHOWS_GRID && compare->marks[0] == NULL) {
        return UI_DO_NOTHING;
    }
    if (compare->shows != UI_SHOWS_ONE && compare->shows != UI_SHOWS_CUT) {
        clear_marks(compare);
    }
    show_grid(compare);
    return UI_DO_REDRAW;
}

static UiDo
zoom(UiCompare *compare)
{
    if (compare->shows == UI_SHOWS_GRID && ui_case_count(ui_app_get_case(compare->app)) > 0) {
        compare->shows = UI_SHOWS_ONE;
        return UI_DO_REDRAW;
    }
    return back(compare);
}

/* Swipe, onion and blink have one. */
static gboolean
has_dial(const UiCompare *compare)
{
    return compare->mode == UI_PAIR_SWIPE || compare->mode == UI_PAIR_ONION ||
           compare->mode == UI_PAIR_BLINK;
}

static const char *
word(gpointer state, UiAction action)
{
    const UiCompare *compare = state;
    gboolean is_blink = compare->mode == UI_PAIR_BLINK;

    switch (action) {
    case UI_ACTION_LESS: return is_blink ? N_("faster") : NULL;
    case UI_ACTION_MORE: return is_blink ? N_("slower") : NULL;
    case UI_ACTION_ZOOM: return compare->shows == UI_SHOWS_ONE ? N_("all copies") : NULL;
    /* Beside all copies one way to compare two is enough in the hint line. */
    case UI_ACTION_TWO_UP:
    case UI_ACTION_SWIPE:
    case UI_ACTION_ONION:
    case UI_ACTION_BLINK: return compare->shows == UI_SHOWS_PAIR ? NULL : "";
    default: return NULL;
    }
}

/* Swipe's line, or onion's share. */
static double *
dial_of(UiCompare *compare)
{
    return compare->mode == UI_PAIR_SWIPE ? &compare->line : &compare->share;
}

static void
set_dial(UiCompare *compare, double value)
{
    *dial_of(compare) = CLAMP(value, 0.0, 1.0);
}

static gboolean
is_on_picture(const UiCompare *compare, const UiEvent *event)
{
    const UiBox *place = &compare->pair_place;

    return event->y >= place->y && event->y < place->y + place->rows && event->x >= place->x &&
           event->x < place->x + place->columns;
}

/* Pressed on the picture, and drawn from there: swipe's line comes under the mouse. */
static UiDo
drag_dial(UiCompare *compare, const UiEvent *event)
{
    const UiBox *place = &compare->pair_place;
    const SpRect part = compare->is_face ? ui_face_part(NULL, NULL) : (SpRect){0, 0, 1, 1};

    if (!has_dial(compare) || compare->mode == UI_PAIR_BLINK) {
        return UI_DO_NOTHING;
    }
    if (event->mouse == UI_MOUSE_PRESS) {
        compare->is_dragging = is_on_picture(compare, event);
    }
    if (!compare->is_dragging) {
        return UI_DO_NOTHING;
    }
    set_dial(compare, part.x + part.width * (event->x - place->x + 0.5) / place->columns);
    return UI_DO_REDRAW;
}

static UiDo
turn_dial(UiCompare *compare, int by)
{
    if (compare->shows != UI_SHOWS_PAIR || !has_dial(compare)) {
        return UI_DO_NOTHING;
    }
    if (compare->mode == UI_PAIR_BLINK) {
        int period = (int) compare->blink_ms + by * 100;

        compare->blink_ms = (guint) CLAMP(period, MIN_BLINK_MS, MAX_BLINK_MS);
        ui_app_set_tick(compare->app, compare->blink_ms);
    } else {
        set_dial(compare, *dial_of(compare) + by * 0.05);
    }
    return UI_DO_REDRAW;
}

static UiDo
go(UiCompare *compare, int dx, int dy)
{
    int count = (int) ui_case_count(ui_app_get_case(compare->app));

    if (compare->shows == UI_SHOWS_PAIR) {
        return turn_dial(compare, dx - dy);
    }
    if (count == 0) {
        return UI_DO_NOTHING;
    }
    compare->selected = compare->shows == UI_SHOWS_ONE
                            ? (compare->selected + dx + dy + count) % count
                            : ui_grid_move(&compare->grid, count, compare->selected, dx, dy);
    return UI_DO_REDRAW;
}

static UiDo
step(UiCompare *compare, int by)
{
    int count = (int) ui_case_count(ui_app_get_case(compare->app));

    if (compare->shows == UI_SHOWS_PAIR || count == 0) {
        return UI_DO_NOTHING;
    }
    compare->selected = (compare->selected + by + count) % count;
    return UI_DO_REDRAW;
}

static UiDo
select_at(UiCompare *compare, int index)
{
    int count = (int) ui_case_count(ui_app_get_case(compare->app));

    if (count == 0) {
        return UI_DO_NOTHING;
    }
    compare->selected = CLAMP(index, 0, count - 1);
    return UI_DO_REDRAW;
}

static UiDo
set_reference(UiCompare *compare)
{
    UiCase *ui_case = ui_app_get_case(compare->app);
    const char *service = selected_service(compare);
    g_autofree char *text = NULL;

    if (!has_photo(compare, service)) {
        ui_app_say(compare->app, SP_SEVERITY_INFO,
                   _("A reference needs a photo: choose another copy"));
        return UI_DO_REDRAW;
    }
    text = g_strdup_printf(_("The others are now held against: %s"),
                           ui_case_get_title(ui_case, (guint) compare->selected));
    ui_case_set_reference(ui_case, service);
    ui_app_say(compare->app, SP_SEVERITY_INFO, text);
    return UI_DO_REDRAW;
}

static UiDo
overrule(UiCompare *compare)
{
    UiCase *ui_case = ui_app_get_case(compare->app);
    GError *error = NULL;
    gboolean is_said;

    if (!choose_pair(compare, FALSE)) {
        ui_app_say(compare->app, SP_SEVERITY_INFO, _("Mark the two copies that are the same"));
        return UI_DO_REDRAW;
    }
    is_said = ui_case_is_said(ui_case, compare->marks[0], compare->marks[1]);
    if (ui_case_overrule(ui_case, compare->marks[0], compare->marks[1], &error)) {
        ui_app_say(compare->app, SP_SEVERITY_INFO,
                   is_said ? _("Taken back")
                           : _("Recorded: you say that these two show the same photo"));
    }
    ui_app_say_error(compare->app, error);
    if (compare->shows == UI_SHOWS_GRID) {
        clear_marks(compare);
    }
    return UI_DO_REDRAW;
}

static UiDo
reread_one(UiCompare *compare)
{
    const char *services[] = {selected_service(compare), NULL};

    if (services[0] != NULL) {
        ui_case_reread(ui_app_get_case(compare->app), services);
    }
    return UI_DO_REDRAW;
}

static UiDo
mouse(UiCompare *compare, const UiEvent *event)
{
    int count = (int) ui_case_count(ui_app_get_case(compare->app));
    int hit;

    if (event->mouse == UI_MOUSE_WHEEL_UP || event->mouse == UI_MOUSE_WHEEL_DOWN) {
        int by = event->mouse == UI_MOUSE_WHEEL_UP ? -1 : 1;

        return compare->shows == UI_SHOWS_PAIR ? turn_dial(compare, -by) : go(compare, 0, by);
    }
    if (compare->shows == UI_SHOWS_PAIR && event->mouse != UI_MOUSE_RELEASE) {
        return drag_dial(compare, event);
    }
    if (event->mouse != UI_MOUSE_PRESS || compare->shows != UI_SHOWS_GRID) {
        return UI_DO_NOTHING;
    }
    hit = ui_grid_at(&compare->grid, count, compare->first_row, event->y - compare->grid_top,
                     event->x);
    if (hit < 0) {
        return UI_DO_NOTHING;
    }
    compare->selected = hit;
    return event->is_double ? zoom(compare) : UI_DO_REDRAW;
}

static UiDo
cut(UiCompare *compare)
{
    if (compare->shows == UI_SHOWS_PAIR || !ui_compare_open_cut(compare)) {
        ui_app_say(compare->app, SP_SEVERITY_INFO,
                   _("Only a picture of what the person sees is cut: e adds one"));
        return UI_DO_REDRAW;
    }
    compare->shows = UI_SHOWS_CUT;
    return UI_DO_REDRAW;
}

static UiDo
ask_seen(UiCompare *compare)
{
    ui_compare_ask_seen(compare);
    return UI_DO_REDRAW;
}

static gboolean
can(gpointer state, UiAction action)
{
    UiCompare *compare = state;
    UiCase *ui_case = ui_app_get_case(compare->app);
    gboolean is_pair = compare->shows == UI_SHOWS_PAIR;

    if (compare->shows == UI_SHOWS_CUT) {
        return TRUE;
    }
    switch (action) {
    case UI_ACTION_MARK: return compare->shows == UI_SHOWS_GRID && ui_case_count(ui_case) > 1;
    case UI_ACTION_NEXT_MODE: return is_pair;
    case UI_ACTION_LESS:
    case UI_ACTION_MORE: return is_pair && has_dial(compare);
    case UI_ACTION_SWIPE:
    case UI_ACTION_ONION:
    case UI_ACTION_BLINK:
    case UI_ACTION_TWO_UP:
    case UI_ACTION_DIFFERENCE:
    case UI_ACTION_OVERRULE: return ui_case_count(ui_case) > 1;
    case UI_ACTION_FACE: return ui_case_count(ui_case) > 0;
    case UI_ACTION_REREAD_ONE:
    case UI_ACTION_REFERENCE:
    case UI_ACTION_ZOOM: return !is_pair && ui_case_count(ui_case) > 0;
    case UI_ACTION_BACK:
        return is_pair || compare->shows == UI_SHOWS_ONE || compare->marks[0] != NULL;
    case UI_ACTION_CUT:
        return !is_pair && ui_case_get_whole(ui_case, selected_service(compare)) != NULL;
    case UI_ACTION_ADVANCE: return ui_case_is_practice(ui_case);
    default: return TRUE;
    }
}

static UiDo
key(gpointer state, const UiEvent *event)
{
    UiCompare *compare = state;
    UiCase *ui_case = ui_app_get_case(compare->app);

    if (compare->shows == UI_SHOWS_CUT) {
        UiDo what = ui_compare_key_cut(compare, event);

        return what == UI_DO_NOTHING && event->action == UI_ACTION_BACK ? back(compare) : what;
    }
    if (event->key == UI_KEY_MOUSE) {
        return mouse(compare, event);
    }
    /* Elsewhere a key that cannot work says why. */
    if (compare->shows == UI_SHOWS_PAIR && !can(compare, event->action)) {
        return UI_DO_NOTHING;
    }
    switch (event->action) {
    case UI_ACTION_UP: return go(compare, 0, -1);
    case UI_ACTION_DOWN: return go(compare, 0, 1);
    case UI_ACTION_LEFT: return go(compare, -1, 0);
    case UI_ACTION_RIGHT: return go(compare, 1, 0);
    case UI_ACTION_NEXT: return step(compare, 1);
    case UI_ACTION_PREVIOUS: return step(compare, -1);
    case UI_ACTION_PAGE_UP: return go(compare, 0, -MAX(compare->grid.page_rows, 1));
    case UI_ACTION_PAGE_DOWN: return go(compare, 0, MAX(compare->grid.page_rows, 1));
    case UI_ACTION_FIRST: return select_at(compare, 0);
    case UI_ACTION_LAST: return select_at(compare, G_MAXINT);
    case UI_ACTION_MARK: return mark(compare);
    case UI_ACTION_TWO_UP: return show_pair(compare, UI_PAIR_TWO_UP);
    case UI_ACTION_SWIPE: return show_pair(compare, UI_PAIR_SWIPE);
    case UI_ACTION_ONION: return show_pair(compare, UI_PAIR_ONION);
    case UI_ACTION_BLINK: return show_pair(compare, UI_PAIR_BLINK);
    case UI_ACTION_DIFFERENCE: return show_pair(compare, UI_PAIR_DIFFERENCE);
    case UI_ACTION_NEXT_MODE: return show_pair(compare, (compare->mode + 1) % UI_N_PAIR_MODES);
    case UI_ACTION_LESS: return turn_dial(compare, -1);
    case UI_ACTION_MORE: return turn_dial(compare, 1);
    case UI_ACTION_ZOOM: return zoom(compare);
    case UI_ACTION_FACE: compare->is_face = !compare->is_face; return UI_DO_REDRAW;
    case UI_ACTION_REFERENCE: return set_reference(compare);
    case UI_ACTION_METADATA: return ui_compare_show_metadata(compare);
    case UI_ACTION_OVERRULE: return overrule(compare);
    case UI_ACTION_REREAD: ui_case_reread(ui_case, NULL); return UI_DO_REDRAW;
    case UI_ACTION_REREAD_ONE: return reread_one(compare);
    case UI_ACTION_EVIDENCE: return ask_seen(compare);
    case UI_ACTION_CUT: return cut(compare);
    case UI_ACTION_ADVANCE: ui_case_advance(ui_case, 24 * 3600); return UI_DO_REDRAW;
    case UI_ACTION_BACK: return back(compare);
    default: return UI_DO_NOTHING;
    }
}

static UiDo
changed(gpointer state, UiCaseChanges changes)
{
    UiCompare *compare = state;

    /* Another person: nothing that was marked is there any more. */
    if ((changes & UI_CASE_PERSON) != 0 && (changes & UI_CASE_STATUS) != 0) {
        clear_marks(compare);
        show_grid(compare);
    } else if (compare->shows == UI_SHOWS_PAIR && !ui_compare_open_pair(compare)) {
        ui_app_say(compare->app, SP_SEVERITY_INFO,
                   _("One of the two copies has no photo any more"));
        back(compare);
    }
    ui_compare_tell_seen(compare);
    return UI_DO_REDRAW;
}

static unsigned
flags(gpointer state)
{
    const UiCompare *compare = state;

    return compare->shows == UI_SHOWS_CUT ? UI_IN_CUT : UI_IN_COMPARE;
}

static void
show(gpointer state)
{
    UiCompare *compare = state;

    if (compare->shows == UI_SHOWS_PAIR) {
        set_mode(compare, compare->mode);
    }
}

static char *
help(gpointer state)
{
    UiCompare *compare = state;
    g_autofree char *explained =
        compare->shows == UI_SHOWS_CUT
            ? g_strdup(
                  _("Bring the square over the photo that the person sees. What is in it becomes "
                    "their copy, and is kept; the rest of the picture is not compared."))
        : compare->shows == UI_SHOWS_PAIR ? ui_compare_explain_pair(compare)
                                          : NULL;

    return g_strdup_printf(
        "%s%s%s",
        _("Every service keeps its own copy of the photo. Copies that show the same photo have the "
          "same letter, shape and colour; A is the group of the reference, the copy that the "
          "others "
          "are held against. A copy that could not be read says why: that is never the same as "
          "\"no photo\"."),
        explained != NULL ? "\n\n" : "", explained != NULL ? explained : "");
}

const UiViewOps ui_view_compare = {
    .name = "compare",
    .title = N_("Compare"),
    .open = open_view,
    .close = close_view,
    .show = show,
    .draw = draw,
    .key = key,
    .can = can,
    .word = word,
    .flags = flags,
    .changed = changed,
    .help = help,
};
