/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "params/words.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers.h"
#include "tests/testing.h"

/* The list of samplers follows the words of grid files, and every row is whole. */
START_TEST(rows_follow_words)
{
    const ph_sampler_t *row = ph_sampler((ph_sampler_id_t)_i);
    ck_assert_int_eq(row->id, _i);
    ck_assert_uint_gt(strlen(row->help), 10);
    const ph_law_t law = ph_sampler_facts(row->id)->law;
    ck_assert_uint_gt(strlen(ph_law_text(law)), 10);
    ck_assert(law == PH_LAW_GLAUBER || row->caution != NULL);
    ck_assert((law == PH_LAW_LITTLE) == (strstr(PH_SAMPLER_WORDS.words[_i], "little") != NULL));
    ck_assert(ph_sampler_has(row->id, PH_TRAIT_LUMPED) ==
              (strncmp(PH_SAMPLER_WORDS.words[_i], "lumped", 6) == 0 ||
               _i == PH_SAMPLER_REPLICA_EXCHANGE));
}
END_TEST

static double seconds_of(const ph_sampler_t *row, const ph_point_t *point, double sweeps)
{
    ph_load_t load = {.lanes = 32.0, .anywhere = true};
    ph_load_point(&load, row, point);
    return row->seconds(&load, sweeps);
}

/* Seconds grow with the number of patterns, and with sweeps but for chains that rest; the last
 * kernel of each sampler takes every block. */
START_TEST(costs_and_kernels)
{
    static const double DILUTION[16] = {0.0};
    const ph_sampler_t *row = ph_sampler((ph_sampler_id_t)_i);
    ph_point_t few = {.neurons = 1000,
                      .patterns = 1,
                      .dilution = DILUTION,
                      .noise = 0.5,
                      .sampler = (ph_sampler_id_t)_i},
               many = few;
    many.patterns = 16;
    ck_assert_double_gt(seconds_of(row, &few, 1.0), 0.0);
    ck_assert_double_gt(seconds_of(row, &many, 1.0), seconds_of(row, &few, 1.0));
    const double ratio = seconds_of(row, &few, 5000.0) / seconds_of(row, &few, 1.0);
    ck_assert_double_eq_tol(ratio, _i == PH_SAMPLER_DESCENT ? 8.0 : 5000.0, 1e-9 * ratio);
    const ph_kernel_t *const *kernel = row->kernels;
    for (; kernel[1] != NULL; kernel++)
        ck_assert_ptr_nonnull(kernel[0]->fits);
    ck_assert_ptr_null(kernel[0]->fits);
    ck_assert_str_eq(kernel[0]->name, "reference");
}
END_TEST

/* Nanoseconds an update as tests/validation/costs.c measured them on one machine, dilution 0.3,
 * noise 0.4 (a ladder: that of the point alone): what is said of each kind of kernel is within a
 * factor 1.5 of them. */
static const struct {
    ph_sampler_id_t sampler;
    int patterns;
    double neurons, lanes, taken;
} TAKEN[] = {
    {PH_SAMPLER_GLAUBER, 3, 1e3, 1, 4.5},
    {PH_SAMPLER_GLAUBER, 16, 1e3, 1, 6.2},
    {PH_SAMPLER_GLAUBER, 3, 1e4, 2, 8.7},
    {PH_SAMPLER_GLAUBER, 3, 1e4, 8, 2.2},
    {PH_SAMPLER_GLAUBER, 3, 1e4, 32, 0.66},
    {PH_SAMPLER_GLAUBER, 16, 1e3, 64, 0.79},
    {PH_SAMPLER_GLAUBER, 16, 1e5, 8, 6.3},
    {PH_SAMPLER_METROPOLIS, 8, 1e4, 32, 1.0},
    {PH_SAMPLER_LITTLE, 3, 1e4, 8, 0.75},
    {PH_SAMPLER_LITTLE, 16, 1e5, 32, 1.5},
    {PH_SAMPLER_BLOCK_GIBBS, 3, 1e5, 8, 0.24},
    {PH_SAMPLER_BLOCK_GIBBS, 16, 1e4, 8, 1.2},
    {PH_SAMPLER_LUMPED_LITTLE, 8, 1e4, 1, 12.8},
    {PH_SAMPLER_LUMPED_LITTLE, 3, 1e6, 1, 0.00066},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 8, 1e4, 1, 6.7},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 16, 1e3, 8, 22.0},
    {PH_SAMPLER_REPLICA_EXCHANGE, 8, 1e4, 8, 6.7},
};

START_TEST(seconds_as_measured)
{
    static const double DILUTION[16] = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3,
                                        0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
    const ph_sampler_t *row = ph_sampler(TAKEN[_i].sampler);
    const ph_point_t point = {.neurons = (int64_t)TAKEN[_i].neurons,
                              .patterns = TAKEN[_i].patterns,
                              .dilution = DILUTION,
                              .noise = 0.4,
                              .sampler = TAKEN[_i].sampler};
    ph_load_t load = {.lanes = TAKEN[_i].lanes, .anywhere = true};
    ph_load_point(&load, row, &point);
    const double said = 1e9 * row->seconds(&load, 1.0) / (TAKEN[_i].neurons * load.lanes);
    ck_assert_msg(said < 1.5 * TAKEN[_i].taken && TAKEN[_i].taken < 1.5 * said,
                  "%s: %g ns said, %g taken", ph_sampler_facts(row->id)->word, said,
                  TAKEN[_i].taken);
}
END_TEST

/* Where a neuron's entries come to more than the kernels of all neurons at once take, the plain
 * reference runs and is reckoned with; single examples are entries of 1 each. */
START_TEST(rows_beyond_kernels)
{
    enum { PATTERNS = 30 };
    static double dilution[PATTERNS], quality[PATTERNS], clean[PATTERNS], few[PATTERNS],
        many[PATTERNS];
    const ph_sampler_t *row = ph_sampler(_i % 2 ? PH_SAMPLER_BLOCK_GIBBS : PH_SAMPLER_LITTLE);
    for (int mu = 0; mu < PATTERNS; mu++) {
        dilution[mu] = 0.1;
        quality[mu] = 0.9;
        clean[mu] = 1.0;
        few[mu] = _i / 2 == 0 ? 4000.0 : 40.0;
        many[mu] = _i / 2 == 0 ? 6000.0 : 60.0;
    }
    ph_point_t point = {.neurons = 1000,
                        .patterns = PATTERNS,
                        .dilution = dilution,
                        .examples = few,
                        .quality = quality,
                        .blank_fidelity = clean,
                        .noise = 0.4,
                        .rule = _i / 2 == 0 ? PH_RULE_SUPERVISED : PH_RULE_UNSUPERVISED,
                        .sampler = row->id};
    const double before = seconds_of(row, &point, 1.0);
    point.examples = many;
    const double after = seconds_of(row, &point, 1.0);
    ck_assert(_i / 2 == 0 ? after > 5.0 * before : after < 2.0 * before);
}
END_TEST

PH_TEST_PROGRAM("sampler")
{
    TCase *tcase = tcase_create("sampler");
    tcase_add_loop_test(tcase, rows_follow_words, 0, PH_SAMPLER_COUNT);
    tcase_add_loop_test(tcase, costs_and_kernels, 0, PH_SAMPLER_COUNT);
    tcase_add_loop_test(tcase, seconds_as_measured, 0, sizeof(TAKEN) / sizeof(TAKEN[0]));
    tcase_add_loop_test(tcase, rows_beyond_kernels, 0, 4);
    return test_run("sampler", tcase);
}
