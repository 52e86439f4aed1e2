#ifndef SAMEPHOTO_CORE_PRACTICE_SERVICES_H
#define SAMEPHOTO_CORE_PRACTICE_SERVICES_H

/* The virtual services: each turns a call into its answer while the world is locked. */

#include "core/practice/call.h"
#include "core/practice/login.h"
#include "core/practice/world.h"

/* Microsoft Graph below /v1.0 and /beta. */
void sp_graph_answer(SpCall *call);

/* The organisation's SharePoint and its my-site host. */
void sp_sharepoint_answer(SpCall *call);
void sp_my_answer(SpCall *call);

/* Exchange Online's photo handler. */
void sp_exchange_answer(SpCall *call);

/* Viva Engage's look-up, and the host of its pictures, which wants no bearer. */
void sp_viva_engage_answer(SpCall *call);
void sp_mugshot_answer(SpCall *call);

/* The photo of a person as Microsoft 365 keeps it, no larger than `side` (0: the largest there is);
 * NULL where there is none or not in that size. Exchange and Graph hand out the same bytes. */
GBytes *sp_cloud_photo(SpWorld *world, const SpResident *resident, guint side);

/* The ETag of that photo, with its quotes; changes with the photo. Transfer full. */
char *sp_cloud_etag(const SpResident *resident);

/* The nine squares, ended by 0. */
extern const guint sp_cloud_sides[];

#endif
