/* The program: locale and language, then the command that the arguments name. */
#include <locale.h>
#include <signal.h>
#include <string.h>

#include <curl/curl.h>
#include <glib.h>
#include <openssl/crypto.h>

#include "core/i18n.h"
#include "tui/commands/command.h"
#include "tui/output.h"

/* What --lang says, found before anything can be told in the wrong language. */
static const char *
find_language(char **argv)
{
    for (int i = 1; argv[i] != NULL && !g_str_equal(argv[i], "--"); i++) {
        if (g_str_has_prefix(argv[i], "--lang=")) {
            return argv[i] + strlen("--lang=");
        }
        if (g_str_equal(argv[i], "--lang")) {
            return argv[i + 1];
        }
    }
    return NULL;
}

/* The locale that the environment names, whether or not this machine has it. */
static const char *
wanted_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);

        if (value != NULL && *value != '\0') {
            return value;
        }
    }
    return "C";
}

/* A locale that was never generated on this machine (a bare container) still says the language and
 * that the terminal speaks UTF-8; C.UTF-8 always exists. */
static void
set_locale(const char *language)
{
    const char *wanted = wanted_locale();
    const char *messages;

    if (setlocale(LC_ALL, "") == NULL) {
        g_autofree char *upper = g_ascii_strup(wanted, -1);
        gboolean is_utf8 = strstr(upper, "UTF-8") != NULL || strstr(upper, "UTF8") != NULL;

        setlocale(LC_ALL, is_utf8 ? "C.UTF-8" : "C");
        if (language == NULL && g_getenv("LANGUAGE") == NULL) {
            g_setenv("LANGUAGE", wanted, TRUE);
        }
    }
    if (language != NULL) {
        g_setenv("LANGUAGE", language, TRUE);
    }
    /* gettext never translates in the locale "C", whatever LANGUAGE says. */
    messages = setlocale(LC_MESSAGES, NULL);
    if (language != NULL && (g_str_equal(messages, "C") || g_str_equal(messages, "POSIX"))) {
        setlocale(LC_MESSAGES, "C.UTF-8");
    }
    /* Numbers are read and written the same everywhere. */
    setlocale(LC_NUMERIC, "C");
}

/* The catalogues lie in ../share/locale beside the program, installed as in the build tree. */
static void
bind_catalogues(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *bin =
        program == NULL ? g_strdup(SAMEPHOTO_BIN_DIR) : g_path_get_dirname(program);
    g_autofree char *locale = g_build_filename(bin, "..", "share", "locale", NULL);

    bindtextdomain(GETTEXT_PACKAGE, locale);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
}

int
main(int argc, char **argv)
{
    int exit_code;

    set_locale(find_language(argv));
    bind_catalogues();
    ui_output_begin();
    /* A reader that went away is an error of write(2), not our end. */
    signal(SIGPIPE, SIG_IGN);
    /* Who leaves at once leaves workers behind that may still hash a photo: the library must not be
     * torn down under them. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    exit_code = ui_program_main(argc, argv);
    curl_global_cleanup();
    return ui_output_end(exit_code);
}
