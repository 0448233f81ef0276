/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lists of numbers at their ends: no trials, odds of 0 or 1, the largest networks, the last uniform
 * numbers; and the orders of visits against their laws. Fixed seeds; each chi-square and each sum
 * has a false-alarm rate of 1e-6 or less.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "sim/random/binomial_private.h"
#include "sim/random/distributions.h"
#include "sim/random/lane_stream.h"
#include "sim/random/wide_stream.h"
#include "sim/random/xoshiro.h"
#include "tests/testing.h"

static const double SIGMAS = 5.0; /* beyond them once in 1.7 million */
static const double LARGEST = 2147483647.0;

static void begin(ph_stream_t *stream, uint32_t block)
{
    ph_stream_init(stream, ph_stream_key(17, (ph_digest_t){3, 4}), PH_PURPOSE_TEST, 0, block, 0);
}

static void begin_draws(ph_draws_t *draws, uint32_t block)
{
    ph_stream_t stream;
    begin(&stream, block);
    ph_draws_init(draws, &stream);
}

/* Counts of cells with these probabilities. */
static void check_counts(const double *counts, const double *probabilities, size_t cells,
                         const char *what)
{
    double chi2 = 0.0, all = 0.0;
    for (size_t c = 0; c < cells; c++)
        all += counts[c];
    for (size_t c = 0; c < cells; c++) {
        const double expected = all * probabilities[c];
        ck_assert_double_ge(expected, 5.0);
        chi2 += (counts[c] - expected) * (counts[c] - expected) / expected;
    }
    ck_assert_msg(chi2 < gsl_cdf_chisq_Qinv(1e-6, (double)cells - 1.0), "%s: chi2 %g of %zu cells",
                  what, chi2, cells);
}

/* The factor of a noise T is 2/T, never infinite. */
START_TEST(noise)
{
    static const double CASES[][2] = {{0.5, 4.0},      {2.0, 1.0},      {1e300, 2e-300},
                                      {1e-299, 2e299}, {1e-300, 1e300}, {1e-308, 1e300},
                                      {0.0, 1e300},    {-0.0, 1e300}};
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        const ph_draw_noise_t own = ph_draw_noise(CASES[k][0], 0.25);
        ck_assert_double_eq_tol(own.factor / CASES[k][1], 1.0, 1e-15);
        ck_assert_double_eq(own.tolerance, 0.25);
    }
}
END_TEST

/* Every list is found by its name; the plain one is the last and everywhere. */
START_TEST(names)
{
    size_t count = 0;
    for (; PH_DRAW_ALL[count] != NULL; count++)
        ck_assert_ptr_eq(ph_draw_lists(PH_DRAW_ALL[count]->name), PH_DRAW_ALL[count]);
    ck_assert_uint_ge(count, 2);
    ck_assert_ptr_eq(PH_DRAW_ALL[count - 1], &PH_DRAW_PLAIN);
    ck_assert(PH_DRAW_PLAIN.present() && PH_DRAW_ALL[count - 2]->present());
    ck_assert_ptr_null(ph_draw_lists("nonsense"));
    ck_assert_ptr_null(ph_draw_lists(""));
}
END_TEST

/* SplitMix64 as its authors have it, from its first number: of the seed 0. */
static uint64_t split_mix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Four generators seeded from four words of the stream, the single one further from the first. */
START_TEST(generators)
{
    uint64_t zero = 0, words[PH_DRAW_LANES];
    ck_assert_uint_eq(split_mix(&zero), UINT64_C(0xe220a8397b1dcdaf));
    ph_stream_t stream, after;
    ph_draws_t draws;
    begin(&stream, 1);
    after = stream;
    ph_draws_init(&draws, &stream);
    for (size_t g = 0; g < PH_DRAW_LANES; g++)
        words[g] = ph_stream_word(&after);
    ck_assert_uint_eq(ph_stream_word(&stream), ph_stream_word(&after)); /* four and no more */
    for (size_t k = 0; k < 4; k++)
        for (size_t g = 0; g < PH_DRAW_LANES; g++)
            ck_assert_uint_eq(draws.lanes[k][g], split_mix(&words[g]));
    for (size_t k = 0; k < 4; k++)
        ck_assert_uint_eq(ph_draws_single(&draws)[k], split_mix(&words[0]));
}
END_TEST

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The generators of neighbouring chains and sweeps do not follow each other: of 100,000 words of 50
 * generators none comes twice (by chance once in 4 10^9). */
START_TEST(apart)
{
    enum { CHAINS = 10, WORDS = 2000, ALL = CHAINS * (PH_DRAW_LANES + 1) * WORDS };
    static uint64_t words[ALL];
    size_t at = 0;
    for (uint32_t chain = 0; chain < CHAINS; chain++) {
        ph_draws_t draws;
        begin_draws(&draws, chain);
        for (size_t g = 0; g <= PH_DRAW_LANES; g++)
            for (size_t k = 0; k < WORDS; k++) {
                uint64_t *s[4];
                for (size_t i = 0; i < 4; i++)
                    s[i] = g == PH_DRAW_LANES ? &ph_draws_single(&draws)[i] : &draws.lanes[i][g];
                words[at++] = ph_xoshiro64_next(s[0], s[1], s[2], s[3]);
            }
    }
    qsort(words, ALL, sizeof(*words), ascending);
    size_t same = 0;
    for (size_t i = 1; i < ALL; i++)
        same += words[i] == words[i - 1];
    ck_assert_uint_eq(same, 0);
}
END_TEST

/* The series of sin(pi y) is that of the sine, and ends with the first term that does not count. */
START_TEST(sine)
{
    static const double SINE[PH_SINE_TERMS] = PH_SINE;
    /* valgrind has no more than double */
    const double close = getenv("PH_UNDER_VALGRIND") == NULL ? 3e-16 : 4e-15;
    long double term = acosl(-1.0L), square = term * term;
    for (int k = 0; k < PH_SINE_TERMS; k++) {
        ck_assert_double_eq_tol(SINE[k] / (double)term, 1.0, close);
        term *= -square / (long double)((2 * k + 2) * (2 * k + 3));
    }
    ck_assert_double_lt(fabs((double)term) * pow(0.5, 2.0 * PH_SINE_TERMS), 1e-16);
}
END_TEST

/* Small binomials exactly: every outcome of 0 to 8 trials at several odds, on either side of the
 * field, and at a tie. */
START_TEST(few_trials)
{
    enum { LIST = 64, ROUNDS = 200 };
    static const double ODDS[] = {1.0, 0.5, 0.05};
    double trials[LIST], fields[LIST], numbers[LIST];
    ph_draws_t draws;
    begin_draws(&draws, 2);
    for (unsigned n = 0; n <= 8; n++)
        for (size_t o = 0; o < 3; o++)
            for (double side = -1.0; side <= 1.0; side += 2.0) {
                const double p = ODDS[o] / (1.0 + ODDS[o]);
                double counts[9] = {0.0}, laws[9], rest = 0.0, rest_law = 0.0;
                size_t cells = 0, outside = 0;
                for (int d = 0; d < LIST; d++) {
                    trials[d] = n;
                    fields[d] = side * -log(ODDS[o]);
                }
                for (int round = 0; round < ROUNDS; round++) {
                    PH_DRAW_PLAIN.spins(&draws, 1, LIST, trials, fields,
                                        &(ph_draw_noise_t){0.01, 1.0}, numbers);
                    for (int d = 0; d < LIST; d++) {
                        outside += !(numbers[d] >= 0.0 && numbers[d] <= n &&
                                     numbers[d] == floor(numbers[d]));
                        counts[(int)fmin(fmax(numbers[d], 0.0), n)] += 1.0;
                    }
                }
                for (unsigned k = 0; k <= n; k++) { /* side < 0: against the field is up */
                    const double law = gsl_ran_binomial_pdf(side < 0.0 ? k : n - k, p, n);
                    if (law * LIST * ROUNDS >= 20.0) {
                        counts[cells] = counts[k];
                        laws[cells++] = law;
                    } else {
                        rest += counts[k];
                        rest_law += law;
                    }
                }
                ck_assert_uint_eq(outside, 0);
                ck_assert_double_lt(rest, rest_law * LIST * ROUNDS +
                                              SIGMAS * sqrt(rest_law * LIST * ROUNDS) + 12.0);
                laws[0] += rest_law, counts[0] += rest;
                if (cells > 1)
                    check_counts(counts, laws, cells, "few trials");
            }
}
END_TEST

/* Where the outcome is certain: no spins, no noise, a field beyond all. At the tolerance, a tie. */
START_TEST(certain)
{
    static const struct {
        double n, field, noise, up; /* up: of all n; -1: a half of them on average */
    } CASES[] = {
        {0.0, 1.0, 0.1, 0.0},
        {0.0, -1.0, 0.1, 0.0},
        {0.0, 0.0, 0.1, 0.0},
        {1000.0, 0.03, 0.0, 1000.0},
        {1000.0, -0.03, 0.0, 0.0},
        {1000.0, 0.02, 0.0, -1.0},
        {1000.0, -0.02, 0.0, -1.0},
        {1000.0, 0.0, 0.0, -1.0},
        {1000.0, -0.0, 0.1, -1.0},
        {LARGEST, 1.0, 0.0, LARGEST},
        {LARGEST, -1.0, 0.0, 0.0},
        {1.0, (double)INFINITY, 1.0, 1.0},
        {LARGEST, -(double)INFINITY, 1e300, 0.0},
        {1.0, 36.0, 0.1, 1.0},
        {LARGEST, 1e300, 1.0, LARGEST},
        {1000.0, 0.020000000000000004, 0.0, 1000.0},
        {1000.0, 0.03, 1e300, -1.0},
    };
    enum { COUNT = sizeof(CASES) / sizeof(CASES[0]), ROUNDS = 64 };
    ph_draws_t draws;
    begin_draws(&draws, 3);
    for (size_t k = 0; k < COUNT; k++) {
        const ph_draw_noise_t here = ph_draw_noise(CASES[k].noise, 0.02);
        double trials[4], fields[4], numbers[4], sum = 0.0;
        size_t wrong = 0;
        for (size_t d = 0; d < 4; d++) {
            trials[d] = CASES[k].n;
            fields[d] = CASES[k].field;
        }
        for (int round = 0; round < ROUNDS; round++) {
            PH_DRAW_PLAIN.spins(&draws, 1, 4, trials, fields, &here, numbers);
            for (size_t d = 0; d < 4; d++) {
                wrong += CASES[k].up >= 0.0 && numbers[d] != CASES[k].up;
                sum += numbers[d];
            }
        }
        ck_assert_msg(wrong == 0, "case %zu", k);
        const double draws_all = 4.0 * ROUNDS, spread = sqrt(CASES[k].n * 0.25 * draws_all);
        ck_assert_msg(CASES[k].up >= 0.0 ||
                          fabs(sum - 0.5 * CASES[k].n * draws_all) < SIGMAS * spread,
                      "case %zu: sum %g", k, sum);
    }
}
END_TEST

/* The largest networks: mean, variance, third and fourth moments of the numbers in units of their
 * standard deviation, over odds from a tie to a mean of twelve. */
START_TEST(huge)
{
    enum { LIST = 64, ROUNDS = 500 };
    static const double MEANS[] = {0.5 * 2147483647.0, 1e8, 1e5, 400.0, 12.0, 9.0};
    double trials[LIST], fields[LIST], numbers[LIST];
    ph_draws_t draws;
    begin_draws(&draws, 4);
    for (size_t m = 0; m < sizeof(MEANS) / sizeof(MEANS[0]); m++) {
        const double p = MEANS[m] / LARGEST, variance = MEANS[m] * (1.0 - p);
        const double skew = (1.0 - 2.0 * p) / sqrt(variance);
        const double tail = 3.0 + (1.0 - 6.0 * p * (1.0 - p)) / variance;
        double powers[5] = {0.0};
        size_t outside = 0;
        for (int d = 0; d < LIST; d++) {
            trials[d] = LARGEST;
            fields[d] = -log((1.0 - p) / p);
        }
        for (int round = 0; round < ROUNDS; round++) {
            PH_DRAW_PLAIN.spins(&draws, 1, LIST, trials, fields, &(ph_draw_noise_t){0.0, 1.0},
                                numbers);
            for (int d = 0; d < LIST; d++) {
                const double z = (numbers[d] - MEANS[m]) / sqrt(variance);
                outside += !(numbers[d] >= 0.0 && numbers[d] <= LARGEST);
                for (int k = 1; k <= 4; k++)
                    powers[k] += pow(z, k) / (LIST * ROUNDS);
            }
        }
        ck_assert_uint_eq(outside, 0);
        /* Variances of the powers of a normal number are 1, 2, 15 and 96. */
        const double unit = 2.0 * SIGMAS / sqrt(LIST * ROUNDS);
        ck_assert_double_eq_tol(powers[1], 0.0, 0.5 * unit);
        ck_assert_double_eq_tol(powers[2], 1.0, sqrt(2.0) * unit);
        ck_assert_double_eq_tol(powers[3], skew, sqrt(15.0) * unit);
        ck_assert_double_eq_tol(powers[4], tail, sqrt(96.0) * unit);
    }
}
END_TEST

/* The outermost uniform numbers and those around the middle settle too, on a number of the trials;
 * by inversion it is the quantile, so that it does not fall as u grows. */
START_TEST(settled)
{
    static const double UNITS[] = {0x1p-53, 3 * 0x1p-53,   1e-9,          0.01,
                                   0.3,     0.5 - 0x1p-53, 0.5 + 0x1p-53, 0.7,
                                   0.99,    1.0 - 1e-9,    1.0 - 0x1p-53};
    enum { COUNT = sizeof(UNITS) / sizeof(UNITS[0]) };
    static const double TRIALS[] = {1, 2, 17, 20, 21, 1000, 1e6, 2147483647.0};
    ph_draws_t draws;
    begin_draws(&draws, 5);
    for (size_t t = 0; t < sizeof(TRIALS) / sizeof(TRIALS[0]); t++)
        for (double e = 1.0; e > 1e-12; e *= 0.31) {
            const double n = TRIALS[t], p = e / (1.0 + e);
            const double off = 1e-13 + 1e-15 * (1.0 + 0.1 * n); /* of each probability */
            double before = 0.0;
            size_t wrong = 0;
            for (size_t i = 0; i < COUNT; i++)
                for (size_t j = 0; j < COUNT; j++) {
                    const double k = ph_draw_settle(&draws, n, e, UNITS[i], UNITS[j]);
                    wrong += !(k >= 0.0 && k <= n && k == floor(k));
                    if (n * p >= 10.0 || UNITS[i] > 1.0 - 2.0 * off) /* may be drawn again */
                        continue;
                    wrong += k < before;
                    before = k;
                    if (j > 0)
                        continue;
                    const unsigned all = (unsigned)n, up = (unsigned)k;
                    wrong += up > 0 && UNITS[i] < gsl_cdf_binomial_P(up - 1, p, all) - off;
                    wrong += UNITS[i] > gsl_cdf_binomial_P(up, p, all) + off;
                }
            ck_assert_msg(wrong == 0, "n = %g, e = %g", n, e);
        }
}
END_TEST

/* Turning the field about turns the numbers about, bit by bit, in every list; the generators are
 * where they were. Zero items take none. */
START_TEST(mirror)
{
    enum { COUNT = 128 };
    const ph_draw_lists_t *lists = PH_DRAW_ALL[_i];
    double trials[COUNT], fields[COUNT], turned[COUNT], numbers[COUNT], others[COUNT];
    ph_draws_t draws[2], before;
    if (!lists->present())
        return;
    begin_draws(&draws[0], 6);
    draws[1] = before = draws[0];
    for (int d = 0; d < COUNT; d++) {
        trials[d] = floor(exp(0.16 * d));
        fields[d] = exp(4.0 * sin(d)); /* none a tie: there up is what is drawn, on both sides */
        turned[d] = -fields[d];
    }
    lists->spins(&draws[0], 1, 0, trials, fields, &(ph_draw_noise_t){0.0, 1.0}, numbers);
    lists->normals(&draws[0], 1, 0, 0, numbers);
    ck_assert_mem_eq(&draws[0], &before, sizeof(before));
    size_t wrong = 0;
    for (int round = 0; round < 20; round++) {
        lists->spins(&draws[0], 1, COUNT, trials, fields, &(ph_draw_noise_t){0.0, 1.0}, numbers);
        lists->spins(&draws[1], 1, COUNT, trials, turned, &(ph_draw_noise_t){0.0, 1.0}, others);
        for (int d = 0; d < COUNT; d++)
            wrong += numbers[d] + others[d] != trials[d];
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_mem_eq(&draws[0], &draws[1], sizeof(draws[0]));
}
END_TEST

/* Sums of fields and of overlaps, in every list: in their order, of integers exactly up to the last
 * of 32 bits, at their stride and nowhere else; of no terms nothing. */
START_TEST(sums)
{
    enum { COUNT = 12, TERMS = 5, STRIDE = 3, CHAINS = 2 };
    const ph_draw_lists_t *lists = PH_DRAW_ALL[_i];
    double rows[TERMS * COUNT], units[CHAINS * TERMS], up[COUNT], n[COUNT], out[CHAINS * COUNT];
    int32_t overlaps[TERMS * STRIDE + 1];
    ph_stream_t stream;
    if (!lists->present())
        return;
    begin(&stream, 7);
    for (size_t count = 4; count <= COUNT; count += 4)
        for (size_t terms = 0; terms <= TERMS; terms++) {
            for (size_t d = 0; d < count; d++) {
                n[d] = floor(LARGEST / (double)count);
                up[d] = floor(n[d] * (d == 0 ? 1.0 : ph_stream_unit(&stream)));
            }
            for (size_t i = 0; i < TERMS * count; i++)
                rows[i] = i < count ? (double)(2 * (up[i] > 0.5 * n[i]) - 1)
                                    : (double)ph_stream_below(&stream, 3) - 1.0;
            for (size_t p = 0; p < CHAINS * TERMS; p++)
                units[p] = ph_stream_unit(&stream) - 0.5;
            for (size_t d = 0; d < CHAINS * COUNT; d++)
                out[d] = 99.0;
            for (size_t i = 0; i < sizeof(overlaps) / sizeof(overlaps[0]); i++)
                overlaps[i] = 77;
            lists->fields(CHAINS, count, terms, units, rows, out);
            lists->sums(count, terms, rows, up, n, overlaps, STRIDE);
            for (size_t d = 0; d < CHAINS * COUNT; d++) {
                double sum = d < CHAINS * count ? 0.0 : 99.0;
                for (size_t p = 0; p < terms && d < CHAINS * count; p++)
                    sum += units[d / count * terms + p] * rows[p * count + d % count];
                ck_assert_double_eq(out[d], sum);
            }
            for (size_t i = 0; i < sizeof(overlaps) / sizeof(overlaps[0]); i++) {
                int64_t sum = 0;
                for (size_t d = 0; d < count && i / STRIDE < terms; d++)
                    sum += (int64_t)rows[i / STRIDE * count + d] *
                           (2 * (int64_t)up[d] - (int64_t)n[d]);
                ck_assert_int_eq(overlaps[i], i % STRIDE == 0 && i / STRIDE < terms ? sum : 77);
            }
        }
}
END_TEST

/* Normal numbers of neighbours in a list, and of the same item in neighbouring rounds, know nothing
 * of each other, nor do their squares; none is beyond what 52 bits give. */
START_TEST(independent)
{
    enum { LIST = 8, ROUNDS = 10000 };
    double before[LIST] = {0.0}, list[LIST], products[LIST + 2][2] = {{0.0}};
    ph_draws_t draws;
    begin_draws(&draws, 8);
    double most = 0.0;
    const double farthest = sqrt(2.0 * 53.0 * log(2.0));
    for (int round = 0; round < ROUNDS; round++) {
        PH_DRAW_PLAIN.normals(&draws, 1, LIST, LIST, list);
        for (int d = 0; d < LIST; d++) {
            most = fmax(most, fabs(list[d]));
            for (int power = 1; power <= 2; power++) {
                const double mean = power == 1 ? 0.0 : 1.0, own = pow(list[d], power) - mean;
                products[0][power - 1] += round == 0 ? 0.0 : own * (pow(before[d], power) - mean);
                if (d > 0)
                    products[d][power - 1] += own * (pow(list[0], power) - mean);
            }
        }
        memcpy(before, list, sizeof(before));
    }
    ck_assert_double_le(most, farthest);
    for (int k = 0; k < LIST; k++) {
        const double terms = k == 0 ? (double)LIST * (ROUNDS - 1) : ROUNDS;
        ck_assert_double_lt(fabs(products[k][0]), SIGMAS * sqrt(terms));
        ck_assert_double_lt(fabs(products[k][1]), SIGMAS * 2.0 * sqrt(terms));
    }
}
END_TEST

/* Over the sweeps every order of four sites is as likely as another, and so is every site at every
 * attempt of a random order; each sweep has its own. */
START_TEST(visits)
{
    enum { SWEEPS = 12000, SITES = 4, ORDERS = 24, RANDOM = 7 };
    double orders[ORDERS] = {0.0}, laws[ORDERS], pairs[RANDOM * RANDOM] = {0.0},
           even[RANDOM * RANDOM];
    static ph_sites_t source;
    const ph_stream_key_t key = ph_stream_key(17, (ph_digest_t){3, 4});
    uint32_t scratch[SITES];
    size_t wrong = 0;
    for (size_t c = 0; c < ORDERS; c++)
        laws[c] = 1.0 / ORDERS;
    for (size_t c = 0; c < RANDOM * RANDOM; c++)
        even[c] = 1.0 / (RANDOM * RANDOM);
    for (uint64_t sweep = 0; sweep < SWEEPS; sweep++) {
        size_t code = 0;
        ph_sites_init(&source, key, 0, 0, sweep, PH_ORDER_PERMUTED, SITES, scratch);
        wrong += ph_sites_next(&source) != SITES;
        for (size_t i = 0; i < SITES; i++) {
            size_t smaller = 0; /* of those still to come */
            for (size_t j = i + 1; j < SITES; j++)
                smaller += source.sites[j] < source.sites[i];
            code = code * (SITES - i) + smaller;
        }
        orders[code] += 1.0;
        wrong += ph_sites_next(&source) + ph_sites_next(&source) !=
                 0; /* the sweep is over, and stays so */
        ph_sites_init(&source, key, 0, 0, sweep, PH_ORDER_RANDOM, RANDOM, NULL);
        wrong += ph_sites_next(&source) != RANDOM;
        pairs[source.sites[0] * RANDOM + source.sites[RANDOM - 1]] += 1.0;
    }
    ck_assert_uint_eq(wrong, 0);
    check_counts(orders, laws, ORDERS, "orders");
    check_counts(pairs, even, RANDOM * RANDOM, "first and last site");
}
END_TEST

/* First words of generators that were seeded anew, over sweeps and lanes: both halves decide, and
 * both are even; so are the first sixteen words of a parallel sweep. */
START_TEST(first_words)
{
    enum { SWEEPS = 3000, PAIRS = 8, CELLS = 64 };
    static double low[CELLS], high[CELLS], wide[CELLS];
    double even[CELLS];
    memset(low, 0, sizeof(low)); /* kept where Check does not fork */
    memset(high, 0, sizeof(high));
    memset(wide, 0, sizeof(wide));
    for (uint64_t sweep = 0; sweep < SWEEPS; sweep++) {
        static ph_lanes_t lanes;
        static ph_wide_t many;
        ph_stream_t stream;
        uint32_t out[PH_LANE_PAIRS];
        ph_lanes_seed(&lanes, ph_stream_key(17, (ph_digest_t){3, 4}), 0, 0, sweep, PAIRS);
        ph_lanes_next(&lanes, 0, PAIRS, out);
        begin(&stream, 1000 + (uint32_t)sweep);
        ph_wide_init(&many, &stream);
        for (size_t g = 0; g < PAIRS; g++) {
            low[out[g] % CELLS] += 1.0;
            high[out[g] >> 26] += 1.0;
        }
        for (uint64_t i = 0; i < PH_WIDE; i++)
            wide[ph_wide_word(&many, i) >> 26] += 1.0;
    }
    for (size_t c = 0; c < CELLS; c++)
        even[c] = 1.0 / CELLS;
    check_counts(low, even, CELLS, "low bits");
    check_counts(high, even, CELLS, "high bits");
    check_counts(wide, even, CELLS, "parallel");
}
END_TEST

PH_TEST_PROGRAM("laws")
{
    TCase *tcase = tcase_create("laws");
    tcase_set_timeout(tcase, 120);
    const TTest *const tests[] = {noise,   names, generators, apart,       sine,   few_trials,
                                  certain, huge,  settled,    independent, visits, first_words};
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_test(tcase, tests[i]);
    int lists = 0;
    while (PH_DRAW_ALL[lists] != NULL)
        lists++;
    tcase_add_loop_test(tcase, mirror, 0, lists);
    tcase_add_loop_test(tcase, sums, 0, lists);
    return test_run("laws", tcase);
}
