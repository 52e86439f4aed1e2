/* The document "samephoto.check/1" (design, section 4): members may be added, never renamed. */

#include "core/guide/check.h"

#include <math.h>

#include "core/json.h"
#include "core/services/seen.h"

static SpJson *
write_strings(const char *const *items)
{
    SpJson *array = json_object_new_array();

    for (gsize i = 0; items != NULL && items[i] != NULL; i++) {
        json_object_array_add(array, json_object_new_string(items[i]));
    }
    return array;
}

/* A, B, … Z, AA: the name of a group. */
static char *
group_name(int group)
{
    if (group < 26) {
        return g_strdup_printf("%c", 'A' + group);
    }
    return g_strdup_printf("%c%c", 'A' + group / 26 - 1, 'A' + group % 26);
}

static int
group_of(const SpCheck *check, guint index)
{
    SpEvidence evidence = sp_check_get_evidence(check);
    const SpCopy *copy =
        index < evidence.n_copies + evidence.n_seen ? evidence.copies[index] : NULL;

    /* A copy that came after the last comparison has no group yet. */
    if (evidence.groups == NULL || copy == NULL || copy->status != SP_COPY_PRESENT) {
        return SP_GROUP_NONE;
    }
    return sp_groups_of(evidence.groups, index);
}

static void
add_group(SpJson *json, const char *name, int group)
{
    g_autofree char *letter = group == SP_GROUP_NONE ? NULL : group_name(group);

    sp_json_add_string(json, name, letter);
}

static SpJson *
write_person(const SpPerson *person)
{
    SpJson *json = NULL;

    if (person == NULL) {
        return NULL;
    }
    json = json_object_new_object();
    sp_json_add_string(json, "id", person->not_looked_up == NULL ? person->id : NULL);
    sp_json_add_string(json, "userPrincipalName", person->user_principal_name);
    sp_json_add_string(json, "displayName", person->display_name);
    sp_json_add_string(json, "mail", person->mail);
    sp_json_add_string(json, "error", person->not_looked_up);
    return json;
}

static void
add_picture(SpJson *json, const SpPhoto *photo)
{
    json_object_object_add(json, "width",
                           photo == NULL ? NULL : json_object_new_int(sp_photo_get_width(photo)));
    json_object_object_add(json, "height",
                           photo == NULL ? NULL : json_object_new_int(sp_photo_get_height(photo)));
    sp_json_add_string(json, "format", photo == NULL ? NULL : sp_photo_get_format(photo));
    json_object_object_add(json, "bytes",
                           photo == NULL ? NULL
                                         : json_object_new_int64((gint64) g_bytes_get_size(
                                               sp_photo_get_bytes(photo))));
    sp_json_add_string(json, "sha256", photo == NULL ? NULL : sp_photo_get_sha256(photo));
}

static void
add_relation(SpJson *json, const SpCheck *check, guint index)
{
    SpEvidence evidence = sp_check_get_evidence(check);
    const SpCopy *copy =
        index < evidence.n_copies + evidence.n_seen ? evidence.copies[index] : NULL;
    gboolean is_present = copy != NULL && copy->status == SP_COPY_PRESENT;
    gboolean is_reference = is_present && (int) index == evidence.reference;
    const SpComparison *comparison = is_present && evidence.groups != NULL
                                         ? sp_groups_to_reference(evidence.groups, index)
                                         : NULL;

    if (is_reference) {
        sp_json_add_string(json, "relation", sp_relation_name(SP_RELATION_IDENTICAL));
        sp_json_add_share(json, "similarity", 1.0);
        return;
    }
    sp_json_add_string(json, "relation",
                       comparison == NULL ? NULL : sp_relation_name(comparison->relation));
    sp_json_add_share(json, "similarity", comparison == NULL ? NAN : comparison->similarity);
}

static SpJson *
write_facts(const SpCopy *copy)
{
    SpJson *json = json_object_new_object();
    g_autoptr(GList) names =
        g_list_sort(g_hash_table_get_keys(copy->facts), (GCompareFunc) g_strcmp0);

    for (const GList *item = names; item != NULL; item = item->next) {
        sp_json_add_string(json, item->data, sp_copy_get_fact(copy, item->data));
    }
    return json;
}

/* A copy that has not arrived reads as "skipped": nothing is known of it. */
static SpJson *
write_copy(const SpCheck *check, guint index)
{
    SpJson *json = json_object_new_object();
    const SpCopy *copy = sp_check_get_copy(check, index);
    g_autoptr(SpCopy) nothing = sp_copy_new(sp_check_get_service(check, index), NULL);

    if (copy == NULL) {
        copy = nothing;
    }
    sp_json_add_string(json, "service", copy->service);
    sp_json_add_string(json, "kind",
                       sp_seen_is_id(copy->service)            ? "evidence"
                       : g_strcmp0(copy->service, "file") == 0 ? "file"
                                                               : "service");
    sp_json_add_string(json, "title", copy->title);
    sp_json_add_string(json, "status", sp_copy_status_name(copy->status));
    json_object_object_add(json, "http_status",
                           copy->http_status == 0 ? NULL : json_object_new_int(copy->http_status));
    sp_json_add_string(json, "error", copy->error);
    add_picture(json, copy->photo);
    sp_json_add_string(json, "etag", copy->etag);
    sp_json_add_time(json, "last_modified", copy->last_modified);
    sp_json_add_string(json, "request_id", copy->request_id);
    json_object_object_add(json, "elapsed_ms", json_object_new_int64(copy->elapsed_ms));
    add_group(json, "group", group_of(check, index));
    add_relation(json, check, index);
    json_object_object_add(json, "facts", write_facts(copy));
    return json;
}

static SpJson *
write_group(const SpCheck *check, int group)
{
    SpJson *json = json_object_new_object();
    SpJson *services = json_object_new_array();

    add_group(json, "id", group);
    for (guint i = 0; i < sp_check_count(check); i++) {
        if (group_of(check, i) == group) {
            json_object_array_add(services, json_object_new_string(sp_check_get_service(check, i)));
        }
    }
    json_object_object_add(json, "services", services);
    return json;
}

static SpJson *
write_finding(const SpFinding *finding)
{
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "id", finding->id);
    sp_json_add_string(json, "severity", sp_severity_name(finding->severity));
    sp_json_add_string(json, "confidence", sp_confidence_name(finding->confidence));
    sp_json_add_string(json, "summary", finding->summary);
    json_object_object_add(json, "evidence",
                           write_strings((const char *const *) finding->evidence));
    sp_json_add_string(json, "remedy", finding->remedy);
    sp_json_add_time(json, "recheck_after", finding->recheck_after);
    sp_json_add_string(json, "actor", sp_actor_name(finding->actor));
    sp_json_add_string(json, "source", finding->source);
    sp_json_add_string(json, "source_url", finding->source_url);
    sp_json_add_string(json, "source_date", finding->source_date);
    return json;
}

static SpJson *
write_view(const SpView *view)
{
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "app", view->app);
    sp_json_add_string(json, "service", view->service);
    add_group(json, "group", view->group);
    sp_json_add_string(json, "says", view->says);
    return json;
}

static void
add_diagnosis(SpJson *json, const SpCheck *check)
{
    SpEvidence evidence = sp_check_get_evidence(check);
    GPtrArray *findings = sp_check_get_findings(check);
    g_autofree char *headline = sp_diagnose_headline(&evidence);
    g_autoptr(GPtrArray) views = sp_diagnose_views(&evidence);
    g_auto(GStrv) forecast = sp_diagnose_forecast(&evidence);
    SpJson *list = json_object_new_array();
    SpJson *apps = json_object_new_array();

    for (guint i = 0; i < findings->len; i++) {
        json_object_array_add(list, write_finding(g_ptr_array_index(findings, i)));
    }
    for (guint i = 0; i < views->len; i++) {
        json_object_array_add(apps, write_view(g_ptr_array_index(views, i)));
    }
    sp_json_add_string(json, "verdict", sp_verdict_name(sp_check_get_verdict(check)));
    sp_json_add_string(json, "headline", headline);
    json_object_object_add(json, "findings", list);
    json_object_object_add(json, "views", apps);
    json_object_object_add(json, "forecast", write_strings((const char *const *) forecast));
}

struct json_object *
sp_check_to_json(const SpCheck *check)
{
    SpJson *json = json_object_new_object();
    SpJson *copies = json_object_new_array();
    SpJson *groups = json_object_new_array();
    const SpGroups *known = sp_check_get_groups(check);
    int reference = sp_check_get_reference(check);

    sp_json_add_string(json, "schema", "samephoto.check/1");
    json_object_object_add(json, "user", write_person(sp_check_get_person(check)));
    sp_json_add_time(json, "started", sp_check_get_started(check));
    json_object_object_add(json, "elapsed_ms",
                           json_object_new_int64(sp_check_get_elapsed_ms(check)));
    sp_json_add_string(json, "reference",
                       reference < 0 ? NULL : sp_check_get_service(check, (guint) reference));
    for (guint i = 0; i < sp_check_count(check); i++) {
        json_object_array_add(copies, write_copy(check, i));
    }
    for (guint i = 0; known != NULL && i < sp_groups_count(known); i++) {
        json_object_array_add(groups, write_group(check, (int) i));
    }
    json_object_object_add(json, "copies", copies);
    json_object_object_add(json, "groups", groups);
    add_diagnosis(json, check);
    return json;
}
