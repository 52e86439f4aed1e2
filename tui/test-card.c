#include "tui/test-card.h"

#include <langinfo.h>
#include <stdio.h>
#include <unistd.h>

#include <glib.h>

#include "core/i18n.h"
#include "core/practice/renditions.h"
#include "tui/overlay.h"
#include "tui/picture.h"
#include "tui/terminal-look.h"

#define CELLS 32

#define PERSON        "anna-new"
#define PHOTO_ROWS    12
#define PHOTO_COLUMNS 32

/* From dark blue through red to light yellow. */
static void
print_smooth(void)
{
    for (int i = 0; i < CELLS; i++) {
        int part = i * 255 / (CELLS - 1);

        g_print("\033[48;2;%d;%d;%dm ", part, part * part / 255, 160 - part * 160 / 255);
    }
    g_print("\033[m  %s\n", _("24-bit colour: one smooth band"));
}

/* The diagonal of the colour cube: six colours. */
static void
print_steps(void)
{
    for (int i = 0; i < CELLS; i++) {
        g_print("\033[48;5;%dm ", 16 + 43 * (i * 6 / CELLS));
    }
    g_print("\033[m  %s\n", _("256 colours: six steps from black to white"));
}

static void
print_ansi(void)
{
    for (int i = 0; i < CELLS; i++) {
        g_print("\033[%dm ", i < CELLS / 2 ? 40 + i / 2 : 100 + (i - CELLS / 2) / 2);
    }
    g_print("\033[m  %s\n", _("16 colours: eight dark ones, then eight light ones"));
}

static void
print_symbols(void)
{
    g_print("● ▲ ■ ◆ ✓ ▏▎▍▌▋▊▉█ ▁▂▃▄▅▆▇█       %s\n",
            _("symbols: each one cell wide, the blocks without gaps"));
}

void
ui_test_card_print(void)
{
    const char *term = g_getenv("TERM");
    const char *no_color = g_getenv("NO_COLOR");

    if (!isatty(STDOUT_FILENO) || term == NULL || g_str_equal(term, "dumb") ||
        (no_color != NULL && *no_color != '\0')) {
        return;
    }
    g_print("\n%s\n", _("Test card: what this terminal should show"));
    print_smooth();
    print_steps();
    print_ansi();
    if (g_strcmp0(nl_langinfo(CODESET), "UTF-8") == 0) {
        print_symbols();
    }
}

/* One of the two colours of a cell; -1 is the terminal's own. */
static void
append_colour(GString *text, int colour, gboolean is_ground, UiColours colours)
{
    int first = is_ground ? 40 : 30;

    if (colour < 0) {
        g_string_append_printf(text, ";%d", first + 9);
    } else if (colours == UI_COLOURS_TRUE) {
        g_string_append_printf(text, ";%d;2;%d;%d;%d", first + 8, colour >> 16, colour >> 8 & 0xff,
                               colour & 0xff);
    } else if (colours == UI_COLOURS_256) {
        g_string_append_printf(text, ";%d;5;%d", first + 8, colour);
    } else {
        g_string_append_printf(text, ";%d", colour < 8 ? first + colour : first + 60 + colour - 8);
    }
}

static void
print_cells(const UiCells *cells, UiColours colours)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (int i = 0; i < cells->rows * cells->columns; i++) {
        const UiCell *cell = &cells->cells[i];

        g_string_append_printf(text, "\033[0%s", cell->is_reverse ? ";7" : "");
        append_colour(text, cell->foreground, FALSE, colours);
        append_colour(text, cell->background, TRUE, colours);
        g_string_append_c(text, 'm');
        g_string_append_unichar(text, cell->character);
        if ((i + 1) % cells->columns == 0) {
            g_string_append(text, "\033[m\n");
        }
    }
    /* Not g_print(), which would turn what another charset cannot show into escapes. */
    ui_terminal_write(text->str, text->len);
}

/* Room is made first, so that nothing scrolls under the picture. */
static void
print_pixels(UiTerminalLook *look, UiPixels *pixels, int rows, int columns)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GBytes) bytes = NULL;
    gsize length;
    const char *data;

    if (look->caps.cell_width <= 0 || look->caps.cell_height <= 0) {
        look->caps.cell_width = 10;
        look->caps.cell_height = 20;
    }
    bytes = ui_overlay_encode(look->graphics, &look->caps, pixels, rows, columns);
    data = g_bytes_get_data(bytes, &length);
    for (int i = 0; i < rows; i++) {
        g_string_append_c(text, '\n');
    }
    g_string_append_printf(text, "\033[%dA\0337", rows);
    g_string_append_len(text, data, (gssize) length);
    g_string_append_printf(text, "\0338\033[%dB", rows);
    ui_terminal_write(text->str, text->len);
}

static UiPixels *
load_person(void)
{
    SpRenditions *renditions = sp_renditions_new();
    g_autoptr(GBytes) bytes = sp_renditions_upload(renditions, PERSON);
    g_autoptr(SpPhoto) photo = sp_photo_new(bytes, NULL);

    sp_renditions_free(renditions);
    return photo == NULL ? NULL : ui_pixels_of_photo(photo, NULL);
}

gboolean
ui_test_card_photo(const UiTerminalOptions *options)
{
    g_auto(UiTerminalLook) look = {0};
    g_autoptr(UiPixels) pixels = NULL;
    UiPictureStyle style;
    int rows = PHOTO_ROWS;
    int columns = PHOTO_COLUMNS;

    fflush(stdout);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
        !ui_terminal_look(options, UI_LOOK_ONCE, &look, NULL) ||
        look.graphics == UI_GRAPHICS_NONE) {
        return FALSE;
    }
    pixels = load_person();
    if (pixels == NULL) {
        return FALSE;
    }
    style = (UiPictureStyle){.colours = look.colours,
                             .is_utf8 = look.around.is_utf8,
                             .is_light = look.is_light,
                             .cell_width = look.caps.cell_width,
                             .cell_height = look.caps.cell_height};
    ui_picture_fit(ui_pixels_get_width(pixels), ui_pixels_get_height(pixels), &style, &rows,
                   &columns);
    if (ui_graphics_is_pixels(look.graphics)) {
        print_pixels(&look, pixels, rows, columns);
    } else {
        g_autoptr(UiCells) cells = ui_picture_render(pixels, rows, columns, &style);

        print_cells(cells, look.colours);
    }
    return TRUE;
}
