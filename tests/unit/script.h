#ifndef SAMEPHOTO_TESTS_UNIT_SCRIPT_H
#define SAMEPHOTO_TESTS_UNIT_SCRIPT_H

/* A server that plays every service by a table of answers, a client that is signed in to it, and a
 * collection whose copies can be looked at. What no row answers gets a 404 of the test's own. */

#include "core/services/collect.h"
#include "tests/unit/loopback.h"

/* One answer. A plain value; rows end with `words` NULL. */
typedef struct {
    const char *words;   /* found in the request's first line, or, from "{", in all of it */
    const char *status;  /* "404 Not Found" */
    const char *headers; /* lines that end in CRLF, or NULL; "%s" is the second server's base */
    const char *body;    /* text; NULL: a photo; "%s" is the second server's base address */
} ScriptRow;

typedef struct Script Script;

/* `rows` and `settings` (more groups of the settings file, or NULL) are borrowed. The second server
 * stands for another host; it answers with the photo, but for /run-out, /gone and /redirect/…. */
Script *script_new(const ScriptRow *rows, const char *settings);
void script_free(Script *script);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Script, script_free)

SpClient *script_get_client(const Script *script);
Loopback *script_get_server(const Script *script);
Loopback *script_get_second(const Script *script);

/* A person with mail and user name staff01@norvane.example. Transfer full. */
SpPerson *script_make_person(void);

/* Reads one copy. Transfer full. */
SpCopy *script_fetch(Script *script, const SpPerson *person, const char *id);

/* Asserts that a whole check that reads only this copy ends with the exit code that its status
 * stands for (design, section 4). */
void script_assert_exit_code(Script *script, const SpPerson *person, const SpCopy *copy);

/* The requests whose text contains `words`. */
guint script_count(Loopback *server, const char *words);

/* A picture that nobody takes for a placeholder, as JPEG of `side` pixels. Transfer full. */
GBytes *script_make_photo(int side);

#endif
