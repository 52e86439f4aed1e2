#include "core/services/secret.h"

#include <string.h>

#include "core/error.h"
#include "core/i18n.h"
#include "core/text.h"

#define MAX_BYTES 4096

void
sp_secret_wipe(char *secret)
{
    if (secret != NULL) {
        explicit_bzero(secret, strlen(secret));
        g_free(secret);
    }
}

char *
sp_secret_read_file(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) local = NULL;
    gsize length = 0;
    char *secret = NULL;

    if (!g_file_get_contents(path, &text, &length, &local)) {
        g_autofree char *clean = sp_text_clean(local->message, -1, 300);

        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("A file that holds a secret cannot be read: %s"), clean);
        return NULL;
    }
    text[strcspn(text, "\r\n")] = '\0';
    if (*text == '\0' || strlen(text) > MAX_BYTES) {
        g_set_error(error, SP_ERROR, SP_ERROR_CONFIG,
                    _("%s holds no secret (its first line is empty or too long)"), path);
    } else {
        secret = g_strdup(text);
    }
    explicit_bzero(text, length);
    return secret;
}
