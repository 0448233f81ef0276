/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/samplers.h"

#include "params/words.h"

#define WORD(ID, WORD, ...) WORD,
static const char *const WORDS[] = {PH_SAMPLERS(WORD) "auto"};

#define FACTS(ID, WORD, LAW, UPDATES, TRAITS, KEPT)                                                \
    {WORD, PH_LAW_##LAW, PH_UPDATES_##UPDATES, TRAITS, KEPT},
static const ph_sampler_facts_t SAMPLERS[PH_SAMPLER_COUNT] = {PH_SAMPLERS(FACTS)};

const ph_words_t PH_SAMPLER_WORDS = {PH_SAMPLER_COUNT + 1, WORDS};

const ph_sampler_facts_t *ph_sampler_facts(ph_sampler_id_t sampler)
{
    return &SAMPLERS[sampler];
}

bool ph_sampler_has(ph_sampler_id_t sampler, ph_sampler_trait_t trait)
{
    return (SAMPLERS[sampler].traits & (unsigned)trait) != 0;
}

bool ph_sampler_is_auto(ph_sampler_id_t sampler)
{
    return sampler == PH_SAMPLER_AUTO;
}
