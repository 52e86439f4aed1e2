/* Two copies at one normalised size, in five ways. Bringing them together is work for a worker
 * thread; each way then only mixes pixels. */
#include <math.h>
#include <string.h>

#include "core/i18n.h"
#include "core/photo/difference.h"
#include "core/text.h"
#include "tui/commands/compare.h"
#include "tui/compare.h"
#include "tui/widgets.h"

#define SIDE 320 /* pixels; enough for the cells of a large window */

struct UiPair {
    SpPhoto *photos[2]; /* what is brought together */
    GCancellable *cancellable;
    SpDifference *difference; /* NULL until the worker is done */
    SpComparison *comparison;
    gint64 began_us;
};

/* What the worker gets and gives. */
typedef struct {
    SpPhoto *left;
    SpPhoto *right;
    SpComparison *comparison;
    SpDifference *difference;
} Work;

static const struct {
    const char *name;
    const char *title;
} modes[UI_N_PAIR_MODES] = {
    [UI_PAIR_TWO_UP] = {"2-up", N_("side by side")},
    [UI_PAIR_SWIPE] = {"swipe", N_("swipe")},
    [UI_PAIR_ONION] = {"onion", N_("onion skin")},
    [UI_PAIR_BLINK] = {"blink", N_("blink")},
    [UI_PAIR_DIFFERENCE] = {"difference", N_("difference")},
};

const char *
ui_pair_mode_name(UiPairMode mode)
{
    return modes[mode].name;
}

const char *
ui_pair_mode_title(UiPairMode mode)
{
    return _(modes[mode].title);
}

static void
free_work(gpointer data)
{
    Work *work = data;

    sp_photo_unref(work->left);
    sp_photo_unref(work->right);
    g_clear_pointer(&work->comparison, sp_comparison_free);
    g_clear_pointer(&work->difference, sp_difference_free);
    g_free(work);
}

static void
bring_together(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Work *work = data;

    (void) source;
    (void) cancellable;
    work->comparison = sp_compare(work->left, work->right);
    work->difference = sp_difference_new(work->left, work->right, work->comparison, SIDE);
    g_task_return_boolean(task, TRUE);
}

static void
on_brought_together(GObject *source, GAsyncResult *result, gpointer user_data)
{
    UiCompare *compare = user_data;
    Work *work = g_task_get_task_data(G_TASK(result));

    (void) source;
    /* Cancelled: the pair, and maybe the view, are gone. */
    if (!g_task_propagate_boolean(G_TASK(result), NULL)) {
        return;
    }
    compare->pair->comparison = g_steal_pointer(&work->comparison);
    compare->pair->difference = g_steal_pointer(&work->difference);
    ui_app_redraw(compare->app);
}

/* The index of a marked copy, or -1. */
static int
find_mark(UiCompare *compare, int which)
{
    UiCase *ui_case = ui_app_get_case(compare->app);

    for (guint i = 0; i < ui_case_count(ui_case); i++) {
        const SpCopy *copy = ui_case_get_copy(ui_case, i);

        if (g_strcmp0(ui_case_get_service(ui_case, i), compare->marks[which]) == 0) {
            return copy != NULL && copy->photo != NULL ? (int) i : -1;
        }
    }
    return -1;
}

void
ui_compare_close_pair(UiCompare *compare)
{
    UiPair *pair = g_steal_pointer(&compare->pair);

    if (pair == NULL) {
        return;
    }
    g_cancellable_cancel(pair->cancellable);
    g_object_unref(pair->cancellable);
    g_clear_pointer(&pair->difference, sp_difference_free);
    g_clear_pointer(&pair->comparison, sp_comparison_free);
    sp_photo_unref(pair->photos[0]);
    sp_photo_unref(pair->photos[1]);
    g_free(pair);
}

static SpPhoto *
marked_photo(UiCompare *compare, int which)
{
    int index = find_mark(compare, which);

    return index < 0 ? NULL : ui_case_get_copy(ui_app_get_case(compare->app), (guint) index)->photo;
}

/* The same bytes decode to the same picture. */
static gboolean
is_of(const UiPair *pair, SpPhoto *left, SpPhoto *right)
{
    return g_str_equal(sp_photo_get_sha256(pair->photos[0]), sp_photo_get_sha256(left)) &&
           g_str_equal(sp_photo_get_sha256(pair->photos[1]), sp_photo_get_sha256(right));
}

static void
start_pair(UiCompare *compare, SpPhoto *left, SpPhoto *right)
{
    UiPair *pair = compare->pair = g_new0(UiPair, 1);
    Work *work = g_new0(Work, 1);
    g_autoptr(GTask) task = NULL;

    pair->cancellable = g_cancellable_new();
    pair->began_us = g_get_monotonic_time();
    pair->photos[0] = sp_photo_ref(left);
    pair->photos[1] = sp_photo_ref(right);
    work->left = sp_photo_ref(left);
    work->right = sp_photo_ref(right);
    task = g_task_new(NULL, pair->cancellable, on_brought_together, compare);
    g_task_set_task_data(task, work, free_work);
    g_task_set_check_cancellable(task, TRUE);
    g_task_run_in_thread(task, bring_together);
}

gboolean
ui_compare_open_pair(UiCompare *compare)
{
    SpPhoto *left = marked_photo(compare, 0);
    SpPhoto *right = marked_photo(compare, 1);

    if (left == NULL || right == NULL) {
        return FALSE;
    }
    if (compare->pair == NULL || !is_of(compare->pair, left, right)) {
        ui_compare_close_pair(compare);
        start_pair(compare, left, right);
    }
    return TRUE;
}

char *
ui_compare_explain_pair(const UiCompare *compare)
{
    const SpComparison *comparison = compare->pair == NULL ? NULL : compare->pair->comparison;
    g_autofree char *page = NULL;

    if (comparison == NULL) {
        return NULL;
    }
    page = ui_comparison_explain(comparison);
    return g_strdup_printf("%s\n%s", _("How these two were compared"), page);
}

/* ---- mixing ---- */

/* Left of the line the first picture, right of it the second; the line itself in white. */
static void
mix_swipe(const SpDifference *pair, double where, guint8 *out)
{
    int line = (int) lround(where * (pair->side - 1));

    for (int y = 0; y < pair->side; y++) {
        for (int x = 0; x < pair->side; x++) {
            gsize at = ((gsize) y * (gsize) pair->side + (gsize) x) * 4;

            if (abs(x - line) <= pair->side / 160) {
                memset(out + at, 255, 4);
            } else {
                memcpy(out + at, (x < line ? pair->left : pair->right) + at, 4);
            }
        }
    }
}

static void
mix_onion(const SpDifference *pair, double share, guint8 *out)
{
    gsize count = (gsize) pair->side * (gsize) pair->side * 4;

    for (gsize i = 0; i < count; i++) {
        out[i] = (guint8) lround(pair->left[i] * (1 - share) + pair->right[i] * share);
    }
}

/* From a grey, dimmed picture through amber to white: readable with any kind of colour vision,
 * since hotter is always lighter. */
static void
mix_heat(const SpDifference *pair, guint8 *out)
{
    for (gsize i = 0; i < (gsize) pair->side * (gsize) pair->side; i++) {
        const guint8 *pixel = pair->left + i * 4;
        double grey = (pixel[0] * 0.3 + pixel[1] * 0.59 + pixel[2] * 0.11) * 0.35;
        double heat = pair->heat[i] / 255.0;

        out[i * 4] = (guint8) (grey * (1 - heat) + 255 * heat);
        out[i * 4 + 1] = (guint8) (grey * (1 - heat) + (100 + 140 * heat) * heat);
        out[i * 4 + 2] = (guint8) (grey * (1 - heat) + 160 * heat * heat * heat);
        out[i * 4 + 3] = 255;
    }
}

static gboolean
is_second_blink(const UiCompare *compare)
{
    gint64 elapsed = (g_get_monotonic_time() - compare->pair->began_us) / 1000;

    return elapsed / compare->blink_ms % 2 == 1;
}

/* The part of a portrait in which the face is. Takes `rgba`. */
static UiPixels *
take_face(guint8 *rgba, int side)
{
    SpRect part = ui_face_part(NULL, NULL);
    int left = (int) (part.x * side);
    int top = (int) (part.y * side);
    int face = (int) (part.width * side);
    guint8 *out = g_malloc((gsize) face * (gsize) face * 4);

    for (int y = 0; y < face; y++) {
        memcpy(out + (gsize) y * (gsize) face * 4,
               rgba + ((gsize) (top + y) * (gsize) side + (gsize) left) * 4, (gsize) face * 4);
    }
    g_free(rgba);
    return ui_pixels_take(out, face, face);
}

static UiPixels *
mix(const UiCompare *compare, UiPairMode mode, int which)
{
    const SpDifference *pair = compare->pair->difference;
    gsize length = (gsize) pair->side * (gsize) pair->side * 4;
    guint8 *out = g_malloc(length);

    switch (mode) {
    case UI_PAIR_SWIPE: mix_swipe(pair, compare->line, out); break;
    case UI_PAIR_ONION: mix_onion(pair, compare->share, out); break;
    case UI_PAIR_DIFFERENCE: mix_heat(pair, out); break;
    default: memcpy(out, which == 0 ? pair->left : pair->right, length); break;
    }
    return compare->is_face ? take_face(out, pair->side)
                            : ui_pixels_take(out, pair->side, pair->side);
}

/* ---- drawing ---- */

/* Gives where. */
static UiBox
draw_mixed(UiCompare *compare, WINDOW *window, UiBox box, UiPairMode mode, int which)
{
    g_autoptr(UiPixels) pixels = mix(compare, mode, which);

    return ui_frame_pixels(ui_app_get_frame(compare->app), window, box, pixels);
}

static void
draw_label(UiCompare *compare, WINDOW *window, int y, int x, int columns, int which)
{
    int index = find_mark(compare, which);
    g_autofree char *size = NULL;
    int used;

    if (index < 0) {
        return;
    }
    used = ui_compare_draw_name(compare, window, y, x, columns, (guint) index, UI_ROLE_STRONG) + 2;
    size = ui_compare_size(compare, (guint) index, columns - used);
    ui_text(compare->app, window, y, x + used, columns - used, UI_ROLE_DIM, size);
}

/* Two labels that are always on the screen, left and right. */
static void
draw_labels(UiCompare *compare, WINDOW *window, int y)
{
    int half = getmaxx(window) / 2;

    draw_label(compare, window, y, 1, half - 2, 0);
    draw_label(compare, window, y, half + 1, half - 2, 1);
}

static void
draw_two_up(UiCompare *compare, WINDOW *window, UiBox box)
{
    int half = box.columns / 2;
    UiBox left = {box.y, box.x, box.rows, half - 1};
    UiBox right = {box.y, box.x + half, box.rows, half - 1};

    draw_mixed(compare, window, left, UI_PAIR_TWO_UP, 0);
    draw_mixed(compare, window, right, UI_PAIR_TWO_UP, 1);
}

/* In a wide window the heat map stands between the two that it is made of. */
static void
draw_difference(UiCompare *compare, WINDOW *window, UiBox box)
{
    int third = box.columns / 3;

    if (third < box.rows) {
        draw_mixed(compare, window, box, UI_PAIR_DIFFERENCE, 0);
        return;
    }
    for (int i = 0; i < 3; i++) {
        UiBox part = {box.y, box.x + i * third, box.rows, third - 1};

        draw_mixed(compare, window, part, i == 1 ? UI_PAIR_DIFFERENCE : UI_PAIR_TWO_UP, i / 2);
    }
}

static void
draw_mode(UiCompare *compare, WINDOW *window, UiBox box)
{
    switch (compare->mode) {
    case UI_PAIR_TWO_UP: draw_two_up(compare, window, box); break;
    case UI_PAIR_DIFFERENCE: draw_difference(compare, window, box); break;
    case UI_PAIR_BLINK:
        draw_mixed(compare, window, box, UI_PAIR_BLINK, is_second_blink(compare) ? 1 : 0);
        break;
    default: compare->pair_place = draw_mixed(compare, window, box, compare->mode, 0); break;
    }
}

static const char *
marked_title(UiCompare *compare, int which)
{
    int index = find_mark(compare, which);

    return index < 0 ? "" : ui_case_get_title(ui_app_get_case(compare->app), (guint) index);
}

/* What the dial stands at. */
static char *
dial_text(UiCompare *compare)
{
    switch (compare->mode) {
    case UI_PAIR_SWIPE:
        return g_strdup_printf(_("swipe, %d %% of the left copy"),
                               (int) lround(compare->line * 100));
    case UI_PAIR_ONION:
        return g_strdup_printf(_("onion skin, %d %% of the right copy"),
                               (int) lround(compare->share * 100));
    case UI_PAIR_BLINK:
        return g_strdup_printf(_("blink, now: %s"),
                               marked_title(compare, is_second_blink(compare) ? 1 : 0));
    case UI_PAIR_DIFFERENCE: return g_strdup(_("difference: the brighter, the more they differ"));
    default: return g_strdup(ui_pair_mode_title(compare->mode));
    }
}

/* "another picture; 60 % of it differs". Transfer full. */
static char *
difference_text(UiCompare *compare)
{
    const SpComparison *comparison = compare->pair->comparison;
    int percent = (int) lround(compare->pair->difference->changed * 100);

    return sp_relation_is_same_photo(comparison->relation)
               ? g_strdup(comparison->why)
               : g_strdup_printf(_("%s; %d %% of the picture differs"), comparison->why, percent);
}

static void
draw_words(UiCompare *compare, WINDOW *window, int y)
{
    const SpComparison *comparison = compare->pair->comparison;
    UiRole role = sp_relation_is_same_photo(comparison->relation) ? UI_ROLE_OK
                  : comparison->relation == SP_RELATION_UNSURE    ? UI_ROLE_WAIT
                                                                  : UI_ROLE_ACTION;
    g_autofree char *dial = dial_text(compare);
    g_autofree char *difference = difference_text(compare);

    ui_paragraph(compare->app, window, y, 1, 2, getmaxx(window) - 2, role, difference);
    ui_text(compare->app, window, y + 2, 1, getmaxx(window) - 2, UI_ROLE_DIM, dial);
}

static void
draw_progress(UiCompare *compare, WINDOW *window)
{
    gint64 elapsed_ms = (g_get_monotonic_time() - compare->pair->began_us) / 1000;
    g_autofree char *elapsed = ui_format_ms(elapsed_ms);

    ui_textf(compare->app, window, getmaxy(window) / 2, 2, -1, UI_ROLE_WAIT,
             _("Bringing both copies to one size … %s"), elapsed);
}

void
ui_compare_draw_pair(UiCompare *compare, WINDOW *window)
{
    UiBox box = {1, 1, getmaxy(window) - 4, getmaxx(window) - 2};

    draw_labels(compare, window, 0);
    ui_app_set_cursor(compare->app, window, 0, 1, FALSE);
    if (compare->pair->difference == NULL) {
        draw_progress(compare, window);
        return;
    }
    draw_mode(compare, window, box);
    draw_words(compare, window, box.y + box.rows);
}
