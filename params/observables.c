/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/observables.h"

#include <limits.h>

#include "params/schema.h"

#define WORD(ID, WORD, ...) WORD,
static const char *const WORDS[] = {PH_OBSERVABLES(WORD)};

enum { PH_KEY_ALWAYS = PH_KEY_COUNT };
#define KEY(ID, WORD, KEY) PH_KEY_##KEY,
static const int KEYS[PH_OBS_COUNT] = {PH_OBSERVABLES(KEY)};

_Static_assert(PH_OBS_COUNT <= CHAR_BIT * sizeof(unsigned), "a set of observables is an unsigned");

const ph_words_t PH_OBSERVABLE_WORDS = {PH_OBS_COUNT, WORDS};

int ph_observables_count(void)
{
    return PH_OBS_COUNT;
}

const char *ph_observable_name(ph_observable_id_t id)
{
    return WORDS[id];
}

int ph_observable_key(ph_observable_id_t id)
{
    return KEYS[id];
}
