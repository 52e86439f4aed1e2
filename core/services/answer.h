#ifndef SAMEPHOTO_CORE_SERVICES_ANSWER_H
#define SAMEPHOTO_CORE_SERVICES_ANSWER_H

/* What an answer that is no photo means: each service brings a table of its own statuses and codes
 * (reference 2.6, 3.7, 4.1), a general one follows. The first row that fits gives the copy its
 * status and its sentence. */

#include "core/net/http.h"
#include "core/services/copy.h"
#include "core/services/permission.h"

/* What a service said in its error body, in any of the envelopes that Microsoft's services use. A
 * plain value, cleaned. */
typedef struct {
    char *code;    /* "ImageNotFound", "-2147024891, System.UnauthorizedAccessException"; or NULL */
    char *message; /* or NULL */
    char *hints;   /* code, message and diagnostic headers in one text, to look words up in */
} SpAnswerError;

void sp_answer_error_clear(SpAnswerError *error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpAnswerError, sp_answer_error_clear)

/* Reads {"error":{…}}, {"odata.error":{…}}, OAuth's {"error":"…"} and plain text. */
void sp_answer_read_error(const SpHttpResponse *response, SpAnswerError *error);

typedef enum { SP_ANSWER_PLAIN, SP_ANSWER_PERMISSION } SpAnswerHint;

/* One row of a table; the last one has sentence NULL. A plain value. */
typedef struct {
    int http_status;   /* 0: any */
    const char *words; /* found in the error's hints, any case; NULL: any */
    SpCopyStatus status;
    const char *sentence; /* what it means and what to do, marked with N_(); "" says nothing */
    SpAnswerHint hint;    /* SP_ANSWER_PERMISSION: the missing permission is explained after it */
} SpAnswerRow;

/* As `words`: the body is a web page, which is another's answer. */
#define SP_ANSWER_WEB_PAGE "<web page>"

/* Before a table's row that takes a 404 for "no photo": a proxy and a server that knows no such
 * path say 404 as well, but in a web page. */
#define SP_ANSWER_ROW_NOT_FOUND_PAGE                                                               \
    {                                                                                              \
        404, SP_ANSWER_WEB_PAGE, SP_COPY_INVALID,                                                  \
            N_("a web page came instead of its own answer, which says nothing about a photo; "     \
               "check the "                                                                        \
               "address under [endpoints] and the proxy"),                                         \
            SP_ANSWER_PLAIN                                                                        \
    }

/* Gives `copy` the status and sentence of an answer that brought no picture. `rows` may be NULL;
 * `permission` too. */
void sp_answer_explain(SpCopy *copy, const SpHttpResponse *response, const SpAnswerRow *rows,
                       const SpPermission *permission, SpRights rights);

/* The same where there was no complete answer. */
void sp_answer_explain_error(SpCopy *copy, const GError *error);

/* Keeps an answer's status, ETag, request id and wait. */
void sp_answer_note(SpCopy *copy, const SpHttpResponse *response);

/* Whether the body is a web page (a proxy's, a sign-in's) and not what was asked for. */
gboolean sp_answer_is_web_page(const SpHttpResponse *response);

#endif
