/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/starts.h"

#include "params/schema.h"

#define WORD(ID, WORD, ...) WORD,
static const char *const WORDS[] = {PH_STARTS(WORD)};

#define FACTS(ID, WORD, KEYS, NEEDED, SUCH, SPINS, TRAITS)                                         \
    {WORD, KEYS, NEEDED, SUCH, PH_SPINS_##SPINS, TRAITS},
static const ph_start_facts_t STARTS[PH_START_COUNT] = {PH_STARTS(FACTS)};

const ph_words_t PH_START_WORDS = {PH_START_COUNT, WORDS};

const ph_start_facts_t *ph_start_facts(ph_start_id_t start)
{
    return &STARTS[start];
}

bool ph_start_has(ph_start_id_t start, ph_start_trait_t trait)
{
    return (STARTS[start].traits & (unsigned)trait) != 0;
}
