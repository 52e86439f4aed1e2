#ifndef SAMEPHOTO_CORE_GUIDE_REPORT_H
#define SAMEPHOTO_CORE_GUIDE_REPORT_H

/* The ticket's report of a session: verdict first, the copies with their pictures, findings with
 * their evidence, steps with who and when, what comes next. Rendered from the database at any time.
 */

#include <gio/gio.h>

#include "core/guide/session.h"

typedef enum {
    SP_REPORT_MARKDOWN,
    SP_REPORT_HTML, /* one file, pictures inside, no script */
    SP_REPORT_JSON,
    SP_REPORT_TEXT, /* for a ticket's text field */
} SpReportFormat;

typedef enum { SP_FACES_SHOWN, SP_FACES_PIXELATED, SP_FACES_NONE } SpReportFaces;

/* A plain value; zero-initialise it. */
typedef struct {
    SpReportFormat format;
    SpReportFaces faces;
    gsize max_characters; /* of SP_REPORT_TEXT; 0: no limit */
} SpReportOptions;

/* "markdown", "html", "json", "text" -> format; FALSE where unknown. */
gboolean sp_report_format_parse(const char *name, SpReportFormat *format);

/* Errors: SP_ERROR_STORE. Transfer full. */
char *sp_report_render(SpSession *session, const SpReportOptions *options, GError **error);

/* A message to the person or to an administrator, filled with the facts of the case, in `language`.
 * Transfer full. */
char *sp_report_message(SpSession *session, SpActor to, const char *language, GError **error);

#endif
