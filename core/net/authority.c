#include "core/net/authority.h"

#include "core/error.h"
#include "core/i18n.h"
#include "core/net/endpoint.h"

char *
sp_authority_url(const SpConfig *config, const char *what)
{
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_LOGIN);
    g_autofree char *tenant = sp_endpoint_tenant(config);

    return g_strdup_printf("%s/%s/oauth2/v2.0/%s", base, tenant, what);
}

const char *
sp_authority_client_id(const SpConfig *config, GError **error)
{
    const char *client_id = sp_config_get(config, "sign-in", "client-id");

    if (client_id == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("%s: client-id= under [sign-in] is missing: the id of the app registration"),
                    sp_config_path(config));
    }
    return client_id;
}

char *
sp_authority_scope(const char *audience, gboolean with_refresh_token)
{
    return g_strconcat(audience, "/.default", with_refresh_token ? " offline_access" : NULL, NULL);
}
