#ifndef SAMEPHOTO_TUI_KEYS_H
#define SAMEPHOTO_TUI_KEYS_H

/* The one table of keys: which key does what, what that is called, and in which views it works. The
 * hint line and the help are made from it. Rows are in keys.c; views add their own there. */

#include <glib.h>

/* Keys that are no characters; characters are their code points. */
enum {
    UI_KEY_NONE = 0,
    UI_KEY_TAB = '\t',
    UI_KEY_ENTER = '\r',
    UI_KEY_ESCAPE = 0x1b,
    UI_KEY_BACKSPACE = 0x7f,
    UI_KEY_UP = 0x110000,
    UI_KEY_DOWN,
    UI_KEY_LEFT,
    UI_KEY_RIGHT,
    UI_KEY_HOME,
    UI_KEY_END,
    UI_KEY_PAGE_UP,
    UI_KEY_PAGE_DOWN,
    UI_KEY_INSERT,
    UI_KEY_DELETE,
    UI_KEY_BACK_TAB,
    UI_KEY_F1,
    UI_KEY_F12 = UI_KEY_F1 + 11,
    UI_KEY_MOUSE,
    UI_KEY_PASTE, /* bracketed paste: `text` holds it, cleaned */
};
#define UI_CTRL(letter) ((letter) &0x1f)

typedef enum {
    UI_MOUSE_PRESS,
    UI_MOUSE_RELEASE,
    UI_MOUSE_DRAG,
    UI_MOUSE_WHEEL_UP,
    UI_MOUSE_WHEEL_DOWN
} UiMouseKind;

typedef enum {
    UI_ACTION_NONE,
    /* everywhere */
    UI_ACTION_QUIT,
    UI_ACTION_HELP,
    UI_ACTION_GUIDE,
    UI_ACTION_COMPARE,
    UI_ACTION_CHECKLIST,
    UI_ACTION_START,
    UI_ACTION_NEXT_VIEW,
    UI_ACTION_REDRAW,
    UI_ACTION_SUSPEND,
    UI_ACTION_THEME,
    UI_ACTION_GRAPHICS,
    UI_ACTION_MOUSE,
    UI_ACTION_BACK, /* Escape: out of a popup, a mode, a mark */
    /* moving */
    UI_ACTION_UP,
    UI_ACTION_DOWN,
    UI_ACTION_LEFT,
    UI_ACTION_RIGHT,
    UI_ACTION_NEXT,
    UI_ACTION_PREVIOUS,
    UI_ACTION_FIRST,
    UI_ACTION_LAST,
    UI_ACTION_PAGE_UP,
    UI_ACTION_PAGE_DOWN,
    UI_ACTION_CHOOSE, /* Enter */
    UI_ACTION_MARK,   /* Space */
    /* Compare */
    UI_ACTION_TWO_UP,
    UI_ACTION_SWIPE,
    UI_ACTION_ONION,
    UI_ACTION_BLINK,
    UI_ACTION_DIFFERENCE,
    UI_ACTION_NEXT_MODE,
    UI_ACTION_ZOOM,
    UI_ACTION_FACE,
    UI_ACTION_REFERENCE,
    UI_ACTION_METADATA,
    UI_ACTION_OVERRULE,
    UI_ACTION_REREAD,
    UI_ACTION_REREAD_ONE,
    UI_ACTION_EVIDENCE,
    UI_ACTION_CUT,
    UI_ACTION_NUDGE,
    UI_ACTION_LESS,
    UI_ACTION_MORE,
    /* Guide and Checklist */
    UI_ACTION_VERIFY,
    UI_ACTION_TICK,
    UI_ACTION_SKIP,
    UI_ACTION_NOTE,
    UI_ACTION_WAIT,
    UI_ACTION_PLAY,
    UI_ACTION_REPORT,
    UI_ACTION_FINDINGS,
    UI_ACTION_HISTORY,
    UI_ACTION_FOLD,
    UI_ACTION_FILTER,
    UI_ACTION_SEARCH,
    UI_ACTION_OPEN,
    UI_ACTION_TICKET,
    UI_ACTION_WATCH,
    UI_ACTION_WATCH_THIS, /* in a list of sessions */
    UI_ACTION_ADVANCE,
    UI_N_ACTIONS,
} UiAction;

/* One thing that the person did. A plain value, valid during the call. */
typedef struct {
    int key;          /* a character or UI_KEY_… */
    UiAction action;  /* what the table says it means in this view, or UI_ACTION_NONE */
    const char *text; /* with UI_KEY_PASTE */
    UiMouseKind mouse;
    int y; /* with UI_KEY_MOUSE: in the view's window, may be outside */
    int x;
    gboolean is_double; /* a second click on the same spot */
    gboolean is_shift;  /* with the arrow keys */
} UiEvent;

/* Rows belong to views by these flags. */
#define UI_IN_START     (1u << 0)
#define UI_IN_GUIDE     (1u << 1)
#define UI_IN_COMPARE   (1u << 2)
#define UI_IN_CHECKLIST (1u << 3)
#define UI_IN_CUT       (1u << 4) /* Compare, while a picture is cut */
#define UI_IN_ALL       0x1fu

/* One row. A plain value. */
typedef struct {
    int keys[4]; /* the first is the one that is shown; 0 ends */
    UiAction action;
    unsigned views;    /* UI_IN_… */
    int rank;          /* in the hint line: 1 first, 0 only in the help */
    const char *hint;  /* one or two words; marked with N_() */
    const char *title; /* for the help; marked with N_() */
} UiBinding;

/* Every row, ended by one without an action. */
const UiBinding *ui_keys(void);

/* What `key` means in the views of `views`, or UI_ACTION_NONE. */
UiAction ui_keys_find(int key, unsigned views);

/* What to call a key: "q", "Enter", "Ctrl-L", "PgUp". Transfer full. */
char *ui_key_name(int key);

/* What the hint line calls a row's action right now, marked with N_(); NULL: it does not work now.
 */
typedef const char *(*UiHintFunc)(const UiBinding *row, gpointer user_data);

/* Hints that fit: key names and words by rank, cut to `columns` whole hints. Two strings for each
 * hint, key then word; NULL ends. Without `word` every row is hinted by its own. While text is
 * typed, only keys that are no text are hinted. Transfer full. */
GStrv ui_keys_hints(unsigned views, gboolean is_typing, UiHintFunc word, gpointer user_data,
                    int columns);

/* Whether a field takes this key as text, or as moving and deleting in text. */
gboolean ui_key_is_text(int key);

#endif
