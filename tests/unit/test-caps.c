#include "tui/caps.h"

#include <string.h>

#include "tui/terminal-look.h"

static void
answers_of_real_terminals_are_understood(void)
{
    static const struct {
        const char *bytes;
        UiCaps caps;
        const char *keys;
    } rows[] = {
        /* foot */
        {"\033[6;15;8t\033]11;rgb:2424/2424/2424\033\\\033[?2026;2$y\033P1$r0;48:2:1:2:3m\033\\"
         "\033[?62;4;22c",
         {TRUE, TRUE, FALSE, TRUE, 1, 8, 15, 0x242424, 0},
         ""},
        /* kitty */
        {"\033[6;20;10t\033_Gi=31;OK\033\\\033[?62;c",
         {TRUE, FALSE, TRUE, FALSE, -1, 10, 20, -1, 0},
         ""},
        /* mlterm keeps to 256 colours */
        {"\033P1$r48;5;16m\033\\\033[?63;1;2;3;4;7c",
         {TRUE, TRUE, FALSE, FALSE, 0, 0, 0, -1, 0},
         ""},
        /* tmux, and a person who types meanwhile */
        {"ab\033[A\033[?1;2cd", {TRUE, FALSE, FALSE, FALSE, -1, 0, 0, -1, 0}, "ab\033[Ad"},
        /* nobody answers */
        {"x", {FALSE, FALSE, FALSE, FALSE, -1, 0, 0, -1, 0}, "x"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gsize length = strlen(rows[i].bytes);

        for (gsize piece = 1; piece <= length; piece += length > 4 ? 3 : 1) {
            g_autoptr(UiCapsParser) parser = ui_caps_parser_new();
            g_autoptr(GBytes) keys = NULL;
            const UiCaps *caps = ui_caps_parser_get(parser);

            for (gsize at = 0; at < length; at += piece) {
                ui_caps_parser_feed(parser, rows[i].bytes + at, MIN(piece, length - at));
            }
            g_assert_cmpint(caps->has_answered, ==, rows[i].caps.has_answered);
            g_assert_cmpint(caps->has_sixel, ==, rows[i].caps.has_sixel);
            g_assert_cmpint(caps->has_kitty, ==, rows[i].caps.has_kitty);
            g_assert_cmpint(caps->has_sync, ==, rows[i].caps.has_sync);
            g_assert_cmpint(caps->is_direct, ==, rows[i].caps.is_direct);
            g_assert_cmpint(caps->cell_width, ==, rows[i].caps.cell_width);
            g_assert_cmpint(caps->cell_height, ==, rows[i].caps.cell_height);
            g_assert_cmpint(caps->background, ==, rows[i].caps.background);
            keys = ui_caps_parser_take_keys(parser);
            g_assert_cmpmem(g_bytes_get_data(keys, NULL), g_bytes_get_size(keys), rows[i].keys,
                            strlen(rows[i].keys));
        }
    }
}

/* DA1 is asked last, whatever else is. */
static void
the_fence_is_last(void)
{
    for (int ask = UI_ASK_ALL; ask <= UI_ASK_DA1_ONLY; ask++) {
        g_assert_true(g_str_has_suffix(ui_caps_questions((UiAsk) ask), "\033[c"));
    }
    g_assert_null(strstr(ui_caps_questions(UI_ASK_CSI_ONLY), "\033P"));
    g_assert_null(strstr(ui_caps_questions(UI_ASK_CSI_ONLY), "\033_"));
}

static void
the_best_that_is_safe_is_chosen(void)
{
    const UiCaps foot = {TRUE, TRUE, FALSE, TRUE, 1, 8, 15, -1, 0};
    const UiCaps kitty = {TRUE, FALSE, TRUE, TRUE, 1, 8, 16, -1, 0};
    const UiCaps tmux = {TRUE, FALSE, FALSE, FALSE, -1, 8, 16, -1, 0};
    const UiCaps mlterm = {TRUE, TRUE, FALSE, FALSE, 0, 0, 0, -1, 0};
    const UiCaps silent = {FALSE, FALSE, FALSE, FALSE, -1, 0, 0, -1, 0};
    const struct {
        UiTerminalOptions options;
        const UiCaps *caps;
        UiSurroundings around;
        UiColours colours;
        UiGraphics graphics;
    } rows[] = {
        {{0}, &foot, {.term = "foot", .colours = 256}, UI_COLOURS_TRUE, UI_GRAPHICS_SIXEL},
        {{0}, &kitty, {.term = "xterm-kitty", .colours = 256}, UI_COLOURS_TRUE, UI_GRAPHICS_KITTY},
        {{0},
         &tmux,
         {.term = "tmux-256color", .is_tmux = TRUE, .colours = 256},
         UI_COLOURS_TRUE,
         UI_GRAPHICS_SYMBOLS},
        {{0},
         &foot,
         {.term = "screen", .color_term = "truecolor", .is_screen = TRUE, .colours = 256},
         UI_COLOURS_256,
         UI_GRAPHICS_SYMBOLS},
        /* Too busy to answer. */
        {{0},
         &silent,
         {.term = "xterm-kitty", .color_term = "truecolor", .colours = 256},
         UI_COLOURS_TRUE,
         UI_GRAPHICS_KITTY},
        /* A sixel needs the cell's size. */
        {{0}, &mlterm, {.term = "mlterm", .colours = 8}, UI_COLOURS_8, UI_GRAPHICS_SYMBOLS},
        {{0}, &silent, {.term = "vt100", .colours = 0}, UI_COLOURS_MONO, UI_GRAPHICS_SYMBOLS},
        {{0},
         &silent,
         {.term = "xterm-16color", .colours = 16},
         UI_COLOURS_16,
         UI_GRAPHICS_SYMBOLS},
        {{0},
         &silent,
         {.term = "linux", .color_term = "24bit", .colours = 8},
         UI_COLOURS_8,
         UI_GRAPHICS_SYMBOLS},
        {{0},
         &silent,
         {.term = "xterm-256color", .color_term = "truecolor", .colours = 256},
         UI_COLOURS_TRUE,
         UI_GRAPHICS_SYMBOLS},
        {{.colours = UI_COLOURS_MONO},
         &foot,
         {.term = "foot", .colours = 256},
         UI_COLOURS_MONO,
         UI_GRAPHICS_SYMBOLS},
        /* More than there is can't be asked for. */
        {{.colours = UI_COLOURS_TRUE},
         &silent,
         {.term = "xterm", .colours = 8},
         UI_COLOURS_8,
         UI_GRAPHICS_SYMBOLS},
        {{.graphics = UI_GRAPHICS_SYMBOLS},
         &kitty,
         {.term = "xterm-kitty", .colours = 256},
         UI_COLOURS_TRUE,
         UI_GRAPHICS_SYMBOLS},
        {{.link = UI_LINK_SLOW},
         &kitty,
         {.term = "xterm-kitty", .colours = 256},
         UI_COLOURS_256,
         UI_GRAPHICS_SYMBOLS},
        {{.link = UI_LINK_SLOW, .colours = UI_COLOURS_TRUE},
         &kitty,
         {.term = "xterm-kitty", .colours = 256},
         UI_COLOURS_TRUE,
         UI_GRAPHICS_SYMBOLS},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *reason = NULL;
        UiColours colours;
        UiGraphics graphics;

        ui_terminal_choose(&rows[i].options, rows[i].caps, &rows[i].around, &colours, &graphics,
                           &reason);
        g_assert_cmpstr(ui_colours_name(colours), ==, ui_colours_name(rows[i].colours));
        g_assert_cmpstr(ui_graphics_name(graphics), ==, ui_graphics_name(rows[i].graphics));
        g_assert_nonnull(reason);
    }
}

/* Only a terminal on another machine can be far away, and whoever says so knows better. */
static void
a_late_answer_over_ssh_is_a_slow_link(void)
{
    static const struct {
        UiLink link;
        gboolean is_ssh;
        int elapsed_ms;
        gboolean is_slow;
    } rows[] = {
        {UI_LINK_AUTO, TRUE, 200, TRUE},   {UI_LINK_AUTO, TRUE, 30, FALSE},
        {UI_LINK_AUTO, FALSE, 200, FALSE}, {UI_LINK_FAST, TRUE, 200, FALSE},
        {UI_LINK_SLOW, FALSE, 1, TRUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const UiTerminalOptions options = {.link = rows[i].link};
        const UiCaps caps = {.elapsed_ms = rows[i].elapsed_ms};
        const UiSurroundings around = {.is_ssh = rows[i].is_ssh};

        g_assert_cmpint(ui_terminal_is_slow(&options, &caps, &around), ==, rows[i].is_slow);
    }
}

/* What the set-up can write, the settings have to take. */
static void
settings_take_every_choice(void)
{
    for (int i = 0; i < UI_N_COLOURS; i++) {
        g_autofree char *text =
            g_strdup_printf("[screen]\ncolours=%s\n", ui_colours_name((UiColours) i));
        g_autoptr(GError) error = NULL;
        g_autoptr(SpConfig) config = sp_config_parse(text, "test", &error);

        g_assert_no_error(error);
    }
    for (int i = 0; i < UI_N_GRAPHICS; i++) {
        g_autofree char *text =
            g_strdup_printf("[screen]\ngraphics=%s\n", ui_graphics_name((UiGraphics) i));
        g_autoptr(GError) error = NULL;
        g_autoptr(SpConfig) config = sp_config_parse(text, "test", &error);

        g_assert_no_error(error);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/caps/answers-of-real-terminals-are-understood",
                    answers_of_real_terminals_are_understood);
    g_test_add_func("/caps/the-fence-is-last", the_fence_is_last);
    g_test_add_func("/caps/the-best-that-is-safe-is-chosen", the_best_that_is_safe_is_chosen);
    g_test_add_func("/caps/a-late-answer-over-ssh-is-a-slow-link",
                    a_late_answer_over_ssh_is_a_slow_link);
    g_test_add_func("/caps/settings-take-every-choice", settings_take_every_choice);
    return g_test_run();
}
