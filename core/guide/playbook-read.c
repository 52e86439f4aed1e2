/* One walk over the document's top-level blocks: headings open sections, ordered and task lists
 * give steps, everything between goes to the step before it where the list continues behind, else
 * to the section's notes. */
#include <string.h>

#include "core/guide/attributes.h"
#include "core/guide/markdown.h"
#include "core/guide/playbook-private.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/text.h"

#define MAX_TEXT_CHARACTERS 4000

/* Where the walk stands. */
typedef struct {
    SpPlaybook *playbook;
    guint first_line; /* lines before the text that cmark saw */
    SpSection *section;
    GPtrArray *notes;   /* char *, of the section */
    GPtrArray *links;   /* char *, of the section */
    GPtrArray *pending; /* char *: lines since the last list */
    SpStep *last;       /* of the section, or NULL */
    gboolean is_last_task;
    GHashTable *ids;
    char *first_heading;
    char *top_heading;
} Reader;

static void
free_step(gpointer data)
{
    sp_step_free(data);
}

static void G_GNUC_PRINTF(3, 4) complain(Reader *reader, cmark_node *node, const char *format, ...)
{
    guint line = reader->first_line + (guint) cmark_node_get_start_line(node);
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(reader->playbook->lint, g_strdup_printf(_("line %u: %s"), line, text));
}

/* Words separated by blanks or commas; the empty list where there are none. */
static GStrv
split_words(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " ,\t", -1);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0') {
            g_strv_builder_add(builder, words[i]);
        }
    }
    return g_strv_builder_end(builder);
}

static gboolean
is_plain_id(const char *word)
{
    return strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
           strlen(word);
}

static void
complain_of_words(Reader *reader, cmark_node *node, const char *key, GStrv words)
{
    if (words[0] == NULL) {
        complain(reader, node, _("'%s' names nothing"), key);
    }
    for (guint i = 0; words[i] != NULL; i++) {
        if (!is_plain_id(words[i])) {
            complain(reader, node, _("'%s' in '%s' is no id"), words[i], key);
        }
    }
}

static void
set_string(char **field, const char *value)
{
    g_free(*field);
    *field = g_strdup(value);
}

static void
set_words(Reader *reader, cmark_node *node, const SpAttribute *attribute, GStrv *field)
{
    g_strfreev(*field);
    *field = split_words(attribute->value);
    complain_of_words(reader, node, attribute->key, *field);
}

static void
set_step_attribute(Reader *reader, cmark_node *node, SpStep *step, const SpAttribute *attribute)
{
    const char *key = attribute->key;
    const char *value = attribute->value;

    if (strcmp(key, "actor") == 0) {
        if (!sp_actor_parse(value, &step->actor) || step->actor == SP_ACTOR_NOBODY) {
            complain(reader, node, _("unknown actor '%s' (user, agent or admin)"), value);
        }
    } else if (strcmp(key, "verify") == 0) {
        set_words(reader, node, attribute, &step->verify);
    } else if (strcmp(key, "wait") == 0) {
        gint64 seconds = sp_attributes_parse_duration(value);

        if (seconds < 0) {
            complain(reader, node, _("'%s' is no time to wait (for example 15m, 24h, 3d)"), value);
            return;
        }
        step->wait_s = seconds;
        set_string(&step->wait, value);
    } else if (strcmp(key, "url") == 0) {
        set_string(&step->url, value);
        if (!g_str_has_prefix(value, "https://") && !g_str_has_prefix(value, "http://")) {
            complain(reader, node, _("'%s' is no web address"), value);
        }
    } else if (strcmp(key, "play") == 0) {
        set_string(&step->play, value);
    } else if (strcmp(key, "say") == 0) {
        set_string(&step->say, value);
    } else if (strcmp(key, "#") != 0) {
        complain(reader, node, _("unknown attribute '%s'"), key);
    }
}

/* The slug that GitHub gives a heading: letters and digits in lower case, blanks as hyphens. */
static char *
slug(const char *title)
{
    g_autofree char *lower = g_utf8_strdown(title, -1);
    GString *out = g_string_new(NULL);

    for (const char *p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isalnum(c) || c == '-' || c == '_') {
            g_string_append_unichar(out, c);
        } else if (g_unichar_isspace(c)) {
            g_string_append_c(out, '-');
        }
    }
    return g_string_free(out, FALSE);
}

/* A wanted id that another section has already is numbered. */
static char *
unique_id(Reader *reader, const char *wanted)
{
    g_autofree char *id = g_strdup(*wanted == '\0' ? "section" : wanted);

    for (guint n = 1; g_hash_table_contains(reader->ids, id); n++) {
        g_free(id);
        id = g_strdup_printf("%s-%u", *wanted == '\0' ? "section" : wanted, n);
    }
    g_hash_table_add(reader->ids, g_strdup(id));
    return g_steal_pointer(&id);
}

/* Each address once, in order. */
static GStrv
distinct(GPtrArray *texts)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < texts->len; i++) {
        if (g_hash_table_add(seen, g_ptr_array_index(texts, i))) {
            g_strv_builder_add(builder, g_ptr_array_index(texts, i));
        }
    }
    return g_strv_builder_end(builder);
}

static GStrv
all_of(GPtrArray *texts)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < texts->len; i++) {
        g_strv_builder_add(builder, g_ptr_array_index(texts, i));
    }
    return g_strv_builder_end(builder);
}

static void
move_pending(Reader *reader, GPtrArray *to)
{
    g_ptr_array_extend_and_steal(to, g_ptr_array_ref(reader->pending));
    g_clear_pointer(&reader->pending, g_ptr_array_unref);
    reader->pending = g_ptr_array_new_with_free_func(g_free);
}

/* A title that says nothing more than the document's name needs no section of its own. */
static gboolean
is_worth_keeping(Reader *reader)
{
    return reader->section->steps->len > 0 || reader->notes->len > 0 || reader->links->len > 0 ||
           reader->section->level != 1 || reader->playbook->sections->len > 0;
}

static void
close_section(Reader *reader)
{
    if (reader->section == NULL) {
        return;
    }
    move_pending(reader, reader->notes);
    if (is_worth_keeping(reader)) {
        reader->section->notes = all_of(reader->notes);
        reader->section->links = distinct(reader->links);
        g_ptr_array_add(reader->playbook->sections, reader->section);
    } else {
        sp_section_free(reader->section);
    }
    reader->section = NULL;
    g_ptr_array_set_size(reader->notes, 0);
    g_ptr_array_set_size(reader->links, 0);
}

static void
open_section(Reader *reader, const char *id, const char *title, int level)
{
    SpSection *section = g_new0(SpSection, 1);

    close_section(reader);
    section->id = unique_id(reader, id);
    section->title = g_strdup(title);
    section->level = level;
    section->when = g_new0(char *, 1);
    section->steps = g_ptr_array_new_with_free_func(free_step);
    reader->section = section;
    reader->last = NULL;
}

/* What stands before the first heading. */
static void
ensure_section(Reader *reader)
{
    if (reader->section == NULL) {
        open_section(reader, "start", "", 1);
    }
}

/* Clean text without its attributes; the links that stood before them go to `links`. */
static char *
read_text(cmark_node *block, GPtrArray **attributes, GPtrArray *links, char **anchor)
{
    SpInlines inlines;
    char *text;
    gsize length;

    sp_markdown_read_inlines(block, &inlines);
    length = inlines.text->len;
    *attributes = sp_attributes_parse(inlines.text->str, &length);
    for (guint i = 0; i < inlines.links->len; i++) {
        if (g_array_index(inlines.offsets, gsize, i) < length || *attributes == NULL) {
            g_ptr_array_add(links, g_strdup(g_ptr_array_index(inlines.links, i)));
        }
    }
    text = sp_text_clean(inlines.text->str, (gssize) length, MAX_TEXT_CHARACTERS);
    if (anchor != NULL) {
        *anchor = g_steal_pointer(&inlines.anchor);
    }
    sp_inlines_clear(&inlines);
    return text;
}

static const char *
attribute_value(GPtrArray *attributes, const char *key)
{
    for (guint i = 0; attributes != NULL && i < attributes->len; i++) {
        const SpAttribute *attribute = g_ptr_array_index(attributes, i);

        if (strcmp(attribute->key, key) == 0) {
            return attribute->value;
        }
    }
    return NULL;
}

/* Braces that name a known key but do not read as attributes were meant to be some. */
static void
complain_of_broken_attributes(Reader *reader, cmark_node *node, const char *text)
{
    static const char *const keys[] = {"actor", "verify", "wait", "url", "when", "play", "say"};
    const char *brace = strrchr(text, '{');

    for (gsize i = 0; brace != NULL && i < G_N_ELEMENTS(keys); i++) {
        const char *at = strstr(brace, keys[i]);

        if (at != NULL && at[strlen(keys[i])] == '=') {
            complain(reader, node, _("the attributes cannot be read: %s"), brace);
            return;
        }
    }
}

static void
read_heading(Reader *reader, cmark_node *heading)
{
    g_autoptr(GPtrArray) attributes = NULL;
    g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *anchor = NULL;
    g_autofree char *title = read_text(heading, &attributes, links, &anchor);
    g_autofree char *fallback = anchor != NULL ? g_strdup(anchor) : slug(title);
    const char *id = attribute_value(attributes, "#");
    int level = cmark_node_get_heading_level(heading);

    if (id != NULL && g_hash_table_contains(reader->ids, id)) {
        complain(reader, heading, _("another section has the id '%s' already"), id);
    }
    open_section(reader, id != NULL ? id : fallback, title, level);
    g_ptr_array_extend_and_steal(reader->links, g_steal_pointer(&links));
    for (guint i = 0; attributes != NULL && i < attributes->len; i++) {
        const SpAttribute *attribute = g_ptr_array_index(attributes, i);

        if (strcmp(attribute->key, "when") == 0) {
            set_words(reader, heading, attribute, &reader->section->when);
        } else if (strcmp(attribute->key, "#") != 0) {
            complain(reader, heading, _("unknown attribute '%s'"), attribute->key);
        }
    }
    if (attributes == NULL) {
        complain_of_broken_attributes(reader, heading, title);
    }
    if (*title == '\0') {
        complain(reader, heading, _("the heading is empty"));
    }
    if (reader->first_heading == NULL) {
        reader->first_heading = g_strdup(title);
    }
    if (level == 1 && reader->top_heading == NULL) {
        reader->top_heading = g_strdup(title);
    }
}

static void
append_detail(SpStep *step, GPtrArray *lines)
{
    g_autoptr(GString) detail = g_string_new(step->detail);

    for (guint i = 0; i < lines->len; i++) {
        const char *line = g_ptr_array_index(lines, i);

        g_string_append_printf(detail, "%s%s", detail->len > 0 ? "\n" : "", line);
    }
    g_free(step->detail);
    step->detail = detail->len == 0 ? NULL : g_string_free(g_steal_pointer(&detail), FALSE);
}

/* `[X]`: cmark-gfm knows the small letter only. */
static gboolean
is_capital_task(cmark_node *item)
{
    cmark_node *paragraph = cmark_node_first_child(item);
    gboolean answer;
    SpInlines inlines;

    if (paragraph == NULL || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH) {
        return FALSE;
    }
    sp_markdown_read_inlines(paragraph, &inlines);
    answer = g_str_has_prefix(inlines.text->str, "[X] ");
    sp_inlines_clear(&inlines);
    return answer;
}

static gboolean
is_task(cmark_node *item)
{
    return sp_markdown_is_task(item) || is_capital_task(item);
}

static void
read_step(Reader *reader, cmark_node *item)
{
    SpStep *step = g_new0(SpStep, 1);
    cmark_node *child = cmark_node_first_child(item);
    g_autoptr(GPtrArray) attributes = NULL;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    step->verify = g_new0(char *, 1);
    if (child != NULL && cmark_node_get_type(child) == CMARK_NODE_PARAGRAPH) {
        step->text = read_text(child, &attributes, reader->links, NULL);
        if (g_str_has_prefix(step->text, "[X] ")) {
            memmove(step->text, step->text + 4, strlen(step->text) - 3);
        }
        child = cmark_node_next(child);
    }
    for (; child != NULL; child = cmark_node_next(child)) {
        sp_markdown_add_lines(child, reader->playbook->language, lines, reader->links);
    }
    /* A step that begins with a picture, a code block or a list is called by its first line. */
    if (step->text == NULL || *step->text == '\0') {
        g_free(step->text);
        step->text = lines->len > 0 ? g_ptr_array_steal_index(lines, 0) : g_strdup("");
        g_strstrip(step->text);
    }
    append_detail(step, lines);
    for (guint i = 0; attributes != NULL && i < attributes->len; i++) {
        set_step_attribute(reader, item, step, g_ptr_array_index(attributes, i));
    }
    if (attributes == NULL) {
        complain_of_broken_attributes(reader, item, step->text);
    }
    if (*step->text == '\0') {
        complain(reader, item, _("the step is empty"));
    }
    g_ptr_array_add(reader->section->steps, step);
    reader->last = step;
}

/* Whether this list goes on where the last one was interrupted by a picture or a note. */
static gboolean
continues(const Reader *reader, cmark_node *list, gboolean is_ordered)
{
    if (reader->last == NULL || is_ordered == reader->is_last_task) {
        return FALSE;
    }
    return !is_ordered || cmark_node_get_list_start(list) > 1;
}

static gboolean
has_task(cmark_node *list)
{
    for (cmark_node *item = cmark_node_first_child(list); item != NULL;
         item = cmark_node_next(item)) {
        if (is_task(item)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void
read_list(Reader *reader, cmark_node *list)
{
    gboolean is_ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;

    if (!is_ordered && !has_task(list)) {
        sp_markdown_add_lines(list, reader->playbook->language, reader->pending, reader->links);
        return;
    }
    if (continues(reader, list, is_ordered)) {
        append_detail(reader->last, reader->pending);
        g_ptr_array_set_size(reader->pending, 0);
    } else {
        move_pending(reader, reader->notes);
    }
    for (cmark_node *item = cmark_node_first_child(list); item != NULL;
         item = cmark_node_next(item)) {
        if (is_ordered || is_task(item)) {
            read_step(reader, item);
        } else {
            sp_markdown_add_lines(item, reader->playbook->language, reader->notes, reader->links);
        }
    }
    reader->is_last_task = !is_ordered;
}

static void
read_block(Reader *reader, cmark_node *block)
{
    switch (cmark_node_get_type(block)) {
    case CMARK_NODE_HEADING: read_heading(reader, block); break;
    case CMARK_NODE_LIST:
        ensure_section(reader);
        read_list(reader, block);
        break;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_THEMATIC_BREAK: break;
    default:
        ensure_section(reader);
        sp_markdown_add_lines(block, reader->playbook->language, reader->pending, reader->links);
        break;
    }
}

static void
set_title(SpPlaybook *playbook, const Reader *reader, const char *given)
{
    const char *title = given;

    if (title == NULL) {
        title = reader->top_heading != NULL ? reader->top_heading : reader->first_heading;
    }
    playbook->title = g_strdup(title == NULL || *title == '\0' ? playbook->name : title);
    for (guint i = 0; i < playbook->sections->len; i++) {
        SpSection *section = g_ptr_array_index(playbook->sections, i);

        if (*section->title == '\0') {
            set_string(&section->title, playbook->title);
        }
    }
}

void
sp_playbook_read(SpPlaybook *playbook, const char *text, gsize length, const SpFrontMatter *front)
{
    g_autoptr(cmark_node) document = sp_markdown_parse(text, length);
    Reader reader = {
        .playbook = playbook,
        .first_line = front->n_lines,
        .notes = g_ptr_array_new_with_free_func(g_free),
        .links = g_ptr_array_new_with_free_func(g_free),
        .pending = g_ptr_array_new_with_free_func(g_free),
        .ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };

    for (cmark_node *block = cmark_node_first_child(document); block != NULL;
         block = cmark_node_next(block)) {
        read_block(&reader, block);
    }
    close_section(&reader);
    set_title(playbook, &reader, front->title);
    if (sp_playbook_count_steps(playbook) == 0) {
        g_ptr_array_add(playbook->lint, g_strdup(_("line 1: there is no step in it (an item of a "
                                                   "numbered list or of a task list)")));
    }
    g_ptr_array_unref(reader.notes);
    g_ptr_array_unref(reader.links);
    g_ptr_array_unref(reader.pending);
    g_hash_table_unref(reader.ids);
    g_free(reader.first_heading);
    g_free(reader.top_heading);
}

GStrv
sp_playbook_lint(const SpPlaybook *playbook)
{
    return all_of(playbook->lint);
}
