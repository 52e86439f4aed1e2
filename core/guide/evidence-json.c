/* One writer for both documents: what one says of a copy, the other says too. */

#include "core/guide/evidence-json.h"

#include <math.h>

#include "core/services/seen.h"


void
sp_json_add_group(SpJson *json, const char *name, int group)
{
    g_autofree char *letter = sp_group_to_letter(group);

    sp_json_add_string(json, name, letter);
}

SpJson *
sp_strings_to_json(const char *const *strings)
{
    SpJson *json = json_object_new_array();

    for (gsize i = 0; strings != NULL && strings[i] != NULL; i++) {
        json_object_array_add(json, json_object_new_string(strings[i]));
    }
    return json;
}

static void
add_photo(SpJson *json, const SpPhoto *photo)
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
    sp_json_add_string(json, "placeholder",
                       photo == NULL ? NULL : sp_placeholder_name(sp_photo_get_placeholder(photo)));
}

/* A copy that came after the last comparison has neither group nor relation yet. */
static void
add_relation(SpJson *json, const SpEvidence *evidence, guint index)
{
    const SpCopy *compared =
        index < evidence->n_copies + evidence->n_seen ? evidence->copies[index] : NULL;
    gboolean is_present = compared != NULL && compared->status == SP_COPY_PRESENT;
    const SpGroups *groups = is_present ? evidence->groups : NULL;
    const SpComparison *comparison = groups == NULL ? NULL : sp_groups_to_reference(groups, index);

    sp_json_add_group(json, "group", groups == NULL ? SP_GROUP_NONE : sp_groups_of(groups, index));
    if (is_present && (int) index == evidence->reference) {
        sp_json_add_string(json, "relation", sp_relation_name(SP_RELATION_IDENTICAL));
        sp_json_add_share(json, "similarity", 1.0);
        return;
    }
    sp_json_add_string(json, "relation",
                       comparison == NULL ? NULL : sp_relation_name(comparison->relation));
    sp_json_add_share(json, "similarity", comparison == NULL ? NAN : comparison->similarity);
}

static SpJson *
facts_to_json(const SpCopy *copy)
{
    SpJson *json = json_object_new_object();
    g_autoptr(GList) names =
        g_list_sort(g_hash_table_get_keys(copy->facts), (GCompareFunc) g_strcmp0);

    for (const GList *item = names; item != NULL; item = item->next) {
        sp_json_add_string(json, item->data, sp_copy_get_fact(copy, item->data));
    }
    return json;
}

static const char *
kind_of(const SpCopy *copy)
{
    if (sp_seen_is_id(copy->service)) {
        return "evidence";
    }
    return g_strcmp0(copy->service, "file") == 0 ? "file" : "service";
}

SpJson *
sp_copy_to_json(const SpCopy *copy, const SpEvidence *evidence, guint index)
{
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "service", copy->service);
    sp_json_add_string(json, "kind", kind_of(copy));
    sp_json_add_string(json, "title", copy->title);
    sp_json_add_string(json, "status", sp_copy_status_name(copy->status));
    json_object_object_add(json, "http_status",
                           copy->http_status == 0 ? NULL : json_object_new_int(copy->http_status));
    sp_json_add_string(json, "error", copy->error);
    add_photo(json, copy->photo);
    sp_json_add_string(json, "etag", copy->etag);
    sp_json_add_time(json, "last_modified", copy->last_modified);
    sp_json_add_string(json, "request_id", copy->request_id);
    json_object_object_add(json, "elapsed_ms", json_object_new_int64(copy->elapsed_ms));
    add_relation(json, evidence, index);
    json_object_object_add(json, "facts", facts_to_json(copy));
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
    json_object_object_add(json, "evidence",
                           sp_strings_to_json((const char *const *) finding->evidence));
    sp_json_add_string(json, "remedy", finding->remedy);
    sp_json_add_time(json, "recheck_after", finding->recheck_after);
    sp_json_add_string(json, "actor", sp_actor_name(finding->actor));
    sp_json_add_string(json, "source", finding->source);
    sp_json_add_string(json, "source_url", finding->source_url);
    sp_json_add_string(json, "source_date", finding->source_date);
    return json;
}

static SpJson *
view_to_json(const SpView *view)
{
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "app", view->app);
    sp_json_add_string(json, "service", view->service);
    sp_json_add_group(json, "group", view->group);
    sp_json_add_string(json, "says", view->says);
    return json;
}

void
sp_json_add_diagnosis(SpJson *json, const SpEvidence *evidence, GPtrArray *findings)
{
    g_autofree char *headline = sp_diagnose_headline(evidence);
    g_autoptr(GPtrArray) views = sp_diagnose_views(evidence);
    g_auto(GStrv) forecast = sp_diagnose_forecast(evidence);
    SpJson *list = json_object_new_array();
    SpJson *apps = json_object_new_array();

    for (guint i = 0; i < findings->len; i++) {
        json_object_array_add(list, finding_to_json(g_ptr_array_index(findings, i)));
    }
    for (guint i = 0; i < views->len; i++) {
        json_object_array_add(apps, view_to_json(g_ptr_array_index(views, i)));
    }
    sp_json_add_string(json, "verdict", sp_verdict_name(sp_diagnose_verdict(evidence)));
    sp_json_add_string(json, "headline", headline);
    json_object_object_add(json, "findings", list);
    json_object_object_add(json, "views", apps);
    json_object_object_add(json, "forecast", sp_strings_to_json((const char *const *) forecast));
}
