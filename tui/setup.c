/* The answers go into a key file, the client that proves them is made of that, and only at the end
 * the file is written. Keys that are not asked for stay as they were. */
#include "tui/setup.h"

#include <errno.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/secret-file.h"
#include "core/services/doctor.h"
#include "tui/ask.h"
#include "tui/commands/sign-in.h"
#include "tui/terminal.h"
#include "tui/test-card.h"

#define DOMAIN ".onmicrosoft.com"

typedef struct {
    UiProgram *program;
    char *path;
    GKeyFile *file;
} Setup;

/* What an answer may be. */
typedef struct {
    const char *value; /* NULL: none, the key is left out */
    const char *words; /* marked with N_() */
} Choice;

static const Choice clouds[] = {
    {NULL, N_("Microsoft 365 worldwide")},
    {"usgov", N_("US Government GCC High")},
    {"dod", N_("US Government DoD")},
    {"china", N_("China, by 21Vianet")},
};
static const Choice flows[] = {
    {"browser", N_("People sign in with a browser on this machine")},
    {"device", N_("People type a code into a browser on any machine")},
    {"certificate", N_("This machine signs in with a certificate")},
    {"secret", N_("This machine signs in with a secret from a file")},
    {"command", N_("A program of yours gives the tokens")},
};
static const Choice themes[] = {
    {NULL, N_("As the terminal's background asks for")},
    {"dark", N_("Dark")},
    {"light", N_("Light")},
    {"mono", N_("Without colours")},
    {"contrast", N_("High contrast")},
    {"colour-blind", N_("For colour-blind eyes")},
};
static const Choice graphics[] = {
    {NULL, N_("The best that the terminal can show")},
    {"symbols", N_("Characters only, as on a slow connection")},
    {"sixel", N_("Pixels, as sixels (xterm -ti vt340, mlterm, foot, Windows Terminal)")},
    {"kitty", N_("Pixels, in kitty's way (kitty, Ghostty, Konsole)")},
    {"iterm", N_("Pixels, in iTerm2's way (iTerm2, WezTerm)")},
    {"none", N_("No pictures")},
};

static const Choice colours[] = {
    {NULL, N_("As many as the terminal has")},
    {"256", N_("256")},
    {"16", N_("16")},
    {"mono", N_("None: light and dark only")},
    {"ascii", N_("None, and letters in place of symbols")},
};

static gboolean
say_error(const char *message)
{
    g_print(_("Error: %s\n"), message);
    return FALSE;
}

/* ---- asking; FALSE or 0: the input has ended ---- */

static int
ask_yes(const char *question, gboolean is_yes)
{
    g_autofree char *whole = g_strdup_printf("%s [%s]", question, is_yes ? _("Y/n") : _("y/N"));
    g_autofree char *answer = ui_ask(whole);
    g_autofree char *folded = answer == NULL ? NULL : g_utf8_strdown(answer, -1);

    if (folded == NULL) {
        return -1;
    }
    if (*folded == '\0') {
        return is_yes;
    }
    /* TRANSLATORS: the letter that says yes, in small. */
    return g_str_has_prefix(folded, "y") || g_str_has_prefix(folded, C_("answer", "y"));
}

static void
set_value(Setup *setup, const char *group, const char *key, const char *value)
{
    if (value == NULL || *value == '\0') {
        g_key_file_remove_key(setup->file, group, key, NULL);
    } else {
        g_key_file_set_value(setup->file, group, key, value);
    }
}

/* An answer that is none yet: what is wrong with it, or NULL. May put it right. */
typedef char *(*Judge)(char **answer);

static gboolean
ask_text(Setup *setup, const char *group, const char *key, const char *question, Judge judge)
{
    g_autofree char *before = g_key_file_get_value(setup->file, group, key, NULL);
    g_autofree char *whole =
        before == NULL ? g_strdup(question) : g_strdup_printf("%s [%s]", question, before);

    while (TRUE) {
        g_autofree char *answer = ui_ask(whole);
        g_autofree char *wrong = NULL;

        if (answer == NULL) {
            return FALSE;
        }
        if (*answer == '\0' && before != NULL) {
            g_free(answer);
            answer = g_strdup(before);
        }
        wrong = judge(&answer);
        if (wrong == NULL) {
            set_value(setup, group, key, answer);
            return TRUE;
        }
        say_error(wrong);
    }
}

static gboolean
ask_choice(Setup *setup, const char *group, const char *key, const char *question,
           const Choice *choices, guint n)
{
    g_autofree char *before = g_key_file_get_value(setup->file, group, key, NULL);
    g_autofree char *whole = NULL;
    guint64 number = 1;

    g_print("%s\n", question);
    for (guint i = 0; i < n; i++) {
        g_print("  %u. %s\n", i + 1, _(choices[i].words));
        number = g_strcmp0(choices[i].value, before) == 0 ? i + 1 : number;
    }
    whole = g_strdup_printf("%s [%u]", _("Your choice:"), (guint) number);
    while (TRUE) {
        g_autofree char *answer = ui_ask(whole);

        if (answer == NULL) {
            return FALSE;
        }
        if (*answer == '\0' || g_ascii_string_to_unsigned(answer, 10, 1, n, &number, NULL)) {
            set_value(setup, group, key, choices[number - 1].value);
            return TRUE;
        }
        g_print(_("Please answer with a number from 1 to %u.\n"), n);
    }
}

static char *
judge_name(char **answer)
{
    gsize length;

    if (g_str_has_suffix(*answer, DOMAIN)) {
        (*answer)[strlen(*answer) - strlen(DOMAIN)] = '\0';
    }
    length = strspn(*answer, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    if (length == 0 || (*answer)[length] != '\0') {
        return g_strdup(_("the name has letters, digits and hyphens only"));
    }
    return NULL;
}

static char *
judge_id(char **answer)
{
    return g_uuid_string_is_valid(*answer)
               ? NULL
               : g_strdup(_("that is no id: it looks like 00000000-0000-0000-0000-000000000000"));
}

static char *
judge_file(char **answer)
{
    g_autoptr(GError) error = NULL;
    char *secret = sp_secret_file_read(*answer, "file", &error);

    if (secret == NULL) {
        return g_strdup(error->message);
    }
    sp_tokens_wipe(secret);
    return NULL;
}

static char *
judge_command(char **answer)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = NULL;
    g_autofree char *program = NULL;

    if (!g_shell_parse_argv(*answer, NULL, &words, &error)) {
        return g_strdup(error->message);
    }
    program = g_find_program_in_path(words[0]);
    return program != NULL ? NULL : g_strdup_printf(_("there is no program '%s'"), words[0]);
}

/* ---- proving ---- */

static void
store_result(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) source;
    *(GAsyncResult **) user_data = g_object_ref(result);
}

static GPtrArray *
wait_for_rows(GAsyncResult **result, GError **error)
{
    while (*result == NULL) {
        g_main_context_iteration(NULL, TRUE);
    }
    return sp_doctor_run_finish(*result, error);
}

/* A client of the answers so far; NULL after it was told why there is none. */
static SpClient *
make_client(Setup *setup)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_key_file_to_data(setup->file, NULL, NULL);
    g_autoptr(SpConfig) config = sp_config_parse(text, setup->path, &error);
    SpClient *client = config == NULL ? NULL : sp_client_new(config, &error);

    if (client == NULL) {
        say_error(error->message);
    }
    return client;
}

/* Tells what was found; FALSE where something fails. */
static gboolean
tell_rows(GPtrArray *rows, const GError *error)
{
    gboolean is_fine = TRUE;

    if (rows == NULL) {
        return say_error(error->message);
    }
    for (guint i = 0; i < rows->len; i++) {
        const SpDoctorRow *row = g_ptr_array_index(rows, i);

        g_print(_("  %s: %s\n"), row->what, row->sentence);
        is_fine = is_fine && row->state != SP_DOCTOR_FAIL;
    }
    return is_fine;
}

static gboolean
prove_hosts(Setup *setup)
{
    g_autoptr(SpClient) client = make_client(setup);
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;

    if (client == NULL) {
        return FALSE;
    }
    g_print("%s\n", _("Trying to reach the services."));
    sp_doctor_reach_async(client, NULL, store_result, &result);
    rows = wait_for_rows(&result, &error);
    return tell_rows(rows, error);
}

/* The whole examination, tokens and permissions included. */
static gboolean
prove_sign_in(SpClient *client)
{
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;

    g_print("%s\n", _("Trying the sign-in and what it may read."));
    sp_doctor_run_async(client, NULL, store_result, &result);
    rows = wait_for_rows(&result, &error);
    return tell_rows(rows, error);
}

/* ---- the parts ---- */

static gboolean
set_up_tenant(Setup *setup)
{
    while (TRUE) {
        int keep;

        if (!ask_text(setup, "tenant", "name",
                      _("What is the tenant called? (contoso, for contoso.onmicrosoft.com)"),
                      judge_name) ||
            !ask_text(setup, "tenant", "id", _("And its id? (Entra's overview shows it)"),
                      judge_id) ||
            !ask_choice(setup, "tenant", "cloud", _("In which cloud is it?"), clouds,
                        G_N_ELEMENTS(clouds))) {
            return FALSE;
        }
        if (prove_hosts(setup)) {
            return TRUE;
        }
        keep = ask_yes(_("Not everything answers. Keep these answers all the same?"), FALSE);
        if (keep != 0) {
            return keep > 0;
        }
    }
}

static gboolean
ask_sign_in(Setup *setup, char **flow)
{
    static const struct {
        const char *flow;
        const char *key;
        const char *question;
        Judge judge;
    } extras[] = {
        {"certificate", "certificate", N_("Which PEM file has the key and the certificate?"),
         judge_file},
        {"secret", "secret-file", N_("Which file has the secret? (readable by you only)"),
         judge_file},
        {"command", "command", N_("Which command prints a token?"), judge_command},
    };

    if (!ask_choice(setup, "sign-in", "flow", _("How is the sign-in done?"), flows,
                    G_N_ELEMENTS(flows))) {
        return FALSE;
    }
    *flow = g_key_file_get_value(setup->file, "sign-in", "flow", NULL);
    if (!g_str_equal(*flow, "command") &&
        !ask_text(setup, "sign-in", "client-id",
                  _("What is the app registration's application (client) id?"), judge_id)) {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(extras); i++) {
        if (g_str_equal(extras[i].flow, *flow) &&
            !ask_text(setup, "sign-in", extras[i].key, _(extras[i].question), extras[i].judge)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Whether the sign-in works; -1: the input has ended. Signing in as a person may wait. */
static int
try_sign_in(Setup *setup, const char *flow)
{
    gboolean is_person = g_str_equal(flow, "browser") || g_str_equal(flow, "device");
    g_autoptr(SpClient) client = make_client(setup);
    int now;

    if (client == NULL) {
        return FALSE;
    }
    if (is_person) {
        now = ask_yes(_("Sign in now? (later: samephoto sign-in)"), TRUE);
        if (now <= 0) {
            return now < 0 ? -1 : TRUE;
        }
        if (ui_sign_in(setup->program, client, g_str_equal(flow, "device")) != UI_EXIT_OK) {
            return FALSE;
        }
    }
    return prove_sign_in(client);
}

static gboolean
set_up_sign_in(Setup *setup)
{
    while (TRUE) {
        g_autofree char *flow = NULL;
        int works = ask_sign_in(setup, &flow) ? try_sign_in(setup, flow) : -1;
        int keep;

        if (works != 0) {
            return works > 0;
        }
        keep = ask_yes(_("Not all of it works. Keep these answers all the same?"), FALSE);
        if (keep != 0) {
            return keep > 0;
        }
    }
}

/* The screens' options by the answers so far. */
static UiTerminalOptions
screen_options(Setup *setup)
{
    g_autofree char *way = g_key_file_get_value(setup->file, "screen", "graphics", NULL);
    g_autofree char *many = g_key_file_get_value(setup->file, "screen", "colours", NULL);
    UiTerminalOptions options = {0};

    ui_graphics_parse(way, &options.graphics);
    ui_colours_parse(many, &options.colours);
    ui_terminal_options_read(&options, NULL);
    return options;
}

/* Whether the photo looks right when it is drawn as answered: eyes alone can tell. True where there
 * is nothing to see; -1: the input has ended. */
static int
prove_picture(Setup *setup)
{
    const UiTerminalOptions options = screen_options(setup);

    g_print("\n");
    return ui_test_card_photo(&options)
               ? ask_yes(_("Is this the photo of a person, as you would expect it?"), TRUE)
               : TRUE;
}

/* The card shows what the answers can be; the photo is drawn by them until it looks right. */
static gboolean
set_up_screen(Setup *setup)
{
    int is_right;

    ui_test_card_print();
    if (!ask_choice(setup, "screen", "theme", _("Which colours shall the screens have?"), themes,
                    G_N_ELEMENTS(themes))) {
        return FALSE;
    }
    do {
        if (!ask_choice(setup, "screen", "graphics", _("How shall photos be shown?"), graphics,
                        G_N_ELEMENTS(graphics))) {
            return FALSE;
        }
        is_right = prove_picture(setup);
        if (is_right == 0 &&
            !ask_choice(setup, "screen", "colours", _("How many colours shall photos have?"),
                        colours, G_N_ELEMENTS(colours))) {
            return FALSE;
        }
    } while (is_right == 0);
    return is_right > 0;
}

/* ---- the file ---- */

static gboolean
write_file(const char *path, const char *text, GError **error)
{
    return g_file_set_contents_full(
        path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

/* What is there already is gone on with, after a question. FALSE: left. */
static gboolean
open_file(Setup *setup)
{
    g_autofree char *question = NULL;
    g_autoptr(GError) error = NULL;

    if (!g_file_test(setup->path, G_FILE_TEST_EXISTS)) {
        return TRUE;
    }
    if (!g_key_file_load_from_file(setup->file, setup->path, G_KEY_FILE_KEEP_COMMENTS, &error)) {
        return say_error(error->message);
    }
    question = g_strdup_printf(_("%s is there already. Change it?"), setup->path);
    return ask_yes(question, FALSE) > 0;
}

static gboolean
keep_old(Setup *setup, GError **error)
{
    g_autofree char *old = NULL;
    g_autofree char *backup = g_strconcat(setup->path, ".bak", NULL);

    if (!g_file_test(setup->path, G_FILE_TEST_EXISTS)) {
        return TRUE;
    }
    return g_file_get_contents(setup->path, &old, NULL, error) && write_file(backup, old, error);
}

static int
save(Setup *setup)
{
    g_autofree char *text = g_key_file_to_data(setup->file, NULL, NULL);
    g_autofree char *folder = g_path_get_dirname(setup->path);
    g_autofree char *question = g_strdup_printf(_("Write this to %s?"), setup->path);
    g_autoptr(GError) error = NULL;

    g_print("\n%s\n", text);
    if (ask_yes(question, TRUE) <= 0) {
        return UI_EXIT_USAGE;
    }
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_printerr("samephoto setup: %s: %s\n", folder, g_strerror(errno));
        return UI_EXIT_FAULT;
    }
    if (!keep_old(setup, &error) || !write_file(setup->path, text, &error)) {
        g_printerr("samephoto setup: %s\n", error->message);
        return UI_EXIT_FAULT;
    }
    g_print(_("Written. 'samephoto doctor' looks at all of it again.\n"));
    return UI_EXIT_OK;
}

int
ui_setup_run(UiProgram *program)
{
    Setup setup = {
        .program = program, .path = ui_program_get_config_path(program), .file = g_key_file_new()};
    int code = UI_EXIT_USAGE;

    g_print("%s\n", _("A few questions, each answer tried at once. Enter takes what stands in "
                      "brackets; nothing is written before the end."));
    if (open_file(&setup) && set_up_tenant(&setup) && set_up_sign_in(&setup) &&
        set_up_screen(&setup)) {
        code = save(&setup);
    }
    if (code == UI_EXIT_USAGE) {
        g_print("%s\n", _("Nothing was written."));
    }
    g_free(setup.path);
    g_key_file_unref(setup.file);
    return code;
}
