/* People as plain values; how they are found is in person-find.c. */

#include "core/services/person.h"

#include <string.h>

static void
free_plan(gpointer data)
{
    SpPlan *plan = data;

    g_free(plan->service);
    g_free(plan);
}

SpPerson *
sp_person_new(void)
{
    SpPerson *person = g_atomic_rc_box_new0(SpPerson);

    person->is_enabled = SP_UNKNOWN;
    person->is_synced = SP_UNKNOWN;
    person->has_exchange_plan = SP_UNKNOWN;
    person->has_sharepoint_plan = SP_UNKNOWN;
    person->proxy_addresses = g_new0(char *, 1);
    person->plans = g_ptr_array_new_with_free_func(free_plan);
    return person;
}

SpPerson *
sp_person_ref(SpPerson *person)
{
    return g_atomic_rc_box_acquire(person);
}

SpPerson *
sp_person_new_from_address(const char *address, const char *reason)
{
    SpPerson *person = sp_person_new();

    person->id = g_strdup(address);
    person->user_principal_name = g_strdup(address);
    person->mail = g_strdup(address);
    person->not_looked_up = g_strdup(reason);
    return person;
}

static void
clear(gpointer data)
{
    SpPerson *person = data;

    g_free(person->id);
    g_free(person->user_principal_name);
    g_free(person->display_name);
    g_free(person->mail);
    g_free(person->user_type);
    g_free(person->not_looked_up);
    g_clear_pointer(&person->created, g_date_time_unref);
    g_clear_pointer(&person->last_synced, g_date_time_unref);
    g_strfreev(person->proxy_addresses);
    g_ptr_array_unref(person->plans);
}

void
sp_person_unref(SpPerson *person)
{
    if (person != NULL) {
        g_atomic_rc_box_release_full(person, clear);
    }
}

gboolean
sp_person_is_guest(const SpPerson *person)
{
    return g_strcmp0(person->user_type, "Guest") == 0 ||
           (person->user_principal_name != NULL &&
            strstr(person->user_principal_name, "#EXT#") != NULL);
}
