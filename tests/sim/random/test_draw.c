/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Normal and binomial numbers against their laws, and their bits against known ones. Fixed seeds;
 * each chi-square has a false-alarm rate of 1e-6.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "sim/random/binomial_private.h"
#include "sim/random/distributions.h"
#include "sim/random/elementary.h"
#include "tests/testing.h"

static const ph_draw_noise_t UNIT = {0.0, 1.0}, NOISE = {0.02, 0.9};

static void begin(ph_stream_t *stream, uint32_t block)
{
    ph_stream_init(stream, ph_stream_key(5, (ph_digest_t){1, 2}), PH_PURPOSE_TEST, 0, block, 0);
}

static void begin_draws(ph_draws_t *draws, uint32_t block)
{
    ph_stream_t stream;
    begin(&stream, block);
    ph_draws_init(draws, &stream);
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

/* Words in bulk are the words one by one, from any place in the stream. */
START_TEST(words_in_bulk)
{
    ph_stream_t one, bulk;
    uint64_t words[23];
    begin(&one, 77);
    begin(&bulk, 77);
    for (size_t count = 0; count <= 23; count++) {
        ph_stream_words(&bulk, words, count);
        for (size_t k = 0; k < count; k++)
            ck_assert_uint_eq(words[k], ph_stream_word(&one));
    }
}
END_TEST

/* 400 cells of equal probability, and the tails beyond 4 standard deviations; both generators. */
START_TEST(normal_law)
{
    enum { DRAWS = 1000000, CELLS = 400 };
    static double counts[CELLS];
    double far = 0.0, chi2 = 0.0;
    double list[4];
    ph_stream_t stream;
    ph_draws_t draws;
    memset(counts, 0, sizeof(counts)); /* kept where Check does not fork */
    begin(&stream, 0);
    begin_draws(&draws, 0);
    for (int k = 0; k < DRAWS; k++) {
        if (k % 4 == 0)
            PH_DRAW_PLAIN.normals(&draws, 1, 4, 4, list);
        const double z = _i == 0 ? ph_draw_normal(&stream) : list[k % 4];
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

/* Means from 10^-3 to 10^9, on both sides of 10, where inversion gives way to rejection. */
static const binomial_t BINOMIALS[] = {
    {1, 1.0},       {1, 0.01},          {5, 0.7},           {20, 1.0},          {19, 1.0},
    {21, 1.0},      {21, 0.9},          {30, 1e-3},         {40, 0.33},         {41, 0.34},
    {100, 0.112},   {1000, 0.5},        {1000, 1.0},        {20000, 0.003},     {85750, 0.02},
    {100000, 0.02}, {1000000, 1e-7},    {1000000, 0.99e-5}, {1000000, 1.01e-5}, {1000000, 0.999},
    {1000000, 1.0}, {2000000000, 4e-9}, {2000000000, 0.6},
};
enum { BINOMIALS_COUNT = sizeof(BINOMIALS) / sizeof(BINOMIALS[0]) };

/* Every outcome has its binomial probability; over some 300 cells where there are more. */
START_TEST(binomial_law)
{
    enum { LIST = 64, DRAWS = 6000 * LIST, CELLS = 320 };
    static double counts[CELLS];
    const binomial_t *b = &BINOMIALS[_i];
    const double n = (double)b->n, p = b->e / (1.0 + b->e), spread = sqrt(n * p * (1.0 - p));
    double trials[LIST], fields[LIST], numbers[LIST];
    const double first = fmax(0.0, floor(n * p - 5.0 * spread));
    const double width = fmax(1.0, ceil(10.0 * spread / (CELLS - 2)));
    double chi2 = 0.0, rest = 0.0, rest_count = 0.0;
    int cells = 0, outside = 0;
    ph_draws_t draws;
    memset(counts, 0, sizeof(counts)); /* kept where Check does not fork */
    begin_draws(&draws, (uint32_t)_i + 1);
    for (int k = 0; k < LIST; k++) {
        trials[k] = n;
        fields[k] = log(b->e);
    }
    for (int k = 0; k < DRAWS; k++) {
        if (k % LIST == 0)
            PH_DRAW_PLAIN.spins(&draws, 1, LIST, trials, fields, &UNIT, numbers);
        const double draw = numbers[k % LIST], cell = floor((draw - first) / width);
        outside += !(draw >= 0.0 && draw <= n && draw == floor(draw));
        counts[(int)fmin(fmax(cell, 0.0), CELLS - 1)] += 1.0;
    }
    ck_assert_int_eq(outside, 0);
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

/* ln of the law at k, of that of its mode. */
static double log_law(double n, double p, double k)
{
    const double mode = floor((n + 1.0) * p);
    return lgamma(mode + 1.0) + lgamma(n - mode + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) +
           (k - mode) * log(p / (1.0 - p));
}

/* The hat stays above the law, and its floor below, for all sizes and probabilities: with that the
 * rejection is exact. `side`: the sign of f. */
static void check_hat(double n, double p, double side)
{
    int above_top = 0, below_floor = 0;
    const double spread = sqrt(n * p * (1.0 - p));
    for (double r = 1e-9; r < 0.5; r = r < 0.004 ? 1.05 * r : r + 0.0002) {
        const double below = r * (1.0 + PH_HAT_B * r), size = 0.5 - r;
        const double above = PH_HAT_A0 + PH_HAT_A1 * r + PH_HAT_A2 * r * r, w = above / below;
        const double change =
            ((PH_HAT_A1 + 2.0 * PH_HAT_A2 * r) * below - above * (1.0 + 2.0 * PH_HAT_B * r)) /
            (below * below);
        const double wide = spread + PH_HAT_WIDER;
        const double k = floor(n * p + 0.5 + side * wide * size * w);
        const bool inside = k >= 0.0 && k <= n;
        const double ratio = inside ? exp(log_law(n, p, k)) * wide * (w - size * change) : 0.0;
        above_top += !(ratio <= PH_HAT_TOP_S * spread + PH_HAT_TOP);
        below_floor += r >= PH_HAT_RIM &&
                       !(ratio >= PH_HAT_FLOOR_S * spread + PH_HAT_FLOOR - PH_HAT_FLOOR_W * w);
    }
    ck_assert_msg(above_top == 0 && below_floor == 0, "n = %g, p = %g", n, p);
}

START_TEST(hat_covers_the_law)
{
    static const double sizes[] = {20.0,  21.0,  23.0,   27.0,   33.0, 41.0, 55.0, 90.0,
                                   160.0, 400.0, 1500.0, 8144.0, 7e4,  1e6,  3e7};
    const double n = sizes[_i];
    for (double p = 10.0 / n; p <= 0.5; p = fmin(p * 1.12, p < 0.5 ? 0.5 : 1.0)) {
        check_hat(n, p, 1.0);
        check_hat(n, p, -1.0);
    }
}
END_TEST

static double in_series(double y, double p, double v)
{
    const double skew = (1.0 - 2.0 * p) / (6.0 * v * v),
                 flat = (1.0 - 3.0 * p * (1.0 - p)) / (12.0 * v * v * v);
    return ((-flat * y + skew) * y - 0.5 / v) * y * y;
}

/* The series of the law is off by less than it says wherever it is used, for all sizes and
 * probabilities. */
START_TEST(series_of_the_law)
{
    static const double sizes[] = {20.0,  21.0,   25.0, 33.0, 60.0, 160.0,
                                   400.0, 1500.0, 7e4,  1e6,  3e7};
    const double n = sizes[_i];
    double most = 0.0;
    for (double p = 10.0 / n; p <= 0.5; p = fmin(p * 1.3, p < 0.5 ? 0.5 : 1.0)) {
        const double v = n * p * (1.0 - p), w = v + p * (1.0 - p);
        const double middle = (n + 1.0) * p - 0.5, mode = floor((n + 1.0) * p);
        const double farthest = fmin(0.5 * v - 1.0, sqrt(PH_SERIES_FAR * v) + 1.0);
        const double step = fmax(1.0, floor(farthest / 300.0));
        for (double k = ceil(mode - farthest); k < mode + farthest; k += step) {
            const double y = k - middle, y_m = mode - middle, square = y * y;
            if (fabs(k - mode) >= 0.5 * v - 1.0 || square >= PH_SERIES_FAR * w)
                continue;
            const double series = in_series(y, p, w) - in_series(y_m, p, w);
            const double terms = (PH_SERIES_A5 * square * square / (w * w) +
                                  PH_SERIES_A3 * square / w + PH_SERIES_A1) *
                                     fabs(y) +
                                 PH_SERIES_A0;
            const double off = fabs(log_law(n, p, k) - series);
            most = fmax(most, off / (terms / (w * w) + PH_SERIES_ROUND));
        }
    }
    ck_assert_double_lt(most, 0.8);
    ck_assert(n < 100.0 || most > 0.2); /* no more room than it needs */
}
END_TEST

/* Nothing to draw from, no odds, and odds too small to matter. */
START_TEST(binomial_edges)
{
    static const double trials[4] = {0.0, 1e6, 1e6, 1.0};
    static const double fields[4] = {0.0, -(double)INFINITY, -46.0, -800.0};
    double numbers[4];
    ph_draws_t draws;
    begin_draws(&draws, 100);
    for (int k = 0; k < 1000; k++) {
        PH_DRAW_PLAIN.spins(&draws, 1, 4, trials, fields, &UNIT, numbers);
        for (int d = 0; d < 4; d++)
            ck_assert_double_eq(numbers[d], 0.0);
    }
}
END_TEST

enum { MIXED = 4096 };

/* Lists of every kind of item: sizes over nine decades, strengths over four, ties, none, all. */
static void mix(double *trials, double *fields)
{
    ph_stream_t stream;
    begin(&stream, 300);
    for (int d = 0; d < MIXED; d++) {
        const double size = ph_stream_unit(&stream), strength = ph_stream_unit(&stream);
        trials[d] = floor(exp(21.4 * size)) - (d % 5 == 0);
        fields[d] = d % 7 == 0 ? 0.0 : exp(10.0 * strength - 5.0);
        if (d % 97 == 0)
            fields[d] = d % 2 ? (double)INFINITY : 699.999;
        fields[d] *= d % 3 ? 1.0 : -1.0;
    }
}

/* Vectors of any width give the bits of the plain form, and leave the generators where it does. */
START_TEST(vectors_draw_the_same)
{
    const ph_draw_lists_t *lists = PH_DRAW_ALL[_i];
    static double trials[MIXED], fields[MIXED], plain[MIXED], vector[MIXED];
    ph_draws_t draws[2];
    if (!lists->present())
        return;
    mix(trials, fields);
    begin_draws(&draws[0], 301);
    begin_draws(&draws[1], 301);
    for (int round = 0; round < 20; round++)
        for (size_t at = 0, count = 4; at + count <= MIXED; at += count, count += 4) {
            PH_DRAW_PLAIN.spins(&draws[0], 1, count, trials + at, fields + at, &NOISE, plain);
            lists->spins(&draws[1], 1, count, trials + at, fields + at, &NOISE, vector);
            ck_assert_mem_eq(plain, vector, count * sizeof(*plain));
            PH_DRAW_PLAIN.normals(&draws[0], 1, count, count, plain);
            lists->normals(&draws[1], 1, count, count, vector);
            ck_assert_mem_eq(plain, vector, count * sizeof(*plain));
        }
    ck_assert_mem_eq(&draws[0], &draws[1], sizeof(draws[0]));
}
END_TEST

/* Chains drawn at once have the numbers of each by itself, at noises of their own. */
START_TEST(chains_at_once)
{
    enum { CHAINS = 9 };
    const ph_draw_lists_t *lists = PH_DRAW_ALL[_i];
    static double trials[MIXED], fields[MIXED], plain[MIXED], vector[MIXED];
    ph_draws_t draws[CHAINS], single[CHAINS];
    ph_draw_noise_t noise[CHAINS];
    uint64_t words[CHAINS * PH_DRAW_LANES];
    ph_stream_t stream;
    if (!lists->present())
        return;
    mix(trials, fields);
    begin(&stream, 302);
    for (size_t i = 0; i < CHAINS; i++)
        noise[i] = (ph_draw_noise_t){0.02 * (double)i, 0.9 + (double)i};
    for (size_t each = 4; each <= MIXED / CHAINS; each += each < 48 ? 4 : 68)
        for (size_t count = 1; count <= CHAINS; count++) {
            ph_stream_words(&stream, words, count * PH_DRAW_LANES);
            memset(draws, 0, sizeof(draws));
            memset(single, 0, sizeof(single));
            lists->seeds(draws, count, words);
            for (size_t i = 0; i < count; i++)
                PH_DRAW_PLAIN.seeds(&single[i], 1, words + i * PH_DRAW_LANES);
            for (size_t items = 4, used = 1; items <= 8; items += 4, used = items) {
                lists->normals(draws, count, items, used, vector);
                for (size_t i = 0; i < count; i++) {
                    PH_DRAW_PLAIN.normals(&single[i], 1, items, items, plain);
                    ck_assert_mem_eq(plain, vector + i * items, used * sizeof(*plain));
                }
            }
            lists->spins(draws, count, each, trials, fields, noise, vector);
            for (size_t i = 0, at = 0; i < count; i++, at += each)
                PH_DRAW_PLAIN.spins(&single[i], 1, each, trials + at, fields + at, &noise[i],
                                    plain + at);
            ck_assert_mem_eq(plain, vector, count * each * sizeof(*plain));
            ck_assert_mem_eq(draws, single, sizeof(draws));
        }
}
END_TEST

/* The numbers themselves, on every CPU and compiler. */
START_TEST(numbers_are_known)
{
    double normals[1000], quick[1000];
    static double trials[MIXED], fields[MIXED], numbers[MIXED];
    ph_stream_t stream;
    ph_draws_t draws;
    begin(&stream, 200);
    begin_draws(&draws, 201);
    for (int k = 0; k < 1000; k++) {
        normals[k] = ph_draw_normal(&stream);
    }
    PH_DRAW_PLAIN.normals(&draws, 1, 1000, 1000, quick);
    for (int d = 0; d < MIXED; d++) {
        trials[d] = 10 + 97 * d;
        fields[d] = (d % 2 ? 0.0025 : -0.0025) * d;
    }
    PH_DRAW_PLAIN.spins(&draws, 1, MIXED, trials, fields, &UNIT, numbers);
    ck_assert_uint_eq(ph_digest_bytes(normals, sizeof(normals)).low,
                      UINT64_C(11064058757356825755));
    ck_assert_uint_eq(ph_digest_bytes(quick, sizeof(quick)).low, UINT64_C(7176634383020807701));
    ck_assert_uint_eq(ph_digest_bytes(numbers, sizeof(numbers)).low,
                      UINT64_C(17480112515292826111));
}
END_TEST

PH_TEST_PROGRAM("draw")
{
    Suite *suite = suite_create("draw");
    TCase *tcase = tcase_create("draw");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, own_logarithm);
    tcase_add_test(tcase, words_in_bulk);
    tcase_add_loop_test(tcase, normal_law, 0, 2);
    tcase_add_loop_test(tcase, binomial_law, 0, BINOMIALS_COUNT);
    tcase_add_loop_test(tcase, hat_covers_the_law, 0, 15);
    tcase_add_loop_test(tcase, series_of_the_law, 0, 11);
    tcase_add_test(tcase, binomial_edges);
    int sets = 0;
    while (PH_DRAW_ALL[sets] != &PH_DRAW_PLAIN)
        sets++;
    tcase_add_loop_test(tcase, vectors_draw_the_same, 0, sets);
    tcase_add_loop_test(tcase, chains_at_once, 0, sets);
    tcase_add_test(tcase, numbers_are_known);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return bad;
}
