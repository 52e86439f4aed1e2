/* Palettes are tables of 24-bit colours; what a terminal has fewer of is the nearest one, or one of
 * the sixteen by name. A role is a foreground, a background and attributes. */
#include "tui/theme.h"

#include <stdlib.h>

#include "core/guide/diagnose.h"
#include "core/photo/group.h"

typedef enum {
    SLOT_NONE, /* the terminal's own colour */
    SLOT_TEXT,
    SLOT_DIM,
    SLOT_STRONG,
    SLOT_ACCENT,
    SLOT_BAR,
    SLOT_BAR_TEXT,
    SLOT_SELECT,
    SLOT_POPUP,
    SLOT_FIELD,
    SLOT_OK,
    SLOT_INFO,
    SLOT_WAIT,
    SLOT_ACTION,
    SLOT_PROBLEM,
    SLOT_A,
    SLOT_B,
    SLOT_C,
    SLOT_D,
    SLOT_E,
    SLOT_F,
    SLOT_GROUND, /* where the theme paints the background itself */
    N_SLOTS,
} Slot;

typedef enum {
    PALETTE_DARK,
    PALETTE_LIGHT,
    PALETTE_CONTRAST,
    PALETTE_BLIND_DARK,
    PALETTE_BLIND_LIGHT,
    N_PALETTES
} Palette;

static const int palettes[N_PALETTES][N_SLOTS] = {
    [PALETTE_DARK] = {-1,       0xd5dae3, 0x8a93a3, 0xf4f6fa, 0x82aaff, 0x232834,
                      0xa9b3c4, 0x36456b, 0x1f2430, 0x2f3646, 0x8fc482, 0x7fb9d6,
                      0xe3ba70, 0xec9a63, 0xec7f7f, 0x72cfa5, 0xf0a35e, 0xb99af0,
                      0xe8d66b, 0xf08fbd, 0x6fbdf0, 0x12151b},
    [PALETTE_LIGHT] = {-1,       0x1f2630, 0x667080, 0x0b0f16, 0x1f55c8, 0xe2e7ef,
                       0x47505f, 0xc9daf8, 0xf1f3f7, 0xe2e6ee, 0x2b7a30, 0x1b6b88,
                       0x8d5f00, 0xb04a08, 0xb3261e, 0x13764c, 0xb55700, 0x6a3bb3,
                       0x7a6700, 0xae2a70, 0x0a66a6, 0xfbfbfd},
    [PALETTE_CONTRAST] = {-1,       0xffffff, 0xffffff, 0xffffff, 0x5fffff, 0x0000af,
                          0xffffff, 0x0000d7, 0x010101, 0x303030, 0x5fff5f, 0x5fffff,
                          0xffff5f, 0xffaf00, 0xff8787, 0x5fffaf, 0xffaf5f, 0xd7afff,
                          0xffff5f, 0xff87d7, 0x87d7ff, 0x010101},
    [PALETTE_BLIND_DARK] = {-1,       0xd5dae3, 0x8a93a3, 0xf4f6fa, 0x82aaff, 0x232834,
                            0xa9b3c4, 0x36456b, 0x1f2430, 0x2f3646, 0x56b4e9, 0x9fc5e8,
                            0xf0e442, 0xe69f00, 0xe8702a, 0x56b4e9, 0xe69f00, 0xd68bb5,
                            0xf0e442, 0x20b58c, 0xe8702a, 0x12151b},
    [PALETTE_BLIND_LIGHT] = {-1,       0x1f2630, 0x667080, 0x0b0f16, 0x1f55c8, 0xe2e7ef,
                             0x47505f, 0xc9daf8, 0xf1f3f7, 0xe2e6ee, 0x0067a3, 0x1b6b88,
                             0x746b00, 0x985f00, 0xa94400, 0x0067a3, 0x985f00, 0x9d3f76,
                             0x746b00, 0x006b4c, 0xa94400, 0xfbfbfd},
};

/* The sixteen colours by name: -1 is the terminal's own. Eight colours take these modulo eight. On
 * white, green, cyan and yellow cannot be read in most terminals' shades. */
static const int ansi[2][N_SLOTS] = {
    {-1, -1, 8, 15, 12, 4, 15, 4, 0, 8, 10, 14, 11, 11, 9, 10, 11, 13, 11, 9, 14, 0},
    {-1, -1, 8, 0, 4, 7, 0, 6, 15, 7, 4, 4, 5, 1, 1, 4, 1, 5, 0, 1, 4, 15},
};

/* One role. `mono` are the attributes where there is no colour. */
static const struct {
    Slot foreground;
    Slot background;
    attr_t attributes;
    attr_t mono;
} roles[UI_N_ROLES] = {
    [UI_ROLE_TEXT] = {SLOT_TEXT, SLOT_NONE, A_NORMAL, A_NORMAL},
    [UI_ROLE_DIM] = {SLOT_DIM, SLOT_NONE, A_NORMAL, A_NORMAL},
    [UI_ROLE_STRONG] = {SLOT_STRONG, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_ACCENT] = {SLOT_ACCENT, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_SELECTED] = {SLOT_STRONG, SLOT_SELECT, A_BOLD, A_REVERSE},
    [UI_ROLE_BAR] = {SLOT_BAR_TEXT, SLOT_BAR, A_NORMAL, A_REVERSE},
    [UI_ROLE_BAR_ACTIVE] = {SLOT_STRONG, SLOT_SELECT, A_BOLD, A_BOLD | A_UNDERLINE},
    [UI_ROLE_KEY] = {SLOT_ACCENT, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_HINT] = {SLOT_DIM, SLOT_NONE, A_NORMAL, A_NORMAL},
    [UI_ROLE_FIELD] = {SLOT_STRONG, SLOT_FIELD, A_NORMAL, A_UNDERLINE},
    [UI_ROLE_POPUP] = {SLOT_TEXT, SLOT_POPUP, A_NORMAL, A_NORMAL},
    [UI_ROLE_POPUP_BORDER] = {SLOT_ACCENT, SLOT_POPUP, A_NORMAL, A_NORMAL},
    [UI_ROLE_OK] = {SLOT_OK, SLOT_NONE, A_BOLD, A_NORMAL},
    [UI_ROLE_INFO] = {SLOT_INFO, SLOT_NONE, A_NORMAL, A_NORMAL},
    [UI_ROLE_WAIT] = {SLOT_WAIT, SLOT_NONE, A_NORMAL, A_NORMAL},
    [UI_ROLE_ACTION] = {SLOT_ACTION, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_PROBLEM] = {SLOT_PROBLEM, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_LINK] = {SLOT_ACCENT, SLOT_NONE, A_UNDERLINE, A_UNDERLINE},
    [UI_ROLE_GROUP_A] = {SLOT_A, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_GROUP_B] = {SLOT_B, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_GROUP_C] = {SLOT_C, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_GROUP_D] = {SLOT_D, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_GROUP_E] = {SLOT_E, SLOT_NONE, A_BOLD, A_BOLD},
    [UI_ROLE_GROUP_F] = {SLOT_F, SLOT_NONE, A_BOLD, A_BOLD},
};

struct UiPairPool {
    GHashTable *pairs; /* gint64 colours -> pair */
    int first;
    int limit;
    int next;
    UiDefinePair define;
    gpointer user_data;
};

struct UiTheme {
    UiThemeId id;
    UiColours colours;
    gboolean is_utf8;
    gboolean is_light; /* the palette */
    Palette palette;
    gboolean paints_ground;
    UiPairPool *pool;
    gboolean is_full; /* a picture asked for a pair in vain */
};

UiPairPool *
ui_pair_pool_new(int first, int limit, UiDefinePair define, gpointer user_data)
{
    UiPairPool *pool = g_new0(UiPairPool, 1);

    pool->pairs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    pool->first = first;
    pool->next = first;
    /* A terminal without colour has no pair at all: such a pool is empty, and never full of any. */
    pool->limit = MAX(limit, first);
    pool->define = define;
    pool->user_data = user_data;
    return pool;
}

void
ui_pair_pool_free(UiPairPool *pool)
{
    if (pool == NULL) {
        return;
    }
    g_hash_table_unref(pool->pairs);
    g_free(pool);
}

int
ui_pair_pool_get(UiPairPool *pool, int foreground, int background)
{
    gint64 key = (gint64) ((guint64) (guint32) foreground << 32 | (guint32) background);
    gpointer found = g_hash_table_lookup(pool->pairs, &key);

    if (found != NULL) {
        return GPOINTER_TO_INT(found);
    }
    if (pool->next >= pool->limit ||
        pool->define(pool->next, foreground, background, pool->user_data) != OK) {
        return -1;
    }
    g_hash_table_insert(pool->pairs, g_memdup2(&key, sizeof key), GINT_TO_POINTER(pool->next));
    return pool->next++;
}

int
ui_pair_pool_count(const UiPairPool *pool)
{
    return pool->next - pool->first;
}

gboolean
ui_pair_pool_is_nearly_full(const UiPairPool *pool)
{
    return pool->next - pool->first > (pool->limit - pool->first) / 4 * 3;
}

void
ui_pair_pool_reset(UiPairPool *pool)
{
    g_hash_table_remove_all(pool->pairs);
    pool->next = pool->first;
}

/* The nearest of the 240 fixed colours of a 256-colour terminal. */
static int
nearest_of_240(int colour)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    int best = 16;
    int best_distance = G_MAXINT;

    for (int i = 16; i < 256; i++) {
        int cube = i - 16;
        int grey = 8 + 10 * (i - 232);
        int red = i < 232 ? levels[cube / 36] : grey;
        int green = i < 232 ? levels[cube / 6 % 6] : grey;
        int blue = i < 232 ? levels[cube % 6] : grey;
        int dr = red - (colour >> 16 & 255);
        int dg = green - (colour >> 8 & 255);
        int db = blue - (colour & 255);
        int distance = dr * dr * 2 + dg * dg * 4 + db * db * 3;

        if (distance < best_distance) {
            best = i;
            best_distance = distance;
        }
    }
    return best;
}

static int
colour_of(const UiTheme *theme, Slot slot)
{
    int colour = palettes[theme->palette][slot];

    if (slot == SLOT_NONE || (slot == SLOT_TEXT && !theme->paints_ground)) {
        return theme->paints_ground && slot == SLOT_NONE ? colour_of(theme, SLOT_GROUND) : -1;
    }
    if (theme->colours == UI_COLOURS_TRUE) {
        return colour;
    }
    if (theme->colours == UI_COLOURS_256) {
        return nearest_of_240(colour);
    }
    colour = ansi[theme->is_light][slot];
    return theme->colours == UI_COLOURS_8 && colour >= 0 ? colour % 8 : colour;
}

static gboolean
has_colours(const UiTheme *theme)
{
    return theme->colours >= UI_COLOURS_8;
}

/* Where there are only the sixteen, terminals show bold in the bright ones: fine on black, too pale
 * on white. */
static attr_t
attributes_of(const UiTheme *theme, UiRole role)
{
    if (!has_colours(theme)) {
        return roles[role].mono;
    }
    return theme->is_light && theme->colours <= UI_COLOURS_16 ? roles[role].attributes & ~A_BOLD
                                                              : roles[role].attributes;
}

/* A filled role must not be invisible where eight colours fall together. */
static void
define_roles(const UiTheme *theme)
{
    for (int role = 0; role < UI_N_ROLES && has_colours(theme); role++) {
        int foreground = colour_of(theme, roles[role].foreground);
        int background = colour_of(theme, roles[role].background);

        if (foreground == background && foreground >= 0) {
            foreground = theme->is_light ? COLOR_BLACK : COLOR_WHITE;
        }
        /* Eight colours have no dark grey: dim text is ordinary text there. */
        if (theme->colours == UI_COLOURS_8 && roles[role].foreground == SLOT_DIM) {
            foreground = -1;
        }
        init_extended_pair(role + 1, foreground, background);
    }
}

static int
define_pair(int pair, int foreground, int background, gpointer user_data)
{
    (void) user_data;
    return init_extended_pair(pair, foreground, background);
}

/* The themes that have no palette of their own side follow the terminal's background. */
static void
choose_palette(UiTheme *theme, const UiTerminal *terminal)
{
    gboolean is_light = terminal->is_light;

    switch (theme->id) {
    case UI_THEME_DARK: is_light = FALSE; break;
    case UI_THEME_LIGHT: is_light = TRUE; break;
    case UI_THEME_CONTRAST: is_light = FALSE; break;
    default: break;
    }
    theme->is_light = is_light;
    theme->paints_ground = is_light != terminal->is_light || theme->id == UI_THEME_CONTRAST;
    theme->palette = is_light ? PALETTE_LIGHT : PALETTE_DARK;
    if (theme->id == UI_THEME_CONTRAST) {
        theme->palette = PALETTE_CONTRAST;
    } else if (theme->id == UI_THEME_COLOUR_BLIND) {
        theme->palette = is_light ? PALETTE_BLIND_LIGHT : PALETTE_BLIND_DARK;
    }
}

UiTheme *
ui_theme_new(const UiTerminal *terminal, UiThemeId id)
{
    UiTheme *theme = g_new0(UiTheme, 1);

    theme->id = id;
    theme->colours = id == UI_THEME_MONO ? UI_COLOURS_MONO : terminal->colours;
    theme->is_utf8 = terminal->is_utf8;
    choose_palette(theme, terminal);
    theme->pool = ui_pair_pool_new(UI_N_ROLES + 1, MAX(COLOR_PAIRS, 0), define_pair, NULL);
    define_roles(theme);
    return theme;
}

void
ui_theme_free(UiTheme *theme)
{
    if (theme == NULL) {
        return;
    }
    ui_pair_pool_free(theme->pool);
    g_free(theme);
}

UiThemeId
ui_theme_get_id(const UiTheme *theme)
{
    return theme->id;
}

UiColours
ui_theme_get_colours(const UiTheme *theme)
{
    return theme->colours;
}

void
ui_theme_set(const UiTheme *theme, WINDOW *window, UiRole role)
{
    int pair = has_colours(theme) ? role + 1 : 0;

    /* The attribute's own field holds 8 bits; the opts argument carries the pair whole. */
    wattr_set(window, attributes_of(theme, role), (short) pair, &pair);
}

void
ui_theme_fill(const UiTheme *theme, WINDOW *window, UiRole role)
{
    int pair = has_colours(theme) ? role + 1 : 0;
    attr_t attributes = has_colours(theme) ? A_NORMAL : roles[role].mono;
    cchar_t blank;

    setcchar(&blank, L" ", attributes, (short) pair, &pair);
    wbkgrndset(window, &blank);
    ui_theme_set(theme, window, role);
}

static void
append_colour(GString *text, const UiTheme *theme, int base, Slot slot)
{
    int colour = colour_of(theme, slot);

    if (colour < 0) {
        return;
    }
    if (theme->colours == UI_COLOURS_TRUE) {
        g_string_append_printf(text, ";%d;2;%d;%d;%d", base, colour >> 16 & 255, colour >> 8 & 255,
                               colour & 255);
    } else {
        g_string_append_printf(text, ";%d;5;%d", base, colour);
    }
}

char *
ui_theme_sequence(const UiTheme *theme, UiRole role)
{
    GString *text;

    if (theme->colours < UI_COLOURS_256) {
        return NULL;
    }
    text = g_string_new("\033[0");
    g_string_append(text, (roles[role].attributes & A_BOLD) != 0 ? ";1" : "");
    g_string_append(text, (roles[role].attributes & A_UNDERLINE) != 0 ? ";4" : "");
    append_colour(text, theme, 38, roles[role].foreground);
    append_colour(text, theme, 48, roles[role].background);
    g_string_append_c(text, 'm');
    return g_string_free(text, FALSE);
}

UiRole
ui_role_of_severity(int severity)
{
    static const UiRole by_severity[] = {
        [SP_SEVERITY_OK] = UI_ROLE_OK,           [SP_SEVERITY_INFO] = UI_ROLE_INFO,
        [SP_SEVERITY_WAIT] = UI_ROLE_WAIT,       [SP_SEVERITY_ACTION] = UI_ROLE_ACTION,
        [SP_SEVERITY_PROBLEM] = UI_ROLE_PROBLEM,
    };

    return severity >= 0 && severity < (int) G_N_ELEMENTS(by_severity) ? by_severity[severity]
                                                                       : UI_ROLE_TEXT;
}

UiRole
ui_role_of_group(int group)
{
    return group < 0 ? UI_ROLE_DIM : UI_ROLE_GROUP_A + (unsigned) group % 6;
}

const char *
ui_group_letter(int group)
{
    static const char *const letters[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I",
                                          "J", "K", "L", "M", "N", "O", "P", "Q", "R",
                                          "S", "T", "U", "V", "W", "X", "Y", "Z"};

    return group < 0 ? "-" : letters[group % (int) G_N_ELEMENTS(letters)];
}

const char *
ui_group_shape(const UiTheme *theme, int group)
{
    static const char *const shapes[] = {"●", "▲", "■", "◆", "★", "▼"};
    static const char *const plain[] = {"o", "^", "#", "<", "*", "v"};

    if (group < 0) {
        return theme->is_utf8 ? "·" : "-";
    }
    return theme->is_utf8 ? shapes[group % 6] : plain[group % 6];
}

const char *
ui_sign(const UiTheme *theme, UiSign sign)
{
    static const char *const signs[UI_N_SIGNS][2] = {
        [UI_SIGN_TICK] = {"x", "✓"},   [UI_SIGN_CROSS] = {"!", "✗"},  [UI_SIGN_WAIT] = {"~", "◷"},
        [UI_SIGN_SKIP] = {"-", "–"},   [UI_SIGN_TODO] = {".", "○"},   [UI_SIGN_NOW] = {">", "▸"},
        [UI_SIGN_BULLET] = {"*", "•"}, [UI_SIGN_DOT] = {"-", "·"},    [UI_SIGN_ARROW] = {"->", "→"},
        [UI_SIGN_OPEN] = {"-", "▾"},   [UI_SIGN_CLOSED] = {"+", "▸"}, [UI_SIGN_MARK] = {"*", "◉"},
    };

    return signs[sign][theme->is_utf8 ? 1 : 0];
}

/* In direct colour 0..7 mean the eight ANSI colours. */
static int
direct_colour(int colour)
{
    return colour == 0 ? 0x010101 : colour > 0 && colour < 8 ? 0x000008 : colour;
}

int
ui_theme_pair(UiTheme *theme, int foreground, int background)
{
    int pair;

    if (!has_colours(theme) || (foreground < 0 && background < 0)) {
        return 0;
    }
    if (theme->colours == UI_COLOURS_TRUE) {
        foreground = direct_colour(foreground);
        background = direct_colour(background);
    }
    pair = ui_pair_pool_get(theme->pool, foreground, background);
    theme->is_full |= pair < 0;
    return MAX(pair, 0);
}

gboolean
ui_theme_recycle(UiTheme *theme)
{
    if (!theme->is_full && !ui_pair_pool_is_nearly_full(theme->pool)) {
        return FALSE;
    }
    theme->is_full = FALSE;
    reset_color_pairs();
    ui_pair_pool_reset(theme->pool);
    define_roles(theme);
    clearok(curscr, TRUE);
    return TRUE;
}
