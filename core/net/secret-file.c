#include "core/net/secret-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/i18n.h"

#define MAX_BYTES (64 * 1024)

static char *
expand_home(const char *path)
{
    return g_str_has_prefix(path, "~/") ? g_build_filename(g_get_home_dir(), path + 2, NULL)
                                        : g_strdup(path);
}

static gboolean
is_trustworthy(int fd, const char *path, const char *key, GError **error)
{
    struct stat status;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s: %s is no regular file"), key, path);
        return FALSE;
    }
    if (status.st_size > MAX_BYTES) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s: %s is too large for a secret"), key,
                    path);
        return FALSE;
    }
    if (status.st_uid != geteuid() && status.st_uid != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s: %s belongs to another user"), key,
                    path);
        return FALSE;
    }
    if ((status.st_mode & 077) != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("%s: others can read %s; protect it first: chmod 600 %s"), key, path, path);
        return FALSE;
    }
    return TRUE;
}

/* Reads to the end, or -1. */
static gssize
read_all(int fd, char *buffer, gsize size)
{
    gsize length = 0;

    while (length < size) {
        gssize got = read(fd, buffer + length, size - length);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? -1 : (gssize) length;
        }
        length += (gsize) got;
    }
    return (gssize) length;
}

char *
sp_secret_file_read(const char *path, const char *key, GError **error)
{
    g_autofree char *file = expand_home(path);
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    g_autofree char *text = NULL;
    gssize length = -1;

    if (fd < 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s: %s cannot be read: %s"), key, file,
                    g_strerror(errno));
        return NULL;
    }
    if (!is_trustworthy(fd, file, key, error)) {
        close(fd);
        return NULL;
    }
    text = g_malloc0(MAX_BYTES + 1);
    length = read_all(fd, text, MAX_BYTES);
    close(fd);
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
        text[--length] = '\0';
    }
    if (length <= 0 || memchr(text, '\0', (gsize) length) != NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s: %s holds no secret"), key, file);
        return NULL;
    }
    return g_steal_pointer(&text);
}
