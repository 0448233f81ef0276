/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The generators against their authors' numbers, and the streams of the samplers against the plain
 * way of making them: one generator after the other, each word scaled by itself.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/random/elementary.h"
#include "sim/random/lane_stream.h"
#include "sim/random/wide_stream.h"
#include "sim/random/xoshiro.h"
#include "tests/testing.h"

static ph_stream_key_t key(void)
{
    return ph_stream_key(11, (ph_digest_t){5, 7});
}

/* The first ten words from the state 1, 2, 3, 4. */
START_TEST(known_words)
{
    static const uint32_t SHORT[10] = {641,        1573767,    3222811527, 3517856514, 836907274,
                                       4247214768, 3867114732, 1355841295, 495546011,  621204420};
    static const uint64_t LONG[10] = {41943041u,
                                      58720359u,
                                      3588806011781223u,
                                      3591011842654386u,
                                      9228616714210784205u,
                                      9973669472204895162u,
                                      14011001112246962877u,
                                      12406186145184390807u,
                                      15849039046786891736u,
                                      10450023813501588000u};
    uint32_t s[4] = {1, 2, 3, 4};
    uint64_t l[4] = {1, 2, 3, 4};
    for (int k = 0; k < 10; k++) {
        ck_assert_uint_eq(ph_xoshiro32_next(&s[0], &s[1], &s[2], &s[3]), SHORT[k]);
        ck_assert_uint_eq(ph_xoshiro64_next(&l[0], &l[1], &l[2], &l[3]), LONG[k]);
    }
}
END_TEST

/* The state takes all 128 bits it is given; zeros, which would stay zeros, do not stay. */
START_TEST(seeds)
{
    uint32_t s[4];
    ph_xoshiro32_seed(&s[0], &s[1], &s[2], &s[3], UINT64_C(0x0123456789abcdef),
                      UINT64_C(0xfedcba9876543210));
    ck_assert(s[0] == 0x89abcdefu && s[1] == 0x01234567u && s[2] == 0x76543210u &&
              s[3] == 0xfedcba98u);
    ph_xoshiro32_seed(&s[0], &s[1], &s[2], &s[3], 0, UINT64_C(1) << 63);
    ck_assert(s[0] == 0 && s[1] == 0 && s[2] == 0 && s[3] == 0x80000000u);
    ph_xoshiro32_seed(&s[0], &s[1], &s[2], &s[3], 0, 0);
    ck_assert((s[0] | s[1] | s[2] | s[3]) != 0);
}
END_TEST

/* Generators seeded one after the other from a stream, as ph_xoshiro32_seed() takes its words. */
static void seed_all(ph_stream_t *stream, size_t count, uint32_t (*state)[4])
{
    for (size_t g = 0; g < count; g++) {
        const uint64_t a = ph_stream_word(stream), b = ph_stream_word(stream);
        ph_xoshiro32_seed(&state[g][0], &state[g][1], &state[g][2], &state[g][3], a, b);
    }
}

static uint32_t next(uint32_t s[4])
{
    return ph_xoshiro32_next(&s[0], &s[1], &s[2], &s[3]);
}

/* Sixteen side by side are sixteen one by one; site i has number i / 16 of generator i % 16. */
START_TEST(wide)
{
    ph_stream_t one, other;
    ph_wide_t many;
    uint32_t state[PH_WIDE][4], words[PH_WIDE][9];
    ph_stream_init(&one, key(), PH_PURPOSE_MOVES, 1, 2, 3);
    other = one;
    seed_all(&one, PH_WIDE, state);
    for (size_t g = 0; g < PH_WIDE; g++)
        for (size_t k = 0; k < 9; k++)
            words[g][k] = next(state[g]);
    ph_wide_init(&many, &other);
    for (uint64_t i = 0; i < PH_WIDE * 9; i++)
        ck_assert_uint_eq(ph_wide_word(&many, i), words[i % PH_WIDE][i / PH_WIDE]);
    ck_assert_uint_eq(ph_stream_word(&one), ph_stream_word(&other)); /* 32 words taken */
}
END_TEST

/* Generators of pairs, one by one; those of few pairs are the first of many, and a step of some
 * leaves the others where they are. */
START_TEST(lanes)
{
    ph_stream_t stream;
    ph_lanes_t all, few;
    uint32_t state[PH_LANE_PAIRS][4], out[PH_LANE_PAIRS], own[PH_LANE_PAIRS] = {0};
    ph_stream_init(&stream, key(), PH_PURPOSE_LANES, 4, 5, 6);
    seed_all(&stream, PH_LANE_PAIRS, state);
    ph_lanes_seed(&all, key(), 4, 5, 6, PH_LANE_PAIRS);
    ph_lanes_seed(&few, key(), 4, 5, 6, 7);
    for (int k = 0; k < 5; k++) {
        ph_lanes_next(&all, 0, PH_LANE_PAIRS, out);
        ph_lanes_next(&few, 2, 7, own);
        for (size_t g = 0; g < PH_LANE_PAIRS; g++) {
            ck_assert_uint_eq(out[g], next(state[g]));
            ck_assert_uint_eq(own[g], g >= 2 && g < 7 ? out[g] : 0);
        }
    }
    ph_lanes_seed(&all, key(), 4, 5, 6, 2);
    ph_lanes_next(&all, 0, 2, out);
    ph_lanes_next(&few, 0, 2, own); /* their first step */
    ck_assert(own[0] == out[0] && own[1] == out[1]);
}
END_TEST

/* Further bits of a decision are a pure function of its address: attempts and lanes never share. */
START_TEST(more_bits)
{
    enum { ATTEMPTS = 64 };
    static uint32_t words[ATTEMPTS * PH_MAX_LANES];
    size_t same = 0;
    for (uint32_t a = 0; a < ATTEMPTS; a++)
        for (uint32_t l = 0; l < PH_MAX_LANES; l++) {
            words[a * PH_MAX_LANES + l] = ph_lanes_more(key(), 1, 2, 3, a, l);
            ck_assert_uint_eq(words[a * PH_MAX_LANES + l], ph_lanes_more(key(), 1, 2, 3, a, l));
        }
    for (size_t i = 0; i < ATTEMPTS * PH_MAX_LANES; i++) /* 0.002 such pairs are expected */
        for (size_t j = 0; j < i; j++)
            same += words[i] == words[j];
    ck_assert_uint_eq(same, 0);
    ck_assert_uint_ne(ph_lanes_more(key(), 1, 2, 4, 0, 0), words[0]);
    ck_assert_uint_ne(ph_lanes_more(key(), 1, 3, 3, 0, 0), words[0]);
    ck_assert_uint_ne(ph_lanes_more(key(), 0, 2, 3, 0, 0), words[0]);
}
END_TEST

/* Lemire's number below `bound`, by its definition: what is left over of 2^32 is thrown away. */
static uint32_t scale(uint32_t word, uint32_t bound, ph_stream_t *stream, size_t *thrown)
{
    const uint64_t product = (uint64_t)word * bound;
    if ((product & UINT32_MAX) < (UINT64_C(1) << 32) % bound) {
        ++*thrown;
        return ph_stream_below(stream, bound);
    }
    return (uint32_t)(product >> 32);
}

/* All sites of a sweep. */
static uint32_t *visit(ph_order_t order, uint32_t neurons)
{
    uint32_t *sites = calloc(neurons, sizeof(*sites)), *scratch = calloc(neurons, sizeof(*scratch));
    uint32_t at = 0, count;
    static ph_sites_t source;
    ck_assert(sites != NULL && scratch != NULL);
    ph_sites_init(&source, key(), 7, 8, 9, order, neurons,
                  order == PH_ORDER_PERMUTED ? scratch : NULL);
    while ((count = ph_sites_next(&source)) > 0) {
        ck_assert_uint_le(count, PH_ORDER_CHUNK);
        memcpy(sites + at, source.sites, count * sizeof(*sites));
        at += count;
    }
    ck_assert_uint_eq(at, neurons);
    free(scratch);
    return sites;
}

static const uint32_t SIZES[] = {1, 2, 7, 8, 9, 511, 512, 513, 1025, 20000};

/* In turn; each once, as Fisher and Yates shuffle; or each attempt anywhere. */
START_TEST(orders)
{
    const uint32_t n = SIZES[_i];
    uint32_t state[PH_ORDER_GENERATORS][4];
    size_t thrown = 0;
    uint32_t *in_turn = visit(PH_ORDER_SEQUENTIAL, n), *random = visit(PH_ORDER_RANDOM, n),
             *once = visit(PH_ORDER_PERMUTED, n), *left = calloc(n, sizeof(*left));
    ph_stream_t stream;
    ph_stream_init(&stream, key(), PH_PURPOSE_ORDER, 7, 8, 9);
    seed_all(&stream, PH_ORDER_GENERATORS, state);
    ph_stream_t again = stream;
    uint32_t words[20000];
    for (uint32_t k = 0; k < n; k++) {
        left[k] = k;
        words[k] = next(state[k % PH_ORDER_GENERATORS]);
        ck_assert_uint_eq(in_turn[k], k);
        ck_assert_uint_eq(random[k], scale(words[k], n, &stream, &thrown));
    }
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t j = k + scale(words[k], n - k, &again, &thrown), site = left[j];
        left[j] = left[k];
        left[k] = site;
        ck_assert_uint_eq(once[k], site);
    }
    free(in_turn);
    free(random);
    free(once);
    free(left);
}
END_TEST

/* The same where one word in sixteen would bias the number and is thrown away; the first attempts
 * of a network of 3 2^28 + 1 neurons. */
START_TEST(unbiased)
{
    const uint32_t n = (3u << 28) + 1;
    static ph_sites_t source;
    uint32_t state[PH_ORDER_GENERATORS][4];
    size_t thrown = 0;
    ph_stream_t stream;
    ph_stream_init(&stream, key(), PH_PURPOSE_ORDER, 1, 1, 1);
    seed_all(&stream, PH_ORDER_GENERATORS, state);
    ph_sites_init(&source, key(), 1, 1, 1, PH_ORDER_RANDOM, n, NULL);
    for (uint32_t k = 0; k < 4 * PH_ORDER_CHUNK; k++) {
        if (k % PH_ORDER_CHUNK == 0)
            ck_assert_uint_eq(ph_sites_next(&source), PH_ORDER_CHUNK);
        const uint32_t word = next(state[k % PH_ORDER_GENERATORS]);
        ck_assert_uint_eq(source.sites[k % PH_ORDER_CHUNK], scale(word, n, &stream, &thrown));
    }
    ck_assert(thrown > 80 && thrown < 180); /* 128 expected, 11 the standard deviation */
}
END_TEST

/* e^-x and log x against long doubles over all magnitudes, in units of what is promised. */
START_TEST(elementary)
{
    ph_stream_t stream;
    ph_stream_init(&stream, key(), PH_PURPOSE_TEST, 0, 0, 0);
    for (int k = 0; k < 100000; k += test_step(20)) {
        const double u = ph_stream_unit(&stream);
        const double x = k % 2 ? 700.0 * u : exp(50.0 * u - 46.0);
        const long double e = expl(-(long double)x);
        if (x < 700.0)
            ck_assert_msg(fabsl(ph_exp_negative(x) - e) <= 1.2e-15L * e, "exp(-%.17g)", x);
        const double y = k % 2 ? exp(1400.0 * u - 700.0) : 0.5 + 1.5 * u;
        const long double l = logl((long double)y);
        ck_assert_msg(fabsl(ph_log(y) - l) <= 4e-16L * fabsl(l) + 1.2e-16L, "log(%.17g)", y);
    }
    ck_assert(ph_exp_negative(0.0) == 1.0);
    ck_assert(ph_exp_negative(0x1p-1074) == 1.0);
    ck_assert(ph_exp_negative(699.999) > 0.0);
    ck_assert(ph_exp_negative(700.0) == 0.0);
    ck_assert(ph_exp_negative((double)INFINITY) == 0.0);
    ck_assert(ph_exp_negative((double)NAN) == 0.0);
    ck_assert(ph_log(1.0) == 0.0);
    ck_assert(ph_log(0x1p1023) == 1023.0 * log(2.0));
    ck_assert(ph_log(0x1p-1022) == -1022.0 * log(2.0));
}
END_TEST

PH_TEST_PROGRAM("streams")
{
    TCase *tcase = tcase_create("streams");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, known_words);
    tcase_add_test(tcase, seeds);
    tcase_add_test(tcase, wide);
    tcase_add_test(tcase, lanes);
    tcase_add_test(tcase, more_bits);
    tcase_add_loop_test(tcase, orders, 0, sizeof(SIZES) / sizeof(SIZES[0]));
    tcase_add_test(tcase, unbiased);
    tcase_add_test(tcase, elementary);
    return test_run("streams", tcase);
}
