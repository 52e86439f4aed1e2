#include "core/services/service.h"

#include <string.h>

#include "core/i18n.h"
#include "core/services/directory.h"
#include "core/services/exchange.h"
#include "core/services/file.h"
#include "core/services/graph.h"
#include "core/services/seen.h"
#include "core/services/sharepoint.h"
#include "core/services/source.h"
#include "core/services/viva-engage.h"
#include "core/text.h"

#define MAX_TITLE_CHARACTERS 40

const SpService *const *
sp_services(void)
{
    static const SpService *const services[] = {
        &sp_service_file,
        &sp_service_graph,
        &sp_service_exchange,
        &sp_service_sharepoint,
        &sp_service_viva_engage,
        &sp_service_directory,
        NULL,
    };

    return services;
}

/* The position of `id` among the service's copies, or -1. */
static int
index_of(const SpService *service, const char *id)
{
    for (int i = 0; service->copies[i] != NULL; i++) {
        if (strcmp(service->copies[i], id) == 0) {
            return i;
        }
    }
    return -1;
}

const SpService *
sp_service_find(const char *id)
{
    for (const SpService *const *service = sp_services(); *service != NULL; service++) {
        if (index_of(*service, id) >= 0) {
            return *service;
        }
    }
    return NULL;
}

char *
sp_service_title(const SpConfig *config, const char *id)
{
    const SpService *service = sp_service_find(id);
    g_autofree char *group = NULL;
    const char *title = NULL;

    if (service != NULL) {
        return g_strdup(_(service->titles[index_of(service, id)]));
    }
    if (sp_seen_is_id(id)) {
        return sp_seen_title(NULL, FALSE);
    }
    if (sp_source_exists(config, id)) {
        group = g_strdup_printf("source %s", id);
        title = sp_config_get(config, group, "title");
    }
    return sp_text_clean(title != NULL ? title : id, -1, MAX_TITLE_CHARACTERS);
}
