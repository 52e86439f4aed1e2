/* What of a terminal is used: as it was asked for, else the best that is safe, and why. Nothing
 * here touches the terminal. */
#include "core/config.h"
#include "core/i18n.h"
#include "tui/terminal-look.h"

/* From here on an answer over ssh tells of a slow link: twice what a far-away machine on a good one
 * takes. */
#define SLOW_MS 150

static const char *const theme_names[UI_N_THEMES] = {"auto", "dark",     "light",
                                                     "mono", "contrast", "colour-blind"};
static const char *const graphics_names[UI_N_GRAPHICS] = {"auto",  "symbols", "sixel",
                                                          "kitty", "iterm",   "none"};
static const char *const colours_names[UI_N_COLOURS] = {"auto", "ascii", "mono", "8",
                                                        "16",   "256",   "true"};

static gboolean
parse_name(const char *const *names, guint n_names, const char *name, guint *index)
{
    for (guint i = 0; name != NULL && i < n_names; i++) {
        if (g_str_equal(names[i], name)) {
            *index = i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
ui_theme_id_parse(const char *name, UiThemeId *theme)
{
    guint index;

    if (!parse_name(theme_names, UI_N_THEMES, name, &index)) {
        return FALSE;
    }
    *theme = (UiThemeId) index;
    return TRUE;
}

gboolean
ui_graphics_parse(const char *name, UiGraphics *graphics)
{
    guint index;

    if (!parse_name(graphics_names, UI_N_GRAPHICS, name, &index)) {
        return FALSE;
    }
    *graphics = (UiGraphics) index;
    return TRUE;
}

gboolean
ui_colours_parse(const char *name, UiColours *colours)
{
    guint index;

    if (!parse_name(colours_names, UI_N_COLOURS, name, &index)) {
        return FALSE;
    }
    *colours = (UiColours) index;
    return TRUE;
}

gboolean
ui_graphics_is_pixels(UiGraphics graphics)
{
    return graphics > UI_GRAPHICS_SYMBOLS && graphics < UI_GRAPHICS_NONE;
}

const char *
ui_theme_id_name(UiThemeId theme)
{
    return theme_names[theme];
}

const char *
ui_graphics_name(UiGraphics graphics)
{
    return graphics_names[graphics];
}

const char *
ui_colours_name(UiColours colours)
{
    return colours_names[colours];
}

static void
read_link(const char *value, UiLink *link)
{
    if (value != NULL) {
        *link = g_str_equal(value, "true") ? UI_LINK_SLOW : UI_LINK_FAST;
    }
}

void
ui_terminal_options_read(UiTerminalOptions *options, const SpConfig *config)
{
    const char *no_color = g_getenv("NO_COLOR");

    if (config != NULL) {
        if (options->theme == UI_THEME_AUTO) {
            ui_theme_id_parse(sp_config_get(config, "screen", "theme"), &options->theme);
        }
        if (options->graphics == UI_GRAPHICS_AUTO) {
            ui_graphics_parse(sp_config_get(config, "screen", "graphics"), &options->graphics);
        }
        if (options->colours == UI_COLOURS_AUTO) {
            ui_colours_parse(sp_config_get(config, "screen", "colours"), &options->colours);
        }
        options->has_mouse |= g_strcmp0(sp_config_get(config, "screen", "mouse"), "true") == 0;
        options->shows_cursor |= g_strcmp0(sp_config_get(config, "screen", "cursor"), "true") == 0;
        if (options->link == UI_LINK_AUTO) {
            read_link(sp_config_get(config, "screen", "slow-link"), &options->link);
        }
    }
    if (no_color != NULL && *no_color != '\0' && options->colours == UI_COLOURS_AUTO) {
        options->colours = UI_COLOURS_MONO;
    }
}

static UiColours
colours_of_entry(int colours)
{
    return colours >= 256  ? UI_COLOURS_256
           : colours >= 16 ? UI_COLOURS_16
           : colours >= 8  ? UI_COLOURS_8
                           : UI_COLOURS_MONO;
}

/* Whether 24-bit colour is real; `why` is static and translated. */
static gboolean
is_direct(const UiCaps *caps, const UiSurroundings *around, const char **why)
{
    gboolean is_said = g_strcmp0(around->color_term, "truecolor") == 0 ||
                       g_strcmp0(around->color_term, "24bit") == 0;

    /* GNU screen makes confetti of 38;2, and hands COLORTERM through all the same. */
    if (around->is_screen || g_strcmp0(around->term, "linux") == 0) {
        *why = _("this terminal does not pass 24-bit colour on");
        return FALSE;
    }
    if (around->colours < 256) {
        *why = _("TERM names a terminal with few colours");
        return FALSE;
    }
    if (caps->is_direct >= 0) {
        *why = caps->is_direct ? _("the terminal says it has 24-bit colour")
                               : _("the terminal says it has no 24-bit colour");
        return caps->is_direct == 1;
    }
    *why = around->is_tmux ? _("tmux turns 24-bit colour into what its terminal has")
           : is_said       ? _("COLORTERM says it has 24-bit colour")
                           : _("nothing says it has 24-bit colour");
    return around->is_tmux || is_said;
}

gboolean
ui_terminal_is_slow(const UiTerminalOptions *options, const UiCaps *caps,
                    const UiSurroundings *around)
{
    if (options->link != UI_LINK_AUTO) {
        return options->link == UI_LINK_SLOW;
    }
    return around->is_ssh && caps->elapsed_ms >= SLOW_MS;
}

static UiGraphics
choose_graphics(const UiTerminalOptions *options, const UiCaps *caps, const UiSurroundings *around,
                const char **why)
{
    if (options->graphics != UI_GRAPHICS_AUTO) {
        *why = _("as you asked");
        return options->graphics;
    }
    if (ui_terminal_is_slow(options, caps, around)) {
        *why = _("the link is slow");
        return UI_GRAPHICS_SYMBOLS;
    }
    if (options->colours != UI_COLOURS_AUTO) {
        *why = _("the colours are limited by you");
        return UI_GRAPHICS_SYMBOLS;
    }
    if (around->is_tmux || around->is_screen) {
        *why = _("a multiplexer would swallow pixels");
        return UI_GRAPHICS_SYMBOLS;
    }
    *why = _("the terminal says so");
    /* kitty may be too busy at its start to answer in time. */
    if (caps->has_kitty || (!caps->has_answered && g_strcmp0(around->term, "xterm-kitty") == 0)) {
        return UI_GRAPHICS_KITTY;
    }
    if (around->is_iterm) {
        return UI_GRAPHICS_ITERM;
    }
    if (caps->has_sixel && caps->cell_width > 0) {
        return UI_GRAPHICS_SIXEL;
    }
    *why = _("the terminal offers no pixels");
    return UI_GRAPHICS_SYMBOLS;
}

void
ui_terminal_choose(const UiTerminalOptions *options, const UiCaps *caps,
                   const UiSurroundings *around, UiColours *colours, UiGraphics *graphics,
                   char **reason)
{
    const char *why_colours;
    const char *why_graphics;
    UiColours most =
        is_direct(caps, around, &why_colours) ? UI_COLOURS_TRUE : colours_of_entry(around->colours);

    *colours = most;
    if (options->colours != UI_COLOURS_AUTO) {
        /* Fewer than there are, never more: garbage would be drawn. */
        *colours = MIN(options->colours, most);
        why_colours = _("as you asked");
    } else if (most == UI_COLOURS_TRUE && ui_terminal_is_slow(options, caps, around)) {
        *colours = UI_COLOURS_256;
        why_colours = _("the link is slow");
    }
    *graphics = choose_graphics(options, caps, around, &why_graphics);
    *reason = g_strdup_printf(_("colours: %s (%s); pictures: %s (%s)"), ui_colours_name(*colours),
                              why_colours, ui_graphics_name(*graphics), why_graphics);
}
