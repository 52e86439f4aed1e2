/* Messages are templates of data in each language (assets/messages), filled with the facts of the
 * case. What the facts say in words of their own (steps, the name of the cause) comes from the
 * playbook in that language, so that a French user gets French from an English screen. */

#include <string.h>

#include "core/error.h"
#include "core/guide/front-matter.h"
#include "core/guide/report.h"
#include "core/guide/resources.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/text.h"

typedef struct {
    const SpSession *session;
    SpJson *record;       /* the last one, or NULL */
    SpPlaybook *playbook; /* in the message's language, or NULL */
    const char *language;
    SpActor to;
} Facts;

static void
add_line(GString *text, const char *separator, const char *line)
{
    if (*line != '\0') {
        g_string_append_printf(text, "%s%s", text->len > 0 ? separator : "", line);
    }
}

static char *
take(GString *text)
{
    return g_string_free(text, FALSE);
}

/* The person is spoken to in the words that the agent would use; an administrator gets the step. */
static char *
word_step(const Facts *facts, const SpStep *step)
{
    if (facts->to != SP_ACTOR_USER || step->say == NULL) {
        return g_strdup(step->text);
    }
    return step->url == NULL ? g_strdup(step->say)
                             : g_strdup_printf("%s (%s)", step->say, step->url);
}

static char *
fact_steps(const Facts *facts)
{
    g_autoptr(GPtrArray) told = sp_session_tell_steps(facts->session, facts->language);
    GString *text = g_string_new(NULL);
    guint number = 0;

    for (guint i = 0; i < facts->session->steps->len; i++) {
        const SpSessionStep *step = g_ptr_array_index(facts->session->steps, i);

        if (step->step->actor == facts->to && step->state != SP_STEP_PASSED &&
            step->state != SP_STEP_SKIPPED) {
            const SpToldStep *words = g_ptr_array_index(told, i);
            g_autofree char *wording = word_step(facts, words->step);
            g_autofree char *line = g_strdup_printf("%u. %s", ++number, wording);

            add_line(text, "\n", line);
        }
    }
    return take(text);
}

/* A service's name that is the same in every language, where the recorded title is not. */
static char *
name_copy(SpJson *copy)
{
    static const struct {
        const char *service;
        const char *name;
    } names[] = {
        {"sharepoint-s", "SharePoint (S)"},
        {"sharepoint-m", "SharePoint (M)"},
        {"sharepoint-l", "SharePoint (L)"},
        {"directory", "Active Directory"},
    };
    const char *service = sp_json_string(copy, "service");

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_strcmp0(names[i].service, service) == 0) {
            return g_strdup(names[i].name);
        }
    }
    return sp_text_clean(sp_json_string(copy, "title"), -1, 100);
}

/* How a copy stands to the photo that everybody should see. */
typedef enum { SIDE_NONE, SIDE_SAME, SIDE_DIFFERS } Side;

static gboolean
is_sharepoint(SpJson *copy)
{
    const char *service = sp_json_string(copy, "service");

    return service != NULL && g_str_has_prefix(service, "sharepoint-");
}

/* Without a mailbox Exchange has no photo, and into a directory the cloud writes none. */
static gboolean
may_be_empty(SpJson *copy)
{
    const char *service = sp_json_string(copy, "service");

    return g_strcmp0(service, "exchange") == 0 || g_strcmp0(service, "directory") == 0;
}

static Side
side_of(SpJson *copy)
{
    static const char *const same[] = {"identical", "same", "recropped", NULL};
    static const char *const different[] = {"different", "edited", NULL};
    static const char *const empty[] = {"absent", "placeholder", NULL};
    const char *status = sp_json_string(copy, "status");
    const char *relation = sp_json_string(copy, "relation");

    if (status == NULL || g_strv_contains(empty, status)) {
        return status == NULL || may_be_empty(copy) ? SIDE_NONE : SIDE_DIFFERS;
    }
    if (strcmp(status, "present") != 0 || relation == NULL) {
        return SIDE_NONE;
    }
    if (g_strv_contains(same, relation)) {
        return SIDE_SAME;
    }
    return g_strv_contains(different, relation) ? SIDE_DIFFERS : SIDE_NONE;
}

/* The side that stands for all of SharePoint's sizes, or SIDE_NONE where each has to be named. A
 * person knows one SharePoint only, which is out of date with its first size. */
static Side
side_of_sharepoint(const Facts *facts)
{
    SpJson *copies = sp_json_member(facts->record, "copies");
    guint n_sizes = 0;
    guint counts[] = {[SIDE_NONE] = 0, [SIDE_SAME] = 0, [SIDE_DIFFERS] = 0};

    for (gsize i = 0; i < sp_json_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);

        if (is_sharepoint(copy)) {
            n_sizes++;
            counts[side_of(copy)]++;
        }
    }
    for (Side side = SIDE_DIFFERS; side > SIDE_NONE; side--) {
        if (counts[side] > 0 && (facts->to == SP_ACTOR_USER || counts[side] == n_sizes)) {
            return side;
        }
    }
    return SIDE_NONE;
}

/* Names of the copies that show the reference's photo, or of those that answered and do not; a
 * person is told nothing of directories. */
static char *
copies_on(const Facts *facts, Side side)
{
    SpJson *copies = sp_json_member(facts->record, "copies");
    Side sharepoint = side_of_sharepoint(facts);
    GString *text = g_string_new(NULL);
    gboolean is_told = FALSE;

    for (gsize i = 0; i < sp_json_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);
        g_autofree char *name = name_copy(copy);

        if (is_sharepoint(copy) && sharepoint != SIDE_NONE) {
            if (sharepoint == side && !is_told) {
                add_line(text, ", ", "SharePoint");
                is_told = TRUE;
            }
        } else if (side_of(copy) == side &&
                   !(facts->to == SP_ACTOR_USER &&
                     g_strcmp0(sp_json_string(copy, "service"), "directory") == 0)) {
            add_line(text, ", ", name);
        }
    }
    return take(text);
}

static char *
fact_same(const Facts *facts)
{
    return copies_on(facts, SIDE_SAME);
}

/* Where no copy shows the photo, there is none that others could lack. */
static char *
fact_differs(const Facts *facts)
{
    g_autofree char *same = fact_same(facts);

    return *same == '\0' ? g_strdup("") : copies_on(facts, SIDE_DIFFERS);
}

/* The section that a finding calls for names the cause in the message's language. */
static char *
name_cause(const Facts *facts, SpJson *finding)
{
    const char *remedy = sp_json_string(finding, "remedy");
    const char *fragment = remedy == NULL ? NULL : strchr(remedy, '#');
    const SpSection *section = fragment == NULL || facts->playbook == NULL
                                   ? NULL
                                   : sp_playbook_find_section(facts->playbook, fragment + 1);

    return section != NULL ? g_strdup(section->title)
                           : sp_text_clean(sp_json_string(finding, "id"), -1, 100);
}

static char *
fact_findings(const Facts *facts)
{
    SpJson *findings = sp_json_member(facts->record, "findings");
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < MIN(sp_json_length(findings), 3); i++) {
        g_autofree char *cause = name_cause(facts, json_object_array_get_idx(findings, i));

        g_autofree char *line = g_strdup_printf("- %s", cause);

        add_line(text, "\n", line);
    }
    return take(text);
}

/* "- Microsoft 365: HTTP 200, 7be9…"; a directory or a file answers by other means than HTTP. */
static char *
describe_answer(const Facts *facts, SpJson *copy)
{
    int status = (int) sp_json_int(copy, "http_status", 0);
    g_autofree char *title = name_copy(copy);
    g_autofree char *request = sp_text_clean(sp_json_string(copy, "request_id"), -1, 100);
    gboolean is_french = g_str_has_prefix(facts->language, "fr");

    if (status == 0) {
        return g_strdup("");
    }
    return g_strdup_printf("- %s%s: HTTP %d%s%s", title, is_french ? "\u00a0" : "", status,
                           *request == '\0' ? "" : ", ", request);
}

static char *
fact_evidence(const Facts *facts)
{
    SpJson *copies = sp_json_member(facts->record, "copies");
    GString *text = g_string_new(NULL);

    for (gsize i = 0; i < sp_json_length(copies); i++) {
        g_autofree char *line = describe_answer(facts, json_object_array_get_idx(copies, i));

        add_line(text, "\n", line);
    }
    return take(text);
}

/* Only a time to come: "not before now" says nothing. */
static char *
fact_recheck(const Facts *facts)
{
    SpJson *findings = sp_json_member(facts->record, "findings");
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    for (gsize i = 0; i < sp_json_length(findings); i++) {
        const char *text = sp_json_string(json_object_array_get_idx(findings, i), "recheck_after");
        g_autoptr(GDateTime) time = text == NULL ? NULL : g_date_time_new_from_iso8601(text, NULL);
        g_autoptr(GDateTime) local = time == NULL ? NULL : g_date_time_to_local(time);

        if (local != NULL && g_date_time_compare(local, now) > 0) {
            return g_date_time_format(local, "%Y-%m-%d %H:%M");
        }
    }
    return g_strdup("");
}

static char *
fact_name(const Facts *facts)
{
    const SpSession *session = facts->session;

    return g_strdup(session->display_name != NULL ? session->display_name
                    : session->user != NULL       ? session->user
                                                  : "");
}

static char *
fact_user(const Facts *facts)
{
    return g_strdup(facts->session->user == NULL ? "" : facts->session->user);
}

static char *
fact_agent(const Facts *facts)
{
    return g_strdup(facts->session->writer);
}

static char *
fact_ticket(const Facts *facts)
{
    return g_strdup(facts->session->ticket == NULL ? "" : facts->session->ticket);
}

/* A condition: something is wrong, and nothing of it is theirs to do. */
static char *
fact_handled(const Facts *facts)
{
    g_autofree char *steps = fact_steps(facts);
    gboolean is_well = g_strcmp0(sp_json_string(facts->record, "verdict"), "in-sync") == 0;

    return g_strdup(*steps == '\0' && !is_well ? "yes" : "");
}

static const struct {
    const char *name;
    char *(*get)(const Facts *facts);
    gboolean is_condition; /* says whether the line is told, and nothing itself */
} known[] = {
    {"{name}", fact_name, FALSE},         {"{user}", fact_user, FALSE},
    {"{agent}", fact_agent, FALSE},       {"{ticket}", fact_ticket, FALSE},
    {"{steps}", fact_steps, FALSE},       {"{differs}", fact_differs, FALSE},
    {"{same}", fact_same, FALSE},         {"{findings}", fact_findings, FALSE},
    {"{evidence}", fact_evidence, FALSE}, {"{recheck}", fact_recheck, FALSE},
    {"{handled}", fact_handled, TRUE},
};

/* One line of the template with its facts in, or NULL where a fact that it is about is missing:
 * "Ticket {ticket}" without a ticket is no line. */
static char *
fill_line(const Facts *facts, const char *line)
{
    GString *out = g_string_new(NULL);

    while (*line != '\0') {
        gsize i = 0;

        while (i < G_N_ELEMENTS(known) && !g_str_has_prefix(line, known[i].name)) {
            i++;
        }
        if (i == G_N_ELEMENTS(known)) {
            g_string_append_c(out, *line++);
            continue;
        }
        g_autofree char *value = known[i].get(facts);

        if (*value == '\0') {
            g_string_free(out, TRUE);
            return NULL;
        }
        g_string_append(out, known[i].is_condition ? "" : value);
        line += strlen(known[i].name);
    }
    return take(out);
}

/* A line that ends in a colon and lost all that it announced goes too. */
static gboolean
announces_nothing(const char *line, char *const *rest)
{
    return g_str_has_suffix(line, ":") && rest[0] != NULL && *rest[0] == '{';
}

static char *
fill(const Facts *facts, const char *template)
{
    g_auto(GStrv) lines = g_strsplit(template, "\n", -1);
    GString *out = g_string_new(NULL);
    gboolean was_empty = TRUE;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = fill_line(facts, lines[i]);

        if (line != NULL && announces_nothing(lines[i], lines + i + 1)) {
            g_autofree char *next = fill_line(facts, lines[i + 1]);

            if (next == NULL) {
                continue;
            }
        }
        /* Where a paragraph went, one blank line is enough. */
        if (line == NULL || (*line == '\0' && was_empty)) {
            continue;
        }
        g_string_append_printf(out, "%s\n", line);
        was_empty = *line == '\0';
    }
    return take(out);
}

static GBytes *
load_template(SpActor to, const char *language, GError **error)
{
    g_autofree char *wanted = sp_front_matter_language(language);
    const char *const languages[] = {wanted == NULL ? "en" : wanted, "en"};

    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autofree char *path = g_strdup_printf(
            "/samephoto/messages/%s.%s.txt", to == SP_ACTOR_USER ? "user" : "admin", languages[i]);
        GBytes *bytes =
            g_resource_lookup_data(sp_resources(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

        if (bytes != NULL) {
            return bytes;
        }
    }
    g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("there is no such message"));
    return NULL;
}

char *
sp_report_message(SpSession *session, SpActor to, const char *language, GError **error)
{
    g_autoptr(GBytes) template = load_template(to, language, error);
    g_autoptr(SpPlaybook) playbook = sp_playbook_load(session->playbook, language, NULL);
    g_autoptr(SpJson) record = NULL;
    g_autofree char *text = NULL;
    gint64 id = sp_record_last(session);
    Facts facts = {.session = session, .playbook = playbook, .language = language, .to = to};
    gsize length = 0;
    const char *data;

    if (template == NULL) {
        return NULL;
    }
    record = id == 0 ? NULL : sp_record_load(session->store, id, NULL);
    facts.record = record;
    data = g_bytes_get_data(template, &length);
    text = g_strndup(data, length);
    return fill(&facts, text);
}
