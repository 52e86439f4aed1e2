#include "tui/commands/compare.h"

#include <math.h>

#include "core/i18n.h"
#include "core/photo/photo.h"
#include "core/text.h"
#include "tui/commands/command.h"
#include "tui/commands/pairs.h"

#define SIMILARITY_UNIT 10000.0

/* What the shipped pairs (tests/data/pairs) gave; a test holds the comparison to it. */
static const struct {
    const char *label;
    int pairs;
    int as_labelled;
    int unsure;
} figures[] = {
    {N_("one photo, resized, re-encoded, masked"), 133, 133, 0},
    {N_("one photo, another crop"), 30, 30, 0},
    {N_("mirrored, turned, black and white"), 19, 19, 0},
    {N_("other photos, placeholders"), 123, 119, 4},
};

static struct json_object *
number(double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    value = round(value * SIMILARITY_UNIT) / SIMILARITY_UNIT;
    return json_object_new_double_s(value, g_ascii_formatd(digits, sizeof digits, "%.4g", value));
}

static struct json_object *
rectangle(const SpRect *rect)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, "x", number(rect->x));
    json_object_object_add(object, "y", number(rect->y));
    json_object_object_add(object, "width", number(rect->width));
    json_object_object_add(object, "height", number(rect->height));
    return object;
}

static struct json_object *
both(struct json_object *left, struct json_object *right)
{
    struct json_object *object = json_object_new_object();

    json_object_object_add(object, "left", left);
    json_object_object_add(object, "right", right);
    return object;
}

static struct json_object *
measures(const SpComparison *comparison)
{
    struct json_object *list = json_object_new_array();

    for (guint i = 0; i < comparison->n_measures; i++) {
        const SpMeasure *measure = &comparison->measures[i];
        struct json_object *object = json_object_new_object();

        json_object_object_add(object, "name", json_object_new_string(measure->name));
        json_object_object_add(object, "value", number(measure->value));
        json_object_object_add(object, "threshold", number(measure->threshold));
        json_object_object_add(object, "vote",
                               json_object_new_string(sp_relation_name(measure->vote)));
        json_object_array_add(list, object);
    }
    return list;
}

void
ui_comparison_add_to_json(const SpComparison *comparison, struct json_object *object)
{
    json_object_object_add(object, "verdict",
                           json_object_new_string(sp_relation_name(comparison->relation)));
    json_object_object_add(object, "similarity", number(comparison->similarity));
    json_object_object_add(
        object, "placeholder",
        both(json_object_new_boolean(comparison->left_placeholder != SP_PLACEHOLDER_NONE),
             json_object_new_boolean(comparison->right_placeholder != SP_PLACEHOLDER_NONE)));
    json_object_object_add(
        object, "placeholder_kind",
        both(json_object_new_string(sp_placeholder_name(comparison->left_placeholder)),
             json_object_new_string(sp_placeholder_name(comparison->right_placeholder))));
    json_object_object_add(object, "why", json_object_new_string(comparison->why));
    json_object_object_add(
        object, "part",
        both(rectangle(&comparison->left_part), rectangle(&comparison->right_part)));
    json_object_object_add(object, "quarter_turns", json_object_new_int(comparison->quarter_turns));
    json_object_object_add(object, "mirrored", json_object_new_boolean(comparison->is_mirrored));
    json_object_object_add(object, "measures", measures(comparison));
    json_object_object_add(object, "pipeline", json_object_new_int(SP_FINGERPRINT_VERSION));
}

/* Adds `text`, filled up with blanks to `columns` terminal columns. */
static void
append_cell(GString *page, const char *text, gsize columns)
{
    gsize used = sp_text_columns(text);

    g_string_append(page, text);
    for (gsize i = used; i < columns; i++) {
        g_string_append_c(page, ' ');
    }
}

static void
append_row(GString *page, const char *name, const char *value, const char *threshold,
           const char *vote)
{
    g_string_append(page, "  ");
    append_cell(page, name, 34);
    append_cell(page, value, 10);
    append_cell(page, threshold, 11);
    g_string_append_printf(page, "%s\n", vote);
}

static void
append_measures(GString *page, const SpComparison *comparison)
{
    if (comparison->n_measures == 0) {
        return;
    }
    g_string_append_c(page, '\n');
    append_row(page, _("Measure"), _("value"), _("threshold"), _("vote"));
    for (guint i = 0; i < comparison->n_measures; i++) {
        const SpMeasure *measure = &comparison->measures[i];
        g_autofree char *value = g_strdup_printf("%.3f", measure->value);
        g_autofree char *threshold = g_strdup_printf("%.3f", measure->threshold);

        append_row(page, _(measure->name), value, threshold, sp_relation_title(measure->vote));
    }
}

static void
append_method(GString *page)
{
    g_string_append(
        page,
        _("\nHow it is decided: equal bytes are identical. A drawn picture (silhouette, initials, "
          "blank)\nis never a copy of a photo. Else the smaller picture is explained by the larger "
          "one, forgiving\nbrightness, contrast, sharpness and a shift below one cell; what stays "
          "unexplained is measured\ntwice, by its worst place and by its edges, and both must be "
          "small. If they are not, the picture\nis tried mirrored and turned, then with every crop "
          "that leaves at least half of it. Close but\nnot equal is told as such, never "
          "guessed.\n"));
}

static void
append_figures(GString *page)
{
    g_string_append(page, _("\nOn the 305 labelled pairs that ship with the program:\n"));
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
        g_string_append(page, "  ");
        append_cell(page, _(figures[i].label), 42);
        g_string_append_printf(page, _("%d of %d right, %d told as unsure\n"),
                               figures[i].as_labelled, figures[i].pairs, figures[i].unsure);
    }
    g_string_append(page, _("No different pair was called the same, no same pair different.\n"));
}

static char *
verdict_line(const SpComparison *comparison)
{
    return g_strdup_printf(_("%s: %s (similarity %.2f)\n"), sp_relation_title(comparison->relation),
                           comparison->why, comparison->similarity);
}

char *
ui_comparison_explain(const SpComparison *comparison)
{
    g_autofree char *verdict = verdict_line(comparison);
    GString *page = g_string_new(verdict);

    append_measures(page, comparison);
    append_method(page);
    append_figures(page);
    return g_string_free(page, FALSE);
}

static int
exit_code_of(SpRelation relation)
{
    static const UiExit codes[] = {
        [SP_RELATION_IDENTICAL] = UI_EXIT_OK,        [SP_RELATION_SAME] = UI_EXIT_OK,
        [SP_RELATION_RECROPPED] = UI_EXIT_OK,        [SP_RELATION_EDITED] = UI_EXIT_DIFFERENT,
        [SP_RELATION_DIFFERENT] = UI_EXIT_DIFFERENT, [SP_RELATION_UNSURE] = UI_EXIT_INCOMPLETE,
    };

    return codes[relation];
}

static int
print_comparison(UiProgram *program, const SpComparison *comparison, gboolean explains)
{
    int code = exit_code_of(comparison->relation);

    if (ui_program_is_json(program)) {
        struct json_object *object = json_object_new_object();
        int printed;

        json_object_object_add(object, "schema", json_object_new_string("samephoto.compare/1"));
        ui_comparison_add_to_json(comparison, object);
        printed = ui_print_json(object);
        return printed == UI_EXIT_OK ? code : printed;
    } else {
        g_autofree char *text =
            explains ? ui_comparison_explain(comparison) : verdict_line(comparison);

        g_print("%s", text);
        return code;
    }
}

static int
compare_two(UiProgram *program, gboolean explains)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPhoto) left = sp_photo_new_to_compare(ui_program_arg(program, 0), &error);
    g_autoptr(SpPhoto) right = NULL;
    g_autoptr(SpComparison) comparison = NULL;

    if (left == NULL) {
        return ui_program_fail(program, error);
    }
    right = sp_photo_new_to_compare(ui_program_arg(program, 1), &error);
    if (right == NULL) {
        return ui_program_fail(program, error);
    }
    comparison = sp_compare(left, right);
    return print_comparison(program, comparison, explains);
}

int
ui_command_compare(UiProgram *program)
{
    g_autofree char *pairs = NULL;
    gboolean explains = FALSE;
    const GOptionEntry entries[] = {
        {"pairs", 0, 0, G_OPTION_ARG_FILENAME, &pairs,
         N_("Compare each row of a list with the columns left and right; print CSV"),
         N_("FILE.csv")},
        {"explain", 0, 0, G_OPTION_ARG_NONE, &explains,
         N_("Show every measure, its threshold and how it voted"), NULL},
        {NULL},
    };
    int code;

    if (!ui_program_parse(program, entries, 0, 2, &code)) {
        return code;
    }
    if (pairs != NULL && ui_program_count_args(program) > 0) {
        return ui_program_usage_error(program, _("--pairs takes its pictures from the list alone"));
    }
    if (pairs != NULL) {
        return ui_compare_pairs(program, pairs);
    }
    if (ui_program_count_args(program) < 2) {
        return ui_program_usage_error(program, _("two picture files are needed, or --pairs"));
    }
    return compare_two(program, explains);
}
