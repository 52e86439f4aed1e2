/* The directory service against a peer that misbehaves; one that behaves is in tests/peers. */

#include <lber.h>
#include <ldap.h>
#include <string.h>

#include "tests/unit/script.h"

#define BASE "dc=norvane,dc=example"

/* What a peer does with a request that it has read. */
typedef enum {
    PEER_STOPS,    /* answers the first five bytes, and no more */
    PEER_TRICKLES, /* announces a large answer and sends it a byte at a time */
    PEER_FINDS_NOBODY,
    PEER_SENDS_TOO_MUCH,
    PEER_LISTENS, /* and goes */
} Manner;

typedef struct {
    const char *name;
    const char *scheme;
    const char *settings; /* more of [directory] */
    Manner manner;
    SpCopyStatus expected;
    const char *sentence;
    guchar first; /* byte that the peer gets to read: of TLS or of LDAP */
} Case;

#define OF_LDAP 0x30
#define OF_TLS  0x16

static const Case cases[] = {
    {"half-an-answer", "ldap", "", PEER_STOPS, SP_COPY_UNREACHABLE, "in time", OF_LDAP},
    {"half-an-answer-to-starttls", "ldap", "starttls=true\n", PEER_STOPS, SP_COPY_UNREACHABLE,
     "in time", OF_LDAP},
    {"trickle", "ldap", "", PEER_TRICKLES, SP_COPY_UNREACHABLE, "in time", OF_LDAP},
    {"nobody-for-a-stranger", "ldap", "", PEER_FINDS_NOBODY, SP_COPY_DENIED, "bind-dn", OF_LDAP},
    {"too-large", "ldap", "", PEER_SENDS_TOO_MUCH, SP_COPY_INVALID, "12 MiB", OF_LDAP},
    {"scheme", "ldaps", "", PEER_LISTENS, SP_COPY_UNREACHABLE, "certificate", OF_TLS},
    {"scheme-in-capitals", "LDAPS", "", PEER_LISTENS, SP_COPY_UNREACHABLE, "certificate", OF_TLS},
    {"scheme-in-capitals-starttls", "Ldaps", "starttls=true\n", PEER_LISTENS, SP_COPY_UNREACHABLE,
     "certificate", OF_TLS},
};

typedef struct {
    const Case *row;
    guchar first;
} Peer;

static void
say(GIOStream *stream, const guchar *bytes, gsize length)
{
    g_output_stream_write_all(g_io_stream_get_output_stream(stream), bytes, length, NULL, NULL,
                              NULL);
}

static gboolean
hear(GIOStream *stream, guchar *bytes, gsize length)
{
    gsize got = 0;

    return g_input_stream_read_all(g_io_stream_get_input_stream(stream), bytes, length, &got, NULL,
                                   NULL) &&
           got == length;
}

/* What follows: a length in one byte, or in the number of bytes that the first one tells. */
static gsize
hear_length(GIOStream *stream)
{
    guchar byte = 0;
    gsize length = 0;
    int n = 0;

    if (!hear(stream, &byte, 1) || byte < 0x80) {
        return byte;
    }
    for (n = byte & 0x7f; n > 0 && hear(stream, &byte, 1); n--) {
        length = length << 8 | byte;
    }
    return length;
}

/* Reads a request, whose id and kind are at fixed places. */
static gboolean
hear_request(GIOStream *stream, Peer *peer, guchar *id, guchar *kind)
{
    guchar bytes[1024];
    gsize length = 0;

    if (!hear(stream, bytes, 1)) {
        return FALSE;
    }
    peer->first = bytes[0];
    length = bytes[0] == OF_LDAP ? hear_length(stream) : 0;
    if (length < 5 || length > sizeof bytes || !hear(stream, bytes, length)) {
        return FALSE;
    }
    *id = bytes[2];
    *kind = bytes[3];
    return TRUE;
}

static void
say_done(GIOStream *stream, guchar id, guchar kind)
{
    const guchar answer[] = {0x30, 12, 0x02,         1,    id, kind, 7,
                             0x0a, 1,  LDAP_SUCCESS, 0x04, 0,  0x04, 0};

    say(stream, answer, sizeof answer);
}

static void
say_large_photo(GIOStream *stream, guchar id)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    gsize length = SP_PHOTO_MAX_BYTES + 1;
    g_autofree char *photo = g_malloc0(length);
    struct berval value = {length, photo};
    struct berval *values[] = {&value, NULL};
    struct berval flat = {0, NULL};

    g_assert_cmpint(ber_printf(ber, "{it{s{{s[V]}}}}", (ber_int_t) id, LDAP_RES_SEARCH_ENTRY,
                               "cn=x," BASE, "thumbnailPhoto", values),
                    >=, 0);
    g_assert_cmpint(ber_flatten2(ber, &flat, 0), ==, 0);
    say(stream, (const guchar *) flat.bv_val, flat.bv_len);
    ber_free(ber, 1);
}

static void
trickle(GIOStream *stream)
{
    static const guchar head[] = {0x30, 0x84, 0x00, 0x10, 0x00, 0x00, 0x02, 1, 1};
    guchar byte = 0;

    say(stream, head, sizeof head);
    while (g_output_stream_write_all(g_io_stream_get_output_stream(stream), &byte, 1, NULL, NULL,
                                     NULL)) {
        g_usleep(20000);
    }
}

static void
answer(GIOStream *stream, Manner manner, guchar id, guchar kind)
{
    const guchar half[] = {0x30, 12, 0x02, 1, id};

    if (manner == PEER_STOPS) {
        say(stream, half, sizeof half);
    } else if (manner == PEER_TRICKLES) {
        trickle(stream);
    } else if (kind == LDAP_REQ_BIND) {
        say_done(stream, id, LDAP_RES_BIND);
    } else if (kind == LDAP_REQ_SEARCH) {
        if (manner == PEER_SENDS_TOO_MUCH) {
            say_large_photo(stream, id);
        }
        say_done(stream, id, LDAP_RES_SEARCH_RESULT);
    }
}

static gboolean
on_run(GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
       gpointer user_data)
{
    GIOStream *stream = G_IO_STREAM(connection);
    Peer *peer = user_data;
    guchar id = 0;
    guchar kind = 0;

    (void) service;
    (void) source;
    while (hear_request(stream, peer, &id, &kind)) {
        answer(stream, peer->row->manner, id, kind);
    }
    g_io_stream_close(stream, NULL, NULL);
    return TRUE;
}

static void
test_case(gconstpointer data)
{
    static const ScriptRow none[] = {{NULL, NULL, NULL, NULL}};
    /* The peer's threads may outlive a case: each has its own for good. */
    static Peer peers[G_N_ELEMENTS(cases)];
    const Case *row = data;
    Peer *peer = &peers[row - cases];
    g_autoptr(GSocketService) service = g_threaded_socket_service_new(8);
    guint16 port = g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(service), NULL, NULL);
    g_autofree char *settings =
        g_strdup_printf("directory=%s://127.0.0.1:%u\n[network]\ntimeout=1\nconnect-timeout=1\n"
                        "[directory]\nbase-dn=" BASE "\n%s",
                        row->scheme, port, row->settings);
    g_autoptr(Script) script = script_new(none, settings);
    g_autoptr(SpPerson) person = script_make_person();
    g_autoptr(SpCopy) copy = NULL;

    peer->row = row;
    g_signal_connect(service, "run", G_CALLBACK(on_run), peer);
    g_socket_service_start(service);
    copy = script_fetch(script, person, "directory");
    g_test_message("%s: %s", sp_copy_status_name(copy->status), copy->error);
    g_assert_cmpstr(sp_copy_status_name(copy->status), ==, sp_copy_status_name(row->expected));
    g_assert_nonnull(strstr(copy->error, row->sentence));
    g_assert_cmpint(peer->first, ==, row->first);
    g_socket_service_stop(service);
    g_socket_listener_close(G_SOCKET_LISTENER(service));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/directory/%s", cases[i].name);

        g_test_add_data_func(path, &cases[i], test_case);
    }
    return g_test_run();
}
