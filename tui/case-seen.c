/* Pictures that were given: the reference file, and what the person sees. */
#include "tui/case-private.h"

void
ui_case_forget_given(UiCase *ui_case)
{
    if (ui_case_get_person(ui_case) == NULL) {
        return;
    }
    g_clear_pointer(&ui_case->reference_file, g_free);
    g_clear_pointer(&ui_case->ticket, g_free);
    g_ptr_array_set_size(ui_case->seen, 0);
    g_ptr_array_set_size(ui_case->wholes, 0);
}

void
ui_case_set_reference_file(UiCase *ui_case, const char *path)
{
    g_free(ui_case->reference_file);
    ui_case->reference_file = g_strdup(path);
}

static int
find_seen(const UiCase *ui_case, const char *service)
{
    for (guint i = 0; i < ui_case->seen->len; i++) {
        const SpCopy *copy = ui_case->seen->pdata[i];

        if (g_strcmp0(copy->service, service) == 0) {
            return (int) i;
        }
    }
    return -1;
}

void
ui_case_put_seen(UiCase *ui_case, SpCopy *copy)
{
    int index = find_seen(ui_case, copy->service);

    if (index < 0) {
        g_ptr_array_add(ui_case->seen, sp_copy_ref(copy));
        g_ptr_array_add(ui_case->wholes, sp_copy_ref(copy));
    } else {
        sp_copy_unref(ui_case->seen->pdata[index]);
        ui_case->seen->pdata[index] = sp_copy_ref(copy);
    }
    if (ui_case->check != NULL) {
        ui_case->is_seen_new = TRUE;
        sp_check_set_seen(ui_case->check, ui_case->seen);
        ui_case_touch(ui_case, UI_CASE_COPIES);
    }
}

guint
ui_case_count_seen(const UiCase *ui_case)
{
    return ui_case->seen->len;
}

gboolean
ui_case_has_new_seen(const UiCase *ui_case)
{
    return ui_case->is_seen_new;
}

SpCopy *
ui_case_get_whole(const UiCase *ui_case, const char *service)
{
    int index = find_seen(ui_case, service);

    return index < 0 ? NULL : ui_case->wholes->pdata[index];
}

void
ui_case_take_seen(UiCase *ui_case, SpCheck *recorded)
{
    SpEvidence evidence = sp_check_get_evidence(recorded);

    for (guint i = 0; i < evidence.n_seen; i++) {
        SpCopy *copy = evidence.copies[evidence.n_copies + i];

        if (find_seen(ui_case, copy->service) < 0) {
            g_ptr_array_add(ui_case->seen, sp_copy_ref(copy));
            g_ptr_array_add(ui_case->wholes, sp_copy_ref(copy));
        }
    }
}
