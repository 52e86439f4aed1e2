/* Each piece of an address that is broken over rows has the same id, so that terminals light up all
 * of it. */
#include "tui/links.h"

#include "tui/frame.h"

typedef struct {
    int y;
    int x;
    char *text;
    char *url;
} Link;

struct UiLinks {
    GArray *links; /* Link */
};

static void
clear_link(gpointer data)
{
    Link *link = data;

    g_free(link->text);
    g_free(link->url);
}

UiLinks *
ui_links_new(void)
{
    UiLinks *links = g_new0(UiLinks, 1);

    links->links = g_array_new(FALSE, FALSE, sizeof(Link));
    g_array_set_clear_func(links->links, clear_link);
    return links;
}

void
ui_links_free(UiLinks *links)
{
    if (links == NULL) {
        return;
    }
    g_array_unref(links->links);
    g_free(links);
}

void
ui_links_clear(UiLinks *links)
{
    g_array_set_size(links->links, 0);
}

static gboolean
is_printable(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (!g_ascii_isgraph(*at)) {
            return FALSE;
        }
    }
    return TRUE;
}

void
ui_links_add(UiLinks *links, int y, int x, const char *text, const char *url)
{
    Link link = {y, x, NULL, NULL};

    if (!is_printable(text) || !is_printable(url) ||
        !(g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://"))) {
        return;
    }
    link.text = g_strdup(text);
    link.url = g_strdup(url);
    g_array_append_val(links->links, link);
}

static gboolean
is_covered(const Link *link, const GArray *popups)
{
    for (guint i = 0; popups != NULL && i < popups->len; i++) {
        const UiBox *box = &g_array_index(popups, UiBox, i);

        if (link->y >= box->y && link->y < box->y + box->rows) {
            return TRUE;
        }
    }
    return FALSE;
}

char *
ui_links_write(const UiLinks *links, const char *look, const GArray *popups)
{
    GString *bytes = g_string_new(NULL);

    for (guint i = 0; i < links->links->len; i++) {
        const Link *link = &g_array_index(links->links, Link, i);

        if (is_covered(link, popups)) {
            continue;
        }
        g_string_append_printf(bytes, "\0337\033[%d;%dH%s", link->y + 1, link->x + 1, look);
        g_string_append_printf(bytes, "\033]8;id=l%x;%s\033\\%s\033]8;;\033\\\0338",
                               g_str_hash(link->url), link->url, link->text);
    }
    return g_string_free(bytes, FALSE);
}
