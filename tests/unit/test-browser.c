/* The HTML report in a real browser, without a network: the screenshot has the verdict in its
 * colour and the pictures where the report promises them. */

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#include "core/guide/report.h"
#include "tests/unit/evidence.h"
#include "tests/unit/folder.h"

#define BROWSER "chromium"

/* The verdict's ink of the light scheme, "out-of-sync". */
#define RED 0xa3, 0x26, 0x0f

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

    g_assert_true(sp_session_record_evidence(session, test_case_evidence(shown), NULL));
    html = sp_report_render(session, &report, NULL);
    g_assert_true(g_file_set_contents(path, html, -1, NULL));
    test_case_free(shown);
    return path;
}

static GdkPixbuf *
take_screenshot(const char *folder, const char *path)
{
    g_autofree char *picture = g_build_filename(folder, "shot.png", NULL);
    g_autofree char *shot = g_strconcat("--screenshot=", picture, NULL);
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
                               profile,
                               shot,
                               address,
                               NULL};
    g_auto(GStrv) environment = g_environ_unsetenv(g_get_environ(), "G_DEBUG");
    g_autofree char *said = NULL;
    g_autoptr(GError) error = NULL;
    GdkPixbuf *pixels;
    int status = 0;

    environment = g_environ_setenv(environment, "HOME", folder, TRUE);
    g_spawn_sync(NULL, (char **) arguments, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                 &said, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    pixels = gdk_pixbuf_new_from_file(picture, &error);
    g_assert_no_error(error);
    return pixels;
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

static guint
shoot(SpReportFaces faces, guint *n_red)
{
    char *folder = test_folder_new();
    g_autofree char *path = write_report(folder, faces);
    g_autoptr(GdkPixbuf) pixels = take_screenshot(folder, path);
    guint n_coloured = count_coloured(pixels);

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
    /* Three pictures of about 128 x 128 pixels. */
    g_assert_cmpuint(with, >, without + 12000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/screenshot", test_screenshot);
    return g_test_run();
}
