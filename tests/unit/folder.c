#include "tests/unit/folder.h"

#include <glib/gstdio.h>

char *
test_folder_new(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("samephoto-test-XXXXXX", &error);

    g_assert_no_error(error);
    return folder;
}

static void
remove_tree(const char *path)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);

        remove_tree(child);
    }
    g_remove(path);
}

void
test_folder_free(char *folder)
{
    remove_tree(folder);
    g_free(folder);
}
