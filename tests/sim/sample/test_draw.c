/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Normal and binomial numbers against their laws, and their bits against known ones. Fixed seeds;
 * each chi-square has a false-alarm rate of 1e-6.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "sim/sample/draw.h"
#include "tests/testing.h"

static void begin(ph_stream_t *stream, uint32_t block)
{
    ph_stream_init(stream, ph_stream_key(5, (ph_digest_t){1, 2}), PH_PURPOSE_TEST, 0, block, 0);
}

static void check_chi_square(double chi2, int cells)
{
    ck_assert_int_gt(cells, 1);
    ck_assert_double_lt(chi2, gsl_cdf_chisq_Qinv(1e-6, cells - 1));
}

/* The logarithm agrees with the C library's over all exponents and close to 1. */
START_TEST(own_logarithm)
{
    for (double x = 1e-300; x < 1e300; x *= 1.37)
        ck_assert_double_eq_tol(ph_log(x) / log(x), 1.0, 1e-15);
    for (double x = 0.5; x < 2.0; x += 1.37e-4)
        ck_assert_double_eq_tol(ph_log(x), log(x), 3e-16);
    ck_assert_double_eq(ph_log(1.0), 0.0);
}
END_TEST

/* 400 cells of equal probability, and tails to 4.4 standard deviations. */
START_TEST(normal_law)
{
    enum { DRAWS = 1000000, CELLS = 400 };
    static double counts[CELLS];
    double far = 0.0, chi2 = 0.0;
    ph_stream_t stream;
    memset(counts, 0, sizeof(counts)); /* kept where Check does not fork */
    begin(&stream, 0);
    for (int k = 0; k < DRAWS; k++) {
        const double z = ph_draw_normal(&stream);
        counts[(int)(CELLS * gsl_cdf_ugaussian_P(z))] += 1.0;
        far += fabs(z) > 4.0;
    }
    const double expected = (double)DRAWS / CELLS, tail = DRAWS * 2.0 * gsl_cdf_ugaussian_Q(4.0);
    for (int c = 0; c < CELLS; c++)
        chi2 += (counts[c] - expected) * (counts[c] - expected) / expected;
    check_chi_square(chi2, CELLS);
    ck_assert_double_lt(fabs(far - tail), 5.0 * sqrt(tail));
}
END_TEST

typedef struct {
    int64_t n;
    double e;
} binomial_t;

static const binomial_t BINOMIALS[] = {
    {1, 1.0},    {5, 0.7},    {20, 1.0},      {21, 0.9},      {40, 0.33},       {100, 0.112},
    {1000, 0.5}, {1000, 1.0}, {20000, 0.003}, {100000, 0.02}, {1000000, 0.999}, {2000000000, 0.6},
};
enum { BINOMIALS_COUNT = sizeof(BINOMIALS) / sizeof(BINOMIALS[0]) };

/* Every outcome has its binomial probability; over some 300 cells where there are more. */
START_TEST(binomial_law)
{
    enum { DRAWS = 300000, CELLS = 320 };
    static double counts[CELLS];
    const binomial_t *b = &BINOMIALS[_i];
    const double n = (double)b->n, p = b->e / (1.0 + b->e), spread = sqrt(n * p * (1.0 - p));
    const double first = fmax(0.0, floor(n * p - 5.0 * spread));
    const double width = fmax(1.0, ceil(10.0 * spread / (CELLS - 2)));
    double chi2 = 0.0, rest = 0.0, rest_count = 0.0;
    int cells = 0;
    ph_stream_t stream;
    memset(counts, 0, sizeof(counts)); /* kept where Check does not fork */
    begin(&stream, (uint32_t)_i + 1);
    for (int k = 0; k < DRAWS; k++) {
        const int64_t draw = ph_draw_binomial(&stream, b->n, b->e);
        ck_assert(draw >= 0 && draw <= b->n);
        const double cell = floor(((double)draw - first) / width);
        counts[(int)fmin(fmax(cell, 0.0), CELLS - 1)] += 1.0;
    }
    for (int c = 0; c < CELLS; c++) {
        const double low = first + c * width, high = low + width - 1.0;
        double probability =
            c == CELLS - 1 ? 1.0 : gsl_cdf_binomial_P((unsigned)fmin(high, n), p, (unsigned)b->n);
        if (c > 0 && low - 1.0 < n)
            probability -= gsl_cdf_binomial_P((unsigned)(low - 1.0), p, (unsigned)b->n);
        else if (c > 0)
            probability = 0.0;
        const double expected = DRAWS * probability;
        if (expected >= 10.0) {
            chi2 += (counts[c] - expected) * (counts[c] - expected) / expected;
            cells++;
        } else {
            rest += expected;
            rest_count += counts[c];
        }
    }
    if (rest >= 5.0) {
        chi2 += (rest_count - rest) * (rest_count - rest) / rest;
        cells++;
    }
    check_chi_square(chi2, cells);
}
END_TEST

/* Nothing to draw from, no odds, and odds too small to matter. */
START_TEST(binomial_edges)
{
    ph_stream_t stream;
    begin(&stream, 100);
    ck_assert_int_eq(ph_draw_binomial(&stream, 0, 1.0), 0);
    ck_assert_int_eq(ph_draw_binomial(&stream, 1000000, 0.0), 0);
    for (int k = 0; k < 1000; k++)
        ck_assert_int_eq(ph_draw_binomial(&stream, 1000000, 1e-20), 0);
}
END_TEST

/* The numbers themselves, on every CPU and compiler. */
START_TEST(numbers_are_known)
{
    double normals[1000];
    int64_t binomials[1000];
    ph_stream_t stream;
    begin(&stream, 200);
    for (int k = 0; k < 1000; k++) {
        normals[k] = ph_draw_normal(&stream);
        binomials[k] = ph_draw_binomial(&stream, 10 + 97 * k, 0.001 * (k + 1));
    }
    ck_assert_uint_eq(ph_digest_bytes(normals, sizeof(normals)).low,
                      UINT64_C(15611571150556287107));
    ck_assert_uint_eq(ph_digest_bytes(binomials, sizeof(binomials)).low,
                      UINT64_C(1771176971856328566));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("draw");
    TCase *tcase = tcase_create("draw");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, own_logarithm);
    tcase_add_test(tcase, normal_law);
    tcase_add_loop_test(tcase, binomial_law, 0, BINOMIALS_COUNT);
    tcase_add_test(tcase, binomial_edges);
    tcase_add_test(tcase, numbers_are_known);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return bad;
}
