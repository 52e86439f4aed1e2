/* A buffer of bytes, cut into tokens from its front. The length of a sequence is found first and
 * its meaning after, so that an unknown one is dropped whole. */
#include "tui/input.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"

#define ESC              '\033'
#define ESCAPE_WAIT_MS   30 /* people do not type ESC and [ that fast */
#define PATIENT_WAIT_MS  300
#define SEQUENCE_WAIT_MS 1000
#define MAX_SEQUENCE     (64 * 1024)
#define MAX_PASTE        4096
#define DOUBLE_CLICK_US  (400 * 1000)

struct UiInput {
    UiInputFunc func;
    gpointer user_data;
    GByteArray *bytes;
    GString *paste; /* NULL: not within a bracketed paste */
    gboolean is_patient;
    gint64 clicked_at;
    int clicked_y;
    int clicked_x;
};

/* The length of a DCS, OSC, APC, PM or SOS: up to BEL or ST; 0: its end is not there yet. */
static gsize
string_length(const char *bytes, gsize length)
{
    for (gsize i = 2; i < length; i++) {
        if (bytes[i] == '\a') {
            return i + 1;
        }
        if (bytes[i] == ESC && i + 1 < length && bytes[i + 1] == '\\') {
            return i + 2;
        }
    }
    return 0;
}

/* The length of a CSI up to its final byte; the Linux console's function keys are CSI [ A. */
static gsize
csi_length(const char *bytes, gsize length)
{
    gsize i = 2;

    if (length > 2 && bytes[2] == '[') {
        return length > 3 ? 4 : 0;
    }
    while (i < length && bytes[i] >= 0x20 && bytes[i] < 0x40) {
        i++;
    }
    return i < length ? i + 1 : 0;
}

static UiToken
escape_token(const char *bytes, gsize length, gsize *token_length)
{
    UiToken kind = UI_TOKEN_BYTE;
    gsize found = 1;

    if (length == 1) {
        return UI_TOKEN_PARTIAL;
    }
    if (bytes[1] == '[') {
        kind = UI_TOKEN_CSI;
        found = csi_length(bytes, length);
    } else if (bytes[1] == 'O') {
        kind = UI_TOKEN_SS3;
        found = length > 2 ? 3 : 0;
    } else if (strchr("]P_^X", bytes[1]) != NULL) {
        kind = UI_TOKEN_STRING;
        found = string_length(bytes, length);
    }
    *token_length = found;
    return found == 0 ? UI_TOKEN_PARTIAL : kind;
}

UiToken
ui_token(const char *bytes, gsize length, gsize *token_length)
{
    gunichar character;

    *token_length = 1;
    if (bytes[0] == ESC) {
        return escape_token(bytes, length, token_length);
    }
    if ((guchar) bytes[0] < 0x80) {
        return (guchar) bytes[0] < 0x20 || bytes[0] == 0x7f ? UI_TOKEN_BYTE : UI_TOKEN_CHARACTER;
    }
    character = g_utf8_get_char_validated(bytes, (gssize) length);
    if (character == (gunichar) -2) {
        return UI_TOKEN_PARTIAL;
    }
    if (character == (gunichar) -1) {
        return UI_TOKEN_BYTE;
    }
    *token_length = (gsize) (g_utf8_next_char(bytes) - bytes);
    return UI_TOKEN_CHARACTER;
}

UiInput *
ui_input_new(UiInputFunc func, gpointer user_data)
{
    UiInput *input = g_new0(UiInput, 1);

    input->func = func;
    input->user_data = user_data;
    input->bytes = g_byte_array_new();
    return input;
}

void
ui_input_free(UiInput *input)
{
    if (input == NULL) {
        return;
    }
    g_byte_array_unref(input->bytes);
    if (input->paste != NULL) {
        g_string_free(input->paste, TRUE);
    }
    g_free(input);
}

static void
emit_shifted(UiInput *input, int key, gboolean is_shift)
{
    const UiEvent event = {.key = key, .is_shift = is_shift};

    if (key != UI_KEY_NONE) {
        input->func(&event, input->user_data);
    }
}

static void
emit_key(UiInput *input, int key)
{
    emit_shifted(input, key, FALSE);
}

/* The final byte of CSI and SS3 keys without a number. */
static int
key_of_letter(char letter)
{
    static const struct {
        char letter;
        int key;
    } rows[] = {
        {'A', UI_KEY_UP},     {'B', UI_KEY_DOWN},   {'C', UI_KEY_RIGHT},    {'D', UI_KEY_LEFT},
        {'H', UI_KEY_HOME},   {'F', UI_KEY_END},    {'Z', UI_KEY_BACK_TAB}, {'P', UI_KEY_F1},
        {'Q', UI_KEY_F1 + 1}, {'R', UI_KEY_F1 + 2}, {'S', UI_KEY_F1 + 3},   {'M', UI_KEY_ENTER},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].letter == letter) {
            return rows[i].key;
        }
    }
    return UI_KEY_NONE;
}

/* CSI number ~ */
static int
key_of_number(int number)
{
    static const int keys[] = {
        [1] = UI_KEY_HOME,    [2] = UI_KEY_INSERT,    [3] = UI_KEY_DELETE,   [4] = UI_KEY_END,
        [5] = UI_KEY_PAGE_UP, [6] = UI_KEY_PAGE_DOWN, [7] = UI_KEY_HOME,     [8] = UI_KEY_END,
        [11] = UI_KEY_F1,     [12] = UI_KEY_F1 + 1,   [13] = UI_KEY_F1 + 2,  [14] = UI_KEY_F1 + 3,
        [15] = UI_KEY_F1 + 4, [17] = UI_KEY_F1 + 5,   [18] = UI_KEY_F1 + 6,  [19] = UI_KEY_F1 + 7,
        [20] = UI_KEY_F1 + 8, [21] = UI_KEY_F1 + 9,   [23] = UI_KEY_F1 + 10, [24] = UI_KEY_F1 + 11,
    };

    return number > 0 && number < (int) G_N_ELEMENTS(keys) ? keys[number] : UI_KEY_NONE;
}

static gboolean
is_double_click(UiInput *input, int y, int x)
{
    gint64 now = g_get_monotonic_time();
    gboolean is_double =
        now - input->clicked_at < DOUBLE_CLICK_US && input->clicked_y == y && input->clicked_x == x;

    input->clicked_at = is_double ? 0 : now;
    input->clicked_y = y;
    input->clicked_x = x;
    return is_double;
}

/* SGR mouse reports: CSI < buttons ; column ; row M (pressed) or m (released). */
static void
emit_mouse(UiInput *input, const char *parameters, char final)
{
    UiEvent event = {.key = UI_KEY_MOUSE};
    int buttons;
    int column;
    int row;

    if (sscanf(parameters, "<%d;%d;%d", &buttons, &column, &row) != 3) {
        return;
    }
    event.y = row - 1;
    event.x = column - 1;
    if ((buttons & 64) != 0) {
        event.mouse = (buttons & 1) != 0 ? UI_MOUSE_WHEEL_DOWN : UI_MOUSE_WHEEL_UP;
    } else if (final == 'm') {
        event.mouse = UI_MOUSE_RELEASE;
    } else if ((buttons & 32) != 0) {
        event.mouse = UI_MOUSE_DRAG;
    } else if ((buttons & 3) == 0) {
        event.mouse = UI_MOUSE_PRESS;
        event.is_double = is_double_click(input, event.y, event.x);
    } else {
        return;
    }
    input->func(&event, input->user_data);
}

static void
emit_paste(UiInput *input)
{
    g_autofree char *raw = g_string_free(g_steal_pointer(&input->paste), FALSE);
    g_autofree char *clean = sp_text_clean(raw, -1, MAX_PASTE);
    const UiEvent event = {.key = UI_KEY_PASTE, .text = clean};

    input->func(&event, input->user_data);
}

static void
take_csi(UiInput *input, const char *bytes, gsize length)
{
    char parameters[32] = "";
    char final = bytes[length - 1];

    if (bytes[2] == '[') {
        emit_key(input, final >= 'A' && final <= 'E' ? UI_KEY_F1 + final - 'A' : UI_KEY_NONE);
        return;
    }
    /* Private and long parameters belong to reports, never to keys (the mouse's begin with '<'). */
    if (length - 3 >= sizeof parameters || strchr("?>=", bytes[2]) != NULL) {
        return;
    }
    memcpy(parameters, bytes + 2, length - 3);
    if (parameters[0] == '<') {
        emit_mouse(input, parameters, final);
    } else if (final == '~') {
        int number = atoi(parameters);

        if (number == 200) {
            input->paste = g_string_new(NULL);
        } else {
            emit_key(input, key_of_number(number));
        }
    } else if (parameters[0] == '\0' || g_str_has_prefix(parameters, "1;")) {
        gboolean is_report = parameters[0] != '\0' && final == 'R';

        emit_shifted(input, is_report ? UI_KEY_NONE : key_of_letter(final),
                     g_str_equal(parameters, "1;2"));
    }
}

static void
take_byte(UiInput *input, guchar byte)
{
    switch (byte) {
    case '\n': emit_key(input, UI_CTRL('j')); break;
    case '\b': emit_key(input, UI_KEY_BACKSPACE); break;
    default:
        if (byte < 0x80) {
            emit_key(input, byte);
        }
    }
}

/* Within a paste everything is text up to CSI 201 ~. */
static gboolean
take_pasted(UiInput *input)
{
    static const char end[] = "\033[201~";
    const char *bytes = (const char *) input->bytes->data;
    const char *found = g_strstr_len(bytes, input->bytes->len, end);
    gsize keep = found != NULL ? strlen(end) : MIN(input->bytes->len, strlen(end) - 1);
    gsize text = found != NULL ? (gsize) (found - bytes) : input->bytes->len - keep;

    if (input->paste->len < MAX_PASTE) {
        g_string_append_len(input->paste, bytes, (gssize) text);
    }
    g_byte_array_remove_range(input->bytes, 0, (guint) (found != NULL ? text + keep : text));
    if (found != NULL) {
        emit_paste(input);
    }
    return found != NULL;
}

static void
take_token(UiInput *input, UiToken kind, const char *bytes, gsize length)
{
    switch (kind) {
    case UI_TOKEN_BYTE: take_byte(input, (guchar) bytes[0]); break;
    case UI_TOKEN_CHARACTER: emit_key(input, (int) g_utf8_get_char(bytes)); break;
    case UI_TOKEN_CSI: take_csi(input, bytes, length); break;
    case UI_TOKEN_SS3: emit_key(input, key_of_letter(bytes[2])); break;
    case UI_TOKEN_STRING:
    case UI_TOKEN_PARTIAL: break;
    }
}

void
ui_input_feed(UiInput *input, const char *bytes, gsize length)
{
    g_byte_array_append(input->bytes, (const guint8 *) bytes, (guint) length);
    while (input->bytes->len > 0) {
        gsize token_length = 1;
        g_autofree char *token = NULL;
        UiToken kind;

        if (input->paste != NULL) {
            if (!take_pasted(input)) {
                return;
            }
            continue;
        }
        kind = ui_token((const char *) input->bytes->data, input->bytes->len, &token_length);
        if (kind == UI_TOKEN_PARTIAL) {
            break;
        }
        /* A handler may feed more: the token leaves the buffer before it is handled. */
        token = g_strndup((const char *) input->bytes->data, token_length);
        g_byte_array_remove_range(input->bytes, 0, (guint) token_length);
        take_token(input, kind, token, token_length);
    }
    if (input->bytes->len > MAX_SEQUENCE) {
        g_byte_array_set_size(input->bytes, 2);
    }
}

guint
ui_input_get_wait_ms(const UiInput *input)
{
    if (input->bytes->len == 0) {
        return 0;
    }
    if (input->bytes->len == 1 && input->bytes->data[0] == ESC) {
        return input->is_patient ? PATIENT_WAIT_MS : ESCAPE_WAIT_MS;
    }
    return SEQUENCE_WAIT_MS;
}

void
ui_input_flush(UiInput *input)
{
    gboolean is_escape = input->bytes->len == 1 && input->bytes->data[0] == ESC;

    g_byte_array_set_size(input->bytes, 0);
    if (is_escape) {
        emit_key(input, UI_KEY_ESCAPE);
    }
}

void
ui_input_set_patient(UiInput *input, gboolean is_patient)
{
    input->is_patient = is_patient;
}
