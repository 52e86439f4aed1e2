/* A playbook as an object, and which text may be one at all. */
#include <string.h>

#include "core/error.h"
#include "core/guide/playbook-private.h"
#include "core/i18n.h"
#include "core/text.h"

#define MAX_MARKERS     250
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void
sp_step_free(SpStep *step)
{
    if (step == NULL) {
        return;
    }
    g_free(step->text);
    g_free(step->detail);
    g_strfreev(step->verify);
    g_free(step->wait);
    g_free(step->url);
    g_free(step->play);
    g_free(step->say);
    g_free(step);
}

SpStep *
sp_step_copy(const SpStep *step)
{
    SpStep *copy = g_new0(SpStep, 1);

    copy->text = g_strdup(step->text);
    copy->detail = g_strdup(step->detail);
    copy->actor = step->actor;
    copy->verify = g_strdupv(step->verify);
    copy->wait_s = step->wait_s;
    copy->wait = g_strdup(step->wait);
    copy->url = g_strdup(step->url);
    copy->play = g_strdup(step->play);
    copy->say = g_strdup(step->say);
    return copy;
}

void
sp_section_free(gpointer data)
{
    SpSection *section = data;

    g_free(section->id);
    g_free(section->title);
    g_strfreev(section->when);
    g_ptr_array_unref(section->steps);
    g_strfreev(section->notes);
    g_strfreev(section->links);
    g_free(section);
}

/* "profile-photo.fr" is the French version of "profile-photo". */
static void
set_name(SpPlaybook *playbook, const char *name)
{
    const char *dot = strrchr(name, '.');
    g_autofree char *language = dot == NULL ? NULL : sp_front_matter_language(dot + 1);

    playbook->name = sp_text_clean(name, language == NULL ? -1 : dot - name, 100);
    if (playbook->language == NULL) {
        playbook->language = language == NULL ? g_strdup("en") : g_steal_pointer(&language);
    }
}

/* Whether the character at `i` may open a quote or a list: a list's marker ends at a blank. */
static gboolean
is_marker(const char *text, gsize length, gsize i)
{
    if (text[i] == '>') {
        return TRUE;
    }
    return strchr("-+*.)", text[i]) != NULL &&
           (i + 1 == length || strchr(" \t\n\r", text[i + 1]) != NULL);
}

/* cmark keeps a node for every list and quote that a line opens: a line of two million ">" would
 * take gigabytes. */
static gboolean
is_nested_too_deeply(const char *text, gsize length)
{
    guint n_markers = 0;
    gboolean is_prefix = TRUE;

    for (gsize i = 0; i < length; i++) {
        if (text[i] == '\n' || text[i] == '\r') {
            is_prefix = TRUE;
            n_markers = 0;
        } else if (is_prefix && strchr(">-+*.)0123456789 \t", text[i]) == NULL) {
            is_prefix = FALSE;
        } else if (is_prefix && is_marker(text, length, i) && ++n_markers > MAX_MARKERS) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
check_text(const char *text, gsize length, const char *name, GError **error)
{
    const char *end = NULL;

    if (length > SP_PLAYBOOK_MAX_BYTES) {
        g_set_error(error, SP_ERROR, SP_ERROR_TOO_LARGE,
                    _("%s is larger than a playbook may be (2 MiB)"), name);
        return FALSE;
    }
    if (!g_utf8_validate_len(text, length, &end)) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("%s is no UTF-8 text (at byte %zu)"), name,
                    (gsize) (end - text));
        return FALSE;
    }
    if (is_nested_too_deeply(text, length)) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("%s nests lists or quotes too deeply"),
                    name);
        return FALSE;
    }
    return TRUE;
}

SpPlaybook *
sp_playbook_parse(const char *text, gsize length, const char *name, GError **error)
{
    SpPlaybook *playbook;
    SpFrontMatter front;

    if (length >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (!check_text(text, length, name, error)) {
        return NULL;
    }
    playbook = g_atomic_rc_box_new0(SpPlaybook);
    playbook->sections = g_ptr_array_new_with_free_func(sp_section_free);
    playbook->lint = g_ptr_array_new_with_free_func(g_free);
    front = sp_front_matter_read(text, length);
    playbook->language = g_steal_pointer(&front.language);
    set_name(playbook, name);
    sp_playbook_read(playbook, text + front.length, length - front.length, &front);
    sp_front_matter_clear(&front);
    return playbook;
}

static void
clear(gpointer data)
{
    SpPlaybook *playbook = data;

    g_free(playbook->name);
    g_free(playbook->title);
    g_free(playbook->language);
    g_ptr_array_unref(playbook->sections);
    g_ptr_array_unref(playbook->lint);
}

void
sp_playbook_unref(SpPlaybook *playbook)
{
    if (playbook != NULL) {
        g_atomic_rc_box_release_full(playbook, clear);
    }
}

const char *
sp_playbook_get_name(const SpPlaybook *playbook)
{
    return playbook->name;
}

const char *
sp_playbook_get_title(const SpPlaybook *playbook)
{
    return playbook->title;
}

const char *
sp_playbook_get_language(const SpPlaybook *playbook)
{
    return playbook->language;
}

GPtrArray *
sp_playbook_get_sections(const SpPlaybook *playbook)
{
    return playbook->sections;
}

guint
sp_playbook_count_steps(const SpPlaybook *playbook)
{
    guint count = 0;

    for (guint i = 0; i < playbook->sections->len; i++) {
        const SpSection *section = g_ptr_array_index(playbook->sections, i);

        count += section->steps->len;
    }
    return count;
}

const SpSection *
sp_playbook_find_section(const SpPlaybook *playbook, const char *id)
{
    for (guint i = 0; i < playbook->sections->len; i++) {
        const SpSection *section = g_ptr_array_index(playbook->sections, i);

        if (strcmp(section->id, id) == 0) {
            return section;
        }
    }
    return NULL;
}
