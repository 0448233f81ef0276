/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of a grid's chains from run files and journals, and the file put together of it. */
#include <stdlib.h>
#include <sys/stat.h>

#include "sim/run/checkpoint_index.h"
#include "tests/sim/run/smallrun.h"
#include "tests/sim/store/sample.h"

static char folder[32];

static void setup(void)
{
    small_folder(folder);
}

static void teardown(void)
{
    small_remove(folder);
}

/* Sweeps from ... to of some chains of one point, as sample_segment() fills them. */
typedef struct {
    size_t point;
    uint32_t sample, first, count;
    uint64_t from, to;
} piece_t;

static void write_journal(const ph_grid_t *grid, const char *path, size_t count,
                          const piece_t *pieces)
{
    ph_journal_t journal;
    ph_journal_index_t index;
    ck_assert_int_eq(ph_journal_open(&journal, path, &index, NULL), PH_OK);
    ph_journal_index_free(&index);
    for (size_t k = 0; k < count; k++) {
        const piece_t *p = &pieces[k];
        ph_segment_t segment;
        ck_assert_int_eq(
            sample_segment(&segment, grid, p->point, p->sample, p->first, p->count, p->from, p->to),
            PH_OK);
        ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
        ph_segment_free(&segment);
    }
    ph_journal_close(&journal);
}

static void write_file(const ph_grid_t *grid, const char *path, size_t count, const piece_t *pieces)
{
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_create(&file, path, grid, NULL), PH_OK);
    for (size_t k = 0; k < count; k++) {
        const piece_t *p = &pieces[k];
        ph_segment_t segment;
        ck_assert_int_eq(
            sample_segment(&segment, grid, p->point, p->sample, p->first, p->count, p->from, p->to),
            PH_OK);
        ck_assert_int_eq(ph_runfile_write(&file, p->point, &segment, NULL), PH_OK);
        ph_segment_free(&segment);
    }
    ck_assert_int_eq(ph_runfile_commit(&file, NULL), PH_OK);
    ph_runfile_close(&file);
}

static int take_journal(ph_checkpoint_index_t *self, const char *path, ph_report_t *report)
{
    ph_journal_index_t index;
    ck_assert_int_eq(ph_journal_scan(path, &index, NULL), PH_OK);
    return ph_checkpoint_index_add_journal(self, path, &index, report);
}

/* Every chain has a number of its own, the replicas of a sample of a point side by side. */
START_TEST(chains_are_numbered)
{
    ph_grid_t grid;
    ph_checkpoint_index_t index;
    parse(&grid, SMALL_GRID);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    ck_assert_uint_eq(ph_checkpoint_index_chains(&index), 2 * 2 * 3);
    size_t next = 0;
    for (size_t p = 0; p < 2; p++)
        for (uint32_t s = 0; s < 2; s++)
            for (uint32_t r = 0; r < 3; r++, next++) {
                ck_assert_uint_eq(ph_checkpoint_index_chain(&index, p, s, r), next);
                ck_assert(index.done[next] == 0 && index.source[next] == -1);
            }
    ck_assert_uint_eq(ph_checkpoint_index_points_complete(&index), 0);
    ck_assert_uint_eq(ph_point_total(&grid.points[0]), 15);
    ph_checkpoint_index_free(&index);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
}
END_TEST

static uint32_t below(uint64_t *state, uint32_t bound)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % bound);
}

/* A random journal: each chain is as far as going through the records one by one takes it, each
 * record taken where it begins no later than the chain is. */
START_TEST(journal_advances_chains)
{
    enum { PIECES = 40 };
    char path[96];
    ph_grid_t grid;
    ph_checkpoint_index_t index;
    piece_t pieces[PIECES];
    uint64_t state = (uint64_t)_i, done[2][2][3] = {0};
    size_t last[2][2][3] = {0}, complete = 0;
    parse(&grid, SMALL_GRID);
    for (size_t k = 0; k < PIECES; k++) {
        piece_t *p = &pieces[k];
        p->point = below(&state, 2);
        p->sample = below(&state, 2);
        p->first = below(&state, 3);
        p->count = 1 + below(&state, 3 - p->first);
        p->from = below(&state, 2) ? 0 : below(&state, 15);
        p->to = p->from + 1 + below(&state, (uint32_t)(15 - p->from));
        for (uint32_t r = p->first; r < p->first + p->count; r++) {
            uint64_t *own = &done[p->point][p->sample][r];
            if (p->from <= *own && p->to > *own) {
                *own = p->to;
                last[p->point][p->sample][r] = k;
            }
        }
    }
    write_journal(&grid, small_path(path, folder, "j"), PIECES, pieces);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    ck_assert_int_eq(take_journal(&index, path, NULL), PH_OK);
    for (size_t p = 0; p < 2; p++) {
        size_t ready = 0;
        for (uint32_t s = 0; s < 2; s++)
            for (uint32_t r = 0; r < 3; r++) {
                const size_t chain = ph_checkpoint_index_chain(&index, p, s, r);
                ck_assert_uint_eq(index.done[chain], done[p][s][r]);
                ck_assert_int_eq(index.source[chain], done[p][s][r] > 0 ? 0 : -1);
                if (done[p][s][r] > 0)
                    ck_assert_uint_eq(index.entry[chain], last[p][s][r]);
                ready += done[p][s][r] == 15;
            }
        complete += ready == 6;
    }
    ck_assert_uint_eq(ph_checkpoint_index_points_complete(&index), complete);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
}
END_TEST

/* Sums and spins of a chain at `sweeps`, by the rule of sample.h. */
static void check_state(ph_checkpoint_index_t *index, size_t p, uint32_t s, uint32_t r,
                        uint64_t sweeps)
{
    ph_segment_t right;
    ck_assert_int_eq(sample_segment(&right, index->grid, p, s, r, 1, 0, sweeps), PH_OK);
    const size_t words = (size_t)right.components * PH_MOMENT_WORDS;
    const size_t bytes = ph_segment_spin_bytes(right.state_bits);
    double *sums = calloc(words, sizeof(*sums));
    uint8_t *spins = calloc(bytes, 1);
    ck_assert_uint_eq(index->done[ph_checkpoint_index_chain(index, p, s, r)], sweeps);
    ck_assert_int_eq(ph_checkpoint_index_state(index, p, s, r, sums, spins, NULL), PH_OK);
    ck_assert_int_eq(memcmp(sums, right.sums, words * sizeof(*sums)), 0);
    ck_assert_int_eq(memcmp(spins, right.spins, bytes), 0);
    memset(spins, 0, bytes);
    ck_assert_int_eq(ph_checkpoint_index_state(index, p, s, r, NULL, spins, NULL), PH_OK);
    ck_assert_int_eq(memcmp(spins, right.spins, bytes), 0);
    ph_segment_free(&right);
    free(sums);
    free(spins);
}

/* The furthest of several sources has a chain's state: two files, and a journal that goes on from
 * one of them for a part of its replicas. */
START_TEST(furthest_source)
{
    static const piece_t SHORT[] = {{0, 0, 0, 3, 0, 4}, {1, 1, 0, 3, 0, 9}};
    static const piece_t LONG[] = {{0, 0, 0, 3, 0, 8}, {1, 1, 0, 3, 0, 5}};
    static const piece_t ON[] = {{0, 0, 0, 2, 8, 11}, {0, 0, 2, 1, 8, 15}, {0, 1, 0, 1, 3, 6}};
    char path[3][96];
    ph_grid_t grid;
    ph_checkpoint_index_t index;
    parse(&grid, SMALL_GRID);
    write_file(&grid, small_path(path[0], folder, "short.h5"), 2, SHORT);
    write_file(&grid, small_path(path[1], folder, "long.h5"), 2, LONG);
    write_journal(&grid, small_path(path[2], folder, "j"), 3, ON);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_add_file(&index, path[0], NULL), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_add_file(&index, path[1], NULL), PH_OK);
    ck_assert_int_eq(take_journal(&index, path[2], NULL), PH_OK);
    check_state(&index, 0, 0, 0, 11);
    check_state(&index, 0, 0, 1, 11);
    check_state(&index, 0, 0, 2, 15);
    check_state(&index, 1, 1, 1, 9);
    ck_assert_uint_eq(index.done[ph_checkpoint_index_chain(&index, 0, 1, 0)], 0); /* a gap */
    ph_source_close(&index.sources[0]); /* and open again, where it is needed */
    ck_assert(!index.sources[0].is_open);
    ck_assert_int_eq(ph_source_open(&index.sources[0], NULL), PH_OK);
    check_state(&index, 1, 1, 1, 9);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
}
END_TEST

#define NETWORK "network: { neurons: 40, patterns: 2 }\n"

/* A file of a smaller grid is taken up: points in another place, fewer samples and replicas, and
 * fewer sweeps, found by what they are. */
START_TEST(smaller_grid)
{
    static const piece_t ALL[] = {{0, 0, 0, 2, 0, 15},
                                  {1, 0, 0, 2, 0, 15}}; /* noises 0.2 and 0.6 */
    char path[96];
    ph_grid_t small, large;
    ph_checkpoint_index_t index;
    parse(&small, NETWORK "noise: [0.2, 0.6]\ndynamics: { sweeps: 12, burn_in: 3 }\n"
                          "ensemble: { replicas: 2 }\n");
    parse(&large, NETWORK "noise: [0.6, 0.1, 0.2]\ndynamics: { sweeps: 20, burn_in: 3 }\n"
                          "ensemble: { samples: 2, replicas: 3 }\n");
    write_file(&small, small_path(path, folder, "small.h5"), 2, ALL);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &large, NULL), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_add_file(&index, path, NULL), PH_OK);
    for (size_t p = 0; p < 3; p++)
        for (uint32_t s = 0; s < 2; s++)
            for (uint32_t r = 0; r < 3; r++)
                ck_assert_uint_eq(index.done[ph_checkpoint_index_chain(&index, p, s, r)],
                                  p > 0 && s < 1 && r < 2 ? 15 : 0);
    ck_assert_uint_eq(index.sources[0].match[0], SIZE_MAX);
    ck_assert_uint_eq(index.sources[0].match[1], 0);
    ck_assert_uint_eq(index.sources[0].match[2], 1);
    ck_assert_uint_eq(ph_checkpoint_index_points_complete(&index), 0);
    ph_checkpoint_index_free(&index);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &small, NULL), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_add_file(&index, path, NULL), PH_OK);
    ck_assert_uint_eq(ph_checkpoint_index_points_complete(&index), 2);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&small);
    ph_grid_free(&large);
}
END_TEST

static const struct {
    const char *grid; /* that the results do not fit into */
    int lost;         /* points */
} LOSSES[] = {
    {NETWORK "noise: [0.2, 0.7]\ndynamics: { sweeps: 12, burn_in: 3 }\n"
             "ensemble: { samples: 2, replicas: 3 }\n",
     1},
    {NETWORK "noise: [0.2, 0.6]\ndynamics: { sweeps: 11, burn_in: 3 }\n"
             "ensemble: { samples: 2, replicas: 3 }\n",
     2},
    {NETWORK "noise: [0.2, 0.6]\ndynamics: { sweeps: 12, burn_in: 3 }\n"
             "ensemble: { samples: 1, replicas: 3 }\n",
     1},
    {NETWORK "noise: [0.2, 0.6]\ndynamics: { sweeps: 12, burn_in: 3 }\n"
             "ensemble: { samples: 2, replicas: 2 }\n",
     2},
    {NETWORK "noise: [0.2, 0.6]\ndynamics: { sweeps: 12, burn_in: 4 }\n"
             "ensemble: { samples: 2, replicas: 3 }\n",
     2},
};

/* Results that the grid does not contain are named, points counted, and nothing is lost. */
START_TEST(results_would_be_lost)
{
    static const piece_t ALL[] = {{0, 0, 0, 3, 0, 15}, {1, 1, 0, 3, 0, 15}};
    char path[2][96], says[160];
    ph_grid_t grid, other;
    ph_report_t report;
    ph_checkpoint_index_t index;
    parse(&grid, NETWORK "noise: [0.2, 0.6]\ndynamics: { sweeps: 12, burn_in: 3 }\n"
                         "ensemble: { samples: 2, replicas: 3 }\n");
    parse(&other, LOSSES[_i].grid);
    write_file(&grid, small_path(path[0], folder, "run.h5"), 2, ALL);
    write_journal(&grid, small_path(path[1], folder, "j"), 2, ALL);
    ph_report_init(&report);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &other, &report), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_add_file(&index, path[0], &report), PH_ERR_MISMATCH);
    snprintf(says, sizeof(says), "holds results of %d point%s that this grid", LOSSES[_i].lost,
             LOSSES[_i].lost == 1 ? "" : "s");
    ck_assert_msg(small_says(&report, says), "%s", report.messages[0].text);
    ck_assert_int_eq(take_journal(&index, path[1], &report), PH_ERR_MISMATCH);
    snprintf(says, sizeof(says), "%s holds %d segments", path[1], LOSSES[_i].lost);
    ck_assert_msg(small_says(&report, says), "%s", says);
    ph_checkpoint_index_free(&index);
    ph_report_free(&report);
    ph_grid_free(&grid);
    ph_grid_free(&other);
}
END_TEST

/* A file that is not there, and one that is none: the index stays as it was. */
START_TEST(unreadable_source)
{
    char path[2][96];
    ph_grid_t grid;
    ph_checkpoint_index_t index;
    parse(&grid, SMALL_GRID);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    ck_assert_int_eq(
        ph_checkpoint_index_add_file(&index, small_path(path[0], folder, "none.h5"), NULL),
        PH_ERR_IO);
    write_journal(&grid, small_path(path[1], folder, "j"), 0, NULL);
    ck_assert_int_eq(ph_checkpoint_index_add_file(&index, path[1], NULL), PH_ERR_FORMAT);
    ck_assert_uint_eq(index.sources_count, 0);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("checkpoint_index")
{
    TCase *tcase = tcase_create("checkpoint index");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, chains_are_numbered);
    tcase_add_loop_test(tcase, journal_advances_chains, 1, 9);
    tcase_add_test(tcase, furthest_source);
    tcase_add_test(tcase, smaller_grid);
    tcase_add_loop_test(tcase, results_would_be_lost, 0, sizeof(LOSSES) / sizeof(LOSSES[0]));
    tcase_add_test(tcase, unreadable_source);
    return test_run("checkpoint index", tcase);
}
