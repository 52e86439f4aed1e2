#ifndef SAMEPHOTO_TESTS_UNIT_PRACTICE_CLIENT_H
#define SAMEPHOTO_TESTS_UNIT_PRACTICE_CLIENT_H

/* A small client of the practice tenant's own tests, so that a fault of samephoto's client cannot
 * hide one of the tenant. */

#include <curl/curl.h>
#include <gio/gio.h>

#include "core/json.h"
#include "core/practice/scenario.h"
#include "core/practice/tenant.h"

#define TENANT_ID "7d1f0c52-3b7e-4a0a-9a54-5f1c6b9d2e10"

/* What came back. */
typedef struct {
    CURLcode code;
    long status;
    GByteArray *body;
    GHashTable *headers; /* lower-case name -> value */
} Reply;

/* What to ask. */
typedef struct {
    const char *url;
    const char *method;
    const char *bearer;
    const char *header; /* one more line, or NULL */
    const char *body;
    GBytes *upload; /* instead of the body, or NULL */
    const char *ca_file;
    long timeout_ms;
} Question;

/* A running tenant and what `samephoto tenant` would print about it. */
typedef struct {
    SpTenant *tenant;
    SpJson *description;
    GHashTable *tokens; /* scope -> access token */
} Fixture;

#define GRAPH      "https://graph.microsoft.com"
#define SHAREPOINT "https://norvane.sharepoint.com"
#define MY         "https://norvane-my.sharepoint.com"
#define EXCHANGE   "https://outlook.office365.com"
#define ENGAGE     "https://api.yammer.com"

void reply_free(Reply *reply);

/* Sends and waits, whatever comes of it. Transfer full. */
Reply *ask(const Question *question);

const char *header(const Reply *reply, const char *name);

/* The body, which must be JSON. Transfer full. */
SpJson *parse(const Reply *reply);

Fixture *fixture_new(const SpTenantOptions *options);

void fixture_free(Fixture *fixture);

const char *endpoint(const Fixture *fixture, const char *name);

const char *sign_in_value(const Fixture *fixture, const char *name);

Reply *post_token(const Fixture *fixture, const char *form);

/* A token of the agent for that audience. Borrowed. */
const char *token(Fixture *fixture, const char *audience);

/* The same for a whole scope, asked for by name; kept too. Borrowed. */
const char *token_for(Fixture *fixture, const char *scope);

/* Asks the virtual service `name`, with a bearer for `audience` or none. Transfer full. */
Reply *get(Fixture *fixture, const char *name, const char *audience, const char *path);

const char *upn_of(const char *scenario);

Reply *get_graph_photo(Fixture *fixture, const char *scenario, const char *tail);

Reply *get_profile(Fixture *fixture, const char *account);

void assert_jpeg(const Reply *reply);

/* A value of UserProfileProperties, or NULL. */
const char *property(SpJson *profile, const char *name);

/* The server-relative path that a PictureUrl of the real host names, with another thumbnail. */
char *library_path(const char *picture_url, char thumb);

/* The value of "error" and the first of "error_codes". */
void assert_refused(const Reply *reply, int status, const char *error, int code);

/* The hash of the person's large thumbnail in SharePoint; NULL where there is none. Transfer full.
 */
char *library_bytes(Fixture *fixture, const char *upn);

/* An event that must be known. */
void play(Fixture *fixture, const char *event, const char *upn);

/* For g_thread_new(): takes a Question, gives a Reply. */
gpointer ask_in_thread(gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

#endif
