/* The report's two tables: what every copy shows, and by which answers that is known. */

#include <string.h>

#include "core/guide/report-story.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/text.h"

static void
free_row(gpointer data)
{
    SpReportRow *row = data;

    g_strfreev(row->cells);
    g_free(row->picture);
    g_free(row->note);
    g_free(row);
}

gboolean
sp_report_has_pictures(GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const SpReportRow *row = g_ptr_array_index(rows, i);

        if (row->picture != NULL) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Adds a row of copied `cells`; borrowed until the array is gone. */
static SpReportRow *
add_row(GPtrArray *rows, const char *const *cells)
{
    SpReportRow *row = g_new0(SpReportRow, 1);

    row->cells = g_strdupv((char **) cells);
    g_ptr_array_add(rows, row);
    return row;
}

static gboolean
is_empty_column(GPtrArray *rows, guint column)
{
    for (guint i = 0; i < rows->len; i++) {
        const SpReportRow *row = g_ptr_array_index(rows, i);

        if (*row->cells[column] != '\0') {
            return FALSE;
        }
    }
    return TRUE;
}

static void
remove_cell(GStrv cells, guint column)
{
    g_free(cells[column]);
    memmove(cells + column, cells + column + 1,
            (g_strv_length(cells + column + 1) + 1) * sizeof *cells);
}

/* Writes the table without the columns that say nothing. */
static void
write_table(const SpReportStory *story, const char *const *headings, GPtrArray *rows)
{
    g_auto(GStrv) shown = g_strdupv((char **) headings);

    for (guint column = g_strv_length(shown); column-- > 1;) {
        if (!is_empty_column(rows, column)) {
            continue;
        }
        remove_cell(shown, column);
        for (guint i = 0; i < rows->len; i++) {
            remove_cell(((SpReportRow *) g_ptr_array_index(rows, i))->cells, column);
        }
    }
    story->writer->table(story->out, shown, rows);
}

static char *
size_of(SpJson *copy)
{
    gint64 width = sp_json_int(copy, "width", 0);
    g_autofree char *format = sp_report_member(copy, "format");

    if (width == 0) {
        return g_strdup("");
    }
    return g_strdup_printf("%d × %d %s", (int) width, (int) sp_json_int(copy, "height", 0), format);
}

/* What a copy shows against the reference, or why it shows nothing. The names may be those of
 * another version, which then stand for themselves. */
static const char *
describe(const char *status, const char *relation, gboolean is_reference)
{
    if (strcmp(status, sp_copy_status_name(SP_COPY_PRESENT)) == 0) {
        if (is_reference) {
            return _("the reference");
        }
        for (int i = SP_RELATION_IDENTICAL; i <= SP_RELATION_UNSURE; i++) {
            if (strcmp(sp_relation_name((SpRelation) i), relation) == 0) {
                return sp_relation_title((SpRelation) i);
            }
        }
    }
    for (int i = SP_COPY_PRESENT; i <= SP_COPY_SKIPPED; i++) {
        if (strcmp(sp_copy_status_name((SpCopyStatus) i), status) == 0) {
            return sp_copy_status_title((SpCopyStatus) i);
        }
    }
    return status;
}

static SpReportTone
tone_of(const char *status, const char *relation, gboolean is_reference)
{
    if (strcmp(status, sp_copy_status_name(SP_COPY_PRESENT)) != 0) {
        return SP_REPORT_TONE_OTHER;
    }
    for (int i = SP_RELATION_IDENTICAL; i < SP_RELATION_UNSURE; i++) {
        if (is_reference || strcmp(sp_relation_name((SpRelation) i), relation) == 0) {
            return is_reference || sp_relation_is_same_photo((SpRelation) i) ? SP_REPORT_TONE_GOOD
                                                                             : SP_REPORT_TONE_BAD;
        }
    }
    return SP_REPORT_TONE_OTHER;
}

static void
add_copy(const SpReportStory *story, GPtrArray *rows, SpJson *copy, const char *reference)
{
    g_autofree char *service = sp_report_member(copy, "service");
    g_autofree char *title = sp_report_member(copy, "title");
    g_autofree char *status = sp_report_member(copy, "status");
    g_autofree char *relation = sp_report_member(copy, "relation");
    g_autofree char *error = sp_report_member(copy, "error");
    g_autofree char *group = sp_report_member(copy, "group");
    g_autofree char *size = size_of(copy);
    g_autofree char *changed = sp_report_member_time(copy, "last_modified");
    gboolean is_reference = strcmp(service, reference) == 0;
    const char *cells[] = {title, describe(status, relation, is_reference), group, size, changed,
                           NULL};
    SpReportRow *row = add_row(rows, cells);

    row->note = *error == '\0' ? NULL : g_steal_pointer(&error);
    row->tone = tone_of(status, relation, is_reference);
    row->picture = sp_report_picture(story->session->store, sp_json_string(copy, "sha256"),
                                     story->options->faces);
}

static void
tell_copies_of(const SpReportStory *story, SpJson *record, const char *heading)
{
    SpJson *copies = sp_json_member(record, "copies");
    const char *headings[] = {_("Service"), _("Photo"), _("Group"), _("Size"), _("Changed"), NULL};
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    g_autofree char *reference = sp_report_member(record, "reference");

    if (sp_json_length(copies) == 0) {
        return;
    }
    for (gsize i = 0; i < sp_json_length(copies); i++) {
        add_copy(story, rows, json_object_array_get_idx(copies, i), reference);
    }
    story->writer->heading(story->out, heading);
    write_table(story, headings, rows);
}

/* Whether two records show the same pictures and answers in the same places. */
static gboolean
show_the_same(SpJson *one, SpJson *other)
{
    static const char *const members[] = {"service", "status", "sha256", "relation"};
    SpJson *ones = sp_json_member(one, "copies");
    SpJson *others = sp_json_member(other, "copies");

    if (sp_json_length(ones) != sp_json_length(others)) {
        return FALSE;
    }
    for (gsize i = 0; i < sp_json_length(ones); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(members); j++) {
            if (g_strcmp0(sp_json_string(json_object_array_get_idx(ones, i), members[j]),
                          sp_json_string(json_object_array_get_idx(others, i), members[j])) != 0) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

void
sp_report_tell_copies(const SpReportStory *story)
{
    if (story->first == story->last) {
        tell_copies_of(story, story->last, _("Copies"));
    } else if (show_the_same(story->first, story->last)) {
        tell_copies_of(story, story->last, _("Copies, unchanged since the session began"));
    } else {
        tell_copies_of(story, story->last, _("Copies at the last re-check"));
        tell_copies_of(story, story->first, _("Copies when the session began"));
    }
}

void
sp_report_tell_evidence(const SpReportStory *story)
{
    SpJson *copies = sp_json_member(story->last, "copies");
    const char *headings[] = {_("Service"), _("Answer"), _("Request"), "ETag", "SHA-256", NULL};
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);

    if (sp_json_length(copies) == 0) {
        return;
    }
    for (gsize i = 0; i < sp_json_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);
        int status = (int) sp_json_int(copy, "http_status", 0);
        g_autofree char *title = sp_report_member(copy, "title");
        g_autofree char *sha256 = sp_report_member(copy, "sha256");
        g_autofree char *etag = sp_report_member(copy, "etag");
        g_autofree char *request = sp_report_member(copy, "request_id");
        /* A directory or a file answers by other means. */
        g_autofree char *answer = status == 0 ? g_strdup("") : g_strdup_printf("HTTP %d", status);
        const char *cells[] = {title, answer, request, etag, sha256, NULL};

        add_row(rows, cells);
    }
    story->writer->heading(story->out, _("Evidence"));
    write_table(story, headings, rows);
}
