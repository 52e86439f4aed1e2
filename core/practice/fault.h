#ifndef SAMEPHOTO_CORE_PRACTICE_FAULT_H
#define SAMEPHOTO_CORE_PRACTICE_FAULT_H

/* What goes wrong with the virtual services on request: latencies and faults by service, some of
 * them for a number of times only. Callers hold the world's lock. */

#include "core/practice/call.h"

typedef enum {
    SP_FAULT_NONE,
    SP_FAULT_429,        /* asks to wait two seconds */
    SP_FAULT_429_MINUTE, /* asks to wait a minute */
    SP_FAULT_503,
    SP_FAULT_401,
    SP_FAULT_403,
    SP_FAULT_TIMEOUT,       /* no answer, ever */
    SP_FAULT_RESET,         /* the connection is reset */
    SP_FAULT_RESET_BODY,    /* the same half way through the body */
    SP_FAULT_TRUNCATE,      /* half of the announced body */
    SP_FAULT_GARBAGE,       /* bytes that are not what the headers say */
    SP_FAULT_SLOW,          /* one byte a second */
    SP_FAULT_REDIRECT_AWAY, /* to another host */
    SP_FAULT_HUGE,          /* 50 MB */
} SpFault;

/* The virtual services by the names that --fault and --latency use, ended by NULL. */
extern const char *const sp_virtual_services[];

typedef struct SpFaults SpFaults;

/* Reads "SERVICE=KIND[:COUNT]" and "SERVICE=MS" (either list may be NULL; "all" names every
 * service). Errors: SP_ERROR_CONFIG. Transfer full. */
SpFaults *sp_faults_new(const char *const *faults, const char *const *latencies, GError **error);
void sp_faults_free(SpFaults *faults);

/* The fault that the next request to that service meets; counts it. */
SpFault sp_faults_take(SpFaults *faults, guint service);

/* Milliseconds before that service answers. */
gint64 sp_faults_latency(const SpFaults *faults, guint service);

/* Whether the fault is one of the answers themselves; then puts it in place of the service's. For a
 * 401 the caller lets the service answer a call without a bearer. */
gboolean sp_fault_answer(SpFault fault, guint service, SpCall *call);

#endif
