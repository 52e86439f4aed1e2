#ifndef SAMEPHOTO_CORE_GUIDE_REPORT_WRITER_H
#define SAMEPHOTO_CORE_GUIDE_REPORT_WRITER_H

/* How a report is written down in one format: the report tells its story once, in these few calls,
 * and each format escapes and lays out in its own way. Private to core/guide. */

#include "core/guide/report.h"

/* How a row stands, for formats with colour; the words say it too. */
typedef enum {
    SP_REPORT_TONE_PLAIN,
    SP_REPORT_TONE_GOOD,
    SP_REPORT_TONE_BAD,
    SP_REPORT_TONE_OTHER,
} SpReportTone;

/* A row of a table. */
typedef struct {
    GStrv cells;
    char *picture; /* a data: address, or NULL */
    char *note;    /* what went wrong, where the cells have nothing to say; or NULL */
    SpReportTone tone;
} SpReportRow;

/* What an item of a list begins with, where it is a step. */
typedef struct {
    guint number;
    const char *state; /* in words */
    gboolean is_done;
} SpReportMark;

/* All text is plain and clean; a writer escapes it. */
typedef struct {
    void (*begin)(GString *out, const char *title, const char *language);
    void (*verdict)(GString *out, const char *verdict, const char *text);
    void (*heading)(GString *out, const char *text);
    void (*paragraph)(GString *out, const char *text);
    void (*begin_list)(GString *out);
    void (*item)(GString *out, const SpReportMark *step, const char *text); /* NULL: a bullet */
    void (*detail)(GString *out, const char *text); /* below the last item */
    void (*end_item)(GString *out);
    void (*end_list)(GString *out);

    /* `headings` are as many as each of `rows` (SpReportRow) has cells; the first cell names the
     * row. */
    void (*table)(GString *out, GStrv headings, GPtrArray *rows);
    void (*end)(GString *out);
} SpReportWriter;

extern const SpReportWriter sp_report_html;
extern const SpReportWriter sp_report_markdown;
extern const SpReportWriter sp_report_text;

/* Whether any of the rows has a picture, so that the table wants a column for them. */
gboolean sp_report_has_pictures(GPtrArray *rows);

/* A recorded picture as a small data: address, pixelated where asked; NULL with SP_FACES_NONE and
 * for a picture that cannot be shown. Decoded and encoded again, so no byte from outside gets
 * through. Transfer full. */
char *sp_report_picture(SpStore *store, const char *sha256, SpReportFaces faces);

#endif
