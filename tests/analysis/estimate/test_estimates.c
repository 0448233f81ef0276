/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whose numbers estimates are, and what is said where there is no average or no error. */
#include "analysis/estimate/estimates.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/estimate/laststate.h"
#include "sim/model/moments.h"
#include "sim/model/stream.h"
#include "sim/run/run.h"
#include "tests/testing.h"

/* Start random leaves any order and sign of the patterns open. */
static const char OPEN[] = "network: { neurons: 6400, patterns: 3, dilution: 0.5 }\n"
                           "noise: 0.1\n"
                           "dynamics: { start: random, sweeps: 399 }\n"
                           "ensemble: { samples: 2, replicas: 4, lanes: 1 }\n"
                           "record: { loss: true }\n";

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t run;

static void parse(const char *text, const char *set)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-estimates-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", set != NULL, &set, &report), PH_OK);
}

static void end(void)
{
    char aside[80];
    static const char *const SIDES[] = {".status", ".claim"};
    ph_runfile_close(&run);
    unlink(path);
    for (size_t i = 0; i < 2; i++) {
        snprintf(aside, sizeof(aside), "%s%s", path, SIDES[i]);
        unlink(aside);
    }
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Magnetization of a pattern at record k of a chain. */
typedef double (*law_t)(uint32_t sample, uint32_t replica, size_t pattern, size_t k);

/* A run of OPEN whose chains follow a law; the losses go with it. */
static void write_law(law_t law)
{
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, &report), PH_OK);
    for (uint32_t s = 0; s < 2; s++) {
        ph_segment_t segment;
        ck_assert_int_eq(ph_segment_init(&segment, &grid, &grid.points[0], s, 0, 4, 0, 399), PH_OK);
        for (uint32_t r = 0; r < 4; r++)
            for (size_t k = 0; k < 400; k++)
                for (size_t mu = 0; mu < 3; mu++) {
                    const double m = law(s, r, mu, k), x[] = {m, 0.75 - m, 0.75 + m};
                    const size_t c[] = {mu, 4 + 2 * mu, 5 + 2 * mu};
                    for (size_t i = 0; i < 3; i++) {
                        if (segment.series != NULL)
                            segment.series[(r * 400 + k) * 10 + c[i]] = x[i];
                        ph_moments_add(segment.sums + (r * 10 + c[i]) * PH_MOMENT_WORDS, k, x[i]);
                    }
                }
        ck_assert_int_eq(ph_runfile_write(&file, 0, &segment, &report), PH_OK);
        ph_segment_free(&segment);
    }
    ck_assert_int_eq(ph_runfile_commit(&file, &report), PH_OK);
    ph_runfile_close(&file);
}

static ph_estimates_t estimates(const char *text, const char *set, law_t law, ph_view_t view)
{
    ph_estimates_t found;
    parse(text, set);
    write_law(law);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    ck_assert_int_eq(ph_estimates_read(&found, &run, 0, view, &report), PH_OK);
    return found;
}

static const char *const STORED[] = {NULL, "record.trajectory=false"};

/* All chains of sample 1 in one state, those of sample 2 in two. */
static double states(uint32_t sample, uint32_t replica, size_t pattern, size_t k)
{
    static const double STATES[3][3] = {{0.1, -0.5, 0.3}, {-0.3, 0.1, 0.6}, {-0.7, 0.1, 0.2}};
    (void)k;
    return STATES[sample == 0 ? 0 : 1 + replica % 2][pattern];
}

/* A pattern is the archetype of that number and keeps its sign, whatever the start leaves open. */
START_TEST(test_patterns)
{
    static const double EXPECTED[] = {-0.2, -0.2, 0.35};
    for (int i = 0; i < 2; i++) {
        ph_estimates_t found = estimates(OPEN, STORED[i], states, PH_VIEW_PATTERNS);
        for (size_t mu = 0; mu < 3; mu++) {
            ck_assert_double_eq_tol(found.values[mu].mean, EXPECTED[mu], 1e-12);
            ck_assert_double_eq_tol(found.values[4 + 2 * mu].mean, 0.75 - EXPECTED[mu], 1e-12);
            ck_assert_double_eq_tol(found.values[5 + 2 * mu].mean, 0.75 + EXPECTED[mu], 1e-12);
        }
        ph_estimates_free(&found);
        end();
    }
}
END_TEST

/* Ranks descend in the averages of each sample: sample 1 (0.5, 0.3, 0.1) from (-2, 3, 1); sample 2
 * (0.5, 0.4, 0.1) from (-1, 3, 2), in which its chains have different orders. Losses change sides
 * with the sign. */
START_TEST(test_ranks)
{
    static const double EXPECTED[] = {0.5, 0.35, 0.1};
    for (int i = 0; i < 2; i++) {
        ph_estimates_t found = estimates(OPEN, STORED[i], states, PH_VIEW_RANKS);
        for (size_t j = 0; j < 3; j++) {
            ck_assert_double_eq_tol(found.values[j].mean, EXPECTED[j], 1e-12);
            ck_assert_double_eq_tol(found.values[4 + 2 * j].mean, 0.75 - EXPECTED[j], 1e-12);
            ck_assert_double_eq_tol(found.even[j].mean, EXPECTED[j], 1e-12);
        }
        ph_estimates_free(&found);
        end();
    }
}
END_TEST

/* A start that sets order and signs leaves nothing to rank. */
START_TEST(test_ranks_held)
{
    ph_estimates_t found = estimates(OPEN, "dynamics.start=hierarchical", states, PH_VIEW_RANKS);
    ck_assert_double_eq_tol(found.values[0].mean, -0.2, 1e-12);
    ck_assert_double_eq_tol(found.values[1].mean, -0.2, 1e-12);
    ph_estimates_free(&found);
    end();
}
END_TEST

static double noise(uint32_t sample, uint32_t replica, size_t pattern, size_t k)
{
    ph_stream_t stream;
    ph_stream_init(&stream, ph_stream_key(11, grid.points[0].identity), PH_PURPOSE_TEST, sample,
                   replica, (uint32_t)(400 * pattern + k));
    return ph_stream_unit(&stream) - 0.5;
}

/* Every chain changes sign every 20 records: <m> is 0 with no error to speak of, |m|, m^2 and m^4
 * are those of the state. */
static double flipping(uint32_t sample, uint32_t replica, size_t pattern, size_t k)
{
    return ((k / 20 + replica) % 2 == 0 ? 1.0 : -1.0) *
           (0.5 + 0.02 * noise(sample, replica, pattern, k));
}

START_TEST(test_even)
{
    const double second = 0.25 + 4e-4 / 12.0, width = 0.02 / sqrt(12.0 * 3200.0);
    for (int i = 0; i < 2; i++) {
        ph_estimates_t found = estimates(OPEN, STORED[i], flipping, PH_VIEW_PATTERNS);
        for (size_t mu = 0; mu < 3; mu++) {
            const ph_value_t *even = found.even + mu;
            ck_assert_double_lt(fabs(found.values[mu].mean), 1e-3);
            ck_assert_double_eq_tol(even[0].mean, 0.5, 5.0 * width);
            ck_assert_double_eq_tol(even[3].mean, second, 5.0 * width);
            ck_assert_double_eq_tol(even[6].mean, 0.0625, 3e-4);
            ck_assert(even[0].error > 0.5 * width && even[3].error > 0.5 * width);
            /* from trajectories |m| knows that it forgets at once */
            ck_assert(i > 0 || (even[0].error < 2.5 * width && even[0].tau < 1.0));
            ck_assert_double_ge(even[0].error, even[0].thermal);
        }
        ph_estimates_free(&found);
        end();
    }
}
END_TEST

/* White noise: the error is that of 3200 independent records, whatever is stored. */
START_TEST(test_long)
{
    for (int i = 0; i < 2; i++) {
        const double right = sqrt(1.0 / 12.0 / 3200.0);
        ph_estimates_t found = estimates(OPEN, STORED[i], noise, PH_VIEW_PATTERNS);
        for (size_t mu = 0; mu < 3; mu++) {
            const ph_value_t *value = &found.values[mu];
            ck_assert(!value->short_of_tau && value->tau < 1.0);
            ck_assert(value->thermal > 0.9 * right && value->thermal < 1.4 * right);
            ck_assert(value->error >= value->thermal && value->error < 3.0 * right);
        }
        ph_estimates_free(&found);
        end();
    }
}
END_TEST

/* Chains that rise from begin to end: no thermal error; the error of 8 blocks of one chain where
 * they are blocks, none where they are one. */
static double rising(uint32_t sample, uint32_t replica, size_t pattern, size_t k)
{
    return 1e-3 * (double)k + noise(sample, replica, pattern, 0);
}

START_TEST(test_short)
{
    const char *sets[] = {NULL, "ensemble.lanes=4", "record.trajectory=false"};
    for (int i = 0; i < 3; i++) {
        ph_estimates_t found = estimates(OPEN, sets[i], rising, PH_VIEW_PATTERNS);
        for (size_t mu = 0; mu < 3; mu++) {
            const ph_value_t *value = &found.values[mu];
            ck_assert(value->short_of_tau && isnan(value->thermal));
            ck_assert(i == 1 ? isnan(value->error) : value->error > 0.02);
        }
        ph_estimates_free(&found);
        end();
    }
}
END_TEST

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Whether two estimates are of the same bits; `none`: the first is of nothing. */
static bool alike(const ph_value_t *a, const ph_value_t *b, bool none)
{
    return none ? isnan(a->mean) && isnan(a->error)
                : same(a->mean, b->mean) && same(a->error, b->error) &&
                      same(a->thermal, b->thermal) && same(a->tau, b->tau) &&
                      a->short_of_tau == b->short_of_tau;
}

/* Magnetizations and sizes alone, in either view, by records, by sums and at noise 0: the numbers
 * that they have among all, and of everything else none. */
START_TEST(test_magnetizations)
{
    static const char *const SETS[] = {NULL, "record.trajectory=false", "noise=0"};
    for (int i = 0; i < 6; i++) {
        const ph_view_t view = i < 3 ? PH_VIEW_PATTERNS : PH_VIEW_RANKS;
        ph_estimates_t all = estimates(OPEN, SETS[i % 3], states, view), some;
        ck_assert_int_eq(ph_estimates_read_magnetizations(&some, &run, 0, view, &report), PH_OK);
        ck_assert(some.records == all.records && some.chains == all.chains);
        ck_assert(some.final == (i % 3 == 2) && some.components == all.components);
        for (size_t c = 0; c < all.components; c++)
            ck_assert(alike(&some.values[c], &all.values[c], c >= 3));
        for (size_t q = 0; q < 3 * (size_t)PH_EVEN_COUNT; q++)
            ck_assert(alike(&some.even[q], &all.even[q], q >= 3));
        ck_assert(isfinite(all.values[9].mean) && isfinite(all.even[8].mean));
        ph_estimates_free(&some);
        ph_estimates_free(&all);
        end();
    }
}
END_TEST

/* A chain of 41 records at a critical point: a thermal error would be several times too small. */
START_TEST(test_critical)
{
    static const char CRITICAL[] = "network: { neurons: 10000, patterns: 1 }\n"
                                   "noise: 1\n"
                                   "dynamics: { start: random, sweeps: 40 }\n"
                                   "ensemble: { samples: 1, replicas: 1 }\n";
    const ph_run_options_t options = {.path = path, .threads = 1, .shards = 1};
    for (int i = 0; i < 8; i++) {
        char seed[32];
        ph_run_summary_t summary;
        ph_estimates_t found;
        snprintf(seed, sizeof(seed), "seed=%d", i + 1);
        parse(CRITICAL, seed);
        ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
        ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
        ck_assert_int_eq(ph_estimates_read(&found, &run, 0, PH_VIEW_PATTERNS, &report), PH_OK);
        ck_assert(isfinite(found.values[0].mean) && found.values[0].short_of_tau);
        ck_assert(isnan(found.values[0].error) && isnan(found.even[0].error));
        ph_estimates_free(&found);
        end();
    }
}
END_TEST

/* Mean over all chains of a component's record k, as the trajectories have it. */
static double mean_of(size_t point, size_t c, bool last)
{
    double sum = 0.0;
    for (uint32_t s = 0; s < (uint32_t)grid.samples; s++) {
        ph_segment_t segment;
        ck_assert_int_eq(
            ph_runfile_read(&run, point, s, 0, (uint32_t)grid.replicas, 0, &segment, &report),
            PH_OK);
        const size_t n = (size_t)segment.records, width = (size_t)segment.components;
        for (size_t r = 0; r < segment.replicas; r++)
            for (size_t k = last ? n - 1 : 0; k < n; k++)
                sum += segment.series[(r * n + k) * width + c] / (last ? 1.0 : (double)n);
        ph_segment_free(&segment);
    }
    return sum / (double)(grid.samples * grid.replicas);
}

/*
 * At noise 0 records are a path to a fixed point: what is reported are the last states, counted
 * from the spins, in every component what the last record says, with trajectories or without; and
 * that is not the average.
 */
START_TEST(test_final)
{
    static const char PATHS[] =
        "network: { rule: [storage, supervised, unsupervised], neurons: 400, patterns: 2,\n"
        "           dilution: 0.3, examples: 3, quality: 0.7, blank_fidelity: 0.9 }\n"
        "noise: 0\n"
        "dynamics: { start: { kind: corrupted, overlap: 0.4 }, sweeps: 9,\n"
        "            sampler: [descent, glauber, little, block-gibbs] }\n"
        "ensemble: { samples: 2, replicas: 4, lanes: 4 }\n"
        "record: { loss: true, example_magnetization: true, example_overlaps: 4,\n"
        "          replica_overlap: true }\n";
    const ph_run_options_t options = {.path = path, .threads = 1, .shards = 1};
    ph_run_summary_t summary;
    ph_estimates_t found;
    size_t apart = 0;
    parse(PATHS, NULL);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++) {
        ck_assert_int_eq(ph_estimates_read(&found, &run, p, PH_VIEW_PATTERNS, &report), PH_OK);
        ck_assert(found.final && found.chains == 8 && found.records == 80);
        for (size_t c = 0; c < found.components; c++) {
            const ph_observable_id_t id = ph_component(&grid, 2, c).observable->id;
            const double last = mean_of(p, c, true);
            ck_assert(isnan(found.values[c].tau) && isnan(found.values[c].error));
            if (ph_observable_counts(id) && grid.points[p].sampler != PH_SAMPLER_DESCENT)
                continue; /* recorded as 0: no other sampler counts */
            ck_assert_msg(isnan(last) ? isnan(found.values[c].mean)
                                      : fabs(found.values[c].mean - last) < 1e-6,
                          "point %zu, component %zu: %g, last record %g", p, c,
                          found.values[c].mean, last);
            apart += fabs(mean_of(p, c, false) - last) > 0.02;
        }
        ph_estimates_free(&found);
    }
    ck_assert_uint_gt(apart, 50);
    end();
}
END_TEST

PH_TEST_MAIN("estimates", test_patterns, test_ranks, test_ranks_held, test_even, test_long,
             test_short, test_critical, test_final, test_magnetizations)
