/* A step is proved by what the services answer, never by anybody's word: each copy that it names
 * must show the reference's photo. */

#include <string.h>

#include "core/guide/evidence.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"

/* What a copy proves. */
typedef enum {
    PROOF_SHOWN, /* the reference's photo */
    PROOF_OTHER,
    PROOF_EMPTY,
    PROOF_UNSURE,
    PROOF_NO_REFERENCE,
    PROOF_UNREAD, /* each for a reason of its own; the others are told together */
} Proof;

/* By groups, as the verdict: a small copy may show by another one whose photo it is. */
static Proof
prove_copy(const SpEvidence *evidence, int index)
{
    switch (sp_evidence_stand(evidence, index, evidence->reference)) {
    case SP_STAND_EMPTY: return PROOF_EMPTY;
    case SP_STAND_SAME: return PROOF_SHOWN;
    case SP_STAND_DIFFERENT: return PROOF_OTHER;
    case SP_STAND_UNSURE:
        return sp_evidence_has_photo(evidence, evidence->reference) ? PROOF_UNSURE
                                                                    : PROOF_NO_REFERENCE;
    case SP_STAND_NOT_ASKED:
    case SP_STAND_UNREAD: break;
    }
    return PROOF_UNREAD;
}

/* The proof of each of the evidence's copies. Transfer full. */
static Proof *
prove_copies(const SpEvidence *evidence)
{
    Proof *proofs = g_new(Proof, MAX(evidence->n_copies, 1));

    for (guint i = 0; i < evidence->n_copies; i++) {
        proofs[i] = prove_copy(evidence, (int) i);
    }
    return proofs;
}

/* The same of a record's copies, as they were found when it was written: comparing a session's
 * pictures again would hold up the screen. */
static Proof
prove_recorded_copy(const SpRecord *record, guint index)
{
    const SpCopy *copy = g_ptr_array_index(record->copies, index);
    int reference = record->reference;
    int yardstick =
        reference < 0 ? SP_GROUP_NONE : g_array_index(record->told_groups, int, (guint) reference);
    int group = g_array_index(record->told_groups, int, index);

    if (!sp_copy_status_is_answer(copy->status)) {
        return PROOF_UNREAD;
    }
    if (copy->status != SP_COPY_PRESENT) {
        return PROOF_EMPTY;
    }
    if (yardstick == SP_GROUP_NONE) {
        return PROOF_NO_REFERENCE;
    }
    if (group == SP_GROUP_NONE) {
        return PROOF_UNSURE;
    }
    return group == yardstick ? PROOF_SHOWN : PROOF_OTHER;
}

static Proof *
prove_recorded_copies(const SpRecord *record)
{
    Proof *proofs = g_new(Proof, MAX(record->n_services, 1));

    for (guint i = 0; i < record->n_services; i++) {
        proofs[i] = prove_recorded_copy(record, i);
    }
    return proofs;
}

/* Transfer full. */
static char *
tell_unread(const SpEvidence *evidence, int index, const char *service)
{
    const SpCopy *copy = sp_evidence_copy(evidence, index);
    g_autofree char *name = sp_evidence_name(evidence, index);

    return copy == NULL ? g_strdup_printf(_("%s was not read"), service)
                        : g_strdup_printf(_("%s could not be read (%s)"), name,
                                          sp_copy_status_title(copy->status));
}

/* What one proof says of the copies that it holds for; NULL where there are none. Transfer full. */
static char *
tell_together(const SpEvidence *evidence, const Proof *proofs, GStrv services, Proof proof)
{
    g_autoptr(GArray) indexes = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree char *names = NULL;

    for (guint i = 0; services[i] != NULL; i++) {
        int index = sp_evidence_index(evidence, services[i]);

        if (index >= 0 && proofs[index] == proof) {
            g_array_append_val(indexes, index);
        }
    }
    if (indexes->len == 0) {
        return NULL;
    }
    names = sp_evidence_names(evidence, indexes);
    switch (proof) {
    case PROOF_SHOWN: return g_strdup_printf(_("shows the reference's photo: %s"), names);
    case PROOF_OTHER: return g_strdup_printf(_("still another photo in %s"), names);
    case PROOF_EMPTY: return g_strdup_printf(_("no photo in %s"), names);
    case PROOF_UNSURE:
        return g_strdup_printf(_("it cannot be told whether it is the same photo in %s"), names);
    default: return g_strdup_printf(_("there is no reference photo to hold %s against"), names);
    }
}

/* The copies that prove the step: those that it names, else all that answered and whose difference
 * is one: a directory keeps its own photo. Transfer full. */
static GStrv
services_to_prove(const SpStep *step, const SpEvidence *evidence)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (step->verify[0] != NULL) {
        return g_strdupv(step->verify);
    }
    for (guint i = 0; i < evidence->n_copies; i++) {
        if (evidence->copies[i] != NULL && sp_copy_status_is_answer(evidence->copies[i]->status) &&
            sp_evidence_expects_photo(evidence, (int) i)) {
            g_strv_builder_add(builder, evidence->copies[i]->service);
        }
    }
    return g_strv_builder_end(builder);
}

static void
append(GString *text, const char *more)
{
    if (more != NULL) {
        g_string_append_printf(text, "%s%s", text->len > 0 ? _("; ") : "", more);
    }
}

/* The proof in one sentence; `*passed` says which. Transfer full. */
static char *
judge(const SpStep *step, const SpEvidence *evidence, const Proof *proofs, gboolean *passed)
{
    g_auto(GStrv) services = services_to_prove(step, evidence);
    g_autofree char *shown = tell_together(evidence, proofs, services, PROOF_SHOWN);
    g_autoptr(GString) failures = g_string_new(NULL);

    for (Proof proof = PROOF_OTHER; proof < PROOF_UNREAD; proof++) {
        g_autofree char *failure = tell_together(evidence, proofs, services, proof);

        append(failures, failure);
    }
    for (guint i = 0; services[i] != NULL; i++) {
        int index = sp_evidence_index(evidence, services[i]);

        if (index < 0 || proofs[index] == PROOF_UNREAD) {
            g_autofree char *unread = tell_unread(evidence, index, services[i]);

            append(failures, unread);
        }
    }
    *passed = failures->len == 0 && shown != NULL;
    if (*passed) {
        return g_steal_pointer(&shown);
    }
    return failures->len > 0 ? g_strdup(failures->str) : g_strdup(_("no copy could be read"));
}

static gboolean
write_proof(SpSession *session, guint index, SpStepState state, const char *proof, gint64 before,
            gint64 after, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(session->store,
                         "UPDATE step SET state = ?3, by_hand = 0, skip_reason = ?4,"
                         " wait_until = NULL, changed = unixepoch(), changed_by = ?5, proof = ?6,"
                         " before_id = nullif(?7, 0), after_id = ?8"
                         " WHERE session_id = ?1 AND position = ?2",
                         error);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, session->id);
    sp_bind_int(statement, 2, index);
    sp_bind_text(statement, 3, sp_step_state_name(state));
    sp_bind_text(statement, 4, sp_skip_reason_name(SP_SKIP_NONE));
    sp_bind_text(statement, 5, session->writer);
    sp_bind_text(statement, 6, proof);
    sp_bind_int(statement, 7, before);
    sp_bind_int(statement, 8, after);
    return sp_store_run(session->store, statement, error);
}

static void
apply_proof(SpSession *session, SpSessionStep *step, SpStepState state, char *proof)
{
    step->state = state;
    step->by_hand = FALSE;
    step->skip_reason = SP_SKIP_NONE;
    g_clear_pointer(&step->wait_until, g_date_time_unref);
    g_clear_pointer(&step->changed, g_date_time_unref);
    step->changed = g_date_time_new_now_local();
    g_free(step->changed_by);
    step->changed_by = g_strdup(session->writer);
    g_free(step->proof);
    step->proof = proof;
}

gboolean
sp_session_prove_evidence(SpSession *session, guint index, const SpEvidence *evidence,
                          gboolean *passed, GError **error)
{
    SpSessionStep *step;
    SpStepState state;
    gboolean is_proved = FALSE;
    g_autofree Proof *proofs = prove_copies(evidence);
    g_autofree char *proof = NULL;
    gint64 before;
    gint64 after;

    g_return_val_if_fail(index < session->steps->len, FALSE);
    step = g_ptr_array_index(session->steps, index);
    proof = judge(step->step, evidence, proofs, &is_proved);
    state = is_proved ? SP_STEP_PASSED : SP_STEP_FAILED;
    if (!sp_session_open_change(session, error)) {
        return FALSE;
    }
    before = sp_record_last(session);
    after = sp_record_write(session, (int) index, evidence, error);
    if (after == 0 || !write_proof(session, index, state, proof, before, after, error)) {
        return sp_store_undo(session->store);
    }
    if (!sp_session_finish_change(session, (int) index, "proof", proof, error)) {
        return FALSE;
    }
    apply_proof(session, step, state, g_steal_pointer(&proof));
    step->before_id = before;
    step->after_id = after;
    if (passed != NULL) {
        *passed = is_proved;
    }
    return TRUE;
}

/* The same copies come to the same answer; where they do not, an older version judged and its word
 * stands. */
char *
sp_session_tell_proof(const SpSession *session, guint index)
{
    const SpSessionStep *step = g_ptr_array_index(session->steps, index);
    g_autoptr(SpRecord) record = step->proof == NULL || step->after_id == 0
                                     ? NULL
                                     : sp_record_read_words(session->store, step->after_id, NULL);
    g_autofree Proof *proofs = NULL;
    g_autofree char *proof = NULL;
    gboolean is_proved = FALSE;
    SpEvidence evidence;

    if (record == NULL) {
        return g_strdup(step->proof);
    }
    evidence = sp_record_get_evidence(record);
    proofs = prove_recorded_copies(record);
    proof = judge(step->step, &evidence, proofs, &is_proved);
    if ((step->state == SP_STEP_PASSED && !step->by_hand && !is_proved) ||
        (step->state == SP_STEP_FAILED && is_proved)) {
        return g_strdup(step->proof);
    }
    return g_steal_pointer(&proof);
}
