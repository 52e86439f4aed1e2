/* Evidence as one JSON document: what a report needs to be rendered again without the services. */

#include "core/guide/evidence-json.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"

static void
add_truth(SpJson *json, const char *name, SpTruth truth)
{
    json_object_object_add(json, name,
                           truth == SP_UNKNOWN ? NULL : json_object_new_boolean(truth == SP_YES));
}

static SpJson *
policy_to_json(const SpPolicy *policy)
{
    SpJson *json = json_object_new_object();

    json_object_object_add(json, "source", json_object_new_int(policy->source));
    add_truth(json, "restricted", policy->is_restricted);
    json_object_object_add(json, "roles",
                           sp_strings_to_json((const char *const *) policy->allowed_roles));
    sp_json_add_string(json, "error", policy->error);
    return json;
}

static SpJson *
person_to_json(const SpPerson *person)
{
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "id", person->id);
    sp_json_add_string(json, "userPrincipalName", person->user_principal_name);
    sp_json_add_string(json, "displayName", person->display_name);
    sp_json_add_string(json, "mail", person->mail);
    sp_json_add_string(json, "userType", person->user_type);
    add_truth(json, "enabled", person->is_enabled);
    add_truth(json, "synced", person->is_synced);
    add_truth(json, "exchangePlan", person->has_exchange_plan);
    add_truth(json, "sharepointPlan", person->has_sharepoint_plan);
    sp_json_add_time(json, "created", person->created);
    sp_json_add_time(json, "lastSynced", person->last_synced);
    json_object_object_add(json, "proxyAddresses",
                           sp_strings_to_json((const char *const *) person->proxy_addresses));
    return json;
}

static const char *
reference_of(const SpEvidence *evidence)
{
    gboolean is_there = evidence->reference >= 0 &&
                        (guint) evidence->reference < evidence->n_copies &&
                        evidence->copies[evidence->reference] != NULL;

    return is_there ? evidence->copies[evidence->reference]->service : NULL;
}

SpJson *
sp_record_to_json(const SpEvidence *evidence)
{
    g_autoptr(GPtrArray) findings = sp_diagnose(evidence);
    SpJson *json = json_object_new_object();
    SpJson *copies = json_object_new_array();

    sp_json_add_string(json, "schema", "samephoto.evidence/1");
    json_object_object_add(json, "user",
                           evidence->person == NULL ? NULL : person_to_json(evidence->person));
    json_object_object_add(json, "policy",
                           evidence->policy == NULL ? NULL : policy_to_json(evidence->policy));
    sp_json_add_time(json, "at", evidence->now);
    /* Of the sentences below. */
    sp_json_add_string(json, "language", C_("language code", "en"));
    json_object_object_add(json, "fingerprint_version",
                           json_object_new_int(SP_FINGERPRINT_VERSION));
    sp_json_add_string(json, "reference", reference_of(evidence));
    for (guint i = 0; i < evidence->n_copies + evidence->n_seen; i++) {
        if (evidence->copies[i] != NULL) {
            json_object_array_add(copies, sp_copy_to_json(evidence->copies[i], evidence, i));
        }
    }
    json_object_object_add(json, "copies", copies);
    sp_json_add_diagnosis(json, evidence, findings);
    return json;
}
