#include "core/practice/graph-users.h"

#include <string.h>

#include "core/practice/login.h"

#define JSON_TYPE                                                                                  \
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;"        \
    "charset=utf-8"
#define PAGE_DEFAULT 100
#define PAGE_MAXIMUM 999

static void
add_time(SpJson *json, const char *name, gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);

    sp_json_add_time(json, name, time);
}

static void
add_id(SpJson *json, const SpResident *resident)
{
    sp_json_add_string(json, "id", resident->id);
}

static void
add_display_name(SpJson *json, const SpResident *resident)
{
    sp_json_add_string(json, "displayName", resident->display_name);
}

static void
add_given_name(SpJson *json, const SpResident *resident)
{
    sp_json_add_string(json, "givenName", resident->given_name);
}

static void
add_surname(SpJson *json, const SpResident *resident)
{
    sp_json_add_string(json, "surname", resident->surname);
}

static void
add_upn(SpJson *json, const SpResident *resident)
{
    sp_json_add_string(json, "userPrincipalName", resident->upn);
}

static void
add_mail(SpJson *json, const SpResident *resident)
{
    sp_json_add_string(json, "mail", resident->mail);
}

static void
add_job_title(SpJson *json, const SpResident *resident)
{
    sp_json_add_string(json, "jobTitle", resident->job_title);
}

static void
add_user_type(SpJson *json, const SpResident *resident)
{
    sp_json_add_string(json, "userType", resident->is_guest ? "Guest" : "Member");
}

static void
add_enabled(SpJson *json, const SpResident *resident)
{
    json_object_object_add(json, "accountEnabled", json_object_new_boolean(resident->is_enabled));
}

static void
add_synced(SpJson *json, const SpResident *resident)
{
    json_object_object_add(json, "onPremisesSyncEnabled",
                           resident->is_synced ? json_object_new_boolean(TRUE) : NULL);
}

static void
add_last_synced(SpJson *json, const SpResident *resident)
{
    if (resident->is_synced) {
        add_time(json, "onPremisesLastSyncDateTime", resident->last_synced);
    } else {
        json_object_object_add(json, "onPremisesLastSyncDateTime", NULL);
    }
}

static void
add_immutable_id(SpJson *json, const SpResident *resident)
{
    g_autofree char *id = g_base64_encode((const guchar *) resident->id, 16);

    sp_json_add_string(json, "onPremisesImmutableId", resident->is_synced ? id : NULL);
}

static void
add_plan(SpJson *list, const SpResident *resident, const char *service, gboolean is_assigned)
{
    SpJson *plan = sp_json_strings("capabilityStatus", is_assigned ? "Enabled" : "Deleted",
                                   "service", service, NULL);

    add_time(plan, "assignedDateTime", resident->created);
    json_object_array_add(list, plan);
}

static void
add_plans(SpJson *json, const SpResident *resident)
{
    SpJson *list = sp_json_add_array(json, "assignedPlans");

    if (!resident->is_guest) {
        add_plan(list, resident, "exchange", resident->has_exchange);
        add_plan(list, resident, "SharePoint", resident->has_sharepoint);
        add_plan(list, resident, "YammerEnterprise", TRUE);
        add_plan(list, resident, "TeamspaceAPI", TRUE);
    }
}

static void
add_proxy_addresses(SpJson *json, const SpResident *resident)
{
    SpJson *list = sp_json_add_array(json, "proxyAddresses");
    g_auto(GStrv) aliases = g_strsplit(resident->aliases != NULL ? resident->aliases : "", " ", -1);

    if (resident->mail != NULL) {
        g_autofree char *primary = g_strdup_printf("SMTP:%s", resident->mail);

        json_object_array_add(list, json_object_new_string(primary));
    }
    for (guint i = 0; aliases[i] != NULL && aliases[i][0] != '\0'; i++) {
        g_autofree char *alias = g_strdup_printf("smtp:%s", aliases[i]);

        json_object_array_add(list, json_object_new_string(alias));
    }
}

static void
add_created(SpJson *json, const SpResident *resident)
{
    add_time(json, "createdDateTime", resident->created);
}

static const struct {
    const char *name;
    gboolean is_default;
    void (*add)(SpJson *json, const SpResident *resident);
} properties[] = {
    {"displayName", TRUE, add_display_name},
    {"givenName", TRUE, add_given_name},
    {"jobTitle", TRUE, add_job_title},
    {"mail", TRUE, add_mail},
    {"surname", TRUE, add_surname},
    {"userPrincipalName", TRUE, add_upn},
    {"id", TRUE, add_id},
    {"userType", FALSE, add_user_type},
    {"accountEnabled", FALSE, add_enabled},
    {"onPremisesSyncEnabled", FALSE, add_synced},
    {"onPremisesLastSyncDateTime", FALSE, add_last_synced},
    {"onPremisesImmutableId", FALSE, add_immutable_id},
    {"assignedPlans", FALSE, add_plans},
    {"proxyAddresses", FALSE, add_proxy_addresses},
    {"createdDateTime", FALSE, add_created},
};

static gboolean
names(char **list, const char *name)
{
    for (guint i = 0; list[i] != NULL; i++) {
        if (g_ascii_strcasecmp(g_strstrip(list[i]), name) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The properties that $select names, else the small default set, put into `json`. */
static void
add_selected(SpJson *json, const SpCall *call, const SpResident *resident)
{
    const char *select = sp_call_query(call, "$select");
    g_auto(GStrv) list = select != NULL ? g_strsplit(select, ",", -1) : NULL;

    for (guint i = 0; i < G_N_ELEMENTS(properties); i++) {
        if (list != NULL ? names(list, properties[i].name) : properties[i].is_default) {
            properties[i].add(json, resident);
        }
    }
}

void
sp_graph_reply_user(SpCall *call, const SpResident *resident)
{
    SpJson *json = sp_json_strings(
        "@odata.context", "https://graph.microsoft.com/v1.0/$metadata#users/$entity", NULL);

    add_selected(json, call, resident);
    sp_call_reply_json(call, 200, JSON_TYPE, json);
}

void
sp_graph_reply_me(SpCall *call)
{
    SpTokenKind kind = sp_login_examine(sp_world_get_login(call->world), call, SP_AUDIENCE_GRAPH);

    if (kind == SP_TOKEN_SECRET || kind == SP_TOKEN_CERTIFICATE) {
        sp_graph_reply_error(call, 400, "BadRequest",
                             "/me request is only valid with delegated authentication flow.");
        return;
    }
    sp_call_reply_json(call, 200, JSON_TYPE,
                       sp_json_strings("@odata.context",
                                       "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
                                       "displayName", "Helpdesk", "mail", SP_PRACTICE_AGENT,
                                       "userPrincipalName", SP_PRACTICE_AGENT, "id",
                                       "0b7e5c14-8f3d-4d2a-b1c6-93e0a5d7f842", NULL));
}

/* One comparison of a filter: PROPERTY eq 'VALUE' or startswith(PROPERTY,'VALUE'). */
typedef struct {
    char *property;
    char *value;
    gboolean is_prefix;
} Comparison;

static void
comparison_free(Comparison *comparison)
{
    g_free(comparison->property);
    g_free(comparison->value);
    g_free(comparison);
}

/* OData doubles a quote inside a text. */
static char *
unquote(const char *text)
{
    g_auto(GStrv) pieces = g_strsplit(text, "''", -1);

    return g_strjoinv("'", pieces);
}

/* The comparisons of a $filter, joined by "or"; NULL where it is not understood. */
static GPtrArray *
parse_filter(const char *filter)
{
    static const char *const patterns[] = {
        "^(?<p>\\w+) +eq +'(?<v>(?:[^']|'')*)'$",
        "^startswith\\( *(?<p>\\w+) *, *'(?<v>(?:[^']|'')*)' *\\)$",
        "^(?<p>proxyAddresses)/any\\( *(\\w+) *: *\\g{2} +eq +'(?<v>(?:[^']|'')*)' *\\)$",
    };
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify) comparison_free);
    /* "or" inside a quoted value is not a joint: none of the people has it between blanks. */
    g_auto(GStrv) terms = g_strsplit(filter, " or ", -1);

    for (guint i = 0; terms[i] != NULL; i++) {
        gboolean is_understood = FALSE;

        for (guint k = 0; k < G_N_ELEMENTS(patterns) && !is_understood; k++) {
            g_autoptr(GRegex) regex = g_regex_new(patterns[k], G_REGEX_CASELESS, 0, NULL);
            g_autoptr(GMatchInfo) match = NULL;

            is_understood = g_regex_match(regex, g_strstrip(terms[i]), 0, &match);
            if (is_understood) {
                Comparison *comparison = g_new0(Comparison, 1);
                g_autofree char *value = g_match_info_fetch_named(match, "v");

                comparison->property = g_match_info_fetch_named(match, "p");
                comparison->value = unquote(value);
                comparison->is_prefix = k == 1;
                g_ptr_array_add(list, comparison);
            }
        }
        if (!is_understood) {
            return NULL;
        }
    }
    return g_steal_pointer(&list);
}

static gboolean
equals(const char *text, const Comparison *comparison)
{
    g_autofree char *folded = text != NULL ? g_utf8_casefold(text, -1) : NULL;
    g_autofree char *wanted = g_utf8_casefold(comparison->value, -1);

    return folded != NULL &&
           (comparison->is_prefix ? g_str_has_prefix(folded, wanted) : g_str_equal(folded, wanted));
}

/* Whether one of the person's texts under that property fits. */
static gboolean
fits(const SpResident *resident, const Comparison *comparison)
{
    g_autoptr(SpJson) json = json_object_new_object();
    SpJson *value = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(properties); i++) {
        if (g_ascii_strcasecmp(properties[i].name, comparison->property) == 0) {
            properties[i].add(json, resident);
            value = sp_json_member(json, properties[i].name);
        }
    }
    if (json_object_is_type(value, json_type_array)) {
        for (gsize i = 0; i < json_object_array_length(value); i++) {
            if (equals(json_object_get_string(json_object_array_get_idx(value, i)), comparison)) {
                return TRUE;
            }
        }
        return FALSE;
    }
    return value != NULL && equals(json_object_get_string(value), comparison);
}

static gboolean
fits_filter(const SpResident *resident, GPtrArray *filter)
{
    for (guint i = 0; i < filter->len; i++) {
        if (fits(resident, g_ptr_array_index(filter, i))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The next quoted clause of a $search, a backslash before a quote or a backslash taken away; NULL
 * where there is no more. Transfer full. */
static char *
next_clause(const char **text)
{
    const char *from = strchr(*text, '"');
    g_autoptr(GString) clause = g_string_new(NULL);

    if (from == NULL) {
        return NULL;
    }
    for (from++; *from != '\0' && *from != '"'; from++) {
        from += from[0] == '\\' && from[1] != '\0';
        g_string_append_c(clause, *from);
    }
    *text = *from == '"' ? from + 1 : from;
    return g_string_free(g_steal_pointer(&clause), FALSE);
}

static gboolean
fits_clause(const SpResident *resident, char *clause)
{
    char *colon = strchr(clause, ':');
    const char *text = resident->display_name;

    if (colon != NULL) {
        *colon = '\0';
        if (g_ascii_strcasecmp(clause, "mail") == 0) {
            text = resident->mail;
        } else if (g_ascii_strcasecmp(clause, "userPrincipalName") == 0) {
            text = resident->upn;
        }
    }
    return text != NULL && g_str_match_string(colon != NULL ? colon + 1 : clause, text, TRUE);
}

/* $search="displayName:anna" finds the beginnings of words. */
static gboolean
fits_search(const SpResident *resident, const char *search)
{
    gboolean is_found = FALSE;

    while (!is_found) {
        g_autofree char *clause = next_clause(&search);

        if (clause == NULL) {
            break;
        }
        is_found = fits_clause(resident, clause);
    }
    return is_found;
}

/* Which page: the number of people to pass over and to show. */
typedef struct {
    guint skip;
    guint top;
} Page;

static gboolean
read_page(SpCall *call, Page *page)
{
    const char *top = sp_call_query(call, "$top");
    const char *token = sp_call_query(call, "$skiptoken");
    guint64 number = PAGE_DEFAULT;

    if (top != NULL && !g_ascii_string_to_unsigned(top, 10, 1, PAGE_MAXIMUM, &number, NULL)) {
        sp_graph_reply_error(call, 400, "Request_UnsupportedQuery",
                             "Invalid page size specified. Must be between 1 and 999 inclusive.");
        return FALSE;
    }
    if (sp_call_query(call, "$skip") != NULL) {
        sp_graph_reply_error(call, 400, "Request_BadRequest",
                             "'$skip' is not supported by the service.");
        return FALSE;
    }
    page->top = (guint) number;
    page->skip = 0;
    if (token != NULL && g_str_has_prefix(token, "RFNwdAIAAQ")) {
        page->skip = (guint) g_ascii_strtoull(token + 10, NULL, 16);
    }
    return TRUE;
}

/* Advanced queries need the header ConsistencyLevel: eventual. */
static gboolean
check_consistency(SpCall *call)
{
    const char *level = sp_call_header(call, "consistencylevel");

    if (sp_call_query(call, "$search") == NULL ||
        (level != NULL && g_ascii_strcasecmp(level, "eventual") == 0)) {
        return TRUE;
    }
    sp_graph_reply_error(call, 400, "Request_UnsupportedQuery",
                         "Request with $search query parameter only works through MSGraph with a "
                         "special request header: 'ConsistencyLevel: eventual'");
    return FALSE;
}

static GPtrArray *
find_people(SpCall *call, GPtrArray *filter)
{
    GPtrArray *everybody = sp_world_residents(call->world);
    GPtrArray *found = g_ptr_array_new();
    const char *search = sp_call_query(call, "$search");

    for (guint i = 0; i < everybody->len; i++) {
        SpResident *resident = g_ptr_array_index(everybody, i);

        if ((filter == NULL || fits_filter(resident, filter)) &&
            (search == NULL || fits_search(resident, search))) {
            g_ptr_array_add(found, resident);
        }
    }
    return found;
}

/* The address of the next page: the same question with an opaque token. */
static void
add_next_link(SpJson *json, const SpCall *call, guint skip)
{
    g_autoptr(GString) link = g_string_new(call->base);
    GHashTableIter iter;
    gpointer name = NULL;
    gpointer value = NULL;

    g_string_append_printf(link, "/graph/v1.0/users?$skiptoken=RFNwdAIAAQ%08x", skip);
    g_hash_table_iter_init(&iter, call->query);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        if (!g_str_equal(name, "$skiptoken")) {
            g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);

            g_string_append_printf(link, "&%s=%s", (char *) name, escaped);
        }
    }
    sp_json_add_string(json, "@odata.nextLink", link->str);
}

void
sp_graph_reply_users(SpCall *call)
{
    const char *text = sp_call_query(call, "$filter");
    g_autoptr(GPtrArray) filter = text != NULL ? parse_filter(text) : NULL;
    g_autoptr(GPtrArray) found = NULL;
    SpJson *json = NULL;
    SpJson *list = NULL;
    Page page = {0};

    if (text != NULL && filter == NULL) {
        sp_graph_reply_error(call, 400, "Request_UnsupportedQuery", "Unsupported Query.");
        return;
    }
    if (!read_page(call, &page) || !check_consistency(call)) {
        return;
    }
    found = find_people(call, filter);
    json =
        sp_json_strings("@odata.context", "https://graph.microsoft.com/v1.0/$metadata#users", NULL);
    if (sp_call_query(call, "$count") != NULL) {
        json_object_object_add(json, "@odata.count", json_object_new_int((int) found->len));
    }
    if (page.skip + page.top < found->len) {
        add_next_link(json, call, page.skip + page.top);
    }
    list = sp_json_add_array(json, "value");
    for (guint i = page.skip; i < found->len && i < page.skip + page.top; i++) {
        SpJson *person = json_object_new_object();

        add_selected(person, call, g_ptr_array_index(found, i));
        json_object_array_add(list, person);
    }
    sp_call_reply_json(call, 200, JSON_TYPE, json);
}
