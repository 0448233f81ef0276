/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/split.h"

#include "tests/analysis/compare/walked.h"

/* Where chains part whose records do not determine their flow, the shares of wells are compared. */

static const char STORAGE[] = "network: { neurons: 600, patterns: 2, dilution: 0.3 }\n"
                              "noise: 0\n"
                              "dynamics: { start: { kind: corrupted, pattern: 1, overlap: 0.5 }, "
                              "order: sequential, sweeps: 5 }\n"
                              "ensemble: { samples: 6, replicas: 32, lanes: 8 }\n";

static const char LEARNED[] =
    "network: { rule: supervised, examples: 3, quality: 0.8, neurons: 1600, patterns: 2, "
    "dilution: 0.3, normalization: variance }\n"
    "noise: 0.01\n"
    "dynamics: { start: { kind: corrupted, pattern: 1, overlap: 0.5 }, order: permuted, "
    "sweeps: 5 }\n"
    "ensemble: { samples: 6, replicas: 32, lanes: 8 }\n";

static void agree(const char *text)
{
    ph_path_comparison_t found = compare_grid(text, NULL, &RIGHT);
    const ph_split_row_t *row = &found.splits[0];
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_eq(found.points, 1);
    ck_assert_int_eq(row->reason, PH_SPLIT_COMPARED);
    ck_assert_int_eq(row->verdict, PH_VERDICT_AGREE);
    ck_assert_uint_ge(row->comparisons, 3); /* two wells, and the likeliest */
    ck_assert_uint_eq(row->sweep, 4);
    ck_assert(row->open > 0.0 && row->open < 0.15);
    ck_assert(row->mc > 0.2 && row->mc < 0.95);
    ck_assert_double_le(row->low, row->high);
    ck_assert(row->resolution > 0.05 && row->resolution < 0.3);
    ck_assert_double_eq(found.largest_split, row->deviation);
    end(&found);
}

static void disagree(const char *text, const recipe_t *recipe)
{
    ph_path_comparison_t found = compare_grid(text, NULL, recipe);
    const ph_split_row_t *row = &found.splits[0];
    ck_assert_int_eq(row->verdict, PH_VERDICT_DISAGREE);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    ck_assert(row->mc < row->low || row->mc > row->high);
    ck_assert_double_gt(row->deviation, found.threshold);
    end(&found);
}

/* Both signs of pattern 2, whose shares the overlaps of each sample's patterns decide; all
 * chains in the other well are seen. */
START_TEST(test_storage)
{
    const recipe_t turned = {.noise_factor = 1.0, .turned = 1};
    agree(STORAGE);
    disagree(STORAGE, &turned);
}
END_TEST

/* Of learned patterns, where records do not even hold the overlaps. */
START_TEST(test_learned)
{
    const recipe_t turned = {.noise_factor = 1.0, .turned = 1};
    agree(LEARNED);
    disagree(LEARNED, &turned);
}
END_TEST

/* A start of another overlap parts otherwise. */
START_TEST(test_start)
{
    const recipe_t other = {.noise_factor = 1.0, .overlap = 0.99};
    disagree(STORAGE, &other);
}
END_TEST

PH_TEST_MAIN("compare_split", test_storage, test_learned, test_start)
