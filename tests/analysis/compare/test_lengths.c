/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains of different lengths in one file (dynamics.until): every reader takes of each chain the
 * records that it has, and lets all chains count alike. */
#include <math.h>
#include <stdlib.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/occupation.h"
#include "analysis/compare/path.h"
#include "analysis/estimate/estimates.h"
#include "analysis/estimate/quantities.h"
#include "analysis/estimate/sampleread.h"
#include "analysis/theory/theory.h"
#include "tests/sim/run/smallrun.h"

#define GRID                                                                                       \
    "network: { neurons: 600, patterns: 2, dilution: 0.2 }\nnoise: 0.45\n"                         \
    "dynamics: { sweeps: 30, start: archetype, until: { error: 0.0007, sweeps_max: 240 } }\n"      \
    "ensemble: { samples: 2, replicas: 24, lanes: 4 }\n"

enum { CHAINS = 24, SAMPLES = 2, PATTERNS = 2 };

static char folder[32], path[96];
static ph_grid_t grid;
static ph_runfile_t file;

/* A run, by its trajectories or by its sums alone; chains of one sample differ. */
static void begin(bool series)
{
    size_t lengths = 0;
    small_folder(folder);
    small_path(path, folder, "run.h5");
    parse_with(&grid, GRID, series ? "trajectory=true" : "trajectory=false");
    const int status = small_run(&grid, path, NULL);
    ck_assert(status == PH_OK || status == PH_ERR_UNREACHED);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (uint32_t s = 0; s < SAMPLES; s++)
        for (uint32_t r = 4; r < CHAINS; r += 4)
            lengths += ph_runfile_sweeps_done(&file, 0, s, r) !=
                       ph_runfile_sweeps_done(&file, 0, s, r - 4);
    ck_assert_uint_gt(lengths, 1);
}

static void end(void)
{
    char name[96];
    ph_runfile_close(&file);
    ph_grid_free(&grid);
    unlink(path);
    unlink(small_path(name, folder, "run.h5.status"));
    rmdir(folder);
}

static size_t records_of(uint32_t sample, uint32_t r)
{
    return (size_t)ph_runfile_sweeps_done(&file, 0, sample, r) + 1;
}

static size_t least_records(uint32_t sample)
{
    size_t least = SIZE_MAX;
    for (uint32_t r = 0; r < CHAINS; r++)
        least = records_of(sample, r) < least ? records_of(sample, r) : least;
    return least;
}

/* The chains of a sample together: of trajectories the records that all of them have, without sums;
 * else the sums of all, and how many records these are. */
START_TEST(a_sample_in_one_segment)
{
    const bool series = _i == 0;
    begin(series);
    for (uint32_t s = 0; s < SAMPLES; s++) {
        uint64_t records[CHAINS];
        ph_segment_t all;
        ck_assert_int_eq(ph_sample_read(&file, 0, s, series ? 0 : UINT64_MAX, &all, records, NULL),
                         PH_OK);
        const size_t width = (size_t)all.components, words = width * PH_MOMENT_WORDS;
        const size_t least = least_records(s), bytes = ph_segment_spin_bytes(all.state_bits);
        ck_assert_uint_eq(all.replicas, CHAINS);
        ck_assert(series ? all.records == least && all.sums == NULL : all.series == NULL);
        for (uint32_t r = 0; r < CHAINS; r++) {
            ph_segment_t own;
            ck_assert_int_eq(ph_runfile_read(&file, 0, s, r, 1, 0, &own, NULL), PH_OK);
            ck_assert_uint_eq(records[r], series ? least : records_of(s, r));
            ck_assert(!series ||
                      small_equal(all.series + r * least * width, own.series, least * width));
            ck_assert(series || small_equal(all.sums + r * words, own.sums, words));
            ck_assert_int_eq(memcmp(all.spins + r * bytes, own.spins, bytes), 0);
            ph_segment_free(&own);
        }
        ph_segment_free(&all);
    }
    end();
}
END_TEST

/* Mean of a magnetization over all chains, each over its own records or those that all of its
 * sample have. */
static double mean_over_chains(size_t mu, bool series, bool common)
{
    double mean = 0.0;
    for (uint32_t s = 0; s < SAMPLES; s++)
        for (uint32_t r = 0; r < CHAINS; r++) {
            ph_segment_t own;
            double sum = 0.0;
            const size_t n = common ? least_records(s) : records_of(s, r);
            ck_assert_int_eq(ph_runfile_read(&file, 0, s, r, 1, 0, &own, NULL), PH_OK);
            for (size_t k = 0; series && k < n; k++)
                sum += own.series[k * (size_t)own.components + mu];
            if (!series)
                sum = own.sums[mu * PH_MOMENT_WORDS];
            mean += sum / ((double)n * CHAINS * SAMPLES);
            ph_segment_free(&own);
        }
    return mean;
}

/* Estimates and quantities are averages over chains, each over all of its records: a chain counts
 * no more for being longer. The thermal error of records is what was asked for. */
START_TEST(chains_count_alike)
{
    const bool series = _i == 0;
    begin(series);
    ph_estimates_t found;
    ph_quantities_t quantities;
    uint64_t records = 0;
    for (uint32_t s = 0; s < SAMPLES; s++)
        for (uint32_t r = 0; r < CHAINS; r++)
            records += records_of(s, r);
    ck_assert_int_eq(ph_estimates_read(&found, &file, 0, PH_VIEW_PATTERNS, NULL), PH_OK);
    ck_assert_int_eq(ph_quantities_read(&quantities, &file, 0, NULL, 0, NULL), PH_OK);
    ck_assert_uint_eq(found.records, records);
    ck_assert_uint_eq(found.chains, (uint64_t)CHAINS * SAMPLES);
    ck_assert_uint_eq(quantities.records, records);
    for (size_t mu = 0; mu < PATTERNS; mu++) {
        const double mean = mean_over_chains(mu, series, false);
        ck_assert_double_eq_tol(found.values[mu].mean, mean, 1e-7);
        ck_assert_str_eq(quantities.found[mu].quantity->name, "magnetization");
        ck_assert_double_eq_tol(quantities.found[mu].found.value, mean, 1e-7);
        ck_assert_msg(!series ||
                          (found.values[mu].thermal > 0.0 && found.values[mu].thermal < 0.0009),
                      "%g", found.values[mu].thermal);
    }
    ph_quantities_free(&quantities);
    ph_estimates_free(&found);
    end();
}
END_TEST

/* Mean of a magnetization over all chains at one record that all of them have. */
static double mean_at(size_t mu, size_t record)
{
    double mean = 0.0;
    for (uint32_t s = 0; s < SAMPLES; s++)
        for (uint32_t r = 0; r < CHAINS; r++) {
            ph_segment_t own;
            ck_assert_int_eq(ph_runfile_read(&file, 0, s, r, 1, 0, &own, NULL), PH_OK);
            mean += own.series[record * (size_t)own.components + mu] / (CHAINS * SAMPLES);
            ph_segment_free(&own);
        }
    return mean;
}

/* Comparison: of trajectories the records that all chains of a sample have, of sums all; no point
 * is taken for unfinished. Paths, and the theory of them, go as far as the least that chains have.
 */
START_TEST(comparison)
{
    const bool series = _i == 0;
    begin(series);
    ph_comparison_t found;
    ph_path_comparison_t paths;
    ck_assert_int_eq(ph_compare(&found, &file, NULL, PH_VIEW_PATTERNS, NULL), PH_OK);
    ck_assert_uint_eq(found.rows_count, PATTERNS);
    for (size_t mu = 0; mu < PATTERNS; mu++) {
        ck_assert_int_ne(found.rows[mu].reason, PH_REASON_INCOMPLETE);
        ck_assert_double_eq_tol(found.rows[mu].mc, mean_over_chains(mu, series, series), 1e-7);
    }
    ck_assert_int_eq(ph_compare_paths(&paths, &file, NULL), PH_OK);
    for (size_t mu = 0; series && mu < PATTERNS; mu++) {
        ck_assert_int_eq(paths.rows[mu].reason, PH_PATH_COMPARED);
        ck_assert_uint_eq(paths.rows[mu].records, 30);
        ck_assert_uint_le(paths.rows[mu].sweep, 30);
        ck_assert_double_eq_tol(paths.rows[mu].mc, mean_at(mu, paths.rows[mu].sweep), 1e-7);
    }
    ph_path_comparison_free(&paths);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* The wells that chains are in are known of chains of different lengths too. */
START_TEST(wells_are_found)
{
    begin(_i == 0);
    ph_quantities_t found;
    double all = 0.0;
    ck_assert_int_eq(ph_quantities_read(&found, &file, 0, &PH_COMPARE_WELLS, 0, NULL), PH_OK);
    for (size_t i = 0; i < found.count; i++)
        if (strcmp(found.found[i].quantity->name, "share") == 0 &&
            found.found[i].without == PH_WITHOUT_NOTHING)
            all += found.found[i].found.value;
    ck_assert_double_eq_tol(all, 1.0, 0.1);
    ph_quantities_free(&found);
    end();
}
END_TEST

#define PARTING                                                                                    \
    "network: { neurons: 2000, patterns: 2, dilution: 0.3 }\nnoise: 0.02\n"                        \
    "ensemble: { samples: 2, replicas: 24, lanes: 2 }\n"
#define PARTING_DYNAMICS "start: { kind: corrupted, pattern: 1, overlap: 0.5 }, sweeps: 5"

/* The paths of a run's chains. */
static void read_paths(const char *text, ph_path_comparison_t *paths, size_t *longer)
{
    ph_runfile_t run;
    char name[96];
    small_folder(folder);
    small_path(path, folder, "run.h5");
    parse(&grid, text);
    const int status = small_run(&grid, path, NULL);
    ck_assert(status == PH_OK || status == PH_ERR_UNREACHED);
    ck_assert_int_eq(ph_runfile_open(&run, path, NULL), PH_OK);
    *longer = 0;
    for (uint32_t r = 0; r < CHAINS; r++)
        *longer += ph_runfile_sweeps_done(&run, 0, 0, r) > 10;
    ck_assert_int_eq(ph_compare_paths(paths, &run, NULL), PH_OK);
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    unlink(path);
    unlink(small_path(name, folder, "run.h5.status"));
    rmdir(folder);
}

/* Chains that part, all of which went on (two of 6 records tell no error), some of them twice:
 * their paths are those of the run that did not. */
START_TEST(parting_chains)
{
    ph_path_comparison_t paths[2];
    size_t longer;
    read_paths(PARTING "dynamics: { " PARTING_DYNAMICS " }\n", &paths[0], &longer);
    ck_assert_uint_eq(longer, 0);
    read_paths(PARTING "dynamics: { " PARTING_DYNAMICS
                       ", until: { error: 0.02, sweeps_max: 20 } }\n",
               &paths[1], &longer);
    ck_assert(longer > 0 && longer < CHAINS);
    ck_assert_uint_eq(paths[0].rows[0].records, 5);
    ck_assert_uint_eq(paths[0].rows[0].records, paths[1].rows[0].records);
    ck_assert_uint_eq(paths[0].rows[0].sweep, paths[1].rows[0].sweep);
    for (size_t mu = 0; mu < PATTERNS; mu++) {
        ck_assert(paths[0].rows[mu].mc == paths[1].rows[mu].mc);
        ck_assert(paths[0].rows[mu].deviation == paths[1].rows[mu].deviation);
    }
    ph_path_comparison_free(&paths[0]);
    ph_path_comparison_free(&paths[1]);
}
END_TEST

/* The flow is solved as far as all chains go; the records behind that have no value. */
START_TEST(flow_ends_with_the_least)
{
    ph_grid_t flow;
    ph_theory_t theory;
    parse_with(&flow, GRID, "theory.kinds=flow");
    ck_assert_int_eq(ph_theory_solve(&theory, &flow, flow.kinds, false, 1, NULL), PH_OK);
    const double *m = ph_theory_values(&theory, "flow_magnetization", 0);
    const double *reason = ph_theory_values(&theory, "flow_reason", 0);
    for (size_t k = 0; k <= 240; k++) {
        ck_assert_int_eq(isfinite(m[k * PATTERNS]), k <= 30);
        ck_assert(k <= 30 || reason[k] == 1.0);
    }
    ph_theory_free(&theory);
    ph_grid_free(&flow);
}
END_TEST

PH_TEST_PROGRAM("lengths")
{
    TCase *tcase = tcase_create("lengths");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, a_sample_in_one_segment, 0, 2);
    tcase_add_loop_test(tcase, chains_count_alike, 0, 2);
    tcase_add_loop_test(tcase, comparison, 0, 2);
    tcase_add_loop_test(tcase, wells_are_found, 0, 2);
    tcase_add_test(tcase, parting_chains);
    tcase_add_test(tcase, flow_ends_with_the_least);
    return test_run("lengths", tcase);
}
