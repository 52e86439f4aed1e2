/* Device authorization (RFC 8628, reference 8.1): hands out codes, and answers those who poll. */

#include "core/practice/login-private.h"

#define DEVICE_LIFE 900
/* Seconds between two polls of the device flow; half of it is too often. */
#define DEVICE_INTERVAL 1

void
sp_login_device_free(SpLoginDevice *device)
{
    g_free(device->scope);
    g_free(device);
}

/* The way a device sign-in ended, once nothing is pending. */
static void
end_device(SpCall *call, const SpLoginDevice *device)
{
    switch (device->outcome) {
    case SP_LOGIN_DECLINED:
        sp_login_reply_error(call, 400, "authorization_declined", 70018,
                             "The end user denied the authorization request.");
        break;
    case SP_LOGIN_EXPIRED:
        sp_login_reply_error(call, 400, "expired_token", 70020,
                             "The provided value for the input parameter "
                             "'device_code' has expired.");
        break;
    case SP_LOGIN_BLOCKED:
        sp_login_reply_error(
            call, 400, "invalid_grant", 53003,
            "Access has been blocked by Conditional Access policies. The access policy "
            "does not allow token issuance.");
        break;
    case SP_LOGIN_NO_CONSENT:
        sp_login_reply_error(
            call, 400, "invalid_grant", 65001,
            "The user or administrator has not consented to use the application with ID "
            "'" SP_PRACTICE_CLIENT_ID "' named 'samephoto'.");
        break;
    default: sp_login_reply_tokens(call, SP_TOKEN_DELEGATED, device->scope, FALSE);
    }
}

void
sp_login_grant_device(SpCall *call, GHashTable *form)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *code = g_hash_table_lookup(form, "device_code");
    SpLoginDevice *device = code != NULL ? g_hash_table_lookup(login->devices, code) : NULL;
    gint64 now = g_get_monotonic_time();
    gboolean is_hasty = FALSE;

    if (device == NULL) {
        sp_login_reply_error(
            call, 400, "bad_verification_code", 70018,
            "Invalid verification code due to User typing in wrong user code for device "
            "code flow.");
        return;
    }
    is_hasty = device->polled > 0 && now - device->polled < DEVICE_INTERVAL * G_USEC_PER_SEC / 2;
    device->polled = now;
    if (device->expires < sp_world_now(call->world)) {
        device->outcome = SP_LOGIN_EXPIRED;
        device->n_pending = 0;
    }
    if (is_hasty || (device->outcome == SP_LOGIN_SLOW_DOWN && device->n_pending == 0)) {
        device->outcome =
            device->outcome == SP_LOGIN_SLOW_DOWN ? SP_LOGIN_SUCCESS : device->outcome;
        sp_login_reply_error(call, 400, "slow_down", 70016, "The client polls too often.");
    } else if (device->n_pending > 0) {
        device->n_pending--;
        sp_login_reply_error(
            call, 400, "authorization_pending", 70016,
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
    } else {
        end_device(call, device);
        g_hash_table_remove(login->devices, code);
    }
}

/* Nine characters that are not mistaken for one another. */
static char *
make_user_code(void)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    char code[10] = {0};

    for (guint i = 0; i < sizeof code - 1; i++) {
        code[i] = letters[g_random_int_range(0, sizeof letters - 1)];
    }
    return g_strdup(code);
}

void
sp_login_answer_device_code(SpCall *call, GHashTable *form)
{
    SpLogin *login = sp_world_get_login(call->world);
    const char *scope = g_hash_table_lookup(form, "scope");
    g_autofree char *user_code = make_user_code();
    g_autofree char *random = sp_login_random_text(48);
    g_autofree char *device_code = g_strconcat("HAQABAAEAAAD", random, NULL);
    const char *language = sp_call_query(call, "mkt");
    gboolean is_french = language != NULL && g_str_has_prefix(language, "fr");
    g_autofree char *message = g_strdup_printf(
        is_french ? "Pour vous connecter, ouvrez la page https://microsoft.com/devicelogin dans un "
                    "navigateur et entrez le code %s."
                  : "To sign in, use a web browser to open the page "
                    "https://microsoft.com/devicelogin and enter the code %s to authenticate.",
        user_code);
    SpLoginDevice *device = g_new0(SpLoginDevice, 1);
    SpJson *json = NULL;

    if (!sp_login_check_scope(call, scope)) {
        g_free(device);
        return;
    }
    device->scope = g_strdup(scope);
    device->n_pending = login->n_pending;
    device->outcome = login->outcome;
    device->expires = sp_world_now(call->world) + DEVICE_LIFE;
    g_hash_table_insert(login->devices, g_strdup(device_code), device);
    json = sp_json_strings("user_code", user_code, "device_code", device_code, "verification_uri",
                           "https://microsoft.com/devicelogin", "message", message, NULL);
    json_object_object_add(json, "expires_in", json_object_new_int(DEVICE_LIFE));
    json_object_object_add(json, "interval", json_object_new_int(DEVICE_INTERVAL));
    sp_call_reply_json(call, 200, "application/json; charset=utf-8", json);
}
