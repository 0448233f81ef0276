/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What it costs to follow the noise, by estimate and as it is, in multiplications. */
#include <math.h>

#include "analysis/flow/classes.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { SEED = 5 };

/* A sample of a point; pattern of examples: 1 of storage. */
typedef struct {
    ph_rule_t rule;
    int64_t patterns, neurons;
    double examples, noise;
} shape_t;

static const shape_t SHAPES[] = {
    {PH_RULE_STORAGE, 1, 200, 1.0, 0.5},     {PH_RULE_STORAGE, 3, 200, 1.0, 0.2},
    {PH_RULE_STORAGE, 3, 200, 1.0, 2.0},     {PH_RULE_SUPERVISED, 2, 200, 5.0, 0.3},
    {PH_RULE_UNSUPERVISED, 2, 60, 5.0, 0.3}, {PH_RULE_UNSUPERVISED, 1, 100, 3.0, 0.8},
};
enum { SHAPES_COUNT = sizeof(SHAPES) / sizeof(SHAPES[0]) };

static void draw(ph_flow_classes_t *net, const shape_t *shape)
{
    ph_point_t point =
        network_learning(shape->rule, shape->patterns, 0.3, 0.6, shape->examples, shape->noise);
    point.neurons = shape->neurons;
    if (shape->rule == PH_RULE_STORAGE)
        point.normalization = PH_NORM_NONE;
    ck_assert_int_eq(ph_flow_classes_draw(net, &point, SEED, 0), PH_OK);
}

static ph_flow_cost_t cost_of(const ph_flow_classes_t *net, ph_flow_law_t law)
{
    return (ph_flow_cost_t){law, net->classes.count, net->classes.size, net->classes.features};
}

static double work_of(const ph_flow_classes_t *net, ph_flow_law_t law, uint64_t sweeps)
{
    const uint64_t time[] = {0, sweeps};
    ph_flow_noise_t found;
    ck_assert_int_eq(ph_flow_noise_solve(&found, &net->classes, law, net->noise, 2, time, NULL),
                     PH_OK);
    ck_assert(found.complete);
    const double work = found.work;
    ph_flow_noise_free(&found);
    return work;
}

/* In every order, of stored and of learned patterns, the estimate is within a factor of three. */
START_TEST(test_estimate)
{
    for (size_t i = 0; i < SHAPES_COUNT; i++) {
        ph_flow_classes_t net;
        draw(&net, &SHAPES[i]);
        for (int l = 0; l < PH_FLOW_NONE; l++) {
            const ph_flow_law_t law = (ph_flow_law_t)l;
            const ph_flow_cost_t cost = cost_of(&net, law);
            for (uint64_t sweeps = 1; sweeps <= 4; sweeps += 3) {
                const double work = work_of(&net, law, sweeps);
                const double ratio = ph_flow_noise_work(&cost, (double)sweeps) / work;
                ck_assert_msg(ratio > 1.0 / 3.0 && ratio < 3.0,
                              "shape %zu, law %d, %d sweeps: %g of %g", i, l, (int)sweeps, ratio,
                              work);
            }
        }
        ph_flow_classes_free(&net);
    }
}
END_TEST

/* The same network costs several times as much in permuted and in sequential order, and every sweep
 * as much as the one before; nothing where there is no sweep. */
START_TEST(test_orders)
{
    const size_t shapes[][3] = {{300, 22, 20}, {1000, 8, 8}, {50, 30, 28}};
    for (size_t i = 0; i < 3; i++) {
        ph_flow_cost_t cost = {PH_FLOW_RANDOM, shapes[i][0], shapes[i][1], shapes[i][2]};
        const double random = ph_flow_noise_work(&cost, 20.0);
        for (int l = 0; l < PH_FLOW_NONE; l++) {
            cost.law = (ph_flow_law_t)l;
            const double work = ph_flow_noise_work(&cost, 20.0);
            ck_assert_double_eq(ph_flow_noise_work(&cost, 0.0), 0.0);
            if (cost.law == PH_FLOW_PERMUTED || cost.law == PH_FLOW_SEQUENTIAL)
                ck_assert(work > 3.0 * random &&
                          fabs(ph_flow_noise_work(&cost, 40.0) / work - 2.0) < 1e-9);
            else if (cost.law != PH_FLOW_RANDOM)
                ck_assert_double_lt(work, 0.1 * random);
        }
    }
}
END_TEST

/* Tried is what may come to rest in time, and no more than 32 overlaps in sequential order. */
START_TEST(test_affordable)
{
    for (int l = 0; l < PH_FLOW_NONE; l++) {
        ph_flow_cost_t cost = {(ph_flow_law_t)l, 300, 22, 20};
        const double few = ph_flow_noise_work(&cost, 3.0);
        ck_assert(ph_flow_noise_affordable(&cost, 1000000, PH_FLOW_NOISE_WORK));
        ck_assert(ph_flow_noise_affordable(&cost, 3, few));
        ck_assert(!ph_flow_noise_affordable(&cost, 3, 0.99 * few));
        ck_assert(!ph_flow_noise_affordable(&cost, 1000000, few));
        cost.size = 33;
        ck_assert(ph_flow_noise_affordable(&cost, 3, PH_FLOW_NOISE_WORK) ==
                  (cost.law != PH_FLOW_SEQUENTIAL));
        cost.classes = (size_t)1 << 40;
        cost.size = (size_t)1 << 20;
        ck_assert(!ph_flow_noise_affordable(&cost, 1, PH_FLOW_NOISE_WORK));
    }
}
END_TEST

/* It is given up within a sweep of the work allowed, in every order; what suffices changes nothing.
 */
START_TEST(test_given_up)
{
    const uint64_t time[] = {0, 12};
    ph_flow_classes_t net;
    ph_flow_noise_t found, again;
    draw(&net, &SHAPES[3]);
    for (int l = 0; l < PH_FLOW_NONE; l++) {
        const ph_flow_law_t law = (ph_flow_law_t)l;
        ck_assert_int_eq(ph_flow_noise_solve(&found, &net.classes, law, net.noise, 2, time, NULL),
                         PH_OK);
        ph_report_t report;
        ph_report_init(&report);
        ck_assert_int_eq(ph_flow_noise_solve_within(&again, &net.classes, law, net.noise, 2, time,
                                                    0.7 * found.work, &report),
                         PH_ERR_LIMIT);
        ck_assert(again.mean == NULL && ph_report_errors(&report) == 1);
        const bool steps = law == PH_FLOW_RANDOM || law == PH_FLOW_PERMUTED;
        ck_assert_double_le(again.work, (steps ? 0.71 : 0.9) * found.work);
        ck_assert_int_eq(ph_flow_noise_solve_within(&again, &net.classes, law, net.noise, 2, time,
                                                    fmax(1.01 * found.work, 1e8), &report),
                         PH_OK);
        ck_assert_double_eq(again.work, found.work);
        for (size_t i = 0; i < 2 * found.size; i++)
            ck_assert_double_eq(again.chain[i], found.chain[i]);
        ph_flow_noise_free(&again);
        ph_flow_noise_free(&found);
        ph_report_free(&report);
    }
    ph_flow_classes_free(&net);
}
END_TEST

PH_TEST_MAIN("flow_work", test_estimate, test_orders, test_affordable, test_given_up)
