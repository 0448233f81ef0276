/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Journals whose checksums hold, but whose records no run can have written. */
#include <stdlib.h>

#include "sim/model/observables.h"
#include "sim/store/journal.h"
#include "tests/sim/run/smallrun.h"

static char folder[32], path[96], journal_path[96], whole[96];
static ph_grid_t grid;

static void setup(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    small_path(journal_path, folder, "run.h5.journal");
    small_path(whole, folder, "whole.h5");
    parse(&grid, SMALL_GRID "record: { states: [1, 5] }\n");
    ck_assert_int_eq(small_run(&grid, whole, NULL), PH_OK);
}

static void teardown(void)
{
    char status[112];
    ph_grid_free(&grid);
    unlink(journal_path);
    for (int k = 0; k < 2; k++) {
        const char *file = k == 0 ? path : whole;
        unlink(file);
        snprintf(status, sizeof(status), "%s.status", file);
        unlink(status);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

/* The first two chains of point 0, sample 0 from sweep 0 to 7, records 0, 1 and 2: all wrong, but
 * of the right shape; with room for what is added to its numbers. */
static ph_segment_t honest(void)
{
    ph_segment_t s;
    ck_assert_int_eq(ph_segment_init(&s, &grid, &grid.points[0], 0, 0, 2, 0, 7), PH_OK);
    ck_assert_uint_eq(s.records, 3);
    ck_assert_int_eq(ph_segment_add_states(&s, &grid, &grid.points[0]), PH_OK);
    ck_assert_uint_eq(s.states_count, 1);
    free(s.states);
    s.states = malloc(1 << 16);
    memset(s.states, 0xff, 1 << 16);
    free(s.series);
    free(s.sums);
    free(s.spins);
    s.series = calloc(1 << 16, sizeof(double));
    s.sums = calloc(1 << 16, sizeof(double));
    s.spins = malloc(1 << 16);
    ck_assert(s.series != NULL && s.sums != NULL && s.spins != NULL);
    memset(s.spins, 0xff, 1 << 16);
    return s;
}

typedef struct {
    const char *says; /* of the record left out; NULL: the journal is refused whole */
    void (*forge)(ph_segment_t *segment);
} forgery_t;

static void more_neurons(ph_segment_t *s)
{
    s->state_bits = 40000;
}
static void fewer_neurons(ph_segment_t *s)
{
    s->state_bits = 8;
}
static void more_components(ph_segment_t *s)
{
    s->components = 400;
}
static void fewer_components(ph_segment_t *s)
{
    s->components = 1;
}
static void no_records(ph_segment_t *s)
{
    s->records = 0;
}
static void more_records(ph_segment_t *s)
{
    s->records = 7;
}
static void later_records(ph_segment_t *s)
{
    s->record_first = 4;
}
static void endless_records(ph_segment_t *s)
{
    s->record_first = UINT64_MAX;
}
static void backwards(ph_segment_t *s)
{
    s->sweep_from = 8;
    s->record_first = 3;
}
static void no_replicas(ph_segment_t *s)
{
    s->replicas = 0;
}
static void no_series(ph_segment_t *s)
{
    free(s->series);
    s->series = NULL;
}
static void no_sums(ph_segment_t *s)
{
    free(s->sums);
    s->sums = NULL;
}
static void no_states(ph_segment_t *s)
{
    s->states_count = 0;
}
static void more_states(ph_segment_t *s)
{
    s->states_count = 2;
}
static void later_states(ph_segment_t *s)
{
    s->states_first = 1;
}
static void longer_states(ph_segment_t *s)
{
    s->states_bytes = 6;
}
static void other_sample(ph_segment_t *s)
{
    s->sample = 2;
}
static void other_replica(ph_segment_t *s)
{
    s->replica_first = 2;
}
static void far_replica(ph_segment_t *s)
{
    s->replica_first = UINT32_MAX;
}
static void other_chain(ph_segment_t *s)
{
    s->chain.low++;
}
static void too_long(ph_segment_t *s)
{
    s->sweep_to = 17;
    s->records = 8;
}
static void endless(ph_segment_t *s)
{
    s->sweep_to = UINT64_MAX;
}

static const forgery_t FORGERIES[] = {
    {"states have another size", more_neurons},
    {"states have another size", fewer_neurons},
    {"number of observables", more_components},
    {"number of observables", fewer_components},
    {"records are not those of its sweeps", no_records},
    {"records are not those of its sweeps", more_records},
    {"records are not those of its sweeps", later_records},
    {"records are not those of its sweeps", endless_records},
    {"sweeps do not go forward", backwards},
    {"number of replicas", no_replicas},
    {"trajectories or sums", no_series},
    {"trajectories or sums", no_sums},
    {"recorded states are not those of its sweeps", no_states},
    {"recorded states are not those of its sweeps", more_states},
    {"recorded states are not those of its sweeps", later_states},
    {"recorded states are not those of its sweeps", longer_states},
    {NULL, other_sample},
    {NULL, other_replica},
    {NULL, far_replica},
    {NULL, other_chain},
    {NULL, too_long},
    {NULL, endless},
};
enum { FORGERIES_COUNT = sizeof(FORGERIES) / sizeof(FORGERIES[0]) };

static void write_journal(const ph_segment_t *segment)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    ck_assert_int_eq(ph_journal_open(&journal, journal_path, &index, NULL), PH_OK);
    ck_assert_uint_eq(index.count, 0);
    ck_assert_int_eq(ph_journal_append(&journal, segment, NULL), PH_OK);
    ph_journal_close(&journal);
}

/* Left out with its place and what is wrong with it, its chains computed; or the journal refused
 * and nothing written. */
START_TEST(forged_record)
{
    const forgery_t *forgery = &FORGERIES[_i];
    ph_report_t report;
    ph_report_init(&report);
    ph_segment_t segment = honest();
    forgery->forge(&segment);
    write_journal(&segment);
    ph_segment_free(&segment);
    const int status = small_run(&grid, path, &report);
    if (forgery->says == NULL) {
        ck_assert_int_eq(status, PH_ERR_MISMATCH);
        ck_assert_int_ne(access(path, F_OK), 0);
        ck_assert_int_eq(access(journal_path, F_OK), 0);
        ck_assert(small_says(&report, "does not contain"));
    } else {
        ck_assert_int_eq(status, PH_OK);
        ck_assert(small_says(&report, forgery->says));
        ck_assert(small_says(&report, "byte 24 "));
        ck_assert_uint_eq(small_different(path, whole), 0);
        ck_assert_int_ne(access(journal_path, F_OK), 0);
    }
    ph_report_free(&report);
}
END_TEST

/* A record that fits, but begins where no chain is, does no harm; one that fits and follows is
 * believed, for nothing tells it from ours: the test before would pass on anything else. */
START_TEST(record_that_fits)
{
    ph_segment_t segment = honest();
    segment.sweep_from = 5;
    segment.record_first = 2;
    segment.records = 1;
    segment.states_count = 0;
    write_journal(&segment);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, whole), 0);
    ck_assert_int_eq(unlink(path), 0);
    segment.sweep_from = segment.record_first = 0;
    segment.records = 3;
    segment.states_count = 1;
    write_journal(&segment);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, whole), 2);
    ph_segment_free(&segment);
}
END_TEST

PH_TEST_PROGRAM("forged")
{
    TCase *tcase = tcase_create("forged");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, forged_record, 0, FORGERIES_COUNT);
    tcase_add_test(tcase, record_that_fits);
    return test_run("forged", tcase);
}
