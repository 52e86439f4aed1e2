/* The pretend organisation: its people and stories, what happens there, and its directory. */

#include <ldap.h>
#include <string.h>

#include "core/error.h"
#include "practice-client.h"

typedef LDAP Directory;

static void
close_directory(Directory *directory)
{
    ldap_unbind_ext_s(directory, NULL, NULL);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Directory, close_directory)

typedef LDAPMessage Message;

static void
free_message(Message *message)
{
    ldap_msgfree(message);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, free_message)

static Directory *
open_directory(const Fixture *fixture)
{
    Directory *directory = NULL;
    int version = LDAP_VERSION3;
    struct timeval patience = {10, 0};

    g_assert_cmpint(ldap_initialize(&directory, endpoint(fixture, "directory")), ==, LDAP_SUCCESS);
    ldap_set_option(directory, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(directory, LDAP_OPT_TIMEOUT, &patience);
    return directory;
}

static int
sign_in(Directory *directory)
{
    struct berval nothing = {0, NULL};

    return ldap_sasl_bind_s(directory, "", LDAP_SASL_SIMPLE, &nothing, NULL, NULL, NULL);
}

static void
test_directory(void)
{
    static const struct {
        const char *base, *filter;
        int result, n_entries;
    } rows[] = {
        {"DC=norvane,DC=example",
         "(&(objectCategory=person)(objectClass=user)(|(userPrincipalName=anna.keller@norvane."
         "example)(mail=x)(proxyAddresses=smtp:x)))",
         LDAP_SUCCESS, 1},
        {"DC=norvane,DC=example", "(mail=LHADDAD@norvane.example)", LDAP_SUCCESS, 1},
        {"DC=norvane,DC=example", "(proxyAddresses=smtp:fiona.berg@norvane.example)", LDAP_SUCCESS,
         1},
        {"DC=norvane,DC=example", "(userPrincipalName=nobody@norvane.example)", LDAP_SUCCESS, 0},
        {"DC=norvane,DC=example", "(userPrincipalName=siobhan.*)", LDAP_PROTOCOL_ERROR, 0},
        {"DC=elsewhere", "(mail=anna.keller@norvane.example)", LDAP_NO_SUCH_OBJECT, 0},
    };
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Directory) directory = open_directory(fixture);

    g_assert_cmpint(sign_in(directory), ==, LDAP_SUCCESS);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Message) found = NULL;

        g_assert_cmpint(ldap_search_ext_s(directory, rows[i].base, LDAP_SCOPE_SUBTREE,
                                          rows[i].filter, NULL, 0, NULL, NULL, NULL, 0, &found),
                        ==, rows[i].result);
        g_assert_cmpint(ldap_count_entries(directory, found), ==, rows[i].n_entries);
    }
}

static void
test_directory_photo(void)
{
    char *names[] = {"thumbnailPhoto", "msDS-ReplAttributeMetaData", NULL};
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    g_autoptr(Directory) directory = open_directory(fixture);
    g_autoptr(Message) found = NULL;
    Message *entry = NULL;
    struct berval **values = NULL;

    g_assert_cmpint(sign_in(directory), ==, LDAP_SUCCESS);
    g_assert_cmpint(ldap_search_ext_s(directory, "DC=norvane,DC=example", LDAP_SCOPE_SUBTREE,
                                      "(userPrincipalName=otto.lund@norvane.example)", names, 0,
                                      NULL, NULL, NULL, 0, &found),
                    ==, LDAP_SUCCESS);
    entry = ldap_first_entry(directory, found);
    values = ldap_get_values_len(directory, entry, "thumbnailPhoto");
    g_assert_nonnull(values);
    g_assert_cmpuint(values[0]->bv_len, >, 102400);
    ldap_value_free_len(values);
    values = ldap_get_values_len(directory, entry, "msDS-ReplAttributeMetaData");
    g_assert_nonnull(strstr(values[0]->bv_val, "<ftimeLastOriginatingChange>"));
    ldap_value_free_len(values);
    g_assert_null(ldap_get_values_len(directory, entry, "mail"));
}

static void
test_directory_faults(void)
{
    static const struct {
        const char *fault;
        int result;
    } rows[] = {
        {"directory=401", LDAP_INVALID_CREDENTIALS},
        {"directory=403", LDAP_INSUFFICIENT_ACCESS},
        {"directory=503", LDAP_BUSY},
        {"directory=reset", LDAP_SERVER_DOWN},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *faults[] = {rows[i].fault, NULL};
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){.faults = faults});
        g_autoptr(Directory) directory = open_directory(fixture);

        g_assert_cmpint(sign_in(directory), ==, rows[i].result);
    }
}

static void
test_sharepoint_pull(void)
{
    static const struct {
        const char *scenario;
        const char *before; /* an event, or NULL */
        gint64 advance;
        gboolean is_pulled;
    } rows[] = {
        {"sharepoint-stale", NULL, 0, TRUE},
        {"sharepoint-not-yet", NULL, 0, FALSE},
        {"sharepoint-not-yet", NULL, 86400, TRUE},
        {"sharepoint-never-synced", NULL, 0, TRUE},
        {"sharepoint-sync-off", NULL, 0, FALSE},
        {"sharepoint-sync-off", "restore-sync", 0, TRUE},
        {"thumbnails-disagree", "rebuild-thumbnails", 0, TRUE},
        {"no-exchange-licence", NULL, 0, TRUE},
        {"mailbox-on-premises", NULL, 0, FALSE},
        {"disabled-account", NULL, 0, FALSE},
        {"disabled-account", "enable-account", 0, TRUE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
        const char *upn = upn_of(rows[i].scenario);
        g_autofree char *before = library_bytes(fixture, upn);

        if (rows[i].before != NULL) {
            play(fixture, rows[i].before, upn);
        }
        sp_tenant_advance(fixture->tenant, rows[i].advance);
        /* The access tokens have expired with the clock. */
        g_hash_table_remove_all(fixture->tokens);
        play(fixture, "owner-opens-sharepoint", upn);
        g_autofree char *after = library_bytes(fixture, upn);

        if (rows[i].is_pulled) {
            g_assert_nonnull(after);
            g_assert_cmpstr(after, !=, before);
        } else {
            g_assert_cmpstr(after, ==, before);
        }
    }
}

static void
test_events(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    const char *upn = upn_of("in-sync");
    g_autoptr(GError) error = NULL;
    g_autoptr(Reply) first = get_graph_photo(fixture, "in-sync", "photo/$value");

    play(fixture, "upload", upn);
    g_autoptr(Reply) second = get_graph_photo(fixture, "in-sync", "photo/$value");
    play(fixture, "delete", upn);
    /* What Entra holds comes back. */
    g_autoptr(Reply) third = get_graph_photo(fixture, "in-sync", "photo");
    g_autoptr(SpJson) fallback = parse(third);
    play(fixture, "directory-clear", upn);
    g_autoptr(Reply) fourth = get_graph_photo(fixture, "in-sync", "photo");

    assert_jpeg(first);
    assert_jpeg(second);
    g_assert_cmpstr(header(first, "etag"), !=, header(second, "etag"));
    g_assert_cmpuint(first->body->len, !=, second->body->len);
    g_assert_cmpint(sp_json_int(fallback, "width", 0), ==, 96);
    g_assert_cmpint(fourth->status, ==, 404);
    g_assert_false(sp_tenant_play(fixture->tenant, "dance", upn, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "owner-opens-sharepoint"));
    g_clear_error(&error);
    g_assert_false(sp_tenant_play(fixture->tenant, "upload", "nobody@norvane.example", &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_NOT_FOUND);
}

/* Every story has somebody who lives it, and every one of them has their own face or none. */
static void
test_stories(void)
{
    g_autoptr(Fixture) fixture = fixture_new(&(SpTenantOptions){0});
    SpJson *people = sp_json_member(fixture->description, "people");
    guint n_stories = 0;

    for (const SpScenario *row = sp_scenarios(); row->name != NULL; row++) {
        gboolean is_lived = FALSE;

        for (gsize i = 0; i < json_object_array_length(people) && !is_lived; i++) {
            SpJson *person = json_object_array_get_idx(people, i);

            is_lived =
                g_strcmp0(sp_json_string(person, "scenario"), row->name) == 0 &&
                g_str_equal(sp_json_string(person, "userPrincipalName"), row->user_principal_name);
        }
        g_assert_true(is_lived);
        n_stories++;
    }
    g_assert_cmpuint(n_stories, >=, 32);
}

/* The same each time, so that two runs of a bench compare. */
static void
test_generated_people(void)
{
    g_autoptr(Fixture) one = fixture_new(&(SpTenantOptions){.n_generated_people = 250});
    g_autoptr(Fixture) two = fixture_new(&(SpTenantOptions){.n_generated_people = 250});
    SpJson *first = sp_json_member(one->description, "people");
    SpJson *second = sp_json_member(two->description, "people");

    g_assert_cmpuint(json_object_array_length(first), ==, 130 + 250);
    g_assert_cmpstr(json_object_to_json_string(first), ==, json_object_to_json_string(second));
}

int
main(int argc, char **argv)
{
    int result = 0;

    curl_global_init(CURL_GLOBAL_ALL);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/directory", test_directory);
    g_test_add_func("/practice/directory/photo", test_directory_photo);
    g_test_add_func("/practice/directory/faults", test_directory_faults);
    g_test_add_func("/practice/sharepoint/pull", test_sharepoint_pull);
    g_test_add_func("/practice/events", test_events);
    g_test_add_func("/practice/stories", test_stories);
    g_test_add_func("/practice/generated-people", test_generated_people);
    result = g_test_run();
    curl_global_cleanup();
    return result;
}
