/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim/model/moments.h"
#include "tests/testing.h"

enum { RECORDS = 37 };

static double record(int k)
{
    return sin(1.7 * k) + 0.01 * k;
}

/* Mean, variance and every level's block variance equal those recomputed from the records. */
START_TEST(sums_match_recount)
{
    double sums[PH_MOMENT_WORDS] = {0};
    for (int k = 0; k < RECORDS; k++)
        ph_moments_add(sums, (uint64_t)k, record(k));
    for (unsigned level = 0; (2 << level) <= RECORDS; level++) {
        int length = 1 << level, blocks = RECORDS / length;
        double mean = 0.0, variance = 0.0;
        for (int k = 0; k < blocks * length; k++)
            mean += record(k) / (blocks * length);
        for (int b = 0; b < blocks; b++) {
            double block = 0.0;
            for (int k = b * length; k < (b + 1) * length; k++)
                block += record(k) / length;
            variance += (block - mean) * (block - mean) / (blocks - 1);
        }
        uint64_t counted = 0;
        double found = ph_moments_block_variance(sums, RECORDS, level, &counted);
        ck_assert_uint_eq(counted, (uint64_t)blocks);
        ck_assert_double_eq_tol(found, variance, 1e-12);
        if (level == 0) {
            ck_assert_double_eq_tol(ph_moments_mean(sums, RECORDS), mean, 1e-14);
            ck_assert_double_eq_tol(ph_moments_variance(sums, RECORDS), variance, 1e-12);
        }
    }
}
END_TEST

/* Too few records give NaN, not a number that looks like an estimate. */
START_TEST(few_records_are_nan)
{
    double sums[PH_MOMENT_WORDS] = {0};
    uint64_t blocks;
    ck_assert(isnan(ph_moments_mean(sums, 0)));
    ph_moments_add(sums, 0, 1.0);
    ck_assert(isnan(ph_moments_variance(sums, 1)));
    ck_assert(isnan(ph_moments_block_variance(sums, 1, 0, &blocks)));
}
END_TEST

PH_TEST_MAIN("moments", sums_match_recount, few_records_are_nan)
