#ifndef SAMEPHOTO_CORE_GUIDE_MARKDOWN_H
#define SAMEPHOTO_CORE_GUIDE_MARKDOWN_H

/* CommonMark nodes as plain, clean text: what a playbook shows of headings, steps, notes and
 * tables. The only module, beside the playbook's reader, that knows cmark-gfm. */

#include <cmark-gfm.h>
#include <glib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cmark_node, cmark_node_free)

/* What a run of inline nodes says. A plain value. */
typedef struct {
    GString *text;    /* images as "[alternative text]", raw HTML dropped */
    GPtrArray *links; /* char *: addresses */
    GArray *offsets;  /* gsize: where in `text` each link begins */
    char *anchor;     /* of the first <a name="…"> or id="…", or NULL */
} SpInlines;

/* Parses with tables, task lists, strikethrough and autolinks. Transfer full. */
cmark_node *sp_markdown_parse(const char *text, gsize length);

/* Reads the inlines of a paragraph, heading or table cell. Free with sp_inlines_clear(). */
void sp_markdown_read_inlines(cmark_node *block, SpInlines *inlines);
void sp_inlines_clear(SpInlines *inlines);

/* Whether `item` of a bullet list has a check box. */
gboolean sp_markdown_is_task(cmark_node *item);

/* Appends `block` to `lines` (char *) as plain lines, what is nested in it indented by two blanks a
 * level; `language` names alerts ("Note:"). Addresses are appended to `links`. */
void sp_markdown_add_lines(cmark_node *block, const char *language, GPtrArray *lines,
                           GPtrArray *links);

#endif
