/* Makes a screenshot of nothing in particular with somebody's photo in it, as PNG.
 * Usage: make-screenshot OUT PHOTO WIDTH HEIGHT X Y SIDE */

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <stdio.h>
#include <stdlib.h>

#define BACKGROUND 0x2b579aff
#define PAGE       0xf3f2f1ff
#define HEADER     40

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GdkPixbuf) photo = NULL;
    g_autoptr(GdkPixbuf) screen = NULL;
    g_autoptr(GdkPixbuf) page = NULL;
    int width;
    int height;

    if (argc != 8) {
        fputs("usage: make-screenshot OUT PHOTO WIDTH HEIGHT X Y SIDE\n", stderr);
        return 2;
    }
    width = atoi(argv[3]);
    height = atoi(argv[4]);
    photo = gdk_pixbuf_new_from_file_at_scale(argv[2], atoi(argv[7]), atoi(argv[7]), FALSE, &error);
    screen = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, width, height);
    if (photo != NULL && screen != NULL) {
        gdk_pixbuf_fill(screen, BACKGROUND);
        page = gdk_pixbuf_new_subpixbuf(screen, 0, HEADER, width, height - HEADER);
        gdk_pixbuf_fill(page, PAGE);
        gdk_pixbuf_copy_area(photo, 0, 0, gdk_pixbuf_get_width(photo), gdk_pixbuf_get_height(photo),
                             screen, atoi(argv[5]), atoi(argv[6]));
    }
    if (photo == NULL || !gdk_pixbuf_save(screen, argv[1], "png", &error, NULL)) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    return 0;
}
