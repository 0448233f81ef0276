/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chains that go from well to well, made up, and what the comparison says of them. */
#include "analysis/compare/compare.h"

#include <math.h>

#include "tests/analysis/compare/forged.h"

static const char ONE[] = "network: { neurons: 10000, patterns: 1, dilution: 0.3 }\nnoise: 0.3\n"
                          "dynamics: { start: random, sweeps: 399, burn_in: 300 }\n"
                          "ensemble: { samples: 3, replicas: 24, lanes: 4 }\n";

static void check_hopping(const ph_comparison_t *found, const recipe_t *recipe,
                          const ph_comparison_row_t *steady)
{
    const ph_comparison_row_t *row = &found->rows[0];
    const bool wrong = recipe->factor < 1.0;
    /* the samples are as they were, however chains go */
    ck_assert_double_eq_tol(row->disorder_error, steady->disorder_error, 1e-12);
    ck_assert_double_eq_tol(row->error / steady->error, 1.0, 0.4);
    ck_assert_int_eq(row->reason, PH_REASON_NONE);
    ck_assert_int_eq(found->verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
    ck_assert_int_eq(found->energies[0].verdict, PH_VERDICT_AGREE);
    ck_assert_uint_eq(row->hopped, 3 * 24 / recipe->hop);
    ck_assert_uint_eq(row->moved, 0);
    ck_assert_double_lt(row->allowance, 5e-5);
    ck_assert_double_lt(fabs(row->mc), recipe->hop == 1 ? 0.05 : row->sample_size);
    ck_assert_double_eq_tol(row->mc, row->sample_theory, wrong ? 1e-3 : 3e-4);
}

/* Records of chains that go from well to well count for the well they are in: pattern by pattern,
 * of few such chains or all, and wrong data are seen; where chains go to and fro at once nothing is
 * decided, and not because burn-in was too short. */
START_TEST(test_hopping)
{
    static const char *const sets[] = {NULL, "noise=0.02"}; /* theory's errors, and the records' */
    recipe_t recipe = RIGHT;
    for (size_t i = 0; i < 2; i++) {
        recipe.hop = 0;
        recipe.factor = 1.0;
        begin(ONE, sets[i]);
        ph_comparison_t found = compare(&recipe, NULL);
        const ph_comparison_row_t steady = found.rows[0];
        ph_comparison_free(&found);
        for (recipe.hop = 6; recipe.hop > 0; recipe.hop = recipe.hop == 6 ? 1 : 0)
            for (int wrong = 0; wrong < 2; wrong++) {
                recipe.factor = wrong ? 0.999 : 1.0;
                found = compare(&recipe, NULL);
                check_hopping(&found, &recipe, &steady);
                ph_comparison_free(&found);
            }
        end();
    }
    recipe = RIGHT;
    recipe.hop = 1;
    recipe.swing = 3;
    begin(ONE, NULL);
    ph_comparison_t found = compare(&recipe, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_UNDECIDED);
    ck_assert_int_eq(found.rows[0].reason, PH_REASON_WELLS);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* What a chain still has of its way from another well is in no average, and makes the allowance. */
START_TEST(test_on_the_way)
{
    recipe_t recipe = RIGHT;
    recipe.hop = 1;
    recipe.relax = 0.7;
    begin(ONE, "dynamics.sweeps=99");
    ph_comparison_t found = compare(&recipe, NULL);
    const ph_comparison_row_t *row = &found.rows[0];
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert(row->allowance > 1e-4 && row->allowance < 2e-3);
    ck_assert_double_lt(fabs(row->z), 4.0);
    ck_assert_double_gt(found.energies[0].allowance, 0.0);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* Two chains in a well of their own, too short for an error of theirs, do not keep the others from
 * a verdict. */
START_TEST(test_few_elsewhere)
{
    recipe_t recipe = RIGHT;
    recipe.away = 12;
    recipe.memory = 0.9;
    begin(ONE, "dynamics.sweeps=3");
    ph_comparison_t found = compare(&recipe, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_eq(found.rows[0].moved, 3 * 2);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* What the chains of a block of lanes have in common counts once: 18 blocks that are off by as much
 * to either side make the error, magnetization and energy, whether chains go from well to well. */
START_TEST(test_blocks)
{
    recipe_t recipe = RIGHT;
    recipe.block = 0.003;
    const double expected = recipe.block / sqrt(17.0);
    begin(ONE, NULL);
    for (recipe.hop = 0; recipe.hop < 7; recipe.hop += 6) {
        ph_comparison_t found = compare(&recipe, NULL);
        ck_assert_uint_eq(found.rows[0].hopped > 0, recipe.hop > 0);
        ck_assert_double_eq_tol(found.rows[0].error / expected, 1.0, 0.2);
        ck_assert_double_eq_tol(found.energies[0].error / expected, 1.0, 0.2);
        ph_comparison_free(&found);
    }
    end();
}
END_TEST

PH_TEST_MAIN("compare_hopping", test_blocks, test_hopping, test_on_the_way, test_few_elsewhere)
