#include "core/net/grant.h"

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/assertion.h"
#include "core/net/authority.h"
#include "core/net/secret-file.h"
#include "core/net/tokens.h"

#define CERTIFICATE_ASSERTION "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

void
sp_grant_set_missing(const SpConfig *config, const char *key, GError **error)
{
    g_set_error(error, SP_ERROR, SP_ERROR_CONFIG, _("%s: %s= under [sign-in] is missing"),
                sp_config_path(config), key);
}

/* What every form has; NULL with an error where the app is not named. */
static SpForm *
new_form(const SpConfig *config, const char *grant, const char *audience, gboolean is_lasting,
         GError **error)
{
    const char *client_id = sp_authority_client_id(config, error);
    g_autofree char *scope = sp_authority_scope(audience, is_lasting);
    SpForm *form;

    if (client_id == NULL) {
        return NULL;
    }
    form = sp_form_new();
    sp_form_add(form, "client_id", client_id);
    sp_form_add(form, "scope", scope);
    sp_form_add(form, "grant_type", grant);
    return form;
}

SpForm *
sp_grant_refresh(const SpConfig *config, const char *audience, const char *refresh_token,
                 GError **error)
{
    SpForm *form;

    if (refresh_token == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_AUTH, _("Not signed in; run: samephoto sign-in"));
        return NULL;
    }
    form = new_form(config, "refresh_token", audience, TRUE, error);
    if (form != NULL) {
        sp_form_add(form, "refresh_token", refresh_token);
    }
    return form;
}

/* The contents of the file that `key` of [sign-in] names. */
static char *
read_named_file(const SpConfig *config, const char *key, GError **error)
{
    const char *file = sp_config_get(config, "sign-in", key);

    if (file == NULL) {
        sp_grant_set_missing(config, key, error);
        return NULL;
    }
    return sp_secret_file_read(file, key, error);
}

SpForm *
sp_grant_secret(const SpConfig *config, const char *audience, GError **error)
{
    char *secret = read_named_file(config, "secret-file", error);
    SpForm *form;

    if (secret == NULL) {
        return NULL;
    }
    form = new_form(config, "client_credentials", audience, FALSE, error);
    if (form != NULL) {
        sp_form_add(form, "client_secret", secret);
    }
    sp_tokens_wipe(secret);
    return form;
}

static char *
new_assertion(const SpConfig *config, GError **error)
{
    const char *client_id = sp_authority_client_id(config, error);
    const char *file = sp_config_get(config, "sign-in", "certificate");
    g_autofree char *url = sp_authority_url(config, "token");
    char *pem = client_id == NULL ? NULL : read_named_file(config, "certificate", error);
    char *assertion;

    if (pem == NULL) {
        return NULL;
    }
    assertion =
        sp_assertion_new(pem, file, client_id, url, g_get_real_time() / G_USEC_PER_SEC, error);
    sp_tokens_wipe(pem);
    return assertion;
}

SpForm *
sp_grant_certificate(const SpConfig *config, const char *audience, GError **error)
{
    char *assertion = new_assertion(config, error);
    SpForm *form;

    if (assertion == NULL) {
        return NULL;
    }
    form = new_form(config, "client_credentials", audience, FALSE, error);
    if (form != NULL) {
        sp_form_add(form, "client_assertion_type", CERTIFICATE_ASSERTION);
        sp_form_add(form, "client_assertion", assertion);
    }
    sp_tokens_wipe(assertion);
    return form;
}
