#include "core/photo/compare.h"

#include <math.h>
#include <string.h>

/* The labelled pairs that ship: other people than the thresholds were found on. */

#define N_UNSURE_ALLOWED 4

typedef struct {
    SpPhoto *left;
    SpPhoto *right;
    char *label;
    char *family;
    char *names;
} Pair;

static SpPhoto *
load(const char *name)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "data", "pairs", name, NULL);
    g_autoptr(GError) error = NULL;
    SpPhoto *photo = sp_photo_new_from_file(path, &error);

    g_assert_no_error(error);
    return photo;
}

static void
pair_free(gpointer data)
{
    Pair *pair = data;

    sp_photo_unref(pair->left);
    sp_photo_unref(pair->right);
    g_free(pair->label);
    g_free(pair->family);
    g_free(pair->names);
    g_free(pair);
}

static GPtrArray *
load_pairs(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "data", "pairs", "pairs.csv", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    GPtrArray *pairs = g_ptr_array_new_with_free_func(pair_free);

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ",", -1);
        Pair *pair = g_new0(Pair, 1);

        pair->left = load(fields[0]);
        pair->right = load(fields[1]);
        pair->label = g_strdup(fields[2]);
        pair->family = g_strdup(fields[3]);
        pair->names = g_strdup_printf("%s %s", fields[0], fields[1]);
        g_ptr_array_add(pairs, pair);
    }
    return pairs;
}

static gboolean
is_as_labelled(const Pair *pair, SpRelation relation)
{
    return strcmp(sp_relation_name(relation), pair->label) == 0 ||
           (relation == SP_RELATION_IDENTICAL && strcmp(pair->label, "same") == 0);
}

static void
the_shipped_pairs_come_out_as_labelled(void)
{
    g_autoptr(GPtrArray) pairs = load_pairs();
    guint n_unsure = 0;

    g_assert_cmpuint(pairs->len, ==, 305);
    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        g_autoptr(SpComparison) it = sp_compare(pair->left, pair->right);

        n_unsure += it->relation == SP_RELATION_UNSURE;
        if (it->relation == SP_RELATION_UNSURE || is_as_labelled(pair, it->relation))
            continue;
        g_test_message("%s (%s): %s, not %s", pair->names, pair->family,
                       sp_relation_name(it->relation), pair->label);
        g_test_fail();
    }
    g_assert_cmpuint(n_unsure, <=, N_UNSURE_ALLOWED);
}

static void
assert_mirrored(const SpComparison *there, const SpComparison *back)
{
    g_assert_cmpint(there->relation, ==, back->relation);
    g_assert_true(there->similarity == back->similarity);
    g_assert_true(memcmp(&there->left_part, &back->right_part, sizeof(SpRect)) == 0);
    g_assert_true(memcmp(&there->right_part, &back->left_part, sizeof(SpRect)) == 0);
    g_assert_cmpint(there->left_placeholder, ==, back->right_placeholder);
    g_assert_cmpuint(there->n_measures, ==, back->n_measures);
    for (guint i = 0; i < there->n_measures; i++)
        g_assert_true(there->measures[i].value == back->measures[i].value);
}

static void
left_and_right_may_change_places(void)
{
    g_autoptr(GPtrArray) pairs = load_pairs();

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        g_autoptr(SpComparison) there = sp_compare(pair->left, pair->right);
        g_autoptr(SpComparison) back = sp_compare(pair->right, pair->left);

        assert_mirrored(there, back);
    }
}

static void
a_picture_is_identical_to_itself(void)
{
    g_autoptr(GPtrArray) pairs = load_pairs();

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        g_autoptr(SpComparison) it = sp_compare(pair->left, pair->left);

        g_assert_cmpint(it->relation, ==, SP_RELATION_IDENTICAL);
        g_assert_cmpfloat(it->similarity, ==, 1.0);
    }
}

static void
every_answer_says_why(void)
{
    g_autoptr(GPtrArray) pairs = load_pairs();

    for (guint i = 0; i < pairs->len; i++) {
        const Pair *pair = g_ptr_array_index(pairs, i);
        g_autoptr(SpComparison) it = sp_compare(pair->left, pair->right);

        g_assert_cmpstr(it->why, !=, "");
        g_assert_null(strchr(it->why, '\n'));
        g_assert_true(it->similarity >= 0 && it->similarity <= 1);
        g_assert_true(it->similarity < 1 || it->relation == SP_RELATION_IDENTICAL);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare/the-shipped-pairs-come-out-as-labelled",
                    the_shipped_pairs_come_out_as_labelled);
    g_test_add_func("/compare/left-and-right-may-change-places", left_and_right_may_change_places);
    g_test_add_func("/compare/a-picture-is-identical-to-itself", a_picture_is_identical_to_itself);
    g_test_add_func("/compare/every-answer-says-why", every_answer_says_why);
    return g_test_run();
}
