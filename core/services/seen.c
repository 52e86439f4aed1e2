#include "core/services/seen.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"

#define PREFIX         "evidence-"
#define MAX_FILE_CHARS 60

gboolean
sp_seen_is_id(const char *id)
{
    return g_str_has_prefix(id, PREFIX);
}

char *
sp_seen_title(const char *file, gboolean is_cut)
{
    if (file == NULL) {
        return g_strdup(_("what the person sees"));
    }
    return g_strdup_printf(
        is_cut ? _("what the person sees: %s, cut out") : _("what the person sees: %s"), file);
}

/* A copy that holds `photo`, which it takes over. */
static SpCopy *
new_copy(const char *id, const char *file, gboolean is_cut, SpPhoto *photo)
{
    g_autofree char *title = sp_seen_title(file, is_cut);
    SpCopy *copy = sp_copy_new(id, title);

    sp_copy_add_fact(copy, SP_FACT_SEEN_FILE, file);
    copy->photo = photo;
    copy->status = sp_photo_get_placeholder(photo) == SP_PLACEHOLDER_NONE ? SP_COPY_PRESENT
                                                                          : SP_COPY_PLACEHOLDER;
    return copy;
}

SpCopy *
sp_seen_new_from_file(const char *path, guint number, GError **error)
{
    SpPhoto *photo = sp_photo_new_from_file(path, error);
    g_autofree char *id = g_strdup_printf(PREFIX "%u", number);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *clean = sp_text_clean(name, -1, MAX_FILE_CHARS);

    return photo == NULL ? NULL : new_copy(id, clean, FALSE, photo);
}

/* The square as bytes of its own. */
static GBytes *
encode(const SpPhoto *photo, const SpSquare *square, GError **error)
{
    int width = sp_photo_get_width(photo);
    g_autoptr(GdkPixbuf) whole =
        gdk_pixbuf_new_from_data(sp_photo_get_pixels(photo), GDK_COLORSPACE_RGB, TRUE, 8, width,
                                 sp_photo_get_height(photo), width * 4, NULL, NULL);
    g_autoptr(GdkPixbuf) part =
        gdk_pixbuf_new_subpixbuf(whole, square->x, square->y, square->side, square->side);
    char *bytes = NULL;
    gsize length = 0;

    if (!gdk_pixbuf_save_to_buffer(part, &bytes, &length, "png", error, NULL)) {
        return NULL;
    }
    return g_bytes_new_take(bytes, length);
}

static gboolean
is_within(const SpSquare *square, const SpPhoto *photo)
{
    return photo != NULL && square->side > 0 && square->x >= 0 && square->y >= 0 &&
           square->side <= sp_photo_get_width(photo) - square->x &&
           square->side <= sp_photo_get_height(photo) - square->y;
}

SpCopy *
sp_seen_new_cut(const SpCopy *whole, const SpSquare *square, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *place = NULL;
    SpPhoto *photo;
    SpCopy *copy;

    if (!is_within(square, whole->photo)) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, "%s",
                    _("the cut-out does not lie within the picture"));
        return NULL;
    }
    bytes = encode(whole->photo, square, error);
    photo = bytes == NULL ? NULL : sp_photo_new(bytes, error);
    if (photo == NULL) {
        return NULL;
    }
    place = g_strdup_printf("%d × %d at %d, %d of %d × %d", square->side, square->side, square->x,
                            square->y, sp_photo_get_width(whole->photo),
                            sp_photo_get_height(whole->photo));
    copy = new_copy(whole->service, sp_copy_get_fact(whole, SP_FACT_SEEN_FILE), TRUE, photo);
    sp_copy_add_fact(copy, SP_FACT_CUT_OUT, place);
    return copy;
}

/* ---- in a worker ---- */

typedef struct {
    char *path; /* to load, */
    guint number;
    SpCopy *whole; /* or to cut */
    SpSquare square;
} Work;

static void
free_work(gpointer data)
{
    Work *work = data;

    g_free(work->path);
    sp_copy_unref(work->whole);
    g_free(work);
}

static void
run_work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Work *work = data;
    GError *error = NULL;
    SpCopy *copy = work->whole != NULL ? sp_seen_new_cut(work->whole, &work->square, &error)
                                       : sp_seen_new_from_file(work->path, work->number, &error);

    (void) source;
    (void) cancellable;
    if (copy == NULL) {
        g_task_return_error(task, error);
    } else {
        g_task_return_pointer(task, copy, (GDestroyNotify) sp_copy_unref);
    }
}

static void
start_work(Work *work, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);

    g_task_set_task_data(task, work, free_work);
    g_task_run_in_thread(task, run_work);
}

void
sp_seen_load_async(const char *path, guint number, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
    Work *work = g_new0(Work, 1);

    work->path = g_strdup(path);
    work->number = number;
    start_work(work, cancellable, callback, user_data);
}

void
sp_seen_cut_async(SpCopy *whole, const SpSquare *square, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
    Work *work = g_new0(Work, 1);

    work->whole = sp_copy_ref(whole);
    work->square = *square;
    start_work(work, cancellable, callback, user_data);
}

SpCopy *
sp_seen_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
