/* Preloaded into the program: writes down, in their order, what it does for the first time of
 * painting a screen, looking for a host, connecting to one, and decoding a picture. */
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
/* Needs stdio and size_t before. */
#include <stdio.h>

#include <jpeglib.h>

#define TITLE "samephoto" /* stands in every screen */

enum { PAINTED, RESOLVED, CONNECTED, DECODED, N_DEEDS };

static void *
next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static void
note(int deed)
{
    static const char *const names[N_DEEDS] = {"painted\n", "resolved\n", "connected\n",
                                               "decoded\n"};
    static int is_noted[N_DEEDS];
    const char *path = getenv("WITNESS");
    ssize_t (*write_on)(int, const void *, size_t) = next("write");
    int file;

    if (path == NULL || __atomic_exchange_n(&is_noted[deed], 1, __ATOMIC_SEQ_CST) != 0) {
        return;
    }
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || write_on(file, names[deed], strlen(names[deed])) < 0) {
        abort();
    }
    close(file);
}

ssize_t
write(int file, const void *bytes, size_t length)
{
    ssize_t (*go_on)(int, const void *, size_t) = next("write");

    if (file == STDOUT_FILENO && memmem(bytes, length, TITLE, strlen(TITLE)) != NULL) {
        note(PAINTED);
    }
    return go_on(file, bytes, length);
}

int
connect(int file, const struct sockaddr *address, socklen_t length)
{
    int (*go_on)(int, const struct sockaddr *, socklen_t) = next("connect");

    if (address->sa_family == AF_INET || address->sa_family == AF_INET6) {
        note(CONNECTED);
    }
    return go_on(file, address, length);
}

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
            struct addrinfo **found)
{
    int (*go_on)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
        next("getaddrinfo");

    note(RESOLVED);
    return go_on(name, service, hints, found);
}

void
jpeg_CreateDecompress(j_decompress_ptr jpeg, int version, size_t size)
{
    void (*go_on)(j_decompress_ptr, int, size_t) = next("jpeg_CreateDecompress");

    note(DECODED);
    go_on(jpeg, version, size);
}

GdkPixbufLoader *
gdk_pixbuf_loader_new_with_type(const char *type, GError **error)
{
    GdkPixbufLoader *(*go_on)(const char *, GError **) = next("gdk_pixbuf_loader_new_with_type");

    note(DECODED);
    return go_on(type, error);
}
