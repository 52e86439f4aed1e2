/* sign-in, sign-out and whoami. */

#include "tui/commands/sign-in.h"

#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/endpoint.h"
#include "core/net/sign-in.h"
#include "core/net/token-claims.h"
#include "core/text.h"
#include "tui/commands/large.h"

#define MAX_NAME_CHARACTERS 100

static void
store_result(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) source;
    *(GAsyncResult **) user_data = g_object_ref(result);
}

static GAsyncResult *
wait_for(GAsyncResult **result)
{
    while (*result == NULL) {
        g_main_context_iteration(NULL, TRUE);
    }
    return *result;
}

/* Only where there is a desktop: elsewhere xdg-open would start a browser in this terminal. */
static gboolean
open_browser(const char *address)
{
    g_autofree char *opener = g_find_program_in_path("xdg-open");
    gboolean has_desktop = g_getenv("DISPLAY") != NULL || g_getenv("WAYLAND_DISPLAY") != NULL;
    g_autoptr(GSubprocess) process = NULL;

    if (opener == NULL || !has_desktop) {
        return FALSE;
    }
    process =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                         NULL, opener, address, NULL);
    return process != NULL;
}

/* The code that is waited for. */
typedef struct {
    gint64 ends_us;
    guint clock; /* counts down on a terminal; 0: none */
} Waiting;

static gboolean
on_second(gpointer user_data)
{
    const Waiting *waiting = user_data;
    int seconds = (int) (MAX(waiting->ends_us - g_get_monotonic_time(), 0) / G_USEC_PER_SEC);

    g_printerr("\r\033[K");
    g_printerr(_("Waiting for the code to be used: %d:%02d left"), seconds / 60, seconds % 60);
    return G_SOURCE_CONTINUE;
}

static void
stop_clock(Waiting *waiting)
{
    if (waiting->clock != 0) {
        g_source_remove(waiting->clock);
        waiting->clock = 0;
        g_printerr("\r\033[K");
    }
}

/* Large as well, where there is room: it is read across a desk, or over the phone. */
static void
show_large(const char *code)
{
    g_autofree char *large = isatty(STDERR_FILENO) ? ui_large_text(code, 78) : NULL;

    if (large != NULL) {
        g_printerr("\n%s\n", large);
    }
}

static void
tell(const SpSignInEvent *event, gpointer user_data)
{
    Waiting *waiting = user_data;

    if (event->kind == SP_SIGN_IN_OPEN) {
        gboolean is_open = open_browser(event->address);

        g_printerr("%s\n\n    %s\n\n",
                   is_open ? _("A browser opens for the sign-in. If it does not, open this address "
                               "on this machine:")
                           : _("Open this address in a browser on this machine:"),
                   event->address);
    } else if (event->kind == SP_SIGN_IN_CODE) {
        g_printerr(_("Open this address in any browser:\n\n    %s\n\nand type this code:\n\n    "
                     "%s\n\nIt is valid for %d minutes. Type only a code that you asked for "
                     "yourself.\n"),
                   event->address, event->code, (int) (event->seconds_left + 59) / 60);
        show_large(event->code);
        waiting->ends_us = g_get_monotonic_time() + event->seconds_left * G_USEC_PER_SEC;
        if (isatty(STDERR_FILENO) && waiting->clock == 0) {
            waiting->clock = g_timeout_add_seconds(1, on_second, waiting);
        }
    }
}

int
ui_sign_in(UiProgram *program, SpClient *client, gboolean is_device)
{
    SpSignInOptions options = {.is_device = is_device,
                               .language = ui_program_get_language(program)};
    Waiting waiting = {0};
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;

    sp_sign_in_async(client, &options, tell, &waiting, NULL, store_result, &result);
    wait_for(&result);
    stop_clock(&waiting);
    if (!sp_sign_in_finish(result, &error)) {
        return ui_program_fail(program, error);
    }
    g_printerr("%s\n", _("You are signed in. 'samephoto sign-out' forgets it."));
    return UI_EXIT_OK;
}

int
ui_command_sign_in(UiProgram *program)
{
    gboolean is_device = FALSE;
    const GOptionEntry entries[] = {
        {"device", 0, 0, G_OPTION_ARG_NONE, &is_device,
         N_("Show a code to type in a browser on any machine"), NULL},
        {NULL},
    };
    g_autoptr(GError) error = NULL;
    SpClient *client;
    int code;

    if (!ui_program_parse(program, entries, 0, 0, &code)) {
        return code;
    }
    if (ui_program_is_practice(program)) {
        return ui_program_usage_error(program, _("the practice tenant needs no sign-in"));
    }
    client = ui_program_get_client(program, &error);
    if (client == NULL) {
        return ui_program_fail(program, error);
    }
    return ui_sign_in(program, client, is_device);
}

int
ui_command_sign_out(UiProgram *program)
{
    g_autoptr(GAsyncResult) result = NULL;
    g_autoptr(GError) error = NULL;
    SpClient *client;
    SpTokens *tokens;
    int code;

    if (!ui_program_parse(program, NULL, 0, 0, &code)) {
        return code;
    }
    client = ui_program_get_client(program, &error);
    if (client == NULL) {
        return ui_program_fail(program, error);
    }
    tokens = sp_client_get_tokens(client);
    sp_tokens_forget_async(tokens, store_result, &result);
    if (!sp_tokens_forget_finish(tokens, wait_for(&result), &error)) {
        return ui_program_fail(program, error);
    }
    g_printerr("%s\n", _("You are signed out: nothing of the sign-in is kept on this machine. The "
                         "browser may still be signed in."));
    return UI_EXIT_OK;
}

/* The Graph token's claims; NULL without an error where it is opaque. */
static SpJson *
read_claims(SpClient *client, GError **error)
{
    g_autofree char *audience =
        sp_endpoint_audience(sp_client_get_config(client), SP_ENDPOINT_GRAPH);
    g_autoptr(GAsyncResult) result = NULL;
    SpTokens *tokens = sp_client_get_tokens(client);
    SpJson *claims = NULL;
    char *token;

    sp_tokens_get_async(tokens, audience, NULL, store_result, &result);
    token = sp_tokens_get_finish(tokens, wait_for(&result), error);
    if (token != NULL) {
        claims = sp_token_claims_read(token);
        sp_tokens_wipe(token);
    }
    return claims;
}

/* What of the claims is shown: never the token, nor anything that could be used in its place. */
typedef struct {
    const char *member;
    const char *claims[3];
    const char *title;
} Line;

static const Line lines[] = {
    {"name", {"name"}, N_("Name")},
    {"user", {"upn", "unique_name", "preferred_username"}, N_("Account")},
    {"app", {"app_displayname", "appid", "azp"}, N_("App")},
    {"tenant", {"tid"}, N_("Tenant")},
};

static char *
first_claim(SpJson *claims, const Line *line)
{
    for (gsize i = 0; i < G_N_ELEMENTS(line->claims) && line->claims[i] != NULL; i++) {
        const char *value = sp_json_string(claims, line->claims[i]);

        if (value != NULL) {
            return sp_text_clean(value, -1, MAX_NAME_CHARACTERS);
        }
    }
    return NULL;
}

static int
print_json(SpJson *claims)
{
    SpJson *json = json_object_new_object();
    SpJson *list = json_object_new_array();
    g_auto(GStrv) permissions = sp_token_claims_permissions(claims);

    sp_json_add_string(json, "schema", "samephoto.whoami/1");
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *value = first_claim(claims, &lines[i]);

        sp_json_add_string(json, lines[i].member, value);
    }
    for (gsize i = 0; permissions[i] != NULL; i++) {
        json_object_array_add(list, json_object_new_string(permissions[i]));
    }
    json_object_object_add(json, "permissions", list);
    return ui_print_json(json);
}

static int
print_text(SpJson *claims)
{
    g_auto(GStrv) permissions = sp_token_claims_permissions(claims);
    g_autofree char *list = g_strjoinv(" ", permissions);

    if (claims == NULL) {
        g_print("%s\n", _("Signed in; the sign-in service does not say as whom."));
        return UI_EXIT_OK;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *value = first_claim(claims, &lines[i]);

        if (value != NULL) {
            g_print(_("%s: %s\n"), _(lines[i].title), value);
        }
    }
    g_print(_("%s: %s\n"), _("Permissions"), *list != '\0' ? list : _("none"));
    return UI_EXIT_OK;
}

int
ui_command_whoami(UiProgram *program)
{
    g_autoptr(SpJson) claims = NULL;
    g_autoptr(GError) error = NULL;
    SpClient *client;
    int code;

    if (!ui_program_parse(program, NULL, 0, 0, &code)) {
        return code;
    }
    client = ui_program_get_client(program, &error);
    if (client == NULL) {
        return ui_program_fail(program, error);
    }
    claims = read_claims(client, &error);
    if (error != NULL) {
        return ui_program_fail(program, error);
    }
    return ui_program_is_json(program) ? print_json(claims) : print_text(claims);
}
