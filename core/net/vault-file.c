#include "core/net/vault-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/write-file.h"

#define MAX_BYTES (64 * 1024)

static char *
directory_path(void)
{
    return g_build_filename(g_get_user_state_dir(), "samephoto", NULL);
}

static gboolean
set_refused(const char *path, const char *reason, GError **error)
{
    g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("The sign-in cannot be kept in %s: %s"), path,
                reason);
    return FALSE;
}

static gboolean
is_ours(int fd, mode_t kind, const char *path, GError **error)
{
    struct stat status;

    if (fstat(fd, &status) != 0 || (status.st_mode & S_IFMT) != kind) {
        return set_refused(path, _("it is of the wrong kind"), error);
    }
    if (status.st_uid != geteuid()) {
        return set_refused(path, _("it belongs to another user"), error);
    }
    if ((status.st_mode & 077) != 0) {
        return set_refused(path, _("others have access to it; take it away (chmod go=)"), error);
    }
    return TRUE;
}

/* The directory, made where it is missing, checked by its descriptor; -1 with an error. */
static int
open_directory(GError **error)
{
    g_autofree char *path = directory_path();
    int fd;

    if (g_mkdir_with_parents(g_get_user_state_dir(), 0700) != 0 ||
        (mkdir(path, 0700) != 0 && errno != EEXIST)) {
        set_refused(path, g_strerror(errno), error);
        return -1;
    }
    fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        set_refused(path,
                    errno == ELOOP || errno == ENOTDIR ? _("it is a link, or no directory")
                                                       : g_strerror(errno),
                    error);
        return -1;
    }
    if (!is_ours(fd, S_IFDIR, path, error)) {
        close(fd);
        return -1;
    }
    return fd;
}

static char *
read_secret(int fd, const char *name, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    gssize got;

    if (!is_ours(fd, S_IFREG, name, error)) {
        return NULL;
    }
    text = g_malloc0(MAX_BYTES + 1);
    while (length < MAX_BYTES && (got = read(fd, text + length, MAX_BYTES - length)) > 0) {
        length += (gsize) got;
    }
    return length == 0 ? NULL : g_steal_pointer(&text);
}

char *
sp_vault_file_load(const char *name, GError **error)
{
    int directory = open_directory(error);
    char *secret = NULL;
    int fd;

    if (directory < 0) {
        return NULL;
    }
    fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0) {
        secret = read_secret(fd, name, error);
        close(fd);
    } else if (errno != ENOENT) {
        set_refused(name, g_strerror(errno), error);
    }
    close(directory);
    return secret;
}

gboolean
sp_vault_file_save(const char *name, const char *secret, GError **error)
{
    int directory = open_directory(error);
    g_autofree char *beside = g_strconcat(name, ".new", NULL);
    gboolean is_done = FALSE;
    int fd;

    if (directory < 0) {
        return FALSE;
    }
    unlinkat(directory, beside, 0);
    fd = openat(directory, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) {
        is_done = sp_write_all(fd, secret) && fsync(fd) == 0;
        is_done = close(fd) == 0 && is_done && renameat(directory, beside, directory, name) == 0;
    }
    if (!is_done) {
        set_refused(name, g_strerror(errno), error);
        unlinkat(directory, beside, 0);
    }
    close(directory);
    return is_done;
}

gboolean
sp_vault_file_forget(const char *name, GError **error)
{
    int directory = open_directory(error);
    gboolean is_done;

    if (directory < 0) {
        return FALSE;
    }
    is_done = unlinkat(directory, name, 0) == 0 || errno == ENOENT;
    if (!is_done) {
        set_refused(name, g_strerror(errno), error);
    }
    close(directory);
    return is_done;
}
