/* Looking people up in Graph (reference 2.7): one list of questions, asked one after the other
 * until one is answered with somebody. A userPrincipalName or object id takes one request. */

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/json.h"
#include "core/net/endpoint.h"
#include "core/services/answer.h"
#include "core/services/person.h"
#include "core/text.h"

#define MAX_QUESTIONS        3
#define MAX_MATCHES          50
#define MAX_PAGES            4
#define MAX_RETRIES          2
#define MAX_WAIT_MS          60000
#define PAGE_PEOPLE          100 /* with their plans some 20 kB each: well below MAX_ANSWER_BYTES */
#define MAX_NAME_CHARACTERS  200
#define MAX_PROXIES          200
#define MAX_ANSWER_BYTES     (4 * 1024 * 1024)
#define MAX_QUERY_CHARACTERS 256

#define SELECT                                                                                     \
    "$select=id,displayName,userPrincipalName,mail,userType,accountEnabled,"                       \
    "onPremisesSyncEnabled,onPremisesLastSyncDateTime,onPremisesImmutableId,assignedPlans,"        \
    "proxyAddresses,createdDateTime"

/* One look-up. */
typedef struct {
    SpClient *client;
    char *query;
    char *questions[MAX_QUESTIONS + 1]; /* addresses, in the order in which they are asked */
    guint next;
    guint n_pages;
    guint limit;
    gboolean may_be_empty;
    gboolean is_page; /* of everybody: what lies behind it is the caller's to ask for */
    char *link;       /* of the next page */
    GPtrArray *people;
} Lookup;

static void
free_lookup(gpointer data)
{
    Lookup *lookup = data;

    sp_client_unref(lookup->client);
    g_free(lookup->query);
    for (gsize i = 0; i < MAX_QUESTIONS; i++) {
        g_free(lookup->questions[i]);
    }
    g_free(lookup->link);
    g_ptr_array_unref(lookup->people);
    g_free(lookup);
}

static char *
clean_member(SpJson *json, const char *name)
{
    const char *text = sp_json_string(json, name);

    return text == NULL || *text == '\0' ? NULL : sp_text_clean(text, -1, MAX_NAME_CHARACTERS);
}

static SpTruth
truth_member(SpJson *json, const char *name, SpTruth if_null)
{
    SpJson *value = NULL;

    if (!json_object_object_get_ex(json, name, &value)) {
        return SP_UNKNOWN;
    }
    if (!json_object_is_type(value, json_type_boolean)) {
        return value == NULL ? if_null : SP_UNKNOWN;
    }
    return json_object_get_boolean(value) ? SP_YES : SP_NO;
}

static GDateTime *
time_member(SpJson *json, const char *name)
{
    const char *text = sp_json_string(json, name);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

    return text == NULL || !g_utf8_validate(text, -1, NULL)
               ? NULL
               : g_date_time_new_from_iso8601(text, utc);
}

static GStrv
read_proxies(SpJson *list)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    gsize n = sp_json_length(list);

    for (gsize i = 0; i < MIN(n, MAX_PROXIES); i++) {
        SpJson *item = json_object_array_get_idx(list, i);

        if (json_object_is_type(item, json_type_string)) {
            g_autofree char *clean =
                sp_text_clean(json_object_get_string(item), -1, MAX_NAME_CHARACTERS);

            g_strv_builder_add(builder, clean);
        }
    }
    return g_strv_builder_end(builder);
}

static void
add_plan(SpPerson *person, SpJson *json)
{
    const char *state = sp_json_string(json, "capabilityStatus");
    SpPlan *plan = g_new0(SpPlan, 1);

    plan->service = clean_member(json, "service");
    plan->is_enabled = g_strcmp0(state, "Enabled") == 0 || g_strcmp0(state, "Warning") == 0;
    g_ptr_array_add(person->plans, plan);
}

static SpTruth
has_plan(const SpPerson *person, const char *service)
{
    for (guint i = 0; i < person->plans->len; i++) {
        const SpPlan *plan = g_ptr_array_index(person->plans, i);

        if (plan->is_enabled && plan->service != NULL &&
            g_ascii_strcasecmp(plan->service, service) == 0) {
            return SP_YES;
        }
    }
    return SP_NO;
}

static void
read_plans(SpPerson *person, SpJson *list)
{
    gsize n = 0;

    if (!json_object_is_type(list, json_type_array)) {
        return; /* not allowed to see them: unknown, not "no licence" */
    }
    n = json_object_array_length(list);
    for (gsize i = 0; i < MIN(n, MAX_PROXIES); i++) {
        add_plan(person, json_object_array_get_idx(list, i));
    }
    person->has_exchange_plan = has_plan(person, "exchange");
    person->has_sharepoint_plan = has_plan(person, "SharePoint");
}

/* NULL where there is no id: then nothing could be asked about this person. */
static SpPerson *
read_person(SpJson *json)
{
    g_autoptr(SpPerson) person = sp_person_new();

    if (!json_object_is_type(json, json_type_object)) {
        return NULL;
    }
    person->id = clean_member(json, "id");
    person->user_principal_name = clean_member(json, "userPrincipalName");
    if (person->id == NULL || person->user_principal_name == NULL) {
        return NULL;
    }
    person->display_name = clean_member(json, "displayName");
    if (person->display_name == NULL) {
        person->display_name = g_strdup(person->user_principal_name);
    }
    person->mail = clean_member(json, "mail");
    person->user_type = clean_member(json, "userType");
    person->is_enabled = truth_member(json, "accountEnabled", SP_UNKNOWN);
    /* Null for an account that was born in the cloud. */
    person->is_synced = truth_member(json, "onPremisesSyncEnabled", SP_NO);
    person->last_synced = time_member(json, "onPremisesLastSyncDateTime");
    person->created = time_member(json, "createdDateTime");
    g_strfreev(person->proxy_addresses);
    person->proxy_addresses = read_proxies(sp_json_member(json, "proxyAddresses"));
    read_plans(person, sp_json_member(json, "assignedPlans"));
    return g_steal_pointer(&person);
}

static void
add_person(Lookup *lookup, SpJson *json)
{
    SpPerson *person = lookup->people->len < lookup->limit ? read_person(json) : NULL;

    if (person != NULL) {
        g_ptr_array_add(lookup->people, person);
    }
}

/* One person, or a page of a list. */
static void
read_people(Lookup *lookup, SpJson *json)
{
    SpJson *list = sp_json_member(json, "value");
    gsize n = sp_json_length(list);

    if (list == NULL) {
        add_person(lookup, json);
        return;
    }
    for (gsize i = 0; i < n; i++) {
        add_person(lookup, json_object_array_get_idx(list, i));
    }
}

static void ask(GTask *task, const char *url);

/* The exact spelling first; otherwise as the service sorted them. */
static int
rank(const SpPerson *person, const char *query)
{
    if (g_ascii_strcasecmp(person->user_principal_name, query) == 0) {
        return 0;
    }
    if (person->mail != NULL && g_ascii_strcasecmp(person->mail, query) == 0) {
        return 1;
    }
    return g_strcmp0(person->display_name, query) == 0 ? 2 : 3;
}

static int
compare_people(gconstpointer a, gconstpointer b, gpointer query)
{
    return rank(*(SpPerson *const *) a, query) - rank(*(SpPerson *const *) b, query);
}

static void
return_people(GTask *task)
{
    Lookup *lookup = g_task_get_task_data(task);

    if (lookup->people->len == 0 && !lookup->may_be_empty) {
        g_task_return_new_error(
            task, SP_ERROR, SP_ERROR_NOT_FOUND,
            _("Nobody is called '%s': tried as address, as object id and as part of a name; check "
              "the spelling"),
            lookup->query);
        return;
    }
    g_ptr_array_sort_with_data(lookup->people, compare_people, lookup->query);
    g_task_return_pointer(task, g_ptr_array_ref(lookup->people),
                          (GDestroyNotify) g_ptr_array_unref);
}

static void
ask_next(GTask *task)
{
    Lookup *lookup = g_task_get_task_data(task);
    const char *url = lookup->people->len > 0 ? NULL : lookup->questions[lookup->next];

    if (url == NULL) {
        return_people(task);
    } else {
        lookup->next++;
        lookup->n_pages = 0;
        ask(task, url);
    }
}

/* Whether a page lies at the same place as the first: the link carries our token. */
static gboolean
is_at_home(const Lookup *lookup, const char *link)
{
    g_autofree char *base =
        sp_endpoint_base(sp_client_get_config(lookup->client), SP_ENDPOINT_GRAPH);

    return sp_http_same_origin(link, base);
}

/* TRUE where the next page is asked for. */
static gboolean
follow(GTask *task, SpJson *json)
{
    Lookup *lookup = g_task_get_task_data(task);
    const char *link = sp_json_string(json, "@odata.nextLink");

    if (link == NULL || lookup->people->len >= lookup->limit || ++lookup->n_pages >= MAX_PAGES ||
        !is_at_home(lookup, link)) {
        return FALSE;
    }
    ask(task, link);
    return TRUE;
}

/* One page of everybody is answered, with where the next one lies. */
static void
return_page(GTask *task, SpJson *json)
{
    Lookup *lookup = g_task_get_task_data(task);
    const char *link = sp_json_string(json, "@odata.nextLink");

    if (link != NULL && !is_at_home(lookup, link)) {
        g_task_return_new_error(
            task, SP_ERROR, SP_ERROR_PROTOCOL, "%s",
            _("Microsoft 365 says that the list of people goes on at another place, which was not "
              "asked"));
        return;
    }
    lookup->link = g_strdup(link);
    return_people(task);
}

static int
code_of(SpCopyStatus status)
{
    switch (status) {
    case SP_COPY_DENIED: return SP_ERROR_AUTH;
    case SP_COPY_THROTTLED: return SP_ERROR_THROTTLED;
    case SP_COPY_UNREACHABLE: return SP_ERROR_NETWORK;
    default: return SP_ERROR_PROTOCOL;
    }
}

static void
return_refusal(GTask *task, const SpHttpResponse *response)
{
    Lookup *lookup = g_task_get_task_data(task);
    g_autoptr(SpCopy) copy = sp_copy_new("person", _("Microsoft 365"));
    SpRights rights = sp_permission_rights(sp_client_get_config(lookup->client));

    sp_answer_explain(copy, response, NULL, sp_permission_find("person"), rights);
    g_task_return_new_error(task, SP_ERROR, code_of(copy->status), "%s",
                            copy->error == NULL ? _("Microsoft 365 could not look people up")
                                                : copy->error);
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Lookup *lookup = g_task_get_task_data(task);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpHttpResponse) response = sp_client_send_finish(lookup->client, result, &error);
    g_autoptr(SpJson) json = NULL;
    int status = response == NULL ? 0 : sp_http_response_get_status(response);

    (void) source;
    if (g_cancellable_is_cancelled(g_task_get_cancellable(task))) {
        g_task_return_new_error(task, SP_ERROR, SP_ERROR_CANCELLED, "%s", _("Stopped"));
        return;
    }
    if (status == 200) {
        json =
            sp_json_parse(sp_http_response_get_body(response), _("Microsoft 365's answer"), &error);
    }
    if (response == NULL || (status == 200 && json == NULL)) {
        g_task_return_error(task, g_steal_pointer(&error));
    } else if (json != NULL) {
        read_people(lookup, json);
        if (lookup->is_page) {
            return_page(task, json);
        } else if (!follow(task, json)) {
            ask_next(task);
        }
    } else if ((status == 404 || status == 400) && !lookup->is_page) {
        ask_next(task); /* 400: this spelling can't be asked in this form */
    } else {
        return_refusal(task, response);
    }
}

static void
ask(GTask *task, const char *url)
{
    Lookup *lookup = g_task_get_task_data(task);
    const SpConfig *config = sp_client_get_config(lookup->client);
    g_autofree char *audience = sp_endpoint_audience(config, SP_ENDPOINT_GRAPH);
    /* $search and $count need the second header; it harms nowhere else. */
    const char *const headers[] = {"Accept: application/json", "ConsistencyLevel: eventual", NULL};
    const SpPatience patience = sp_client_get_patience(lookup->client);
    SpHttpRequest request = {.url = url,
                             .headers = headers,
                             .max_body_bytes = MAX_ANSWER_BYTES,
                             .max_retries = MAX(MAX_RETRIES, patience.max_retries),
                             .max_wait_ms = MAX(MAX_WAIT_MS, patience.max_wait_ms),
                             .store = "graph",
                             .service = "Microsoft 365"};

    sp_client_send_async(lookup->client, audience, &request, g_task_get_cancellable(task),
                         on_answer, g_object_ref(task));
}

static char *
double_quotes(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "'", -1);

    return g_strjoinv("''", parts);
}

/* /users/{id}; what begins with "$" only works in the form users('…') (reference section 2). */
static char *
exact_url(const char *base, const char *query)
{
    if (*query == '$') {
        g_autofree char *doubled = double_quotes(query);
        g_autofree char *escaped = g_uri_escape_string(doubled, NULL, FALSE);

        return g_strdup_printf("%s/v1.0/users('%s')?" SELECT, base, escaped);
    } else {
        g_autofree char *escaped = g_uri_escape_string(query, NULL, FALSE);

        return g_strdup_printf("%s/v1.0/users/%s?" SELECT, base, escaped);
    }
}

static char *
mail_url(const char *base, const char *query)
{
    g_autofree char *doubled = double_quotes(query);
    g_autofree char *filter =
        g_strdup_printf("mail eq '%s' or proxyAddresses/any(p:p eq 'smtp:%s')", doubled, doubled);
    g_autofree char *escaped = g_uri_escape_string(filter, NULL, FALSE);

    return g_strdup_printf("%s/v1.0/users?$filter=%s&$count=true&$top=%d&" SELECT, base, escaped,
                           MAX_MATCHES);
}

/* Inside the quotes of $search a quote and a backslash are escaped by a backslash. */
static char *
name_url(const char *base, const char *query, guint limit)
{
    GString *words = g_string_new(query);
    g_autofree char *phrase = NULL;
    g_autofree char *escaped = NULL;

    g_string_replace(words, "\\", "\\\\", 0);
    g_string_replace(words, "\"", "\\\"", 0);
    phrase = g_strdup_printf("\"displayName:%s\"", words->str);
    g_string_free(words, TRUE);
    escaped = g_uri_escape_string(phrase, NULL, FALSE);
    return g_strdup_printf("%s/v1.0/users?$search=%s&$count=true&$top=%u&" SELECT, base, escaped,
                           limit);
}

static GTask *
lookup_new(SpClient *client, const char *query, guint limit, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, cancellable, callback, user_data);
    Lookup *lookup = g_new0(Lookup, 1);

    lookup->client = sp_client_ref(client);
    lookup->query = sp_text_clean(query, -1, MAX_QUERY_CHARACTERS);
    lookup->limit = limit;
    lookup->people = g_ptr_array_new_with_free_func((GDestroyNotify) sp_person_unref);
    g_task_set_check_cancellable(task, FALSE);
    g_task_set_task_data(task, lookup, free_lookup);
    return task;
}

void
sp_person_find_async(SpClient *client, const char *query, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task =
        lookup_new(client, query, MAX_MATCHES, cancellable, callback, user_data);
    Lookup *lookup = g_task_get_task_data(task);
    g_autofree char *base = sp_endpoint_base(sp_client_get_config(client), SP_ENDPOINT_GRAPH);
    const char *who = lookup->query;
    gboolean is_address = strchr(who, '@') != NULL;
    guint n = 0;

    if (is_address || g_uuid_string_is_valid(who)) {
        lookup->questions[n++] = exact_url(base, who);
    }
    if (is_address) {
        lookup->questions[n++] = mail_url(base, who);
    }
    if (*who != '\0') {
        lookup->questions[n++] = name_url(base, who, MAX_MATCHES);
    }
    ask_next(task);
}

GPtrArray *
sp_person_find_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

/* By how name or addresses begin; needs no index of the service, unlike $search. */
static char *
prefix_url(const char *base, const char *prefix, guint limit)
{
    g_autofree char *doubled = double_quotes(prefix);
    g_autofree char *filter = g_strdup_printf("startswith(displayName,'%s') or "
                                              "startswith(userPrincipalName,'%s') or "
                                              "startswith(mail,'%s')",
                                              doubled, doubled, doubled);
    g_autofree char *escaped = g_uri_escape_string(filter, NULL, FALSE);

    return g_strdup_printf("%s/v1.0/users?$filter=%s&$count=true&$top=%u&" SELECT, base, escaped,
                           limit);
}

void
sp_person_search_async(SpClient *client, const char *prefix, guint limit, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
    guint capped = CLAMP(limit, 1, 999);
    g_autoptr(GTask) task = lookup_new(client, prefix, capped, cancellable, callback, user_data);
    Lookup *lookup = g_task_get_task_data(task);
    g_autofree char *base = sp_endpoint_base(sp_client_get_config(client), SP_ENDPOINT_GRAPH);

    lookup->may_be_empty = TRUE;
    if (*lookup->query == '\0') {
        lookup->questions[0] = g_strdup_printf("%s/v1.0/users?$top=%u&" SELECT, base, capped);
    } else {
        lookup->questions[0] = prefix_url(base, lookup->query, capped);
        lookup->questions[1] = name_url(base, lookup->query, capped);
    }
    ask_next(task);
}

GPtrArray *
sp_person_search_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void
sp_person_page_async(SpClient *client, const char *link, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = lookup_new(client, "", G_MAXUINT, cancellable, callback, user_data);
    Lookup *lookup = g_task_get_task_data(task);
    g_autofree char *base = sp_endpoint_base(sp_client_get_config(client), SP_ENDPOINT_GRAPH);
    g_autofree char *first = g_strdup_printf("%s/v1.0/users?$top=%d&" SELECT, base, PAGE_PEOPLE);

    lookup->may_be_empty = TRUE;
    lookup->is_page = TRUE;
    ask(task, link == NULL ? first : link);
}

GPtrArray *
sp_person_page_finish(GAsyncResult *result, char **next, GError **error)
{
    Lookup *lookup = g_task_get_task_data(G_TASK(result));
    GPtrArray *people = g_task_propagate_pointer(G_TASK(result), error);

    *next = people == NULL ? NULL : g_steal_pointer(&lookup->link);
    return people;
}
