/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/records.h"

#include <math.h>
#include <string.h>

#include "analysis/compare/wells_private.h"
#include "analysis/estimate/sampleread.h"
#include "tests/analysis/compare/forged.h"

/* One sample's chains, whose records a test may move before it asks which wells they are in. */
static struct {
    ph_runfile_t file;
    ph_segment_t segment;
    uint64_t each[8];
    network_sample_t drawn;
    ph_population_t population;
    ph_chains_t chains;
    ph_wells_t wells;
    ph_well_records_t found;
} it;

enum { RECORDS = 100 };

static void set_up(const char *noise)
{
    static const char text[] = "network: { neurons: 10000, patterns: 1, dilution: 0.3 }\n"
                               "noise: 0.3\n"
                               "dynamics: { start: random, sweeps: 99, burn_in: 300 }\n"
                               "ensemble: { samples: 1, replicas: 8 }\n";
    begin(text, noise);
    write_run(&RIGHT);
    ck_assert_int_eq(ph_runfile_open(&it.file, path, &report), PH_OK);
    ck_assert_int_eq(ph_sample_read(&it.file, 0, 0, 0, &it.segment, it.each, &report), PH_OK);
    network_draw(&it.drawn, &grid.points[0], grid.seed, 0);
    ck_assert_int_eq(ph_population_init(&it.population, &grid.points[0], grid.average), PH_OK);
    ck_assert_int_eq(ph_chains_init(&it.chains, &grid, &grid.points[0], &it.drawn.patterns,
                                    &it.segment, it.each),
                     PH_OK);
    ck_assert_uint_eq(it.chains.records, RECORDS);
}

static void drop(void)
{
    ph_well_records_free(&it.found);
    ph_wells_free(&it.wells);
    ph_chains_free(&it.chains);
    ph_population_free(&it.population);
    network_drop(&it.drawn);
    ph_segment_free(&it.segment);
    ph_runfile_close(&it.file);
    end();
}

static void find_wells(void)
{
    ph_reason_t reason;
    ck_assert_int_eq(
        ph_wells_find(&it.wells, &it.population, &it.chains, &it.drawn.problem, &reason), PH_OK);
    ck_assert_uint_eq(it.wells.count, 1);
}

static void find_records(void)
{
    ck_assert_int_eq(
        ph_well_records_find(&it.found, &it.wells, &it.population, &it.chains, &it.drawn.problem),
        PH_OK);
    ck_assert_uint_eq(it.found.all, 8 * RECORDS);
}

static double *record(size_t chain, size_t r)
{
    return &it.segment.series[(chain * RECORDS + r) * it.chains.components + it.chains.offset];
}

static ph_record_kind_t kind(size_t chain, size_t r)
{
    return (ph_record_kind_t)it.found.kind[chain * RECORDS + r];
}

/* Records about to leave, or just come: three relaxation times. */
static size_t wait_of(void)
{
    return (size_t)ceil(3.0 / it.wells.wells[0].rate);
}

/* All in the well their chains end in: nothing is mixed, and nothing left out. */
START_TEST(test_steady)
{
    set_up(NULL);
    find_wells();
    find_records();
    ck_assert(!it.found.mixed && it.found.within == it.found.all && it.wells.count == 1);
    ck_assert(it.found.early == 0 && it.found.mute == 0 && it.found.hopped == 0);
    drop();
}
END_TEST

/* A well that no chain ends in is found by the flow from records there; on both sides of the step
 * some are left out, on their side only. */
START_TEST(test_other_well)
{
    set_up(NULL);
    find_wells();
    for (size_t r = 0; r < 40; r++)
        *record(2, r) *= -1.0;
    find_records();
    const size_t wait = wait_of();
    ck_assert(wait >= 2 && wait <= 10);
    ck_assert_uint_eq(it.wells.count, 2);
    ck_assert_double_eq_tol(it.wells.wells[1].m[0], -it.wells.wells[0].m[0], 1e-9);
    ck_assert(it.found.mixed && it.found.hopped == 1 && it.found.early == 0);
    ck_assert_uint_eq(it.found.within, it.found.all - 2 * wait);
    for (size_t r = 0; r < RECORDS; r++) {
        ck_assert_uint_eq(it.found.well[2 * RECORDS + r], r < 40);
        ck_assert_int_eq(kind(2, r), r < 40 - wait   ? PH_RECORD_WITHIN
                                     : r < 40        ? PH_RECORD_LEAVING
                                     : r < 40 + wait ? PH_RECORD_COMING
                                                     : PH_RECORD_WITHIN);
    }
    drop();
}
END_TEST

/* A record in the well's tail is the well's; one beyond, or in the other well, is not. */
START_TEST(test_tail)
{
    set_up(NULL);
    find_wells();
    const ph_search_t search = {.chains = &it.chains, .sample = &it.drawn.problem};
    const double m = it.wells.wells[0].m[0];
    double tail = m; /* beyond the chi square of one degree, in the well all the same */
    while (ph_wells_distance(&it.wells, &search, 0, &tail) < 1.2 * ph_near_bound(1))
        tail *= 0.999;
    *record(0, 50) = tail;
    *record(1, 50) = 0.1 * m;
    *record(3, 50) *= -1.0;
    find_records();
    ck_assert_int_eq(kind(0, 50), PH_RECORD_WITHIN);
    ck_assert_int_eq(kind(0, 49), PH_RECORD_WITHIN);
    for (size_t c = 1; c < 4; c += 2) {
        ck_assert_int_ne(kind(c, 50), PH_RECORD_WITHIN);
        ck_assert_int_eq(kind(c, 49), PH_RECORD_LEAVING);
        ck_assert_int_eq(kind(c, 51), PH_RECORD_COMING);
    }
    ck_assert_uint_eq(it.found.hopped, 2);
    drop();
}
END_TEST

/* What comes before a chain is in any well, and right after it, is early. */
START_TEST(test_early)
{
    set_up(NULL);
    find_wells();
    for (size_t r = 0; r < 20; r++)
        *record(4, r) = 0.2;
    find_records();
    ck_assert(it.found.mixed && it.found.hopped == 0);
    ck_assert_uint_eq(it.found.early, 20 + wait_of());
    ck_assert_uint_eq(it.found.within, it.found.all - it.found.early);
    ck_assert_int_eq(kind(4, 0), PH_RECORD_OUT);
    ck_assert_int_eq(kind(4, 20), PH_RECORD_COMING);
    drop();
}
END_TEST

/* A well that predicts nothing has its records, which do not count. */
START_TEST(test_mute)
{
    set_up(NULL);
    find_wells();
    it.wells.wells[0].reason = PH_REASON_TRANSITION;
    find_records();
    ck_assert(it.found.mixed && it.found.within == 0 && it.found.mute == it.found.all);
    ph_well_records_free(&it.found);
    it.wells.wells[0].reason = PH_REASON_UNSTABLE; /* of which there is no distance */
    find_records();
    ck_assert(it.found.mixed && it.found.within == 0 && it.found.mute == 0);
    drop();
}
END_TEST

/* Without noise, or without trajectories, there is nothing to look at. */
START_TEST(test_nothing)
{
    set_up(NULL);
    find_wells();
    double *series = it.segment.series;
    it.segment.series = NULL;
    ck_assert_int_eq(
        ph_well_records_find(&it.found, &it.wells, &it.population, &it.chains, &it.drawn.problem),
        PH_OK);
    ck_assert(!it.found.mixed && it.found.all == 0 && it.found.well == NULL);
    it.segment.series = series;
    drop();
    set_up("noise=0");
    find_wells();
    ck_assert_int_eq(
        ph_well_records_find(&it.found, &it.wells, &it.population, &it.chains, &it.drawn.problem),
        PH_OK);
    ck_assert(!it.found.mixed && it.found.all == 0);
    drop();
}
END_TEST

PH_TEST_MAIN("compare_records", test_steady, test_other_well, test_tail, test_early, test_mute,
             test_nothing)
