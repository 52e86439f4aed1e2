#include "core/config.h"

#include "core/error.h"

static void
values_are_read_and_trimmed(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpConfig) config = sp_config_parse("[tenant]\nname =  norvane \n"
                                                 "[network]\ntimeout=2.5\n"
                                                 "[services]\nenabled=graph; sharepoint-l ;;\n"
                                                 "[source hr]\nurl=https://hr.example/{upn}.jpg\n",
                                                 "test", &error);
    g_auto(GStrv) enabled = NULL;
    g_auto(GStrv) sources = NULL;

    g_assert_no_error(error);
    g_assert_cmpstr(sp_config_get(config, "tenant", "name"), ==, "norvane");
    g_assert_null(sp_config_get(config, "tenant", "id"));
    g_assert_cmpuint(sp_config_get_ms(config, "network", "timeout", 1), ==, 2500);
    g_assert_cmpuint(sp_config_get_ms(config, "network", "connect-timeout", 7), ==, 7);
    enabled = sp_config_get_list(config, "services", "enabled");
    g_assert_true(g_strv_equal((const char *const *) enabled,
                               (const char *const[]){"graph", "sharepoint-l", NULL}));
    sources = sp_config_list_sources(config);
    g_assert_true(
        g_strv_equal((const char *const *) sources, (const char *const[]){"hr", NULL}));
    g_assert_false(sp_config_is_empty(config));
}

static void
no_time_limit_is_rounded_away(void)
{
    g_autoptr(SpConfig) config =
        sp_config_parse("[network]\ntimeout=0.0001\nconnect-timeout=\n", "test", NULL);

    g_assert_cmpuint(sp_config_get_ms(config, "network", "timeout", 7), ==, 1);
    g_assert_cmpuint(sp_config_get_ms(config, "network", "connect-timeout", 7), ==, 7);
}

typedef struct {
    const char *text;
    const char *says;
} Bad;

static void
mistakes_name_the_right_word(void)
{
    static const Bad rows[] = {
        {"[tenant]\nnmae=x\n", "did you mean 'name'"},
        {"[tennant]\nname=x\n", "did you mean [tenant]"},
        {"[tenant]\ncloud=mars\n", "global usgov dod china"},
        {"[network]\ntimeout=soon\n", "seconds"},
        {"[network]\ntimeout=nan\n", "seconds"},
        {"[network]\ntimeout=-1\n", "seconds"},
        {"[directory]\nstarttls=maybe\n", "true false"},
        {"[endpoints]\nmy=https:/norvane-my.sharepoint.com\n", "https:// or http://"},
        {"[endpoints]\ngraph=graph.microsoft.com\n", "https:// or http://"},
        {"[endpoints]\nlogin=https:///\n", "https:// or http://"},
        {"no group\n", "cannot be read"},
        {"[source x]\nuri=y\n", "did you mean 'url'"},
        {"[source file]\nurl=y\n", "[source file]"},
        {"[source sharepoint]\nurl=y\n", "[source sharepoint]"},
        {"[source evidence-1]\nurl=y\n", "[source evidence-1]"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(sp_config_parse(rows[i].text, "test", &error));
        g_assert_error(error, SP_ERROR, SP_ERROR_CONFIG);
        g_assert_nonnull(strstr(error->message, rows[i].says));
    }
}

static void
empty_values_are_unset(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpConfig) config =
        sp_config_parse("[tenant]\ncloud=\n[sign-in]\nflow=\n[directory]\nstarttls=\n"
                        "[network]\ntimeout= \nconnect-timeout=\n[screen]\ntheme=\n",
                        "test", &error);

    g_assert_no_error(error);
    g_assert_null(sp_config_get(config, "sign-in", "flow"));
    g_assert_cmpuint(sp_config_get_ms(config, "network", "timeout", 7), ==, 7);
}

static void
a_named_file_must_exist(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sp_config_load("/nonexistent/samephoto.conf", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CONFIG);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/config/values-are-read-and-trimmed", values_are_read_and_trimmed);
    g_test_add_func("/config/no-time-limit-is-rounded-away", no_time_limit_is_rounded_away);
    g_test_add_func("/config/mistakes-name-the-right-word", mistakes_name_the_right_word);
    g_test_add_func("/config/empty-values-are-unset", empty_values_are_unset);
    g_test_add_func("/config/a-named-file-must-exist", a_named_file_must_exist);
    return g_test_run();
}
