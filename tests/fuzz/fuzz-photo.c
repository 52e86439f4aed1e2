#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/photo/difference.h"
#include "core/photo/photo.h"

/* Bytes from outside meet the decoder and the comparison. libFuzzer's entry, for clang's
 * -fsanitize=fuzzer (define SAMEPHOTO_LIBFUZZER); without it a driver for gcc and AFL:
 *
 *   fuzz-photo FILE|FOLDER...                      replays each file
 *   fuzz-photo --mutate SEED COUNT FILE|FOLDER...  replays COUNT mutations of them; the input that
 *                                                  is under way lies in ./fuzz-photo.last */

/* Above this a mutation of the size only makes the run slow. */
#define MAX_COMPARED_PIXELS (1000 * 1000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static SpPhoto *reference;

/* What must hold for any two pictures, whatever they show. */
static void
compare_both_ways(SpPhoto *photo)
{
    g_autoptr(SpComparison) there = sp_compare(reference, photo);
    g_autoptr(SpComparison) back = sp_compare(photo, reference);
    g_autoptr(SpComparison) self = sp_compare(photo, photo);
    g_autoptr(SpDifference) difference = sp_difference_new(reference, photo, there, 32);

    g_assert_true(there->relation == back->relation && there->similarity == back->similarity);
    g_assert_true(self->relation == SP_RELATION_IDENTICAL);
    g_assert_true(there->similarity >= 0 && there->similarity <= 1);
    g_assert_true(difference->changed >= 0 && difference->changed <= 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPhoto) photo = sp_photo_new(bytes, &error);

    g_assert_true((photo == NULL) == (error != NULL));
    if (photo == NULL) {
        g_assert_true(*error->message != '\0' && strchr(error->message, '\n') == NULL);
    } else if (reference == NULL) {
        reference = g_steal_pointer(&photo);
    } else if (sp_photo_get_width(photo) * sp_photo_get_height(photo) <= MAX_COMPARED_PIXELS) {
        compare_both_ways(photo);
    }
    return 0;
}

#ifndef SAMEPHOTO_LIBFUZZER

static void
gather(const char *path, GPtrArray *inputs)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    char *data;
    gsize length;
    const char *name;

    if (folder == NULL) {
        if (!g_file_get_contents(path, &data, &length, NULL)) {
            g_error("%s cannot be read", path);
        }
        g_ptr_array_add(inputs, g_bytes_new_take(data, length));
        return;
    }
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);

        gather(file, inputs);
    }
}

/* One change as a broken disk, a broken program or a malicious person would make it. */
static void
mutate_once(GRand *rand, GByteArray *bytes)
{
    static const guint8 odd[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xd8, 0xda, 0x2c};
    guint at = (guint) g_rand_int_range(rand, 0, (gint32) bytes->len);
    guint wanted = (guint) g_rand_int_range(rand, 1, 9);
    guint length = MIN(wanted, bytes->len - at);
    guint from = (guint) g_rand_int_range(rand, 0, (gint32) (bytes->len - length + 1));

    switch (g_rand_int_range(rand, 0, 6)) {
    case 0: bytes->data[at] ^= (guint8) (1 << g_rand_int_range(rand, 0, 8)); break;
    case 1: bytes->data[at] = odd[g_rand_int_range(rand, 0, G_N_ELEMENTS(odd))]; break;
    case 2: memset(bytes->data + at, g_rand_boolean(rand) ? 0xff : 0, length); break;
    case 3: memmove(bytes->data + at, bytes->data + from, length); break;
    case 4: g_byte_array_remove_range(bytes, at, bytes->len > length ? length : 0); break;
    default: bytes->data[at] = (guint8) g_rand_int(rand); break;
    }
}

static void
replay_mutations(GPtrArray *inputs, guint32 seed, guint count)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);

    for (guint i = 0; i < count; i++) {
        GBytes *input = g_ptr_array_index(inputs, (guint) g_rand_int(rand) % inputs->len);
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        int changes = 1 << g_rand_int_range(rand, 0, 6);

        g_byte_array_append(bytes, g_bytes_get_data(input, NULL), (guint) g_bytes_get_size(input));
        for (int k = 0; k < changes && bytes->len > 1; k++) {
            mutate_once(rand, bytes);
        }
        g_file_set_contents("fuzz-photo.last", (const char *) bytes->data, bytes->len, NULL);
        LLVMFuzzerTestOneInput(bytes->data, bytes->len);
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    gboolean mutates = argc > 4 && strcmp(argv[1], "--mutate") == 0;

    for (int i = mutates ? 4 : 1; i < argc; i++) {
        gather(argv[i], inputs);
    }
    if (inputs->len == 0) {
        g_error("no input");
    }
    for (guint i = 0; i < inputs->len; i++) {
        GBytes *input = g_ptr_array_index(inputs, i);

        LLVMFuzzerTestOneInput(g_bytes_get_data(input, NULL), g_bytes_get_size(input));
    }
    if (mutates) {
        replay_mutations(inputs, (guint32) g_ascii_strtoull(argv[2], NULL, 10),
                         (guint) g_ascii_strtoull(argv[3], NULL, 10));
    }
    g_clear_pointer(&reference, sp_photo_unref);
    return 0;
}

#endif
