#include "core/practice/directory-entry.h"

#include <ldap.h>
#include <string.h>

#define MAX_DEPTH 8

struct SpFilter {
    ber_tag_t tag;
    char *attribute;
    char *value;
    GPtrArray *parts; /* SpFilter, of and, or, not */
};

static void
attribute_free(SpAttribute *attribute)
{
    g_ptr_array_unref(attribute->values);
    g_free(attribute);
}

static SpAttribute *
find_attribute(GPtrArray *entry, const char *name)
{
    for (guint i = 0; i < entry->len; i++) {
        SpAttribute *attribute = g_ptr_array_index(entry, i);

        if (g_ascii_strcasecmp(attribute->name, name) == 0) {
            return attribute;
        }
    }
    return NULL;
}

static void
add_bytes(GPtrArray *entry, const char *name, GBytes *value)
{
    SpAttribute *attribute = find_attribute(entry, name);

    if (attribute == NULL) {
        attribute = g_new0(SpAttribute, 1);
        attribute->name = name;
        attribute->values = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
        g_ptr_array_add(entry, attribute);
    }
    g_ptr_array_add(attribute->values, value);
}

static void
add_text(GPtrArray *entry, const char *name, const char *value)
{
    add_bytes(entry, name, g_bytes_new(value, strlen(value)));
}

static void
add_time(GPtrArray *entry, const char *name, gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    g_autofree char *text = g_date_time_format(time, "%Y%m%d%H%M%S.0Z");

    add_text(entry, name, text);
}

/* When thumbnailPhoto itself was changed, as a domain controller tells it. */
static void
add_replication(GPtrArray *entry, gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    g_autofree char *iso = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *xml = g_strdup_printf(
        "<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>thumbnailPhoto</pszAttributeName>\n"
        "\t<dwVersion>2</dwVersion>\n\t<ftimeLastOriginatingChange>%s</"
        "ftimeLastOriginatingChange>\n"
        "</DS_REPL_ATTR_META_DATA>\n",
        iso);

    add_text(entry, "msDS-ReplAttributeMetaData", xml);
}

static void
add_photo(SpWorld *world, GPtrArray *entry, const SpResident *resident)
{
    if (resident->directory != NULL) {
        add_bytes(entry, "thumbnailPhoto",
                  sp_renditions_get(sp_world_get_renditions(world), resident->directory,
                                    resident->directory_side, resident->directory_quality));
        add_replication(entry, resident->directory_changed);
    }
}

static void
add_addresses(GPtrArray *entry, const SpResident *resident)
{
    g_auto(GStrv) aliases = g_strsplit(resident->aliases != NULL ? resident->aliases : "", " ", -1);

    if (resident->mail != NULL) {
        g_autofree char *primary = g_strconcat("SMTP:", resident->mail, NULL);

        add_text(entry, "mail", resident->mail);
        add_text(entry, "proxyAddresses", primary);
    }
    for (guint i = 0; aliases[i] != NULL && aliases[i][0] != '\0'; i++) {
        g_autofree char *alias = g_strconcat("smtp:", aliases[i], NULL);

        add_text(entry, "proxyAddresses", alias);
    }
}

GPtrArray *
sp_directory_entry(SpWorld *world, const SpResident *resident)
{
    GPtrArray *entry = g_ptr_array_new_with_free_func((GDestroyNotify) attribute_free);
    g_autofree char *account = g_strndup(resident->upn, strcspn(resident->upn, "@"));

    add_text(entry, "objectClass", "top");
    add_text(entry, "objectClass", "person");
    add_text(entry, "objectClass", "organizationalPerson");
    add_text(entry, "objectClass", "user");
    add_text(entry, "objectCategory", "person");
    add_text(entry, "cn", resident->display_name);
    add_text(entry, "displayName", resident->display_name);
    add_text(entry, "userPrincipalName", resident->upn);
    add_text(entry, "sAMAccountName", account);
    add_addresses(entry, resident);
    add_bytes(entry, "objectGUID", g_bytes_new(resident->id, 16));
    add_bytes(entry, "mS-DS-ConsistencyGuid", g_bytes_new(resident->id, 16));
    add_text(entry, "userAccountControl", resident->is_enabled ? "512" : "514");
    add_time(entry, "whenCreated", resident->created);
    add_time(entry, "whenChanged", MAX(resident->directory_changed, resident->created));
    add_photo(world, entry, resident);
    return entry;
}

GPtrArray *
sp_directory_root(void)
{
    GPtrArray *entry = g_ptr_array_new_with_free_func((GDestroyNotify) attribute_free);

    add_text(entry, "objectClass", "top");
    add_text(entry, "defaultNamingContext", SP_DIRECTORY_BASE);
    add_text(entry, "namingContexts", SP_DIRECTORY_BASE);
    add_text(entry, "supportedLDAPVersion", "3");
    add_text(entry, "dnsHostName", "dc1.norvane.example");
    return entry;
}

void
sp_filter_free(SpFilter *filter)
{
    if (filter == NULL) {
        return;
    }
    g_free(filter->attribute);
    g_free(filter->value);
    g_clear_pointer(&filter->parts, g_ptr_array_unref);
    g_free(filter);
}

static SpFilter *read_filter(BerElement *message, guint depth);

static gboolean
read_parts(SpFilter *filter, BerElement *message, guint depth)
{
    ber_len_t length = 0;
    char *last = NULL;

    filter->parts = g_ptr_array_new_with_free_func((GDestroyNotify) sp_filter_free);
    for (ber_tag_t tag = ber_first_element(message, &length, &last); tag != LBER_DEFAULT;
         tag = ber_next_element(message, &length, last)) {
        SpFilter *part = read_filter(message, depth + 1);

        if (part == NULL) {
            return FALSE;
        }
        g_ptr_array_add(filter->parts, part);
    }
    return TRUE;
}

static char *
take_text(const BerValue *value)
{
    return g_strndup(value->bv_val != NULL ? value->bv_val : "", value->bv_len);
}

static gboolean
read_equality(SpFilter *filter, BerElement *message)
{
    BerValue attribute = {0};
    BerValue value = {0};

    if (ber_scanf(message, "{mm}", &attribute, &value) == LBER_ERROR) {
        return FALSE;
    }
    filter->attribute = take_text(&attribute);
    filter->value = take_text(&value);
    return TRUE;
}

static gboolean
read_presence(SpFilter *filter, BerElement *message)
{
    BerValue attribute = {0};

    if (ber_scanf(message, "m", &attribute) == LBER_ERROR) {
        return FALSE;
    }
    filter->attribute = take_text(&attribute);
    return TRUE;
}

static SpFilter *
read_filter(BerElement *message, guint depth)
{
    g_autoptr(SpFilter) filter = g_new0(SpFilter, 1);
    ber_len_t length = 0;
    gboolean is_read = FALSE;

    filter->tag = ber_peek_tag(message, &length);
    switch (filter->tag) {
    case LDAP_FILTER_AND:
    case LDAP_FILTER_OR: is_read = depth < MAX_DEPTH && read_parts(filter, message, depth); break;
    case LDAP_FILTER_EQUALITY: is_read = read_equality(filter, message); break;
    case LDAP_FILTER_PRESENT: is_read = read_presence(filter, message); break;
    default: is_read = FALSE;
    }
    return is_read ? g_steal_pointer(&filter) : NULL;
}

SpFilter *
sp_filter_read(BerElement *message)
{
    return read_filter(message, 0);
}

static gboolean
has_value(GPtrArray *entry, const SpFilter *filter)
{
    SpAttribute *attribute = find_attribute(entry, filter->attribute);

    for (guint i = 0; attribute != NULL && i < attribute->values->len; i++) {
        gsize size = 0;
        const char *data = g_bytes_get_data(g_ptr_array_index(attribute->values, i), &size);

        if (size == strlen(filter->value) && g_ascii_strncasecmp(data, filter->value, size) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
sp_filter_matches(const SpFilter *filter, GPtrArray *entry)
{
    gboolean is_and = filter->tag == LDAP_FILTER_AND;

    if (filter->tag == LDAP_FILTER_EQUALITY) {
        return has_value(entry, filter);
    }
    if (filter->tag == LDAP_FILTER_PRESENT) {
        return find_attribute(entry, filter->attribute) != NULL;
    }
    for (guint i = 0; i < filter->parts->len; i++) {
        if (sp_filter_matches(g_ptr_array_index(filter->parts, i), entry) != is_and) {
            return !is_and;
        }
    }
    return is_and;
}
