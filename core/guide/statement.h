#ifndef SAMEPHOTO_CORE_GUIDE_STATEMENT_H
#define SAMEPHOTO_CORE_GUIDE_STATEMENT_H

/* SQL for the modules that keep sessions: prepared statements, values and transactions of a store.
 * Private to core/guide. */

#include <gio/gio.h>
#include <sqlite3.h>

#include "core/guide/store.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* Errors of all of these: SP_ERROR_STORE, in words that say what to do. */
sqlite3_stmt *sp_store_prepare(SpStore *store, const char *sql, GError **error);

/* TRUE: a row is there; FALSE without an error: no more rows. */
gboolean sp_store_step(SpStore *store, sqlite3_stmt *statement, GError **error);

/* Runs a statement that gives no rows. */
gboolean sp_store_run(SpStore *store, sqlite3_stmt *statement, GError **error);

/* Values by their number from 1; NULL strings and times become SQL's NULL. */
void sp_bind_text(sqlite3_stmt *statement, int number, const char *text);
void sp_bind_int(sqlite3_stmt *statement, int number, gint64 value);
void sp_bind_time(sqlite3_stmt *statement, int number, GDateTime *time);
void sp_bind_bytes(sqlite3_stmt *statement, int number, GBytes *bytes);

/* Columns by their number from 0. Transfer full, NULL for SQL's NULL. */
char *sp_column_text(sqlite3_stmt *statement, int number);
GDateTime *sp_column_time(sqlite3_stmt *statement, int number);

/* A write transaction, from the start: two programs queue up instead of failing half-way. */
gboolean sp_store_begin(SpStore *store, GError **error);
gboolean sp_store_commit(SpStore *store, GError **error);

/* Undoes what was begun; harmless after a commit. Returns FALSE, for `return sp_store_undo(store)`.
 */
gboolean sp_store_undo(SpStore *store);

/* The rows that the last statement changed, and the id that it made. */
int sp_store_changes(SpStore *store);
gint64 sp_store_last_id(SpStore *store);

/* Lets the file grow no further than `n_pages`: how a test fills the disk. */
void sp_store_limit_pages(SpStore *store, int n_pages);

#endif
