#ifndef SAMEPHOTO_CORE_PRACTICE_GRAPH_USERS_H
#define SAMEPHOTO_CORE_PRACTICE_GRAPH_USERS_H

/* Graph's people, batches and changes of photos (reference 2.4 to 2.8): look-up, list with pages,
 * search and filters. */

#include "core/practice/call.h"
#include "core/practice/world.h"

/* The error envelope of reference 2.6. */
void sp_graph_reply_error(SpCall *call, int status, const char *code, const char *message);

void sp_graph_reply_user(SpCall *call, const SpResident *resident);
void sp_graph_reply_users(SpCall *call);
void sp_graph_reply_me(SpCall *call);
void sp_graph_reply_batch(SpCall *call);

/* 404 as for a person without a photo. */
void sp_graph_reply_no_photo(SpCall *call);

/* PUT, PATCH and DELETE of a person's photo (reference 2.4, 2.5). */
void sp_graph_change_photo(SpCall *call, SpResident *resident);

#endif
