#ifndef SAMEPHOTO_CORE_GUIDE_PLAYBOOK_H
#define SAMEPHOTO_CORE_GUIDE_PLAYBOOK_H

/* A playbook is a CommonMark document of steps (design, section 6): headings are sections, items of
 * top-level ordered lists and task lists are steps, and an optional {…} behind a heading or a
 * step's first paragraph makes it smart. Any support article in Markdown is a valid playbook as it
 * is. */

#include <gio/gio.h>
#include <json-c/json.h>

#include "core/config.h"
#include "core/guide/diagnose.h"

/* A step, plain text without Markdown. Read-only. */
typedef struct {
    char *text;    /* the first paragraph */
    char *detail;  /* what is nested below it, lines separated by \n; NULL: nothing */
    SpActor actor; /* SP_ACTOR_NOBODY: not said */
    GStrv verify;  /* ids of copies to read again; empty: the step is ticked by hand */
    gint64 wait_s; /* how long the service may take; 0: not said */
    char *wait;    /* the same as it was written, "24h"; or NULL */
    char *url;     /* or NULL */
    char *play;    /* the practice tenant's event that this step stands for, or NULL */
    char *say;     /* what to say to the caller, or NULL */
} SpStep;

void sp_step_free(SpStep *step);
SpStep *sp_step_copy(const SpStep *step);

/* A heading and what stands below it up to the next one. Read-only. */
typedef struct {
    char *id;
    char *title;
    int level;        /* of the heading, 1..6 */
    GStrv when;       /* ids of findings that call for this section; may be empty */
    GPtrArray *steps; /* SpStep */
    GStrv notes;      /* paragraphs and block quotes, plain text */
    GStrv links;      /* addresses in the section, each once */
} SpSection;

typedef struct SpPlaybook SpPlaybook;

#define SP_PLAYBOOK_MAX_BYTES (2 * 1024 * 1024)

/* Parses `length` bytes; `name` is the file's name without its ending. Errors: SP_ERROR_TOO_LARGE,
 * SP_ERROR_FORMAT (no UTF-8 text at all). Transfer full. */
SpPlaybook *sp_playbook_parse(const char *text, gsize length, const char *name, GError **error);

/* A built-in playbook or one of the user's ($XDG_DATA_HOME/samephoto/playbooks) by its name, in
 * `language` ("en", "fr") where it exists, else in English; or any file by its path. Blocking.
 * Errors: those of parse, and SP_ERROR_NOT_FOUND. */
SpPlaybook *sp_playbook_load(const char *name_or_path, const char *language, GError **error);

/* Copies a file into the user's playbooks, where lint finds nothing wrong with it; the name it has
 * there, transfer full. `replaces`: in place of one of the same name and language that is there
 * already. Errors: those of load, SP_ERROR_FORMAT (what lint says first), SP_ERROR_CONFIG (the name
 * is taken), SP_ERROR_STORE (the folder refused). */
char *sp_playbook_import(const char *path, gboolean replaces, GError **error);

/* Names of the built-in and the user's playbooks. Transfer full. */
GStrv sp_playbook_list(void);

void sp_playbook_unref(SpPlaybook *playbook);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpPlaybook, sp_playbook_unref)

const char *sp_playbook_get_name(const SpPlaybook *playbook);
const char *sp_playbook_get_title(const SpPlaybook *playbook);
const char *sp_playbook_get_language(const SpPlaybook *playbook);
GPtrArray *
sp_playbook_get_sections(const SpPlaybook *playbook); /* SpSection, in order. Borrowed. */
guint sp_playbook_count_steps(const SpPlaybook *playbook);

/* The section with this id, or NULL. */
const SpSection *sp_playbook_find_section(const SpPlaybook *playbook, const char *id);

/* What lint finds: one line each, "line 12: unknown actor 'boss'"; empty: all is well. Transfer
 * full, never NULL. */
GStrv sp_playbook_lint(const SpPlaybook *playbook);

/* Whether the practice tenant knows this event. */
typedef gboolean (*SpPlaybookEventFunc)(const char *event);

/* What its attributes name and there is not: findings in `when`, copies in `verify` (those of
 * `config`'s sources too, NULL: none), events in `play` (NULL: not asked). Transfer full, never NULL.
 */
GStrv sp_playbook_lint_names(const SpPlaybook *playbook, const SpConfig *config,
                             SpPlaybookEventFunc knows_event);

/* The document "samephoto.playbook/1". Transfer full. */
struct json_object *sp_playbook_to_json(const SpPlaybook *playbook);

#endif
