#ifndef SAMEPHOTO_CORE_NET_OAUTH_H
#define SAMEPHOTO_CORE_NET_OAUTH_H

/* One request to a sign-in service: a form goes, a JSON object comes back. */

#include <gio/gio.h>

#include "core/json.h"
#include "core/net/http.h"

/* A form under construction; wiped when freed. */
typedef struct SpForm SpForm;

SpForm *sp_form_new(void);
void sp_form_add(SpForm *form, const char *name, const char *value);
void sp_form_free(SpForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpForm, sp_form_free)

/* The form's text. Borrowed. */
const char *sp_form_get_text(const SpForm *form);

/* Posts `form` to `url`. The answer may be a refusal: ask sp_oauth_get_refusal().
 * Errors: those of sp_http_send_async(); and where no JSON object came back SP_ERROR_THROTTLED (the
 * service is busy) or SP_ERROR_NETWORK (it is disturbed, or something else answers in its place: a
 * proxy, a guest network's page). */
void sp_oauth_post_async(SpHttp *http, const char *url, const SpForm *form,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);

/* Transfer full; free with sp_oauth_answer_free(). */
SpJson *sp_oauth_post_finish(SpHttp *http, GAsyncResult *result, GError **error);

/* Wipes every string of the answer and frees it. */
void sp_oauth_answer_free(SpJson *answer);

/* The OAuth error code, e.g. "authorization_pending"; NULL where the answer is none. Borrowed. */
const char *sp_oauth_get_refusal(SpJson *answer);

/* What the refusal means and who can mend it, in plain words: SP_ERROR_AUTH, or where the service
 * is only busy or disturbed SP_ERROR_THROTTLED or SP_ERROR_NETWORK. */
void sp_oauth_set_error(SpJson *answer, GError **error);

#endif
