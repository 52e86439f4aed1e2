#include "core/photo/pairs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/csv.h"
#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"

/* The reader runs ahead of the writer by a window of rows, enough that no core waits for a slow
 * picture at the window's head. */
#define WINDOW_PER_THREAD 4

/* Two paths of the greatest length that the system takes, and as much again for other columns. */
#define MAX_LINE (16 * 1024)

#define MAX_PATH_SHOWN 200

/* Lists often hold one picture against many; the few that were asked for last are kept, but no huge
 * one. */
#define N_KEPT          4
#define MAX_KEPT_PIXELS (1024 * 1024)

typedef struct {
    char *path;
    SpPhoto *photo;
    guint64 asked; /* when it was asked for last, in questions */
} Kept;

typedef struct {
    char *left;
    char *right;
    char *left_path;
    char *right_path;
    SpComparison *comparison;
    GError *error;
    gboolean is_done; /* guarded by Run.lock */
} Job;

typedef struct {
    const char *path;
    char *folder;
    FILE *file;
    guint line; /* of the list, from 1 */
    int left_column;
    int right_column;
    GThreadPool *pool;
    GQueue window; /* Job, oldest first */
    GMutex lock;
    GCond done;
    Kept kept[N_KEPT]; /* guarded by lock, and so is n_asked */
    guint64 n_asked;
} Run;

static void
job_free(Job *job)
{
    g_free(job->left);
    g_free(job->right);
    g_free(job->left_path);
    g_free(job->right_path);
    sp_comparison_free(job->comparison);
    g_clear_error(&job->error);
    g_free(job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Job, job_free)

static void
kept_clear(Kept *kept)
{
    g_clear_pointer(&kept->path, g_free);
    g_clear_pointer(&kept->photo, sp_photo_unref);
}

static void
run_clear(Run *run)
{
    Job *job;

    /* The rows that are under way are finished; those that have not begun are dropped. */
    if (run->pool != NULL)
        g_thread_pool_free(run->pool, TRUE, TRUE);
    while ((job = g_queue_pop_head(&run->window)) != NULL)
        job_free(job);
    for (guint i = 0; i < N_KEPT; i++)
        kept_clear(&run->kept[i]);
    if (run->file != NULL)
        fclose(run->file);
    g_free(run->folder);
    g_mutex_clear(&run->lock);
    g_cond_clear(&run->done);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static SpPhoto *
find_kept(Run *run, const char *path)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&run->lock);

    for (guint i = 0; i < N_KEPT; i++)
        if (g_strcmp0(run->kept[i].path, path) == 0) {
            run->kept[i].asked = ++run->n_asked;
            return sp_photo_ref(run->kept[i].photo);
        }
    return NULL;
}

static void
keep(Run *run, const char *path, SpPhoto *photo)
{
    g_autoptr(GMutexLocker) locker = NULL;
    Kept *oldest;

    if ((gint64) sp_photo_get_width(photo) * sp_photo_get_height(photo) > MAX_KEPT_PIXELS)
        return;
    locker = g_mutex_locker_new(&run->lock);
    oldest = &run->kept[0];
    for (guint i = 1; i < N_KEPT; i++)
        if (run->kept[i].asked < oldest->asked)
            oldest = &run->kept[i];
    kept_clear(oldest);
    *oldest = (Kept){g_strdup(path), sp_photo_ref(photo), ++run->n_asked};
}

static SpPhoto *
load(Run *run, const char *path, GError **error)
{
    SpPhoto *photo = find_kept(run, path);

    if (photo != NULL)
        return photo;
    photo = sp_photo_new_to_compare(path, error);
    if (photo != NULL)
        keep(run, path, photo);
    return photo;
}

static void
compare_job(Run *run, Job *job)
{
    g_autoptr(SpPhoto) left = load(run, job->left_path, &job->error);
    g_autoptr(SpPhoto) right = NULL;

    if (left == NULL)
        return;
    right = load(run, job->right_path, &job->error);
    if (right == NULL)
        return;
    job->comparison = sp_compare(left, right);
}

static void
work(gpointer data, gpointer user_data)
{
    Job *job = data;
    Run *run = user_data;

    compare_job(run, job);
    g_mutex_lock(&run->lock);
    job->is_done = TRUE;
    g_cond_signal(&run->done);
    g_mutex_unlock(&run->lock);
}

static gboolean
fail(const Run *run, const char *what, GError **error)
{
    g_autofree char *shown = sp_text_clean(run->path, -1, MAX_PATH_SHOWN);

    g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("%s, line %u: %s"), shown, run->line, what);
    return FALSE;
}

/* The next line that is not empty, without its end. FALSE at the end of the list (`*line` NULL) or
 * with an error. Transfer full. */
static gboolean
read_line(Run *run, char **line, GError **error)
{
    char buffer[MAX_LINE];

    *line = NULL;
    while (fgets(buffer, sizeof buffer, run->file) != NULL) {
        gsize length = strlen(buffer);

        run->line++;
        if (length == sizeof buffer - 1 && buffer[length - 1] != '\n')
            return fail(run, _("it is too long"), error);
        g_strchomp(buffer);
        if (*buffer == '\0')
            continue;
        *line = g_strdup(buffer);
        return TRUE;
    }
    if (ferror(run->file))
        return fail(run, g_strerror(errno), error);
    return FALSE;
}

static gboolean
read_header(Run *run, GError **error)
{
    g_autofree char *line = NULL;
    g_autoptr(GPtrArray) fields = NULL;
    g_autoptr(GError) reason = NULL;

    if (!read_line(run, &line, &reason) && reason != NULL) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    if (line != NULL)
        fields = sp_csv_split(sp_csv_skip_mark(line));
    run->left_column = fields != NULL ? sp_csv_find_column(fields, "left") : -1;
    run->right_column = fields != NULL ? sp_csv_find_column(fields, "right") : -1;
    if (run->left_column < 0 || run->right_column < 0)
        return fail(run, _("the first line must name the columns left and right"), error);
    return TRUE;
}

static gboolean
open_list(Run *run, GError **error)
{
    run->file = fopen(run->path, "r");
    if (run->file == NULL) {
        g_autofree char *shown = sp_text_clean(run->path, -1, MAX_PATH_SHOWN);

        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("%s cannot be opened: %s"), shown,
                    g_strerror(errno));
        return FALSE;
    }
    run->folder = g_path_get_dirname(run->path);
    return read_header(run, error);
}

static char *
resolve(const Run *run, const char *name)
{
    return g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(run->folder, name, NULL);
}

/* Starts the next row. FALSE at the end of the list, or with an error. */
static gboolean
start_row(Run *run, GError **error)
{
    g_autofree char *line = NULL;
    g_autoptr(GPtrArray) fields = NULL;
    Job *job;

    if (!read_line(run, &line, error))
        return FALSE;
    fields = sp_csv_split(line);
    if (fields == NULL)
        return fail(run, _("a quotation mark is not closed"), error);
    if ((int) fields->len <= MAX(run->left_column, run->right_column))
        return fail(run, _("a column is missing"), error);
    job = g_new0(Job, 1);
    job->left = g_strdup(g_ptr_array_index(fields, run->left_column));
    job->right = g_strdup(g_ptr_array_index(fields, run->right_column));
    job->left_path = resolve(run, job->left);
    job->right_path = resolve(run, job->right);
    g_queue_push_tail(&run->window, job);
    return g_thread_pool_push(run->pool, job, error);
}

/* Waits for the oldest row and hands it out. */
static gboolean
finish_row(Run *run, SpPairsFunc callback, gpointer user_data, GError **error)
{
    g_autoptr(Job) job = g_queue_peek_head(&run->window);
    SpPairsRow row;

    g_mutex_lock(&run->lock);
    while (!job->is_done)
        g_cond_wait(&run->done, &run->lock);
    g_mutex_unlock(&run->lock);
    g_queue_pop_head(&run->window);
    row = (SpPairsRow){job->left, job->right, job->comparison, job->error};
    return callback(&row, user_data, error);
}

gboolean
sp_pairs_run(const char *path, guint n_threads, SpPairsFunc callback, gpointer user_data,
             GError **error)
{
    g_auto(Run) run = {.path = path, .window = G_QUEUE_INIT};
    guint n = n_threads > 0 ? n_threads : g_get_num_processors();
    g_autoptr(GError) broken = NULL;
    gboolean goes_on = TRUE;

    g_return_val_if_fail(path != NULL && callback != NULL, FALSE);
    g_mutex_init(&run.lock);
    g_cond_init(&run.done);
    run.pool = g_thread_pool_new(work, &run, (int) n, TRUE, error);
    if (run.pool == NULL || !open_list(&run, error))
        return FALSE;
    while (goes_on || run.window.length > 0) {
        while (goes_on && run.window.length < n * WINDOW_PER_THREAD)
            goes_on = start_row(&run, &broken);
        if (run.window.length > 0 && !finish_row(&run, callback, user_data, error))
            return FALSE;
    }
    /* The rows before a broken line have been handed out; then it is told. */
    if (broken == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&broken));
    return FALSE;
}
