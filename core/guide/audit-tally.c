#include "core/guide/audit-tally.h"

#include "core/text.h"

#define N_VERDICTS     4
#define N_EXIT_CODES   6
#define MAX_CHARACTERS 500
#define MAX_EXAMPLES   20 /* people named in the summary's document for each share */

struct SpAuditTally {
    guint count;
    guint verdicts[N_VERDICTS];
    guint exit_codes[N_EXIT_CODES];
    guint n_failed;
    GPtrArray *causes;    /* SpAuditShare */
    GHashTable *by_cause; /* id -> SpAuditShare, borrowed */
    GPtrArray *pictures;  /* SpAuditShare, those of one account too */
    GHashTable *by_picture;
    GPtrArray *shared; /* of those, SpAuditShare, borrowed */
};

static void
free_share(gpointer data)
{
    SpAuditShare *share = data;

    g_free(share->id);
    g_free(share->summary);
    g_ptr_array_unref(share->users);
    g_free(share);
}

SpAuditTally *
sp_audit_tally_new(void)
{
    SpAuditTally *tally = g_new0(SpAuditTally, 1);

    tally->causes = g_ptr_array_new_with_free_func(free_share);
    tally->by_cause = g_hash_table_new(g_str_hash, g_str_equal);
    tally->pictures = g_ptr_array_new_with_free_func(free_share);
    tally->by_picture = g_hash_table_new(g_str_hash, g_str_equal);
    tally->shared = g_ptr_array_new();
    return tally;
}

void
sp_audit_tally_free(SpAuditTally *tally)
{
    if (tally == NULL) {
        return;
    }
    g_hash_table_unref(tally->by_cause);
    g_ptr_array_unref(tally->causes);
    g_hash_table_unref(tally->by_picture);
    g_ptr_array_unref(tally->pictures);
    g_ptr_array_unref(tally->shared);
    g_free(tally);
}

/* Records may come from a file that anybody has written. */
static char *
clean(const char *text)
{
    return text == NULL ? NULL : sp_text_clean(text, -1, MAX_CHARACTERS);
}

static void
add_to_share(GPtrArray *shares, GHashTable *by_id, const char *id, const char *summary,
             const char *user)
{
    SpAuditShare *share = g_hash_table_lookup(by_id, id);

    if (share == NULL) {
        share = g_new0(SpAuditShare, 1);
        share->id = clean(id);
        share->summary = clean(summary);
        share->users = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(shares, share);
        g_hash_table_insert(by_id, share->id, share);
    }
    g_ptr_array_add(share->users, clean(user));
}

/* The verdict's number, or -1. */
static int
verdict_of(SpJson *check)
{
    const char *name = sp_json_string(check, "verdict");

    for (int i = 0; i < N_VERDICTS; i++) {
        if (g_strcmp0(name, sp_verdict_name((SpVerdict) i)) == 0) {
            return i;
        }
    }
    return -1;
}

static void
add_cause(SpAuditTally *tally, SpJson *check, const char *user)
{
    SpJson *findings = sp_json_member(check, "findings");
    SpJson *first = sp_json_length(findings) == 0 ? NULL : json_object_array_get_idx(findings, 0);
    const char *id = sp_json_string(first, "id");

    if (id != NULL) {
        add_to_share(tally->causes, tally->by_cause, id, sp_json_string(first, "summary"), user);
    }
}

static void
add_picture(SpAuditTally *tally, SpJson *check, const char *user)
{
    SpJson *copies = sp_json_member(check, "copies");

    for (gsize i = 0; i < sp_json_length(copies); i++) {
        SpJson *copy = json_object_array_get_idx(copies, i);
        const char *sha256 = sp_json_string(copy, "sha256");

        if (sha256 != NULL && g_strcmp0(sp_json_string(copy, "service"), "graph") == 0 &&
            g_strcmp0(sp_json_string(copy, "status"), "present") == 0) {
            add_to_share(tally->pictures, tally->by_picture, sha256, NULL, user);
        }
    }
}

gboolean
sp_audit_tally_add(SpAuditTally *tally, SpJson *record)
{
    SpJson *check = sp_json_member(record, "check");
    const char *query = sp_json_string(record, "query");
    const char *user = sp_json_string(sp_json_member(check, "user"), "userPrincipalName");
    gint64 code = sp_json_int(record, "exit_code", -1);
    int verdict = check == NULL ? -1 : verdict_of(check);

    if (g_strcmp0(sp_json_string(record, "schema"), "samephoto.audit/1") != 0 || query == NULL ||
        code < 0 || code >= N_EXIT_CODES || (check != NULL && (verdict < 0 || user == NULL))) {
        return FALSE;
    }
    tally->count++;
    tally->exit_codes[code]++;
    if (check == NULL) {
        tally->n_failed++;
        return TRUE;
    }
    tally->verdicts[verdict]++;
    if (verdict != SP_VERDICT_IN_SYNC) {
        add_cause(tally, check, user);
    }
    add_picture(tally, check, user);
    return TRUE;
}

guint
sp_audit_tally_count(const SpAuditTally *tally)
{
    return tally->count;
}

guint
sp_audit_tally_count_verdict(const SpAuditTally *tally, SpVerdict verdict)
{
    return tally->verdicts[verdict];
}

guint
sp_audit_tally_count_failed(const SpAuditTally *tally)
{
    return tally->n_failed;
}

/* More people first, then by id, so that the order is the same each time. */
static gint
compare_shares(gconstpointer a, gconstpointer b)
{
    const SpAuditShare *left = *(const SpAuditShare *const *) a;
    const SpAuditShare *right = *(const SpAuditShare *const *) b;

    return left->users->len != right->users->len ? (left->users->len < right->users->len ? 1 : -1)
                                                 : g_strcmp0(left->id, right->id);
}

GPtrArray *
sp_audit_tally_get_causes(SpAuditTally *tally)
{
    g_ptr_array_sort(tally->causes, compare_shares);
    return tally->causes;
}

GPtrArray *
sp_audit_tally_get_pictures(SpAuditTally *tally)
{
    g_ptr_array_set_size(tally->shared, 0);
    for (guint i = 0; i < tally->pictures->len; i++) {
        SpAuditShare *share = g_ptr_array_index(tally->pictures, i);

        if (share->users->len > 1) {
            g_ptr_array_add(tally->shared, share);
        }
    }
    g_ptr_array_sort(tally->shared, compare_shares);
    return tally->shared;
}

int
sp_audit_tally_exit_code(const SpAuditTally *tally)
{
    if (tally->exit_codes[1] > 0) {
        return 1;
    }
    for (int code = 2; code < N_EXIT_CODES; code++) {
        if (tally->exit_codes[code] > 0) {
            return tally->exit_codes[code] == tally->count ? code : 3;
        }
    }
    return 0;
}

static SpJson *
shares_to_json(const GPtrArray *shares, const char *id_name)
{
    SpJson *list = json_object_new_array();

    for (guint i = 0; i < shares->len; i++) {
        const SpAuditShare *share = g_ptr_array_index(shares, i);
        SpJson *json = json_object_new_object();
        SpJson *users = json_object_new_array();

        sp_json_add_string(json, id_name, share->id);
        if (share->summary != NULL) {
            sp_json_add_string(json, "summary", share->summary);
        }
        json_object_object_add(json, "people", json_object_new_int((int) share->users->len));
        for (guint j = 0; j < MIN(share->users->len, MAX_EXAMPLES); j++) {
            json_object_array_add(users,
                                  json_object_new_string(g_ptr_array_index(share->users, j)));
        }
        json_object_object_add(json, "users", users);
        json_object_array_add(list, json);
    }
    return list;
}

SpJson *
sp_audit_tally_to_json(SpAuditTally *tally)
{
    SpJson *json = json_object_new_object();
    SpJson *verdicts = json_object_new_object();

    sp_json_add_string(json, "schema", "samephoto.audit-summary/1");
    json_object_object_add(json, "people", json_object_new_int((int) tally->count));
    for (int i = 0; i < N_VERDICTS; i++) {
        json_object_object_add(verdicts, sp_verdict_name((SpVerdict) i),
                               json_object_new_int((int) tally->verdicts[i]));
    }
    json_object_object_add(json, "verdicts", verdicts);
    json_object_object_add(json, "failed", json_object_new_int((int) tally->n_failed));
    json_object_object_add(json, "causes", shares_to_json(sp_audit_tally_get_causes(tally), "id"));
    json_object_object_add(json, "same_picture",
                           shares_to_json(sp_audit_tally_get_pictures(tally), "sha256"));
    return json;
}
