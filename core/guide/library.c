/* Where playbooks are found: the user's own folder first, then those built into the program, each
 * in the wanted language, else without one, else in English, else in whatever language there is. */

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "core/error.h"
#include "core/guide/front-matter.h"
#include "core/guide/playbook.h"
#include "core/guide/resources.h"
#include "core/i18n.h"
#include "core/text.h"

#define RESOURCES "/samephoto/playbooks"
#define ENDING    ".md"

static char *
user_folder(void)
{
    return g_build_filename(g_get_user_data_dir(), "samephoto", "playbooks", NULL);
}

/* "/a/b/profile-photo.fr.md" -> "profile-photo.fr" */
static char *
name_of(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    char *dot = strrchr(base, '.');

    if (dot != NULL && dot != base && g_ascii_strcasecmp(dot, ENDING) == 0) {
        *dot = '\0';
    }
    return sp_text_clean(base, -1, 100);
}

/* The size is looked at before anything is read; a device or a pipe is no playbook. */
static SpPlaybook *
load_file(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *name = name_of(path);
    g_autoptr(GError) local = NULL;
    struct stat info;
    gsize length = 0;

    if (stat(path, &info) != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("%s cannot be opened: %s"), name,
                    g_strerror(errno));
        return NULL;
    }
    if (!S_ISREG(info.st_mode)) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("%s is not a file"), name);
        return NULL;
    }
    if (info.st_size > SP_PLAYBOOK_MAX_BYTES + 3) {
        g_set_error(error, SP_ERROR, SP_ERROR_TOO_LARGE,
                    _("%s is larger than a playbook may be (2 MiB)"), name);
        return NULL;
    }
    if (!g_file_get_contents(path, &text, &length, &local)) {
        g_autofree char *clean = sp_text_clean(local->message, -1, 200);

        g_set_error_literal(error, SP_ERROR, SP_ERROR_NOT_FOUND, clean);
        return NULL;
    }
    return sp_playbook_parse(text, length, name, error);
}

/* "NAME.LANGUAGE" or "NAME"; NULL where there is no such file, with `error` set only where there is
 * one that cannot be read. */
static SpPlaybook *
load_user(const char *stem, GError **error)
{
    g_autofree char *folder = user_folder();
    g_autofree char *file = g_strconcat(stem, ENDING, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS) ? load_file(path, error) : NULL;
}

static SpPlaybook *
load_built_in(const char *stem, GError **error)
{
    g_autofree char *path = g_strconcat(RESOURCES "/", stem, ENDING, NULL);
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(sp_resources(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    const char *text;
    gsize length = 0;

    if (bytes == NULL) {
        return NULL;
    }
    text = g_bytes_get_data(bytes, &length);
    return sp_playbook_parse(text, length, stem, error);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* Splits "profile-photo.fr" where the ending is a language; else the name is all of it. */
static void
split_language(const char *stem, char **name, char **language)
{
    const char *dot = strrchr(stem, '.');

    *language = dot == NULL ? NULL : sp_front_matter_language(dot + 1);
    *name = *language == NULL ? g_strdup(stem) : g_strndup(stem, (gsize) (dot - stem));
}

/* The first of the user's files of that name in any language, "NAME.LANGUAGE", or NULL. Transfer
 * full. */
static char *
find_any_language(const char *name)
{
    g_autofree char *folder = user_folder();
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) stems = g_ptr_array_new_with_free_func(g_free);
    const char *file;

    while (directory != NULL && (file = g_dir_read_name(directory)) != NULL) {
        g_autofree char *stem = name_of(file);
        g_autofree char *own = NULL;
        g_autofree char *language = NULL;

        split_language(stem, &own, &language);
        if (g_str_has_suffix(file, ENDING) && language != NULL && g_str_equal(own, name)) {
            g_ptr_array_add(stems, g_steal_pointer(&stem));
        }
    }
    g_ptr_array_sort(stems, compare_names);
    return stems->len == 0 ? NULL : g_strdup(g_ptr_array_index(stems, 0));
}

static SpPlaybook *
load_by_name(const char *name, const char *language, GError **error)
{
    g_autofree char *wanted = sp_front_matter_language(language);
    g_autofree char *in_language = g_strconcat(name, ".", wanted == NULL ? "en" : wanted, NULL);
    g_autofree char *in_english = g_strconcat(name, ".en", NULL);
    g_autofree char *in_any = find_any_language(name);
    const struct {
        SpPlaybook *(*load)(const char *stem, GError **error);
        const char *stem;
    } places[] = {
        {load_user, in_language}, {load_user, name},           {load_built_in, in_language},
        {load_user, in_english},  {load_built_in, in_english}, {load_built_in, name},
        {load_user, in_any},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(GError) local = NULL;
        SpPlaybook *playbook =
            places[i].stem == NULL ? NULL : places[i].load(places[i].stem, &local);

        if (playbook != NULL) {
            return playbook;
        }
        if (local != NULL) {
            g_propagate_error(error, g_steal_pointer(&local));
            return NULL;
        }
    }
    g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND,
                _("there is no playbook and no file named '%s'"), name);
    return NULL;
}

SpPlaybook *
sp_playbook_load(const char *name_or_path, const char *language, GError **error)
{
    g_autofree char *clean = NULL;

    if (strchr(name_or_path, '/') != NULL || g_str_has_suffix(name_or_path, ENDING) ||
        g_file_test(name_or_path, G_FILE_TEST_IS_REGULAR)) {
        return load_file(name_or_path, error);
    }
    clean = sp_text_clean(name_or_path, -1, 100);
    return load_by_name(clean, language, error);
}

/* Adds "profile-photo" for "profile-photo.fr.md". */
static void
add_name(GPtrArray *names, const char *file)
{
    g_autofree char *stem = name_of(file);
    g_autofree char *name = NULL;
    g_autofree char *language = NULL;

    if (!g_str_has_suffix(file, ENDING)) {
        return;
    }
    split_language(stem, &name, &language);
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL)) {
        g_ptr_array_add(names, g_steal_pointer(&name));
    }
}

GStrv
sp_playbook_list(void)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *folder = user_folder();
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    g_auto(GStrv) built_in = g_resource_enumerate_children(sp_resources(), RESOURCES,
                                                           G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    const char *file;

    for (guint i = 0; built_in != NULL && built_in[i] != NULL; i++) {
        add_name(names, built_in[i]);
    }
    while (directory != NULL && (file = g_dir_read_name(directory)) != NULL) {
        add_name(names, file);
    }
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (GStrv) g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/* What stays of a file's name in the user's folder: nothing that a shell or a path could trip over.
 */
static char *
safe_name(const char *path)
{
    g_autofree char *name = name_of(path);
    GString *safe = g_string_new(NULL);

    for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isalnum(c) || (safe->len > 0 && (c == '-' || c == '_' || c == '.'))) {
            g_string_append_unichar(safe, g_unichar_tolower(c));
        } else if (safe->len > 0 && safe->str[safe->len - 1] != '-') {
            g_string_append_c(safe, '-');
        }
    }
    return g_string_free(safe, FALSE);
}

static gboolean
is_built_in(const char *name)
{
    g_auto(GStrv) files = g_resource_enumerate_children(sp_resources(), RESOURCES,
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; files != NULL && files[i] != NULL; i++) {
        add_name(names, files[i]);
    }
    return g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL);
}

/* A playbook of ours stays what its name says; one of the user's is replaced only on request. */
static gboolean
can_import_as(const char *stem, gboolean replaces, GError **error)
{
    g_autofree char *folder = user_folder();
    g_autofree char *file = g_strconcat(stem, ENDING, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *name = NULL;
    g_autofree char *language = NULL;

    split_language(stem, &name, &language);
    if (is_built_in(name)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("'%s' is the name of a built-in playbook; give the file another name"), name);
        return FALSE;
    }
    if (!replaces && g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("there is a playbook '%s' already; --force replaces it"), stem);
        return FALSE;
    }
    return TRUE;
}

static gboolean
copy_file(const char *from, const char *folder, const char *name, GError **error)
{
    g_autofree char *file = g_strconcat(name, ENDING, NULL);
    g_autofree char *to = g_build_filename(folder, file, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) local = NULL;
    gsize length = 0;

    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("the folder %s cannot be made: %s"), folder,
                    g_strerror(errno));
        return FALSE;
    }
    if (!g_file_get_contents(from, &text, &length, &local) ||
        !g_file_set_contents_full(to, text, (gssize) length,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                  0600, &local)) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("the playbook could not be kept: %s"),
                    local->message);
        return FALSE;
    }
    return TRUE;
}

char *
sp_playbook_import(const char *path, gboolean replaces, GError **error)
{
    g_autoptr(SpPlaybook) playbook = load_file(path, error);
    g_autofree char *folder = user_folder();
    g_autofree char *name = NULL;
    g_auto(GStrv) complaints = NULL;

    if (playbook == NULL) {
        return NULL;
    }
    complaints = sp_playbook_lint(playbook);
    if (complaints[0] != NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("%s was not imported: %s"),
                    sp_playbook_get_name(playbook), complaints[0]);
        return NULL;
    }
    name = safe_name(path);
    if (*name == '\0') {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT,
                    _("the file's name has no letter or digit to call the playbook by"));
        return NULL;
    }
    return can_import_as(name, replaces, error) && copy_file(path, folder, name, error)
               ? g_steal_pointer(&name)
               : NULL;
}
