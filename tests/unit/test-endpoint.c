#include "core/net/endpoint.h"

static SpConfig *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    SpConfig *config = sp_config_parse(text, "test", &error);

    g_assert_no_error(error);
    return config;
}

typedef struct {
    const char *cloud;
    const char *base[SP_N_ENDPOINTS];
} Cloud;

static void
every_cloud_has_its_hosts(void)
{
    static const Cloud rows[] = {
        {"global",
         {"https://login.microsoftonline.com", "https://graph.microsoft.com",
          "https://norvane.sharepoint.com", "https://norvane-my.sharepoint.com",
          "https://outlook.office365.com", "https://www.yammer.com", NULL}},
        {"usgov",
         {"https://login.microsoftonline.us", "https://graph.microsoft.us",
          "https://norvane.sharepoint.us", "https://norvane-my.sharepoint.us",
          "https://outlook.office365.us", NULL, NULL}},
        {"dod",
         {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us",
          "https://norvane.sharepoint-mil.us", "https://norvane-my.sharepoint-mil.us",
          "https://outlook-dod.office365.us", NULL, NULL}},
        {"china",
         {"https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn",
          "https://norvane.sharepoint.cn", "https://norvane-my.sharepoint.cn",
          "https://partner.outlook.cn", NULL, NULL}},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text =
            g_strdup_printf("[tenant]\nname=norvane\ncloud=%s\n", rows[i].cloud);
        g_autoptr(SpConfig) config = parse(text);

        for (SpEndpoint endpoint = 0; endpoint < SP_N_ENDPOINTS; endpoint++) {
            g_autofree char *base = sp_endpoint_base(config, endpoint);

            g_assert_cmpstr(base, ==, rows[i].base[endpoint]);
        }
    }
}

static void
an_override_moves_the_requests_and_not_the_audience(void)
{
    g_autoptr(SpConfig) config = parse("[tenant]\nname=Norvane.onmicrosoft.com\n"
                                       "[endpoints]\nmy=http://127.0.0.1:8080/my/\n"
                                       "viva-engage=http://127.0.0.1:8080/engage\n");
    g_autofree char *my = sp_endpoint_base(config, SP_ENDPOINT_MY);
    g_autofree char *my_audience = sp_endpoint_audience(config, SP_ENDPOINT_MY);
    g_autofree char *engage_audience = sp_endpoint_audience(config, SP_ENDPOINT_VIVA_ENGAGE);
    g_autofree char *login_audience = sp_endpoint_audience(config, SP_ENDPOINT_LOGIN);

    g_assert_cmpstr(my, ==, "http://127.0.0.1:8080/my");
    g_assert_cmpstr(my_audience, ==, "https://norvane-my.sharepoint.com");
    g_assert_cmpstr(engage_audience, ==, "https://api.yammer.com");
    g_assert_null(login_audience);
}

static void
without_a_usable_tenant_name_there_is_no_sharepoint(void)
{
    static const char *const rows[] = {"", "[tenant]\nname=evil/../host\n", "[tenant]\nname=a@b\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SpConfig) config = parse(rows[i]);
        g_autofree char *base = sp_endpoint_base(config, SP_ENDPOINT_SHAREPOINT);
        g_autofree char *audience = sp_endpoint_audience(config, SP_ENDPOINT_MY);
        g_autofree char *tenant = sp_endpoint_tenant(config);

        g_assert_null(base);
        g_assert_null(audience);
        g_assert_cmpstr(tenant, ==, "organizations");
    }
}

static void
exchange_on_premises_is_its_own_audience_or_none(void)
{
    g_autoptr(SpConfig) windows = parse(
        "[exchange]\nkind=on-premises\nauth=ntlm\n[endpoints]\nexchange=https://mail.x.test\n");
    g_autoptr(SpConfig) modern = parse("[exchange]\nkind=on-premises\nauth=bearer\n"
                                       "[endpoints]\nexchange=https://mail.x.test/prefix/\n");
    g_autoptr(SpConfig) nowhere = parse("[exchange]\nkind=on-premises\n");
    g_autofree char *none = sp_endpoint_audience(windows, SP_ENDPOINT_EXCHANGE);
    g_autofree char *own = sp_endpoint_audience(modern, SP_ENDPOINT_EXCHANGE);
    g_autofree char *base = sp_endpoint_base(nowhere, SP_ENDPOINT_EXCHANGE);

    g_assert_null(none);
    g_assert_cmpstr(own, ==, "https://mail.x.test");
    g_assert_null(base);
}

static void
the_tenant_is_its_id_else_its_initial_domain(void)
{
    g_autoptr(SpConfig) both = parse("[tenant]\nname=norvane\nid=7d1f0c52\n");
    g_autoptr(SpConfig) named = parse("[tenant]\nname=norvane\ncloud=china\n");
    g_autofree char *id = sp_endpoint_tenant(both);
    g_autofree char *domain = sp_endpoint_tenant(named);

    g_assert_cmpstr(id, ==, "7d1f0c52");
    g_assert_cmpstr(domain, ==, "norvane.partner.onmschina.cn");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/endpoint/clouds", every_cloud_has_its_hosts);
    g_test_add_func("/endpoint/override", an_override_moves_the_requests_and_not_the_audience);
    g_test_add_func("/endpoint/no-name", without_a_usable_tenant_name_there_is_no_sharepoint);
    g_test_add_func("/endpoint/on-premises", exchange_on_premises_is_its_own_audience_or_none);
    g_test_add_func("/endpoint/tenant", the_tenant_is_its_id_else_its_initial_domain);
    return g_test_run();
}
