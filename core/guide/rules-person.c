/* Who the person is, and what the organisation allows: account, licence, mailbox, names, policy
 * (reference 2.7, 2.10, 3.4). */

#include <string.h>

#include "core/guide/rules.h"
#include "core/i18n.h"

static const SpPerson *
person_of(const SpCase *c)
{
    return c->evidence->person;
}

SpAnswer
sp_rule_just_created(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = person_of(c);
    GDateTime *now = c->evidence->now;

    if (sp_evidence_has_photo(c->evidence, c->cloud)) {
        return SP_RULE_NO;
    }
    /* A Graph that refused or hung says nothing of a photo, nor of the account's making. */
    if (person == NULL || person->created == NULL || now == NULL ||
        !sp_evidence_is_empty(c->evidence, c->graph)) {
        return SP_RULE_UNKNOWN;
    }
    if (g_date_time_difference(now, person->created) >= G_TIME_SPAN_DAY) {
        return SP_RULE_NO;
    }
    g_autofree char *stamp = sp_evidence_stamp(person->created);
    sp_notes_say(notes,
                 _("The account of %s is less than a day old: the services are still setting "
                   "it up"),
                 sp_evidence_person(c->evidence));
    sp_notes_add(notes, _("Account created: %s"), stamp);
    sp_notes_add_copy(notes, c, c->graph);
    sp_notes_add_fact(notes, c, c->graph, SP_FACT_ERROR_CODE);
    sp_notes_recheck(notes, person->created, G_TIME_SPAN_DAY);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_guest(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = person_of(c);

    if (person == NULL || !sp_person_is_guest(person)) {
        return person == NULL ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("%s is a guest: the photo belongs to the home organisation and is often "
                   "not shown here"),
                 sp_evidence_person(c->evidence));
    sp_notes_add(notes, _("User name: %s"), person->user_principal_name);
    if (person->user_type != NULL) {
        sp_notes_add(notes, _("Type of account: %s"), person->user_type);
    }
    sp_notes_add_copy(notes, c, c->graph);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_account_disabled(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = person_of(c);

    if (person == NULL || person->is_enabled != SP_NO) {
        return person == NULL || person->is_enabled == SP_UNKNOWN ? SP_RULE_UNKNOWN : SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("The account of %s is disabled: SharePoint no longer updates its profile"),
                 sp_evidence_person(c->evidence));
    sp_notes_add(notes, _("Sign-in is blocked for this account (accountEnabled is false)"));
    sp_notes_add_copy(notes, c, c->sharepoint_best);
    return SP_RULE_YES;
}

/* The name behind the last bar of a claims login ("i:0#.f|membership|anna@norvane.example"). */
static const char *
login_name(const char *account)
{
    const char *bar = strrchr(account, '|');

    return bar != NULL ? bar + 1 : account;
}

static const char *
sharepoint_fact(const SpCase *c, const char *name)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, c->sharepoint_best);
    const char *value = copy != NULL ? sp_copy_get_fact(copy, name) : NULL;

    return value != NULL && *value != '\0' ? value : NULL;
}

SpAnswer
sp_rule_identity_mismatch(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = person_of(c);
    const char *account = sharepoint_fact(c, SP_FACT_ACCOUNT_NAME);
    const char *second = sharepoint_fact(c, SP_FACT_MAIL_ACCOUNT);

    if (person == NULL || person->user_principal_name == NULL || account == NULL) {
        return SP_RULE_UNKNOWN;
    }
    if (second != NULL && sp_evidence_is_empty(c->evidence, c->sharepoint_best)) {
        account = second;
    }
    if (g_ascii_strcasecmp(login_name(account), person->user_principal_name) == 0) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("SharePoint keeps the profile of %s under another name than the one used "
                   "to sign in"),
                 sp_evidence_person(c->evidence));
    sp_notes_add(notes, _("User name: %s"), person->user_principal_name);
    sp_notes_add(notes, _("Name in SharePoint: %s"), login_name(account));
    if (person->mail != NULL) {
        sp_notes_add(notes, _("Mail address: %s"), person->mail);
    }
    sp_notes_add_copy(notes, c, c->sharepoint_best);
    return SP_RULE_YES;
}

/* SharePoint's file name from a user name: "@" and "." become "_" (reference 3.4). */
static char *
stem_from(const char *user_principal_name)
{
    char *stem = g_strdup(user_principal_name);

    return g_strdelimit(stem, "@.", '_');
}

SpAnswer
sp_rule_renamed_upn(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = person_of(c);
    const char *stem = sharepoint_fact(c, SP_FACT_FILE_STEM);

    if (person == NULL || person->user_principal_name == NULL || stem == NULL) {
        return SP_RULE_UNKNOWN;
    }
    g_autofree char *expected = stem_from(person->user_principal_name);
    if (g_uuid_string_is_valid(stem) || g_ascii_strcasecmp(stem, expected) == 0) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("SharePoint's picture file of %s still carries an earlier user name; that "
                   "does no harm"),
                 sp_evidence_person(c->evidence));
    sp_notes_add(notes, _("File name in SharePoint: %s"), stem);
    sp_notes_add(notes, _("User name: %s"), person->user_principal_name);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_mailbox_on_premises(const SpCase *c, SpNotes *notes)
{
    SpTruth truth = sp_evidence_mailbox_is_on_premises(c->evidence);

    if (truth != SP_YES) {
        return truth == SP_NO ? SP_RULE_NO : SP_RULE_UNKNOWN;
    }
    sp_notes_say(notes,
                 _("The mailbox of %s is on a server of the organisation: its photo does not "
                   "reach SharePoint in the cloud"),
                 sp_evidence_person(c->evidence));
    sp_notes_add_fact(notes, c, c->graph, SP_FACT_ERROR_CODE);
    sp_notes_add_fact(notes, c, c->exchange, SP_FACT_ERROR_CODE);
    sp_notes_add_copy(notes, c, c->exchange);
    /* Graph's code may decide it where nobody could be looked up. */
    if (person_of(c) != NULL && person_of(c)->is_synced == SP_YES) {
        sp_notes_add(notes, _("The account is synchronised from the directory"));
    }
    return SP_RULE_YES;
}

SpAnswer
sp_rule_no_exchange_licence(const SpCase *c, SpNotes *notes)
{
    const SpPerson *person = person_of(c);

    if (person == NULL || person->has_exchange_plan == SP_UNKNOWN) {
        return SP_RULE_UNKNOWN;
    }
    if (person->has_exchange_plan == SP_YES || sp_person_is_guest(person) ||
        sp_evidence_mailbox_is_on_premises(c->evidence) == SP_YES) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("%s has no Exchange licence: the photo is set in the Microsoft 365 admin "
                   "center, and SharePoint takes it from there"),
                 sp_evidence_person(c->evidence));
    sp_notes_add(notes, _("No Exchange Online plan is assigned"));
    sp_notes_add_copy(notes, c, c->exchange);
    sp_notes_add_copy(notes, c, c->sharepoint_best);
    return SP_RULE_YES;
}

static SpAnswer
is_readable(const SpPolicy *policy)
{
    return policy == NULL || policy->error != NULL ? SP_RULE_UNKNOWN : SP_RULE_YES;
}

SpAnswer
sp_rule_policy_on_premises(const SpCase *c, SpNotes *notes)
{
    const SpPolicy *policy = c->evidence->policy;

    if (is_readable(policy) != SP_RULE_YES || policy->source == SP_POLICY_SOURCE_UNKNOWN) {
        return SP_RULE_UNKNOWN;
    }
    if (policy->source != SP_POLICY_SOURCE_ON_PREMISES) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("Photos are managed in the organisation's own directory: nobody can change "
                   "them in the cloud"));
    sp_notes_add(notes, _("Policy: photos are managed in the on-premises directory"));
    return SP_RULE_YES;
}

static const char *
role_name(const char *id)
{
    static const char *const roles[][2] = {
        {"fe930be7-5e62-47db-91af-98c3a49a38b1", N_("User Administrator")},
        {"62e90394-69f5-4237-9190-012177145e10", N_("Global Administrator")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (g_ascii_strcasecmp(roles[i][0], id) == 0) {
            return _(roles[i][1]);
        }
    }
    return id;
}

SpAnswer
sp_rule_policy_roles(const SpCase *c, SpNotes *notes)
{
    const SpPolicy *policy = c->evidence->policy;

    if (is_readable(policy) != SP_RULE_YES || policy->is_restricted == SP_UNKNOWN) {
        return SP_RULE_UNKNOWN;
    }
    if (policy->is_restricted != SP_YES) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes, _("Only some administrators may change photos here: people cannot change "
                          "their own"));
    sp_notes_add(notes, _("Policy: changing photos needs one of the allowed roles"));
    for (guint i = 0; policy->allowed_roles != NULL && policy->allowed_roles[i] != NULL; i++) {
        sp_notes_add(notes, _("May change photos: %s"), role_name(policy->allowed_roles[i]));
    }
    return SP_RULE_YES;
}
