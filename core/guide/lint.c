/* What a playbook's attributes name, held against what there is. Names from the settings count, so
 * this is said when somebody asks, and never keeps a playbook from being imported. */

#include "core/guide/playbook.h"
#include "core/guide/rules.h"
#include "core/i18n.h"
#include "core/services/service.h"
#include "core/services/source.h"

typedef struct {
    const SpConfig *config;
    SpPlaybookEventFunc knows_event;
    GPtrArray *complaints; /* char * */
} Lint;

static gboolean
is_finding(const char *id)
{
    for (const SpRule *rule = sp_rules(); rule->id != NULL; rule++) {
        if (g_str_equal(rule->id, id)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_copy(const Lint *lint, const char *id)
{
    return sp_service_find(id) != NULL ||
           (lint->config != NULL && sp_source_exists(lint->config, id));
}

static void
complain(Lint *lint, const SpSection *section, const char *format, const char *name)
{
    g_autoptr(GString) what = g_string_new(format);

    /* The formats are ours, each with one %s. */
    g_string_replace(what, "%s", name, 1);
    g_ptr_array_add(lint->complaints,
                    g_strdup_printf(_("section '%s': %s"), section->title, what->str));
}

static void
lint_step(Lint *lint, const SpSection *section, const SpStep *step)
{
    for (guint i = 0; step->verify[i] != NULL; i++) {
        if (!is_copy(lint, step->verify[i])) {
            complain(lint, section, _("there is no copy '%s' to verify"), step->verify[i]);
        }
    }
    if (step->play != NULL && lint->knows_event != NULL && !lint->knows_event(step->play)) {
        complain(lint, section, _("the practice tenant knows no event '%s'"), step->play);
    }
}

GStrv
sp_playbook_lint_names(const SpPlaybook *playbook, const SpConfig *config,
                       SpPlaybookEventFunc knows_event)
{
    GPtrArray *sections = sp_playbook_get_sections(playbook);
    Lint lint = {config, knows_event, g_ptr_array_new()};

    for (guint i = 0; i < sections->len; i++) {
        const SpSection *section = g_ptr_array_index(sections, i);

        for (guint j = 0; section->when[j] != NULL; j++) {
            if (!is_finding(section->when[j])) {
                complain(&lint, section, _("there is no finding '%s'"), section->when[j]);
            }
        }
        for (guint j = 0; j < section->steps->len; j++) {
            lint_step(&lint, section, g_ptr_array_index(section->steps, j));
        }
    }
    g_ptr_array_add(lint.complaints, NULL);
    return (GStrv) g_ptr_array_free(lint.complaints, FALSE);
}
