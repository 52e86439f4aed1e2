#ifndef SAMEPHOTO_CORE_CONFIG_H
#define SAMEPHOTO_CORE_CONFIG_H

/* The settings file (design, section 5): a GKeyFile whose groups and keys are known in one table, so
 * that a typo is an error that names the line's group, the key and the nearest right name. Secrets
 * are never in it, only the names of files that hold them. Immutable after loading. */

#include <gio/gio.h>

typedef struct SpConfig SpConfig;

/* Reads `path`; NULL means $SAMEPHOTO_CONFIG, else $XDG_CONFIG_HOME/samephoto/samephoto.conf. A
 * default file that does not exist is an empty configuration; a named one is an error.
 * Errors: SP_ERROR_CONFIG. Transfer full. */
SpConfig *sp_config_load(const char *path, GError **error);

/* The file that sp_config_load() would read. Transfer full. */
char *sp_config_find_path(const char *path);

/* The same from text; `origin` names it in errors. */
SpConfig *sp_config_parse(const char *text, const char *origin, GError **error);

SpConfig *sp_config_ref(SpConfig *config);
void sp_config_unref(SpConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpConfig, sp_config_unref)

/* The file that the settings were read from, or the one they would be written to. Borrowed. */
const char *sp_config_path(const SpConfig *config);

/* Whether anything is set at all: false on a first run. */
gboolean sp_config_is_empty(const SpConfig *config);

/* A value as written, trimmed; NULL where unset. Borrowed. `group` may be "source NAME". */
const char *sp_config_get(const SpConfig *config, const char *group, const char *key);

/* A number of milliseconds, 1 or more, from a key in seconds (decimals allowed); or `fallback_ms`. */
guint sp_config_get_ms(const SpConfig *config, const char *group, const char *key,
                       guint fallback_ms);

/* A list separated by semicolons, without blanks and empty items; NULL where unset. Transfer full. */
GStrv sp_config_get_list(const SpConfig *config, const char *group, const char *key);

/* The names of the [source NAME] groups in file order. Transfer full, never NULL. */
GStrv sp_config_list_sources(const SpConfig *config);

#endif
