#ifndef SAMEPHOTO_CORE_GUIDE_REPORT_WRITER_H
#define SAMEPHOTO_CORE_GUIDE_REPORT_WRITER_H

/* How a report is written down in one format: the report tells its story once, in these few calls,
 * and each format escapes and lays out in its own way. Private to core/guide. */

#include "core/guide/report.h"

/* All text is plain and clean; a writer escapes it. */
typedef struct {
    void (*begin)(GString *out, const char *title, const char *language);
    void (*verdict)(GString *out, const char *verdict, const char *text);
    void (*heading)(GString *out, const char *text);
    void (*paragraph)(GString *out, const char *text);
    void (*begin_list)(GString *out);
    void (*item)(GString *out, const char *mark, const char *text); /* mark: "1.", "•", a state */
    void (*detail)(GString *out, const char *text);                 /* below the last item */
    void (*end_list)(GString *out);

    /* `rows` holds GStrv, the headings first; `pictures` a data: address or NULL for each row
     * behind the headings, or is NULL where the table has none. */
    void (*table)(GString *out, GPtrArray *rows, GPtrArray *pictures);
    void (*end)(GString *out);
} SpReportWriter;

extern const SpReportWriter sp_report_html;
extern const SpReportWriter sp_report_markdown;
extern const SpReportWriter sp_report_text;

/* A recorded picture as a small data: address, pixelated where asked; NULL with SP_FACES_NONE and
 * for a picture that cannot be shown. Decoded and encoded again, so no byte from outside gets
 * through. Transfer full. */
char *sp_report_picture(SpStore *store, const char *sha256, SpReportFaces faces);

#endif
