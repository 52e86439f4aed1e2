#ifndef SAMEPHOTO_TUI_COMPARE_H
#define SAMEPHOTO_TUI_COMPARE_H

/* The state of the Compare screen, shared by its files: view-compare.c (keys), compare-grid.c (all
 * the copies), compare-pair.c (two of them), compare-metadata.c (what was said of them),
 * compare-seen.c (what the person sees, and cutting it), compare-layout.c (places). */

#include "tui/app.h"
#include "tui/compare-layout.h"

/* How two copies are compared. */
typedef enum {
    UI_PAIR_TWO_UP,
    UI_PAIR_SWIPE,
    UI_PAIR_ONION,
    UI_PAIR_BLINK,
    UI_PAIR_DIFFERENCE,
    UI_N_PAIR_MODES
} UiPairMode;

/* What is on the screen. */
typedef enum { UI_SHOWS_GRID, UI_SHOWS_ONE, UI_SHOWS_PAIR, UI_SHOWS_CUT } UiShows;

/* Two pictures brought together, and the words for it; made in a worker. */
typedef struct UiPair UiPair;

/* A picture of what the person sees, and the square that is being chosen in it. */
typedef struct UiCut UiCut;

/* A plain value of this view. */
typedef struct {
    UiApp *app;
    GCancellable *cancellable; /* of what is loaded or cut for this view */
    UiShows shows;
    int selected;
    int first_row;
    char *marks[2]; /* ids, or NULL; the first that was marked is the left one */
    gboolean is_face;
    UiGrid grid;
    int grid_top; /* where the grid begins in the window */
    UiPairMode mode;
    UiPair *pair;         /* or NULL */
    UiCut *cut;           /* or NULL */
    const char *news;     /* to be said once what the person sees is compared; or NULL */
    UiBox pair_place;     /* where the mixed picture was drawn last, in the window */
    gboolean is_dragging; /* the mouse, from within that place */
    double line;          /* swipe's, from the left of the picture: 0 to 1 */
    double share;         /* of the second copy, for onion */
    guint blink_ms;
} UiCompare;

/* The grid, in the whole window. */
void ui_compare_draw_grid(UiCompare *compare, WINDOW *window);

/* The selected copy, in the whole window. */
void ui_compare_draw_one(UiCompare *compare, WINDOW *window);

/* The marked pair. */
void ui_compare_draw_pair(UiCompare *compare, WINDOW *window);

/* Begins to bring both photos together, also where one of them has been read again and is another
 * one now; TRUE where both have one. */
gboolean ui_compare_open_pair(UiCompare *compare);
void ui_compare_close_pair(UiCompare *compare);

/* What each service said, side by side as many as fit; then each in full, since addresses do not
 * fit into columns. */
UiDo ui_compare_show_metadata(UiCompare *compare);

/* Asks for a picture file of what the person sees and adds it. */
void ui_compare_ask_seen(UiCompare *compare);

/* After a change of the case: says what has become of it. */
void ui_compare_tell_seen(UiCompare *compare);

/* Begins to cut the photo out of the selected picture; FALSE where it is none of what the person
 * sees. Closing leaves all as it was. */
gboolean ui_compare_open_cut(UiCompare *compare);
void ui_compare_close_cut(UiCompare *compare);
void ui_compare_draw_cut(UiCompare *compare, WINDOW *window);

/* Moves and resizes the square; Enter cuts. UI_DO_NOTHING: the key was none for it. */
UiDo ui_compare_key_cut(UiCompare *compare, const UiEvent *event);

/* The name and the words of each way, translated. */
const char *ui_pair_mode_name(UiPairMode mode); /* for the memory; not translated */
const char *ui_pair_mode_title(UiPairMode mode);

/* How the pair was compared, measure by measure, or NULL. Transfer full. */
char *ui_compare_explain_pair(const UiCompare *compare);

/* The copy's state in words ("same photo, 98 %", "no photo", "waiting … 1.2 s") and the role to
 * draw it in. Transfer full. */
char *ui_compare_state(UiCompare *compare, guint index, UiRole *role);

/* "648x648  jpeg  48 kB" in `columns` (-1: as many as it takes), else without the format, else the
 * pixels only; NULL without a photo. Transfer full. */
char *ui_compare_size(UiCompare *compare, guint index, int columns);

/* "● A Microsoft 365", the group's parts in the group's colour. Gives the columns used. */
int ui_compare_draw_name(UiCompare *compare, WINDOW *window, int y, int x, int columns, guint index,
                         UiRole role);

#endif
