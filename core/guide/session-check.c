/* A session keeps evidence; a check is where it comes from. */

#include "core/error.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"

static gboolean
is_comparable(const SpCheck *check, GError **error)
{
    if (sp_check_get_person(check) == NULL) {
        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND,
                    _("the check found nobody, so there is nothing to keep"));
        return FALSE;
    }
    return TRUE;
}

gboolean
sp_session_prove(SpSession *session, guint index, const SpCheck *check, gboolean *passed,
                 GError **error)
{
    SpEvidence evidence;

    if (!is_comparable(check, error)) {
        return FALSE;
    }
    evidence = sp_check_get_evidence(check);
    return sp_session_prove_evidence(session, index, &evidence, passed, error);
}

gboolean
sp_session_record(SpSession *session, const SpCheck *check, GError **error)
{
    SpEvidence evidence;

    if (!is_comparable(check, error)) {
        return FALSE;
    }
    evidence = sp_check_get_evidence(check);
    return sp_session_record_evidence(session, &evidence, error);
}

GStrv
sp_session_history(SpStore *store, const SpCheck *check)
{
    SpEvidence evidence = sp_check_get_evidence(check);

    return sp_session_history_evidence(store, &evidence);
}

GStrv
sp_session_timeline(SpStore *store, const SpCheck *check)
{
    SpEvidence evidence = sp_check_get_evidence(check);

    return sp_session_timeline_evidence(store, &evidence);
}

SpCheck *
sp_session_get_last_check(const SpSession *session, SpCheckFunc func, gpointer user_data,
                          GDateTime **at, char **agent, GError **error)
{
    gint64 id = sp_record_last(session);
    g_autoptr(SpRecord) record = id == 0 ? NULL : sp_record_read(session->store, id, error);
    SpEvidence evidence;

    if (record == NULL || record->person == NULL) {
        return NULL;
    }
    evidence = sp_record_get_evidence(record);
    *at = g_date_time_ref(record->at);
    *agent = g_strdup(record->agent);
    return sp_check_new_done(&evidence, func, user_data);
}
