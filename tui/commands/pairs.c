#include "tui/commands/pairs.h"

#include <malloc.h>
#include <unistd.h>

#include "core/csv.h"
#include "core/error.h"
#include "core/json.h"
#include "core/photo/pairs.h"
#include "core/text.h"
#include "tui/commands/compare.h"
#include "tui/output.h"

/* A pair of which a picture cannot be read is a row too, with this verdict and no similarity, so
 * that every row of the list has one. "unsure" would be a lie: nothing was compared. */
#define UNREADABLE "unreadable"

#define MAX_REASON 1000
#define MAX_NAME   4096

/* Every picture needs a few megabytes again that the one before has just given back: blocks of up
 * to this size stay with the program, since fresh pages cost a quarter of the time of a comparison.
 */
#define MAX_REUSED_BLOCK (32 * 1024 * 1024)
#define MAX_REUSED_BYTES (64 * 1024 * 1024)

typedef struct {
    gboolean is_json;
    gboolean is_terminal; /* stdout */
    gboolean is_refused;  /* stdout took no more, which was told */
    guint n_unreadable;
} Output;

/* A file's name as it can be written: cleaned for a terminal; for a program just as the list has
 * it, in JSON so far as that can be told in UTF-8. Transfer full. */
static char *
name_for(const Output *output, const char *name)
{
    if (output->is_terminal) {
        return sp_text_clean(name, -1, MAX_NAME);
    }
    return output->is_json ? g_utf8_make_valid(name, -1) : g_strdup(name);
}

static char *
row_to_csv(const SpPairsRow *row, const char *left, const char *right)
{
    g_autofree char *first = sp_csv_quote(left);
    g_autofree char *second = sp_csv_quote(right);
    GString *line = g_string_new(NULL);

    g_string_append_printf(line, "%s,%s", first, second);
    if (row->comparison == NULL) {
        g_string_append(line, "," UNREADABLE ",\n");
    } else {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append_printf(
            line, ",%s,%s\n", sp_relation_name(row->comparison->relation),
            g_ascii_formatd(digits, sizeof digits, "%.4f", row->comparison->similarity));
    }
    return g_string_free(line, FALSE);
}

static char *
row_to_json(const SpPairsRow *row, const char *left, const char *right)
{
    g_autoptr(SpJson) json = json_object_new_object();

    sp_json_add_string(json, "left", left);
    sp_json_add_string(json, "right", right);
    if (row->comparison == NULL) {
        g_autofree char *clean = sp_text_clean(row->error->message, -1, MAX_REASON);

        sp_json_add_string(json, "verdict", UNREADABLE);
        sp_json_add_string(json, "error", clean);
    } else {
        ui_comparison_add_to_json(row->comparison, json);
    }
    return g_strconcat(json_object_to_json_string_ext(json, JSON_C_TO_STRING_NOSLASHESCAPE), "\n",
                       NULL);
}

/* Whoever reads along sees each row when it is known; a closed pipe ends the run. */
static gboolean
print_row(const SpPairsRow *row, gpointer user_data, GError **error)
{
    Output *output = user_data;
    g_autofree char *left = name_for(output, row->left);
    g_autofree char *right = name_for(output, row->right);
    g_autofree char *line =
        output->is_json ? row_to_json(row, left, right) : row_to_csv(row, left, right);

    if (row->error != NULL) {
        g_autofree char *clean = sp_text_clean(row->error->message, -1, MAX_REASON);

        output->n_unreadable++;
        g_printerr("samephoto compare: %s\n", clean);
    }
    output->is_refused = !ui_output_write(line);
    if (output->is_refused) {
        g_set_error_literal(error, SP_ERROR, SP_ERROR_CANCELLED, "stdout");
    }
    return !output->is_refused;
}

int
ui_compare_pairs(UiProgram *program, const char *path)
{
    Output output = {.is_json = ui_program_is_json(program), .is_terminal = isatty(STDOUT_FILENO)};
    g_autoptr(GError) error = NULL;

    mallopt(M_MMAP_THRESHOLD, MAX_REUSED_BLOCK);
    mallopt(M_TRIM_THRESHOLD, MAX_REUSED_BYTES);
    if (!output.is_json && !ui_output_write("left,right,verdict,similarity\n")) {
        return UI_EXIT_FAULT;
    }
    if (!sp_pairs_run(path, 0, print_row, &output, &error)) {
        return output.is_refused ? UI_EXIT_FAULT : ui_program_fail(program, error);
    }
    return output.n_unreadable > 0 ? UI_EXIT_USAGE : UI_EXIT_OK;
}
