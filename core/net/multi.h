#ifndef SAMEPHOTO_CORE_NET_MULTI_H
#define SAMEPHOTO_CORE_NET_MULTI_H

/* One curl multi handle as sources of a main context: its sockets and its timer. */

#include <curl/curl.h>
#include <glib.h>

typedef struct SpMulti SpMulti;

/* A transfer has ended; its handle is already out of the multi handle. Runs from the context. */
typedef void (*SpMultiFunc)(CURLcode code, gpointer user_data);

/* Transfer full. */
SpMulti *sp_multi_new(GMainContext *context);
void sp_multi_unref(SpMulti *multi);

/* Starts `easy`, which stays the caller's. */
gboolean sp_multi_add(SpMulti *multi, CURL *easy, SpMultiFunc func, gpointer user_data);

/* Breaks a transfer off; its function is not called any more. Not from within a curl callback. */
void sp_multi_remove(SpMulti *multi, CURL *easy);

#endif
