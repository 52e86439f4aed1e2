/* The settings file as one table of known groups and keys, over a GKeyFile. */

#include "core/config.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"

#define SOURCE_PREFIX "source "
#define SEEN_PREFIX "evidence-"
#define MAX_FILE_BYTES (256 * 1024)
#define MAX_SECONDS 86400.0

struct SpConfig {
    GKeyFile *file;
    char *path;
};

typedef enum { KIND_TEXT, KIND_SECONDS, KIND_BOOL, KIND_CHOICE, KIND_ADDRESS } Kind;

typedef struct {
    const char *group; /* "source" stands for every [source NAME] */
    const char *key;
    Kind kind;
    const char *choices; /* of KIND_CHOICE, separated by blanks */
} Known;

static const Known known[] = {
    {"tenant", "name", KIND_TEXT, NULL},
    {"tenant", "id", KIND_TEXT, NULL},
    {"tenant", "cloud", KIND_CHOICE, "global usgov dod china"},
    {"sign-in", "flow", KIND_CHOICE, "browser device certificate secret command"},
    {"sign-in", "client-id", KIND_TEXT, NULL},
    {"sign-in", "certificate", KIND_TEXT, NULL},
    {"sign-in", "secret-file", KIND_TEXT, NULL},
    {"sign-in", "command", KIND_TEXT, NULL},
    {"endpoints", "graph", KIND_ADDRESS, NULL},
    {"endpoints", "login", KIND_ADDRESS, NULL},
    {"endpoints", "sharepoint", KIND_ADDRESS, NULL},
    {"endpoints", "my", KIND_ADDRESS, NULL},
    {"endpoints", "exchange", KIND_ADDRESS, NULL},
    {"endpoints", "viva-engage", KIND_ADDRESS, NULL},
    {"endpoints", "directory", KIND_TEXT, NULL},
    {"services", "enabled", KIND_TEXT, NULL},
    {"source", "title", KIND_TEXT, NULL},
    {"source", "url", KIND_TEXT, NULL},
    {"source", "header", KIND_TEXT, NULL},
    {"source", "header-file", KIND_TEXT, NULL},
    {"exchange", "kind", KIND_CHOICE, "online on-premises"},
    {"exchange", "auth", KIND_CHOICE, "bearer negotiate ntlm basic"},
    {"exchange", "user", KIND_TEXT, NULL},
    {"exchange", "password-file", KIND_TEXT, NULL},
    {"directory", "base-dn", KIND_TEXT, NULL},
    {"directory", "bind-dn", KIND_TEXT, NULL},
    {"directory", "password-file", KIND_TEXT, NULL},
    {"directory", "ca-file", KIND_TEXT, NULL},
    {"directory", "starttls", KIND_BOOL, NULL},
    {"network", "ca-file", KIND_TEXT, NULL},
    {"network", "proxy", KIND_TEXT, NULL},
    {"network", "timeout", KIND_SECONDS, NULL},
    {"network", "connect-timeout", KIND_SECONDS, NULL},
    {"screen", "language", KIND_TEXT, NULL},
    {"screen", "theme", KIND_CHOICE, "dark light mono contrast colour-blind"},
    {"screen", "graphics", KIND_CHOICE, "auto symbols sixel kitty iterm none"},
    {"screen", "colours", KIND_CHOICE, "auto true 256 16 8 mono ascii"},
    {"screen", "mouse", KIND_BOOL, NULL},
    {"screen", "cursor", KIND_BOOL, NULL},
    {"screen", "slow-link", KIND_BOOL, NULL},
    {"sessions", "keep-days", KIND_TEXT, NULL},
    {"sessions", "agent", KIND_TEXT, NULL},
};

/* The copies that services of our own yield (a test holds this list to theirs), and the family that
 * names three of them: a source of such a name could not be told from them. */
static const char *const built_in_copies[] = {
    "file",         "graph",        "exchange",    "sharepoint", "sharepoint-s",
    "sharepoint-m", "sharepoint-l", "viva-engage", "directory",  NULL,
};

static gboolean
check_source_name(const SpConfig *config, const char *group, GError **error)
{
    const char *name = group + strlen(SOURCE_PREFIX);
    g_autofree char *clean = sp_text_clean(name, -1, 60);

    if (!g_strv_contains(built_in_copies, name) && !g_str_has_prefix(name, SEEN_PREFIX)) {
        return TRUE;
    }
    g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                _("%s: [source %s]: '%s' is the name of a copy that samephoto reads itself; give "
                  "the source another name"),
                config->path, clean, clean);
    return FALSE;
}

static const char *
table_group(const char *group)
{
    return g_str_has_prefix(group, SOURCE_PREFIX) ? "source" : group;
}

/* Levenshtein distance, for "did you mean"; names are short. */
static guint
edit_distance(const char *a, const char *b)
{
    gsize length = strlen(b);
    g_autofree guint *row = g_new(guint, length + 1);

    for (gsize j = 0; j <= length; j++) {
        row[j] = (guint) j;
    }
    for (gsize i = 0; a[i] != '\0'; i++) {
        guint diagonal = row[0];

        row[0] = (guint) i + 1;
        for (gsize j = 0; j < length; j++) {
            guint substituted = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = MIN(substituted, MIN(row[j], row[j + 1]) + 1);
        }
    }
    return row[length];
}

/* The known group (`group` NULL) or key of `group` that is spelled most like `word`. */
static const char *
nearest(const char *group, const char *word)
{
    const char *best = known[0].group;
    guint best_distance = G_MAXUINT;

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        const char *candidate = group == NULL ? known[i].group : known[i].key;
        guint distance;

        if (group != NULL && strcmp(known[i].group, group) != 0) {
            continue;
        }
        distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

static const Known *
find_known(const char *group, const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(known[i].group, group) == 0 &&
            (key == NULL || strcmp(known[i].key, key) == 0)) {
            return &known[i];
        }
    }
    return NULL;
}

static gboolean
is_choice(const char *choices, const char *value)
{
    g_auto(GStrv) words = g_strsplit(choices, " ", -1);

    return g_strv_contains((const char *const *) words, value);
}

static gboolean
is_seconds(const char *value)
{
    char *end = NULL;
    double seconds = g_ascii_strtod(value, &end);

    return end != value && *end == '\0' && isfinite(seconds) && seconds > 0 &&
           seconds <= MAX_SECONDS;
}

/* libcurl would take "https:/host" and "host" as well, and others would not. */
static gboolean
is_address(const char *value)
{
    gsize length = g_ascii_strncasecmp(value, "https://", 8) == 0  ? 8
                   : g_ascii_strncasecmp(value, "http://", 7) == 0 ? 7
                                                                   : 0;

    return length > 0 && value[length] != '\0' && value[length] != '/';
}

static gboolean
check_value(const SpConfig *config, const Known *row, const char *group, const char *value,
            GError **error)
{
    const char *expected = NULL;

    /* Nothing behind the "=" is as good as no line at all. */
    if (value == NULL) {
        return TRUE;
    }
    if (row->kind == KIND_CHOICE && !is_choice(row->choices, value)) {
        expected = row->choices;
    } else if (row->kind == KIND_SECONDS && !is_seconds(value)) {
        expected = _("a number of seconds, at most 86400");
    } else if (row->kind == KIND_BOOL && !is_choice("true false", value)) {
        expected = "true false";
    } else if (row->kind == KIND_ADDRESS && !is_address(value)) {
        expected = _("a whole https:// or http:// address");
    }
    if (expected != NULL) {
        g_autofree char *clean = sp_text_clean(value, -1, 60);

        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("%s: [%s] %s=%s is not understood; expected: %s"), config->path, group,
                    row->key, clean, expected);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_group(const SpConfig *config, const char *group, GError **error)
{
    const char *name = table_group(group);
    g_auto(GStrv) keys = g_key_file_get_keys(config->file, group, NULL, NULL);

    if (find_known(name, NULL) == NULL) {
        g_autofree char *clean = sp_text_clean(group, -1, 60);

        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("%s: unknown group [%s]; did you mean [%s]?"), config->path, clean,
                    nearest(NULL, group));
        return FALSE;
    }
    if (g_str_has_prefix(group, SOURCE_PREFIX) && !check_source_name(config, group, error)) {
        return FALSE;
    }
    for (gsize i = 0; keys[i] != NULL; i++) {
        const Known *row = find_known(name, keys[i]);

        if (row == NULL) {
            g_autofree char *clean = sp_text_clean(keys[i], -1, 60);

            g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                        _("%s: unknown key '%s' in [%s]; did you mean '%s'?"), config->path,
                        clean, group, nearest(name, keys[i]));
            return FALSE;
        }
        if (!check_value(config, row, group, sp_config_get(config, group, keys[i]), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_all(const SpConfig *config, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(config->file, NULL);

    for (gsize i = 0; groups[i] != NULL; i++) {
        if (!check_group(config, groups[i], error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Values are trimmed once here, so that getters can lend them. */
static void
trim_values(SpConfig *config)
{
    g_auto(GStrv) groups = g_key_file_get_groups(config->file, NULL);

    for (gsize i = 0; groups[i] != NULL; i++) {
        g_auto(GStrv) keys = g_key_file_get_keys(config->file, groups[i], NULL, NULL);

        for (gsize j = 0; keys[j] != NULL; j++) {
            g_autofree char *value = g_key_file_get_value(config->file, groups[i], keys[j], NULL);

            g_key_file_set_value(config->file, groups[i], keys[j], g_strstrip(value));
        }
    }
}

SpConfig *
sp_config_parse(const char *text, const char *origin, GError **error)
{
    g_autoptr(SpConfig) config = g_atomic_rc_box_new0(SpConfig);
    g_autoptr(GError) local = NULL;

    config->file = g_key_file_new();
    config->path = g_strdup(origin);
    if (*text != '\0' &&
        !g_key_file_load_from_data(config->file, text, (gsize) -1, G_KEY_FILE_NONE, &local)) {
        g_autofree char *clean = sp_text_clean(local->message, -1, 200);

        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s cannot be read as settings: %s"),
                    origin, clean);
        return NULL;
    }
    trim_values(config);
    if (!check_all(config, error)) {
        return NULL;
    }
    return g_steal_pointer(&config);
}

static char *
default_path(void)
{
    return g_build_filename(g_get_user_config_dir(), "samephoto", "samephoto.conf", NULL);
}

/* The file that is named, or NULL. */
static const char *
named_path(const char *path)
{
    const char *named = path != NULL ? path : g_getenv("SAMEPHOTO_CONFIG");

    return named != NULL && *named != '\0' ? named : NULL;
}

char *
sp_config_find_path(const char *path)
{
    const char *named = named_path(path);

    return named != NULL ? g_strdup(named) : default_path();
}

SpConfig *
sp_config_load(const char *path, GError **error)
{
    g_autofree char *file = sp_config_find_path(path);
    g_autofree char *text = NULL;
    g_autoptr(GError) local = NULL;
    gsize length = 0;

    if (!g_file_get_contents(file, &text, &length, &local)) {
        gboolean is_default = named_path(path) == NULL;

        if (is_default && g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
            return sp_config_parse("", file, error);
        }
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("The settings cannot be read: %s"),
                    local->message);
        return NULL;
    }
    if (length > MAX_FILE_BYTES || strlen(text) != length) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("%s is no settings file (too large, or not text)"), file);
        return NULL;
    }
    return sp_config_parse(text, file, error);
}

SpConfig *
sp_config_ref(SpConfig *config)
{
    return g_atomic_rc_box_acquire(config);
}

static void
clear(gpointer data)
{
    SpConfig *config = data;

    g_clear_pointer(&config->file, g_key_file_free);
    g_clear_pointer(&config->path, g_free);
}

void
sp_config_unref(SpConfig *config)
{
    if (config != NULL) {
        g_atomic_rc_box_release_full(config, clear);
    }
}

const char *
sp_config_path(const SpConfig *config)
{
    return config->path;
}

gboolean
sp_config_is_empty(const SpConfig *config)
{
    gsize n_groups = 0;
    g_auto(GStrv) groups = g_key_file_get_groups(config->file, &n_groups);

    return n_groups == 0;
}

const char *
sp_config_get(const SpConfig *config, const char *group, const char *key)
{
    g_autofree char *value = g_key_file_get_value(config->file, group, key, NULL);

    /* Interned, because GKeyFile hands out copies only: settings are few and live as long as we do. */
    return value == NULL || *value == '\0' ? NULL : g_intern_string(value);
}

guint
sp_config_get_ms(const SpConfig *config, const char *group, const char *key, guint fallback_ms)
{
    const char *value = sp_config_get(config, group, key);

    /* 0 would mean "no limit" to libcurl. */
    return value == NULL ? fallback_ms : (guint) MAX(1.0, g_ascii_strtod(value, NULL) * 1000.0);
}

GStrv
sp_config_get_list(const SpConfig *config, const char *group, const char *key)
{
    const char *value = sp_config_get(config, group, key);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) items = NULL;

    if (value == NULL) {
        return NULL;
    }
    items = g_strsplit(value, ";", -1);
    for (gsize i = 0; items[i] != NULL; i++) {
        if (*g_strstrip(items[i]) != '\0') {
            g_strv_builder_add(builder, items[i]);
        }
    }
    return g_strv_builder_end(builder);
}

GStrv
sp_config_list_sources(const SpConfig *config)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) groups = g_key_file_get_groups(config->file, NULL);

    for (gsize i = 0; groups[i] != NULL; i++) {
        if (g_str_has_prefix(groups[i], SOURCE_PREFIX)) {
            g_strv_builder_add(builder, groups[i] + strlen(SOURCE_PREFIX));
        }
    }
    return g_strv_builder_end(builder);
}
