#include "tui/commands/audit-tell.h"

#include <string.h>

#include "core/csv.h"
#include "core/i18n.h"
#include "tui/output.h"

#define N_NAMED 3 /* people named for a cause */

/* What became of one person, in one sentence. Transfer full. */
static char *
describe(const SpAuditEntry *entry)
{
    SpEvidence evidence;

    if (entry->check == NULL) {
        return g_strdup(entry->error->message);
    }
    evidence = sp_check_get_evidence(entry->check);
    return sp_diagnose_headline(&evidence);
}

static const char *
verdict_name(const SpAuditEntry *entry)
{
    return entry->check == NULL ? "" : sp_verdict_name(sp_check_get_verdict(entry->check));
}

static const char *
finding_of(const SpAuditEntry *entry)
{
    GPtrArray *findings = entry->check == NULL ? NULL : sp_check_get_findings(entry->check);

    return findings == NULL || findings->len == 0 ? "" : ((SpFinding *) findings->pdata[0])->id;
}

/* A spreadsheet would take a name that begins like this for a formula; names are anybody's to
 * choose. */
static char *
defuse(const char *field)
{
    return *field != '\0' && strchr("=+-@", *field) != NULL ? g_strconcat("'", field, NULL)
                                                            : g_strdup(field);
}

static void
print_csv_row(const char *const *fields)
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (gsize i = 0; fields[i] != NULL; i++) {
        g_autofree char *harmless = defuse(fields[i]);
        g_autofree char *quoted = sp_csv_quote(harmless);

        g_string_append_printf(line, "%s%s", i == 0 ? "" : ",", quoted);
    }
    g_string_append_c(line, '\n');
    ui_output_write(line->str);
}

static void
tell_csv(const SpAuditEntry *entry)
{
    g_autofree char *headline = describe(entry);
    g_autofree char *code = g_strdup_printf("%d", sp_audit_exit_code(entry));
    const SpPerson *person = entry->check == NULL ? NULL : sp_check_get_person(entry->check);
    const char *const fields[] = {person == NULL ? entry->query : person->user_principal_name,
                                  person == NULL ? "" : person->display_name,
                                  verdict_name(entry),
                                  code,
                                  finding_of(entry),
                                  headline,
                                  NULL};

    print_csv_row(fields);
}

static void
tell_text(const SpAuditEntry *entry)
{
    g_autofree char *headline = describe(entry);

    g_print("%s: %s\n", entry->query, headline);
}

char *
ui_audit_line(SpJson *json)
{
    return g_strconcat(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
                                                                JSON_C_TO_STRING_NOSLASHESCAPE),
                       "\n", NULL);
}

void
ui_audit_tell_head(UiAuditForm form)
{
    static const char *const head[] = {"userPrincipalName", "displayName", "verdict", "exit_code",
                                       "finding",           "headline",    NULL};

    if (form == UI_AUDIT_CSV) {
        print_csv_row(head);
    }
}

void
ui_audit_tell_entry(UiAuditForm form, const SpAuditEntry *entry, const char *record,
                    gboolean is_verbose)
{
    switch (form) {
    case UI_AUDIT_JSON: ui_output_write(record); break;
    case UI_AUDIT_CSV: tell_csv(entry); break;
    case UI_AUDIT_TEXT:
        if (is_verbose || sp_audit_exit_code(entry) != 0) {
            tell_text(entry);
        }
        break;
    }
}

/* "a@…, b@… and 4 more". Transfer full. */
static char *
name_users(const SpAuditShare *share)
{
    g_autoptr(GString) names = g_string_new(NULL);
    guint more = share->users->len - MIN(share->users->len, N_NAMED);

    for (guint i = 0; i < MIN(share->users->len, N_NAMED); i++) {
        g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ",
                               (const char *) g_ptr_array_index(share->users, i));
    }
    return more == 0 ? g_string_free(g_steal_pointer(&names), FALSE)
                     : g_strdup_printf(ngettext("%s and %u more", "%s and %u more", more),
                                       names->str, more);
}

static void
print_shares(const GPtrArray *shares, const char *title)
{
    if (shares->len > 0) {
        g_print("\n%s\n", title);
    }
    for (guint i = 0; i < shares->len; i++) {
        const SpAuditShare *share = g_ptr_array_index(shares, i);
        g_autofree char *names = name_users(share);

        if (share->summary != NULL) {
            g_print("%5u  %s (%s)\n       %s\n", share->users->len, share->summary, share->id,
                    names);
        } else {
            g_print("%5u  %s\n", share->users->len, names);
        }
    }
}

static void
print_count(guint count, const char *words)
{
    if (count > 0) {
        g_print("%5u  %s\n", count, words);
    }
}

static void
print_summary(SpAuditTally *tally, guint n_left_out)
{
    guint count = sp_audit_tally_count(tally);

    g_print(ngettext("%u person\n", "%u people\n", count), count);
    print_count(sp_audit_tally_count_verdict(tally, SP_VERDICT_IN_SYNC),
                _("the same photo everywhere"));
    print_count(sp_audit_tally_count_verdict(tally, SP_VERDICT_OUT_OF_SYNC),
                _("not the same photo everywhere"));
    print_count(sp_audit_tally_count_verdict(tally, SP_VERDICT_NO_PHOTO), _("no photo anywhere"));
    print_count(sp_audit_tally_count_verdict(tally, SP_VERDICT_INCOMPLETE),
                _("could not be read whole"));
    print_count(sp_audit_tally_count_failed(tally), _("could not be looked up"));
    print_count(n_left_out, _("guests and disabled accounts, left out"));
    print_shares(sp_audit_tally_get_causes(tally), _("What keeps the copies apart"));
    print_shares(sp_audit_tally_get_pictures(tally),
                 _("The very same picture on several accounts"));
}

void
ui_audit_tell_summary(UiAuditForm form, SpAuditTally *tally, guint n_left_out)
{
    g_autoptr(SpJson) summary = NULL;
    g_autofree char *line = NULL;

    if (form == UI_AUDIT_TEXT) {
        print_summary(tally, n_left_out);
    } else if (form == UI_AUDIT_JSON) {
        summary = sp_audit_tally_to_json(tally);
        json_object_object_add(summary, "left_out", json_object_new_int((int) n_left_out));
        line = ui_audit_line(summary);
        ui_output_write(line);
    }
}
