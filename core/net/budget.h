#ifndef SAMEPHOTO_CORE_NET_BUDGET_H
#define SAMEPHOTO_CORE_NET_BUDGET_H

/* How much a store may be asked: at most 4 requests of one store and mailbox are in flight, and
 * when a store says "wait", all of its requests wait. */

#include <glib.h>

#define SP_BUDGET_IN_FLIGHT 4

typedef struct SpBudget SpBudget;
typedef struct SpPlace SpPlace;

/* The place is yours: send. Runs from the main context, never inside sp_budget_enter(). */
typedef void (*SpPlaceFunc)(gpointer user_data);

/* Attaches to `context`; NULL: the default one. Transfer full; free it when every place has been
 * left. */
SpBudget *sp_budget_new(GMainContext *context);
void sp_budget_free(SpBudget *budget);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpBudget, sp_budget_free)

/* Queues for a place, first come first served. `mailbox` may be NULL. Leave it with
 * sp_budget_leave(), whether it was given or is still waited for. */
SpPlace *sp_budget_enter(SpBudget *budget, const char *store, const char *mailbox, SpPlaceFunc func,
                         gpointer user_data);
void sp_budget_leave(SpPlace *place);

/* No place of `store` is given for `wait_ms` from now; a longer hold stands. */
void sp_budget_hold(SpBudget *budget, const char *store, gint64 wait_ms);

/* How long `store` is still on hold, 0 where it is not. */
gint64 sp_budget_get_hold_ms(const SpBudget *budget, const char *store);

#endif
