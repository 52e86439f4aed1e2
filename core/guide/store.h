#ifndef SAMEPHOTO_CORE_GUIDE_STORE_H
#define SAMEPHOTO_CORE_GUIDE_STORE_H

/* The database: sessions, their steps, evidence and history in one SQLite file (WAL), opened by any
 * number of processes. A write is on disk before the call returns. Schema versions migrate forward
 * at open. Secrets never reach it. */

#include <gio/gio.h>

typedef struct SpStore SpStore;

/* Opens or makes the file; NULL means $XDG_DATA_HOME/samephoto/samephoto.db, made 0600 in a folder
 * 0700. Errors: SP_ERROR_STORE (what is wrong with which file and what to do). Transfer full. */
SpStore *sp_store_open(const char *path, GError **error);
SpStore *sp_store_ref(SpStore *store);
void sp_store_unref(SpStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpStore, sp_store_unref)

/* Who sits at the keyboard, where a session is told nobody; NULL (as at first): the login name. */
void sp_store_set_agent(SpStore *store, const char *agent);
const char *sp_store_get_agent(const SpStore *store); /* borrowed, or NULL */

/* Borrowed. */
const char *sp_store_get_path(const SpStore *store);

#endif
