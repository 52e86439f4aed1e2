/* What is on the screen is known by place and picture. Kitty keeps pictures by number, so that a
 * popup costs a few bytes; sixels and iTerm2's pictures live in the cells and die of any text
 * there, cell by cell: they are then damaged, and go out again once nothing covers them. What is
 * encoded is kept, and what an update has no time to encode waits for the next one. */
#include "tui/overlay.h"

#include <string.h>

#include <chafa.h>
#include <gdk-pixbuf/gdk-pixbuf.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaCanvas, chafa_canvas_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaCanvasConfig, chafa_canvas_config_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChafaTermInfo, chafa_term_info_unref)

#define KITTY_CHUNK 4096
#define FIRST_ID    3100 /* other programs number from 1 */
#define LOOSE_ID    3099 /* of a picture that belongs to no screen */
#define MAX_PIXELS  (1600 * 1600)

#define ENCODE_BUDGET_US (25 * 1000)
#define MAX_KEPT_BYTES   (32 * 1024 * 1024)

/* A picture that is on the screen. */
typedef struct {
    UiBox box;
    guint64 picture;
    guint id;            /* kitty's number */
    gboolean is_damaged; /* text went over some of it */
} Shown;

struct UiOverlay {
    UiGraphics graphics;
    const UiCaps *caps;
    GArray *shown;    /* Shown */
    GHashTable *sent; /* guint64 of picture and cells -> kitty's number */
    GHashTable *kept; /* the same -> GBytes, encoded; not for kitty */
    gsize kept_bytes;
    guint next_id;
    gint64 spent_us; /* on encoding in this update */
    gboolean is_late;
};

UiOverlay *
ui_overlay_new(UiGraphics graphics, const UiCaps *caps)
{
    UiOverlay *overlay = g_new0(UiOverlay, 1);

    overlay->graphics = graphics;
    overlay->caps = caps;
    overlay->shown = g_array_new(FALSE, FALSE, sizeof(Shown));
    overlay->sent = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    overlay->kept =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_bytes_unref);
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
    g_hash_table_unref(overlay->kept);
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
is_of(const Shown *shown, const UiPlacement *placement)
{
    return memcmp(&placement->box, &shown->box, sizeof(UiBox)) == 0 &&
           ui_pixels_get_id(placement->pixels) == shown->picture;
}

static gboolean
is_wanted(const Shown *shown, const GArray *placements)
{
    for (guint i = 0; i < placements->len; i++) {
        if (is_of(shown, &g_array_index(placements, UiPlacement, i))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* NULL: nowhere on the screen. */
static Shown *
find_shown(const UiOverlay *overlay, const UiPlacement *placement)
{
    for (guint i = 0; i < overlay->shown->len; i++) {
        Shown *shown = &g_array_index(overlay->shown, Shown, i);

        if (is_of(shown, placement)) {
            return shown;
        }
    }
    return NULL;
}

/* The pixels of a box; not more than the picture has where the terminal scales it. */
static void
pixel_size(const UiOverlay *overlay, const UiPlacement *placement, int *width, int *height)
{
    int cell_width = overlay->caps->cell_width > 0 ? overlay->caps->cell_width : 10;
    int cell_height = overlay->caps->cell_height > 0 ? overlay->caps->cell_height : 20;

    *width = placement->box.columns * cell_width;
    *height = placement->box.rows * cell_height;
    while ((gint64) *width * *height > MAX_PIXELS) {
        *width /= 2;
        *height /= 2;
    }
}

/* What a picture in so many cells is known by. */
static guint64
key_of(const UiPlacement *placement)
{
    return ui_pixels_get_id(placement->pixels) ^ (guint64) placement->box.columns << 40 ^
           (guint64) placement->box.rows << 20;
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
    guint64 key = key_of(placement);
    guint id = GPOINTER_TO_UINT(g_hash_table_lookup(overlay->sent, &key));

    if (id == 0) {
        g_autofree guint8 *rgb = NULL;
        int width;
        int height;

        pixel_size(overlay, placement, &width, &height);
        rgb = ui_pixels_scale(placement->pixels, width, height);
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
static GBytes *
encode_sixel(const UiOverlay *overlay, const UiPlacement *placement)
{
    g_autoptr(ChafaCanvasConfig) config = chafa_canvas_config_new();
    g_autoptr(ChafaCanvas) canvas = NULL;
    g_autoptr(ChafaTermInfo) terminal =
        chafa_term_db_get_fallback_info(chafa_term_db_get_default());
    g_autofree guint8 *rgb = NULL;
    g_autofree guint8 *rgba = NULL;
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
    chafa_canvas_config_set_cell_geometry(config, overlay->caps->cell_width,
                                          overlay->caps->cell_height);
    chafa_canvas_config_set_canvas_mode(config, CHAFA_CANVAS_MODE_TRUECOLOR);
    chafa_canvas_config_set_pixel_mode(config, CHAFA_PIXEL_MODE_SIXELS);
    chafa_canvas_config_set_dither_mode(config, CHAFA_DITHER_MODE_NONE);
    canvas = chafa_canvas_new(config);
    chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED, rgba, width, height,
                                 width * 4);
    return g_string_free_to_bytes(chafa_canvas_print(canvas, terminal));
}

static GBytes *
encode_iterm(const UiOverlay *overlay, const UiPlacement *placement)
{
    GString *bytes = g_string_new(NULL);
    g_autofree guint8 *rgb = NULL;
    g_autoptr(GdkPixbuf) pixbuf = NULL;
    g_autofree char *png = NULL;
    gsize length = 0;
    int width;
    int height;

    pixel_size(overlay, placement, &width, &height);
    rgb = ui_pixels_scale(placement->pixels, width, height);
    pixbuf = gdk_pixbuf_new_from_data(rgb, GDK_COLORSPACE_RGB, FALSE, 8, width, height, width * 3,
                                      NULL, NULL);
    if (gdk_pixbuf_save_to_buffer(pixbuf, &png, &length, "png", NULL, NULL)) {
        g_autofree char *text = g_base64_encode((const guchar *) png, length);

        g_string_append_printf(bytes,
                               "\033]1337;File=inline=1;size=%" G_GSIZE_FORMAT
                               ";width=%d;height=%d;preserveAspectRatio=0:%s\a",
                               length, placement->box.columns, placement->box.rows, text);
    }
    return g_string_free_to_bytes(bytes);
}

GBytes *
ui_overlay_encode(UiGraphics graphics, const UiCaps *caps, UiPixels *pixels, int rows, int columns)
{
    g_autoptr(UiOverlay) overlay = ui_overlay_new(graphics, caps);
    const UiPlacement placement = {{0, 0, rows, columns}, pixels};
    GString *bytes;
    g_autofree guint8 *rgb = NULL;
    int width;
    int height;

    if (graphics == UI_GRAPHICS_SIXEL) {
        return encode_sixel(overlay, &placement);
    }
    if (graphics == UI_GRAPHICS_ITERM) {
        return encode_iterm(overlay, &placement);
    }
    bytes = g_string_new(NULL);
    pixel_size(overlay, &placement, &width, &height);
    rgb = ui_pixels_scale(pixels, width, height);
    send_kitty(bytes, rgb, width, height, LOOSE_ID);
    g_string_append_printf(bytes, "\033_Ga=p,q=2,i=%d,c=%d,r=%d,C=1\033\\", LOOSE_ID, columns,
                           rows);
    return g_string_free_to_bytes(bytes);
}

static void
forget_kept(UiOverlay *overlay)
{
    g_hash_table_remove_all(overlay->kept);
    overlay->kept_bytes = 0;
}

static void
keep(UiOverlay *overlay, guint64 key, GBytes *encoded)
{
    if (overlay->kept_bytes > MAX_KEPT_BYTES) {
        forget_kept(overlay);
    }
    overlay->kept_bytes += g_bytes_get_size(encoded);
    g_hash_table_insert(overlay->kept, g_memdup2(&key, sizeof key), encoded);
}

/* Kept or encoded now; NULL where this update has no time left. Borrowed. */
static GBytes *
get_encoded(UiOverlay *overlay, const UiPlacement *placement)
{
    gint64 began = g_get_monotonic_time();
    guint64 key = key_of(placement);
    GBytes *encoded = g_hash_table_lookup(overlay->kept, &key);

    if (encoded != NULL) {
        return encoded;
    }
    if (overlay->spent_us > ENCODE_BUDGET_US) {
        overlay->is_late = TRUE;
        return NULL;
    }
    encoded = overlay->graphics == UI_GRAPHICS_SIXEL ? encode_sixel(overlay, placement)
                                                     : encode_iterm(overlay, placement);
    keep(overlay, key, encoded);
    overlay->spent_us += g_get_monotonic_time() - began;
    return encoded;
}

/* FALSE: it has to wait. */
static gboolean
put(UiOverlay *overlay, GString *bytes, const UiPlacement *placement, guint *id)
{
    GBytes *encoded;

    if (overlay->graphics == UI_GRAPHICS_KITTY) {
        *id = put_kitty(overlay, bytes, placement);
        return TRUE;
    }
    encoded = get_encoded(overlay, placement);
    if (encoded == NULL) {
        return FALSE;
    }
    begin_at(bytes, &placement->box);
    g_string_append_len(bytes, g_bytes_get_data(encoded, NULL), (gssize) g_bytes_get_size(encoded));
    end_at(bytes);
    return TRUE;
}

static void
note_shown(UiOverlay *overlay, const UiPlacement *placement, guint id)
{
    Shown *shown = find_shown(overlay, placement);
    Shown added = {placement->box, ui_pixels_get_id(placement->pixels), id, FALSE};

    if (shown != NULL) {
        *shown = added;
    } else {
        g_array_append_val(overlay->shown, added);
    }
}

static gboolean
shares_lines(const UiBox *box, const GArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        const UiBox *other = &g_array_index(lines, UiBox, i);

        if (box->y < other->y + other->rows && other->y < box->y + box->rows) {
            return TRUE;
        }
    }
    return FALSE;
}

/* What is wanted no more: forgotten, and its lines. */
static GArray *
take_stale(UiOverlay *overlay, const GArray *placements)
{
    GArray *stale = g_array_new(FALSE, FALSE, sizeof(UiBox));

    for (guint i = overlay->shown->len; i > 0; i--) {
        const Shown *shown = &g_array_index(overlay->shown, Shown, i - 1);

        if (!is_wanted(shown, placements)) {
            g_array_append_val(stale, shown->box);
            g_array_remove_index_fast(overlay->shown, i - 1);
        }
    }
    return stale;
}

GArray *
ui_overlay_prepare(UiOverlay *overlay, const GArray *placements, const GArray *popups)
{
    GArray *stale;

    if (overlay->graphics == UI_GRAPHICS_KITTY) {
        return g_array_new(FALSE, FALSE, sizeof(UiBox));
    }
    stale = take_stale(overlay, placements);
    for (guint i = 0; i < overlay->shown->len; i++) {
        Shown *shown = &g_array_index(overlay->shown, Shown, i);

        if (shares_lines(&shown->box, stale) || is_covered(&shown->box, popups)) {
            shown->is_damaged = TRUE;
        }
    }
    return stale;
}

/* Takes kitty's pictures away that are wanted no more or lie under a popup. */
static void
take_away(UiOverlay *overlay, GString *bytes, const GArray *placements, const GArray *popups)
{
    for (guint i = overlay->shown->len; i > 0; i--) {
        const Shown *shown = &g_array_index(overlay->shown, Shown, i - 1);

        if (!is_wanted(shown, placements) || is_covered(&shown->box, popups)) {
            remove_kitty(bytes, shown);
            g_array_remove_index_fast(overlay->shown, i - 1);
        }
    }
}

/* A sixel in the last row scrolls the whole screen. */
static gboolean
can_put(const UiPlacement *placement, const GArray *popups, int rows)
{
    return !is_covered(&placement->box, popups) && placement->box.y + placement->box.rows < rows;
}

GString *
ui_overlay_update(UiOverlay *overlay, const GArray *placements, const GArray *popups, int rows)
{
    GString *bytes = g_string_new(NULL);

    overlay->spent_us = 0;
    overlay->is_late = FALSE;
    if (overlay->graphics == UI_GRAPHICS_KITTY) {
        take_away(overlay, bytes, placements, popups);
    }
    for (guint i = 0; i < placements->len; i++) {
        const UiPlacement *placement = &g_array_index(placements, UiPlacement, i);
        const Shown *shown = find_shown(overlay, placement);
        guint id = 0;

        if ((shown == NULL || shown->is_damaged) && can_put(placement, popups, rows) &&
            put(overlay, bytes, placement, &id)) {
            note_shown(overlay, placement, id);
        }
    }
    return bytes;
}

gboolean
ui_overlay_is_late(const UiOverlay *overlay)
{
    return overlay->is_late;
}

void
ui_overlay_forget(UiOverlay *overlay)
{
    g_array_set_size(overlay->shown, 0);
    g_hash_table_remove_all(overlay->sent);
    forget_kept(overlay);
}
