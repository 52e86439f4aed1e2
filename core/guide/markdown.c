/* Text is taken from cmark's tree, never from the source, so entities, escapes and emphasis are
 * resolved once and by the parser that defines them. */

#include "core/guide/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <string.h>

#include "core/text.h"

#define MAX_LINE_CHARACTERS 4000
#define MAX_DEPTH           24

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cmark_parser, cmark_parser_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cmark_iter, cmark_iter_free)

static const char *const extensions[] = {"table", "tasklist", "strikethrough", "autolink"};

/* Where the lines of a block go. */
typedef struct {
    const char *language;
    GPtrArray *lines;
    GPtrArray *links;
} Lines;

cmark_node *
sp_markdown_parse(const char *text, gsize length)
{
    g_autoptr(cmark_parser) parser = NULL;

    cmark_gfm_core_extensions_ensure_registered();
    parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    for (gsize i = 0; i < G_N_ELEMENTS(extensions); i++) {
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extensions[i]));
    }
    cmark_parser_feed(parser, text, length);
    return cmark_parser_finish(parser);
}

/* The value of `key`, e.g. "alt=", in a raw tag or a directive: clean, transfer full; or NULL. */
static char *
quoted_value(const char *text, const char *key)
{
    const char *at = text == NULL ? NULL : strstr(text, key);
    const char *end;

    if (at == NULL || at == text || !g_ascii_isspace(at[-1])) {
        return NULL;
    }
    at += strlen(key);
    if (*at != '"' && *at != '\'') {
        return NULL;
    }
    end = strchr(at + 1, *at);
    return end == NULL || end == at + 1 ? NULL
                                        : sp_text_clean(at + 1, end - at - 1, MAX_LINE_CHARACTERS);
}

/* A raw tag's name or id, for links to lead to. */
static char *
tag_anchor(const char *html)
{
    char *anchor = quoted_value(html, "name=");

    return anchor != NULL ? anchor : quoted_value(html, "id=");
}

static gboolean
is_tag(const char *html, const char *name)
{
    return g_ascii_strncasecmp(html, name, strlen(name)) == 0;
}

static void
add_picture(GString *text, const char *alternative)
{
    if (alternative != NULL) {
        g_string_append_printf(text, "[%s]", alternative);
    }
}

static void
add_tag(SpInlines *inlines, const char *html)
{
    if (inlines->anchor == NULL) {
        inlines->anchor = tag_anchor(html);
    }
    if (is_tag(html, "<br")) {
        g_string_append_c(inlines->text, ' ');
    } else if (is_tag(html, "<img")) {
        g_autofree char *alternative = quoted_value(html, "alt=");

        add_picture(inlines->text, alternative);
    }
}

static void
add_link(SpInlines *inlines, const char *url)
{
    gsize offset = inlines->text->len;

    if (url == NULL || *url == '\0' || *url == '#') {
        return;
    }
    g_ptr_array_add(inlines->links, sp_text_clean(url, -1, 2000));
    g_array_append_val(inlines->offsets, offset);
}

static void
add_literal(SpInlines *inlines, cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);

    g_string_append(inlines->text, literal == NULL ? "" : literal);
}

static void
enter_inline(SpInlines *inlines, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE: add_literal(inlines, node); break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK: g_string_append_c(inlines->text, '\n'); break;
    case CMARK_NODE_LINK: add_link(inlines, cmark_node_get_url(node)); break;
    case CMARK_NODE_IMAGE: g_string_append_c(inlines->text, '['); break;
    case CMARK_NODE_HTML_INLINE: add_tag(inlines, cmark_node_get_literal(node)); break;
    default: break;
    }
}

/* An image without alternative text is called by its file. */
static void
leave_image(SpInlines *inlines, cmark_node *image)
{
    GString *text = inlines->text;

    if (text->len > 0 && text->str[text->len - 1] == '[') {
        const char *url = cmark_node_get_url(image);
        g_autofree char *name = g_path_get_basename(url == NULL ? "" : url);

        g_string_append(text, name);
    }
    g_string_append_c(text, ']');
}

/* What a line says that is a directive of Microsoft's publishing system (":::image …:::",
 * "::: zone pivot=…"), or NULL where it is none. Transfer full. */
static char *
read_directive(const char *line)
{
    g_autofree char *alternative = NULL;
    const char *end;
    GString *text;

    line += strspn(line, " ");
    if (!g_str_has_prefix(line, ":::")) {
        return NULL;
    }
    alternative = quoted_value(line, "alt-text=");
    end = g_strrstr(line + strlen(":::"), ":::");
    text = g_string_new(NULL);
    add_picture(text, alternative);
    g_string_append(text, end == NULL ? "" : end + strlen(":::"));
    return g_string_free(text, FALSE);
}

/* Makes one line of many, of which the directives say only what a reader would see. */
static void
join_lines(SpInlines *inlines)
{
    g_auto(GStrv) lines = g_strsplit(inlines->text->str, "\n", -1);
    GString *text = g_string_sized_new(inlines->text->len);
    gsize start = 0;
    guint n_links = 0;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *said = read_directive(lines[i]);
        gsize end = start + strlen(lines[i]);
        gsize at;

        if (text->len > 0 && (said == NULL || *said != '\0')) {
            g_string_append_c(text, ' ');
        }
        at = text->len;
        for (; n_links < inlines->offsets->len; n_links++) {
            gsize *offset = &g_array_index(inlines->offsets, gsize, n_links);

            if (*offset > end) {
                break;
            }
            *offset = said == NULL ? at + (*offset - start) : at;
        }
        g_string_append(text, said != NULL ? said : lines[i]);
        start = end + 1;
    }
    g_string_free(inlines->text, TRUE);
    inlines->text = text;
}

void
sp_markdown_read_inlines(cmark_node *block, SpInlines *inlines)
{
    g_autoptr(cmark_iter) iter = cmark_iter_new(block);
    cmark_event_type event;

    inlines->text = g_string_new(NULL);
    inlines->links = g_ptr_array_new_with_free_func(g_free);
    inlines->offsets = g_array_new(FALSE, FALSE, sizeof(gsize));
    inlines->anchor = NULL;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);

        if (event == CMARK_EVENT_ENTER) {
            enter_inline(inlines, node);
        } else if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) {
            leave_image(inlines, node);
        }
    }
    join_lines(inlines);
}

void
sp_inlines_clear(SpInlines *inlines)
{
    g_string_free(inlines->text, TRUE);
    g_clear_pointer(&inlines->links, g_ptr_array_unref);
    g_clear_pointer(&inlines->offsets, g_array_unref);
    g_clear_pointer(&inlines->anchor, g_free);
}

gboolean
sp_markdown_is_task(cmark_node *item)
{
    return strcmp(cmark_node_get_type_string(item), "tasklist") == 0;
}

static void
add_line(Lines *out, guint depth, const char *mark, const char *text)
{
    g_autofree char *clean = sp_text_clean(text, -1, MAX_LINE_CHARACTERS);

    if (*clean != '\0') {
        g_ptr_array_add(out->lines, g_strdup_printf("%*s%s%s", (int) depth * 2, "", mark, clean));
    }
}

static void
add_links(Lines *out, SpInlines *inlines)
{
    for (guint i = 0; i < inlines->links->len; i++) {
        g_ptr_array_add(out->links, g_strdup(g_ptr_array_index(inlines->links, i)));
    }
}

/* "[!NOTE] Text" as "Note: Text"; the frame of a "[!div class=…]" says nothing. */
static char *
name_alert(const char *text, const char *language)
{
    const char *end = strchr(text, ']');

    static const char *const alerts[][3] = {
        {"[!NOTE]", "Note: ", "Remarque : "},
        {"[!TIP]", "Tip: ", "Conseil : "},
        {"[!IMPORTANT]", "Important: ", "Important : "},
        {"[!WARNING]", "Warning: ", "Avertissement : "},
        {"[!CAUTION]", "Caution: ", "Attention : "},
    };

    if (end != NULL && g_ascii_strncasecmp(text, "[!div", strlen("[!div")) == 0) {
        return g_strchug(g_strdup(end + 1));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(alerts); i++) {
        gsize length = strlen(alerts[i][0]);

        if (g_ascii_strncasecmp(text, alerts[i][0], length) == 0) {
            return g_strconcat(alerts[i][strcmp(language, "fr") == 0 ? 2 : 1],
                               text + length + strspn(text + length, " "), NULL);
        }
    }
    return g_strdup(text);
}

static void
add_inline_block(Lines *out, cmark_node *block, guint depth, const char *mark)
{
    SpInlines inlines;
    g_autofree char *text = NULL;

    sp_markdown_read_inlines(block, &inlines);
    text = name_alert(inlines.text->str, out->language);
    add_line(out, depth, mark, text);
    add_links(out, &inlines);
    sp_inlines_clear(&inlines);
}

static void
add_code(Lines *out, cmark_node *block, guint depth)
{
    const char *literal = cmark_node_get_literal(block);
    g_auto(GStrv) lines = g_strsplit(literal == NULL ? "" : literal, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        add_line(out, depth + 1, "", lines[i]);
    }
}

/* Of raw HTML only a picture says something. */
static void
add_html(Lines *out, cmark_node *block, guint depth, const char *mark)
{
    const char *html = cmark_node_get_literal(block);
    const char *tag = html == NULL ? NULL : strstr(html, "<img");
    g_autofree char *alternative = quoted_value(tag, "alt=");
    g_autoptr(GString) text = g_string_new(NULL);

    add_picture(text, alternative);
    add_line(out, depth, mark, text->str);
}

static void
add_row(Lines *out, cmark_node *row, guint depth)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (cmark_node *cell = cmark_node_first_child(row); cell != NULL;
         cell = cmark_node_next(cell)) {
        SpInlines inlines;

        sp_markdown_read_inlines(cell, &inlines);
        g_string_append_printf(text, "%s%s", text->len > 0 ? " | " : "", inlines.text->str);
        add_links(out, &inlines);
        sp_inlines_clear(&inlines);
    }
    add_line(out, depth, "", text->str);
}

static void add_block(Lines *out, cmark_node *block, guint depth, const char *mark);

static void
add_children(Lines *out, cmark_node *block, guint depth)
{
    for (cmark_node *child = cmark_node_first_child(block); child != NULL;
         child = cmark_node_next(child)) {
        add_block(out, child, depth, "");
    }
}

/* The first block of an item carries its mark, the others stand beneath it. */
static void
add_item(Lines *out, cmark_node *item, guint depth, const char *mark)
{
    cmark_node *first = cmark_node_first_child(item);

    for (cmark_node *child = first; child != NULL; child = cmark_node_next(child)) {
        add_block(out, child, child == first ? depth : depth + 1, child == first ? mark : "");
    }
}

static void
add_list(Lines *out, cmark_node *list, guint depth)
{
    int number = cmark_node_get_list_start(list);
    gboolean is_ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;

    for (cmark_node *item = cmark_node_first_child(list); item != NULL;
         item = cmark_node_next(item)) {
        g_autofree char *mark =
            is_ordered ? g_strdup_printf("%d. ", number) : g_strdup("\xe2\x80\xa2 ");

        add_item(out, item, depth, mark);
        number++;
    }
}

/* What is nested deeper than anybody writes is left out: nothing may exhaust the stack. */
static void
add_block(Lines *out, cmark_node *block, guint depth, const char *mark)
{
    const char *type = cmark_node_get_type_string(block);

    if (depth > MAX_DEPTH) {
        return;
    }
    switch (cmark_node_get_type(block)) {
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING: add_inline_block(out, block, depth, mark); return;
    case CMARK_NODE_CODE_BLOCK: add_code(out, block, depth); return;
    case CMARK_NODE_LIST: add_list(out, block, depth + (*mark == '\0' ? 0 : 1)); return;
    case CMARK_NODE_BLOCK_QUOTE: add_children(out, block, depth + 1); return;
    case CMARK_NODE_HTML_BLOCK: add_html(out, block, depth, mark); return;
    case CMARK_NODE_THEMATIC_BREAK: return;
    default: break;
    }
    if (g_str_has_prefix(type, "table_")) {
        add_row(out, block, depth);
    } else if (strcmp(type, "table") == 0) {
        add_children(out, block, depth);
    } else {
        add_item(out, block, depth, "\xe2\x80\xa2 ");
    }
}

void
sp_markdown_add_lines(cmark_node *block, const char *language, GPtrArray *lines, GPtrArray *links)
{
    Lines out = {.language = language, .lines = lines, .links = links};

    /* A quoted note stands at the margin, like the paragraphs around it. */
    if (cmark_node_get_type(block) == CMARK_NODE_BLOCK_QUOTE) {
        add_children(&out, block, 0);
    } else {
        add_block(&out, block, 0, "");
    }
}
