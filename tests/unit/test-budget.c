#include "core/net/budget.h"

#include <string.h>

typedef struct {
    GString *given; /* one letter for each place, in the order in which they were given */
    char letter;
} Guest;

static void
on_place(gpointer user_data)
{
    Guest *guest = user_data;

    g_string_append_c(guest->given, guest->letter);
}

/* Lets everything happen that can happen now. */
static void
settle(void)
{
    for (int i = 0; i < 50; i++) {
        g_main_context_iteration(NULL, FALSE);
    }
}

typedef struct {
    SpBudget *budget;
    GString *given;
    Guest guests[8];
    SpPlace *places[8];
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    (void) data;
    fixture->budget = sp_budget_new(NULL);
    fixture->given = g_string_new(NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(fixture->places); i++) {
        g_clear_pointer(&fixture->places[i], sp_budget_leave);
    }
    sp_budget_free(fixture->budget);
    g_string_free(fixture->given, TRUE);
}

static void
enter(Fixture *fixture, gsize which, const char *store, const char *mailbox)
{
    fixture->guests[which] = (Guest){fixture->given, (char) ('a' + which)};
    fixture->places[which] =
        sp_budget_enter(fixture->budget, store, mailbox, on_place, &fixture->guests[which]);
}

static void
the_fifth_waits_for_one_of_the_four(Fixture *fixture, gconstpointer data)
{
    (void) data;
    for (gsize i = 0; i < 6; i++) {
        enter(fixture, i, "graph", "anna");
    }
    g_assert_cmpstr(fixture->given->str, ==, "");
    settle();
    g_assert_cmpstr(fixture->given->str, ==, "abcd");
    g_clear_pointer(&fixture->places[1], sp_budget_leave);
    settle();
    g_assert_cmpstr(fixture->given->str, ==, "abcde");
}

static void
mailboxes_and_stores_have_their_own_four(Fixture *fixture, gconstpointer data)
{
    (void) data;
    for (gsize i = 0; i < 5; i++) {
        enter(fixture, i, "graph", "anna");
    }
    enter(fixture, 5, "graph", "bashir");
    enter(fixture, 6, "graph", NULL);
    enter(fixture, 7, "exchange", "anna");
    settle();
    g_assert_cmpuint(fixture->given->len, ==, 7);
    g_assert_null(strchr(fixture->given->str, 'e'));
}

static void
who_leaves_the_queue_is_not_called(Fixture *fixture, gconstpointer data)
{
    (void) data;
    for (gsize i = 0; i < 6; i++) {
        enter(fixture, i, "graph", "anna");
    }
    g_clear_pointer(&fixture->places[4], sp_budget_leave);
    settle();
    g_clear_pointer(&fixture->places[0], sp_budget_leave);
    settle();
    g_assert_cmpstr(fixture->given->str, ==, "abcdf");
}

static void
a_hold_stops_one_store_until_it_is_over(Fixture *fixture, gconstpointer data)
{
    (void) data;
    sp_budget_hold(fixture->budget, "graph", 80);
    sp_budget_hold(fixture->budget, "graph", 1);
    enter(fixture, 0, "graph", "anna");
    enter(fixture, 1, "exchange", "anna");
    settle();
    g_assert_cmpstr(fixture->given->str, ==, "b");
    g_assert_cmpint(sp_budget_get_hold_ms(fixture->budget, "graph"), >, 1);
    g_assert_cmpint(sp_budget_get_hold_ms(fixture->budget, "exchange"), ==, 0);
    g_assert_cmpint(sp_budget_get_hold_ms(fixture->budget, "never heard of"), ==, 0);
    while (fixture->given->len < 2) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_cmpint(sp_budget_get_hold_ms(fixture->budget, "graph"), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/budget/four", Fixture, NULL, set_up, the_fifth_waits_for_one_of_the_four,
               tear_down);
    g_test_add("/budget/lanes", Fixture, NULL, set_up, mailboxes_and_stores_have_their_own_four,
               tear_down);
    g_test_add("/budget/left", Fixture, NULL, set_up, who_leaves_the_queue_is_not_called,
               tear_down);
    g_test_add("/budget/hold", Fixture, NULL, set_up, a_hold_stops_one_store_until_it_is_over,
               tear_down);
    return g_test_run();
}
