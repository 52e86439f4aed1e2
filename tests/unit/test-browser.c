/* The HTML report in a real browser, without a network: light, dark and on paper it has the verdict
 * in its colour and the pictures that it promises, and nothing runs over the edge of the page. */

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#include "core/guide/report.h"
#include "tests/unit/evidence.h"
#include "tests/unit/folder.h"

#define BROWSER "chromium"

/* The verdict's ink in the light and in the dark scheme, "out-of-sync", and the dark paper. */
#define RED        0xa3, 0x26, 0x0f
#define PALE_RED   0xff, 0x9b, 0x85
#define DARK_PAPER 0x17, 0x17, 0x1b

static char *
write_report(const char *folder, SpReportFaces faces)
{
    g_autoptr(GPtrArray) findings = test_case_findings();
    g_autoptr(SpPlaybook) playbook = test_case_playbook();
    g_autofree char *database = g_build_filename(folder, "a.db", NULL);
    g_autoptr(SpStore) store = sp_store_open(database, NULL);
    TestCase *shown = test_case_new();
    SpSessionOptions options = {
        .person = shown->person, .findings = findings, .playbook = playbook};
    g_autoptr(SpSession) session = sp_session_begin(store, &options, NULL);
    SpReportOptions report = {.format = SP_REPORT_HTML, .faces = faces};
    g_autofree char *html = NULL;
    char *path = g_build_filename(folder, "report.html", NULL);

    shown->copies[1]->status = SP_COPY_DENIED;
    shown->copies[1]->error =
        g_strdup("Exchange answered HTTP 403 (-2147024891, System.UnauthorizedAccessException): "
                 "access was refused; the permission full_access_as_app is missing; an "
                 "administrator can grant it");
    g_assert_true(sp_session_record_evidence(session, test_case_evidence(shown), NULL));
    html = sp_report_render(session, &report, NULL);
    g_assert_true(g_file_set_contents(path, html, -1, NULL));
    test_case_free(shown);
    return path;
}

/* Runs a program to its good end. */
static void
run(const char *folder, const char *const *arguments)
{
    g_auto(GStrv) environment = g_environ_unsetenv(g_get_environ(), "G_DEBUG");
    g_autofree char *said = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;

    environment = g_environ_setenv(environment, "HOME", folder, TRUE);
    g_spawn_sync(folder, (char **) arguments, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                 &said, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
}

/* Opens the page in the browser, which does `what` with it. */
static void
browse(const char *folder, const char *path, const char *what, const char *scheme)
{
    g_autofree char *profile = g_strconcat("--user-data-dir=", folder, "/profile", NULL);
    g_autofree char *address = g_strconcat("file://", path, NULL);
    const char *arguments[] = {BROWSER,
                               "--headless",
                               "--no-sandbox",
                               "--disable-gpu",
                               "--disable-dev-shm-usage",
                               "--disable-background-networking",
                               "--disable-component-update",
                               "--disable-sync",
                               "--no-first-run",
                               "--host-resolver-rules=MAP * ~NOTFOUND",
                               "--hide-scrollbars",
                               "--window-size=1000,1600",
                               "--no-pdf-header-footer",
                               profile,
                               scheme,
                               what,
                               address,
                               NULL};

    run(folder, arguments);
}

static GdkPixbuf *
load_picture(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    GdkPixbuf *pixels = gdk_pixbuf_new_from_file(path, &error);

    g_assert_no_error(error);
    return pixels;
}

static GdkPixbuf *
take_screenshot(const char *folder, const char *path, gboolean is_dark)
{
    g_autofree char *shot = g_strconcat("--screenshot=", folder, "/shot.png", NULL);

    browse(folder, path, shot,
           is_dark ? "--blink-settings=preferredColorScheme=0"
                   : "--blink-settings=preferredColorScheme=1");
    return load_picture(folder, "shot.png");
}

static gboolean
is_near(const guint8 *pixel, int red, int green, int blue)
{
    return ABS(pixel[0] - red) + ABS(pixel[1] - green) + ABS(pixel[2] - blue) < 24;
}

static guint
count_near(GdkPixbuf *pixels, int red, int green, int blue)
{
    const guint8 *data = gdk_pixbuf_read_pixels(pixels);
    int n_channels = gdk_pixbuf_get_n_channels(pixels);
    guint count = 0;

    for (int y = 0; y < gdk_pixbuf_get_height(pixels); y++) {
        const guint8 *row = data + (gsize) y * (gsize) gdk_pixbuf_get_rowstride(pixels);

        for (int x = 0; x < gdk_pixbuf_get_width(pixels); x++) {
            count += is_near(row + x * n_channels, red, green, blue);
        }
    }
    return count;
}

/* Pixels that are no shade of grey: text is grey, faces are not. */
static guint
count_coloured(GdkPixbuf *pixels)
{
    const guint8 *data = gdk_pixbuf_read_pixels(pixels);
    int n_channels = gdk_pixbuf_get_n_channels(pixels);
    guint count = 0;

    for (int y = 0; y < gdk_pixbuf_get_height(pixels); y++) {
        const guint8 *row = data + (gsize) y * (gsize) gdk_pixbuf_get_rowstride(pixels);

        for (int x = 0; x < gdk_pixbuf_get_width(pixels); x++) {
            const guint8 *p = row + x * n_channels;

            count +=
                MAX(p[0], MAX(p[1], p[2])) - MIN(p[0], MIN(p[1], p[2])) > 16 && !is_near(p, RED);
        }
    }
    return count;
}

/* Nothing reaches into the margin, where it would be cut: its pixels are like the corner's. */
static void
check_margin(GdkPixbuf *pixels)
{
    const guint8 *data = gdk_pixbuf_read_pixels(pixels);
    int width = gdk_pixbuf_get_width(pixels);

    for (int y = 0; y < gdk_pixbuf_get_height(pixels); y++) {
        const guint8 *row = data + (gsize) y * (gsize) gdk_pixbuf_get_rowstride(pixels);
        const guint8 *last = row + (width - 8) * gdk_pixbuf_get_n_channels(pixels);

        g_assert_true(is_near(last, data[0], data[1], data[2]));
    }
}

static guint
shoot(SpReportFaces faces, guint *n_red)
{
    char *folder = test_folder_new();
    g_autofree char *path = write_report(folder, faces);
    g_autoptr(GdkPixbuf) pixels = take_screenshot(folder, path, FALSE);
    guint n_coloured = count_coloured(pixels);

    check_margin(pixels);
    *n_red = count_near(pixels, RED);
    test_folder_free(folder);
    return n_coloured;
}

static void
test_screenshot(void)
{
    guint n_red_with = 0;
    guint n_red_without = 0;
    guint with = shoot(SP_FACES_SHOWN, &n_red_with);
    guint without = shoot(SP_FACES_NONE, &n_red_without);

    g_test_message("coloured %u and %u, red %u and %u", with, without, n_red_with, n_red_without);
    g_assert_cmpuint(n_red_with, >, 300);
    g_assert_cmpuint(n_red_without, >, 300);
    /* Two pictures of about 88 x 88 pixels. */
    g_assert_cmpuint(with, >, without + 8000);
}

static void
test_dark(void)
{
    char *folder = test_folder_new();
    g_autofree char *path = write_report(folder, SP_FACES_SHOWN);
    g_autoptr(GdkPixbuf) pixels = take_screenshot(folder, path, TRUE);

    check_margin(pixels);
    g_assert_cmpuint(count_near(pixels, PALE_RED), >, 300);
    g_assert_cmpuint(count_near(pixels, DARK_PAPER), >, 1000 * 1600 / 2);
    g_assert_cmpuint(count_coloured(pixels), >, 8000);
    test_folder_free(folder);
}

/* Where the words stand, as pdftotext tells it: none may reach over the edge of its page, which
 * would cut it. The words, each followed by a blank. Transfer full. */
static char *
read_words(const char *folder)
{
    static const char *const arguments[] = {"pdftotext", "-bbox", "report.pdf", "words.html", NULL};
    g_autofree char *path = g_build_filename(folder, "words.html", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    GString *words = g_string_new(NULL);
    double width = 0;

    run(folder, arguments);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *page = strstr(lines[i], "<page width=\"");
        const char *right = strstr(lines[i], "xMax=\"");
        const char *word = strchr(lines[i], '>');

        if (page != NULL) {
            width = g_ascii_strtod(page + strlen("<page width=\""), NULL);
        } else if (right != NULL && word != NULL) {
            g_assert_cmpfloat(g_ascii_strtod(right + strlen("xMax=\""), NULL), <, width);
            g_string_append_len(words, word + 1, (gssize) strcspn(word + 1, "<"));
            g_string_append_c(words, ' ');
        }
    }
    return g_string_free(words, FALSE);
}

/* On paper from a dark desktop: dark ink, all pictures, the first and the last words. */
static void
test_print(void)
{
    static const char *const draw[] = {"pdftoppm",    "-r",         "96",   "-png",
                                       "-singlefile", "report.pdf", "page", NULL};
    char *folder = test_folder_new();
    g_autofree char *path = write_report(folder, SP_FACES_SHOWN);
    g_autofree char *print = g_strconcat("--print-to-pdf=", folder, "/report.pdf", NULL);
    g_autofree char *words = NULL;
    g_autoptr(GdkPixbuf) pixels = NULL;

    browse(folder, path, print, "--blink-settings=preferredColorScheme=0");
    words = read_words(folder);
    g_assert_nonnull(strstr(words, "Profile photo: Anna Berg Not the same photo everywhere"));
    g_assert_nonnull(strstr(words, "request-sharepoint-l"));
    g_assert_nonnull(strstr(words, " Session • Session 1, begun "));
    run(folder, draw);
    pixels = load_picture(folder, "page.png");
    g_assert_cmpuint(count_near(pixels, RED), >, 200);
    g_assert_cmpuint(count_near(pixels, DARK_PAPER), <, 20000);
    /* Two pictures of about 64 x 64 pixels. */
    g_assert_cmpuint(count_coloured(pixels), >, 4000);
    test_folder_free(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/screenshot", test_screenshot);
    g_test_add_func("/report/dark", test_dark);
    g_test_add_func("/report/print", test_print);
    return g_test_run();
}
