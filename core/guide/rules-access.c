/* We could not look: that is our own trouble and never a verdict about the photo. */

#include <string.h>

#include "core/guide/rules.h"
#include "core/i18n.h"

#define APP_ONLY_TEXT "Unsupported app only token"

static GArray *
copies_with(const SpCase *c, SpCopyStatus status)
{
    GArray *indexes = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < c->evidence->n_copies; i++) {
        const SpCopy *copy = c->evidence->copies[i];

        if (copy != NULL && copy->status == status) {
            g_array_append_val(indexes, i);
        }
    }
    return indexes;
}

static void
add_errors(SpNotes *notes, const SpCase *c, const GArray *indexes)
{
    g_auto(GStrv) lines = sp_evidence_errors(c->evidence, indexes);

    for (gsize i = 0; lines[i] != NULL; i++) {
        sp_notes_add(notes, "%s", lines[i]);
    }
    for (guint i = 0; i < indexes->len; i++) {
        int index = (int) g_array_index(indexes, guint, i);

        /* An error names the code and the missing permission itself. */
        if (c->evidence->copies[index]->error == NULL) {
            sp_notes_add_copy(notes, c, index);
            sp_notes_add_fact(notes, c, index, SP_FACT_ERROR_CODE);
            sp_notes_add_fact(notes, c, index, SP_FACT_MISSING_PERMISSION);
        }
    }
}

static gboolean
is_app_only(const SpCopy *copy)
{
    const char *code = sp_copy_get_fact(copy, SP_FACT_ERROR_CODE);

    return (copy->error != NULL && strstr(copy->error, APP_ONLY_TEXT) != NULL) ||
           (code != NULL && strstr(code, APP_ONLY_TEXT) != NULL);
}

static void
keep_app_only(const SpCase *c, GArray *indexes, gboolean is_wanted)
{
    for (guint i = indexes->len; i > 0; i--) {
        guint index = g_array_index(indexes, guint, i - 1);

        if (is_app_only(c->evidence->copies[index]) != is_wanted) {
            g_array_remove_index(indexes, i - 1);
        }
    }
}

SpAnswer
sp_rule_app_only_secret(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GArray) indexes = copies_with(c, SP_COPY_DENIED);

    keep_app_only(c, indexes, TRUE);
    if (indexes->len == 0) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes, _("SharePoint refuses a sign-in with an application secret: it wants a "
                          "certificate"));
    add_errors(notes, c, indexes);
    return SP_RULE_YES;
}

/* A mailbox that is not in the cloud is a finding of its own, not our lack of a right. */
static gboolean
is_mailbox_elsewhere(const SpCase *c)
{
    return sp_evidence_mailbox_is_on_premises(c->evidence) == SP_YES;
}

static void
add_blocked(const SpCase *c, GArray *indexes)
{
    g_autoptr(GArray) blocked = copies_with(c, SP_COPY_BLOCKED);

    for (guint i = 0; i < blocked->len; i++) {
        if ((int) g_array_index(blocked, guint, i) != c->exchange && !is_mailbox_elsewhere(c)) {
            g_array_append_val(indexes, g_array_index(blocked, guint, i));
        }
    }
}

SpAnswer
sp_rule_access_denied(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GArray) indexes = copies_with(c, SP_COPY_DENIED);

    keep_app_only(c, indexes, FALSE);
    add_blocked(c, indexes);
    if (indexes->len == 0) {
        return SP_RULE_NO;
    }
    g_autofree char *names = sp_evidence_names(c->evidence, indexes);
    sp_notes_say(notes, _("Our sign-in may not read %s: this says nothing about the photo there"),
                 names);
    add_errors(notes, c, indexes);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_throttled(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GArray) indexes = copies_with(c, SP_COPY_THROTTLED);
    double wait = 60;

    if (indexes->len == 0) {
        return SP_RULE_NO;
    }
    for (guint i = 0; i < indexes->len; i++) {
        wait = MAX(wait, c->evidence->copies[g_array_index(indexes, guint, i)]->retry_after);
    }
    g_autofree char *names = sp_evidence_names(c->evidence, indexes);
    sp_notes_say(notes,
                 ngettext("%s had too many requests and asked us to wait: read it again later",
                          "%s had too many requests and asked us to wait: read them again later",
                          sp_evidence_count_names(c->evidence, indexes)),
                 names);
    add_errors(notes, c, indexes);
    sp_notes_recheck(notes, c->evidence->now, (GTimeSpan) (MIN(wait, 86400) * G_TIME_SPAN_SECOND));
    return SP_RULE_YES;
}

SpAnswer
sp_rule_unreachable(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GArray) indexes = copies_with(c, SP_COPY_UNREACHABLE);

    if (indexes->len == 0) {
        return SP_RULE_NO;
    }
    g_autofree char *names = sp_evidence_names(c->evidence, indexes);
    sp_notes_say(notes,
                 ngettext("%s could not be reached: this says nothing about the photo there",
                          "%s could not be reached: this says nothing about the photo there",
                          sp_evidence_count_names(c->evidence, indexes)),
                 names);
    add_errors(notes, c, indexes);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_invalid_picture(const SpCase *c, SpNotes *notes)
{
    g_autoptr(GArray) indexes = copies_with(c, SP_COPY_INVALID);

    if (indexes->len == 0) {
        return SP_RULE_NO;
    }
    g_autofree char *names = sp_evidence_names(c->evidence, indexes);
    sp_notes_say(notes,
                 ngettext("%s sent something that is no readable picture",
                          "%s sent something that is no readable picture",
                          sp_evidence_count_names(c->evidence, indexes)),
                 names);
    add_errors(notes, c, indexes);
    return SP_RULE_YES;
}

SpAnswer
sp_rule_ews_blocked(const SpCase *c, SpNotes *notes)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, c->exchange);
    g_autofree char *name = sp_evidence_name(c->evidence, c->exchange);

    if (copy == NULL || copy->status != SP_COPY_BLOCKED || is_mailbox_elsewhere(c)) {
        return SP_RULE_NO;
    }
    sp_notes_say(notes,
                 _("A policy closes the way by which %s is read (EWS); the photo itself is not "
                   "at fault"),
                 name);
    sp_notes_add_copy(notes, c, c->exchange);
    if (copy->error != NULL) {
        sp_notes_add(notes, "%s", copy->error);
    } else {
        sp_notes_add_fact(notes, c, c->exchange, SP_FACT_POLICY_REASON);
    }
    return SP_RULE_YES;
}

/* The last row: the findings are never empty. */
SpAnswer
sp_rule_nothing_read(const SpCase *c, SpNotes *notes)
{
    gboolean is_waiting = FALSE;

    if (notes->n_findings > 0) {
        return SP_RULE_NO;
    }
    for (guint i = 0; i < c->evidence->n_copies; i++) {
        is_waiting = is_waiting || c->evidence->copies[i] == NULL;
    }
    if (is_waiting) {
        sp_notes_say(notes, _("Not every service has answered yet"));
    } else {
        sp_notes_say(notes, _("No service was asked: the settings enable none that can be read"));
    }
    return SP_RULE_YES;
}
