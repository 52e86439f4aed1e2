#ifndef SAMEPHOTO_TESTS_UNIT_LOOPBACK_H
#define SAMEPHOTO_TESTS_UNIT_LOOPBACK_H

/* A server for tests that answers with exactly the bytes a test wants, one request per connection.
 */

#include <gio/gio.h>

typedef struct Loopback Loopback;

/* Answers request `number` (from 1). Runs in a thread of its own: write what you like to `out`. */
typedef void (*LoopbackFunc)(const char *request, guint number, GOutputStream *out,
                             gpointer user_data);

Loopback *loopback_new(LoopbackFunc func, gpointer user_data);
void loopback_free(Loopback *loopback);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Loopback, loopback_free)

/* "http://127.0.0.1:PORT" + path. Transfer full. */
char *loopback_url(const Loopback *loopback, const char *path);

/* How many requests came, and the text of request `number`. Transfer full. */
guint loopback_count(Loopback *loopback);
char *loopback_request(Loopback *loopback, guint number);

/* Writes text as it is; write errors are the client's choice. */
void loopback_say(GOutputStream *out, const char *text);

/* A whole answer with a length. `headers` are lines that end in CRLF, or "". */
void loopback_answer(GOutputStream *out, const char *status, const char *headers, const char *body);

/* Waits for an asynchronous call: pass it as the callback with a GAsyncResult * as user data. */
void loopback_store_result(GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *loopback_wait(GAsyncResult **result);

#endif
