/* The questions, and their answers among whatever else comes. */
#include "tui/caps.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "tui/input.h"

struct UiCapsParser {
    UiCaps caps;
    GByteArray *pending;
    GByteArray *keys;
};

/* The order matters only for DA1 (CSI c), the fence: every terminal answers it. */
#define ASK_CSI    "\033[16t\033[?2026$p"
#define ASK_COLOUR "\033[48;2;1;2;3m\033P$qm\033\\\033[m"
#define ASK_BACK   "\033]11;?\033\\"
#define ASK_KITTY  "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\"
#define ASK_DA1    "\033[c"

const char *
ui_caps_questions(UiAsk ask)
{
    switch (ask) {
    case UI_ASK_NO_APC: return ASK_CSI ASK_BACK ASK_COLOUR ASK_DA1;
    case UI_ASK_CSI_ONLY: return ASK_CSI ASK_DA1;
    case UI_ASK_DA1_ONLY: return ASK_DA1;
    default: return ASK_CSI ASK_BACK ASK_COLOUR ASK_KITTY ASK_DA1;
    }
}

UiCapsParser *
ui_caps_parser_new(void)
{
    UiCapsParser *parser = g_new0(UiCapsParser, 1);

    parser->caps.is_direct = -1;
    parser->caps.background = -1;
    parser->pending = g_byte_array_new();
    parser->keys = g_byte_array_new();
    return parser;
}

void
ui_caps_parser_free(UiCapsParser *parser)
{
    if (parser == NULL) {
        return;
    }
    g_byte_array_unref(parser->pending);
    g_byte_array_unref(parser->keys);
    g_free(parser);
}

const UiCaps *
ui_caps_parser_get(const UiCapsParser *parser)
{
    return &parser->caps;
}

GBytes *
ui_caps_parser_take_keys(UiCapsParser *parser)
{
    GBytes *keys;

    /* A sequence that has only begun may be a key: it goes along, whole or not. */
    g_byte_array_append(parser->keys, parser->pending->data, parser->pending->len);
    g_byte_array_set_size(parser->pending, 0);
    keys = g_bytes_new(parser->keys->data, parser->keys->len);
    g_byte_array_set_size(parser->keys, 0);
    return keys;
}

/* DA1: ? level ; feature ; feature … */
static void
take_da1(UiCaps *caps, const char *body)
{
    g_auto(GStrv) features = g_strsplit(body + 1, ";", -1);

    caps->has_answered = TRUE;
    for (guint i = 1; features[0] != NULL && features[i] != NULL; i++) {
        caps->has_sixel |= g_str_equal(features[i], "4");
    }
}

static gboolean
take_csi(UiCaps *caps, const char *body, char final)
{
    int a;
    int b;

    if (final == 'c' && body[0] == '?') {
        take_da1(caps, body);
        return TRUE;
    }
    if (final == 't' && sscanf(body, "6;%d;%d", &a, &b) == 2) {
        if (a > 0 && b > 0 && a < 500 && b < 500) {
            caps->cell_height = a;
            caps->cell_width = b;
        }
        return TRUE;
    }
    if (final == 'y' && sscanf(body, "?2026;%d$", &a) == 1) {
        caps->has_sync = a == 1 || a == 2;
        return TRUE;
    }
    return body[0] == '?';
}

/* OSC 11: rgb:RRRR/GGGG/BBBB with two to four hexadecimal digits each. */
static void
take_background(UiCaps *caps, const char *body)
{
    char digits[3][5];
    int colour = 0;

    if (sscanf(body, "11;rgb:%4[0-9a-fA-F]/%4[0-9a-fA-F]/%4[0-9a-fA-F]", digits[0], digits[1],
               digits[2]) != 3) {
        return;
    }
    for (int i = 0; i < 3; i++) {
        char two[3] = {digits[i][0], digits[i][1], '\0'};

        colour = colour << 8 | (int) strtol(two, NULL, 16);
    }
    caps->background = colour;
}

static void
take_string(UiCaps *caps, char kind, const char *body)
{
    if (kind == '_') {
        caps->has_kitty |= strstr(body, ";OK") != NULL;
    } else if (kind == 'P' && g_str_has_prefix(body, "1$r")) {
        caps->is_direct = strstr(body, "48:2:") != NULL || strstr(body, "48;2;") != NULL;
    } else if (kind == ']') {
        take_background(caps, body);
    }
}

/* TRUE where the token was an answer. */
static gboolean
take_token(UiCaps *caps, UiToken kind, const char *token, gsize length)
{
    g_autofree char *body = NULL;

    if (kind == UI_TOKEN_CSI) {
        body = g_strndup(token + 2, length - 3);
        return take_csi(caps, body, token[length - 1]);
    }
    if (kind == UI_TOKEN_STRING) {
        body = g_strndup(token + 2, length - 2);
        take_string(caps, token[1], body);
        return TRUE;
    }
    return FALSE;
}

gboolean
ui_caps_parser_feed(UiCapsParser *parser, const char *bytes, gsize length)
{
    GByteArray *pending = parser->pending;

    g_byte_array_append(pending, (const guint8 *) bytes, (guint) length);
    while (pending->len > 0) {
        gsize token_length = 1;
        UiToken kind = ui_token((const char *) pending->data, pending->len, &token_length);

        if (kind == UI_TOKEN_PARTIAL) {
            break;
        }
        if (!take_token(&parser->caps, kind, (const char *) pending->data, token_length)) {
            g_byte_array_append(parser->keys, pending->data, (guint) token_length);
        }
        g_byte_array_remove_range(pending, 0, (guint) token_length);
    }
    return parser->caps.has_answered;
}

/* The inner border makes the division inexact, rightly. */
void
ui_caps_read_cell_size(int fd, UiCaps *caps)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_xpixel > 0 && size.ws_ypixel > 0 &&
        size.ws_col > 0 && size.ws_row > 0) {
        caps->cell_width = size.ws_xpixel / size.ws_col;
        caps->cell_height = size.ws_ypixel / size.ws_row;
    }
}

static void
collect_answers(int fd, int timeout_ms, UiCapsParser *parser)
{
    gint64 began = g_get_monotonic_time();
    gboolean is_done = FALSE;

    while (!is_done) {
        struct pollfd waiting = {.fd = fd, .events = POLLIN};
        int elapsed = (int) ((g_get_monotonic_time() - began) / 1000);
        char bytes[512];
        gssize count;

        parser->caps.elapsed_ms = elapsed;
        if (elapsed >= timeout_ms || poll(&waiting, 1, timeout_ms - elapsed) <= 0) {
            return;
        }
        count = read(fd, bytes, sizeof bytes);
        if (count <= 0) {
            return;
        }
        is_done = ui_caps_parser_feed(parser, bytes, (gsize) count);
    }
    parser->caps.elapsed_ms = (int) ((g_get_monotonic_time() - began) / 1000);
}

gboolean
ui_caps_query(int fd, UiAsk ask, int timeout_ms, UiCaps *caps, GBytes **keys)
{
    g_autoptr(UiCapsParser) parser = ui_caps_parser_new();
    const char *questions = ui_caps_questions(ask);
    gssize length = (gssize) strlen(questions);
    struct termios before;
    struct termios raw;

    if (tcgetattr(fd, &before) != 0) {
        return FALSE;
    }
    raw = before;
    raw.c_lflag &= ~(tcflag_t) (ICANON | ECHO);
    raw.c_iflag &= ~(tcflag_t) ICRNL;
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    /* TCSANOW: flushing would lose what was typed already. */
    tcsetattr(fd, TCSANOW, &raw);
    if (write(fd, questions, (gsize) length) == length) {
        collect_answers(fd, timeout_ms, parser);
    }
    tcsetattr(fd, TCSANOW, &before);
    *caps = *ui_caps_parser_get(parser);
    if (caps->cell_width == 0) {
        ui_caps_read_cell_size(fd, caps);
    }
    *keys = ui_caps_parser_take_keys(parser);
    return TRUE;
}
