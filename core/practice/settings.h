#ifndef SAMEPHOTO_CORE_PRACTICE_SETTINGS_H
#define SAMEPHOTO_CORE_PRACTICE_SETTINGS_H

/* The settings that point samephoto at a tenant, as the story that is practised has them: some
 * stories are about the settings themselves. */

#include <glib.h>

/* Where the tenant listens and keeps its files. A plain value. */
typedef struct {
    const char *base;        /* "http://127.0.0.1:12345" */
    const char *directory;   /* "ldap://127.0.0.1:12346" */
    const char *ca_file;     /* or NULL: plain http */
    const char *secret_file; /* holds the app's secret */
    const char *reader_file; /* holds the password of the directory's reader */
} SpPracticePlaces;

/* The [endpoints] and where each stands below the base address, ended by NULL. */
typedef struct {
    const char *key;
    const char *prefix;
} SpPracticeEndpoint;
extern const SpPracticeEndpoint sp_practice_endpoints[];

/* Whether this story (or NULL) signs in with the app's secret, from a file. */
gboolean sp_practice_needs_secret(const char *scenario);

/* A key file. Transfer full. */
char *sp_practice_settings(const char *scenario, const SpPracticePlaces *places);

#endif
