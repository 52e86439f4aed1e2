/* The names and words of states and reasons, in the order of their enumerations. */

#include <string.h>

#include "core/guide/session-private.h"
#include "core/i18n.h"

typedef struct {
    const char *name;
    const char *title;
} Word;

static const Word states[] = {
    [SP_STEP_TODO] = {"todo", N_("to do")},         [SP_STEP_DOING] = {"doing", N_("in progress")},
    [SP_STEP_WAITING] = {"waiting", N_("waiting")}, [SP_STEP_PASSED] = {"passed", N_("done")},
    [SP_STEP_FAILED] = {"failed", N_("not yet")},   [SP_STEP_SKIPPED] = {"skipped", N_("skipped")},
};

static const Word reasons[] = {
    [SP_SKIP_NONE] = {"none", N_("no reason")},
    [SP_SKIP_NOT_NEEDED] = {"not-needed", N_("not needed here")},
    [SP_SKIP_NOT_ALLOWED] = {"not-allowed", N_("not allowed here")},
    [SP_SKIP_USER_ABSENT] = {"user-absent", N_("the person cannot be reached")},
    [SP_SKIP_DONE_BEFORE] = {"done-before", N_("was done before")},
    [SP_SKIP_OTHER] = {"other", N_("another reason")},
};

static int
find_word(const Word *words, gsize n_words, const char *name)
{
    for (gsize i = 0; name != NULL && i < n_words; i++) {
        if (strcmp(words[i].name, name) == 0) {
            return (int) i;
        }
    }
    return -1;
}

const char *
sp_step_state_name(SpStepState state)
{
    return states[state].name;
}

const char *
sp_step_state_title(SpStepState state)
{
    return _(states[state].title);
}

gboolean
sp_step_state_parse(const char *name, SpStepState *state)
{
    int index = find_word(states, G_N_ELEMENTS(states), name);

    if (index >= 0) {
        *state = (SpStepState) index;
    }
    return index >= 0;
}

const char *
sp_skip_reason_name(SpSkipReason reason)
{
    return reasons[reason].name;
}

const char *
sp_skip_reason_title(SpSkipReason reason)
{
    return _(reasons[reason].title);
}

gboolean
sp_skip_reason_parse(const char *name, SpSkipReason *reason)
{
    int index = find_word(reasons, G_N_ELEMENTS(reasons), name);

    if (index >= 0) {
        *reason = (SpSkipReason) index;
    }
    return index >= 0;
}

gboolean
sp_actor_parse(const char *name, SpActor *actor)
{
    static const SpActor actors[] = {SP_ACTOR_NOBODY, SP_ACTOR_USER, SP_ACTOR_AGENT,
                                     SP_ACTOR_ADMIN};

    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(actors); i++) {
        if (strcmp(sp_actor_name(actors[i]), name) == 0) {
            *actor = actors[i];
            return TRUE;
        }
    }
    return FALSE;
}
