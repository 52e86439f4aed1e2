#include "core/net/token-claims.h"

#include <string.h>

#include "core/text.h"

#define MAX_NAME_CHARACTERS 100
#define MAX_PERMISSIONS     200

SpJson *
sp_token_claims_read(const char *token)
{
    const char *start = strchr(token, '.');
    const char *end = start == NULL ? NULL : strchr(start + 1, '.');
    g_autofree char *text = NULL;
    g_autofree guchar *data = NULL;
    g_autoptr(GBytes) bytes = NULL;
    gsize length = 0;
    SpJson *claims;

    if (end == NULL) {
        return NULL;
    }
    /* Base64 wants its padding; one "=" too many is passed over. */
    text = g_strdup_printf("%.*s===", (int) (end - start - 1), start + 1);
    text[strlen(text) / 4 * 4] = '\0';
    g_strdelimit(text, "-", '+');
    g_strdelimit(text, "_", '/');
    data = g_base64_decode(text, &length);
    bytes = g_bytes_new(data, length);
    claims = sp_json_parse(bytes, "token", NULL);
    if (!json_object_is_type(claims, json_type_object)) {
        sp_json_put(claims);
        return NULL;
    }
    return claims;
}

static void
add_permission(GStrvBuilder *builder, const char *name)
{
    g_autofree char *clean = sp_text_clean(name, -1, MAX_NAME_CHARACTERS);

    if (*clean != '\0') {
        g_strv_builder_add(builder, clean);
    }
}

GStrv
sp_token_claims_permissions(SpJson *claims)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    const char *scopes = sp_json_string(claims, "scp");
    SpJson *roles = sp_json_member(claims, "roles");
    g_auto(GStrv) names = g_strsplit(scopes != NULL ? scopes : "", " ", MAX_PERMISSIONS);

    for (gsize i = 0; names[i] != NULL; i++) {
        add_permission(builder, names[i]);
    }
    for (size_t i = 0; json_object_is_type(roles, json_type_array) && i < MAX_PERMISSIONS &&
                       i < json_object_array_length(roles);
         i++) {
        SpJson *role = json_object_array_get_idx(roles, i);

        if (json_object_is_type(role, json_type_string)) {
            add_permission(builder, json_object_get_string(role));
        }
    }
    return g_strv_builder_end(builder);
}
