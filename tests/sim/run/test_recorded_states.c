/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recorded states are those of the chain at their time, whatever the sampler, and the same bits
 * however a run comes about; they take the room that is said. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>

#include "sim/model/patterns.h"
#include "sim/run/merge.h"
#include "sim/run/plan.h"
#include "sim/run/worker.h"
#include "sim/store/journal.h"
#include "tests/sim/run/smallrun.h"

static char folder[32], path[96], other[96];

static void setup(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    small_path(other, folder, "other.h5");
}

static void teardown(void)
{
    small_remove(folder);
}

/* Every sampler that records states, in all rules; with a schedule, burn-in, sizes that end within
 * a byte. */
static const struct {
    const char *network, *dynamics, *noise;
} CASES[] = {
    {"neurons: 41, patterns: 3, dilution: 0.3", "sampler: glauber", "[0.3, 0.7]"},
    {"neurons: [16, 9], patterns: 2", "sampler: metropolis, order: permuted", "0.4"},
    {"neurons: 30, patterns: 2, rule: unsupervised, examples: 3, quality: 0.8",
     "sampler: little, start: archetype", "0.4"},
    {"neurons: 30, patterns: 2, rule: supervised, examples: 3, quality: 0.8",
     "sampler: block-gibbs", "0.4"},
    {"neurons: 500, patterns: 2, rule: supervised, examples: 3, quality: 0.8",
     "sampler: lumped-block-gibbs, burn_in: 2", "0.4"},
    {"neurons: 500, patterns: 2", "sampler: auto, burn_in: 4, schedule: { from: 2, sweeps: 4 }",
     "0.4"},
    {"neurons: 41, patterns: 2, dilution: 0.2", "sampler: descent, burn_in: 1", "0"},
    {"neurons: 41, patterns: 2", "sampler: replica-exchange, ladder: [0.4, 0.6, 0.9]", "0.4"},
};
enum { CASES_COUNT = sizeof(CASES) / sizeof(CASES[0]) };

static void parse_case(ph_grid_t *grid, int number, int sweeps, const char *states)
{
    char text[640];
    snprintf(text, sizeof(text),
             "network: { %s }\nnoise: %s\ndynamics: { sweeps: %d, %s }\n"
             "ensemble: { samples: 2, replicas: 3, lanes: 2 }\nrecord: { states: %s }\n",
             CASES[number].network, CASES[number].noise, sweeps, CASES[number].dynamics, states);
    parse(grid, text);
}

/* Mattis magnetization of a stored state, as it is recorded. */
static float magnetization(const ph_patterns_t *patterns, const uint8_t *bits, int64_t mu)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < patterns->neurons; i++) {
        const int spin = bits[i / 8] >> (i % 8) & 1 ? 1 : -1;
        sum += spin * patterns->entries[i * patterns->patterns + mu];
    }
    return (float)((double)sum / (double)patterns->neurons);
}

static void hold_chain(ph_runfile_t *file, size_t p, const ph_patterns_t *patterns, uint32_t s,
                       uint32_t r)
{
    const ph_grid_t *grid = file->base.grid;
    const ph_point_t *point = &grid->points[p];
    const size_t bytes = ph_point_spin_bytes(point);
    uint8_t bits[64];
    ph_segment_t chain;
    ck_assert_int_eq(ph_runfile_read(file, p, s, r, 1, 0, &chain, NULL), PH_OK);
    for (size_t k = 0; k < ph_grid_states(grid); k++) {
        const size_t record = (size_t)ph_grid_state_time(grid, k);
        ck_assert_int_eq(ph_runfile_read_states(file, p, s, r, k, 1, bits, NULL), PH_OK);
        for (int64_t mu = 0; mu < point->patterns; mu++)
            ck_assert_float_eq(magnetization(patterns, bits, mu),
                               (float)chain.series[record * chain.components + (size_t)mu]);
        if ((int64_t)record == point->sweeps) /* the last state begins with the same bytes */
            ck_assert_mem_eq(bits, chain.spins, bytes);
        if (point->neurons % 8 != 0) /* no bit behind the last spin */
            ck_assert_int_eq(bits[bytes - 1] >> (point->neurons % 8), 0);
    }
    ph_segment_free(&chain);
}

/* Of the state at time 5, which is the last of a run of 5 sweeps that records none. */
static void hold_last(ph_runfile_t *file, ph_runfile_t *shorter, size_t p, uint32_t s, uint32_t r)
{
    uint8_t bits[64];
    ph_segment_t last;
    ck_assert_int_eq(ph_runfile_read_states(file, p, s, r, 2, 1, bits, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_read(shorter, p, s, r, 1, UINT64_MAX, &last, NULL), PH_OK);
    ck_assert_mem_eq(bits, last.spins, ph_point_spin_bytes(&file->base.grid->points[p]));
    ph_segment_free(&last);
}

/* Overlaps of the stored spins are, to the bit, the magnetization recorded at that sweep; the state
 * at time t is the last state of a run of t sweeps. */
START_TEST(states_are_those_of_their_time)
{
    ph_grid_t grid, shorter;
    ph_runfile_t file, last;
    parse_case(&grid, _i, 8, "[0, 1, 5, 8]");
    parse_case(&shorter, _i, 5, "none");
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(small_run(&shorter, other, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&last, other, NULL), PH_OK);
    ck_assert(!ph_gridfile_has(&last.base, "states"));
    for (size_t p = 0; p < grid.points_count; p++)
        for (uint32_t s = 0; s < 2; s++) {
            ph_patterns_t patterns;
            ck_assert_int_eq(ph_patterns_draw(&patterns, &grid.points[p], grid.seed, s), PH_OK);
            for (uint32_t r = 0; r < 3; r++) {
                hold_chain(&file, p, &patterns, s, r);
                hold_last(&file, &last, p, s, r);
            }
            ph_patterns_free(&patterns);
        }
    ph_runfile_close(&file);
    ph_runfile_close(&last);
    ph_grid_free(&grid);
    ph_grid_free(&shorter);
}
END_TEST

/* Stopped after every sweep and begun again, the last time with a longer grid; on two threads; in
 * shards put together: the same file as at once. */
START_TEST(same_bits_however_it_is_run)
{
    static const char *const STATES[] = {"[0, 1, 4, 5]", "{ every: 2 }"};
    const volatile sig_atomic_t stop = 1;
    ph_grid_t grid, shorter;
    ph_run_summary_t summary;
    char parts[2][96];
    const char *const names[2] = {parts[0], parts[1]};
    static const int ORDER[] = {0, 4, 6, 7}; /* glauber, lumped, descent, replica exchange */
    parse_case(&grid, ORDER[_i], 7, STATES[_i % 2]);
    parse_case(&shorter, ORDER[_i], 5, STATES[_i % 2]);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    const ph_run_options_t stopped = {
        .path = other, .threads = 2, .checkpoint_every = 1e-9, .stop = &stop};
    const ph_run_options_t often = {.path = other, .threads = 2, .checkpoint_every = 1e-9};
    ck_assert_int_eq(ph_run(&shorter, &stopped, &summary, NULL), PH_ERR_INTERRUPTED);
    ck_assert_int_eq(ph_run(&shorter, &often, &summary, NULL), PH_OK);
    ck_assert_int_eq(ph_run(&grid, &often, &summary, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, other), 0);
    for (uint32_t i = 0; i < 2; i++) {
        const ph_run_options_t shard = {.path =
                                            small_path(parts[i], folder, i == 0 ? "0.h5" : "1.h5"),
                                        .threads = 1,
                                        .shard = i,
                                        .shards = 2,
                                        .checkpoint_every = 1e-9};
        ck_assert_int_eq(ph_run(&grid, &shard, &summary, NULL), PH_OK);
    }
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_int_eq(ph_run_merge(2, names, other, false, NULL, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_grid_free(&grid);
    ph_grid_free(&shorter);
}
END_TEST

/* Two chains of one segment of a journal, of which the file beside it has the first already. */
START_TEST(part_of_a_segment)
{
    ph_grid_t grid, one;
    ph_runfile_t file;
    ph_segment_t segment;
    ph_journal_t journal;
    ph_journal_index_t index;
    char name[112];
    parse_case(&grid, 2, 7, "[0, 3, 7]");
    parse_with(&one, grid.text, "replicas=1");
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(small_run(&one, other, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_read(&file, 0, 1, 0, 2, 0, &segment, NULL), PH_OK);
    ck_assert_int_eq(ph_segment_add_states(&segment, &grid, &grid.points[0]), PH_OK);
    for (uint32_t r = 0; r < 2; r++)
        ck_assert_int_eq(
            ph_runfile_read_states(&file, 0, 1, r, 0, 3, segment.states + 12 * r, NULL), PH_OK);
    snprintf(name, sizeof(name), "%s.journal", other);
    ck_assert_int_eq(ph_journal_open(&journal, name, &index, NULL), PH_OK);
    ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
    ph_journal_close(&journal);
    ph_journal_index_free(&index);
    ph_segment_free(&segment);
    ph_runfile_close(&file);
    ck_assert_int_eq(small_run(&grid, other, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_grid_free(&grid);
    ph_grid_free(&one);
}
END_TEST

/* Blocks that end by dynamics.until, each when it may: states at every second sweep as far as each
 * goes, the same at once and sweep by sweep; the dimension has room for the longest. */
START_TEST(blocks_that_go_on)
{
    ph_grid_t grid;
    ph_runfile_t file;
    ph_run_summary_t summary;
    int64_t least = INT64_MAX, most = 0;
    parse(&grid, "network: { neurons: 41, patterns: 2 }\nnoise: 0.5\n"
                 "dynamics: { sweeps: 8, burn_in: 3, until: { error: 0.15, sweeps_max: 64 } }\n"
                 "ensemble: { samples: 4, replicas: 8, lanes: 4 }\n"
                 "record: { states: { every: 2 } }\n");
    ck_assert_uint_eq(ph_grid_states(&grid), 33);
    const ph_run_options_t often = {.path = other, .threads = 1, .checkpoint_every = 1e-9};
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(ph_run(&grid, &often, &summary, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, other), 0);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (uint32_t s = 0; s < 4; s++)
        for (uint32_t r = 0; r < 8; r++) {
            ph_segment_t chain;
            small_read(&file, 0, s, r, &chain);
            const int64_t done = (int64_t)chain.sweep_to - 3;
            least = done < least ? done : least;
            most = done > most ? done : most;
            ck_assert_uint_eq(chain.states_count, (uint64_t)done / 2 + 1);
            ck_assert_mem_eq(chain.states + 6 * (chain.states_count - 1), chain.spins, 6);
            ph_segment_free(&chain);
        }
    ck_assert_int_lt(least, most); /* or the test would be of chains of one length */
    ck_assert_int_gt(most, 8);
    ph_runfile_close(&file);
    ph_grid_free(&grid);
}
END_TEST

/* What is said of the file grows by the bytes of the states and of their times, of the journal by
 * theirs too. */
START_TEST(sizes_are_as_said)
{
    ph_grid_t with, without;
    parse_case(&with, _i, 9, "{ every: 2 }");
    parse_case(&without, _i, 9, "none");
    const ph_cost_t more = ph_plan_cost(&with, 1), less = ph_plan_cost(&without, 1);
    double bytes = 0.0;
    for (size_t p = 0; p < with.points_count; p++)
        bytes += 2.0 * 3.0 * 5.0 * ceil((double)with.points[p].neurons / 8.0);
    ck_assert_double_eq_tol(more.file_bytes - less.file_bytes, bytes + 8.0 * 5.0, 1e-6);
    ck_assert_double_ge(more.journal_bytes - less.journal_bytes, bytes);
    ck_assert_double_le(more.journal_bytes - less.journal_bytes,
                        bytes + 100.0 * (double)with.points_count + 100.0);
    ph_grid_free(&with);
    ph_grid_free(&without);
}
END_TEST

/* What a worker hands on: no more states at a time than that one more than 8 MiB are there, all of
 * them in order, each the pattern that the chain never leaves. */
typedef struct {
    size_t segments;
    uint64_t states;
    const ph_patterns_t *patterns;
} handed_t;

static int hand_on(void *context, const ph_task_t *task, const ph_segment_t *segment)
{
    handed_t *handed = context;
    const size_t one = task->replicas * (size_t)segment->states_bytes;
    ck_assert_uint_eq(segment->states_first, handed->states);
    ck_assert_uint_le(segment->states_count * one, PH_TASK_SERIES_BYTES + one);
    for (size_t k = 0; k < task->replicas * segment->states_count; k += 9)
        ck_assert_float_eq(
            magnetization(handed->patterns, segment->states + k * segment->states_bytes, 0), 1.0F);
    handed->states += segment->states_count;
    handed->segments++;
    return PH_OK;
}

static bool swept(void *context, double updates, double since)
{
    return context == NULL || updates < 0.0 || since < 0.0;
}

static bool stopped(void *context)
{
    return context == NULL;
}

START_TEST(long_chains_of_states_come_in_parts)
{
    const ph_task_t task = {.replicas = 8};
    ph_grid_t grid;
    ph_patterns_t patterns;
    parse(&grid, "network: { neurons: 1000000, patterns: 1 }\nnoise: 0\n"
                 "dynamics: { sweeps: 9, sampler: little, start: archetype }\n"
                 "ensemble: { replicas: 8 }\nrecord: { states: { every: 1 } }\n");
    ck_assert_int_eq(ph_patterns_draw(&patterns, &grid.points[0], grid.seed, 0), PH_OK);
    handed_t handed = {.patterns = &patterns};
    const ph_task_calls_t calls = {
        .context = &handed, .swept = swept, .stopped = stopped, .hand_on = hand_on};
    ck_assert_int_eq(ph_task_run(&task, NULL, &grid, &calls, NULL), PH_OK);
    ck_assert_uint_eq(handed.states, 10);
    ck_assert_uint_eq(handed.segments, 2);
    ph_patterns_free(&patterns);
    ph_grid_free(&grid);
}
END_TEST

/* A file takes no segment without the states of its sweeps, nor with those of others. */
START_TEST(segments_without_states_are_refused)
{
    ph_grid_t grid;
    ph_runfile_t file;
    ph_segment_t segment;
    ph_report_t report;
    ph_report_init(&report);
    parse_case(&grid, 0, 9, "[2, 9]");
    const ph_point_t *point = &grid.points[0];
    ck_assert_int_eq(ph_runfile_create(&file, path, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_segment_init(&segment, &grid, point, 0, 0, 1, 0, 5), PH_OK);
    ck_assert_int_eq(ph_runfile_write(&file, 0, &segment, &report), PH_ERR_MISMATCH);
    ck_assert(small_says(&report, "lack their recorded states"));
    ck_assert_int_eq(ph_segment_add_states(&segment, &grid, point), PH_OK);
    segment.states_first = 1;
    ck_assert_int_eq(ph_runfile_write(&file, 0, &segment, NULL), PH_ERR_MISMATCH);
    segment.states_first = 0;
    ck_assert_int_eq(ph_runfile_write(&file, 0, &segment, NULL), PH_OK);
    ph_segment_free(&segment);
    ph_runfile_close(&file);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("recorded_states")
{
    TCase *tcase = tcase_create("recorded_states");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, states_are_those_of_their_time, 0, CASES_COUNT);
    tcase_add_loop_test(tcase, same_bits_however_it_is_run, 0, 4);
    tcase_add_test(tcase, part_of_a_segment);
    tcase_add_test(tcase, blocks_that_go_on);
    tcase_add_loop_test(tcase, sizes_are_as_said, 0, CASES_COUNT);
    tcase_add_test(tcase, long_chains_of_states_come_in_parts);
    tcase_add_test(tcase, segments_without_states_are_refused);
    return test_run("recorded_states", tcase);
}
