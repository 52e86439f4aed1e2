#ifndef SAMEPHOTO_TUI_PLAIN_H
#define SAMEPHOTO_TUI_PLAIN_H

/* The guided session as questions and answers, line by line: for screen readers, dumb terminals and
 * pipes. No escape sequence is ever written; the end of the input ends it, with nothing lost. */

#include "core/guide/session.h"
#include "tui/commands/command.h"

/* A plain value; zero-initialise it. */
typedef struct {
    const char *user;            /* whom it is about, or NULL: asks */
    SpSession *session;          /* to go on with, or NULL */
    const char *reference;       /* a picture file, or NULL */
    const char *const *evidence; /* picture files of what the person sees, or NULL */
    const char *ticket;          /* or NULL */
} UiPlainOptions;

/* Leads through it on stdin and stdout; the exit code. */
int ui_plain_run(UiProgram *program, const UiPlainOptions *options);

#endif
