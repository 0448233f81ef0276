/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blocks that are cut into pieces where threads would have nothing to do. */
#include <math.h>
#include <string.h>

#include "sim/run/memory.h"
#include "sim/run/split.h"
#include "tests/params/parse.h"

#define POINT(SAMPLER, NEURONS, MORE)                                                              \
    "network: { neurons: " NEURONS ", patterns: 3, dilution: 0.3 }\nnoise: 0.4\n"                  \
    "dynamics: { sampler: " SAMPLER ", sweeps: 1000 }\n"                                           \
    "ensemble: { samples: 1, replicas: 32 }\n" MORE

static void plan_of(const char *text, uint64_t threads, ph_grid_t *grid, ph_plan_t *plan)
{
    ph_checkpoint_index_t index;
    parse(grid, text);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, grid, NULL), PH_OK);
    ck_assert_int_eq(ph_split_init(plan, &index, 0, 1, threads, NULL), PH_OK);
    ph_checkpoint_index_free(&index);
}

/* The pieces are the block, one behind the other; how many there are. */
static size_t pieces_of(const char *text, uint64_t threads)
{
    ph_grid_t grid;
    ph_plan_t plan;
    double updates = 0.0;
    plan_of(text, threads, &grid, &plan);
    uint32_t next = 0;
    for (size_t k = 0; k < plan.count; k++) {
        ck_assert_uint_eq(plan.tasks[k].replica_first, next);
        ck_assert_uint_gt(plan.tasks[k].replicas, 0);
        ck_assert(!grid.replica_overlap || next % 2 == 0);
        next += plan.tasks[k].replicas;
        updates += plan.tasks[k].updates;
    }
    ck_assert_uint_eq(next, 32);
    ck_assert_double_eq_tol(updates, plan.updates, 1e-9 * plan.updates);
    const size_t count = plan.count;
    ck_assert_double_eq(ph_split_pieces(&grid, threads), fmin((double)threads, (double)count));
    ph_plan_free(&plan);
    ph_grid_free(&grid);
    return count;
}

/* Chains that share nothing are worth a thread each, what one register holds is not; nor what is
 * decided about as a whole. */
START_TEST(cut_where_it_pays)
{
    ck_assert_uint_eq(pieces_of(POINT("block-gibbs", "100000", ""), 1), 1);
    ck_assert_uint_eq(pieces_of(POINT("block-gibbs", "100000", ""), 2), 2);
    ck_assert_uint_eq(pieces_of(POINT("block-gibbs", "100000", ""), 5), 5);
    ck_assert_uint_eq(pieces_of(POINT("block-gibbs", "100000", ""), 1000), 32);
    ck_assert_uint_eq(pieces_of(POINT("lumped-little", "100000", ""), 8), 8);
    ck_assert_uint_eq(
        pieces_of(POINT("little", "100000", "record: { replica_overlap: true }\n"), 9), 8);
    ck_assert_uint_eq(
        pieces_of(POINT("little", "100000", "record: { replica_overlap: true }\n"), 64), 16);
    ck_assert_uint_eq(pieces_of(POINT("glauber", "10000", ""), 4), 1);
    ck_assert_uint_eq(pieces_of(POINT("glauber", "10000", ""), 32), 32);
}
END_TEST

/* Where there are blocks enough, or dynamics.until judges them, nothing is cut. */
START_TEST(left_whole)
{
    ph_grid_t grid;
    ph_plan_t plan;
    plan_of("network: { neurons: 100000, patterns: 3 }\nnoise: [0.4, 0.5]\n"
            "dynamics: { sampler: block-gibbs, sweeps: 100 }\nensemble: { replicas: 64 }\n",
            4, &grid, &plan);
    ck_assert_uint_eq(plan.count, 4);
    ck_assert_double_eq(ph_memory_bytes(&grid, 4), ph_memory_least(&grid, 4));
    ck_assert_double_gt(ph_memory_bytes(&grid, 8), 1.5 * ph_memory_least(&grid, 8) - 4e7);
    ck_assert_double_gt(ph_plan_cost(&grid, 4).seconds, 1.5 * ph_plan_cost(&grid, 8).seconds);
    ph_plan_free(&plan);
    ph_grid_free(&grid);
    plan_of("network: { neurons: 100000, patterns: 3 }\nnoise: 0.4\ndynamics: { sampler: "
            "block-gibbs, sweeps: 1000, until: { error: 0.01, sweeps_max: 1000 }, burn_in: 100 }\n"
            "ensemble: { replicas: 32 }\n",
            8, &grid, &plan);
    ck_assert_uint_eq(plan.count, 1);
    ph_plan_free(&plan);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("split")
{
    TCase *tcase = tcase_create("split");
    tcase_add_test(tcase, cut_where_it_pays);
    tcase_add_test(tcase, left_whole);
    return test_run("split", tcase);
}
