#ifndef SAMEPHOTO_CORE_SERVICES_DIRECTORY_LINK_H
#define SAMEPHOTO_CORE_SERVICES_DIRECTORY_LINK_H

/* A connection to the on-premises directory over LDAPS or StartTLS, its peer always verified.
 * libldap blocks, so all of this is for a worker thread; a cancellation ends it at once, wherever
 * it waits: the connection is opened here and shut under libldap. */

#include <gio/gio.h>
#include <ldap.h>

#include "core/config.h"

/* Where the directory is and who asks. Copied from the settings, for another thread. */
typedef struct SpDirectoryAddress SpDirectoryAddress;

/* Transfer full. */
SpDirectoryAddress *sp_directory_address_new(const SpConfig *config);
void sp_directory_address_free(SpDirectoryAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpDirectoryAddress, sp_directory_address_free)

typedef struct SpDirectoryLink SpDirectoryLink;

/* What a search found, or one entry of that. */
typedef LDAPMessage SpDirectoryAnswer;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpDirectoryAnswer, ldap_msgfree)

/* Connected, and encrypted where the address or the settings ask for that. `address` must outlive
 * it. Transfer full. Errors of this and what follows, in words for people: SP_ERROR_NETWORK, _TLS,
 * _TIMEOUT, _AUTH, _THROTTLED, _PROTOCOL, _CONFIG. */
SpDirectoryLink *sp_directory_link_open(const SpDirectoryAddress *address,
                                        GCancellable *cancellable, GError **error);
void sp_directory_link_free(SpDirectoryLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpDirectoryLink, sp_directory_link_free)

/* Whether what is sent is encrypted. */
gboolean sp_directory_link_is_encrypted(const SpDirectoryLink *link);

/* Whether the settings name nobody who reads: such a reader may not see every entry. */
gboolean sp_directory_link_is_anonymous(const SpDirectoryLink *link);

/* Signs in as the settings say, without a name where they name nobody. */
gboolean sp_directory_link_sign_in(SpDirectoryLink *link, GError **error);

/* Every entry below the settings' base, or else the directory's own, that the filter takes, a few
 * at most. `base` receives the base. Both transfer full. */
SpDirectoryAnswer *sp_directory_link_search(SpDirectoryLink *link, const char *filter,
                                            const char *const *attributes, char **base,
                                            GError **error);

/* The first value of an attribute, NULL where there is none. Transfer full. */
GBytes *sp_directory_link_get_value(SpDirectoryLink *link, SpDirectoryAnswer *entry,
                                    const char *name);

/* The same as clean text. Transfer full. */
char *sp_directory_link_get_text(SpDirectoryLink *link, SpDirectoryAnswer *entry, const char *name);

/* libldap's own handle, for what is not above. Borrowed. */
LDAP *sp_directory_link_get_handle(SpDirectoryLink *link);

/* Only whether the directory can be reached, with its TLS, and, `signs_in`, takes the sign-in.
 * Works on a thread of its own and finishes with the milliseconds that it took. Errors: those
 * above; G_IO_ERROR_CANCELLED. */
void sp_directory_reach_async(const SpConfig *config, gboolean signs_in, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
gint64 sp_directory_reach_finish(GAsyncResult *result, gboolean *is_encrypted, GError **error);

#endif
