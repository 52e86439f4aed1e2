/* One table: a row per endpoint, a column per cloud. "%s" is the tenant's name. */

#include "core/net/endpoint.h"

#include <string.h>

typedef enum { CLOUD_GLOBAL, CLOUD_USGOV, CLOUD_DOD, CLOUD_CHINA, N_CLOUDS } Cloud;

static const char *const cloud_names[N_CLOUDS] = {"global", "usgov", "dod", "china"};

static const char *const initial_domains[N_CLOUDS] = {
    "%s.onmicrosoft.com", "%s.onmicrosoft.us", "%s.onmicrosoft.us", "%s.partner.onmschina.cn"};

typedef struct {
    const char *key; /* in [endpoints] */
    const char *base[N_CLOUDS];
    const char *audience[N_CLOUDS]; /* NULL where the base is the audience */
    gboolean has_audience;
} Row;

static const Row rows[SP_N_ENDPOINTS] = {
    [SP_ENDPOINT_LOGIN] = {"login",
                           {"https://login.microsoftonline.com", "https://login.microsoftonline.us",
                            "https://login.microsoftonline.us",
                            "https://login.partner.microsoftonline.cn"},
                           {NULL},
                           FALSE},
    [SP_ENDPOINT_GRAPH] = {"graph",
                           {"https://graph.microsoft.com", "https://graph.microsoft.us",
                            "https://dod-graph.microsoft.us",
                            "https://microsoftgraph.chinacloudapi.cn"},
                           {NULL},
                           TRUE},
    [SP_ENDPOINT_SHAREPOINT] = {"sharepoint",
                                {"https://%s.sharepoint.com", "https://%s.sharepoint.us",
                                 "https://%s.sharepoint-mil.us", "https://%s.sharepoint.cn"},
                                {NULL},
                                TRUE},
    [SP_ENDPOINT_MY] = {"my",
                        {"https://%s-my.sharepoint.com", "https://%s-my.sharepoint.us",
                         "https://%s-my.sharepoint-mil.us", "https://%s-my.sharepoint.cn"},
                        {NULL},
                        TRUE},
    [SP_ENDPOINT_EXCHANGE] = {"exchange",
                              {"https://outlook.office365.com", "https://outlook.office365.us",
                               "https://outlook-dod.office365.us", "https://partner.outlook.cn"},
                              {NULL},
                              TRUE},
    /* Viva Engage is a service of the worldwide cloud only. */
    [SP_ENDPOINT_VIVA_ENGAGE] = {"viva-engage",
                                 {"https://www.yammer.com"},
                                 {"https://api.yammer.com"},
                                 TRUE},
    [SP_ENDPOINT_DIRECTORY] = {"directory", {NULL}, {NULL}, FALSE},
};

static Cloud
cloud_of(const SpConfig *config)
{
    const char *name = sp_config_get(config, "tenant", "cloud");

    for (Cloud cloud = 0; name != NULL && cloud < N_CLOUDS; cloud++) {
        if (strcmp(cloud_names[cloud], name) == 0) {
            return cloud;
        }
    }
    return CLOUD_GLOBAL;
}

/* The tenant's label: "norvane", also where somebody wrote "norvane.onmicrosoft.com". Anything that
 * is no host label would let the settings' name lead to another host, and counts as unset. */
static char *
tenant_label(const SpConfig *config)
{
    const char *name = sp_config_get(config, "tenant", "name");
    gsize length = name == NULL ? 0 : strcspn(name, ".");

    if (length == 0) {
        return NULL;
    }
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(name[i]) && name[i] != '-') {
            return NULL;
        }
    }
    return g_ascii_strdown(name, (gssize) length);
}

static char *
fill(const SpConfig *config, const char *pattern)
{
    const char *mark = pattern == NULL ? NULL : strstr(pattern, "%s");
    g_autofree char *label = NULL;

    if (mark == NULL) {
        return g_strdup(pattern);
    }
    label = tenant_label(config);
    if (label == NULL) {
        return NULL;
    }
    return g_strdup_printf("%.*s%s%s", (int) (mark - pattern), pattern, label, mark + 2);
}

static char *
without_slash(const char *address)
{
    gsize length = strlen(address);

    while (length > 0 && address[length - 1] == '/') {
        length--;
    }
    return g_strndup(address, length);
}

static gboolean
is_on_premises(const SpConfig *config, SpEndpoint endpoint)
{
    const char *kind = sp_config_get(config, "exchange", "kind");

    return endpoint == SP_ENDPOINT_EXCHANGE && g_strcmp0(kind, "on-premises") == 0;
}

char *
sp_endpoint_base(const SpConfig *config, SpEndpoint endpoint)
{
    const char *own = sp_config_get(config, "endpoints", rows[endpoint].key);

    if (own != NULL) {
        return without_slash(own);
    }
    if (is_on_premises(config, endpoint)) {
        return NULL;
    }
    return fill(config, rows[endpoint].base[cloud_of(config)]);
}

char *
sp_endpoint_tenant(const SpConfig *config)
{
    const char *id = sp_config_get(config, "tenant", "id");
    g_autofree char *domain = NULL;

    if (id != NULL) {
        return g_uri_escape_string(id, NULL, FALSE);
    }
    domain = fill(config, initial_domains[cloud_of(config)]);
    return domain != NULL ? g_steal_pointer(&domain) : g_strdup("organizations");
}

/* Exchange in the own data centre takes tokens only where modern authentication is set up, and then
 * for its own address. */
static char *
on_premises_audience(const SpConfig *config)
{
    const char *auth = sp_config_get(config, "exchange", "auth");
    g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_EXCHANGE);
    g_autoptr(GUri) uri = NULL;

    if (base == NULL || g_strcmp0(auth, "bearer") != 0) {
        return NULL;
    }
    uri = g_uri_parse(base, G_URI_FLAGS_NONE, NULL);
    return uri == NULL ? NULL
                       : g_uri_join(G_URI_FLAGS_NONE, g_uri_get_scheme(uri), NULL,
                                    g_uri_get_host(uri), g_uri_get_port(uri), "", NULL, NULL);
}

char *
sp_endpoint_audience(const SpConfig *config, SpEndpoint endpoint)
{
    const Row *row = &rows[endpoint];
    Cloud cloud = cloud_of(config);

    if (!row->has_audience) {
        return NULL;
    }
    if (is_on_premises(config, endpoint)) {
        return on_premises_audience(config);
    }
    return fill(config, row->audience[cloud] != NULL ? row->audience[cloud] : row->base[cloud]);
}
