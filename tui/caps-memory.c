/* A key file in the cache folder, one group a terminal, the oldest dropped. */
#include "tui/caps-memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_AGE_S (12 * 3600)
#define MAX_KEPT  16
#define MAX_BYTES 16384
/* Once may be a terminal that was busy starting. */
#define SILENT_ENOUGH 2

static char *
memory_file(void)
{
    return g_build_filename(g_get_user_cache_dir(), "samephoto", "terminals", NULL);
}

/* When a process began, in clock ticks since boot (proc(5), field 22): its number alone comes back.
 */
static char *
start_of(pid_t pid)
{
    g_autofree char *file = g_strdup_printf("/proc/%d/stat", (int) pid);
    g_autofree char *text = NULL;
    g_auto(GStrv) fields = NULL;
    const char *behind_name;

    if (!g_file_get_contents(file, &text, NULL, NULL)) {
        return NULL;
    }
    behind_name = strrchr(text, ')');
    if (behind_name == NULL) {
        return NULL;
    }
    fields = g_strsplit(behind_name + 1, " ", -1);
    return g_strv_length(fields) > 20 ? g_strdup(fields[20]) : NULL;
}

/* What the memory knows this terminal by. Transfer full; NULL where one terminal cannot be told
 * from another. */
static char *
name_of(int fd)
{
    pid_t leader = getsid(0);
    g_autofree char *started = leader <= 0 || leader == getpid() ? NULL : start_of(leader);
    const char *term = g_getenv("TERM");
    struct stat device;

    if (started == NULL || term == NULL || fstat(fd, &device) != 0) {
        return NULL;
    }
    /* TERM as a number: a group's name takes not every character. */
    return g_strdup_printf("%" G_GUINT64_FORMAT " %d %s %08x", (guint64) device.st_rdev,
                           (int) leader, started, g_str_hash(term));
}

static GKeyFile *
load(void)
{
    g_autofree char *file = memory_file();
    GKeyFile *memory = g_key_file_new();
    struct stat status;

    if (stat(file, &status) == 0 && status.st_size <= MAX_BYTES) {
        g_key_file_load_from_file(memory, file, G_KEY_FILE_NONE, NULL);
    }
    return memory;
}

static gint64
age_of(GKeyFile *memory, const char *name)
{
    gint64 asked = g_key_file_get_int64(memory, name, "asked", NULL);

    return g_get_real_time() / G_USEC_PER_SEC - asked;
}

static gboolean
is_fresh(GKeyFile *memory, const char *name)
{
    gint64 age = age_of(memory, name);

    return age >= 0 && age <= MAX_AGE_S;
}

static int
get(GKeyFile *memory, const char *name, const char *key)
{
    return g_key_file_get_integer(memory, name, key, NULL);
}

gboolean
ui_caps_recall(int fd, UiCaps *caps)
{
    g_autofree char *name = name_of(fd);
    g_autoptr(GKeyFile) memory = name == NULL ? NULL : load();

    if (memory == NULL || !g_key_file_has_group(memory, name) || !is_fresh(memory, name) ||
        (get(memory, name, "answered") == 0 && get(memory, name, "silent") < SILENT_ENOUGH)) {
        return FALSE;
    }
    *caps = (UiCaps){
        .has_answered = get(memory, name, "answered") != 0,
        .has_sixel = get(memory, name, "sixel") != 0,
        .has_kitty = get(memory, name, "kitty") != 0,
        .has_sync = get(memory, name, "synchronized") != 0,
        .is_direct = CLAMP(get(memory, name, "direct"), -1, 1),
        .background = CLAMP(get(memory, name, "background"), -1, 0xffffff),
        .elapsed_ms = MAX(get(memory, name, "elapsed-ms"), 0),
        .cell_width = CLAMP(get(memory, name, "cell-width"), 0, 500),
        .cell_height = CLAMP(get(memory, name, "cell-height"), 0, 500),
    };
    ui_caps_read_cell_size(fd, caps);
    return TRUE;
}

/* Until few enough are left, the oldest goes. */
static void
forget_old(GKeyFile *memory)
{
    g_auto(GStrv) names = g_key_file_get_groups(memory, NULL);
    guint count = g_strv_length(names);

    while (count-- > MAX_KEPT) {
        const char *oldest = NULL;

        for (guint i = 0; names[i] != NULL; i++) {
            if (g_key_file_has_group(memory, names[i]) &&
                (oldest == NULL || age_of(memory, names[i]) > age_of(memory, oldest))) {
                oldest = names[i];
            }
        }
        g_key_file_remove_group(memory, oldest, NULL);
    }
}

void
ui_caps_keep(int fd, const UiCaps *caps)
{
    g_autofree char *name = name_of(fd);
    g_autofree char *file = memory_file();
    g_autofree char *folder = g_path_get_dirname(file);
    g_autoptr(GKeyFile) memory = NULL;
    g_autoptr(GError) error = NULL;
    int silent;

    if (name == NULL) {
        return;
    }
    memory = load();
    silent = caps->has_answered ? 0 : get(memory, name, "silent") + 1;
    g_key_file_set_int64(memory, name, "asked", g_get_real_time() / G_USEC_PER_SEC);
    g_key_file_set_integer(memory, name, "answered", caps->has_answered);
    g_key_file_set_integer(memory, name, "silent", silent);
    g_key_file_set_integer(memory, name, "sixel", caps->has_sixel);
    g_key_file_set_integer(memory, name, "kitty", caps->has_kitty);
    g_key_file_set_integer(memory, name, "synchronized", caps->has_sync);
    g_key_file_set_integer(memory, name, "direct", caps->is_direct);
    g_key_file_set_integer(memory, name, "background", caps->background);
    g_key_file_set_integer(memory, name, "elapsed-ms", caps->elapsed_ms);
    g_key_file_set_integer(memory, name, "cell-width", caps->cell_width);
    g_key_file_set_integer(memory, name, "cell-height", caps->cell_height);
    forget_old(memory);
    g_mkdir_with_parents(folder, 0700);
    if (!g_key_file_save_to_file(memory, file, &error)) {
        g_debug("%s", error->message);
    }
}
