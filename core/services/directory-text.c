#include "core/services/directory-text.h"

#include <string.h>

#include "core/i18n.h"

char *
sp_directory_escape(const char *value)
{
    GString *escaped = g_string_new(NULL);

    for (const char *p = value; *p != '\0'; p++) {
        if (strchr("*()\\", *p) != NULL) {
            g_string_append_printf(escaped, "\\%02x", (guint) (guchar) *p);
        } else {
            g_string_append_c(escaped, *p);
        }
    }
    return g_string_free(escaped, FALSE);
}

const char *
sp_directory_bind_reason(const char *diagnostic)
{
    static const struct {
        const char *code;
        const char *reason;
    } reasons[] = {
        {"525", N_("there is no such account")},
        {"52e", N_("the password is wrong")},
        {"530", N_("the account may not sign in at this hour")},
        {"531", N_("the account may not sign in from this computer")},
        {"532", N_("the password has run out")},
        {"533", N_("the account is disabled")},
        {"701", N_("the account has run out")},
        {"773", N_("the password must be changed first")},
        {"775", N_("the account is locked")},
    };
    const char *data = diagnostic == NULL ? NULL : strstr(diagnostic, "data ");

    for (gsize i = 0; data != NULL && i < G_N_ELEMENTS(reasons); i++) {
        gsize length = strlen(reasons[i].code);

        if (g_ascii_strncasecmp(data + 5, reasons[i].code, length) == 0 &&
            !g_ascii_isalnum(data[5 + length])) {
            return _(reasons[i].reason);
        }
    }
    return NULL;
}

GDateTime *
sp_directory_read_time(const char *text)
{
    g_autofree char *iso = NULL;

    if (strlen(text) < 15 || !g_str_is_ascii(text)) {
        return NULL;
    }
    iso = g_strdup_printf("%.8sT%.6sZ", text, text + 8);
    return g_date_time_new_from_iso8601(iso, NULL);
}

GDateTime *
sp_directory_read_change(const char *xml, const char *attribute)
{
    static const char tag[] = "<ftimeLastOriginatingChange>";
    g_autofree char *name = g_strdup_printf("<pszAttributeName>%s<", attribute);
    const char *at = strstr(xml, name) == NULL ? NULL : strstr(xml, tag);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autofree char *text = NULL;

    if (at == NULL) {
        return NULL;
    }
    at += strlen(tag);
    text = g_strndup(at, strcspn(at, "<"));
    return g_utf8_validate(text, -1, NULL) ? g_date_time_new_from_iso8601(text, utc) : NULL;
}
