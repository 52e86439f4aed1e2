#include "core/practice/settings.h"

#include "core/practice/directory-entry.h"
#include "core/practice/login.h"
#include "core/practice/world.h"

#define ALL_SERVICES "graph;exchange;sharepoint-s;sharepoint-m;sharepoint-l;viva-engage;directory"

const SpPracticeEndpoint sp_practice_endpoints[] = {
    {"login", "/login"}, {"graph", "/graph"},       {"sharepoint", "/sharepoint"},
    {"my", "/my"},       {"exchange", "/exchange"}, {"viva-engage", "/engage"},
    {NULL, NULL},
};

/* What a story has beside the usual. */
typedef struct {
    const char *scenario;
    const char *enabled; /* or NULL: all */
    gboolean has_secret;
    gboolean has_portal;
    gboolean is_without_directory;
} Settings;

static const Settings usual = {NULL, NULL, FALSE, FALSE, FALSE};
static const Settings stories[] = {
    {"source-differs", ALL_SERVICES ";portal", FALSE, TRUE, FALSE},
    /* Viva Engage knows no sign-in of an app alone. */
    {"app-only-secret", "graph;exchange;sharepoint-s;sharepoint-m;sharepoint-l;directory", TRUE,
     FALSE, FALSE},
    {"nothing-read", "directory", FALSE, FALSE, TRUE},
};

static const Settings *
settings_of(const char *scenario)
{
    for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
        if (g_strcmp0(stories[i].scenario, scenario) == 0) {
            return &stories[i];
        }
    }
    return &usual;
}

gboolean
sp_practice_needs_secret(const char *scenario)
{
    return settings_of(scenario)->has_secret;
}

char *
sp_practice_settings(const char *scenario, const SpPracticePlaces *places)
{
    const Settings *settings = settings_of(scenario);
    GString *text = g_string_new("[tenant]\nname=norvane\nid=" SP_NORVANE_ID "\n\n");

    g_string_append_printf(text, "[sign-in]\nflow=%s\nclient-id=" SP_PRACTICE_CLIENT_ID "\n",
                           settings->has_secret ? "secret" : "browser");
    if (settings->has_secret) {
        g_string_append_printf(text, "secret-file=%s\n", places->secret_file);
    }
    g_string_append(text, "\n[endpoints]\n");
    for (const SpPracticeEndpoint *it = sp_practice_endpoints; it->key != NULL; it++) {
        g_string_append_printf(text, "%s=%s%s\n", it->key, places->base, it->prefix);
    }
    if (!settings->is_without_directory) {
        g_string_append_printf(text, "directory=%s\n", places->directory);
    }
    g_string_append_printf(text, "\n[services]\nenabled=%s\n",
                           settings->enabled != NULL ? settings->enabled : ALL_SERVICES);
    if (!settings->is_without_directory) {
        g_string_append_printf(
            text, "\n[directory]\nbind-dn=CN=reader," SP_DIRECTORY_BASE "\npassword-file=%s\n",
            places->reader_file);
    }
    if (settings->has_portal) {
        g_string_append_printf(
            text, "\n[source portal]\ntitle=Staff portal\nurl=%s/portal/{upn}.jpg\n", places->base);
    }
    if (places->ca_file != NULL) {
        g_string_append_printf(text, "\n[network]\nca-file=%s\n", places->ca_file);
    }
    return g_string_free(text, FALSE);
}
