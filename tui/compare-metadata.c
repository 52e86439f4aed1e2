/* What each service said of its copy: side by side as many as fit, then each in full. */
#include "core/i18n.h"
#include "core/text.h"
#include "tui/compare.h"
#include "tui/prompt.h"
#include "tui/widgets.h"

#define VALUE_COLUMNS 24 /* the narrowest that still says something */

static void
add_line(GString *text, const char *name, const char *value)
{
    if (value != NULL && *value != '\0') {
        int padding = MAX(28 - (int) sp_text_columns(name), 1);

        g_string_append_printf(text, "  %s%*s%s\n", name, padding, "", value);
    }
}

static void
add_time(GString *text, const char *name, GDateTime *time)
{
    g_autofree char *value = time == NULL ? NULL : g_date_time_format(time, "%Y-%m-%d %H:%M:%S %Z");

    add_line(text, name, value);
}

static void
add_copy(UiCompare *compare, GString *text, guint index)
{
    UiCase *ui_case = ui_app_get_case(compare->app);
    const SpCopy *copy = ui_case_get_copy(ui_case, index);
    UiRole role;
    g_autofree char *state = ui_compare_state(compare, index, &role);
    g_autofree char *size = ui_compare_size(compare, index, -1);
    GHashTableIter iter;
    gpointer name;
    gpointer value;

    g_string_append_printf(text, "%s\n", ui_case_get_title(ui_case, index));
    add_line(text, _("state"), state);
    if (copy == NULL) {
        return;
    }
    add_line(text, _("reason"), copy->error);
    add_line(text, _("picture"), size);
    add_line(text, "SHA-256", copy->photo == NULL ? NULL : sp_photo_get_sha256(copy->photo));
    add_line(text, "ETag", copy->etag);
    add_time(text, _("last modified"), copy->last_modified);
    if (copy->http_status != 0) {
        g_autofree char *status = g_strdup_printf("%d", copy->http_status);
        g_autofree char *took = ui_format_ms(copy->elapsed_ms);

        add_line(text, _("HTTP status"), status);
        add_line(text, _("answered after"), took);
    }
    add_line(text, _("request"), copy->request_id);
    g_hash_table_iter_init(&iter, copy->facts);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        add_line(text, sp_fact_title(name), value);
    }
    g_string_append_c(text, '\n');
}

/* The table's rows; metadata_value() knows them by number. */
static const char *const metadata_names[] = {
    N_("state"),         N_("picture"),     "SHA-256",           "ETag",
    N_("last modified"), N_("HTTP status"), N_("answered after")};

static const char *
metadata_name(gsize row)
{
    return _(metadata_names[row]);
}

/* The column of their names. */
static int
label_columns(void)
{
    int columns = 0;

    for (gsize row = 0; row < G_N_ELEMENTS(metadata_names); row++) {
        columns = MAX(columns, (int) sp_text_columns(metadata_name(row)) + 2);
    }
    return columns;
}

/* What stands in one cell of the table. Transfer full, or NULL. */
static char *
metadata_value(UiCompare *compare, guint index, int row)
{
    const SpCopy *copy = ui_case_get_copy(ui_app_get_case(compare->app), index);
    UiRole role;

    if (row == 0) {
        return ui_compare_state(compare, index, &role);
    }
    if (copy == NULL) {
        return NULL;
    }
    switch (row) {
    case 1: return ui_compare_size(compare, index, -1);
    case 2: return copy->photo == NULL ? NULL : g_strdup(sp_photo_get_sha256(copy->photo));
    case 3: return g_strdup(copy->etag);
    case 4:
        return copy->last_modified == NULL
                   ? NULL
                   : g_date_time_format(copy->last_modified, "%Y-%m-%d %H:%M %Z");
    case 5: return copy->http_status == 0 ? NULL : g_strdup_printf("%d", copy->http_status);
    default: return copy->http_status == 0 ? NULL : ui_format_ms(copy->elapsed_ms);
    }
}

static void
add_cell(GString *text, const char *value, int columns)
{
    g_autofree char *fitting = sp_text_fit(value == NULL ? "-" : value, (gsize) columns - 2);

    g_string_append_printf(text, "%s%*s", fitting, columns - (int) sp_text_columns(fitting), "");
}

/* Some copies beside each other, a row for each thing that is known of them. */
static void
add_table(UiCompare *compare, GString *text, const guint *indexes, guint n_indexes, int columns)
{
    int labels = label_columns();

    add_cell(text, "", labels);
    for (guint i = 0; i < n_indexes; i++) {
        add_cell(text, ui_case_get_title(ui_app_get_case(compare->app), indexes[i]), columns);
    }
    g_string_append_c(text, '\n');
    for (int row = 0; row < (int) G_N_ELEMENTS(metadata_names); row++) {
        add_cell(text, metadata_name((gsize) row), labels);
        for (guint i = 0; i < n_indexes; i++) {
            g_autofree char *value = metadata_value(compare, indexes[i], row);

            add_cell(text, value, columns);
        }
        g_string_append_c(text, '\n');
    }
    g_string_append_c(text, '\n');
}

/* The selected and the marked copies come first. */
static GArray *
metadata_order(UiCompare *compare)
{
    UiCase *ui_case = ui_app_get_case(compare->app);
    GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));

    for (int is_rest = 0; is_rest < 2; is_rest++) {
        for (guint i = 0; i < ui_case_count(ui_case); i++) {
            const char *service = ui_case_get_service(ui_case, i);
            gboolean is_first = (int) i == compare->selected ||
                                g_strcmp0(service, compare->marks[0]) == 0 ||
                                g_strcmp0(service, compare->marks[1]) == 0;

            if (is_first == (is_rest == 0)) {
                g_array_append_val(order, i);
            }
        }
    }
    return order;
}

UiDo
ui_compare_show_metadata(UiCompare *compare)
{
    g_autoptr(GArray) order = metadata_order(compare);
    int room = ui_prompt_table_columns() - label_columns();
    guint beside = MIN((guint) (room / VALUE_COLUMNS), order->len);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *compared = ui_compare_explain_pair(compare);

    if (order->len == 0) {
        return UI_DO_NOTHING;
    }
    for (guint i = 0; i < order->len; i += beside) {
        add_table(compare, text, &g_array_index(order, guint, i), MIN(beside, order->len - i),
                  room / (int) beside);
    }
    if (compare->shows == UI_SHOWS_PAIR && compared != NULL) {
        g_string_append_printf(text, "%s\n", compared);
    }
    for (guint i = 0; i < order->len; i++) {
        add_copy(compare, text, g_array_index(order, guint, i));
    }
    ui_prompt_table(compare->app, _("What the services said"), text->str);
    return UI_DO_REDRAW;
}
