/* The report's story, told once for every format: the verdict, the copies, the findings, the steps,
 * what comes next, and the trail of evidence. Everything comes from the database. */

#include "core/guide/report.h"

#include <string.h>

#include "core/guide/report-writer.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/text.h"

#define MAX_CHARACTERS 4000

/* What the story is told from. */
typedef struct {
    SpSession *session;
    const SpReportOptions *options;
    const SpReportWriter *writer;
    SpJson *first; /* the first record, or NULL */
    SpJson *last;  /* the last one, or NULL */
    GString *out;
} Story;

gboolean
sp_report_format_parse(const char *name, SpReportFormat *format)
{
    static const struct {
        const char *name;
        SpReportFormat format;
    } formats[] = {
        {"markdown", SP_REPORT_MARKDOWN}, {"md", SP_REPORT_MARKDOWN}, {"html", SP_REPORT_HTML},
        {"json", SP_REPORT_JSON},         {"text", SP_REPORT_TEXT},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].name, name) == 0) {
            *format = formats[i].format;
            return TRUE;
        }
    }
    return FALSE;
}

/* A string member, cleaned again: a record may have come in a bundle. Transfer full, never NULL. */
static char *
member(SpJson *json, const char *name)
{
    return sp_text_clean(sp_json_string(json, name), -1, MAX_CHARACTERS);
}

static char *
format_time(GDateTime *time)
{
    g_autoptr(GDateTime) local = time == NULL ? NULL : g_date_time_to_local(time);

    return local == NULL ? g_strdup("") : g_date_time_format(local, "%Y-%m-%d %H:%M %Z");
}

static char *
member_time(SpJson *json, const char *name)
{
    const char *text = sp_json_string(json, name);
    g_autoptr(GDateTime) time = text == NULL ? NULL : g_date_time_new_from_iso8601(text, NULL);

    return format_time(time);
}

static guint
array_length(SpJson *json)
{
    return json_object_is_type(json, json_type_array) ? (guint) json_object_array_length(json) : 0;
}

static const char *
who(const SpSession *session)
{
    if (session->display_name != NULL) {
        return session->display_name;
    }
    return session->user != NULL ? session->user : session->title;
}

static void
tell_title(const Story *story)
{
    const SpSession *session = story->session;
    g_autofree char *title = g_strdup_printf(_("Profile photo: %s"), who(session));
    g_autofree char *clean = sp_text_clean(title, -1, 300);

    story->writer->begin(story->out, clean, _("en"));
}

static void
tell_verdict(const Story *story)
{
    g_autofree char *verdict = member(story->last, "verdict");
    g_autofree char *headline = member(story->last, "headline");
    g_autofree char *before = member(story->first, "headline");
    g_autofree char *at = member_time(story->last, "at");

    if (story->last == NULL) {
        story->writer->verdict(story->out, "unknown", _("No copy was read in this session"));
        return;
    }
    story->writer->verdict(story->out, verdict, headline);
    if (strcmp(before, headline) != 0) {
        g_autofree char *line = g_strdup_printf(_("When the session began: %s"), before);

        story->writer->paragraph(story->out, line);
    }
    if (*at != '\0') {
        g_autofree char *line = g_strdup_printf(_("Read %s"), at);

        story->writer->paragraph(story->out, line);
    }
}

static char *
size_of(SpJson *copy)
{
    gint64 width = sp_json_int(copy, "width", 0);
    g_autofree char *format = member(copy, "format");

    if (width == 0) {
        return g_strdup("");
    }
    return g_strdup_printf("%d × %d %s", (int) width, (int) sp_json_int(copy, "height", 0), format);
}

/* Words for a name that another version may have written. */
static const char *
status_title(const char *name)
{
    for (int i = SP_COPY_PRESENT; i <= SP_COPY_SKIPPED; i++) {
        if (strcmp(sp_copy_status_name((SpCopyStatus) i), name) == 0) {
            return sp_copy_status_title((SpCopyStatus) i);
        }
    }
    return name;
}

static const char *
relation_title(const char *name)
{
    for (int i = SP_RELATION_IDENTICAL; i <= SP_RELATION_UNSURE; i++) {
        if (strcmp(sp_relation_name((SpRelation) i), name) == 0) {
            return sp_relation_title((SpRelation) i);
        }
    }
    return name;
}

static GStrv
copy_row(SpJson *copy, const char *reference)
{
    g_autofree char *service = member(copy, "service");
    g_autofree char *title = member(copy, "title");
    g_autofree char *status = member(copy, "status");
    g_autofree char *relation = member(copy, "relation");
    g_autofree char *error = member(copy, "error");
    g_autofree char *group = member(copy, "group");
    g_autofree char *size = size_of(copy);
    g_autofree char *changed = member_time(copy, "last_modified");
    const char *stands =
        strcmp(service, reference) == 0 ? _("the reference") : relation_title(relation);
    const char *cells[] = {title, status_title(status), group, stands, size, changed, error, NULL};

    return g_strdupv((char **) cells);
}

static void
tell_copies(const Story *story, SpJson *record, const char *heading)
{
    SpJson *copies = sp_json_member(record, "copies");
    const char *headings[] = {
        _("Service"), _("Answer"),  _("Group"),           _("Against the reference"),
        _("Size"),    _("Changed"), _("What went wrong"), NULL};
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify) g_strfreev);
    g_autoptr(GPtrArray) pictures = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *reference = member(record, "reference");
    gboolean has_pictures = story->options->faces != SP_FACES_NONE;

    if (array_length(copies) == 0) {
        return;
    }
    story->writer->heading(story->out, heading);
    g_ptr_array_add(rows, g_strdupv((char **) headings));
    for (guint i = 0; i < array_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);

        g_ptr_array_add(rows, copy_row(copy, reference));
        g_ptr_array_add(pictures,
                        sp_report_picture(story->session->store, sp_json_string(copy, "sha256"),
                                          story->options->faces));
    }
    story->writer->table(story->out, rows, has_pictures ? pictures : NULL);
}

static void
tell_detail(const Story *story, const char *format, const char *text)
{
    if (text != NULL && *text != '\0') {
        g_autoptr(GString) line = g_string_new(format);

        /* The formats are ours, each with one %s. */
        g_string_replace(line, "%s", text, 1);
        story->writer->detail(story->out, line->str);
    }
}

static void
tell_strings(const Story *story, SpJson *strings, gboolean as_items)
{
    for (guint i = 0; i < array_length(strings); i++) {
        g_autofree char *line = sp_text_clean(
            json_object_get_string(json_object_array_get_idx(strings, i)), -1, MAX_CHARACTERS);

        if (as_items) {
            story->writer->item(story->out, "•", line);
        } else {
            story->writer->detail(story->out, line);
        }
    }
}

static void
tell_finding(const Story *story, SpJson *finding)
{
    g_autofree char *summary = member(finding, "summary");
    g_autofree char *source = member(finding, "source");
    g_autofree char *url = member(finding, "source_url");
    g_autofree char *date = member(finding, "source_date");
    g_autofree char *recheck = member_time(finding, "recheck_after");

    story->writer->item(story->out, "•", summary);
    tell_strings(story, sp_json_member(finding, "evidence"), FALSE);
    if (*source != '\0') {
        g_autofree char *line =
            g_strdup_printf("%s%s%s%s%s%s", source, *url == '\0' ? "" : ", ", url,
                            *date == '\0' ? "" : " (", date, *date == '\0' ? "" : ")");

        tell_detail(story, _("Source: %s"), line);
    }
    tell_detail(story, _("A re-check makes sense from %s"), recheck);
}

/* The findings that the session set out from; once healed, the last ones say only that. */
static void
tell_findings(const Story *story)
{
    SpJson *findings = sp_json_member(story->first, "findings");

    if (array_length(findings) == 0) {
        return;
    }
    story->writer->heading(story->out, _("Findings"));
    story->writer->begin_list(story->out);
    for (guint i = 0; i < array_length(findings); i++) {
        tell_finding(story, json_object_array_get_idx(findings, i));
    }
    story->writer->end_list(story->out);
}

/* "1. done" */
static char *
step_mark(const SpSessionStep *step, guint index)
{
    return g_strdup_printf("%u. [%s]", index + 1, sp_step_state_title(step->state));
}

static void
tell_step_details(const Story *story, const SpSessionStep *step)
{
    g_autofree char *changed = format_time(step->changed);
    g_autofree char *until = format_time(step->wait_until);

    if (step->step->actor != SP_ACTOR_NOBODY) {
        tell_detail(story, _("Who: %s"), sp_actor_title(step->step->actor));
    }
    if (step->changed != NULL && step->state != SP_STEP_TODO) {
        g_autofree char *line = g_strdup_printf(_("%s, noted by %s"), changed,
                                                step->changed_by == NULL ? "?" : step->changed_by);

        story->writer->detail(story->out, line);
    }
    if (step->by_hand) {
        story->writer->detail(story->out, _("Ticked off by hand, without a passing re-check"));
    }
    if (step->state == SP_STEP_SKIPPED) {
        tell_detail(story, _("Skipped: %s"), sp_skip_reason_title(step->skip_reason));
    }
    tell_detail(story, _("Waiting until %s"), until);
    tell_detail(story, _("Re-check: %s"), step->proof);
}

static void
tell_note(const Story *story, const SpSessionStep *step)
{
    g_auto(GStrv) lines = g_strsplit(step->note == NULL ? "" : step->note, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *clean = sp_text_clean(lines[i], -1, MAX_CHARACTERS);

        tell_detail(story, _("Note: %s"), clean);
    }
}

static void
tell_steps(const Story *story)
{
    GPtrArray *steps = story->session->steps;

    if (steps->len == 0) {
        return;
    }
    story->writer->heading(story->out, _("Steps"));
    story->writer->begin_list(story->out);
    for (guint i = 0; i < steps->len; i++) {
        const SpSessionStep *step = g_ptr_array_index(steps, i);
        g_autofree char *mark = step_mark(step, i);

        story->writer->item(story->out, mark, step->step->text);
        tell_step_details(story, step);
        tell_note(story, step);
    }
    story->writer->end_list(story->out);
}

static void
tell_next(const Story *story)
{
    SpJson *forecast = sp_json_member(story->last, "forecast");
    GPtrArray *steps = story->session->steps;
    guint current = story->session->current;

    story->writer->heading(story->out, _("What comes next"));
    story->writer->begin_list(story->out);
    tell_strings(story, forecast, TRUE);
    if (current < steps->len && sp_session_count_done(story->session) < steps->len) {
        const SpSessionStep *step = g_ptr_array_index(steps, current);
        g_autofree char *line =
            g_strdup_printf(_("Step %u of %u: %s"), current + 1, steps->len, step->step->text);

        story->writer->item(story->out, "•", line);
    } else {
        story->writer->item(story->out, "•", _("Every step has been walked"));
    }
    story->writer->end_list(story->out);
}

static GStrv
evidence_row(SpJson *copy)
{
    g_autofree char *title = member(copy, "title");
    g_autofree char *sha256 = member(copy, "sha256");
    g_autofree char *etag = member(copy, "etag");
    g_autofree char *request = member(copy, "request_id");
    g_autofree char *status = g_strdup_printf("%d", (int) sp_json_int(copy, "http_status", 0));
    const char *cells[] = {title, status, request, etag, sha256, NULL};

    return g_strdupv((char **) cells);
}

/* What a support case at Microsoft asks for. */
static void
tell_evidence(const Story *story)
{
    SpJson *copies = sp_json_member(story->last, "copies");
    const char *headings[] = {_("Service"), _("HTTP"), _("Request"), "ETag", "SHA-256", NULL};
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify) g_strfreev);

    if (array_length(copies) == 0) {
        return;
    }
    story->writer->heading(story->out, _("Evidence"));
    g_ptr_array_add(rows, g_strdupv((char **) headings));
    for (guint i = 0; i < array_length(copies); i++) {
        g_ptr_array_add(rows, evidence_row(json_object_array_get_idx(copies, i)));
    }
    story->writer->table(story->out, rows, NULL);
}

/* Everybody who wrote in the log, in the order of their first line. Transfer full. */
static char *
agents_of(const SpSession *session)
{
    g_autoptr(GPtrArray) log = sp_session_get_log(session, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; log != NULL && i < log->len; i++) {
        const SpSessionLine *line = g_ptr_array_index(log, i);

        if (!g_ptr_array_find_with_equal_func(names, line->agent, g_str_equal, NULL)) {
            g_ptr_array_add(names, line->agent);
        }
    }
    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **) names->pdata);
}

static void
tell_session(const Story *story)
{
    const SpSession *session = story->session;
    g_autofree char *agents = agents_of(session);
    g_autofree char *started = format_time(session->started);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, session->id);

    story->writer->heading(story->out, _("Session"));
    story->writer->begin_list(story->out);
    if (session->user != NULL) {
        story->writer->item(story->out, "•", session->user);
    }
    if (session->ticket != NULL) {
        g_autofree char *line = g_strdup_printf(_("Ticket %s"), session->ticket);

        story->writer->item(story->out, "•", line);
    }
    g_autofree char *line =
        g_strdup_printf(_("Session %s, begun %s by %s"), number, started, agents);
    story->writer->item(story->out, "•", line);
    story->writer->end_list(story->out);
}

static void
tell(const Story *story)
{
    tell_title(story);
    tell_verdict(story);
    if (story->first != story->last) {
        tell_copies(story, story->first, _("Copies when the session began"));
    }
    tell_copies(story, story->last,
                story->first == story->last ? _("Copies") : _("Copies at the last re-check"));
    tell_findings(story);
    tell_steps(story);
    tell_next(story);
    tell_evidence(story);
    tell_session(story);
    story->writer->end(story->out);
}

/* Cut at a line where possible, with a word that says so. */
static char *
shorten(char *text, gsize max_characters)
{
    const char *ending = _("\n[shortened]\n");
    gsize room = max_characters - MIN(max_characters, (gsize) g_utf8_strlen(ending, -1));
    char *end;
    char *line;

    if (max_characters == 0 || (gsize) g_utf8_strlen(text, -1) <= max_characters) {
        return text;
    }
    end = g_utf8_offset_to_pointer(text, (glong) room);
    *end = '\0';
    line = strrchr(text, '\n');
    if (line != NULL && line > text) {
        *line = '\0';
    }
    line = g_strconcat(text, room == 0 ? "" : ending, NULL);
    g_free(text);
    return line;
}

/* Every picture that the two records name, by its hash. */
static SpJson *
pictures_to_json(const Story *story)
{
    SpJson *const records[] = {story->first, story->last};
    SpJson *json = json_object_new_object();

    for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
        SpJson *copies = sp_json_member(records[i], "copies");

        for (guint j = 0; j < array_length(copies); j++) {
            const char *sha256 = sp_json_string(json_object_array_get_idx(copies, j), "sha256");
            g_autofree char *address =
                sp_report_picture(story->session->store, sha256, story->options->faces);

            if (address != NULL) {
                sp_json_add_string(json, sha256, address);
            }
        }
    }
    return json;
}

static char *
render_json(const Story *story)
{
    g_autoptr(SpJson) json = json_object_new_object();

    sp_json_add_string(json, "schema", "samephoto.report/1");
    json_object_object_add(json, "session", sp_session_to_json(story->session));
    json_object_object_add(json, "first", json_object_get(story->first));
    json_object_object_add(json, "last", json_object_get(story->last));
    json_object_object_add(json, "pictures", pictures_to_json(story));
    return g_strconcat(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE),
                       "\n", NULL);
}

static const SpReportWriter *
writer_of(SpReportFormat format)
{
    switch (format) {
    case SP_REPORT_HTML: return &sp_report_html;
    case SP_REPORT_MARKDOWN: return &sp_report_markdown;
    default: return &sp_report_text;
    }
}

/* The record with this id; an error only where it exists and cannot be read. */
static gboolean
load_record(const SpSession *session, gint64 id, SpJson **record, GError **error)
{
    g_autoptr(GError) local = NULL;

    *record = id == 0 ? NULL : sp_record_tell(session->store, id, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    return TRUE;
}

char *
sp_report_render(SpSession *session, const SpReportOptions *options, GError **error)
{
    gint64 first_id = sp_record_first(session);
    gint64 last_id = sp_record_last(session);
    g_autoptr(SpJson) first = NULL;
    g_autoptr(SpJson) last = NULL;
    Story story = {.session = session, .options = options, .writer = writer_of(options->format)};

    if (!load_record(session, first_id, &first, error) ||
        (last_id != first_id && !load_record(session, last_id, &last, error))) {
        return NULL;
    }
    story.first = first;
    story.last = last_id == first_id ? first : last;
    if (options->format == SP_REPORT_JSON) {
        return render_json(&story);
    }
    story.out = g_string_new(NULL);
    tell(&story);
    return shorten(g_string_free(story.out, FALSE),
                   options->format == SP_REPORT_TEXT ? options->max_characters : 0);
}
