/* The report's story, told once for every format: the verdict, the copies, the findings, the steps,
 * what comes next, and the trail of evidence. Everything comes from the database. */

#include "core/guide/report.h"

#include <string.h>

#include "core/guide/report-story.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/text.h"

#define MAX_CHARACTERS 4000

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

char *
sp_report_member(SpJson *json, const char *name)
{
    return sp_text_clean(sp_json_string(json, name), -1, MAX_CHARACTERS);
}

char *
sp_report_format_time(GDateTime *time)
{
    g_autoptr(GDateTime) local = time == NULL ? NULL : g_date_time_to_local(time);

    return local == NULL ? g_strdup("") : g_date_time_format(local, "%Y-%m-%d %H:%M %Z");
}

char *
sp_report_member_time(SpJson *json, const char *name)
{
    const char *text = sp_json_string(json, name);
    g_autoptr(GDateTime) time = text == NULL ? NULL : g_date_time_new_from_iso8601(text, NULL);

    return sp_report_format_time(time);
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
tell_title(const SpReportStory *story)
{
    const SpSession *session = story->session;
    g_autofree char *title = g_strdup_printf(_("Profile photo: %s"), who(session));
    g_autofree char *clean = sp_text_clean(title, -1, 300);

    story->writer->begin(story->out, clean, _("en"));
}

static void
tell_verdict(const SpReportStory *story)
{
    g_autofree char *verdict = sp_report_member(story->last, "verdict");
    g_autofree char *headline = sp_report_member(story->last, "headline");
    g_autofree char *before = sp_report_member(story->first, "headline");

    if (story->last == NULL) {
        story->writer->verdict(story->out, "unknown", _("No copy was read in this session"));
        return;
    }
    story->writer->verdict(story->out, verdict, headline);
    if (strcmp(before, headline) != 0) {
        g_autofree char *line = g_strdup_printf(_("When the session began: %s"), before);

        story->writer->paragraph(story->out, line);
    }
}

/* `format` is one of ours, with one %s. Transfer full. */
static char *
fill_in(const char *format, const char *value)
{
    g_autoptr(GString) text = g_string_new(format);

    g_string_replace(text, "%s", value, 1);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
add_fact(GString *facts, const char *format, const char *value)
{
    if (value != NULL && *value != '\0') {
        g_autofree char *fact = fill_in(format, value);

        g_string_append_printf(facts, "%s%s", facts->len > 0 ? " · " : "", fact);
    }
}

/* "anna@norvane.example · Ticket INC-7 · Read 2026-11-22 10:00 CET" */
static void
tell_facts(const SpReportStory *story)
{
    g_autofree char *at = sp_report_member_time(story->last, "at");
    g_autoptr(GString) facts = g_string_new(NULL);

    add_fact(facts, "%s", story->session->user);
    add_fact(facts, _("Ticket %s"), story->session->ticket);
    add_fact(facts, _("Read %s"), at);
    if (facts->len > 0) {
        story->writer->paragraph(story->out, facts->str);
    }
}

static void
tell_item(const SpReportStory *story, const char *text)
{
    story->writer->item(story->out, NULL, text);
    story->writer->end_item(story->out);
}

static void
tell_detail(const SpReportStory *story, const char *format, const char *text)
{
    if (text != NULL && *text != '\0') {
        g_autofree char *line = fill_in(format, text);

        story->writer->detail(story->out, line);
    }
}

static void
tell_strings(const SpReportStory *story, SpJson *strings, gboolean as_items)
{
    for (gsize i = 0; i < sp_json_length(strings); i++) {
        g_autofree char *line = sp_text_clean(
            json_object_get_string(json_object_array_get_idx(strings, i)), -1, MAX_CHARACTERS);

        if (as_items) {
            tell_item(story, line);
        } else {
            story->writer->detail(story->out, line);
        }
    }
}

/* Whether the re-check is worth waiting for: "from now on" says nothing. */
static gboolean
is_later(SpJson *finding, SpJson *record)
{
    const char *recheck = sp_json_string(finding, "recheck_after");
    const char *at = sp_json_string(record, "at");
    g_autoptr(GDateTime) then =
        recheck == NULL ? NULL : g_date_time_new_from_iso8601(recheck, NULL);
    g_autoptr(GDateTime) read = at == NULL ? NULL : g_date_time_new_from_iso8601(at, NULL);

    return then != NULL &&
           (read == NULL || g_date_time_difference(then, read) > G_TIME_SPAN_MINUTE);
}

static void
tell_finding(const SpReportStory *story, SpJson *finding)
{
    g_autofree char *summary = sp_report_member(finding, "summary");
    g_autofree char *source = sp_report_member(finding, "source");
    g_autofree char *url = sp_report_member(finding, "source_url");
    g_autofree char *date = sp_report_member(finding, "source_date");
    g_autofree char *recheck = sp_report_member_time(finding, "recheck_after");

    story->writer->item(story->out, NULL, summary);
    tell_strings(story, sp_json_member(finding, "evidence"), FALSE);
    if (*source != '\0') {
        g_autofree char *line =
            g_strdup_printf("%s%s%s%s%s%s", source, *url == '\0' ? "" : ", ", url,
                            *date == '\0' ? "" : " (", date, *date == '\0' ? "" : ")");

        tell_detail(story, _("Source: %s"), line);
    }
    if (is_later(finding, story->first)) {
        tell_detail(story, _("A re-check makes sense from %s"), recheck);
    }
    story->writer->end_item(story->out);
}

/* The findings that the session set out from; once healed, the last ones say only that. */
static void
tell_findings(const SpReportStory *story)
{
    SpJson *findings = sp_json_member(story->first, "findings");

    if (sp_json_length(findings) == 0) {
        return;
    }
    story->writer->heading(story->out, _("Findings"));
    story->writer->begin_list(story->out);
    for (gsize i = 0; i < sp_json_length(findings); i++) {
        tell_finding(story, json_object_array_get_idx(findings, i));
    }
    story->writer->end_list(story->out);
}

static void
tell_step_details(const SpReportStory *story, guint index)
{
    const SpSessionStep *step = g_ptr_array_index(story->session->steps, index);
    g_autofree char *proof = sp_session_tell_proof(story->session, index);
    g_autofree char *changed = sp_report_format_time(step->changed);
    g_autofree char *until = sp_report_format_time(step->wait_until);

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
    tell_detail(story, _("Re-check: %s"), proof);
}

static void
tell_note(const SpReportStory *story, const SpSessionStep *step)
{
    g_auto(GStrv) lines = g_strsplit(step->note == NULL ? "" : step->note, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *clean = sp_text_clean(lines[i], -1, MAX_CHARACTERS);

        tell_detail(story, _("Note: %s"), clean);
    }
}

static void
tell_step(const SpReportStory *story, guint index, const SpToldStep *told)
{
    const SpSessionStep *step = g_ptr_array_index(story->session->steps, index);
    SpReportMark mark = {.number = index + 1,
                         .state = sp_step_state_title(step->state),
                         .is_done = step->state == SP_STEP_PASSED};

    story->writer->item(story->out, &mark, told->step->text);
    tell_step_details(story, index);
    tell_note(story, step);
    story->writer->end_item(story->out);
}

/* The steps of several sections stand below their titles. */
static void
tell_steps(const SpReportStory *story, GPtrArray *told)
{
    const char *section = NULL;

    if (told->len == 0) {
        return;
    }
    story->writer->heading(story->out, _("Steps"));
    for (guint i = 0; i < told->len; i++) {
        const SpToldStep *step = g_ptr_array_index(told, i);

        if (g_strcmp0(section, step->section_title) != 0) {
            if (section != NULL) {
                story->writer->end_list(story->out);
            }
            section = step->section_title;
            story->writer->paragraph(story->out, section);
            story->writer->begin_list(story->out);
        }
        tell_step(story, i, step);
    }
    story->writer->end_list(story->out);
}

static void
tell_next(const SpReportStory *story, GPtrArray *told)
{
    SpJson *forecast = sp_json_member(story->last, "forecast");
    guint current = story->session->current;

    story->writer->heading(story->out, _("What comes next"));
    story->writer->begin_list(story->out);
    if (current < told->len && sp_session_count_done(story->session) < told->len) {
        const SpToldStep *step = g_ptr_array_index(told, current);
        g_autofree char *line =
            g_strdup_printf(_("Step %u of %u: %s"), current + 1, told->len, step->step->text);

        tell_item(story, line);
    } else {
        tell_item(story, _("Every step has been walked"));
    }
    tell_strings(story, forecast, TRUE);
    story->writer->end_list(story->out);
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
tell_session(const SpReportStory *story)
{
    const SpSession *session = story->session;
    g_autofree char *agents = agents_of(session);
    g_autofree char *started = sp_report_format_time(session->started);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, session->id);

    story->writer->heading(story->out, _("Session"));
    story->writer->begin_list(story->out);
    g_autofree char *line =
        g_strdup_printf(_("Session %s, begun %s by %s"), number, started, agents);
    tell_item(story, line);
    story->writer->end_list(story->out);
}

/* The copy's title as the last record has it, or its id. */
static char *
title_of(const SpReportStory *story, const char *service)
{
    SpJson *copies = sp_json_member(story->last, "copies");

    for (gsize i = 0; i < sp_json_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);

        if (g_strcmp0(sp_json_string(copy, "service"), service) == 0) {
            return sp_report_member(copy, "title");
        }
    }
    return g_strdup(service);
}

/* What humans said against the measurement stands right below it, with their names. */
static void
tell_overrules(const SpReportStory *story)
{
    GPtrArray *overrules = story->session->overrules;

    for (guint i = 0; i < overrules->len; i++) {
        const SpOverrule *overrule = g_ptr_array_index(overrules, i);
        g_autofree char *left = title_of(story, overrule->left);
        g_autofree char *right = title_of(story, overrule->right);
        g_autofree char *at = sp_report_format_time(overrule->at);
        g_autofree char *line = g_strdup_printf(_("%s says: %s and %s show the same photo (%s)"),
                                                overrule->agent, left, right, at);

        story->writer->paragraph(story->out, line);
    }
}

static void
tell(const SpReportStory *story)
{
    g_autoptr(GPtrArray) told = sp_session_tell_steps(story->session, _("en"));

    tell_title(story);
    tell_verdict(story);
    tell_overrules(story);
    tell_facts(story);
    sp_report_tell_copies(story);
    tell_findings(story);
    tell_steps(story, told);
    tell_next(story, told);
    sp_report_tell_evidence(story);
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
pictures_to_json(const SpReportStory *story)
{
    SpJson *const records[] = {story->first, story->last};
    SpJson *json = json_object_new_object();

    for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
        SpJson *copies = sp_json_member(records[i], "copies");

        for (gsize j = 0; j < sp_json_length(copies); j++) {
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
render_json(const SpReportStory *story)
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
    SpReportStory story = {
        .session = session, .options = options, .writer = writer_of(options->format)};

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
