/* The table, and what is read out of it. Guide's and Checklist's rows are here too, so that no key
 * can mean two things unseen. */
#include "tui/keys.h"

#include "core/i18n.h"
#include "core/text.h"

#define GUIDED (UI_IN_GUIDE | UI_IN_CHECKLIST)
#define CASE   (UI_IN_GUIDE | UI_IN_COMPARE | UI_IN_CHECKLIST)

static const UiBinding bindings[] = {
    /* moving */
    {{UI_KEY_UP, 'k'}, UI_ACTION_UP, UI_IN_ALL, 0, N_("up"), N_("Up")},
    {{UI_KEY_DOWN, 'j'}, UI_ACTION_DOWN, UI_IN_ALL, 0, N_("down"), N_("Down")},
    {{UI_KEY_LEFT, 'h'}, UI_ACTION_LEFT, UI_IN_ALL, 0, N_("left"), N_("Left")},
    {{UI_KEY_RIGHT, 'l'}, UI_ACTION_RIGHT, UI_IN_ALL, 0, N_("right"), N_("Right")},
    {{UI_KEY_TAB}, UI_ACTION_NEXT, UI_IN_ALL, 0, N_("next"), N_("The next one")},
    {{UI_KEY_BACK_TAB}, UI_ACTION_PREVIOUS, UI_IN_ALL, 0, N_("previous"), N_("The one before")},
    {{UI_KEY_HOME}, UI_ACTION_FIRST, UI_IN_ALL, 0, N_("first"), N_("The first one")},
    {{UI_KEY_END, 'G'}, UI_ACTION_LAST, UI_IN_ALL, 0, N_("last"), N_("The last one")},
    {{UI_KEY_PAGE_UP}, UI_ACTION_PAGE_UP, UI_IN_ALL, 0, N_("page up"), N_("A page up")},
    {{UI_KEY_PAGE_DOWN}, UI_ACTION_PAGE_DOWN, UI_IN_ALL, 0, N_("page down"), N_("A page down")},
    /* Compare */
    {{UI_KEY_ENTER, 'z'},
     UI_ACTION_ZOOM,
     UI_IN_COMPARE,
     2,
     N_("zoom"),
     N_("Zoom the copy to the whole screen, and back")},
    {{' '},
     UI_ACTION_MARK,
     UI_IN_COMPARE,
     1,
     N_("mark"),
     N_("Mark the copy; two marked copies are compared")},
    {{'t'}, UI_ACTION_TWO_UP, UI_IN_COMPARE, 6, N_("2-up"), N_("Both copies side by side")},
    {{'s'},
     UI_ACTION_SWIPE,
     UI_IN_COMPARE,
     7,
     N_("swipe"),
     N_("One copy over the other, a line between them to move")},
    {{'o'},
     UI_ACTION_ONION,
     UI_IN_COMPARE,
     8,
     N_("onion"),
     N_("One copy shining through the other")},
    {{'b'}, UI_ACTION_BLINK, UI_IN_COMPARE, 9, N_("blink"), N_("The two copies in turn")},
    {{'d'},
     UI_ACTION_DIFFERENCE,
     UI_IN_COMPARE,
     5,
     N_("difference"),
     N_("Where the two copies differ, as a heat map")},
    {{'m'},
     UI_ACTION_NEXT_MODE,
     UI_IN_COMPARE,
     10,
     N_("mode"),
     N_("The next way of comparing two copies")},
    {{'-', '<'},
     UI_ACTION_LESS,
     UI_IN_COMPARE,
     4,
     N_("less"),
     N_("The line to the left (swipe), less of the right copy (onion), faster (blink)")},
    {{'+', '>'},
     UI_ACTION_MORE,
     UI_IN_COMPARE,
     4,
     N_("more"),
     N_("The line to the right (swipe), more of the right copy (onion), slower (blink)")},
    {{'f'},
     UI_ACTION_FACE,
     UI_IN_COMPARE,
     11,
     N_("face"),
     N_("Only the face, everywhere at the same scale, and back")},
    {{'r'},
     UI_ACTION_REFERENCE,
     UI_IN_COMPARE,
     12,
     N_("reference"),
     N_("Hold the others against this copy")},
    {{'i'},
     UI_ACTION_METADATA,
     UI_IN_COMPARE,
     13,
     N_("details"),
     N_("What each service said, side by side")},
    {{'='},
     UI_ACTION_OVERRULE,
     UI_IN_COMPARE,
     14,
     N_("same"),
     N_("Say that the two show the same photo (or take it back); it is recorded")},
    {{'e'},
     UI_ACTION_EVIDENCE,
     UI_IN_COMPARE,
     0,
     N_("evidence"),
     N_("Add a picture of what the person sees")},
    {{'c'},
     UI_ACTION_CUT,
     UI_IN_COMPARE,
     4,
     N_("cut out"),
     N_("Cut the photo out of a picture of what the person sees")},
    {{UI_KEY_ENTER},
     UI_ACTION_CHOOSE,
     UI_IN_CUT,
     1,
     N_("cut out"),
     N_("Compare what is in the square")},
    {{'+', '>'},
     UI_ACTION_MORE,
     UI_IN_CUT,
     2,
     N_("larger"),
     N_("A larger square, also with Shift and Up or Right; > by one pixel")},
    {{'-', '<'},
     UI_ACTION_LESS,
     UI_IN_CUT,
     3,
     N_("smaller"),
     N_("A smaller square, also with Shift and Down or Left; < by one pixel")},
    {{'H', 'J', 'K', 'L'}, UI_ACTION_NUDGE, UI_IN_CUT, 4, N_("pixel"), N_("Move by one pixel")},
    {{'u'}, UI_ACTION_REREAD_ONE, UI_IN_COMPARE, 0, N_("read again"), N_("Read this copy again")},
    /* Guide and Checklist */
    {{UI_KEY_ENTER}, UI_ACTION_CHOOSE, UI_IN_START, 1, N_("choose"), N_("Choose")},
    {{UI_KEY_ENTER},
     UI_ACTION_CHOOSE,
     UI_IN_GUIDE,
     1,
     N_("done"),
     N_("The step is done (or is not); in a list of people: this one is meant")},
    {{UI_KEY_ENTER},
     UI_ACTION_CHOOSE,
     UI_IN_CHECKLIST,
     1,
     N_("done"),
     N_("The step is done (or is not); a section is folded and unfolded; a checklist is begun")},
    {{'w'},
     UI_ACTION_WATCH_THIS,
     UI_IN_START,
     3,
     N_("watch"),
     N_("Open the session, and read again at sensible times until all copies agree")},
    {{'v'},
     UI_ACTION_VERIFY,
     UI_IN_GUIDE,
     2,
     N_("verify"),
     N_("Read the copies again and see whether the step worked")},
    {{' ', 'x'}, UI_ACTION_TICK, GUIDED, 0, N_("done"), N_("The step is done (or is not)")},
    {{'s'}, UI_ACTION_SKIP, GUIDED, 4, N_("skip"), N_("Skip the step, with a reason")},
    {{'n'}, UI_ACTION_NOTE, GUIDED, 5, N_("note"), N_("Write a note for the step")},
    {{'w'}, UI_ACTION_WAIT, UI_IN_GUIDE, 6, N_("wait"), N_("Wait until a time")},
    {{'p'},
     UI_ACTION_PLAY,
     GUIDED,
     7,
     N_("play"),
     N_("Practice: let the step happen in the pretend organisation")},
    {{'A'},
     UI_ACTION_ADVANCE,
     CASE,
     0,
     N_("a day later"),
     N_("Practice: let a day pass in the pretend organisation")},
    {{'R', 'y'}, UI_ACTION_REPORT, GUIDED, 8, N_("report"), N_("Write the ticket's report")},
    {{'f', 'e'},
     UI_ACTION_FINDINGS,
     UI_IN_GUIDE,
     3,
     N_("findings"),
     N_("Everything that was found, with its evidence")},
    {{'H'}, UI_ACTION_HISTORY, UI_IN_GUIDE, 10, N_("history"), N_("What happened before")},
    {{'b'}, UI_ACTION_PREVIOUS, UI_IN_GUIDE, 7, N_("back"), N_("The step before")},
    {{'o'}, UI_ACTION_OPEN, UI_IN_GUIDE, 11, N_("link"), N_("Show the step's address in full")},
    {{'o'}, UI_ACTION_OPEN, UI_IN_CHECKLIST, 8, N_("open"), N_("Another checklist")},
    {{'T'}, UI_ACTION_TICKET, UI_IN_GUIDE, 0, N_("ticket"), N_("The ticket's number")},
    {{'W'},
     UI_ACTION_WATCH,
     UI_IN_GUIDE | UI_IN_COMPARE,
     0,
     N_("watch"),
     N_("Read again at sensible times until all copies agree")},
    {{'f'},
     UI_ACTION_FILTER,
     UI_IN_CHECKLIST,
     9,
     N_("filter"),
     N_("Show open, done or skipped steps only")},
    {{'c'}, UI_ACTION_FOLD, UI_IN_CHECKLIST, 10, N_("fold"), N_("Fold the section, and unfold it")},
    {{'/'}, UI_ACTION_SEARCH, UI_IN_CHECKLIST | UI_IN_START, 11, N_("search"), N_("Search")},
    /* everywhere */
    {{'R', UI_KEY_F1 + 4},
     UI_ACTION_REREAD,
     UI_IN_COMPARE,
     15,
     N_("read again"),
     N_("Read every copy again")},
    {{'r', UI_KEY_F1 + 4},
     UI_ACTION_REREAD,
     UI_IN_GUIDE,
     15,
     N_("read again"),
     N_("Read every copy again")},
    {{'?', UI_KEY_F1}, UI_ACTION_HELP, UI_IN_ALL, 21, N_("help"), N_("This help")},
    {{'1'}, UI_ACTION_GUIDE, UI_IN_ALL, 0, N_("guide"), N_("Guide: what to do next")},
    {{'2'}, UI_ACTION_COMPARE, UI_IN_ALL, 0, N_("compare"), N_("Compare: the copies side by side")},
    {{'3'},
     UI_ACTION_CHECKLIST,
     UI_IN_ALL,
     0,
     N_("checklist"),
     N_("Checklist: every step of a playbook")},
    {{'0'}, UI_ACTION_START, UI_IN_ALL, 0, N_("start"), N_("Start: another person")},
    {{UI_KEY_ESCAPE},
     UI_ACTION_BACK,
     UI_IN_ALL,
     20,
     N_("back"),
     N_("Back, out of what is open; else stop reading")},
    {{UI_CTRL('l')}, UI_ACTION_REDRAW, UI_IN_ALL, 0, N_("redraw"), N_("Draw the screen anew")},
    {{UI_CTRL('t')},
     UI_ACTION_THEME,
     UI_IN_ALL,
     0,
     N_("theme"),
     N_("The next theme: dark, light, mono, high contrast, colour-blind")},
    {{UI_CTRL('g')},
     UI_ACTION_GRAPHICS,
     UI_IN_ALL,
     0,
     N_("graphics"),
     N_("Pixels or symbols for the pictures")},
    {{UI_CTRL('x')},
     UI_ACTION_MOUSE,
     UI_IN_ALL,
     0,
     N_("mouse"),
     N_("The mouse for us, or for selecting text")},
    {{UI_CTRL('z')},
     UI_ACTION_SUSPEND,
     UI_IN_ALL,
     0,
     N_("suspend"),
     N_("Back to the shell for now")},
    {{'q', UI_CTRL('c'), UI_CTRL('q')},
     UI_ACTION_QUIT,
     UI_IN_ALL,
     22,
     N_("leave"),
     N_("Leave; a session goes on where it stands next time")},
    {{0}, UI_ACTION_NONE, 0, 0, NULL, NULL},
};

const UiBinding *
ui_keys(void)
{
    return bindings;
}

UiAction
ui_keys_find(int key, unsigned views)
{
    for (const UiBinding *row = bindings; row->action != UI_ACTION_NONE; row++) {
        for (gsize i = 0; i < G_N_ELEMENTS(row->keys) && (row->views & views) != 0; i++) {
            if (row->keys[i] == key && key != UI_KEY_NONE) {
                return row->action;
            }
        }
    }
    return UI_ACTION_NONE;
}

char *
ui_key_name(int key)
{
    static const struct {
        int key;
        const char *name;
    } names[] = {
        {UI_KEY_UP, N_("Up")},        {UI_KEY_DOWN, N_("Down")},
        {UI_KEY_LEFT, N_("Left")},    {UI_KEY_RIGHT, N_("Right")},
        {UI_KEY_TAB, N_("Tab")},      {UI_KEY_BACK_TAB, N_("Shift-Tab")},
        {UI_KEY_ENTER, N_("Enter")},  {UI_KEY_ESCAPE, N_("Esc")},
        {UI_KEY_HOME, N_("Home")},    {UI_KEY_END, N_("End")},
        {UI_KEY_PAGE_UP, N_("PgUp")}, {UI_KEY_PAGE_DOWN, N_("PgDn")},
        {' ', N_("Space")},           {UI_KEY_BACKSPACE, N_("Backspace")},
        {UI_KEY_DELETE, N_("Del")},   {UI_KEY_INSERT, N_("Ins")},
    };
    char text[8] = "";

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].key == key) {
            return g_strdup(_(names[i].name));
        }
    }
    if (key >= UI_KEY_F1 && key <= UI_KEY_F12) {
        return g_strdup_printf("F%d", key - UI_KEY_F1 + 1);
    }
    if (key < 0x20) {
        return g_strdup_printf(_("Ctrl-%c"), key + 'A' - 1);
    }
    g_unichar_to_utf8((gunichar) key, text);
    return g_strdup(text);
}

gboolean
ui_key_is_text(int key)
{
    return (key >= ' ' && key < UI_KEY_UP) || key == UI_KEY_PASTE || key == UI_KEY_BACKSPACE ||
           key == UI_KEY_LEFT || key == UI_KEY_RIGHT || key == UI_KEY_HOME || key == UI_KEY_END ||
           key == UI_KEY_DELETE || key == UI_CTRL('u') || key == UI_CTRL('w') ||
           key == UI_CTRL('a') || key == UI_CTRL('e');
}

/* A row that is hinted, by which of its keys and by which word. A plain value. */
typedef struct {
    const UiBinding *row;
    int key;
    const char *word;
} Hint;

/* The first key of a row that can be pressed now, or UI_KEY_NONE. */
static int
usable_key(const UiBinding *row, gboolean is_typing)
{
    for (gsize i = 0; i < G_N_ELEMENTS(row->keys) && row->keys[i] != UI_KEY_NONE; i++) {
        if (!is_typing || !ui_key_is_text(row->keys[i])) {
            return row->keys[i];
        }
    }
    return UI_KEY_NONE;
}

static gint
compare_ranks(gconstpointer a, gconstpointer b)
{
    return ((const Hint *) a)->row->rank - ((const Hint *) b)->row->rank;
}

/* Hint for each row that belongs in the hint line, the first rank first. */
static GArray *
gather_hints(unsigned views, gboolean is_typing, UiHintFunc word, gpointer user_data)
{
    GArray *hints = g_array_new(FALSE, FALSE, sizeof(Hint));

    for (const UiBinding *row = bindings; row->action != UI_ACTION_NONE; row++) {
        if (row->rank > 0 && (row->views & views) != 0) {
            Hint hint = {row, usable_key(row, is_typing),
                         word == NULL ? row->hint : word(row, user_data)};

            if (hint.key != UI_KEY_NONE && hint.word != NULL) {
                g_array_append_val(hints, hint);
            }
        }
    }
    g_array_sort(hints, compare_ranks);
    return hints;
}

static int
hint_columns(const Hint *hint)
{
    g_autofree char *name = ui_key_name(hint->key);

    return (int) (sp_text_columns(name) + 1 + sp_text_columns(_(hint->word)) + 2);
}

/* Help and the way out are worth more than any other hint: room is kept for them. */
static int
reserved_columns(const GArray *hints)
{
    int columns = 0;

    for (guint i = 0; i < hints->len; i++) {
        const Hint *hint = &g_array_index(hints, Hint, i);

        columns += hint->row->rank >= 20 ? hint_columns(hint) : 0;
    }
    return columns;
}

GStrv
ui_keys_hints(unsigned views, gboolean is_typing, UiHintFunc word, gpointer user_data, int columns)
{
    g_autoptr(GArray) hints = gather_hints(views, is_typing, word, user_data);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    int left = columns - reserved_columns(hints);

    for (guint i = 0; i < hints->len; i++) {
        const Hint *hint = &g_array_index(hints, Hint, i);
        g_autofree char *name = ui_key_name(hint->key);
        int needed = hint_columns(hint);

        if (hint->row->rank < 20 && needed > left) {
            continue;
        }
        left -= hint->row->rank < 20 ? needed : 0;
        g_strv_builder_add(builder, name);
        g_strv_builder_add(builder, _(hint->word));
    }
    return g_strv_builder_end(builder);
}
