/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chains of a shallow state, found before the well that it is inside of. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/records.h"
#include "analysis/compare/wells_private.h"
#include "analysis/estimate/sampleread.h"
#include "sim/model/sample.h"
#include "sim/run/run.h"
#include "tests/analysis/compare/given.h"
#include "tests/testing.h"

enum { CHAINS = 32 };

static struct {
    ph_report_t report;
    ph_grid_t grid;
    ph_runfile_t run;
    ph_segment_t segment;
    ph_sample_t sample;
    ph_meanfield_t problem;
    ph_population_t population;
    ph_chains_t chains;
    ph_wells_t wells;
    ph_well_records_t records;
    uint64_t each[CHAINS];
} it;

static void read_chains(const char *path)
{
    const ph_point_t *point = &it.grid.points[0];
    ck_assert_int_eq(ph_runfile_open(&it.run, path, &it.report), PH_OK);
    ck_assert_int_eq(ph_sample_read(&it.run, 0, 0, 0, &it.segment, it.each, &it.report), PH_OK);
    ck_assert_int_eq(ph_sample_draw(&it.sample, point, it.grid.seed, 0), PH_OK);
    ck_assert_int_eq(ph_meanfield_init_sample(&it.problem, point, &it.sample.coupling,
                                              &it.sample.patterns, NULL),
                     PH_OK);
    ck_assert_int_eq(ph_population_init(&it.population, point, it.grid.average), PH_OK);
    ck_assert_int_eq(
        ph_chains_init(&it.chains, &it.grid, point, &it.sample.patterns, &it.segment, it.each),
        PH_OK);
}

/* Real chains near a shallow state and the deeper one beside it. */
static void set_up(void)
{
    char path[] = "/tmp/polyhebb-absorbed-XXXXXX", text[2048];
    char patterns[PATTERNS * (NEURONS + 1) + 1], status[80];
    const ph_run_options_t options = {.path = path, .threads = 1, .shards = 1};
    ph_run_summary_t summary;
    write_patterns(patterns);
    snprintf(text, sizeof(text),
             "network: { patterns: { given: \"%s\" } }\nnoise: 0.2\n"
             "dynamics: { sampler: lumped-block-gibbs, sweeps: 400, burn_in: 100, start: archetype "
             "}\nensemble: { replicas: %d, lanes: %d }\n",
             patterns, CHAINS, CHAINS);
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&it.report);
    ph_grid_init(&it.grid);
    ck_assert_int_eq(ph_grid_parse(&it.grid, text, "test", 0, NULL, &it.report), PH_OK);
    ck_assert_int_eq(ph_run(&it.grid, &options, &summary, &it.report), PH_OK);
    read_chains(path);
    snprintf(status, sizeof(status), "%s.status", path);
    unlink(status);
    unlink(path);
}

static void drop(void)
{
    ph_well_records_free(&it.records);
    ph_wells_free(&it.wells);
    ph_chains_free(&it.chains);
    ph_population_free(&it.population);
    ph_meanfield_free(&it.problem);
    ph_sample_free(&it.sample);
    ph_segment_free(&it.segment);
    ph_runfile_close(&it.run);
    ph_grid_free(&it.grid);
    ph_report_free(&it.report);
}

static void find_wells(void)
{
    ph_reason_t reason;
    ck_assert_int_eq(ph_wells_find(&it.wells, &it.population, &it.chains, &it.problem, &reason),
                     PH_OK);
}

/* A chain from whose last state the flow leads to the shallow state, which is nearer to pattern 2.
 */
static size_t find_shallow(void)
{
    ph_state_t state;
    size_t found = SIZE_MAX;
    ck_assert_int_eq(ph_state_init(&state, it.problem.features, it.problem.patterns), PH_OK);
    for (size_t c = 0; c < CHAINS && found == SIZE_MAX; c++) {
        memset(state.n, 0, PATTERNS * sizeof(*state.n));
        ph_chains_add_last(&it.chains, c, &it.problem, 1.0, state.n);
        ck_assert_int_eq(ph_meanfield_solve(&state, &it.problem, NULL), PH_OK);
        if (state.m[1] > state.m[0])
            found = c;
    }
    ph_state_free(&state);
    ck_assert_uint_ne(found, SIZE_MAX);
    return found;
}

/* All chains end in the shallow state, to which some first records do not belong, but to the
 * deeper one: once records have found that, with the other inside, they are in it from the first
 * record on and none has moved. */
START_TEST(test_marks)
{
    set_up();
    const size_t bytes = ph_segment_spin_bytes(it.segment.state_bits);
    const size_t shallow = find_shallow();
    for (size_t c = 0; c < CHAINS; c++)
        memmove(it.segment.spins + c * bytes, it.segment.spins + shallow * bytes, bytes);
    find_wells();
    const ph_search_t search = {
        .population = &it.population, .chains = &it.chains, .sample = &it.problem};
    ck_assert_uint_eq(it.wells.count, 1);
    ck_assert(!it.wells.wells[0].summed && it.wells.moved_count == 0);
    it.wells.wells[0].reason = PH_REASON_NONE; /* as if its expansion were small */
    ph_wells_find_moved(&it.wells, &search);
    ck_assert_uint_gt(it.wells.moved_count, 0);
    ck_assert_int_eq(
        ph_well_records_find(&it.records, &it.wells, &it.population, &it.chains, &it.problem),
        PH_OK);
    ck_assert_uint_eq(it.wells.count, 2);
    ck_assert(it.wells.wells[0].within && it.wells.wells[1].summed);
    ck_assert_uint_eq(it.wells.wells[1].chains, CHAINS);
    ck_assert(!it.records.mixed && it.records.within == it.records.all);
    ck_assert(it.wells.moved_count == 0 && it.wells.hopped == 0);
    for (size_t c = 0; c < CHAINS; c++)
        ck_assert(it.wells.of[c] == 1 && !it.wells.moved[c]);
    drop();
}
END_TEST

PH_TEST_MAIN("compare_absorbed", test_marks)
