/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "sim/model/stream.h"
#include "tests/testing.h"

enum { STREAMS = 100000 };

static int compare_words(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* No two of 10^5 streams of different address begin with the same word. */
START_TEST(streams_are_distinct)
{
    static uint64_t first[STREAMS];
    for (uint32_t k = 0; k < STREAMS; k++) {
        ph_digest_t identity = {1, k % 10};
        ph_stream_t stream;
        ph_stream_init(&stream, ph_stream_key(k / 10 % 10, identity),
                       (ph_purpose_t)(k / 100 % PH_PURPOSE_COUNT),
                       k / (100 * PH_PURPOSE_COUNT) % 10, k / (1000 * PH_PURPOSE_COUNT) % 10,
                       k / (10000 * PH_PURPOSE_COUNT));
        first[k] = ph_stream_word(&stream);
    }
    qsort(first, STREAMS, sizeof(first[0]), compare_words);
    for (size_t k = 1; k < STREAMS; k++)
        ck_assert(first[k] != first[k - 1]);
}
END_TEST

/* Seeds that agree in their low 32 bits give different keys. */
START_TEST(seed_uses_all_bits)
{
    ph_digest_t identity = {3, 4};
    ph_stream_key_t a = ph_stream_key(1, identity),
                    b = ph_stream_key(UINT64_C(4294967297), identity);
    ck_assert(a.key[0] != b.key[0] && a.key[1] != b.key[1]);
}
END_TEST

/* Philox4x64-10 with zero key and counter: the known answer of its authors' test vectors. */
START_TEST(philox_known_answer)
{
    ph_stream_t stream = {{0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, 0};
    static const uint64_t expected[4] = {UINT64_C(0x16554d9eca36314c), UINT64_C(0xdb20fe9d672d0fdc),
                                         UINT64_C(0xd7e772cee186176b),
                                         UINT64_C(0x7e68b68aec7ba23b)};
    for (size_t i = 0; i < 4; i++)
        ck_assert_uint_eq(ph_stream_word(&stream), expected[i]);
}
END_TEST

/* below(7) is uniform: chi-square with 6 degrees of freedom under its 1e-6 quantile. */
START_TEST(below_is_uniform)
{
    ph_stream_t stream;
    ph_stream_init(&stream, ph_stream_key(5, (ph_digest_t){1, 2}), PH_PURPOSE_TEST, 0, 0, 0);
    double counts[7] = {0}, chi2 = 0.0;
    for (int i = 0; i < 700000; i++) {
        uint32_t k = ph_stream_below(&stream, 7);
        ck_assert_uint_lt(k, 7);
        counts[k] += 1.0;
    }
    for (int k = 0; k < 7; k++)
        chi2 += (counts[k] - 1e5) * (counts[k] - 1e5) / 1e5;
    ck_assert_double_lt(chi2, 38.3);
}
END_TEST

PH_TEST_MAIN("stream", streams_are_distinct, seed_uses_all_bits, philox_known_answer,
             below_is_uniform)
