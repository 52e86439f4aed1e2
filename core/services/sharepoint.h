#ifndef SAMEPHOTO_CORE_SERVICES_SHAREPOINT_H
#define SAMEPHOTO_CORE_SERVICES_SHAREPOINT_H

/* SharePoint's three thumbnails, found through the person's profile. */

#include "core/services/service.h"

extern const SpService sp_service_sharepoint;

/* The server-relative path of the picture that a profile's PictureUrl names ("/User Photos/…",
 * decoded, without query), or NULL where it lies on another host than the my-site host of these
 * settings: there no token of ours may go. Transfer full. */
char *sp_sharepoint_picture_path(const SpConfig *config, const char *picture_url);

/* The path of thumbnail `letter` ('S', 'M', 'L') beside the one that the profile names, or NULL
 * where that one is no thumbnail and `letter` is not 'M'. Transfer full. */
char *sp_sharepoint_thumbnail_path(const char *picture_path, char letter);

#endif
