#include "tui/overlay.h"

#include <string.h>

#define ROWS 24

static UiPixels *
grey(guint8 value)
{
    guint8 *rgba = g_malloc(16 * 16 * 4);

    memset(rgba, value, 16 * 16 * 4);
    return ui_pixels_take(rgba, 16, 16);
}

static void
clear_placement(gpointer data)
{
    ui_pixels_unref(((UiPlacement *) data)->pixels);
}

static GArray *
one_placement(int y, int x, guint8 value)
{
    GArray *placements = g_array_new(FALSE, FALSE, sizeof(UiPlacement));
    UiPlacement placement = {{y, x, 4, 8}, grey(value)};

    g_array_set_clear_func(placements, clear_placement);
    g_array_append_val(placements, placement);
    return placements;
}

static char *
update(UiOverlay *overlay, const GArray *placements, const UiBox *popup)
{
    g_autoptr(GArray) popups = g_array_new(FALSE, FALSE, sizeof(UiBox));

    g_autoptr(GArray) stale = NULL;

    if (popup != NULL) {
        g_array_append_val(popups, *popup);
    }
    stale = ui_overlay_prepare(overlay, placements, popups);
    return g_string_free(ui_overlay_update(overlay, placements, popups, ROWS), FALSE);
}

static const UiCaps caps = {.has_answered = TRUE, .cell_width = 8, .cell_height = 16};

static void
kitty_sends_once_and_places_by_number(void)
{
    g_autoptr(UiOverlay) overlay = ui_overlay_new(UI_GRAPHICS_KITTY, &caps);
    g_autoptr(GArray) here = one_placement(2, 3, 90);
    g_autoptr(GArray) there = one_placement(10, 3, 90);
    g_autofree char *first = update(overlay, here, NULL);
    g_autofree char *still = update(overlay, here, NULL);
    g_autofree char *moved = update(overlay, there, NULL);

    g_assert_nonnull(strstr(first, "\033_Ga=t,q=2,f=24,s=64,v=64,i=3100,"));
    g_assert_nonnull(strstr(first, "\0337\033[3;4H\033_Ga=p,q=2,i=3100,"));
    g_assert_nonnull(strstr(first, "c=8,r=4,C=1\033\\\0338"));
    g_assert_cmpstr(still, ==, "");
    g_assert_null(strstr(moved, "a=t"));
    g_assert_nonnull(strstr(moved, "a=d,d=i,q=2,i=3100"));
    g_assert_nonnull(strstr(moved, "\033[11;4H"));
    g_assert_cmpuint(strlen(moved), <, 200);
}

static void
a_popup_takes_pictures_away_and_gives_them_back(void)
{
    const UiBox popup = {4, 0, 10, 40};
    g_autoptr(UiOverlay) overlay = ui_overlay_new(UI_GRAPHICS_KITTY, &caps);
    g_autoptr(GArray) here = one_placement(2, 3, 90);
    g_autofree char *shown = update(overlay, here, NULL);
    g_autofree char *covered = update(overlay, here, &popup);
    g_autofree char *again = update(overlay, here, NULL);

    g_assert_cmpuint(strlen(shown), >, 0);
    g_assert_nonnull(strstr(covered, "a=d"));
    g_assert_null(strstr(covered, "a=p"));
    g_assert_nonnull(strstr(again, "a=p"));
    g_assert_null(strstr(again, "a=t"));
}

static void
sixels_that_leave_are_written_over(void)
{
    g_autoptr(UiOverlay) overlay = ui_overlay_new(UI_GRAPHICS_SIXEL, &caps);
    g_autoptr(GArray) here = one_placement(2, 3, 90);
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(UiPlacement));
    g_autofree char *shown = update(overlay, here, NULL);
    g_autoptr(GArray) kept = ui_overlay_prepare(overlay, here, NULL);
    g_autoptr(GArray) gone = ui_overlay_prepare(overlay, none, NULL);

    g_assert_nonnull(strstr(shown, "\0337\033[3;4H\033P"));
    g_assert_true(g_str_has_suffix(shown, "\033\\\0338"));
    g_assert_cmpuint(kept->len, ==, 0);
    g_assert_cmpuint(gone->len, ==, 1);
    g_assert_cmpint(g_array_index(gone, UiBox, 0).y, ==, 2);
}

/* What curses writes to take one away goes over its neighbours on these lines too. */
static void
sixels_beside_one_that_leaves_go_out_again(void)
{
    g_autoptr(UiOverlay) overlay = ui_overlay_new(UI_GRAPHICS_SIXEL, &caps);
    g_autoptr(GArray) both = one_placement(2, 3, 90);
    g_autoptr(GArray) left = one_placement(2, 3, 90);
    g_autoptr(GArray) below = one_placement(12, 3, 90);
    g_autofree char *shown = NULL;
    g_autofree char *again = NULL;
    g_autofree char *still = NULL;

    g_array_append_val(both, ((UiPlacement){{3, 20, 4, 8}, grey(40)}));
    shown = update(overlay, both, NULL);
    again = update(overlay, left, NULL);
    still = update(overlay, left, NULL);
    g_assert_nonnull(strstr(shown, "\033[4;21H"));
    g_assert_nonnull(strstr(again, "\033[3;4H"));
    g_assert_cmpstr(still, ==, "");
    g_free(shown);
    shown = update(overlay, below, NULL);
    g_assert_nonnull(strstr(shown, "\033[13;4H"));
}

/* Only the popup's own cells are written over: no line is written again for it, and what it covered
 * goes out once more when it is gone. */
static void
a_popup_damages_the_sixels_beneath(void)
{
    const UiBox popup = {3, 0, 10, 15};
    g_autoptr(UiOverlay) overlay = ui_overlay_new(UI_GRAPHICS_SIXEL, &caps);
    g_autoptr(GArray) both = one_placement(2, 3, 90);
    g_autoptr(GArray) popups = g_array_new(FALSE, FALSE, sizeof(UiBox));
    g_autofree char *shown = NULL;
    g_autoptr(GArray) stale = NULL;
    g_autofree char *covered = NULL;
    g_autofree char *again = NULL;
    g_autofree char *still = NULL;

    g_array_append_val(both, ((UiPlacement){{2, 20, 4, 8}, grey(40)}));
    g_array_append_val(popups, popup);
    shown = update(overlay, both, NULL);
    stale = ui_overlay_prepare(overlay, both, popups);
    covered = update(overlay, both, &popup);
    again = update(overlay, both, NULL);
    still = update(overlay, both, NULL);
    g_assert_cmpuint(stale->len, ==, 0);
    g_assert_cmpstr(covered, ==, "");
    g_assert_nonnull(strstr(again, "\033[3;4H"));
    g_assert_null(strstr(again, "\033[3;21H"));
    g_assert_cmpstr(still, ==, "");
}

/* Eight large pictures take long to encode: what does not fit into one update comes in the next. */
static void
late_pictures_come_in_the_next_updates(void)
{
    static const UiCaps large = {.has_answered = TRUE, .cell_width = 20, .cell_height = 40};
    g_autoptr(UiOverlay) overlay = ui_overlay_new(UI_GRAPHICS_SIXEL, &large);
    g_autoptr(GArray) placements = g_array_new(FALSE, FALSE, sizeof(UiPlacement));
    guint puts = 0;
    guint updates = 0;

    g_array_set_clear_func(placements, clear_placement);
    for (int i = 0; i < 8; i++) {
        UiPlacement placement = {{0, i * 40, 20, 40}, grey((guint8) (i * 30))};

        g_array_append_val(placements, placement);
    }
    do {
        g_autofree char *bytes = update(overlay, placements, NULL);

        for (const char *at = bytes; (at = strstr(at, "\033P")) != NULL; at++) {
            puts++;
        }
        updates++;
    } while (ui_overlay_is_late(overlay) && updates < 20);
    g_assert_cmpuint(puts, ==, 8);
    g_assert_cmpuint(updates, >, 1);
}

/* A sixel in the last row scrolls the screen. */
static void
the_last_row_is_left_alone(void)
{
    g_autoptr(UiOverlay) overlay = ui_overlay_new(UI_GRAPHICS_SIXEL, &caps);
    g_autoptr(GArray) low = one_placement(ROWS - 4, 0, 90);
    g_autofree char *bytes = update(overlay, low, NULL);

    g_assert_cmpstr(bytes, ==, "");
}

static void
after_a_wipe_everything_goes_out_again(void)
{
    static const UiGraphics kinds[] = {UI_GRAPHICS_KITTY, UI_GRAPHICS_SIXEL, UI_GRAPHICS_ITERM};

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(UiOverlay) overlay = ui_overlay_new(kinds[i], &caps);
        g_autoptr(GArray) here = one_placement(2, 3, 90);
        g_autofree char *first = update(overlay, here, NULL);
        g_autofree char *second = NULL;

        ui_overlay_forget(overlay);
        second = update(overlay, here, NULL);
        g_assert_cmpuint(strlen(second), ==, strlen(first));
    }
}

static void
iterm_gets_a_file_in_cells(void)
{
    g_autoptr(UiOverlay) overlay = ui_overlay_new(UI_GRAPHICS_ITERM, &caps);
    g_autoptr(GArray) here = one_placement(0, 0, 90);
    g_autofree char *bytes = update(overlay, here, NULL);

    g_assert_nonnull(strstr(bytes, "\033]1337;File=inline=1;size="));
    g_assert_nonnull(strstr(bytes, ";width=8;height=4;preserveAspectRatio=0:iVBOR"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/overlay/kitty-sends-once-and-places-by-number",
                    kitty_sends_once_and_places_by_number);
    g_test_add_func("/overlay/a-popup-takes-pictures-away-and-gives-them-back",
                    a_popup_takes_pictures_away_and_gives_them_back);
    g_test_add_func("/overlay/sixels-that-leave-are-written-over",
                    sixels_that_leave_are_written_over);
    g_test_add_func("/overlay/sixels-beside-one-that-leaves-go-out-again",
                    sixels_beside_one_that_leaves_go_out_again);
    g_test_add_func("/overlay/a-popup-damages-the-sixels-beneath",
                    a_popup_damages_the_sixels_beneath);
    g_test_add_func("/overlay/late-pictures-come-in-the-next-updates",
                    late_pictures_come_in_the_next_updates);
    g_test_add_func("/overlay/the-last-row-is-left-alone", the_last_row_is_left_alone);
    g_test_add_func("/overlay/after-a-wipe-everything-goes-out-again",
                    after_a_wipe_everything_goes_out_again);
    g_test_add_func("/overlay/iterm-gets-a-file-in-cells", iterm_gets_a_file_in_cells);
    return g_test_run();
}
