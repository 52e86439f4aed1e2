#ifndef SAMEPHOTO_TUI_COMMANDS_COMMAND_H
#define SAMEPHOTO_TUI_COMMANDS_COMMAND_H

/* The program around every command: the common options, the settings, the practice tenant and the
 * client, each made when first asked for, and the way to the right exit code. A command is one row
 * of the table in commands/command.c and one function that parses, works, prints and returns the
 * exit code.
 *
 *   int ui_command_check(UiProgram *program)
 *   {
 *       g_autofree char *reference = NULL;
 *       const GOptionEntry entries[] = {
 *           {"reference", 'r', 0, G_OPTION_ARG_FILENAME, &reference, N_("..."), N_("FILE")},
 *           {NULL},
 *       };
 *       int code;
 *
 *       if (!ui_program_parse(program, entries, 0, 1, &code)) {
 *           return code;
 *       }
 *       ...
 */

#include <gio/gio.h>
#include <json-c/json.h>

#include "core/config.h"
#include "core/guide/store.h"
#include "core/net/client.h"
#include "core/practice/tenant.h"

/* Design, section 4. */
typedef enum {
    UI_EXIT_OK = 0,         /* fine; all copies show the same photo */
    UI_EXIT_DIFFERENT = 1,  /* they do not */
    UI_EXIT_USAGE = 2,      /* the command line, the settings or a named file */
    UI_EXIT_INCOMPLETE = 3, /* some service could not be read */
    UI_EXIT_SIGN_IN = 4,    /* not signed in, or refused */
    UI_EXIT_NETWORK = 5,
    UI_EXIT_FAULT = 70, /* of the program or of this machine */
} UiExit;

typedef struct UiProgram UiProgram;

/* One row of the table. A plain value. */
typedef struct {
    const char *name;
    const char *usage;   /* its arguments, marked with N_(); "" where it takes none */
    const char *summary; /* one line, marked with N_() */
    int (*run)(UiProgram *program);
} UiCommand;

/* Every command, ended by a row whose name is NULL; the first is what runs where none is named. */
const UiCommand *ui_commands(void);

const UiCommand *ui_command_find(const char *name); /* or NULL */

/* Its arguments in the language of messages: for "" gettext would give the catalogue's header. */
const char *ui_command_usage(const UiCommand *command);

/* One function for each row, in the file of its name. */
int ui_command_audit(UiProgram *program);
int ui_command_check(UiProgram *program);
int ui_command_compare(UiProgram *program);
int ui_command_doctor(UiProgram *program);
int ui_command_help(UiProgram *program);
int ui_command_open(UiProgram *program);
int ui_command_playbook(UiProgram *program);
int ui_command_practice(UiProgram *program);
int ui_command_session(UiProgram *program);
int ui_command_setup(UiProgram *program);
int ui_command_sign_in(UiProgram *program);
int ui_command_sign_out(UiProgram *program);
int ui_command_tenant(UiProgram *program);
int ui_command_watch(UiProgram *program);
int ui_command_whoami(UiProgram *program);

/* Runs the command that `argv` names; the exit code. `argv[0]` is the program's name. */
int ui_program_main(int argc, char **argv);

/* Reads the command line: `entries` (ended by {NULL}; or NULL) and the common options; between
 * `min` and `max` arguments must be left. FALSE: the command returns `*exit_code` at once (help was
 * shown, or a usage error was told). */
gboolean ui_program_parse(UiProgram *program, const GOptionEntry *entries, guint min, guint max,
                          int *exit_code);

/* What is left after the options: argument `index`, or NULL beyond the last. Borrowed. */
const char *ui_program_arg(const UiProgram *program, guint index);
guint ui_program_count_args(const UiProgram *program);

/* The common options. */
gboolean ui_program_is_json(const UiProgram *program);
gboolean ui_program_is_verbose(const UiProgram *program);
gboolean ui_program_is_plain(const UiProgram *program);
gboolean ui_program_is_practice(const UiProgram *program);
const char *ui_program_get_scenario(const UiProgram *program); /* or NULL */
const char *const *ui_program_get_latencies(const UiProgram *program);
const char *const *ui_program_get_faults(const UiProgram *program);

/* "en", "fr": the language that messages are in. Borrowed. */
const char *ui_program_get_language(const UiProgram *program);

/* Makes this run one on the practice tenant, as --practice does; NULL: no story in particular. */
void ui_program_set_practice(UiProgram *program, const char *scenario);

/* The settings: those of the practice tenant where it is asked for (it is started then), else the
 * file's. Borrowed; NULL with an error. */
SpConfig *ui_program_get_config(UiProgram *program, GError **error);

/* The settings of who sits here ([screen], [sessions]): those above, but in practice, where those
 * are the practice tenant's, the person's own file. NULL where that cannot be read. Borrowed. */
SpConfig *ui_program_get_preferences(UiProgram *program);

/* The file that the settings come from, or would be written to. Transfer full. */
char *ui_program_get_config_path(const UiProgram *program);

/* The settings have changed: what was made of the old ones is put away, the next call reads them
 * anew. Nothing may hold the client any more. */
void ui_program_reload(UiProgram *program);

/* The client over those settings, signed in already on the practice tenant. Borrowed; NULL with an
 * error. */
SpClient *ui_program_get_client(UiProgram *program, GError **error);

/* The database, for the agent whom the settings name, without what they say is not kept any longer.
 * Settings that cannot be read are no reason to keep anybody from a case. Transfer full. */
SpStore *ui_program_open_store(UiProgram *program, GError **error);

/* The practice tenant, or NULL where this run is none on it. Borrowed. */
SpTenant *ui_program_get_tenant(UiProgram *program);

/* Whom argument `index` means: the argument, else the person of the practice story. NULL where
 * neither is there: a usage error was told, and the command returns UI_EXIT_USAGE. Borrowed. */
const char *ui_program_get_user(UiProgram *program, guint index);

/* The picture file to hold the copies of `user` against: the one given, else the one that the
 * person of the practised story sent in, else NULL. Borrowed; ask after the client or settings. */
const char *ui_program_get_reference(UiProgram *program, const char *given, const char *user);

/* Pictures of what `user` sees (SpCopy, numbered from `first`) from files; for NULL the one that
 * the person of the practised story sent in, or none. NULL: one could not be read, which was told,
 * and the command returns UI_EXIT_USAGE. Ask after the client or settings. Transfer full. */
GPtrArray *ui_program_load_seen(UiProgram *program, const char *const *files, const char *user,
                                guint first);

/* Whether output to `fd` may be coloured: a terminal, and neither NO_COLOR nor TERM=dumb. */
gboolean ui_program_is_colour(int fd);

/* Tells a usage error ("samephoto check: …" and where help is) on stderr; UI_EXIT_USAGE. */
int ui_program_usage_error(UiProgram *program, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Tells an error on stderr in one line; the exit code that it stands for. */
int ui_program_fail(UiProgram *program, const GError *error);

/* The exit code that an error stands for. */
int ui_exit_of(const GError *error);

/* Prints a JSON document to stdout, as UTF-8 whatever the locale, and frees it (transfer full);
 * UI_EXIT_OK, or UI_EXIT_FAULT where stdout refused it. */
int ui_print_json(struct json_object *json);

#endif
