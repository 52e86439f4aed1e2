/* The document "samephoto.check/1" (design, section 4): members may be added, never renamed. */

#include "core/guide/check.h"

#include "core/guide/evidence-json.h"
#include "core/json.h"

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

/* A copy that has not arrived reads as "skipped": nothing is known of it. */
static SpJson *
write_copy(const SpCheck *check, guint index)
{
    SpEvidence evidence = sp_check_get_evidence(check);
    const SpCopy *copy = sp_check_get_copy(check, index);
    g_autoptr(SpCopy) nothing = sp_copy_new(sp_check_get_service(check, index), NULL);

    return sp_copy_to_json(copy == NULL ? nothing : copy, &evidence, index);
}

/* The group that the copy's JSON says. */
static int
group_of(SpJson *copy)
{
    return sp_group_from_letter(sp_json_string(copy, "group"));
}

static SpJson *
write_group(SpJson *copies, int group)
{
    SpJson *json = json_object_new_object();
    SpJson *services = json_object_new_array();

    sp_json_add_group(json, "id", group);
    for (gsize i = 0; i < sp_json_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);

        if (group_of(copy) == group) {
            json_object_array_add(services, json_object_get(sp_json_member(copy, "service")));
        }
    }
    json_object_object_add(json, "services", services);
    return json;
}

struct json_object *
sp_check_to_json(const SpCheck *check)
{
    SpJson *json = json_object_new_object();
    SpJson *copies = json_object_new_array();
    SpJson *groups = json_object_new_array();
    const SpGroups *known = sp_check_get_groups(check);
    int reference = sp_check_get_reference(check);
    SpEvidence evidence = sp_check_get_evidence(check);

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
        json_object_array_add(groups, write_group(copies, (int) i));
    }
    json_object_object_add(json, "copies", copies);
    json_object_object_add(json, "groups", groups);
    sp_json_add_diagnosis(json, &evidence, sp_check_get_findings(check));
    return json;
}
