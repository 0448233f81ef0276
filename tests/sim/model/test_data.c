/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Given examples: which a sample learns, and in what order. */
#include <string.h>

#include "params/labelled.h"
#include "sim/model/dataset.h"
#include "sim/model/sample.h"
#include "tests/params/parse.h"

enum { NEURONS = 5, LABELS = 2, FIRST = 4, SECOND = 6 };

/* All words differ, so that an example is known by its entries. */
#define DATA "+++++ ++++- +++-+ ++-++/----- ----+ ---+- --+-- -+--- +----"
#define GRID(more)                                                                                 \
    "network: { rule: [supervised, unsupervised], patterns: { given: \"+++++ -----\" },\n"         \
    "  data: { given: \"" DATA "\"" more " }, examples: [2, 4] }\n"                                \
    "noise: [0.1, 0.2]\ndynamics: { sweeps: 10 }\n"

static int entry(size_t word, size_t site)
{
    return ph_labelled_entry(DATA, NEURONS, word, site);
}

/* Which word of the data example a of a label is, by its entries. */
static size_t word_of(const ph_point_t *point, const ph_patterns_t *patterns, int64_t mu, int64_t a)
{
    int8_t entries[NEURONS];
    size_t found = SIZE_MAX;
    ph_dataset_example(point, patterns, mu, a, entries);
    for (size_t w = 0; w < FIRST + SECOND; w++) {
        bool same = true;
        for (size_t i = 0; i < NEURONS; i++)
            same = same && entries[i] == entry(w, i);
        ck_assert(!same || found == SIZE_MAX);
        found = same ? w : found;
    }
    ck_assert_uint_lt(found, FIRST + SECOND);
    ck_assert((found < FIRST) == (mu == 0));
    return found;
}

/* In the order of the file; entries and sums are those of whole examples, whichever rule. */
START_TEST(first)
{
    ph_grid_t grid;
    ph_sample_t sample;
    parse(&grid, GRID(""));
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_point_t *point = &grid.points[p];
        const int64_t m = (int64_t)point->examples[0];
        const bool joint = point->rule == PH_RULE_SUPERVISED;
        ck_assert_int_eq(ph_sample_draw(&sample, point, 7, 3), PH_OK);
        ck_assert_int_eq(sample.coupling.features, joint ? LABELS : LABELS * m);
        for (int64_t mu = 0; mu < LABELS; mu++)
            for (int64_t a = 0; a < 4; a++)
                ck_assert_uint_eq(word_of(point, &sample.patterns, mu, a),
                                  (size_t)(FIRST * mu + a));
        for (int64_t i = 0; i < NEURONS; i++)
            for (int64_t f = 0; f < sample.coupling.features; f++) {
                const int64_t mu = joint ? f : f / m, from = joint ? 0 : f % m;
                int sum = 0;
                for (int64_t a = from; a < (joint ? m : from + 1); a++)
                    sum += entry((size_t)(FIRST * mu + a), (size_t)i);
                ck_assert_int_eq(sample.coupling.phi[i * sample.coupling.features + f], sum);
            }
        ph_sample_free(&sample);
    }
    ph_grid_free(&grid);
}
END_TEST

/* In random order: none twice, those of M = 4 begin with those of M = 2, alike at every noise and
 * for both rules, each at each place equally often, and other ones with another seed. */
START_TEST(drawn)
{
    enum { SAMPLES = 3000 };
    ph_grid_t grid;
    size_t seen[LABELS][2][SECOND] = {{{0}}}, other = 0;
    parse(&grid, GRID(", from: random"));
    for (uint32_t s = 0; s < SAMPLES; s++) {
        ph_patterns_t one, same, seeded;
        ck_assert_int_eq(ph_patterns_draw(&one, &grid.points[0], 9, s), PH_OK);
        ck_assert_int_eq(ph_patterns_draw(&same, &grid.points[7], 9, s), PH_OK);
        ck_assert_int_eq(ph_patterns_draw(&seeded, &grid.points[0], 8, s), PH_OK);
        ck_assert_mem_eq(one.examples, same.examples, (FIRST + SECOND) * sizeof(uint32_t));
        other += memcmp(one.examples, seeded.examples, (FIRST + SECOND) * sizeof(uint32_t)) != 0;
        for (int64_t mu = 0; mu < LABELS; mu++) {
            unsigned met = 0;
            for (int64_t a = 0; a < (mu == 0 ? FIRST : SECOND); a++) {
                const size_t word = word_of(&grid.points[0], &one, mu, a);
                met |= 1U << word;
                if (a < 2)
                    seen[mu][a][mu == 0 ? word : word - FIRST]++;
            }
            ck_assert_uint_eq(met, mu == 0 ? 0xfU : 0x3f0U);
        }
        ph_patterns_free(&one);
        ph_patterns_free(&same);
        ph_patterns_free(&seeded);
    }
    for (size_t a = 0; a < 2; a++)
        for (size_t k = 0; k < SECOND; k++) {
            if (k < FIRST) /* 5 deviations of 23.7 about 750, and of 20.4 about 500 */
                ck_assert(seen[0][a][k] > 631 && seen[0][a][k] < 869);
            ck_assert(seen[1][a][k] > 398 && seen[1][a][k] < 602);
        }
    ck_assert_uint_gt(other, SAMPLES - 30); /* 1 of 17280 is the same */
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("data", first, drawn)
