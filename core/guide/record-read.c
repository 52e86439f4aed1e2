/* A record read back: the copies with their pictures, the person and the policy as they were then,
 * so that a case can be compared, diagnosed and told again without any service, in any language.
 * What a record says may have come in a bundle, so it is cleaned here again. */

#include <string.h>

#include "core/guide/evidence-json.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/services/seen.h"
#include "core/services/service.h"
#include "core/text.h"

#define MAX_CHARACTERS 1000
#define MAX_COPIES     64

static void
free_copy(gpointer copy)
{
    sp_copy_unref(copy);
}

void
sp_record_free(SpRecord *record)
{
    if (record == NULL) {
        return;
    }
    g_clear_pointer(&record->person, sp_person_unref);
    sp_policy_free(record->policy);
    g_clear_pointer(&record->copies, g_ptr_array_unref);
    g_clear_pointer(&record->told_groups, g_array_unref);
    sp_groups_free(record->groups);
    g_clear_pointer(&record->at, g_date_time_unref);
    g_clear_pointer(&record->document, json_object_put);
    g_free(record->agent);
    g_free(record);
}

/* A string member, clean; NULL where there is none. Transfer full. */
static char *
member(SpJson *json, const char *name)
{
    const char *text = sp_json_string(json, name);

    return text == NULL ? NULL : sp_text_clean(text, -1, MAX_CHARACTERS);
}

static GDateTime *
member_time(SpJson *json, const char *name)
{
    const char *text = sp_json_string(json, name);

    return text == NULL ? NULL : g_date_time_new_from_iso8601(text, NULL);
}

static SpTruth
member_truth(SpJson *json, const char *name)
{
    SpJson *value = sp_json_member(json, name);

    if (!json_object_is_type(value, json_type_boolean)) {
        return SP_UNKNOWN;
    }
    return json_object_get_boolean(value) ? SP_YES : SP_NO;
}

static GStrv
member_strings(SpJson *json, const char *name)
{
    SpJson *array = sp_json_member(json, name);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    gsize length = sp_json_length(array);

    for (gsize i = 0; i < MIN(length, 500); i++) {
        const char *text = json_object_get_string(json_object_array_get_idx(array, i));
        g_autofree char *clean = sp_text_clean(text, -1, MAX_CHARACTERS);

        g_strv_builder_add(builder, clean);
    }
    return g_strv_builder_end(builder);
}

static SpPerson *
read_person(SpJson *json)
{
    SpPerson *person;

    if (sp_json_string(json, "userPrincipalName") == NULL) {
        return NULL;
    }
    person = sp_person_new();
    person->id = member(json, "id");
    person->user_principal_name = member(json, "userPrincipalName");
    person->display_name = member(json, "displayName");
    person->mail = member(json, "mail");
    person->user_type = member(json, "userType");
    person->is_enabled = member_truth(json, "enabled");
    person->is_synced = member_truth(json, "synced");
    person->has_exchange_plan = member_truth(json, "exchangePlan");
    person->has_sharepoint_plan = member_truth(json, "sharepointPlan");
    person->created = member_time(json, "created");
    person->last_synced = member_time(json, "lastSynced");
    g_strfreev(person->proxy_addresses);
    person->proxy_addresses = member_strings(json, "proxyAddresses");
    return person;
}

static SpPolicy *
read_policy(SpJson *json)
{
    SpPolicy *policy;

    if (!json_object_is_type(json, json_type_object)) {
        return NULL;
    }
    policy = sp_policy_new();
    policy->source = (SpPolicySource) CLAMP(sp_json_int(json, "source", SP_POLICY_SOURCE_UNKNOWN),
                                            SP_POLICY_SOURCE_UNKNOWN, SP_POLICY_SOURCE_ON_PREMISES);
    policy->is_restricted = member_truth(json, "restricted");
    g_strfreev(policy->allowed_roles);
    policy->allowed_roles = member_strings(json, "roles");
    policy->error = member(json, "error");
    return policy;
}

static SpCopyStatus
parse_status(const char *name)
{
    for (int i = SP_COPY_PRESENT; i <= SP_COPY_SKIPPED; i++) {
        if (g_strcmp0(sp_copy_status_name((SpCopyStatus) i), name) == 0) {
            return (SpCopyStatus) i;
        }
    }
    return SP_COPY_INVALID;
}

static SpPhoto *
read_photo(SpStore *store, const char *sha256)
{
    g_autoptr(GBytes) bytes = sha256 == NULL ? NULL : sp_record_picture(store, sha256);

    return bytes == NULL ? NULL : sp_photo_new(bytes, NULL);
}

static void
read_facts(SpCopy *copy, SpJson *facts)
{
    if (!json_object_is_type(facts, json_type_object)) {
        return;
    }
    json_object_object_foreach(facts, name, value)
    {
        g_autofree char *clean = sp_text_clean(name, -1, MAX_CHARACTERS);

        sp_copy_add_fact(copy, clean, json_object_get_string(value));
    }
}

/* Built-in services have a title in the language of now. */
static char *
title_of(SpJson *json, const char *service)
{
    SpJson *facts = sp_json_member(json, "facts");
    g_autofree char *file = member(facts, SP_FACT_SEEN_FILE);

    if (sp_seen_is_id(service) && file != NULL) {
        return sp_seen_title(file, sp_json_member(facts, SP_FACT_CUT_OUT) != NULL);
    }
    return sp_service_find(service) != NULL ? sp_service_title(NULL, service)
                                            : member(json, "title");
}

/* A photo whose bytes are gone is unreadable, never "no photo". */
static void
read_picture(SpStore *store, SpCopy *copy, SpJson *json)
{
    copy->photo = read_photo(store, sp_json_string(json, "sha256"));
    if (copy->status == SP_COPY_PRESENT && copy->photo == NULL) {
        copy->status = SP_COPY_INVALID;
        if (sp_seen_is_id(copy->service) && copy->error == NULL) {
            copy->error = g_strdup(_("the whole picture is not kept, only what was cut out of it"));
        }
    }
}

/* A copy that has a service. */
static SpCopy *
read_copy(SpJson *json)
{
    g_autofree char *service = member(json, "service");
    g_autofree char *title = NULL;
    SpCopy *copy;

    title = title_of(json, service);
    copy = sp_copy_new(service, title == NULL ? service : title);
    copy->status = parse_status(sp_json_string(json, "status"));
    copy->http_status = (int) CLAMP(sp_json_int(json, "http_status", 0), 0, 999);
    copy->error = member(json, "error");
    copy->etag = member(json, "etag");
    copy->last_modified = member_time(json, "last_modified");
    copy->request_id = member(json, "request_id");
    copy->elapsed_ms = MAX(0, sp_json_int(json, "elapsed_ms", 0));
    read_facts(copy, sp_json_member(json, "facts"));
    return copy;
}

/* The services' copies, or the others; their pictures too where there is a store. */
static void
read_some(SpStore *store, SpRecord *record, gboolean are_seen)
{
    SpJson *copies = sp_json_member(record->document, "copies");
    gsize length = sp_json_length(copies);

    for (gsize i = 0; i < MIN(length, MAX_COPIES); i++) {
        SpJson *json = json_object_array_get_idx(copies, i);
        const char *service = sp_json_string(json, "service");

        if (service != NULL && sp_seen_is_id(service) == are_seen) {
            int group = sp_group_from_letter(sp_json_string(json, "group"));
            SpCopy *copy = read_copy(json);

            g_ptr_array_add(record->copies, copy);
            g_array_append_val(record->told_groups, group);
            if (store != NULL) {
                read_picture(store, copy, json);
            }
        }
    }
}

static void
read_copies(SpStore *store, SpRecord *record)
{
    const char *reference = sp_json_string(record->document, "reference");

    read_some(store, record, FALSE);
    record->n_services = record->copies->len;
    read_some(store, record, TRUE);
    record->reference = -1;
    for (guint i = 0; i < record->copies->len; i++) {
        const SpCopy *copy = g_ptr_array_index(record->copies, i);

        if (g_strcmp0(copy->service, reference) == 0) {
            record->reference = (int) i;
        }
    }
}

void
sp_record_group(SpRecord *record)
{
    g_autofree SpPhoto **photos = g_new0(SpPhoto *, record->copies->len + 1);
    int reference = record->reference;

    for (guint i = 0; i < record->copies->len; i++) {
        const SpCopy *copy = g_ptr_array_index(record->copies, i);

        photos[i] = copy->status == SP_COPY_PRESENT ? copy->photo : NULL;
    }
    if (reference >= 0 && photos[reference] == NULL) {
        reference = -1;
    }
    record->groups = sp_groups_new(photos, record->copies->len, reference);
}

static SpRecord *
read_record(SpStore *store, gint64 id, gboolean has_pictures, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store, "SELECT at, agent FROM evidence WHERE id = ?1", error);
    g_autoptr(SpRecord) record = g_new0(SpRecord, 1);

    record->copies = g_ptr_array_new_with_free_func(free_copy);
    record->told_groups = g_array_new(FALSE, FALSE, sizeof(int));
    if (statement == NULL) {
        return NULL;
    }
    sp_bind_int(statement, 1, id);
    if (!sp_store_step(store, statement, error)) {
        return NULL;
    }
    record->at = sp_column_time(statement, 0);
    record->agent = sp_column_text(statement, 1);
    record->document = sp_record_load(store, id, error);
    if (record->document == NULL || record->at == NULL) {
        return NULL;
    }
    record->person = read_person(sp_json_member(record->document, "user"));
    record->policy = read_policy(sp_json_member(record->document, "policy"));
    read_copies(has_pictures ? store : NULL, record);
    return g_steal_pointer(&record);
}

SpRecord *
sp_record_read(SpStore *store, gint64 id, GError **error)
{
    return read_record(store, id, TRUE, error);
}

SpRecord *
sp_record_read_words(SpStore *store, gint64 id, GError **error)
{
    return read_record(store, id, FALSE, error);
}

SpEvidence
sp_record_get_evidence(const SpRecord *record)
{
    return (SpEvidence){.person = record->person,
                        .policy = record->policy,
                        .copies = (SpCopy *const *) record->copies->pdata,
                        .n_copies = record->n_services,
                        .n_seen = record->copies->len - record->n_services,
                        .groups = record->groups,
                        .reference = record->reference,
                        .now = record->at};
}

/* Whether two documents tell the same case: an older version's record may lack what its findings
 * were decided by, and a newer one's may know rules that this one does not. */
static gboolean
tell_the_same(SpJson *left, SpJson *right)
{
    SpJson *ours = sp_json_member(left, "findings");
    SpJson *theirs = sp_json_member(right, "findings");
    gsize length = sp_json_length(ours);

    if (g_strcmp0(sp_json_string(left, "verdict"), sp_json_string(right, "verdict")) != 0 ||
        !json_object_is_type(theirs, json_type_array) ||
        json_object_array_length(theirs) != length) {
        return FALSE;
    }
    for (gsize i = 0; i < length; i++) {
        if (g_strcmp0(sp_json_string(json_object_array_get_idx(ours, i), "id"),
                      sp_json_string(json_object_array_get_idx(theirs, i), "id")) != 0) {
            return FALSE;
        }
    }
    return TRUE;
}

SpJson *
sp_record_tell(SpStore *store, gint64 id, GError **error)
{
    g_autoptr(SpRecord) record = sp_record_read(store, id, error);
    g_autoptr(SpJson) told = NULL;
    SpEvidence evidence;

    if (record == NULL) {
        return NULL;
    }
    sp_record_group(record);
    evidence = sp_record_get_evidence(record);
    told = sp_record_to_json(&evidence);
    return tell_the_same(told, record->document) ? g_steal_pointer(&told)
                                                 : json_object_get(record->document);
}
