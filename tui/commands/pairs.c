#include "tui/commands/pairs.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/photo/pairs.h"
#include "core/text.h"
#include "tui/commands/compare.h"

/* A pair of which a picture cannot be read is a row too, with this verdict and no similarity, so
 * that every row of the list has one. "unsure" would be a lie: nothing was compared. */
#define UNREADABLE "unreadable"

#define MAX_REASON 1000

/* Every picture needs a few megabytes again that the one before has just given back: blocks of up
 * to this size stay with the program, since fresh pages cost a quarter of the time of a comparison.
 */
#define MAX_REUSED_BLOCK (32 * 1024 * 1024)
#define MAX_REUSED_BYTES (64 * 1024 * 1024)

typedef struct {
    gboolean is_json;
    guint n_unreadable;
} Output;

/* A field as CSV, quoted where it has to be. */
static void
print_field(const char *field)
{
    if (strpbrk(field, ",\"\r\n") == NULL) {
        fputs(field, stdout);
        return;
    }
    putchar('"');
    for (const char *p = field; *p != '\0'; p++) {
        if (*p == '"') {
            putchar('"');
        }
        putchar(*p);
    }
    putchar('"');
}

static void
print_csv(const SpPairsRow *row)
{
    print_field(row->left);
    putchar(',');
    print_field(row->right);
    if (row->comparison == NULL) {
        fputs("," UNREADABLE ",\n", stdout);
    } else {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];

        printf(",%s,%s\n", sp_relation_name(row->comparison->relation),
               g_ascii_formatd(digits, sizeof digits, "%.4f", row->comparison->similarity));
    }
}

static void
print_json_line(const SpPairsRow *row)
{
    struct json_object *line = json_object_new_object();

    json_object_object_add(line, "left", json_object_new_string(row->left));
    json_object_object_add(line, "right", json_object_new_string(row->right));
    if (row->comparison == NULL) {
        json_object_object_add(line, "verdict", json_object_new_string(UNREADABLE));
        json_object_object_add(line, "error", json_object_new_string(row->error->message));
    } else {
        ui_comparison_add_to_json(row->comparison, line);
    }
    puts(json_object_to_json_string_ext(line, JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(line);
}

static gboolean
print_row(const SpPairsRow *row, gpointer user_data, GError **error)
{
    Output *output = user_data;

    if (row->error != NULL) {
        g_autofree char *clean = sp_text_clean(row->error->message, -1, MAX_REASON);

        output->n_unreadable++;
        g_printerr("samephoto compare: %s\n", clean);
    }
    if (output->is_json) {
        print_json_line(row);
    } else {
        print_csv(row);
    }
    /* Whoever reads along sees each row when it is known; a closed pipe ends the run. */
    if (fflush(stdout) != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("the output cannot be written: %s"),
                    g_strerror(errno));
        return FALSE;
    }
    return TRUE;
}

int
ui_compare_pairs(UiProgram *program, const char *path)
{
    Output output = {.is_json = ui_program_is_json(program)};
    g_autoptr(GError) error = NULL;

    mallopt(M_MMAP_THRESHOLD, MAX_REUSED_BLOCK);
    mallopt(M_TRIM_THRESHOLD, MAX_REUSED_BYTES);
    if (!output.is_json) {
        fputs("left,right,verdict,similarity\n", stdout);
    }
    if (!sp_pairs_run(path, 0, print_row, &output, &error)) {
        return ui_program_fail(program, error);
    }
    return output.n_unreadable > 0 ? UI_EXIT_USAGE : UI_EXIT_OK;
}
