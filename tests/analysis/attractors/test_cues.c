/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The systematic starts: all there are where they are few, else a bounded number, ever the same. */
#include <string.h>

#include "analysis/attractors/cues_private.h"
#include "tests/testing.h"

enum { NEURONS = 256, MOST = 30 };

static int8_t entries[NEURONS * MOST];
static int8_t spins[1024][NEURONS];

/* Neurons of all different rows, as far as there are so many; a third of the entries blank. */
static ph_patterns_t patterns_of(int64_t count)
{
    uint32_t state = 12345;
    for (size_t i = 0; i < (size_t)(NEURONS * count); i++) {
        state = state * 1664525u + 1013904223u;
        entries[i] = (int8_t)((int)(state >> 16) % 3 - 1);
    }
    return (ph_patterns_t){.neurons = NEURONS, .patterns = count, .entries = entries};
}

/* Fills all starts; returns how many differ from each other and from each other's negative. */
static size_t fill(ph_cues_t *cues, const ph_patterns_t *patterns, ph_cue_kind_t kind)
{
    static ph_digest_t known[1024];
    size_t first = 0, different = 0;
    for (int k = 0; k < (int)kind; k++)
        first += cues->counts[k];
    for (size_t j = 0; j < cues->counts[kind]; j++) {
        bool new = true, in_range = true;
        int8_t signed_spins[NEURONS];
        int sign = 0;
        size_t number;
        ck_assert_int_eq(ph_cue_kind(cues, first + j, &number), kind);
        ck_assert_uint_eq(number, j);
        ph_cue_fill(cues, first + j, patterns, spins[j]);
        for (size_t i = 0; i < NEURONS; i++) {
            in_range = in_range && spins[j][i] >= -1 && spins[j][i] <= 1;
            sign = sign != 0 ? sign : spins[j][i];
            signed_spins[i] = (int8_t)(sign * spins[j][i]);
        }
        ck_assert(in_range);
        known[j] = ph_digest_bytes(signed_spins, NEURONS);
        for (size_t k = 0; k < j; k++)
            new = new && !ph_digest_equal(known[j], known[k]);
        different += new;
    }
    return different;
}

START_TEST(all_of_few)
{
    static const size_t EXPECTED[5][PH_CUE_KINDS] = {{1, 1, 0, 0, 0, 0, PH_CUES_RANDOM},
                                                     {1, 2, 2, 0, 0, 4, PH_CUES_RANDOM},
                                                     {1, 3, 6, 4, 4, 24, PH_CUES_RANDOM},
                                                     {1, 4, 12, 16, 8, 192, PH_CUES_RANDOM},
                                                     {1, 5, 20, 40, 16, 10, PH_CUES_RANDOM}};
    for (size_t k = 1; k <= 5; k++) {
        ph_cues_t cues;
        size_t all = 0;
        const ph_patterns_t patterns = patterns_of((int64_t)k);
        ck_assert_int_eq(ph_cues_init(&cues, k, false, 7, 0), PH_OK);
        for (int kind = 0; kind < PH_CUE_KINDS; kind++) {
            ck_assert_uint_eq(cues.counts[kind], EXPECTED[k - 1][kind]);
            ck_assert_uint_eq(fill(&cues, &patterns, (ph_cue_kind_t)kind), cues.counts[kind]);
            all += cues.counts[kind];
        }
        ck_assert_uint_eq(cues.count, all);
        ck_assert_uint_eq(ph_cues_count(k, true), all - 1);
        ph_cues_free(&cues);
    }
}
END_TEST

START_TEST(some_of_many)
{
    static int8_t before[1024][NEURONS];
    ph_cues_t cues, others;
    const ph_patterns_t patterns = patterns_of(26);
    ck_assert_int_eq(ph_cues_init(&cues, 26, true, 7, 0), PH_OK);
    ck_assert_int_eq(ph_cues_init(&others, 26, true, 7, 1), PH_OK);
    ck_assert_uint_eq(cues.counts[PH_CUE_TRIPLE], 256);
    ck_assert_uint_eq(cues.counts[PH_CUE_PARALLEL], 32);
    ck_assert_uint_eq(cues.counts[PH_CUE_HIERARCHICAL], 52);
    for (int kind = PH_CUE_PATTERN; kind < PH_CUE_KINDS; kind++) {
        const size_t different = fill(&cues, &patterns, (ph_cue_kind_t)kind);
        ck_assert_uint_ge(different, cues.counts[kind] * 3 / 4); /* of pairs some come again */
        memcpy(before, spins, sizeof(before));
        fill(&cues, &patterns, (ph_cue_kind_t)kind);
        ck_assert_mem_eq(before, spins, cues.counts[kind] * NEURONS);
        fill(&others, &patterns, (ph_cue_kind_t)kind); /* of another sample */
        ck_assert((memcmp(before, spins, cues.counts[kind] * NEURONS) == 0) ==
                  (kind == PH_CUE_PATTERN));
    }
    ph_cues_free(&others);
    ph_cues_free(&cues);
}
END_TEST

/* As said: a pattern, the majority of two, the first that is not blank. */
START_TEST(meaning)
{
    ph_cues_t cues;
    const ph_patterns_t patterns = patterns_of(5);
    ck_assert_int_eq(ph_cues_init(&cues, 5, true, 7, 0), PH_OK);
    fill(&cues, &patterns, PH_CUE_PATTERN);
    for (size_t i = 0; i < NEURONS; i++)
        ck_assert_int_eq(spins[3][i], entries[5 * i + 3]);
    fill(&cues, &patterns, PH_CUE_PAIR);
    for (size_t i = 0; i < NEURONS; i++) {
        const int sum = entries[5 * i] - entries[5 * i + 1];
        ck_assert_int_eq(spins[1][i], (sum > 0) - (sum < 0));
    }
    fill(&cues, &patterns, PH_CUE_HIERARCHICAL);
    for (size_t i = 0; i < NEURONS; i++) {
        int first = 0;
        for (size_t k = 0; k < 5 && first == 0; k++)
            first = entries[5 * i + (2 + k) % 5];
        ck_assert_int_eq(spins[2][i], first);
    }
    ph_cues_free(&cues);
}
END_TEST

PH_TEST_MAIN("attractors_cues", all_of_few, some_of_many, meaning)
