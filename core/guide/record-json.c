/* Evidence as one JSON document: what a report needs to be rendered again without the services. */

#include <math.h>

#include "core/guide/session-private.h"

static SpJson *
strings_to_json(GStrv strings)
{
    SpJson *json = json_object_new_array();

    for (guint i = 0; strings != NULL && strings[i] != NULL; i++) {
        json_object_array_add(json, json_object_new_string(strings[i]));
    }
    return json;
}

static void
add_int(SpJson *json, const char *name, gint64 value)
{
    json_object_object_add(json, name, json_object_new_int64(value));
}

static void
add_group(SpJson *json, int group)
{
    char letter[2] = {(char) ('A' + group), '\0'};

    sp_json_add_string(json, "group", group >= 0 && group < 26 ? letter : NULL);
}

static void
add_photo(SpJson *json, const SpPhoto *photo)
{
    if (photo == NULL) {
        return;
    }
    add_int(json, "width", sp_photo_get_width(photo));
    add_int(json, "height", sp_photo_get_height(photo));
    sp_json_add_string(json, "format", sp_photo_get_format(photo));
    add_int(json, "bytes", (gint64) g_bytes_get_size(sp_photo_get_bytes(photo)));
    sp_json_add_string(json, "sha256", sp_photo_get_sha256(photo));
    sp_json_add_string(json, "placeholder", sp_placeholder_name(sp_photo_get_placeholder(photo)));
}

static SpJson *
facts_to_json(GHashTable *facts)
{
    SpJson *json = json_object_new_object();
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(facts), (GCompareFunc) g_strcmp0);

    for (GList *at = names; at != NULL; at = at->next) {
        sp_json_add_string(json, at->data, g_hash_table_lookup(facts, at->data));
    }
    return json;
}

static SpJson *
copy_to_json(const SpEvidence *evidence, guint index)
{
    const SpCopy *copy = evidence->copies[index];
    const SpComparison *comparison =
        evidence->groups == NULL ? NULL : sp_groups_to_reference(evidence->groups, index);
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "service", copy->service);
    sp_json_add_string(json, "title", copy->title);
    sp_json_add_string(json, "status", sp_copy_status_name(copy->status));
    add_int(json, "http_status", copy->http_status);
    sp_json_add_string(json, "error", copy->error);
    add_photo(json, copy->photo);
    sp_json_add_string(json, "etag", copy->etag);
    sp_json_add_time(json, "last_modified", copy->last_modified);
    sp_json_add_string(json, "request_id", copy->request_id);
    add_int(json, "elapsed_ms", copy->elapsed_ms);
    add_group(json,
              evidence->groups == NULL ? SP_GROUP_NONE : sp_groups_of(evidence->groups, index));
    sp_json_add_string(json, "relation",
                       comparison == NULL ? NULL : sp_relation_name(comparison->relation));
    if (comparison != NULL && isfinite(comparison->similarity)) {
        sp_json_add_share(json, "similarity", comparison->similarity);
    }
    json_object_object_add(json, "facts", facts_to_json(copy->facts));
    return json;
}

static SpJson *
finding_to_json(const SpFinding *finding)
{
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "id", finding->id);
    sp_json_add_string(json, "severity", sp_severity_name(finding->severity));
    sp_json_add_string(json, "confidence", sp_confidence_name(finding->confidence));
    sp_json_add_string(json, "summary", finding->summary);
    json_object_object_add(json, "evidence", strings_to_json(finding->evidence));
    sp_json_add_string(json, "remedy", finding->remedy);
    sp_json_add_string(json, "actor", sp_actor_name(finding->actor));
    sp_json_add_string(json, "source", finding->source);
    sp_json_add_string(json, "source_url", finding->source_url);
    sp_json_add_string(json, "source_date", finding->source_date);
    sp_json_add_time(json, "recheck_after", finding->recheck_after);
    return json;
}

static SpJson *
findings_to_json(const SpEvidence *evidence)
{
    g_autoptr(GPtrArray) findings = sp_diagnose(evidence);
    SpJson *json = json_object_new_array();

    for (guint i = 0; i < findings->len; i++) {
        json_object_array_add(json, finding_to_json(g_ptr_array_index(findings, i)));
    }
    return json;
}

static SpJson *
views_to_json(const SpEvidence *evidence)
{
    g_autoptr(GPtrArray) views = sp_diagnose_views(evidence);
    SpJson *json = json_object_new_array();

    for (guint i = 0; i < views->len; i++) {
        const SpView *view = g_ptr_array_index(views, i);
        SpJson *item = json_object_new_object();

        sp_json_add_string(item, "app", view->app);
        sp_json_add_string(item, "service", view->service);
        add_group(item, view->group);
        sp_json_add_string(item, "says", view->says);
        json_object_array_add(json, item);
    }
    return json;
}

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

    add_int(json, "source", policy->source);
    add_truth(json, "restricted", policy->is_restricted);
    json_object_object_add(json, "roles", strings_to_json(policy->allowed_roles));
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
    json_object_object_add(json, "proxyAddresses", strings_to_json(person->proxy_addresses));
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
    g_autofree char *headline = sp_diagnose_headline(evidence);
    g_auto(GStrv) forecast = sp_diagnose_forecast(evidence);
    SpJson *json = json_object_new_object();
    SpJson *copies = json_object_new_array();

    sp_json_add_string(json, "schema", "samephoto.evidence/1");
    json_object_object_add(json, "user",
                           evidence->person == NULL ? NULL : person_to_json(evidence->person));
    json_object_object_add(json, "policy",
                           evidence->policy == NULL ? NULL : policy_to_json(evidence->policy));
    sp_json_add_time(json, "at", evidence->now);
    add_int(json, "fingerprint_version", SP_FINGERPRINT_VERSION);
    sp_json_add_string(json, "reference", reference_of(evidence));
    for (guint i = 0; i < evidence->n_copies + evidence->n_seen; i++) {
        if (evidence->copies[i] != NULL) {
            json_object_array_add(copies, copy_to_json(evidence, i));
        }
    }
    json_object_object_add(json, "copies", copies);
    sp_json_add_string(json, "verdict", sp_verdict_name(sp_diagnose_verdict(evidence)));
    sp_json_add_string(json, "headline", headline);
    json_object_object_add(json, "findings", findings_to_json(evidence));
    json_object_object_add(json, "views", views_to_json(evidence));
    json_object_object_add(json, "forecast", strings_to_json(forecast));
    return json;
}
