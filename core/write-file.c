#include "core/write-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/i18n.h"
#include "core/text.h"

/* As many as Linux follows. */
#define MAX_LINKS 40

static gboolean
fail(const char *path, int number, GError **error)
{
    g_autofree char *shown = g_filename_display_name(path);
    g_autofree char *clean = sp_text_clean(shown, -1, 200);

    g_set_error(error, G_FILE_ERROR, (int) g_file_error_from_errno(number),
                _("%s cannot be written: %s"), clean, g_strerror(number));
    return FALSE;
}

/* Where the links lead in the end, whether or not there is a file; a rename would replace the link.
 * Transfer full. */
static char *
follow(const char *path)
{
    char *at = g_strdup(path);

    for (int i = 0; i < MAX_LINKS; i++) {
        g_autofree char *link = g_file_read_link(at, NULL);
        g_autofree char *folder = g_path_get_dirname(at);

        if (link == NULL) {
            break;
        }
        g_free(at);
        at = g_path_is_absolute(link) ? g_strdup(link) : g_build_filename(folder, link, NULL);
    }
    return at;
}

gboolean
sp_write_all(int fd, const char *text)
{
    gsize left = strlen(text);

    while (left > 0) {
        gssize written = write(fd, text, left);

        if (written < 0 && errno != EINTR) {
            return FALSE;
        }
        if (written > 0) {
            text += written;
            left -= (gsize) written;
        }
    }
    return TRUE;
}

static gboolean
write_into(const char *path, const char *text, GError **error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    int number;

    if (fd < 0) {
        return fail(path, errno, error);
    }
    number = sp_write_all(fd, text) ? 0 : errno;
    if (close(fd) != 0 && number == 0) {
        number = errno;
    }
    return number == 0 || fail(path, number, error);
}

gboolean
sp_write_file(const char *path, const char *text, GError **error)
{
    g_autofree char *file = NULL;
    g_autoptr(GError) local = NULL;
    struct stat info;
    gboolean exists = stat(path, &info) == 0;

    if (!exists && errno == ELOOP) {
        return fail(path, ELOOP, error);
    }
    if (exists && S_ISDIR(info.st_mode)) {
        return fail(path, EISDIR, error);
    }
    if (exists && !S_ISREG(info.st_mode)) {
        return write_into(path, text, error);
    }
    file = follow(path);
    if (!g_file_set_contents_full(file, text, -1,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                  exists ? (int) (info.st_mode & 0777) : 0600, &local)) {
        g_autofree char *clean = sp_text_clean(local->message, -1, 400);

        g_set_error_literal(error, G_FILE_ERROR, local->code, clean);
        return FALSE;
    }
    return TRUE;
}
