/* The document "samephoto.playbook/1": what `playbook show --json` prints. */

#include "core/guide/playbook.h"
#include "core/json.h"

static SpJson *
strings_to_json(GStrv strings)
{
    SpJson *json = json_object_new_array();

    for (guint i = 0; strings[i] != NULL; i++) {
        json_object_array_add(json, json_object_new_string(strings[i]));
    }
    return json;
}

static SpJson *
step_to_json(const SpStep *step)
{
    SpJson *json = json_object_new_object();

    sp_json_add_string(json, "text", step->text);
    sp_json_add_string(json, "detail", step->detail);
    sp_json_add_string(json, "actor",
                       step->actor == SP_ACTOR_NOBODY ? NULL : sp_actor_name(step->actor));
    json_object_object_add(json, "verify", strings_to_json(step->verify));
    sp_json_add_string(json, "wait", step->wait);
    json_object_object_add(json, "wait_s", json_object_new_int64(step->wait_s));
    sp_json_add_string(json, "url", step->url);
    sp_json_add_string(json, "play", step->play);
    sp_json_add_string(json, "say", step->say);
    return json;
}

static SpJson *
section_to_json(const SpSection *section)
{
    SpJson *json = json_object_new_object();
    SpJson *steps = json_object_new_array();

    sp_json_add_string(json, "id", section->id);
    sp_json_add_string(json, "title", section->title);
    json_object_object_add(json, "level", json_object_new_int(section->level));
    json_object_object_add(json, "when", strings_to_json(section->when));
    for (guint i = 0; i < section->steps->len; i++) {
        json_object_array_add(steps, step_to_json(g_ptr_array_index(section->steps, i)));
    }
    json_object_object_add(json, "steps", steps);
    json_object_object_add(json, "notes", strings_to_json(section->notes));
    json_object_object_add(json, "links", strings_to_json(section->links));
    return json;
}

struct json_object *
sp_playbook_to_json(const SpPlaybook *playbook)
{
    GPtrArray *sections = sp_playbook_get_sections(playbook);
    SpJson *json = json_object_new_object();
    SpJson *array = json_object_new_array();

    sp_json_add_string(json, "schema", "samephoto.playbook/1");
    sp_json_add_string(json, "name", sp_playbook_get_name(playbook));
    sp_json_add_string(json, "title", sp_playbook_get_title(playbook));
    sp_json_add_string(json, "language", sp_playbook_get_language(playbook));
    for (guint i = 0; i < sections->len; i++) {
        json_object_array_add(array, section_to_json(g_ptr_array_index(sections, i)));
    }
    json_object_object_add(json, "sections", array);
    return json;
}
