#ifndef SAMEPHOTO_CORE_PRACTICE_GRAPH_USERS_H
#define SAMEPHOTO_CORE_PRACTICE_GRAPH_USERS_H

/* Graph's people and batches (reference 2.6 to 2.8): look-up, list with pages, search and filters.
 */

#include "core/practice/call.h"
#include "core/practice/world.h"

/* The error envelope of reference 2.6. */
void sp_graph_reply_error(SpCall *call, int status, const char *code, const char *message);

void sp_graph_reply_user(SpCall *call, const SpResident *resident);
void sp_graph_reply_users(SpCall *call);
void sp_graph_reply_me(SpCall *call);
void sp_graph_reply_batch(SpCall *call);

#endif
