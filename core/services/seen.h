#ifndef SAMEPHOTO_CORE_SERVICES_SEEN_H
#define SAMEPHOTO_CORE_SERVICES_SEEN_H

/* A picture of what the person sees: a file (a screenshot, a photo of a screen), or the part of it
 * that shows the profile photo. It stands beside the services' copies, grouped and kept like them,
 * but it is no service's. */

#include <gio/gio.h>

#include "core/services/copy.h"

/* Facts of such a copy: the file's name, and where in it the cut-out lies ("320 × 320 at 1024, 96
 * of 1920 × 1080"). */
#define SP_FACT_SEEN_FILE "file"
#define SP_FACT_CUT_OUT   "cut out"

/* A square of a picture, in its pixels. A plain value. */
typedef struct {
    int x;
    int y;
    int side;
} SpSquare;

/* The ids of such copies are "evidence-1", "evidence-2", … */
gboolean sp_seen_is_id(const char *id);

/* For people, in the language of now: "what the person sees: screen.png"; a NULL `file` is left
 * out. Transfer full. */
char *sp_seen_title(const char *file, gboolean is_cut);

/* Reads a file as copy `number`, from 1. Blocking. Errors: those of sp_photo_new_from_file().
 * Transfer full. */
SpCopy *sp_seen_new_from_file(const char *path, guint number, GError **error);

/* The part `square` of what `whole` shows, under the same id; its bytes are a PNG of its own, so
 * that nothing else of a screenshot is kept. Blocking. Errors: SP_ERROR_FORMAT (the square is not
 * within the picture). Transfer full. */
SpCopy *sp_seen_new_cut(const SpCopy *whole, const SpSquare *square, GError **error);

/* The same two in a worker thread. */
void sp_seen_load_async(const char *path, guint number, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
void sp_seen_cut_async(SpCopy *whole, const SpSquare *square, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data);
SpCopy *sp_seen_finish(GAsyncResult *result, GError **error);

#endif
