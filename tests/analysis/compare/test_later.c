/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records that begin before equilibrium, made up: the later ones decide where they can. */
#include "analysis/compare/compare.h"

#include <math.h>

#include "tests/analysis/compare/forged.h"

static const char ONE[] = "network: { neurons: 10000, patterns: 1, dilution: 0.3 }\nnoise: 0.3\n"
                          "dynamics: { start: archetype, sweeps: 30, burn_in: 0 }\n"
                          "ensemble: { samples: 3, replicas: 96, lanes: 4 }\n";

static const double RATE = 0.7; /* about that of the well, a sweep */

static ph_comparison_t late(double relax, double factor)
{
    recipe_t recipe = RIGHT;
    recipe.late = 0.2;
    recipe.relax = relax;
    recipe.factor = factor;
    return compare(&recipe, NULL);
}

/* A start that is forgotten within half of the records, or three quarters, is in no average: the
 * rest agrees with a right theory to its own error, and sees wrong data. */
START_TEST(test_forgotten)
{
    static const struct {
        const char *sweeps;
        double records;
        uint64_t early;
    } CASES[] = {{"dynamics.sweeps=30", 31.0, 16}, {"dynamics.sweeps=16", 17.0, 13}};
    for (size_t i = 0; i < 2; i++) {
        begin(ONE, CASES[i].sweeps);
        ph_comparison_t found = late(RATE, 1.0);
        const ph_comparison_row_t *row = &found.rows[0];
        ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
        ck_assert_int_eq(row->reason, PH_REASON_NONE);
        ck_assert_uint_eq(row->early, CASES[i].early);
        ck_assert_double_lt(fabs(row->z), 4.0);
        const double records = CASES[i].records - (double)CASES[i].early, tau = 1.5;
        ck_assert_double_eq_tol(row->error / (WIDTH * sqrt(2.0 * tau / (records * 288.0))), 1.0,
                                0.4);
        ck_assert_int_eq(found.energies[0].verdict, PH_VERDICT_AGREE);
        ck_assert(found.advice[0].burn_in == 0.0);
        ph_comparison_free(&found);
        found = late(RATE, 0.999);
        ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
        ck_assert_uint_eq(found.rows[0].early, CASES[i].early);
        ph_comparison_free(&found);
        end();
    }
}
END_TEST

/* A start that is not forgotten leaves the point undecided, by all of its records; and so do
 * records too few to be halved, and running sums. */
START_TEST(test_not_forgotten)
{
    static const char *const SETS[] = {NULL, "dynamics.sweeps=6", "record.trajectory=false"};
    for (size_t i = 0; i < 3; i++) {
        begin(ONE, SETS[i]);
        ph_comparison_t found = late(i == 0 ? 0.01 : RATE, 1.0);
        ck_assert_int_eq(found.verdict, PH_VERDICT_UNDECIDED);
        ck_assert_int_eq(found.rows[0].reason, PH_REASON_TRANSIENT);
        ck_assert_uint_eq(found.rows[0].early, 0);
        ck_assert_int_eq(found.energies[0].verdict, PH_VERDICT_UNDECIDED);
        ph_comparison_free(&found);
        end();
    }
}
END_TEST

/* Records that are in equilibrium from the first one on are all counted. */
START_TEST(test_all)
{
    begin(ONE, "dynamics.burn_in=300");
    ph_comparison_t found = compare(&RIGHT, NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_eq(found.rows[0].early, 0);
    ph_comparison_free(&found);
    end();
}
END_TEST

PH_TEST_MAIN("compare_later", test_forgotten, test_not_forgotten, test_all)
