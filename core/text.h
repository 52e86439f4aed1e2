#ifndef SAMEPHOTO_CORE_TEXT_H
#define SAMEPHOTO_CORE_TEXT_H

/* Text from outside (names, error messages, headers, file names) is untrusted: it may be invalid
 * UTF-8, carry terminal escapes or bidirectional controls, or be endless. Everything that reaches
 * a terminal, a log or a report passes through sp_text_clean() once, where it enters. */

#include <glib.h>

/* One line of printable UTF-8 made from `length` bytes at `text` (-1: NUL-terminated; NULL gives
 * ""). Invalid bytes become U+FFFD, runs of white space and control characters (C0, C1, DEL) one
 * space, bidirectional controls and other format characters except ZWJ/ZWNJ are dropped, and the
 * result is cut, at a character, to `max_characters` with an ellipsis at the end. Transfer full. */
char *sp_text_clean(const char *text, gssize length, gsize max_characters);

/* The number of terminal columns of valid UTF-8 text, by wcwidth(3) semantics of GLib's tables:
 * wide 2, combining 0. Needs no locale. */
gsize sp_text_columns(const char *text);

/* `text` cut at a character so that it fills at most `columns` terminal columns; where it was cut
 * it ends in an ellipsis. Transfer full. */
char *sp_text_fit(const char *text, gsize columns);

/* The same, cut in the middle: for names that differ at their ends ("Share…small", "Share…large").
 * Transfer full. */
char *sp_text_fit_middle(const char *text, gsize columns);

#endif
