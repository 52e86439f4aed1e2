#include "tui/holds.h"

#include "core/i18n.h"

#define WORTH_TELLING_MS 500

typedef struct {
    char *service;
    gint64 until_us;
} Hold;

struct UiHolds {
    GArray *list; /* Hold, in the order in which they came */
};

static void
clear_hold(gpointer data)
{
    g_free(((Hold *) data)->service);
}

UiHolds *
ui_holds_new(void)
{
    UiHolds *holds = g_new0(UiHolds, 1);

    holds->list = g_array_new(FALSE, FALSE, sizeof(Hold));
    g_array_set_clear_func(holds->list, clear_hold);
    return holds;
}

void
ui_holds_free(UiHolds *holds)
{
    if (holds != NULL) {
        g_array_unref(holds->list);
        g_free(holds);
    }
}

gboolean
ui_holds_add(UiHolds *holds, const char *service, gint64 wait_ms)
{
    gint64 until_us = g_get_monotonic_time() + wait_ms * 1000;
    Hold hold = {NULL, until_us};

    if (wait_ms < WORTH_TELLING_MS) {
        return FALSE;
    }
    for (guint i = 0; i < holds->list->len; i++) {
        Hold *known = &g_array_index(holds->list, Hold, i);

        if (g_str_equal(known->service, service)) {
            gboolean is_later = until_us > known->until_us + WORTH_TELLING_MS * 1000;

            known->until_us = MAX(known->until_us, until_us);
            return is_later;
        }
    }
    hold.service = g_strdup(service);
    g_array_append_val(holds->list, hold);
    return TRUE;
}

char *
ui_holds_describe(const UiHolds *holds)
{
    gint64 now_us = g_get_monotonic_time();
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < holds->list->len; i++) {
        const Hold *hold = &g_array_index(holds->list, Hold, i);
        int seconds = (int) ((hold->until_us - now_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);

        if (hold->until_us > now_us) {
            g_string_append_printf(text, "%s", text->len > 0 ? ", " : "");
            g_string_append_printf(text, _("%s: next try in %d s"), hold->service, seconds);
        }
    }
    return text->len == 0 ? NULL : g_string_free(g_steal_pointer(&text), FALSE);
}
