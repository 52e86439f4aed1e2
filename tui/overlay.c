/* What is on the screen is known by place and picture. Kitty keeps pictures by number, so that a
 * popup costs a few bytes; sixels and iTerm2's pictures live in the cells and die of any text
 * there. */
#include "tui/overlay.h"

#include <string.h>

#include <chafa.h>
#include <gdk-pixbuf/gdk-pixbuf.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaCanvas, chafa_canvas_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaCanvasConfig, chafa_canvas_config_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaTermInfo, chafa_term_info_unref)

#define KITTY_CHUNK 4096
#define FIRST_ID    3100 /* other programs number from 1 */
#define MAX_PIXELS  (1600 * 1600)

/* A picture that is on the screen. */
typedef struct {
    UiBox box;
    guint64 picture;
    guint id; /* kitty's number */
} Shown;

struct UiOverlay {
    UiGraphics graphics;
    UiCaps caps;
    GArray *shown;    /* Shown */
    GHashTable *sent; /* guint64 of picture and size -> kitty's number */
    guint next_id;
};

UiOverlay *
ui_overlay_new(UiGraphics graphics, const UiCaps *caps)
{
    UiOverlay *overlay = g_new0(UiOverlay, 1);

    overlay->graphics = graphics;
    overlay->caps = *caps;
    overlay->shown = g_array_new(FALSE, FALSE, sizeof(Shown));
    overlay->sent = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    overlay->next_id = FIRST_ID;
    return overlay;
}

void
ui_overlay_free(UiOverlay *overlay)
{
    if (overlay == NULL) {
        return;
    }
    g_array_unref(overlay->shown);
    g_hash_table_unref(overlay->sent);
    g_free(overlay);
}

static gboolean
overlaps(const UiBox *a, const UiBox *b)
{
    return a->y < b->y + b->rows && b->y < a->y + a->rows && a->x < b->x + b->columns &&
           b->x < a->x + a->columns;
}

static gboolean
is_covered(const UiBox *box, const GArray *popups)
{
    for (guint i = 0; popups != NULL && i < popups->len; i++) {
        if (overlaps(box, &g_array_index(popups, UiBox, i))) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_wanted(const Shown *shown, const GArray *placements)
{
    for (guint i = 0; i < placements->len; i++) {
        const UiPlacement *placement = &g_array_index(placements, UiPlacement, i);

        if (memcmp(&placement->box, &shown->box, sizeof(UiBox)) == 0 &&
            ui_pixels_get_id(placement->pixels) == shown->picture) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_shown(const UiOverlay *overlay, const UiPlacement *placement)
{
    for (guint i = 0; i < overlay->shown->len; i++) {
        const Shown *shown = &g_array_index(overlay->shown, Shown, i);

        if (memcmp(&placement->box, &shown->box, sizeof(UiBox)) == 0 &&
            ui_pixels_get_id(placement->pixels) == shown->picture) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The pixels of a box; not more than the picture has where the terminal scales it. */
static void
pixel_size(const UiOverlay *overlay, const UiPlacement *placement, int *width, int *height)
{
    int cell_width = overlay->caps.cell_width > 0 ? overlay->caps.cell_width : 10;
    int cell_height = overlay->caps.cell_height > 0 ? overlay->caps.cell_height : 20;

    *width = placement->box.columns * cell_width;
    *height = placement->box.rows * cell_height;
    while ((gint64) *width * *height > MAX_PIXELS) {
        *width /= 2;
        *height /= 2;
    }
}

static void
begin_at(GString *bytes, const UiBox *box)
{
    g_string_append_printf(bytes, "\0337\033[%d;%dH", box->y + 1, box->x + 1);
}

static void
end_at(GString *bytes)
{
    g_string_append(bytes, "\0338");
}

static void
send_kitty(GString *bytes, const guint8 *rgb, int width, int height, guint id)
{
    g_autofree char *text = g_base64_encode(rgb, (gsize) width * (gsize) height * 3);
    gsize length = strlen(text);

    for (gsize at = 0; at < length; at += KITTY_CHUNK) {
        gsize count = MIN(length - at, KITTY_CHUNK);

        if (at == 0) {
            g_string_append_printf(bytes, "\033_Ga=t,q=2,f=24,s=%d,v=%d,i=%u,", width, height, id);
        } else {
            g_string_append(bytes, "\033_G");
        }
        g_string_append_printf(bytes, "m=%d;", at + count < length);
        g_string_append_len(bytes, text + at, (gssize) count);
        g_string_append(bytes, "\033\\");
    }
}

/* Sent once for each picture and size, placed by number after that. */
static guint
put_kitty(UiOverlay *overlay, GString *bytes, const UiPlacement *placement)
{
    guint64 key = ui_pixels_get_id(placement->pixels);
    guint id;
    int width;
    int height;

    pixel_size(overlay, placement, &width, &height);
    key ^= (guint64) width << 40 ^ (guint64) height << 20;
    id = GPOINTER_TO_UINT(g_hash_table_lookup(overlay->sent, &key));
    if (id == 0) {
        g_autofree guint8 *rgb = ui_pixels_scale(placement->pixels, width, height);

        id = overlay->next_id++;
        send_kitty(bytes, rgb, width, height, id);
        g_hash_table_insert(overlay->sent, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(id));
    }
    begin_at(bytes, &placement->box);
    /* A placement's number is its place: the same picture may stand in two. */
    g_string_append_printf(bytes, "\033_Ga=p,q=2,i=%u,p=%d,c=%d,r=%d,C=1\033\\", id,
                           placement->box.y * 1000 + placement->box.x + 1, placement->box.columns,
                           placement->box.rows);
    end_at(bytes);
    return id;
}

static void
remove_kitty(GString *bytes, const Shown *shown)
{
    g_string_append_printf(bytes, "\033_Ga=d,d=i,q=2,i=%u,p=%d\033\\", shown->id,
                           shown->box.y * 1000 + shown->box.x + 1);
}

/* chafa rounds a sixel's height down to a multiple of six; the cells below show in the rest. */
static void
put_sixel(UiOverlay *overlay, GString *bytes, const UiPlacement *placement)
{
    g_autoptr(ChafaCanvasConfig) config = chafa_canvas_config_new();
    g_autoptr(ChafaCanvas) canvas = NULL;
    g_autofree guint8 *rgb = NULL;
    g_autofree guint8 *rgba = NULL;
    g_autoptr(ChafaTermInfo) terminal =
        chafa_term_db_get_fallback_info(chafa_term_db_get_default());
    GString *sixel;
    int width;
    int height;

    pixel_size(overlay, placement, &width, &height);
    rgb = ui_pixels_scale(placement->pixels, width, height);
    rgba = g_malloc((gsize) width * (gsize) height * 4);
    for (gsize i = 0; i < (gsize) width * (gsize) height; i++) {
        memcpy(rgba + i * 4, rgb + i * 3, 3);
        rgba[i * 4 + 3] = 255;
    }
    chafa_canvas_config_set_geometry(config, placement->box.columns, placement->box.rows);
    chafa_canvas_config_set_cell_geometry(config, overlay->caps.cell_width,
                                          overlay->caps.cell_height);
    chafa_canvas_config_set_canvas_mode(config, CHAFA_CANVAS_MODE_TRUECOLOR);
    chafa_canvas_config_set_pixel_mode(config, CHAFA_PIXEL_MODE_SIXELS);
    chafa_canvas_config_set_dither_mode(config, CHAFA_DITHER_MODE_NONE);
    canvas = chafa_canvas_new(config);
    chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED, rgba, width, height,
                                 width * 4);
    sixel = chafa_canvas_print(canvas, terminal);
    begin_at(bytes, &placement->box);
    g_string_append_len(bytes, sixel->str, (gssize) sixel->len);
    end_at(bytes);
    g_string_free(sixel, TRUE);
}

static void
put_iterm(UiOverlay *overlay, GString *bytes, const UiPlacement *placement)
{
    g_autofree guint8 *rgb = NULL;
    g_autoptr(GdkPixbuf) pixbuf = NULL;
    g_autofree char *png = NULL;
    g_autofree char *text = NULL;
    gsize length = 0;
    int width;
    int height;

    pixel_size(overlay, placement, &width, &height);
    rgb = ui_pixels_scale(placement->pixels, width, height);
    pixbuf = gdk_pixbuf_new_from_data(rgb, GDK_COLORSPACE_RGB, FALSE, 8, width, height, width * 3,
                                      NULL, NULL);
    if (!gdk_pixbuf_save_to_buffer(pixbuf, &png, &length, "png", NULL, NULL)) {
        return;
    }
    text = g_base64_encode((const guchar *) png, length);
    begin_at(bytes, &placement->box);
    g_string_append_printf(bytes,
                           "\033]1337;File=inline=1;size=%" G_GSIZE_FORMAT
                           ";width=%d;height=%d;preserveAspectRatio=0:%s\a",
                           length, placement->box.columns, placement->box.rows, text);
    end_at(bytes);
}

static void
put(UiOverlay *overlay, GString *bytes, const UiPlacement *placement)
{
    Shown shown = {.box = placement->box, .picture = ui_pixels_get_id(placement->pixels)};

    switch (overlay->graphics) {
    case UI_GRAPHICS_KITTY: shown.id = put_kitty(overlay, bytes, placement); break;
    case UI_GRAPHICS_SIXEL: put_sixel(overlay, bytes, placement); break;
    default: put_iterm(overlay, bytes, placement); break;
    }
    g_array_append_val(overlay->shown, shown);
}

GArray *
ui_overlay_get_stale(UiOverlay *overlay, const GArray *placements, const GArray *popups)
{
    GArray *stale = g_array_new(FALSE, FALSE, sizeof(UiBox));

    for (guint i = 0; i < overlay->shown->len && overlay->graphics != UI_GRAPHICS_KITTY; i++) {
        const Shown *shown = &g_array_index(overlay->shown, Shown, i);

        if (!is_wanted(shown, placements) || is_covered(&shown->box, popups)) {
            g_array_append_val(stale, shown->box);
        }
    }
    return stale;
}

/* Takes away what is wanted no more or lies under a popup. */
static void
take_away(UiOverlay *overlay, GString *bytes, const GArray *placements, const GArray *popups)
{
    for (guint i = overlay->shown->len; i > 0; i--) {
        const Shown *shown = &g_array_index(overlay->shown, Shown, i - 1);

        if (is_wanted(shown, placements) && !is_covered(&shown->box, popups)) {
            continue;
        }
        if (overlay->graphics == UI_GRAPHICS_KITTY) {
            remove_kitty(bytes, shown);
        }
        g_array_remove_index_fast(overlay->shown, i - 1);
    }
}

GString *
ui_overlay_update(UiOverlay *overlay, const GArray *placements, const GArray *popups, int rows)
{
    GString *bytes = g_string_new(NULL);

    take_away(overlay, bytes, placements, popups);
    for (guint i = 0; i < placements->len; i++) {
        const UiPlacement *placement = &g_array_index(placements, UiPlacement, i);

        /* A sixel in the last row scrolls the whole screen. */
        if (!is_shown(overlay, placement) && !is_covered(&placement->box, popups) &&
            placement->box.y + placement->box.rows < rows) {
            put(overlay, bytes, placement);
        }
    }
    return bytes;
}

void
ui_overlay_forget(UiOverlay *overlay)
{
    g_array_set_size(overlay->shown, 0);
    g_hash_table_remove_all(overlay->sent);
}
