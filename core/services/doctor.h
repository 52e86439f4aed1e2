#ifndef SAMEPHOTO_CORE_SERVICES_DOCTOR_H
#define SAMEPHOTO_CORE_SERVICES_DOCTOR_H

/* What these settings, this network and this sign-in allow, before anybody is looked up: settings,
 * clock, reachability and TLS of each endpoint, the scopes or roles in each token (decoded to be
 * shown, never trusted), and what each service will be able to do. Holds no secret. */

#include <gio/gio.h>

#include "core/net/client.h"

typedef enum { SP_DOCTOR_OK, SP_DOCTOR_WARN, SP_DOCTOR_FAIL } SpDoctorState;

/* One thing that was looked at. A plain value. */
typedef struct {
    char *what; /* "Clock", "Graph", … for people, translated */
    SpDoctorState state;
    char *sentence; /* what was found and what to do */
} SpDoctorRow;

SpDoctorRow *sp_doctor_row_new(const char *what, SpDoctorState state, const char *sentence);
void sp_doctor_row_free(SpDoctorRow *row);

/* "ok", "warn", "fail": for JSON; not translated. */
const char *sp_doctor_state_name(SpDoctorState state);

/* Looks at everything at once. Fails only with SP_ERROR_CANCELLED. */
void sp_doctor_run_async(SpClient *client, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);

/* Only whether each endpoint can be reached, without a sign-in; finish as below. */
void sp_doctor_reach_async(SpClient *client, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);

/* SpDoctorRow, in the order in which they are shown. Transfer full. */
GPtrArray *sp_doctor_run_finish(GAsyncResult *result, GError **error);

#endif
