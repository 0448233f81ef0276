/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The work left to do and how it is dealt out; what a grid costs, by counting. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/moments.h"
#include "sim/run/balance.h"
#include "sim/run/memory.h"
#include "sim/run/plan.h"
#include "tests/params/parse.h"

#define GRID                                                                                       \
    "network: { neurons: [40, 90], patterns: 2 }\nnoise: [0.2, 0.6, 1]\n"                          \
    "dynamics: { sweeps: 12, burn_in: 3 }\nensemble: { samples: 3, replicas: 11, lanes: 4 }\n"

enum { POINTS = 6, SAMPLES = 3, REPLICAS = 11, LANES = 4, TOTAL = 15 };

/* Chains at 0, some sweeps or the end, by a rule. */
static void advance(ph_checkpoint_index_t *index, int how)
{
    for (size_t c = 0; c < ph_checkpoint_index_chains(index); c++)
        index->done[c] = how == 0          ? 0
                         : how == 1        ? (c * c / 3) % 4 * 5
                         : (c / 7) % 3 > 0 ? TOTAL
                                           : 2;
}

/* Over all shards each unfinished chain is in one task, at its own sweep, within one block; chains
 * of a block at one sweep go together; the updates are those left. */
START_TEST(tasks_cover_the_work)
{
    const uint32_t shards = (uint32_t)_i % 5 + 1;
    ph_grid_t grid;
    ph_checkpoint_index_t index;
    parse(&grid, GRID);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    advance(&index, _i / 5);
    int *seen = calloc(ph_checkpoint_index_chains(&index), sizeof(*seen));
    ck_assert_ptr_nonnull(seen);
    double updates = 0.0, left = 0.0;
    for (uint32_t shard = 0; shard < shards; shard++) {
        ph_plan_t plan;
        double own = 0.0;
        ck_assert_int_eq(ph_plan_init(&plan, &index, shard, shards, NULL), PH_OK);
        for (size_t k = 0; k < plan.count; k++) {
            const ph_task_t *t = &plan.tasks[k];
            ck_assert(t->replicas > 0 &&
                      t->replica_first / LANES == (t->replica_first + t->replicas - 1) / LANES);
            for (uint32_t r = 0; r < t->replicas; r++) {
                const size_t chain =
                    ph_checkpoint_index_chain(&index, t->point, t->sample, t->replica_first + r);
                ck_assert_uint_eq(index.done[chain], t->sweep_from);
                seen[chain]++;
            }
            const uint32_t next = t->replica_first + t->replicas; /* not to be split from these */
            ck_assert(next % LANES == 0 || next == REPLICAS ||
                      index.done[ph_checkpoint_index_chain(&index, t->point, t->sample, next)] !=
                          t->sweep_from);
            const double task = (double)(TOTAL - t->sweep_from) *
                                (double)grid.points[t->point].neurons * t->replicas;
            ck_assert(t->updates == task);
            own += task;
        }
        ck_assert(plan.updates == own);
        updates += own;
        ph_plan_free(&plan);
    }
    for (size_t c = 0; c < ph_checkpoint_index_chains(&index); c++) {
        const size_t point = c / (SAMPLES * REPLICAS);
        ck_assert_int_eq(seen[c], index.done[c] < TOTAL);
        left += (double)(TOTAL - index.done[c]) * (double)grid.points[point].neurons;
    }
    ck_assert(updates == left);
    free(seen);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
}
END_TEST

static double cost_of(const ph_grid_t *grid, const ph_task_t *task)
{
    return ph_plan_block(grid, task->point, task->replicas);
}

/* Machines whose C libraries differ in the last bits of a logarithm deal alike: costs have eight
 * binary digits, and ask for no processor. A block of more chains, of more neurons costs more. */
START_TEST(costs_are_coarse)
{
    ph_grid_t grid;
    parse(&grid, "network: { neurons: [1000, 30000], patterns: 3, dilution: 0.3 }\nnoise: 0.4\n"
                 "dynamics: { sampler: [glauber, block-gibbs, lumped-little], sweeps: 100 }\n");
    for (size_t p = 0; p < grid.points_count; p++)
        for (uint32_t chains = 1; chains <= 32; chains *= 2) {
            int exponent;
            const double cost = ph_plan_block(&grid, p, chains);
            const double digits = 256.0 * frexp(cost, &exponent);
            ck_assert(cost > 0.0 && digits == rint(digits));
            if (chains >= 4)
                ck_assert_double_gt(ph_plan_block(&grid, p, 2 * chains), cost);
            if (p >= grid.points_count / 2 && grid.points[p].sampler != PH_SAMPLER_LUMPED_LITTLE)
                ck_assert_double_gt(cost,
                                    5.0 * ph_plan_block(&grid, p - grid.points_count / 2, chains));
        }
    ph_grid_free(&grid);
}
END_TEST

/* The dearest first; shards differ by less than the dearest block; which blocks a shard has does
 * not depend on what is done. */
START_TEST(shards_are_fair)
{
    ph_grid_t grid;
    ph_checkpoint_index_t fresh, begun;
    parse(&grid, GRID);
    ck_assert_int_eq(ph_checkpoint_index_init(&fresh, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_init(&begun, &grid, NULL), PH_OK);
    advance(&begun, 1);
    for (uint32_t shards = 1; shards <= 7; shards++) {
        double most = 0.0, least = INFINITY;
        for (uint32_t shard = 0; shard < shards; shard++) {
            ph_plan_t plan, rest;
            ck_assert_int_eq(ph_plan_init(&plan, &fresh, shard, shards, NULL), PH_OK);
            ck_assert_int_eq(ph_plan_init(&rest, &begun, shard, shards, NULL), PH_OK);
            double own = 0.0;
            for (size_t k = 0; k < plan.count; k++) {
                ck_assert(k == 0 ||
                          cost_of(&grid, &plan.tasks[k]) <= cost_of(&grid, &plan.tasks[k - 1]));
                own += cost_of(&grid, &plan.tasks[k]);
            }
            for (size_t k = 0; k < rest.count; k++) {
                bool found = false; /* the block of the task is one of the shard's */
                for (size_t j = 0; j < plan.count; j++)
                    found = found || (plan.tasks[j].point == rest.tasks[k].point &&
                                      plan.tasks[j].sample == rest.tasks[k].sample &&
                                      plan.tasks[j].replica_first / LANES ==
                                          rest.tasks[k].replica_first / LANES);
                ck_assert(found);
            }
            most = fmax(most, own);
            least = fmin(least, own);
            ph_plan_free(&plan);
            ph_plan_free(&rest);
        }
        ck_assert_double_le(most - least, ph_plan_block(&grid, POINTS - 1, LANES));
    }
    ph_checkpoint_index_free(&fresh);
    ph_checkpoint_index_free(&begun);
    ph_grid_free(&grid);
}
END_TEST

/* Blocks in order of falling cost go to whoever has least: other machines count on it. */
START_TEST(to_whom_has_least)
{
    enum { SHARDS = 4 };
    ph_grid_t grid;
    ph_checkpoint_index_t index;
    ph_plan_t all, own[SHARDS];
    size_t next[SHARDS] = {0};
    double has[SHARDS] = {0.0};
    parse(&grid, GRID);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_plan_init(&all, &index, 0, 1, NULL), PH_OK);
    for (uint32_t s = 0; s < SHARDS; s++)
        ck_assert_int_eq(ph_plan_init(&own[s], &index, s, SHARDS, NULL), PH_OK);
    for (size_t k = 0; k < all.count; k++) {
        size_t s = 0;
        for (size_t other = 1; other < SHARDS; other++)
            s = has[other] < has[s] ? other : s;
        has[s] += cost_of(&grid, &all.tasks[k]);
        const ph_task_t *task = &own[s].tasks[next[s]++];
        ck_assert(task->point == all.tasks[k].point && task->sample == all.tasks[k].sample &&
                  task->replica_first == all.tasks[k].replica_first);
    }
    for (uint32_t s = 0; s < SHARDS; s++) {
        ck_assert_uint_eq(next[s], own[s].count);
        ph_plan_free(&own[s]);
    }
    ph_plan_free(&all);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
}
END_TEST

/* Sizes from 1000 to a million neurons on many parts: the slowest takes little more than its share,
 * and what is said of it is what adding up says. */
START_TEST(balanced)
{
    ph_grid_t grid;
    ph_balance_t one, two, many, all;
    parse(&grid, "network: { neurons: [1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, "
                 "500000, 1000000], patterns: 3 }\nnoise: { from: 0.1, to: 1, steps: 19 }\n"
                 "dynamics: { sweeps: 100 }\nensemble: { samples: 8, replicas: 72, lanes: 32 }\n");
    ck_assert_int_eq(ph_plan_balance(&grid, 1, 1, &one, NULL), PH_OK);
    ck_assert_int_eq(ph_plan_balance(&grid, 2, 1, &two, NULL), PH_OK);
    ck_assert_int_eq(ph_plan_balance(&grid, 64, 1, &many, NULL), PH_OK);
    ck_assert_double_eq(one.blocks, 10.0 * 19.0 * 8.0 * 3.0);
    ck_assert_double_eq_tol(one.slowest, ph_plan_cost(&grid, 1).seconds, 1e-6 * one.slowest);
    ck_assert_double_eq_tol(one.idle, 0.0, 1e-12);
    ck_assert_uint_eq(one.fewest, 1);
    ck_assert_double_eq_tol(two.slowest, 0.5 * one.slowest, 0.01 * one.slowest);
    ck_assert(many.idle >= 0.0 && many.idle < 0.17);
    ck_assert_double_eq_tol(many.slowest * 64.0 * (1.0 - many.idle), one.slowest,
                            1e-9 * one.slowest);
    /* as many parts as blocks: the longest block is what it takes, and far fewer do */
    ck_assert_int_eq(ph_plan_balance(&grid, 4560, 1, &all, NULL), PH_OK);
    ck_assert_double_eq_tol(all.slowest, all.longest, 1e-9 * all.longest);
    ck_assert_double_eq_tol(all.idle, 1.0 - one.slowest / (4560.0 * all.longest), 1e-9);
    ck_assert(all.fewest < 2280 && all.fewest >= one.slowest / (1.02 * all.longest));
    const uint32_t fewest = all.fewest;
    ck_assert_int_eq(ph_plan_balance(&grid, fewest, 1, &all, NULL), PH_OK);
    ck_assert(all.slowest <= 1.02 * all.longest && all.fewest <= fewest);
    ck_assert_int_eq(ph_plan_balance(&grid, fewest - 1, 1, &all, NULL), PH_OK);
    ck_assert(all.slowest > 1.02 * all.longest);
    /* more threads than blocks: no faster than the longest */
    ck_assert_int_eq(ph_plan_balance(&grid, 1, 10000, &all, NULL), PH_OK);
    ck_assert_double_eq(all.slowest, all.longest);
    ph_grid_free(&grid);
}
END_TEST

/* How `parts` of `threads` fare by what one part of a grid with a share of the samples costs. */
static ph_balance_t balance_of(const char *text, uint32_t parts, uint64_t threads)
{
    ph_grid_t grid;
    ph_balance_t balance;
    parse(&grid, text);
    ck_assert_int_eq(ph_plan_balance(&grid, parts, threads, &balance, NULL), PH_OK);
    ph_grid_free(&grid);
    return balance;
}

static double seconds_of(const char *text, uint64_t threads)
{
    ph_grid_t grid;
    parse(&grid, text);
    const double seconds = ph_plan_cost(&grid, threads).seconds;
    ph_grid_free(&grid);
    return seconds;
}

/* A part that has fewer blocks than threads cuts them, and is as fast as a run that does so: two
 * threads halve one block, four parts of two threads are no slower than that where each has one
 * block, and eight blocks on two threads are left whole. */
START_TEST(cut_blocks)
{
#define LONE                                                                                       \
    "network: { neurons: 1000000, patterns: 3, dilution: 0.3 }\nnoise: 0.4\n"                      \
    "dynamics: { sampler: block-gibbs, sweeps: 1000, record_every: 1000 }\n"
    const double alone = seconds_of(LONE "ensemble: { samples: 1, replicas: 32 }\n", 1);
    const double halved = seconds_of(LONE "ensemble: { samples: 1, replicas: 32 }\n", 2);
    ck_assert_double_lt(halved, 0.7 * alone);
    ph_balance_t b = balance_of(LONE "ensemble: { samples: 1, replicas: 32 }\n", 1, 1);
    ck_assert(!b.cut);
    ck_assert_double_eq_tol(b.longest, alone, 1e-6 * alone);
    b = balance_of(LONE "ensemble: { samples: 1, replicas: 32 }\n", 1, 2);
    ck_assert(b.cut);
    ck_assert_double_eq(b.blocks, 1.0);
    ck_assert_double_eq_tol(b.longest, halved, 1e-6 * halved);
    ck_assert_double_eq_tol(b.slowest, halved, 1e-6 * halved);
    ck_assert_double_eq_tol(b.idle, 0.0, 1e-9);
    b = balance_of(LONE "ensemble: { samples: 4, replicas: 32 }\n", 4, 2);
    ck_assert(b.cut);
    ck_assert_double_eq_tol(b.slowest, halved, 1e-6 * halved);
    ck_assert_uint_eq(b.fewest, 4);
    b = balance_of(LONE "ensemble: { samples: 8, replicas: 32 }\n", 1, 2);
    ck_assert(!b.cut);
    ck_assert_double_eq_tol(b.longest, alone, 1e-6 * alone);
    ck_assert_double_eq_tol(b.slowest, 4.0 * alone, 1e-5 * alone);
    /* two blocks in one part and one in the other, which is cut into smaller pieces */
    const double once = seconds_of(LONE "ensemble: { samples: 1, replicas: 32 }\n", 8);
    const double twice = seconds_of(LONE "ensemble: { samples: 2, replicas: 32 }\n", 8);
    b = balance_of(LONE "ensemble: { samples: 3, replicas: 32 }\n", 2, 8);
    ck_assert_double_eq_tol(b.slowest, twice, 1e-6 * twice);
    ck_assert_double_eq_tol(b.idle, 0.5 - 0.5 * once / twice, 1e-9);
    /* one replica of the last block is no piece: what is left of 33 is a block of its own */
    b = balance_of(LONE "ensemble: { samples: 1, replicas: 33 }\n", 1, 2);
    ck_assert(!b.cut);
    ck_assert_double_eq(b.blocks, 2.0);
    b = balance_of(LONE "ensemble: { samples: 1, replicas: 33 }\n", 2, 2);
    ck_assert(b.cut);
    ck_assert_double_eq_tol(b.slowest, halved, 1e-6 * halved);
}
END_TEST

/* Where chains share a register, or a block decides as a whole, no thread more makes it faster. */
START_TEST(uncut_blocks)
{
    static const char *const GRIDS[] = {
        "network: { neurons: 1000000, patterns: 3, dilution: 0.3 }\nnoise: 0.4\n"
        "dynamics: { sampler: glauber, sweeps: 10 }\nensemble: { samples: 1, replicas: 16, lanes: "
        "16 }\n",
        "network: { neurons: 1000000, patterns: 3, dilution: 0.3 }\nnoise: 0.4\n"
        "dynamics: { sampler: block-gibbs, sweeps: 100, until: { error: 0.01, sweeps_max: 1000 "
        "} "
        "}\nensemble: { samples: 1, replicas: 32 }\n",
    };
    for (size_t i = 0; i < sizeof(GRIDS) / sizeof(*GRIDS); i++) {
        const ph_balance_t one = balance_of(GRIDS[i], 1, 1), two = balance_of(GRIDS[i], 1, 2);
        ck_assert(!one.cut && !two.cut);
        ck_assert_double_eq(two.longest, one.longest);
        ck_assert_double_eq(two.slowest, one.slowest);
        ck_assert_double_eq_tol(two.idle, 0.5, 1e-9);
    }
}
END_TEST

/* A shard is unfinished exactly where its plan is not empty. */
START_TEST(unfinished_shards)
{
    enum { SHARDS = 9 };
    bool unfinished[SHARDS];
    ph_grid_t grid;
    ph_checkpoint_index_t index;
    parse(&grid, GRID);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    for (size_t left = 0; left <= 203; left += 7) { /* one chain is missing, or none */
        for (size_t c = 0; c < ph_checkpoint_index_chains(&index); c++)
            index.done[c] = c == left ? TOTAL - 1 : TOTAL;
        ck_assert_int_eq(ph_plan_unfinished(&index, SHARDS, unfinished, NULL), PH_OK);
        size_t count = 0;
        for (uint32_t shard = 0; shard < SHARDS; shard++) {
            ph_plan_t plan;
            ck_assert_int_eq(ph_plan_init(&plan, &index, shard, SHARDS, NULL), PH_OK);
            ck_assert_int_eq(unfinished[shard], plan.count > 0);
            count += unfinished[shard];
            ph_plan_free(&plan);
        }
        ck_assert_uint_eq(count, left < POINTS * SAMPLES * REPLICAS);
    }
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *text;
    int status;
    const char *says;
} CHECKED[] = {
    {"rule: supervised, patterns: 2, examples: { each: [1, 32767] }", PH_OK, NULL},
    {"rule: supervised, patterns: 2, examples: { each: [1, 32768] }", PH_ERR_LIMIT,
     "network.examples: 32768 of pattern 2 in rule supervised"},
    {"rule: unsupervised, patterns: 2, examples: { each: [1, 32768] }", PH_OK, NULL},
    {"rule: storage, patterns: 2, examples: 99999", PH_OK, NULL},
};

/* Sums of examples must fit 16 bits, in the rule that keeps sums. */
START_TEST(examples_fit)
{
    char text[300];
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    snprintf(text, sizeof(text),
             "network: { neurons: 10, %s }\nnoise: 0.3\ndynamics: { sweeps: 1 }\n",
             CHECKED[_i].text);
    parse(&grid, text);
    ck_assert_int_eq(ph_plan_check(&grid, &report), CHECKED[_i].status);
    ck_assert_uint_eq(report.count, CHECKED[_i].says != NULL);
    if (CHECKED[_i].says != NULL)
        ck_assert_msg(strstr(report.messages[0].text, CHECKED[_i].says) != NULL, "%s",
                      report.messages[0].text);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* A run of 2^30 neurons and 4096 patterns needs its 4096 x 3 bytes a neuron and is refused; a small
 * one is not. Memory never falls with threads, replicas or neurons. */
START_TEST(memory)
{
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    parse(&grid, "network: { neurons: 1073741824, patterns: 4096 }\nnoise: 0.3\n"
                 "dynamics: { sweeps: 1 }\n");
    const double huge = ph_memory_bytes(&grid, 1);
    ck_assert_double_gt(huge, 4096.0 * 3.0 * 1073741824.0);
    ck_assert_double_lt(huge, 4096.0 * 4.0 * 1073741824.0);
    ck_assert_int_eq(ph_plan_check_memory(&grid, 1, &report), PH_ERR_LIMIT);
    ck_assert_msg(strstr(report.messages[0].text, "the run needs about 1.") != NULL, "%s",
                  report.messages[0].text);
    ph_grid_free(&grid);
    ph_report_free(&report);
    parse(&grid, GRID);
    ck_assert_int_eq(ph_plan_check_memory(&grid, 1, NULL), PH_OK);
    double before = 0.0;
    for (uint64_t threads = 1; threads < 64; threads *= 2) {
        ck_assert_double_ge(ph_memory_bytes(&grid, threads), before);
        before = ph_memory_bytes(&grid, threads);
    }
    before = 0.0;
    for (int64_t neurons = 100; neurons < 10000000; neurons *= 10) {
        for (size_t p = 0; p < grid.points_count; p++)
            grid.points[p].neurons = neurons;
        ck_assert_double_gt(ph_memory_bytes(&grid, 8), before);
        before = ph_memory_bytes(&grid, 8);
    }
    ph_grid_free(&grid);
}
END_TEST

/* Chains, updates and bytes of the file, counted array by array. */
START_TEST(costs)
{
    ph_grid_t grid;
    parse(&grid, GRID "record: { loss: true }\n");
    const double chains = POINTS * SAMPLES * REPLICAS;
    const double components = 2 + 1 + 4, records = 13;
    const ph_cost_t cost = ph_plan_cost(&grid, 1), many = ph_plan_cost(&grid, 4);
    ck_assert(cost.chains == chains);
    ck_assert(cost.updates == chains * TOTAL * 65.0);
    const double file = chains * (records * (4.0 * components + 4.0) + /* energy in 64 bits */
                                  components * 8.0 * (PH_MOMENT_WORDS + 2.0) + 65.0 / 8.0) +
                        8.0 * records;
    ck_assert_double_eq_tol(cost.file_bytes, file, 1e-9 * file);
    ck_assert_double_ge(cost.journal_bytes,
                        chains * (8.0 * components * (records + PH_MOMENT_WORDS) + 8.0));
    ck_assert_double_le(cost.journal_bytes,
                        chains * (8.0 * components * (records + PH_MOMENT_WORDS) + 12.0 + 112.0));
    ck_assert_double_eq_tol(many.seconds, cost.seconds / 4.0, 1e-9 * cost.seconds);
    ck_assert(many.updates == cost.updates && many.file_bytes == cost.file_bytes);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("plan")
{
    TCase *tcase = tcase_create("plan");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, tasks_cover_the_work, 0, 15);
    tcase_add_test(tcase, costs_are_coarse);
    tcase_add_test(tcase, shards_are_fair);
    tcase_add_test(tcase, to_whom_has_least);
    tcase_add_test(tcase, balanced);
    tcase_add_test(tcase, cut_blocks);
    tcase_add_test(tcase, uncut_blocks);
    tcase_add_test(tcase, unfinished_shards);
    tcase_add_loop_test(tcase, examples_fit, 0, sizeof(CHECKED) / sizeof(CHECKED[0]));
    tcase_add_test(tcase, memory);
    tcase_add_test(tcase, costs);
    return test_run("plan", tcase);
}
