#ifndef SAMEPHOTO_CORE_GUIDE_FRONT_MATTER_H
#define SAMEPHOTO_CORE_GUIDE_FRONT_MATTER_H

/* The block of settings between two lines of "---" with which many Markdown articles begin. Only
 * its title and language matter here; a document that merely begins with a rule has none. */

#include <glib.h>

/* A plain value; free its strings with sp_front_matter_clear(). */
typedef struct {
    gsize length;   /* bytes up to and with the closing line; 0: none */
    guint n_lines;  /* as many lines */
    char *title;    /* or NULL */
    char *language; /* "fr" from "fr-FR", or NULL */
} SpFrontMatter;

/* `text` of `length` bytes begins after any byte order mark. */
SpFrontMatter sp_front_matter_read(const char *text, gsize length);
void sp_front_matter_clear(SpFrontMatter *front);

/* "fr" from "fr", "fr-FR" or "fr_FR.UTF-8"; NULL where it names no language. Transfer full. */
char *sp_front_matter_language(const char *text);

#endif
