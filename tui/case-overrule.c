/* Which copies show the same photo: as it was measured, and as a human says. */
#include "tui/case-private.h"

void
ui_case_free_overrule(gpointer data)
{
    UiOverrule *overrule = data;

    g_free(overrule->left);
    g_free(overrule->right);
    g_free(overrule);
}

/* Until the reference is compared, a group's letter says nothing yet. */
static gboolean
has_reference(SpCheck *check)
{
    const SpGroups *groups = check == NULL ? NULL : sp_check_get_groups(check);
    int reference = check == NULL ? -1 : sp_check_get_reference(check);

    return groups != NULL &&
           (sp_check_is_done(check) ||
            (reference >= 0 && sp_groups_of(groups, (guint) reference) != SP_GROUP_NONE));
}

/* The group by pixels, from the check in which the picture is. */
static int
measured_group(const UiCase *ui_case, const char *service)
{
    SpCheck *const checks[] = {ui_case->check, ui_case->previous};

    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
        int index = has_reference(checks[i]) ? sp_check_find(checks[i], service) : -1;

        if (index >= 0 && sp_check_get_copy(checks[i], (guint) index) != NULL) {
            return sp_groups_of(sp_check_get_groups(checks[i]), (guint) index);
        }
    }
    return SP_GROUP_NONE;
}

int
ui_case_get_group(const UiCase *ui_case, guint index)
{
    const char *service = ui_case_get_service(ui_case, index);
    int group = measured_group(ui_case, service);

    for (guint i = 0; i < ui_case->overrules->len; i++) {
        const UiOverrule *overrule = ui_case->overrules->pdata[i];
        const char *other = g_str_equal(overrule->left, service)    ? overrule->right
                            : g_str_equal(overrule->right, service) ? overrule->left
                                                                    : NULL;
        int others = other == NULL ? SP_GROUP_NONE : measured_group(ui_case, other);

        if (others != SP_GROUP_NONE && (group == SP_GROUP_NONE || others < group)) {
            group = others;
        }
    }
    return group;
}

static gboolean
is_pair(const UiOverrule *overrule, const char *left, const char *right)
{
    return (g_str_equal(overrule->left, left) && g_str_equal(overrule->right, right)) ||
           (g_str_equal(overrule->left, right) && g_str_equal(overrule->right, left));
}

static void
add_overrule(UiCase *ui_case, const char *left, const char *right)
{
    UiOverrule *overrule = g_new0(UiOverrule, 1);

    overrule->left = g_strdup(left);
    overrule->right = g_strdup(right);
    g_ptr_array_add(ui_case->overrules, overrule);
}

gboolean
ui_case_keep_overrules(UiCase *ui_case, SpSession *session, GError **error)
{
    for (guint i = 0; i < ui_case->overrules->len; i++) {
        const UiOverrule *overrule = ui_case->overrules->pdata[i];

        if (!sp_session_overrule(session, overrule->left, overrule->right, TRUE, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

void
ui_case_take_overrules(UiCase *ui_case, const SpSession *session)
{
    GPtrArray *said = sp_session_get_overrules(session);

    g_ptr_array_set_size(ui_case->overrules, 0);
    for (guint i = 0; i < said->len; i++) {
        const SpOverrule *overrule = said->pdata[i];

        add_overrule(ui_case, overrule->left, overrule->right);
    }
}

/* The index of the pair among what was said, or -1. */
static int
index_of_pair(const UiCase *ui_case, const char *left, const char *right)
{
    for (guint i = 0; i < ui_case->overrules->len; i++) {
        if (is_pair(ui_case->overrules->pdata[i], left, right)) {
            return (int) i;
        }
    }
    return -1;
}

gboolean
ui_case_overrule(UiCase *ui_case, const char *left, const char *right, GError **error)
{
    int index = index_of_pair(ui_case, left, right);

    if (ui_case->session != NULL &&
        !sp_session_overrule(ui_case->session, left, right, index < 0, error)) {
        return FALSE;
    }
    if (index < 0) {
        add_overrule(ui_case, left, right);
    } else {
        g_ptr_array_remove_index(ui_case->overrules, (guint) index);
    }
    ui_case_touch(ui_case, UI_CASE_FINDINGS | UI_CASE_SESSION);
    return TRUE;
}

gboolean
ui_case_is_said(const UiCase *ui_case, const char *left, const char *right)
{
    return index_of_pair(ui_case, left, right) >= 0;
}

gboolean
ui_case_is_said_same(const UiCase *ui_case, guint index)
{
    return ui_case_get_group(ui_case, index) == 0 &&
           measured_group(ui_case, ui_case_get_service(ui_case, index)) != 0;
}
